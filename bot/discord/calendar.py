"""A server's events: a meeting stands among them at the word of one of its people, and moves or goes with it."""

import logging

import discord

from bot.chat import TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord import failures
from bot.discord.failures import FORBIDDEN, SHORT
from circles.calendar import Appointment
from storage import safe

log = logging.getLogger(__name__)
EVENTS = "discord events"  # the event of a room's meeting
LONGEST_NAME = 100
A_HUNDRED = 30038  # events, which is as many as a server has
REFUSED = (400, 403, 404)


class Calendar:
    """Makes, moves and takes away events; an event names nobody, and leads to a room that only its people can open."""

    def __init__(self, client: discord.Client, desk: Desk, clock: Clock) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock

    async def follow(self, workspace: str, room: str, appointment: Appointment) -> str | None:
        """Do for an appointment what it asks, twice the same as once; gives the address of its event, if it has one.

        None says that the server takes no event from us: we have no right to make one, or it has a hundred already.
        """
        if not appointment.is_shared:
            if appointment.is_off:
                await self.forget(workspace, room)
            return ""
        guild, place = self._guild(workspace), f"https://discord.com/channels/{workspace}/{room}"
        try:
            event = await self._moved(await self._known(guild, room, place), appointment, place)
            event = event or await self._made(guild, appointment, place)
        except discord.HTTPException as no:
            if not isinstance(failures.meaning(no), Unreachable):
                raise
            log.warning("no event in server %s: Discord answers %s", workspace, no.code or no.status)
            return None if no.status == FORBIDDEN or no.code == A_HUNDRED else ""
        await self._desk.do(self._keep, room, str(event.id))
        return f"https://discord.com/events/{workspace}/{event.id}"

    async def forget(self, workspace: str, room: str) -> None:
        """Take the event of a room's meeting away, if there is one."""
        number = await self._desk.do(self._kept, room)
        if number is None:
            return
        try:
            await self._client.http.delete_scheduled_event(int(workspace), int(number))
        except discord.HTTPException as no:
            if no.status not in REFUSED:
                raise
            log.info("event %s could not be taken away: Discord answers %s", number, no.code or no.status)
        await self._desk.do(self._drop, room)

    def _guild(self, workspace: str) -> discord.Guild:
        guild = self._client.get_guild(int(workspace))
        if guild is None:
            raise TryLater("this server is not connected", SHORT)
        return guild

    async def _known(self, guild: discord.Guild, room: str, place: str) -> discord.ScheduledEvent | None:
        """Find a room's event: the one that we know of, or one whose making we never heard the end of."""
        number = await self._desk.do(self._kept, room)
        me = self._client.user.id if self._client.user else None
        for event in await guild.fetch_scheduled_events(with_counts=False):
            is_ours = event.creator_id == me and event.location == place
            if event.status is discord.EventStatus.scheduled and (str(event.id) == number or is_ours):
                return event
        return None

    @staticmethod
    async def _made(guild: discord.Guild, appointment: Appointment, place: str) -> discord.ScheduledEvent:
        async with failures.made_once():
            return await guild.create_scheduled_event(
                name=appointment.title[:LONGEST_NAME],
                start_time=appointment.starts_at,
                end_time=appointment.ends_at,
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                location=place,
            )

    @staticmethod
    async def _moved(
        event: discord.ScheduledEvent | None, appointment: Appointment, place: str
    ) -> discord.ScheduledEvent | None:
        """Bring an event to its hour; None where there is none, or none any more."""
        hour = (appointment.starts_at, appointment.ends_at)
        if event is None or (event.start_time, event.end_time) == hour:
            return event
        try:
            return await event.edit(start_time=hour[0], end_time=hour[1], location=place)
        except discord.NotFound:  # somebody deleted it a moment ago
            return None

    def _kept(self, room: str) -> str | None:
        with self._desk.store.writing() as db:
            return safe.get(db, EVENTS, room)

    def _keep(self, room: str, event: str) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, EVENTS, room, event, self._clock.now())

    def _drop(self, room: str) -> None:
        with self._desk.store.writing() as db:
            safe.drop(db, EVENTS, room)
