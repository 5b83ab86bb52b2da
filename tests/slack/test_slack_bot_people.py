"""People on Slack who come, change and go, and those for whom circles are not."""

import cast
import pytest
from slack_events import team_join, user_change
from slack_house import TEAM, heard, meets, opened, term

from storage import members, people, programmes
from storage.tables import Person as PersonRow


@pytest.fixture(params=["http", "socket"])
def connect(request):
    """Everything here is done by signed requests and by socket."""
    return request.param


def known_people(house):
    """Everybody who is written down, by id."""
    with house.desk.store.writing() as db:
        return {row.outside_id: row for row in db.execute(PersonRow.__table__.select())}


def member_of(house, programme, user):
    person = house.known(user)
    with house.desk.store.writing() as db:
        return members.of_person(db, programme, person)


def lives(house, user, zone):
    person = house.known(user)
    with house.desk.store.writing() as db:
        row = people.get(db, person)
        row.zone = zone
        people.save(db, row)


# --- who goes and comes -----------------------------------------------------------------------------------------------


async def test_who_is_deactivated_departs_her_partner_hears_it_and_the_organisers_once(house):
    programme, circle = term(house)
    opened(house, programme, circle, ["UCLEO", "UDANA"])
    meets(house, programme, circle, ["UCLEO", "UDANA"])
    for event_id in ("Ev1", "Ev1", "Ev2"):
        gone = user_change(house.town, TEAM, "UCLEO", deleted=True)
        await house.way.tells(TEAM, gone, event_id=event_id)
        await house.settles()
    await house.beats()
    assert member_of(house, programme, "UCLEO").state == "left"
    assert len(heard(house.person("UDANA"), "can't take part")) == 1
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "is no longer here")) == 1
    assert heard(house.person("UDANA"), "no longer here") == []


async def test_who_comes_back_can_join_again(house):
    programme, _circle = term(house, state="running")
    await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", deleted=True))
    await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", deleted=False))
    assert member_of(house, programme, "UCLEO").state == "left"
    cleo = house.person("UCLEO")
    await cleo.types("/circle join")
    await cleo.gets_form("Your profile")


async def test_who_is_new_in_the_workspace_is_not_written_down_before_she_asks(house):
    await house.way.tells(TEAM, team_join(house.town, TEAM, "UNEW", name="New"))
    await house.settles()
    assert known_people(house) == {}
    new = house.person("UNEW")
    await new.types("/circle")
    await new.hears("No programme is open")
    assert known_people(house)["UNEW"].name == "New"


# --- who changes ------------------------------------------------------------------------------------------------------


async def test_another_zone_is_asked_about_and_taken_at_her_word(house):
    term(house)
    lives(house, "UCLEO", "Europe/Berlin")
    cleo = house.person("UCLEO")
    for _twice in range(2):
        await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", tz="Asia/Amman"))
        await house.settles()
    asked = heard(cleo, "Your chat says that you are in Asia/Amman now.")
    assert len(asked) == 1
    assert known_people(house)["UCLEO"].zone == "Europe/Berlin"
    await cleo.presses("Use it")
    await house.settles()
    await cleo.hears("Asia/Amman")
    assert known_people(house)["UCLEO"].zone == "Asia/Amman"


async def test_keeping_her_zone_puts_the_answer_in_the_place_of_the_question(house):
    term(house)
    lives(house, "UCLEO", "Europe/Berlin")
    cleo = house.person("UCLEO")
    await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", tz="Asia/Amman"))
    await house.settles()
    await cleo.presses("Keep mine")
    await house.settles()
    await cleo.hears("Fine, Europe/Berlin stays.")
    assert heard(cleo, "Your chat says") == []


async def test_another_name_is_taken_over_at_her_next_word(house):
    term(house)
    cleo = house.person("UCLEO")
    await cleo.types("/circle")
    await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", name="Cleopatra"))
    await cleo.types("/circle")
    assert known_people(house)["UCLEO"].name == "Cleopatra"


async def test_her_words_are_taken_when_slack_does_not_say_who_she_is(house):
    term(house)
    cleo = house.person("UCLEO")
    house.town.fail("users.info", "500", "drop before")
    for goal in ("Finish the grant", "Sleep more"):
        await cleo.types(f"/circle goal add {goal}")
        await cleo.hears(goal)


