"""Values come back from both databases as they went in, or are refused at the door."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import TypeDecorator, literal
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from storage import Store
from storage.tables import Heartbeat, Workspace
from storage.types import Day, Flag, Instant, Json

# The store is only asked to repeat a value; nothing is left in it from one example to the next.
on_a_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)  # noqa: DTZ001 - zones are drawn
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


def repeated(store: Store, value: object, column_type: TypeDecorator[Any]) -> Any:
    """Send a value to the database and read it back."""
    with store.writing() as session:
        return session.exec(select(literal(value, column_type))).one()


@on_a_store
@given(at=instants)
def test_an_instant_comes_back_as_the_same_moment_in_utc(store: Store, at: datetime) -> None:
    back = repeated(store, at, Instant())
    assert back == at
    assert back.tzinfo is UTC


@on_a_store
@given(day=st.dates())
def test_a_day_comes_back_as_itself(store: Store, day: date) -> None:
    assert repeated(store, day, Day()) == day


@on_a_store
@given(value=plain)
def test_plain_settings_come_back_as_they_were(store: Store, value: object) -> None:
    assert repeated(store, value, Json()) == value


@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_comes_back_as_a_truth_value_and_not_as_a_number(store: Store, flag: bool) -> None:
    assert repeated(store, flag, Flag()) is flag


@pytest.mark.parametrize("column_type", [Instant(), Day(), Flag(), Json()], ids=repr)
def test_nothing_comes_back_as_nothing(store: Store, column_type: TypeDecorator[Any]) -> None:
    assert repeated(store, None, column_type) is None


@pytest.mark.parametrize(
    ("value", "column_type", "sentence"),
    [
        (datetime(2027, 3, 8, 9, 0), Instant(), "has no time zone"),  # noqa: DTZ001 - this is what is refused
        (datetime(2027, 3, 8, 9, 0, tzinfo=UTC), Day(), "is an instant, not a day"),
    ],
    ids=["a time without zone", "an instant for a day"],
)
def test_a_value_that_would_be_misread_later_is_refused(
    store: Store, value: object, column_type: TypeDecorator[Any], sentence: str
) -> None:
    with pytest.raises(StatementError, match=sentence):
        repeated(store, value, column_type)


def test_instants_are_found_in_the_order_of_time_whatever_their_zone(store: Store) -> None:
    beirut, lima = timezone(timedelta(hours=3)), timezone(timedelta(hours=-5))
    with store.writing() as session:
        session.add(Heartbeat(name="second", at=datetime(2027, 3, 8, 9, 0, tzinfo=lima)))
        session.add(Heartbeat(name="first", at=datetime(2027, 3, 8, 11, 0, tzinfo=beirut)))
        session.add(Heartbeat(name="third", at=datetime(2027, 3, 8, 14, 0, 0, 1, tzinfo=UTC)))
    with store.writing() as session:
        until = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
        found = session.exec(select(Heartbeat.name).where(Heartbeat.at <= until).order_by(col(Heartbeat.at)))
        assert found.all() == ["first", "second"]


def test_arabic_and_emoji_come_back_as_they_were(store: Store) -> None:
    with store.writing() as session:
        session.add(Workspace(platform="local", outside_id="w1", name="حلقة 🌱"))
    with store.writing() as session:
        assert session.exec(select(Workspace)).one().name == "حلقة 🌱"
