"""Keeping away from somebody in the open round: nobody's click holds her there, and nobody learns of it."""

import re

from rounds_people import at, heard, term

from storage import deliveries, goals
from storage.tables import Goal

NOTHING_TO_FIND = "You have no meeting to find an hour for just now."
NEUTRAL = "because the person you would have met can't take part. It is nobody's choice."


def state_of(talk, room):
    with talk.store.writing() as db:
        return deliveries.room(db, room.workspace_id, room.key).state


def test_the_word_of_the_other_that_they_have_met_holds_nobody_who_keeps_away(talk):
    term(talk)
    talk.passes(days=29)  # until 2 March
    talk.says("dana", "/circle met yes")
    talk.says("cleo", "/circle avoid @dana")
    talk.hears("cleo", "You and Dana are never brought together.")
    talk.hears("cleo", "You are also out of this round's meeting")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "You sit round 1 out, as you asked.")
    talk.says("cleo", "/circle meet")
    talk.hears("cleo", NOTHING_TO_FIND)
    talk.says("dana", "/circle meet 2027-03-04 10:00")
    talk.hears("dana", NOTHING_TO_FIND)
    talk.says("dana", "/circle next")
    talk.hears("dana", "Round 2 begins Monday, 15 March.")
    talk.passes(days=14)
    for words in ("you meet Dana", "proposes an hour", "Did you meet Dana", "Have you found a time"):
        talk.never_hears("cleo", words)
    for words in ("avoid", "keep away", "can't take part"):
        talk.never_hears("dana", words)


def test_the_meeting_stays_in_the_history_and_its_room_closes_at_once(talk):
    here = term(talk)
    talk.passes(until=at(2))
    room = here.room(1, "cleo")
    talk.says("dana", "/circle met yes")
    before = len(talk.heard["dana"])
    talk.says("cleo", "/circle avoid @dana")
    assert state_of(talk, room) == "closed"
    assert len(talk.heard["dana"]) == before
    assert here.groups(1) == {frozenset({"cleo", "dana"})}
    talk.says("dana", "/circle next")
    talk.hears("dana", "you have met 1 of 1 person")
    talk.passes(until=at(16))
    assert here.member("cleo").silences == 0
    assert here.groups(2) == set()


def test_who_is_kept_away_from_hears_letter_by_letter_what_she_would_hear_if_the_other_rested(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.passes(until=at(2))
    kept_away, left_by_a_rest = here.partner("kim"), here.partner("lina")
    rooms = [here.room(1, who) for who in ("kim", "lina")]
    for mentor, mentee in ((kept_away, "kim"), (left_by_a_rest, "lina")):
        talk.says(mentee, "/circle meet 2027-03-05 10:00")
        talk.presses(mentor, "It suits me")
        talk.says(mentor, "/circle met yes")
    before = {mentor: len(talk.heard[mentor]) for mentor in (kept_away, left_by_a_rest)}
    talk.says("kim", f"/circle avoid @{kept_away}")
    talk.says("lina", "/circle pause 2027-04-12")
    for mentor in (kept_away, left_by_a_rest):
        for line in ("/circle next", "/circle meet", "/circle met", "/circle goal see", "/circle"):
            talk.says(mentor, line)
    talk.passes(until=at(12))

    def told(mentor, mentee, other_mentor, other_mentee):
        names = {mentor: "Me", mentee: "You", other_mentor: "Mentor", other_mentee: "Mentee"}
        said = []
        for one in talk.heard[mentor][before[mentor] :]:
            words = re.sub(r"p1-g\d|p1:g\d", "group", f"{one.room}\n{one.words}")
            for name, neutral in names.items():
                words = words.replace(name.capitalize(), neutral)
            said.append((one.at, words))
        return said

    one = told(kept_away, "kim", left_by_a_rest, "lina")
    other = told(left_by_a_rest, "lina", kept_away, "kim")
    assert one == other
    assert [state_of(talk, room) for room in rooms] == ["closed", "closed"]
    assert len(heard(talk, kept_away, "is off")) == 1


def test_who_says_she_was_not_there_is_out_as_if_nothing_had_been_said(talk):
    here = term(talk, mentors=("gita",), mentees=("eva",))
    talk.passes(until=at(2))
    talk.says("gita", "/circle met yes")
    talk.says("eva", "/circle met no")
    talk.says("eva", "/circle avoid @gita")
    talk.hears("gita", NEUTRAL)
    talk.says("eva", "/circle meet")
    talk.hears("eva", NOTHING_TO_FIND)
    assert here.groups(1) == set()
    assert here.sits_out(1) == {"eva": "skipped", "gita": "partner-cannot"}


def test_a_table_that_has_met_goes_on_without_its_host_and_without_a_word(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"), rotation="tables", table_size=4)
    talk.passes(until=at(2))
    room = here.room(1, "ana")
    talk.says("ana", "/circle next")
    host = re.search(r"(\w+) hosts\.", talk.hears("ana", "hosts.").words)[1].lower()
    one, two, three = sorted({"ana", "bea", "kim", "lina"} - {host})
    talk.says(one, "/circle met yes")
    before = {who: len(talk.heard[who]) for who in (one, two, three)}
    talk.says(host, f"/circle avoid @{one}")
    assert {who: len(talk.heard[who]) for who in before} == before
    assert talk.rooms[room.key] == {one, two, three}
    assert state_of(talk, room) == "open"
    talk.says(one, "/circle meet 2027-03-05 10:00")
    for who in (two, three):
        talk.presses(who, "It suits me")
    talk.hears(three, "You have an hour:")
    talk.says(two, "/circle next")
    said = talk.hears(two, "you meet").words.partition("Round 2")[0]
    assert host.capitalize() not in said
    talk.says(host, "/circle next")
    talk.hears(host, "You sit round 1 out, as you asked.")
    talk.never_hears(host, "You have an hour:")
    assert here.groups(1) == {frozenset({"ana", "bea", "kim", "lina"})}


def test_who_is_out_of_a_meeting_that_took_place_is_asked_nothing_when_its_word_is_taken_back(talk):
    here = term(talk)
    talk.passes(until=at(2))
    talk.says("dana", "/circle met yes")
    talk.says("cleo", "/circle avoid @dana")
    talk.says("dana", "/circle met no")
    talk.passes(until=at(13))
    talk.never_hears("cleo", "Have you found a time")
    talk.never_hears("cleo", "Did you meet")
    talk.says("dana", "/circle skip 1")
    assert here.groups(1) == set()


def test_goals_and_prompts_for_the_people_she_meets_are_no_longer_for_whom_she_keeps_away_from(talk):
    here = term(talk)
    talk.passes(until=at(2))
    with talk.store.writing() as db:
        goals.save(
            db,
            Goal(
                member_id=here.member("cleo").id,
                text="finish my book",
                scope="partner",
                created_at=talk.now,
                changed_at=talk.now,
            ),
        )
    talk.says("dana", "/circle goal see")
    talk.hears("dana", "finish my book")
    talk.says("dana", "/circle met yes")
    another = talk.button("cleo", "Another prompt").call
    talk.says("cleo", "/circle avoid @dana")
    talk.says("dana", "/circle goal see")
    assert "finish my book" not in talk.heard["dana"][-1].words
    talk.says("cleo", another)
    talk.hears("cleo", "That round is over, and its room is closed.")
