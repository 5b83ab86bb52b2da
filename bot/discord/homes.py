"""The channel of each server under which rooms are opened as private threads."""

import logging
from collections.abc import Sequence

import discord

from bot.chat import TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord.failures import LONG, SHORT
from bot.discord.settings import PLATFORM
from storage import people, programmes, safe

log = logging.getLogger(__name__)
DRAWER = "discord channels"
NAME = "halqa"


class Homes:
    """Finds it: a channel called "halqa", else where an organiser first wrote a command, else any that will do."""

    def __init__(self, client: discord.Client, desk: Desk, clock: Clock) -> None:
        self._client = client
        self._desk = desk
        self._clock = clock

    async def of(self, workspace: str) -> discord.TextChannel:
        """Give the channel; raises TryLater where the server is not there, and Unreachable where it has none for us."""
        guild = self._client.get_guild(int(workspace)) if workspace.isdigit() else None
        if guild is None and self._client.is_ready():
            raise TryLater("this server is not connected", LONG)
        if guild is None or guild.unavailable:
            raise TryLater("this server is not connected yet", SHORT)
        found = best(guild, await self._desk.do(self._chosen, workspace))
        if found is None:
            raise Unreachable("no channel in which private threads may be opened", "nowhere")
        return found

    async def missing(self, guilds: Sequence[discord.Guild]) -> list[discord.Guild]:
        """Give those of these servers that are connected and have no channel for us."""
        chosen = await self._desk.do(self._all_chosen)
        found = []
        for guild in guilds:
            try:
                if not guild.unavailable and best(guild, chosen.get(str(guild.id), "")) is None:
                    found.append(guild)
            except Exception:
                log.exception("the channels of server %s can't be looked at", guild.id)
        return found

    async def note(self, guild: discord.Guild, channel_id: int | None, person: str) -> None:
        """Remember where an organiser wrote a command, unless a place is known already.

        A channel that not everybody in the server sees is no home for rooms of people who may not see it either.
        """
        channel = guild.get_channel(channel_id) if channel_id is not None else None
        if not isinstance(channel, discord.TextChannel):
            return
        if channel.name == NAME or channel.permissions_for(guild.default_role).view_channel:
            await self._desk.do(self._keep, str(guild.id), str(channel.id), person)

    def _chosen(self, workspace: str) -> str:
        with self._desk.store.writing() as db:
            return safe.get(db, DRAWER, workspace) or ""

    def _all_chosen(self) -> dict[str, str]:
        with self._desk.store.writing() as db:
            return {workspace: safe.get(db, DRAWER, workspace) or "" for workspace in safe.keys(db, DRAWER)}

    def _keep(self, workspace: str, channel: str, person: str) -> None:
        with self._desk.store.writing() as db:
            here = people.workspace(db, PLATFORM, workspace)
            known = people.by_outside_id(db, here.id, person)
            if known is None or not programmes.organised_by(db, here.id, known.id):
                return
            if safe.get(db, DRAWER, workspace) is None:
                safe.put(db, DRAWER, workspace, channel, self._clock.now())


def best(guild: discord.Guild, chosen: str) -> discord.TextChannel | None:
    """Choose among the channels in which we may open private threads and write."""
    able = {str(channel.id): channel for channel in guild.text_channels if is_able(channel)}
    system = str(guild.system_channel.id) if guild.system_channel else ""
    found = chosen_of([(number, channel.name) for number, channel in able.items()], chosen, system)
    return able[found] if found else None


def chosen_of(able: Sequence[tuple[str, str]], chosen: str, system: str) -> str | None:
    """Choose one of these channels, each with its id and name: by name, else by wish, else the system's, else any."""
    named = [number for number, name in able if name == NAME]
    there = [number for number, _name in able]
    return next(iter([*named, *(one for one in (chosen, system) if one in there), *there]), None)


def is_able(channel: discord.TextChannel) -> bool:
    """Say whether rooms can be opened under a channel; where Discord has not told of ourselves yet, they may be."""
    me: discord.Member | None = channel.guild.me
    return me is None or is_enough(channel.permissions_for(me))


def is_enough(may: discord.Permissions) -> bool:
    """Say whether rooms can be opened with these permissions."""
    return may.view_channel and may.create_private_threads and may.send_messages_in_threads
