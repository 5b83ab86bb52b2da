"""A week has room for two messages: what finds none goes along with one that comes anyway, and names its programme."""

from collections import Counter
from datetime import timedelta

import pytest
from rounds_people import MONDAY, at, heard, lives, term
from sqlmodel import select

from circles import outbox, tick
from circles.effects import Tell
from circles.messages import Heading, message
from circles.schedule import week_of
from storage import deliveries, members, people
from storage.tables import Delivery

SIX = (("cleo", "eva", "fay"), ("dana", "gita", "hana"))
EVERYBODY = (*SIX[0], *SIX[1])
CHECK_IN = "Only you can see your answer"
THANKS = "“You were kind”"


def heads_up(number):
    return f"Round {number} begins"


def told(talk, who):
    """What the bot wrote to somebody: (month, day, words)."""
    return [(one.at.month, one.at.day, one.words) for one in talk.heard[who] if one.room == "dm"]


def weekly(talk):
    """How many messages each had in each week: her own and her meeting group's, besides what people say to her."""
    return Counter(
        (who, week_of(one.at, "UTC"))
        for who in EVERYBODY
        for one in talk.heard[who]
        if (one.room == "dm" or ":g" in one.room) and THANKS not in one.words
    )


def ends(talk, kind):
    """How the messages of a kind ended, counted."""
    with talk.store.writing() as db:
        return Counter(db.exec(select(Delivery.state).where(Delivery.kind == kind)))


def put(talk, *acts):
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        outbox.put(db, workspace.id, acts, talk.now, programme="physics")


def row_of(talk, key):
    with talk.store.writing() as db:
        return deliveries.by_key(db, people.workspace(db, talk.platform, talk.workspace).id, key)


def two_programmes(talk, *, weeks_apart=0):
    """Everybody is in physics from 1 March, and in chemistry from that day or later."""
    physics = term(talk, *SIX)
    chemistry = term(talk, *SIX, name="Chemistry", slug="chem", starts_on=MONDAY + timedelta(weeks=weeks_apart))
    return physics, chemistry


# What finds no room.


def test_with_weekly_rounds_a_check_in_and_its_reminder_come_with_the_heads_ups_and_nobody_gets_more_than_two(talk):
    term(talk, *SIX, every_weeks=1)
    talk.says("dana", "/circle goal add Finish the grant")
    talk.passes(until=at(6))
    for who in EVERYBODY:
        talk.says(who, "/circle met yes 1")
    talk.passes(until=at(28))
    asked = [(day, words) for _month, day, words in told(talk, "dana") if CHECK_IN in words]
    assert [day for day, _words in asked] == [19, 26]  # both a Friday; the check-in's own day is Wednesday the 17th
    assert heads_up(4) in asked[0][1]
    assert heads_up(5) in asked[1][1]
    assert "It is the only reminder" in asked[1][1]
    assert max(weekly(talk).values()) == 2
    assert len(heard(talk, "gita", "goal")) == 1  # who has none is invited, with the same heads-up
    assert set(ends(talk, "eve")) == {"sent", "merged"}


def test_with_rounds_of_two_programmes_by_turns_no_heads_up_is_lost_to_a_check_in(talk):
    two_programmes(talk, weeks_apart=1)
    talk.says("dana", "/circle goal add Finish the grant in:physics")
    talk.says("dana", "/circle goal add Learn Rust in:chem")
    talk.passes(until=at(28))
    asked = [(day, words) for _month, day, words in told(talk, "dana") if CHECK_IN in words]
    assert [(day, heads_up(2) in words, "Learn Rust" in words) for day, words in asked] == [
        (19, True, False),
        (26, False, True),
    ]
    assert set(ends(talk, "eve")) == {"sent", "merged"}
    assert max(weekly(talk).values()) == 2


@pytest.mark.parametrize("now", [at(1, 8, 30), at(1, 10)])  # before the round opens, and before cleo's day begins
def test_an_introduction_that_waits_for_an_hour_that_suits_both_keeps_its_place_in_the_week(talk, now):
    talk.zones = {"cleo": "America/Los_Angeles"}
    here = term(talk, every_weeks=1)
    talk.passes(until=now)
    assert ends(talk, "introduction")["sent"] == 0
    dana = here.member("dana")
    put(talk, Tell("held", dana.person_id, message("This could wait."), "nudge", member=dana.id))
    talk.passes(until=at(7))
    assert ends(talk, "introduction")["sent"] == 1
    assert heard(talk, "dana", "This could wait.") == heard(talk, "dana", heads_up(2)) == [at(5)]


