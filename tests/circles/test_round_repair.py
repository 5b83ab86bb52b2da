"""How rounds heal: people skip, rest, leave or keep away from somebody, before a round and in the middle of it."""

from datetime import timedelta

import cast
import pytest
from rounds_people import at, heard, lives, term

from storage import deliveries

NEUTRAL = "because the person you would have met can't take part. It is nobody's choice."


# --- skipping a coming round ------------------------------------------------------------------------------------------


def test_who_skips_a_coming_round_is_not_in_it_and_the_next_one_counts_her_in(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.says("emre", "/circle skip")
    talk.hears("emre", "You skip round 1 (Monday, 1 March). The one after counts you in again.")
    talk.passes(until=at(2))
    assert here.groups(1) == {frozenset({"cleo", "dana"})}
    assert here.sits_out(1) == {}
    talk.says("emre", "/circle next")
    talk.hears("emre", "Round 1 goes on until Monday, 15 March; you are not in it.")
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"cleo", "dana", "emre"})}


def test_skipping_twice_is_skipping_once_and_can_be_taken_back_once(talk):
    here = term(talk)
    talk.says("dana", "/circle skip 1")
    before = cast.rows(talk.store)
    talk.says("dana", "/circle skip 1")
    talk.hears("dana", "You skip round 1")
    assert cast.rows(talk.store) == before
    talk.presses("dana", "Take part after all")
    talk.hears("dana", "You take part in round 1.")
    talk.says("dana", "/circle unskip 1")
    talk.hears("dana", "You were not skipping round 1; you are in.")
    talk.passes(until=at(2))
    assert here.groups(1) == {frozenset({"cleo", "dana"})}


def test_a_round_far_ahead_can_be_skipped_by_its_number(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.says("dana", "/circle skip 3")
    talk.hears("dana", "You skip round 3 (Monday, 29 March).")
    talk.passes(until=at(30))
    assert [len(next(iter(here.groups(number)))) for number in (1, 2, 3)] == [3, 3, 2]


def test_the_answer_to_a_heads_up_keeps_its_other_question(talk):
    term(talk)
    talk.passes(until=at(13))
    talk.presses("cleo", "Skip this one")
    talk.hears("cleo", "Did you meet Dana in round 1?")
    talk.presses("cleo", "Take part after all")
    talk.hears("cleo", "Did you meet Dana in round 1?")
    talk.presses("cleo", "Yes, we met")
    said = talk.hears("cleo", "Noted: you met Dana")
    assert [b.label for b in said.message.buttons()] == ["No, we didn't", "Note an action", "Skip this one"]


@pytest.mark.parametrize(
    ("day", "line", "said"),
    [
        (at(1, 8), "/circle skip 99", "There is no round 99 in the plan."),
        (at(1, 8), "/circle skip 0", "Number can be"),
        (at(1, 8), "/circle skip -3", "Number can be"),
        (at(1, 8), "/circle skip 1001", "Number can be"),
        (at(1, 8), "/circle skip monday", "is not a whole number"),
        (at(1, 8), "/circle skip 1 please", "I can't place “please”"),
        (at(1, 8), "/circle unskip 1", "You were not skipping round 1; you are in."),
        (at(1, 8), "/circle unskip 99", "You were not skipping round 99; you are in."),
        (at(1, 8), "/circle unskip x", "is not a whole number"),
        (at(3), "/circle unskip 1", "Round 1 has been formed already; you are in again from the next one."),
        (at(16), "/circle skip 1", "Round 1 is over. The next one you can skip is round 3."),
        (at(16), "/circle unskip 1", "Round 1 has been formed already"),
    ],
)
def test_a_skip_that_cannot_be_followed_changes_nothing(talk, day, line, said):
    term(talk)
    talk.passes(until=day)
    before = cast.rows(talk.store)
    talk.says("cleo", line)
    talk.hears("cleo", said)
    assert cast.rows(talk.store) == before


def test_unskip_without_a_number_asks_for_it(talk):
    term(talk)
    talk.says("dana", "/circle skip 1")
    talk.says("dana", "/circle unskip")
    talk.fills("dana", number="1")
    talk.hears("dana", "You take part in round 1.")


def test_in_the_last_round_nothing_is_left_to_skip(talk):
    term(talk, weeks=4)
    talk.passes(until=at(16))
    talk.says("cleo", "/circle skip")
    talk.hears("cleo", "No further round is planned, so there is nothing to skip.")
    talk.says("cleo", "/circle skip 1")
    talk.hears("cleo", "Round 1 is over, and no further one is planned.")


# --- stepping out of a round ------------------------------------------------------------------------------------------


def test_who_steps_out_is_out_and_her_partner_is_told_in_neutral_words_and_goes_first_next_time(talk):
    here = term(talk, mentors=("ana",), mentees=("kim", "lina"), odd="bye")
    talk.passes(until=at(3))
    (waits,) = here.sits_out(1)
    goes = here.partner("ana")
    talk.says("ana", "/circle skip 1")
    talk.hears("ana", "You are out of round 1; whoever still expects to meet you is told in neutral words.")
    said = talk.hears(goes, "Round 1 has no meeting for you, " + NEUTRAL)
    assert "Ana" not in said.words
    talk.hears(goes, "You go first next time: Monday, 15 March.")
    assert here.sits_out(1) == {"ana": "skipped", goes: "partner-cannot", waits: "more-mentees"}
    talk.says("ana", "/circle next")
    talk.hears("ana", "You sit round 1 out, as you asked.")
    talk.says(goes, "/circle next")
    talk.hears(goes, "Round 1 has no meeting for you; you go first next time.")
    talk.passes(until=at(14))
    assert heard(talk, goes, "Did you meet") == []
    assert heard(talk, "ana", "Did you meet") == []
    talk.passes(until=at(16))
    assert "ana" not in here.sits_out(2)


def test_who_sat_out_goes_before_who_stepped_out_by_her_own_wish(talk):
    here = term(talk, mentors=("ana",), mentees=("kim", "lina"), odd="bye")
    talk.passes(until=at(2))
    (waited,) = here.sits_out(1)
    talk.says(here.partner("ana"), "/circle skip 1")
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"ana", waited})}


