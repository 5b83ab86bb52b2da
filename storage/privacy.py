"""Everything that is kept about one person, to be given to her, or taken out at her word."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from storage.tables import (
    Action,
    Audit,
    Avoidance,
    CheckIn,
    Circle,
    Delivery,
    Draft,
    Goal,
    MeetingTime,
    Member,
    Organiser,
    Person,
    Placement,
    Programme,
    Reach,
    Room,
    Round,
    Seat,
    Skip,
    TimeAnswer,
)

Row = TypeVar("Row", bound=SQLModel)
LIVE = ("pending", "ready", "sending")


def memberships(db: Session, person_id: int) -> list[tuple[Member, Programme]]:
    """Give every membership of a person, also those she has left, with its programme."""
    return list(
        db.exec(
            select(Member, Programme)
            .join(Programme, col(Programme.id) == col(Member.programme_id))
            .where(Member.person_id == person_id)
            .order_by(col(Member.id))
        )
    )


def seats(db: Session, member_ids: Collection[int]) -> list[tuple[Seat, Circle]]:
    """Give the seats that these members hold or have held."""
    return list(
        db.exec(
            select(Seat, Circle)
            .join(Circle, col(Circle.id) == col(Seat.circle_id))
            .where(col(Seat.member_id).in_(list(member_ids)))
            .order_by(col(Seat.id))
        )
    )


def placements(db: Session, member_ids: Collection[int]) -> list[tuple[Placement, Round]]:
    """Give the rounds that these members were placed in."""
    return list(
        db.exec(
            select(Placement, Round)
            .join(Round, col(Round.id) == col(Placement.round_id))
            .where(col(Placement.member_id).in_(list(member_ids)))
            .order_by(col(Placement.id))
        )
    )


def _of_members(db: Session, table: type[Row], member_ids: Collection[int]) -> list[Row]:
    columns = table.__table__.c  # type: ignore[attr-defined]
    return list(db.exec(select(table).where(columns.member_id.in_(list(member_ids))).order_by(columns.id)))


def goals(db: Session, member_ids: Collection[int]) -> list[Goal]:
    """Give these members' goals."""
    return _of_members(db, Goal, member_ids)


def actions(db: Session, member_ids: Collection[int]) -> list[Action]:
    """Give these members' actions, in every state."""
    return _of_members(db, Action, member_ids)


def check_ins(db: Session, member_ids: Collection[int]) -> list[CheckIn]:
    """Give these members' check-ins."""
    return _of_members(db, CheckIn, member_ids)


def skips(db: Session, member_ids: Collection[int]) -> list[Skip]:
    """Give the coming rounds that these members sit out."""
    return _of_members(db, Skip, member_ids)


def hours(db: Session, member_ids: Collection[int]) -> list[tuple[MeetingTime, bool, bool | None]]:
    """Give the hours that these members proposed or answered, the earliest first.

    With each: whether one of them proposed it, and whether it suits her, None where she has not said.
    """
    ids = list(member_ids)
    said = {row.time_id: row.can for row in db.exec(select(TimeAnswer).where(col(TimeAnswer.member_id).in_(ids))).all()}
    spoken_of = db.exec(
        select(MeetingTime)
        .where(or_(col(MeetingTime.member_id).in_(ids), col(MeetingTime.id).in_(list(said))))
        .order_by(col(MeetingTime.starts_at), col(MeetingTime.id))
    )
    return [(time, time.member_id in ids, said.get(time.id)) for time in spoken_of]


def drafts(db: Session, person_id: int) -> list[Draft]:
    """Give the forms that a person has begun."""
    return list(db.exec(select(Draft).where(Draft.person_id == person_id).order_by(col(Draft.id))))


def organising(db: Session, person_id: int) -> list[Programme]:
    """Give the programmes that a person organises."""
    return list(
        db.exec(
            select(Programme)
            .join(Organiser, col(Organiser.programme_id) == col(Programme.id))
            .where(Organiser.person_id == person_id)
            .order_by(col(Programme.id))
        )
    )


