"""The way out to Discord: direct messages, and private threads as rooms; a chat like any other to the bot."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Literal

import discord

from bot.chat import Opened, Opening, TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord import failures, render
from bot.discord.failures import SHORT, Breaker
from bot.discord.homes import Homes
from circles.messages import Message
from storage import safe

log = logging.getLogger(__name__)
ROOMS = "discord rooms"  # who was added to which thread: Discord tells it only to bots that may see all members
MAKERS = "discord makers"  # which act a thread was made for
ASLEEP = 50083  # what is archived can't be changed
LONGEST_NAME = 100
OURS = timedelta(hours=1)  # a thread of ours with the name we want, as young as this: the answer to its making was lost
A_WEEK: Literal[10080] = (
    10080  # minutes without a word after which Discord puts a thread away; a message brings it back
)
NONCES = timedelta(minutes=2)  # Discord knows a nonce for "the past few minutes"


class DiscordChat:
    """Discord as a chat; every message is sent with its nonce, which Discord takes only once."""

    knows_nonces = NONCES

    def __init__(self, client: discord.Client, desk: Desk, clock: Clock, homes: Homes, breaker: Breaker) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock
        self._homes = homes
        self._breaker = breaker
        self.patience = failures.PATIENCE
        self.command_ids: Mapping[str, int] = {}

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Ask Discord for something in this block; before we are connected, and while we hang up, nothing is asked."""
        if not self._client.is_ready() or self._client.is_closed():
            raise TryLater("Discord is not connected", SHORT)
        async with failures.understood(self._breaker, self.patience):
            yield

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person."""
        del workspace
        page = render.page(message, "private", self.command_ids)
        async with self._asking():
            channel = await self._client.create_dm(discord.Object(_snowflake(person)))
            said = await channel.send(**page.sending(), nonce=nonce)
        return f"{channel.id}:{said.id}"

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room; where it was put away, that brings it back."""
        place = self._client.get_partial_messageable(_snowflake(room), guild_id=_snowflake(workspace))
        page = render.page(message, "room", self.command_ids)
        async with self._asking():
            said = await place.send(**page.sending(), nonce=nonce)
        return f"{room}:{said.id}"

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a private thread that nobody else can be brought into, or set the people of one that is open."""
        if not opening.people:
            return Opened(opening.place)
        async with self._asking():
            thread, is_new = await self._thread(workspace, opening, nonce)
        absent = await self._set_people(thread, opening.people)
        place = str(thread.id)
        if is_new and opening.card is not None:
            await self.post(workspace, place, opening.card, f"{nonce}c")
        return Opened(place, absent)

    async def close_room(self, workspace: str, room: str) -> None:
        """Put a thread away and lock it, where we may; it stays readable."""
        del workspace
        try:
            async with self._asking():
                await self._put_away(_snowflake(room))
        except Unreachable as problem:
            if problem.why != "nowhere":
                raise
            log.info("room %s could not be put away: %s", room, problem)

    async def _put_away(self, thread: int) -> None:
        edit = self._client.http.edit_channel
        try:
            await edit(thread, archived=True, locked=True)
        except discord.Forbidden:  # only who may manage threads can lock one
            await edit(thread, archived=True)
        except discord.HTTPException as problem:
            if problem.code != ASLEEP:
                raise
            await edit(thread, archived=False)
            await edit(thread, archived=True, locked=True)

    async def _thread(self, workspace: str, opening: Opening, nonce: str) -> tuple[discord.Thread, bool]:
        """Give the room's thread, and whether it is new; one that was made at an earlier try of this act is taken."""
        if opening.place:
            found = await self._client.fetch_channel(_snowflake(opening.place))
            if isinstance(found, discord.Thread):
                return found, False
            raise Unreachable(f"{opening.place} is no thread", "nowhere")
        parent = await self._homes.of(workspace)
        name = _name(opening)
        for thread in await parent.guild.active_threads():
            is_young = discord.utils.snowflake_time(thread.id) >= datetime.now(UTC) - OURS
            is_ours = thread.owner_id == self._me and thread.parent_id == parent.id
            if thread.name == name and is_young and is_ours and await self._desk.do(self._takes, thread.id, nonce):
                return thread, True
        made = await parent.create_thread(
            name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=A_WEEK
        )
        await self._desk.do(self._takes, made.id, nonce)
        return made, True

    @property
    def _me(self) -> int | None:
        return self._client.user.id if self._client.user else None

    async def _set_people(self, thread: discord.Thread, people: tuple[str, ...]) -> tuple[str, ...]:
        """Bring in who is missing and take out who is too many; gives who could not be brought in.

        Each step is written down at once, so that a try that is broken off is taken up where it ended.
        """
        there = await self._desk.do(self._known, thread.id)
        if thread.archived and there != set(people):
            async with self._asking():
                await thread.edit(archived=False)
        absent = []
        for person in [one for one in people if one not in there]:
            try:
                async with self._asking():
                    await thread.add_user(discord.Object(_snowflake(person)))
            except Unreachable as problem:
                log.info("a person could not be brought into %s: %s", thread.id, problem)
                absent.append(person)
                continue
            there.add(person)
            await self._desk.do(self._keep, thread.id, there)
        for person in sorted(there - set(people)):
            try:
                async with self._asking():
                    await thread.remove_user(discord.Object(_snowflake(person)))
            except Unreachable as problem:
                log.info("a person could not be taken out of %s: %s", thread.id, problem)
            there.discard(person)
            await self._desk.do(self._keep, thread.id, there)
        return tuple(absent)

    def _takes(self, thread: int, nonce: str) -> bool:
        """Take a thread for an act, and say whether it is that act's: two rooms of one name are two rooms."""
        with self._desk.store.writing() as db:
            if safe.get(db, MAKERS, str(thread)) is None:
                safe.put(db, MAKERS, str(thread), nonce, self._clock.now())
            return safe.get(db, MAKERS, str(thread)) == nonce

    def _known(self, thread: int) -> set[str]:
        with self._desk.store.writing() as db:
            return set(json.loads(safe.get(db, ROOMS, str(thread)) or "[]"))

    def _keep(self, thread: int, people: set[str]) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, ROOMS, str(thread), json.dumps(sorted(people)), self._clock.now())


def _snowflake(words: str) -> int:
    """Read an id of Discord's; raises Unreachable for what can't be one."""
    if not words.isascii() or not words.isdigit():
        raise Unreachable("this is no id of Discord's", "nowhere")
    return int(words)


def _name(opening: Opening) -> str:
    return (" ".join(opening.name.split()) or "Circle")[:LONGEST_NAME]
