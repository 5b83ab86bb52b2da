from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles import schedule
from circles.schedule import Blackout, Monthly, Weekly

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
AWKWARD = [time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3, 30), time(9)]
DAYS_MISSED = {  # the whole days that Pacific islands jumped over when the date line moved, since 1970
    *(("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Fakaofo", date(2011, 12, 30))),
    *(("Pacific/Kwajalein", date(1993, 8, 21)), ("Kwajalein", date(1993, 8, 21))),
    *(("Pacific/Enderbury", date(1994, 12, 31)), ("Pacific/Kanton", date(1994, 12, 31))),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
}
WEEK = timedelta(weeks=1)

zones = st.sampled_from(ZONES)
times = st.sampled_from(AWKWARD)
turning_points = [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2020, 12, 31), date(2011, 12, 30)]
days = st.dates(date(1980, 1, 1), date(2090, 12, 31)) | st.sampled_from(turning_points)
weekdays = st.integers(0, 6)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def local(instant, zone):
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@cache
def clock_changes(zone, year):
    """The days of the year on which this zone's clocks jump, as far as noon can tell."""
    noons = [datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=n) for n in range(366)]
    return [b.date() for a, b in pairwise(noons) if a.utcoffset() != b.utcoffset()]


@st.composite
def places(draw):
    """A zone and a day there: any, or the day of a clock change or its neighbour."""
    zone = draw(zones)
    changes = clock_changes(zone, draw(st.integers(1980, 2060)))
    if not changes or draw(st.integers(0, 3)) == 0:
        return zone, draw(days)
    return zone, draw(st.sampled_from(changes)) - timedelta(days=draw(st.integers(0, 1)))


@st.composite
def rhythms(draw):
    """A zone and a rule that meets one of its awkward days within a few months."""
    zone, day = draw(places())
    if draw(st.booleans()):
        every = draw(st.integers(1, 5))
        return zone, Weekly(day - draw(st.integers(0, 4)) * every * WEEK, day.weekday(), every)
    nth = (day.day - 1) // 7 + 1
    return zone, Monthly(day - draw(st.integers(0, 90)) * timedelta(days=1), day.weekday(), nth if nth < 5 else -1)


@st.composite
def breaks(draw, start):
    """Some blackouts in the two years after `start`."""
    spans = draw(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 60)), max_size=4))
    return [Blackout(start + timedelta(days=a), start + timedelta(days=a + n)) for a, n in spans]


# --- a local day and time become one instant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 30), time(0), utc(2026, 3, 29, 22)),  # the midnight after the spring change
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30)),  # skipped: 03:30 on the wall
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),  # repeated: the first
        ("America/New_York", date(2026, 3, 9), time(9), utc(2026, 3, 9, 13)),
        ("Asia/Amman", date(2027, 7, 1), time(9), utc(2027, 7, 1, 6)),  # always summer time since 2022
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 45)),  # a jump of half an hour
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), utc(2026, 4, 4, 14, 45)),
        ("Asia/Kathmandu", date(2026, 11, 23), time(9), utc(2026, 11, 23, 3, 15)),
        ("Africa/Cairo", date(2026, 4, 24), time(0), utc(2026, 4, 23, 22)),  # midnight itself is skipped
        ("Asia/Kolkata", date(2024, 2, 29), time(9), utc(2024, 2, 29, 3, 30)),
        ("Pacific/Apia", date(2011, 12, 30), time(9), utc(2011, 12, 30, 10)),  # a day Samoa never had
        ("Pacific/Apia", date(2011, 12, 31), time(9), utc(2011, 12, 30, 19)),
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), utc(2026, 3, 29, 1, 30)),  # the jump crosses midnight
    ],
)
def test_a_local_day_and_time_are_one_instant(zone, day, at, expected):
    assert schedule.resolve(day, at, zone) == expected


@settings(max_examples=500)
@given(places(), times)
def test_an_instant_reads_back_as_the_day_and_time_that_were_asked_for(place, at):
    zone, day = place
    instant = schedule.resolve(day, at, zone)
    back = local(instant, zone)
    asked = datetime.combine(day, at)
    if (zone, day) in DAYS_MISSED:
        assert not schedule.has_day(day, zone)
        assert back == datetime.combine(day + timedelta(days=1), time(0))
    else:
        assert schedule.has_day(day, zone)
        assert back.date() == day
        assert back == asked or back - asked in {timedelta(minutes=m) for m in (20, 30, 60, 120, 180)}


