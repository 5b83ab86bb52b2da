"""The way in from Discord: slash commands, buttons and modals, each taken to the core and answered within 3 seconds."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import aiohttp
import discord
from discord import app_commands

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.discord import calls, forms, render
from bot.discord.chat import DiscordChat
from bot.discord.failures import Breaker
from bot.discord.homes import Homes
from bot.discord.whose import Whose
from circles import commands, courtesies
from circles.effects import Answer, Ask, Reply
from circles.messages import Form, Message
from circles.turn import Call

log = logging.getLogger(__name__)
PLATFORM = "discord"
PATIENCE = 1.5  # seconds until an answer is deferred; Discord gives three
MOST_DRAFTS = 5000
Interaction = discord.Interaction[Any]
STALE = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch, app_commands.TransformerError)


class DiscordApp:
    """Takes what people do to the core, and brings the answers back to them alone."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        metronome: Metronome,
        chat: DiscordChat,
        homes: Homes,
        whose: Whose,
        breaker: Breaker,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._metronome = metronome
        self._chat = chat
        self._homes = homes
        self._whose = whose
        self._breaker = breaker
        # Forms under way, by person and call: Discord carries no answers from one modal to the next.
        self._drafts: OrderedDict[tuple[int, str], forms.Draft] = OrderedDict()
        # Those of them to which a button leads; any other button asks the core for its form anew.
        self._promised: set[tuple[int, str]] = set()
        self._answering: set[asyncio.Task[Any]] = set()

    async def rests(self) -> None:
        """Wait until every answer under way is given."""
        while self._answering:
            await asyncio.wait(self._answering)

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)

    async def on_call(self, interaction: Interaction, line: str, answers: Mapping[str, str]) -> None:
        """Answer a slash command."""
        with self._under_way():
            if line.startswith("programme") and interaction.guild is not None:
                await self._homes.note(interaction.guild, interaction.channel_id)
            await self._take(interaction, line, answers)

    async def on_trouble(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer a command that the library could not read: one of an older list, which her Discord still shows."""
        if isinstance(error, STALE):
            log.warning("call %s is of a command that is no more: %s", interaction.id, type(error).__name__)
            said = courtesies.older_command()
        else:
            log.error("call %s failed before it reached the core", interaction.id, exc_info=error)
            said = commands.sorry()
        if interaction.type is discord.InteractionType.application_command:
            with self._under_way():
                await self._show(interaction, [said], replaces=False)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer the press of a button or a modal; slash commands come through the tree."""
        custom_id = str(_sent(interaction).get("custom_id") or "")
        with self._under_way():
            if interaction.type is discord.InteractionType.component:
                await self._press(interaction, render.call_of(custom_id))
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._submit(interaction, custom_id)

    async def _press(self, interaction: Interaction, line: str) -> None:
        draft = self._drafts.get((interaction.user.id, line))
        if draft is not None and (interaction.user.id, line) in self._promised:
            await self._say(interaction, interaction.response.send_modal(draft.modal()))
            return
        await self._take(interaction, line, {})

    async def _submit(self, interaction: Interaction, custom_id: str) -> None:
        line, given = calls.line_of(custom_id), forms.answers(_sent(interaction))
        draft = self._drafts.pop((interaction.user.id, line), None)
        if draft is None:  # after a restart: what this part holds, the core asks for the rest
            await self._take(interaction, line, given)
            return
        draft = draft.filled(calls.part_of(custom_id), given)
        if draft.is_complete:
            await self._take(interaction, line, draft.answers)
            return
        self._keep(interaction, draft, is_promised=True)
        await self._show(interaction, [draft.onward()], replaces=True)

    async def _take(self, interaction: Interaction, line: str, answers: Mapping[str, str]) -> None:
        """Take a call to the core, and the answers back; what takes longer is deferred first."""
        work = asyncio.create_task(self._answer(interaction, line, answers))
        done, _waiting = await asyncio.wait({work}, timeout=PATIENCE)
        if not done:
            await self._say(interaction, interaction.response.defer(ephemeral=True, thinking=True))
        given = await work
        await self._bring(interaction, given)
        self._metronome.soon()

    async def _answer(self, interaction: Interaction, line: str, answers: Mapping[str, str]) -> tuple[Answer, ...]:
        person, workspace = str(interaction.user.id), ""
        try:
            workspace = await self._whose.workspace(interaction, line)
            if not workspace or interaction.user.bot:
                return (Reply(courtesies.elsewhere()),)
            call = Call(
                PLATFORM,
                workspace,
                person,
                line,
                str(interaction.id),
                answers,
                room=str(interaction.channel_id or ""),
                name=interaction.user.display_name[:80],
                locale=interaction.locale.value,
                others=_others(interaction, line, answers),
            )
            return await self._desk.answer(call, self._clock.now())
        except Exception:
            log.exception("call %s of %s in %s failed", interaction.id, person, workspace)
            return (Reply(commands.sorry()),)

    async def _bring(self, interaction: Interaction, given: tuple[Answer, ...]) -> None:
        form = next((one.form for one in given if isinstance(one, Ask)), None)
        messages = [one.message for one in given if isinstance(one, Reply)]
        replaces = any(one.replaces for one in given if isinstance(one, Reply))
        if form is not None:
            draft = forms.Draft.of(form)
            is_first = (
                not interaction.response.is_done() and interaction.type is not discord.InteractionType.modal_submit
            )
            opens = is_first and not forms.is_refused(form)
            self._keep(interaction, draft, is_promised=not opens)
            if opens:
                await self._say(interaction, interaction.response.send_modal(draft.modal()))
                return
            messages.append(_on_the_way(form, interaction))
            replaces = True
        await self._show(interaction, messages, replaces=replaces)

    async def _show(self, interaction: Interaction, messages: list[Message], *, replaces: bool) -> None:
        """Show messages to the asker: the first in the place of the message that she alone sees, if it replaces it."""
        for message in messages or [courtesies.done()]:
            page = render.page(message, "reply", self._chat.command_ids)
            if interaction.response.is_done():
                await self._say(interaction, interaction.followup.send(**page.sending(), ephemeral=True))
            elif replaces and _is_alone(interaction):
                await self._say(interaction, interaction.response.edit_message(**page.editing()))
            else:
                await self._say(interaction, interaction.response.send_message(**page.sending(), ephemeral=True))

    async def _say(self, interaction: Interaction, saying: Any) -> None:
        """Say an answer; one that comes too late, or is taken already, is lost like a word in the wind, and logged."""
        try:
            await saying
        except discord.InteractionResponded:
            log.warning("call %s was answered already", interaction.id)
        except discord.HTTPException as problem:
            self._breaker.note(problem.status)
            log.warning("the answer to call %s came too late, or was refused: %s", interaction.id, problem.code)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            log.warning("the answer to call %s did not get through: %s", interaction.id, type(problem).__name__)

    def _keep(self, interaction: Interaction, draft: forms.Draft, *, is_promised: bool) -> None:
        key = (interaction.user.id, draft.form.call)
        self._drafts[key] = draft
        self._drafts.move_to_end(key)
        (self._promised.add if is_promised else self._promised.discard)(key)
        while len(self._drafts) > MOST_DRAFTS:
            oldest, _draft = self._drafts.popitem(last=False)
            self._promised.discard(oldest)


def _others(interaction: Interaction, line: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Give the people whom a call names, as Discord tells of them; bots take no part."""
    resolved = _sent(interaction).get("resolved") or {}
    users, members = resolved.get("users") or {}, resolved.get("members") or {}
    found = {}
    for person in commands.people_named(line, answers):
        user, member = users.get(person) or {}, members.get(person) or {}
        name = member.get("nick") or user.get("global_name") or user.get("username")
        if name and not user.get("bot"):
            found[person] = str(name)[:80]
    return found


def _sent(interaction: Interaction) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", interaction.data or {})


def _on_the_way(form: Form, interaction: Interaction) -> Message:
    """Give the message that leads to a form which can't open by itself."""
    if forms.is_refused(form):
        return forms.refused(form)
    if interaction.type is discord.InteractionType.modal_submit:
        return courtesies.form_next(form.title, form.call)
    return courtesies.form_again(form.call)


def _is_alone(interaction: Interaction) -> bool:
    """Whether the message whose button was pressed is seen by the presser alone."""
    if interaction.message is None:
        return False
    return interaction.guild_id is None or interaction.message.flags.ephemeral