def test_whose_partner_stepped_out_is_preferred_to_who_stepped_out(talk):
    """One of the mentees sits out each time; who chose to is not spared for it."""
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"), odd="bye")
    talk.passes(until=at(2))
    partner = here.partner("kim")
    talk.says("kim", "/circle skip 1")
    other = ({"ana", "bea"} - {partner}).pop()
    talk.says(other, "/circle met yes")
    talk.says("lina", "/circle skip 2")
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({partner, "kim"})}
    assert here.sits_out(2) == {other: "more-mentors"}


def test_a_room_closes_when_nobody_is_left_to_meet_in_it(talk):
    here = term(talk)
    talk.passes(until=at(3))
    room = here.room(1, "dana")
    talk.says("dana", "/circle skip 1")
    with talk.store.writing() as db:
        assert deliveries.room(db, room.workspace_id, room.key).state == "closed"


def test_a_trio_becomes_a_pair_that_still_meets(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(3))
    room = here.room(1, "dana")
    talk.says("emre", "/circle skip 1")
    said = talk.hears("dana", "Emre can't take part this round. Cleo, Dana, you still meet.")
    assert said.room == room.key
    talk.never_hears("emre", "can't take part this round")
    assert talk.rooms[room.key] == {"cleo", "dana"}
    assert here.groups(1) == {frozenset({"cleo", "dana"})}
    talk.says("cleo", "/circle met yes")
    talk.hears("cleo", "Noted: you met Dana in round 1.")
    talk.says("dana", "/circle skip 1")
    talk.hears("dana", "You are out of round 1")  # of what is left of it: it was held already, and that stays
    assert here.groups(1) == {frozenset({"cleo", "dana"})}


def test_a_trio_hears_in_its_morning_that_it_became_a_pair(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(3, 22))
    talk.says("emre", "/circle skip 1")
    assert talk.rooms[here.room(1, "dana").key] == {"cleo", "dana"}
    talk.passes(until=at(5))
    assert heard(talk, "dana", "Emre can't take part this round.") == [at(4, 8)]


