import csv
import io
from datetime import UTC, date, datetime, timedelta

import cast
import pytest
import term_people

from circles.membership import going
from circles.messages import File
from circles.programme.record import programme_export
from circles.programme.replan import replan
from circles.rooms import circle_room
from storage import deliveries, people, programmes, rounds
from storage.tables import Delivery, Goal, MeetingGroup, Placement, Round

STEP_1 = {"name": "Women in Physics", "purpose": "Staying in physics", "objectives": "8 of 10 meet every month"}


def begins(talk, who="ada", **answers):
    talk.says(who, "/programme setup new")
    talk.fills(who, **STEP_1 | answers)


def fills_the_rest(talk, who="ada"):
    for step, answers in (
        (2, {"mentors_found": "by mail"}),
        (3, {"eligibility": "doctoral students"}),
        *((n, {}) for n in (4, 5, 6, 7)),
    ):
        talk.presses(who, f"Next: step {step}")
        talk.fills(who, **answers)


def meets(talk, who):
    """Somebody types her first command."""
    talk.says(who, "/programme audit")


def row_of(talk, programme_id):
    with talk.store.writing() as db:
        return programmes.get(db, programme_id)


def planned(talk, programme_id, kind="round-open"):
    with talk.store.writing() as db:
        found = programmes.occurrences(db, programme_id, state="planned")
    return [(o.number, o.day) for o in found if o.kind == kind]


def opens_round(talk, circle_id, number, opens_on, closes_on, answers=()):
    """A round with its meeting groups; `answers` gives each group's {member id: answer}."""
    with talk.store.writing() as db:
        row = Round(circle_id=circle_id, number=number, opens_on=opens_on, closes_on=closes_on)
        rounds.save(db, row)
        for group in answers:
            pair = MeetingGroup(round_id=row.id)
            rounds.save(db, pair)
            rounds.save(
                db, *(Placement(round_id=row.id, member_id=m, group_id=pair.id, answer=a) for m, a in group.items())
            )
        return row.id


# --- setting up -------------------------------------------------------------------------------------------------------


def test_setting_up_takes_seven_short_steps_and_nobody_else_hears_of_it(talk):
    meets(talk, "bob")
    talk.forgets()
    talk.says("ada", "/programme setup")
    talk.fills("ada", **STEP_1)
    talk.hears("ada", "1. Purpose: done")
    talk.hears("ada", "2. Mentors: to do")
    fills_the_rest(talk)
    talk.hears("ada", "7. Evaluation: done")
    talk.hears("ada", "every 2 weeks at 09:00, UTC")
    talk.hears("ada", "Monday, 1 March 2027 to Monday, 29 November 2027")
    talk.hears("ada", "[Launch] /programme call in:women-in-physics")
    talk.passes(days=40)
    talk.never_hears("bob", "Physics")


def test_no_form_of_the_setup_has_more_than_five_fields_and_every_label_is_short(talk):
    talk.says("ada", "/programme setup")
    forms = [talk.forms["ada"]]
    talk.fills("ada", **STEP_1)
    for step in range(2, 8):
        talk.says("ada", f"/programme setup {step}")
        forms.append(talk.forms["ada"])
    assert all(1 <= len(form.fields) <= 5 for form in forms)
    assert all(len(field.label) <= 45 and len(field.hint) <= 100 for form in forms for field in form.fields)
    assert all(len(form.title) <= 24 for form in forms)


def test_a_wrong_answer_is_shown_beside_its_field_with_what_was_typed_and_nothing_is_kept(talk):
    begins(talk)
    talk.says("ada", "/programme setup 5")
    talk.fills("ada", weeks="a long while", zone="Nowhereland", every_weeks="3")
    fields = {field.name: field for field in talk.forms["ada"].fields}
    assert "“a long while” is neither a number of weeks nor one of nine-months" in fields["weeks"].error
    assert "I do not know the time zone" in fields["zone"].error
    assert (fields["weeks"].initial, fields["every_weeks"].initial) == ("a long while", "3")
    assert fields["every_weeks"].error == ""
    talk.fills("ada", weeks="returners", zone="amman")
    talk.hears("ada", "5. Calendar: done")
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "Mon 22 March, 09:00: round 2 begins")


def test_a_step_left_empty_asks_again_for_what_it_needs(talk):
    talk.says("ada", "/programme setup")
    talk.fills("ada", name="Women in Physics", purpose=" ", objectives="")
    errors = {field.name: field.error for field in talk.forms["ada"].fields}
    assert errors == {"name": "", "purpose": "Please write a few words.", "objectives": "Please write a few words."}


def test_seats_that_make_too_large_a_circle_are_refused_once_both_kinds_are_chosen(talk):
    begins(talk)
    fills_the_rest(talk)
    talk.says("ada", "/programme setup 2")
    talk.fills("ada", mentors="25")
    errors = {field.name: field.error for field in talk.forms["ada"].fields}
    assert errors["mentors"] == "A circle has 6 to 30 people; 25 + 10 seats make 35."


def test_many_mentor_seats_leave_room_for_fewer_mentees_while_those_are_not_chosen(talk):
    begins(talk)
    talk.says("ada", "/programme setup 2")
    talk.fills("ada", mentors_found="by mail", mentors="25")
    talk.presses("ada", "Next: step 3")
    assert {f.name: f.initial for f in talk.forms["ada"].fields}["mentees"] == "5"


