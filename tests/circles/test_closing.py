"""The end of a term in conversation: thanks, figures, wishes, records, and a close before its time."""

from datetime import UTC, date, datetime, timedelta

import pytest
import term_people
from hypothesis import given
from hypothesis import strategies as st

from circles import outbox
from circles.closing import rules
from circles.closing.rules import Meeting, Record
from circles.conversation import library
from circles.effects import OpenRoom, Post, Tell
from circles.membership import going
from circles.messages import File, message
from storage import deliveries, goals, members, people, programmes, rounds
from storage.tables import Goal

MONDAY = date(2027, 2, 1)


def a_term(talk, **settings):
    """Ada and cleo mentor bob and dana; ada met bob and dana; the third round is open and nobody has answered."""
    programme = term_people.programme(talk, **settings)
    circle = term_people.circle(talk, programme, "ada", "bob", "cleo", "dana")
    for number, groups, said in (
        (1, (("ada", "bob"), ("cleo", "dana")), {"ada": "yes", "cleo": "no"}),
        (2, (("ada", "dana"), ("cleo", "bob")), {"dana": "yes"}),
        (3, (("ada", "bob"), ("cleo", "dana")), {}),
    ):
        opens_on = MONDAY + timedelta(weeks=2 * (number - 1))
        state = "open" if number == 3 else "closed"
        term_people.a_round(talk, circle, *groups, number=number, opens_on=opens_on, state=state, said=said)
    return programme, circle


def ends(talk, programme):
    """Let the planned end come."""
    term_people.plan(talk, programme, "close", talk.now + timedelta(hours=1))
    talk.passes(days=4)


def of(talk, programme, name):
    known = term_people.member_id(talk, programme, name)
    with talk.store.writing() as db:
        return members.get(db, known)


# The end.


def test_at_the_end_each_member_is_thanked_once_with_her_own_figures_and_one_question(talk):
    programme, _circle = a_term(talk)
    with talk.store.writing() as db:
        ada = members.get(db, 1)
        done = Goal(member_id=ada.id, text="A talk", state="done", created_at=talk.now, changed_at=talk.now)
        goals.save(db, done)

    ends(talk, programme)

    for name, meetings, met in (("ada", 2, 2), ("bob", 1, 1), ("cleo", 0, 0), ("dana", 1, 1)):
        farewells = [h for h in talk.heard[name] if h.room == "dm"]
        assert len(farewells) == 1
        words = farewells[0].words
        assert "Thank you for being part of it" in words
        assert f"Meetings: {meetings}\nPeople you met: {met}" in words
        assert sum(question in words for question in library.banks("en")["close"]) == 1
        assert ("Goals you call done: 1" in words) == (name == "ada")
        labels = [b.label for b in farewells[0].message.buttons()]
        assert ("Offer next term" in labels) == (name in {"bob", "dana"})
        assert {"Rest", "Join next term", "My record"} <= set(labels)
        assert not any(other in farewells[0].message.summary.lower() for other in ("ada", "bob", "cleo", "dana"))


def test_at_the_end_rounds_rooms_circles_and_the_programme_close_and_seats_stay(talk):
    programme, circle = a_term(talk)

    ends(talk, programme)

    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "closed"
        assert programmes.circle(db, circle).state == "closed"
        assert [row.state for row in rounds.of_circle(db, circle)] == ["closed"] * 3
        assert len(members.seated(db, circle)) == 4
        assert programmes.occurrences(db, programme, state="planned") == []
        workspace = people.workspace(db, talk.platform, talk.workspace)
        states = {key: deliveries.room(db, workspace.id, key).state for key in talk.rooms}
    assert states == {f"p{programme}:c{circle}": "closed", f"p{programme}:g5": "closed", f"p{programme}:g6": "closed"}


def test_each_circle_is_thanked_in_its_room_once_and_then_hears_nothing_more(talk):
    programme, circle = a_term(talk)
    term_people.plan(talk, programme, "prompt", talk.now + timedelta(hours=3), circle_id=circle)
    term_people.plan(talk, programme, "middle", talk.now + timedelta(hours=3), circle_id=circle, number=3)

    ends(talk, programme)
    talk.passes(days=60)

    for name in ("ada", "bob", "cleo", "dana"):
        in_room = [h for h in talk.heard[name] if h.room == f"p{programme}:c{circle}"]
        assert len(in_room) == 1
        assert "Thank you, Jasmine" in in_room[0].words
        assert len(talk.heard[name]) == 2


