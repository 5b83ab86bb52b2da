"""One process serves Slack, Discord and the local page at once, from one configuration."""

import asyncio
import os
import re
import signal

import aiohttp
from slack_gestures import SocketGestures
from slack_town import Town as SlackTown
from slack_web_api import serving

from bot import main
from bot.config import Local, Settings
from bot.discord.settings import Discord
from bot.slack.settings import Slack

WORDS = "No programme is open for joining now"


async def test_three_chats_are_served_at_once_and_stop_together(sqlite_store, discord_town, tmp_path, caplog):
    caplog.set_level("INFO")
    async with serving(SlackTown()) as slack:
        slack.add_workspace("T1", "xoxb-1-halqa")
        slack.add_user("T1", "UADA", name="Ada")
        settings = Settings(
            database=str(sqlite_store.file),
            backups=None,
            local=Local(port=0, workspace="demo", name="Demo", journal=tmp_path / "journal.jsonl"),
            log_level="info",
            slack=Slack(connect="socket", api=slack.api, bot_token="xoxb-1-halqa", app_token=slack.app_token),  # noqa: S106 - a word of the stand-in
            discord=Discord(token=discord_town.token, api=discord_town.api, gateway=discord_town.gateway),
        )
        running = asyncio.create_task(main.run(settings))
        try:
            await slack.until(lambda: slack.link.sockets)
            async with asyncio.timeout(20):
                while not ("connected to Discord" in caplog.text and "told Discord of" in caplog.text):  # noqa: ASYNC110 - nothing would set an event
                    await asyncio.sleep(0.02)
            on_slack = SocketGestures(slack).person("T1", "UADA")
            on_discord = await discord_town.person("ada")
            await asyncio.gather(on_slack.types("/circle"), on_discord.types("/circle status"))
            await on_slack.hears(WORDS)
            await on_discord.hears(WORDS)
            address = re.search(r"the local workspace is open: (\S+)", caplog.text)[1]
            async with aiohttp.ClientSession() as browser, browser.get(f"{address}api/workspace") as page:
                assert page.status == 200
        finally:
            if not running.done():
                os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(running, 20)
    assert [one["open"] for one in await discord_town.ask("sessions")] == [False]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
