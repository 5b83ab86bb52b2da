"""What could not be brought to somebody: another way is found, once, and nobody else hears what it was."""

import pytest
import rounds_people
from broken_line import BrokenLine, keys, kinds

from circles import outbox, undelivered, wire
from circles.effects import CloseRoom, OpenRoom, Post, Tell
from circles.messages import message
from circles.rooms import circle_of, circle_room, group_of, group_room, programme_of
from storage import deliveries, people, programmes

WORDS = "CANARY: the words of a message"


@pytest.fixture
def talk(store):
    return BrokenLine(store)


@pytest.fixture
def term(talk):
    """Cleo and dana in Jasmine, organised by ada and bob; round 1 opens on 1 March 2027."""
    return rounds_people.term(talk, mentors=("cleo",), mentees=("dana",))


def sends(talk, term, *acts):
    """Put acts into the outbox and let them go out."""
    with talk.store.writing() as db:
        programme = programmes.get(db, term.programme)
        outbox.put(db, programme.workspace_id, acts, talk.now, programme=programme.slug)
    talk.delivers()


def tell(term, who, key="first", kind="thanks", **more):
    member = term.member(who)
    return Tell(key, member.person_id, message(WORDS), kind, member=member.id, urgent=True, **more)


def post(term, key="first", kind="prompt"):
    return Post(key, circle_room(term.programme, term.circle), message(WORDS), kind)


def nobody_else_reads(talk, *readers):
    for who in {"ada", "bob", "cleo", "dana", "zoe"} - set(readers):
        talk.never_hears(who, "CANARY")


# --- keys of rooms ----------------------------------------------------------------------------------------------------


def test_the_key_of_a_room_says_whose_it_is():
    assert (programme_of(circle_room(3, 12)), circle_of(circle_room(3, 12))) == (3, 12)
    assert (programme_of(group_room(3, 12)), group_of(group_room(3, 12))) == (3, 12)
    assert (circle_of(group_room(3, 12)), group_of(circle_room(3, 12))) == (None, None)


@pytest.mark.parametrize("key", ["", "p1", "p:c1", "p1:c", "p1:x1", "p1:c1:g2", "p-1:c1", " p1:c1", "p1:c1\n", "p١:c1"])
def test_what_is_no_key_of_a_room_is_nobodys(key):
    assert (programme_of(key), circle_of(key), group_of(key)) == (None, None, None)


# --- gone -------------------------------------------------------------------------------------------------------------


def test_who_is_gone_departs_and_the_organisers_hear_it_once(talk, term):
    talk.broken = kinds(thanks="gone")
    sends(talk, term, tell(term, "cleo"), tell(term, "cleo", "second"))
    assert term.member("cleo").state == "left"
    for who in ("ada", "bob"):
        assert len([h for h in talk.heard[who] if "Cleo is no longer here" in h.words]) == 1
    nobody_else_reads(talk)


# --- shut -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["shut", "nowhere"])
def test_who_cannot_be_written_to_is_named_in_her_circles_room_and_reads_it_alone(talk, term, why):
    talk.broken = kinds(thanks=why)
    sends(talk, term, tell(term, "cleo"))
    heard = talk.hears("dana", "Cleo, there is something from Halqa for you. /circle again shows it to you alone.")
    assert heard.room == circle_room(term.programme, term.circle)
    nobody_else_reads(talk)
    talk.presses("dana", "Show it")
    talk.hears("dana", "There is nothing here that I could show you again.")
    talk.presses("cleo", "Show it")
    assert talk.hears("cleo", WORDS).room == ""
    nobody_else_reads(talk, "cleo")


def test_the_room_hears_of_it_once_a_week_and_each_organiser_once_ever(talk, term):
    talk.broken = kinds(thanks="shut")
    for day in range(3):
        sends(talk, term, tell(term, "cleo", f"first{day}"))
        talk.passes(days=1)
    assert len(rounds_people.heard(talk, "dana", "something from Halqa")) == 1
    talk.passes(days=7)
    sends(talk, term, tell(term, "cleo", "a week later"))
    assert len(rounds_people.heard(talk, "dana", "something from Halqa")) == 2
    for who in ("ada", "bob"):
        assert len(rounds_people.heard(talk, who, "I can't write to Cleo in private.")) == 1
    nobody_else_reads(talk)