def test_a_member_who_was_silent_for_three_rounds_is_thanked_and_not_asked_whether_she_stays(talk):
    programme, _circle = a_term(talk)
    cleo_id = term_people.member_id(talk, programme, "cleo")
    with talk.store.writing() as db:
        cleo = members.get(db, cleo_id)
        cleo.silences = 2
        members.save(db, cleo)

    ends(talk, programme)

    farewell = next(h.message for h in talk.heard["cleo"] if h.room == "dm")
    assert [b.label for b in farewell.buttons()] == ["Rest", "Join next term", "My record"]


def test_a_farewell_comes_in_her_own_morning_on_her_own_working_day(talk):
    talk.zones["ada"] = "Asia/Riyadh"
    talk.now = datetime(2027, 2, 5, 9, tzinfo=UTC)  # a Friday
    programme, _circle = a_term(talk)
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        ada = people.by_outside_id(db, workspace.id, "ada")
        ada.weekend = [4, 5]
        people.save(db, ada)

    ends(talk, programme)

    farewell = next(h for h in talk.heard["ada"] if h.room == "dm")
    assert farewell.at == datetime(2027, 2, 7, 6, tzinfo=UTC)  # Sunday 09:00 in Riyadh


def test_paused_members_are_thanked_and_those_who_wait_are_told_kindly_and_those_who_left_are_left_alone(talk):
    programme, _circle = a_term(talk)
    term_people.join(talk, programme, "emma")
    term_people.join(talk, programme, "fay", state="left")
    bob_id = term_people.member_id(talk, programme, "bob")
    with talk.store.writing() as db:
        bob = members.get(db, bob_id)
        bob.state = "paused"
        members.save(db, bob)

    ends(talk, programme)

    assert any("Thank you for being part of it" in h.words for h in talk.heard["bob"])
    assert len(talk.heard["emma"]) == 1
    assert "Thank you for waiting" in talk.heard["emma"][0].words
    assert talk.heard["fay"] == []


def test_the_end_comes_even_when_the_bot_was_away_for_a_month(talk):
    programme, circle = a_term(talk)
    term_people.plan(talk, programme, "close", talk.now - timedelta(days=30))
    term_people.plan(talk, programme, "prompt", talk.now - timedelta(days=29), circle_id=circle)

    talk.passes(days=4)

    assert any("Thank you for being part of it" in h.words for h in talk.heard["ada"])
    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "closed"
        ended = {o.kind: o.state for o in programmes.occurrences(db, programme)}
    assert ended == {"close": "done", "prompt": "skipped"}


# What next.


def test_after_the_end_she_says_what_she_would_like_next_and_changes_her_mind(talk):
    programme, _circle = a_term(talk)
    ends(talk, programme)

    talk.presses("bob", "Rest")
    talk.hears("bob", "the door stays open")
    assert of(talk, programme, "bob").next_wish == "rest"
    talk.presses("bob", "Offer next term")
    talk.hears("bob", "as a mentor")
    assert of(talk, programme, "bob").next_wish == "offer"
    talk.says("bob", "/circle next-term join")
    talk.hears("bob", "join next term")
    assert of(talk, programme, "bob").next_wish == "join"
    assert of(talk, programme, "ada").next_wish == ""


def test_a_mentor_is_not_asked_whether_she_would_like_to_become_one(talk):
    programme, _circle = a_term(talk)
    ends(talk, programme)

    talk.presses("ada", "Rest")

    labels = [b.label for b in talk.hears("ada", "door stays open").message.buttons()]
    assert labels == ["Join next term", "My record"]


def test_without_an_answer_she_is_asked_with_a_form(talk):
    programme, _circle = a_term(talk)
    ends(talk, programme)

    talk.says("bob", "/circle next-term")
    talk.fills("bob", wish="rest")

    assert of(talk, programme, "bob").next_wish == "rest"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/circle next-term holiday", "not one of rest, join, or offer"),
        ("/circle next-term rest please", "can't place “please”"),
        ("/circle record bob", "I don't know “bob”"),
        ("/circle record exprt", "Did you mean /circle record export?"),
        ("/circle record export me", "takes nothing more"),
        ("/circle thanks bob " + "x" * 281, "keep it to 280"),
        ("/circle met yes", "This circle has ended"),
        ("/circle skip", "This circle has ended"),
        ("/circle prompt", "This programme has ended"),
    ],
)
def test_after_the_end_what_makes_no_sense_is_turned_down_kindly(talk, line, answer):
    programme, _circle = a_term(talk)
    ends(talk, programme)

    talk.says("ada", line)

    talk.hears("ada", answer)
    assert of(talk, programme, "ada").next_wish == ""


