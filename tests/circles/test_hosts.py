"""Each table has a host, by turns: the rule over whole terms, and what people hear of it."""

import random
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_people import at, term

from circles.rotation import hosts, rules
from circles.rotation.rules import History, Placement, Player, Rotation
from storage import rounds

ADA, BOB, CLEO, DANA, EVE, FAY = range(1, 7)


def circle(size):
    return [Player(number, "mentor" if number % 2 else "mentee") for number in range(1, size + 1)]


def played(history, plan, number, *, met=True):
    """A history with one round more, and its hosts."""
    placements = tuple(
        Placement(
            number,
            frozenset(group.people),
            frozenset(map(frozenset, combinations(group.people, 2))) if met else frozenset(),
            group.host,
        )
        for group in plan.groups
    )
    return History(
        history.placements + placements, history.sat_out + tuple((number, s.person) for s in plan.sitting_out)
    )


def faults_of_hosts(plan, wished_kind="tables"):
    """Every promise about hosts that a single round breaks."""
    faults = set()
    for group in plan.groups:
        is_table = wished_kind == "tables" and len(group.people) >= 3
        if is_table and group.host not in group.people:
            faults.add("a table has no host who sits at it")
        if not is_table and group.host is not None:
            faults.add("a pair has a host")
    return faults


def spread(history, people):
    """By how much the numbers of times as host differ among some people."""
    times = Counter(placement.host for placement in history.placements)
    counts = [times[person] for person in people]
    return max(counts) - min(counts) if counts else 0


