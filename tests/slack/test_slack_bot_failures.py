"""What can't be delivered on Slack: said once, later or not at all, and each failure in its own right way."""

from datetime import timedelta

import pytest
from slack_house import TEAM, TOKEN, heard, housed, installs, opened, term
from slack_town import Town

from bot.deliver import LEASE
from bot.slack.pace import Limits
from circles.effects import Post, Tell
from circles.messages import File, message
from circles.rooms import circle_room
from storage import deliveries, members
from storage.tables import Delivery

WORDS = "CANARY words"


@pytest.fixture
def here(house):
    """Cleo and Dana in Jasmine, whose channel is open: programme, circle, channel."""
    programme, circle = term(house)
    return programme, circle, opened(house, programme, circle, ["UCLEO", "UDANA"])


def tell(house, user="UCLEO", key="first"):
    return Tell(key, house.known(user), message(WORDS, summary="Something for you"), "thanks", urgent=True)


def post(here, key="first"):
    return Post(key, circle_room(here[0], here[1]), message(WORDS, summary="Something for you all"), "prompt")


def states(house, *keys):
    """How deliveries ended, by key."""
    with house.desk.store.writing() as db:
        rows = {row.key: row.state for row in db.execute(Delivery.__table__.select())}
    return [rows[key] for key in keys]


async def goes(house, here, *acts):
    """Put acts into the outbox and let them go out, with what comes of it."""
    house.puts(here[0], *acts)
    for _beat in range(3):
        await house.beats()


async def later(house, **by):
    house.clock.move(house.clock.now() + timedelta(**by))
    for _beat in range(2):
        await house.beats()


def nobody_else_reads(house, *readers):
    for user in {"UADA", "UBOB", "UCLEO", "UDANA"} - set(readers):
        assert heard(house.person(user), "CANARY") == []


# --- never to be said -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
async def test_a_room_that_is_lost_is_told_to_the_organisers_once(house, here, error):
    house.town.fail("chat.postMessage", error)
    await goes(house, here, post(here))
    house.town.fail("chat.postMessage", error)
    await goes(house, here, post(here, "second"))
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "I can't write into the room of Jasmine")) == 1
    assert states(house, "first", "second") == ["unreachable", "unreachable"]
    nobody_else_reads(house)


async def test_who_is_deactivated_departs_and_the_organisers_hear_it_once(house, here):
    house.town.workspaces[TEAM].members["UCLEO"].deleted = True
    await goes(house, here, tell(house), tell(house, key="second"))
    person = house.known("UCLEO")
    with house.desk.store.writing() as db:
        assert members.of_person(db, here[0], person).state == "left"
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "is no longer here")) == 1


@pytest.mark.parametrize(
    ("method", "faults"),
    [
        ("conversations.open", ["cannot_dm_bot"]),
        ("conversations.open", ["channel_not_found"]),
        ("chat.postMessage", ["cannot_dm_bot"]),
        ("chat.postMessage", ["channel_not_found", "is_archived"]),  # also where it was opened anew
    ],
)
async def test_who_cannot_be_written_to_is_named_in_her_circles_room_and_reads_it_alone(house, here, method, faults):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    house.town.fail(method, *faults)
    await goes(house, here, tell(house))
    named = await cleo.hears("there is something from Halqa for you")
    assert (named.channel, len(heard(dana, "there is something"))) == (here[2], 1)
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "I can't write to")) == 1
    await dana.presses("Show it", named)
    await house.settles()
    await dana.hears("There is nothing here that I could show you again.")
    await cleo.presses("Show it", named)
    await house.settles()
    assert (await cleo.hears(WORDS)).is_ephemeral
    nobody_else_reads(house, "UCLEO")


def her_channel(house, user):
    """The direct messages with somebody, as Slack has them."""
    return house.town.conversation(TEAM, [user])[0]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived"])
async def test_where_the_channel_to_somebody_is_lost_another_is_opened_and_she_reads_it_there_once(house, here, error):
    await goes(house, here, tell(house))
    lost = her_channel(house, "UCLEO")
    if error == "is_archived":
        lost.is_archived = True
        lost.members.remove("UCLEO")
    else:
        del house.town.workspaces[TEAM].channels[lost.id]
    await goes(house, here, tell(house, key="second"), tell(house, key="third"))
    assert her_channel(house, "UCLEO").id != lost.id
    assert len(heard(house.person("UCLEO"), WORDS)) == 2  # the first went with its channel
    assert states(house, "first", "second", "third") == ["sent"] * 3
    assert len(house.calls("chat.postMessage", error)) == 1
    nobody_else_reads(house, "UCLEO")


