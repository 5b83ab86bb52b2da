"""Organisers say what counts when circles are formed, and read how good a preview is and what rules cost."""

import cast
import pytest
from test_forming_talk import call, lines, waiting

from storage import programmes


def programme_settings(talk, programme):
    with talk.store.writing() as db:
        return dict(programmes.get(db, programme).settings)


def test_the_weights_are_listed_with_how_to_change_them(talk):
    call(talk)
    talk.says("ada", "/programme form weigh")
    said = lines(talk, "ada")
    assert "Offers that meet wants: 4 (topics)" in said
    assert "Different institutions: 1 (institutions)" in said
    assert "Topics count as the same in equal words only." in said


def test_a_weight_is_changed_kept_and_noted(talk):
    programme = call(talk)
    talk.says("ada", "/programme form weigh stages 7")
    assert "Different career stages: 1 → 7. The next preview follows it." in lines(talk, "ada")
    assert programme_settings(talk, programme)["weigh_stages"] == 7
    talk.says("bob", "/programme audit")
    assert "programme form weigh" in lines(talk, "bob")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/programme form weigh stages", "How much should it count? A number from 0 to 9."),
        ("/programme form weigh stages 10", "Weight can be 0 to 9."),
        ("/programme form weigh stages -1", "Weight can be 0 to 9."),
        ("/programme form weigh beauty 3", "beauty"),
        ("/programme form similar perhaps", "perhaps"),
    ],
)
def test_a_weight_that_cannot_be_followed_changes_nothing_and_says_what_works(talk, line, said):
    programme = call(talk)
    before = programme_settings(talk, programme)
    talk.says("ada", line)
    assert said in lines(talk, "ada")
    assert programme_settings(talk, programme) == before


def test_the_last_wish_that_counts_is_not_switched_off(talk):
    programme = call(talk)
    for wish in ("hours", "institutions", "stages", "interests"):
        talk.says("ada", f"/programme form weigh {wish} 0")
    talk.says("ada", "/programme form weigh topics 0")
    assert "At least one wish has to count" in lines(talk, "ada")
    assert programme_settings(talk, programme).get("weigh_topics", 4) == 4


@pytest.mark.parametrize("line", ["/programme form weigh topics 2", "/programme form similar yes"])
def test_members_change_no_weight(talk, line):
    programme = call(talk)
    before = programme_settings(talk, programme)
    talk.says("cleo", line)
    assert programme_settings(talk, programme) == before


@pytest.mark.parametrize("line", ["/programme form weigh topics 2", "/programme form similar yes"])
def test_a_programme_that_has_ended_weighs_nothing_any_more(talk, line):
    programme = call(talk, state="closed")
    before = programme_settings(talk, programme)
    talk.says("ada", line)
    assert "has ended" in lines(talk, "ada")
    assert programme_settings(talk, programme) == before


def test_topics_in_similar_words_meet_only_where_the_organiser_wants_it(talk):
    programme = cast.programme(talk, mentors=5, mentees=5)
    waiting(talk, programme, dict.fromkeys(("cleo", "dana", "esi", "fay"), "mentor"), offers=["grant writing"])
    waiting(talk, programme, dict.fromkeys(("gita", "hana", "ines", "jude"), "mentee"), wants=["writing grants"])
    talk.says("ada", "/programme form")
    assert "Gita finds nobody offering “writing grants” here yet" in lines(talk, "ada")
    talk.says("ada", "/programme form similar yes")
    assert "Topics in similar words count as the same" in lines(talk, "ada")
    talk.says("ada", "/programme form")
    said = lines(talk, "ada")
    assert "every mentee finds somebody offering something they want" in said
    assert "finds nobody" not in said
    talk.says("ada", "/programme form similar no")
    talk.says("ada", "/programme form")
    assert "Gita finds nobody offering “writing grants” here yet" in lines(talk, "ada")


def test_a_preview_says_what_the_rounds_would_be_like_how_good_it_is_and_what_a_rule_costs(talk):
    programme = cast.programme(talk, mentors=3, mentees=3, circles=2)
    people = [f"p{n}" for n in range(14)]
    for at, who in enumerate(people):
        waiting(talk, programme, {who: "mentor" if at % 2 else "mentee"}, institution=f"University {at % 5}")
    talk.says("ada", "/programme form")
    said = lines(talk, "ada")
    assert "Proved: no other way to share these people out meets wishes better in circles as even as these." not in said
    assert "No circle is possible yet" in said
    talk.says("ada", "/programme settings across-institutions no")
    talk.says("ada", "/programme form")
    said = lines(talk, "ada")
    assert "Proved: no other way to share these people out meets wishes better in circles as even as these." in said
    assert "Every mentee meets every mentor once in 3 rounds." in said
    assert "One more circle would seat" not in said
    assert talk.heard["p1"] == []


def test_a_rule_that_costs_seats_is_named(talk):
    programme = cast.programme(talk, mentors=5, mentees=5)
    people = [f"p{n}" for n in range(10)]
    for at, who in enumerate(people):
        waiting(talk, programme, {who: "mentor" if at % 2 else "mentee"}, institution=f"University {min(at, 7)}")
    talk.says("ada", "/programme form")
    assert "Allowing two people of one institution would seat 2 more people." in lines(talk, "ada")


def test_what_is_said_of_a_preview_is_not_said_any_more_once_it_may_be_untrue(talk):
    programme = cast.programme(talk, mentors=3, mentees=3, circles=2, across_institutions=False)
    people = [f"p{n}" for n in range(12)]
    for at, who in enumerate(people):
        waiting(talk, programme, {who: "mentor" if at % 2 else "mentee"})
    talk.says("ada", "/programme form")
    assert "Proved" in lines(talk, "ada")
    talk.says("ada", "/programme form show")
    assert "Proved" in lines(talk, "ada")
    talk.says("ada", "/programme form weigh stages 9")
    talk.says("ada", "/programme form show")
    assert "Proved" not in lines(talk, "ada")
    talk.says("ada", "/programme form")
    assert "Proved" in lines(talk, "ada")


def test_looking_at_the_weights_is_no_act_that_is_noted(talk):
    call(talk)
    talk.says("ada", "/programme form weigh")
    talk.says("bob", "/programme audit")
    assert "weigh" not in lines(talk, "bob")