@pytest.mark.parametrize(
    "line", ["/circle record", "/circle record export", "/circle next-term rest", "/circle thanks ada hi"]
)
def test_a_stranger_is_invited_to_join_instead(talk, line):
    a_term(talk)

    talk.says("zoe", line)

    talk.hears("zoe", "/circle join")


# Her record.


def test_her_record_tells_dates_rounds_hours_and_role_and_names_nobody(talk):
    programme, _circle = a_term(talk)

    talk.says("ada", "/circle record")
    before = talk.hears("ada", "Your record").words
    ends(talk, programme)
    talk.says("ada", "/circle record")

    for words in (before, talk.hears("ada", "Your record").words):
        assert "Your time: Monday, 1 February 2027 – Sunday, 31 October 2027" in words
        assert "Role: mentor" in words
        assert "Rounds with a place: 3" in words
        assert "Meetings held: 2" in words
        assert "People you met: 2" in words
        assert "Hours, as an estimate: 2 h 00 min" in words
        assert not any(name in words for name in ("Bob", "Cleo", "Dana"))


def test_her_record_as_a_table_has_a_line_for_each_meeting(talk):
    programme, _circle = a_term(talk)
    ends(talk, programme)
    talk.says("ada", "/circle record")

    talk.presses("ada", "As a table")

    (file,) = [b for b in talk.hears("ada", "Your meetings as a table.").message.blocks if isinstance(b, File)]
    assert file.name == "record.csv"
    assert file.text == "date,role,kind,minutes\n2027-02-01,mentor,pair,60\n2027-02-15,mentor,pair,60"


def test_a_table_counts_ninety_minutes_and_a_trio_sixty(talk):
    for slug, names, rotation, kind, minutes in (
        ("one", ("ada", "bob", "cleo"), "mentor-mentee", "trio", 60),
        ("two", ("emma", "fay", "gil"), "tables", "table", 90),
        ("three", ("hana", "ida", "jo", "kim"), "everyone", "table", 90),
    ):
        programme = term_people.programme(talk, slug, rotation=rotation)
        circle = term_people.circle(talk, programme, *names)
        term_people.a_round(talk, circle, names, said={names[0]: "yes"})
        talk.says(names[0], "/circle record export")
        talk.hears(names[0], f"2027-02-01,mentor,{kind},{minutes}")


def test_who_says_she_was_not_there_has_no_meeting_and_the_others_have_theirs(talk):
    programme = term_people.programme(talk)
    circle = term_people.circle(talk, programme, "ada", "bob", "cleo")
    term_people.a_round(talk, circle, ("ada", "bob", "cleo"), said={"ada": "yes", "cleo": "no"})

    talk.says("cleo", "/circle record export")
    talk.hears("cleo", "No meeting is in your record yet")
    talk.says("bob", "/circle record")
    talk.hears("bob", "People you met: 1")


# Thanks.


def test_a_thank_you_comes_privately_and_says_from_whom(talk):
    programme, _circle = a_term(talk)

    talk.says("ada", "/circle thanks @bob for the question about grants")

    heard = talk.hears("bob", "Ada from your circle thanks you")
    assert heard.room == "dm"
    assert "for the question about grants" in heard.words
    assert "grants" not in heard.message.summary
    talk.hears("ada", "I bring your thanks to Bob where I can, privately.")
    talk.never_hears("cleo", "grants")
    ends(talk, programme)
    talk.says("bob", "/circle thanks ada and thank you")
    talk.passes(days=7)
    assert any("and thank you" in h.words for h in talk.heard["ada"])


