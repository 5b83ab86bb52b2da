"""A meeting's hour among a server's events: only at a member's word, with nobody's name, and gone with the hour."""

from datetime import date

import pytest
from discord_house import housed

from circles.effects import OpenRoom
from circles.rooms import group_room
from storage import members, people, programmes, rounds
from storage.tables import MeetingGroup, Placement, Round


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def pair(house):
    """Cleo and dana, who are to meet, in their thread; gives both, and the key of their room."""
    programme, circle = await house.term()
    cleo, dana = await house.people("cleo", "dana")
    with house.desk.store.writing() as db:
        row = Round(circle_id=circle, number=1, opens_on=date(2027, 2, 1), closes_on=date(2027, 2, 15))
        rounds.save(db, row)
        group = MeetingGroup(round_id=row.id)
        rounds.save(db, group)
        here = programmes.get(db, programme).workspace_id
        for who in (cleo, dana):
            person = people.by_outside_id(db, here, who.id)
            member = members.of_person(db, programme, person.id)
            rounds.save(db, Placement(round_id=row.id, member_id=member.id, group_id=group.id))
        key = group_room(programme, group.id)
    both = (house.known("cleo"), house.known("dana"))
    await house.goes(programme, OpenRoom("open", key, "Round 1", both))
    return cleo, dana, key


async def events(house):
    """The server's events, as everybody there sees them."""
    return await house.town.ask("events")


async def agreed(house):
    """A pair with an hour; gives both people, and their thread."""
    cleo, dana, key = await pair(house)
    await cleo.types("/circle meet", when="Tuesday 15:00")
    await house.settles()
    await dana.presses("It suits me")
    await house.settles()
    await cleo.hears("You have an hour:")
    return cleo, dana, house.room(key).place


async def shown(house):
    """A pair whose hour stands among the server's events."""
    cleo, dana, room = await agreed(house)
    await dana.presses("Show it to everybody here")
    await house.settles()
    await cleo.hears("would like everybody here to see your hour")
    return cleo, dana, room


async def test_an_hour_that_is_set_comes_with_a_file_and_stands_among_no_events(house):
    cleo, _dana, room = await agreed(house)
    said = await cleo.hears("You have an hour:")
    assert said.channel == room
    assert "<t:1801580400:F>" in said.words
    assert said.files == ("meeting.ics",)
    assert await events(house) == []


async def test_at_a_members_word_it_stands_among_the_servers_events_and_names_nobody(house):
    cleo, _dana, room = await shown(house)
    (event,) = await events(house)
    assert event["name"] == "A meeting of Women in Physics"
    assert event["scheduled_start_time"].startswith("2027-02-02T15:00:00")
    assert event["scheduled_end_time"].startswith("2027-02-02T16:00:00")
    assert event["entity_metadata"]["location"] == f"https://discord.com/channels/{house.town.guild}/{room}"
    assert not any(name in str(event).lower() for name in ("cleo", "dana"))
    said = await cleo.hears("would like everybody here to see your hour")
    assert f"https://discord.com/events/{house.town.guild}/{event['id']}" in said.words


async def test_pressed_twice_it_is_one_event(house):
    _cleo, dana, _room = await shown(house)
    await dana.presses("Show it to everybody here")
    await house.settles()
    assert len(await events(house)) == 1


async def test_the_event_moves_with_the_hour(house):
    cleo, dana, _room = await shown(house)
    (before,) = await events(house)
    await cleo.types("/circle meet", when="Wednesday 17:00")
    await house.settles()
    await dana.presses("It suits me")
    await house.settles()
    (after,) = await events(house)
    assert after["id"] == before["id"]
    assert after["scheduled_start_time"].startswith("2027-02-03T17:00:00")


async def test_the_event_goes_when_the_hour_is_called_off(house):
    cleo, _dana, _room = await shown(house)
    await cleo.presses("Call it off")
    await house.settles()
    await cleo.hears("the hour is off")
    assert await events(house) == []


async def test_the_event_goes_with_the_room(house):
    cleo, _dana, _room = await shown(house)
    await cleo.types("/circle skip", number=1)
    await house.settles()
    assert await events(house) == []


async def test_an_event_that_somebody_deleted_is_made_anew_when_it_is_asked_for_again(house):
    _cleo, dana, _room = await shown(house)
    (event,) = await events(house)
    await house.town.ask("event_delete", event=event["id"])
    await dana.presses("Show it to everybody here")
    await house.settles()
    (again,) = await events(house)
    assert again["id"] != event["id"]


async def test_an_event_whose_answer_was_lost_is_found_again_and_not_made_twice(house):
    cleo, dana, _room = await agreed(house)
    await house.town.fail("POST", "/scheduled-events", drop="after")
    await dana.presses("Show it to everybody here")
    await house.settles()
    await house.later(seconds=70)
    await cleo.hears("would like everybody here to see your hour")
    assert len(await events(house)) == 1


