"""What many workspaces entrust to us: a token each, sealed, renewed once and in time, and gone when it goes."""

# ruff: noqa: S105, S106, S107 - the tokens are made up

import asyncio
from datetime import timedelta

import oauth_house as oauth
import pytest
import stores
from oauth_house import KEY, NOW, OTHER_KEY, House, Slack, expiring, installation, renewed
from sqlmodel import Session, select

from bot.chat import TryLater
from bot.sealing import Unsealable
from bot.slack import app, clients, home, installs
from bot.slack.installs import NotInstalled, NotOpened, NotRenewed
from storage import safe
from storage.tables import Safe

# slack_sdk signs in at oauth.v2.access with what aiohttp means to replace.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def slack():
    server = Slack()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock():
    return oauth.clock()


@pytest.fixture
def process(store, clock, slack):
    """Start a process of ours; several of them share the database and nothing else."""
    running = []

    def start(**more):
        running.append(House(store, clock, slack.api, **more))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def house(process):
    return process()


def rows(store):
    with Session(store.engine) as db:
        return {(row.drawer, row.key): row.body for row in db.exec(select(Safe))}


async def found(house, team="T1", enterprise=None, **more):
    return await house.installs.async_find_installation(enterprise_id=enterprise, team_id=team, **more)


# -- keeping ------------------------------------------------------------------------------------------------


async def test_what_is_installed_is_found_again_whole(house, process):
    await house.installs.async_save(expiring(43200))
    for asked in (house, process()):
        there = await found(asked)
        assert there.bot_token == "xoxb-first"
        assert there.bot_refresh_token == "xoxe-1-one"
        assert there.bot_token_expires_at == int(NOW.timestamp()) + 43200
        assert (there.bot_id, there.bot_user_id, there.user_id) == ("B1", "U_BOT", "U_ADA")
        assert there.bot_scopes == ["chat:write", "commands"]
        assert (there.team_id, there.team_name, there.app_id) == ("T1", "Workspace T1", "A1")
        assert there.installed_at == NOW.timestamp()
        bot = await asked.installs.async_find_bot(enterprise_id=None, team_id="T1")
        assert (bot.bot_token, bot.bot_refresh_token) == ("xoxb-first", "xoxe-1-one")
    assert await found(house, "T2") is None
    assert await found(house, None) is None


async def test_nothing_of_a_token_can_be_read_in_the_database_file(sqlite_template, tmp_path, clock, slack):
    store = stores.new(tmp_path)
    house = House(store, clock, slack.api)
    await house.installs.async_save(expiring(600, token="xoxe.xoxb-1-AbCd"))
    slack.refreshes["xoxe-1-one"] = renewed("xoxe.xoxb-1-EfGh", "xoxe-1-two")
    assert await house.tokens.of("T1") == "xoxe.xoxb-1-EfGh"
    state = await house.states.async_issue()
    written = b"".join(file.read_bytes() for file in tmp_path.glob("halqa.db*"))
    assert len(list(tmp_path.glob("halqa.db*"))) == 3
    assert b"none-T1" in written  # the row itself is there, in the file or in its log
    for secret in (b"xox", b"AbCd", b"EfGh", b"U_ADA", b"Workspace T1", state.encode(), KEY.encode()):
        assert secret not in written
    house.close()
    store.close()


async def test_installing_again_leaves_one_row_and_the_new_token(house, store):
    await house.installs.async_save(installation(token="xoxb-first"))
    await house.installs.async_save(installation(token="xoxb-second"))
    assert (await found(house)).bot_token == "xoxb-second"
    assert list(rows(store)) == [("slack installs", "none-T1")]


async def test_a_workspace_that_joined_an_organisation_has_one_row_still(house, store):
    await house.installs.async_save(installation(token="xoxb-first"))
    assert (await found(house, enterprise="E1")).bot_token == "xoxb-first"
    await house.installs.async_save(installation(token="xoxb-second", enterprise_id="E1"))
    assert list(rows(store)) == [("slack installs", "E1-T1")]
    assert (await found(house, enterprise="E1")).bot_token == "xoxb-second"
    assert (await found(house)).bot_token == "xoxb-second"


