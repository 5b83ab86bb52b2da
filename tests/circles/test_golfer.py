"""Plans for fixed rosters keep their one promise, as judged by a second opinion that shares no code with them."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.rotation import golfer
from circles.rotation.fields import arithmetic

Weeks = Sequence[Sequence[Sequence[int]]]
BEST_KNOWN = Path(__file__).parents[1] / "benchmarks" / "data" / "golfer_best_known.csv"
SHAPES = [
    (int(row["groups"]), int(row["group_size"]), int(row["best_known_weeks"]))
    for row in csv.DictReader(BEST_KNOWN.read_text().splitlines())
]


def faults(weeks: Weeks, sizes: Sequence[int]) -> set[str]:
    """A second opinion on a schedule for tables of these sizes: every promise it breaks."""
    people = range(sum(sizes))
    had: Counter[tuple[int, int]] = Counter()
    found = set()
    for week in weeks:
        seats = [person for table in week for person in table]
        if sorted(seats) != list(people):
            found.add("a week isn't everybody once")
        if sorted(map(len, week)) != sorted(sizes):
            found.add("a table has the wrong size")
        for table in week:
            had.update((one, other) for one in table for other in table if one < other)
    if any(times > 1 for times in had.values()):
        found.add("two meet again")
    return found


@pytest.mark.parametrize(("groups", "size", "known"), SHAPES)
def test_a_plan_is_sound_and_as_long_as_the_longest_known(groups: int, size: int, known: int) -> None:
    weeks = golfer.plan(groups, size)
    assert not faults(weeks, [size] * groups)
    assert len(weeks) == known


def test_the_published_table_is_read_whole() -> None:
    assert len(SHAPES) == 61
    assert {(8, 4, 10), (20, 5, 21), (12, 6, 13), (2, 2, 3)} <= set(SHAPES)


@given(st.integers(1, 26), st.integers(2, 8))
@settings(max_examples=60, deadline=None)
def test_any_shape_has_a_sound_plan_of_at_least_a_week_and_the_longest_is_first(groups: int, size: int) -> None:
    known = golfer.plans(groups, size)
    assert known[0] == golfer.plan(groups, size)
    assert [len(weeks) for weeks in known] == sorted((len(weeks) for weeks in known), reverse=True)
    assert known[-1]
    assert not any(faults(weeks, [size] * groups) for weeks in known)


@given(st.integers(3, 110), st.integers(3, 8))
@settings(max_examples=60, deadline=None)
def test_any_number_of_people_has_sound_weeks_at_tables_that_differ_by_at_most_one(people: int, size: int) -> None:
    groups = max(1, people // size)
    sizes = [people // groups + (at < people % groups) for at in range(groups)]
    assert not faults(golfer.seatings(people, groups), sizes)


@pytest.mark.parametrize(
    ("people", "groups", "weeks"),
    [
        (31, 8, 10),  # one empty seat costs nothing
        (30, 8, 10),  # nor do two, at the seats of a pair that never meets
        (29, 8, 7),
        (26, 6, 1),
        (25, 7, 8),
        (23, 5, 5),
        (28, 9, 9),
        (37, 12, 12),
    ],
)
def test_empty_seats_leave_most_weeks(people: int, groups: int, weeks: int) -> None:
    assert len(golfer.seatings(people, groups)) >= weeks


@pytest.mark.parametrize(("groups", "size"), [(0, 3), (-1, 4), (3, 1), (3, 0)])
def test_a_plan_without_a_table_or_with_one_seat_is_refused(groups: int, size: int) -> None:
    with pytest.raises(ValueError, match="a plan needs a table and two seats"):
        golfer.plan(groups, size)


@pytest.mark.parametrize("order", [2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 20, 25, 27, 32])
def test_the_arithmetic_of_an_order_is_that_of_its_fields(order: int) -> None:
    plus, times = arithmetic(order)
    numbers = range(order)
    is_field = order not in {12, 15, 20}
    one = next(x for x in numbers if all(times(x, y) == y for y in numbers))
    for x in numbers:
        assert plus(x, 0) == x
        assert sorted(plus(x, y) for y in numbers) == list(numbers)
        if is_field and x:
            assert sorted(times(x, y) for y in numbers) == list(numbers)
    for x in range(0, order, 2):
        for y in numbers:
            assert times(x, y) == times(y, x)
            assert times(x, plus(y, one)) == plus(times(x, y), x)


# the second opinion itself


def test_the_second_opinion_catches_an_off_by_one_and_a_broken_latin_square() -> None:
    right = golfer.plan(5, 5)
    assert not faults(right, [5] * 5)
    square = [[[column * 5 + (x + column * week) % 5 for column in range(5)] for x in range(5)] for week in range(5)]
    assert not faults(square, [5] * 5)
    not_latin = [[[column * 5 + (x + column * week) % 4 for column in range(5)] for x in range(5)] for week in range(5)]
    assert faults(not_latin, [5] * 5) >= {"a week isn't everybody once", "two meet again"}
    even = [[[column * 6 + (x + column * week) % 6 for column in range(3)] for x in range(6)] for week in range(6)]
    assert faults(even, [3] * 6) == {"two meet again"}
    late = [list(week) for week in golfer.plan(8, 4)]
    late[9] = late[8]
    assert faults(late, [4] * 8) == {"two meet again"}
    moved_too_far = [
        [[(p + 1) % 25 for p in table] for table in week] if at == 3 else week for at, week in enumerate(right)
    ]
    assert faults(moved_too_far, [5] * 5) == {"two meet again"}
    assert faults([week[:-1] for week in right], [5] * 5) == {
        "a week isn't everybody once",
        "a table has the wrong size",
    }
    assert faults([[[0, 1, 2], [3]]], [2, 2]) == {"a table has the wrong size"}
