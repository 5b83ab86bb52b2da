"""What is asked around a round: the heads-up before it, the question halfway, and whether people met."""

from datetime import UTC, date, datetime, timedelta

import cast
import pytest
from rounds_people import at, heard, lives, term

from circles import tick
from storage import deliveries, members, programmes

COMES = "you will hear whom you meet."
ASKED = "Did you meet Dana in round 1?"


# --- the heads-up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "habits", "sent"),
    [
        # A round on Monday 8 March, 09:00 UTC.
        (date(2027, 3, 8), {"zone": "UTC", "weekend": (5, 6)}, at(5, 9)),
        (date(2027, 3, 8), {"zone": "UTC", "weekend": (4, 5)}, at(7, 9)),
        (date(2027, 3, 8), {"zone": "UTC", "weekend": (6,)}, at(6, 9)),
        (date(2027, 3, 8), {"zone": "UTC", "weekend": ()}, at(7, 9)),
        (date(2027, 3, 8), {"zone": "Asia/Amman", "weekend": (4, 5)}, at(7, 6)),
        (date(2027, 3, 8), {"zone": "America/New_York", "weekend": (5, 6)}, at(5, 14)),
        (date(2027, 3, 8), {"zone": "Asia/Tokyo", "weekend": (5, 6)}, at(5, 0)),
        (date(2027, 3, 8), {"zone": "UTC", "weekend": (5, 6), "quiet": (20, 11)}, at(5, 11)),
        # A round on Sunday 7 March.
        (date(2027, 3, 7), {"zone": "UTC", "weekend": (5, 6)}, at(5, 9)),
        (date(2027, 3, 7), {"zone": "Asia/Amman", "weekend": (4, 5)}, at(4, 7) - timedelta(hours=1)),
        # A round on Tuesday 9 March: Monday is the day before for everybody.
        (date(2027, 3, 9), {"zone": "UTC", "weekend": (5, 6)}, at(8, 9)),
        (date(2027, 3, 9), {"zone": "Pacific/Auckland", "weekend": (5, 6)}, at(7, 20)),
    ],
)
def test_the_heads_up_comes_in_the_morning_of_her_last_working_day_before_the_round(talk, starts_on, habits, sent):
    term(talk, starts_on=starts_on)
    lives(talk, "cleo", **habits)
    talk.passes(until=at(10))
    assert heard(talk, "cleo", COMES) == [sent]


def test_where_a_round_opens_in_her_night_the_day_before_is_counted_by_her_calendar(talk):
    """Tuesday, 9:00 in Auckland is Monday in Honolulu: her last working day before that is Friday."""
    term(talk, starts_on=date(2027, 3, 9), zone="Pacific/Auckland")
    lives(talk, "cleo", zone="Pacific/Honolulu")
    talk.passes(until=at(10))
    assert heard(talk, "cleo", COMES) == [at(5, 19)]


def test_the_heads_up_asks_about_the_ending_round_and_tells_of_the_next_with_a_way_to_skip_it(talk):
    term(talk)
    talk.passes(until=at(10))
    talk.forgets()
    talk.passes(until=at(13))
    said = talk.hears("cleo", ASKED)
    assert said.at == at(12)
    assert said.room == "dm"
    assert "Round 2 begins Monday, 15 March; you will hear whom you meet." in said.words
    assert [b.label for b in said.message.buttons()] == ["Yes, we met", "No", "Skip this one"]
    assert said.message.summary == "The round, before it turns"  # nothing private in a notification


