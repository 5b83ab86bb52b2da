"""What goes back to one gesture: seen by the asker alone, deferred where it takes long, never lost without a word."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

import aiohttp
import discord
from discord.http import Route, handle_message_parameters

from bot.discord import failures, render
from bot.discord.failures import NOT_CONNECTED, SERVER_ERROR, TOO_MANY
from bot.discord.whose import Whose
from circles import commands, courtesies
from circles.messages import Message

log = logging.getLogger(__name__)
TAKEN, NO_MESSAGE = 40060, 10008
REFUSED = {400, 413}
SOON, LATER = 1.0, 10.0  # seconds that Discord may ask a first answer to wait, and one that was deferred
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
        self._is_awaited = False  # she sees, perhaps, that an answer will come

    @property
    def may_open(self) -> bool:
        """Whether a modal can still be the answer."""
        return not self._follows and self._interaction.type is not discord.InteractionType.modal_submit

    async def defer(self) -> None:
        """Say that the answer will come; where even that can't be said, it may come all the same."""
        try:
            how = await self._say(lambda: self._interaction.response.defer(ephemeral=True, thinking=True))
            self._is_awaited = how in {"said", "unclear"}
        except Exception:
            log.exception("call %s could not be deferred", self._interaction.id)

    async def open(self, modal: discord.ui.Modal) -> None:
        """Open a modal before the asker."""
        if await self._say(lambda: self._interaction.response.send_modal(modal)) == "refused":
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
        if self._is_awaited:
            how = await self._say(lambda: self._fill_in(page))
            self._is_awaited = how == "refused"
            if how not in {"lost", "gone"}:
                return how
        if self._follows:
            how = await self._say(lambda: self._interaction.followup.send(**page.sending(), ephemeral=True))
            if how != "lost" or response.is_done():
                return how  # else the word that an answer will come has not come through either
        elif replaces and self._is_alone:
            how = await self._say(lambda: response.edit_message(**page.editing()))
            if how != "gone":
                return how
        return await self._say(lambda: response.send_message(**page.sending(), ephemeral=True))

    async def _fill_in(self, page: render.Page) -> Any:
        """Put an answer in the place of the word that it would come.

        Discord documents this way, with flags that were set before said again; the library can't say flags in it.
        """
        call = self._interaction
        where = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        route = Route("PATCH", where, webhook_id=call.application_id, webhook_token=call.token)
        given = page.editing()
        flags = discord.MessageFlags(ephemeral=True, suppress_embeds=given.pop("suppress_embeds"))
        with handle_message_parameters(**given, flags=flags) as sent:
            if sent.files:
                return await call.client.http.request(route, files=sent.files, form=sent.multipart)
            return await call.client.http.request(route, json=sent.payload)

    async def _say(self, saying: Callable[[], Awaitable[Any]]) -> How:
        """Say something, and give how that went; what comes too late is lost like a word in the wind, and logged."""
        how = await self._tried(saying)
        self._follows = self._follows or how in {"said", "taken", "unclear"}
        return how

    async def _tried(self, saying: Callable[[], Awaitable[Any]]) -> How:
        call, was_done = self._interaction.id, self._interaction.response.is_done()
        try:
            self._note(await self._patiently(saying))
        except discord.InteractionResponded:
            log.warning("call %s was answered already", call)
            return "taken"
        except discord.HTTPException as problem:
            log.warning("the answer to call %s came too late, or was refused: %s", call, problem.code or problem.status)
            return _meaning(problem)
        except json.JSONDecodeError:
            log.warning("what Discord said of the answer to call %s can't be read", call)
            return "unclear"
        except (KeyError, TypeError):  # the library takes note that it answered, and then reads what is not there
            if was_done or not self._interaction.response.is_done():
                raise
            log.warning("Discord said nothing of the answer to call %s, and took it", call)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("the answer to call %s did not get through: %s", call, type(problem).__name__)
            return "lost" if isinstance(problem, NOT_CONNECTED) else "unclear"
        return "said"

    async def _patiently(self, saying: Callable[[], Awaitable[Any]]) -> Any:
        """Say something, and once more where Discord asks to wait and the library does not."""
        try:
            return await saying()
        except discord.HTTPException as problem:
            if problem.status != TOO_MANY:
                raise
            wait = await failures.pause(problem)
            await asyncio.sleep(min(wait.total_seconds(), LATER if self._follows else SOON))
            return await saying()

    def _note(self, said: Any) -> None:
        """Remember which server an answer in a direct message is about: its buttons don't say."""
        workspace = self._whose.known(self._interaction)
        if self._interaction.guild_id is not None or not workspace:
            return
        match said:
            case discord.InteractionCallbackResponse(message_id=int(number)) | discord.Message(id=number):
                self._whose.remember(number, workspace)
            case {"id": str(number)} if number.isdigit():
                self._whose.remember(int(number), workspace)

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