@settings(max_examples=15, deadline=None)
@given(st.integers(3, 15), st.integers(3, 6), st.integers(0, 2**32))
def test_in_a_term_in_which_everybody_comes_nobody_hosts_twice_before_everybody_has_once(people, size, seed):
    players, history = circle(people), History()
    for number in range(1, 9):
        plan = rules.next_round(players, history, Rotation("tables", size), (), number=number, seed=seed)
        assert not faults_of_hosts(plan)
        history = played(history, plan, number)
        assert spread(history, [player.id for player in players]) <= 1


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 12), st.integers(3, 4), st.data())
def test_whatever_pairs_keep_apart_every_table_finds_a_host(people, size, data):
    every = list(map(frozenset, combinations(range(1, people + 1), 2)))
    walls = data.draw(st.sets(st.sampled_from(every), max_size=len(every) // 2))
    seed, history = data.draw(st.integers(0, 2**32)), History()
    for number in (1, 2):
        plan = rules.next_round(circle(people), history, Rotation("tables", size), walls, number=number, seed=seed)
        assert not faults_of_hosts(plan)
        history = played(history, plan, number)


@pytest.mark.parametrize(("people", "size", "apart"), [(8, 3, 16), (11, 4, 2)])
def test_where_many_keep_apart_and_a_next_table_may_be_of_others_only_hosts_are_found(people, size, apart):
    for seed in range(30):
        every = [frozenset(two) for two in combinations(range(1, people + 1), 2)]
        walls = random.Random(seed).sample(every, apart)
        plan = rules.next_round(circle(people), History(), Rotation("tables", size), walls, number=1, seed=seed)
        assert not faults_of_hosts(plan)


def test_a_next_table_of_people_who_sit_out_now_is_left_to_them():
    now, then = together((ADA, BOB, CLEO)), together((DANA, EVE, FAY))
    sitting = tuple(rules.SitOut(one, "too-few") for one in (DANA, EVE, FAY))
    now = rules.RoundPlan(now.groups, sitting, ())
    plan = hosts.named(now, History(), 1, lambda _past, _number, _apart: then, 1)
    assert plan.groups[0].host in {ADA, BOB, CLEO}


@pytest.mark.parametrize(("people", "size", "fresh"), [(9, 3, 4), (16, 4, 5), (15, 3, 7)])
def test_also_where_each_seating_is_forced_by_the_ones_before_everybody_finds_a_table_to_host(people, size, fresh):
    for seed in range(3):
        history = History()
        for number in range(1, fresh + 1):
            plan = rules.next_round(circle(people), history, Rotation("tables", size), (), number=number, seed=seed)
            history = played(history, plan, number)
            assert spread(history, range(1, people + 1)) <= 1


@settings(max_examples=15, deadline=None)
@given(st.integers(5, 14), st.integers(3, 5), st.integers(0, 2**32))
def test_whoever_skips_or_comes_late_the_others_host_almost_equally_and_who_is_away_never(people, size, seed):
    """Fresh meetings go before equal turns: where the seatings foreseen did not come, one turn more can be owed."""
    players, chance, history = circle(people), random.Random(seed), History()
    always = {player.id for player in players}
    for number in range(1, 10):
        if number == 4:
            players = [*players, Player(people + 1, "mentee")]
        here = [player for player in players if chance.random() > 0.15 or player.id == people + 1]
        always &= {player.id for player in here}
        if len(here) < 2:
            continue
        plan = rules.next_round(here, history, Rotation("tables", size), (), number=number, seed=seed)
        assert not faults_of_hosts(plan)
        named = {group.host for group in plan.groups} - {None}
        assert named <= {player.id for player in here}
        if number == 4:
            assert people + 1 not in named
        history = played(history, plan, number, met=chance.random() > 0.2)
        assert spread(history, always) <= 2


def test_who_comes_late_begins_where_the_others_are_and_makes_up_for_nothing():
    players, history = circle(6), History()
    for number in range(1, 13):
        here = players if number < 7 else [*players, Player(7, "mentor")]
        plan = rules.next_round(here, history, Rotation("tables", 3), (), number=number, seed=3)
        history = played(history, plan, number)
    times = Counter(placement.host for placement in history.placements if placement.number >= 7)
    assert times[7] <= 2 == max(times.values())


def test_who_was_away_for_long_owes_one_turn_at_most():
    players, history = circle(6), History()
    for number in range(1, 14):
        here = players[:-1] if 2 <= number < 10 else players
        plan = rules.next_round(here, history, Rotation("tables", 3), (), number=number, seed=3)
        history = played(history, plan, number)
    back = [p.number for p in history.placements if p.host == FAY and p.number >= 10]
    assert len(back) <= 2


def test_nobody_new_hosts_in_her_first_round_unless_all_at_her_table_are_new():
    trio = frozenset({ADA, BOB, CLEO})
    past = History((Placement(1, trio, frozenset(), ADA), Placement(2, trio, frozenset(), BOB)))
    for seed in range(20):
        plan = rules.next_round(circle(6), past, Rotation("tables", 3), (), number=3, seed=seed)
        for group in plan.groups:
            assert group.host in trio or not trio & set(group.people)


def test_the_same_seed_names_the_same_hosts_whatever_the_order_and_another_seed_others():
    def named(players, seed):
        plan = rules.next_round(players, History(), Rotation("tables", 4), (), number=1, seed=seed)
        return [group.host for group in plan.groups]

    assert named(circle(12), 5) == named(list(reversed(circle(12))), 5)
    assert len({tuple(named(circle(12), seed)) for seed in range(10)}) > 5


def test_a_round_planned_alone_and_one_that_was_foreseen_have_the_same_hosts():
    told = rules.forecast(circle(12), History(), Rotation("tables", 4), (), number=1, seed=5, rounds=5)
    history = History()
    for number, plan in enumerate(told.rounds, 1):
        assert plan == rules.next_round(circle(12), history, Rotation("tables", 4), (), number=number, seed=5)
        history = played(history, plan, number)


def together(*tables, repeats=()):
    return rules.RoundPlan(tuple(map(rules.MeetingGroup, tables)), (), tuple(map(frozenset, repeats)))


@pytest.mark.parametrize(("repeats", "is_taken"), [((), True), (((ADA, BOB),), False)])
def test_two_who_are_both_due_are_seated_apart_where_that_costs_nobody_a_fresh_meeting(repeats, is_taken):
    first = (frozenset({ADA, BOB, EVE}), frozenset({CLEO, DANA, FAY}))
    met = frozenset({frozenset({ADA, BOB})})
    hosted = [(1, first[0], ADA), (1, first[1], CLEO), (2, first[0], BOB), (2, first[1], DANA)]
    history = History(
        tuple(Placement(at, table, met if ADA in table else frozenset(), host) for at, table, host in hosted)
    )
    near = together((ADA, EVE, FAY), (BOB, CLEO, DANA))
    apart = together((ADA, BOB, EVE), (CLEO, DANA, FAY), repeats=repeats)

    def draw(past, number, kept_apart):
        return apart if frozenset({EVE, FAY}) in kept_apart else near

    plan = hosts.named(near, history, 3, draw, 1)
    assert {group.people for group in plan.groups} == {group.people for group in (apart if is_taken else near).groups}
    assert ({group.host for group in plan.groups} == {EVE, FAY}) is is_taken
    assert not faults_of_hosts(plan)


@pytest.mark.parametrize("kind", ["mentor-mentee", "everyone"])
def test_pairs_and_trios_have_no_host(kind):
    for people in (6, 7):
        plan = rules.next_round(circle(people), History(), Rotation(kind), (), number=1, seed=1)
        assert not faults_of_hosts(plan, kind)


def test_a_host_who_cannot_come_is_followed_by_who_hosted_least_and_longest_ago():
    four = frozenset({ADA, BOB, CLEO, DANA})
    history = History(tuple(Placement(n, four, frozenset(), host) for n, host in enumerate((BOB, CLEO, ADA, BOB), 1)))
    assert hosts.successor([BOB, CLEO, DANA], history, 5) == DANA
    assert hosts.successor([ADA, BOB, CLEO], history, 5) == CLEO
    assert hosts.successor([ADA, EVE, FAY], history, 5) == ADA
    assert hosts.successor([ADA, BOB], history, 5) is None


def test_the_instrument_itself_finds_what_is_wrong():
    group = rules.MeetingGroup
    assert faults_of_hosts(rules.RoundPlan((group((1, 2, 3)),), (), ()))
    assert faults_of_hosts(rules.RoundPlan((group((1, 2, 3), 4),), (), ()))
    assert faults_of_hosts(rules.RoundPlan((group((1, 2), 1),), (), ()))
    assert faults_of_hosts(rules.RoundPlan((group((1, 2, 3), 1),), (), ()), "everyone")
    assert not faults_of_hosts(rules.RoundPlan((group((1, 2, 3), 1),), (), ()))
    twice = History(tuple(Placement(n, frozenset({1, 2, 3}), frozenset(), 1) for n in (1, 2)))
    assert spread(twice, [1, 2]) == 2


# --- what people hear -------------------------------------------------------------------------------------------------

FOUR = {"mentors": ("ana", "bea"), "mentees": ("kim", "lina"), "rotation": "tables", "table_size": 4}
ASKS = "you host this time: please begin on time, see that everybody has a turn to speak, and keep an eye on the clock."


def host_of(here, number):
    """The one host of a circle's only table, by name."""
    with here.talk.store.writing() as db:
        row = rounds.numbered(db, here.circle, number)
        named = [here._name(db, p.member_id) for p in rounds.placements(db, [row.id]) if p.is_host]
    return named[0] if len(named) == 1 else named


def test_an_introduction_names_the_host_and_says_kindly_what_that_asks(talk):
    here = term(talk, **FOUR)
    talk.passes(until=at(2))
    host = host_of(here, 1)
    said = talk.hears("kim", f"{host.capitalize()}, {ASKS} What is said stays at the table; nothing of it is noted")
    assert said.room == here.room(1, "kim").key
    talk.says("lina", "/circle next")
    talk.hears("lina", f"{host.capitalize()} hosts.")


def test_everybody_hosts_once_before_anybody_does_again(talk):
    here = term(talk, weeks=17, **FOUR)
    talk.passes(days=28 + 8 * 14)
    assert sorted(host_of(here, number) for number in range(1, 5)) == ["ana", "bea", "kim", "lina"]
    assert sorted(host_of(here, number) for number in range(5, 9)) == ["ana", "bea", "kim", "lina"]


def test_pairs_hear_of_no_host(talk):
    term(talk)
    talk.passes(until=at(2))
    talk.says("cleo", "/circle next")
    for who in ("cleo", "dana"):
        talk.never_hears(who, "host")


def test_who_skips_is_not_the_host(talk):
    here = term(talk, **FOUR)
    talk.passes(until=at(2))
    first = host_of(here, 1)
    others = {"ana", "bea", "kim", "lina"} - {first}
    for who in sorted(others)[:2]:
        talk.says(who, "/circle skip 2")
    talk.passes(until=at(16))
    assert host_of(here, 2) == []  # two are left: a pair
    (waits,) = {"ana", "bea", "kim", "lina"} - {first, *sorted(others)[:2]}
    assert here.groups(2) == {frozenset({first, waits})}


def test_a_host_who_steps_out_is_followed_by_another_who_is_told_in_neutral_words(talk):
    here = term(talk, **FOUR)
    talk.passes(until=at(3))
    gone = host_of(here, 1)
    talk.forgets()
    talk.says(gone, "/circle skip 1")
    new = host_of(here, 1)
    assert new in {"ana", "bea", "kim", "lina"} - {gone}
    said = talk.hears(new, f"{gone.capitalize()} can't take part this round.")
    assert f"{new.capitalize()}, {ASKS}" in said.words
    assert here.sits_out(1) == {gone: "skipped"}
    talk.says(new, "/circle next")
    talk.hears(new, f"{new.capitalize()} hosts.")


def test_somebody_else_who_steps_out_leaves_the_host_in_place(talk):
    here = term(talk, **FOUR)
    talk.passes(until=at(3))
    host = host_of(here, 1)
    gone = min({"ana", "bea", "kim", "lina"} - {host})
    talk.forgets()
    talk.says(gone, "/circle skip 1")
    assert host_of(here, 1) == host
    said = talk.hears(host, f"{gone.capitalize()} can't take part this round.")
    assert "you host this time" not in said.words


def test_a_host_who_goes_before_anybody_heard_of_her_is_not_named_at_all(talk):
    """The introduction waits for quiet hours to end; whoever steps out meanwhile was never in it."""
    here = term(talk, at="03:00", **FOUR)
    talk.passes(until=at(1, 4))
    gone = host_of(here, 1)
    talk.says(gone, "/circle skip 1")
    talk.passes(until=at(2))
    new = host_of(here, 1)
    assert new != gone
    said = talk.hears(new, f"{new.capitalize()}, {ASKS}")
    assert gone.capitalize() not in said.words


def test_of_a_table_of_three_whose_host_goes_two_still_meet_without_one(talk):
    here = term(talk, mentors=("ana",), mentees=("kim", "lina"), rotation="tables", table_size=3)
    talk.passes(until=at(3))
    gone = host_of(here, 1)
    talk.forgets()
    talk.says(gone, "/circle skip 1")
    assert host_of(here, 1) == []
    for who in {"ana", "kim", "lina"} - {gone}:
        assert "host" not in talk.hears(who, "can't take part this round.").words


def test_of_a_table_of_three_that_loses_a_guest_two_meet_without_a_host(talk):
    here = term(talk, mentors=("ana",), mentees=("kim", "lina"), rotation="tables", table_size=3)
    talk.passes(until=at(3))
    host = host_of(here, 1)
    gone, stays = sorted({"ana", "kim", "lina"} - {host})
    talk.forgets()
    talk.says(gone, "/circle skip 1")
    assert host_of(here, 1) == []
    assert "host" not in talk.hears(stays, "can't take part this round.").words
    talk.says(stays, "/circle next")
    talk.never_hears(stays, "hosts")


def test_her_own_export_says_that_she_hosted(talk):
    here = term(talk, **FOUR)
    talk.passes(until=at(3))
    host = host_of(here, 1)
    talk.says(host, "/circle data export")
    talk.hears(host, "in a meeting that you hosted; your answer: –")
    other = min({"ana", "bea", "kim", "lina"} - {host})
    talk.says(other, "/circle data export")
    talk.never_hears(other, "that you hosted")