async def test_no_token_of_a_person_and_no_webhook_is_kept(house, store):
    await house.installs.async_save(
        installation(
            user_token="xoxp-ada", user_refresh_token="xoxe-ada", user_scopes=["chat:write"],
            incoming_webhook_url="https://hooks.slack.com/x",
        )
    )  # fmt: skip
    there = await found(house)
    assert (there.user_token, there.user_refresh_token, there.incoming_webhook_url) == (None, None, None)
    opened = house.installs._shelf._seal.open(rows(store)["slack installs", "none-T1"])
    assert "xoxp" not in opened
    assert "xoxe-ada" not in opened
    assert "hooks" not in opened


async def test_a_bots_part_alone_can_be_kept_and_leaves_who_installed_it(house):
    await house.installs.async_save(installation())
    bot = installation(token="xoxb-second").to_bot()
    await house.installs.async_save_bot(bot)
    there = await found(house)
    assert (there.bot_token, there.user_id) == ("xoxb-second", "U_ADA")
    await house.installs.async_save_bot(installation("T9", "xoxb-ninth").to_bot())
    assert (await found(house, "T9")).bot_token == "xoxb-ninth"


async def test_only_the_person_who_installed_it_has_an_installation_of_her_own(house):
    await house.installs.async_save(installation())
    assert (await found(house, user_id="U_ADA")).bot_token == "xoxb-first"
    assert await found(house, user_id="U_BOB") is None


# -- organisations ------------------------------------------------------------------------------------------


def for_all(enterprise="E1", token="xoxb-org"):
    return installation(None, token, team_name=None, enterprise_id=enterprise, is_enterprise_install=True)


async def test_what_an_organisation_installed_serves_each_of_its_workspaces(house, process):
    await house.installs.async_save(for_all())
    for team in ("T1", "T2", None, "E1"):
        assert (await found(house, team, "E1")).bot_token == "xoxb-org"
        assert (await found(house, team, "E1", is_enterprise_install=True)).bot_token == "xoxb-org"
    assert await found(house, "T1", "E2") is None
    # Who speaks first by itself knows a workspace only; its organisation was learnt from a request.
    assert await process().tokens.of("T2") == "xoxb-org"
    with pytest.raises(NotInstalled):
        await process().tokens.of("T3")


async def test_a_workspaces_own_installation_comes_before_its_organisations_unless_slack_says_otherwise(house):
    await house.installs.async_save(for_all())
    await house.installs.async_save(installation(enterprise_id="E1"))
    assert (await found(house, "T1", "E1")).bot_token == "xoxb-first"
    assert (await found(house, "T1", "E1", is_enterprise_install=True)).bot_token == "xoxb-org"
    # A form that was opened over Slack Connect names the organisation of the person, and the team of the app.
    await house.installs.async_save(for_all("E2", "xoxb-strangers"))
    assert (await found(house, "T1", "E2")).bot_token == "xoxb-first"


async def test_an_organisation_that_uninstalls_ends_it_for_all_its_workspaces_and_no_other(house, store):
    await house.installs.async_save(for_all())
    await house.installs.async_save(for_all("E2", "xoxb-other"))
    await found(house, "T1", "E1")
    await found(house, "T2", "E2")
    await house.installs.async_delete_all(enterprise_id="E1", team_id="T1")
    assert (await found(house, "T5", "E1")).bot_token == "xoxb-org"
    await house.installs.async_delete_all(enterprise_id="E1", team_id=None)
    assert await found(house, "T1", "E1") is None
    assert await found(house, "T1") is None
    assert (await found(house, "T2")).bot_token == "xoxb-other"
    assert sorted(rows(store)) == [("slack installs", "E2-none"), ("slack teams", "T2")]


# -- going --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enterprise", [None, "E1"])
async def test_a_workspace_that_uninstalls_is_forgotten_at_once_and_no_other(house, store, enterprise):
    await house.installs.async_save(installation(enterprise_id=enterprise))
    await house.installs.async_save(installation("T2", "xoxb-second"))
    assert await house.tokens.of("T1") == "xoxb-first"
    await house.installs.async_delete_all(enterprise_id=enterprise, team_id="T1")
    with pytest.raises(NotInstalled):
        await house.tokens.of("T1")
    with pytest.raises(NotInstalled):
        await house.tokens.of("T1", "E1")
    assert await house.tokens.of("T2") == "xoxb-second"
    assert list(rows(store)) == [("slack installs", "none-T2")]