def test_nobody_is_thanked_who_is_unknown_elsewhere_or_gone_and_all_sound_the_same(talk):
    programme, _circle = a_term(talk)
    other = term_people.circle(talk, programme, "emma", called="Other")
    assert other
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        dana = people.by_outside_id(db, workspace.id, "dana")
        dana.is_active = False
        people.save(db, dana)

    answers = set()
    for name in ("nobody", "emma", "olga", "dana"):
        talk.says("ada", f"/circle thanks {name} for everything")
        answers.add(talk.hears("ada", "I can't bring thanks").words.replace(name, "her"))

    assert len(answers) == 1
    assert all(talk.heard[name] == [] for name in ("emma", "olga", "dana"))


def test_who_is_kept_apart_reads_the_same_answers_and_nothing_is_brought_either_way(talk):
    a_term(talk)
    talk.says("dana", "/circle thanks cleo you are great")
    as_always = talk.hears("dana", "I bring your thanks to Cleo where I can, privately.").message
    talk.hears("cleo", "you are great")
    talk.says("cleo", "/circle avoid dana")

    for n in range(4):
        talk.says("dana", f"/circle thanks cleo kept back {n}")
        assert talk.hears("dana", "I bring your thanks").message == as_always
    talk.says("dana", "/circle thanks cleo kept back too")
    talk.hears("dana", "5 thank-yous in seven days")
    talk.says("cleo", "/circle thanks dana unsaid")
    talk.hears("cleo", "I bring your thanks to Dana where I can, privately.")
    talk.passes(days=9)

    talk.says("dana", "/circle data export")
    for words in ("unsaid", "thanks from somebody"):
        talk.never_hears("dana", words)
    talk.never_hears("cleo", "kept back")


def test_thanks_that_wait_are_not_brought_once_their_reader_keeps_away_from_who_sent_them(talk):
    talk.now = datetime(2027, 2, 6, 10, tzinfo=UTC)  # a Saturday
    a_term(talk)
    talk.says("dana", "/circle thanks cleo from dana")
    talk.says("ada", "/circle thanks cleo from ada")
    talk.says("cleo", "/circle avoid dana")

    talk.passes(days=3)

    talk.never_hears("cleo", "from dana")
    assert any("from ada" in h.words for h in talk.heard["cleo"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle pause 2027-03-20", {"so kind", "moved you"}),
        ("/circle stay later", {"so kind", "moved you"}),
        ("/circle leave yes", {"so kind"}),
    ],
)
def test_what_people_said_to_her_reaches_who_rests_or_leaves_and_what_the_bot_would_ask_does_not(talk, line, said):
    talk.now = datetime(2027, 2, 6, 10, tzinfo=UTC)  # a Saturday
    programme, _circle = a_term(talk)
    bob = of(talk, programme, "bob")
    with talk.store.writing() as db:
        waiting = [
            Tell("zone:x", bob.person_id, message("a question"), "zone", run_at=talk.now, member=bob.id),
            Tell("list:x", bob.person_id, message("moved you"), "put-on-list", run_at=talk.now, member=bob.id),
        ]
        outbox.put(db, programmes.get(db, programme).workspace_id, waiting, talk.now)
    talk.says("ada", "/circle thanks bob so kind")
    talk.says("bob", line)

    talk.passes(until=datetime(2027, 2, 8, 12, tzinfo=UTC))

    heard = [h for h in talk.heard["bob"] if h.room == "dm"]
    assert {words for words in ("so kind", "moved you", "a question") if any(words in h.words for h in heard)} == said
    assert all(h.at == datetime(2027, 2, 8, 8, tzinfo=UTC) for h in heard)  # Monday, when her quiet hours end


def test_who_is_gone_from_the_workspace_gets_no_thanks_any_more(talk):
    talk.now = datetime(2027, 2, 6, 10, tzinfo=UTC)  # a Saturday
    a_term(talk)
    talk.says("ada", "/circle thanks bob so kind")
    with talk.store.writing() as db:
        going.people_gone(db, people.workspace(db, talk.platform, talk.workspace), "bob", talk.now)
    talk.passes(days=3)
    assert talk.heard["bob"] == []


def test_thanks_are_brought_after_the_end_too_since_the_room_is_closed_then(talk):
    programme, _circle = a_term(talk)
    ends(talk, programme)
    talk.says("ada", "/circle thanks bob for the term")
    talk.hears("bob", "thanks you")