# --- who is not meant -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("traits", [{"is_stranger": True, "team_id": "T9"}, {"team_id": "T9"}, {"is_bot": True}])
async def test_strangers_and_bots_are_turned_away_and_nothing_is_kept_of_them(house, traits):
    cast.programme(house.cast(), organisers=("UADA", "UBOB"))
    far = house.person("UFAR", name="Far", **traits)
    room = house.town.add_channel(TEAM, "shared", ["UFAR", "UADA", "UBOT1"])
    await far.types("/circle join", channel=room.id)
    await far.hears("Circles here are for people of this workspace.")
    assert far.modal is None
    await far.uses_shortcut("your_circle")
    await house.settles()
    assert "Circles here are for people of this workspace." in far.modal.words
    changed = user_change(house.town, TEAM, "UFAR", tz="Asia/Amman")
    await house.way.tells(TEAM, changed)
    await house.settles()
    assert "UFAR" not in known_people(house)
    assert house.person("UADA").sees() == []


async def test_a_strangers_press_in_a_shared_room_is_answered_kindly_to_her_alone(house):
    term(house)
    house.person("UFAR", team_id="T9")
    room = house.town.add_channel(TEAM, "shared", ["UFAR", "UCLEO", "UBOT1"])
    block = {"type": "button", "action_id": "call:1", "text": {"type": "plain_text", "text": "Go"}, "value": "circle"}
    house.town.say(TEAM, room.id, "Go", [{"type": "actions", "elements": [block]}])
    far = house.person("UFAR")
    house.town.fail("users.info", "500")  # her own gesture says where she is at home
    await far.presses("Go")
    await house.settles()
    assert (await far.hears("Circles here are for people of this workspace.")).is_ephemeral
    assert heard(house.person("UCLEO"), "Circles here") == []


@pytest.mark.parametrize("traits", [{"is_primary_owner": True}, {"is_restricted": True}])
async def test_the_owner_of_the_workspace_and_a_guest_of_several_channels_are_members_like_any_other(house, traits):
    programme = cast.programme(house.cast(), organisers=("UADA", "UBOB"))
    owen = house.person("UOWEN", **traits)
    await owen.types("/circle join")
    await owen.gets_form("Your profile")
    await owen.fills(stance="mentor", offers="statistics")
    await owen.fills(languages="English", institution="independent", stage="senior")
    await owen.fills(zone="Berlin")
    await owen.hears("You are on the list")
    with house.desk.store.writing() as db:
        assert programmes.get(db, programme).state == "call"
    assert member_of(house, programme, "UOWEN").state == "waiting"
    await owen.types("/programme status")
    await owen.hears("This is for organisers.")


# --- who is named before she has typed anything -----------------------------------------------------------------------


async def set_up(house):
    ada = house.person("UADA")
    await ada.types("/programme setup")
    await ada.gets_form()
    await ada.fills(name="Women in science", purpose="Company", objectives="Ten meetings")
    await ada.hears("1. Purpose: done")
    return ada


async def test_a_colleague_who_has_typed_nothing_yet_can_be_named_by_mention_and_in_a_form(house):
    ada = await set_up(house)
    house.person("UBOB")
    house.person("UCLEO")
    await ada.types("/programme organisers add <@UBOB|bob>")
    await ada.hears("Bob helps organise from now on")
    await ada.types("/programme organisers add")
    await ada.gets_form()
    await ada.fills(person="UCLEO")
    await ada.hears("Cleo helps organise from now on")
    assert {"UBOB", "UCLEO"} <= set(known_people(house))


@pytest.mark.parametrize(
    ("user", "traits"),
    [
        ("UROBOT", {"is_bot": True}),
        ("UGONE", {"deleted": True}),
        ("USTRANGE", {"is_stranger": True}),
        ("UNOBODY", None),
    ],
)
async def test_whom_circles_are_not_for_is_not_written_down_when_she_is_named(house, user, traits):
    ada = await set_up(house)
    if traits is not None:
        house.person(user, **traits)
    await ada.types(f"/programme organisers add <@{user}|x>")
    await ada.hears("I have not met")
    assert user not in known_people(house)


async def test_who_is_named_in_a_goal_is_not_written_down(house):
    programme, _circle = term(house)
    assert programme
    house.person("UZOE")
    cleo = house.person("UCLEO")
    await cleo.types("/circle goal add Ask <@UZOE|zoe> about grants")
    await cleo.hears("Ask @zoe about grants")
    assert "UZOE" not in known_people(house)


async def test_slack_is_asked_once_for_who_somebody_is_where_it_can_not_tell(house):
    house.town.fail("users.info", *["500"] * 5)
    ada = house.person("UADA")
    await ada.types("/circle")
    await ada.hears("No programme is open for joining now")
    assert len(house.calls("users.info")) == 1