def test_going_on_with_the_setup_shows_how_far_it_is_and_a_step_can_be_edited(talk):
    begins(talk)
    talk.says("ada", "/programme setup")
    talk.hears("ada", "2. Mentors: to do")
    talk.presses("ada", "Edit step 1")
    assert {f.name: f.initial for f in talk.forms["ada"].fields} == STEP_1
    talk.fills("ada", name="Women in Chemistry")
    talk.hears("ada", "Women in Chemistry")
    talk.hears("ada", "in:women-in-physics")


def test_a_form_that_is_sent_twice_makes_one_draft(talk):
    talk.says("ada", "/programme setup new")
    talk.says("ada", "programme setup new", answers=STEP_1)
    talk.says("ada", "programme setup new", answers=STEP_1)
    assert "You have a draft of this name already" in talk.forms["ada"].fields[0].error
    with talk.store.writing() as db:
        assert [p.slug for p in programmes.all_of(db, 1)] == ["women-in-physics"]


def test_two_drafts_of_one_person_are_told_apart_and_another_person_gets_a_short_name_of_her_own(talk):
    begins(talk)
    begins(talk, name="Women in Chemistry")
    talk.says("ada", "/programme setup")
    talk.hears("ada", "You have several drafts: Women in Chemistry and Women in Physics.")
    talk.presses("ada", "Women in Physics")
    talk.hears("ada", "Women in Physics\n")
    begins(talk, "cleo")
    talk.hears("cleo", "in:women-in-physics-2")


def test_a_member_of_one_programme_can_set_up_another(talk):
    running = cast.programme(talk, organisers=("dana", "eve"))
    cast.member(talk, running, "ada")
    begins(talk, name="Women in Chemistry")
    talk.hears("ada", "in:women-in-chemistry")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/programme setup 8", "“8” is not one of new, 1, 2, 3, 4, 5, 6, or 7."),
        ("/programme setup purpose", "is not one of"),
        ("/programme setup 2 now", "I can't place “now”"),
        ("/programme setup 3", "You have no draft here. Type /programme setup new"),
        ("/programme setup 2 in:nowhere", "There is no programme “nowhere” here."),
    ],
)
def test_a_setup_that_can_not_be_followed_says_what_to_type(talk, line, words):
    talk.says("ada", line)
    talk.hears("ada", words)


def test_answers_to_another_question_are_not_kept(talk):
    begins(talk)
    talk.says("ada", "programme setup 2", answers={"evaluation": "a survey"})
    talk.hears("ada", "This form belongs to another question.")
    talk.says("ada", "programme setup new", answers={"mentors": "3"})
    talk.hears("ada", "This form belongs to another question.")


def test_a_draft_is_closed_to_everybody_else(talk):
    begins(talk)
    talk.says("bob", "/programme setup 2 in:women-in-physics")
    talk.hears("bob", "There is no programme “women-in-physics” here.")
    cast.programme(talk, organisers=("cleo", "dana"), slug="open")
    talk.says("bob", "/programme setup 2 in:open")
    talk.hears("bob", "You don't organise “Women in Physics”")


def test_once_launched_the_setup_points_to_the_settings(talk):
    cast.programme(talk)
    talk.says("ada", "/programme setup 2 in:physics")
    talk.hears("ada", "“Women in Physics” has been launched. Type /programme settings")


# --- launching --------------------------------------------------------------------------------------------------------


def test_launching_takes_two_organisers_and_gives_words_to_share(talk):
    meets(talk, "bob")
    begins(talk)
    fills_the_rest(talk)
    talk.presses("ada", "Launch")
    talk.hears("ada", "Add a second with /programme organisers add @name.")
    talk.presses("ada", "Add an organiser")
    talk.fills("ada", person="bob")
    talk.hears("bob", "Ada asks you to help organise “Women in Physics”.")
    talk.forgets()
    talk.presses("ada", "Launch")
    talk.hears("ada", "To join, type /circle join; it takes three short steps.")
    talk.hears("ada", "Staying in physics")
    talk.hears("bob", "Ada has opened “Women in Physics”: people can join now.")
    talk.says("ada", "/programme call")
    talk.hears("ada", "is open for joining already")


def test_launching_asks_for_the_first_three_steps(talk):
    begins(talk)
    talk.says("ada", "/programme call")
    talk.hears("ada", "please fill in step 2 (Mentors) and 3 (Mentees) first")
    talk.presses("ada", "3 of 7: Mentees")
    assert talk.forms["ada"].call == "programme setup 3 in:women-in-physics"


def test_where_two_programmes_are_open_the_words_to_share_name_the_one(talk):
    cast.programme(talk, organisers=("dana", "eve"), slug="other", name="Another")
    meets(talk, "bob")
    begins(talk)
    fills_the_rest(talk)
    talk.says("ada", "/programme organisers add bob")
    talk.says("ada", "/programme call")
    talk.hears("ada", "/circle join in:women-in-physics")


@pytest.mark.parametrize(
    "line",
    [
        "status", "call", "organisers", "organisers add bob", "organisers remove ada", "organisers handover bob",
        "settings", "settings rotation tables", "schedule", "schedule show", "schedule blackout 2027-03-08 2027-03-09",
        "resources", "schedule blackout confirm 2027-03-08 2027-03-09", "schedule clear 1", "announce hello",
        "announcement-send 00000000", "report", "export", "audit",
    ],
)  # fmt: skip
def test_a_person_who_organises_nothing_is_turned_away_and_changes_nothing(talk, line):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    talk.says("cleo", f"/programme {line}")
    talk.hears("cleo", "This is for organisers.")
    with talk.store.writing() as db:
        assert programmes.audit(db, programme) == []


