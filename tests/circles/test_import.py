"""A roster brought in by an organiser: everybody at once, in true order, or nobody and every problem named."""

import itertools

import membership_people as house
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talk import Talk

from circles.errors import Refused
from circles.files import FileRefused
from circles.membership import importing
from storage import members, people

COUNT = itertools.count()
HEAD = "user,name,stance,offers,wants,languages,zone,institution,stage\n"
CLEO = "cleo,Cleo Papadaki,mentor,statistics,,English,Athens,Sounion Sea Institute,senior\n"
DANA = "dana,Dana Haddad,mentee,,statistics,Arabic,Amman,Wadi Rumman University,doctoral\n"
EVE = "eve,Eve Osei,both,chess,statistics,English,Accra,independent,postdoc\n"


def brings(talk, text, slug="alemat"):
    return importing.import_roster(talk.store, "local", "demo", slug, text.encode(), talk.now)


def joins(talk, who):
    talk.says(who, "/circle join")
    talk.fills(who, stance="both", offers="chess", wants="statistics")
    talk.fills(who, languages="English", institution="Athens", stage="postdoc")
    talk.fills(who, zone="Athens")


def in_line(talk, programme):
    with talk.store.writing() as db:
        return [person.outside_id for _member, person in members.in_programme(db, programme.id)]


def test_everybody_comes_in_the_order_of_the_file_and_nobody_is_messaged(talk):
    programme = house.programme(talk)
    assert brings(talk, HEAD + EVE + CLEO + DANA) == importing.Imported(3, ("Eve Osei", "Cleo Papadaki", "Dana Haddad"))
    assert in_line(talk, programme) == ["eve", "cleo", "dana"]
    talk.passes(days=3)
    assert not any(talk.heard[who] for who in ("cleo", "dana", "eve", "ada"))
    dana, person = house.found(talk, programme, "dana")
    assert (dana.state, dana.wants, dana.languages) == ("waiting", ["statistics"], ["ar"])
    assert (person.name, person.zone, person.weekend) == ("Dana Haddad", "Asia/Amman", [4, 5])
    talk.says("dana", "/circle")
    talk.hears("dana", "You are number 3 of 3 waiting")


def test_who_joined_before_the_import_stays_ahead(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "fay")
    talk.passes(hours=1)
    brings(talk, HEAD + CLEO + DANA)
    assert in_line(talk, programme) == ["fay", "cleo", "dana"]


def test_who_joins_in_the_instant_of_the_import_is_the_last(talk):
    programme = house.programme(talk)
    brings(talk, HEAD + CLEO + DANA)
    joins(talk, "fay")
    talk.hears("fay", "You are number 3 of 3 waiting")
    talk.says("cleo", "/circle leave yes")
    joins(talk, "cleo")
    talk.hears("cleo", "You are number 3 of 3 waiting")
    brings(talk, HEAD + EVE)
    assert in_line(talk, programme) == ["dana", "fay", "cleo", "eve"]


def test_who_is_put_on_the_list_in_the_instant_of_the_import_is_the_last(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"fay": "mentor", "gil": "mentee"})
    brings(talk, HEAD + CLEO + DANA)
    talk.says("ada", "/programme circles move fay 0")
    waiting = [who for who in in_line(talk, programme) if who != "gil"]
    assert waiting == ["cleo", "dana", "fay"]


def test_who_joined_in_the_instant_of_the_import_and_before_it_stays_ahead(talk):
    programme = house.programme(talk)
    joins(talk, "fay")
    brings(talk, HEAD + CLEO + DANA)
    assert in_line(talk, programme) == ["fay", "cleo", "dana"]


def test_one_wrong_line_keeps_everybody_out_and_every_problem_is_named(talk):
    programme = house.programme(talk)
    with pytest.raises(FileRefused) as refused:
        brings(talk, HEAD + CLEO + DANA.replace("Amman", "Atlantis").replace("doctoral", "wizard") + CLEO)
    assert [(p.line, p.column) for p in refused.value.problems] == [(3, "zone"), (3, "stage"), (4, "user")]
    assert in_line(talk, programme) == []


def test_who_is_enrolled_or_has_left_is_named(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    house.member(talk, programme, "dana")
    talk.says("dana", "/circle leave yes")
    with pytest.raises(FileRefused) as refused:
        brings(talk, HEAD + CLEO + DANA + EVE)
    said = [str(problem) for problem in refused.value.problems]
    assert "cleo is enrolled already" in said[0]
    assert "dana was here before. Coming back is their own choice" in said[1]
    assert in_line(talk, programme) == ["cleo"]


def test_enrolment_elsewhere_is_no_obstacle_and_her_own_zone_and_name_stay(talk):
    first = house.programme(talk)
    house.member(talk, first, "dana", zone="Europe/Berlin")
    second = house.programme(talk, slug="bayn", name="Bayn")
    brings(talk, HEAD + DANA, "bayn")
    member, person = house.found(talk, second, "dana")
    assert (member.institution, person.name, person.zone) == ("Wadi Rumman University", "Dana", "Europe/Berlin")
    assert in_line(talk, first) == ["dana"]


@pytest.mark.parametrize(("slug", "said"), [("nowhere", "no programme “nowhere”"), ("old", "has ended")])
def test_a_programme_that_takes_nobody_is_declined(talk, slug, said):
    house.programme(talk, slug="old", name="Old", state="closed")
    with pytest.raises(Refused, match=said):
        brings(talk, HEAD + CLEO, slug)


def test_a_programme_of_another_workspace_is_out_of_reach(talk):
    house.programme(talk)
    with pytest.raises(Refused, match="no programme"):
        importing.import_roster(talk.store, "local", "elsewhere", "alemat", (HEAD + CLEO).encode(), talk.now)


def test_a_second_import_of_the_same_file_changes_nothing(talk):
    programme = house.programme(talk)
    brings(talk, HEAD + CLEO)
    with pytest.raises(FileRefused):
        brings(talk, HEAD + CLEO)
    assert in_line(talk, programme) == ["cleo"]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["cleo", "dana", "eve"]), spoilt=st.sets(st.integers(0, 2)))
def test_all_or_nothing_whatever_the_order_and_whichever_lines_are_spoilt(sqlite_store, order, spoilt):
    talk = Talk(sqlite_store)
    talk.workspace = f"w{next(COUNT)}"
    programme = house.programme(talk)
    lines = {"cleo": CLEO, "dana": DANA, "eve": EVE}
    text = HEAD + "".join(
        lines[who].replace("statistics", "x" * 41) if n in spoilt else lines[who] for n, who in enumerate(order)
    )
    if spoilt:
        with pytest.raises(FileRefused) as refused:
            importing.import_roster(talk.store, "local", talk.workspace, "alemat", text.encode(), talk.now)
        assert {problem.line for problem in refused.value.problems} == {n + 2 for n in spoilt}
    else:
        importing.import_roster(talk.store, "local", talk.workspace, "alemat", text.encode(), talk.now)
    assert in_line(talk, programme) == ([] if spoilt else order)
    with talk.store.writing() as db:
        assert (people.by_outside_id(db, programme.workspace_id, "cleo") is None) == bool(spoilt)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 person is on the waiting list of Alemat."),
        (2, "2 people are on the waiting list of Alemat."),
    ],
)
def test_one_person_is_said_as_one(count, said):
    assert importing.Imported(count, ("Eve Osei",) * count).sentence("Alemat") == said
