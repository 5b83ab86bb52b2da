"""Conversations and people of the stand-in's Web API."""

import re
from typing import Any

from slack_methods import Call, Refusal, method
from slack_things import Channel, Member

READ = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
WRITE = {"public": "channels:manage", "private": "groups:write", "im": "im:write", "mpim": "mpim:write"}
TYPES = {"public": "public_channel", "private": "private_channel", "im": "im", "mpim": "mpim"}
LASTING = "groups:write channels:manage"
INVITES = "groups:write.invites channels:write.invites"
TOPICS = "groups:write.topic channels:write.topic"
NARROWER = {"public": "channels:write", "private": "groups:write"}
LONGEST_NAME = 80
LONGEST_TOPIC = 250
MOST_IN_A_CONVERSATION = 8


def room_shape(call: Call, room: Channel) -> dict[str, Any]:
    """A room as Slack gives it back."""
    bot = call.workspace.bot
    shape: dict[str, Any] = {
        "id": room.id,
        "created": room.created,
        "creator": room.creator,
        "is_archived": room.is_archived,
        "is_channel": room.kind == "public",
        "is_group": room.kind == "private",
        "is_im": room.kind == "im",
        "is_mpim": room.kind == "mpim",
        "is_private": room.kind != "public",
        "is_shared": room.is_shared,
        "is_ext_shared": room.is_shared,
        "is_org_shared": False,
        "context_team_id": room.team,
    }
    if room.kind == "im":
        return shape | {"user": next((user for user in room.members if user != bot), bot)}
    return shape | {
        "name": room.name,
        "name_normalized": room.name,
        "is_general": room.name == "general",
        "is_member": bot in room.members,
        "topic": {"value": room.topic, "creator": bot if room.topic else "", "last_set": 0},
        "purpose": {"value": room.purpose, "creator": bot if room.purpose else "", "last_set": 0},
    }


def user_shape(call: Call, member: Member) -> dict[str, Any]:
    """A person as Slack gives her back; of a deactivated one less is known."""
    shape: dict[str, Any] = {
        "id": member.id,
        "team_id": member.home_team or member.team,
        "name": member.name.lower().replace(" ", "."),
        "deleted": member.deleted,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": 1_770_000_000,
        "profile": {"real_name": member.name, "display_name": member.name, "team": member.home_team or member.team},
    }
    if member.deleted:
        return shape
    shape |= {"locale": member.locale} if call.is_set("include_locale") else {}
    shape |= {"is_stranger": True} if member.is_stranger else {}
    return shape | {
        "real_name": member.name,
        "tz": member.tz,
        "tz_label": member.tz,
        "tz_offset": 0,
        "is_admin": member.is_primary_owner,
        "is_owner": member.is_primary_owner,
        "is_primary_owner": member.is_primary_owner,
        "is_restricted": member.is_restricted or member.is_ultra_restricted,
        "is_ultra_restricted": member.is_ultra_restricted,
    }


@method("conversations.open", takes="channel return_im users prevent_creation", scopes="im:write mpim:write")
def open_conversation(call: Call) -> dict[str, Any]:
    if call.get("channel"):
        room, was_open = call.channel(), True
    else:
        people = [user for user in dict.fromkeys(call.listed("users")) if user != call.workspace.bot]
        if not call.listed("users"):
            raise Refusal("users_list_not_supplied")
        if not people:
            raise Refusal("cannot_dm_bot")
        if len(people) > MOST_IN_A_CONVERSATION:
            raise Refusal("too_many_users")
        for member in [call.member(user) for user in people]:
            if member.is_bot:
                raise Refusal("cannot_dm_bot")
            if member.deleted:
                raise Refusal("user_disabled")
        call.needs("im:write" if len(people) == 1 else "mpim:write")
        room, was_open = call.town.conversation(call.workspace.id, people)
    shape = room_shape(call, room) if call.is_set("return_im") or room.kind == "mpim" else {"id": room.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if was_open else {})


@method("conversations.create", needs="name", takes="is_private team_id", scopes=LASTING)
def create(call: Call) -> dict[str, Any]:
    kind = "private" if call.is_set("is_private") else "public"
    call.needs(WRITE[kind])
    if call.is_set("team_id") and call.get("team_id") != call.workspace.id:
        raise Refusal("team_access_not_granted")
    name = str(call.get("name"))
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise Refusal("invalid_name_maxlength")
    if any(letter.isupper() or not (letter.isalnum() or letter in "-_") for letter in name):
        raise Refusal("invalid_name_specials")
    if re.fullmatch(r"[-_]+", name):
        raise Refusal("invalid_name_punctuation")
    if any(room.name == name for room in call.workspace.channels.values()):
        raise Refusal("name_taken")
    room = call.town.new_channel(call.workspace.id, kind, name, call.workspace.bot, [call.workspace.bot])
    return {"channel": room_shape(call, room)}