async def test_another_process_hears_of_it_within_a_minute(house, process, clock):
    other = process()
    await house.installs.async_save(installation())
    assert await other.tokens.of("T1") == "xoxb-first"
    await house.installs.forget(None, "T1")
    clock.move(NOW + timedelta(minutes=1))
    with pytest.raises(NotInstalled):
        await other.tokens.of("T1")


async def test_one_persons_revoked_token_leaves_the_bot_where_it_is(house):
    await house.installs.async_save(installation())
    await house.installs.async_delete_installation(enterprise_id=None, team_id="T1", user_id="U_ADA")
    assert await house.tokens.of("T1") == "xoxb-first"
    await house.installs.async_delete_installation(enterprise_id=None, team_id="T1")
    assert await found(house) is None
    await house.installs.async_save(installation())
    await house.installs.async_delete_bot(enterprise_id=None, team_id="T1")
    assert await found(house) is None


async def test_an_old_uninstalling_told_late_does_not_undo_a_new_installation(house):
    await house.installs.async_save(installation())
    await house.installs.forget(None, "T1", before=NOW - timedelta(minutes=5))
    assert await house.tokens.of("T1") == "xoxb-first"
    await house.installs.forget(None, "T1", before=NOW + timedelta(minutes=5))
    assert await found(house) is None


async def test_forgetting_what_is_not_there_changes_nothing(house, store):
    await house.installs.async_save(installation())
    for enterprise, team in ((None, "T2"), ("E1", None), (None, None), ("E1", "T2"), (None, "1")):
        await house.installs.async_delete_all(enterprise_id=enterprise, team_id=team)
    assert list(rows(store)) == [("slack installs", "none-T1")]


# -- keys ---------------------------------------------------------------------------------------------------


async def test_a_key_is_changed_without_anybody_installing_again(house, process):
    await house.installs.async_save(installation())
    await house.installs.async_save(installation("T2", "xoxb-second"))
    both = process(keys=(OTHER_KEY, KEY))
    assert (await found(both)).bot_token == "xoxb-first"
    assert await both.installs.async_reseal() == 2
    assert (await found(process(keys=(OTHER_KEY,)), "T2")).bot_token == "xoxb-second"
    with pytest.raises(Unsealable):
        await found(house)


async def test_a_lost_key_is_said_and_installing_again_mends_it(house, process):
    await house.installs.async_save(installation())
    lost = process(keys=(OTHER_KEY,))
    with pytest.raises(NotOpened, match="install again"):
        await lost.tokens.of("T1")
    with pytest.raises(Unsealable):
        await lost.installs.async_reseal()
    await lost.installs.async_save(installation(token="xoxb-second"))
    assert await lost.tokens.of("T1") == "xoxb-second"
    await house.installs.forget(None, "T1", before=NOW)
    assert await found(lost) is None


async def test_a_row_copied_to_another_workspace_gives_no_token(house, store):
    await house.installs.async_save(installation())
    with store.writing() as db:
        safe.put(db, "slack installs", "none-T2", safe.get(db, "slack installs", "none-T1"), NOW)
    with pytest.raises(NotOpened, match="another workspace"):
        await house.tokens.of("T2")


# -- tickets ------------------------------------------------------------------------------------------------


async def test_a_ticket_is_good_once_also_in_another_process(house, process):
    state = await house.states.async_issue()
    other = await house.states.async_issue()
    assert state != other
    assert await process().states.async_consume(state) is True
    assert await house.states.async_consume(state) is False
    assert await house.states.async_consume(other) is True


@pytest.mark.parametrize("state", ["", "foreign", "x" * 100_000, "حلقة", "\udcff"])
async def test_a_ticket_from_elsewhere_is_refused(house, state):
    await house.states.async_issue()
    assert await house.states.async_consume(state) is False


async def test_a_ticket_is_good_for_ten_minutes(house, clock, store):
    early, late = await house.states.async_issue(), await house.states.async_issue()
    clock.move(NOW + timedelta(minutes=10))
    assert await house.states.async_consume(early) is True
    clock.move(NOW + timedelta(minutes=10, seconds=1))
    assert await house.states.async_consume(late) is False
    await house.states.async_issue()
    clock.move(NOW + timedelta(minutes=21))
    await house.states.async_issue()
    assert len(rows(store)) == 1  # those that ran out are thrown away