async def test_who_left_and_whose_channel_is_lost_departs(house, here):
    await goes(house, here, tell(house))
    del house.town.workspaces[TEAM].channels[her_channel(house, "UCLEO").id]
    house.town.workspaces[TEAM].members["UCLEO"].deleted = True
    await goes(house, here, tell(house, key="second"))
    person = house.known("UCLEO")
    with house.desk.store.writing() as db:
        assert members.of_person(db, here[0], person).state == "left"


@pytest.mark.parametrize("error", ["msg_too_long", "restricted_action", "invalid_blocks", "a_word_of_next_year"])
async def test_what_slack_does_not_take_is_told_to_the_organisers_by_its_number_alone(house, here, error):
    house.town.fail("chat.postMessage", error)
    await goes(house, here, tell(house))
    for organiser in ("UADA", "UBOB"):
        assert len(heard(house.person(organiser), "could not be sent: the chat did not take it from me.")) == 1
    nobody_else_reads(house)
    await later(house, hours=2)
    assert states(house, "first") == ["unreachable"]


# --- said later, once -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        *(("conversations.open", fault) for fault in ("500", "502", "503", "fatal_error", "403")),
        *(("chat.postMessage", fault) for fault in ("service_unavailable", "request_timeout", "404", "407")),
    ],
)
async def test_what_was_not_said_is_said_later_and_once(house, here, method, fault):
    house.town.fail(method, fault)
    await goes(house, here, tell(house))
    assert heard(house.person("UCLEO"), WORDS) == []
    await later(house, seconds=40)
    await later(house, hours=2)
    assert len(heard(house.person("UCLEO"), WORDS)) == 1
    nobody_else_reads(house, "UCLEO")


async def test_a_limit_is_waited_out_by_the_clock(house, here):
    house.town.limit("chat.postMessage", retry_after=90)
    await goes(house, here, tell(house))
    tries = len(house.calls("chat.postMessage"))
    await later(house, seconds=80)
    assert (tries, len(house.calls("chat.postMessage"))) == (1, 1)
    await later(house, seconds=15)
    assert len(heard(house.person("UCLEO"), WORDS)) == 1
    assert len(house.calls("chat.postMessage")) == 2


async def test_while_the_account_is_inactive_everything_waits(house, here):
    house.town.fail("chat.postMessage", "account_inactive")
    await goes(house, here, tell(house))
    await later(house, minutes=10)
    assert heard(house.person("UCLEO"), WORDS) == []
    await later(house, minutes=21)
    assert len(heard(house.person("UCLEO"), WORDS)) == 1


async def test_a_line_that_can_not_be_had_is_tried_again(house, here):
    api = house.side._clients._api
    house.side._clients._api = "http://127.0.0.1:9/api/"
    await goes(house, here, tell(house))
    house.side._clients._api = api
    await later(house, seconds=40)
    assert len(heard(house.person("UCLEO"), WORDS)) == 1


# --- perhaps said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        *("drop after", "500 after", "503 after", "internal_error after", "fatal_error after"),
        *("drop before", "500", "502", "503", "504"),
    ],
)
async def test_what_may_have_been_said_is_not_said_again_and_she_gets_another_way_to_it(house, here, fault):
    cleo = house.person("UCLEO")
    house.town.fail("chat.postMessage", fault)
    await goes(house, here, tell(house))
    await later(house, minutes=5)
    said = 1 if fault.endswith("after") else 0
    assert len(heard(cleo, WORDS)) == said
    assert len(heard(cleo, "A message may not have reached you: the line broke while I sent it.")) == 1
    await cleo.presses("Show it")
    await house.settles()
    shown = heard(cleo, WORDS)
    assert (len(shown), shown[-1].is_ephemeral) == (said + 1, True)
    nobody_else_reads(house, "UCLEO")


@pytest.mark.parametrize("fault", ["drop after", "drop before"])
async def test_what_a_room_may_have_heard_is_shown_to_each_alone(house, here, fault):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    house.town.fail("chat.postMessage", fault)
    await goes(house, here, post(here))
    await later(house, minutes=5)
    said = 1 if fault.endswith("after") else 0
    assert [len(heard(one, "A message may not have reached this room")) for one in (cleo, dana)] == [1, 1]
    await dana.presses("Show it")
    await house.settles()
    assert (len(heard(dana, WORDS)), len(heard(cleo, WORDS))) == (said + 1, said)
    nobody_else_reads(house, "UCLEO", "UDANA")


ICS = File("meeting.ics", "Round 1: Cleo and Dana", "BEGIN:VCALENDAR")


