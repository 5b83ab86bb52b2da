"""Where a person is and what comes next for her: read from the store, said by the words."""

from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.membership import words
from circles.messages import Message
from circles.rotation import asking
from circles.rotation import words as rotation_words
from circles.turn import Turn
from storage import goals, members, programmes, rounds
from storage.tables import Circle


def status(turn: Turn) -> Iterable[Effect]:
    """Tell her where she is, or what she can join."""
    db, programme, member = turn.db, turn.programme_or_none, turn.member_or_none
    if programme is None or member is None or member.state == "left":
        organised = programmes.organised_by(db, turn.workspace.id, turn.person.id)
        return [Reply(words.outside(programmes.open_for_joining(db, turn.workspace.id), organised))]
    held = members.seat_of(db, member.id)
    waits = ""
    if member.state == "waiting" and programme.state != "closed":
        counts = members.counts(db, programme.id)
        place = words.place_in_line(programme, members.place_in_line(db, member), counts)
        waits = f"{place} {words.seats(programme, counts)}"
    return [
        Reply(
            words.status(
                programme,
                waits=waits,
                seated=(held[1], held[0].role) if held else None,
                paused_until=member.paused_until if member.state == "paused" else None,
                rounds=rounds_for(turn, held[1]) if held and programme.state == "running" else None,
                goals=len(goals.of_member(db, member.id, states=("active",))),
            )
        )
    ]


def rounds_for(turn: Turn, circle: Circle) -> Message:
    """Tell whom she meets in this round, and when the next one begins."""
    db, member = turn.db, turn.member
    row, coming = rounds.newest(db, circle.id), asking.next_round(db, circle)
    if row is not None and row.state == "closed":
        row = None
    placement = rounds.placement_of(db, row.id, member.id) if row else None
    return rotation_words.next_for(
        row,
        asking.partners_of(db, placement) if placement else [],
        placement.answer if placement else "",
        placement.sits_out if placement else "",
        (coming.number, coming.day) if coming else None,
        skips=coming is not None and member.id in rounds.skipping(db, circle.id, coming.number),
    )
