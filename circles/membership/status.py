"""Where a person is and what comes next for her: read from the store, said by the words."""

from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.membership import words
from circles.rotation import standing
from circles.turn import Turn
from storage import goals, members, programmes


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
                rounds=standing.told(db, held[1], member, turn.zone) if held and programme.state == "running" else None,
                goals=len(goals.of_member(db, member.id, states=("active",))),
            )
        )
    ]
