"""Numbers and words that no draw can work with are refused, and the number after the largest one is 1."""

from dataclasses import replace

import pytest
from forming_people import RULES, somebody
from rotation_play import mentors_and_mentees
from test_forming_talk import call

from circles import partition, seeds
from circles.forming.rules import propose
from circles.rotation import rules
from circles.rotation.rules import History, OutOfRange, Player, Rotation

SEEDS_THAT_CANT_BE = (-1, 2**63, 2**64, 10**30, 1.5, 1.0, "x", "1", None, True)


@pytest.mark.parametrize("seed", SEEDS_THAT_CANT_BE)
def test_nothing_is_drawn_by_a_seed_that_could_not_be_told_from_another(seed) -> None:
    people = [somebody(n, ("mentor", "mentee")[n % 2]) for n in range(1, 9)]
    with pytest.raises(ValueError, match="a seed is a whole number from 0 to 9223372036854775807, not "):
        propose(people, replace(RULES, mentors=4, mentees=4), seed)
    for kind in ("everyone", "tables", "mentor-mentee"):
        with pytest.raises(OutOfRange, match="a seed is a whole number"):
            rules.next_round(mentors_and_mentees(2, 2), History(), Rotation(kind), (), number=1, seed=seed)


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1])
def test_seeds_at_both_ends_are_taken(seed) -> None:
    people = [somebody(n, ("mentor", "mentee")[n % 2]) for n in range(1, 9)]
    assert propose(people, replace(RULES, mentors=4, mentees=4), seed).seed == seed
    assert rules.next_round(mentors_and_mentees(2, 2), History(), Rotation("tables"), (), number=1, seed=seed).groups


@pytest.mark.parametrize(("seed", "steps"), [(1.5, 10), ("x", 10), (2**64, 10), (1, 1.5), (1, 0)])
def test_a_partition_takes_whole_numbers_alone(seed, steps) -> None:
    flat = [[int(i != j) for j in range(4)] for i in range(4)]
    with pytest.raises(ValueError, match="whole number"):
        partition.improve([0, 0, 1, 1], flat, partition.Rules(least=[2, 2], most=[2, 2]), seed=seed, steps=steps)


@pytest.mark.parametrize("number", [0, 10_001, 1.5, 1.0, "1", None, True])
def test_rounds_count_in_whole_numbers(number) -> None:
    players = mentors_and_mentees(2, 2)
    with pytest.raises(OutOfRange, match="rounds count from 1 to 10000"):
        rules.next_round(players, History(), Rotation("everyone"), (), number=number, seed=1)
    with pytest.raises(OutOfRange, match="rounds count from 1 to 10000"):
        rules.forecast(players, History(), Rotation("everyone"), (), number=number, seed=1, rounds=1)


@pytest.mark.parametrize("rounds", [-1, 10_001, 1.5, "1", None, True])
def test_a_forecast_shows_whole_rounds(rounds) -> None:
    with pytest.raises(OutOfRange, match="a forecast shows 0 to 10000 rounds"):
        rules.forecast(mentors_and_mentees(2, 2), History(), Rotation("everyone"), (), number=1, seed=1, rounds=rounds)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "tables", "size": 3.5}, "a table has 3 to 8 seats, not 3.5"),
        ({"kind": "tables", "size": 9}, "a table has 3 to 8 seats, not 9"),
        ({"kind": "tables", "size": "4"}, "a table has 3 to 8 seats, not '4'"),
        ({"kind": "speed-dating"}, "a rotation knows mentor-mentee, everyone, tables, not 'speed-dating'"),
        ({"kind": None}, "a rotation knows mentor-mentee, everyone, tables, not None"),
        ({"kind": "everyone", "odd": "quartet"}, "a rotation knows trio, bye, not 'quartet'"),
    ],
)
def test_a_rotation_that_nobody_knows_is_refused(asked, said) -> None:
    with pytest.raises(OutOfRange, match=said):
        Rotation(**asked)


@pytest.mark.parametrize("capacity", [-1, 8, 1.5, "2", True])
def test_room_for_people_is_a_whole_number(capacity) -> None:
    with pytest.raises(OutOfRange, match="0 to 7 people"):
        Player(1, "mentor", capacity)


def test_after_the_largest_number_that_can_be_typed_comes_one(talk):
    assert seeds.following(7) == 8
    call(talk)
    talk.says("ada", "/programme form 2000000000")
    talk.hears("ada", "The same number (2000000000) gives the same circles.")
    talk.presses("ada", "Draw again")
    talk.hears("ada", "The same number (1) gives the same circles.")
