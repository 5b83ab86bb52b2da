"""Circles that run: free seats for people who wait, two circles as one, one as two; read by an independent checker."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from random import Random

import pytest
from forming_people import RULES, any_rules, is_circle, may_meet, members, pairs, somebody, twenty_six
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.forming.values import Candidate, FormingRules, Role, Seat, Weights
from circles.tending import mending, refilling, splitting

few = settings(deadline=None, max_examples=60)


@st.composite
def running(draw: st.DrawFn, most: int = 14) -> tuple[list[list[Seat]], list[Candidate]]:
    """Up to three circles, as they happen to be by now, and people who wait."""
    people = draw(members(most))
    circles: list[list[Seat]] = [[] for _ in range(draw(st.integers(1, 3)))]
    for person in people:
        at = draw(st.integers(-1, len(circles) - 1))
        if at >= 0:
            circles[at].append(Seat(person.id, draw(st.sampled_from(person.roles))))
    return circles, people


# --- an independent reading -------------------------------------------------------------------------------------------


def has_seat(
    person: Candidate, role: Role, there: Sequence[Seat], before: Sequence[Seat], people, rules: FormingRules
) -> bool:
    """Whether somebody may join the people of a circle, which was once as `before`."""
    known = {one.id: one for one in people}
    languages = [set(known[seat.person].languages) for seat in before]
    spoken = [set(known[seat.person].languages) for seat in there]
    return (
        bool(there)
        and person.stance in {role, "both"}
        and sum(seat.role == role for seat in there) < (rules.mentors if role == "mentor" else rules.mentees)
        and all(may_meet(person, known[seat.person], rules) for seat in there)
        and (not set.intersection(*languages) or bool(set.intersection(set(person.languages), *spoken)))
    )


def most_seated(circles, people, rules) -> set[tuple[int, ...]]:
    """Every set of waiting people who could sit at once, of those that are largest; by trying everything."""
    sitting = {seat.person for circle in circles for seat in circle}
    waiting = [person for person in people if person.id not in sitting]
    options = [(None, *product(range(len(circles)), person.roles)) for person in waiting]
    found: set[tuple[int, ...]] = {()}
    for choice in product(*options):
        chosen = [(person, place) for person, place in zip(waiting, choice, strict=True) if place]
        if len(chosen) < max(map(len, found)):
            continue
        now = [list(circle) for circle in circles]
        for person, (at, role) in chosen:
            if not circles[at] or not has_seat(person, role, now[at], circles[at], people, rules):
                break
            now[at].append(Seat(person.id, role))
        else:
            found.add(tuple(person.id for person, _place in chosen))
    return {one for one in found if len(one) == max(map(len, found))}


def overlooked(done, circles, people, rules):
    """Whoever waits although a seat is free for her, or held by a newcomer who is behind her in the queue."""
    known = {person.id: person for person in people}
    new = {one.person for one in done.joining if one.came_from is None}
    for waiting, at in product((known[one.person] for one in done.waiting), range(len(circles))):
        now = list(done.circles[at].seats)
        for role in waiting.roles if circles[at] else ():
            if has_seat(waiting, role, now, circles[at], people, rules):
                yield waiting.id, at, role
            for seat in now:
                rest = [one for one in now if one != seat]
                keeps_roles = {s.role for s in rest} | {role} >= {s.role for s in circles[at]}
                is_behind = seat.person in new and known[seat.person].waiting_since > waiting.waiting_since
                if is_behind and keeps_roles and has_seat(waiting, role, rest, circles[at], people, rules):
                    yield waiting.id, at, role, seat.person


# --- free seats -------------------------------------------------------------------------------------------------------


@given(running(), any_rules(), st.integers(0, 3), st.integers(0, 3))
@few
def test_who_joins_breaks_no_rule_and_those_who_sit_stay(case, rules, seed, moves):
    circles, people = case
    done = refilling.refill(circles, people, rules, seed, moves=moves)
    known = {person.id: person for person in people}
    after = [list(circle.seats) for circle in done.circles]
    ids = [seat.person for circle in after for seat in circle]
    assert len(ids) == len(set(ids))
    assert {seat.person for circle in circles for seat in circle} <= set(ids)
    assert sorted({*ids, *(one.person for one in done.waiting)}) == sorted(known)
    newly = {one.person: one for one in done.joining}
    moved = [one for one in done.joining if one.came_from is not None]
    assert len(moved) <= moves
    for at, (before, now) in enumerate(zip(circles, after, strict=True)):
        assert {s for s in before if s.person not in newly} == {s for s in now if s.person not in newly}
        assert {s.person for s in now} - {s.person for s in before} == {
            p for p, one in newly.items() if one.circle == at
        }
        for seat in now:
            if seat.person in newly:
                others = [one for one in now if one != seat]
                assert others
                assert has_seat(known[seat.person], seat.role, others, before, people, rules)
        assert not before or len(now) >= len(before)
        assert not before or {s.person for s in now} & {s.person for s in before}
        if {seat.role for seat in before} == {"mentor", "mentee"}:
            assert {seat.role for seat in now} == {"mentor", "mentee"}


@given(running(), any_rules(), st.integers(0, 3), st.integers(0, 2))
@few
def test_nobody_waits_who_could_take_a_free_seat_or_the_seat_of_a_newcomer_behind_her(case, rules, seed, moves):
    circles, people = case
    rules = replace(rules, mentors=3, mentees=3)
    done = refilling.refill(circles, people, rules, seed, moves=moves)
    assert list(overlooked(done, circles, people, rules)) == []


@given(running(9), any_rules(), st.integers(0, 3))
@few
def test_as_many_as_possible_are_seated_and_of_those_the_first_of_the_queue(case, rules, seed):
    circles, people = case
    people = [replace(person, waiting_since=person.id) for person in people]
    if sum(len(circle) for circle in circles) + 6 < len(people):
        people = [one for one in people if one.id in {s.person for c in circles for s in c} or one.id < 7]
    done = refilling.refill(circles, people, rules, seed)
    assert tuple(sorted(one.person for one in done.joining)) == min(most_seated(circles, people, rules))


@given(running(), any_rules(), st.integers(0, 3), st.integers(0, 2), st.randoms(use_true_random=False))
@few
def test_the_order_in_which_people_and_circles_are_handed_in_changes_nothing(case, rules, seed, moves, chance):
    circles, people = case
    circles = [circle for circle in circles if circle]
    one = refilling.refill(circles, people, rules, seed, moves=moves)
    order = list(range(len(circles)))
    chance.shuffle(order)
    mixed = [chance.sample(circles[at], len(circles[at])) for at in order]
    other = refilling.refill(mixed, chance.sample(people, len(people)), rules, seed, moves=moves)
    assert [other.circles[order.index(at)] for at in range(len(circles))] == list(one.circles)
    assert [(j.person, order[j.circle], j.role, j.why) for j in other.joining] == [
        (j.person, j.circle, j.role, j.why) for j in one.joining
    ]
    assert (one.waiting, one.points_after) == (other.waiting, other.points_after)


@given(running(), any_rules(), st.integers(0, 3))
@few
def test_moving_people_seats_never_fewer(case, rules, seed):
    circles, people = case
    seated = [len(refilling.refill(circles, people, rules, seed, moves=moves).waiting) for moves in (0, 1, 3)]
    assert seated[0] >= seated[1] >= seated[2]


def test_a_move_seats_one_more_and_is_named():
    rules = FormingRules(day=RULES.day, mentors=3, mentees=3, across_institutions=True)
    one = [somebody(n, "mentor" if n < 4 else "mentee", languages=["ar", "en"]) for n in range(1, 7)]
    two = [somebody(n, "mentor" if n < 10 else "mentee", institution="AUB" if n == 7 else "") for n in range(7, 11)]
    waits = somebody(20, "mentor", institution="aub", languages=["fr", "en"])
    full = [Seat(p.id, p.stance) for p in one]
    open_ = [Seat(p.id, p.stance) for p in two]
    third = [somebody(11, "mentee"), somebody(12, "mentee")]
    three = [Seat(p.id, p.stance) for p in third]
    people = [*one, *two, *third, waits]
    rules = replace(rules, apart=pairs((11, 20), (12, 20)))
    assert refilling.refill([full, open_, three], people, rules, 1).joining == ()
    moved = refilling.refill([full, open_, three], people, rules, 1, moves=1)
    assert [(one.person, one.came_from, one.circle) for one in moved.joining] == [(7, 1, 2), (20, None, 1)]
    with pytest.raises(ValueError, match="three people"):
        refilling.refill([full], people, rules, 1, moves=4)


def test_a_chain_moves_no_more_people_than_are_allowed():
    rules = FormingRules(day=RULES.day, mentors=1, mentees=5, apart=pairs((10, 4), (10, 6), (10, 7), (1, 6)))
    people = [somebody(n, "mentor" if n in {1, 3, 10} else "mentee") for n in (1, 2, 3, 4, 6, 7, 10)]
    circles = [[Seat(1, "mentor"), Seat(2, "mentee")], [Seat(3, "mentor"), Seat(4, "mentee")]]
    circles.append([Seat(6, "mentee"), Seat(7, "mentee")])
    assert refilling.refill(circles, people, rules, 1, moves=1).joining == ()
    done = refilling.refill(circles, people, rules, 1, moves=2)
    assert [(one.person, one.came_from, one.circle) for one in done.joining] == [(1, 0, 1), (3, 1, 2), (10, None, 0)]


def test_the_last_one_of_a_circle_is_not_moved_out_of_it():
    rules = FormingRules(day=RULES.day, mentors=1, mentees=5, apart=pairs((10, 4), (10, 6)))
    people = [somebody(n, "mentor" if n in {3, 10} else "mentee") for n in (3, 4, 6, 10)]
    circles = [[Seat(3, "mentor"), Seat(4, "mentee")], [Seat(6, "mentee")]]
    assert refilling.refill(circles, people, rules, 1, moves=3).joining == ()


def test_wishes_choose_the_seat_and_a_small_circle_is_filled_before_a_large_one():
    rules = FormingRules(day=RULES.day, overlap_hours=0)
    r = [somebody(n, "mentor" if n % 2 else "mentee", offers=["R"], wants=["R"]) for n in range(1, 9)]
    law = [somebody(n, "mentor" if n % 2 else "mentee", offers=["law"], wants=["law"]) for n in range(11, 19)]
    circles = [[Seat(p.id, p.stance) for p in some] for some in (r, law)]
    waiting = [somebody(31, "mentee", wants=["law"]), somebody(32, "mentee", wants=["R"])]
    done = refilling.refill(circles, [*r, *law, *waiting], rules, 1)
    assert [(one.person, one.circle, one.why.code, one.why.topic) for one in done.joining] == [
        (31, 1, "finds", "law"),
        (32, 0, "finds", "R"),
    ]
    assert done.points_after > done.points_before
    shrunk = [circles[0], circles[0][:0] + [Seat(p.id, p.stance) for p in law[:4]]]
    anybody = [somebody(31, "mentee")]
    assert refilling.refill(shrunk, [*r, *law[:4], *anybody], rules, 1).joining[0].circle == 1


def test_a_small_circle_is_filled_first_whichever_wish_weighs_most():
    rules = FormingRules(
        day=RULES.day,
        across_institutions=False,
        weights=Weights(topics=0, hours=0, institutions=9, stages=0, interests=0),
    )
    people = [somebody(n, "mentor" if n % 2 else "mentee", institution=f"I{n}") for n in range(1, 13)]
    circles = [[Seat(p.id, p.stance) for p in some] for some in (people[:8], people[8:])]
    waits = somebody(20, "mentor", institution="I9")
    assert [one.circle for one in refilling.refill(circles, [*people, waits], rules, 1).joining] == [1]


def test_a_waiting_list_that_could_be_a_circle_of_its_own_is_said_so():
    waiting = [somebody(n, "mentor" if n % 2 else "mentee") for n in range(1, 9)]
    assert refilling.refill([], waiting, RULES, 1).could_form
    assert not refilling.refill([], waiting[:5], RULES, 1).could_form
    assert not refilling.refill([], waiting, replace(RULES, blocked=pairs((1, 2))), 1).could_form


def test_nobody_is_put_into_a_circle_that_nobody_is_left_in():
    done = refilling.refill([[]], [somebody(1)], RULES, 1)
    assert (done.joining, [one.reason for one in done.waiting]) == ((), ["no-circle"])


@pytest.mark.parametrize("seats", [4, 5])
def test_a_crowd_is_refilled_without_passing_over_anybody(seats):
    rules = FormingRules(day=RULES.day, mentors=seats, mentees=seats)
    rng = Random(5)
    people = [somebody(n, rng.choice(["mentor", "mentee"]), institution=f"I{rng.randrange(60)}") for n in range(1, 301)]
    circles: list[list[Seat]] = []
    for person in people[:200]:
        for circle in circles:
            if len(circle) < 7 and has_seat(person, person.stance, circle, circle, people, rules):
                circle.append(Seat(person.id, person.stance))
                break
        else:
            circles.append([Seat(person.id, person.stance)])
    done = refilling.refill(circles, people, rules, 1)
    assert len(done.joining) > 25
    assert len(done.waiting) > 5
    assert list(overlooked(done, circles, people, rules)) == []


@pytest.mark.no_cover  # a long search, or a long year
@pytest.mark.no_cover  # long, and others try the same lines
def test_a_chain_may_be_as_long_as_a_long_queue():
    people = [somebody(n, institution=f"I{n}") for n in range(1, 1221)]
    circles = [[Seat(n, "mentor"), Seat(n + 1, "mentee")] for n in range(1, 121, 2)]
    rules = replace(RULES, mentors=10, mentees=10)
    done = refilling.refill(circles, people, rules, 1)
    assert len(done.joining) == 60 * 18
    assert [one.person for one in done.waiting] == list(range(1201, 1221))


# --- two circles as one -----------------------------------------------------------------------------------------------


@given(running(16), any_rules())
@few
def test_a_merge_breaks_no_rule_that_was_kept_before_and_seats_everybody(case, rules):
    circles, people = case
    one, other = (circles * 2)[:2]
    if not one or not other or one is other:
        return
    known = {person.id: person for person in people}
    merged = mending.merge(one, other, people, rules)
    assert merged == mending.merge(one[::-1], other[::-1], people[::-1], rules)
    assert replace(merged, stays=merged.joins, joins=merged.stays) == mending.merge(other, one, people, rules)
    assert len((one, other)[merged.stays]) >= len((one, other)[merged.joins])
    across = [(a, b) for a, b in product(one, other) if not may_meet(known[a.person], known[b.person], rules)]
    here = [known[seat.person] for seat in (*one, *other)]
    spoken = [[set(known[seat.person].languages) for seat in seats] for seats in (one, other)]
    lost_language = all(set.intersection(*all_) for all_ in spoken) and not set.intersection(*spoken[0], *spoken[1])
    if merged.circle is None:
        assert merged.problems
        assert across or lost_language or not could_sit(one, other, known, rules)
        return
    assert not across
    assert not lost_language
    seats = merged.circle.seats
    assert {seat.person for seat in seats} == {person.id for person in here}
    assert all(known[seat.person].stance in {seat.role, "both"} for seat in seats)
    changed = {seat.person for seat in seats} - {s.person for s in seats if s in [*one, *other]}
    assert changed == set(merged.other_role)
    for role, most in (("mentor", rules.mentors), ("mentee", rules.mentees)):
        had = max(sum(seat.role == role for seat in circle) for circle in (one, other))
        assert sum(seat.role == role for seat in seats) <= max(most, had)


def could_sit(one, other, known, rules) -> bool:
    """Whether there is a seat for everybody of two circles, whoever can do both in either."""
    stances = [known[seat.person].stance for seat in (*one, *other)]
    mentors, mentees, both = (stances.count(stance) for stance in ("mentor", "mentee", "both"))
    fits = mentors <= rules.mentors and mentees <= rules.mentees and len(stances) <= rules.mentors + rules.mentees
    return fits and mentors < len(stances) and mentees < len(stances) and both >= 0


def test_a_merge_that_cannot_be_names_the_rule_and_never_a_private_request():
    people = [somebody(n, "mentor" if n % 2 else "mentee", institution=f"I{n}") for n in range(1, 9)]
    one, other = ([Seat(p.id, p.stance) for p in some] for some in (people[:4], people[4:]))
    private = mending.merge(one, other, people, replace(RULES, blocked=pairs((1, 5))))
    assert [(p.rule, p.people, p.help) for p in private.problems] == [("blocks", (), "another-circle")]
    colleagues = [replace(p, institution="AUB") if p.id in {2, 7} else p for p in people]
    assert [(p.rule, set(p.people)) for p in mending.merge(one, other, colleagues, RULES).problems] == [
        ("institution", {2, 7})
    ]
    tight = replace(RULES, mentors=3, mentees=4)
    assert [(p.rule, p.role, p.help) for p in mending.merge(one, other, people, tight).problems] == [
        ("seats", "mentor", "free-a-seat")
    ]
    french = [replace(p, languages=frozenset({"fr"})) if p.id > 4 else p for p in people]
    assert [p.rule for p in mending.merge(one, other, french, RULES).problems] == ["language"]
    assert mending.merge(one, other, people, replace(RULES, blocked=pairs((1, 2)))).circle is not None


def test_who_can_do_both_changes_her_role_where_a_merge_needs_it():
    people = [somebody(n, "both" if n in {1, 5} else "mentor" if n % 2 else "mentee") for n in range(1, 9)]
    one, other = ([Seat(p.id, "mentor" if p.id % 2 else "mentee") for p in some] for some in (people[:4], people[4:]))
    merged = mending.merge(one, other, people, replace(RULES, mentors=3, mentees=5))
    assert merged.circle is not None
    assert merged.other_role == (5,)
    assert is_circle(merged.circle.seats, people, replace(RULES, mentors=3, mentees=5))


def test_each_shrunk_circle_is_matched_with_the_partner_of_most_points():
    def some(first, many, topic):
        return [
            somebody(n, "mentor" if n % 2 else "mentee", offers=[topic], wants=[topic])
            for n in range(first, first + many)
        ]

    groups = [some(1, 3, "R"), some(11, 6, "law"), some(21, 6, "R"), some(31, 5, "law"), some(41, 12, "R"), []]
    circles = [[Seat(p.id, p.stance) for p in group] for group in groups]
    people = [person for group in groups for person in group]
    small = replace(RULES, mentors=6, mentees=6)
    worth = mending.merges_worth_asking(circles, people, small)
    assert [(one.circle, one.partner, one.is_pressing) for one in worth] == [(0, 2, True), (3, 1, False)]
    assert mending.merges_worth_asking(circles, people, replace(small, overlap_hours=24)) == ()
    full = replace(small, mentors=2)
    assert mending.merges_worth_asking([circles[0], circles[3]], people, full) == ()
    alone = [replace(p, languages=frozenset({"fr" if p.id < 10 else "en"})) for p in people]
    assert [one.circle for one in mending.merges_worth_asking(circles, alone, small)] == [3]
    lost = [replace(p, languages=frozenset({"ar"})) if p.id == 1 else p for p in people]
    assert mending.merges_worth_asking(circles, lost, small)[0].partner == 2
    two = mending.merges_worth_asking([circles[0], circles[3]], people, small)
    assert [(one.circle, one.partner) for one in two] == [(0, 1)]


# --- one circle as two ------------------------------------------------------------------------------------------------


@given(running(20), any_rules(), st.integers(0, 3))
@settings(deadline=None, max_examples=25)
def test_both_halves_are_circles_of_six_or_more(case, rules, seed):
    circles, people = case
    circle = max(circles, key=len)
    rules = replace(rules, blocked=frozenset(), mentors=10, mentees=10)
    divided = splitting.split(circle, people, rules, seed)
    if not divided.circles:
        assert divided.problems
        return
    known = {person.id: person for person in people}
    halves = [half.seats for half in divided.circles]
    assert sorted(s.person for half in halves for s in half) == sorted(s.person for s in circle)
    assert len(halves[0]) >= len(halves[1])
    before = {
        frozenset((a.person, b.person))
        for a, b in combinations(circle, 2)
        if not may_meet(known[a.person], known[b.person], rules)
    }
    for half in halves:
        clashes = [(a.person, b.person) for a, b in combinations(half, 2) if frozenset((a.person, b.person)) in before]
        assert is_circle(half, people, rules) or clashes
        assert len(half) >= 6
        assert {seat.role for seat in half} == {"mentor", "mentee"}
    changed = {s.person for half in halves for s in half} - {s.person for half in halves for s in half if s in circle}
    assert changed == set(divided.other_role)


def test_a_split_keeps_people_together_who_find_each_other():
    people = [
        somebody(n, "mentor" if n % 2 else "mentee", offers=[topic], wants=[topic], institution=f"I{n}")
        for n, topic in enumerate([["R", "law"][n // 4 % 2] for n in range(16)], 1)
    ]
    circle = [Seat(p.id, p.stance) for p in people]
    divided = splitting.split(circle, people, RULES, 1)
    topics = [{next(iter(people[seat.person - 1].offers)) for seat in half.seats} for half in divided.circles]
    assert sorted(map(sorted, topics)) == [["R"], ["law"]]
    assert divided == splitting.split(circle[::-1], people[::-1], RULES, 1)
    assert divided.other_role == ()


@pytest.mark.parametrize("how", ["blocked", "apart"])
def test_three_who_are_to_be_apart_are_no_reason_to_keep_a_circle_whole(how):
    people = [somebody(n, "mentor" if n % 2 else "mentee", institution=f"I{n}") for n in range(1, 15)]
    rules = replace(RULES, **{how: pairs((1, 2), (2, 3), (1, 3))})
    divided = splitting.split([Seat(p.id, p.stance) for p in people], people, rules, 1)
    assert divided.problems == ()
    assert sorted(len({s.person for s in half.seats} & {1, 2, 3}) for half in divided.circles) == [1, 2]


def test_a_half_has_a_language_whatever_the_circle_had():
    tongues = [["en"] if n < 5 else ["fr"] if n < 10 else ["ar"] for n in range(1, 15)]
    people = [somebody(n, "mentor" if n % 2 else "mentee", languages=tongues[n - 1]) for n in range(1, 15)]
    divided = splitting.split([Seat(p.id, p.stance) for p in people], people, RULES, 1)
    assert ([p.rule for p in divided.problems], divided.circles) == (["language"], ())
    silent = [replace(p, languages=frozenset()) for p in people]
    divided = splitting.split([Seat(p.id, p.stance) for p in silent], silent, RULES, 1)
    assert ({p.rule for p in divided.problems}, divided.circles) == ({"language"}, ())
    few = [replace(p, languages=frozenset({"en"} if p.id < 5 else {"fr"})) for p in people]
    divided = splitting.split([Seat(p.id, p.stance) for p in few], few, RULES, 1)
    assert ([p.rule for p in divided.problems], divided.circles) == (["too-few"], ())


def test_a_circle_too_small_or_with_one_mentor_is_not_divided():
    people = twenty_six()[:11]
    circle = [Seat(p.id, p.stance) for p in people]
    assert [(p.rule, p.value) for p in splitting.split(circle, people, RULES, 1).problems] == [("too-few", 1)]
    lone = [somebody(n, "mentee" if n > 1 else "mentor") for n in range(1, 15)]
    problems = splitting.split([Seat(p.id, p.stance) for p in lone], lone, RULES, 1).problems
    assert [(p.rule, p.role) for p in problems] == [("seats", "mentor")]
    can = [replace(p, stance="both") if p.id == 2 else p for p in lone]
    divided = splitting.split([Seat(p.id, "mentor" if p.id == 1 else "mentee") for p in can], can, RULES, 1)
    assert divided.other_role == (2,)


def test_a_circle_that_lost_its_language_is_divided_by_language():
    people = [
        somebody(n, "mentor" if n % 2 else "mentee", languages=["en"] if n < 7 else ["fr"], institution=f"I{n}")
        for n in range(1, 15)
    ]
    divided = splitting.split([Seat(p.id, p.stance) for p in people], people, RULES, 1)
    assert [half.languages for half in divided.circles] == [("fr",), ("en",)]
