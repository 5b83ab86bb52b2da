"""Telling Discord of the commands where they have changed since it was told last; beside the connection, and again."""

import asyncio
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import discord
from discord import app_commands

from bot.clock import Clock
from bot.desk import Desk
from bot.discord import tree
from bot.discord.chat import DiscordChat
from bot.discord.failures import NO_SUCH
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
        ours = await tree.payload(self._commands)
        sent = tree.fingerprint(ours)
        key = str(self._commands.client.application_id)
        there = await self._known(int(key))
        self._keep_ids(there or ())
        are_there = there is None or tree.are_said(ours, there)
        if self._may_sync and not (are_there and await self._desk.do(self._last_sent, key) == sent):
            self._keep_ids(await self._commands.client.http.bulk_upsert_global_commands(int(key), payload=ours))
            await self._desk.do(self._keep_sent, key, sent)
            log.info("told Discord of %d commands", len(ours))

    async def _known(self, application: int) -> Sequence[Any] | None:
        """Give the commands that Discord knows, or None where it gives no list of them: it can be told all the same."""
        try:
            there: Any = await self._commands.client.http.get_global_commands(application)
        except discord.HTTPException as problem:
            if problem.status not in NO_SUCH:
                raise
            log.warning("Discord gives no list of its commands: %s", problem.status)
            return None
        return there if isinstance(there, list) else None

    def _keep_ids(self, there: Any) -> None:
        """Keep the ids of commands, as far as Discord gives any: with them people can click on a command's name."""
        known = [one for one in there if isinstance(one, dict)] if isinstance(there, list | tuple) else []
        ids = {str(one.get("name")): str(one.get("id")) for one in known}
        self._chat.command_ids = {name: int(number) for name, number in ids.items() if number.isdigit()}

    def _last_sent(self, application: str) -> str | None:
        with self._desk.store.writing() as db:
            return safe.get(db, TREES, application)

    def _keep_sent(self, application: str, fingerprint: str) -> None:
        with self._desk.store.writing() as db:
            safe.put(db, TREES, application, fingerprint, self._clock.now())
