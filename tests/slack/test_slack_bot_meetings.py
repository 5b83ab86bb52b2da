"""The room of a meeting on Slack: a group message for a few, a private channel for many."""

import pytest
from slack_house import TEAM, channels, heard, meets, only, people_in, term

from circles.effects import CloseRoom, OpenRoom, Post
from circles.messages import message
from storage.tables import Circle


async def introduced(house, programme, key, who):
    """Open a meeting's room and introduce its people there."""
    everybody = tuple(house.known(user) for user in who)
    house.puts(
        programme,
        OpenRoom(f"open:{key}", key, "Round 1: Cleo and Dana", everybody),
        Post(f"introduction:{key}", key, message("Please meet."), "introduction"),
    )
    await house.beats()


@pytest.mark.parametrize(("number", "kind"), [(2, "mpim"), (3, "mpim"), (8, "mpim"), (9, "private")])
async def test_a_few_meet_in_a_group_message_and_many_in_a_channel(house, number, kind):
    who = [f"UX{n}" for n in range(number)]
    programme, circle = term(house, mentors=who, mentees=())
    key = meets(house, programme, circle, who)
    await introduced(house, programme, key, who)
    room = only([*channels(house, kind="mpim"), *channels(house)])
    assert (room.kind, people_in(room)) == (kind, set(who))
    for user in who:
        assert len(heard(house.person(user), "Please meet.")) == 1
    assert heard(house.person("UADA"), "Please meet.") == []
    house.puts(programme, CloseRoom(f"close:{key}", key))
    await house.beats()
    with house.desk.store.writing() as db:
        assert db.get(Circle, circle).state == "running"
    assert len(channels(house, is_archived=True)) == (kind == "private")


async def test_a_table_of_nine_whose_ninth_steps_out_goes_on_in_a_group_message_and_its_channel_is_archived(house):
    who = [f"UX{n}" for n in range(9)]
    programme, circle = term(house, mentors=who, mentees=())
    key = meets(house, programme, circle, who)
    await introduced(house, programme, key, who)
    eight = tuple(house.known(user) for user in who[:8])
    said = message("Eight of you.", summary="About your meeting group")
    house.puts(programme, OpenRoom(f"open:{key}:8", key, "", eight), Post(f"changed:{key}", key, said, "changed"))
    await house.beats()
    assert people_in(only(channels(house, kind="mpim"))) == set(who[:8])
    assert len(channels(house, is_archived=True)) == 1
    await house.person("UX0").hears("Eight of you.")
    assert heard(house.person("UX8"), "Eight of you.") == []


async def test_a_group_message_opens_without_who_is_deactivated(house):
    who = ["UCLEO", "UDANA", "UESI"]
    programme, circle = term(house, mentors=who, mentees=())
    key = meets(house, programme, circle, who)
    house.town.workspaces[TEAM].members["UESI"].deleted = True
    await introduced(house, programme, key, who)
    assert people_in(only(channels(house, kind="mpim"))) == {"UCLEO", "UDANA"}
    await house.person("UCLEO").hears("Please meet.")
