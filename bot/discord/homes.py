"""The channel of each server under which rooms are opened as private threads."""

import logging
from collections.abc import Sequence

import discord

from bot.chat import TryLater, Unreachable
from bot.clock import Clock
from bot.desk import Desk
from bot.discord.failures import LONG
from storage import safe

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
        if guild is None or guild.unavailable:
            raise TryLater("this server is not connected", LONG)
        found = await self.in_server(guild)
        if found is None:
            raise Unreachable("no channel in which private threads may be opened", "nowhere")
        return found

    async def in_server(self, guild: discord.Guild) -> discord.TextChannel | None:
        """Give the channel of a server that is connected, or None."""
        return best(guild, await self._desk.do(self._chosen, str(guild.id)))

    async def note(self, guild: discord.Guild, channel_id: int | None) -> None:
        """Remember where an organiser wrote a command, unless a place is known already."""
        if channel_id is not None and isinstance(guild.get_channel(channel_id), discord.TextChannel):
            await self._desk.do(self._keep, str(guild.id), str(channel_id))

    def _chosen(self, workspace: str) -> str:
        with self._desk.store.writing() as db:
            return safe.get(db, DRAWER, workspace) or ""

    def _keep(self, workspace: str, channel: str) -> None:
        with self._desk.store.writing() as db:
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
    """Say whether rooms can be opened under a channel."""
    return is_enough(channel.permissions_for(channel.guild.me))


def is_enough(may: discord.Permissions) -> bool:
    """Say whether rooms can be opened with these permissions."""
    return may.view_channel and may.create_private_threads and may.send_messages_in_threads
