"""Goals, actions and check-ins."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, func, text, update
from sqlmodel import Session, col, select

from storage.tables import Action, CheckIn, Delivery, Goal

_GOALS = select(Goal).where(Goal.member_id == bindparam("member")).order_by(col(Goal.id))


def of_member(db: Session, member_id: int, *, states: tuple[str, ...] = ()) -> list[Goal]:
    """Give a member's goals, oldest first, in all states or in these."""
    found = list(db.exec(_GOALS, params={"member": member_id}))
    return [goal for goal in found if goal.state in states] if states else found


def get(db: Session, goal_id: int) -> Goal | None:
    """Find a goal by row id."""
    return db.get(Goal, goal_id)


def save(db: Session, row: Goal | Action | CheckIn) -> None:
    """Keep a row as it is now."""
    db.add(row)
    db.flush()


def check_in(db: Session, check_in_id: int) -> CheckIn | None:
    """Find a check-in by row id."""
    return db.get(CheckIn, check_in_id)


def check_ins(db: Session, member_id: int) -> list[CheckIn]:
    """Give a member's check-ins, oldest first."""
    return list(db.exec(select(CheckIn).where(CheckIn.member_id == member_id).order_by(col(CheckIn.id))))


def check_in_on(db: Session, goal_id: int, day: date) -> CheckIn | None:
    """Find the check-in of a goal on a day."""
    return db.exec(select(CheckIn).where(CheckIn.goal_id == goal_id, CheckIn.day == day)).first()


def open_actions(db: Session, member_id: int) -> list[Action]:
    """Give a member's open actions, oldest first."""
    return list(
        db.exec(select(Action).where(Action.member_id == member_id, Action.state == "open").order_by(col(Action.id)))
    )


def action(db: Session, action_id: int) -> Action | None:
    """Find an action by row id."""
    return db.get(Action, action_id)


def active(db: Session, member_id: int) -> list[Goal]:
    """Give the goals that a member works on now, oldest first."""
    return of_member(db, member_id, states=("active",))


def last_asked(db: Session, member_id: int) -> dict[int, date]:
    """Give, by goal, the day of its newest check-in; goals never asked about are left out."""
    rows = db.exec(
        select(CheckIn.goal_id, func.max(CheckIn.day))
        .where(CheckIn.member_id == member_id)
        .group_by(col(CheckIn.goal_id))
    )
    return dict(rows.all())


def waiting_check_in(db: Session, member_id: int, since: date) -> CheckIn | None:
    """Give the newest check-in from ``since`` on that is not answered and whose goal is still active."""
    return db.exec(
        select(CheckIn)
        .join(Goal, col(Goal.id) == col(CheckIn.goal_id))
        .where(CheckIn.member_id == member_id, CheckIn.day >= since, CheckIn.answer == "", Goal.state == "active")
        .order_by(col(CheckIn.id).desc())
    ).first()


def asked_before(db: Session, row: CheckIn) -> int:
    """Count the earlier check-ins of the same goal."""
    query = select(func.count()).select_from(CheckIn).where(CheckIn.goal_id == row.goal_id, CheckIn.id < row.id)
    return int(db.exec(query).one())


def shared(db: Session, member_ids: Collection[int]) -> list[Goal]:
    """Give the active goals of these members that are not private, by member, oldest first; never a private one."""
    return list(
        db.exec(
            select(Goal)
            .where(col(Goal.member_id).in_(list(member_ids)), Goal.state == "active", Goal.scope != "me")
            .order_by(col(Goal.member_id), col(Goal.id))
        )
    )


def times_asked(db: Session, workspace_id: int, action_id: int) -> int:
    """Count the questions about an action that went out or are about to."""
    query = (
        select(func.count())
        .select_from(Delivery)
        .where(
            Delivery.workspace_id == workspace_id,
            col(Delivery.key).startswith(f"action:{action_id}:", autoescape=True),
            col(Delivery.state).in_(["pending", "ready", "sending", "sent", "merged"]),
        )
    )
    return int(db.exec(query).one())


def went_out_at(db: Session, workspace_id: int, key: str) -> datetime | None:
    """Give when the message with this key was sent, by itself or among others in one; None when it was not."""
    query = select(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.key == key)
    row = db.exec(query).first()
    if row is not None and row.merged_into is not None:
        row = db.get(Delivery, row.merged_into)
    return row.sent_at if row is not None else None


def withdraw_telling(db: Session, workspace_id: int, goal_id: int) -> None:
    """Cancel what was to be told about a goal in a room and has not gone out yet."""
    db.execute(
        update(Delivery)
        .where(
            col(Delivery.workspace_id) == workspace_id,
            col(Delivery.key).startswith(f"goal:{goal_id}:told:", autoescape=True),
            text("delivery.state IN ('pending', 'ready')"),
        )
        .values(state="cancelled")
    )


def take_back(db: Session, member_id: int) -> int:
    """Make private again what a member shares with her circle; gives how many goals that were."""
    shared = [goal for goal in of_member(db, member_id) if goal.scope == "circle"]
    for goal in shared:
        goal.scope = "me"
        db.add(goal)
    db.flush()
    return len(shared)
