"""What the store remembers of a member's term, read for her own eyes."""

from datetime import date
from zoneinfo import ZoneInfo

from circles.closing.rules import Meeting, Record, kind_of
from circles.meetings import met_pairs
from circles.programme.rules import settings_of
from storage import Session, goals, members, rounds
from storage.tables import Member, Placement, Programme


def record_of(db: Session, programme: Programme, member: Member) -> Record:
    """Gather a member's record: a meeting counts where her group met and she did not say that she was away."""
    placed = [(p, row) for p, row in rounds.of_member(db, member.id) if p.group_id is not None]
    groups: dict[int, list[Placement]] = {}
    for placement in rounds.in_groups(db, {p.group_id for p, _row in placed if p.group_id is not None}):
        if placement.group_id is not None:
            groups.setdefault(placement.group_id, []).append(placement)
    roles = {seat.circle_id: seat.role for seat in members.seats_of(db, member.id)}
    is_table = settings_of(programme.settings).rotation == "tables"
    meetings = []
    for placement, row in placed:
        group = groups[placement.group_id] if placement.group_id is not None else []
        company = frozenset[int]().union(*(pair for pair in met_pairs(group) if member.id in pair)) - {member.id}
        if company:
            kind = kind_of(len(company) + 1, is_table=is_table)
            meetings.append(Meeting(row.opens_on, roles.get(row.circle_id, ""), kind, company))
    done = len(goals.of_member(db, member.id, states=("done",)))
    return Record(tuple(meetings), len(placed), done)


def time_of(db: Session, programme: Programme, member: Member) -> tuple[date, date] | None:
    """Give the first and the last day of a member's time in circles, or None while it has none."""
    seats = members.seats_of(db, member.id)
    if not seats or programme.starts_on is None or programme.ends_on is None:
        return None
    zone = ZoneInfo(settings_of(programme.settings).zone)
    first = max(programme.starts_on, seats[0].since.astimezone(zone).date())
    until = seats[-1].until
    last = min(programme.ends_on, until.astimezone(zone).date()) if until else programme.ends_on
    return (first, last) if first <= last else None
