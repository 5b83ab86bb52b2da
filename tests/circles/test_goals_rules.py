"""What is decided about goals, check-ins and actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.conversation import library
from circles.goals import rules
from circles.goals.rules import Asked
from circles.programme import record_words

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
STATES = ("active", "parked", "done", "dropped")
days = st.dates(date(2027, 1, 1), date(2027, 12, 31))
instants = st.datetimes(datetime(2027, 1, 1), datetime(2027, 3, 8), timezones=st.just(UTC))  # noqa: DTZ001 - st adds it


@pytest.mark.parametrize(("active", "may"), [(0, True), (2, True), (3, False), (4, False)])
def test_three_goals_are_active_at_most(active, may):
    assert rules.may_begin(active) is may


@given(st.booleans(), st.booleans())
def test_a_goal_for_me_is_read_by_nobody_else(meets_now, same_circle):
    assert not rules.may_read("me", owns=False, meets_now=meets_now, same_circle=same_circle)


@given(st.sampled_from(rules.SCOPES), st.booleans(), st.booleans())
def test_the_owner_always_reads_her_goal(scope, meets_now, same_circle):
    assert rules.may_read(scope, owns=True, meets_now=meets_now, same_circle=same_circle)


@given(st.booleans(), st.booleans())
def test_a_wider_scope_never_takes_a_reader_away(meets_now, same_circle):
    allowed = [rules.may_read(s, owns=False, meets_now=meets_now, same_circle=same_circle) for s in rules.SCOPES]
    assert allowed == sorted(allowed)


def test_a_goal_for_a_partner_is_not_read_by_the_circle():
    assert rules.may_read("partner", owns=False, meets_now=True, same_circle=True)
    assert not rules.may_read("partner", owns=False, meets_now=False, same_circle=True)


@given(st.sets(st.integers(1, 50), min_size=1, max_size=3), st.dictionaries(st.integers(1, 50), days))
def test_nobody_else_was_asked_about_longer_ago_than_the_chosen_goal(active, asked):
    chosen = rules.least_recently_asked(sorted(active), asked)
    assert chosen in active
    assert all(asked.get(chosen, date.min) <= asked.get(other, date.min) for other in active)


@given(st.sets(st.integers(1, 50), min_size=1, max_size=3), st.integers(1, 12))
def test_asking_week_after_week_reaches_every_goal_equally_often(active, turns):
    asked, counted = {}, dict.fromkeys(active, 0)
    for turn in range(turns * len(active)):
        chosen = rules.least_recently_asked(sorted(active), asked)
        asked[chosen] = date(2027, 2, 1) + timedelta(weeks=turn)
        counted[chosen] += 1
    assert set(counted.values()) == {turns}


def test_without_goals_nothing_is_asked():
    assert rules.least_recently_asked([], {}) is None


@pytest.mark.parametrize(
    ("answer", "state", "before", "after"),
    [
        ("same", "active", "", "active"),
        ("changed", "active", "", "active"),
        ("not-this-week", "active", "", "active"),
        ("done", "active", "", "done"),
        ("parked", "active", "", "parked"),
        ("same", "done", "done", "active"),
        ("not-this-week", "parked", "parked", "active"),
        ("parked", "done", "done", "parked"),
        ("same", "dropped", "done", "dropped"),
        ("same", "parked", "", "parked"),
        ("same", "active", "done", "active"),
    ],
)
def test_an_answer_sets_the_state_and_a_changed_answer_takes_it_back(answer, state, before, after):
    assert rules.state_after(answer, state, before) == after


@given(st.sampled_from(rules.ANSWERS), st.sampled_from(STATES), st.sampled_from(("", *rules.ANSWERS)))
def test_the_same_answer_twice_changes_nothing_more(answer, state, before):
    once = rules.state_after(answer, state, before)
    assert rules.state_after(answer, once, answer) in {once, "active"}
    if answer in {"same", "changed", "not-this-week"}:
        assert rules.state_after(answer, once, answer) == once
    else:
        assert rules.state_after(answer, once, answer) == once == answer


@given(st.sampled_from(rules.ANSWERS), st.sampled_from(rules.ANSWERS))
def test_the_last_answer_alone_decides_the_state_of_an_active_goal(first, second):
    detour = rules.state_after(second, rules.state_after(first, "active", ""), first)
    assert detour == rules.state_after(second, "active", "")


@pytest.mark.parametrize(("snoozes", "may"), [(0, True), (2, True), (3, False)])
def test_a_check_in_is_snoozed_three_times_at_most(snoozes, may):
    assert rules.may_snooze(snoozes) is may


def asked(action, *, days_old, times=0, asked_days_ago=None):
    at = NOW - timedelta(days=asked_days_ago) if asked_days_ago is not None else None
    return Asked(action, NOW - timedelta(days=days_old), at, times)


@pytest.mark.parametrize(
    ("actions", "chosen"),
    [
        ([], None),
        ([asked(1, days_old=1)], None),
        ([asked(1, days_old=2)], 1),
        ([asked(2, days_old=5), asked(1, days_old=9)], 1),
        ([asked(1, days_old=30, times=2, asked_days_ago=14)], None),
        ([asked(1, days_old=30, times=2, asked_days_ago=14), asked(2, days_old=5)], 2),
        ([asked(1, days_old=30, times=1, asked_days_ago=14)], 1),
        ([asked(1, days_old=30, times=1, asked_days_ago=3), asked(2, days_old=6)], None),
    ],
)
def test_one_action_a_round_is_asked_about_the_oldest_that_is_due(actions, chosen):
    assert rules.action_to_ask(actions, NOW, round_began=NOW - timedelta(days=7)) == chosen


@given(st.lists(st.builds(Asked, st.integers(1, 99), instants, st.none() | instants, st.integers(0, 4)), max_size=6))
def test_no_action_is_asked_about_too_soon_or_a_third_time(actions):
    chosen = rules.action_to_ask(actions, NOW, round_began=None)
    due = [a for a in actions if NOW - a.made_at >= timedelta(days=2) and a.times < 2]
    assert (chosen is None) == (not due)
    if chosen is not None:
        assert min(a.made_at for a in due) in {a.made_at for a in due if a.action == chosen}


@pytest.mark.parametrize(
    ("made", "asked_at", "began", "carried"),
    [
        (NOW, None, None, False),
        (NOW, None, NOW - timedelta(days=1), False),
        (NOW - timedelta(days=2), None, NOW - timedelta(days=1), True),
        (NOW, NOW, None, True),
    ],
)
def test_an_action_from_before_the_round_or_left_open_is_carried_over(made, asked_at, began, carried):
    assert rules.is_carried_over(made, asked_at, began) is carried


@given(st.integers(0, 10_000))
def test_questions_in_a_row_differ_and_replay(seed):
    for name in ("priority", "action"):
        bank = library.banks()[name]
        assert len(bank) >= 6
        assert rules.variant(bank, seed) == rules.variant(bank, seed) != rules.variant(bank, seed + 1)


@pytest.mark.parametrize(("people", "shown"), [(0, "fewer than five"), (4, "fewer than five"), (5, "5"), (18, "18")])
def test_organisers_see_a_count_of_goals_from_five_up(people, shown):
    assert record_words.count(people) == shown


def test_a_small_count_is_said_without_its_figure():
    assert record_words.count(1) == record_words.count(4) == "fewer than five"
    assert record_words.count(7) == "7"
