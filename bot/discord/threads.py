"""A room as a private thread below a channel: it sleeps when nobody writes, and a message wakes it."""

from dataclasses import dataclass
from typing import Literal

import discord

ASLEEP = 50083  # what is archived can't be changed
A_WEEK: Literal[10080] = (
    10080  # minutes without a word after which Discord puts a thread away; a message brings it back
)


@dataclass(frozen=True, slots=True)
class ThreadRoom:
    """A private thread that nobody else can be brought into."""

    client: discord.Client
    thread: discord.Thread

    @property
    def number(self) -> int:
        """Its id."""
        return self.thread.id

    async def opens(self, *, changes: bool) -> None:
        """Wake it where its people change: a thread that sleeps takes nobody in."""
        if changes and self.thread.archived:
            await self.thread.edit(archived=False)

    async def bring(self, person: int) -> None:
        """Bring somebody in."""
        await self.thread.add_user(discord.Object(person))

    async def let_go(self, person: int) -> None:
        """Take somebody out."""
        await self.thread.remove_user(discord.Object(person))

    async def close(self) -> None:
        """Put it away and lock it, where we may; it stays readable."""
        edit, number = self.client.http.edit_channel, self.thread.id
        try:
            await edit(number, archived=True, locked=True)
        except discord.Forbidden:  # only who may manage threads can lock one
            await edit(number, archived=True)
        except discord.HTTPException as problem:
            if problem.code != ASLEEP:
                raise
            await edit(number, archived=False)
            await edit(number, archived=True, locked=True)


async def made(parent: discord.TextChannel, name: str) -> discord.Thread:
    """Make a private thread."""
    return await parent.create_thread(
        name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=A_WEEK
    )
