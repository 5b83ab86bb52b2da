"""Modals, home tabs, tokens and installations of the stand-in's Web API."""

import json
import secrets
from typing import Any

from slack_methods import Call, Refusal, method
from slack_things import TRIGGER_LIFE, Grant, View
from slack_town import Town
from slack_words import with_ids

DEEPEST_STACK = 3
LARGEST_VIEW = 250_000
TOKEN_LIFE = 43_200


def view_shape(town: Town, view: View) -> dict[str, Any]:
    """A view as Slack gives it back, with what was filled in."""
    workspace = town.workspaces[view.team]
    standing = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "close": None}
    standing |= {"submit": None, "clear_on_close": False, "notify_on_close": False}
    return {
        **standing,
        **view.shape,
        "id": view.id,
        "team_id": view.team,
        "state": {"values": view.state},
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": town.app_id,
        "app_installed_team_id": view.team,
        "bot_id": workspace.bot_id,
    }


def show(town: Town, team: str, user: str, shape: dict[str, Any], *, is_pushed: bool) -> View:
    """Put a modal on somebody's screen: alone, or upon the ones that are open."""
    stack = town.stacks[team, user]
    if not is_pushed:
        for old in stack:
            del town.views[old]
        stack.clear()
    name = f"V{town.number():08d}"
    previous = stack[-1] if stack else None
    root = stack[0] if stack else name
    view = View(name, team, user, _kept(town, shape, name), _hash(town), root, previous)
    town.views[name] = view
    stack.append(name)
    town.touch()
    return view


def push(town: Town, team: str, user: str, shape: dict[str, Any]) -> View:
    """Put a modal upon the ones that are open, three at most."""
    if not 0 < len(town.stacks[team, user]) < DEEPEST_STACK:
        raise Refusal("push_limit_reached")
    return show(town, team, user, shape, is_pushed=True)


def change(town: Town, view: View, shape: dict[str, Any]) -> View:
    """Give an open view another content; what was filled in stays where the same field is still there."""
    view.shape, view.hash = _kept(town, shape, view.id), _hash(town)
    kept = {block["block_id"] for block in view.shape["blocks"]}
    view.state = {block: values for block, values in view.state.items() if block in kept}
    town.touch()
    return view


def _kept(town: Town, shape: dict[str, Any], own: str) -> dict[str, Any]:
    if len(json.dumps(shape)) > LARGEST_VIEW:
        raise Refusal("view_too_large")
    external = shape.get("external_id")
    if external and any(v.shape.get("external_id") == external and v.id != own for v in town.views.values()):
        raise Refusal("duplicate_external_id")
    return {**shape, "blocks": with_ids(shape["blocks"], town.number)}


def _hash(town: Town) -> str:
    return f"17700.{town.number()}.{secrets.token_hex(4)}"


def _spend(call: Call) -> str:
    """Use up a trigger_id, and give whose it was."""
    trigger = call.town.triggers.get(str(call.get("trigger_id")))
    if trigger is None or trigger.team != call.workspace.id:
        raise Refusal("invalid_trigger_id")
    if trigger.is_spent:
        raise Refusal("exchanged_trigger_id")
    if call.town.now() - trigger.born > TRIGGER_LIFE:
        raise Refusal("expired_trigger_id")
    trigger.is_spent = True
    return trigger.user


def _modal(call: Call) -> dict[str, Any]:
    shape = call.view()
    if shape["type"] != "modal":
        raise Refusal("invalid_arguments")
    return shape


@method("views.open", needs="trigger_id view", takes="interactivity_pointer")
def open_view(call: Call) -> dict[str, Any]:
    shape = _modal(call)
    user = _spend(call)
    return {"view": view_shape(call.town, show(call.town, call.workspace.id, user, shape, is_pushed=False))}


@method("views.push", needs="trigger_id view", takes="interactivity_pointer")
def push_view(call: Call) -> dict[str, Any]:
    shape = _modal(call)
    user = _spend(call)
    return {"view": view_shape(call.town, push(call.town, call.workspace.id, user, shape))}


