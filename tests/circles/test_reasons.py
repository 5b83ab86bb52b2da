"""Why people meet, as they read it: the strongest reasons in order, and a meeting again in any case."""

from datetime import UTC, datetime

import pytest
from rounds_people import at, term

from circles.rotation import reasons
from circles.rotation.rules import History, Placement
from circles.schedule import Habits
from storage.tables import Member, Person

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
NEW = History()
FIRST = "You have not met in this circle before."


def company(*profiles):
    """People called ada, bob, cleo, dana with these profiles."""
    found = []
    for number, (name, profile) in enumerate(zip(("Ada", "Bob", "Cleo", "Dana"), profiles, strict=False), 1):
        filled = {"offers": [], "wants": [], "institution": "", "stage": "other", **profile}
        member = Member(id=number, programme_id=1, person_id=number, stance="both", queued_at=MONDAY, **filled)
        found.append((member, Person(id=number, workspace_id=1, outside_id=name.lower(), name=name)))
    return found


def said(people, history=NEW, zones=(), about=None):
    zones = [*zones, *["UTC", "Asia/Tokyo", "America/Lima", "UTC"]][: len(people)]
    return reasons.strongest(people, [Habits(zone=zone) for zone in zones], history, MONDAY, about)


def met(number, *ids):
    two = frozenset(ids)
    return History((Placement(number, two, frozenset({two})),))


@pytest.mark.parametrize(
    ("ada", "bob", "zones", "told"),
    [
        ({}, {}, (), [FIRST]),
        (
            {"wants": ["Statistics", "Python"]},
            {"offers": ["python", "statistics"]},
            (),
            ["Bob offers Statistics, and Ada would like that.", FIRST],
        ),
        (
            {"wants": ["Statistics"], "offers": ["writing"]},
            {"offers": ["statistics"], "wants": ["Writing"]},
            ("UTC", "UTC"),
            ["Ada offers Writing, and Bob would like that.", "Bob offers Statistics, and Ada would like that.", FIRST],
        ),
        (
            {"institution": "Birzeit", "stage": "postdoc"},
            {"institution": "Cairo", "stage": "professor"},
            ("UTC", "Europe/Berlin"),
            [
                FIRST,
                "You come from different institutions and career stages.",
                "You share up to 7 working hours a day.",
            ],
        ),
        (
            {"institution": "Birzeit", "stage": "postdoc"},
            {"institution": "birzeit", "stage": "professor"},
            (),
            [FIRST, "You are at different career stages."],
        ),
        (
            {"institution": "Birzeit", "stage": "postdoc"},
            {"institution": "Cairo", "stage": "postdoc"},
            (),
            [FIRST, "You come from different institutions."],
        ),
        ({"institution": "Birzeit"}, {"institution": ""}, (), [FIRST]),
        ({"wants": ["Grants"]}, {"wants": ["grants"]}, (), [FIRST, "Both of you would like Grants."]),
    ],
)
def test_a_pair_reads_the_strongest_reasons_and_at_most_three(ada, bob, zones, told):
    assert said(company(ada, bob), zones=zones) == told


def test_offers_that_go_both_ways_come_before_one_that_does_not():
    people = company(
        {"wants": ["a"]}, {"offers": ["a", "x"], "wants": ["b"]}, {"offers": ["b"], "wants": ["x"]}, {"offers": ["a"]}
    )
    assert said(people) == [
        "Bob offers x, and Cleo would like that.",
        "Cleo offers b, and Bob would like that.",
        "No two of you have met in this circle before.",
    ]


def test_a_table_reads_how_mixed_it_is():
    homes = ({"institution": f"U{n}", "stage": stage} for n, stage in enumerate(("phd", "phd", "postdoc", "other")))
    assert said(company(*homes)) == [
        "No two of you have met in this circle before.",
        "You come from 4 institutions and 2 career stages.",
    ]


def test_three_who_share_a_wish_read_that_all_of_them_do():
    assert said(company(*({"wants": [word]} for word in ("Grants", "grants", "GRANTS")))) == [
        FIRST,
        "All of you would like Grants.",
    ]


def test_a_meeting_again_is_said_whatever_else_there_is_to_say():
    wishes = ({"wants": ["a"], "offers": ["b"]}, {"wants": ["b"], "offers": ["a"]}, {"wants": ["a"]}, {})
    told = said(company(*wishes[:2]), met(4, 1, 2))
    assert told[-1] == "You met in round 4; no pairing without a repeat was left this time."
    assert FIRST not in told
    told = said(company(*wishes), met(2, 1, 4))
    assert told[-1] == "Some of you met in round 2; no seating without a repeat was left this time."


def test_a_trio_of_whom_two_met_reads_that_some_did_and_one_of_whom_all_did_that_they_did():
    trio = company({}, {}, {})
    assert said(trio, met(4, 1, 2)) == [
        "Some of you met in round 4; no pairing without a repeat was left this time.",
    ]
    all_met = History(tuple(met(n, *two).placements[0] for n, two in enumerate(((1, 2), (1, 3), (2, 3)), 1)))
    assert said(trio, all_met)[-1].startswith("You met in round 1, 2, and 3;")


def test_two_mentees_who_share_a_trio_once_more_are_no_meeting_again_and_not_new_to_each_other():
    about = {frozenset({1, 2}), frozenset({1, 3})}
    assert said(company({}, {}, {}), met(4, 2, 3), about=about) == []
    assert said(company({}, {}, {}), met(4, 1, 3), about=about)[-1].startswith("Some of you met in round 4;")


def test_a_meeting_in_another_circle_is_said_without_a_round_number():
    had = History(elsewhere=(frozenset({1, 2}),))
    assert said(company({}, {}), had) == [
        "You met in another circle; no pairing without a repeat was left this time.",
    ]
    assert said(company({}, {}, {}, {}), had) == [
        "Some of you met in another circle; no seating without a repeat was left this time.",
    ]


def test_a_trio_whose_two_mentees_met_without_their_mentor_reads_of_no_repeat(talk):
    here = term(talk, ("ana",), ("kim", "lina"))
    talk.passes(until=at(3))
    talk.says("kim", "/circle met yes")
    talk.says("ana", "/circle met no")
    talk.forgets()
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"ana", "kim", "lina"})}
    words = talk.hears("kim", "this round you meet each other").words
    assert "repeat" not in words
    assert "You have not met" not in words
    talk.says("kim", "/circle met yes")
    talk.passes(until=at(30))
    words = talk.hears("kim", "this round you meet each other").words
    assert "- You met in round 2; no pairing without a repeat was left this time." in words


def test_a_meeting_of_others_is_no_meeting_again():
    assert said(company({}, {}), met(4, 1, 3)) == [FIRST]


def test_people_who_share_one_hour_are_not_told_that_they_do():
    assert said(company({}, {}), zones=("UTC", "America/New_York")) == [FIRST, "You share up to 3 working hours a day."]
    assert said(company({}, {}), zones=("UTC", "America/Los_Angeles")) == [FIRST]


def test_the_reasons_stand_in_the_introduction(talk):
    profiles = {
        "cleo": {"offers": ["statistics"], "institution": "Cairo", "stage": "professor"},
        "dana": {"wants": ["Statistics"], "institution": "Birzeit", "stage": "postdoc"},
    }
    term(talk, profiles=profiles)
    talk.passes(until=at(2))
    words = talk.hears("dana", "this round you meet each other").words
    assert (
        "- Cleo offers Statistics, and Dana would like that.\n"
        "- You have not met in this circle before.\n"
        "- You come from different institutions and career stages." in words
    )
