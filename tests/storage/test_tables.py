"""What must never be in the database cannot be put there, on either database."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from storage import Store
from storage.tables import (
    Action,
    Avoidance,
    Blackout,
    CheckIn,
    Circle,
    Delivery,
    Goal,
    Inbox,
    MeetingGroup,
    Member,
    Occurrence,
    Organiser,
    Person,
    Placement,
    Programme,
    Proposal,
    Reach,
    Room,
    Round,
    Seat,
    Skip,
    Workspace,
)

NOW = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
MONDAY, SUNDAY = date(2027, 3, 8), date(2027, 3, 14)


def member(person_id: int, **other: Any) -> Member:
    return Member(programme_id=1, person_id=person_id, queued_at=NOW, **({"stance": "both"} | other))


def seat(member_id: int, circle_id: int = 1, **other: Any) -> Seat:
    return Seat(circle_id=circle_id, member_id=member_id, since=NOW, **({"role": "mentor"} | other))


def delivery(key: str, workspace_id: int = 1, **other: Any) -> Delivery:
    return Delivery(workspace_id=workspace_id, key=key, kind="heads-up", effect="{}", run_at=NOW, due_at=NOW, **other)


def occurrence(slot: str, **other: Any) -> Occurrence:
    return Occurrence(programme_id=1, day=MONDAY, slot=slot, kind="prompt", due_at=NOW, **other)


def goal(**other: Any) -> Goal:
    return Goal(member_id=1, text="publish", created_at=NOW, changed_at=NOW, **other)


def save(store: Store, *records: SQLModel) -> None:
    with store.writing() as session:
        for record in records:
            session.add(record)
            session.flush()  # without relationships, the order of the rows is ours to keep


@pytest.fixture
def filled(store: Store) -> Store:
    """Two workspaces; in the first a programme with ada, bob and cleo, two circles, and ada's open round."""
    save(
        store,
        Workspace(platform="slack", outside_id="T1"),
        Workspace(platform="discord", outside_id="T1"),
        Person(workspace_id=1, outside_id="ada", name="ada"),
        Person(workspace_id=1, outside_id="bob", name="bob"),
        Person(workspace_id=1, outside_id="cleo", name="cleo"),
        Programme(workspace_id=1, slug="first", name="First", created_at=NOW),
        member(1),
        member(2),
        Circle(programme_id=1, name="Olive", formed_at=NOW),
        Circle(programme_id=1, name="Cedar", formed_at=NOW),
        Round(circle_id=1, number=1, opens_on=MONDAY, closes_on=SUNDAY),
        MeetingGroup(round_id=1),
        goal(),
    )
    return store


TWICE: dict[str, Callable[[], SQLModel]] = {
    "a workspace": lambda: Workspace(platform="slack", outside_id="T9"),
    "a person in a workspace": lambda: Person(workspace_id=1, outside_id="dana", name="dana"),
    "a programme's short name": lambda: Programme(workspace_id=1, slug="second", name="Second", created_at=NOW),
    "an organiser": lambda: Organiser(programme_id=1, person_id=1, since=NOW),
    "a person in a programme": lambda: member(3),
    "a member with a seat, in the same circle": lambda: seat(1),
    "somebody in a round": lambda: Placement(round_id=1, member_id=1, group_id=1),
    "a skip": lambda: Skip(circle_id=1, number=2, member_id=1),
    "the number of a round": lambda: Round(circle_id=1, number=2, opens_on=MONDAY, closes_on=SUNDAY),
    "a slot of a day": lambda: occurrence("prompt"),
    "a check-in on a day": lambda: CheckIn(member_id=1, goal_id=1, day=MONDAY),
    "the key of a delivery": lambda: delivery("checkin:goal42:2027-03-08"),
    "the key of a room": lambda: Room(workspace_id=1, key="circle:1"),
    "a call": lambda: Inbox(workspace_id=1, call_id="c1", at=NOW, answer="{}"),
    "an avoidance": lambda: Avoidance(person_id=1, other_id=2),
}


@pytest.mark.parametrize("what", TWICE)
def test_twice_is_refused(filled: Store, what: str) -> None:
    save(filled, TWICE[what]())
    with pytest.raises(IntegrityError):
        save(filled, TWICE[what]())


