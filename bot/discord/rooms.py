"""The rooms of a server: found again or made, and set to their people, one step at a time."""

import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import discord

from bot.chat import Opening, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord import failures, threads, voice
from bot.discord.homes import Homes
from bot.discord.voice import VoiceRoom
from storage import safe

log = logging.getLogger(__name__)
ROOMS = "discord rooms"  # who was added to which room: Discord tells it only to bots that may see all members
MAKERS = "discord makers"  # which act a room was made for
LONGEST_NAME = 100
BEFORE_US = datetime(2016, 1, 1, tzinfo=UTC)
OURS = timedelta(hours=1)  # a room of ours with the name we want, as young as this: the answer to its making was lost


class Room(Protocol):
    """What private threads and private voice channels have in common."""

    @property
    def number(self) -> int:
        """Its id."""
        ...

    async def opens(self, *, changes: bool) -> None:
        """Make it fit for its people; ``changes`` says that some come or go."""
        ...

    async def bring(self, person: int) -> None:
        """Bring somebody in."""
        ...

    async def let_go(self, person: int) -> None:
        """Take somebody out; NotFound where she is not in it."""
        ...

    async def close(self) -> None:
        """Close it; it stays readable."""
        ...


class Rooms:
    """Knows which room was made for which act, and who was brought into it.

    ``asking`` is a block in which Discord may be asked for something.
    """

    def __init__(
        self,
        client: discord.Client,
        desk: Desk,
        clock: Clock,
        homes: Homes,
        asking: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock
        self._homes = homes
        self._asking = asking

    async def of(self, workspace: str, opening: Opening, nonce: str) -> tuple[Room, bool]:
        """Give the room, and whether it is new; one that was made at an earlier try of this act is taken."""
        if opening.place:
            async with self._asking():
                return await self.at(opening.place), False
        async with self._asking():
            parent = await self._homes.of(workspace)
            has_voice, name = opening.has_voice and opening.is_lasting, _name(opening)
            room: Room | None
            async for room in self._alike(parent, name, has_voice=has_voice):
                if await self._desk.do(self._takes, room.number, nonce):
                    return room, True
            async with failures.made_once():
                room = await self._voice(parent, name) if has_voice else None
                room = room or await threads.made(self._client, parent.id, name)
            await self._desk.do(self._takes, room.number, nonce)
            return room, True

    async def at(self, place: str) -> Room:
        """Give the room with an id, whatever it is; raises Unreachable for what can be none."""
        about: Any = await self._client.http.get_channel(snowflake(place))
        if about.get("type") in threads.KINDS:
            return threads.told(self._client, about)
        if about.get("type") == voice.VOICE:
            found = await self._client.fetch_channel(snowflake(place))
            if isinstance(found, discord.VoiceChannel):
                return VoiceRoom(self._client, found)
        raise Unreachable(f"{place} is neither a thread nor a voice channel", "nowhere")

    @property
    def _me(self) -> int | None:
        return self._client.user.id if self._client.user else None

    async def _alike(self, parent: discord.TextChannel, name: str, *, has_voice: bool) -> AsyncIterator[Room]:
        """Give our young rooms of this name; a voice channel may have been made as a thread, see ``_voice``."""
        guild, me = parent.guild, self._me
        for about in await self._client.http.get_all_guild_channels(guild.id) if has_voice else ():
            if about["name"] == name and _is_young(about) and voice.is_one_of_ours(about, guild.id, me):
                yield await self.at(str(about["id"]))
        for about in await threads.awake(self._client, guild.id):
            is_ours = (str(about.get("owner_id")), str(about.get("parent_id"))) == (str(me), str(parent.id))
            if is_ours and about.get("name") == name and _is_young(about):
                yield threads.told(self._client, about)

    async def _voice(self, parent: discord.TextChannel, name: str) -> Room | None:
        """Make a voice channel, or give None where this server has none for us: the circle gets a thread instead."""
        if missing := voice.missing_at(parent):
            log.warning("no voice channel in server %s, but a thread: we lack %s", parent.guild.id, ", ".join(missing))
            return None
        try:
            return VoiceRoom(self._client, await voice.made(parent, name, self._me))
        except discord.HTTPException as problem:
            if not isinstance(failures.meaning(problem), Unreachable):
                raise
            answer = problem.code or problem.status
            log.warning("no voice channel in server %s, but a thread: Discord answered %s", parent.guild.id, answer)
            return None

    async def people(self, place: str) -> set[str]:
        """Give who was brought into a room, and not taken out again."""
        return await self._desk.do(self._known, snowflake(place))

    async def set_people(self, room: Room, people: tuple[str, ...]) -> tuple[str, ...]:
        """Bring in who is missing and take out who is too many; gives who could not be brought in.

        Each step is written down at once, so that a try that is broken off is taken up where it ended.
        """
        there = await self._desk.do(self._known, room.number)
        async with self._asking():
            await room.opens(changes=there != set(people))
        absent = []
        for person in [one for one in people if one not in there]:
            try:
                async with self._asking():
                    await room.bring(snowflake(person))
            except Unreachable as problem:
                log.info("a person could not be brought into %s: %s", room.number, problem)
                absent.append(person)
                continue
            there.add(person)
            await self._desk.do(self._keep, room.number, there)
        for person in sorted(there - set(people)):
            if await self._is_out(room, snowflake(person)):
                there.discard(person)
                await self._desk.do(self._keep, room.number, there)
        return tuple(absent)

    async def _is_out(self, room: Room, person: int) -> bool:
        """Take somebody out, and say whether she is: who is in it still is taken out at the next change."""
        try:
            async with self._asking():
                try:
                    await room.let_go(person)
                except discord.NotFound:
                    return True
        except Unreachable as problem:
            log.warning("a person could not be taken out of %s: %s", room.number, problem)
            return False
        return True

    def _takes(self, room: int, nonce: str) -> bool:
        """Take a room for an act, and say whether it is that act's: two rooms of one name are two rooms."""
        with self._desk.store.writing() as db:
            if safe.get(db, MAKERS, str(room)) is None:
                safe.put(db, MAKERS, str(room), nonce, self._clock.now())
            return safe.get(db, MAKERS, str(room)) == nonce

    def _known(self, room: int) -> set[str]:
        with self._desk.store.writing() as db:
            return set(json.loads(safe.get(db, ROOMS, str(room)) or "[]"))

    def _keep(self, room: int, people: set[str]) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, ROOMS, str(room), json.dumps(sorted(people)), self._clock.now())


def snowflake(words: str) -> int:
    """Read an id of Discord's; raises Unreachable for what can't be one."""
    if not words.isascii() or not words.isdigit():
        raise Unreachable("this is no id of Discord's", "nowhere")
    return int(words)


def _name(opening: Opening) -> str:
    return (" ".join(opening.name.split()) or "Circle")[:LONGEST_NAME]


def _is_young(about: Mapping[str, Any]) -> bool:
    """Say whether a room may have been made a moment ago: so may one of which neither its word nor its id tells when.

    A time before there was any bot is none: not every server that speaks as Discord does puts times into its ids.
    """
    try:
        made = datetime.fromisoformat((about.get("thread_metadata") or {})["create_timestamp"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        made = discord.utils.snowflake_time(int(about["id"]))
    return not BEFORE_US <= made < datetime.now(UTC) - OURS
