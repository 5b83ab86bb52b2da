"""When the people of a meeting group can meet: the hours they share, and the first one at which nobody is disturbed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles import schedule
from circles.rotation import hours
from circles.schedule import Habits

CAIRO = Habits("Africa/Cairo", frozenset({4, 5}))
BERLIN, NEW_YORK, TOKYO = (Habits(zone) for zone in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"))
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
LATER = MONDAY + timedelta(days=14)


def utc(day, hour, month=3):
    return datetime(2027, month, day, hour, tzinfo=UTC)


def test_two_people_in_one_place_share_their_working_days():
    assert hours.shared([BERLIN, BERLIN], MONDAY, LATER) == [
        (MONDAY, utc(1, 16)),
        (utc(2, 8), utc(2, 16)),
        (utc(3, 8), utc(3, 16)),
    ]


def test_across_an_ocean_the_afternoon_of_one_is_the_morning_of_the_other():
    assert hours.shared([BERLIN, NEW_YORK], MONDAY, LATER)[0] == (utc(1, 14), utc(1, 16))


def test_the_weekend_of_each_counts():
    friday = utc(5, 6)
    assert hours.shared([BERLIN, CAIRO], friday, LATER)[0] == (utc(8, 8), utc(8, 15))


def test_the_hours_move_with_the_clocks():
    before, after = hours.shared([BERLIN, BERLIN], utc(26, 6), utc(31, 0))[:2]
    assert (before[0], after[0]) == (utc(26, 8), utc(29, 7))


@pytest.mark.parametrize(
    ("people", "now", "until"),
    [
        ([TOKYO, NEW_YORK], MONDAY, LATER),  # never awake at work together
        ([BERLIN, BERLIN], MONDAY, MONDAY + timedelta(minutes=59)),  # the round ends too soon
        ([BERLIN, BERLIN], utc(1, 15) + timedelta(minutes=1), utc(1, 23)),  # less than an hour of the day is left
        ([], MONDAY, LATER),
    ],
)
def test_where_there_is_no_whole_hour_none_is_named(people, now, until):
    assert hours.shared(people, now, until) == []


def test_a_stretch_ends_when_the_round_does():
    assert hours.shared([BERLIN, BERLIN], utc(2, 6), utc(2, 12)) == [(utc(2, 8), utc(2, 12))]


def test_nobody_is_written_to_in_the_night_of_one_of_them():
    assert hours.first_for_all([BERLIN, NEW_YORK], MONDAY) == utc(1, 13)  # 08:00 in New York


def test_at_once_where_nobody_minds():
    assert hours.first_for_all([BERLIN, CAIRO], MONDAY) == MONDAY


def test_over_both_weekends_it_waits_until_monday():
    assert hours.first_for_all([BERLIN, CAIRO], utc(5, 9)) == utc(8, 7)


def test_when_no_hour_suits_everybody_soon_it_is_now():
    early = Habits("UTC", quiet_from=time(12), quiet_until=time(0))
    late = Habits("UTC", quiet_from=time(0), quiet_until=time(12))
    assert hours.first_for_all([early, late], MONDAY) == MONDAY


habits = st.builds(
    Habits,
    st.sampled_from(["Africa/Cairo", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "UTC"]),
    st.sampled_from([frozenset({4, 5}), frozenset({5, 6}), frozenset({6}), frozenset()]),
    st.integers(18, 23).map(time),
    st.integers(5, 10).map(time),
)
instants = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - in UTC


@given(st.lists(habits, min_size=1, max_size=5), instants, st.integers(1, 20))
def test_shared_hours_lie_in_everybodys_working_day_and_in_the_round(people, now, days):
    until = now + timedelta(days=days)
    found = hours.shared(people, now, until)
    assert found == sorted(found)
    assert len(found) <= 3
    for start, end in found:
        assert now <= start
        assert end <= until
        assert end - start >= timedelta(hours=1)
        for person in people:
            for instant in (start, end - timedelta(seconds=1)):
                local = instant.astimezone(ZoneInfo(person.zone))
                assert local.weekday() not in person.weekend
                assert time(9) <= local.time() < time(17)


@given(st.lists(habits, min_size=1, max_size=5), instants)
def test_the_first_hour_for_all_disturbs_nobody_or_is_now(people, now):
    at = hours.first_for_all(people, now)
    assert now <= at <= now + timedelta(days=4)
    assert at == now or all(schedule.reachable(at, person) == at for person in people)
