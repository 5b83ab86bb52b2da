"""Resting, coming back, leaving, keeping away from somebody, quiet hours, and one's own data, as conversations."""

from datetime import date, datetime, timedelta

import membership_people as house
import pytest
from talk import Talk

from circles import commands, outbox, wire
from circles.effects import Post, Tell
from circles.messages import message
from circles.rooms import circle_room
from circles.turn import Call
from storage import deliveries, goals, people, privacy, programmes, rounds, times
from storage.tables import Action, CheckIn, Delivery

REASON = "my mother is ill"


def waits_for(talk, programme, who, key="nudge:1"):
    """Put a nudge for her into the outbox, due next week."""
    member, person = house.found(talk, programme, who)
    with talk.store.writing() as db:
        due = talk.now + timedelta(days=7)
        tell = Tell(key, person.id, message("How is your goal?"), "check-in", run_at=due, member=member.id)
        outbox.put(db, programme.workspace_id, [tell], talk.now)


def state_of(talk, programme, key):
    with talk.store.writing() as db:
        return deliveries.by_key(db, programme.workspace_id, key).state


def answer(talk, programme, row, who):
    """Give her placement in a round."""
    member, _person = house.found(talk, programme, who)
    with talk.store.writing() as db:
        return rounds.placement_of(db, row.id, member.id)


# --- resting ----------------------------------------------------------------------------------------------------------


def test_a_pause_names_the_day_of_return_and_keeps_the_seat(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    waits_for(talk, programme, "cleo")
    talk.says("cleo", "/circle pause 8 March")
    talk.hears("cleo", "You rest until Monday, 8 March 2027; on that day you are back by yourself.")
    talk.hears("cleo", "/circle resume brings you back sooner.")
    member, _person = house.found(talk, programme, "cleo")
    assert (member.state, member.paused_until) == ("paused", date(2027, 3, 8))
    assert state_of(talk, programme, "nudge:1") == "cancelled"
    talk.says("cleo", "/circle")
    talk.hears("cleo", "You are resting until Monday, 8 March")
    talk.presses("cleo", "Come back now")
    talk.hears("cleo", "Welcome back.")
    assert house.found(talk, programme, "cleo")[0].state == "seated"


def test_a_pause_without_a_day_asks_for_it_and_the_reason_stays_with_her(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    talk.says("cleo", "/circle pause")
    talk.fills("cleo", until="2027-03-08", reason=REASON)
    talk.hears("cleo", "You rest until")
    assert house.found(talk, programme, "cleo")[0].pause_reason == REASON
    talk.says("ada", "/programme status")
    talk.says("dana", "/circle")
    for who in ("ada", "bob", "dana"):
        talk.never_hears(who, REASON)
    talk.says("cleo", "/circle resume")
    assert house.found(talk, programme, "cleo")[0].pause_reason == ""


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1 February 2027", "not ahead of us"),
        ("2027-01-31", "not ahead of us"),
        ("2028-02-03", "at most a year"),
        ("the day after never", "could not read"),
        ("03/04/2027", "could be"),
    ],
)
def test_a_day_that_cannot_be_is_declined(talk, day, said):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", f"/circle pause {day}")
    talk.hears("cleo", said)
    assert house.found(talk, programme, "cleo")[0].state == "waiting"


