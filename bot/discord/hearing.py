"""What Discord tells over the gateway: made whole where a piece is missing, passed over where it can't be read."""

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from discord.gateway import DiscordWebSocket

log = logging.getLogger(__name__)
Payload = Mapping[str, Any]
Parse = Callable[[Any], None]
DISCORD = "gateway.discord.gg"
# What the library can't do without and we can, by what it belongs to.
MISSING: Mapping[str, Payload] = {
    "interaction": {"version": 1, "attachment_size_limit": 10 * 1024 * 1024},
    "data": {"component_type": 2, "components": ()},
    "member": {"flags": 0, "roles": ()},
    "user": {"username": "", "discriminator": "0", "avatar": None},
    "message": {"type": 0, "content": ""},
}
# Of a channel we only need its id; the library wants to know more of those that it does not know yet.
IN_A_SERVER: Payload = {"type": 0, "name": "", "position": 0, "permission_overwrites": ()}
IN_PRIVATE: Payload = {"type": 1}


class Line(DiscordWebSocket):
    """A connection to the gateway that is always made anew at an address which leads to it."""

    async def received_message(self, msg: Any, /) -> None:
        """Take what came, as soon as it is there as a whole."""
        text = self._decompressor.decompress(msg) if isinstance(msg, bytes) else msg
        if text is not None:
            await super().received_message(self._with_way_back(text) if '"READY"' in text else text)

    def _with_way_back(self, text: str) -> str:
        """Say where to resume: where Discord says, unless it says nothing, or we were pointed at another gateway."""
        said = json.loads(text)
        if said.get("t") == "READY":
            ours = self.DEFAULT_GATEWAY
            if ours.host != DISCORD or not said["d"].get("resume_gateway_url"):
                said["d"]["resume_gateway_url"] = str(ours)
        return json.dumps(said)


def patient(parsers: Mapping[str, Parse]) -> dict[str, Parse]:
    """Wrap what reads events: one that can't be read is logged by its ids, and the connection goes on.

    READY is not wrapped: a session that did not begin has to be begun anew.
    """
    return {event: parse if event == "READY" else _patient(event, parse) for event, parse in parsers.items()}


def _patient(event: str, parse: Parse) -> Parse:
    def read(data: Any) -> None:
        try:
            parse(completed(data) if event == "INTERACTION_CREATE" else data)
        except Exception as problem:  # noqa: BLE001 - its message may hold what people wrote
            where = traceback.extract_tb(problem.__traceback__)[-1]
            kind = type(problem).__name__
            log.error("%s (%s) can't be read: %s in %s", event, _ids(data), kind, where.name)  # noqa: TRY400 - as above

    return read


def _ids(data: Any) -> str:
    given = data if isinstance(data, dict) else {}
    return ", ".join(f"{key} {given[key]}" for key in ("id", "guild_id", "channel_id") if str(given.get(key)).isdigit())


def completed(interaction: Payload) -> Payload:
    """Give an interaction with everything that the library needs to read it; nothing that was said is lost."""
    said = _whole("interaction", {key: value for key, value in interaction.items() if value is not None})
    guild, message = said.get("guild_id"), said.get("message")
    channel = said.get("channel_id") or said.get("channel", {}).get("id") or (message or {}).get("channel_id")
    if channel:
        said["channel"] = {**(IN_A_SERVER if guild else IN_PRIVATE), "id": channel}
    if message:
        said["message"] = _whole("message", message)
        if message.get("author"):
            said["message"]["author"] = _whole("user", message["author"])
    member = said.get("member", {})
    user = member.get("user") or said.get("user")
    if user:
        said["user"] = _whole("user", user)
        if guild:
            said["member"] = {**_whole("member", member), "user": said["user"]}
    if "data" in said:
        said["data"] = _whole("data", said["data"])
        if resolved := said["data"].get("resolved"):
            said["data"]["resolved"] = {**resolved, **{f"{k}s": _each(k, resolved) for k in ("member", "user")}}
    return said


def _whole(kind: str, given: Payload) -> dict[str, Any]:
    return {**given, **{key: value for key, value in MISSING[kind].items() if given.get(key) is None}}


def _each(kind: str, resolved: Payload) -> dict[str, Any]:
    return {key: _whole(kind, one) for key, one in (resolved.get(f"{kind}s") or {}).items()}