def test_thanks_to_herself_are_turned_down_with_a_smile(talk):
    a_term(talk)

    talk.says("ada", "/circle thanks ada well done")

    talk.hears("ada", "That is you")


def test_five_thanks_in_seven_days_are_enough_and_a_repeated_gesture_counts_once(talk):
    a_term(talk)
    for n in range(5):
        talk.says("ada", f"/circle thanks cleo number {n}", call_id=f"t{n}")
        talk.says("ada", f"/circle thanks cleo number {n}", call_id=f"t{n}")
    talk.says("ada", "/circle thanks cleo number 5")
    talk.hears("ada", "5 thank-yous in seven days")
    talk.says("dana", "/circle thanks cleo number 6")
    talk.hears("dana", "I bring your thanks to Cleo")

    talk.passes(days=7, hours=1)
    talk.says("ada", "/circle thanks cleo number 7")
    talk.hears("ada", "I bring your thanks to Cleo")
    talk.passes(days=7)

    said = "\n".join(h.words for h in talk.heard["cleo"])
    assert [n for n in range(8) if f"number {n}" in said] == [0, 1, 2, 3, 4, 6, 7]


def test_thanks_without_words_are_asked_for_in_a_form(talk):
    a_term(talk)
    talk.says("ada", "/circle thanks bob")

    talk.fills("ada", text="for listening")

    talk.hears("bob", "for listening")


def test_somebody_without_a_seat_cannot_thank_yet(talk):
    programme, _circle = a_term(talk)
    term_people.join(talk, programme, "emma")

    talk.says("emma", "/circle thanks ada hello")

    talk.hears("emma", "no seat in one yet")
    assert talk.heard["ada"] == []


# A close before its time.


def test_an_organiser_sees_what_closing_does_before_anybody_hears_of_it(talk):
    programme, circle = a_term(talk)
    term_people.join(talk, programme, "emma")
    term_people.plan(talk, programme, "close", talk.now + timedelta(days=100))
    term_people.plan(talk, programme, "prompt", talk.now + timedelta(days=2), circle_id=circle)

    talk.says("olga", "/programme close")

    words = talk.hears("olga", "Close Alemat today?").words
    assert "Circles that end: 1 (Jasmine)" in words
    assert "Members who are thanked: 4" in words
    assert "People waiting who are told kindly: 1" in words
    assert "Things planned that will not come: 2" in words
    assert "the rooms of meetings and circles, too; what was said in them can still be read." in words
    assert of(talk, programme, "ada").state == "seated"
    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "running"
        assert len(programmes.occurrences(db, programme, state="planned")) == 2


def test_closing_before_its_time_does_the_same_as_the_planned_end_and_takes_the_rest_of_the_plan_away(talk):
    programme, circle = a_term(talk, zone="Asia/Tokyo")
    talk.now = datetime(2027, 3, 4, 16, tzinfo=UTC)  # the 5th in Tokyo
    term_people.plan(talk, programme, "close", talk.now + timedelta(days=100))
    term_people.plan(talk, programme, "prompt", talk.now + timedelta(days=2), circle_id=circle)
    talk.says("olga", "/programme close")

    talk.presses("olga", "Close it today")

    talk.hears("olga", "4 people hear of it")
    with talk.store.writing() as db:
        assert programmes.occurrences(db, programme) == []
    talk.passes(days=200)
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        assert (row.state, row.ends_on) == ("closed", date(2027, 3, 5))
        assert programmes.circle(db, circle).state == "closed"
        assert [line.what for line in programmes.audit(db, programme)] == ["programme close yes"]
    assert [h.words.splitlines()[0] for h in talk.heard["ada"]] == ["Thank you, Jasmine", "Thank you"]
    talk.says("olga", "/programme close yes")
    talk.hears("olga", "has ended already")
    talk.says("olga", "/programme close")
    talk.hears("olga", "has ended already")


