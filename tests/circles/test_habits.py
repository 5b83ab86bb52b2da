from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circles import schedule
from circles.schedule import Habits

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FRIDAY_SATURDAY = frozenset({4, 5})
ada = Habits("Asia/Amman", weekend=FRIDAY_SATURDAY)
bob = Habits("Europe/Berlin")
cleo = Habits("Asia/Kathmandu", weekend=frozenset({5}))
MONDAY_ONLY = frozenset({1, 2, 3, 4, 5, 6})  # weekends of people who work one day a week
SUNDAYS = Habits("Pacific/Honolulu", frozenset({0, 1, 2, 3, 4, 5}))
MINUTE = timedelta(minutes=1)

wall_times = (
    st.sampled_from([time(0), time(0, 30), time(1, 30), time(2, 30), time(8), time(20), time(23, 30)]) | st.times()
)
habits = st.builds(
    Habits,
    zone=st.sampled_from(ZONES),
    weekend=st.frozensets(st.integers(0, 6), max_size=6),
    quiet_from=wall_times,
    quiet_until=wall_times,
    morning=wall_times,
)
instants = st.datetimes(datetime(1996, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
days = st.dates(date(2012, 1, 1), date(2090, 12, 31)) | st.sampled_from([date(2024, 2, 29), date(2026, 12, 31)])


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def is_disturbed(instant, her):
    """The rule in words: her weekend, or her quiet hours by her own clock."""
    wall = instant.astimezone(ZoneInfo(her.zone))
    at, start, end = wall.time(), her.quiet_from, her.quiet_until
    if start == end:
        is_quiet = False
    elif start < end:
        is_quiet = start <= at < end
    else:
        is_quiet = at >= start or at < end
    return is_quiet or wall.weekday() in her.weekend


# --- when she can be reached ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("her", "instant", "expected"),
    [
        (ada, utc(2027, 3, 8, 9), utc(2027, 3, 8, 9)),  # Monday noon in Amman
        (ada, utc(2027, 3, 8, 17), utc(2027, 3, 9, 5)),  # 20:00, her quiet hours begin: tomorrow 08:00
        (ada, utc(2027, 3, 8, 16, 59), utc(2027, 3, 8, 16, 59)),
        (ada, utc(2027, 3, 11, 18), utc(2027, 3, 14, 5)),  # Thursday evening waits for Sunday
        (bob, utc(2027, 3, 12, 20), utc(2027, 3, 15, 7)),  # Friday evening waits for Monday
        (bob, utc(2027, 3, 26, 20), utc(2027, 3, 29, 6)),  # over the spring change: still 08:00 on his wall
        (cleo, utc(2027, 3, 8, 0), utc(2027, 3, 8, 2, 15)),  # 05:45 there
        (Habits("UTC", quiet_from=time(12), quiet_until=time(14)), utc(2027, 3, 8, 13), utc(2027, 3, 8, 14)),
        (Habits("UTC", quiet_from=time(8), quiet_until=time(8)), utc(2027, 3, 8, 3), utc(2027, 3, 8, 3)),
        # quiet until 02:30, which the jump from 02:00 to 03:00 skips: she is reachable at 03:00
        (Habits("Europe/Berlin", frozenset(), quiet_until=time(2, 30)), utc(2027, 3, 28), utc(2027, 3, 28, 1)),
        # in the second 02:15 of the autumn night she waits for the second 02:30
        (
            Habits("Europe/Berlin", frozenset(), quiet_until=time(2, 30)),
            utc(2027, 10, 31, 1, 15),
            utc(2027, 10, 31, 1, 30),
        ),
        # quiet from 02:30: at 03:00 the clock falls back to 02:00, before her quiet hours
        (Habits("Europe/Berlin", frozenset(), quiet_from=time(2, 30)), utc(2027, 10, 31, 0, 45), utc(2027, 10, 31, 1)),
    ],
)
def test_a_message_waits_for_the_end_of_quiet_hours_and_weekend(her, instant, expected):
    assert schedule.reachable(instant, her) == expected


@settings(max_examples=400)
@given(instants, habits)
def test_the_reachable_instant_is_never_early_never_disturbing_and_stays_put(instant, her):
    found = schedule.reachable(instant, her)
    assert found >= instant
    assert not is_disturbed(found, her)
    assert schedule.reachable(found, her) == found


@settings(max_examples=150)
@given(instants, habits, st.integers(0, 999))
def test_no_earlier_instant_would_have_been_reachable(instant, her, share):
    found = schedule.reachable(instant, her)
    assume(found > instant)
    assert is_disturbed(instant + (found - instant) * share // 1000, her)
    assert is_disturbed(max(instant, found - timedelta(microseconds=1)), her)


@pytest.mark.parametrize("day", [date(2027, 3, 27), date(2027, 10, 30)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Nuuk", "Africa/Cairo"])
@pytest.mark.parametrize(
    ("quiet_from", "quiet_until"), [(time(20), time(2, 30)), (time(2, 15), time(5)), (time(23), time(0))]
)
def test_around_a_clock_change_the_answer_equals_a_walk_by_the_minute(day, zone, quiet_from, quiet_until):
    her = Habits(zone, frozenset({5}), quiet_from, quiet_until)
    walked = schedule.reachable(schedule.dawn(day + timedelta(days=4)), her)
    for step in range(3 * 24 * 60, 0, -1):
        instant = schedule.dawn(day) + step * MINUTE
        if not is_disturbed(instant, her):
            walked = instant
        if instant <= walked and step < 2 * 24 * 60:
            assert schedule.reachable(instant, her) == walked


# --- mornings and working days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("her", "day", "expected"),
    [
        (ada, date(2027, 3, 8), utc(2027, 3, 8, 6)),
        (ada, date(2027, 3, 12), utc(2027, 3, 14, 6)),  # Friday: her next working day is Sunday
        (bob, date(2027, 3, 12), utc(2027, 3, 12, 8)),
        (bob, date(2027, 3, 13), utc(2027, 3, 15, 8)),
        (Habits("UTC", morning=time(6)), date(2027, 3, 8), utc(2027, 3, 8, 8)),  # her morning is still quiet
        (Habits("Pacific/Apia", frozenset()), date(2011, 12, 30), utc(2011, 12, 30, 19)),  # the 31st, 09:00
    ],
)
def test_her_morning_is_on_her_own_working_day(her, day, expected):
    assert schedule.morning_of(day, her) == expected


@given(days, habits)
def test_a_morning_is_reachable_and_never_before_its_day(day, her):
    found = schedule.morning_of(day, her)
    assert not is_disturbed(found, her)
    assert found.astimezone(ZoneInfo(her.zone)).date() >= day


@pytest.mark.parametrize(
    ("her", "day", "expected"),
    [
        (ada, date(2027, 3, 14), date(2027, 3, 11)),  # before Sunday comes Thursday
        (bob, date(2027, 3, 14), date(2027, 3, 12)),
        (bob, date(2027, 3, 9), date(2027, 3, 8)),
        (bob, date(2024, 3, 1), date(2024, 2, 29)),
        (Habits("Pacific/Apia"), date(2012, 1, 2), date(2011, 12, 29)),  # Friday the 30th never was
    ],
)
def test_the_working_day_before_skips_her_weekend(her, day, expected):
    assert schedule.working_day_before(day, her) == expected


@given(days, habits)
def test_only_weekend_lies_between_a_day_and_the_working_day_before(day, her):
    found = schedule.working_day_before(day, her)
    assert found < day
    assert found.weekday() not in her.weekend
    assert all((found + timedelta(days=n)).weekday() in her.weekend for n in range(1, (day - found).days))


@pytest.mark.parametrize(
    ("zone", "instant", "expected"),
    [
        ("UTC", utc(2027, 3, 14, 23), date(2027, 3, 8)),
        ("Asia/Amman", utc(2027, 3, 14, 23), date(2027, 3, 15)),  # already Monday there
        ("America/New_York", utc(2027, 1, 4, 3), date(2026, 12, 28)),
    ],
)
def test_the_week_of_a_message_is_the_local_one(zone, instant, expected):
    assert schedule.week_of(instant, zone) == expected


# --- two people -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "day", "hours"),
    [
        (bob, bob, date(2027, 1, 6), 8),
        (bob, ada, date(2027, 1, 6), 6),  # Berlin +1, Amman +3
        (bob, ada, date(2027, 7, 7), 7),  # Berlin +2 in summer
        (bob, ada, date(2027, 3, 28), 6),  # the week that ends with the change counts Monday to Friday
        (Habits("UTC"), cleo, date(2027, 1, 6), 2.25),  # Kathmandu is 5:45 ahead
        (Habits("Asia/Kolkata"), cleo, date(2027, 1, 6), 7.75),
        (Habits("Australia/Lord_Howe"), Habits("Australia/Sydney"), date(2027, 1, 6), 8),
        (Habits("Australia/Lord_Howe"), Habits("Australia/Sydney"), date(2027, 7, 7), 7.5),
        (
            Habits("Pacific/Auckland"),
            Habits("America/Los_Angeles"),
            date(2027, 1, 6),
            5,
        ),  # her Wednesday, their Tuesday
        (Habits("Pacific/Kiritimati"), Habits("Pacific/Honolulu"), date(2027, 1, 6), 8),  # one whole day apart
        (SUNDAYS, Habits("Pacific/Kiritimati", MONDAY_ONLY), date(2027, 3, 31), 8),  # her Sunday is their Monday
        # Auckland leaves summer time on Sunday 4 April: 7 h at the beginning of the week, 6 h at its end
        (SUNDAYS, Habits("Pacific/Auckland", MONDAY_ONLY), date(2027, 3, 31), 7),
        (Habits("Pacific/Auckland", MONDAY_ONLY), SUNDAYS, date(2027, 3, 31), 7),
        (bob, Habits("Pacific/Auckland"), date(2027, 1, 6), 0),
        (bob, Habits("Europe/Berlin", frozenset({0, 1, 2, 3, 4})), date(2027, 1, 6), 0),  # she works when he rests
    ],
)
def test_the_shared_working_hours_of_two_people(a, b, day, hours):
    assert schedule.working_overlap(a, b, day) == hours


@given(habits, habits, days)
def test_shared_hours_are_the_same_both_ways_and_never_more_than_a_working_day(a, b, day):
    hours = schedule.working_overlap(a, b, day)
    assert hours == schedule.working_overlap(b, a, day)
    assert 0 <= hours <= 8


@given(habits, days)
def test_a_person_shares_her_whole_working_day_with_herself(her, day):
    assert schedule.working_overlap(her, her, day) == 8


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Habits("Europe/Atlantis"),
        lambda: Habits("UTC", weekend=frozenset(range(7))),
        lambda: Habits("UTC", weekend=frozenset({7})),
        lambda: Habits("UTC", morning=time(9, tzinfo=UTC)),
        lambda: schedule.reachable(datetime(2027, 3, 8, 9), bob),  # noqa: DTZ001 - naive on purpose
        lambda: schedule.working_overlap(ada, bob, date(2027, 3, 8), time(17), time(9)),
        lambda: schedule.working_overlap(ada, bob, date(2027, 3, 8), time(9), time(9)),
    ],
)
def test_habits_without_a_clear_meaning_are_refused(ask):
    with pytest.raises(ValueError, match=r"\w"):
        ask()
