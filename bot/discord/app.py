"""The way in from Discord: slash commands, buttons and modals, each taken to the core and answered within 3 seconds."""

import asyncio
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import discord
from discord import app_commands

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.discord import calls, forms, render
from bot.discord.answering import Answering
from bot.discord.chat import DiscordChat
from bot.discord.drafts import Drafts, Key
from bot.discord.homes import Homes
from bot.discord.settings import PLATFORM
from bot.discord.whose import Whose
from circles import commands, courtesies
from circles.effects import Answer, Ask, Reply
from circles.language import speaking
from circles.messages import Form, Message
from circles.turn import Call

log = logging.getLogger(__name__)
PATIENCE = 1.5  # seconds until an answer is deferred; Discord gives three
Interaction = discord.Interaction[Any]
STALE = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch, app_commands.TransformerError)


class DiscordApp:
    """Takes what people do to the core, and brings the answers back to them alone."""

    def __init__(
        self, desk: Desk, clock: Clock, metronome: Metronome, chat: DiscordChat, homes: Homes, whose: Whose
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._metronome = metronome
        self._chat = chat
        self._homes = homes
        self._whose = whose
        self._drafts = Drafts()
        self._answering: set[asyncio.Task[Any]] = set()

    async def rests(self) -> None:
        """Wait until every answer under way is given."""
        while self._answering:
            await asyncio.wait(self._answering)

    @contextmanager
    def _under_way(self, interaction: Interaction) -> Iterator[None]:
        """Answer a gesture in this block, in the language of whoever made it."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self._answering.add(task)
        try:
            with speaking(interaction.locale.value):
                yield
        finally:
            self._answering.discard(task)

    async def on_call(self, interaction: Interaction, line: str, answers: Mapping[str, str]) -> None:
        """Answer a slash command."""
        with self._under_way(interaction):
            await self._take(interaction, line, answers)

    async def on_trouble(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer a command that the library could not read: one of an older list, which her Discord still shows."""
        with self._under_way(interaction):
            if isinstance(error, STALE):
                log.warning("call %s is of a command that is no more: %s", interaction.id, type(error).__name__)
                said = courtesies.older_command()
            else:
                log.error("call %s failed before it reached the core", interaction.id, exc_info=error)
                said = commands.sorry()
            if interaction.type is discord.InteractionType.application_command:
                await self._back(interaction).show([said])

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer the press of a button or a modal; slash commands come through the tree."""
        custom_id = str(_sent(interaction).get("custom_id") or "")
        with self._under_way(interaction):
            if interaction.type is discord.InteractionType.component:
                await self._press(interaction, render.call_of(custom_id))
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._submit(interaction, custom_id)

    async def _press(self, interaction: Interaction, line: str) -> None:
        draft = self._drafts.promised(self._key(interaction, line))
        if draft is None:
            await self._take(interaction, line, {})
        else:
            await self._back(interaction).open(draft.modal())

    async def _submit(self, interaction: Interaction, custom_id: str) -> None:
        line, part, given = calls.line_of(custom_id), calls.part_of(custom_id), forms.answers(_sent(interaction))
        key = self._key(interaction, line)
        draft = self._drafts.get(key)
        if draft is None:  # after a restart: a form of one part is whole, and any other is asked anew with what is here
            await self._take(interaction, line, {} if part else given, typed=given)
            return
        draft = draft.filled(part, given)
        if draft.is_complete:
            await self._take(interaction, line, draft.answers, draft=draft)
            return
        self._drafts.keep(key, draft, is_promised=True)
        await self._back(interaction).show([draft.onward()], replaces=True)

    async def _take(
        self,
        interaction: Interaction,
        line: str,
        answers: Mapping[str, str],
        *,
        draft: forms.Draft | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Take a call to the core, and the answers back; what takes longer is deferred first.

        ``draft`` is the form that was filled: it is kept until the core has taken it. ``typed`` is written into a form
        that comes back.
        """
        back = self._back(interaction)
        work = asyncio.create_task(self._answer(interaction, line, answers))
        done, _waiting = await asyncio.wait({work}, timeout=PATIENCE)
        if not done:
            await back.defer()
        given = await work
        if given is not None and draft is not None:
            self._drafts.drop(self._key(interaction, line))
        await self._bring(
            interaction, back, (self._sorry(interaction, draft),) if given is None else given, typed or {}
        )
        self._metronome.soon()
        if given is not None and line.startswith("programme"):
            await self._note_home(interaction)

    async def _note_home(self, interaction: Interaction) -> None:
        try:
            if interaction.guild is not None:
                await self._homes.note(interaction.guild, interaction.channel_id, str(interaction.user.id))
        except Exception:
            log.exception("the channel of call %s was not noted", interaction.id)

    def _sorry(self, interaction: Interaction, draft: forms.Draft | None) -> Reply:
        """Say that something went wrong, and keep what was typed."""
        if draft is None:
            return Reply(commands.sorry())
        again = draft.again()
        self._drafts.keep(self._key(interaction, again.form.call), again, is_promised=True)
        return Reply(courtesies.with_try_again(commands.sorry(), again.form.call))

    async def _answer(
        self, interaction: Interaction, line: str, answers: Mapping[str, str]
    ) -> tuple[Answer, ...] | None:
        """Give what the core answers; None where it failed, and nothing was changed."""
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
            return None

    async def _bring(
        self, interaction: Interaction, back: Answering, given: tuple[Answer, ...], typed: Mapping[str, str]
    ) -> None:
        """Bring answers back; what can't be shown is said to have gone wrong, and logged without its words."""
        try:
            form = next((forms.refilled(one.form, typed) for one in given if isinstance(one, Ask)), None)
            messages = [one.message for one in given if isinstance(one, Reply)]
            replaces = any(one.replaces for one in given if isinstance(one, Reply))
            if form is not None:
                draft = forms.Draft.of(form)
                opens = back.may_open and not forms.is_refused(form)
                self._drafts.keep(self._key(interaction, form.call), draft, is_promised=not opens)
                if opens:
                    await back.open(draft.modal())
                    return
                messages.append(_on_the_way(form, interaction))
                replaces = True
            await back.show(messages, replaces=replaces)
        except Exception as problem:  # noqa: BLE001 - its message may hold what people wrote
            where = traceback.extract_tb(problem.__traceback__)[-1]
            kind = type(problem).__name__
            log.error("the answer to call %s can't be shown: %s in %s", interaction.id, kind, where.name)  # noqa: TRY400 - as above
            await back.show([commands.sorry()])

    def _back(self, interaction: Interaction) -> Answering:
        return Answering(interaction, self._chat.command_ids, self._whose)

    def _key(self, interaction: Interaction, line: str) -> Key:
        return interaction.user.id, self._whose.known(interaction), line


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
