"""How Slack says no, what it means, how fast we speak, and who somebody is there."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError

from bot.chat import TryLater, Unreachable
from bot.slack import channels, failures, people
from bot.slack.pace import CHANNEL_GAP, Limits, Pace


def error(code="", status=200, **headers):
    data = {"ok": False, "error": code} if code else {}
    return SlackApiError("no", SimpleNamespace(data=data, status_code=status, headers=headers))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("channel_not_found", "nowhere"),
        ("is_archived", "nowhere"),
        ("not_in_channel", "nowhere"),
        ("user_disabled", "gone"),
        ("user_not_found", "gone"),
        ("cannot_dm_bot", "shut"),
        ("messages_tab_disabled", "shut"),
        ("msg_too_long", "refused"),
        ("invalid_blocks", "refused"),
        ("a_word_of_next_year", "refused"),
    ],
)
def test_what_can_never_be_said_there_tells_which_door_is_left(code, why):
    meant = failures.meaning(error(code))
    assert isinstance(meant, Unreachable)
    assert meant.why == why


@pytest.mark.parametrize(
    ("problem", "wait"),
    [
        (error("ratelimited", 429, **{"Retry-After": "7"}), timedelta(seconds=7)),
        (error("ratelimited", 200, **{"retry-after": "0"}), timedelta(seconds=1)),
        (error("", 429), failures.SHORT),
        (error("ratelimited", 429, **{"Retry-After": "soon"}), failures.SHORT),
        (error("service_unavailable"), failures.SHORT),
        (error("request_timeout"), failures.SHORT),
        (error("account_inactive"), failures.LONG),
        (error("token_revoked"), failures.LONG),
        (error("missing_scope"), failures.LONG),
        (error("accesslimited"), failures.LONG),
        (error("team_access_not_granted"), failures.LONG),
        (error("two_factor_setup_required"), failures.LONG),
        *((error("", status), failures.SHORT) for status in (400, 403, 404, 407, 408)),
    ],
)
def test_what_was_not_said_is_tried_later(problem, wait):
    meant = failures.meaning(problem)
    assert isinstance(meant, TryLater)
    assert meant.wait == wait


@pytest.mark.parametrize(
    "problem",
    [
        *(error("internal_error"), error("fatal_error"), error()),
        *(error("", 500), error("", 502), error("service_unavailable", 503), error("", 504)),
    ],
)
def test_what_may_have_been_said_stays_open_and_what_may_be_done_twice_is_tried_later(problem):
    assert failures.meaning(problem) is problem
    assert isinstance(failures.meaning(problem, is_harmless=True), TryLater)


@pytest.mark.parametrize("problem", [error("", 413), error("invalid_blocks", 400)])
def test_what_is_too_large_for_a_proxy_or_refused_by_slack_itself_is_not_tried_again(problem):
    assert failures.meaning(problem).why == "refused"


async def test_messages_into_one_channel_keep_their_distance_and_others_do_not_wait_for_them():
    pace = Pace(lambda: 100.0)
    await pace.turn("T1", "C1")
    waiting = asyncio.create_task(pace.turn("T1", "C1"))
    await pace.turn("T2", "C1")
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    assert CHANNEL_GAP > 1


def test_a_method_that_is_limited_is_left_alone_in_that_workspace_only():
    now = [100.0]
    limits = Limits(lambda: now[0])
    limits.silence("T1", "chat_postMessage", timedelta(seconds=30))
    with pytest.raises(TryLater) as held:
        limits.check("T1", "chat_postMessage")
    assert held.value.wait == timedelta(seconds=30)
    limits.check("T1", "users_info")
    limits.check("T2", "chat_postMessage")
    now[0] += 30
    limits.check("T1", "chat_postMessage")


@pytest.mark.parametrize(
    ("name", "number", "channel"),
    [
        ("Women in science, circle 1", 1, "women-in-science-circle-1"),
        ("Women in science, circle 1", 3, "women-in-science-circle-1-3"),
        ("دائرة العلوم 1", 1, "دائرة-العلوم-1"),
        ("  --  ", 1, "circle"),
        ("Ça va? <!channel> @here", 1, "ça-va-channel-here"),
        ("x" * 200, 1, "x" * 80),
        ("x" * 200, 12, "x" * 77 + "-12"),
    ],
)
def test_a_room_gets_a_name_that_slack_allows(name, number, channel):
    assert channels.channel_name(name, number) == channel


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ({"id": "U1"}, "member"),
        ({"id": "U1", "is_primary_owner": True, "is_owner": True, "is_admin": True}, "member"),
        ({"id": "U1", "is_restricted": True}, "guest"),
        ({"id": "U1", "is_restricted": True, "is_ultra_restricted": True}, "guest"),
        ({"id": "U1", "is_bot": True}, "bot"),
        ({"id": "USLACKBOT"}, "bot"),
        ({"id": "U1", "deleted": True}, "gone"),
        ({"id": "U1", "is_stranger": True}, "stranger"),
        ({"id": "U1", "team_id": "T9"}, "stranger"),
        ({"id": "U1", "team_id": "T9", "enterprise_user": {"enterprise_id": "E1", "teams": ["T1", "T9"]}}, "member"),
        ({"id": "U1", "team_id": "T9", "enterprise_user": {"enterprise_id": "E1", "teams": ["T9"]}}, "stranger"),
    ],
)
def test_it_is_known_for_whom_circles_are(user, kind):
    assert people.read(user, "T1").kind == kind


def test_her_name_zone_and_language_are_read():
    user = {"id": "U1", "name": "ada", "tz": "Africa/Lagos", "locale": "en-GB", "profile": {"display_name": "Ada L."}}
    assert people.read(user, "T1") == people.Known("Ada L.", "Africa/Lagos", "en-GB", "member")
    assert people.read({"id": "U1", "real_name": "Ada", "tz": None}).name == "Ada"
