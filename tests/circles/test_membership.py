"""Joining in three steps, where one is, and one's profile, as conversations."""

import membership_people as house
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talk import Talk

from storage import members, people, programmes

STEP_1 = {"stance": "mentee", "wants": "grant writing; networking", "about": "Chemist."}
STEP_2 = {"languages": "Arabic, English", "institution": "Wadi Rumman University", "stage": "doctoral"}
STEP_3 = {"zone": "Amman", "ring": "local", "capacity": "2"}


def joins(talk, who, line="/circle join", **changes):
    """Fill all three steps, with some answers changed."""
    talk.says(who, line)
    for step in (STEP_1, STEP_2, STEP_3):
        talk.fills(who, **{name: changes.get(name, text) for name, text in step.items()})


def errors(form):
    return {field.name: field.error for field in form.fields if field.error}


def initial(form):
    return {field.name: field.initial for field in form.fields}


# --- joining ----------------------------------------------------------------------------------------------------------


def test_three_steps_put_her_on_the_list_with_her_true_place_and_the_seats(talk):
    programme = house.programme(talk, purpose="Women in science, side by side")
    house.member(talk, programme, "dana", "mentor")
    house.member(talk, programme, "eve", "both")
    talk.passes(hours=1)
    joins(talk, "cleo")
    talk.hears("cleo", "You are on the list of Alemat. Welcome!")
    talk.hears("cleo", "You are number 3 of 3 waiting; circles are formed once the organisers confirm them.")
    talk.hears("cleo", "So far: mentors 1 of 10, mentees 1 of 10, and 1 person who can take either seat.")
    talk.hears("cleo", "/circle pause lets you rest, and /circle leave takes you out; neither needs a reason.")
    member, person = house.found(talk, programme, "cleo")
    assert (member.state, member.stance, member.queued_at) == ("waiting", "mentee", talk.now)
    assert (member.wants, member.languages, member.stage) == (["grant writing", "networking"], ["ar", "en"], "doctoral")
    assert (person.zone, person.weekend) == ("Asia/Amman", [4, 5])


def test_nobody_else_hears_that_somebody_joined(talk):
    house.programme(talk)
    joins(talk, "cleo")
    assert talk.heard["ada"] == []


def test_the_first_form_says_what_it_is_for_and_who_can_read_the_answers(talk):
    house.programme(talk, purpose="Women in science, side by side")
    talk.says("cleo", "/circle join")
    said = "".join(span.plain() for span in talk.forms["cleo"].intro)
    assert said.startswith("Alemat: Women in science, side by side")
    assert "Confidential, not anonymous" in said
    assert "the organisers can read this" in said
    talk.fills("cleo", **STEP_1)
    assert "nobody else" in "".join(span.plain() for span in talk.forms["cleo"].intro)


def test_the_zone_that_her_chat_knows_is_filled_in(talk):
    house.programme(talk)
    talk.zones["cleo"] = "Europe/Athens"
    talk.says("cleo", "/circle join")
    talk.fills("cleo", **STEP_1)
    talk.fills("cleo", **STEP_2)
    assert initial(talk.forms["cleo"])["zone"] == "Europe/Athens"


@pytest.mark.parametrize(
    ("step", "answers", "field", "said"),
    [
        (1, {"stance": "mentor", "offers": ""}, "offers", "name at least one topic you offer"),
        (1, {"stance": "mentee", "wants": "-"}, "wants", "name at least one topic you want"),
        (1, {"stance": "boss"}, "stance", "a mentor, a mentee, or both"),
        (1, {"stance": "mentee", "wants": "x" * 41}, "wants", "a little long for a topic"),
        (1, {"stance": "mentee", "wants": "a", "about": "x" * 281}, "about", "281 characters"),
        (2, {"languages": "Klingonish"}, "languages", "do not know a language"),
        (2, {"institution": "   "}, "institution", "Where do you work or study?"),
        (2, {"stage": "wizard"}, "stage", "could not place"),
        (3, {"zone": "Atlantis"}, "zone", "do not know the time zone"),
        (3, {"zone": ""}, "zone", "Which city's clock"),
        (3, {"weekend": "mon-sun"}, "weekend", "keeps 7 days"),
        (3, {"capacity": "9"}, "capacity", "is generous"),
        (3, {"ring": "galactic"}, "ring", "Which ring"),
    ],
)
def test_an_answer_to_mend_is_named_beside_its_field_and_what_was_typed_stays(talk, step, answers, field, said):
    programme = house.programme(talk)
    talk.says("cleo", "/circle join")
    for before in (STEP_1, STEP_2)[: step - 1]:
        talk.fills("cleo", **before)
    whole = (STEP_1, STEP_2, STEP_3)[step - 1] | answers
    talk.fills("cleo", **whole)
    form = talk.forms["cleo"]
    assert form.call.startswith(f"circle join step {step}")
    assert list(errors(form)) == [field]
    assert said in errors(form)[field]
    kept = {name: text for name, text in whole.items() if name not in {"stance", "stage", "ring"}}
    assert {name: initial(form)[name] for name in kept} == kept
    assert house.found(talk, programme, "cleo")[0] is None


