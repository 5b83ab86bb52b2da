"""Finding an hour: people of a meeting group propose, agree, call off, and their calendars follow."""

import re
from datetime import date, timedelta

import pytest
from rounds_people import at, lives, term
from sqlmodel import select

from circles.calendar import Appointment
from circles.messages import File
from storage.tables import Delivery

MORNING, TUESDAY_15, MIDDLE, FRIDAY = at(1, 9), at(2, 15), at(11, 12), at(12, 12)


def pair(talk, **settings):
    """Cleo and dana, who are to meet in a round that began on Monday 1 March."""
    here = term(talk, **settings)
    talk.passes(until=MORNING)
    talk.forgets()
    return here


def table(talk, *names):
    """One table of these people."""
    here = term(talk, names[:2], names[2:], rotation="tables", table_size=len(names))
    talk.passes(until=MORNING)
    talk.forgets()
    return here


def words_of(talk, who):
    return [one.words for one in talk.heard[who]]


def block(heard, kind):
    (found,) = [one for one in heard.message.blocks if isinstance(one, kind)]
    return found


def lines_of(heard):
    return block(heard, File).text.split("\r\n")


def every_delivery(db):
    return list(db.exec(select(Delivery)))


# --- a pair -----------------------------------------------------------------------------------------------------------


def test_an_hour_that_one_proposes_and_the_other_likes_is_set_and_comes_with_a_file_for_the_calendar(talk):
    here = pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.hears("cleo", "Proposed in your room: Tue 2 March, 15:00, 60 minutes (UTC).")
    asked = talk.hears("dana", "Cleo proposes an hour: Tue 2 March, 15:00, 60 minutes. Does it suit you?")
    assert asked.room == here.room(1, "cleo").key
    talk.presses("dana", "It suits me")
    talk.hears("dana", "It is set. Your room has it, with a file for your calendar.")
    said = talk.hears("cleo", "You have an hour:")
    assert said.room == asked.room
    appointment = block(said, Appointment)
    assert appointment.plain() == "Tue 2 March, 15:00, 60 minutes"
    assert (appointment.starts_at, appointment.ends_at) == (TUESDAY_15, at(2, 16))
    lines = lines_of(said)
    for line in (
        "DTSTART:20270302T150000Z",
        "DTEND:20270302T160000Z",
        "SUMMARY:Round 1: Cleo and Dana",
        "STATUS:CONFIRMED",
        f"UID:{appointment.uid}",
    ):
        assert line in lines
    for other in ("ada", "bob"):
        talk.never_hears(other, "hour")


def test_where_things_stand_is_told_with_hours_that_suit_both(talk):
    pair(talk)
    talk.says("cleo", "/circle meet")
    said = talk.hears("cleo", "You meet Dana.")
    labels = [button.label for button in said.message.buttons()]
    assert labels == [
        "Mon 1 March, 10:00",
        "Tue 2 March, 09:00",
        "Wed 3 March, 09:00",
        "Thu 4 March, 09:00",
        "Another hour",
    ]
    assert "Any other hour until Monday, 15 March works, too, in your time (UTC)" in said.words
    talk.presses("cleo", "Wed 3 March, 09:00")
    talk.hears("dana", "Cleo proposes an hour: Wed 3 March, 09:00, 60 minutes.")
    talk.says("dana", "/circle meet")
    talk.hears("dana", "Proposed: Wed 3 March, 09:00, 60 minutes.")
    talk.hears("dana", "It suits Cleo.")
    assert talk.button("dana", "It suits me").call.startswith("circle meet yes")
    assert "Wed 3 March, 09:00" not in [b.label for b in talk.heard["dana"][-1].message.buttons()]
    talk.presses("dana", "It suits me")
    talk.says("cleo", "/circle meet")
    talk.hears("cleo", "It is set: Wed 3 March, 09:00, 60 minutes.")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "Your hour: Wed 3 March, 09:00, 60 minutes.")
    talk.says("cleo", "/circle")
    talk.hears("cleo", "Your hour: Wed 3 March, 09:00, 60 minutes.")


def test_another_hour_is_asked_for_in_a_form_and_a_mistake_is_shown_beside_its_field(talk):
    pair(talk)
    talk.says("cleo", "/circle meet")
    talk.presses("cleo", "Another hour")
    talk.fills("cleo", when="some day")
    (field,) = talk.forms["cleo"].fields
    assert "I could not read “some day” as a day with a time." in field.error
    assert field.initial == "some day"
    talk.fills("cleo", when="Friday at 9am")
    talk.hears("dana", "Cleo proposes an hour: Fri 5 March, 09:00, 60 minutes.")


