"""The way out to Discord: direct messages, and what is said in rooms; a chat like any other to the bot."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import discord

from bot.chat import Opened, Opening, TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord import failures, render
from bot.discord.calendar import Calendar
from bot.discord.failures import SHORT, Breaker
from bot.discord.homes import Homes
from bot.discord.rooms import Rooms, snowflake
from circles.calendar import Appointment
from circles.messages import Block, Link, Message, Plain, Text

log = logging.getLogger(__name__)
NONCES = timedelta(minutes=2)  # Discord knows a nonce for "the past few minutes"


class DiscordChat:
    """Discord as a chat; every message is sent with its nonce, which Discord takes only once."""

    knows_nonces = NONCES

    def __init__(self, client: discord.Client, desk: Desk, clock: Clock, homes: Homes, breaker: Breaker) -> None:
        self._client = client
        self._breaker = breaker
        self._calendar = Calendar(client, desk, clock)
        self._rooms = Rooms(client, desk, clock, homes, self._asking)
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
            channel = await self._client.create_dm(discord.Object(snowflake(person)))
            said = await channel.send(**page.sending(), nonce=nonce)
        return f"{channel.id}:{said.id}"

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room; where it was put away, that brings it back."""
        place = self._client.get_partial_messageable(snowflake(room), guild_id=snowflake(workspace))
        page = render.page(await self._with_events(workspace, room, message), "room", self.command_ids)
        async with self._asking():
            said = await place.send(**page.sending(), nonce=nonce)
        return f"{room}:{said.id}"

    async def _with_events(self, workspace: str, room: str, message: Message) -> Message:
        """Bring the server's events in line with a meeting that a message is about, and say where it stands."""
        blocks: list[Block] = []
        for block in message.blocks:
            blocks.append(block)
            if isinstance(block, Appointment):
                async with self._asking():
                    address = await self._calendar.follow(workspace, room, block)
                if address is None:
                    blocks.append(Text((Plain(block.refusal),)))
                elif address:
                    blocks.append(Text((Link(address, block.title),)))
        return replace(message, blocks=tuple(blocks))

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a private room that nobody else can be brought into, or set the people of one that is open."""
        if not opening.people:
            return Opened(opening.place)
        room, is_new = await self._rooms.of(workspace, opening, nonce)
        absent = await self._rooms.set_people(room, opening.people)
        place = str(room.number)
        if is_new and opening.card is not None:
            await self.post(workspace, place, opening.card, f"{nonce}c")
        return Opened(place, absent)

    async def close_room(self, workspace: str, room: str) -> None:
        """Put a thread away and lock it, where we may, and still a voice channel; both stay readable."""
        try:
            async with self._asking():
                await self._calendar.forget(workspace, room)
                await (await self._rooms.at(room)).close()
        except Unreachable as problem:
            if problem.why != "nowhere":
                raise
            log.info("room %s could not be closed: %s", room, problem)
