"""Whole cycles and whole years of rotations, and the second opinion that judges them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rotation_play import Play, countable, faults_of_cycle, faults_of_round, mentors_and_mentees, pair, pairs_in

from circles.rotation import rules
from circles.rotation.pairs import circle_method
from circles.rotation.rules import History, MeetingGroup, Placement, Player, Rotation, RoundPlan, SitOut


@given(st.integers(2, 12), st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_every_mentee_meets_every_mentor_exactly_once_in_as_many_rounds_as_there_are_mentors(n: int, seed: int) -> None:
    play = Play(mentors_and_mentees(n, n), Rotation("mentor-mentee"), seed)
    assert not faults_of_cycle(play.rounds(n), countable(play.players, play.rotation))


@pytest.mark.parametrize("n", range(2, 31))
def test_with_an_even_number_or_byes_every_pair_meets_exactly_once_in_one_cycle(n: int) -> None:
    for odd, seed in (("trio", n), ("bye", 7)) if n % 2 == 0 else (("bye", n), ("bye", 7)):
        play = Play(mentors_and_mentees(n, 0), Rotation("everyone", odd=odd), seed)  # type: ignore[arg-type]
        cycle = play.rounds(n if n % 2 else n - 1)
        assert not faults_of_cycle(cycle, countable(play.players, play.rotation))
        assert sorted(person for byes in play.byes() for person in byes) == list(range(1, n + 1)) * (n % 2)


@pytest.mark.parametrize("n", [3, 5, 7, 9, 11, 15, 21, 29])
def test_with_trios_nobody_sits_out_and_all_have_met_within_a_round_less_than_with_byes(n: int) -> None:
    play = Play(mentors_and_mentees(n, 0), Rotation("everyone", odd="trio"), n)
    cycle = play.rounds(n - 1)
    assert all(sorted(len(group) for group in groups) == [2] * (n // 2 - 1) + [3] for groups in cycle)
    assert "a pair never meets" not in faults_of_cycle(cycle, countable(play.players, play.rotation))


@pytest.mark.parametrize(
    ("mentors", "mentees", "odd", "rounds"),
    [
        (4, 7, "trio", 4),  # each mentor takes one or two
        (7, 4, "trio", 4),
        (5, 6, "trio", 5),
        (6, 9, "trio", 6),
        (5, 10, "trio", 5),
        (4, 10, "trio", 5),  # two mentees too many even so
        (4, 7, "bye", 7),
        (7, 4, "bye", 7),
        (4, 6, "bye", 6),
        (5, 9, "bye", 9),
        (4, 10, "bye", 10),
        (8, 22, "bye", 22),
    ],
)
def test_with_unequal_sides_all_still_meet_once_in_the_fewest_rounds(
    mentors: int, mentees: int, odd: rules.Odd, rounds: int
) -> None:
    for seed in range(6):
        play = Play(mentors_and_mentees(mentors, mentees), Rotation("mentor-mentee", odd=odd), seed)
        assert not faults_of_cycle(play.rounds(rounds), countable(play.players, play.rotation))


@pytest.mark.parametrize(("people", "size"), [(12, 3), (16, 4), (25, 5), (30, 3)])
def test_nobody_shares_a_table_twice_in_the_first_three_rounds(people: int, size: int) -> None:
    for seed in range(5):
        play = Play(mentors_and_mentees(people, 0), Rotation("tables", size=size), seed)
        play.rounds(3)
        assert not [plan.repeats for plan in play.plans if plan.repeats]


@pytest.mark.parametrize(
    ("kind", "people", "rounds", "bound"),
    [
        ("everyone", 20, 26, 0.003),
        ("everyone", 12, 24, 0.02),
        ("mentor-mentee", 20, 26, 0.015),
        ("tables", 30, 26, 0.006),
    ],
)
def test_with_newcomers_leavers_and_skips_repeats_stay_rare(
    kind: rules.Kind, people: int, rounds: int, bound: float
) -> None:
    met = again = 0
    for seed in range(4 if kind == "tables" else 12):
        play = Play(mentors_and_mentees(people // 2, people // 2), Rotation(kind, size=3), seed)
        for number in range(rounds):
            keep = [player for player in play.players if play.chance.random() >= 0.1]
            gone = [player for player in play.players if player not in keep]
            play.players = keep + [Player(1000 * (number + 1) + old.id % 1000, old.role) for old in gone]
            meetings = play.rounds(1, skips=0.15, fails=0.05)[0]
            met += sum(len(pairs_in(group) & countable(play.players, play.rotation)) for group in meetings)
            again += len(play.plans[-1].repeats)
    assert again / met <= bound


@pytest.mark.parametrize(
    ("people", "wished", "sizes"),
    [
        (2, 6, [2]),
        (3, 6, [3]),
        (8, 6, [4, 4]),
        (5, 3, [5]),
        (7, 3, [4, 3]),
        (9, 6, [5, 4]),
        (17, 8, [6, 6, 5]),
        (20, 6, [7, 7, 6]),
    ],
)
def test_tables_are_as_near_to_the_wished_size_as_the_number_allows(people: int, wished: int, sizes: list[int]) -> None:
    plan = Play(mentors_and_mentees(people, 0), Rotation("tables", size=wished), 1).round()
    assert sorted((len(group.people) for group in plan.groups), reverse=True) == sizes


# the second opinion itself


def test_the_second_opinion_catches_a_wrong_latin_square_and_an_off_by_one_circle() -> None:
    crossing = countable(mentors_and_mentees(5, 5), Rotation("mentor-mentee"))
    right = [[(mentor, 6 + (mentor + turn) % 5) for mentor in range(1, 6)] for turn in range(5)]
    wrong = [[(mentor, 6 + (mentor * turn) % 5) for mentor in range(1, 6)] for turn in range(5)]
    assert not faults_of_cycle(right, crossing)
    assert faults_of_cycle(wrong, crossing) >= {"somebody is placed twice", "a pair never meets"}
    assert faults_of_cycle([*right[:4], right[0]], crossing) == {"a pair meets again", "a pair never meets"}
    everyone = pairs_in(range(1, 9))
    turned_by_eight = [[((turn + i) % 8 + 1, (turn - i) % 8 + 1) for i in range(1, 4)] for turn in range(8)]
    assert not faults_of_cycle(circle_method(range(1, 9)), everyone)
    assert faults_of_cycle(circle_method(range(1, 9))[:-1], everyone) == {"a pair never meets"}
    assert faults_of_cycle(turned_by_eight, everyone) == {"a pair meets again", "a pair never meets"}


@pytest.mark.parametrize(
    ("groups", "sitting", "repeats", "fault"),
    [
        ([(1, 3), (1, 4)], [2], [], "somebody is placed twice"),
        ([(1, 3)], [2], [], "somebody is lost"),
        ([], [1, 2, 3, 4], [], "nobody meets"),
        ([(2, 3), (1, 4)], [], [], "a blocked pair meets"),
        ([(1, 3), (2, 4)], [], [], "the repeats are wrong"),
        ([(3, 1), (2, 4)], [], [(1, 3)], "a mentor isn't first"),
        ([(1, 2, 3, 4)], [], [(1, 3)], "a group has the wrong size"),
        ([(1, 2), (3, 4)], [], [], "a group has one side only"),
    ],
)
def test_the_second_opinion_catches_each_broken_promise(
    groups: list[tuple[int, ...]], sitting: list[int], repeats: list[tuple[int, int]], fault: str
) -> None:
    plan = RoundPlan(
        tuple(MeetingGroup(group) for group in groups),
        tuple(SitOut(person, "blocked") for person in sitting),
        tuple(pair(*two) for two in repeats),
    )
    past = History((Placement(1, pair(1, 3), frozenset({pair(1, 3)})),))
    faults = faults_of_round(plan, mentors_and_mentees(2, 2), past, Rotation("mentor-mentee"), [pair(2, 3)])
    assert fault in faults
