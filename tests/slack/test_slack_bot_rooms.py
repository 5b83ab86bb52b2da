"""Rooms on Slack: a private channel for a circle, a group message for a meeting, and what becomes of them."""

from datetime import timedelta

import cast
import pytest
from slack_events import channel_archive, channel_deleted, member_left_channel
from slack_house import TEAM, channels, heard, only, people_in

from circles.effects import OpenRoom, Post
from circles.messages import message
from circles.rooms import circle_room
from storage import programmes

MINUTE = timedelta(minutes=2)
SIX = {"UCLEO": "mentor", "UDANA": "mentor", "UESI": "mentor", "UGITA": "mentee", "UHANA": "mentee", "UINES": "mentee"}


def call(house, *, circles=1, people_there=SIX, **more):
    """A programme that waits for its circles, with people for them."""
    talk = house.cast()
    programme = cast.programme(talk, organisers=("UADA", "UBOB"), circles=circles, mentors=3, mentees=3, **more)
    for user in ("UADA", "UBOB", *people_there):
        house.person(user)
    for user, stance in people_there.items():
        whole = {"institution": f"University of {user}", "languages": ["en"], "offers": ["R"], "wants": ["R"]}
        cast.member(talk, programme, user, stance, **whole)
    return programme


async def forms(house, organiser="UADA", programme=""):
    """Let an organiser confirm a preview of circles."""
    ada = house.person(organiser)
    await ada.types(f"/programme form {programme}".strip())
    await ada.hears("Circle 1:")
    await ada.presses("Confirm these circles")
    await house.settles()


# --- a circle's channel -----------------------------------------------------------------------------------------------


async def test_forming_a_circle_makes_one_private_channel_with_topic_card_and_everybody(house):
    call(house)
    await forms(house)
    room = only(channels(house))
    assert room.name == "women-in-physics-circle-1"
    # A token that serves a whole organisation can make a channel only where it is told.
    assert [made["team_id"] for made in house.calls("conversations.create")] == [TEAM]
    assert people_in(room) == set(SIX)
    assert "What is said here stays here." in room.topic
    said = [post for post in house.town.posts if post.channel == room.id]
    assert [post.ts for post in said if post.ts in room.pins] == [said[0].ts]
    cleo = house.person("UCLEO")
    assert "how we are here" in cleo.sees()[0].words
    await cleo.hears("Halqa neither reads nor keeps what you type here.")
    assert heard(house.person("UADA"), "how we are here") == []


async def test_a_name_that_somebody_elses_channel_has_gives_way(house):
    call(house)
    house.town.add_channel(TEAM, "women-in-physics-circle-1", ["UBOB"])
    await forms(house)
    room = only(channels(house))
    assert (room.name, people_in(room)) == ("women-in-physics-circle-1-2", set(SIX))


async def test_a_channel_whose_making_was_not_answered_is_found_again_and_not_made_twice(house):
    call(house)
    house.town.fail("conversations.create", "drop after")
    await forms(house)
    house.clock.move(house.clock.now() + MINUTE)
    await house.beats()
    room = only(channels(house))
    assert people_in(room) == set(SIX)
    assert len(heard(house.person("UCLEO"), "how we are here")) == 1


@pytest.mark.parametrize(
    ("method", "fault", "cards"),
    [
        ("conversations.invite", "503", 1),
        ("conversations.invite", "drop after", 1),
        ("conversations.setTopic", "drop after", 1),
        ("chat.postMessage", "service_unavailable", 1),
        ("chat.postMessage", "drop after", 1),
        ("chat.postMessage", "restricted_action", 0),
        ("pins.add", "500", 1),
        ("pins.add", "drop after", 1),
        ("conversations.members", "internal_error", 1),
    ],
)
async def test_whatever_breaks_while_a_channel_opens_everybody_is_in_one_and_its_card_comes_once(
    house, method, fault, cards
):
    call(house)
    house.town.fail(method, fault)
    await forms(house)
    for _later in range(2):
        house.clock.move(house.clock.now() + MINUTE)
        await house.beats()
    assert people_in(only(channels(house))) == set(SIX)
    assert len(heard(house.person("UCLEO"), "how we are here")) == cards
    assert len(heard(house.person("UCLEO"), "Welcome")) == 1


async def test_two_circles_of_one_name_get_two_channels_also_when_they_open_together(house):
    first, second = {"UCLEO", "UDANA"}, {"UGUS", "UHANA"}
    talk = house.cast()
    for slug, who in (("physics", first), ("chemistry", second)):
        for user in who:
            house.person(user)
        programme = cast.programme(talk, organisers=("UADA", "UBOB"), slug=slug, name=slug, state="running")
        circle = cast.circle(talk, programme, mentors=sorted(who), name="Circle 1")
        opens(house, programme, circle, "Circle 1", who, topic=f"{slug}: Circle 1")
    await house.beats()
    assert sorted((room.name, sorted(people_in(room))) for room in channels(house)) == [
        ("circle-1", ["UCLEO", "UDANA"]),
        ("circle-1-2", ["UGUS", "UHANA"]),
    ]


def opens(house, programme, circle, name, who, key="open", **more):
    """Put the opening of a circle's room into the outbox."""
    people_there = tuple(sorted(house.known(user) for user in who))
    room = circle_room(programme, circle)
    house.puts(programme, OpenRoom(f"{key}:{room}", room, name, people_there, is_lasting=True, **more))


