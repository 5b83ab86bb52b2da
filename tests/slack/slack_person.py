"""Somebody in the stand-in Slack: what she sees, and what she does, over either transport."""

import time
from typing import TYPE_CHECKING, Any

from slack_chat_methods import shape_of
from slack_forms import fill, option_named, state_of, why_not_sent
from slack_methods import Refusal, checked_view
from slack_screen import Screen, Seen
from slack_things import Post, ReturnPath, View
from slack_view_methods import DEEPEST_STACK, change, push, view_shape
from slack_web_api import answer_at
from slack_words import elements_of, options_of

if TYPE_CHECKING:
    from slack_gestures import Way


class Person(Screen):
    """Somebody of one workspace. ``errors`` is what her form says is wrong, by block_id, until she sends it again."""

    def __init__(self, gestures: "Way", team: str, user: str) -> None:
        super().__init__(gestures.town, team, user)
        self.gestures = gestures
        self.errors: dict[str, str] = {}

    def _self(self) -> dict[str, Any]:
        member = self.town.workspaces[self.team].members[self.user]
        name = member.name.lower().replace(" ", ".")
        return {"id": self.user, "username": name, "name": name, "team_id": member.home_team or self.team}

    def _payload(self, kind: str, **more: Any) -> dict[str, Any]:
        domain = self.town.workspaces[self.team].domain
        return {
            "type": kind,
            "token": "town",
            "api_app_id": self.town.app_id,
            "team": {"id": self.team, "domain": domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": self._self(),
            **more,
        }

    def _room(self, channel: str | None) -> dict[str, str]:
        room = self.town.workspaces[self.team].channels.get(channel or "")
        if room is None:
            room = self.town.conversation(self.team, [self.user])[0]
        name = {"im": "directmessage", "private": "privategroup"}.get(room.kind, room.name)
        return {"id": room.id, "name": name}

    def _path(self, url: str) -> ReturnPath:
        return self.town.paths[url.rsplit("/", 1)[1]]

    async def types(self, line: str, channel: str | None = None) -> None:
        """Type a slash command, in the app's direct message unless another room is named."""
        command, _, text = line.partition(" ")
        room = self._room(channel)
        url = self.town.response_url(self.team, room["id"], self.user)
        payload = {
            "token": "town",
            "team_id": self.team,
            "team_domain": self.town.workspaces[self.team].domain,
            "channel_id": room["id"],
            "channel_name": room["name"],
            "user_id": self.user,
            "user_name": self._self()["name"],
            "command": command,
            "text": text,
            "api_app_id": self.town.app_id,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self.town.trigger(self.team, self.user),
        }
        answer = await self.gestures.send("slash_commands", payload, accepts_answer=True)
        if answer:
            own = self._path(url)
            answer_at(self.town, ReturnPath(own.team, own.channel, own.user, own.born), answer)

    async def presses(self, label: str, where: Seen | None = None) -> None:
        """Press the newest button with this label."""
        for seen in self.surfaces(where):
            for block, element in elements_of(seen.blocks):
                if element["type"] == "button" and element["text"]["text"] == label:
                    chosen: dict[str, Any] = {key: element[key] for key in ("text", "value", "style") if key in element}
                    await self._acts(seen, block, element, chosen)
                    return
        raise AssertionError(f"{self.user} sees no button {label!r}. She sees:\n\n{self.everything()}")

    async def chooses(self, option: str, where: Seen | None = None) -> None:
        """Choose from a menu, by the option's words."""
        for seen in self.surfaces(where):
            for block, element in elements_of(seen.blocks):
                if any(option == one["text"]["text"] for one in options_of(element)):
                    chosen = {"selected_option": option_named(element, option)}
                    await self._acts(seen, block, element, chosen)
                    return
        raise AssertionError(f"{self.user} can't choose {option!r}. She sees:\n\n{self.everything()}")

    async def _acts(self, seen: Seen, block: dict[str, Any], element: dict[str, Any], chosen: dict[str, Any]) -> None:
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": f"{time.time():.6f}",
            **chosen,
        }
        more: dict[str, Any] = {"trigger_id": self.town.trigger(self.team, self.user), "actions": [action]}
        source = seen.source
        source.state = state_of(seen.blocks, source.state)
        if element["type"] != "button" and element["type"] != "overflow":
            source.state[block["block_id"]][element["action_id"]] = {"type": element["type"], **chosen}
        if isinstance(source, View):
            more |= {"container": {"type": "view", "view_id": source.id}, "view": view_shape(self.town, source)}
        else:
            where = {"message_ts": source.ts, "channel_id": source.channel, "is_ephemeral": seen.is_ephemeral}
            more |= {"container": {"type": "message", **where}, "channel": self._room(source.channel)}
            more |= {"state": {"values": source.state}}
            more |= {"response_url": self.town.response_url(self.team, source.channel, self.user, source)}
            if not seen.is_ephemeral:  # of an ephemeral message Slack keeps nothing that it could send
                more |= {"message": shape_of(source, self.town.app_id)}
        await self.gestures.send("interactive", self._payload("block_actions", **more))

    async def fills(self, answers: dict[str, Any] | None = None, /, **more: Any) -> None:
        """Fill the open modal, each field by block_id, action_id or label, and send it; see ``errors`` afterwards."""
        assert self.modal, f"{self.user} has no form open. She sees:\n\n{self.everything()}"
        view = self.modal.source
        assert isinstance(view, View)
        blocks = view.shape["blocks"]
        view.state = state_of(blocks, view.state)
        fill(blocks, view.state, {**(answers or {}), **more})
        self.errors = why_not_sent(blocks, view.state)
        if self.errors:
            return
        trigger = self.town.trigger(self.team, self.user)
        shape = view_shape(self.town, view)
        payload = self._payload("view_submission", trigger_id=trigger, view=shape, response_urls=[])
        answer = await self.gestures.send("interactive", payload, accepts_answer=True)
        if answer is not None and view.id in self.town.views:
            self._answered(view, answer)

    def _answered(self, view: View, answer: dict[str, Any]) -> None:
        """Do what the answer to a form says; without a word, it closes."""
        try:
            match answer.get("response_action"):
                case None if not answer:
                    self._close(1)
                case "clear":
                    self._close(DEEPEST_STACK)
                case "errors":
                    self.errors = dict(answer["errors"])
                    inputs = {block["block_id"] for block in view.shape["blocks"] if block["type"] == "input"}
                    if not self.errors or set(self.errors) - inputs:
                        self.town.complain(f"response_action: errors for no field: {sorted(self.errors)}")
                case "update":
                    change(self.town, view, checked_view(self.town, "response_action", answer["view"]))
                case "push":
                    shape = checked_view(self.town, "response_action", answer["view"])
                    push(self.town, self.team, self.user, shape)
                case _:
                    self.town.complain(f"response_action: not understood: {sorted(answer)}")
        except Refusal as refusal:
            self.town.complain(f"response_action: {refusal.error}")

    def _close(self, count: int) -> None:
        stack = self.town.stacks[self.team, self.user]
        for _ in range(min(count, len(stack))):
            del self.town.views[stack.pop()]
        self.town.touch()

    async def cancels(self) -> None:
        """Close the open modal without sending it; the app is told if the view asks for it."""
        assert self.modal, f"{self.user} has no form open."
        view = self.modal.source
        assert isinstance(view, View)
        payload = self._payload("view_closed", view=view_shape(self.town, view), is_cleared=False)
        self._close(DEEPEST_STACK if view.shape.get("clear_on_close") else 1)
        self.errors = {}
        if view.shape.get("notify_on_close"):
            await self.gestures.send("interactive", payload)

    async def opens_home(self, tab: str = "home", *, event_id: str = "") -> None:
        """Open the app's home tab (or its messages)."""
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self.user,
            "channel": self._room(None)["id"],
            "tab": tab,
        }
        event |= {"event_ts": self.town.ts()}
        if tab == "home" and self.home and isinstance(self.home.source, View):
            event |= {"view": view_shape(self.town, self.home.source)}
        await self.gestures.tells(self.team, event, event_id=event_id)

    async def uses_shortcut(self, callback_id: str, message: Seen | None = None) -> None:
        """Use a global shortcut, or the shortcut of a message."""
        more: dict[str, Any] = {"callback_id": callback_id, "action_ts": f"{time.time():.6f}"}
        more |= {"trigger_id": self.town.trigger(self.team, self.user)}
        if message is None:
            await self.gestures.send("interactive", self._payload("shortcut", **more))
            return
        assert isinstance(message.source, Post)
        more |= {"channel": self._room(message.channel), "message_ts": message.source.ts}
        more |= {"message": shape_of(message.source, self.town.app_id)}
        more |= {"response_url": self.town.response_url(self.team, message.channel, self.user)}
        await self.gestures.send("interactive", self._payload("message_action", **more))
