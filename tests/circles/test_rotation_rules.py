"""Rotations keep their promises, over any past."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rotation_play import (
    Play,
    countable,
    faults_of_cycle,
    faults_of_round,
    mentors_and_mentees,
    pair,
    pairs_in,
    sides,
)

from circles.rotation import rules
from circles.rotation.rules import (
    Forecast,
    History,
    NoRound,
    Placement,
    Player,
    Rotation,
    SitOut,
)

ADA, BOB, CLEO, DANA, EVE, FAY = range(1, 7)
SEEDS = st.integers(0, 10**9)
Situation = tuple[list[Player], History, Rotation, set[frozenset[int]]]


@st.composite
def histories(draw: st.DrawFn, ids: list[int]) -> History:
    """Any past that can be true: in each round a person is in one group, or sits out, or is away."""
    placements: list[Placement] = []
    sat_out: list[tuple[int, int]] = []
    for number in draw(st.lists(st.integers(1, 9), max_size=6, unique=True)):
        rest = draw(st.permutations(ids))
        for size in draw(st.lists(st.integers(1, 4), max_size=4)):
            people, rest = frozenset(rest[:size]), rest[size:]
            there = frozenset(draw(st.sets(st.sampled_from(sorted(people))))) if people else people
            placements.append(Placement(number, people, frozenset(pairs_in(there))))
        sat_out += [(number, person) for person in rest[: draw(st.integers(0, 2))]]
    return History(tuple(placements), tuple(sat_out))


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Any people, any past, any blocks, any rotation."""
    ids = draw(st.lists(st.integers(1, 40), min_size=2, max_size=13, unique=True))
    roles = draw(st.sampled_from((("mentor", "mentee"), ("mentor", "mentee", "both"))))
    sizes = draw(st.sampled_from(((None,), (None, 0, 1, 2, 4))))
    players = [Player(person, draw(st.sampled_from(roles)), draw(st.sampled_from(sizes))) for person in ids]
    history = draw(histories(ids))
    kind: rules.Kind = draw(st.sampled_from(("mentor-mentee", "everyone", "tables")))
    rotation = Rotation(kind, size=draw(st.integers(3, 8)), odd=draw(st.sampled_from(("trio", "bye"))))
    blocked = draw(st.sets(st.sampled_from(sorted(pairs_in(ids), key=sorted)), max_size=draw(st.sampled_from((3, 40)))))
    return players, history, rotation, blocked


