"""How many people a mentor has room for, as her profile says, is what the rounds of her circle keep to."""

import pytest
from rounds_people import at, term

from storage import members

NINE = ("kim", "lina", "mona", "nour", "olga", "pia", "rosa", "sara", "tala")
NO_ROOM = {"capacity": 0, "offers": ["Statistics"], "languages": ["en"], "institution": "Petra Lab", "stage": "postdoc"}


def test_a_mentor_with_room_for_five_meets_five_of_nine_and_those_who_wait_go_first(talk):
    here = term(talk, ("ana",), NINE, profiles={"ana": {"capacity": 5}})
    talk.passes(until=at(16))
    (first,) = here.groups(1)
    (second,) = here.groups(2)
    assert len(first) == len(second) == 6
    assert set(here.sits_out(1)) == set(NINE) - first <= second
    assert set(here.sits_out(1).values()) == {"more-mentees"}
    waits = min(here.sits_out(1))
    talk.hears(waits, "Round 1 has no meeting for you, because there were more mentees than mentors.")


@pytest.mark.parametrize(("capacity", "size"), [(2, 3), (3, 4), (4, 5)])
def test_a_mentor_meets_as_many_as_her_profile_says(talk, capacity, size):
    here = term(talk, ("ana",), NINE, profiles={"ana": {"capacity": capacity}})
    talk.passes(until=at(2))
    assert [len(group) for group in here.groups(1)] == [size]


def test_where_one_person_is_to_sit_out_rather_than_three_to_meet_all_meet_in_pairs(talk):
    here = term(talk, ("ana", "bea"), ("kim", "lina", "mona"), profiles={"ana": {"capacity": 5}}, odd="bye")
    talk.passes(until=at(2))
    assert [len(group) for group in here.groups(1)] == [2, 2]


def test_a_mentor_without_room_hears_so_kindly_and_comes_back_when_she_has(talk):
    here = term(talk, ("ana", "bea"), ("kim", "lina"), profiles={"ana": NO_ROOM})
    talk.passes(until=at(2))
    assert here.groups(1) == {frozenset({"bea", "kim", "lina"})}
    assert here.sits_out(1) == {"ana": "no-room"}
    said = talk.hears("ana", "Round 1 has no meeting for you: by your profile you have room for nobody now").words
    assert "/circle profile capacity 1" in said
    assert "first next time" not in said
    talk.says("ana", "/circle next")
    assert "by your profile you have room for nobody now" in talk.hears("ana", "Round 2 begins").words
    talk.says("ana", "/circle profile capacity 1")
    talk.hears("ana", "Saved.")
    talk.passes(until=at(16))
    assert sorted(len(group) for group in here.groups(2)) == [2, 2]


def test_having_had_no_room_gives_nobody_a_first_turn(talk):
    here = term(talk, ("ana", "bea", "cleo"), ("kim",), profiles={"ana": NO_ROOM}, odd="bye")
    talk.passes(until=at(2))
    (waits,) = [one for one, why in here.sits_out(1).items() if why == "more-mentors"]
    talk.says("ana", "/circle profile capacity 1")
    talk.hears("ana", "Saved.")
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({waits, "kim"})}


def test_a_mentor_without_room_who_would_be_a_mentee_too_is_one(talk):
    here = term(talk, ("ana", "bea"), ("kim",), profiles={"ana": {"capacity": 0}})
    ana = here.member("ana")
    with talk.store.writing() as db:
        row = members.get(db, ana.id)
        row.stance = "both"
        members.save(db, row)
    talk.passes(until=at(2))
    assert here.groups(1) == {frozenset({"ana", "bea", "kim"})}


def test_organisers_hear_that_no_mentor_has_room_and_how_one_makes_some(talk):
    here = term(talk, ("ana",), ("kim", "lina"), profiles={"ana": {"capacity": 0}})
    talk.passes(until=at(2))
    assert here.sits_out(1) == {"ana": "no-room", "kim": "more-mentees", "lina": "more-mentees"}
    said = talk.hears("ada", "round 1 has no meetings, because no mentor can take part").words
    assert "2 people can take part." in said
    assert "1 mentor has room for nobody just now; /circle profile capacity 1 is how a mentor makes room." in said
