"""In which server a gesture was made; in a direct message Discord does not say, and we find it by what was written."""

from typing import Any

import discord

from bot.desk import Desk
from circles.grammar import programme_named
from storage import Session, people, programmes


class Whose:
    """Finds the workspace of a gesture."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def workspace(self, interaction: "discord.Interaction[Any]", line: str) -> str:
        """Give the server's id; empty where it can't be known."""
        if interaction.guild_id is not None:
            return str(interaction.guild_id)
        place = f"{interaction.channel_id}:{interaction.message.id}" if interaction.message else ""
        return await self._desk.do(self._found, str(interaction.user.id), place, programme_named(line))

    def _found(self, person: str, place: str, slug: str) -> str:
        with self._desk.store.writing() as db:
            return found(db, person, place, slug)


def found(db: Session, person: str, place: str, slug: str) -> str:
    """Give the server whose message stands at ``place``, else the one of hers that has a programme of this name."""
    hers = people.workspaces_of(db, "discord", person)
    said = people.workspace_at(db, "discord", place) if place else None
    if said is not None and any(one.id == said.id for one in hers):
        return said.outside_id
    named = [one for one in hers if slug and programmes.by_slug(db, one.id, slug) is not None]
    fitting = named or hers
    return fitting[0].outside_id if len(fitting) == 1 or named else ""