def test_without_a_circle_only_the_organisers_hear_that_she_cannot_be_written_to(talk, term):
    rounds_people.cast.member(talk, term.programme, "zoe")
    talk.broken = kinds(thanks="shut")
    sends(talk, term, tell(term, "zoe"))
    talk.hears("ada", "I can't write to Zoe in private.")
    assert [row.room_key for row in talk.rows("shut")] == [None, None]
    talk.says("zoe", "/circle again")
    talk.hears("zoe", WORDS)
    nobody_else_reads(talk, "zoe")


def test_an_organiser_who_cannot_be_written_to_is_told_of_to_the_others(talk, term):
    with talk.store.writing() as db:
        ada = people.by_outside_id(db, programmes.get(db, term.programme).workspace_id, "ada").id
    talk.broken = lambda row, _act: "shut" if row.person_id == ada else None
    sends(talk, term, Tell("first", ada, message(WORDS), "no-round", urgent=True))
    talk.hears("bob", "I can't write to Ada in private.")
    assert [row.person_id == ada for row in talk.rows("shut")] == [False]
    nobody_else_reads(talk)


def test_organisers_whose_doors_are_all_shut_make_no_endless_talk(talk, term):
    talk.broken = lambda _row, act: "shut" if isinstance(act, Tell) else None
    sends(talk, term, tell(term, "cleo"), tell(term, "dana", "other"))
    talk.passes(days=2)
    assert len(talk.rows("shut")) == 2 * 2 + 2  # each organiser of each of the two, and the room of each


# --- nowhere ----------------------------------------------------------------------------------------------------------


def room_of(talk, term):
    with talk.store.writing() as db:
        here = programmes.get(db, term.programme).workspace_id
        return deliveries.room(db, here, circle_room(term.programme, term.circle))


def test_a_lost_room_is_told_once_and_opens_anew_at_an_organisers_press(talk, term):
    talk.broken = lambda _row, act: "nowhere" if isinstance(act, Post) else None
    sends(talk, term, post(term, "one"), post(term, "two"))
    for who in ("ada", "bob"):
        assert len(rounds_people.heard(talk, who, "I can't write into the room of Jasmine")) == 1
    nobody_else_reads(talk)

    talk.broken = lambda _row, _act: None
    talk.presses("ada", "Open a new room")
    talk.hears("ada", "A new room for Jasmine opens now, for the 2 people in it.")
    talk.passes(hours=1)
    assert [place for _key, place in talk.openings] == [""]  # the lost one is not asked for again
    assert (talk.row("one").state, talk.row("two").state) == ("sent", "sent")
    assert room_of(talk, term).state == "open"
    opened = [wire.load(row.effect) for row in talk.rows("room") if row.key.startswith("reopen:")]
    assert [(len(act.people), act.is_lasting) for act in opened] == [(2, True)]
    assert len(rounds_people.heard(talk, "dana", WORDS)) == 2


def test_a_second_press_opens_no_second_room_but_asks(talk, term):
    talk.broken = lambda _row, act: "nowhere" if isinstance(act, Post) else None
    sends(talk, term, post(term))
    talk.broken = lambda _row, _act: None
    talk.presses("ada", "Open a new room")
    talk.presses("bob", "Open a new room")
    talk.hears("bob", "As far as I can see, the room of Jasmine is there.")
    assert len([row for row in talk.rows("room") if row.key.startswith("reopen:")]) == 1
    talk.presses("bob", "Open a new room all the same")
    assert len([row for row in talk.rows("room") if row.key.startswith("reopen:")]) == 2


def test_a_new_room_that_is_lost_as_well_is_told_again(talk, term):
    talk.broken = lambda _row, act: "nowhere" if isinstance(act, Post | OpenRoom) else None
    sends(talk, term, post(term))
    for times in (1, 2, 3):
        assert len(rounds_people.heard(talk, "ada", "I can't write into the room")) == times
        talk.presses("ada", "Open a new room")
        talk.passes(hours=1)


def test_what_is_older_than_a_week_or_may_have_been_said_is_not_said_in_the_new_room(talk, term):
    talk.broken = keys(old="nowhere", unclear="unclear", fresh="nowhere")
    sends(talk, term, post(term, "old"))
    talk.passes(days=8)
    sends(talk, term, post(term, "unclear"), post(term, "fresh"))
    talk.broken = lambda _row, _act: None
    talk.presses("ada", "Open a new room")
    talk.passes(hours=1)
    states = [talk.row(key).state for key in ("old", "unclear", "fresh")]
    assert states == ["unreachable", "unreachable", "sent"]