def test_what_was_held_is_not_asked_any_more_once_she_has_said_it(talk):
    term(talk, every_weeks=1)
    talk.says("dana", "/circle goal add Finish the grant")
    talk.passes(until=at(18))
    talk.says("dana", "/circle checkin")
    talk.presses("dana", "Same")
    talk.passes(until=at(28))
    assert not [words for _month, _day, words in told(talk, "dana") if CHECK_IN in words]
    assert ends(talk, "check-in") == ends(talk, "check-in-reminder") == {"cancelled": 1}


def test_a_pause_takes_back_what_was_held_and_what_was_not_worth_it_any_more_is_not_said(talk):
    here = term(talk, *SIX, every_weeks=1)
    talk.passes(until=at(2))
    dana = here.member("dana")
    for key, worth in (("short", at(4)), ("long", at(20))):
        put(talk, Tell(key, dana.person_id, message(f"This is {key}."), "nudge", member=dana.id, not_after=worth))
    gita = here.member("gita")
    put(talk, Tell("hers", gita.person_id, message("This is hers."), "nudge", member=gita.id))
    talk.delivers()
    assert [row_of(talk, key).state for key in ("short", "long", "hers")] == ["pending"] * 3
    talk.says("gita", "/circle pause in 3 weeks")
    talk.passes(until=at(6))
    assert heard(talk, "dana", "This is long.") == [at(5)]
    assert [row_of(talk, key).state for key in ("short", "long", "hers")] == ["expired", "merged", "cancelled"]
    assert row_of(talk, "short").last_error == "no room in the week"
    assert row_of(talk, "long").last_error == ""


def test_what_is_held_wakes_nobody_and_takes_nobody_out_of_her_day_off(talk):
    here = term(talk, *SIX, every_weeks=1)
    lives(talk, "dana", weekend=[4, 5, 6])
    talk.passes(until=at(2))
    dana = here.member("dana")
    put(talk, Tell("held", dana.person_id, message("This is held."), "nudge", member=dana.id))
    talk.passes(until=at(9))
    assert heard(talk, "dana", "This is held.") == [at(4)]  # her heads-up comes on Thursday


def test_the_question_halfway_is_left_to_the_heads_up_where_they_would_come_together(talk):
    here = term(talk, *SIX, every_weeks=1)
    talk.passes(until=at(2))
    dana, opened = here.member("dana"), here.round(1)
    said = Tell(
        "middle", dana.person_id, message("Halfway."), "middle", member=dana.id, round=opened.id, not_after=at(7)
    )
    put(talk, said)
    talk.passes(until=at(6))
    [(_month, _day, words)] = [one for one in told(talk, "dana") if heads_up(2) in one[2]]
    assert words.count("Did you meet") == 1
    assert "Have you found a time" not in words
    assert row_of(talk, "middle").state == "cancelled"


# What people say.


def _weekly_rounds(talk):
    term(talk, *SIX, every_weeks=1)
    talk.passes(until=at(2))


def _three_silences(talk):
    here = term(talk, *SIX)
    talk.passes(until=at(16))
    with talk.store.writing() as db:
        members.get(db, here.member("dana").id).silences = 3


def _two_programmes(talk):
    two_programmes(talk)
    talk.passes(until=at(2))


@pytest.mark.parametrize("so_far", [_weekly_rounds, _three_silences, _two_programmes])
def test_thanks_are_brought_at_once_however_full_the_week_is_and_take_nobodys_place(talk, so_far):
    so_far(talk)
    said_at = talk.now
    talk.says("cleo", "/circle thanks dana You were kind in:physics")
    assert heard(talk, "dana", THANKS) == [said_at]
    before = ends(talk, "eve")
    talk.passes(days=12)
    assert len(heard(talk, "dana", THANKS)) == 1
    assert ends(talk, "eve")["expired"] == before["expired"] == 0
    assert max(weekly(talk).values()) == 2