def test_several_answers_to_mend_are_all_named_at_once(talk):
    house.programme(talk)
    talk.says("cleo", "/circle join")
    talk.fills("cleo", **STEP_1)
    talk.fills("cleo", languages="Klingonish", institution="", stage="wizard")
    assert set(errors(talk.forms["cleo"])) == {"languages", "institution", "stage"}


def test_a_break_between_the_steps_keeps_the_answers(talk):
    house.programme(talk)
    talk.says("cleo", "/circle join")
    talk.fills("cleo", **STEP_1)
    talk.passes(days=2)
    talk.says("cleo", "/circle join")
    assert initial(talk.forms["cleo"])["wants"] == "grant writing; networking"


def test_a_step_sent_without_the_ones_before_asks_for_those(talk):
    programme = house.programme(talk)
    talk.says("cleo", "/circle join step 3 in:alemat", answers=STEP_3)
    assert talk.forms["cleo"].call.startswith("circle join step 1")
    assert house.found(talk, programme, "cleo")[0] is None
    talk.fills("cleo", **STEP_1)
    talk.fills("cleo", **STEP_2)
    assert initial(talk.forms["cleo"])["zone"] == "Amman"


@pytest.mark.parametrize("line", ["/circle join step 0", "/circle join step 4", "/circle join step one"])
def test_a_step_that_does_not_exist_is_declined(talk, line):
    house.programme(talk)
    talk.says("cleo", f"{line} in:alemat", answers=STEP_1)
    assert "cleo" not in talk.forms


def test_the_same_click_delivered_twice_enrols_her_once(talk):
    programme = house.programme(talk)
    talk.says("cleo", "/circle join")
    talk.fills("cleo", **STEP_1)
    talk.fills("cleo", **STEP_2)
    call = talk.forms["cleo"].call
    once = talk.says("cleo", call, answers=STEP_3, call_id="click")
    assert talk.says("cleo", call, answers=STEP_3, call_id="click") == once
    with talk.store.writing() as db:
        assert len(members.in_programme(db, programme.id)) == 1


def test_one_who_joins_twice_is_told_that_she_is_in(talk):
    house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", "/circle join")
    talk.hears("cleo", "You are in Alemat already.")
    talk.says("cleo", "/circle join in:alemat")
    talk.hears("cleo", "You are in Alemat already.")
    talk.presses("cleo", "My profile")
    talk.hears("cleo", "Your profile in Alemat.")


def test_an_old_form_sent_by_a_member_changes_nothing(talk):
    programme = house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", "/circle join step 1 in:alemat", answers=STEP_1 | {"wants": "chess"})
    talk.hears("cleo", "You are in Alemat already.")
    assert house.found(talk, programme, "cleo")[0].wants == ["grant writing", "networking"]


def test_of_several_open_programmes_she_is_asked_which(talk):
    house.programme(talk)
    other = house.programme(talk, slug="bayn", name="Bayn", purpose="The region")
    talk.says("cleo", "/circle join")
    talk.hears("cleo", "Which one would you like to join?")
    talk.hears("cleo", "Bayn: The region")
    talk.presses("cleo", "Join Bayn")
    for step in (STEP_1, STEP_2, STEP_3):
        talk.fills("cleo", **step)
    talk.hears("cleo", "You are on the list of Bayn.")
    assert house.found(talk, other, "cleo")[0].state == "waiting"


def test_programmes_of_one_name_are_told_apart(talk):
    house.programme(talk)
    house.programme(talk, slug="alemat-2", name="Alemat", purpose="The other one")
    talk.says("cleo", "/circle join")
    assert labels(talk, "cleo") == ["Join Alemat (alemat-2)", "Join Alemat (alemat)"]
    for slug in ("alemat", "alemat-2"):
        talk.says("cleo", f"/circle join in:{slug}")
        for step in (STEP_1, STEP_2, STEP_3):
            talk.fills("cleo", **step)
    talk.says("cleo", "/circle leave")
    assert {*labels(talk, "cleo")} >= {"Alemat (alemat-2)", "Alemat (alemat)"}


