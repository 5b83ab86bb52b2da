"""Where many keep apart as many as possible have a seat, few of them in twos, and organisers hear what would help."""

import random
from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rotation_play import Play, mentors_and_mentees, pair, pairs_in
from rounds_people import term

from circles.rotation import rules
from circles.rotation.rules import History, Rotation

Walls = frozenset[frozenset[int]]


def institutions(*sizes: int) -> Walls:
    """The pairs within each of some institutions; people are 1, 2, ... in their order."""
    walls, first = set[frozenset[int]](), 1
    for size in sizes:
        walls |= pairs_in(range(first, first + size))
        first += size
    return frozenset(walls)


def strangers(people: int, share: float, seed: int) -> Walls:
    """A share of all pairs, by chance."""
    pairs = sorted(pairs_in(range(1, people + 1)), key=sorted)
    return frozenset(random.Random(seed).sample(pairs, round(share * len(pairs))))


def most_seats(people: int, walls: Walls) -> tuple[int, int]:
    """How many can be seated, and how few of them in twos then, by trying every table: slow, and plainly right."""
    tables = [
        frozenset(table)
        for size in range(2, min(people, 8) + 1)
        for table in combinations(range(1, people + 1), size)
        if walls.isdisjoint(pairs_in(table))
    ]

    @cache
    def best(left: frozenset[int]) -> tuple[int, int]:
        if not left:
            return 0, 0
        first = min(left)
        found = [best(left - {first})]
        for table in tables:
            if first in table and table <= left:
                seats, twos = best(left - table)
                found.append((seats + len(table), twos - 2 * (len(table) == 2)))
        return max(found)

    seats, twos = best(frozenset(range(1, people + 1)))
    return seats, -twos


def counted(plan: rules.RoundPlan) -> tuple[int, int]:
    """How many a round seats, and how many of them in twos."""
    sizes = [len(group.people) for group in plan.groups]
    return sum(sizes), 2 * sizes.count(2)


def sizes_of(plan: rules.RoundPlan) -> list[int]:
    return sorted(len(group.people) for group in plan.groups)


