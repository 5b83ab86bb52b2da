"""Goals and actions as conversations: kept, changed, ended, shared on her word alone."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from goals_people import a_circle, a_programme, a_round, end_round, enrol, member_of, outbox, plan, set_member

from circles.effects import Post
from circles.messages import message
from circles.outbox import put
from circles.programme import record_words
from storage import goals, programmes

PRIVATE = "leave the Zanzibar grant"


@pytest.fixture
def here(talk):
    """Ada, bob, cleo, dana, ella and fatma in one circle; gus in another; olga organises."""
    talk.programme = a_programme(talk)
    talk.circle = a_circle(talk, talk.programme, "ada", "bob", "cleo", "dana", "ella", "fatma")
    a_circle(talk, talk.programme, "gus", "hana", called="Olive")
    return talk


@pytest.fixture
def meeting(here):
    """The first round is open: ada meets bob, cleo meets dana."""
    here.round = a_round(
        here,
        here.programme,
        here.circle,
        ("ada", "bob"),
        ("cleo", "dana"),
        opens_on=date(2027, 2, 1),
        closes_on=date(2027, 2, 15),
    )
    return here


def test_a_goal_is_kept_and_only_its_owner_reads_it(here):
    here.says("ada", "/circle goal add Finish the grant proposal")
    here.hears("ada", "Kept as goal 1")
    here.hears("ada", "Only you can read it")
    here.presses("ada", "My goals")
    here.hears("ada", "1. Finish the grant proposal · active · only you can read it")


def test_the_form_asks_for_a_goal_with_its_first_step_and_day(here):
    here.says("ada", "/circle goal add")
    assert [f.name for f in here.forms["ada"].fields] == ["text", "first_step", "by", "life"]
    here.fills("ada", text="Find a sponsor", first_step="Write to Rania", by="2027-03-08", life="personal")
    here.says("ada", "/circle goal")
    here.hears("ada", "1. Find a sponsor · active · only you can read it · by Monday, 8 March · first step: Write to")


def test_a_goal_belongs_to_the_part_of_life_that_the_programme_is_about(talk):
    programme = a_programme(talk, life="personal")
    a_circle(talk, programme, "ada", "bob")
    talk.says("ada", "/circle goal add Walk more")
    with talk.store.writing() as db:
        assert goals.get(db, 1).life == "personal"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle goal add " + "x" * 301, "301 characters long"),
        ("/circle goal lst", "Did you mean /circle goal list"),
        ("/circle goal list now", "takes nothing more"),
        ("/circle goal done 7", "You have no goal 7"),
        ("/circle goal done 0", "can be 1 to"),
        ("/circle goal done first", "not a whole number"),
        ("/circle goal done 1 2", "I can't place"),
        ("/circle goal edit 7", "You have no goal 7"),
        ("/circle goal share 7 circle", "You have no goal 7"),
        ("/circle goal share 1 world", "“world” is not one of me, partner"),
        ("/circle goal tell 7", "You have no goal 7"),
        ("/circle goal see bob", "takes nothing more"),
        ("/circle actions answer 7 did", "isn't one of yours"),
        ("/circle actions answer 1 maybe", "is not one of"),
        ("/circle action " + "x" * 301, "301 characters long"),
        ("/circle actions all", "takes nothing more"),
    ],
)
def test_what_cannot_be_followed_is_turned_down_kindly_and_changes_nothing(here, line, said):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", line)
    here.hears("ada", said)
    here.says("ada", "/circle goal")
    here.hears("ada", "1. Finish the grant · active · only you can read it")


@pytest.mark.parametrize(
    ("line", "answers", "field"),
    [
        ("circle goal add", {"text": "x", "by": "2027-01-31"}, "by"),
        ("circle goal add", {"text": "x", "by": "someday"}, "by"),
        ("circle goal add", {"text": "x", "first_step": "y" * 201}, "first_step"),
        ("circle goal add", {"text": "x", "life": "other"}, "life"),
        ("circle goal edit 1", {"text": "", "by": "2027-03-08"}, "text"),
        ("circle goal edit 1", {"text": "x" * 301}, "text"),
        ("circle goal edit 1", {"text": "x", "by": "2027-01-31"}, "by"),
    ],
)
def test_a_form_with_a_wrong_answer_comes_back_with_the_error_beside_it(here, line, answers, field):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", line, answers=answers)
    assert [f.name for f in here.forms["ada"].fields if f.error] == [field]
    here.says("ada", "/circle goal")
    here.hears("ada", "1. Finish the grant · active")


def test_a_goal_without_words_is_asked_for_again_and_not_kept(here):
    here.says("ada", "/circle goal add", answers={"text": "   "})
    assert [f.name for f in here.forms["ada"].fields][:1] == ["text"]
    here.says("ada", "/circle goal")
    here.hears("ada", "You have no goal here yet")


def test_somebody_outside_a_programme_is_invited_to_join(here):
    here.says("zoe", "/circle goal add Finish the grant")
    here.hears("zoe", "/circle join")


def test_an_organiser_who_is_no_member_has_no_goals_here(here):
    for line in ("/circle goal", "/circle goal see", "/circle actions", "/circle checkin"):
        here.says("olga", line)
        here.hears("olga", "/circle join")


def test_numbers_stay_hers_whatever_happens_to_the_goals(here):
    for text in ("one", "two", "three"):
        here.says("ada", f"/circle goal add {text}")
    here.says("bob", "/circle goal add his own")
    here.hears("bob", "Kept as goal 1")
    here.says("ada", "/circle goal drop 2")
    here.says("ada", "/circle goal add four")
    here.hears("ada", "Kept as goal 4")
    here.says("ada", "/circle goal")
    here.hears("ada", "2. two · let go")
    here.hears("ada", "4. four · active")


def test_a_fourth_active_goal_is_declined_and_her_words_are_handed_back(here):
    for text in ("one", "two", "three"):
        here.says("ada", f"/circle goal add {text}")
    here.says("ada", "/circle goal add a fourth wish")
    here.hears("ada", "Three goals at a time")
    here.hears("ada", "“a fourth wish”")
    here.presses("ada", "Park 2")
    here.hears("ada", "Goal 2 is parked")
    here.says("ada", "/circle goal add a fourth wish")
    here.hears("ada", "Kept as goal 4")
    here.says("ada", "/circle goal resume 2")
    here.hears("ada", "Three goals at a time")
    here.says("ada", "/circle goal")
    here.hears("ada", "2. two · parked")


@pytest.mark.parametrize(
    ("what", "said", "state"),
    [("done", "is done", "done"), ("park", "is parked", "parked"), ("drop", "You let goal 1 go", "let go")],
)
def test_every_end_is_neutral_kind_when_repeated_and_can_be_taken_back(here, what, said, state):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", f"/circle goal {what} 1")
    here.hears("ada", said)
    here.says("ada", f"/circle goal {what} 1")
    here.hears("ada", "already; nothing to change")
    here.says("ada", "/circle goal")
    here.hears("ada", f"1. Finish the grant · {state}")
    here.presses("ada", "1: resume")
    here.hears("ada", "Goal 1 is active again")
    here.says("ada", "/circle goal resume 1")
    here.hears("ada", "active already")


def test_without_a_number_she_chooses_the_goal_by_a_button(here):
    here.says("ada", "/circle goal add Finish the grant")
    here.says("ada", "/circle goal add Sleep")
    here.says("ada", "/circle goal park")
    here.hears("ada", "Which goal is this about?")
    here.presses("ada", "Goal 2")
    here.hears("ada", "Goal 2 is parked")


def test_without_any_goal_the_list_invites_and_pushes_nobody(here):
    here.says("ada", "/circle goal list")
    here.hears("ada", "You have no goal here yet, and that is fine")
    here.says("ada", "/circle goal done")
    here.hears("ada", "You have no goal here yet")


def test_the_edit_form_comes_filled_and_an_emptied_field_is_emptied(here):
    here.says("ada", "/circle goal add", answers={"text": "Grant", "first_step": "Budget", "by": "2027-03-08"})
    here.says("ada", "/circle goal edit 1")
    assert {f.name: f.initial for f in here.forms["ada"].fields} == {
        "text": "Grant",
        "first_step": "Budget",
        "by": "2027-03-08",
    }
    here.fills("ada", text="A smaller grant", first_step="")
    here.hears("ada", "Goal 1 now reads")
    here.hears("ada", "A smaller grant · active · only you can read it · by Monday, 8 March")
    here.says("ada", "/circle goal")
    with pytest.raises(AssertionError):
        here.hears("ada", "Budget")


def test_a_day_that_has_passed_since_may_stay_when_the_words_are_edited(here):
    here.says("ada", "/circle goal add", answers={"text": "Grant", "by": "2027-02-03"})
    here.passes(days=10)
    here.says("ada", "/circle goal edit 1")
    here.fills("ada", text="Another grant")
    here.hears("ada", "Goal 1 now reads")


def test_she_hears_who_would_read_a_goal_before_she_shares_it(meeting):
    meeting.says("ada", f"/circle goal add {PRIVATE}")
    meeting.presses("ada", "Share with…")
    meeting.hears("ada", "only you can read it")
    meeting.hears("ada", "Now: Bob.")
    meeting.hears("ada", "Now: 5 other people.")
    meeting.says("bob", "/circle goal see")
    meeting.never_hears("bob", PRIVATE)
    meeting.presses("ada", "The people I meet")
    meeting.hears("ada", "The people you meet in the current round can read goal 1: Bob")


def test_a_goal_for_the_people_she_meets_reaches_them_and_only_while_they_meet(meeting):
    meeting.says("ada", f"/circle goal add {PRIVATE}")
    meeting.says("ada", "/circle goal share 1 partner")
    for who in ("cleo", "dana", "fatma", "gus", "olga"):
        meeting.says(who, "/circle goal see")
        meeting.never_hears(who, PRIVATE)
    meeting.says("bob", "/circle goal see")
    meeting.hears("bob", f"Ada: {PRIVATE}")
    end_round(meeting, meeting.round)
    meeting.forgets()
    meeting.says("bob", "/circle goal see")
    meeting.hears("bob", "Nobody shares a goal with you just now")


def test_a_goal_for_the_circle_reaches_the_circle_and_nobody_in_another(here):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    here.hears("ada", "Your circle can read goal 1: 5 other people. I have posted nothing.")
    here.never_hears("bob", PRIVATE)
    for who in ("bob", "fatma"):
        here.says(who, "/circle goal see")
        here.hears(who, f"Ada: {PRIVATE}")
    here.says("gus", "/circle goal see")
    here.never_hears("gus", PRIVATE)


def test_a_private_goal_is_not_even_read_from_the_store_for_others(here):
    for number, scope in enumerate(("me", "partner", "circle"), 1):
        here.says("ada", f"/circle goal add for {scope}")
        here.says("ada", f"/circle goal share {number} {scope}")
    with here.store.writing() as db:
        ada = member_of(db, here, here.programme, "ada").id
        assert [goal.text for goal in goals.shared(db, [ada])] == ["for partner", "for circle"]


def test_sharing_is_taken_back_at_once(here):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    here.presses("ada", "Keep it to me")
    here.hears("ada", "From now on only you can read goal 1")
    here.says("bob", "/circle goal see")
    here.never_hears("bob", PRIVATE)


@pytest.mark.parametrize("what", ["park", "done", "drop"])
def test_a_shared_goal_that_has_ended_is_no_longer_shown_to_others(here, what):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    here.says("ada", f"/circle goal {what} 1")
    here.says("bob", "/circle goal see")
    here.never_hears("bob", PRIVATE)


def test_the_room_is_told_only_when_she_presses_and_once_for_the_same_press(here):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    call = here.button("ada", "Tell my circle").call
    here.says("ada", call, call_id="a press")
    here.says("ada", call, call_id="a press")
    assert sum(PRIVATE in h.words for h in here.heard["bob"]) == 1
    assert here.heard["bob"][-1].message.summary == "Somebody in your circle shares a goal"
    here.never_hears("gus", PRIVATE)


@pytest.mark.parametrize("scope", ["me", "partner"])
def test_a_goal_that_is_not_for_the_circle_is_never_posted(here, scope):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", f"/circle goal share 1 {scope}")
    here.says("ada", "/circle goal tell 1")
    here.hears("ada", "is not shared with your circle")
    here.never_hears("bob", PRIVATE)


def test_what_was_to_be_told_is_withdrawn_when_she_takes_the_goal_back(here):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    key, room = "goal:1:told:waits", f"p{here.programme}:c{here.circle}"
    waits = Post(key, room, message(PRIVATE), "goal-told", run_at=here.now + timedelta(hours=1))
    with here.store.writing() as db:
        put(db, 1, [waits], here.now)
    here.says("ada", "/circle goal share 1 me")
    here.passes(days=1)
    here.never_hears("bob", PRIVATE)


def test_somebody_without_a_circle_shares_with_nobody(here):
    enrol(here, here.programme, "ines", state="waiting")
    here.says("ines", "/circle goal add Begin")
    here.says("ines", "/circle goal share 1 circle")
    here.hears("ines", "0 other people")
    here.says("ines", "/circle goal tell 1")
    here.hears("ines", "no seat in a circle")
    here.says("ines", "/circle goal see")
    here.hears("ines", "Nobody shares a goal")


def test_goals_of_one_programme_do_not_show_in_another(here):
    other = a_programme(here, "second", organiser="olga")
    a_circle(here, other, "ada", "zoe")
    here.says("ada", f"/circle goal add {PRIVATE} in:alemat")
    here.says("ada", "/circle goal share 1 circle in:alemat")
    here.says("ada", "/circle goal in:second")
    here.hears("ada", "You have no goal here yet")
    here.says("zoe", "/circle goal see")
    here.never_hears("zoe", PRIVATE)


def test_a_member_who_left_shows_nothing_any_more(here):
    here.says("ada", f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal share 1 circle")
    set_member(here, here.programme, "ada", state="left")
    here.says("bob", "/circle goal see")
    here.never_hears("bob", PRIVATE)


def test_a_private_goal_appears_in_nothing_that_anybody_else_hears(meeting, caplog):
    caplog.set_level(logging.DEBUG)
    meeting.says("ada", f"/circle goal add {PRIVATE}", answers={"first_step": "tell Qamar about Zanzibar"})
    meeting.says("ada", "/circle action write to Zanzibar")
    plan(meeting, meeting.programme, "check-in", date(2027, 2, 4))
    plan(meeting, meeting.programme, "middle", date(2027, 2, 8), circle_id=meeting.circle)
    meeting.passes(days=12)
    meeting.says("ada", "/circle checkin")
    meeting.presses("ada", "Changed")
    meeting.says("ada", "/circle checkin note 1", answers={"note": "Zanzibar again", "confidence": "2"})
    others = ("bob", "cleo", "dana", "ella", "fatma", "gus", "hana", "olga")
    lines = ["/circle goal", "/circle goal see", "/circle actions", "/circle checkin", "/circle goal edit 1"]
    lines += [f"/circle goal {what} 1" for what in ("done", "park", "drop", "resume", "share", "tell")]
    lines += [f"/circle checkin {what} {n}" for what in ("answer", "note", "snooze") for n in (1, 2)]
    lines += ["/circle checkin answer 1 done", "/circle actions answer 1", "/circle actions answer 1 did"]
    lines += ["/programme", "/programme status", "/programme report", "/programme audit", "/programme circles list"]
    for who in others:
        for line in lines:
            meeting.says(who, line)
        meeting.never_hears(who, "Zanzibar")
        assert "Zanzibar" not in str(meeting.forms.get(who, ""))
    assert not [row for row in outbox(meeting) if row[0] != "ada" and "Zanzibar" in row[3]]
    assert [row for row in outbox(meeting) if row[0] == "ada" and "Zanzibar" in row[3]], "the secret was planted"
    assert "Zanzibar" not in caplog.text
    assert not any("Zanzibar" in h.message.summary for h in meeting.heard["ada"])
    meeting.says("ada", "/circle goal")
    meeting.hears("ada", f"1. {PRIVATE} · active · only you can read it")


def test_organisers_learn_a_count_and_nothing_more(here):
    for who in ("ada", "bob", "cleo", "dana"):
        here.says(who, f"/circle goal add {PRIVATE}")
    here.says("ada", "/circle goal add one more")
    here.says("ella", "/circle goal add parked soon")
    here.says("ella", "/circle goal park 1")
    with here.store.writing() as db:
        assert programmes.with_goals(db, here.programme) == 4
        assert record_words.count(programmes.with_goals(db, here.programme)) == "fewer than five"
    here.says("fatma", "/circle goal add the fifth")
    with here.store.writing() as db:
        assert record_words.count(programmes.with_goals(db, here.programme)) == "5"


def test_a_list_of_many_goals_says_how_many_it_leaves_out(here):
    for n in range(1, 26):
        here.says("ada", f"/circle goal add goal number {n}")
        here.says("ada", f"/circle goal done {n}")
    here.says("ada", "/circle goal")
    here.hears("ada", "25. goal number 25 · done")
    here.hears("ada", "5 older goals are not shown")


def test_every_button_fits_the_platforms_and_its_message_has_five_rows_at_most(here):
    for text in ("one", "two", "three", "four"):
        here.says("ada", f"/circle goal add {text}")
        here.says("ada", "/circle goal park 1")
        here.says("ada", f"/circle action {text}")
    for line in ("/circle goal", "/circle goal add five", "/circle goal share 2", "/circle actions", "/circle checkin"):
        here.says("ada", line)
    for heard in here.heard["ada"]:
        rows = [b for b in heard.message.blocks if hasattr(b, "buttons")]
        assert len(rows) <= 5
        assert all(1 <= len(row.buttons) <= 5 for row in rows)
        assert all(len(b.call) <= 60 + len(" in:alemat") and len(b.label) <= 40 for row in rows for b in row.buttons)


def test_an_action_is_kept_listed_and_answered_by_one_tap(here):
    here.says("ada", "/circle action Write to Rania")
    here.hears("ada", "Kept, for you alone")
    here.presses("ada", "My actions")
    here.hears("ada", "1. Write to Rania")
    here.presses("ada", "1: Did it")
    here.hears("ada", "Noted: you did it.")
    here.says("ada", "/circle actions")
    here.hears("ada", "No action is open")


def test_without_words_a_form_asks_for_the_action(here):
    here.says("ada", "/circle action")
    here.fills("ada", text="Write to Rania")
    here.hears("ada", "“Write to Rania”")


def test_an_answer_about_an_action_can_be_changed_and_an_action_kept_open(here):
    here.says("ada", "/circle action Write to Rania")
    here.says("ada", "/circle actions answer 1 partly")
    here.hears("ada", "Noted: partly")
    here.presses("ada", "Change my answer")
    here.presses("ada", "Changed my mind")
    here.hears("ada", "you changed your mind. That is an outcome too")
    here.says("ada", "/circle actions answer 1 partly")
    here.presses("ada", "Keep it open")
    here.hears("ada", "It stays open")
    here.says("ada", "/circle actions")
    here.hears("ada", "1. Write to Rania")


def test_needing_help_tells_nobody(here):
    here.says("ada", "/circle action Ask for a rise")
    before = len(outbox(here))
    here.says("ada", "/circle actions answer 1 help")
    here.hears("ada", "I have told nobody")
    assert here.button("ada", "A prompt").call.startswith("circle prompt")
    assert len(outbox(here)) == before
    for who in ("bob", "olga"):
        here.never_hears(who, "rise")


def test_somebody_elses_action_sounds_like_none(here):
    here.says("ada", "/circle action Ask for a rise")
    for answer in ("", "did", "help", "open"):
        here.says("bob", f"/circle actions answer 1 {answer}")
        here.hears("bob", "That action isn't one of yours, or is no longer there")
    here.says("ada", "/circle actions")
    here.hears("ada", "1. Ask for a rise")


def test_an_action_is_asked_about_once_a_round_twice_in_all_and_stays_open(meeting):
    meeting.says("ada", "/circle action Write to Rania")
    for number, day in ((1, date(2027, 2, 8)), (2, date(2027, 2, 22)), (3, date(2027, 3, 8))):
        if number > 1:
            a_round(
                meeting,
                meeting.programme,
                meeting.circle,
                number=number,
                opens_on=day - timedelta(days=7),
                closes_on=day + timedelta(days=7),
            )
        plan(meeting, meeting.programme, "middle", day, number=number, circle_id=meeting.circle)
    meeting.passes(until=datetime(2027, 3, 14, 12, tzinfo=UTC))
    asked = [h for h in meeting.heard["ada"] if h.room == "dm" and "Write to Rania" in h.words]
    assert [h.at.date() for h in asked] == [date(2027, 2, 8), date(2027, 2, 22)]
    assert asked[0].words != asked[1].words
    meeting.says("ada", "/circle actions")
    meeting.hears("ada", "1. Write to Rania · carried over")
    meeting.never_hears("bob", "Write to Rania")


def test_the_oldest_open_action_is_asked_about_and_a_new_one_not_yet(meeting):
    meeting.says("ada", "/circle action the older one")
    meeting.says("ada", "/circle action the newer one")
    plan(meeting, meeting.programme, "middle", date(2027, 2, 8), circle_id=meeting.circle)
    meeting.now = datetime(2027, 2, 6, 9, tzinfo=UTC)
    meeting.says("bob", "/circle action a very new one")
    meeting.forgets()
    meeting.passes(days=3)
    meeting.hears("ada", "the older one")
    assert not [h for h in meeting.heard["ada"] if h.room and "the newer one" in h.words]
    assert not [h for h in meeting.heard["bob"] if h.room]


def test_an_action_answered_before_the_morning_is_not_asked_about(meeting):
    meeting.says("ada", "/circle action Write to Rania")
    plan(meeting, meeting.programme, "middle", date(2027, 2, 8), circle_id=meeting.circle)
    meeting.passes(until=datetime(2027, 2, 8, 7, tzinfo=UTC))
    meeting.says("ada", "/circle actions answer 1 did")
    meeting.passes(days=3)
    assert not [h for h in meeting.heard["ada"] if h.room]


@pytest.mark.parametrize("change", [{"state": "paused"}, {"state": "left"}, {"wants_reminders": False}])
def test_those_who_rest_are_not_asked_about_actions(meeting, change):
    meeting.says("ada", "/circle action Write to Rania")
    set_member(meeting, meeting.programme, "ada", **change)
    plan(meeting, meeting.programme, "middle", date(2027, 2, 8), circle_id=meeting.circle)
    meeting.passes(days=10)
    assert not [h for h in meeting.heard["ada"] if h.room]
