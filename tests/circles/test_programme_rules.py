from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles import schedule
from circles.errors import BadCall
from circles.programme import answers, free_days, rules
from circles.programme.free_days import Move
from circles.programme.rules import CHOICES, Last, Planned, Settings
from circles.schedule import Blackout

ZONES = ["UTC", "Asia/Amman", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Africa/Cairo"]
turning_points = [date(2028, 2, 29), date(2024, 2, 29), date(2026, 12, 31), date(2027, 3, 28), date(2027, 10, 31)]
first_days = st.dates(date(2020, 1, 1), date(2060, 12, 31)) | st.sampled_from(turning_points)
some_settings = st.builds(
    Settings,
    every_weeks=st.integers(1, 8),
    weeks=st.integers(4, 60),
    prompts=st.sampled_from(["off", "light", "full"]),
    check_in_weeks=st.integers(2, 12),
    zone=st.sampled_from(ZONES),
    at=st.sampled_from(["00:30", "02:30", "09:00", "23:45"]),
)


@st.composite
def terms(draw):
    """Settings, the first day, the last day and some blackouts."""
    chosen, first = draw(some_settings), draw(first_days)
    spans = draw(st.lists(st.tuples(st.integers(0, 420), st.integers(0, 55)), max_size=4))
    blackouts = [Blackout(first + timedelta(days=a), first + timedelta(days=a + n)) for a, n in spans]
    return chosen, first, rules.term_end(first, chosen.weeks), blackouts


def opens(plan, circle=1):
    return [p for p in plan if p.kind == "round-open" and p.circle == circle]


def is_free(day, blackouts):
    return not any(b.first <= day <= b.last for b in blackouts)


# --- the calendar of a whole term -------------------------------------------------------------------------------------


@given(terms(), st.lists(st.integers(1, 9), max_size=3, unique=True))
def test_every_slot_is_named_once_and_the_same_settings_give_the_same_plan(term, circles):
    plan = rules.calendar(*term, circles)
    assert max(Counter(p.slot for p in plan).values()) == 1
    assert plan == rules.calendar(*term, circles)


@given(terms())
def test_nothing_begins_in_a_blackout_and_no_middle_is_asked_about_in_one(term):
    plan = rules.calendar(*term, (1,))
    begins = [p.day for p in plan if p.kind in {"round-open", "prompt", "check-in", "middle"}]
    assert all(is_free(day, term[3]) for day in begins)


@given(terms())
def test_rounds_are_numbered_from_one_without_a_gap_on_the_weekday_of_the_first_day(term):
    found = opens(rules.calendar(*term, (1,)))
    assert [p.number for p in found] == list(range(1, len(found) + 1))
    assert {p.day.weekday() for p in found} <= {term[1].weekday()}


@given(terms())
def test_between_two_rounds_lie_exactly_the_agreed_number_of_free_weeks(term):
    chosen, _first, _ends, blackouts = term
    for one, two in pairwise(p.day for p in opens(rules.calendar(*term, (1,)))):
        weeks = [one + timedelta(weeks=n) for n in range(1, (two - one).days // 7 + 1)]
        assert sum(is_free(day, blackouts) for day in weeks) == chosen.every_weeks


@given(terms())
def test_the_last_round_has_at_least_half_its_length_before_the_end(term):
    chosen, first, ends, _blackouts = term
    half = timedelta(days=chosen.every_weeks * 7 // 2)
    assert all(first <= p.day <= ends - half for p in opens(rules.calendar(*term, (1,))))


@given(terms())
def test_without_blackouts_no_round_that_fits_is_left_out(term):
    chosen, first, ends, _blackouts = term
    found = [p.day for p in opens(rules.calendar(chosen, first, ends, (), (1,)))]
    step = timedelta(weeks=chosen.every_weeks)
    assert found == [first + n * step for n in range(len(found))]
    assert first + len(found) * step > ends - timedelta(days=chosen.every_weeks * 7 // 2)


@given(terms())
def test_each_round_has_a_heads_up_four_days_ahead_and_a_middle_before_the_next_one(term):
    plan = rules.calendar(*term, (1,))
    rounds = opens(plan)
    closings = [*(p.day for p in rounds[1:]), term[2]][: len(rounds)]
    eves = {p.number: p for p in plan if p.kind == "eve"}
    middles = {p.number: p.day for p in plan if p.kind == "middle"}
    for one, closes in zip(rounds, closings, strict=True):
        assert eves[one.number].day == one.day
        assert eves[one.number].due_at == schedule.dawn(one.day - timedelta(days=4))
        if one.number in middles:
            assert one.day < middles[one.number] < closes


@given(terms())
def test_rounds_open_at_the_programmes_wall_time_in_its_zone_also_when_clocks_change(term):
    chosen, _first, _ends, _blackouts = term
    zone, at = ZoneInfo(chosen.zone), chosen.clock
    for p in opens(rules.calendar(*term, (1,))):
        local = p.due_at.astimezone(zone)
        exists = datetime.combine(p.day, at, zone).astimezone(UTC).astimezone(zone).time() == at
        assert local.time() == at or not exists
        assert local.date() == p.day or not exists


@given(terms())
def test_what_is_for_each_ones_morning_is_ready_before_the_day_begins_anywhere(term):
    plan = rules.calendar(*term, (1,))
    for p in plan:
        if p.kind in {"middle", "check-in"}:
            assert p.due_at == datetime.combine(p.day, time(0), UTC) - timedelta(hours=14)


@given(terms())
def test_the_plan_is_in_order_and_ends_with_one_close_on_the_last_day(term):
    plan = rules.calendar(*term, (1, 2))
    assert [p.due_at for p in plan] == sorted(p.due_at for p in plan)
    assert [p.day for p in plan if p.kind == "close"] == [term[2]]


@given(terms())
def test_prompts_follow_the_dial_and_stop_a_week_before_the_end(term):
    chosen, _first, ends, _blackouts = term
    found = [p.day for p in rules.calendar(chosen, term[1], ends, (), (1,)) if p.kind == "prompt"]
    step = {"off": None, "light": 14, "full": 7}[chosen.prompts]
    assert all((two - one).days == step for one, two in pairwise(found))
    assert bool(found) == (chosen.prompts != "off")
    assert all(day <= ends - timedelta(days=7) for day in found)


def test_a_term_of_thirteen_weeks_from_a_leap_day_has_its_rounds_every_two_weeks():
    chosen = Settings(weeks=13, every_weeks=2)
    starts = date(2028, 2, 29)
    planned = rules.calendar(chosen, starts, rules.term_end(starts, 13), (), (1,))
    days = [p.day for p in planned if p.kind == "round-open"]
    assert days == [
        *(date(2028, 2, 29), date(2028, 3, 14), date(2028, 3, 28), date(2028, 4, 11)),
        *(date(2028, 4, 25), date(2028, 5, 9), date(2028, 5, 23)),
    ]


def test_a_morning_at_nine_in_berlin_is_an_hour_earlier_in_utc_once_summer_time_begins():
    chosen = Settings(weeks=8, every_weeks=4, zone="Europe/Berlin")
    found = opens(rules.calendar(chosen, date(2027, 3, 1), date(2027, 4, 26), (), (1,)))
    assert [p.due_at.hour for p in found] == [8, 7]


def test_a_middle_in_a_holiday_waits_for_its_end_and_is_left_out_when_the_round_is_over_by_then():
    chosen = Settings(weeks=6, every_weeks=3, prompts="off")
    start, ends = date(2027, 3, 1), date(2027, 4, 12)
    short, long = Blackout(date(2027, 3, 10), date(2027, 3, 12)), Blackout(date(2027, 3, 30), date(2027, 4, 12))
    middles = [p.day for p in rules.calendar(chosen, start, ends, [short], (1,)) if p.kind == "middle"]
    assert middles == [date(2027, 3, 13), date(2027, 4, 1)]
    middles = [p.day for p in rules.calendar(chosen, start, ends, [long], (1,)) if p.kind == "middle"]
    assert middles == [date(2027, 3, 11)]


# --- what is left of a term -------------------------------------------------------------------------------------------


@given(terms(), st.integers(1, 12))
def test_counting_on_from_any_turn_gives_the_same_rest_when_nothing_has_changed(term, turn):
    whole = rules.calendar(*term, (1,))
    done = {
        series: Last(found[-1].number, found[-1].day)
        for series, kind in (("c1:r", "round-open"), ("c1:prompt", "prompt"), ("check-in", "check-in"))
        if (found := [p for p in whole if p.kind == kind][:turn])
    }
    rest = rules.calendar(*term, (1,), done)
    kinds = {"round-open": "c1:r", "prompt": "c1:prompt", "check-in": "check-in"}
    expected = [p for p in whole if p.kind not in kinds or p.number > done[kinds[p.kind]].number]
    if "c1:r" in done:
        last = done["c1:r"].number
        expected = [p for p in expected if not (p.kind == "eve" and p.number <= last)]
        expected = [p for p in expected if not (p.kind == "middle" and p.number < last)]
    assert rest == expected


@given(terms(), st.integers(1, 8), st.integers(0, 300), st.integers(1, 20))
def test_a_new_rhythm_in_the_middle_counts_on_and_starts_only_after_the_last_round(term, every, days, number):
    chosen, first, ends, blackouts = term
    last = Last(number, min(first + timedelta(days=days), ends))
    found = opens(rules.calendar(replace(chosen, every_weeks=every), first, ends, blackouts, (1,), {"c1:r": last}))
    assert [p.number for p in found] == list(range(number + 1, number + 1 + len(found)))
    assert all(p.day > last.day and is_free(p.day, blackouts) for p in found)
    if found:
        assert (found[0].day - last.day).days > (every - 1) * 7


def test_a_circle_that_changes_from_four_weeks_to_two_goes_on_two_weeks_after_its_last_round():
    chosen = Settings(every_weeks=2, weeks=13)
    so_far = {"c1:r": Last(3, date(2027, 4, 26))}
    found = opens(rules.calendar(chosen, date(2027, 3, 1), date(2027, 5, 31), (), (1,), so_far))
    assert [(p.number, p.day) for p in found] == [(4, date(2027, 5, 10)), (5, date(2027, 5, 24))]


def test_days_kept_free_from_the_day_of_an_open_round_do_not_push_the_next_one_further_than_they_must():
    so_far = {"c1:r": Last(1, date(2027, 3, 1))}
    holiday = [Blackout(date(2027, 3, 1), date(2027, 3, 7))]
    found = opens(rules.calendar(Settings(), date(2027, 3, 1), date(2027, 4, 12), holiday, (1,), so_far))
    assert [p.day for p in found] == [date(2027, 3, 15), date(2027, 3, 29)]


def test_after_a_round_that_was_opened_by_hand_in_mid_week_the_next_one_opens_on_the_usual_weekday():
    so_far = {"c1:r": Last(1, date(2027, 3, 3))}
    found = opens(rules.calendar(Settings(), date(2027, 3, 1), date(2027, 4, 12), (), (1,), so_far))
    assert [p.day for p in found] == [date(2027, 3, 15), date(2027, 3, 29)]


# --- days kept free ---------------------------------------------------------------------------------------------------

TODAY = date(2027, 2, 1)
KNOWN = [Blackout(date(2027, 4, 1), date(2027, 4, 10))]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2027, 3, 9), date(2027, 3, 8), "last"),
        (date(2027, 1, 31), date(2027, 2, 3), "first"),
        (date(2026, 12, 24), date(2026, 12, 31), "first"),
        (date(2027, 5, 1), date(2027, 6, 26), "last"),
        (date(2027, 4, 10), date(2027, 4, 12), "first"),
        (date(2027, 3, 20), date(2027, 4, 1), "first"),
        (date(2027, 4, 3), date(2027, 4, 4), "first"),
        (date(2027, 12, 1), date(2027, 12, 2), "first"),
    ],
)
def test_days_that_are_over_too_long_taken_or_after_the_end_can_not_be_kept_free(first, last, field):
    with pytest.raises(BadCall) as refused:
        free_days.check(first, last, TODAY, KNOWN, date(2027, 11, 30))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY, TODAY),
        (date(2027, 5, 1), date(2027, 6, 25)),
        (date(2027, 4, 11), date(2027, 4, 11)),
        (date(2027, 3, 31), date(2027, 3, 31)),
    ],
)
def test_from_today_on_and_up_to_eight_weeks_days_can_be_kept_free(first, last):
    assert free_days.check(first, last, TODAY, KNOWN, None) == Blackout(first, last)