def two_thanks_and_a_nudge_wait(talk):
    """At night two people thank dana, and the bot has something for her, too."""
    here = term(talk, *SIX)
    talk.passes(until=at(2, 22))
    talk.says("cleo", "/circle thanks dana You were kind")
    talk.says("eva", "/circle thanks dana You asked well")
    dana = here.member("dana")
    put(talk, Tell("nudge", dana.person_id, message("This is a nudge."), "nudge", member=dana.id))


def test_thanks_wait_for_her_morning_and_several_are_one_message_of_their_own(talk):
    two_thanks_and_a_nudge_wait(talk)
    talk.passes(until=at(4))
    morning = [one for one in talk.heard["dana"] if one.room == "dm" and one.at == at(3, 8)]
    said = ("You were kind", "You asked well", "This is a nudge")
    assert sorted([words for words in said if words in one.words] for one in morning) == [
        ["This is a nudge"],
        ["You were kind", "You asked well"],
    ]


@pytest.mark.parametrize("line", ["/circle pause in 3 weeks", "/circle leave yes"])
def test_a_pause_does_not_take_back_thanks_that_the_sender_holds_with_other_messages(talk, line):
    two_thanks_and_a_nudge_wait(talk)
    talk.now = at(3, 8)
    tick.tick(talk.store, talk.now)  # let go, and not sent yet
    assert row_of(talk, "nudge").state == "ready"
    talk.says("dana", line)
    assert len(heard(talk, "dana", THANKS)) == len(heard(talk, "dana", "You asked well")) == 1
    talk.never_hears("dana", "This is a nudge.")


# Which programme it is about.


def test_who_is_in_two_programmes_reads_which_one_each_thing_is_about(talk):
    two_programmes(talk)
    talk.passes(until=at(1, 0))
    [one] = [one for one in talk.heard["dana"] if one.room == "dm"]
    titles = [block.plain() for block in one.message.blocks if isinstance(block, Heading)]
    assert titles == ["A few things at once", "Women in Physics", "Chemistry"]
    assert one.words.index("Chemistry") < one.words.index("in:chem")
    assert one.words.index("in:physics") < one.words.index("Chemistry")


def test_what_comes_alone_says_its_programme_at_its_head_and_in_its_notification(talk):
    physics, _chemistry = two_programmes(talk, weeks_apart=1)
    talk.passes(until=at(1, 0))
    [one] = [one for one in talk.heard["dana"] if one.room == "dm"]
    assert one.message.blocks[0] == Heading("Women in Physics")
    assert one.message.summary == "Women in Physics: The round, before it turns"
    with talk.store.writing() as db:
        members.get(db, physics.member("dana").id).silences = 2
    talk.passes(until=at(16))  # a round passes without a word
    [asked] = [one for one in talk.heard["dana"] if "It has been quiet" in one.words]
    assert asked.message.blocks[0] == Heading("Women in Physics")
    assert asked.message.summary == "Women in Physics: A question about the next rounds"


@pytest.mark.parametrize("line", ["/circle leave yes in:chem", "/programme close yes in:chem"])
def test_where_only_one_programme_is_left_it_is_not_named(talk, line):
    two_programmes(talk)
    talk.says("dana" if "leave" in line else "ada", line)
    talk.passes(until=at(1, 0))
    [one] = [one for one in talk.heard["dana"] if heads_up(1) in one.words]
    assert "Women in Physics" not in one.words
    assert one.message.summary == "The round, before it turns"


def test_what_is_about_no_programme_comes_first_and_unnamed(talk):
    physics, chemistry = two_programmes(talk)
    dana = physics.member("dana")
    other = chemistry.member("dana")
    put(
        talk,
        Tell("a", dana.person_id, message("First of physics."), "nudge", member=dana.id),
        Tell("b", dana.person_id, message("Of chemistry."), "nudge", member=other.id),
        Tell("c", dana.person_id, message("Of nothing."), "nudge"),
        Tell("d", dana.person_id, message("Second of physics."), "nudge", member=dana.id),
    )
    talk.delivers()
    assert talk.heard["dana"][-1].words.split("\n\n") == [
        *("A few things at once", "Of nothing.", "Women in Physics", "First of physics.", "Second of physics."),
        *("Chemistry", "Of chemistry."),
    ]