def test_what_was_waiting_for_a_member_during_the_term_is_not_said_after_it(talk):
    programme, circle = a_term(talk)
    ada_id = term_people.member_id(talk, programme, "ada")
    with talk.store.writing() as db:
        row = rounds.newest(db, circle)
        ada = members.get(db, ada_id)
        later = talk.now + timedelta(days=1)
        waiting = [
            Tell("eve:x", ada.person_id, message("the eve"), "eve", run_at=later, member=ada.id),
            Tell("m:x", ada.person_id, message("the middle"), "middle", run_at=later, member=ada.id, round=row.id),
            Tell("b:x", ada.person_id, message("welcome back"), "back", run_at=later, member=ada.id),
            Tell("thanks:x", ada.person_id, message("kind words"), "thanks", run_at=later, member=ada.id),
            Post("p:x", f"p{programme}:c{circle}", message("a prompt"), "prompt", run_at=later),
            OpenRoom("o:x", f"p{programme}:g5", "again", (ada.person_id,), run_at=later),
        ]
        outbox.put(db, programmes.get(db, programme).workspace_id, waiting, talk.now)

    talk.says("olga", "/programme close yes")
    talk.passes(days=10)

    said = "\n".join(h.words for h in talk.heard["ada"])
    assert "kind words" in said
    assert not any(words in said for words in ("the eve", "the middle", "welcome back", "a prompt"))
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        assert deliveries.room(db, workspace.id, f"p{programme}:g5").state == "closed"


@pytest.mark.parametrize("state", ["draft", "call"])
def test_a_programme_that_has_not_begun_closes_quietly_and_tells_those_who_wait(talk, state):
    programme = term_people.programme(talk, state=state)
    term_people.join(talk, programme, "emma")
    talk.says("olga", "/programme close")
    talk.hears("olga", "closes quietly")

    talk.presses("olga", "Close it today")

    assert "Thank you for waiting" in talk.heard["emma"][0].words
    talk.presses("emma", "Join next term")
    assert of(talk, programme, "emma").next_wish == "join"
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        assert (row.state, row.ends_on) == ("closed", date(2027, 10, 31))


@pytest.mark.parametrize("line", ["/programme close", "/programme close yes", "/programme close yes in:alemat"])
def test_only_its_organisers_can_close_a_programme(talk, line):
    programme, _circle = a_term(talk)
    term_people.programme(talk, "other", organiser="omar")

    talk.says("ada", line)
    talk.hears("ada", "for organisers")
    if "in:" in line:
        talk.says("omar", line)
        talk.hears("omar", "You don't organise “Alemat”")
    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "running"


@pytest.mark.parametrize("line", ["/programme close now", "/programme close yes please"])
def test_a_word_that_has_no_place_closes_nothing(talk, line):
    programme, _circle = a_term(talk)

    talk.says("olga", line)

    talk.hears("olga", "takes nothing more")
    with talk.store.writing() as db:
        assert programmes.get(db, programme).state == "running"


# Rules with an invariant.

MEETINGS = st.builds(
    Meeting,
    day=st.dates(date(2027, 1, 1), date(2028, 1, 1)),
    role=st.sampled_from(["mentor", "mentee"]),
    kind=st.sampled_from(["pair", "trio", "table"]),
    company=st.frozensets(st.integers(1, 30), min_size=1, max_size=7),
)


@given(st.lists(MEETINGS, max_size=40))
def test_a_record_adds_up_and_its_table_names_nobody(meetings):
    told = Record(tuple(meetings), len(meetings), 0)
    lines = rules.to_csv(meetings).split("\n")

    assert len(lines) == len(meetings) + 1
    assert all(line.count(",") == 3 for line in lines)
    assert told.minutes == sum(int(line.rsplit(",", 1)[1]) for line in lines[1:])
    assert told.people_met == len({person for meeting in meetings for person in meeting.company})
    assert told.people_met <= sum(len(meeting.company) for meeting in meetings)
    assert len(set(told.roles)) == len(told.roles)


@given(st.integers(2, 12), st.booleans())
def test_the_kind_of_a_meeting_follows_its_size_and_the_programme(size, is_table):
    kind = rules.kind_of(size, is_table=is_table)
    assert (kind == "table") == (is_table or size > 3)
    assert (kind == "pair") == (not is_table and size == 2)


@given(st.integers(), st.integers(1))
def test_a_closing_question_is_one_of_the_bank_and_replays(seed, member):
    bank = library.banks("en")["close"]
    assert rules.closing_question(bank, seed, member) in bank
    assert rules.closing_question(bank, seed, member) == rules.closing_question(bank, seed, member)


def test_closing_questions_differ_between_members():
    bank = library.banks("en")["close"]
    assert len({rules.closing_question(bank, 1, member) for member in range(1, 30)}) == len(bank)