def test_a_holiday_moves_the_rounds_after_it_once_for_all_circles_and_names_the_one_that_no_longer_fits():
    chosen = Settings(weeks=6, every_weeks=2, prompts="off")
    start, ends = date(2027, 3, 1), date(2027, 4, 12)
    before = rules.calendar(chosen, start, ends, (), (1, 2))
    after = rules.calendar(chosen, start, ends, [Blackout(date(2027, 3, 15), date(2027, 3, 15))], (1, 2))
    assert free_days.moves(before, after) == [
        Move(2, date(2027, 3, 15), date(2027, 3, 22)),
        Move(3, date(2027, 3, 29), date(2027, 4, 5)),
    ]
    assert free_days.moves(after, before)[0] == Move(2, date(2027, 3, 22), date(2027, 3, 15))
    long = rules.calendar(chosen, start, ends, [Blackout(date(2027, 3, 15), date(2027, 4, 4))], (1, 2))
    assert free_days.moves(before, long)[-1] == Move(3, date(2027, 3, 29), None)


def test_the_prompts_and_check_ins_that_move_are_counted():
    at = datetime(2027, 3, 1, tzinfo=UTC)
    before = [
        Planned("prompt", date(2027, 3, 3), "c1:prompt:1", at),
        Planned("check-in", date(2027, 3, 4), "check-in:1", at),
    ]
    after = [
        Planned("prompt", date(2027, 3, 3), "c1:prompt:1", at),
        Planned("check-in", date(2027, 3, 9), "check-in:1", at),
    ]
    assert free_days.others_moved(before, after) == 1