@pytest.mark.parametrize("times", [1, 3])
async def test_an_event_that_was_made_with_a_server_error_is_one_event_and_the_room_hears_of_it_once(house, times):
    cleo, dana, _room = await agreed(house)
    await house.town.fail("POST", "/scheduled-events", status=502, done=True, times=times)
    await dana.presses("Show it to everybody here")
    await house.settles()
    for _try in range(3):
        await house.later(minutes=1)
    heard = [seen for seen in await cleo.sees() if "would like everybody here to see" in seen.words]
    (event,) = await events(house)
    assert [f"https://discord.com/events/{house.town.guild}/{event['id']}" in seen.words for seen in heard] == [True]


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 502}, {"drop": "before"}, {"drop": "after"}])
async def test_while_the_servers_events_do_not_answer_a_call_off_waits_and_then_comes_once(house, fault):
    cleo, _dana, _room = await shown(house)
    await house.town.fail("DELETE", "/scheduled-events", times=0, **fault)
    await cleo.presses("Call it off")
    await house.settles()
    for _try in range(3):
        await house.later(minutes=1)
    assert "the hour is off" not in await cleo.reads()
    await house.town.heals()
    await house.later(minutes=1)
    assert (await cleo.reads()).count("the hour is off") == 1
    assert "may not have reached" not in await cleo.reads()
    assert await events(house) == []


async def test_after_some_minutes_the_new_hour_comes_without_the_event_which_follows_at_the_next_word(house):
    cleo, dana, _room = await shown(house)
    await house.town.fail("GET", "/scheduled-events", status=503, times=0)
    await cleo.types("/circle meet", when="Wednesday 17:00")
    await house.settles()
    await dana.presses("It suits me")
    await house.settles()
    for _try in range(4):
        await house.later(minutes=1)
    assert "<t:1801674000:F>" not in (await cleo.hears("You have an")).words
    await house.later(minutes=2)
    said = await cleo.hears("You have another hour;")
    assert ("<t:1801674000:F>" in said.words, "may not have reached" in await cleo.reads()) == (True, False)
    await house.town.heals()
    await cleo.presses("Call it off")
    await house.settles()
    await cleo.hears("the hour is off")
    assert await events(house) == []


async def test_an_event_that_is_deleted_before_it_could_be_moved_is_made_anew_in_the_same_room(house):
    cleo, dana, room = await shown(house)
    await house.town.fail("PATCH", "/scheduled-events", status=404, code=10070)
    (before,) = await events(house)
    await cleo.types("/circle meet", when="Wednesday 17:00")
    await house.settles()
    await dana.presses("It suits me")
    await house.settles()
    after = [event for event in await events(house) if event["id"] != before["id"]]
    assert [event["scheduled_start_time"][:16] for event in after] == ["2027-02-03T17:00"]
    assert (await cleo.hears("You have another hour;")).channel == room


@pytest.mark.parametrize("fault", [{}, {"status": 503}, {"status": 403, "code": 50013}, {"drop": "before"}])
async def test_the_event_of_a_lost_room_goes_with_it_and_its_trouble_does_not_hide_the_loss(house, fault):
    cleo, _dana, room = await shown(house)
    await house.town.ask("vanish", channel=room)
    if fault:
        await house.town.fail("DELETE", "/scheduled-events", times=0, **fault)
    await cleo.types("/circle meet", when="Wednesday 17:00")
    await house.settles()
    await house.later(seconds=5)
    assert (await cleo.hears("proposes an hour: <t:1801674000:F>")).channel != room
    assert len(await events(house)) == bool(fault)


async def test_where_the_hour_has_begun_there_is_no_event_and_nobody_is_accused(house):
    cleo, dana, _room = await agreed(house)
    await house.town.fail("POST", "/scheduled-events", status=400, code=50035)
    await dana.presses("Show it to everybody here")
    await house.settles()
    said = await cleo.hears("would like everybody here to see your hour")
    assert not any(words in said.words for words in ("It can't be shown", "https://discord.com/events"))
    assert await events(house) == []


@pytest.mark.parametrize("code", [50013, 50001, 30038])
async def test_where_the_server_takes_no_event_the_room_hears_why(house, code):
    cleo, dana, _room = await agreed(house)
    await house.town.fail("POST", "/scheduled-events", status=400 if code == 30038 else 403, code=code)
    await dana.presses("Show it to everybody here")
    await house.settles()
    said = await cleo.hears("would like everybody here to see your hour")
    assert "It can't be shown: whoever administers this place has not let me add events." in said.words
    assert await events(house) == []


async def test_while_discord_is_unwell_the_room_waits_and_hears_it_once(house):
    cleo, dana, _room = await agreed(house)
    await house.town.fail("GET", "/scheduled-events", status=502, times=6)
    await dana.presses("Show it to everybody here")
    await house.settles()
    await house.town.heals()
    for _try in range(3):
        await house.later(minutes=2)
    heard = [seen for seen in await cleo.sees() if "would like everybody here to see" in seen.words]
    assert (len(heard), len(await events(house))) == (1, 1)


async def test_nobody_else_can_show_or_call_off_their_hour(house):
    await shown(house)
    emre = await house.town.person("emre")
    rana = await house.town.person("rana")
    for who in (emre, rana):
        await who.types("/circle meet", when="Tuesday 15:00")
        await house.settles()
        assert "Tue 2 February" not in await who.reads()
    assert len(await events(house)) == 1