def test_when_a_trio_loses_two_the_third_sits_out(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(3))
    talk.says("emre", "/circle skip 1")
    talk.says("dana", "/circle skip 1")
    talk.hears("cleo", NEUTRAL)
    assert here.sits_out(1) == {"cleo": "partner-cannot", "dana": "skipped", "emre": "skipped"}


def test_whose_meeting_is_off_hears_it_at_once_in_a_full_week_and_never_in_her_night(talk):
    term(talk)
    lives(talk, "cleo", zone="America/New_York")
    talk.passes(until=at(12, 15))  # the question halfway and the heads-up have come this week
    talk.says("dana", "/circle skip 1")
    assert heard(talk, "cleo", NEUTRAL) == [at(12, 15)]


def test_whose_meeting_is_off_in_her_night_hears_it_in_the_morning(talk):
    term(talk)
    lives(talk, "cleo", zone="America/New_York")
    talk.passes(until=at(3, 10))
    talk.says("dana", "/circle skip 1")
    talk.passes(until=at(4))
    assert heard(talk, "cleo", NEUTRAL) == [at(3, 13)]


@pytest.mark.parametrize(
    "line", ["/circle skip 1", "/circle pause 2027-04-12", "/circle leave yes", "/circle stay later"]
)
def test_whatever_takes_her_out_the_others_hear_the_same(talk, line):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"), prompts="off")
    talk.passes(until=at(3))
    partner = here.partner("kim")
    talk.forgets()
    talk.says("kim", line)
    said = talk.hears(partner, NEUTRAL)
    assert "Kim" not in said.words
    (others,) = here.groups(1)
    assert others.isdisjoint({"kim", partner})
    for who in others:
        assert [one.words for one in talk.heard[who] if one.at == talk.now] == []
    talk.passes(until=at(16))
    assert partner in frozenset().union(*here.groups(2))


def test_who_keeps_away_from_her_partner_is_out_of_the_round_without_a_word_about_why(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.passes(until=at(3))
    partner = here.partner("kim")
    talk.says("kim", f"/circle avoid @{partner}")
    said = talk.hears(partner, NEUTRAL)
    assert "Kim" not in said.words
    talk.never_hears(partner, "avoid")
    for number in (2, 3, 4):
        talk.passes(until=at(2) + timedelta(weeks=2 * number - 2))
        assert not any({"kim", partner} <= group for group in here.groups(number))


def test_keeping_away_from_somebody_one_does_not_meet_leaves_the_round_alone(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.says("kim", "/circle avoid @lina")  # before any round
    talk.passes(until=at(3))
    groups = here.groups(1)
    other = ({"ana", "bea"} - {here.partner("kim")}).pop()
    talk.says("kim", f"/circle avoid @{other}")
    assert here.groups(1) == groups


def test_of_a_trio_only_the_one_who_keeps_away_steps_out(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(3))
    talk.says("emre", "/circle avoid @dana")
    assert here.groups(1) == {frozenset({"cleo", "dana"})}
    talk.hears("dana", "Emre can't take part this round.")


def test_who_has_met_already_steps_out_of_nothing(talk):
    here = term(talk)
    talk.passes(until=at(3))
    talk.says("dana", "/circle met yes")
    for line in ("/circle skip 1", "/circle pause 2027-04-12", "/circle leave yes"):
        talk.says("cleo", line)
    assert here.groups(1) == {frozenset({"cleo", "dana"})}
    assert heard(talk, "dana", NEUTRAL) == []


def test_stepping_out_twice_is_refused_and_answering_afterwards_too(talk):
    term(talk)
    talk.passes(until=at(3))
    talk.says("dana", "/circle skip 1")
    before = cast.rows(talk.store)
    talk.says("dana", "/circle skip 1")
    talk.hears("dana", "You are not in a meeting of round 1 that is still open.")
    talk.says("dana", "/circle met yes")
    talk.hears("dana", "You had no meeting in round 1, so there is nothing to answer.")
    talk.says("cleo", "/circle met yes")
    talk.hears("cleo", "You had no meeting in round 1")
    assert cast.rows(talk.store) == before


def test_what_was_to_be_asked_of_a_meeting_that_fell_apart_is_not_asked(talk):
    term(talk)
    lives(talk, "cleo", zone="America/New_York")
    talk.passes(until=at(8, 10))  # the question halfway waits for the morning in New York
    talk.says("dana", "/circle skip 1")
    talk.passes(until=at(14))
    assert heard(talk, "cleo", "Have you found a time") == []


def test_in_the_last_round_nobody_is_promised_a_next_one(talk):
    term(talk, weeks=4)
    talk.passes(until=at(16))
    talk.says("dana", "/circle skip 2")
    talk.hears("cleo", "You would have been first next time.")


def test_who_comes_back_from_a_rest_is_in_the_next_round(talk):
    here = term(talk)
    talk.passes(until=at(3))
    talk.says("dana", "/circle pause 2027-03-10")
    talk.passes(until=at(12))
    assert here.groups(1) == set()
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"cleo", "dana"})}


