"""The hours that meeting groups propose and set, and who can come."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.tables import MeetingGroup, MeetingTime, TimeAnswer


def lock(db: Session, group_id: int) -> None:
    """Let nobody else change a group's hours before this transaction ends."""
    db.exec(select(MeetingGroup.id).where(MeetingGroup.id == group_id).with_for_update()).first()


def of_group(db: Session, group_id: int) -> list[MeetingTime]:
    """Give every hour that a group has spoken of, the earliest first."""
    return list(
        db.exec(select(MeetingTime).where(MeetingTime.group_id == group_id).order_by(col(MeetingTime.starts_at)))
    )


def ahead(db: Session, group_id: int, now: datetime) -> MeetingTime | None:
    """Give the hour that a group has set, while it is still to come."""
    query = select(MeetingTime).where(
        MeetingTime.group_id == group_id, MeetingTime.state == "set", MeetingTime.starts_at > now
    )
    return db.exec(query).first()


def save(db: Session, *rows: MeetingTime) -> None:
    """Keep rows as they are now."""
    db.add_all(rows)
    db.flush()


def answers(db: Session, time_ids: Collection[int]) -> dict[int, dict[int, bool]]:
    """Give who can come at these hours: by hour, whether a member can."""
    found: dict[int, dict[int, bool]] = {one: {} for one in time_ids}
    for row in db.exec(select(TimeAnswer).where(col(TimeAnswer.time_id).in_(list(time_ids)))):
        found[row.time_id][row.member_id] = row.can
    return found


def answer(db: Session, time_id: int, member_id: int, *, can: bool) -> None:
    """Note whether an hour suits a member, in the place of what she said before."""
    db.merge(TimeAnswer(time_id=time_id, member_id=member_id, can=can))
    db.flush()


def forget_answers(db: Session, time_id: int) -> None:
    """Take the answers to an hour back, for one that is proposed anew."""
    db.execute(delete(TimeAnswer).where(col(TimeAnswer.time_id) == time_id))