@method("views.update", needs="view", takes="external_id view_id hash")
def update_view(call: Call) -> dict[str, Any]:
    shape = call.view()
    if not call.get("view_id") and not call.get("external_id"):
        raise Refusal("invalid_arguments")
    for view in call.town.views.values():
        is_meant = view.id == call.get("view_id") or (
            call.get("external_id") and view.shape.get("external_id") == call.get("external_id")
        )
        if is_meant and view.team == call.workspace.id:
            if call.get("hash") and call.get("hash") != view.hash:
                raise Refusal("hash_conflict")
            return {"view": view_shape(call.town, change(call.town, view, shape))}
    raise Refusal("not_found")


@method("views.publish", needs="user_id view", takes="hash")
def publish(call: Call) -> dict[str, Any]:
    shape = call.view()
    user = call.member(call.get("user_id")).id
    if shape["type"] != "home":
        raise Refusal("invalid_arguments")
    known = call.town.homes.get((call.workspace.id, user))
    if known is None:
        name = f"V{call.town.number():08d}"
        home = View(name, call.workspace.id, user, _kept(call.town, shape, name), _hash(call.town), name)
        call.town.views[name] = home
        call.town.homes[call.workspace.id, user] = name
        call.town.touch()
        return {"view": view_shape(call.town, home)}
    home = call.town.views[known]
    if call.get("hash") and call.get("hash") != home.hash:
        raise Refusal("hash_conflict")
    return {"view": view_shape(call.town, change(call.town, home, shape))}


@method("auth.test")
def auth_test(call: Call) -> dict[str, Any]:
    workspace = call.workspace
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.domain,
        "user": "halqa",
        "team_id": workspace.id,
        "user_id": workspace.bot,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


@method("auth.revoke", takes="test")
def revoke(call: Call) -> dict[str, Any]:
    if call.is_set("test"):
        return {"revoked": False}
    call.town.grants[call.token].trouble = "token_revoked"
    return {"revoked": True}


@method("apps.uninstall", needs="client_id client_secret")
def uninstall(call: Call) -> dict[str, Any]:
    _check_client(call)
    call.town.uninstall(call.workspace.id)
    return {}


@method("apps.connections.open", asker="app")
def open_connection(call: Call) -> dict[str, Any]:
    ticket = secrets.token_hex(16)
    call.town.tickets.add(ticket)
    address = call.town.url.replace("http://", "ws://")
    return {"url": f"{address}/link/?ticket={ticket}&app_id={call.town.app_id}"}


def _check_client(call: Call) -> None:
    if call.get("client_id") != call.town.client_id:
        raise Refusal("invalid_client_id")
    if call.get("client_secret") != call.town.client_secret:
        raise Refusal("bad_client_secret")


@method(
    "oauth.v2.access",
    needs="client_id client_secret",
    takes="code redirect_uri grant_type refresh_token",
    asker="nobody",
)
def access(call: Call) -> dict[str, Any]:
    _check_client(call)
    town = call.town
    if call.get("grant_type", "authorization_code") == "refresh_token":
        team = town.refreshes.pop(str(call.get("refresh_token")), None)
        if team is None:
            raise Refusal("invalid_refresh_token")
        return _installation(town, team)
    code = str(call.get("code"))
    if code in town.spent_codes:
        raise Refusal("code_already_used")
    if code not in town.codes:
        raise Refusal("invalid_code")
    team, user = town.codes.pop(code)
    town.spent_codes.add(code)
    return _installation(town, team) | {"authed_user": {"id": user}}


def _installation(town: Town, team: str) -> dict[str, Any]:
    workspace = town.workspaces[team]
    mark = secrets.token_hex(8)
    token = f"xoxe.xoxb-1-{mark}" if town.rotates else f"xoxb-{mark}"
    scopes = next(grant.scopes for grant in town.grants.values() if grant.team == team)
    town.grants[token] = Grant(team, scopes, expires=town.now() + TOKEN_LIFE if town.rotates else None)
    answer: dict[str, Any] = {
        "access_token": token,
        "token_type": "bot",
        "scope": ",".join(scopes),
        "bot_user_id": workspace.bot,
        "app_id": town.app_id,
        "team": {"id": team, "name": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
    if town.rotates:
        refresh = f"xoxe-1-{secrets.token_hex(8)}"
        town.refreshes[refresh] = team
        answer |= {"refresh_token": refresh, "expires_in": TOKEN_LIFE}
    return answer
