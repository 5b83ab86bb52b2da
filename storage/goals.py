"""Goals, actions and check-ins."""

from datetime import date

from sqlmodel import Session, col, select

from storage.tables import Action, CheckIn, Goal


def of_member(db: Session, member_id: int, *, states: tuple[str, ...] = ()) -> list[Goal]:
    """Give a member's goals, oldest first, in all states or in these."""
    query = select(Goal).where(Goal.member_id == member_id)
    if states:
        query = query.where(col(Goal.state).in_(states))
    return list(db.exec(query.order_by(col(Goal.id))))


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