def test_an_organiser_of_one_programme_does_not_reach_another(talk):
    cast.programme(talk)
    other = cast.programme(talk, organisers=("cleo", "dana"), name="Women in Chemistry", slug="chemistry")
    for line in ("settings rotation tables", "organisers add ada", "report", "audit"):
        talk.says("ada", f"/programme {line} in:chemistry")
        talk.hears("ada", "You don't organise “Women in Chemistry”")
    assert row_of(talk, other).settings == {}


# --- organisers -------------------------------------------------------------------------------------------------------


def test_an_organiser_is_added_told_and_can_step_back_by_a_button(talk):
    cast.programme(talk, state="draft")
    meets(talk, "cleo")
    talk.says("ada", "/programme organisers add @cleo")
    talk.hears("ada", "Cleo helps organise from now on, and I have told them.")
    talk.hears("cleo", "Ada asks you to help organise “Women in Physics”.")
    talk.says("cleo", "/programme organisers")
    talk.hears("cleo", "- Ada\n- Bob\n- Cleo")
    talk.presses("cleo", "Step back")
    talk.hears("cleo", "You no longer organise “Women in Physics”.")
    talk.says("ada", "/programme organisers list")
    assert "Cleo" not in talk.heard["ada"][-1].words


def test_an_organiser_is_taken_off_and_told(talk):
    cast.programme(talk, organisers=("ada", "bob", "cleo"))
    talk.says("ada", "/programme organisers remove cleo")
    talk.hears("ada", "Cleo no longer organises, and I have told them.")
    talk.hears("cleo", "Ada has taken you off the organisers of “Women in Physics”.")


@pytest.mark.parametrize(("state", "who"), [("call", ("ada", "bob")), ("running", ("ada", "bob")), ("draft", ("ada",))])
def test_the_last_ones_who_organise_can_not_be_taken_off(talk, state, who):
    programme = cast.programme(talk, state=state, organisers=who)
    for line in ("remove me", f"remove {who[-1]}"):
        talk.says("ada", f"/programme organisers {line}")
        talk.hears("ada", "A programme keeps at least")
    with talk.store.writing() as db:
        assert [p.outside_id for p in people.organisers(db, programme)] == list(who)


def gone(talk, *names):
    """Their accounts are deactivated."""
    with talk.store.writing() as db:
        for who in names:
            going.people_gone(db, people.workspace(db, talk.platform, talk.workspace), talk.id_of(who), talk.now)


@pytest.mark.parametrize("state", ["draft", "call", "running"])
def test_nobody_steps_back_who_would_leave_a_programme_to_people_who_are_away(talk, state):
    programme = cast.programme(talk, state=state, organisers=("ada", "bob", "carl"))
    gone(talk, "bob", "carl")
    for line in ("remove me", "remove ada"):
        talk.says("ada", f"/programme organisers {line}")
        talk.hears("ada", "A programme keeps at least")
    with talk.store.writing() as db:
        assert [p.outside_id for p in people.organisers(db, programme)] == ["ada", "bob", "carl"]


def test_an_organiser_who_is_away_is_taken_off_while_enough_stay(talk):
    programme = cast.programme(talk, state="running", organisers=("ada", "bob", "carl"))
    gone(talk, "carl")
    talk.says("ada", "/programme organisers remove carl")
    talk.hears("ada", "Carl no longer organises")
    gone(talk, "bob")
    talk.says("ada", "/programme organisers remove bob")
    talk.hears("ada", "A programme keeps at least 2 organisers.")
    with talk.store.writing() as db:
        assert [p.outside_id for p in people.organisers(db, programme)] == ["ada", "bob"]


def test_a_programme_does_not_open_with_one_who_is_here_and_one_who_is_away(talk):
    meets(talk, "bob")
    begins(talk)
    fills_the_rest(talk)
    talk.says("ada", "/programme organisers add bob")
    gone(talk, "bob")
    talk.says("ada", "/programme call")
    talk.hears("ada", "A programme needs two organisers before it opens")


def test_handing_over_puts_somebody_in_ones_place(talk):
    programme = cast.programme(talk)
    cast.person(talk, "cleo")
    talk.says("ada", "/programme organisers hand over cleo")
    talk.hears("ada", "Cleo has taken over your part in “Women in Physics”.")
    talk.hears("cleo", "Ada asks you to help organise")
    with talk.store.writing() as db:
        assert {p.outside_id for p in people.organisers(db, programme)} == {"bob", "cleo"}
    talk.says("ada", "/programme status")
    talk.hears("ada", "This is for organisers.")


def test_handing_over_to_one_who_organises_already_would_leave_too_few(talk):
    programme = cast.programme(talk)
    talk.says("ada", "/programme organisers handover bob")
    talk.hears("ada", "A programme keeps at least 2 organisers.")
    with talk.store.writing() as db:
        assert len(people.organisers(db, programme)) == 2


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("add zoe", "I have not met “zoe” here yet."),
        ("add %", "I have not met “%” here yet."),
        ("add b_b", "I have not met “b_b” here yet."),
        ("add bob", "Bob is an organiser already."),
        ("add ada", "Ada is an organiser already."),
        ("add cleo now", "I can't place “now”"),
        ("remove cleo", "Cleo is not an organiser."),
        ("remove zoe", "I have not met “zoe” here yet."),
        ("handover ada", "That is you."),
        ("handover zoe", "I have not met “zoe” here yet."),
        ("promote bob", "I don't know “promote”."),
    ],
)
def test_a_change_of_organisers_that_makes_no_sense_is_declined(talk, line, words):
    cast.programme(talk)
    cast.person(talk, "cleo")
    talk.says("ada", f"/programme organisers {line}")
    talk.hears("ada", words)


