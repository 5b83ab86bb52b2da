"""Check-ins as conversations: asked at her morning, answered by one tap, changed, snoozed, and never judged."""

from datetime import UTC, date, datetime, timedelta

import pytest
from goals_people import a_circle, a_programme, enrol, member_of, outbox, plan, set_member
from talk import Talk

from circles.conversation import library
from circles.effects import Tell
from circles.messages import Quote, message
from circles.outbox import put
from storage import goals, people, programmes

DAY = date(2027, 2, 17)  # a Wednesday
LABELS = ("Same", "Changed", "Parked", "Done", "Not this week")
JUDGING = ("streak", "fail", "late", "missed", "behind", "well done", "congrat", "score", "great")


@pytest.fixture
def here(talk):
    """Ada in Amman and bob in Los Angeles share a circle; their check-in is planned for Wednesday 17 February."""
    talk.zones = {"ada": "Asia/Amman", "bob": "America/Los_Angeles", "cleo": "UTC"}
    talk.programme = a_programme(talk)
    talk.circle = a_circle(talk, talk.programme, "ada", "bob", "cleo")
    plan(talk, talk.programme, "check-in", DAY)
    return talk


def nudges(talk, who):
    """What the bot wrote to somebody by itself."""
    return [heard for heard in talk.heard[who] if heard.room == "dm"]


def goal_state(talk, goal_id=1):
    with talk.store.writing() as db:
        return goals.get(db, goal_id).state