def labels(talk, who):
    return [button.label for button in talk.heard[who][-1].message.buttons()]


def test_a_member_of_one_programme_can_join_a_second_and_brings_her_profile(talk):
    first = house.programme(talk)
    joins(talk, "cleo")
    second = house.programme(talk, slug="bayn", name="Bayn")
    talk.says("cleo", "/circle join")
    talk.hears("cleo", "Also open for joining:")
    talk.presses("cleo", "Join")
    assert initial(talk.forms["cleo"])["wants"] == "grant writing; networking"
    for _step in range(3):
        talk.fills("cleo")
    talk.hears("cleo", "You are on the list of Bayn.")
    assert house.found(talk, first, "cleo")[0].state == house.found(talk, second, "cleo")[0].state == "waiting"
    talk.says("cleo", "/circle join")
    talk.hears("cleo", "already")


@pytest.mark.parametrize(("state", "said"), [("draft", "still being prepared"), ("closed", "has ended")])
def test_a_programme_that_is_not_open_says_so_to_its_organisers(talk, state, said):
    house.programme(talk, state=state)
    talk.says("ada", "/circle join")
    talk.hears("ada", said)
    talk.says("ada", "/circle join in:alemat")
    talk.hears("ada", said)


def test_where_nothing_is_open_joining_says_so(talk):
    house.programme(talk, state="draft")
    talk.says("cleo", "/circle join")
    talk.hears("cleo", "No programme is open for joining now.")
    talk.says("cleo", "/circle join in:alemat")
    talk.hears("cleo", "There is no programme “alemat” here.")


def test_a_running_programme_takes_people_too(talk):
    house.programme(talk, state="running")
    joins(talk, "cleo")
    talk.hears("cleo", "You are number 1 of 1 waiting; you hear from me when a seat fits you.")


def test_who_comes_back_after_leaving_takes_a_new_place_at_the_end(talk):
    programme = house.programme(talk)
    joins(talk, "cleo")
    house.member(talk, programme, "dana")
    talk.passes(days=1)
    talk.says("cleo", "/circle leave yes")
    talk.says("cleo", "/circle join")
    assert initial(talk.forms["cleo"])["wants"] == "grant writing; networking"
    for _step in range(3):
        talk.fills("cleo")
    talk.hears("cleo", "You are number 2 of 2 waiting")
    member, _person = house.found(talk, programme, "cleo")
    assert (member.state, member.left_at, member.queued_at) == ("waiting", None, talk.now)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.fixed_dictionaries({}, optional={
    name: st.text(max_size=60)
    for name in ("stance", "offers", "wants", "about", "languages", "institution", "stage", "zone", "capacity")
}))  # fmt: skip
def test_whatever_is_typed_she_gets_a_form_or_a_welcome(sqlite_store, answers):
    talk = Talk(sqlite_store)
    with talk.store.writing() as db:
        workspace = people.workspace(db, "local", "demo")
        exists = programmes.by_slug(db, workspace.id, "alemat") is not None
    if not exists:
        house.programme(talk)
    for step in (1, 2, 3):
        answer = talk.says("cleo", f"/circle join step {step} in:alemat", answers=answers, call_id=f"{step}{answers}")
        assert len(answer) == 1


# --- where one is -----------------------------------------------------------------------------------------------------


def test_outside_the_bare_command_shows_what_is_open_with_a_button(talk):
    house.programme(talk, purpose="Side by side")
    for line in ("/circle", "/circle status"):
        talk.says("cleo", line)
        talk.hears("cleo", "You are in no programme yet.")
        talk.hears("cleo", "Alemat: Side by side")
    talk.presses("cleo", "Join")
    assert talk.forms["cleo"].call == "circle join step 1 in:alemat"


def test_an_organiser_is_told_what_she_organises(talk):
    house.programme(talk)
    talk.says("ada", "/circle")
    talk.hears("ada", "You organise Alemat; /programme status shows where it is.")


def test_where_nothing_is_open_the_bare_command_says_so(talk):
    talk.says("cleo", "/circle")
    talk.hears("cleo", "No programme is open for joining now.")