def test_a_lost_room_that_was_to_be_closed_is_closed_and_nobody_is_told(talk, term):
    talk.broken = lambda _row, act: "nowhere" if isinstance(act, CloseRoom) else None
    sends(talk, term, CloseRoom("close", circle_room(term.programme, term.circle)))
    assert room_of(talk, term).state == "closed"
    assert talk.rows("room-lost") == []


@pytest.mark.parametrize("line", ["programme circles room 1", "programme circles room yes 1"])
def test_only_an_organiser_opens_a_room_anew(talk, term, line):
    talk.says("cleo", f"/{line}")
    talk.hears("cleo", "This is for organisers.")
    assert not [row for row in talk.rows("room") if row.key.startswith("reopen:")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2", "There are circles 1 to 1."), ("0", "Number can be 1 to 200."), ("x", "not a whole number")],
)
def test_a_circle_that_there_is_not_gets_no_room(talk, term, typed, said):
    talk.says("ada", f"/programme circles room {typed}")
    talk.hears("ada", said)
    assert not [row for row in talk.rows("room") if row.key.startswith("reopen:")]


def test_a_meetings_lost_room_opens_anew_by_itself_once_and_then_the_organisers_hear_of_it(talk, term):
    talk.passes(until=rounds_people.at(1, 12))
    talk.hears("dana", "Cleo")
    key = term.room(1, "cleo").key
    meeting = Post("later", key, message(WORDS), "changed")
    talk.broken = lambda row, _act: "nowhere" if row.key == "later" and talk.tried.count("later") < 2 else None
    sends(talk, term, meeting)
    talk.passes(hours=1)
    assert talk.row("later").state == "sent"
    assert talk.rows("room-lost") == []
    assert len([row for row in talk.rows("room") if row.key.startswith("reopen:")]) == 1
    talk.broken = kinds(changed="nowhere")
    sends(talk, term, Post("last", key, message(WORDS), "changed"), Post("very last", key, message(WORDS), "changed"))
    talk.passes(hours=1)
    for who in ("ada", "bob"):
        assert len(rounds_people.heard(talk, who, "A meeting of round 1 in Jasmine")) == 1
        for private in ("Cleo", "Dana", "CANARY"):
            talk.never_hears(who, private)
    assert len([row for row in talk.rows("room") if row.key.startswith("reopen:")]) == 1


def test_a_meetings_room_that_never_opens_is_tried_once_more_and_no_more(talk, term):
    talk.broken = lambda row, act: "nowhere" if isinstance(act, OpenRoom) and ":g" in row.key else None
    talk.passes(until=rounds_people.at(1, 12))
    talk.passes(hours=3)
    assert len([row for row in talk.rows("room") if ":g" in row.key]) == 2
    assert len(rounds_people.heard(talk, "ada", "A meeting of round 1 in Jasmine")) == 1
    assert talk.rows("introduction")[0].state == "unreachable"
    talk.says("dana", "/circle next")
    talk.hears("dana", "Cleo")


def test_a_room_of_a_round_that_is_over_is_not_opened_again(talk, term):
    talk.passes(until=rounds_people.at(1, 12))
    key = term.room(1, "cleo").key
    talk.passes(days=15)
    talk.broken = kinds(changed="nowhere")
    sends(talk, term, Post("late", key, message(WORDS), "changed"))
    assert not [row for row in talk.rows("room") if row.key.startswith("reopen:")]
    assert talk.rows("room-lost") == []


# --- refused ----------------------------------------------------------------------------------------------------------


def test_what_the_chat_does_not_take_is_told_once_a_day_without_its_words(talk, term):
    talk.broken = kinds(thanks="refused", prompt="refused")
    sends(talk, term, tell(term, "cleo"), tell(term, "dana", "other"), post(term, "third"))
    number = talk.row("first").id
    assert len(rounds_people.heard(talk, "ada", f"delivery {number}")) == 1
    assert len(talk.rows("refused")) == 2
    talk.passes(days=1)
    sends(talk, term, tell(term, "cleo", "tomorrow"))
    assert len(talk.rows("refused")) == 4
    for private in ("Cleo", "Dana", "CANARY"):
        talk.never_hears("ada", private)


def test_a_note_that_the_chat_does_not_take_either_ends_there(talk, term):
    talk.broken = lambda _row, _act: "refused"
    sends(talk, term, tell(term, "cleo"))
    talk.passes(hours=3)
    assert len(talk.rows("refused")) == 2


