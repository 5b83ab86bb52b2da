from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles import schedule
from circles.schedule import Blackout, Monthly, Weekly

WEEK = timedelta(weeks=1)
turning_points = [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2020, 12, 31)]
days = st.dates(date(1980, 1, 1), date(2090, 12, 31)) | st.sampled_from(turning_points)
weekly = st.builds(Weekly, days, st.integers(0, 6), st.integers(1, 5))
monthly = st.builds(Monthly, days, st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1]))


@st.composite
def breaks(draw, start):
    """Some blackouts in the two years after `start`."""
    spans = draw(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 60)), max_size=4))
    return [Blackout(start + timedelta(days=a), start + timedelta(days=a + n)) for a, n in spans]


# --- dates of a rule --------------------------------------------------------------------------------------------------


def test_every_two_weeks_keeps_its_step_over_a_new_year_of_fifty_three_weeks():
    found = schedule.dates(Weekly(date(2026, 12, 14), 0, every=2), date(2027, 1, 31))
    assert found == [date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 11), date(2027, 1, 25)]


def test_the_week_of_the_start_sets_the_phase_even_when_its_weekday_has_passed():
    found = schedule.dates(Weekly(date(2027, 3, 3), 0, every=2), date(2027, 4, 1))
    assert found == [date(2027, 3, 15), date(2027, 3, 29)]


def test_a_weekly_round_due_in_a_blackout_moves_and_the_later_ones_keep_their_distance():
    holiday = Blackout(date(2027, 3, 15), date(2027, 3, 21), "Nowruz")
    found = schedule.dates(Weekly(date(2027, 3, 1), 0, every=2), date(2027, 4, 30), [holiday])
    assert found == [date(2027, 3, 1), date(2027, 3, 22), date(2027, 4, 5), date(2027, 4, 19)]


def test_a_week_in_between_that_is_blacked_out_does_not_count():
    holiday = Blackout(date(2027, 3, 8), date(2027, 3, 8))
    assert schedule.dates(Weekly(date(2027, 3, 1), 0, every=2), date(2027, 3, 31), [holiday])[:2] == [
        date(2027, 3, 1),
        date(2027, 3, 22),
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Monthly(date(2027, 1, 15), 1, 2), [date(2027, 2, 9), date(2027, 3, 9), date(2027, 4, 13)]),
        (Monthly(date(2027, 1, 12), 1, 2), [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9), date(2027, 4, 13)]),
        (Monthly(date(2028, 1, 31), 1, -1), [date(2028, 2, 29), date(2028, 3, 28), date(2028, 4, 25)]),
    ],
)
def test_a_monthly_rule_finds_its_weekday_in_each_month(rule, expected):
    assert schedule.dates(rule, date(rule.start.year, 4, 30)) == expected


def test_a_monthly_round_in_a_blackout_moves_to_the_next_free_same_weekday():
    summer = Blackout(date(2027, 7, 1), date(2027, 8, 31), "summer")
    found = schedule.dates(Monthly(date(2027, 6, 1), 0, 1), date(2027, 11, 30), [summer])
    assert found == [date(2027, 6, 7), date(2027, 9, 6), date(2027, 10, 4), date(2027, 11, 1)]


@given(st.data(), weekly | monthly)
def test_dates_keep_the_weekday_stay_out_of_blackouts_and_never_go_back(data, rule):
    blackouts = data.draw(breaks(rule.start))
    found = schedule.dates(rule, rule.start + timedelta(days=900), blackouts)
    assert all(day >= rule.start and day.weekday() == rule.weekday for day in found)
    assert not [day for day in found for b in blackouts if b.first <= day <= b.last]
    assert all(a < b for a, b in pairwise(found))


@given(st.data(), weekly)
def test_a_blackout_shifts_weekly_rounds_and_drops_none(data, rule):
    blackouts = data.draw(breaks(rule.start))
    until = rule.start + timedelta(days=800)  # after the last blackout
    plain, shifted = schedule.dates(rule, until), schedule.dates(rule, until, blackouts)
    weekly_dates = schedule.dates(Weekly(rule.start, rule.weekday), until)
    lost = [day for day in weekly_dates if any(b.first <= day <= b.last for b in blackouts)]
    assert len(schedule.dates(rule, until + len(lost) * WEEK, blackouts)) == len(plain)
    assert all(after >= before for before, after in zip(plain, shifted, strict=False))
    for a, b in pairwise(shifted):
        assert len([day for day in weekly_dates if a < day <= b and day not in lost]) == rule.every


@given(st.data(), monthly)
def test_monthly_rounds_without_a_blackout_come_once_a_month(data, rule):
    found = schedule.dates(rule, rule.start + timedelta(days=800))
    months = [day.year * 12 + day.month for day in found]
    assert all(b - a == 1 for a, b in pairwise(months))
    for day in found:
        is_last = (day + WEEK).month != day.month
        assert is_last if rule.nth == -1 else (day.day - 1) // 7 + 1 == rule.nth


def test_a_date_before_the_start_is_never_given():
    assert schedule.dates(Weekly(date(2027, 3, 1), 0), date(2027, 2, 28)) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weekly(date(2027, 3, 1), 7),
        lambda: Weekly(date(2027, 3, 1), 0, every=0),
        lambda: Monthly(date(2027, 3, 1), 0, 5),
        lambda: Monthly(date(2027, 3, 1), 0, 0),
        lambda: Monthly(date(2027, 3, 1), -1, 1),
        lambda: Blackout(date(2027, 3, 2), date(2027, 3, 1)),
    ],
)
def test_a_rule_without_a_clear_meaning_is_refused(make):
    with pytest.raises(ValueError, match=r"\w"):
        make()