@given(st.integers(3, 10), st.sampled_from((0.3, 0.5, 0.6, 0.7, 0.8, 0.9)), st.integers(3, 6), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_no_seating_has_more_seats_or_as_many_and_fewer_in_twos(people, share, size, seed) -> None:
    walls = strangers(people, share, seed)
    most = most_seats(people, walls)
    play = Play(mentors_and_mentees(people, 0), Rotation("tables", size=size), seed, walls)
    if most[0]:
        assert [counted(play.round()) for _ in range(2)] == [most, most]


@pytest.mark.parametrize("seed", range(6))
def test_twelve_people_are_all_seated_where_trying_every_way_seats_them(seed: int) -> None:
    walls = strangers(12, (0.5, 0.6, 0.75)[seed % 3], seed)
    play = Play(mentors_and_mentees(12, 0), Rotation("tables", size=4), seed, walls)
    assert counted(play.round()) == most_seats(12, walls)


@pytest.mark.parametrize(
    ("homes", "sizes"),
    [
        ((15, 15), [2] * 15),
        ((14, 14, 2), [2] * 12 + [3] * 2),
        ((20, 5, 5), [2] * 10),
        ((13, 10, 7), [2] * 9 + [3] * 4),
        ((10, 10, 10), [3] * 10),
        ((25, 20, 15), [2] * 15 + [3] * 10),
        ((6, 6, 6, 6, 6), [5] * 6),
    ],
)
def test_people_of_few_institutions_are_seated_as_many_as_can_be(homes: tuple[int, ...], sizes: list[int]) -> None:
    for seed in (1, 2):
        play = Play(mentors_and_mentees(sum(homes), 0), Rotation("tables", size=6), seed, institutions(*homes))
        assert sizes_of(play.round()) == sizes


def test_fifteen_and_fifteen_meet_somebody_new_in_each_of_fifteen_rounds() -> None:
    play = Play(mentors_and_mentees(30, 0), Rotation("tables", size=6), 3, institutions(15, 15))
    for _ in range(15):
        plan = play.round()
        assert (sizes_of(plan), plan.repeats) == ([2] * 15, ())


def test_who_may_meet_one_person_only_sits_with_her_and_the_others_at_whole_tables() -> None:
    walls = [pair(1, other) for other in range(3, 21)]
    for seed in range(3):
        plan = Play(mentors_and_mentees(20, 0), Rotation("tables", size=6), seed, walls).round()
        assert sizes_of(plan) == [2, 6, 6, 6]


def test_where_few_can_sit_at_once_they_take_turns() -> None:
    walls = pairs_in(range(2, 8))  # only person 1 may meet the others
    play = Play(mentors_and_mentees(7, 0), Rotation("tables", size=3), 2, walls)
    assert sorted(people for (people,) in play.rounds(6)) == [(1, other) for other in range(2, 8)]


def test_who_sat_out_has_a_seat_next_time_and_all_sit_out_equally_often() -> None:
    play = Play(mentors_and_mentees(9, 0), Rotation("tables", size=4), 4, institutions(5, 2, 2))
    out = [sitter.person for _ in range(10) for sitter in play.round().sitting_out]
    assert sorted(out) == sorted([1, 2, 3, 4, 5] * 2)
    assert sorted(out[:5]) == [1, 2, 3, 4, 5]


def test_a_forecast_of_tables_and_twos_names_hosts_of_tables_alone() -> None:
    for homes in ((13, 10, 7), (6, 13, 9)):
        cast = rules.forecast(
            mentors_and_mentees(sum(homes), 0),
            History(),
            Rotation("tables", size=6),
            institutions(*homes),
            number=1,
            seed=1,
            rounds=6,
        )
        for plan in cast.rounds:
            assert all((group.host in group.people) == (len(group.people) > 2) for group in plan.groups)


# --- what an organiser reads ------------------------------------------------------------------------------------------


def at_home(*homes: str) -> dict[str, dict[str, str]]:
    return {f"w{n}": {"institution": home} for n, home in enumerate(homes)}


def previewed(talk, homes: tuple[str, ...], **settings: object) -> str:
    term(
        talk,
        ("w0",),
        tuple(f"w{n}" for n in range(1, len(homes))),
        profiles=at_home(*homes),
        **({"rotation": "tables", "table_size": 4} | settings),
    )
    talk.says("ada", "/programme rounds preview")
    return talk.hears("ada", "Jasmine: round 1").words


def test_an_organiser_hears_how_many_an_institution_leaves_out_and_what_would_help(talk):
    said = previewed(talk, ("Birzeit",) * 6 + ("MIT",) * 2)
    assert "4 people sit out, because too few people can meet." in said
    assert "4 people meet in twos, because too few people can meet at larger tables." in said
    assert (
        "/programme settings across-institutions no lets people of one institution meet; then 0 would sit out, and 0 "
        "meet in twos." in said
    )
    assert "/programme form shows who waits" in said
    talk.says("ada", "/programme settings across-institutions no")
    talk.says("ada", "/programme rounds preview")
    assert "sit out, because" not in talk.hears("ada", "Jasmine: round 1").words


def test_pairs_among_everybody_hear_it_too_and_mentors_and_mentees_do_not(talk):
    assert "4 people sit out, because" in previewed(talk, ("Birzeit",) * 6 + ("MIT",) * 2, rotation="everyone")
    talk.says("ada", "/programme settings rotation mentor-mentee")
    talk.says("ada", "/programme rounds preview")
    assert "because nobody is free" not in talk.hears("ada", "Jasmine: round 1").words


def test_where_nobody_is_left_out_nothing_is_said_of_it(talk):
    said = previewed(talk, ("Birzeit", "MIT") * 2 + ("AUC", "NYU") * 2)
    assert "because nobody is free" not in said
    assert "in twos" not in said
    assert "would help, too" not in said