async def test_a_ticket_is_kept_as_a_fingerprint(house, store):
    state = await house.states.async_issue()
    [(_, key)] = rows(store)
    assert state not in key
    assert await house.states.async_consume(key) is False


# -- renewing -----------------------------------------------------------------------------------------------


def refreshed(slack):
    return [asked["refresh_token"] for asked in slack.asked if "refresh_token" in asked]


@pytest.mark.parametrize(("seconds", "is_renewed"), [(7201, False), (7200, True), (0, True), (-86400, True)])
async def test_a_token_is_renewed_two_hours_before_it_runs_out(house, slack, seconds, is_renewed):
    await house.installs.async_save(expiring(seconds))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    assert await house.tokens.of("T1") == ("xoxb-second" if is_renewed else "xoxb-first")
    assert refreshed(slack) == ["xoxe-1-one"] * is_renewed


async def test_a_token_that_never_runs_out_is_left_alone(house, slack, clock):
    await house.installs.async_save(installation())
    clock.move(NOW + timedelta(days=900))
    assert await house.tokens.of("T1") == "xoxb-first"
    assert slack.asked == []


async def test_a_renewed_token_is_kept_and_renewed_in_its_turn_with_the_new_refresh_token(house, process, slack, clock):
    await house.installs.async_save(expiring(600))
    slack.refreshes |= {
        "xoxe-1-one": renewed("xoxb-second", "xoxe-1-two"),
        "xoxe-1-two": renewed("xoxb-third", "xoxe-1-three"),
    }
    assert await house.tokens.of("T1") == "xoxb-second"
    there = await found(process())
    assert (there.bot_token, there.bot_refresh_token, there.user_id) == ("xoxb-second", "xoxe-1-two", "U_ADA")
    assert abs(there.bot_token_expires_at - (NOW.timestamp() + 43200)) <= 2
    clock.move(NOW + timedelta(hours=9))
    assert await house.tokens.of("T1") == "xoxb-second"
    clock.move(NOW + timedelta(hours=11))
    assert await house.tokens.of("T1") == "xoxb-third"
    assert refreshed(slack) == ["xoxe-1-one", "xoxe-1-two"]


async def test_many_who_ask_at_once_make_one_renewal_and_another_workspace_its_own(house, slack):
    await house.installs.async_save(expiring(600))
    await house.installs.async_save(expiring(600, "xoxe-2-one", team="T2"))
    slack.refreshes |= {"xoxe-1-one": renewed("xoxb-new1", "xoxe-1-two"), "xoxe-2-one": renewed("xoxb-new2", "x")}
    slack.open.clear()
    asking = [asyncio.create_task(house.tokens.of(team)) for team in ("T1", "T2") * 10]
    await slack.arrived.wait()
    slack.open.set()
    assert set(await asyncio.gather(*asking)) == {"xoxb-new1", "xoxb-new2"}
    assert sorted(refreshed(slack)) == ["xoxe-1-one", "xoxe-2-one"]


async def test_what_another_process_renewed_is_not_renewed_again(house, process, slack, clock):
    other = process()
    await house.installs.async_save(expiring(7230))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    assert await other.tokens.of("T1") == "xoxb-first"  # and remembers it for a minute
    clock.move(NOW + timedelta(seconds=31))
    assert await house.tokens.of("T1") == "xoxb-second"
    assert await other.tokens.of("T1") == "xoxb-second"
    assert refreshed(slack) == ["xoxe-1-one"]


async def test_two_processes_that_renew_at_the_same_moment_both_go_on(house, process, slack, clock):
    other = process()
    await house.installs.async_save(expiring(600))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    slack.open.clear()
    first = asyncio.create_task(house.tokens.of("T1"))
    await slack.arrived.wait()
    slack.arrived.clear()
    second = asyncio.create_task(other.tokens.of("T1"))
    await slack.arrived.wait()
    slack.open.set()
    assert await first == "xoxb-second"
    assert await second in {"xoxb-first", "xoxb-second"}  # the old one is good until it runs out
    assert await other.tokens.of("T1") == "xoxb-second"


async def test_who_gives_up_waiting_loses_no_new_token(house, process, slack):
    await house.installs.async_save(expiring(600))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    slack.open.clear()
    asking = asyncio.create_task(house.tokens.of("T1"))
    await slack.arrived.wait()
    asking.cancel()
    slack.open.set()
    await house.tokens.close()
    assert (await found(process())).bot_refresh_token == "xoxe-1-two"


