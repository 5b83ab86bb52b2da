"""The way out to Discord: direct messages, and what is said in rooms; a chat like any other to the bot."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from bot.chat import Opened, Opening, TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord import failures, render
from bot.discord.calendar import Calendar
from bot.discord.failures import SHORT, Breaker
from bot.discord.homes import Homes
from bot.discord.present import mentioning
from bot.discord.rooms import Rooms, snowflake
from circles.calendar import Appointment
from circles.messages import Block, Link, Message, Plain, Text

log = logging.getLogger(__name__)
NONCES = timedelta(minutes=2)  # Discord knows a nonce for "the past few minutes"
HELD = timedelta(minutes=5)  # so long a room waits for its words while Discord's events do not answer


class DiscordChat:
    """Discord as a chat; every message is sent with its nonce, which Discord takes only once."""

    knows_nonces = NONCES

    def __init__(self, client: discord.Client, desk: Desk, clock: Clock, homes: Homes, breaker: Breaker) -> None:
        self._client = client
        self._clock = clock
        self._breaker = breaker
        self._held: dict[str, datetime] = {}  # rooms whose words wait for the server's events, and since when
        self._calendar = Calendar(client, desk, clock)
        self._rooms = Rooms(client, desk, clock, homes, self._asking)
        self.patience = failures.PATIENCE
        self.command_ids: Mapping[str, int] = {}

    @asynccontextmanager
    async def _asking(self, share: float = 1) -> AsyncIterator[None]:
        """Ask Discord for something in this block; before we are connected, and while we hang up, nothing is asked.

        ``share`` is what part of our patience it may take.
        """
        self._check_connected()
        async with failures.understood(self._breaker, self.patience * share):
            yield

    def _check_connected(self) -> None:
        if not self._client.is_ready() or self._client.is_closed():
            raise TryLater("Discord is not connected", SHORT)

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person."""
        del workspace
        page = render.page(message, "private", self.command_ids)
        async with self._asking():
            channel = await self._client.create_dm(discord.Object(snowflake(person)))
            said = await channel.send(**page.sending(), nonce=nonce)
        return f"{channel.id}:{said.id}"

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room; where it was put away, that brings it back.

        Only who was brought into it is mentioned: Discord would bring in anybody else, to read what is not for her.
        """
        self._check_connected()
        place = self._client.get_partial_messageable(snowflake(room), guild_id=snowflake(workspace))
        said = mentioning(message, await self._rooms.people(room))
        page = render.page(await self._with_events(workspace, room, said), "room", self.command_ids)
        try:
            async with self._asking():
                sent = await place.send(**page.sending(), nonce=nonce)
        except Unreachable as problem:
            if problem.why == "nowhere":
                await self._forget_lost(workspace, room)
            raise
        self._held.pop(room, None)
        return f"{room}:{sent.id}"

    async def _with_events(self, workspace: str, room: str, message: Message) -> Message:
        """Bring the server's events in line with a meeting that a message is about, and say where it stands."""
        blocks: list[Block] = []
        for block in message.blocks:
            blocks.append(block)
            if isinstance(block, Appointment):
                address = await self._follow(workspace, room, block)
                if address is None:
                    blocks.append(Text((Plain(block.refusal),)))
                elif address:
                    blocks.append(Text((Link(address, block.title),)))
        return replace(message, blocks=tuple(blocks))

    async def _follow(self, workspace: str, room: str, appointment: Appointment) -> str | None:
        """Follow an appointment; as long as Discord's events do not answer, its words wait, but not for ever.

        Then they go without: the event is as it was until the room hears of its meeting again, or closes.
        """
        try:
            with failures.harmless():
                async with self._asking(0.5):
                    return await self._calendar.follow(workspace, room, appointment)
        except TryLater as trouble:
            if self._clock.now() < self._held.setdefault(room, self._clock.now()) + HELD:
                raise
            log.warning("room %s hears of its meeting, whose event is as it was: %s", room, trouble)
            return ""

    async def _forget_lost(self, workspace: str, room: str) -> None:
        """Take away the event of a room that is lost: it leads nowhere, and a new room has one of its own."""
        try:
            with failures.harmless():
                async with self._asking(0.25):
                    await self._calendar.forget(workspace, room)
        except (TryLater, Unreachable) as trouble:
            log.warning("the event of the lost room %s could not be taken away: %s", room, trouble)

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
            with failures.harmless():
                async with self._asking():
                    await self._calendar.forget(workspace, room)
                    await (await self._rooms.at(room)).close()
        except Unreachable as problem:
            if problem.why != "nowhere":
                raise
            log.info("room %s could not be closed: %s", room, problem)
