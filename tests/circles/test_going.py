"""People who come and go without a word to the bot, and what it makes of that for those they were with."""

import cast
import pytest
import rounds_people
from talk import Talk

from circles import outbox
from circles.effects import Tell
from circles.membership import going
from circles.messages import message
from circles.rooms import circle_room
from storage import deliveries, people, programmes


@pytest.fixture
def talk(store):
    return Talk(store)


@pytest.fixture
def term(talk):
    """Cleo, dana and ella in Jasmine, organised by ada and bob; round 1 opens on 1 March 2027."""
    return rounds_people.term(talk, mentors=("cleo",), mentees=("dana", "ella"))


def happens(talk, what, who, *more):
    """The platform tells something of a person."""
    with talk.store.writing() as db:
        what(db, people.workspace(db, talk.platform, talk.workspace), who, *more, talk.now)
    talk.delivers()


def person(talk, who):
    with talk.store.writing() as db:
        return people.by_outside_id(db, people.workspace(db, talk.platform, talk.workspace).id, who)


def waiting(talk, who):
    with talk.store.writing() as db:
        here = people.workspace(db, talk.platform, talk.workspace).id
        return [row.kind for row in deliveries.live(db, here) if row.person_id == person_id(db, here, who)]


def person_id(db, here, who):
    return people.by_outside_id(db, here, who).id


# --- gone -------------------------------------------------------------------------------------------------------------


def test_who_is_deactivated_leaves_seat_and_room_and_her_partner_hears_it_the_same_day(talk, term):
    talk.passes(until=rounds_people.at(1, 12))
    partner = term.partner("cleo") if len(next(g for g in term.groups(1) if "cleo" in g)) == 2 else "dana"
    talk.forgets()
    happens(talk, going.people_gone, "cleo")
    assert term.member("cleo").state == "left"
    assert not person(talk, "cleo").is_active
    assert talk.rooms[circle_room(term.programme, term.circle)] == {"dana", "ella"}
    talk.passes(hours=6)
    talk.hears(partner, "Cleo can't take part")
    for who in ("ada", "bob"):
        talk.hears(who, "Cleo is no longer here (“Women in Physics”).")
    for who in ("dana", "ella"):
        talk.never_hears(who, "no longer here")


def test_told_twice_it_changes_nothing_more(talk, term):
    happens(talk, going.people_gone, "cleo")
    before = cast.rows(talk.store)
    talk.passes(hours=1)
    happens(talk, going.people_gone, "cleo")
    assert cast.rows(talk.store) == before
    assert len(rounds_people.heard(talk, "ada", "no longer here")) == 1


def test_what_waits_for_her_is_cancelled_also_what_is_about_no_programme(talk, term):
    with talk.store.writing() as db:
        here = programmes.get(db, term.programme).workspace_id
        later = rounds_people.at(20)
        told = Tell("x", person_id(db, here, "cleo"), message("Hello"), "x", run_at=later)
        outbox.put(db, here, [told], talk.now)
    assert waiting(talk, "cleo") == ["x"]
    happens(talk, going.people_gone, "cleo")
    assert waiting(talk, "cleo") == []
    talk.passes(days=30)
    assert talk.heard["cleo"] == []


def test_an_organiser_who_is_gone_keeps_her_part_and_the_others_are_asked_for_another_once(talk, term):
    happens(talk, going.people_gone, "ada")
    talk.passes(hours=1)
    happens(talk, going.people_gone, "ada")
    assert len(rounds_people.heard(talk, "bob", "no longer here")) == 1
    talk.hears("bob", "Ada is no longer here")
    talk.hears("bob", "They helped organise. 1 organiser is left now; /programme organisers add @name")
    with talk.store.writing() as db:
        assert [p.outside_id for p in people.organisers(db, term.programme)] == ["ada", "bob"]
    talk.never_hears("ada", "no longer here")
    talk.never_hears("cleo", "no longer here")


def test_when_nobody_who_organises_is_left_the_circles_hear_it_once(talk, term, caplog):
    happens(talk, going.people_gone, "ada")
    happens(talk, going.people_gone, "bob")
    talk.passes(days=1)
    for who in ("cleo", "dana"):
        assert len(rounds_people.heard(talk, who, "Whoever organised “Women in Physics” is no longer here.")) == 1
    assert f"programme {term.programme} (physics) has no organiser" in caplog.text


