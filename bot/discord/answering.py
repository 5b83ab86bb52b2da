"""What goes back to one gesture: seen by the asker alone, deferred where it takes long, never lost without a word."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Literal

import aiohttp
import discord

from bot.discord import render
from bot.discord.failures import NOT_CONNECTED, SERVER_ERROR
from bot.discord.whose import Whose
from circles import commands, courtesies
from circles.messages import Message

log = logging.getLogger(__name__)
TAKEN, NO_MESSAGE = 40060, 10008
REFUSED = {400, 413}
# taken: an answer is there already. unclear: nobody knows. refused: never like this. gone: what was to be changed is
# no more. lost: too late, or not at all.
How = Literal["said", "taken", "unclear", "refused", "gone", "lost"]


class Answering:
    """Answers one gesture."""

    def __init__(self, interaction: "discord.Interaction[Any]", command_ids: Mapping[str, int], whose: Whose) -> None:
        self._interaction = interaction
        self._command_ids = command_ids
        self._whose = whose
        self._follows = False  # an answer is there, perhaps: whatever comes now follows it

    @property
    def may_open(self) -> bool:
        """Whether a modal can still be the answer."""
        return not self._follows and self._interaction.type is not discord.InteractionType.modal_submit

    async def defer(self) -> None:
        """Say that the answer will come."""
        await self._say(self._interaction.response.defer(ephemeral=True, thinking=True))

    async def open(self, modal: discord.ui.Modal) -> None:
        """Open a modal before the asker."""
        if await self._say(self._interaction.response.send_modal(modal)) == "refused":
            await self.show([commands.sorry()])

    async def show(self, messages: Sequence[Message], *, replaces: bool = False) -> None:
        """Show messages to the asker: the first in the place of the message that she alone sees, if it replaces it."""
        for message in messages or [courtesies.done()]:
            if await self._show(message, replaces=replaces) == "refused":
                await self._show(commands.sorry(), replaces=False)
                return

    async def _show(self, message: Message, *, replaces: bool) -> How:
        page = render.page(message, "reply", self._command_ids)
        response = self._interaction.response
        if self._follows:
            how = await self._say(self._interaction.followup.send(**page.sending(), ephemeral=True))
            if how != "lost" or response.is_done():
                return how  # else the word that an answer will come has not come through either
        elif replaces and self._is_alone:
            how = await self._say(response.edit_message(**page.editing()))
            if how != "gone":
                return how
        return await self._say(response.send_message(**page.sending(), ephemeral=True))

    async def _say(self, saying: Awaitable[Any]) -> How:
        """Say something, and give how that went; what comes too late is lost like a word in the wind, and logged."""
        how = await self._tried(saying)
        self._follows = self._follows or how in {"said", "taken", "unclear"}
        return how

    async def _tried(self, saying: Awaitable[Any]) -> How:
        call = self._interaction.id
        try:
            self._note(await saying)
        except discord.InteractionResponded:
            log.warning("call %s was answered already", call)
            return "taken"
        except discord.HTTPException as problem:
            log.warning("the answer to call %s came too late, or was refused: %s", call, problem.code or problem.status)
            return _meaning(problem)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("the answer to call %s did not get through: %s", call, type(problem).__name__)
            return "lost" if isinstance(problem, NOT_CONNECTED) else "unclear"
        return "said"

    def _note(self, said: Any) -> None:
        """Remember which server an answer in a direct message is about: its buttons don't say."""
        workspace = self._whose.known(self._interaction)
        if self._interaction.guild_id is not None or not workspace:
            return
        match said:
            case discord.InteractionCallbackResponse(message_id=int(number)) | discord.Message(id=number):
                self._whose.remember(number, workspace)

    @property
    def _is_alone(self) -> bool:
        """Whether the message whose button was pressed is seen by the presser alone."""
        message = self._interaction.message
        return message is not None and (self._interaction.guild_id is None or message.flags.ephemeral)


def _meaning(problem: discord.HTTPException) -> How:
    if problem.code == TAKEN:
        return "taken"
    if problem.code == NO_MESSAGE:
        return "gone"
    if problem.status >= SERVER_ERROR:
        return "unclear"
    return "refused" if problem.status in REFUSED else "lost"