def test_a_waiting_member_hears_her_true_place_as_others_leave(talk):
    programme = house.programme(talk)
    for who in ("cleo", "dana", "eve"):
        house.member(talk, programme, who)
    talk.says("eve", "/circle")
    talk.hears("eve", "You are number 3 of 3 waiting")
    talk.says("cleo", "/circle leave yes")
    talk.says("eve", "/circle status")
    talk.hears("eve", "You are number 2 of 2 waiting")
    talk.never_hears("eve", "Cleo")


def test_a_seated_member_sees_her_circle_her_seat_and_her_goals(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"}, name="Circle Zaytoun")
    talk.says("cleo", "/circle")
    talk.hears("cleo", "Circle: Circle Zaytoun")
    talk.hears("cleo", "Your seat: mentor")
    talk.hears("cleo", "Active goals: 0")
    talk.hears("cleo", "No further round is planned.")


def test_a_word_that_leads_nowhere_gets_the_nearest_ones(talk):
    talk.says("cleo", "/circle jion")
    talk.hears("cleo", "/circle join")


# --- the profile ------------------------------------------------------------------------------------------------------


def test_a_profile_is_shown_and_edited_step_by_step(talk):
    programme = house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", "/circle profile")
    talk.hears("cleo", "Topics you want: grant writing; networking")
    talk.hears("cleo", "Languages: Arabic, English")
    talk.presses("cleo", "Edit topics")
    assert initial(talk.forms["cleo"])["about"] == "Chemist."
    talk.fills("cleo", wants="statistics", about="")
    talk.hears("cleo", "Topics you want: statistics")
    assert house.found(talk, programme, "cleo")[0].about == ""
    talk.presses("cleo", "Edit background")
    talk.fills("cleo", stage="postdoc")
    talk.presses("cleo", "Edit time and reach")
    talk.fills("cleo", zone="Berlin", weekend="sat-sun")
    member, person = house.found(talk, programme, "cleo")
    assert (member.stage, person.zone, person.weekend) == ("postdoc", "Europe/Berlin", [5, 6])


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ("/circle profile wants statistics; chess", "wants", ["statistics", "chess"]),
        ("/circle profile languages en", "languages", ["en"]),
        ("/circle profile Institution Petra Lab", "institution", "Petra Lab"),
        ("/circle profile capacity 4", "capacity", 4),
        ("/circle profile ring global", "ring", "global"),
        ("/circle profile about -", "about", ""),
    ],
)
def test_one_field_can_be_set_in_one_line(talk, line, column, value):
    programme = house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", line)
    talk.hears("cleo", "Saved.")
    assert getattr(house.found(talk, programme, "cleo")[0], column) == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle profile langages en", "Did you mean /circle profile languages?"),
        ("/circle profile shoe 39", "The profile has no “shoe”."),
        ("/circle profile zone Atlantis", "do not know the time zone"),
        ("/circle profile stance mentor", "name at least one topic you offer"),
        ("/circle profile capacity many", "A number from 0 to 5"),
        (f"/circle profile about {'x' * 281}", "281 characters"),
        (f"/circle profile about {'x' * 501}", "please keep it to 500"),
        ("/circle profile edit 7", "can be 1 to 3"),
    ],
)
def test_a_field_that_cannot_be_used_is_declined_and_nothing_changes(talk, line, said):
    programme = house.programme(talk)
    joins(talk, "cleo")
    before = house.found(talk, programme, "cleo")[0].model_dump()
    talk.says("cleo", line)
    talk.hears("cleo", said)
    assert house.found(talk, programme, "cleo")[0].model_dump() == before


def test_a_field_without_a_value_opens_its_step(talk):
    house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", "/circle profile languages")
    assert initial(talk.forms["cleo"])["languages"] == "ar, en"


def test_a_wrong_answer_in_an_edit_is_shown_beside_its_field(talk):
    house.programme(talk)
    joins(talk, "cleo")
    talk.says("cleo", "/circle profile edit 3")
    talk.fills("cleo", zone="Atlantis")
    assert list(errors(talk.forms["cleo"])) == ["zone"]
    assert initial(talk.forms["cleo"])["zone"] == "Atlantis"


def test_a_stranger_has_no_profile(talk):
    house.programme(talk)
    talk.says("cleo", "/circle profile")
    talk.hears("cleo", "Type /circle join")


def test_seats_and_places_are_counted_in_her_own_programme_only(talk):
    house.programme(talk)
    other = house.programme(talk, slug="bayn", name="Bayn")
    house.member(talk, other, "dana")
    joins(talk, "cleo", "/circle join in:alemat")
    talk.hears("cleo", "You are number 1 of 1 waiting")
