"""Telling Discord of the commands where they have changed since it was told last; beside the connection, and again."""

import asyncio
import logging
from http import HTTPStatus

import discord
from discord import app_commands

from bot.clock import Clock
from bot.desk import Desk
from bot.discord import tree
from bot.discord.chat import DiscordChat
from storage import safe

log = logging.getLogger(__name__)
TREES = "discord trees"
AN_HOUR = 3600.0  # seconds: the longest pause between two tries, and the first where Discord asks for fewer


class Telling:
    """Keeps Discord's list of commands, and our list of their ids."""

    def __init__(
        self,
        commands: app_commands.CommandTree[discord.Client],
        chat: DiscordChat,
        desk: Desk,
        clock: Clock,
        *,
        may_sync: bool,
        pause: float,
    ) -> None:
        self._commands = commands
        self._chat = chat
        self._desk = desk
        self._clock = clock
        self._may_sync = may_sync
        self._pause = pause
        self.done = asyncio.Event()

    async def run(self) -> None:
        """Try until Discord knows them; meanwhile people have those that it knew before."""
        pause = self._pause
        while True:
            try:
                await self._tell()
            except Exception as problem:  # noqa: BLE001 - whatever it was, nobody is kept from the rest
                if getattr(problem, "status", 0) == HTTPStatus.TOO_MANY_REQUESTS:
                    pause = AN_HOUR
                log.error(  # noqa: TRY400 - the sentence says it all
                    "Discord could not be told of the commands (%s %s), and shows those that it knows. Trying again in "
                    "%d s; halqa check tells what differs",
                    type(problem).__name__,
                    getattr(problem, "code", ""),
                    pause,
                )
            else:
                self.done.set()
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, AN_HOUR)

    async def _tell(self) -> None:
        await self._commands.set_translator(tree.Gettext())
        sent = tree.fingerprint(await tree.payload(self._commands))
        key = str(self._commands.client.application_id)
        told = await self._commands.fetch_commands()
        self._keep_ids(told)
        are_there = {group.name for group in self._commands.get_commands()} <= {command.name for command in told}
        if self._may_sync and not (are_there and await self._desk.do(self._last_sent, key) == sent):
            self._keep_ids(await self._commands.sync())
            await self._desk.do(self._keep_sent, key, sent)
            log.info("told Discord of %d commands", len(self._chat.command_ids))

    def _keep_ids(self, told: list[app_commands.AppCommand]) -> None:
        self._chat.command_ids = {command.name: command.id for command in told}

    def _last_sent(self, application: str) -> str | None:
        with self._desk.store.writing() as db:
            return safe.get(db, TREES, application)

    def _keep_sent(self, application: str, fingerprint: str) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, TREES, application, fingerprint, self._clock.now())