def with_file(here):
    said = message(WORDS, ICS, summary="An hour to meet is set")
    return Post("first", circle_room(here[0], here[1]), said, "appointment")


@pytest.mark.parametrize(
    ("method", "fault"),
    [("files.getUploadURLExternal", "503"), ("files.completeUploadExternal", "drop before")],
)
async def test_a_file_that_a_room_did_not_get_comes_to_each_who_asks_for_it(house, here, method, fault):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    house.town.fail(method, fault)
    await goes(house, here, with_file(here))
    await later(house, minutes=5)
    for one in (cleo, dana):
        assert len(heard(one, WORDS)) == 1
        assert len(heard(one, "A message may not have reached this room")) == 1
    assert [seen.files for seen in dana.sees() if seen.files] == []
    await dana.presses("Show it")
    await house.settles()
    assert heard(dana, WORDS)[-1].is_ephemeral
    assert [seen.files for seen in dana.sees() if seen.files] == [["meeting.ics"]]
    assert [seen.files for seen in cleo.sees() if seen.files] == []


async def test_of_a_file_that_can_never_get_through_no_room_is_told_that_its_words_may_be_missing(house, here):
    house.town.fail("files.getUploadURLExternal", "file_uploads_disabled")
    await goes(house, here, with_file(here))
    await later(house, minutes=5)
    cleo = house.person("UCLEO")
    assert (len(heard(cleo, WORDS)), len(heard(cleo, "may not have reached"))) == (1, 0)
    assert states(house, "first") == ["sent"]


async def test_a_file_waits_out_a_limit_that_ends_in_a_moment(house, here):
    house.side._clients._limits = Limits()
    house.town.limit("files.getUploadURLExternal", retry_after=1)
    await goes(house, here, with_file(here))
    assert [seen.files for seen in house.person("UDANA").sees()].count(["meeting.ics"]) == 1
    assert states(house, "first") == ["sent"]


async def test_the_note_itself_comes_through_a_second_broken_line(house, here):
    house.town.fail("chat.postMessage", "drop before", "drop before")
    await goes(house, here, tell(house))
    await later(house, minutes=11)
    await later(house, minutes=11)
    assert len(heard(house.person("UCLEO"), "A message may not have reached you")) == 1


async def test_what_was_being_said_when_the_bot_was_killed_is_not_said_again(house, here):
    house.puts(here[0], tell(house))
    now = house.clock.now()
    await house.desk.tick(now)
    with house.desk.store.writing() as db:
        (row,) = deliveries.claim(db, now, lease=LEASE, owner="killed", limit=1)
        assert deliveries.begin(db, row, now)
    await house.beats()
    assert house.person("UCLEO").sees() == []
    await later(house, seconds=61)
    await later(house, hours=1)
    cleo = house.person("UCLEO")
    assert heard(cleo, WORDS) == []
    assert len(heard(cleo, "A message may not have reached you")) == 1
    await cleo.presses("Show it")
    await house.settles()
    assert (await cleo.hears(WORDS)).is_ephemeral


async def test_what_was_only_leased_when_the_bot_was_killed_is_said(house, here):
    house.puts(here[0], tell(house))
    await house.desk.tick(house.clock.now())
    with house.desk.store.writing() as db:
        deliveries.claim(db, house.clock.now(), lease=LEASE, owner="killed", limit=1)
    await later(house, seconds=61)
    assert len(heard(house.person("UCLEO"), WORDS)) == 1


# --- side by side -----------------------------------------------------------------------------------------------------


# slack_sdk names the client with a class that aiohttp is about to drop.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_a_limited_workspace_holds_up_no_other(sqlite_store):
    town = Town()
    town.add_workspace("T1", TOKEN)
    town.add_workspace("T2", "xoxb-2-halqa")
    async with housed(sqlite_store, town=town, client_id="111.222") as house:
        for team in ("T1", "T2"):
            house.person("UADA", team)
            await installs(house, team, "UADA")
            programme, _circle = term(house, team=team)
            cleo = house.known("UCLEO", team)
            acts = [Tell(f"{n}", cleo, message(f"{WORDS} {n}"), "thanks", urgent=True) for n in range(3)]
            house.puts(programme, *acts)
        town.limit("chat.postMessage", team="T1", times=3, retry_after=600)
        await house.beats()
        everything = [f"{WORDS} {n}" for n in range(3)]
        assert [seen.words for seen in house.person("UCLEO", "T2").sees()] == everything
        assert house.person("UCLEO", "T1").sees() == []
        town.limits.clear()
        await later(house, seconds=610)
        assert [seen.words for seen in house.person("UCLEO", "T1").sees()] == everything
        assert town.complaints == []
