"""The private channel of a circle: found or made, its people set, its topic and card in sight."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from bot.chat import Opening, Unreachable
from bot.slack import failures

LONGEST_NAME, LONGEST_TOPIC = 80, 250
MOST_OF_A_NAME = 20
# A channel of ours with the name we want, as young as this: the answer to its making was lost.
OURS = timedelta(hours=1)
CLOSED_ALREADY = ("already_archived", "channel_not_found", "method_not_supported_for_channel_type", "not_in_channel")
THERE_ALREADY = ("already_in_channel", "cant_invite_self")
NOT_THERE = ("not_in_channel", "cant_kick_self", "cant_kick_from_general", "user_not_found")
Call = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """A channel as it is now: its id, whether it was made just now, and who could not be brought in."""

    place: str
    is_new: bool
    absent: tuple[str, ...]


class Channel:
    """Opens a private channel through ``call(method, **arguments)``; each step may be taken again."""

    def __init__(self, call: Call, me: str, workspace: str) -> None:
        self._call = call
        self._me = me
        self._workspace = workspace  # a token that serves a whole organisation has to say where

    async def open(self, opening: Opening) -> Found:
        """Make the channel unless it is there, and set its people and topic; raises what ``call`` raises."""
        if opening.place:
            absent = await self._set_people(opening.place, opening.people)
            return Found(opening.place, is_new=False, absent=absent)
        place = await self._made(opening)
        if opening.topic:
            await self._call("conversations_setTopic", channel=place, topic=opening.topic[:LONGEST_TOPIC])
        absent = await self._set_people(place, opening.people)
        return Found(place, is_new=True, absent=absent)

    async def pin(self, place: str, ts: str) -> None:
        """Pin a message; where that is not allowed, it stands in the channel all the same."""
        try:
            await self._call("pins_add", channel=place, timestamp=ts)
        except failures.TROUBLE:
            return

    async def _made(self, opening: Opening) -> str:
        for number in range(1, MOST_OF_A_NAME + 1):
            wanted = channel_name(opening.name, number)
            try:
                answer = await self._call("conversations_create", name=wanted, is_private=True, team_id=self._workspace)
                return str(answer["channel"]["id"])
            except Unreachable as problem:
                if "name_taken" not in str(problem):
                    raise
            mine = await self._just_made(wanted, opening)
            if mine:
                return mine
        raise Unreachable(f"{MOST_OF_A_NAME} channels have this name already")

    async def _just_made(self, name: str, opening: Opening) -> str:
        """Find a channel that we made for this a moment ago, when the answer did not reach us.

        Another circle's channel may have the same name and be as young; it has its own topic, and people.
        """
        since = (datetime.now(UTC) - OURS).timestamp()
        cursor = ""
        while True:
            more = {"team_id": self._workspace, **({"cursor": cursor} if cursor else {})}
            answer = await self._call(
                "conversations_list", types="private_channel", exclude_archived=True, limit=200, **more
            )
            for channel in answer["channels"]:
                is_young = float(channel.get("created") or 0) >= since
                if channel.get("name") == name and channel.get("creator") == self._me and is_young:
                    topic = unescape(str((channel.get("topic") or {}).get("value") or ""))
                    here = set(await self._members(str(channel["id"])))
                    if topic in {"", opening.topic[:LONGEST_TOPIC]} and here <= {self._me, *opening.people}:
                        return str(channel["id"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return ""

    async def _set_people(self, place: str, people: Iterable[str]) -> tuple[str, ...]:
        """Bring in who is missing and take out who is too many; gives who could not be brought in."""
        wanted = list(people)
        here = await self._members(place)
        absent = await self._bring_in(place, [person for person in wanted if person not in here])
        for person in here:
            if person not in wanted and person != self._me:
                await self._take_out(place, person)
        return absent

    async def _bring_in(self, place: str, missing: list[str]) -> tuple[str, ...]:
        if not missing:
            return ()
        try:
            await self._call("conversations_invite", channel=place, users=",".join(missing))
        except Unreachable as problem:
            if problem.why == "nowhere":
                raise
            if len(missing) == 1:
                return () if any(word in str(problem) for word in THERE_ALREADY) else tuple(missing)
            # One who can't come keeps the others out; each is brought in for herself.
            parts = [await self._bring_in(place, [person]) for person in missing]
            return tuple(person for part in parts for person in part)
        return ()

    async def _take_out(self, place: str, person: str) -> None:
        try:
            await self._call("conversations_kick", channel=place, user=person)
        except Unreachable as problem:
            if not any(word in str(problem) for word in NOT_THERE):
                raise

    async def _members(self, place: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            more = {"cursor": cursor} if cursor else {}
            answer = await self._call("conversations_members", channel=place, limit=200, **more)
            found += answer["members"]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return found


def channel_name(name: str, number: int = 1) -> str:
    """Give a name as Slack allows it: small letters of any script, digits and hyphens, at most 80 characters."""
    plain = unicodedata.normalize("NFKC", name).lower()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_") or "circle"
    end = "" if number == 1 else f"-{number}"
    return words[: LONGEST_NAME - len(end)].strip("-_") + end