def test_one_who_organises_and_takes_part_is_told_of_in_one_message(talk):
    programme = cast.programme(talk, organisers=("ada", "bob"))
    cast.member(talk, programme, "ada")
    happens(talk, going.people_gone, "ada")
    talk.hears("bob", "They helped organise.")
    assert len(rounds_people.heard(talk, "bob", "no longer here")) == 1


def test_in_a_programme_that_is_over_her_seat_stays_and_nobody_is_told(talk, term):
    with talk.store.writing() as db:
        row = programmes.get(db, term.programme)
        row.state = "closed"
        programmes.save(db, row)
    happens(talk, going.people_gone, "cleo")
    assert term.member("cleo").state == "seated"
    talk.never_hears("ada", "no longer here")


@pytest.mark.parametrize("who", ["nobody", "CLEO", ""])
def test_somebody_unknown_is_nobody(talk, term, who):
    before = cast.rows(talk.store)
    for what, more in ((going.people_gone, ()), (going.people_back, ()), (going.zone_seen, ("Asia/Amman",))):
        happens(talk, what, who, *more)
    assert cast.rows(talk.store) == before


def test_who_is_gone_in_one_workspace_is_there_in_another(talk, term, store):
    other = Talk(store, workspace="other")
    elsewhere = rounds_people.term(other, mentors=("cleo",), mentees=("dana",))
    happens(talk, going.people_gone, "cleo")
    assert elsewhere.member("cleo").state == "seated"
    assert other.heard == {}


# --- back -------------------------------------------------------------------------------------------------------------


def test_who_comes_back_finds_what_she_left_left_and_can_join_again(talk, term):
    happens(talk, going.people_gone, "cleo")
    happens(talk, going.people_back, "cleo")
    assert person(talk, "cleo").is_active
    assert term.member("cleo").state == "left"
    talk.says("cleo", "/circle join")
    assert "cleo" in talk.forms


def test_a_word_from_somebody_who_was_away_says_that_she_is_here(talk, term):
    happens(talk, going.people_gone, "cleo")
    talk.says("cleo", "/circle")
    assert person(talk, "cleo").is_active
    happens(talk, going.people_gone, "cleo")
    assert not person(talk, "cleo").is_active


# --- another zone -----------------------------------------------------------------------------------------------------


def test_another_zone_is_asked_about_once_and_taken_at_her_word(talk, term):
    rounds_people.lives(talk, "cleo", zone="Europe/Berlin")
    for _times in range(2):
        happens(talk, going.zone_seen, "cleo", "Asia/Amman")
    assert person(talk, "cleo").zone == "Europe/Berlin"
    assert len(rounds_people.heard(talk, "cleo", "Your chat says that you are in Asia/Amman now.")) == 1
    talk.presses("cleo", "Use it")
    talk.hears("cleo", "Time zone: Asia/Amman")
    assert person(talk, "cleo").zone == "Asia/Amman"


def test_keeping_her_zone_changes_nothing(talk, term):
    rounds_people.lives(talk, "cleo", zone="Europe/Berlin")
    happens(talk, going.zone_seen, "cleo", "Asia/Amman")
    talk.presses("cleo", "Keep mine")
    talk.hears("cleo", "Fine, Europe/Berlin stays.")
    assert person(talk, "cleo").zone == "Europe/Berlin"


def test_where_no_zone_was_known_it_is_taken_over_in_silence(talk, term):
    happens(talk, going.zone_seen, "cleo", "Asia/Amman")
    assert person(talk, "cleo").zone == "Asia/Amman"
    assert talk.heard["cleo"] == []


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "Amman", "GMT+3", "../etc/passwd", "asia/amman", "Factory"])
def test_what_is_no_zone_is_not_taken_over(talk, term, zone):
    happens(talk, going.zone_seen, "cleo", zone)
    assert person(talk, "cleo").zone is None


