"""What nobody may do on Slack: forge a request, act for somebody else, reach another tenant, ping through the bot."""

import time

import cast
import pytest
from slack_gestures import Gestures
from slack_house import SECRET, TEAM, TOKEN, heard, log_at_debug, term

from circles.effects import Tell
from circles.messages import message

WRONG = "0000000000000000ffffffffffffffff"


# --- forged and repeated requests -------------------------------------------------------------------------------------


def payload(house, text="goal add CANARYGOAL", team=TEAM, user="UCLEO"):
    """A slash command as Slack sends it."""
    return {
        "token": "town",
        "team_id": team,
        "team_domain": "t1",
        "channel_id": "D1",
        "channel_name": "directmessage",
        "user_id": user,
        "user_name": "cleo",
        "command": "/circle",
        "text": text,
        "api_app_id": house.town.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{house.town.url}/response/none",
        "trigger_id": f"{house.town.number()}.T1.abc",
    }


def with_header(name, value):
    return lambda request: request.headers.__setitem__(name, value)


@pytest.mark.parametrize(
    "spoil",
    [
        with_header("X-Slack-Signature", "v0=" + "0" * 64),
        with_header("X-Slack-Signature", ""),
        with_header("X-Slack-Signature", "v0=é"),
        with_header("X-Slack-Request-Timestamp", ""),
        with_header("X-Slack-Request-Timestamp", "yesterday"),
        with_header("X-Slack-Request-Timestamp", "-1"),
        with_header("X-Slack-Request-Timestamp", "٣٣"),
        lambda request: object.__setattr__(request, "body", request.body.replace("CANARYGOAL", "CANARYOTHER")),
        lambda request: object.__setattr__(request, "body", request.body.replace("UCLEO", "UDANA")),
    ],
)
async def test_a_request_that_slack_did_not_sign_is_refused_and_runs_nothing(house, spoil):
    term(house)
    before = cast.rows(house.desk.store)
    request = house.way.signed("slash_commands", payload(house))
    spoil(request)
    with log_at_debug() as log:
        assert (await house.way.delivers(request)).status == 401
        await house.settles()
    assert cast.rows(house.desk.store, besides=("inbox", "heartbeat")) == before
    assert house.town.posts == []
    assert "refused a request that is not signed by Slack, or too old" in log.getvalue()
    for secret in ("CANARY", SECRET, TOKEN, request.headers["X-Slack-Signature"] or SECRET):
        assert secret not in log.getvalue()


@pytest.mark.parametrize("age", [301, 3600, -301])
async def test_a_request_of_another_time_is_refused(house, age):
    term(house)
    request = house.way.signed("slash_commands", payload(house), at=time.time() - age)
    assert (await house.way.delivers(request)).status == 401


async def test_a_request_signed_with_another_secret_is_refused_and_one_of_just_now_is_taken(house):
    term(house)
    assert (await house.way.delivers(house.way.signed("slash_commands", payload(house), secret=WRONG))).status == 401
    heard_back = await house.way.delivers(house.way.signed("slash_commands", payload(house), at=time.time() - 200))
    assert (heard_back.status, "Kept as goal 1" in heard_back.text) == (200, True)


async def test_the_same_request_again_gets_the_same_answer_and_changes_nothing_twice(house):
    term(house)
    first = await house.way.delivers(house.way.signed("slash_commands", payload(house)))
    before = cast.rows(house.desk.store)
    again = await house.way.repeats()
    assert (again.status, again.text) == (200, first.text)
    assert cast.rows(house.desk.store) == before


async def test_the_same_press_again_thanks_once(house):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    term(house)
    await cleo.types("/circle thanks <@UDANA|dana>")
    await cleo.gets_form()
    await cleo.fills(text="Thank you!")
    await house.way.repeats()
    await house.settles()
    assert len(heard(dana, "Thank you!")) == 1


# --- other people, other tenants --------------------------------------------------------------------------------------


