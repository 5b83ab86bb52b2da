"""A small bot on unmodified discord.py, to try the stand-in with: every kind of answer that a bot can give."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands
from discord_town import Elsewhere, Town


class Wish(discord.ui.Modal, title="A wish"):
    """A form with a line, and a menu of the newer kind with a label."""

    topic = discord.ui.TextInput(label="Topic", custom_id="topic", max_length=40)
    depth = discord.ui.Label(
        text="Depth",
        component=discord.ui.Select(
            custom_id="depth",
            options=[discord.SelectOption(label="Light", value="l"), discord.SelectOption(label="Deep")],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.depth.component, discord.ui.Select)
        await interaction.response.send_message(
            f"wished {self.topic.value} {self.depth.component.values}", ephemeral=True
        )


class SmallBot(discord.Client):
    """A bot that answers in every way; ``heard`` are the gateway events that it was told of."""

    def __init__(self, town: Town, **how: Any) -> None:
        super().__init__(
            intents=discord.Intents.default(),
            allowed_mentions=discord.AllowedMentions.none(),
            connector=Elsewhere(town.api, town.gateway),
            guild_ready_timeout=0.05,  # the library's own two seconds are for thousands of servers
            **how,
        )
        self.heard: list[str] = []
        self.readies: asyncio.Queue[str] = asyncio.Queue()
        self.errors: asyncio.Queue[Exception] = asyncio.Queue()
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(circle())
        self.tree.add_command(programme())
        self.tree.error(self.keep)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def keep(self, _: discord.Interaction, error: Exception) -> None:
        await self.errors.put(error)

    async def on_ready(self) -> None:
        await self.readies.put("ready")

    async def on_resumed(self) -> None:
        await self.readies.put("resumed")

    async def on_socket_event_type(self, event: str) -> None:
        self.heard.append(event)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        custom_id = str((interaction.data or {}).get("custom_id", ""))
        if custom_id == "yes":
            await interaction.response.edit_message(content="You said yes", view=None)
        if custom_id == "which":
            await interaction.response.send_message(f"chose {(interaction.data or {}).get('values')}", ephemeral=True)


class ShardedBot(SmallBot, discord.AutoShardedClient):
    """The same with several sessions."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once; the library would wait five seconds before each."""


def circle() -> app_commands.Group:
    group = app_commands.Group(name="circle", description="Your circle")
    goal = app_commands.Group(name="goal", description="Your goals", parent=group)

    @group.command(name="join", description="Join")
    async def join(interaction: discord.Interaction, programme: str, seats: int = 1) -> None:
        await interaction.response.send_message(f"joined {programme} with {seats}", ephemeral=True)
        await interaction.followup.send("and **welcome**", ephemeral=True)

    @join.autocomplete("programme")
    async def programmes(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        names = ["physics", "chemistry"]
        return [app_commands.Choice(name=n.title(), value=n) for n in names if n.startswith(current)]

    @group.command(name="slow", description="Answer later")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="at last")

    @group.command(name="wish", description="A form")
    async def wish(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Wish())

    @group.command(name="ask", description="A question")
    async def ask(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Yes", custom_id="yes"))
        menu = discord.ui.Select(
            custom_id="which", placeholder="Which?", options=[discord.SelectOption(label="One", value="1")]
        )
        view.add_item(menu)
        await interaction.response.send_message("Did you meet?", view=view)
        view.stop()

    @group.command(name="greet", description="Greet somebody")
    async def greet(interaction: discord.Interaction, who: discord.User) -> None:
        await interaction.response.send_message(
            f"Hello {who.mention}", allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=[who])
        )

    @group.command(name="import", description="Read a file")
    async def roster(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await interaction.response.send_message((await file.read()).decode(), ephemeral=True)

    @goal.command(name="add", description="Add a goal")
    @app_commands.choices(kind=[app_commands.Choice(name="Personal", value="p")])
    async def add(interaction: discord.Interaction, kind: str, text: str) -> None:
        await interaction.response.send_message(f"{kind}: {text}", ephemeral=True)

    @group.command(name="late", description="Answer too late")
    async def late(interaction: discord.Interaction) -> None:
        release = interaction.client.late  # type: ignore[attr-defined]
        await release.wait()
        await interaction.response.send_message("too late")

    return group


def programme() -> app_commands.Group:
    group = app_commands.Group(
        name="programme", description="For organisers", default_permissions=discord.Permissions(manage_guild=True)
    )

    @group.command(name="status", description="How it goes")
    async def status(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("well", ephemeral=True)

    return group


@asynccontextmanager
async def running(town: Town, shards: int = 0) -> AsyncIterator[SmallBot]:
    """The small bot, connected and ready."""
    bot = ShardedBot(town, shard_count=shards) if shards else SmallBot(town)
    bot.late = asyncio.Event()
    async with bot:
        task = asyncio.create_task(bot.start(town.token))
        await asyncio.wait_for(bot.readies.get(), 10)
        try:
            yield bot
        finally:
            await bot.close()
            await task