# --- unclear ----------------------------------------------------------------------------------------------------------


def test_what_may_have_been_said_is_not_said_twice_but_shown_on_request(talk, term):
    talk.broken = keys(first="unclear")
    sends(talk, term, tell(term, "cleo"))
    heard = talk.hears("cleo", "A message may not have reached you: the line broke while I sent it.")
    assert "CANARY" not in heard.words
    assert heard.message.buttons()[0].call == f"circle again {talk.row('first').id} in:physics"
    talk.presses("cleo", "Show it")
    talk.hears("cleo", WORDS)
    nobody_else_reads(talk, "cleo")


def test_what_may_have_been_said_in_a_room_is_shown_to_whoever_of_it_presses(talk, term):
    rounds_people.cast.member(talk, term.programme, "zoe")
    talk.broken = keys(first="unclear")
    sends(talk, term, post(term))
    call = talk.button("dana", "Show it").call
    talk.presses("dana", "Show it")
    assert talk.hears("dana", WORDS).room == ""
    for who in ("zoe", "ada", "eve"):
        talk.says(who, call)
        talk.hears(who, "There is nothing here that I could show you again.")
    nobody_else_reads(talk, "dana")


@pytest.mark.parametrize("why", ["unclear", "shut", "refused", "nowhere"])
def test_a_note_that_does_not_arrive_either_begets_nothing_more(talk, term, why):
    talk.broken = lambda row, _act: (
        {"first": "unclear", "other": "unclear"}.get(row.key) or (why if row.kind == "again" else None)
    )
    sends(talk, term, tell(term, "cleo"), post(term, "other"))
    talk.passes(hours=5)
    assert len(talk.rows("again")) == 2
    assert (talk.rows("shut"), talk.rows("refused"), talk.rows("room-lost")) == ([], [], [])


def test_one_delivery_gets_one_note_however_often_it_is_told_of(talk, term):
    talk.broken = keys(first="unclear")
    sends(talk, term, tell(term, "cleo"))
    with talk.store.writing() as db:
        undelivered.note(db, talk.row("first"), "unclear", talk.now)
    assert len(talk.rows("again")) == 1


def test_a_digest_is_shown_again_whole(talk, term):
    member = term.member("cleo")
    talk.broken = kinds(digest="unclear")
    parts = [Tell(f"part{n}", member.person_id, message(f"CANARY {n}"), "back", member=member.id) for n in (1, 2)]
    sends(talk, term, *parts)
    talk.presses("cleo", "Show it")
    talk.hears("cleo", "CANARY 1")
    talk.hears("cleo", "CANARY 2")
    nobody_else_reads(talk, "cleo")


# --- circle again -----------------------------------------------------------------------------------------------------


def test_again_shows_the_newest_three_of_two_weeks_in_their_order(talk, term):
    talk.broken = kinds(thanks="shut")
    member = term.member("cleo")
    for day in range(5):
        said = message(f"Message {day}")
        sends(talk, term, Tell(f"m{day}", member.person_id, said, "thanks", member=member.id, urgent=True))
        talk.passes(days=1)
    answers = talk.says("cleo", "/circle again")
    assert [a.message.plain() for a in answers] == ["Message 2", "Message 3", "Message 4"]
    talk.passes(days=14)
    talk.says("cleo", "/circle again")
    talk.hears("cleo", "There is nothing here that I could show you again.")


def test_everybody_elses_numbers_and_numbers_that_there_are_not_sound_the_same(talk, term):
    talk.broken = keys(first="shut")
    sends(talk, term, tell(term, "cleo"), tell(term, "cleo", "arrived"))
    said = set()
    for number in (talk.row("first").id, talk.row("arrived").id, 99_999):
        (answer,) = talk.says("dana", f"/circle again {number}")
        said.add(answer.message.plain())
    assert len(said) == 1
    talk.says("cleo", f"/circle again {talk.row('arrived').id}")
    talk.hears("cleo", "There is nothing here that I could show you again.")


def test_a_message_of_another_workspace_is_shown_to_nobody_here(talk, term, store):
    talk.broken = keys(first="unclear", other="unclear")
    sends(talk, term, tell(term, "cleo"), post(term, "other"))
    elsewhere = BrokenLine(store, workspace="other")
    rounds_people.term(elsewhere, mentors=("cleo",), mentees=("dana",))
    for key in ("first", "other"):
        elsewhere.says("cleo", f"/circle again {talk.row(key).id}")
        elsewhere.hears("cleo", "There is nothing here that I could show you again.")
    elsewhere.never_hears("cleo", "CANARY")


