"""Rounds turn: they open on the programme's clock, introduce their groups, let everybody meet, and close."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import cast
import pytest
from rounds_people import at, heard, lives, term
from talk import Talk

from circles import tick
from storage import deliveries, members, programmes, rounds

MENTORS = ("ana", "bea", "cleo", "dana", "eva", "fay", "gala", "hana", "ines", "joud")
MENTEES = ("kim", "lina", "mona", "nour", "olga", "petra", "rana", "sara", "tala", "uma")


def everybody_met(here, number):
    """One of each group says yes."""
    row = here.round(number)
    for group in here.groups(number):
        here.talk.says(min(group), f"/circle met yes {row.id}")


# --- when -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_on", "before", "after"),
    [
        (date(2027, 3, 22), datetime(2027, 3, 22, 8, tzinfo=UTC), datetime(2027, 3, 29, 7, tzinfo=UTC)),
        (date(2027, 10, 25), datetime(2027, 10, 25, 7, tzinfo=UTC), datetime(2027, 11, 1, 8, tzinfo=UTC)),
    ],
)
def test_a_round_opens_at_nine_on_the_wall_before_and_after_the_clocks_change(talk, starts_on, before, after):
    here = term(talk, starts_on=starts_on, zone="Europe/Berlin", every_weeks=1)
    talk.passes(until=before - timedelta(seconds=1))
    assert here.groups(1) is None
    talk.passes(until=after + timedelta(hours=1))
    assert heard(talk, "cleo", "Round 1: ") == []  # a room's name is no message
    assert heard(talk, "cleo", "this round you meet each other") == [before, after]


def test_days_kept_free_shift_the_next_round_and_the_day_until_which_this_one_goes_on(talk):
    here = term(talk)
    talk.passes(until=at(3))
    talk.says("ada", "/programme schedule blackout 2027-03-15 2027-03-17 Eid")
    talk.presses("ada", "Keep these days free")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "Round 1, until Monday, 22 March: you meet Dana.")
    talk.hears("cleo", "Round 2 begins Monday, 22 March.")
    talk.passes(until=at(20))
    assert (here.round(1).state, here.round(2)) == ("open", None)
    talk.passes(until=at(22, 10))
    assert (here.round(1).state, here.round(2).opens_on) == ("closed", date(2027, 3, 22))


def test_the_last_round_closes_with_the_programme(talk):
    here = term(talk, weeks=4)
    talk.passes(until=at(29, 8))
    last = here.round(2)
    assert (last.state, last.closes_on, here.round(3)) == ("open", date(2027, 3, 29), None)
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "No further round is planned.")
    assert here.room(2, "cleo").state == "open"
    talk.passes(until=at(29, 12))
    assert (here.round(2).state, here.room(2, "cleo").state) == ("closed", "closed")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "This circle has ended.")
    talk.passes(days=60)
    assert here.round(3) is None


# --- introductions ----------------------------------------------------------------------------------------------------


def test_a_group_reads_in_its_room_who_meets_why_a_way_to_begin_and_hours(talk):
    profiles = {
        "cleo": {"offers": ["statistics"], "institution": "Cairo University", "about": "I count beetles"},
        "dana": {"wants": ["Statistics"], "institution": "Birzeit University"},
    }
    here = term(talk, mentees=("dana", "emre"), mentors=("cleo", "fay"), profiles=profiles)
    lives(talk, "cleo", zone="UTC")
    talk.says("cleo", "/circle avoid @emre")  # so that we know who meets whom
    talk.passes(until=at(1, 9))
    said = talk.hears("dana", "Round 1")
    assert said.room == here.room(1, "cleo").key
    for words in (
        "Cleo, Dana, this round you meet each other. Any way of meeting is fine; any day until Monday, 15 March.",
        "Who: Cleo · Cairo University",
        "Who: Dana · Birzeit University",
        "About: I count beetles",
        "Cleo offers Statistics, and Dana would like that.",
        "You have not met in this circle before.",
        "A way to begin, about",
        "Hours that suit both of you:",
        "- Mon 1 March, 09:00 – Mon 1 March, 17:00",
    ):
        assert words in said.words
    assert [button.label for button in said.message.buttons()] == ["Find an hour", "We met", "Another prompt"]
    assert said.message.summary == "Your meeting group for this round"
    assert heard(talk, "cleo", "Cleo, Dana") == [at(1)]
    for other in ("ada", "emre", "fay"):
        talk.never_hears(other, "Cleo, Dana")
        talk.never_hears(other, "beetles")


def test_a_mentor_who_has_room_for_one_mentee_gets_no_second(talk):
    here = term(talk, ("ana", "bea"), ("kim", "lina", "mona"), profiles={"ana": {"capacity": 1}}, weeks=17)
    talk.passes(days=28 + 5 * 14)
    for number in range(1, 6):
        assert sorted(len(group) for group in here.groups(number) if "ana" in group) == [2]
        assert [len(group) for group in here.groups(number) if "bea" in group] == [3]


def test_people_far_apart_read_the_hours_they_share_in_the_programmes_zone(talk):
    term(talk)
    lives(talk, "cleo", zone="Europe/Berlin")
    lives(talk, "dana", zone="America/New_York")
    talk.passes(until=at(1, 14))
    talk.hears("cleo", "- Mon 1 March, 14:00 – Mon 1 March, 16:00")


def test_people_at_other_ends_of_the_day_read_that_they_share_no_hour(talk):
    term(talk)
    lives(talk, "cleo", zone="Asia/Tokyo")
    lives(talk, "dana", zone="America/New_York")
    talk.passes(until=at(3))
    talk.hears("cleo", "Your working hours share no full hour in the coming days")


def test_three_read_the_hours_that_suit_all_of_them(talk):
    term(talk, ("ana",), ("kim", "lina"))
    talk.passes(until=at(2))
    talk.hears("kim", "Hours that suit all of you:")
    talk.never_hears("kim", "both of you")


def test_hours_after_the_end_of_a_short_round_are_not_named(talk):
    term(talk, every_weeks=1)
    lives(talk, "cleo", weekend=(0, 1, 2, 3), zone="UTC")
    talk.passes(until=at(5, 12))
    said = talk.hears("dana", "Hours that suit both of you:").words
    assert "Fri 5 March" in said
    assert "12 March" not in said


@pytest.mark.parametrize(
    ("starts_on", "cleo", "dana", "introduced"),
    [
        (date(2027, 3, 1), {"zone": "UTC"}, {"zone": "America/New_York"}, at(1, 13)),  # 08:00 in New York
        (date(2027, 3, 1), {"zone": "UTC", "quiet": (20, 11)}, {"zone": "UTC"}, at(1, 11)),
        # A Sunday: the weekend of one is over, that of the other is not.
        (date(2027, 3, 7), {"zone": "UTC", "weekend": (4, 5)}, {"zone": "UTC", "weekend": (5, 6)}, at(8, 8)),
        (date(2027, 3, 1), {"zone": "UTC", "quiet": (12, 0)}, {"zone": "UTC", "quiet": (0, 12)}, at(1, 9)),
    ],
)
def test_an_introduction_waits_until_it_disturbs_nobody_for_as_long_as_that_is_soon(
    talk, starts_on, cleo, dana, introduced
):
    term(talk, starts_on=starts_on)
    lives(talk, "cleo", **cleo)
    lives(talk, "dana", **dana)
    talk.passes(until=at(9))
    assert heard(talk, "cleo", "this round you meet each other") == [introduced]
    assert heard(talk, "dana", "this round you meet each other") == [introduced]


def test_when_a_round_turns_its_rooms_close_and_new_ones_open(talk):
    here = term(talk)
    talk.passes(until=at(15, 8))
    assert here.room(1, "cleo").state == "open"
    talk.passes(until=at(15, 9))
    assert (here.room(1, "cleo").state, here.room(2, "cleo").state) == ("closed", "open")
    talk.says("cleo", "/circle next")
    talk.hears("cleo", "Round 2, until Monday, 29 March: you meet Dana.")


def test_who_meets_again_reads_since_when_and_why(talk):
    here = term(talk)
    talk.passes(until=at(2))
    everybody_met(here, 1)
    talk.passes(until=at(16))
    talk.hears("dana", "You met in round 1; no pairing without a repeat was left this time.")


# --- ten rounds -------------------------------------------------------------------------------------------------------


def test_after_ten_rounds_of_ten_and_ten_every_mentee_has_met_every_mentor_once_and_no_prompt_came_twice(talk):
    here = term(talk, MENTORS, MENTEES, every_weeks=1)
    prompts = {who: [] for who in (*MENTORS, *MENTEES)}
    met = Counter()
    for number in range(1, 11):
        talk.passes(until=at(1) + timedelta(weeks=number - 1, hours=1))
        met.update(here.groups(number))
        everybody_met(here, number)
        for group, prompt in here.prompts(number).items():
            for who in group:
                prompts[who].append(prompt)
    assert met == {frozenset((mentor, mentee)): 1 for mentor in MENTORS for mentee in MENTEES}
    assert all(len(set(had)) == 10 and "" not in had for had in prompts.values())
    talk.says("ada", "/programme rounds")
    talk.hears("ada", "Jasmine, round 9 (Mon 26 Apr–Mon 3 May): 10 of 10 meetings held, 0 unanswered")
    for who in (*MENTORS, *MENTEES):
        assert who.capitalize() not in talk.heard["ada"][-1].words


def test_the_same_pair_never_gets_the_same_prompt(talk):
    here = term(talk, every_weeks=1)
    for number in range(1, 9):
        talk.passes(until=at(1) + timedelta(weeks=number - 1, hours=1))
        everybody_met(here, number)
    had = [prompt for number in range(1, 9) for prompt in here.prompts(number).values()]
    assert len(set(had)) == 8


def test_pairs_that_did_not_meet_come_again(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.passes(until=at(2))
    in_vain = here.groups(1)
    for group in in_vain:
        for who in group:
            talk.says(who, "/circle met no")
    talk.passes(until=at(16))
    assert here.groups(2).isdisjoint(in_vain)
    everybody_met(here, 2)
    talk.passes(until=at(30))
    assert here.groups(3) == in_vain


@pytest.mark.parametrize(
    ("mentors", "mentees", "settings", "reason"),
    [
        (("ana", "bea"), ("kim", "lina", "mona"), {}, "there were more mentees than mentors"),
        (("ana", "bea", "cleo"), ("kim", "lina"), {}, "there were more mentors than mentees"),
        (("ana", "bea"), ("kim", "lina", "mona"), {"rotation": "everyone"}, "the number of people was odd"),
    ],
)
def test_who_sits_out_is_told_why_goes_first_next_time_and_nobody_does_so_twice_before_all_have(
    talk, mentors, mentees, settings, reason
):
    here = term(talk, mentors, mentees, odd="bye", **settings)
    turns = []
    for number in range(1, 4):
        talk.passes(until=at(1) + timedelta(weeks=2 * number - 2, hours=1))
        (who,) = here.sits_out(number)
        coming = (date(2027, 3, 1) + timedelta(weeks=2 * number)).strftime("%A, %-d %B")
        talk.hears(who, f"Round {number} has no meeting for you, because {reason}. It is nobody's choice.")
        talk.hears(who, f"You go first next time: {coming}.")
        talk.says(who, "/circle next")
        talk.hears(who, f"Round {number} has no meeting for you; you go first next time.")
        talk.says(who, "/circle met yes")
        talk.hears(who, f"You had no meeting in round {number}, so there is nothing to answer.")
        everybody_met(here, number)
        turns.append(who)
    assert len(set(turns)) == 3


def test_who_sits_out_of_the_last_round_is_not_promised_another(talk):
    here = term(talk, mentees=("dana", "emre"), odd="bye", weeks=4)
    talk.passes(until=at(16))
    (who,) = here.sits_out(2)
    talk.hears(who, "You would have been first next time.")


def test_an_odd_number_of_people_makes_a_trio_by_default(talk):
    here = term(talk, mentees=("dana", "emre"))
    talk.passes(until=at(2))
    assert here.groups(1) == {frozenset({"cleo", "dana", "emre"})}
    talk.says("emre", "/circle next")
    talk.hears("emre", "you meet Cleo, Dana.")


def test_tables_are_introduced_as_tables(talk):
    here = term(talk, mentors=("ana", "bea", "cleo"), mentees=("kim", "lina", "mona"), rotation="tables", table_size=3)
    talk.passes(until=at(2))
    assert sorted(len(group) for group in here.groups(1)) == [3, 3]


def test_who_joins_late_is_in_from_the_next_round_on(talk):
    here = term(talk)
    cast.member(talk, here.programme, "emre", "mentee", languages=["en"])
    talk.passes(until=at(3))
    emre = here.member("emre")
    with talk.store.writing() as db:
        members.take_seat(db, here.circle, members.get(db, emre.id), "mentee", talk.now)
    talk.says("emre", "/circle next")
    talk.hears("emre", "Round 1 goes on until Monday, 15 March; you are not in it.")
    talk.says("emre", "/circle met yes")
    talk.hears("emre", "You had no meeting in round 1")
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"cleo", "dana", "emre"})}


# --- no round is possible ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skipping", "why", "reason"),
    [
        (("cleo", "dana"), "fewer than two people can take part", "too few people could meet"),
        (("cleo",), "no mentor can take part", "there were more mentees than mentors"),
        (("dana", "emre"), "fewer than two people can take part", "too few people could meet"),
    ],
)
def test_when_no_round_is_possible_organisers_hear_why_once_and_members_hear_that_they_have_no_meeting(
    talk, skipping, why, reason
):
    here = term(talk, mentees=("dana", "emre"))
    for who in skipping:
        talk.says(who, "/circle skip 1")
    talk.passes(until=at(10))
    for organiser in ("ada", "bob"):
        assert heard(talk, organiser, f"Jasmine: round 1 has no meetings, because {why}.") == [at(1)]
    for who in {"cleo", "dana", "emre"} - set(skipping):
        talk.hears(who, f"Round 1 has no meeting for you, because {reason}.")
    assert here.groups(1) == set()
    talk.passes(until=at(16))
    assert here.groups(2) == {frozenset({"cleo", "dana", "emre"})}


def test_a_circle_without_a_mentee_or_with_nobody_who_may_meet_hears_it_too(talk):
    term(talk, mentors=("cleo", "dana"), mentees=("emre",))
    talk.says("emre", "/circle skip 1")
    talk.passes(until=at(2))
    talk.hears("ada", "because no mentee can take part.")
    talk.hears("cleo", "because there were more mentors than mentees.")


def test_people_who_avoid_each_other_hear_nothing_of_the_reason(talk):
    here = term(talk)
    talk.says("dana", "/circle avoid @cleo")
    talk.passes(until=at(2))
    talk.hears("ada", "because no two people who can take part may meet.")
    talk.hears("cleo", "because too few people could meet.")
    assert here.groups(1) == set()
    talk.never_hears("cleo", "avoid")


# --- the clock jumps --------------------------------------------------------------------------------------------------


def test_a_round_that_comes_late_by_days_begins_and_its_heads_up_is_not_sent_after_it(talk):
    here = term(talk)
    talk.passes(until=at(14, 22))
    talk.forgets()
    talk.now = at(17, 10)
    tick.tick(talk.store, talk.now)
    talk.delivers()
    assert (here.round(1).state, here.round(2).state) == ("closed", "open")
    talk.hears("cleo", "this round you meet each other")
    said = [one.words for one in talk.heard["cleo"] if one.at == talk.now]
    assert not any("Did you meet" in words or "Round 3" in words for words in said)


def test_a_week_at_once_brings_each_message_once_and_in_its_own_hour(talk):
    term(talk)
    talk.passes(until=at(9))
    talk.forgets()
    talk.passes(days=7)
    assert heard(talk, "cleo", "Round 2 begins Monday, 15 March; you will hear whom you meet.") == [at(12)]
    assert heard(talk, "cleo", "this round you meet each other") == [at(1), at(15)]


def test_two_rounds_that_come_at_once_introduce_only_the_later_and_count_nobody_as_silent(talk):
    here = term(talk, every_weeks=1)
    lives(talk, "dana", quiet=(12, 11), zone="UTC")
    talk.now = at(8, 9)
    tick.tick(talk.store, talk.now)
    talk.delivers()
    assert (here.round(1).state, here.round(2).state) == ("closed", "open")
    assert here.room(1, "cleo").state == "closed"
    assert here.member("cleo").silences == 0
    talk.passes(hours=8)
    assert heard(talk, "cleo", "this round you meet each other") == [at(8, 11)]
    closed = here.room(1, "cleo")
    with talk.store.writing() as db:
        assert [row.key for row in deliveries.live(db, closed.workspace_id) if row.room_key == closed.key] == []


def test_a_round_is_opened_once_however_often_the_clock_asks(talk):
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    talk.passes(until=at(2))
    groups, messages = here.groups(1), len(talk.heard["ana"])
    for _time in range(3):
        tick.tick(talk.store, talk.now)
        talk.delivers()
    assert (here.groups(1), len(talk.heard["ana"])) == (groups, messages)


def test_an_opening_that_comes_again_changes_nothing(talk):
    here = term(talk)
    talk.passes(until=at(2))
    with talk.store.writing() as db:
        (opened,) = [o for o in programmes.occurrences(db, here.programme, state="done") if o.kind == "round-open"]
        opened.state = "planned"
        programmes.save(db, opened)
    talk.passes(hours=1)
    assert here.round(1).state == "open"
    assert here.room(1, "cleo").state == "open"
    assert len(heard(talk, "cleo", "this round you meet each other")) == 1


def test_a_circle_that_is_closed_has_no_more_rounds(talk):
    here = term(talk)
    with talk.store.writing() as db:
        circle = programmes.circle(db, here.circle)
        circle.state = "closed"
        programmes.save(db, circle)
    talk.passes(until=at(16))
    assert here.round(1) is None
    assert talk.heard["cleo"] == []


def test_rounds_play_the_same_on_the_other_database(store):
    talk = Talk(store)
    here = term(talk, mentors=("ana", "bea"), mentees=("kim", "lina"))
    for number in (1, 2):
        talk.passes(until=at(1) + timedelta(weeks=2 * number - 2, hours=1))
        everybody_met(here, number)
    assert here.groups(1).isdisjoint(here.groups(2))
    with talk.store.writing() as db:
        assert [row.state for row in rounds.of_circle(db, here.circle)] == ["closed", "open"]
