"""The baselines of the chat benchmarks: bots on the same libraries that only say ok.

The words of the command line are: slack API PORT, or discord API GATEWAY.
"""

import logging
import re
import sys
from typing import Any

BOT_TOKEN, SIGNING_SECRET = "xoxb-1-halqa", "8f742231b10e8888abcd99yyyzzz85a5"
DISCORD_TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAx.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105 - of the stand-in


def slack(api: str, port: int) -> None:
    """Serve a bolt app that checks the signature and acknowledges every command at once."""
    from aiohttp import web  # noqa: PLC0415 - one of the two is loaded, so that its memory is its own
    from slack_bolt.app.async_app import AsyncApp  # noqa: PLC0415 - as above
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415 - as above

    app = AsyncApp(signing_secret=SIGNING_SECRET, client=AsyncWebClient(BOT_TOKEN, base_url=api))

    @app.command(re.compile(".*"))
    async def command(ack: Any) -> None:
        await ack("ok")

    web.run_app(app.web_app("/slack/events"), host="127.0.0.1", port=port, print=None, access_log=None)


def discord_bot(api: str, gateway: str) -> None:
    """Connect a client with a tree whose every command answers at once."""
    import discord  # noqa: PLC0415 - as above
    import yarl  # noqa: PLC0415 - as above
    from discord import app_commands  # noqa: PLC0415 - as above
    from discord.gateway import DiscordWebSocket  # noqa: PLC0415 - as above
    from discord.http import Route  # noqa: PLC0415 - as above

    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)

    class Bare(discord.Client):
        async def setup_hook(self) -> None:
            await tree.sync()

        async def on_ready(self) -> None:
            print("connected to Discord:", len(self.guilds), "servers; told Discord of its command", flush=True)

    client = Bare(intents=discord.Intents(guilds=True), max_messages=None)
    tree = app_commands.CommandTree(client)
    circle = app_commands.Group(name="circle", description="Your circle")
    goal = app_commands.Group(name="goal", description="Your goals", parent=circle)

    async def plain(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    async def with_text(interaction: discord.Interaction, text: str) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    async def with_answer(interaction: discord.Interaction, answer: str) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    async def with_number(interaction: discord.Interaction, number: int) -> None:
        await interaction.response.send_message("ok", ephemeral=True)

    for group, name, callback in (
        (circle, "status", plain),
        (circle, "help", plain),
        (circle, "next", plain),
        (circle, "met", with_answer),
        (circle, "action", with_text),
        (goal, "list", plain),
        (goal, "add", with_text),
        (goal, "done", with_number),
    ):
        group.add_command(app_commands.Command(name=name, description="Says ok", callback=callback))
    tree.add_command(circle)
    client.run(DISCORD_TOKEN, log_level=logging.INFO)


if __name__ == "__main__":
    kind, api, where = sys.argv[1:]
    if kind == "slack":
        slack(api, int(where))
    else:
        discord_bot(api, where)
