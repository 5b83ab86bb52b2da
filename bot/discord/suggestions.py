"""What Discord offers while somebody types an option: what the core may tell her, and what fits what she typed."""

from typing import Any

import discord
from discord import app_commands

from bot.desk import Desk
from bot.discord.leaves import PROGRAMME
from bot.discord.options import LONGEST_CHOICE, Choice
from circles import suggestions


class Suggestions:
    """Asks the core for them; nothing is offered where a server is not known."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def offer(
        self, interaction: "discord.Interaction[Any]", path: str, parameter: str, current: str
    ) -> list[Choice]:
        """Give up to 25 choices, those that begin like what was typed first."""
        workspace, person = str(interaction.guild_id or ""), str(interaction.user.id)
        programme = str(getattr(interaction.namespace, PROGRAMME, None) or "") if parameter != PROGRAMME else ""
        known = await self._desk.do(
            suggestions.suggest, self._desk.store, "discord", workspace, person, path, parameter, programme
        )
        typed = current.casefold().strip()
        fitting = [(label, value) for label, value in known if typed in label.casefold() or typed in str(value)]
        fitting.sort(key=lambda offer: not offer[0].casefold().startswith(typed))
        return [
            app_commands.Choice(name=label[:LONGEST_CHOICE] or str(value), value=value)
            for label, value in fitting[: suggestions.MOST]
        ]