@settings(max_examples=500)
@given(places(), times)
def test_a_repeated_hour_means_the_first_of_the_two(place, at):
    zone, day = place
    instant = schedule.resolve(day, at, zone)
    earlier = [instant - timedelta(minutes=m) for m in (20, 30, 60, 120, 180)]
    assert datetime.combine(day, at) not in [local(other, zone) for other in earlier]


def test_only_the_known_days_are_missing_in_any_zone():
    every_day = [date(1993, 1, 1) + timedelta(days=n) for n in range(730)]
    every_day += [date(2011, 12, 1) + timedelta(days=n) for n in range(60)]
    missing = {(zone, day) for zone in ZONES for day in every_day if not schedule.has_day(day, zone)}
    assert missing == DAYS_MISSED


# --- what is due ------------------------------------------------------------------------------------------------------


def test_a_whole_year_of_monday_midnights_comes_once_each_in_every_zone():
    start, end = utc(2026, 1, 1), utc(2027, 1, 1)
    for zone in ZONES:
        found, now = [], start
        while (step := schedule.next_after(Weekly(date(2025, 6, 2), 0), time(0), zone, now))[1] <= end:
            found.append(step)
            now = step[1]
        mondays = [day for day, _instant in found]
        assert len(mondays) in {52, 53}, zone
        assert all(b - a == WEEK for a, b in pairwise(mondays)), zone
        assert all(local(instant, zone).date() == day for day, instant in found), zone
        assert found == schedule.due(Weekly(date(2025, 6, 2), 0), time(0), zone, start, end)


@settings(max_examples=200)
@given(st.data(), rhythms(), times)
def test_each_scheduled_date_is_due_exactly_once_and_in_order(data, rhythm, at):
    zone, rule = rhythm
    blackouts = data.draw(breaks(rule.start))
    until = rule.start + timedelta(days=400)
    before, after = (datetime.combine(d, time(12), UTC) for d in (rule.start - 3 * WEEK, until + timedelta(days=3)))
    found = schedule.due(rule, at, zone, before, after, blackouts)
    asked = [day for day in schedule.dates(rule, until, blackouts) if (zone, day) not in DAYS_MISSED]
    assert [day for day, _instant in found if day <= until] == asked
    assert all(a < b for (_a, a), (_b, b) in pairwise(found))


@given(st.data(), rhythms(), times)
def test_however_late_or_often_the_clock_asks_nothing_is_missed_or_repeated(data, rhythm, at):
    zone, rule = rhythm
    start = datetime.combine(rule.start, time(0), UTC) - WEEK
    gaps = data.draw(st.lists(st.integers(1, 60 * 24 * 40), min_size=1, max_size=12))
    ticks = [start]
    for minutes in gaps:
        ticks.append(ticks[-1] + timedelta(minutes=minutes))
    heard = [each for a, b in pairwise(ticks) for each in schedule.due(rule, at, zone, a, b)]
    assert heard == schedule.due(rule, at, zone, ticks[0], ticks[-1])
    assert max(Counter(day for day, _instant in heard).values(), default=1) == 1


@settings(max_examples=200)
@given(zones, st.dates(date(2012, 1, 1), date(2090, 12, 31)), weekdays, st.integers(1, 5))
def test_weeks_are_weeks_of_wall_time_also_when_the_clocks_change(zone, start, weekday, every):
    begin = datetime.combine(start, time(0), UTC) - WEEK
    found = schedule.due(Weekly(start, weekday, every), time(9), zone, begin, begin + timedelta(days=400))
    walls = [local(instant, zone) for _day, instant in found]
    assert all(wall.time() == time(9) for wall in walls)
    assert all(b - a == every * WEEK for a, b in pairwise(walls))


