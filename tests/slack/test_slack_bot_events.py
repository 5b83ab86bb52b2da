"""Events on Slack: each is taken once, none is lost, and a workspace that takes the bot out hears no more of it."""

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from slack_events import app_uninstalled, tokens_revoked, user_change
from slack_house import TEAM, heard, housed, installs, kept_in, log_at_debug, term
from slack_town import Town

from bot.clock import MovableClock
from bot.slack.shelf import INSTALLS
from circles.effects import Tell
from circles.messages import message
from storage import people, safe
from storage.tables import Goal, Workspace


@pytest.fixture(params=["http", "socket"])
def connect(request):
    """Everything here is done by signed requests and by socket."""
    return request.param


@pytest.fixture
async def many(sqlite_store):
    """The bot as any workspace can install it, at this very day: an event says itself when it happened."""
    now = datetime.now(UTC).replace(microsecond=0)
    async with housed(sqlite_store, client_id="111.222", clock=MovableClock(now)) as house:
        house.person("UADA")
        await installs(house, TEAM, "UADA")
        yield house
        assert house.town.complaints == []
        assert house.town.unacknowledged == []


# slack_sdk names the client with a class that aiohttp is about to drop.
oauth = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@contextmanager
def locked(store):
    """Let another program hold the database, as a backup might."""
    with closing(sqlite3.connect(store.file)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


def moves_on(house, **by):
    house.clock.move(house.clock.now() + timedelta(**by))


def count(house, table):
    with house.desk.store.writing() as db:
        return len(db.execute(table.__table__.select()).all())


# --- once, and not lost -----------------------------------------------------------------------------------------------


async def test_an_event_that_slack_repeats_is_taken_once(house):
    term(house)
    gone = user_change(house.town, TEAM, "UCLEO", deleted=True)
    name = await house.way.tells(TEAM, gone)
    await house.settles()
    for number in (1, 2, 3):
        await house.way.tells(TEAM, gone, event_id=name, retry=(number, "http_timeout"))
        await house.settles()
    assert len(heard(house.person("UADA"), "is no longer here")) == 1


async def test_a_repeated_event_does_not_undo_what_came_after_it(house):
    term(house)
    gone = user_change(house.town, TEAM, "UCLEO", deleted=True)
    name = await house.way.tells(TEAM, gone)
    await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", deleted=False))
    await house.way.tells(TEAM, gone, event_id=name, retry=(1, "http_timeout"))
    person = house.known("UCLEO")
    with house.desk.store.writing() as db:
        assert people.get(db, person).is_active


async def test_a_repetition_is_taken_where_the_first_delivery_never_came(house):
    term(house)
    gone = user_change(house.town, TEAM, "UCLEO", deleted=True)
    await house.way.tells(TEAM, gone, event_id="Ev7", retry=(1, "http_timeout"))
    await house.settles()
    assert len(heard(house.person("UADA"), "is no longer here")) == 1


async def test_an_event_that_could_not_be_written_down_is_refused_and_taken_when_it_comes_again(sqlite_store):
    async with housed(sqlite_store) as house:
        term(house)
        with locked(sqlite_store):
            await house.way.tells(TEAM, user_change(house.town, TEAM, "UCLEO", deleted=True))
        assert house.town.unacknowledged == ["events_api: 500"]
        await house.settles()
        assert heard(house.person("UADA"), "is no longer here") == []
        assert (await house.way.repeats()).status == 200
        await house.settles()
        assert len(heard(house.person("UADA"), "is no longer here")) == 1


async def test_a_command_while_the_database_is_held_is_answered_and_can_be_given_again(house):
    term(house)
    cleo = house.person("UCLEO")
    with locked(house.desk.store), log_at_debug() as log:
        await cleo.types("/circle goal add Finish the grant")
        await cleo.hears("Something went wrong on my side, and nothing was changed.")
    assert count(house, Goal) == 0
    assert ("database is locked" in log.getvalue(), "grant" in log.getvalue()) == (True, False)
    await cleo.types("/circle goal add Finish the grant")
    await cleo.hears("Kept as goal 1")


@pytest.mark.parametrize("kind", ["message", "channel_rename", "reaction_added", "a_kind_of_next_year"])
async def test_events_that_mean_nothing_to_us_are_acknowledged_and_change_nothing(house, kind):
    term(house)
    event = {"type": kind, "user": "UCLEO", "text": "CANARY", "channel": "C1", "event_ts": "1.1", "ts": "1.1"}
    await house.way.tells(TEAM, event)
    await house.settles()
    assert (house.town.posts, b"CANARY" in kept_in(house.desk.store)) == ([], False)


# --- taken out --------------------------------------------------------------------------------------------------------


def nudge(house, key):
    return Tell(key, house.known("UCLEO"), message(f"Nudge {key}"), "thanks", urgent=True)


@oauth
@pytest.mark.parametrize("event", [app_uninstalled, tokens_revoked])
async def test_where_the_app_was_taken_out_nothing_is_sent_and_after_a_fortnight_nothing_is_kept(many, event):
    house = many
    programme, _circle = term(house)
    cleo = house.person("UCLEO")
    await cleo.types("/circle goal add CANARY")
    house.puts(programme, nudge(house, "waiting"))
    moves_on(house, seconds=2)
    await house.way.tells(TEAM, event(house.town, TEAM))
    calls = len(house.town.calls)
    for _day in range(13):
        moves_on(house, days=1)
        await house.beats()
    assert (heard(cleo, "Nudge"), count(house, Goal)) == ([], 1)
    assert [c.method for c in house.town.calls[calls:]] == []
    with house.desk.store.writing() as db:
        assert safe.keys(db, INSTALLS) == []
    for _day in range(3):
        moves_on(house, days=1)
        await house.beats()
    assert (count(house, Goal), count(house, Workspace)) == (0, 0)


@oauth
async def test_installed_again_in_time_everything_goes_on(many):
    house = many
    programme, _circle = term(house)
    cleo = house.person("UCLEO")
    await cleo.types("/circle goal add Finish the grant")
    moves_on(house, seconds=2)
    await house.way.tells(TEAM, app_uninstalled(house.town, TEAM))
    moves_on(house, days=10)
    await house.beats()
    await installs(house, TEAM, "UADA")
    moves_on(house, days=10)
    await house.beats()
    await cleo.types("/circle goal list")
    await cleo.hears("Finish the grant")
    house.puts(programme, nudge(house, "after"))
    await house.beats()
    await cleo.hears("Nudge after")


@oauth
@pytest.mark.parametrize("event", [app_uninstalled, tokens_revoked])
async def test_that_it_was_taken_out_comes_too_late_to_stop_what_is_installed_again(many, event):
    house = many
    programme, _circle = term(house)
    await house.person("UCLEO").types("/circle goal add Finish the grant")
    told_late = event(house.town, TEAM)
    moves_on(house, minutes=5)
    await installs(house, TEAM, "UADA")
    house.puts(programme, nudge(house, "waiting"))
    await house.way.tells(TEAM, told_late)
    await house.beats()
    await house.person("UCLEO").hears("Nudge waiting")
    moves_on(house, days=20)
    await house.beats()
    assert count(house, Goal) == 1


@oauth
@pytest.mark.parametrize("at", [0, 1_234_567_890])
async def test_that_it_was_taken_out_at_no_time_that_can_be_stops_everything_all_the_same(many, at):
    house = many
    programme, _circle = term(house)
    house.puts(programme, nudge(house, "waiting"))
    await house.way.tells(TEAM, app_uninstalled(house.town, TEAM), at=at)
    await house.beats()
    assert heard(house.person("UCLEO"), "Nudge") == []
    with house.desk.store.writing() as db:
        assert safe.keys(db, INSTALLS) == []


@oauth
async def test_a_person_who_takes_back_her_own_token_takes_nothing_from_the_workspace(many):
    house = many
    programme, _circle = term(house)
    await house.way.tells(TEAM, {"type": "tokens_revoked", "tokens": {"oauth": ["UCLEO"], "bot": []}})
    house.puts(programme, nudge(house, "after"))
    await house.beats()
    await house.person("UCLEO").hears("Nudge after")


async def test_with_a_single_token_being_taken_out_stops_everything_too(house):
    programme, _circle = term(house)
    house.puts(programme, nudge(house, "waiting"))
    await house.way.tells(TEAM, app_uninstalled(house.town, TEAM))
    calls = len(house.town.calls)
    for _day in range(3):
        moves_on(house, days=1)
        await house.beats()
    assert [c.method for c in house.town.calls[calls:]] == []
    assert heard(house.person("UCLEO"), "Nudge") == []


async def test_with_a_single_token_that_works_again_everything_goes_on_though_nobody_types_a_command(sqlite_store):
    async with housed(sqlite_store) as house:
        term(house)
        await house.person("UCLEO").types("/circle goal add Finish the grant")
        await house.way.tells(TEAM, app_uninstalled(house.town, TEAM))
        moves_on(house, days=10)
        await house.beats()
        at = house.clock.now()
    async with housed(sqlite_store, clock=MovableClock(at)) as house:  # the operator gave the new token
        cleo = house.person("UCLEO")
        await house.side._meeting
        house.puts(1, nudge(house, "after"))
        await house.beats()
        await cleo.hears("Nudge after")
        moves_on(house, days=10)
        await house.beats()
        assert count(house, Goal) == 1


async def test_with_a_single_token_that_is_dead_it_stays_taken_out_and_its_data_goes(sqlite_store):
    async with housed(sqlite_store) as house:
        term(house)
        await house.person("UCLEO").types("/circle goal add CANARY")
        await house.way.tells(TEAM, app_uninstalled(house.town, TEAM))
        at = house.clock.now()
    town = Town()
    town.add_workspace(TEAM, "xoxb-1-another")
    async with housed(sqlite_store, town=town, clock=MovableClock(at)) as house:
        for _day in range(15):
            moves_on(house, days=1)
            await house.beats()
        assert count(house, Workspace) == 0