# --- settings as they are typed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("every_weeks", "3", 3),
        ("weeks", "four-months", 17),
        ("weeks", "Nine Months", 39),
        ("weeks", "20", 20),
        ("at", "9am", "09:00"),
        ("at", "17:30", "17:30"),
        ("zone", "amman", "Asia/Amman"),
        ("overlap_hours", "1,5", 1.5),
        ("across_institutions", "No", False),
        ("voice", "YES", True),
        ("rotation", "Tables", "tables"),
        ("start", "8 March", "2027-03-08"),
        ("name", "  Women   in\nPhysics ", "Women in Physics"),
        ("purpose", "Staying\nin physics", "Staying\nin physics"),
    ],
)
def test_a_setting_is_read_as_people_type_it(name, typed, value):
    assert answers.read(name, typed, TODAY) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("every_weeks", "two"),
        ("every_weeks", "-1"),
        ("every_weeks", "²"),
        ("weeks", "a year"),
        ("weeks", "13.5"),
        ("at", "25:00"),
        ("at", "9"),
        ("zone", "GMT+3"),
        ("zone", "Nowhere"),
        ("overlap_hours", "two"),
        ("overlap_hours", "nan"),
        ("across_institutions", "perhaps"),
        ("voice", "aloud"),
        ("voice", "1"),
        ("rotation", "randomly"),
        ("start", "yesterday"),
        ("start", "2027-01-31"),
        ("start", "2029-01-01"),
        ("start", "2027-02-30"),
        ("name", "—"),
        ("name", "x" * 61),
        ("purpose", "x" * 1001),
        ("purpose", "a\x00b"),
        ("purpose", "a\ud800b"),
    ],
)
def test_what_can_not_be_a_setting_is_declined_with_a_sentence(name, typed):
    with pytest.raises(ValueError, match=r"[a-z ]{8,}"):
        answers.read(name, typed, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"mentors": 0}, {"mentors": 25}, {"mentors": 2, "mentees": 3}, {"table_size": 2}, {"every_weeks": 9},
        {"weeks": 3}, {"check_in_weeks": 1}, {"overlap_hours": 8.5}, {"circles": 0}, {"rotation": "random"},
        {"odd": "no"}, {"prompts": "loud"}, {"life": "none"}, {"ring": "galaxy"}, {"at": "nine"},
    ],
)  # fmt: skip
def test_settings_that_can_not_be_are_refused_whole(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        Settings(**wrong)


@given(st.integers(1, 29), st.booleans())
def test_a_kind_of_seat_that_nobody_chose_gives_way_so_that_a_circle_has_6_to_30_people(seats, is_mentors):
    name, other = ("mentors", "mentees") if is_mentors else ("mentees", "mentors")
    found, _more = answers.with_value(Settings(), name, seats, chosen=set())
    assert getattr(found, name) == seats
    assert 6 <= found.mentors + found.mentees <= 30
    assert getattr(found, other) == 10 or seats + 10 > 30


def test_a_kind_of_seat_that_was_chosen_stays():
    with pytest.raises(ValueError, match="25"):
        answers.with_value(Settings(), "mentors", 25, chosen={"mentees"})


@given(st.text(max_size=80), st.sets(st.sampled_from(["women", "women-2", "programme", "programme-2", "a" * 30])))
def test_a_short_name_is_lower_case_ascii_at_most_30_characters_and_not_taken(name, taken):
    slug = answers.slug_of(name, taken.__contains__)
    assert slug not in taken
    assert 1 <= len(slug) <= 30
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Women in Physics 2027", "women-in-physics-2027"),
        ("Élan & Énergie", "elan-energie"),
        ("حلقة العالمات", "programme"),
        ("Women", "women-3"),
        ("a" * 40, "a" * 30),
    ],
)
def test_a_short_name_follows_the_name(name, slug):
    assert answers.slug_of(name, {"women", "women-2"}.__contains__) == slug


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_the_suggested_first_day_is_a_monday_four_to_five_weeks_ahead(today):
    day = answers.usual_start(today)
    assert day.weekday() == 0
    assert 28 <= (day - today).days <= 34


@given(some_settings)
@settings(max_examples=30)
def test_what_a_form_shows_reads_back_as_the_same_setting(chosen):
    for name in answers.CHANGEABLE:
        if name != "start" and (typed := answers.typed_as(name, chosen)):
            assert answers.read(name, typed, TODAY) == getattr(chosen, name)


def test_every_choice_can_be_a_setting():
    for name, words in CHOICES.items():
        for word in words:
            assert getattr(Settings(**{name: word}), name) == word