def test_a_message_that_is_still_to_come_is_not_shown_ahead_of_its_time(talk, term):
    sends(talk, term, tell(term, "cleo", run_at=rounds_people.at(20)))
    talk.says("cleo", f"/circle again {talk.row('first').id}")
    talk.never_hears("cleo", "CANARY")


def test_who_has_left_the_circle_is_shown_nothing_of_its_room(talk, term):
    talk.broken = keys(first="unclear")
    sends(talk, term, post(term))
    call = talk.button("dana", "Show it").call
    talk.says("dana", "/circle leave yes")
    talk.says("dana", call)
    talk.hears("dana", "There is nothing here that I could show you again.")
    nobody_else_reads(talk)


def test_who_has_left_the_programme_is_shown_nothing_of_a_meeting_that_she_had(talk, term):
    talk.passes(until=rounds_people.at(1, 12))
    talk.broken = keys(first="unclear")
    sends(talk, term, Post("first", term.room(1, "cleo").key, message(WORDS), "changed"))
    call = talk.button("cleo", "Show it").call
    talk.says("cleo", "/circle met yes")
    talk.says("dana", call)
    talk.hears("dana", WORDS)
    talk.says("cleo", "/circle leave yes")
    talk.says("cleo", call)
    talk.hears("cleo", "There is nothing here that I could show you again.")
    nobody_else_reads(talk, "dana")


def test_a_goal_taken_back_is_shown_to_nobody_any_more(talk, term):
    talk.broken = kinds(goal_told="unclear")
    talk.says("cleo", "/circle goal add Learn CANARY")
    talk.says("cleo", "/circle goal share 1 circle")
    talk.says("cleo", "/circle goal tell 1")
    talk.presses("dana", "Show it")
    talk.hears("dana", "CANARY")
    talk.says("cleo", "/circle goal share 1 me")
    talk.presses("dana", "Show it")
    talk.hears("dana", "There is nothing here that I could show you again.")


@pytest.mark.parametrize("typed", ["x", "-1", "0", "1 2", "99999999999999"])
def test_what_is_no_number_is_declined(talk, term, typed):
    talk.says("cleo", f"/circle again {typed}")
    assert talk.heard["cleo"]
    nobody_else_reads(talk)


# --- people whom a room does not take ---------------------------------------------------------------------------------


def note_absent(talk, key, *absent):
    row = talk.row(key)
    with talk.store.writing() as db:
        undelivered.note_absent(db, row, absent, talk.now)
    talk.delivers()


def test_who_is_not_let_into_a_room_hears_it_once_kindly_and_so_do_the_organisers(talk, term):
    room = circle_room(term.programme, term.circle)
    sends(talk, term, OpenRoom("open", room, "Jasmine", (term.member("cleo").person_id,), is_lasting=True))
    for _times in range(2):
        note_absent(talk, "open", "cleo", "nobody-we-know")
    assert len(rounds_people.heard(talk, "ada", "The chat doesn't let Cleo into the room of Jasmine")) == 1
    assert len(rounds_people.heard(talk, "cleo", "doesn't let me bring you into the room of Jasmine")) == 1
    assert "Ada, Bob can help" in talk.hears("cleo", "You are in the circle all the same.").words
    talk.never_hears("dana", "doesn't let")


def test_who_is_gone_is_not_told_of_as_one_who_is_not_let_in(talk, term):
    talk.broken = kinds(thanks="gone")
    room = circle_room(term.programme, term.circle)
    sends(talk, term, tell(term, "cleo"), OpenRoom("open", room, "Jasmine", (term.member("dana").person_id,)))
    note_absent(talk, "open", "cleo")
    talk.never_hears("ada", "doesn't let")


def test_nothing_is_noted_for_a_workspace_that_left_or_a_row_that_cannot_be_read(talk, term):
    act = tell(term, "cleo", "odd")
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        outbox.put(db, workspace.id, [act], talk.now)
        odd = deliveries.by_key(db, workspace.id, "odd")
        odd.effect = '{"v":99}'
        undelivered.note(db, odd, "unclear", talk.now)
        odd.effect = wire.dump(act)
        workspace.left_at = talk.now
        undelivered.note(db, odd, "unclear", talk.now)
    assert talk.rows("again") == []
