"""A room as a private thread below a channel: it sleeps when nobody writes, and a message wakes it.

What Discord tells of a thread is read here only as far as it is needed: the library wants more than everybody tells.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import discord

log = logging.getLogger(__name__)
ASLEEP = 50083  # what is archived can't be changed
A_WEEK: Literal[10080] = (
    10080  # minutes without a word after which Discord puts a thread away; a message brings it back
)
PRIVATE: Literal[12] = 12
KINDS = {10, 11, PRIVATE}  # channels that are threads: of announcements, public, private


@dataclass(frozen=True, slots=True)
class ThreadRoom:
    """A private thread that nobody else can be brought into."""

    client: discord.Client
    number: int
    is_asleep: bool = False

    async def opens(self, *, changes: bool) -> None:
        """Wake it where its people change: a thread that sleeps takes nobody in."""
        if changes and self.is_asleep:
            await self.client.http.edit_channel(self.number, archived=False)

    async def bring(self, person: int) -> None:
        """Bring somebody in."""
        await self.client.http.add_user_to_thread(self.number, person)

    async def let_go(self, person: int) -> None:
        """Take somebody out."""
        await self.client.http.remove_user_from_thread(self.number, person)

    async def close(self) -> None:
        """Put it away and lock it, where we may; it stays readable."""
        edit, number = self.client.http.edit_channel, self.number
        try:
            await edit(number, archived=True, locked=True)
        except discord.Forbidden:  # only who may manage threads can lock one
            await edit(number, archived=True)
        except discord.HTTPException as problem:
            if problem.code != ASLEEP:
                raise
            await edit(number, archived=False)
            await edit(number, archived=True, locked=True)


def told(client: discord.Client, about: Mapping[str, Any]) -> ThreadRoom:
    """Give the thread that Discord tells about."""
    return ThreadRoom(client, int(about["id"]), bool((about.get("thread_metadata") or {}).get("archived")))


async def made(client: discord.Client, parent: int, name: str) -> ThreadRoom:
    """Make a private thread below a channel."""
    begin = client.http.start_thread_without_message
    about = await begin(parent, name=name, type=PRIVATE, invitable=False, auto_archive_duration=A_WEEK)
    return told(client, about)


async def awake(client: discord.Client, guild: int) -> Sequence[Mapping[str, Any]]:
    """Give what Discord tells of the threads of a server that are awake; nothing where it tells of none."""
    try:
        listed: Any = await client.http.get_active_threads(guild)
    except (discord.NotFound, discord.Forbidden) as problem:
        log.warning("the threads of server %s can't be listed: %s", guild, problem.code or problem.status)
        return ()
    found = listed.get("threads") if isinstance(listed, dict) else None
    return [one for one in found or () if isinstance(one, dict)]