def test_both_may_name_the_same_hour_and_mean_yes(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.says("dana", "/circle meet 2027-03-02 15:00")
    talk.hears("cleo", "You have an hour:")


def test_a_no_of_one_of_two_ends_a_proposal_and_offers_other_hours(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "Not then")
    talk.hears("dana", "Noted: Tue 2 March, 15:00, 60 minutes does not suit you. Would another hour?")
    talk.hears("cleo", "Tue 2 March, 15:00, 60 minutes does not suit everybody. Another hour may:")
    talk.presses("cleo", "Other hours")
    assert "Proposed" not in talk.hears("cleo", "An hour to meet").words
    talk.says("dana", "/circle meet yes 1")
    talk.hears("dana", "That hour is off.")
    talk.says("dana", "/circle meet Tuesday 15:00")
    talk.hears("cleo", "Dana proposes an hour: Tue 2 March, 15:00")


def test_an_hour_may_be_called_off_and_the_entry_in_the_calendar_with_it(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    uid = block(talk.hears("cleo", "You have an hour:"), Appointment).uid
    talk.presses("cleo", "Call it off")
    talk.hears("cleo", "It is off, and your room knows.")
    said = talk.hears("dana", "Cleo can't make it then, and the hour is off:")
    assert {"STATUS:CANCELLED", f"UID:{uid}"} <= set(lines_of(said))
    assert block(said, Appointment).is_off
    talk.says("dana", "/circle next")
    assert "Your hour" not in talk.hears("dana", "Round 1, until").words


def test_another_hour_takes_the_place_of_the_one_that_was_set_also_in_calendars(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    first = lines_of(talk.hears("cleo", "You have an hour:"))
    talk.passes(hours=1)
    talk.says("dana", "/circle meet Wednesday 15:00")
    talk.presses("cleo", "It suits me")
    second = lines_of(talk.hears("dana", "You have another hour; the earlier one is off:"))
    assert [line for line in first if line.startswith("UID")] == [line for line in second if line.startswith("UID")]
    assert "DTSTART:20270303T150000Z" in second
    number = [
        int(next(line for line in lines if line.startswith("SEQUENCE")).split(":")[1]) for lines in (first, second)
    ]
    assert number[0] < number[1]


def test_who_proposes_in_her_own_zone_is_told_when_it_is_night_for_the_other(talk):
    here = term(talk)
    lives(talk, "cleo", zone="Europe/Berlin")
    lives(talk, "dana", zone="America/Los_Angeles")
    talk.passes(until=at(2, 9))
    assert here.groups(1)
    talk.says("cleo", "/circle meet Friday 10:00")
    talk.hears("cleo", "Proposed in your room: Fri 5 March, 10:00, 60 minutes (Europe/Berlin).")
    talk.hears("cleo", "For Dana that is Fri 5 March, 01:00.")
    talk.says("cleo", "/circle meet Friday 18:00")
    assert "For Dana" not in talk.hears("cleo", "Proposed in your room").words


def test_the_same_wall_time_after_the_clocks_change_is_another_instant(talk):
    term(talk, starts_on=date(2027, 3, 22))
    for who in ("cleo", "dana"):
        lives(talk, who, zone="Europe/Berlin")
    talk.passes(until=at(22, 12))
    talk.says("cleo", "/circle meet 27 March 10:00")
    talk.presses("dana", "It suits me")
    before = block(talk.hears("cleo", "You have an hour:"), Appointment)
    talk.says("cleo", "/circle meet 29 March 10:00")
    talk.presses("dana", "It suits me")
    after = block(talk.hears("cleo", "You have another hour"), Appointment)
    assert (before.starts_at.hour, after.starts_at.hour) == (9, 8)


def test_halfway_through_the_round_nobody_asks_whether_they_met_while_their_hour_is_still_to_come(talk):
    pair(talk)
    talk.says("cleo", "/circle meet 11 March 15:00")
    talk.presses("dana", "It suits me")
    talk.passes(until=MIDDLE)
    talk.never_hears("cleo", "Have you found a time with")


def test_halfway_through_the_round_they_are_asked_where_they_have_no_hour(talk):
    pair(talk)
    talk.says("cleo", "/circle meet 11 March 15:00")
    talk.passes(until=MIDDLE)
    assert any("Have you found a time with" in said for said in words_of(talk, "cleo"))


def test_hours_that_are_offered_go_on_when_some_did_not_suit(talk):
    pair(talk)
    for _time in range(3):
        talk.says("cleo", "/circle meet")
        talk.says("cleo", talk.heard["cleo"][-1].message.buttons()[0].call)
        talk.presses("dana", "Not then")
    talk.says("cleo", "/circle meet")
    labels = [button.label for button in talk.heard["cleo"][-1].message.buttons()]
    assert labels[:-1] == ["Mon 1 March, 13:00", "Tue 2 March, 09:00", "Wed 3 March, 09:00", "Thu 4 March, 09:00"]


def test_full_hours_are_full_where_she_is(talk):
    term(talk)
    for who in ("cleo", "dana"):
        lives(talk, who, zone="Asia/Kolkata")
    talk.passes(until=MORNING)
    talk.says("cleo", "/circle meet")
    assert {b.label[-2:] for b in talk.heard["cleo"][-1].message.buttons()[:-1]} == {"00"}


def test_of_several_hours_each_button_names_its_own(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.says("cleo", "/circle meet Wednesday 15:00")
    talk.says("dana", "/circle meet")
    labels = [button.label for button in talk.heard["dana"][-1].message.buttons()]
    assert labels[:4] == [
        "Tue 2 March, 15:00: suits me",
        "Tue 2 March, 15:00: not then",
        "Wed 3 March, 15:00: suits me",
        "Wed 3 March, 15:00: not then",
    ]
    talk.presses("dana", "Wed 3 March, 15:00: suits me")
    talk.hears("cleo", "You have an hour:")


def test_before_their_hour_the_eve_of_the_next_round_tells_it_and_asks_for_afterwards(talk):
    pair(talk)
    talk.says("cleo", "/circle meet 12 March 15:00")
    talk.presses("dana", "It suits me")
    talk.passes(until=FRIDAY)
    said = talk.hears("dana", "Your hour: Fri 12 March, 15:00, 60 minutes.")
    assert "Afterwards a tap tells whether you met Cleo:" in said.words
    assert "Did you meet" not in said.words
    assert "Yes, we met" in [button.label for button in said.message.buttons()]


def test_who_has_met_may_find_a_second_hour_and_the_first_stands(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    first = block(talk.hears("cleo", "You have an hour:"), Appointment)
    talk.says("dana", first.share.call)
    talk.passes(until=at(3, 9))
    talk.forgets()
    talk.says("cleo", "/circle meet Thursday 15:00")
    talk.presses("dana", "It suits me")
    second = block(talk.hears("cleo", "You have an hour:"), Appointment)
    talk.never_hears("cleo", "the earlier one is off")
    assert (second.is_shared, second.uid != first.uid) == (False, True)
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "Your hour: Thu 4 March, 15:00")


def test_an_hour_that_the_end_of_the_round_overtakes_is_called_off(talk):
    term(talk)
    talk.says("ada", "/programme schedule blackout 2027-03-15 2027-03-21")
    talk.presses("ada", "Keep these days free")
    talk.passes(until=MORNING)
    talk.says("cleo", "/circle meet 18 March 15:00")
    talk.presses("dana", "It suits me")
    talk.says("ada", "/programme schedule clear 1")
    talk.forgets()
    talk.passes(until=at(15, 12))
    assert "STATUS:CANCELLED" in lines_of(talk.hears("dana", "The hour that was set is off:"))


def test_what_was_proposed_is_not_said_when_the_hour_has_passed(talk):
    here = pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    with talk.store.writing() as db:
        row = next(one for one in every_delivery(db) if one.kind == "appointment")
        assert row.not_after == TUESDAY_15
    assert here


def test_what_an_hour_overtakes_is_said_no_more(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    talk.says("dana", "/circle meet share 1")
    with talk.store.writing() as db:  # a chat that fell silent holds it, to try it again
        row = next(one for one in every_delivery(db) if ":shared:" in one.key)
        row.state, row.run_at = "sending", row.run_at + timedelta(minutes=1)
        db.add(row)
    talk.says("cleo", "/circle meet off 1")
    with talk.store.writing() as db:
        assert [one.state for one in every_delivery(db) if ":shared:" in one.key] == ["cancelled"]


def test_the_same_press_twice_says_it_once(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00", call_id="x")
    talk.says("cleo", "/circle meet Tuesday 15:00", call_id="x")
    talk.presses("dana", "It suits me")
    talk.presses("dana", "It suits me")
    assert len([said for said in words_of(talk, "cleo") if "proposes an hour" in said]) == 1
    assert len([said for said in words_of(talk, "cleo") if "You have an hour" in said]) == 1


# --- a table ----------------------------------------------------------------------------------------------------------


def test_a_table_waits_for_everybody_or_is_set_by_one_of_half(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.hears("cleo", "90 minutes")
    talk.presses("dana", "It suits me")
    said = talk.hears("dana", "It is set when Emre, Fay can, too.")
    assert "Set it" in [button.label for button in said.message.buttons()]
    talk.presses("emre", "It suits me")
    talk.presses("fay", "It suits me")
    talk.hears("cleo", "You have an hour:")


def test_a_table_of_which_half_can_come_may_set_an_hour(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.says("cleo", "/circle meet set 1")
    talk.hears("cleo", "An hour can be set when it suits at least half of you, and two.")
    talk.presses("dana", "It suits me")
    talk.presses("emre", "Not then")
    talk.never_hears("cleo", "does not suit everybody")
    talk.presses("dana", "Set it")
    talk.hears("fay", "You have an hour:")


def test_a_table_whose_set_hour_suits_too_few_any_more_is_off(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    for who in ("dana", "emre", "fay"):
        talk.presses(who, "It suits me")
    for who in ("dana", "emre"):
        talk.says(who, "/circle meet no 1")
    talk.never_hears("cleo", "is off")
    talk.says("fay", "/circle meet no 1")
    talk.hears("cleo", "Fay can't make it then, and the hour is off:")


def test_who_steps_out_of_a_table_may_decide_its_hour(talk):
    table(talk, "cleo", "dana", "emre")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("emre", "It suits me")
    talk.says("dana", "/circle skip 1")
    talk.hears("cleo", "You have an hour:")


def test_an_hour_that_too_few_of_those_left_can_come_to_is_off(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    for who in ("emre", "fay"):
        talk.presses(who, "Not then")
    talk.says("dana", "/circle meet set 1")
    talk.says("cleo", "/circle skip 1")
    talk.hears("fay", "The hour that was set is off:")
    talk.never_hears("fay", "Cleo can't make it")
    talk.says("dana", "/circle next")
    talk.hears("dana", "Round 1, until")
    talk.never_hears("dana", "Your hour")


def test_who_has_stepped_out_of_a_group_counts_no_more(talk):
    table(talk, "cleo", "dana", "emre")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("emre", "It suits me")
    talk.says("dana", "/circle skip 1")
    talk.hears("emre", "You have an hour:")
    talk.says("dana", "/circle meet yes 1")
    talk.hears("dana", "You have no meeting to find an hour for just now.")


def test_an_hour_is_off_when_nobody_is_left_to_meet(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    talk.says("cleo", "/circle skip 1")
    assert "STATUS:CANCELLED" in lines_of(talk.hears("dana", "The hour that was set is off:"))


def test_at_a_table_one_who_can_not_come_need_not_call_it_off_for_all(talk):
    table(talk, "cleo", "dana", "emre", "fay")
    talk.says("cleo", "/circle meet Tuesday 15:00")
    for who in ("dana", "emre", "fay"):
        talk.presses(who, "It suits me")
    talk.presses("fay", "I can't come")
    talk.hears("fay", "does not suit you")
    talk.never_hears("cleo", "is off")
    talk.says("cleo", "/circle meet")
    talk.hears("cleo", "Not then: Fay.")


def test_a_proposal_made_before_the_introduction_outlives_that_somebody_steps_out(talk):
    here = term(talk, ("cleo", "dana"), ("emre",), rotation="tables", table_size=3)
    lives(talk, "emre", quiet=(8, 12))
    talk.passes(until=MORNING)
    assert here.groups(1)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.never_hears("emre", "proposes an hour")
    talk.says("dana", "/circle skip 1")
    talk.passes(until=at(1, 14))
    assert any("Cleo proposes an hour" in said for said in words_of(talk, "emre"))


# --- where everybody sees it ------------------------------------------------------------------------------------------


def test_an_hour_is_shown_to_everybody_only_at_a_members_word_and_names_nobody(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    offered = block(talk.hears("cleo", "You have an hour:"), Appointment)
    assert offered.is_shared is False
    assert offered.title == "A meeting of Women in Physics"
    talk.says("dana", offered.share.call)
    talk.hears("dana", "Your room hears where everybody can see it; none of your names stands there.")
    said = block(
        talk.hears("cleo", "Dana would like everybody here to see your hour. It names none of you:"), Appointment
    )
    assert (said.is_shared, said.share, said.uid) == (True, None, offered.uid)


def test_an_hour_that_everybody_sees_moves_and_goes_with_the_meeting(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    talk.says("dana", "/circle meet share 1")
    talk.says("cleo", "/circle meet Wednesday 15:00")
    talk.presses("dana", "It suits me")
    moved = block(talk.hears("cleo", "You have another hour"), Appointment)
    assert moved.is_shared
    talk.presses("dana", "Call it off")
    gone = block(talk.hears("cleo", "the hour is off"), Appointment)
    assert (gone.is_shared, gone.is_off) == (False, True)


def test_organisers_are_told_no_hour_by_any_report(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.presses("dana", "It suits me")
    for line in ("report", "rounds", "export", "audit", "schedule show", "circles", "status"):
        talk.says("ada", f"/programme {line}")
    talk.never_hears("ada", "15:00")


# --- what is turned down ----------------------------------------------------------------------------------------------

REJECTED = [
    ("/circle meet Tuesday", "I could not read “Tuesday” as a day with a time. These work: Tuesday 15:00"),
    ("/circle meet 15:00", "On which day? These work: today 15:00"),
    ("/circle meet at 9", "I could not read “9” as a day with a time"),
    ("/circle meet Tuesday 25:00", "as a day with a time"),
    ("/circle meet Tuesday 9", "as a day with a time"),
    ("/circle meet 30 February 15:00", "is not in the calendar"),
    ("/circle meet 03/04/2027 15:00", "could be"),
    ("/circle meet today 08:59", "Mon 1 March, 08:59 has passed."),
    ("/circle meet 2026-03-02 15:00", "has passed. Which hour to come would suit you?"),
    ("/circle meet 15 March 09:00", "This round's meeting has time until Monday, 15 March"),
    ("/circle meet 2099-03-02 15:00", "This round's meeting has time until Monday, 15 March"),
    ("/circle meet " + "x" * 61, "please keep it to 60"),
    ("/circle meet yes 999", "That hour belongs to an earlier meeting, or to other people."),
    ("/circle meet yes zero", "is not a whole number"),
    ("/circle meet no 0", "can be 1 to"),
    ("/circle meet off 999", "That hour belongs to an earlier meeting"),
    ("/circle meet set 999", "That hour belongs to an earlier meeting"),
    ("/circle meet share 999", "That hour belongs to an earlier meeting"),
]


@pytest.mark.parametrize(("line", "answer"), REJECTED)
def test_what_can_not_be_followed_changes_nothing_and_says_what_to_type(talk, line, answer):
    pair(talk)
    before = len(talk.heard["dana"])
    talk.says("cleo", line)
    talk.hears("cleo", answer)
    assert len(talk.heard["dana"]) == before
    talk.says("dana", "/circle meet")
    assert "Proposed" not in talk.heard["dana"][-1].words


def test_a_fourth_proposal_waits_for_an_answer_to_the_first_three(talk):
    pair(talk)
    for hour in ("13:00", "14:00", "15:00"):
        talk.says("cleo", f"/circle meet Tuesday {hour}")
    talk.says("cleo", "/circle meet Tuesday 16:00")
    talk.hears("cleo", "3 hours are proposed already. Please answer those first.")
    talk.never_hears("dana", "16:00")


def test_what_is_not_set_can_not_be_shown_to_everybody(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.says("cleo", "/circle meet share 1")
    talk.hears("cleo", "This hour is not set yet, so there is nothing to show.")


def test_a_button_of_an_hour_that_has_passed_says_so(talk):
    pair(talk)
    talk.says("cleo", "/circle meet Tuesday 15:00")
    talk.passes(until=TUESDAY_15)
    talk.presses("dana", "It suits me")
    talk.hears("dana", "That hour has passed.")


def test_a_button_of_an_earlier_round_does_nothing_in_the_next(talk):
    term(talk, ("ana", "bea"), ("kim", "lina"))
    talk.passes(until=MORNING)
    talk.says("ana", "/circle meet 12 March 15:00")
    talk.passes(until=at(15, 10))
    talk.says("ana", "/circle meet yes 1")
    talk.hears("ana", "That hour belongs to an earlier meeting, or to other people.")


def test_people_of_another_group_can_not_touch_it(talk):
    here = term(talk, ("ana", "bea"), ("kim", "lina"))
    talk.passes(until=MORNING)
    talk.says("ana", "/circle meet Tuesday 15:00")
    stranger = "bea" if here.partner("ana") != "bea" else "lina"
    for word in ("yes", "no", "set", "off", "share"):
        talk.says(stranger, f"/circle meet {word} 1")
        talk.hears(stranger, "That hour belongs to an earlier meeting, or to other people.")
    talk.never_hears(stranger, "Tue 2 March, 15:00")


def test_who_has_no_meeting_is_told_so(talk):
    term(talk, ("ana",), ("kim",))
    talk.says("ana", "/circle meet")
    talk.hears("ana", "You have no meeting to find an hour for just now.")
    talk.says("ada", "/circle meet")
    assert re.search("member|joined", talk.heard["ada"][-1].words)