def test_who_comes_back_from_a_rest_and_skips_the_coming_round_hears_so_and_may_take_part_after_all(talk):
    term(talk)
    for line in ("/circle skip", "/circle pause 2027-02-20", "/circle resume"):
        talk.says("dana", line)
    talk.hears("dana", "Welcome back. You skip round 1, which begins Monday, 1 March; the one after counts you in.")
    talk.presses("dana", "Take part after all")
    talk.hears("dana", "You take part in round 1.")


def test_whose_rest_ends_by_itself_before_a_round_she_skips_hears_so(talk):
    term(talk)
    for line in ("/circle skip", "/circle pause 2027-02-20"):
        talk.says("dana", line)
    talk.passes(days=26)
    talk.hears("dana", "Welcome back. You skip round 1")
    talk.never_hears("dana", "you are in from round 1")


# --- before the group has heard of itself -----------------------------------------------------------------------------


def test_who_steps_out_before_the_introduction_is_never_named_and_the_others_are_introduced_in_their_own_hour(talk):
    here = term(talk, mentees=("dana", "emre"))
    lives(talk, "dana", zone="America/New_York")
    talk.passes(until=at(1, 10))
    talk.says("emre", "/circle skip 1")
    talk.passes(until=at(3))
    assert heard(talk, "cleo", "Cleo, Dana, this round you meet each other.") == [at(1, 13)]
    assert heard(talk, "dana", "this round you meet each other") == [at(1, 13)]
    assert heard(talk, "emre", "this round you meet each other") == []
    assert talk.rooms[here.room(1, "cleo").key] == {"cleo", "dana"}
    talk.never_hears("cleo", "Emre")
    talk.hears("cleo", "A way to begin, about")


def test_who_was_the_reason_to_wait_is_waited_for_no_longer(talk):
    here = term(talk, mentees=("dana", "emre"))
    lives(talk, "emre", zone="America/New_York")
    talk.passes(until=at(1, 10))
    talk.says("emre", "/circle skip 1")
    assert heard(talk, "cleo", "this round you meet each other") == [at(1, 10)]
    assert here.groups(1) == {frozenset({"cleo", "dana"})}


def test_of_a_table_two_may_step_out_before_it_is_introduced(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"), rotation="tables", table_size=4)
    lives(talk, "ana", zone="America/New_York")
    talk.passes(until=at(1, 10))
    for who in ("kim", "lina"):
        talk.says(who, "/circle skip 1")
    talk.passes(until=at(3))
    assert heard(talk, "bea", "this round you meet each other") == [at(1, 13)]
    talk.hears("bea", "Ana, Bea, this round you meet each other.")
    assert talk.rooms[here.room(1, "ana").key] == {"ana", "bea"}


def test_a_pair_that_falls_apart_before_its_introduction_never_had_a_room(talk):
    here = term(talk)
    lives(talk, "cleo", zone="America/New_York")
    talk.passes(until=at(1, 10))
    room = here.room(1, "cleo")
    talk.says("dana", "/circle skip 1")
    talk.passes(until=at(4))
    talk.hears("cleo", NEUTRAL)
    assert heard(talk, "cleo", "this round you meet each other") == []
    assert room.key not in talk.rooms
    with talk.store.writing() as db:
        left = deliveries.room(db, room.workspace_id, room.key)
        assert (left.state, left.place) == ("closed", "")
        assert [row.key for row in deliveries.live(db, room.workspace_id) if row.room_key == room.key] == []