def test_a_zone_with_the_same_clock_asks_nothing(talk, term):
    rounds_people.lives(talk, "cleo", zone="Europe/Berlin")
    happens(talk, going.zone_seen, "cleo", "Europe/Paris")
    happens(talk, going.zone_seen, "cleo", "Europe/Berlin")
    assert talk.heard["cleo"] == []
    rounds_people.lives(talk, "cleo", zone="Africa/Tunis")  # in winter the same as Berlin, in summer not
    happens(talk, going.zone_seen, "cleo", "Europe/Berlin")
    assert len(talk.heard["cleo"]) == 1


def test_who_is_in_no_programme_that_goes_on_is_not_asked(talk):
    cast.person(talk, "zoe")
    rounds_people.lives(talk, "zoe", zone="Europe/Berlin")
    happens(talk, going.zone_seen, "zoe", "Asia/Amman")
    assert talk.heard["zoe"] == []


# --- out of the room --------------------------------------------------------------------------------------------------


def test_who_leaves_her_circles_room_is_asked_and_let_back_in(talk, term):
    room = circle_room(term.programme, term.circle)
    talk.rooms[room] = {"dana", "ella"}
    for _times in range(2):
        happens(talk, going.left_room, "cleo", room)
    assert len(rounds_people.heard(talk, "cleo", "You left the room of Jasmine. You are still in the circle")) == 1
    talk.presses("cleo", "Let me back in")
    assert talk.rooms[room] == {"cleo", "dana", "ella"}
    for who in ("dana", "ella", "ada"):
        talk.never_hears(who, "left")


def test_who_leaves_the_room_can_leave_the_programme(talk, term):
    happens(talk, going.left_room, "cleo", circle_room(term.programme, term.circle))
    talk.presses("cleo", "Leave the programme")
    talk.presses("cleo", "Leave")
    assert term.member("cleo").state == "left"
    talk.presses("cleo", "Let me back in")
    talk.hears("cleo", "Type /circle join")


def test_who_left_the_programme_or_was_never_in_the_circle_is_not_asked(talk, term):
    room = circle_room(term.programme, term.circle)
    talk.says("cleo", "/circle leave yes")
    cast.member(talk, term.programme, "zoe")
    talk.forgets()
    for who in ("cleo", "zoe", "ada"):
        happens(talk, going.left_room, who, room)
        talk.never_hears(who, "You left the room")


def test_leaving_a_meetings_room_or_an_unknown_one_says_nothing(talk, term):
    talk.passes(until=rounds_people.at(1, 12))
    talk.forgets()
    for place in (term.room(1, "dana").place, "C0UNKNOWN", ""):
        happens(talk, going.left_room, "dana", place)
    talk.never_hears("dana", "You left the room")


def test_who_waits_has_no_room_to_come_back_to(talk, term):
    cast.member(talk, term.programme, "zoe")
    talk.says("zoe", "/circle room back")
    talk.hears("zoe", "You have no seat in a circle just now")


# --- a closed form ----------------------------------------------------------------------------------------------------


def test_a_closed_form_leaves_nothing_behind(talk):
    cast.programme(talk)
    talk.says("cleo", "/circle join")
    talk.fills("cleo", stance="both", offers="Statistics", about="CANARY")
    with talk.store.writing() as db:
        going.forget_forms(db, people.workspace(db, talk.platform, talk.workspace), "cleo")
    talk.says("cleo", "/circle join")
    assert {f.name: f.initial for f in talk.forms["cleo"].fields}["about"] == ""
    talk.says("cleo", "/circle data export")
    talk.never_hears("cleo", "CANARY")


def test_an_announcement_that_waits_for_its_button_and_another_persons_form_stay(talk, term):
    talk.says("ada", "/programme announce Tea on Friday")
    talk.says("zoe", "/circle join")
    talk.fills("zoe", stance="both", about="I am Zoe")
    with talk.store.writing() as db:
        here = people.workspace(db, talk.platform, talk.workspace)
        going.forget_forms(db, here, "ada")
        going.forget_forms(db, here, "nobody")
    talk.presses("ada", "Send")
    talk.hears("dana", "Tea on Friday")
    talk.says("zoe", "/circle join")
    assert {f.name: f.initial for f in talk.forms["zoe"].fields}["about"] == "I am Zoe"