def test_a_person_of_another_workspace_is_not_known_here(talk):
    cast.programme(talk)
    talk.workspace = "elsewhere"
    meets(talk, "zoe")
    talk.workspace = "demo"
    talk.says("ada", "/programme organisers add zoe")
    talk.hears("ada", "I have not met “zoe” here yet.")


def test_a_wrong_name_in_the_form_is_shown_beside_its_field(talk):
    cast.programme(talk)
    talk.says("ada", "/programme organisers add")
    talk.fills("ada", person="zoe")
    assert "I have not met “zoe”" in talk.forms["ada"].fields[0].error
    assert talk.forms["ada"].call == "programme organisers add in:physics"


# --- settings ---------------------------------------------------------------------------------------------------------


def test_links_and_papers_of_the_setup_are_shown_and_changed(talk):
    programme = cast.programme(talk, resources="https://example.org/handbook")
    talk.says("ada", "/programme resources")
    talk.hears("ada", "https://example.org/handbook")
    talk.presses("ada", "Change them")
    talk.fills("ada", value="The blue book")
    talk.says("bob", "/programme resources")
    talk.hears("bob", "The blue book")
    talk.says("bob", "/programme resources The red book")
    talk.hears("bob", "Resources: kept.")
    assert row_of(talk, programme).settings["resources"] == "The red book"


def test_without_links_and_papers_that_is_said_and_a_closed_programme_keeps_its_own(talk):
    programme = cast.programme(talk, state="closed")
    talk.says("ada", "/programme resources")
    assert not talk.hears("ada", "There are none yet.").message.buttons()
    talk.says("ada", "/programme resources The red book")
    talk.hears("ada", "is closed, so its settings stay as they are")
    assert row_of(talk, programme).settings == {}


def test_the_settings_are_listed_by_the_names_that_one_types(talk):
    cast.programme(talk, every_weeks=3, purpose="Staying in physics")
    talk.says("ada", "/programme settings")
    talk.hears("ada", "every-weeks: 3")
    talk.hears("ada", "rotation: mentor-mentee: pairs of a mentor and a mentee")
    talk.hears("ada", "purpose: Staying in physics")
    talk.hears("ada", "start: not set yet")
    talk.hears("ada", "voice: no")


def test_whoever_turns_voice_on_hears_for_which_rooms_that_counts(talk):
    cast.programme(talk)
    talk.says("ada", "/programme settings voice yes")
    talk.hears("ada", "Rooms in which circles can talk aloud: no → yes.")
    talk.hears("ada", "It counts where this chat has voice rooms, for rooms opened from now on; open ones stay")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("rotation tables", "rotation", "tables"),
        ("odd bye", "odd", "bye"),
        ("table-size 5", "table_size", 5),
        ("every-weeks 3", "every_weeks", 3),
        ("at 17:30", "at", "17:30"),
        ("zone amman", "zone", "Asia/Amman"),
        ("prompts off", "prompts", "off"),
        ("life personal", "life", "personal"),
        ("check-in-weeks 4", "check_in_weeks", 4),
        ("across-institutions no", "across_institutions", False),
        ("voice yes", "voice", True),
        ("voice Off", "voice", False),
        ("overlap-hours 1.5", "overlap_hours", 1.5),
        ("mentors 8", "mentors", 8),
        ("mentees 12", "mentees", 12),
        ("circles 2", "circles", 2),
        ("resources https://example.org/a b", "resources", "https://example.org/a b"),
        ("Every-Weeks 4", "every_weeks", 4),
    ],
)
def test_a_setting_is_changed_while_the_programme_runs(talk, line, field, value):
    programme = cast.programme(talk)
    cast.start(talk, programme)
    talk.says("ada", f"/programme settings {line}")
    talk.hears("ada", "What is still to come of the calendar follows")
    assert row_of(talk, programme).settings == {field: value}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("every-weeks 9", "The weeks between rounds can be 1 to 8, not 9."),
        ("every-weeks two", "“two” is not a whole number."),
        ("mentors 25", "A circle has 6 to 30 people; 25 + 10 seats make 35."),
        ("table-size 2", "The table size can be 3 to 8, not 2."),
        ("voice loud", "Please answer yes or no."),
        ("rotation random", "“random” is not one of mentor-mentee, everyone, or tables."),
        ("zone GMT+3", "does not follow clock changes"),
        ("at 9", "I could not read “9” as a time."),
        ("colour blue", "“colour” is not one of start, weeks"),
        ("weeks 20", "The dates are fixed while a programme runs."),
        ("start 2027-05-01", "The dates are fixed while a programme runs."),
        ("purpose " + "x" * 1001, "please keep it to 1000"),
    ],
)
def test_a_setting_that_can_not_be_is_declined_and_nothing_changes(talk, line, words):
    programme = cast.programme(talk)
    cast.start(talk, programme)
    talk.says("ada", f"/programme settings {line}")
    talk.hears("ada", words)
    assert row_of(talk, programme).settings == {}


def test_a_setting_without_a_value_is_asked_for_in_a_form(talk):
    programme = cast.programme(talk)
    talk.says("ada", "/programme settings rotation")
    (field,) = talk.forms["ada"].fields
    assert (field.initial, [o.value for o in field.options]) == (
        "mentor-mentee",
        ["mentor-mentee", "everyone", "tables"],
    )
    talk.fills("ada", value="random")
    assert "“random” is not one of" in talk.forms["ada"].fields[0].error
    talk.fills("ada", value="everyone")
    talk.hears("ada", "The rotation: mentor-mentee → everyone.")
    assert row_of(talk, programme).settings == {"rotation": "everyone"}


