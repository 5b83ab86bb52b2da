"""Meetings in another circle are remembered by the circle that people share now."""

from datetime import date, timedelta

import cast
import pytest

from circles.rotation import past, rules
from circles.rotation.contradictions import refuse_contradictions
from circles.rotation.rules import Player, Rotation
from storage import members, people, programmes, rounds
from storage.tables import MeetingGroup, Placement, Round

FIRST = date(2027, 3, 1)


@pytest.fixture
def circles(talk):
    """Olive with ada and bob, Thyme with cleo, dana and emre, of one programme; gives their row ids."""
    programme = cast.programme(talk, organisers=("olga", "petra"), state="running")
    olive = cast.circle(talk, programme, mentors=("ada",), mentees=("bob",), name="Olive")
    return programme, olive, cast.circle(talk, programme, mentors=("cleo",), mentees=("dana", "emre"), name="Thyme")


def id_of(db, programme, who):
    return members.of_person(db, programme, people.by_outside_id(db, 1, who).id).id


def meets(talk, circles, circle, number, *groups, answer="yes"):
    """A closed round of a circle in which these groups were placed."""
    with talk.store.writing() as db:
        day = FIRST + timedelta(weeks=number)
        row = Round(circle_id=circle, number=number, opens_on=day, closes_on=day, state="closed")
        rounds.save(db, row)
        for names in groups:
            group = MeetingGroup(round_id=row.id)
            rounds.save(db, group)
            for who in names:
                one = id_of(db, circles[0], who)
                rounds.save(db, Placement(round_id=row.id, member_id=one, group_id=group.id, answer=answer))


def moves(talk, circles, circle, *names):
    with talk.store.writing() as db:
        for who in names:
            one = members.get(db, id_of(db, circles[0], who))
            members.leave_seat(db, one.id, talk.now)
            members.take_seat(db, circle, one, "mentee", talk.now)


def history_of(talk, circle):
    """What the rotation of a circle reads; a history that can't be true fails."""
    with talk.store.writing() as db:
        history = past.history(db, circle)
        refuse_contradictions(history)
        return history


def remembered(talk, circles, circle):
    """Who met whom by number, 0 for another circle, as the rotation of a circle reads it."""
    with talk.store.writing() as db:
        known = {id_of(db, circles[0], who): who for who in ("ada", "bob", "cleo", "dana", "emre")}
    history = history_of(talk, circle)
    had = [(0, pair) for pair in history.elsewhere] + [(p.number, pair) for p in history.placements for pair in p.met]
    return sorted((number, "+".join(sorted(known[one] for one in pair))) for number, pair in had)


def test_two_who_met_elsewhere_are_no_strangers_and_others_of_that_circle_are_not_counted(talk, circles):
    _programme, olive, thyme = circles
    meets(talk, circles, thyme, 1, ("cleo", "dana"))
    meets(talk, circles, thyme, 2, ("cleo", "emre"))
    meets(talk, circles, olive, 1, ("ada", "bob"))
    meets(talk, circles, olive, 2, ("ada", "bob"))
    assert remembered(talk, circles, olive) == [(1, "ada+bob"), (2, "ada+bob")]
    moves(talk, circles, olive, "cleo", "dana")
    assert remembered(talk, circles, olive) == [(0, "cleo+dana"), (1, "ada+bob"), (2, "ada+bob")]
    assert remembered(talk, circles, thyme) == [(1, "cleo+dana"), (2, "cleo+emre")]


def test_a_meeting_that_did_not_take_place_is_no_meeting_elsewhere_either(talk, circles):
    _programme, olive, thyme = circles
    meets(talk, circles, thyme, 1, ("cleo", "dana"), answer="no")
    moves(talk, circles, olive, "cleo", "dana")
    assert remembered(talk, circles, olive) == []


def test_whatever_the_numbers_of_the_rounds_no_meeting_is_lost_and_none_contradicts_another(talk, circles):
    _programme, olive, thyme = circles
    moves(talk, circles, olive, "cleo")
    meets(talk, circles, olive, 3, ("ada", "cleo"))
    meets(talk, circles, olive, 4, ("ada", "bob"))
    moves(talk, circles, thyme, "cleo")
    meets(talk, circles, thyme, 3, ("cleo", "dana"))
    meets(talk, circles, thyme, 4, ("cleo", "dana"))
    meets(talk, circles, thyme, 7, ("cleo", "emre"))
    moves(talk, circles, olive, "cleo", "dana", "emre")
    assert remembered(talk, circles, olive) == [
        (0, "cleo+dana"),
        (0, "cleo+dana"),
        (0, "cleo+emre"),
        (3, "ada+cleo"),
        (4, "ada+bob"),
    ]


def test_a_new_circle_remembers_what_its_people_had_with_each_other(talk, circles):
    programme, _olive, thyme = circles
    meets(talk, circles, thyme, 1, ("cleo", "dana", "emre"))
    new = cast.circle(talk, programme, mentors=(), mentees=(), name="Sage")
    moves(talk, circles, new, "dana", "emre")
    assert remembered(talk, circles, new) == [(0, "dana+emre")]
    with talk.store.writing() as db:
        assert len(programmes.circles(db, programme)) == 3


def test_the_first_round_of_a_circle_brings_those_together_who_have_not_met_elsewhere_however_late(talk, circles):
    _programme, olive, thyme = circles
    for number in range(1, 10):
        meets(talk, circles, thyme, number, ("cleo", "dana"))
    moves(talk, circles, olive, "cleo", "dana")
    history = history_of(talk, olive)
    with talk.store.writing() as db:
        ada, bob, cleo, dana = (id_of(db, circles[0], who) for who in ("ada", "bob", "cleo", "dana"))
    four = [Player(one, "mentee") for one in (ada, bob, cleo, dana)]
    for seed in range(10):
        plan = rules.next_round(four, history, Rotation("everyone"), (), number=1, seed=seed)
        assert frozenset({cleo, dana}) not in {frozenset(group.people) for group in plan.groups}
        assert plan.repeats == ()
        forced = rules.next_round(four[2:], history, Rotation("everyone"), (), number=1, seed=seed)
        assert forced.repeats == (frozenset({cleo, dana}),)
    assert rules.coverage(four, history, Rotation("everyone"), ()) == (1, 6)
    assert history.before(1).times_met(frozenset({cleo, dana})) == 9
