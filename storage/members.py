"""Members of a programme and their seats in circles."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, text
from sqlmodel import Session, col, select

from storage.tables import (
    Circle,
    MeetingGroup,
    Member,
    Occurrence,
    Person,
    Placement,
    Programme,
    Round,
    Seat,
    Workspace,
)

# What many commands ask is put together once.
_SEAT = (
    select(Seat, Circle)
    .join(Circle, col(Circle.id) == col(Seat.circle_id))
    .where(Seat.member_id == bindparam("member"), col(Seat.until).is_(None))
)
_GROUPS = (
    select(col(Circle.programme_id), col(MeetingGroup.id))
    .join(Round, col(Round.circle_id) == col(Circle.id))
    .join(MeetingGroup, col(MeetingGroup.round_id) == col(Round.id))
    .join(Placement, col(Placement.group_id) == col(MeetingGroup.id))
    .join(Member, col(Member.id) == col(Placement.member_id))
    .where(Member.person_id == bindparam("person"), Round.state == "open")
)
_WITH_PERSONS = (
    select(Member, Person)
    .join(Person, col(Person.id) == col(Member.person_id))
    .where(col(Member.id).in_(bindparam("ids", expanding=True)))
)
# A literal, so that SQLite can use the partial index.
_PAUSED = text("member.state = 'paused'")
# What is asked about everybody whom a nudge waits for is put together once.
_OPENINGS = (
    select(col(Occurrence.day))
    .join(Seat, col(Seat.circle_id) == col(Occurrence.circle_id))
    .join(Member, col(Member.id) == col(Seat.member_id))
    .where(Member.person_id == bindparam("person"), Member.state == "seated", col(Seat.until).is_(None))
    .where(text("occurrence.state = 'planned'"), Occurrence.kind == "round-open")
    .where(col(Occurrence.day) >= bindparam("first"), col(Occurrence.day) <= bindparam("last"))
)


def get(db: Session, member_id: int) -> Member:
    """Give a member by row id; raises KeyError when there is none."""
    found = db.get(Member, member_id)
    if found is None:
        raise KeyError(member_id)
    return found


def of_person(db: Session, programme_id: int, person_id: int) -> Member | None:
    """Find a person's membership, also one that she has left."""
    return db.exec(select(Member).where(Member.programme_id == programme_id, Member.person_id == person_id)).first()


def in_programme(
    db: Session, programme_id: int, *, states: Collection[str] = ("waiting", "seated", "paused")
) -> list[tuple[Member, Person]]:
    """Give the members in these states with their persons, in the order of the queue."""
    return list(
        db.exec(
            select(Member, Person)
            .join(Person, col(Person.id) == col(Member.person_id))
            .where(Member.programme_id == programme_id, col(Member.state).in_(list(states)))
            .order_by(col(Member.queued_at), col(Member.id))
        )
    )


def in_several(db: Session, person_ids: Collection[int]) -> set[int]:
    """Give which of these people belong to more than one programme that has not ended."""
    memberships = (
        select(Member.person_id)
        .join(Programme, col(Programme.id) == col(Member.programme_id))
        .where(col(Member.person_id).in_(list(person_ids)), Member.state != "left", Programme.state != "closed")
    )
    return set(db.exec(memberships.group_by(col(Member.person_id)).having(func.count() > 1)))


def openings(db: Session, person_id: int, first: date, last: date) -> list[date]:
    """Give the days from ``first`` to ``last`` on which rounds are planned to open in any circle she takes part in."""
    return list(db.exec(_OPENINGS, params={"person": person_id, "first": first, "last": last}))


def groups_now(db: Session, person_id: int) -> list[tuple[int, int]]:
    """Give the meeting groups that a person has in open rounds: the programme's row id and the group's."""
    return list(db.exec(_GROUPS, params={"person": person_id}))


def with_persons(db: Session, member_ids: Collection[int]) -> dict[int, tuple[Member, Person]]:
    """Give members with their persons, by member id."""
    rows = db.exec(_WITH_PERSONS, params={"ids": list(member_ids)})
    return {member.id: (member, person) for member, person in rows}


def save(db: Session, member: Member) -> Member:
    """Keep a member's row as it is now."""
    db.add(member)
    db.flush()
    return member


def save_all(db: Session, rows: Iterable[Member]) -> None:
    """Keep the rows of several members as they are now."""
    db.add_all(rows)
    db.flush()


def place_in_line(db: Session, member: Member) -> int:
    """Give a waiting member's true place, 1 for the next to be seated."""
    ahead = db.exec(
        select(func.count())
        .select_from(Member)
        .where(
            Member.programme_id == member.programme_id,
            Member.state == "waiting",
            (col(Member.queued_at) < member.queued_at)
            | ((col(Member.queued_at) == member.queued_at) & (col(Member.id) < member.id)),
        )
    ).one()
    return int(ahead) + 1