def test_before_it_runs_the_dates_can_be_moved(talk):
    programme = cast.programme(talk)
    talk.says("ada", "/programme settings start 2027-03-08")
    talk.says("ada", "/programme settings weeks four-months")
    row = row_of(talk, programme)
    assert (row.starts_on, row.ends_on) == (date(2027, 3, 8), date(2027, 7, 5))


def test_the_settings_of_a_closed_programme_stay(talk):
    programme = cast.programme(talk, state="closed")
    talk.says("ada", "/programme settings rotation tables")
    talk.hears("ada", "is closed, so its settings stay as they are")
    assert row_of(talk, programme).settings == {}


# --- the schedule -----------------------------------------------------------------------------------------------------


def test_the_schedule_lists_everything_that_will_be_sent_by_week_with_how_many_people(talk):
    programme = cast.programme(talk, every_weeks=2, zone="Asia/Amman")
    cast.circle(talk, programme, mentors=["cleo", "dana", "eve"], mentees=["fay", "gil", "hana"], name="Cedar")
    cast.start(talk, programme, weeks=4)
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "Week of Monday, 1 March 2027")
    talk.hears("ada", "the working day before Mon 1 Mar: heads-up before round 1 · Cedar, 6 people")
    talk.hears("ada", "Mon 1 March, 09:00: round 1 begins · Cedar, 6 people")
    talk.hears("ada", "Mon 8 Mar, each one's morning: the middle of round 1 · Cedar, 6 people")
    talk.hears("ada", "Wed 17 Mar, each one's morning: goal check-in 1 · 6 people")
    talk.hears("ada", "Mon 29 March, 09:00: the programme ends · 6 people")


def test_a_long_schedule_comes_in_pages_that_together_name_every_slot_once(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme, weeks=39)
    talk.says("ada", "/programme schedule")
    pages = [talk.heard["ada"][-1]]
    while any(b.label == "Show more" for b in pages[-1].message.buttons()):
        talk.presses("ada", "Show more")
        pages.append(talk.heard["ada"][-1])
    lines = [line for page in pages for line in page.words.splitlines() if line.startswith("- ")]
    with talk.store.writing() as db:
        assert len(lines) == len(programmes.occurrences(db, programme, state="planned"))
    assert len(set(lines)) == len(lines)
    assert sum("begins" in line for line in lines) == 20
    talk.says("ada", "/programme schedule show 99")
    talk.hears("ada", "The schedule has 4 pages.")


def test_messages_that_wait_are_counted_by_kind_and_private_kinds_are_not_named(talk):
    programme = cast.programme(talk)
    member = cast.member(talk, programme, "cleo")
    other = cast.programme(talk, organisers=("dana",), slug="other")
    stranger = cast.member(talk, other, "zoe")
    with talk.store.writing() as db:
        for number, (whom, kind) in enumerate(
            [(member, "eve"), (member, "eve"), (member, "concern"), (stranger, "prompt")]
        ):
            at = datetime(2027, 2, 3, 7, tzinfo=UTC)
            effect = '{"v":1,"value":{"at":"secret words"}}'
            row = Delivery(
                workspace_id=1, key=f"k{number}", kind=kind, effect=effect, run_at=at, due_at=at, member_id=whom
            )
            deliveries.put(db, row)
        row = Delivery(workspace_id=1, key="k9", kind="introduction", effect=effect, run_at=at, due_at=at)
        row.room_key = f"p{programme}:g1"
        deliveries.put(db, row)
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "Wed 3 February, 07:00: introduction, 1 message ready to go")
    talk.hears("ada", "Wed 3 Feb: messages to single members, fewer than five ready to go")
    for private in ("concern", "secret", "Cleo", "prompt", "heads-up"):
        talk.never_hears("ada", private)


def test_before_circles_are_formed_the_schedule_shows_how_it_would_be(talk):
    cast.programme(talk)
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "Nothing yet. Choose the first day with /programme settings start")
    talk.says("ada", "/programme settings start 2027-03-01")
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "This is how it would be")
    talk.hears("ada", "Mon 15 March, 09:00: round 2 begins")