def test_each_is_asked_at_her_own_morning_about_her_own_goal(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("bob", "/circle goal add Learn Rust")
    here.passes(until=datetime(2027, 2, 18, 0, tzinfo=UTC))
    (to_ada,), (to_bob,) = nudges(here, "ada"), nudges(here, "bob")
    assert to_ada.at == datetime(2027, 2, 17, 6, tzinfo=UTC)
    assert to_bob.at == datetime(2027, 2, 17, 17, tzinfo=UTC)
    assert "“Finish the grant”" in to_ada.words
    assert "Only you can see your answer" in to_ada.words
    assert "Finish" not in to_bob.words
    assert to_ada.words.split("\n")[0] in library.banks()["priority"]
    assert to_ada.message.summary == "A question about a goal of yours"
    assert [b.label for b in to_ada.message.buttons()] == [*LABELS, "Snooze"]


@pytest.mark.parametrize(
    ("label", "said", "state"),
    [
        ("Same", "Noted: same. Goal 1 goes on as it is.", "active"),
        ("Changed", "Noted: changed.", "active"),
        ("Parked", "Noted: parked. Goal 1 rests", "parked"),
        ("Done", "Noted: done. Goal 1 stays in your list", "done"),
        ("Not this week", "Noted: not this week. Nothing is lost", "active"),
    ],
)
def test_every_answer_is_noted_in_the_place_of_the_question_and_judged_by_nobody(here, label, said, state):
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(until=datetime(2027, 2, 17, 12, tzinfo=UTC))
    (answer,) = here.presses("ada", label)
    assert answer.replaces
    here.hears("ada", said)
    assert goal_state(here) == state
    labels = [b.label for b in answer.message.buttons()]
    assert labels[:2] == ["Change my answer", "Add a note"]
    assert ("Edit the goal" in labels) == (label == "Changed")
    assert not [word for word in JUDGING if word in answer.message.plain().lower()]


def test_an_answer_is_changed_as_often_as_she_likes_and_the_goal_follows(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    for label, state in (
        ("Done", "done"),
        ("Same", "active"),
        ("Parked", "parked"),
        ("Done", "done"),
        ("Changed", "active"),
    ):
        here.presses("ada", label)
        assert goal_state(here) == state
        (again,) = here.presses("ada", "Change my answer")
        assert again.replaces
        here.hears("ada", f"Your answer so far: {label}")


def test_an_answer_taken_back_never_makes_a_fourth_goal_active(here):
    here.says("ada", "/circle goal add one")
    here.says("ada", "/circle checkin")
    here.presses("ada", "Done")
    for text in ("two", "three", "four"):
        here.says("ada", f"/circle goal add {text}")
    here.says("ada", "/circle checkin answer 1 same")
    here.hears("ada", "Three goals are active, so this one stays where it is for now")
    assert goal_state(here) == "done"


def test_changed_offers_to_edit_the_goal(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.presses("ada", "Changed")
    here.presses("ada", "Edit the goal")
    here.fills("ada", text="A smaller grant")
    here.hears("ada", "Goal 1 now reads")


def test_without_an_active_goal_nothing_is_asked(here):
    here.says("ada", "/circle checkin")
    here.hears("ada", "nothing to ask, and that is fine")
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle goal park 1")
    here.says("ada", "/circle checkin")
    here.hears("ada", "nothing to ask, and that is fine")


def test_a_question_that_waits_comes_first_then_the_goal_asked_about_longest_ago(here):
    here.says("ada", "/circle goal add one")
    here.says("ada", "/circle goal add two")
    for text in ("one", "one"):
        here.says("ada", "/circle checkin")
        here.hears("ada", f"“{text}”")
    here.presses("ada", "Same")
    here.says("ada", "/circle checkin")
    here.hears("ada", "“two”")
    here.presses("ada", "Same")
    here.says("ada", "/circle checkin")
    here.hears("ada", "“one”")
    here.hears("ada", "Your answer so far: Same")
    here.passes(days=1)
    here.says("ada", "/circle checkin")
    here.hears("ada", "“one”")


def test_the_calendar_asks_about_each_goal_in_turn_in_changing_words(here):
    here.says("ada", "/circle goal add one")
    here.says("ada", "/circle goal add two")
    for number in (2, 3, 4):
        plan(here, here.programme, "check-in", DAY + timedelta(weeks=5 * (number - 1)), number=number)
    asked, first_words = [], []
    for number in (1, 2, 3, 4):
        here.passes(until=datetime(2027, 2, 17, 12, tzinfo=UTC) + timedelta(weeks=5 * (number - 1)))
        heard = nudges(here, "ada")[-1].message
        asked.append(next(b for b in heard.blocks if isinstance(b, Quote)).plain())
        first_words.append(heard.blocks[0].plain())
        here.presses("ada", "Same")
    assert asked == ["“one”", "“two”", "“one”", "“two”"]
    assert first_words[0] != first_words[2]


def test_who_has_not_answered_is_reminded_once_three_days_later(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(days=40)
    first, reminder = nudges(here, "ada")
    assert first.at.date() == DAY
    assert reminder.at == datetime(2027, 2, 22, 6, tzinfo=UTC)  # Saturday is free; Monday is her next morning
    assert "the only reminder" in reminder.words
    assert "“Finish the grant”" in reminder.words


@pytest.mark.parametrize(
    "line",
    [
        *(f"/circle checkin answer 1 {answer}" for answer in ("same", "changed", "parked", "done", "not-this-week")),
        "/circle goal park 1",
        "/circle goal drop 1",
        "/circle checkin snooze 1 14",
    ],
)
def test_who_answered_snoozed_or_let_the_goal_rest_is_not_reminded(here, line):
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(until=datetime(2027, 2, 17, 12, tzinfo=UTC))
    here.says("ada", line)
    here.passes(until=datetime(2027, 2, 28, tzinfo=UTC))
    assert len(nudges(here, "ada")) == 1


@pytest.mark.parametrize(
    "line", ["/circle checkin answer 1 same", "/circle checkin snooze 1 14", "/circle goal done 1"]
)
def test_what_was_answered_before_the_morning_is_not_asked(here, line):
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(until=datetime(2027, 2, 17, 5, tzinfo=UTC))
    here.says("ada", "/circle checkin")
    here.says("ada", line)
    here.passes(until=datetime(2027, 2, 28, tzinfo=UTC))
    assert nudges(here, "ada") == []


@pytest.mark.parametrize("change", [{"state": "paused"}, {"state": "left"}, {"state": "waiting"}])
def test_those_not_seated_are_not_asked_even_when_it_changes_at_the_last_moment(here, change):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("bob", "/circle goal add Learn Rust")
    set_member(here, here.programme, "ada", **change)
    here.passes(until=datetime(2027, 2, 17, 5, tzinfo=UTC))
    set_member(here, here.programme, "bob", **change)
    here.passes(days=20)
    assert nudges(here, "ada") == nudges(here, "bob") == []


def test_who_wants_no_reminders_is_not_asked(here):
    here.says("ada", "/circle goal add Finish the grant")
    set_member(here, here.programme, "ada", wants_reminders=False)
    here.passes(days=40)
    assert nudges(here, "ada") == []


def test_who_has_no_goal_is_invited_once_and_never_again(here):
    plan(here, here.programme, "check-in", DAY + timedelta(weeks=5), number=2)
    enrol(here, here.programme, "ines", state="waiting")
    here.passes(days=70)
    (invitation,) = nudges(here, "ada")
    assert "No goal is needed to take part" in invitation.words
    here.presses("ada", "Add a goal")
    here.fills("ada", text="Finish the grant")
    here.hears("ada", "Kept as goal 1")
    assert nudges(here, "ines") == []


def test_who_set_a_goal_meanwhile_or_let_all_of_them_rest_is_not_invited(here):
    here.says("bob", "/circle goal add Learn Rust")
    here.says("bob", "/circle goal drop 1")
    here.passes(until=datetime(2027, 2, 17, 5, tzinfo=UTC))
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(days=20)
    assert nudges(here, "ada") == nudges(here, "bob") == []


def test_a_snoozed_question_comes_back_on_her_morning(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.passes(until=datetime(2027, 2, 17, 12, tzinfo=UTC))
    here.presses("ada", "Snooze")
    assert [b.label for b in here.heard["ada"][-1].message.buttons()] == ["Tomorrow", "In 3 days", "Next week"]
    here.presses("ada", "In 3 days")
    here.hears("ada", "Snoozed until Monday, 22 February")
    here.passes(until=datetime(2027, 2, 26, tzinfo=UTC))
    assert [h.at for h in nudges(here, "ada")][1:] == [datetime(2027, 2, 22, 6, tzinfo=UTC)]
    here.presses("ada", "Same")
    here.hears("ada", "Noted: same")


def test_after_three_snoozes_the_question_rests_and_breaks_nothing(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    for _ in range(3):
        here.says("ada", "/circle checkin snooze 1 7")
        here.hears("ada", "Nothing is lost by it")
    here.says("ada", "/circle checkin snooze 1 7")
    here.hears("ada", "That is fine. I let this question rest now")
    here.presses("ada", "Answer now")
    assert "Snooze" not in [b.label for b in here.heard["ada"][-1].message.buttons()]
    here.presses("ada", "Same")
    here.hears("ada", "Noted: same")


def test_only_the_newest_snooze_speaks(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.says("ada", "/circle checkin snooze 1 1")
    here.says("ada", "/circle checkin snooze 1 3")
    here.passes(until=datetime(2027, 2, 10, tzinfo=UTC))
    assert [h.at.date() for h in nudges(here, "ada")] == [date(2027, 2, 4)]


def test_the_same_press_delivered_twice_snoozes_once(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    for _ in range(2):
        here.says("ada", "/circle checkin snooze 1 1", call_id="a press")
    assert len([row for row in outbox(here) if row[1] == "check-in-snoozed"]) == 1


@pytest.mark.parametrize("line", ["/circle checkin answer 1 same", "/circle goal park 1"])
def test_what_is_settled_cannot_be_snoozed_and_hears_so_kindly(here, line):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.says("ada", line)
    here.says("ada", "/circle checkin snooze 1 3")
    assert any(words in here.heard["ada"][-1].words for words in ("You have answered this one", "not active just now"))
    here.passes(until=datetime(2027, 2, 16, 9, tzinfo=UTC))
    assert nudges(here, "ada") == []


def test_a_note_and_confidence_are_kept_for_her_alone_and_can_be_taken_away(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.presses("ada", "Same")
    here.presses("ada", "Add a note")
    assert here.forms["ada"].intro[0].plain() == "Only you can read this."
    here.fills("ada", note="Waiting for the dean", confidence="4")
    here.hears("ada", "Your note is kept; only you can read it.")
    here.hears("ada", "Your confidence: 4 of 5")
    here.presses("ada", "Change the note")
    assert [f.initial for f in here.forms["ada"].fields] == ["Waiting for the dean", "4"]
    here.fills("ada", note="", confidence="")
    here.hears("ada", "The note is gone.")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"note": "x" * 501}, "note"),
        ({"note": "x", "confidence": "6"}, "confidence"),
        ({"note": "x", "confidence": "0"}, "confidence"),
        ({"note": "x", "confidence": "high"}, "confidence"),
    ],
)
def test_a_note_that_cannot_be_kept_comes_back_with_the_error_beside_it(here, answers, field):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.says("ada", "circle checkin note 1", answers=answers)
    assert [f.name for f in here.forms["ada"].fields if f.error] == [field]
    with here.store.writing() as db:
        assert goals.check_in(db, 1).note == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle checkin answer 1 maybe", "is not one of"),
        ("/circle checkin answer one same", "not a whole number"),
        ("/circle checkin answer 1 same please", "I can't place"),
        ("/circle checkin snooze 1 0", "can be 1 to 14"),
        ("/circle checkin snooze 1 15", "can be 1 to 14"),
        ("/circle checkin snooze 1 soon", "not a whole number"),
        ("/circle checkin now", "takes nothing more"),
        ("/circle checkin answer 99 same", "isn't one of yours, or is no longer there"),
        ("/circle checkin note 99", "isn't one of yours, or is no longer there"),
        ("/circle checkin snooze 99 3", "isn't one of yours, or is no longer there"),
    ],
)
def test_what_cannot_be_followed_is_turned_down_kindly(here, line, said):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.says("ada", line)
    here.hears("ada", said)
    with here.store.writing() as db:
        row = goals.check_in(db, 1)
        assert (row.answer, row.note, row.snoozes) == ("", "", 0)


def test_somebody_elses_check_in_sounds_like_none_and_stays_as_it_is(here):
    here.says("ada", "/circle goal add Zanzibar")
    here.says("ada", "/circle checkin")
    for line in ("answer 1", "answer 1 done", "note 1", "snooze 1", "snooze 1 3"):
        here.says("bob", f"/circle checkin {line}")
        here.hears("bob", "That check-in isn't one of yours, or is no longer there")
    here.says("bob", "circle checkin note 1", answers={"note": "mine now"})
    here.hears("bob", "That check-in isn't one of yours")
    here.never_hears("bob", "Zanzibar")
    with here.store.writing() as db:
        row = goals.check_in(db, 1)
        assert (row.answer, row.note, row.snoozes) == ("", "", 0)
    assert goal_state(here) == "active"


def test_her_check_in_of_another_programme_is_not_reached_from_this_one(here):
    a_circle(here, a_programme(here, "second"), "ada", "zoe")
    here.says("ada", "/circle goal add Zanzibar in:alemat")
    here.says("ada", "/circle checkin in:alemat")
    here.says("ada", "/circle checkin answer 1 done in:second")
    here.hears("ada", "That check-in isn't one of yours")
    here.presses("ada", "Same")
    here.hears("ada", "Noted: same")


def test_answering_wakes_a_member_who_had_fallen_silent(here):
    set_member(here, here.programme, "ada", silences=3)
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.presses("ada", "Not this week")
    with here.store.writing() as db:
        assert member_of(db, here, here.programme, "ada").silences == 0


def test_a_bot_that_was_away_for_two_days_asks_late_and_for_a_week_not_at_all(here):
    here.says("ada", "/circle goal add Finish the grant")
    plan(here, here.programme, "check-in", DAY + timedelta(weeks=5), number=2)
    here.now = datetime(2027, 2, 18, 12, tzinfo=UTC)
    here.passes(hours=1)
    (late,) = nudges(here, "ada")
    assert "“Finish the grant”" in late.words
    here.presses("ada", "Same")
    here.now = datetime(2027, 3, 31, 12, tzinfo=UTC)
    here.passes(hours=1)
    assert len(nudges(here, "ada")) == 1


def test_nothing_is_asked_once_the_programme_has_ended(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle checkin")
    here.says("ada", "/circle checkin snooze 1 14")
    here.passes(until=datetime(2027, 2, 14, tzinfo=UTC))
    with here.store.writing() as db:
        row = programmes.get(db, here.programme)
        row.state = "closed"
        programmes.save(db, row)
    here.passes(days=30)
    assert nudges(here, "ada") == []


def test_the_reminder_does_not_follow_on_the_heels_of_a_question_that_was_held_back(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle action Write to Rania")
    for number, text in enumerate(("two", "three"), 2):
        here.says("ada", f"/circle goal add {text}")
        here.says("ada", f"/circle goal park {number}")
    with here.store.writing() as db:
        ada = people.by_outside_id(db, 1, "ada").id
        early = [datetime(2027, 2, day, 8, tzinfo=UTC) for day in (15, 16)]
        put(db, 1, [Tell(f"x{n}", ada, message("hello"), "news", run_at=at) for n, at in enumerate(early)], here.now)
    here.passes(until=datetime(2027, 3, 5, tzinfo=UTC))
    asked = [h for h in nudges(here, "ada") if "“Finish the grant”" in h.words]
    assert [h.at.date() for h in asked] == [date(2027, 2, 22)]
    assert asked[0].words.count("“Finish the grant”") == 1


def test_a_question_that_went_out_late_is_not_followed_by_its_reminder_the_next_day(here):
    here.says("ada", "/circle goal add Finish the grant")
    plan(here, here.programme, "check-in", date(2027, 2, 8), number=9)
    here.passes(until=datetime(2027, 2, 8, 5, tzinfo=UTC))
    here.now = datetime(2027, 2, 10, 9, tzinfo=UTC)  # the bot was away when the question was to go out
    here.passes(until=datetime(2027, 2, 16, tzinfo=UTC))
    assert [h.at.date() for h in nudges(here, "ada")] == [date(2027, 2, 10)]


def test_who_joins_after_the_first_check_in_is_not_invited(here):
    plan(here, here.programme, "check-in", DAY + timedelta(weeks=5), number=2)
    here.passes(days=25)
    enrol(here, here.programme, "ines")
    here.passes(days=40)
    assert nudges(here, "ines") == []


def test_goals_are_asked_about_shared_and_taken_back_on_both_databases(store):
    talk = Talk(store)
    programme = a_programme(talk)
    circle = a_circle(talk, programme, "ada", "bob")
    plan(talk, programme, "check-in", DAY)
    plan(talk, programme, "middle", date(2027, 2, 8), circle_id=circle)
    talk.says("ada", "/circle goal add Finish the grant")
    talk.says("ada", "/circle action Write to Rania")
    talk.passes(days=25)
    assert [h.at.date() for h in nudges(talk, "ada")] == [date(2027, 2, 8), DAY, date(2027, 2, 22)]
    talk.presses("ada", "Not this week")
    talk.says("ada", "/circle checkin")
    talk.hears("ada", "“Finish the grant”")
    talk.says("ada", "/circle goal share 1 circle")
    talk.says("bob", "/circle goal see")
    talk.hears("bob", "Ada: Finish the grant")
    talk.says("ada", "/circle goal share 1 me")
    talk.says("bob", "/circle goal see")
    talk.hears("bob", "Nobody shares a goal")
    with store.writing() as db:
        assert programmes.with_goals(db, programme) == 1