@pytest.mark.parametrize("again", [False, True], ids=["uninstalled", "installed again"])
async def test_a_renewal_under_way_does_not_bring_back_what_was_uninstalled(house, store, slack, again):
    await house.installs.async_save(expiring(600))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    slack.open.clear()
    asking = asyncio.create_task(house.tokens.of("T1"))
    await slack.arrived.wait()
    await house.installs.forget(None, "T1")
    if again:
        await house.installs.async_save(installation(token="xoxb-anew"))
    slack.open.set()
    if again:
        assert await asking == "xoxb-anew"
    else:
        with pytest.raises(NotInstalled):
            await asking
    assert len(rows(store)) == again


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": False, "error": "internal_error"},
        {"ok": False, "error": "invalid_refresh_token"},
        502,
        200,
        429,
        {"ok": True, "token_type": "user", "access_token": "xoxp-ada"},
        {"ok": True, "token_type": "bot", "access_token": "xoxb-second"},
        {"ok": True, "token_type": "bot", "expires_in": 43200},
    ],
    ids=[
        "Slack's trouble",
        "used up",
        "a proxy's",
        "a proxy's and it says well",
        "too many",
        "a person's",
        "without an end",
        "without a token",
    ],
)
async def test_while_the_old_token_lasts_a_failed_renewal_disturbs_nobody(house, slack, clock, answer, caplog):
    await house.installs.async_save(expiring(600))
    slack.refreshes["xoxe-1-one"] = answer
    for _ in range(3):
        assert await house.tokens.of("T1") == "xoxb-first"
    assert refreshed(slack) == ["xoxe-1-one"]  # tried again in a minute, not at every message
    assert "could not renew the token of none-T1" in caplog.text
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    clock.move(NOW + timedelta(minutes=1))
    assert await house.tokens.of("T1") == "xoxb-second"
    assert "xox" not in caplog.text


async def test_a_token_that_ran_out_and_is_not_renewed_says_so_and_recovers(house, slack, clock):
    await house.installs.async_save(expiring(-1))
    slack.refreshes["xoxe-1-one"] = {"ok": False, "error": "internal_error"}
    with pytest.raises(NotRenewed, match="none-T1"):
        await house.tokens.of("T1")
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    assert await house.tokens.of("T1") == "xoxb-second"


async def test_a_token_that_ran_out_for_good_asks_for_a_new_installation(house):
    await house.installs.async_save(expiring(-1))
    with pytest.raises(NotInstalled, match="install Halqa there again"):
        await house.tokens.of("T1")
    await house.installs.async_save(installation(token="xoxb-anew"))
    assert await house.tokens.of("T1") == "xoxb-anew"


@pytest.mark.parametrize("kind", [NotInstalled, NotOpened, NotRenewed])
def test_a_message_without_a_token_was_certainly_not_sent_and_waits(kind):
    assert isinstance(kind("no token"), TryLater)
    assert kind("no token").wait >= timedelta(minutes=1)


async def test_slack_out_of_reach_is_told_from_no(house, slack):
    await house.installs.async_save(expiring(-1))
    await slack.stop()
    with pytest.raises(NotRenewed):
        await house.tokens.of("T1")


async def test_a_token_is_renewed_though_the_environment_names_a_proxy(process, slack, unused_tcp_port, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_tcp_port}")
    house = process()
    await house.installs.async_save(expiring(-1))
    slack.refreshes["xoxe-1-one"] = renewed("xoxb-second", "xoxe-1-two")
    assert await house.tokens.of("T1") == "xoxb-second"


async def test_reading_again_and_again_asks_the_database_once(house, store):
    await house.installs.async_save(installation())
    assert await house.tokens.of("T1") == "xoxb-first"
    with store.writing() as db:
        safe.drop(db, "slack installs", "none-T1")
    assert await house.tokens.of("T1") == "xoxb-first"


@pytest.mark.parametrize("who", [installs.SOON, clients.PATIENCE], ids=["many workspaces", "one"])
@pytest.mark.parametrize("what", [app.PATIENCE, home.PATIENCE], ids=["answer", "Home"])
def test_knowing_for_whom_and_then_answering_ends_before_slacks_three_seconds(who, what):
    assert who + what <= 2.75
