"""Where a member stands in her circle's rounds: whom she meets, what comes, and whom she has met so far."""

from circles.meetings import met_pairs, still_meeting
from circles.messages import Message, Picture, Text
from circles.rotation import asking, past, pictures, words
from circles.rotation.past import OWN_WISH
from storage import Session, members, rounds, times
from storage.tables import Circle, Member, Person, Placement


def told(db: Session, circle: Circle, member: Member, zone: str) -> Message:
    """Tell her this round's people, their hour in her ``zone``, and when the next round begins."""
    row, coming = rounds.newest(db, circle.id), asking.next_round(db, circle)
    if row is not None and row.state == "closed":
        row = None
    placement = rounds.placement_of(db, row.id, member.id) if row else None
    sits_out = placement.sits_out if placement else ""
    if row and placement and placement.group_id is not None and not still_meeting(db, placement):
        # Her group has met and meets no more: nothing of this round is ahead of her, whoever has stepped out.
        has_gone = member.id in rounds.skipping(db, circle.id, row.number)
        row, placement, sits_out = row if has_gone else None, None, OWN_WISH
    return words.next_for(
        row,
        asking.still_partners_of(db, placement) if placement else [],
        _host(db, placement) if placement else None,
        placement.answer if placement else "",
        sits_out,
        (coming.number, coming.day) if coming else None,
        skips=coming is not None and member.id in rounds.skipping(db, circle.id, coming.number),
        rests_until=member.paused_until if member.state == "paused" else None,
        hour=_hour(db, placement, zone) if placement else None,
    )


def _hour(db: Session, placement: Placement, zone: str) -> Text | None:
    """Say which hour her group has set; None where there is none."""
    spoken_of = times.of_group(db, placement.group_id) if placement.group_id is not None else []
    agreed = next((time for time in reversed(spoken_of) if time.state == "set"), None)
    return words.hour_set(agreed.starts_at, agreed.minutes, zone) if agreed else None


def _host(db: Session, placement: Placement) -> Person | None:
    """Give who hosts her table, herself included; None where there is no host."""
    host = next((p.member_id for p in still_meeting(db, placement) if p.is_host), None)
    return None if host is None else members.with_persons(db, [host])[host][1]


def way_so_far(db: Session, circle: Circle, member: Member) -> Picture | None:
    """Draw whom of her circle she has met; for her eyes only. None before the first round."""
    row = rounds.newest(db, circle.id)
    groups = rounds.groups_of(db, member.id)  # hers alone, in any circle: a whole circle's are many to read
    if row is None and not groups:
        return None
    met = {other for group in groups for pair in met_pairs(group) if member.id in pair for other in pair}
    placement = rounds.placement_of(db, row.id, member.id) if row else None
    now = {other.member_id for other in still_meeting(db, placement)} if placement else set()
    seated = members.seated(db, circle.id)
    role = next((seat.role for seat, one, _person in seated if one.id == member.id), "")
    crosses = past.rotation_of(members.circle(db, circle.id)[1]).kind == "mentor-mentee"
    # Between mentors and mentees she meets the other side; a trio's third person is a gift, and isn't counted.
    others = [
        (one, person) for seat, one, person in seated if one.id != member.id and not (crosses and seat.role == role)
    ]
    return pictures.met_so_far([(person.name, one.id in met, one.id in now) for one, person in others])