def test_days_are_kept_free_once_the_organiser_has_seen_what_moves(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme, weeks=8)
    talk.says("ada", "/programme schedule blackout 2027-03-15 2027-03-21 Nowruz & spring break")
    talk.hears("ada", "Keep Monday, 15 March to Sunday, 21 March 2027 free? (Nowruz & spring break)")
    talk.hears("ada", "round 2: Monday, 15 March → Monday, 22 March")
    assert planned(talk, programme)[1] == (2, date(2027, 3, 15))
    talk.presses("ada", "Keep these days free")
    talk.hears("ada", "kept free. Nothing begins on these days.")
    assert planned(talk, programme) == [
        *((1, date(2027, 3, 1)), (2, date(2027, 3, 22)), (3, date(2027, 4, 5)), (4, date(2027, 4, 19)))
    ]
    talk.says("ada", "/programme schedule")
    talk.hears("ada", "Nowruz & spring break (to take back: /programme schedule clear 1)")
    talk.presses("ada", "Keep these days free")
    talk.hears("ada", "Some of these days are kept free already.")
    talk.says("ada", "/programme schedule clear 1")
    talk.hears("ada", "Monday, 15 March to Sunday, 21 March 2027: no longer kept free.")
    assert planned(talk, programme)[1] == (2, date(2027, 3, 15))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("blackout 2027-03-21 2027-03-15", "These days end before they begin."),
        ("blackout 2027-01-04 2027-01-08", "That has begun already."),
        ("blackout 2027-03-01 2027-04-26", "At most 8 weeks"),
        ("blackout 2027-09-01 2027-09-02", "The programme ends before that, on Monday, 31 May."),
        ("blackout 2027-05-05 2027-05-06", "Some of these days are kept free already."),
        ("blackout 2027-02-30 2027-03-01", "is not in the calendar"),
        ("blackout 2027-03-01 soon", "I could not read “soon” as a day."),
        ("blackout 03/04/2027 2027-04-05", "could be"),
        ("blackout 2027-03-01 2027-03-02 " + "x" * 61, "please keep it to 60"),
        ("blackout confirm 2027-03-21 2027-03-15", "These days end before they begin."),
        ("blackout confirm 2027-05-01 2027-05-09", "Some of these days are kept free already."),
        ("clear 99", "Nothing is kept free under number 99."),
        ("clear one", "“one” is not a whole number"),
        ("clear 0", "Number can be 1 to"),
        ("show all", "“all” is not a whole number"),
        ("change", "I don't know “change”."),
    ],
)
def test_days_that_can_not_be_kept_free_are_declined_and_nothing_moves(talk, line, words):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    with talk.store.writing() as db:
        programmes.add_blackout(db, programme, date(2027, 5, 5), date(2027, 5, 6), "")
    before = planned(talk, programme)
    talk.says("ada", f"/programme schedule {line}")
    talk.hears("ada", words)
    assert planned(talk, programme) == before
    with talk.store.writing() as db:
        assert len(programmes.blackouts(db, programme)) == 1


def test_days_of_another_programme_or_past_days_can_not_be_taken_back(talk):
    programme = cast.programme(talk)
    other = cast.programme(talk, organisers=("cleo", "dana"), slug="other")
    with talk.store.writing() as db:
        theirs = programmes.add_blackout(db, other, date(2027, 5, 5), date(2027, 5, 6), "").id
        past = programmes.add_blackout(db, programme, date(2027, 1, 5), date(2027, 1, 6), "").id
    talk.says("ada", f"/programme schedule clear {theirs}")
    talk.hears("ada", f"Nothing is kept free under number {theirs}.")
    talk.says("ada", f"/programme schedule clear {past}")
    talk.hears("ada", "Those days are over")
    with talk.store.writing() as db:
        assert len(programmes.blackouts(db, programme)) == len(programmes.blackouts(db, other)) == 1


def test_the_form_for_free_days_asks_for_both_days_and_shows_errors_in_place(talk):
    cast.programme(talk)
    talk.says("ada", "/programme schedule blackout")
    talk.fills("ada", first="8 March", last="1 March 2027")
    assert {f.name: f.error for f in talk.forms["ada"].fields}["last"].startswith("These days end before they begin.")
    talk.fills("ada", first="8 March", last="12 March")
    talk.hears("ada", "Keep Monday, 8 March to Friday, 12 March 2027 free?")


# --- planning again ---------------------------------------------------------------------------------------------------


def again(talk, programme, **settings):
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        row.settings = {**row.settings, **settings}
        programmes.save(db, row)
        replan(db, row, talk.now)


def test_planning_again_with_nothing_changed_changes_nothing(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)

    def rows():
        with talk.store.writing() as db:
            return [(o.id, o.slot, o.due_at) for o in programmes.occurrences(db, programme)]

    before = rows()
    again(talk, programme)
    assert rows() == before


def test_a_new_rhythm_counts_from_the_day_on_which_the_open_round_is_known_to_close(talk):
    programme = cast.programme(talk, every_weeks=4)
    circle = cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    opens_round(talk, circle, 1, date(2027, 3, 1), date(2027, 3, 29))
    talk.now = datetime(2027, 3, 3, 9, tzinfo=UTC)
    talk.says("ada", "/programme settings every-weeks 2")
    assert planned(talk, programme)[:2] == [(2, date(2027, 3, 29)), (3, date(2027, 4, 12))]
    assert (1, date(2027, 3, 15)) in planned(talk, programme, "middle")
    with talk.store.writing() as db:
        assert rounds.numbered(db, circle, 1).closes_on == date(2027, 3, 29)


def test_prompts_go_on_at_once_when_the_dial_is_turned_down(talk):
    programme = cast.programme(talk, prompts="full")
    circle = cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    with talk.store.writing() as db:
        for o in programmes.occurrences(db, programme):
            if o.kind == "prompt" and o.number <= 5:
                o.state = "done"
                db.add(o)
    talk.now = datetime(2027, 4, 1, 9, tzinfo=UTC)
    again(talk, programme, prompts="light")
    assert planned(talk, programme, "prompt")[:2] == [(6, date(2027, 4, 14)), (7, date(2027, 4, 28))]
    assert circle