def _why_not(call: Call, room: Channel, user: str) -> str:
    """Slack's name for why somebody can't be brought into a room; empty if she can."""
    member = call.workspace.members.get(user)
    if member is None:
        return "user_not_found"
    if user == call.workspace.bot:
        return "cant_invite_self"
    if user in room.members:
        return "already_in_channel"
    if member.deleted or (member.is_stranger and not room.is_shared):
        return "cant_invite"
    others = [one for one in call.workspace.channels.values() if one.kind in {"public", "private"}]
    if member.is_ultra_restricted and any(user in one.members for one in others):
        return "ura_max_channels"
    return ""


@method("conversations.invite", needs="channel users", takes="force", scopes=f"{LASTING} {INVITES}")
def invite(call: Call) -> dict[str, Any]:
    room = call.lasting_channel()
    call.needs(WRITE[room.kind], f"{NARROWER[room.kind]}.invites")
    people = list(dict.fromkeys(call.listed("users")))
    if not people:
        raise Refusal("no_user")
    whys = {user: _why_not(call, room, user) for user in people}
    errors = [{"user": user, "ok": False, "error": why} for user, why in whys.items() if why]
    welcome = [user for user, why in whys.items() if not why]
    if errors and (not call.is_set("force") or not welcome):
        raise Refusal(errors[0]["error"], errors=errors)
    room.members += welcome
    return {"channel": room_shape(call, room)} | ({"errors": errors} if errors else {})


@method("conversations.kick", needs="channel user", scopes=LASTING)
def kick(call: Call) -> dict[str, Any]:
    room = call.lasting_channel()
    call.needs(WRITE[room.kind])
    user = call.member(call.get("user")).id
    if user == call.workspace.bot:
        raise Refusal("cant_kick_self")
    if user not in room.members:
        raise Refusal("not_in_channel")
    room.members.remove(user)
    return {"errors": {}}


@method("conversations.archive", needs="channel", scopes=LASTING)
def archive(call: Call) -> dict[str, Any]:
    room = call.lasting_channel(is_open=False)
    call.needs(WRITE[room.kind])
    if room.is_archived:
        raise Refusal("already_archived")
    room.is_archived = True
    call.town.touch()
    return {}


@method("conversations.setTopic", needs="channel topic", scopes=f"{LASTING} {TOPICS}")
def set_topic(call: Call) -> dict[str, Any]:
    room = call.lasting_channel()
    call.needs(WRITE[room.kind], f"{NARROWER[room.kind]}.topic")
    if len(call.get("topic")) > LONGEST_TOPIC:
        raise Refusal("too_long")
    room.topic = call.get("topic")
    return {"channel": room_shape(call, room)}


@method("conversations.setPurpose", needs="channel purpose", scopes=f"{LASTING} {TOPICS}")
def set_purpose(call: Call) -> dict[str, Any]:
    room = call.lasting_channel()
    call.needs(WRITE[room.kind], f"{NARROWER[room.kind]}.topic")
    if len(call.get("purpose")) > LONGEST_TOPIC:
        raise Refusal("too_long")
    room.purpose = call.get("purpose")
    return {"purpose": room.purpose, "channel": room_shape(call, room)}


@method("conversations.leave", needs="channel", scopes=LASTING)
def leave(call: Call) -> dict[str, Any]:
    room = call.lasting_channel(is_inside=False)
    call.needs(WRITE[room.kind])
    if call.workspace.bot not in room.members:
        return {"not_in_channel": True}
    room.members.remove(call.workspace.bot)
    return {}


@method("conversations.info", needs="channel", takes="include_locale include_num_members")
def info(call: Call) -> dict[str, Any]:
    room = call.channel(is_open=False, is_inside=False)
    call.needs(READ[room.kind])
    shape = room_shape(call, room)
    shape |= {"locale": "en-US"} if call.is_set("include_locale") else {}
    return {"channel": shape | ({"num_members": len(room.members)} if call.is_set("include_num_members") else {})}


@method("conversations.members", needs="channel", takes="cursor limit")
def members(call: Call) -> dict[str, Any]:
    room = call.channel(is_open=False, is_inside=False)
    call.needs(READ[room.kind])
    page, metadata = call.page(room.members)
    return {"members": page, "response_metadata": metadata}


@method("conversations.list", takes="cursor exclude_archived limit team_id types")
def list_rooms(call: Call) -> dict[str, Any]:
    types = call.listed("types") or ["public_channel"]
    if not set(types) <= set(TYPES.values()):
        raise Refusal("invalid_types")
    for kind, name in TYPES.items():
        if name in types:
            call.needs(READ[kind])
    found = [
        room_shape(call, room)
        for room in call.workspace.channels.values()
        if TYPES[room.kind] in types
        and (room.kind == "public" or call.workspace.bot in room.members)
        and not (room.is_archived and call.is_set("exclude_archived"))
    ]
    page, metadata = call.page(found)
    return {"channels": page, "response_metadata": metadata}


@method("users.info", needs="user", takes="include_locale", scopes="users:read")
def user_info(call: Call) -> dict[str, Any]:
    return {"user": user_shape(call, call.member(call.get("user")))}


@method("users.list", takes="cursor include_locale limit team_id", scopes="users:read")
def user_list(call: Call) -> dict[str, Any]:
    page, metadata = call.page(call.workspace.members.values())
    return {
        "members": [user_shape(call, one) for one in page],
        "cache_ts": 1_770_000_000,
        "response_metadata": metadata,
    }