def audited(db: Session, person_id: int) -> list[Audit]:
    """Give the lines of the audit about what a person did as an organiser."""
    return list(db.exec(select(Audit).where(Audit.person_id == person_id).order_by(col(Audit.id))))


def written_to(db: Session, person_id: int) -> list[Delivery]:
    """Give every message to a person, sent or waiting, the oldest first."""
    return list(
        db.exec(
            select(Delivery).where(Delivery.person_id == person_id).order_by(col(Delivery.due_at), col(Delivery.id))
        )
    )


def cancel_all(db: Session, person_id: int) -> None:
    """Cancel whatever has not reached a person yet, in every programme."""
    db.execute(
        update(Delivery)
        .where(col(Delivery.person_id) == person_id, col(Delivery.state).in_(LIVE))
        .values(state="cancelled")
    )


def past_words_about(db: Session, person: Person, room_keys: Collection[str]) -> list[Delivery]:
    """Give what has been written to a person, in these rooms, or anywhere in her workspace with a mention of her.

    Only what is over: sent, merged, expired, cancelled or unreachable.
    """
    return list(
        db.exec(
            select(Delivery)
            .where(
                Delivery.workspace_id == person.workspace_id,
                col(Delivery.state).not_in(LIVE),
                or_(
                    col(Delivery.person_id) == person.id,
                    col(Delivery.room_key).in_(list(room_keys)),
                    col(Delivery.effect).contains(f'"person":"{person.outside_id}"', autoescape=True),
                ),
            )
            .order_by(col(Delivery.id))
        )
    )


def past_words_in(db: Session, workspace_id: int, room_keys: Collection[str]) -> list[Delivery]:
    """Give what has been written in these rooms and is over."""
    return list(
        db.exec(
            select(Delivery)
            .where(
                Delivery.workspace_id == workspace_id,
                col(Delivery.state).not_in(LIVE),
                col(Delivery.room_key).in_(list(room_keys)),
            )
            .order_by(col(Delivery.id))
        )
    )


def keep(db: Session, rows: Sequence[Delivery]) -> None:
    """Keep deliveries as they are now."""
    db.add_all(rows)
    db.flush()


def unname_rooms(db: Session, workspace_id: int, room_keys: Collection[str]) -> None:
    """Take the names of people out of the names of rooms."""
    db.execute(
        update(Room).where(col(Room.workspace_id) == workspace_id, col(Room.key).in_(list(room_keys))).values(name="")
    )


def forget(db: Session, person: Person, name: str, now: datetime) -> None:
    """Take out what a person has written and chosen, and call her ``name``.

    What stays is what the others' history needs: her id on the platform, her seats and whether meetings took place.
    """
    found = [member for member, _programme in memberships(db, person.id)]
    ids = [member.id for member in found]
    for member in found:
        member.offers, member.wants, member.languages = [], [], []
        member.institution = member.about = member.pause_reason = member.next_wish = ""
        member.stage, member.ring, member.capacity = "other", "local", 2
        member.state, member.left_at, member.paused_until = "left", member.left_at or now, None
    mine: tuple[tuple[type[SQLModel], ColumnElement[bool]], ...] = (
        (CheckIn, col(CheckIn.member_id).in_(ids)),
        (Goal, col(Goal.member_id).in_(ids)),
        (Action, col(Action.member_id).in_(ids)),
        (Skip, col(Skip.member_id).in_(ids)),
        (TimeAnswer, col(TimeAnswer.member_id).in_(ids)),
        (Draft, col(Draft.person_id) == person.id),
        (Avoidance, col(Avoidance.person_id) == person.id),
        (Reach, col(Reach.person_id) == person.id),
    )
    for table, hers in mine:
        db.execute(delete(table).where(hers))
    db.execute(update(MeetingTime).where(col(MeetingTime.member_id).in_(ids)).values(member_id=None))
    db.execute(update(Audit).where(col(Audit.person_id) == person.id).values(person_id=None))
    person.name, person.zone, person.weekend = name, None, [5, 6]
    person.quiet_from, person.quiet_until, person.locale = 20 * 60, 8 * 60, "en"
    db.add_all([person, *found])
    db.flush()