async def test_a_circle_whose_programme_wants_voice_gets_the_channel_that_every_circle_gets(house):
    call(house, voice=True)
    await forms(house)
    assert people_in(only(channels(house))) == set(SIX)
    assert len(heard(house.person("UCLEO"), "how we are here")) == 1


async def test_who_leaves_the_programme_is_taken_out_of_the_channel(house):
    call(house)
    await forms(house)
    ines = house.person("UINES")
    await ines.types("/circle leave")
    await ines.hears("You can leave")
    await ines.presses("Leave")
    await house.settles()
    assert people_in(only(channels(house))) == set(SIX) - {"UINES"}


async def test_who_changes_circles_changes_channels(house):
    twelve = SIX | {"UJUDE": "mentor", "UKIM": "mentor", "ULINA": "mentor"}
    twelve |= {"UMONA": "mentee", "UNOUR": "mentee", "UOMA": "mentee", "UPIA": "mentee"}
    programme = call(house, circles=2, people_there=twelve)
    with house.desk.store.writing() as db:
        row = programmes.get(db, programme)
        row.settings = {**row.settings, "mentees": 4}
        programmes.save(db, row)
    await forms(house)
    one, two = channels(house)
    mover = next(user for user in sorted(people_in(one)) if twelve[user] == "mentee")
    target = "2" if one.name.endswith("1") else "1"
    if len(people_in(two)) > len(people_in(one)):
        one, two, target = two, one, "1" if target == "2" else "2"
        mover = next(user for user in sorted(people_in(one)) if twelve[user] == "mentee")
    ada = house.person("UADA")
    await ada.types(f"/programme circles move <@{mover}|x> {target}")
    await house.settles()
    assert (mover in people_in(one), mover in people_in(two)) == (False, True), ada.everything()


async def test_a_guest_of_one_channel_only_is_missed_by_name_and_the_others_are_in(house):
    house.person("UINES", is_ultra_restricted=True)
    house.town.add_channel(TEAM, "lobby", ["UINES"])
    call(house)
    await forms(house)
    await house.beats()
    assert people_in(only(channels(house))) == set(SIX) - {"UINES"}
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "doesn't let Ines into the room")) == 1
    assert len(heard(house.person("UINES"), "Your chat doesn't let me bring you into the room")) == 1
    ines = house.person("UESI")
    await ines.types("/circle leave")
    await ines.hears("You can leave")
    await ines.presses("Leave")
    await house.settles()
    assert len(heard(house.person("UADA"), "doesn't let")) == 1


async def test_the_channel_of_a_circle_that_everybody_has_left_is_archived(house):
    call(house)
    await forms(house)
    for user in SIX:
        leaver = house.person(user)
        await leaver.types("/circle leave")
        await leaver.presses("Leave", heard(leaver, "You can leave")[-1])
        await house.settles()
    assert channels(house) == []
    assert only(channels(house, is_archived=True)).name == "women-in-physics-circle-1"


async def test_closing_the_programme_says_goodbye_in_its_channels(house):
    call(house)
    await forms(house)
    ada = house.person("UADA")
    await ada.types("/programme close")
    await ada.presses("Close it today")
    await house.settles()
    assert len(heard(house.person("UCLEO"), "This term ends here.")) == 1


# --- a lost channel ---------------------------------------------------------------------------------------------------


def archived(house, room):
    return channel_archive(house.town, TEAM, room.id, "UCLEO")


def deleted(house, room):
    return channel_deleted(house.town, TEAM, room.id, "UCLEO")


def kicked(house, room):
    return member_left_channel(house.town, TEAM, "UBOT1", room.id)


@pytest.mark.parametrize("loss", [archived, deleted, kicked])
async def test_a_lost_channel_is_told_once_and_a_press_opens_another_with_what_was_missed(house, loss):
    programme = call(house)
    await forms(house)
    lost = only(channels(house))
    await house.way.tells(TEAM, loss(house, lost))
    key = circle_room(programme, 1)
    for number in ("one", "two"):
        house.puts(programme, Post(number, key, message(f"This week: {number}"), "prompt"))
        await house.beats()
    await house.beats()
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "I can't write into the room of")) == 1
    assert heard(house.person("UCLEO"), "This week") == []
    ada = house.person("UADA")
    await ada.presses("Open a new room")
    await house.settles()
    await ada.hears("A new room for")
    house.clock.move(house.clock.now() + MINUTE)
    await house.beats()
    room = next(one for one in channels(house) if one is not lost)
    assert people_in(room) == set(SIX)
    here = [seen.words for seen in house.person("UCLEO").sees() if seen.channel == room.id]
    assert [words for words in here if "This week" in words] == ["This week: one", "This week: two"]
    assert len(heard(house.person("UBOB"), "I can't write into the room of")) == 1


async def test_who_left_the_channel_by_herself_is_asked_and_let_back_in(house):
    call(house)
    await forms(house)
    room, cleo = only(channels(house)), house.person("UCLEO")
    for _twice in range(2):
        await house.way.tells(TEAM, member_left_channel(house.town, TEAM, "UCLEO", room.id))
        await house.settles()
    assert len(heard(cleo, "You left the room of")) == 1
    await cleo.presses("Let me back in")
    await house.settles()
    assert "UCLEO" in room.members