def test_what_is_long_past_when_a_programme_starts_late_is_left_out(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    talk.now = datetime(2027, 3, 20, 9, tzinfo=UTC)
    cast.start(talk, programme)
    assert planned(talk, programme)[0] == (3, date(2027, 3, 29))
    assert planned(talk, programme, "prompt")[0] == (3, date(2027, 3, 31))


def test_on_short_notice_the_heads_up_of_the_first_round_is_due_at_once(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    talk.now = datetime(2027, 2, 28, 9, tzinfo=UTC)
    cast.start(talk, programme)
    with talk.store.writing() as db:
        eve = programmes.occurrences(db, programme)[0]
    assert (eve.kind, eve.number, eve.due_at) == ("eve", 1, talk.now)


def test_what_was_planned_and_is_late_stays_planned(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    talk.now = datetime(2027, 3, 5, 9, tzinfo=UTC)
    again(talk, programme)
    assert planned(talk, programme)[0] == (1, date(2027, 3, 1))


def test_a_programme_that_does_not_run_has_nothing_planned(talk):
    programme = cast.programme(talk)
    again(talk, programme)
    assert planned(talk, programme) == []


def test_the_organiser_is_warned_when_a_heads_up_for_a_round_that_moves_has_gone_out(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    talk.passes(until=datetime(2027, 2, 26, 12, tzinfo=UTC))
    talk.says("ada", "/programme schedule blackout 2027-03-01 2027-03-02")
    talk.hears("ada", "The heads-up has gone out already for round 1")
    talk.presses("ada", "Keep these days free")
    talk.passes(days=1)
    talk.hears("cleo", "Round 1 begins on another day than I told you: Monday, 8 March.")


def test_a_heads_up_that_waits_has_not_gone_out(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    cast.start(talk, programme)
    talk.passes(until=datetime(2027, 2, 25, 12, tzinfo=UTC))
    talk.says("ada", "/programme schedule blackout 2027-03-01 2027-03-02")
    talk.hears("ada", "round 1: Monday, 1 March → Monday, 8 March")
    talk.never_hears("ada", "The heads-up has gone out")


# --- announcing -------------------------------------------------------------------------------------------------------


def rooms_open(talk, programme, circle, *who):
    """The circle's room is open."""
    with talk.store.writing() as db:
        key = circle_room(programme, circle)
        deliveries.save_room(db, deliveries.Room(workspace_id=1, key=key, place=key, state="open"))
    talk.rooms[circle_room(programme, circle)] = set(who)


def test_an_announcement_is_seen_first_and_sent_to_every_circle_once(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme, mentors=["cleo"], mentees=["dana"])
    rooms_open(talk, programme, circle, "cleo", "dana")
    talk.says("ada", "/programme announce Send your <stories> by Monday,\n  please!")
    talk.hears("ada", "in the room of 1 circle; 2 people can read it. Not sent yet:")
    talk.never_hears("cleo", "stories")
    talk.presses("ada", "Send")
    talk.hears("ada", "It is on its way to 1 circle.")
    talk.hears("dana", "Ada to everybody in “Women in Physics”:\n\nSend your <stories> by Monday,\n  please!")
    talk.presses("ada", "Send")
    talk.hears("ada", "This announcement was sent already")
    assert sum("stories" in heard.words for heard in talk.heard["cleo"]) == 1


def test_a_button_above_an_older_announcement_does_not_send_the_newer_one(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme, mentees=["cleo"])
    rooms_open(talk, programme, circle, "cleo")
    talk.says("ada", "/programme announce The first words")
    older = talk.button("ada", "Send").call
    talk.says("ada", "/programme announce The second words")
    talk.says("ada", older)
    talk.hears("ada", "you wrote a newer one")
    talk.never_hears("cleo", "words")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("announce " + "x" * 1501, "please keep it to 1500"),
        ("announcement-send 12345678", "This announcement was sent already"),
        ("announcement-send 123456789", "please keep it to 8"),
    ],
)
def test_an_announcement_that_can_not_be_sent_is_declined(talk, line, words):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentees=["cleo"])
    talk.says("ada", f"/programme {line}")
    talk.hears("ada", words)


def test_without_circles_nobody_would_read_an_announcement(talk):
    cast.programme(talk)
    talk.says("ada", "/programme announce Hello")
    talk.hears("ada", "There are no circles yet, so nobody would read it.")


# --- the record -------------------------------------------------------------------------------------------------------


def test_the_status_says_where_it_stands_and_what_is_next(talk):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentors=["cleo"], mentees=["dana"], name="Cedar")
    cast.member(talk, programme, "eve", "both")
    cast.member(talk, programme, "fay", "mentee", state="paused")
    cast.start(talk, programme)
    for line in ("/programme", "/programme status"):
        talk.says("ada", line)
        talk.hears("ada", "State: running")
        talk.hears("ada", "1 as mentor, 2 as mentee, 1 as both · 2 seated, 1 waiting, 1 paused")
        talk.hears("ada", "Cedar (2 people)")
        talk.hears("ada", "heads-up before round 1, the working day before Mon 1 Mar")


def test_the_status_of_a_programme_that_has_ended_counts_what_was(talk):
    programme = cast.programme(talk)
    term_people.circle(talk, programme, "cleo", "dana", "gil", called="Cedar")
    term_people.circle(talk, programme, "hana", "ivy", called="Jasmine")
    cast.member(talk, programme, "eve", "both")
    cast.start(talk, programme)
    talk.says("gil", "/circle leave yes")
    talk.says("ada", "/programme close yes")
    talk.says("dana", "/circle leave yes")
    talk.says("ada", "/programme")
    talk.hears("ada", "State: closed")
    talk.hears("ada", "Members: 5 in circles, 1 without a seat")
    talk.hears("ada", "Circles: Cedar (3 people) and Jasmine (2 people)")
    talk.says("ada", "/programme report")
    talk.hears("ada", "Members: 5 in circles, 1 without a seat")
    for words in ("none yet", "seated", "waiting"):
        talk.never_hears("ada", words)


def test_a_programme_that_ended_before_it_had_circles_had_none(talk):
    programme = cast.programme(talk)
    cast.member(talk, programme, "eve", "both")
    talk.says("ada", "/programme close yes")
    talk.says("ada", "/programme")
    talk.hears("ada", "Members: 0 in circles, 1 without a seat")
    talk.hears("ada", "Circles: none")
    talk.never_hears("ada", "none yet")


@pytest.mark.parametrize(
    ("state", "organisers", "words"),
    [
        ("draft", ("ada",), "Continue the setup, and add a second organiser."),
        ("draft", ("ada", "bob"), "Continue the setup; then launch."),
        ("call", ("ada", "bob"), "People join with /circle join."),
        ("closed", ("ada", "bob"), "This programme is closed."),
    ],
)
def test_the_status_says_what_to_do_next(talk, state, organisers, words):
    cast.programme(talk, state=state, organisers=organisers)
    talk.says("ada", "/programme")
    talk.hears("ada", words)


def with_two_rounds(talk, programme):
    circle = cast.circle(
        talk, programme, mentors=["cleo", "dana", "eve"], mentees=["fay", "gil", "hana"], name="=Cedar"
    )
    with talk.store.writing() as db:
        ids = {p.outside_id: m.id for m, p in cast.members.in_programme(db, programme)}
    first = [
        {ids["cleo"]: "yes", ids["fay"]: ""},
        {ids["dana"]: "yes", ids["gil"]: "no"},
        {ids["eve"]: "", ids["hana"]: "later"},
    ]
    opens_round(talk, circle, 1, date(2027, 3, 1), date(2027, 3, 15), first)
    opens_round(talk, circle, 2, date(2027, 3, 15), date(2027, 3, 29), [{ids["cleo"]: "", ids["gil"]: ""}])
    return ids


def test_the_report_counts_meetings_and_says_nothing_about_anybody(talk):
    programme = cast.programme(talk)
    ids = with_two_rounds(talk, programme)
    with talk.store.writing() as db:
        for who in ("cleo", "dana", "eve", "fay"):
            db.add(Goal(member_id=ids[who], text="A secret goal", created_at=talk.now, changed_at=talk.now))
        known = {who: people.by_outside_id(db, 1, who).id for who in ids}
        people.avoid(db, known["gil"], known["hana"])
    talk.says("ada", "/programme report")
    talk.hears("ada", "Meetings held: 1 held, 1 not held, 2 without an answer")
    talk.hears("ada", "=Cedar, round 1 (Mon 1 Mar): 1 held, 1 not held, 1 without an answer")
    talk.hears("ada", "Members with a goal: fewer than five")
    talk.hears("ada", "Pairs kept apart by wish: fewer than five")
    for private in ("Cleo", "Gil", "Hana", "secret"):
        talk.never_hears("ada", private)
    with talk.store.writing() as db:
        db.add(Goal(member_id=ids["gil"], text="Another", created_at=talk.now, changed_at=talk.now))
        db.add(Goal(member_id=ids["gil"], text="A third", created_at=talk.now, changed_at=talk.now))
    talk.says("ada", "/programme report")
    talk.hears("ada", "Members with a goal: 5")


def test_the_export_is_a_table_of_rounds_that_a_spreadsheet_reads_as_text(talk):
    programme = cast.programme(talk)
    with_two_rounds(talk, programme)
    with talk.store.writing() as db:
        rows = list(csv.reader(io.StringIO(programme_export(db, programmes.get(db, programme)))))
    assert rows == [
        ["circle", "round", "opens", "closes", "groups", "met", "not met", "no answer"],
        ["'=Cedar", "1", "2027-03-01", "2027-03-15", "3", "1", "1", "1"],
        ["'=Cedar", "2", "2027-03-15", "2027-03-29", "1", "0", "0", "1"],
    ]
    talk.says("ada", "/programme export")
    talk.hears("ada", "'=Cedar,1,2027-03-01,2027-03-15,3,1,1,1")
    talk.never_hears("ada", "halqa export")


def test_a_long_export_is_a_file_with_every_line(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme, mentees=["cleo"])
    for number in range(1, 33):
        day = date(2027, 3, 1) + timedelta(weeks=number)
        opens_round(talk, circle, number, day, day + timedelta(weeks=1))
    talk.says("ada", "/programme export")
    message = talk.hears("ada", "The record of 32 rounds: dates and counts, nobody's name.").message
    (file,) = [block for block in message.blocks if isinstance(block, File)]
    assert file.name == "physics.csv"
    with talk.store.writing() as db:
        assert file.text == programme_export(db, programmes.get(db, programme))
    assert "Circle 1,32," in file.text


def test_the_audit_names_who_did_what_newest_first_and_looking_is_not_doing(talk):
    cast.programme(talk)
    cast.person(talk, "cleo")
    talk.says("ada", "/programme settings rotation tables")
    talk.passes(hours=1)
    talk.says("bob", "/programme organisers add cleo")
    for line in ("", " status", " report", " schedule", " settings", " organisers", " settings purpose"):
        talk.says("bob", f"/programme{line}")
    talk.says("ada", "/programme settings purpose Private enough words")
    talk.says("bob", "/programme audit")
    lines = talk.heard["bob"][-1].words.splitlines()
    assert lines == [
        "- Mon 1 February, 10:00: Ada, /programme settings (purpose)",
        "- Mon 1 February, 10:00: Bob, /programme organisers add (cleo)",
        "- Mon 1 February, 09:00: Ada, /programme settings (rotation: mentor-mentee → tables)",
    ]


def test_every_call_on_a_button_of_these_conversations_fits_a_button(talk):
    begins(talk, name="x" * 60)
    talk.says("ada", "/programme schedule blackout 2027-03-08 2027-03-12")
    talk.says("ada", "/programme status")
    assert all(len(b.call) <= 100 for h in talk.heard["ada"] for b in h.message.buttons())