def test_who_has_answered_hears_only_of_the_next_round(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle met yes")
    talk.passes(until=at(13))
    talk.hears("cleo", "Round 2 begins")
    assert heard(talk, "cleo", ASKED) == []
    assert heard(talk, "dana", "Did you meet Cleo in round 1?") == [at(12)]  # each for herself


def test_who_said_not_yet_is_asked_again_before_the_round_ends(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle met later")
    talk.hears("cleo", "Noted: not yet. There is time until Monday, 15 March.")
    talk.passes(until=at(13))
    assert heard(talk, "cleo", ASKED) == [at(12)]


def test_the_heads_up_is_said_as_things_stand_when_it_is_sent(talk):
    """It is made ready four days ahead; what she does meanwhile is in it."""
    term(talk)
    talk.passes(until=at(11, 12))
    talk.says("cleo", "/circle met yes")
    talk.says("cleo", "/circle skip 2")
    talk.says("dana", "/circle pause 2027-04-01")
    talk.forgets()
    talk.passes(until=at(13))
    said = talk.hears("cleo", "Round 2 begins Monday, 15 March. You skip it, as you asked.")
    assert ASKED not in said.words
    assert [b.label for b in said.message.buttons()] == ["Take part after all"]
    assert heard(talk, "dana", "Round 2 begins Monday, 15 March; you") == []


def test_who_leaves_or_loses_her_seat_before_the_heads_up_hears_none(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(11, 12))
    talk.says("dana", "/circle leave yes")
    talk.says("ada", "/programme circles move @emre 0")
    talk.passes(until=at(14))
    assert heard(talk, "dana", "Round 2") == []
    assert heard(talk, "emre", "Round 2") == []
    assert here.member("emre").state == "waiting"


def test_somebody_resting_when_the_heads_up_is_made_ready_gets_none(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("dana", "/circle pause 2027-04-01")
    talk.passes(until=at(14))
    assert heard(talk, "dana", COMES) == [at(1) - timedelta(days=3)]


def test_before_the_end_of_the_programme_it_only_asks(talk):
    term(talk, weeks=4)
    talk.passes(until=at(22))
    talk.forgets()
    talk.passes(until=at(27))
    said = talk.hears("cleo", "Did you meet Dana in round 2?")
    assert said.at == at(26)
    assert "begins" not in said.words


def test_before_the_end_who_has_answered_hears_nothing(talk):
    term(talk, weeks=4)
    talk.passes(until=at(20))
    talk.says("cleo", "/circle met yes")
    talk.passes(until=at(28))
    assert [one.words for one in talk.heard["cleo"] if one.room == "dm" and one.at > at(20)] == []


def test_what_is_kept_for_next_week_never_comes_when_the_round_has_begun(talk):
    """Her week is full, so the heads-up would wait for Monday morning, when its words are no longer true."""
    here = term(talk)
    talk.passes(until=at(8))
    cleo = cast.person(talk, "cleo")
    with talk.store.writing() as db:
        had = [deliveries.by_key(db, 1, key).id for key in ("introduction:p1:g1", "open:p1:g1")]
        for row in had:  # two messages have reached her this week
            deliveries.reached(db, row, {cleo: date(2027, 3, 8)})
    talk.forgets()
    talk.passes(until=at(16))
    assert here.round(2).state == "open"
    assert not any("Did you meet" in one.words for one in talk.heard["cleo"] if one.at >= at(12))


def test_a_heads_up_for_a_closed_circle_is_not_made(talk):
    here = term(talk)
    with talk.store.writing() as db:
        circle = programmes.circle(db, here.circle)
        circle.state = "closed"
        programmes.save(db, circle)
    talk.passes(until=at(5))
    assert talk.heard["cleo"] == []


# --- halfway ----------------------------------------------------------------------------------------------------------


def test_halfway_those_are_asked_of_whose_group_nobody_has_said_anything(talk):
    here = term(talk, mentors=("ana", "bea", "cleo"), mentees=("kim", "lina", "mona"))
    talk.passes(until=at(2))
    one, other, silent = here.groups(1)
    talk.says(min(one), "/circle met yes")
    talk.says(min(other), "/circle met no")
    talk.passes(until=at(9))
    for who in one | {min(other)}:
        assert heard(talk, who, "Have you found a time") == []
    for who in silent | {max(other)}:
        assert heard(talk, who, "Have you found a time") == [at(8)]
    said = talk.hears(min(silent), f"Have you found a time with {max(silent).capitalize()}?")
    assert [b.label for b in said.message.buttons()] == ["We met", "Not yet", "Not this round"]


def test_the_question_halfway_comes_in_her_own_morning(talk):
    term(talk)
    lives(talk, "cleo", zone="America/New_York")
    lives(talk, "dana", zone="Asia/Amman", weekend=(0,))  # Monday is a day off
    talk.passes(until=at(10))
    assert heard(talk, "cleo", "Have you found a time") == [at(8, 14)]
    assert heard(talk, "dana", "Have you found a time") == [at(9, 7) - timedelta(hours=1)]


def test_the_question_halfway_is_not_sent_when_the_answer_came_while_it_waited(talk):
    term(talk)
    lives(talk, "cleo", zone="America/New_York")
    talk.passes(until=at(8, 10))
    talk.presses("dana", "Not this round")
    talk.says("dana", "/circle met yes")
    talk.passes(until=at(10))
    assert heard(talk, "cleo", "Have you found a time") == []


def test_the_question_halfway_names_those_who_are_still_to_be_met(talk):
    term(talk, mentees=("dana", "emre"), prompts="off")
    lives(talk, "cleo", zone="America/New_York", weekend=())
    for who in ("dana", "emre"):
        lives(talk, who, zone="UTC", weekend=())
    talk.passes(until=at(7, 14))  # it is made ready by now, and the week of the introduction is not over
    talk.says("emre", "/circle leave yes")
    talk.passes(until=at(10))
    talk.hears("cleo", "Have you found a time with Dana?")


@pytest.mark.parametrize("change", [{"wants_reminders": False}, {"state": "paused"}])
def test_who_wants_no_reminders_or_rests_is_not_asked_halfway(talk, change):
    here = term(talk)
    talk.passes(until=at(2))
    dana = here.member("dana")
    with talk.store.writing() as db:
        row = members.get(db, dana.id)
        for name, value in change.items():
            setattr(row, name, value)
        members.save(db, row)
    talk.passes(until=at(10))
    assert heard(talk, "dana", "Have you found a time") == []
    assert heard(talk, "cleo", "Have you found a time") == [at(8)]


# --- did you meet? ----------------------------------------------------------------------------------------------------


def test_each_answers_for_herself_and_can_change_it(talk):
    here = term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle met")
    talk.hears("cleo", ASKED)
    talk.presses("cleo", "Yes, we met")
    talk.hears("cleo", "Noted: you met Dana in round 1. Good.")
    talk.says("cleo", "/circle met")
    talk.hears("cleo", "You said: yes, we met.")
    talk.says("dana", "/circle met")
    talk.hears("dana", "Did you meet Cleo in round 1?")
    talk.never_hears("dana", "You said")
    talk.says("cleo", "/circle met yes")
    talk.presses("cleo", "No, we didn't")
    talk.hears("cleo", "That happens; it doesn't count as met.")
    talk.says("cleo", "/circle met")
    talk.hears("cleo", "You said: no, we didn't.")
    talk.presses("cleo", "Not yet")
    talk.says("cleo", "/circle met")
    talk.hears("cleo", "You said: not yet.")
    talk.presses("cleo", "Yes, we met")
    assert len(here.groups(1)) == 1


def test_a_yes_of_one_and_a_no_of_the_other_do_not_count_as_met(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle met yes")
    talk.says("dana", "/circle met no")
    talk.says("ada", "/programme rounds")
    talk.hears("ada", "0 of 1 meeting held, 0 unanswered")
    talk.says("dana", "/circle met yes")
    talk.says("ada", "/programme rounds")
    talk.hears("ada", "1 of 1 meeting held, 0 unanswered")


def test_a_yes_close_to_the_next_round_tells_when_that_begins(talk):
    term(talk)
    talk.passes(until=at(12, 9))
    talk.presses("cleo", "Yes, we met")
    said = talk.hears("cleo", "Noted: you met Dana")
    assert "Round 2 begins Monday, 15 March" in said.words
    talk.presses("cleo", "Skip this one")
    talk.hears("cleo", "You skip round 2 (Monday, 15 March).")
    talk.says("cleo", "/circle met yes")
    talk.hears("cleo", "You skip it, as you asked.")


def test_the_round_before_the_newest_can_still_be_answered_and_no_older_one(talk):
    here = term(talk)
    talk.passes(until=at(16))
    talk.says("cleo", f"/circle met yes {here.round(1).id}")
    talk.hears("cleo", "Noted: you met Dana in round 1.")
    talk.says("cleo", f"/circle met later {here.round(1).id}")
    talk.hears("cleo", "Round 1 is over, so “not yet” fits no more.")
    talk.presses("cleo", "No")
    talk.hears("cleo", "Noted: round 1 passed without meeting Dana.")
    talk.passes(until=at(30))
    talk.says("cleo", f"/circle met yes {here.round(1).id}")
    talk.hears("cleo", "Round 1 ended a while ago and stays as it is. Round 3 is the one that counts now.")
    talk.presses("cleo", "Show my round")
    talk.hears("cleo", "Round 3, until Monday, 12 April")


MEMBER_LINES = (
    "/circle next",
    "/circle met yes",
    "/circle skip",
    "/circle unskip 1",
    "/circle stay",
    "/circle stay later",
)


@pytest.mark.parametrize("line", MEMBER_LINES)
def test_who_has_no_seat_hears_how_to_find_her_place(talk, line):
    here = term(talk)
    cast.member(talk, here.programme, "emre", "mentee")
    talk.passes(until=at(2))
    before = cast.rows(talk.store)
    talk.says("emre", line)
    talk.hears("emre", "You have no seat in a circle yet. /circle status tells your place in line.")
    assert cast.rows(talk.store) == before


@pytest.mark.parametrize("line", MEMBER_LINES)
def test_who_is_no_member_is_shown_the_door_in(talk, line):
    term(talk)
    talk.says("ada", line)
    talk.hears("ada", "/circle join")


@pytest.mark.parametrize("line", MEMBER_LINES)
def test_when_the_programme_has_ended_nothing_is_asked_or_changed(talk, line):
    term(talk)
    talk.passes(until=at(3))
    talk.says("ada", "/programme close yes")
    before = cast.rows(talk.store)
    talk.says("cleo", line)
    talk.hears("cleo", "This circle has ended. /circle record has your dates and hours.")
    assert cast.rows(talk.store) == before


@pytest.mark.parametrize(
    ("day", "line", "said"),
    [
        (at(1, 8), "/circle met", "No round has begun yet. /circle next tells when."),
        (at(1, 8), "/circle met yes 1", "No round has begun yet."),
        (at(3), "/circle met yes 999", "I can't find that round in your circle."),
        (at(3), "/circle met yes 0", "Round id can be"),
        (at(3), "/circle met yes -1", "Round id can be"),
        (at(3), "/circle met yes first", "is not a whole number"),
        (at(3), "/circle met perhaps", "“perhaps” is not one of yes, no, or later."),
        (at(3), "/circle met yes 1 2", "I can't place “2”"),
        (at(3), "/circle met " + "y" * 400, "characters long"),
        (at(3), "/circle next 4", "takes nothing more"),
    ],
)
def test_an_answer_that_cannot_be_followed_changes_nothing(talk, day, line, said):
    term(talk)
    talk.passes(until=day)
    before = cast.rows(talk.store)
    talk.says("cleo", line)
    talk.hears("cleo", said)
    assert cast.rows(talk.store) == before


def test_a_round_of_another_circle_or_programme_is_not_hers_to_answer(talk):
    here = term(talk)
    other = term(talk, mentors=("fay",), mentees=("gala",), slug="other", name="Other")
    talk.passes(until=at(3))
    for mine, foreign, who in ((here, other, "cleo"), (other, here, "fay")):
        before = cast.rows(talk.store)
        talk.says(who, f"/circle met yes {foreign.round(1).id}")
        talk.hears(who, "I can't find that round in your circle.")
        assert cast.rows(talk.store) == before
        assert mine.round(1).id != foreign.round(1).id


def test_the_same_press_delivered_twice_is_answered_once(talk):
    term(talk)
    talk.passes(until=at(3))
    first = talk.says("cleo", "/circle met yes", call_id="press-1")
    talk.says("cleo", "/circle met no")
    assert talk.says("cleo", "/circle met yes", call_id="press-1") == first
    talk.says("cleo", "/circle met")
    talk.hears("cleo", "You said: no, we didn't.")


# --- silence ----------------------------------------------------------------------------------------------------------


def test_after_three_silent_rounds_she_is_asked_once_what_would_suit_her_and_reminders_stop(talk):
    here = term(talk, every_weeks=1)
    for number in range(1, 10):
        talk.passes(until=at(2) + timedelta(weeks=number - 1))
        talk.says("cleo", "/circle met no")
    asked = [one for one in talk.heard["dana"] if "It has been quiet from your side for three rounds" in one.words]
    assert len(asked) == 1
    assert asked[0].at >= at(22)
    labels = [button.label for button in asked[0].message.buttons()]
    assert labels[-3:] == ["I'll stay", "Ask me in four weeks", "Stop here"]
    assert heard(talk, "cleo", "It has been quiet") == []
    assert here.member("dana").wants_reminders is False
    later = [one.words for one in talk.heard["dana"] if one.at > at(24)]
    assert not any("Did you meet" in words or "Have you found a time" in words for words in later)


def three_silent_rounds(talk, **settings):
    here = term(talk, every_weeks=1, **settings)
    for number in range(1, 4):
        talk.passes(until=at(2) + timedelta(weeks=number - 1))
        talk.says("cleo", "/circle met no")
    talk.passes(until=at(30))
    talk.button("dana", "I'll stay")
    return here


def test_who_stays_is_asked_and_reminded_again(talk):
    here = three_silent_rounds(talk)
    talk.presses("dana", "I'll stay")
    talk.hears("dana", "Good to have you. The next round counts you in.")
    dana = here.member("dana")
    assert (dana.silences, dana.wants_reminders, dana.state) == (0, True, "seated")
    talk.passes(days=7)
    talk.hears("dana", "Did you meet Cleo in round 5?")


def test_who_rests_for_four_weeks_leaves_the_round_that_has_begun_and_comes_back_by_herself(talk):
    here = three_silent_rounds(talk)
    assert here.groups(5) == {frozenset({"cleo", "dana"})}
    talk.forgets()
    talk.presses("dana", "Ask me in four weeks")
    talk.hears("dana", "You rest until Tuesday, 27 April; then you are back by yourself.")
    talk.hears("dana", "told in neutral words")
    talk.hears("cleo", "Round 5 has no meeting for you, because the person you would have met can't take part.")
    dana = here.member("dana")
    assert (dana.state, dana.paused_until, dana.silences) == ("paused", date(2027, 4, 27), 0)
    talk.says("dana", "/circle next")
    talk.hears("dana", "You rest until Tuesday, 27 April; on that day you are back by yourself.")
    talk.button("dana", "Come back now")
    rested_at = talk.now
    talk.passes(until=datetime(2027, 4, 26, 12, tzinfo=UTC))
    assert [one.words for one in talk.heard["dana"] if one.room == "dm" and one.at > rested_at] == []
    talk.passes(until=datetime(2027, 5, 4, 12, tzinfo=UTC))
    assert here.member("dana").state == "seated"
    assert here.groups(10) == {frozenset({"cleo", "dana"})}


def test_who_stays_after_all_comes_back_from_her_rest(talk):
    here = three_silent_rounds(talk)
    talk.presses("dana", "Ask me in four weeks")
    talk.presses("dana", "I'll stay")
    dana = here.member("dana")
    assert (dana.state, dana.paused_until) == ("seated", None)


def test_who_stops_leaves_by_the_usual_door(talk):
    here = three_silent_rounds(talk)
    talk.presses("dana", "Stop here")
    talk.presses("dana", "Leave")
    assert here.member("dana").state == "left"


def test_any_answer_ends_the_count_of_silences(talk):
    here = term(talk, every_weeks=1)
    talk.passes(until=at(16))
    assert here.member("dana").silences == 2
    talk.says("dana", "/circle met later")
    assert here.member("dana").silences == 0
    talk.passes(until=at(23))
    assert here.member("dana").silences == 0  # "not yet" is a word too


def test_who_rested_when_a_round_closed_or_sat_somewhere_else_was_not_silent(talk):
    here = term(talk, mentors=("cleo", "gus"), mentees=("dana", "emre", "fay"))
    talk.passes(until=at(3))
    rests, moves = sorted(max(here.groups(1), key=len) - {"cleo", "gus"})
    (stays,) = {"dana", "emre", "fay"} - {rests, moves}
    rests_id, moves_id = here.member(rests).id, here.member(moves).id
    with talk.store.writing() as db:  # a pause that left her in a group, since that had met already
        row = members.get(db, rests_id)
        row.state = "paused"
        members.save(db, row)
        members.leave_seat(db, moves_id, talk.now)
    talk.passes(until=at(16))
    assert (here.member(rests).silences, here.member(moves).silences) == (0, 0)
    assert here.member(stays).silences == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle stay forever", "“forever” is not one of now or later."),
        ("/circle stay now please", "I can't place “please”"),
    ],
)
def test_stay_understands_two_words(talk, line, said):
    term(talk)
    before = cast.rows(talk.store)
    talk.says("cleo", line)
    talk.hears("cleo", said)
    assert cast.rows(talk.store) == before


# --- what is next -----------------------------------------------------------------------------------------------------


def test_next_tells_the_day_of_the_first_round_before_there_is_one(talk):
    term(talk)
    talk.says("cleo", "/circle next")
    said = talk.hears("cleo", "Round 1 begins Monday, 1 March.")
    assert [b.label for b in said.message.buttons()] == ["Skip this one"]


def test_next_shows_the_people_of_this_round_and_asks_until_she_says_yes(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "Round 1, until Monday, 15 March: you meet Dana.")
    talk.presses("cleo", "Yes, we met")
    talk.says("cleo", "/circle next")
    said = talk.hears("cleo", "Round 1, until Monday")
    assert [b.label for b in said.message.buttons()] == ["Skip this one"]
    talk.presses("cleo", "Skip this one")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "You skip round 2, which begins Monday, 15 March.")


def test_a_message_kept_for_a_round_that_is_gone_is_not_sent(talk):
    """The question halfway, held over the end of its round by a clock that jumps."""
    term(talk, every_weeks=1)
    lives(talk, "cleo", quiet=(9, 8), zone="UTC")
    talk.passes(until=at(4, 8))
    talk.now = at(8, 9)
    tick.tick(talk.store, talk.now)
    talk.delivers()
    assert heard(talk, "cleo", "Have you found a time") == []