async def presses(person, value):
    """Press a button whose value was tampered with."""
    action = {"type": "button", "action_id": "call:1", "block_id": "b", "value": value, "action_ts": "1.1"}
    room = person._room(None)
    more = {"trigger_id": person.town.trigger(person.team, person.user), "actions": [action], "channel": room}
    more |= {"container": {"type": "message", "message_ts": "1.1", "channel_id": room["id"], "is_ephemeral": False}}
    more |= {"response_url": person.town.response_url(person.team, room["id"], person.user)}
    await person.gestures.send("interactive", person._payload("block_actions", **more))


TAMPERED = (
    "circle leave yes @UDANA",
    "circle data delete yes @UDANA",
    "circle goal drop 2",
    "circle checkin @UDANA same",
    "circle zone Asia/Amman @UDANA",
    "circle again 1",
    "circle goal share 1 circle user:UDANA",
    "programme circles move @UDANA 1",
    "programme close yes",
    "programme organisers add @UCLEO",
    "programme organisers remove @UBOB",
    "circle status in:elsewhere",
    "no such thing",
    "{}",
    "x" * 2000,
)


async def test_tampered_buttons_change_nothing_for_anybody_else(any_way):
    house = any_way
    term(house)
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    await dana.types("/circle goal add Learn CANARY")
    before = cast.rows(house.desk.store)
    for number, value in enumerate(TAMPERED, start=1):
        await presses(cleo, value)
        await house.settles()
        assert len(cleo.sees()) >= number, f"no answer to {value}"
    after, row = cast.rows(house.desk.store), house.known("UDANA")
    for table in ("organiser", "goal", "check_in", "programme"):
        assert after[table] == before[table], table
    for table in ("member", "person"):
        assert [one for one in after[table] if row in one or "UDANA" in one] == [
            one for one in before[table] if row in one or "UDANA" in one
        ]
    assert heard(cleo, "CANARY") == []


async def test_another_workspaces_id_with_a_single_token_is_refused(any_way):
    house = any_way
    term(house)
    house.town.add_workspace("T2", "xoxb-2-other")
    eve = house.person("UEVE", "T2")
    before = cast.rows(house.desk.store)
    with log_at_debug() as log:
        await eve.types("/circle join")
        if isinstance(house.way, Gestures):  # bolt answers each of them, where a line takes no answer
            await eve.opens_home()
            await eve.uses_shortcut("your_circle")
            await presses(eve, "circle leave yes")
        await house.settles()
    assert cast.rows(house.desk.store) == before
    assert (eve.modal, eve.home) == (None, None)
    await eve.hears("I can't answer here just now; please try again in a minute.")
    assert heard(eve, "Physics") == []
    assert (TOKEN in log.getvalue(), "xoxb-2-other" in log.getvalue()) == (False, False)


async def test_ids_of_another_tenant_are_refused_in_the_same_words_as_unknown_ones(house):
    talk = house.cast("T2")
    theirs = cast.programme(talk, organisers=("UOLGA", "UPETRA"), slug="chemistry", name="Chemistry", state="running")
    cast.circle(talk, theirs, mentors=("UIVY",), mentees=("UJO",), name="Olive")
    house.puts(theirs, Tell("theirs", house.known("UIVY", "T2"), message("CANARY"), "thanks", urgent=True))
    term(house)
    cleo, ada = house.person("UCLEO"), house.person("UADA")
    for person, one, other in (
        (cleo, "circle status in:chemistry", "circle status in:nowhere"),
        (cleo, "circle join in:chemistry", "circle join in:nowhere"),
        (cleo, "circle again 1", "circle again 99"),
        (cleo, "circle met yes 1 in:chemistry", "circle met yes 1 in:nowhere"),
        (ada, "programme status in:chemistry", "programme status in:nowhere"),
        (ada, "programme circles move @UIVY 1", "programme circles move @UNONE 1"),
    ):
        await presses(person, one)
        await house.side.rests()
        said = person.sees()[-1].words.replace("chemistry", "nowhere").replace("UIVY", "UNONE")
        await presses(person, other)
        await house.side.rests()
        assert person.sees()[-1].words == said
        assert "Chemistry" not in said
    for person in (cleo, ada):
        assert heard(person, "CANARY") == []