@given(situations(), SEEDS, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_any_round_is_sound_and_the_same_in_whatever_order_people_are_named(
    situation: Situation, seed: int, shuffler: random.Random
) -> None:
    players, history, rotation, blocked = situation
    possible = countable(players, rotation) - blocked
    if not possible:
        with pytest.raises(NoRound):
            rules.next_round(players, history, rotation, blocked, number=10, seed=seed)
        return
    plan = rules.next_round(players, history, rotation, blocked, number=10, seed=seed)
    assert not faults_of_round(plan, players, history, rotation, blocked)
    partners = {person for two in possible for person in two}
    alone = sides(players).keys() if rotation.kind == "mentor-mentee" else {player.id for player in players}
    assert {SitOut(person, "blocked") for person in alone - partners} <= set(plan.sitting_out)
    shuffled, walls = list(players), list(blocked)
    shuffler.shuffle(shuffled)
    shuffler.shuffle(walls)
    assert rules.next_round(shuffled, history, rotation, walls, number=10, seed=seed) == plan


# sitting out


@given(st.integers(2, 5), st.integers(1, 5), st.sampled_from(("bye", "trio")), SEEDS)
@settings(max_examples=25, deadline=None)
def test_the_surplus_sits_out_in_turns(few: int, more: int, odd: rules.Odd, seed: int) -> None:
    play = Play(mentors_and_mentees(few, few + more), Rotation("mentor-mentee", odd=odd), seed)
    play.rounds(8)
    times = [sum(person in byes for byes in play.byes()) for person in range(few + 1, 2 * few + more + 1)]
    assert max(times) - min(times) <= 1
    assert all(len(byes) == max(0, more - (few if odd == "trio" else 0)) for byes in play.byes())
    if 2 * len(play.byes()[0]) <= few + more:
        assert not any(now & then for now, then in zip(play.byes(), play.byes()[1:], strict=False))


@given(st.sampled_from((3, 5, 7, 9)), st.integers(1, 25), SEEDS)
@settings(max_examples=25, deadline=None)
def test_byes_differ_by_at_most_one_even_when_meetings_fall_through(n: int, rounds: int, seed: int) -> None:
    play = Play(mentors_and_mentees(n, 0), Rotation("everyone", odd="bye"), seed)
    play.rounds(rounds, fails=0.3)
    times = [sum(person in byes for byes in play.byes()) for person in range(1, n + 1)]
    assert max(times) - min(times) <= 1
    assert not any(now & then for now, then in zip(play.byes(), play.byes()[1:], strict=False))


def test_whoever_sat_out_is_placed_next_time_even_after_a_round_away_and_so_is_a_newcomer() -> None:
    apart = tuple(Placement(1, two, frozenset({two})) for two in (pair(ADA, EVE), pair(BOB, FAY)))
    history = History(
        (*apart, Placement(2, pair(ADA, EVE), frozenset()), Placement(2, pair(BOB, FAY), frozenset())), ((1, CLEO),)
    )
    for seed in range(10):
        for others in ((ADA, BOB, CLEO), (ADA, BOB, DANA)):
            players = [Player(person, "mentee") for person in others]
            plan = rules.next_round(players, history, Rotation("everyone", odd="bye"), (), number=3, seed=seed)
            assert plan.sitting_out[0].person in {ADA, BOB}
            assert plan.sitting_out[0].reason == "odd-number"


@pytest.mark.parametrize(
    ("kind", "mentors", "mentees", "blocked", "expected"),
    [
        ("mentor-mentee", [ADA], [BOB, CLEO], [(ADA, BOB)], [SitOut(BOB, "blocked")]),
        (
            "mentor-mentee",
            [ADA, BOB, CLEO],
            [DANA],
            [(ADA, DANA), (BOB, DANA)],
            [SitOut(1, "blocked"), SitOut(2, "blocked")],
        ),
        ("everyone", [], [ADA, BOB, CLEO, DANA], [(ADA, BOB), (ADA, CLEO), (ADA, DANA)], [SitOut(ADA, "blocked")]),
        ("everyone", [ADA, BOB], [CLEO], [(ADA, BOB), (BOB, CLEO)], [SitOut(BOB, "blocked")]),
        ("tables", [ADA, BOB, CLEO], [DANA], [(ADA, BOB), (ADA, CLEO), (ADA, DANA)], [SitOut(ADA, "blocked")]),
        ("tables", [ADA, BOB, CLEO], [DANA, EVE, FAY], [(ADA, BOB)], []),
    ],
)
def test_a_block_is_kept_and_everybody_else_still_meets(
    kind: rules.Kind, mentors: list[int], mentees: list[int], blocked: list[tuple[int, int]], expected: list[SitOut]
) -> None:
    players = [Player(person, "mentor") for person in mentors] + [Player(person, "mentee") for person in mentees]
    walls = [pair(*two) for two in blocked]
    plan = rules.next_round(players, History(), Rotation(kind), walls, number=1, seed=5)
    assert not faults_of_round(plan, players, History(), Rotation(kind), walls)
    assert list(plan.sitting_out) == expected


def test_where_blocks_leave_one_partner_for_six_people_they_take_turns() -> None:
    walls = pairs_in(range(BOB, 8))
    for odd in ("trio", "bye"):
        play = Play(mentors_and_mentees(7, 0), Rotation("everyone", odd=odd), 2, walls)
        assert sorted(people for (people,) in play.rounds(6)) == [(ADA, other) for other in range(BOB, 8)]


def test_a_few_blocks_among_many_people_keep_nobody_from_a_table() -> None:
    walls = [pair(person, person + 1) for person in range(1, 30)]
    for seed in range(5):
        play = Play(mentors_and_mentees(30, 0), Rotation("tables", size=5), seed, walls)
        assert not any(play.round().sitting_out for _ in range(2))


def test_two_mentees_blocked_from_each_other_share_no_mentor() -> None:
    walls = [pair(DANA, EVE), pair(EVE, FAY)]
    players = mentors_and_mentees(3, 3)[1:]  # two mentors for dana, eve and fay
    for seed in range(20):
        plan = rules.next_round(players, History(), Rotation("mentor-mentee"), walls, number=1, seed=seed)
        assert not faults_of_round(plan, players, History(), Rotation("mentor-mentee"), walls)
        assert plan.sitting_out == ()


# what truly happened


@given(st.sampled_from((4, 6, 8)), st.floats(0, 0.6), SEEDS)
@settings(max_examples=25, deadline=None)
def test_meetings_that_fell_through_come_again_and_repeats_are_as_few_as_can_be(
    n: int, fails: float, seed: int
) -> None:
    play = Play(mentors_and_mentees(n, 0), Rotation("everyone"), seed)
    assert not faults_of_cycle(play.rounds(n - 1, fails=fails), countable(play.players, play.rotation))
    for _ in range(5):
        before = play.history
        plan = play.round(fails=fails)
        assert len(plan.repeats) == fewest_repeats(frozenset(range(1, n + 1)), before)


def fewest_repeats(people: frozenset[int], history: History) -> int:
    """Try every way to pair these people up."""
    if not people:
        return 0
    one, *others = sorted(people)
    return min(fewest_repeats(people - {one, two}, history) + bool(history.times_met(pair(one, two))) for two in others)


def test_two_who_never_met_do_so_even_if_two_others_then_meet_for_the_third_time() -> None:
    often = [pair(CLEO, DANA)] * 2 + sorted(
        pairs_in((ADA, BOB, CLEO, DANA)) - {pair(ADA, BOB), pair(CLEO, DANA)}, key=sorted
    )
    history = History(tuple(Placement(number, two, frozenset({two})) for number, two in enumerate(often, 1)))
    for seed in range(5):
        plan = rules.next_round(mentors_and_mentees(4, 0), history, Rotation("everyone"), (), number=7, seed=seed)
        assert plan.repeats == (pair(CLEO, DANA),)


def test_a_pair_placed_in_vain_comes_before_a_repeat_but_not_in_the_very_next_round() -> None:
    met = frozenset(pairs_in((ADA, BOB, CLEO, DANA))) - {
        pair(ADA, BOB),
        pair(CLEO, DANA),
        pair(ADA, CLEO),
        pair(BOB, DANA),
    }
    past = [Placement(1, two, frozenset({two})) for two in sorted(met, key=sorted)]
    past += [Placement(2, two, frozenset()) for two in (pair(ADA, BOB), pair(CLEO, DANA))]
    past += [Placement(3, two, frozenset()) for two in (pair(ADA, CLEO), pair(BOB, DANA))]
    for seed in range(10):
        plan = rules.next_round(
            [Player(person, "mentee") for person in (ADA, BOB, CLEO, DANA)],
            History(tuple(past)),
            Rotation("everyone"),
            (),
            number=4,
            seed=seed,
        )
        assert [group.people for group in plan.groups] == [(ADA, BOB), (CLEO, DANA)]


# seeds, forecasts, refusals


def test_other_seeds_give_another_order_of_meetings() -> None:
    for rotation in (Rotation("mentor-mentee"), Rotation("everyone"), Rotation("tables", size=4)):
        plans = {Play(mentors_and_mentees(6, 6), rotation, seed).round().groups for seed in range(12)}
        assert len(plans) > 5


def test_a_round_can_be_drawn_again_and_a_circle_may_change_its_seed_between_rounds() -> None:
    play = Play(mentors_and_mentees(5, 5), Rotation("everyone"), 3)
    cycle = []
    for seed in range(9):
        play.seed = seed
        cycle += play.rounds(1)
    assert not faults_of_cycle(cycle, countable(play.players, play.rotation))
    again = rules.next_round(play.players, play.history, play.rotation, (), number=4, seed=3)
    assert again == play.plans[3]


def test_a_forecast_is_what_happens_if_everybody_meets() -> None:
    play = Play(mentors_and_mentees(3, 3), Rotation("mentor-mentee"), 9)
    cast = rules.forecast(play.players, History(), play.rotation, (), number=1, seed=9, rounds=4)
    play.rounds(4)
    assert cast == Forecast(tuple(play.plans), 4, 1.0)
    assert rules.forecast(play.players, History(), play.rotation, (), number=1, seed=9, rounds=2).coverage == 6 / 9


def test_coverage_counts_only_meetings_that_happened_and_could_happen() -> None:
    past = History(
        (
            Placement(1, frozenset({ADA, CLEO}), frozenset({pair(ADA, CLEO)})),
            Placement(1, frozenset({BOB, DANA}), frozenset()),
        )
    )
    players = mentors_and_mentees(2, 2)
    assert rules.coverage(players, past, Rotation("mentor-mentee"), ()) == (1, 4)
    assert rules.coverage(players, past, Rotation("mentor-mentee"), [pair(ADA, DANA)]) == (1, 3)
    assert rules.coverage(players, past, Rotation("everyone"), ()) == (1, 6)
    assert (past.times_placed(pair(BOB, DANA)), past.times_met(pair(BOB, DANA))) == (1, 0)
    assert (past.last_met(pair(ADA, CLEO)), past.last_met(pair(BOB, DANA))) == (1, None)


@pytest.mark.parametrize(
    ("kind", "mentors", "mentees", "blocked", "rule"),
    [
        ("everyone", 0, 0, [], "too-few"),
        ("everyone", 1, 0, [], "too-few"),
        ("tables", 0, 1, [], "too-few"),
        ("mentor-mentee", 0, 3, [], "no-mentor"),
        ("mentor-mentee", 3, 0, [], "no-mentee"),
        ("mentor-mentee", 1, 2, [(ADA, BOB), (ADA, CLEO)], "blocked"),
        ("everyone", 1, 1, [(ADA, BOB)], "blocked"),
        ("tables", 3, 0, [(ADA, BOB), (ADA, CLEO), (BOB, CLEO)], "blocked"),
    ],
)
def test_a_round_in_which_nobody_can_meet_says_why_and_for_whom(
    kind: rules.Kind, mentors: int, mentees: int, blocked: list[tuple[int, int]], rule: str
) -> None:
    walls = [pair(*two) for two in blocked]
    with pytest.raises(NoRound) as no:
        rules.next_round(mentors_and_mentees(mentors, mentees), History(), Rotation(kind), walls, number=1, seed=1)
    assert (no.value.rule, no.value.people) == (rule, tuple(range(1, mentors + mentees + 1)))


def test_wrong_input_is_rejected() -> None:
    for size in (0, 2, 9):
        with pytest.raises(ValueError, match="3 to 8 seats"):
            Rotation("tables", size=size)
    twice = [Player(ADA, "mentor"), Player(ADA, "mentee"), Player(BOB, "mentee")]
    with pytest.raises(ValueError, match="named twice"):
        rules.next_round(twice, History(), Rotation("everyone"), (), number=1, seed=1)