def test_nobody_reaches_the_same_person_twice_with_one_delivery(filled: Store) -> None:
    save(filled, delivery("d1"), Reach(delivery_id=1, person_id=1, week=MONDAY))
    with pytest.raises(IntegrityError):
        save(filled, Reach(delivery_id=1, person_id=1, week=MONDAY))


def test_a_table_has_one_host_and_as_many_others_as_it_seats(filled: Store) -> None:
    save(
        filled,
        member(3),
        Placement(round_id=1, member_id=1, group_id=1),
        Placement(round_id=1, member_id=2, group_id=1),
    )
    save(filled, Placement(round_id=1, member_id=3, group_id=1, is_host=True))
    with pytest.raises(IntegrityError), filled.writing() as session:
        session.get_one(Placement, 1).is_host = True


def test_a_member_has_one_active_seat_whatever_the_circle(filled: Store) -> None:
    save(filled, seat(1, circle_id=1), seat(2, circle_id=1))
    with pytest.raises(IntegrityError):
        save(filled, seat(1, circle_id=2))


def test_a_member_who_left_her_seat_takes_another_and_both_are_remembered(filled: Store) -> None:
    save(filled, seat(1, until=NOW), seat(1, until=NOW), seat(1, circle_id=2))
    with filled.writing() as session:
        assert sorted(session.exec(select(Seat.circle_id)).all()) == [1, 1, 2]


def test_the_same_key_is_free_in_another_workspace(filled: Store) -> None:
    save(filled, delivery("round:1:ada", workspace_id=1), delivery("round:1:ada", workspace_id=2))


REFUSED: dict[str, Callable[[], SQLModel]] = {
    "a programme's state": lambda: Programme(workspace_id=1, slug="x", name="X", created_at=NOW, state="forming"),
    "a member's state": lambda: member(3, state="absent"),
    "a member's stance": lambda: member(3, stance="guru"),
    "a circle's state": lambda: Circle(programme_id=1, name="Fig", formed_at=NOW, state="open"),
    "a seat's role": lambda: seat(1, role="host"),
    "a proposal's state": lambda: Proposal(programme_id=1, seed=1, made_at=NOW, made_by=1, state="maybe"),
    "an occurrence's state": lambda: occurrence("late", state="late"),
    "a round's state": lambda: Round(circle_id=1, number=9, opens_on=MONDAY, closes_on=SUNDAY, state="paused"),
    "an answer to did you meet": lambda: Placement(round_id=1, member_id=1, group_id=1, answer="perhaps"),
    "a goal's state": lambda: goal(state="failed"),
    "a goal's scope": lambda: goal(scope="world"),
    "a goal's side of life": lambda: goal(life="secret"),
    "an action's state": lambda: Action(member_id=1, text="call", made_at=NOW, state="late"),
    "a check-in's answer": lambda: CheckIn(member_id=1, goal_id=1, day=MONDAY, answer="bad"),
    "a room's state": lambda: Room(workspace_id=1, key="r", state="burnt"),
    "a delivery's state": lambda: delivery("d", state="lost"),
    "a placement in a group and sitting out": lambda: Placement(round_id=1, member_id=1, group_id=1, sits_out="odd"),
    "a placement nowhere": lambda: Placement(round_id=1, member_id=1),
    "a host who sits out": lambda: Placement(round_id=1, member_id=1, sits_out="odd-number", is_host=True),
    "a blackout that ends before it starts": lambda: Blackout(programme_id=1, first=SUNDAY, last=MONDAY),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_word_that_the_schema_does_not_know_is_refused(filled: Store, what: str) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
        save(filled, REFUSED[what]())


def test_a_person_who_is_deleted_takes_what_is_hers_along_and_nothing_else(filled: Store) -> None:
    save(filled, seat(1), seat(2), Placement(round_id=1, member_id=1, group_id=1), delivery("d1", member_id=1))
    with filled.writing() as session:
        session.delete(session.get_one(Person, 1))
    with filled.writing() as session:
        counts = {
            table.__name__: len(session.exec(select(table)).all())
            for table in (Person, Member, Seat, Placement, Goal, Delivery, Circle, Round)
        }
        assert counts == {
            "Person": 2,
            "Member": 1,
            "Seat": 1,
            "Placement": 0,
            "Goal": 0,
            "Delivery": 1,
            "Circle": 2,
            "Round": 1,
        }
        assert session.get_one(Delivery, 1).member_id is None