def test_a_wrong_day_in_the_form_is_shown_beside_its_field(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle pause")
    talk.fills("cleo", until="2020-01-01", reason=REASON)
    fields = {field.name: field for field in talk.forms["cleo"].fields}
    assert "not ahead of us" in fields["until"].error
    assert fields["reason"].initial == REASON


def test_a_year_and_a_day_ahead_is_the_longest_pause(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle pause 2028-02-02")
    assert house.found(talk, programme, "cleo")[0].paused_until == date(2028, 2, 2)


def test_a_pause_can_be_moved(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle pause 8 March")
    talk.says("cleo", "/circle pause 9 April")
    assert house.found(talk, programme, "cleo")[0].paused_until == date(2027, 4, 9)


def test_who_does_not_rest_has_nothing_to_come_back_from(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle resume")
    talk.hears("cleo", "You are not resting")


def test_on_her_local_day_of_return_she_is_back_and_hears_it_once(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    house.round_of(talk, programme, circle, ("dana",))
    house.member(talk, programme, "eve", zone="Pacific/Auckland")
    talk.says("cleo", "/circle pause 8 February")
    talk.says("eve", "/circle pause 8 February")
    talk.passes(until=datetime.fromisoformat("2027-02-07T10:30:00+00:00"))
    assert house.found(talk, programme, "eve")[0].state == "paused"
    talk.passes(until=datetime.fromisoformat("2027-02-07T11:30:00+00:00"))
    assert house.found(talk, programme, "eve")[0].state == "waiting"
    assert house.found(talk, programme, "cleo")[0].state == "paused"
    talk.passes(until=datetime.fromisoformat("2027-02-08T09:00:00+00:00"))
    assert house.found(talk, programme, "cleo")[0].state == "seated"
    talk.passes(days=2)
    said = [h.words for h in talk.heard["cleo"] if "Welcome back" in h.words]
    assert len(said) == 1
    assert "you are in from round 2, which begins Monday, 15 February" in said[0]
    assert any("Your place in line was kept." in h.words for h in talk.heard["eve"])


def test_a_waiting_member_who_rests_keeps_her_place(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    house.member(talk, programme, "dana")
    talk.says("cleo", "/circle pause 8 March")
    talk.says("dana", "/circle")
    talk.hears("dana", "You are number 1 of 1 waiting")
    talk.says("cleo", "/circle resume")
    talk.hears("cleo", "You are number 1 of 2 waiting")


def test_in_an_open_round_her_partner_hears_neutral_words(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "dana"))
    talk.says("cleo", "/circle pause 8 March")
    talk.hears("cleo", "You are out of this round")
    assert answer(talk, programme, row, "cleo").sits_out == "skipped"
    assert answer(talk, programme, row, "dana").sits_out == "partner-cannot"
    talk.passes(days=2)
    talk.hears("dana", "can't take part")
    talk.never_hears("dana", "rest")


def test_a_meeting_that_took_place_is_not_undone_by_a_pause(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "dana"))
    talk.says("dana", f"/circle met yes {row.id}")
    talk.says("cleo", "/circle pause 8 March")
    assert answer(talk, programme, row, "cleo").group_id is not None


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_leaving_asks_once_and_then_lets_her_go(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee", "eve": "mentee"})
    house.goal(talk, programme, "cleo", "Write the grant", scope="circle")
    waits_for(talk, programme, "cleo")
    talk.says("cleo", "/circle leave")
    talk.hears("cleo", "no reason is needed and nobody is told why")
    assert house.found(talk, programme, "cleo")[0].state == "seated"
    talk.presses("cleo", "Leave")
    talk.hears("cleo", "You have left Alemat. Thank you for being part of it.")
    member, _person = house.found(talk, programme, "cleo")
    assert (member.state, member.left_at) == ("left", talk.now)
    assert talk.rooms[f"p{programme.id}:c{circle.id}"] == {"dana", "eve"}
    assert state_of(talk, programme, "nudge:1") == "cancelled"
    with talk.store.writing() as db:
        assert [goal.scope for goal in goals.of_member(db, member.id)] == ["me"]
    talk.passes(days=3)
    for who in ("dana", "eve", "ada"):
        talk.never_hears(who, "left")
    talk.presses("cleo", "Leave")
    talk.hears("cleo", "Type /circle join")


def test_leaving_in_an_open_round_frees_her_partner(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "dana"))
    talk.says("cleo", "/circle leave yes")
    assert answer(talk, programme, row, "dana").sits_out == "partner-cannot"


def test_who_leaves_after_the_end_reads_what_that_means_then(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    talk.says("ada", "/programme close yes")
    talk.passes(days=1)
    talk.forgets()
    talk.says("cleo", "/circle leave")
    talk.hears("cleo", "Alemat has ended, so no seat is given up and nobody waits for one.")
    talk.hears("cleo", "your goals can be read by you alone")
    talk.presses("cleo", "Leave")
    talk.hears("cleo", "You have left Alemat.")
    for words in ("somebody else", "the way back"):
        talk.never_hears("cleo", words)
    with talk.store.writing() as db:
        room = deliveries.room(db, programme.workspace_id, f"p{programme.id}:c1")
    assert room.state == "closed"


def test_the_last_to_leave_closes_the_room(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor"})
    talk.says("cleo", "/circle leave yes")
    with talk.store.writing() as db:
        assert deliveries.room(db, programme.workspace_id, f"p{programme.id}:c{circle.id}").state == "closed"


@pytest.mark.parametrize("line", ["/circle leave", "/circle leave yes", "/circle pause 8 March", "/circle resume"])
def test_who_is_no_member_cannot_leave_or_rest(talk, line):
    house.programme(talk)
    talk.says("zoe", line)
    talk.hears("zoe", "Type /circle join")


@pytest.mark.parametrize("line", ["/circle pause 8 March", "/circle resume"])
def test_in_a_programme_that_has_ended_there_is_nothing_to_rest_from(talk, line):
    programme = house.programme(talk, state="closed")
    house.member(talk, programme, "cleo")
    talk.says("cleo", line)
    talk.hears("cleo", "Alemat has ended")


# --- keeping away -----------------------------------------------------------------------------------------------------


def test_keeping_away_from_somebody_is_private_and_can_be_undone(talk):
    programme = house.programme(talk)
    cleo, dana = house.member(talk, programme, "cleo"), house.member(talk, programme, "dana")
    talk.says("cleo", "/circle avoid @dana")
    talk.hears("cleo", "You and Dana are never brought together.")
    with talk.store.writing() as db:
        assert people.blocked_members(db, programme.id) == {frozenset({cleo.id, dana.id})}
    talk.says("cleo", "/circle avoid")
    talk.hears("cleo", "Dana")
    talk.says("dana", "/circle avoid")
    talk.hears("dana", "You keep away from nobody.")
    talk.presses("cleo", "Remove Dana")
    talk.hears("cleo", "can be brought together again")
    with talk.store.writing() as db:
        assert people.blocked_members(db, programme.id) == set()
    talk.never_hears("dana", "Cleo")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle avoid zoe", "I know nobody called “zoe” here."),
        ("/circle avoid %", "I know nobody called “%” here."),
        ("/circle avoid cleo", "That is you."),
        ("/circle avoid dana eve", "can't place “eve”"),
        ("/circle avoid remove dana", "Dana is not on your list"),
        ("/circle avoid remove zoe", "I know nobody called “zoe” here."),
    ],
)
def test_a_name_that_cannot_be_is_declined(talk, line, said):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    house.member(talk, programme, "dana")
    talk.says("cleo", line)
    talk.hears("cleo", said)
    with talk.store.writing() as db:
        assert people.blocked_members(db, programme.id) == set()


def test_the_same_name_twice_is_told_so(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    house.member(talk, programme, "dana")
    talk.says("cleo", "/circle avoid dana")
    talk.says("cleo", "/circle avoid dana")
    talk.hears("cleo", "You keep away from Dana already")


def test_people_of_another_workspace_cannot_be_named(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    with talk.store.writing() as db:
        people.person(db, people.workspace(db, "local", "elsewhere").id, "zoe")
    talk.says("cleo", "/circle avoid zoe")
    talk.hears("cleo", "I know nobody called “zoe” here.")


def test_keeping_away_works_in_the_open_round_and_tells_nobody_why(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee", "eve": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "dana", "eve"))
    talk.says("cleo", "/circle avoid dana")
    talk.hears("cleo", "You are also out of this round's meeting")
    assert answer(talk, programme, row, "cleo").group_id is None
    assert answer(talk, programme, row, "dana").group_id == answer(talk, programme, row, "eve").group_id is not None
    talk.passes(days=2)
    talk.never_hears("dana", "avoid")


def test_keeping_away_leaves_a_round_with_others_alone(talk):
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee", "eve": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "eve"), ("dana",))
    talk.says("cleo", "/circle avoid dana")
    assert answer(talk, programme, row, "cleo").group_id is not None


# --- quiet hours, days off, zone --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "begins", "ends"),
    [("21:00 7:30", 1260, 450), ("9pm-6am", 1260, 360), ("22:00 to 06:00", 1320, 360), ("off", 0, 0), ("NONE", 0, 0)],
)
def test_quiet_hours_are_set(talk, typed, begins, ends):
    programme = house.programme(talk)
    talk.says("cleo", f"/circle quiet {typed}")
    talk.hears("cleo", "Saved.")
    _member, person = house.found(talk, programme, "cleo")
    assert (person.quiet_from, person.quiet_until) == (begins, ends)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle quiet 21:00", "Two times, please"),
        ("/circle quiet 1 2 3", "Two times, please"),
        ("/circle quiet 25:00 7:00", "could not read"),
        ("/circle quiet 9 7", "could not read"),
        ("/circle quiet 21:00 21:00", "the same time"),
        (f"/circle quiet {'9' * 41}", "please keep it to 40"),
        ("/circle weekend mon-sun", "keeps 7 days"),
        ("/circle weekend caturday", "caturday"),
        ("/circle zone Atlantis", "do not know the time zone"),
        ("/circle zone GMT+3", "does not follow clock changes"),
    ],
)
def test_hours_days_and_zones_that_cannot_be_are_declined(talk, line, said):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo", zone="Asia/Amman")
    before = house.found(talk, programme, "cleo")[1].model_dump()
    talk.says("cleo", line)
    talk.hears("cleo", said)
    assert house.found(talk, programme, "cleo")[1].model_dump() == before


def test_quiet_hours_days_off_and_zone_are_shown(talk):
    house.programme(talk)
    talk.zones["cleo"] = "Asia/Amman"
    talk.says("cleo", "/circle weekend fri-sat")
    talk.says("cleo", "/circle quiet")
    talk.hears("cleo", "Quiet hours: 20:00 to 08:00")
    talk.hears("cleo", "Days off: Friday and Saturday")
    talk.hears("cleo", "Time zone: Asia/Amman")
    talk.presses("cleo", "No quiet hours")
    talk.hears("cleo", "Quiet hours: none")
    talk.says("cleo", "/circle weekend none")
    talk.hears("cleo", "Days off: none")


def test_her_own_zone_is_not_overwritten_by_what_the_chat_says(talk):
    programme = house.programme(talk)
    talk.zones["cleo"] = "Asia/Amman"
    talk.says("cleo", "/circle zone berlin")
    talk.says("cleo", "/circle zone")
    talk.hears("cleo", "Time zone: Europe/Berlin")
    assert house.found(talk, programme, "cleo")[1].zone == "Europe/Berlin"


def test_quiet_hours_hold_a_message_back_until_they_end(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle quiet 8:00 11:00")
    with talk.store.writing() as db:
        tell = Tell("hello", house.found(talk, programme, "cleo")[1].id, message("Hello"), "test")
        outbox.put(db, programme.workspace_id, [tell], talk.now)
    talk.passes(hours=1)
    talk.never_hears("cleo", "Hello")
    talk.passes(hours=1.5)
    assert [h.at.hour for h in talk.heard["cleo"] if h.words == "Hello"] == [11]


def test_one_who_is_in_two_programmes_is_not_asked_which_one_her_habits_are_for(talk):
    for slug in ("alemat", "bayn"):
        house.member(talk, house.programme(talk, slug=slug, name=slug), "cleo")
    for line in ("/circle quiet", "/circle data export", "/circle help"):
        talk.says("cleo", line)
        talk.never_hears("cleo", "more than one programme")


# --- her data ---------------------------------------------------------------------------------------------------------


def a_full_life(talk):
    """Cleo with something of hers in every table."""
    programme = house.programme(talk, state="running")
    circle = house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    row = house.round_of(talk, programme, circle, ("cleo", "dana"))
    house.goal(talk, programme, "cleo", "Finish the thesis")
    member, person = house.found(talk, programme, "cleo")
    with talk.store.writing() as db:
        goal = goals.of_member(db, member.id)[0]
        goals.save(db, Action(member_id=member.id, text="Mail the dean", made_at=talk.now))
        goals.save(
            db,
            CheckIn(member_id=member.id, goal_id=goal.id, day=talk.now.date(), answer="same", note="slow but fine"),
        )
        people.keep_draft(db, person.id, "join:9", {"about": "half a thought"})
        told = Tell("told", person.id, message("You wanted to mail the dean."), "action", member=member.id, urgent=True)
        outbox.put(db, programme.workspace_id, [told], talk.now)
    talk.says("cleo", "/circle meet 2 February 15:00")
    talk.says("dana", "/circle meet 3 February 9:00")
    talk.says("dana", "/circle meet 4 February 9:00")
    talk.says("cleo", "/circle meet no 2")
    talk.says("cleo", "/circle profile about Chemist at heart")
    house.member(talk, programme, "eve")
    talk.says("cleo", "/circle avoid eve")
    talk.says("cleo", f"/circle met yes {row.id}")
    waits_for(talk, programme, "cleo")
    return programme, row


def test_the_export_holds_everything_and_only_she_sees_it(talk):
    a_full_life(talk)
    talk.says("cleo", "/circle data export")
    for words in (
        "Id on this platform: cleo",
        "A few words about you: Chemist at heart",
        "Circle 1: mentor",
        "Round 1, 2027-02-01: in a meeting; your answer: yes",
        "Finish the thesis",
        "slow but fine",
        "Mail the dean",
        "half a thought",
        "People you keep away from",
        "a question about an action · sent",
        "Hour 2027-02-02 15:00 UTC: you proposed it; it suited you",
        "Hour 2027-02-03 09:00 UTC: it did not suit you",
    ):
        talk.hears("cleo", words)
        talk.never_hears("dana", words)
    talk.never_hears("cleo", "Hour 2027-02-04")


def test_a_long_export_comes_in_parts_that_a_chat_can_show(talk):
    programme, _row = a_full_life(talk)
    for number in range(30):
        house.goal(talk, programme, "cleo", f"Goal {number} " + "x" * 250)
    answers = talk.says("cleo", "/circle data export")
    assert max(len(answer.message.plain()) for answer in answers) <= 1700
    talk.hears("cleo", "Goal 29")


def test_a_stranger_can_export_the_little_there_is(talk):
    talk.says("zoe", "/circle data export")
    talk.hears("zoe", "Id on this platform: zoe")


def test_deleting_asks_first_and_then_leaves_only_what_the_others_need(talk):
    programme, row = a_full_life(talk)
    talk.says("cleo", "/circle data delete")
    talk.hears("cleo", "This can't be undone.")
    talk.hears("cleo", "You also leave Alemat.")
    assert house.found(talk, programme, "cleo")[0].state == "seated"
    talk.presses("cleo", "Delete my data")
    talk.hears("cleo", "It is done")
    member, person = house.found(talk, programme, "cleo")
    dana = house.found(talk, programme, "dana")[0].id
    assert (member.state, member.about, member.offers, member.languages) == ("left", "", [], [])
    assert person.name == "someone who left"
    with talk.store.writing() as db:
        found = (privacy.goals, privacy.check_ins, privacy.actions, privacy.skips, privacy.hours)
        assert [query(db, [member.id]) for query in found] == [[], [], [], [], []]
        (group,) = rounds.groups(db, row.id)
        spoken_of = {time.id: time for time in times.of_group(db, group.id)}
        proposed = {time.starts_at.day: time.member_id for time in spoken_of.values()}
        assert proposed == {2: None, 3: dana, 4: dana}  # the hours are the others' history; who proposed goes
        assert {one for said in times.answers(db, spoken_of).values() for one in said} == {dana}
        assert privacy.drafts(db, person.id) == people.avoided_by(db, person.id) == []
        kept = [wire.load(d.effect).message.plain() for d in privacy.written_to(db, person.id)]
        states = {d.state for d in privacy.written_to(db, person.id)}
        placement = rounds.placement_of(db, row.id, member.id)
        assert programmes.get(db, programme.id).state == "running"
    assert set(kept) == {"(Deleted at a person's wish.)"}
    assert states <= {"sent", "cancelled", "merged"}
    assert (placement.answer, placement.group_id is not None) == ("yes", True)
    talk.passes(days=10)
    talk.never_hears("cleo", "How is your goal?")


def test_a_life_can_be_exported_and_deleted_on_both_databases(store):
    talk = Talk(store)
    programme, _row = a_full_life(talk)
    talk.says("cleo", "/circle data export")
    talk.hears("cleo", "slow but fine")
    talk.says("cleo", "/circle data delete yes")
    talk.hears("cleo", "It is done")
    talk.says("dana", "/circle pause 8 March")
    talk.passes(days=40)
    assert house.found(talk, programme, "dana")[0].state == "seated"


def test_what_others_kept_and_wrote_stays(talk):
    programme, _row = a_full_life(talk)
    house.goal(talk, programme, "dana", "Learn R")
    talk.says("dana", "/circle avoid cleo")
    talk.says("cleo", "/circle data delete yes")
    dana, person = house.found(talk, programme, "dana")
    with talk.store.writing() as db:
        assert [goal.text for goal in privacy.goals(db, [dana.id])] == ["Learn R"]
        assert [other.name for other in people.avoided_by(db, person.id)] == ["someone who left"]
    assert (dana.state, person.name) == ("seated", "Dana")


def test_deleting_covers_every_programme_of_the_workspace_and_no_other_workspace(talk):
    first = house.programme(talk)
    second = house.programme(talk, slug="bayn", name="Bayn")
    house.member(talk, first, "cleo", about="one")
    house.member(talk, second, "cleo", about="two")
    with talk.store.writing() as db:
        people.person(db, people.workspace(db, "local", "elsewhere").id, "cleo", name="Cleo")
    talk.says("cleo", "/circle data delete yes")
    assert {house.found(talk, p, "cleo")[0].about for p in (first, second)} == {""}
    with talk.store.writing() as db:
        assert people.person(db, people.workspace(db, "local", "elsewhere").id, "cleo").name == "Cleo"


def test_an_organiser_hands_over_before_her_data_go(talk):
    programme = house.programme(talk)
    for line in ("/circle data delete", "/circle data delete yes"):
        talk.says("ada", line)
        talk.hears("ada", "Hand over first: /programme organisers.")
    assert house.found(talk, programme, "ada")[1].name == "Ada"


def in_rooms(talk, programme):
    """Everything that was ever written into a circle's room, as the store keeps it."""
    with talk.store.writing() as db:
        keys = [circle_room(programme.id, circle.id) for circle in programmes.circles(db, programme.id)]
        acts = [wire.read(row.effect) for row in privacy.past_words_in(db, programme.workspace_id, keys)]
    return "\n".join(f"{a.message.plain()}\n{a.message.summary}" for a in acts if isinstance(a, Post))


def test_her_name_goes_out_of_what_was_posted_in_the_rooms_of_her_circles_and_other_words_stay(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    for who in ("mar", "marta"):
        house.member(talk, programme, who, institution=f"University of {who}")
        talk.says("ada", f"/programme circles move {who} 1")
        talk.hears(who, f"{who.capitalize()} joins this circle")
    talk.says("ada", "/programme announce Mar, welcome! March is near")
    talk.presses("ada", "Send")
    with talk.store.writing() as db:
        times = {"run_at": talk.now, "due_at": talk.now}
        newer = '{"v":99}'  # written by another version of the program
        row = Delivery(workspace_id=1, key="x", kind="joins", effect=newer, room_key="p1:c1", state="sent", **times)
        deliveries.put(db, row)
    talk.says("mar", "/circle data delete yes")
    said = in_rooms(talk, programme)
    assert "Marta joins this circle" in said
    assert "Mar joins" not in said
    assert "Mar, welcome" not in said
    assert said.count("(Deleted at a person's wish.)") == 2


def test_a_name_that_was_deleted_comes_back_only_with_her_own_words(talk):
    programme = house.programme(talk, state="running")
    house.circle(talk, programme, {"cleo": "mentor", "dana": "mentee"})
    talk.says("cleo", "/circle data delete yes")
    named = Call("local", "demo", "dana", "circle avoid cleo", "n1", name="Dana", others={"cleo": "Cleo Real"})
    (answer,) = commands.run(talk.store, named, talk.now)
    assert "You and someone who left are never brought together." in answer.message.plain()
    assert house.found(talk, programme, "cleo")[1].name == "someone who left"
    talk.says("cleo", "/circle join")
    assert house.found(talk, programme, "cleo")[1].name == "Cleo"


def test_somebody_whom_another_one_names_first_gets_her_name_from_there(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "dana")
    with talk.store.writing() as db:
        people.person(db, programme.workspace_id, "U2")
    for known, call_id in (("U1", "n1"), ("U2", "n2")):
        named = Call("local", "demo", "dana", f"circle avoid {known}", call_id, others={known: "Eve"})
        (answer,) = commands.run(talk.store, named, talk.now)
        assert "You and Eve are never brought together." in answer.message.plain()


def test_who_left_can_have_her_data_deleted_and_return_afresh(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo", about="Chemist")
    talk.says("cleo", "/circle leave yes")
    talk.says("cleo", "/circle data delete")
    talk.presses("cleo", "Delete my data")
    assert house.found(talk, programme, "cleo")[0].about == ""
    talk.says("cleo", "/circle join")
    assert {f.name: f.initial for f in talk.forms["cleo"].fields}["about"] == ""
