"""In which server a gesture was made; in a direct message Discord does not say, and we find it by what was written."""

from collections import OrderedDict
from typing import Any

import discord

from bot.desk import Desk
from bot.discord.settings import PLATFORM
from circles.grammar import programme_named
from storage import Session, people, programmes

MOST = 5000  # messages of which we remember the server


class Whose:
    """Finds the workspace of a gesture, and remembers which one an answer in a direct message was about."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._remembered: OrderedDict[int, str] = OrderedDict()

    def remember(self, message: int, workspace: str) -> None:
        """Remember which server a message is about, as long as it is among the newest."""
        self._remembered[message] = workspace
        self._remembered.move_to_end(message)
        while len(self._remembered) > MOST:
            self._remembered.popitem(last=False)

    def known(self, interaction: "discord.Interaction[Any]") -> str:
        """Give the server's id where it is known without asking the store, else nothing."""
        if interaction.guild_id is not None:
            return str(interaction.guild_id)
        return self._remembered.get(interaction.message.id, "") if interaction.message else ""

    async def workspace(self, interaction: "discord.Interaction[Any]", line: str) -> str:
        """Give the server's id; empty where it can't be known."""
        known = self.known(interaction)
        if interaction.guild_id is not None:
            return known
        message = interaction.message
        place = f"{interaction.channel_id}:{message.id}" if message else ""
        person = str(interaction.user.id)
        workspace = await self._desk.do(self._found, person, place, programme_named(line), known)
        if message and workspace:
            self.remember(message.id, workspace)
        return workspace

    def _found(self, person: str, place: str, slug: str, known: str) -> str:
        with self._desk.store.writing() as db:
            return found(db, person, place, slug, known)


def found(db: Session, person: str, place: str, slug: str, known: str = "") -> str:
    """Give the server whose message stands at ``place``, else the only one of hers that it can be.

    ``known`` is the server that the message was about when it was written. Two servers may have a programme of the
    same name: then it is neither, since a guess would tell one of them what belongs to the other.
    """
    hers = people.workspaces_of(db, PLATFORM, person)
    said = people.workspace_at(db, PLATFORM, place) if place else None
    sure = said.outside_id if said is not None else known
    if sure:
        return sure if any(one.outside_id == sure for one in hers) else ""
    named = [one for one in hers if slug and programmes.by_slug(db, one.id, slug) is not None]
    fitting = named or hers
    return fitting[0].outside_id if len(fitting) == 1 else ""
