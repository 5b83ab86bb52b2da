from dataclasses import replace
from itertools import combinations

from forming_people import SEEDS, any_rules, could_be_seated, is_circle, members, name_of, patiently, people_in
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from circles.forming import words
from circles.forming.rules import Broken, Candidate, FormingRules, Seat, broken, move, propose, why


@patiently
@given(members(), any_rules(), SEEDS)
def test_no_circle_breaks_a_hard_rule_and_nobody_is_lost_or_seated_twice(
    people: list[Candidate], rules: FormingRules, seed: int
) -> None:
    proposal = propose(people, rules, seed)
    assert all(is_circle(circle.seats, people, rules) for circle in proposal.circles)
    assert len(proposal.circles) <= rules.circles
    seated = [seat.person for circle in proposal.circles for seat in circle.seats]
    assert sorted(seated + [waiting.person for waiting in proposal.waiting]) == [person.id for person in people]
    assert [waiting.place for waiting in proposal.waiting] == list(range(1, len(proposal.waiting) + 1))
    assert bool(proposal.circles) != bool(proposal.problems)
    known = {person.id: person for person in people}
    for circle in proposal.circles:
        assert circle.languages == tuple(
            sorted(set.intersection(*(set(known[p].languages) for p in people_in(circle))))
        )
    queue = [(known[waiting.person].waiting_since, waiting.person) for waiting in proposal.waiting]
    assert queue == sorted(queue)


@patiently
@given(members(), any_rules(), SEEDS, st.randoms(use_true_random=False))
def test_the_same_seed_and_people_give_the_same_proposal_in_any_order(people, rules, seed, shuffler) -> None:
    shuffled = list(people)
    shuffler.shuffle(shuffled)
    assert propose(people, rules, seed) == propose(shuffled, rules, seed)


@settings(deadline=None, max_examples=25)
@given(members(most=10), any_rules(), SEEDS)
def test_one_circle_seats_as_many_as_the_largest_valid_group_found_by_trying_all(people, rules, seed) -> None:
    rules = replace(rules, circles=1)
    sizes = range(min(len(people), rules.mentors + rules.mentees), 5, -1)
    largest = next((n for n in sizes for group in combinations(people, n) if could_be_seated(group, rules)), 0)
    assert sum(len(circle.seats) for circle in propose(people, rules, seed).circles) == largest


@patiently
@given(members(), any_rules(), SEEDS)
def test_nobody_waits_who_could_replace_somebody_later_in_the_queue(people, rules, seed) -> None:
    proposal = propose(people, rules, seed)
    known = {person.id: person for person in people}
    for circle in proposal.circles:
        for waiting in (known[waiting.person] for waiting in proposal.waiting):
            assert not could_be_seated([*(known[p] for p in people_in(circle)), waiting], rules)
            for later in people_in(circle):
                if known[later].waiting_since > waiting.waiting_since:
                    rest = [known[p] for p in people_in(circle) - {later}]
                    assert not could_be_seated([*rest, waiting], rules)


def could_simply_move(proposal, person, target, people, rules) -> bool:
    stance = next(one.stance for one in people if one.id == person)
    rests = [[seat for seat in circle.seats if seat.person != person] for circle in proposal.circles]
    left = [rest for rest, circle in zip(rests, proposal.circles, strict=True) if len(rest) < len(circle.seats)]
    if not all(is_circle(rest, people, rules) for rest in left):
        return False
    roles = [role for role in ("mentor", "mentee") if stance in {role, "both"}]
    return target is None or any(is_circle([*rests[target], Seat(person, role)], people, rules) for role in roles)


@patiently
@given(members(), any_rules(), st.data())
def test_a_move_keeps_every_rule_and_everybody_else_or_changes_nothing(people, rules, data) -> None:
    proposal = propose(people, rules, 1)
    assume(proposal.circles)
    person = data.draw(st.sampled_from([person.id for person in people]))
    target = data.draw(st.sampled_from([None, *range(len(proposal.circles))]))
    before = replace(proposal)
    try:
        after = move(proposal, person, target, people, rules)
    except Broken:
        assert proposal == before
        assert not could_simply_move(proposal, person, target, people, rules)
        return
    assert all(is_circle(circle.seats, people, rules) for circle in after.circles)
    for at, (old, new) in enumerate(zip(proposal.circles, after.circles, strict=True)):
        assert people_in(new) - {person} == people_in(old) - {person}
        assert (person in people_in(new)) == (target == at)
    waiting = {w.person for w in after.waiting}
    assert waiting - {person} == {w.person for w in proposal.waiting} - {person}
    assert (person in waiting) == (target is None)
    assert [w.place for w in after.waiting] == list(range(1, len(after.waiting) + 1))


@patiently
@given(members(most=9), any_rules(), st.data())
def test_the_check_for_organisers_agrees_with_an_independent_one(people, rules, data) -> None:
    seats = [Seat(person.id, data.draw(st.sampled_from(["mentor", "mentee"]))) for person in people]
    assume(seats)
    assert (not broken(seats, {person.id: person for person in people}, rules)) == is_circle(seats, people, rules)


@patiently
@given(members(), any_rules())
def test_everything_a_proposal_says_can_be_said_in_words(people, rules) -> None:
    proposal = propose(people, rules, 5)
    sentences = [words.problem(problem, name_of) for problem in proposal.problems]
    sentences += [words.waiting(waiting) for waiting in proposal.waiting]
    for circle in proposal.circles:
        sentences += [words.reason(reason) for reason in circle.reasons]
        sentences += [words.compromise(compromise, name_of) for compromise in circle.compromises]
        sentences += [words.seat(seat, name_of) for seat in circle.seats]
        sentences += [words.why(why(seat.person, circle, people)) for seat in circle.seats]
        assert 1 <= len(circle.reasons) <= 3 or not rules.overlap_hours
    assert all(sentence and "{" not in sentence for sentence in sentences)
