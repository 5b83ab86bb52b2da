"""What people type and press on Slack, read as calls."""

import json

import pytest

from bot.slack import door

SLASH = {
    "command": "/circle",
    "text": "goal add Finish chapter two",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "13345.abc",
    "response_url": "https://hooks.slack.com/commands/1/2",
}


def pressed(value="circle met yes", **more):
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "lab"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "13345.def",
        "channel": {"id": "C1"},
        "container": {"type": "message", "channel_id": "C1", "is_ephemeral": False},
        "response_url": "https://hooks.slack.com/actions/1/2",
        "actions": [{"type": "button", "action_id": "call:1", "value": value}],
        **more,
    }


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", "circle"),
        ("   ", "circle"),
        ("status", "circle status"),
        ("avoid <@U2|bob>", "circle avoid @U2"),
        ("avoid <@U2>", "circle avoid @U2"),
        ("avoid <@W2ABC|bob>", "circle avoid @W2ABC"),
        ("avoid @bob", "circle avoid @bob"),
        ("thanks <@U2|bob> for the talk with <@U3|cleo>", "circle thanks @U2 for the talk with @cleo"),
        ("thanks <@U2|bob> for what <@U2|bob> said", "circle thanks @U2 for what @bob said"),
        ("goal add Ask <@U2|bob> about grants", "circle goal add Ask @bob about grants"),
        ("goal add Ask <@U2> about grants", "circle goal add Ask @U2 about grants"),
        ("goal add Write to <#C7|general>", "circle goal add Write to #general"),
        ("goal add Write to <#C7>", "circle goal add Write to #C7"),
        ("goal add Tell <!here> and <!subteam^S1|@lab>", "circle goal add Tell @here and @lab"),
        ("goal add Read <https://example.org/a?b=1|the page>", "circle goal add Read https://example.org/a?b=1"),
        ("goal add Write <mailto:a@example.org|a@example.org>", "circle goal add Write a@example.org"),
        ("goal add 1 &lt; 2 &amp; 3 &gt; 2", "circle goal add 1 < 2 & 3 > 2"),
        ("goal add &lt;@U2&gt; is no mention", "circle goal add <@U2> is no mention"),
        ("goal\u00a0add\u00a0Rest", "circle goal add Rest"),
        ("goal add “Rest” isn’t idle", 'circle goal add "Rest" isn\'t idle'),
        ("\u200bstatus\ufeff", "circle status"),
        ("goal add line one\nline two", "circle goal add line one\nline two"),
        ("goal add < not closed", "circle goal add < not closed"),
        ("nonsense <@U2|bob>", "circle nonsense @U2"),
    ],
)
def test_a_slash_command_is_read_as_it_was_meant(typed, read):
    assert door.line_of("/circle", typed) == read


def test_a_command_carries_who_where_and_the_ways_back():
    asked = door.command(SLASH)
    assert (asked.call.platform, asked.team, asked.person, asked.call.room) == ("slack", "T1", "U1", "C1")
    assert asked.call.id == "13345.abc"
    assert (asked.trigger, asked.url, asked.channel) == ("13345.abc", SLASH["response_url"], "C1")


@pytest.mark.parametrize("missing", ["command", "team_id", "user_id", "channel_id", "trigger_id"])
def test_a_command_without_its_parts_is_refused(missing):
    with pytest.raises(KeyError):
        door.command({key: value for key, value in SLASH.items() if key != missing})


def test_a_press_is_the_pressers_whoever_the_button_names():
    asked = door.press(pressed("circle avoid @U9"))
    assert (asked.person, asked.call.line) == ("U1", "circle avoid @U9")


@pytest.mark.parametrize(
    ("body", "is_alone"),
    [
        (pressed(), False),
        (pressed(channel={"id": "D1"}), True),
        (pressed(container={"type": "message", "channel_id": "C1", "is_ephemeral": True}), True),
    ],
)
def test_a_message_is_changed_only_where_nobody_else_sees_it(body, is_alone):
    assert door.press(body).is_alone is is_alone


def test_a_press_in_a_form_knows_where_the_form_came_from():
    origin = json.dumps({"call": "circle", "url": "https://hooks.slack.com/x", "channel": "C4"})
    view = {"id": "V1", "type": "modal", "private_metadata": origin}
    asked = door.press(pressed(view=view, channel=None, container={"type": "view", "view_id": "V1"}, response_url=None))
    assert (asked.view, asked.view_kind, asked.channel, asked.url) == ("V1", "modal", "C4", "https://hooks.slack.com/x")


@pytest.mark.parametrize(
    "broken",
    [
        {"actions": []},
        {"actions": [{"type": "button", "action_id": "call:1"}]},
        {"user": {}},
        {"trigger_id": None, "user": None},
        {"team": {}, "user": {"id": "U1"}},
    ],
)
def test_a_press_without_its_parts_is_refused(broken):
    with pytest.raises((KeyError, IndexError, TypeError)):
        door.press(pressed(**broken))


@pytest.mark.parametrize(
    ("team", "user", "is_foreign"),
    [
        ({"id": "T1"}, {"id": "U1", "team_id": "T1"}, False),
        ({"id": "T1"}, {"id": "U1"}, False),
        ({"id": "T1"}, {"id": "U1", "team_id": "T9"}, True),
        ({"id": "T1", "enterprise_id": "E1"}, {"id": "U1", "team_id": "E1"}, False),
    ],
)
def test_who_belongs_to_another_workspace_is_known_by_her_team(team, user, is_foreign):
    assert door.press(pressed(team=team, user=user)).is_foreign is is_foreign


def test_a_form_runs_the_call_that_it_was_opened_for():
    view = {"id": "V1", "hash": "h", "private_metadata": json.dumps({"call": "circle join in:lab", "channel": "C1"})}
    body = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "t1", "view": view}
    asked = door.submission(body, {"stance": "mentee"})
    assert (asked.call.line, asked.call.answers, asked.call.room) == ("circle join in:lab", {"stance": "mentee"}, "C1")


def test_a_form_sent_again_with_other_answers_is_another_gesture_and_with_the_same_it_is_not():
    view = {"id": "V1", "hash": "h", "private_metadata": json.dumps({"call": "circle goal add"})}
    body = {"team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}  # Slack documents no trigger_id here
    first, mended = (door.submission(body, {"text": text}).call.id for text in ("x" * 400, "Rest"))
    assert first != mended
    assert door.submission(body, {"text": "Rest"}).call.id == mended


@pytest.mark.parametrize("metadata", ["", "{", "[]", "null", '{"url": "x"}', '"circle join"'])
def test_a_form_that_is_not_ours_runs_nothing(metadata):
    view = {"id": "V1", "hash": "h", "private_metadata": metadata}
    with pytest.raises(KeyError):
        door.submission({"team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}, {})