def test_an_occurrence_at_the_very_instant_is_due_now_and_not_again():
    rule, nine = Weekly(date(2027, 3, 1), 0), utc(2027, 3, 8, 7)
    assert schedule.due(rule, time(9), "Asia/Beirut", nine - WEEK, nine) == [(date(2027, 3, 8), nine)]
    assert schedule.due(rule, time(9), "Asia/Beirut", nine, nine) == []
    assert schedule.next_after(rule, time(9), "Asia/Beirut", nine)[0] == date(2027, 3, 15)


def test_a_late_evening_far_in_the_west_is_still_ahead_when_the_date_has_moved_on_elsewhere():
    found = schedule.next_after(Weekly(date(2027, 3, 1), 0), time(23, 30), "Etc/GMT+12", utc(2027, 3, 2, 11))
    assert found == (date(2027, 3, 1), utc(2027, 3, 2, 11, 30))


def test_a_day_that_samoa_never_had_is_not_due():
    found = schedule.due(Weekly(date(2011, 12, 23), 4), time(9), "Pacific/Apia", utc(2011, 12, 20), utc(2012, 1, 10))
    assert [day for day, _instant in found] == [date(2011, 12, 23), date(2012, 1, 6)]


def test_asking_since_the_beginning_of_time_gives_everything_from_the_start():
    found = schedule.due(Weekly(date(2027, 3, 1), 0), time(9), "UTC", datetime.min.replace(tzinfo=UTC), utc(2027, 3, 9))
    assert [day for day, _instant in found] == [date(2027, 3, 1), date(2027, 3, 8)]


@pytest.mark.parametrize("rule", [Weekly(date(2027, 3, 1), 0), Monthly(date(2027, 3, 1), 0, 1)])
def test_a_blackout_without_end_is_said_instead_of_searched_for_ever(rule):
    with pytest.raises(ValueError, match="no free day"):
        schedule.next_after(rule, time(9), "UTC", utc(2027, 3, 1), [Blackout(date(2027, 1, 1), date.max)])


# --- dawn, lateness, refusals -----------------------------------------------------------------------------------------


def test_a_day_dawns_first_in_kiritimati():
    assert schedule.dawn(date(2027, 3, 8)) == schedule.resolve(date(2027, 3, 8), time(0), "Pacific/Kiritimati")


@given(zones, st.dates(date(1996, 1, 1), date(2090, 12, 31)))
def test_no_zone_sees_a_day_before_its_dawn(zone, day):
    assert schedule.dawn(day) <= schedule.resolve(day, time(0), zone)


@pytest.mark.parametrize(
    ("late", "is_worth_it"),
    [(timedelta(0), True), (timedelta(hours=12), True), (timedelta(hours=12, seconds=1), False), (-WEEK, True)],
)
def test_a_message_is_caught_up_only_within_patience(late, is_worth_it):
    due_at = utc(2027, 3, 8, 9)
    assert schedule.catch_up(due_at, due_at + late, timedelta(hours=12)) is is_worth_it


NAIVE, AWARE = datetime(2027, 3, 8, 9), utc(2027, 3, 8, 9)  # noqa: DTZ001 - naive on purpose
MONDAYS = Weekly(date(2027, 3, 1), 0)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: schedule.due(MONDAYS, time(9), "UTC", NAIVE, AWARE),
        lambda: schedule.due(MONDAYS, time(9), "UTC", AWARE, NAIVE),
        lambda: schedule.next_after(MONDAYS, time(9), "UTC", NAIVE),
        lambda: schedule.catch_up(NAIVE, AWARE, WEEK),
        lambda: schedule.catch_up(AWARE, NAIVE, WEEK),
        lambda: schedule.week_of(NAIVE, "UTC"),
        lambda: schedule.resolve(date(2027, 3, 8), time(9, tzinfo=UTC), "UTC"),
        lambda: schedule.resolve(date(2027, 3, 8), time(9), "Europe/Atlantis"),
        lambda: schedule.resolve(date(2027, 3, 8), time(9), ""),
        lambda: schedule.resolve(date(2027, 3, 8), time(9), "../etc/passwd"),
        lambda: schedule.resolve(date(2027, 3, 8), time(9), "Europe"),
    ],
)
def test_a_question_without_a_clear_meaning_is_refused(ask):
    with pytest.raises(ValueError, match=r"\w"):
        ask()