def end_of_line(db: Session, programme_id: int, now: datetime) -> datetime:
    """Give the instant for whoever comes to the end of the line ``now``: later than everybody's who waits there.

    Where the clock stands still, or somebody's runs ahead, that is a microsecond after the last one.
    """
    last = db.exec(
        select(func.max(Member.queued_at)).where(
            Member.programme_id == programme_id, col(Member.state).in_(("waiting", "paused"))
        )
    ).one()
    return now if last is None or last < now else last + timedelta(microseconds=1)


def counts(db: Session, programme_id: int) -> dict[tuple[str, str], int]:
    """Count members by state and stance."""
    rows = db.exec(
        select(Member.state, Member.stance, func.count())
        .where(Member.programme_id == programme_id)
        .group_by(Member.state, Member.stance)
    )
    return {(state, stance): int(count) for state, stance, count in rows}


def seat_of(db: Session, member_id: int) -> tuple[Seat, Circle] | None:
    """Give the seat that a member holds now, with its circle."""
    return db.exec(_SEAT, params={"member": member_id}).first()


def seated(db: Session, circle_id: int) -> list[tuple[Seat, Member, Person]]:
    """Give everybody who holds a seat in a circle now, mentors first, then in the order of their seats."""
    return list(
        db.exec(
            select(Seat, Member, Person)
            .join(Member, col(Member.id) == col(Seat.member_id))
            .join(Person, col(Person.id) == col(Member.person_id))
            .where(Seat.circle_id == circle_id, col(Seat.until).is_(None))
            .order_by(col(Seat.role) == "mentee", col(Seat.id))
        )
    )


def seats_taken(db: Session, programme_id: int) -> dict[int, int]:
    """Count, by circle, who holds a seat now; circles in which nobody sits are left out."""
    rows = db.exec(
        select(Seat.circle_id, func.count())
        .join(Circle, col(Circle.id) == col(Seat.circle_id))
        .where(Circle.programme_id == programme_id, col(Seat.until).is_(None))
        .group_by(col(Seat.circle_id))
    )
    return {circle_id: int(count) for circle_id, count in rows}


def ever_seated(db: Session, programme_id: int) -> dict[int, set[int]]:
    """Give, by circle, the members who hold or have held a seat in it."""
    rows = db.exec(
        select(Seat.circle_id, Seat.member_id)
        .join(Circle, col(Circle.id) == col(Seat.circle_id))
        .where(Circle.programme_id == programme_id)
    )
    found: dict[int, set[int]] = {}
    for circle_id, member_id in rows:
        found.setdefault(circle_id, set()).add(member_id)
    return found


def take_seat(db: Session, circle_id: int, member: Member, role: str, now: datetime) -> Seat:
    """Seat a member; the database refuses a second seat."""
    seat = Seat(circle_id=circle_id, member_id=member.id, role=role, since=now)
    member.state = "seated"
    db.add_all([seat, member])
    db.flush()
    return seat


def leave_seat(db: Session, member_id: int, now: datetime) -> Circle | None:
    """End the seat that a member holds; gives the circle she sat in."""
    held = seat_of(db, member_id)
    if held is None:
        return None
    held[0].until = now
    db.add(held[0])
    db.flush()
    return held[1]


def circle(db: Session, circle_id: int) -> tuple[Circle, Programme]:
    """Give a circle with its programme; raises KeyError when there is none."""
    found = db.exec(
        select(Circle, Programme)
        .join(Programme, col(Programme.id) == col(Circle.programme_id))
        .where(Circle.id == circle_id)
    ).first()
    if found is None:
        raise KeyError(circle_id)
    return found


def pauses_ending(db: Session, by: date) -> list[Member]:
    """Give the paused members whose date of return is ``by`` or earlier, but none of a workspace that was left."""
    return list(
        db.exec(
            select(Member)
            .join(Programme, col(Programme.id) == col(Member.programme_id))
            .join(Workspace, col(Workspace.id) == col(Programme.workspace_id))
            .where(_PAUSED, col(Member.paused_until) <= by, col(Workspace.left_at).is_(None))
            .order_by(col(Member.paused_until), col(Member.id))
        )
    )


def seats_of(db: Session, member_id: int) -> list[Seat]:
    """Give every seat that a member has held, the first one first."""
    return list(db.exec(select(Seat).where(Seat.member_id == member_id).order_by(col(Seat.since), col(Seat.id))))
