"""Pairs are the best there are, look ahead, hold for a crowd, and refuse what can't be true."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rotation_play import Play, faults_of_cycle, faults_of_round, mentors_and_mentees, pair, pairs_in

from circles.rotation import crowd, rules
from circles.rotation.ledger import Turnout
from circles.rotation.matching import cheapest, far_sighted
from circles.rotation.memory import remember
from circles.rotation.pairs import queue_method
from circles.rotation.rules import Contradiction, History, NoRound, OutOfRange, Placement, Player, Rotation, SitOut

ADA, BOB, CLEO, DANA, EVE, FAY = range(1, 7)
SEEDS = st.integers(0, 10**9)
Edges = list[tuple[int, int, int]]


def met_in(number: int, *groups: tuple[int, ...]) -> tuple[Placement, ...]:
    return tuple(Placement(number, frozenset(group), frozenset(pairs_in(group))) for group in groups)


# the best pairs


def every_pairing(places: tuple[int, ...]) -> list[list[tuple[int, int]]]:
    """Every way to pair some of these places."""
    if len(places) < 2:
        return [[]]
    one, rest = places[0], places[1:]
    return every_pairing(rest) + [
        [(one, other), *others]
        for other in rest
        for others in every_pairing(tuple(place for place in rest if place != other))
    ]


@st.composite
def priced(draw: st.DrawFn) -> tuple[list[int], Edges]:
    size = draw(st.integers(2, 7))
    worth = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    pairs = draw(st.sets(st.sampled_from(list(combinations(range(size), 2)))))
    return worth, [(one, other, draw(st.integers(0, 9))) for one, other in sorted(pairs)]


@given(priced())
@settings(max_examples=150, deadline=None)
def test_pairs_leave_over_whoever_is_worth_least_and_then_cost_least(problem: tuple[list[int], Edges]) -> None:
    worth, edges = problem
    price = {(one, other): cost for one, other, cost in edges}

    def value(pairing: list[tuple[int, int]]) -> tuple[int, int]:
        return sum(worth[place] for two in pairing for place in two), -sum(price[two] for two in pairing)

    chosen = cheapest(worth, edges)
    assert len({place for two in chosen for place in two}) == 2 * len(chosen)
    possible = [pairing for pairing in every_pairing(tuple(range(len(worth)))) if set(pairing) <= set(price)]
    assert value(chosen) == max(value(pairing) for pairing in possible)


# looking ahead


def test_of_six_people_with_three_left_to_meet_each_all_three_come_if_the_first_round_is_chosen_with_foresight() -> (
    None
):
    # Unmet are the edges of a prism: two triangles, and a rung between each two. Who spends the rungs first is left
    # with two triangles, in which nobody can be paired without leaving somebody out.
    rungs = {pair(ADA, DANA), pair(BOB, EVE), pair(CLEO, FAY)}
    unmet = pairs_in((ADA, BOB, CLEO)) | pairs_in((DANA, EVE, FAY)) | rungs
    had = sorted(sorted(two) for two in pairs_in(range(1, 7)) - unmet)
    for seed in range(30):
        play = Play(mentors_and_mentees(6, 0), Rotation("everyone"), seed)
        play.history = History(sum((met_in(number, (one, other)) for number, (one, other) in enumerate(had, 1)), ()))
        play.number = len(had)
        play.rounds(3)
        assert [plan.repeats for plan in play.plans] == [(), (), ()]
        assert {frozenset(group.people) for plan in play.plans for group in plan.groups} == unmet


def test_foresight_leaves_the_given_pairs_where_all_are_as_good() -> None:
    rungs = [(0, 3), (1, 4), (2, 5)]
    prism = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), *rungs]
    ring = [(0, 1), (2, 3), (4, 5)]
    others = [(1, 2), (3, 4), (0, 5)]
    for seed in range(10):
        assert far_sighted(rungs, prism, prism, random.Random(seed), 9) != rungs
        assert far_sighted(ring, [*ring, *others], [*ring, *others], random.Random(seed), 9) == ring


@pytest.mark.parametrize("n", [6, 8, 10, 12, 16])
def test_after_two_rounds_in_any_order_a_standing_circle_still_meets_all_the_others_without_a_repeat(n: int) -> None:
    for seed in range(12):
        order = random.Random(seed).sample(range(1, n + 1), n)
        first = list(zip(order[::2], order[1::2], strict=True))
        second = list(zip(order[1::2], [*order[2::2], order[0]], strict=True))
        play = Play(mentors_and_mentees(n, 0), Rotation("everyone"), seed)
        play.history, play.number = History(met_in(1, *first) + met_in(2, *second)), 2
        assert not faults_of_cycle([first, second, *play.rounds(n - 3)], pairs_in(range(1, n + 1)))


def test_repeats_that_cannot_be_avoided_are_of_those_who_met_longest_ago() -> None:
    past = (
        met_in(1, (ADA, BOB), (CLEO, DANA)) + met_in(2, (ADA, CLEO), (BOB, DANA)) + met_in(3, (ADA, DANA), (BOB, CLEO))
    )
    for seed in range(5):
        three = rules.next_round(
            mentors_and_mentees(4, 0), History(past), Rotation("everyone"), (), number=4, seed=seed
        )
        assert [group.people for group in three.groups] == [(ADA, BOB), (CLEO, DANA)]


def test_without_a_round_robin_to_follow_no_pair_meets_a_third_time_before_others_a_second_nor_too_soon() -> None:
    crossed, outer, odd = ((ADA, CLEO), (BOB, DANA)), ((ADA, DANA), (BOB, CLEO)), met_in(2, (CLEO, DANA))
    for past, best in (
        (met_in(1, *crossed) + met_in(5, *outer), crossed),  # longest ago
        (met_in(1, *crossed) + met_in(3, *crossed) + met_in(5, *outer), outer),  # not for the third time
    ):
        for seed in range(10):
            plan = rules.next_round(
                mentors_and_mentees(4, 0),
                History(past + odd),
                Rotation("everyone"),
                [pair(ADA, BOB)],
                number=6,
                seed=seed,
            )
            assert tuple(group.people for group in plan.groups) == best


# both sides, and how many a mentor takes


def test_whoever_is_both_takes_the_side_that_is_short() -> None:
    two_mentors = [Player(ADA, "mentor"), Player(BOB, "both"), Player(CLEO, "mentee"), Player(DANA, "mentee")]
    two_mentees = [Player(ADA, "mentor"), Player(BOB, "both"), Player(CLEO, "mentor"), Player(DANA, "mentee")]
    for seed in range(8):
        for players, partners in ((two_mentors, {CLEO, DANA}), (two_mentees, {ADA, CLEO})):
            plan = rules.next_round(players, History(), Rotation("mentor-mentee"), (), number=1, seed=seed)
            assert plan.sitting_out == ()
            assert next(set(group.people) - {BOB} for group in plan.groups if BOB in group.people) <= partners


def test_among_people_who_are_all_both_everybody_meets_everybody() -> None:
    play = Play([Player(person, "both") for person in range(1, 7)], Rotation("mentor-mentee"), 3)
    assert not faults_of_cycle(play.rounds(5), pairs_in(range(1, 7)))


def test_where_a_trio_is_needed_too_whoever_is_both_is_placed_once() -> None:
    roles: list[rules.Role] = ["mentor", "mentor", "mentor", "mentee", "mentee", "both", "both"]
    for seed in range(12):
        plan = Play([Player(at, role) for at, role in enumerate(roles, 1)], Rotation("mentor-mentee"), seed).round()
        assert sorted(len(group.people) for group in plan.groups) == [2, 2, 3]
        assert not plan.sitting_out


def test_one_mentor_and_nine_mentees_meet_in_turns_and_the_others_hear_why_not() -> None:
    for capacity, odd, at_once in ((None, "trio", 2), (None, "bye", 1), (1, "trio", 1), (4, "bye", 4)):
        players = [Player(1, "mentor", capacity), *(Player(person, "mentee") for person in range(2, 11))]
        play = Play(players, Rotation("mentor-mentee", odd=odd), 4)  # type: ignore[arg-type]
        first = play.round()
        assert [len(group.people) for group in first.groups] == [1 + at_once]
        assert {sitter.reason for sitter in first.sitting_out} == {"more-mentees"}
        for _ in range(-(-9 // at_once) - 1):
            play.round()
        assert {person for plan in play.plans for group in plan.groups for person in group.people} == set(range(1, 11))


@given(st.integers(1, 6), st.integers(0, 8), st.sampled_from(("trio", "bye")), SEEDS)
@settings(max_examples=25, deadline=None)
def test_nobody_takes_more_than_she_can_and_nobody_waits_while_a_seat_is_free(
    mentors: int, more: int, odd: rules.Odd, seed: int
) -> None:
    chance = random.Random(seed)
    sizes = [chance.choice((None, 1, 2, 3)) for _ in range(mentors)]
    players = [Player(number, "mentor", size) for number, size in enumerate(sizes, 1)]
    players += [Player(number, "mentee") for number in range(mentors + 1, 2 * mentors + more + 1)]
    seats = sum((2 if odd == "trio" else 1) if size is None else size for size in sizes)
    play = Play(players, Rotation("mentor-mentee", odd=odd), seed)
    for _ in range(4):
        assert len(play.round().sitting_out) == max(0, mentors + more - seats)


# a crowd


@given(st.integers(2, 24), st.sampled_from(("trio", "bye")), SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_crowd_is_placed_once_each_without_a_blocked_pair(size: int, odd: rules.Odd, seed: int) -> None:
    chance = random.Random(seed)
    people = tuple(range(1, size + 1))
    walls = frozenset(two for two in pairs_in(people) if chance.random() < chance.choice((0, 0.2)))
    past = sorted((two for two in pairs_in(people) if chance.random() < 0.3), key=sorted)
    history = History(sum((met_in(number, tuple(two)) for number, two in enumerate(past, 1)), ()))
    memory = remember(history, len(past) + 1)
    turnout = Turnout(people, None, walls, memory.turns(people), memory, odd, {})
    groups = crowd.everyone(turnout, random.Random(seed))
    seated = [person for group in groups for person in group]
    assert len(seated) == len(set(seated))
    assert not {two for group in groups for two in pairs_in(group)} & walls
    if not walls:
        assert len(seated) == size - (size % 2 if odd == "bye" or size == 1 else 0)
    few, many = people[: size // 3 + 1], people[size // 3 + 1 :]
    if many:
        crossed = crowd.crossing(turnout, *sorted((few, many), key=len), random.Random(seed))
        seated = [person for group in crossed for person in group]
        assert len(seated) == len(set(seated))
        assert not {two for group in crossed for two in pairs_in(group)} & walls


@pytest.mark.parametrize(
    ("kind", "odd", "people"), [("everyone", "trio", 601), ("everyone", "bye", 601), ("mentor-mentee", "trio", 600)]
)
def test_a_crowd_meets_round_after_round_without_a_repeat(kind: rules.Kind, odd: rules.Odd, people: int) -> None:
    roles = [Player(person, ("mentor", "mentee", "mentee", "both")[person % 4]) for person in range(1, people + 1)]
    walls = [pair(person, person + 2) for person in range(1, people - 1)]
    play = Play(roles, Rotation(kind, odd=odd), 6, walls)
    for _ in range(3):
        plan = play.round(skips=0.1)
        assert not plan.repeats
        assert len(plan.sitting_out) <= int(kind == "everyone" and odd == "bye")


def test_the_pairs_of_a_crowd_cost_near_the_best_even_by_distances_in_which_threes_form() -> None:
    np = pytest.importorskip("numpy")
    chance, size = random.Random(8), 200
    spots = [[chance.randrange(1000) for _ in range(3)] for _ in range(size)]
    costs = np.zeros((size, size), dtype=np.int64)
    for one, other in combinations(range(size), 2):
        apart = sum(abs(here - there) for here, there in zip(spots[one], spots[other], strict=True))
        costs[one, other] = costs[other, one] = apart
    pairs = crowd.near_best(costs)
    assert sorted(place for two in pairs for place in two) == list(range(size))
    edges = [(one, other, int(costs[one, other])) for one, other in combinations(range(size), 2)]
    best = sum(int(costs[two]) for two in cheapest([1] * size, edges))
    assert best <= sum(int(costs[two]) for two in pairs) <= 1.06 * best  # 1.1 without changing partners at the end


def test_what_a_great_crowd_has_had_is_counted_without_listing_all_its_pairs() -> None:
    players = mentors_and_mentees(20_000, 20_000)
    history = History(met_in(1, (1, 20_001), (1 + 1, 3)))
    assert rules.coverage(players, history, Rotation("everyone"), [pair(1, 2)]) == (2, 40_000 * 39_999 // 2 - 1)
    assert rules.coverage(players, history, Rotation("mentor-mentee"), [pair(1, 2), pair(2, 20_001)]) == (
        1,
        20_000 * 20_000 - 1,
    )


# the same answer everywhere


def test_the_same_seed_gives_these_pairs_on_every_machine() -> None:
    past = History(met_in(1, (1, 2), (3, 4), (5, 6)) + met_in(2, (1, 7), (2, 8), (3, 5)), ((2, 4), (2, 6)))
    plan = rules.next_round(mentors_and_mentees(5, 4), past, Rotation("everyone", odd="bye"), (), number=3, seed=11)
    assert ([group.people for group in plan.groups], plan.sitting_out) == EXPECTED["bye"]
    plan = rules.next_round(mentors_and_mentees(3, 5), past, Rotation("mentor-mentee"), (), number=3, seed=11)
    assert ([group.people for group in plan.groups], plan.sitting_out) == EXPECTED["crossing"]
    memory = remember(past, 3)
    people = tuple(range(1, 10))
    turnout = Turnout(people, None, frozenset(), memory.turns(people), memory, "trio", {})
    assert sorted(map(tuple, map(sorted, crowd.everyone(turnout, random.Random(11))))) == EXPECTED["crowd"]


EXPECTED: dict[str, object] = {
    "bye": ([(1, 6), (2, 4), (5, 9), (7, 8)], (SitOut(3, "odd-number"),)),
    "crossing": ([(1, 5, 8), (2, 4, 7), (3, 6)], ()),
    "crowd": [(1, 8, 9), (2, 5), (3, 7), (4, 6)],
}


# refusals


@pytest.mark.parametrize(
    ("history", "what", "number", "people"),
    [
        (History((Placement(2, pair(ADA, BOB), frozenset({pair(ADA, CLEO)})),)), "met-but-not-placed", 2, (ADA, CLEO)),
        (History((Placement(2, pair(ADA, BOB), frozenset({frozenset({ADA})})),)), "met-pair-of-wrong-size", 2, (ADA,)),
        (
            History((Placement(3, frozenset({ADA, BOB, CLEO}), frozenset({frozenset({ADA, BOB, CLEO})})),)),
            "met-pair-of-wrong-size",
            3,
            (ADA, BOB, CLEO),
        ),
        (History(met_in(1, (ADA, BOB), (BOB, CLEO))), "placed-twice", 1, (BOB,)),
        (History(met_in(0, (ADA, BOB))), "no-such-round", 0, (ADA, BOB)),
        (History((), ((-1, ADA),)), "no-such-round", -1, (ADA,)),
        (History(met_in(4, (ADA, BOB)), ((4, BOB),)), "placed-and-sat-out", 4, (BOB,)),
        (History((), ((4, BOB), (4, BOB))), "sat-out-twice", 4, (BOB,)),
        (History((Placement(1, frozenset({ADA, BOB, CLEO}), frozenset(), host=99),)), "host-not-there", 1, (99,)),
        (
            History(
                (
                    Placement(2, frozenset({ADA, BOB, CLEO}), frozenset(), host=ADA),
                    Placement(2, frozenset({DANA, EVE, FAY}), frozenset(), host=ADA),
                )
            ),
            "host-not-there",
            2,
            (ADA,),
        ),
        (History(elsewhere=(frozenset({ADA}),)), "elsewhere-not-two", 0, (ADA,)),
        (History(elsewhere=(frozenset({ADA, BOB, CLEO}),)), "elsewhere-not-two", 0, (ADA, BOB, CLEO)),
    ],
)
def test_a_history_that_contradicts_itself_is_refused_and_says_where(
    history: History, what: str, number: int, people: tuple[int, ...]
) -> None:
    for kind in ("everyone", "mentor-mentee", "tables"):
        with pytest.raises(Contradiction) as no:
            rules.next_round(mentors_and_mentees(3, 3), history, Rotation(kind), (), number=9, seed=1)  # type: ignore[arg-type]
        assert (no.value.what, no.value.number, no.value.people) == (what, number, people)
        assert (f"round {number}" if number or what == "no-such-round" else "in another circle") in str(no.value)
        with pytest.raises(Contradiction):
            rules.forecast(mentors_and_mentees(3, 3), history, Rotation(kind), (), number=9, seed=1, rounds=1)  # type: ignore[arg-type]


def test_somebody_who_left_an_open_round_and_somebody_whose_data_are_gone_make_no_contradiction() -> None:
    left = (Placement(1, frozenset({ADA}), frozenset()), *met_in(1, (BOB, CLEO)), *met_in(2, (ADA, CLEO)))
    plan = rules.next_round(
        mentors_and_mentees(3, 0), History(left, ((1, DANA),)), Rotation("everyone"), (), number=3, seed=1
    )
    assert [group.people for group in plan.groups] == [(ADA, BOB, CLEO)]


@pytest.mark.parametrize(
    ("mentors", "mentees", "rule", "help_", "blocked"),
    [
        (1, 0, "too-few", ("more-people",), ()),
        (0, 3, "no-mentor", ("a-mentor", "everyone"), ()),
        (3, 0, "no-mentee", ("a-mentee", "everyone"), ()),
        (3, 3, "blocked", ("more-people", "fewer-blocks"), pairs_in(range(1, 7))),
    ],
)
def test_a_round_that_is_impossible_says_by_which_rule_for_whom_and_what_would_help(
    mentors: int, mentees: int, rule: str, help_: tuple[str, ...], blocked: set[frozenset[int]]
) -> None:
    players = mentors_and_mentees(mentors, mentees)
    with pytest.raises(NoRound) as no:
        rules.next_round(players, History(), Rotation("mentor-mentee"), blocked, number=1, seed=1)
    assert (no.value.rule, no.value.help) == (rule, help_)
    assert no.value.people == tuple(range(1, mentors + mentees + 1))


def test_numbers_that_no_rotation_can_work_with_are_refused() -> None:
    players, plain = mentors_and_mentees(2, 2), Rotation("everyone")
    for seed, number in ((-1, 1), (2**63, 1), (1, 0), (1, 10_001)):
        with pytest.raises(OutOfRange):
            rules.next_round(players, History(), plain, (), number=number, seed=seed)
    for rounds in (-1, 10_001):
        with pytest.raises(OutOfRange, match="forecast"):
            rules.forecast(players, History(), plain, (), number=1, seed=1, rounds=rounds)
    for capacity in (-1, 8):
        with pytest.raises(OutOfRange, match="0 to 7 people"):
            Player(ADA, "mentor", capacity)


# planted faults


def test_the_second_opinion_sees_a_queue_that_forgets_to_move_on_and_a_mentor_who_takes_too_many() -> None:
    few, many = (1, 2, 3, 4), (5, 6, 7, 8, 9, 10)
    crossing = {pair(one, other) for one in few for other in many}
    assert not faults_of_cycle(queue_method(few, many), crossing)
    forgets = [[(few[at], many[(4 * turn + at) % 6]) for at in range(4)] for turn in range(6)]
    assert faults_of_cycle(forgets, crossing) == {"a pair meets again", "a pair never meets"}
    players = [Player(1, "mentor", 1), Player(2, "mentee"), Player(3, "mentee")]
    trio = rules.RoundPlan((rules.MeetingGroup((1, 2, 3)),), (), ())
    assert faults_of_round(trio, players, History(), Rotation("mentor-mentee"), ()) == {"a group has the wrong size"}
    alone = rules.RoundPlan((rules.MeetingGroup((2, 3)),), (SitOut(1, "blocked"),), ())
    assert "a group has one side only" in faults_of_round(alone, players, History(), Rotation("mentor-mentee"), ())


@pytest.mark.parametrize("seed", range(4))
def test_trios_of_people_from_a_few_institutions_leave_nobody_out_and_repeat_nothing_for_some_rounds(seed):
    homes = [pairs_in(range(first, first + 3)) for first in (7, 10, 13, 16)]
    play = Play(mentors_and_mentees(6, 12), Rotation("mentor-mentee"), seed, set().union(*homes))
    play.rounds(4)
    assert play.byes() == [set()] * 4
    assert [plan.repeats for plan in play.plans] == [()] * 4
