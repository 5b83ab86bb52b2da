"""Discord's part of the chat benchmarks: interactions through the gateway, and a start among many servers."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.benchmarks import bare_bots, chat_load, discord_stage, discord_things
from tests.benchmarks.chat_load import Load, Program, program
from tests.benchmarks.discord_stage import Stage
from tests.benchmarks.figures import Figure

PERSON = 500_000_000_000_000_000
GUILDS = 20  # of the load
READY = "told Discord of"
NEEDS = {"circle goal add": "text", "circle goal done": "number", "circle met": "answer", "circle action": "text"}
# On Discord a command with others under it can't be used alone.
LINES = tuple(line if line != "circle" else "circle status" for line in chat_load.LINES)


def data_of(line: str) -> dict[str, Any]:
    """Give a command line as the data of an interaction."""
    path = next((path for path in NEEDS if line.startswith(f"{path} ")), line)
    options: list[dict[str, Any]] = []
    if path in NEEDS:
        value: Any = line.removeprefix(f"{path} ")
        is_number = NEEDS[path] == "number"
        options = [{"name": NEEDS[path], "type": 4 if is_number else 3, "value": int(value) if is_number else value}]
    name, *below = path.split()
    for depth, word in enumerate(reversed(below)):
        options = [{"name": word, "type": 2 if depth else 1, "options": options}]
    return {"name": name, "options": options}


class Members:
    """Many people of one server, who use slash commands."""

    def __init__(self, stage: Stage, people: list[str]) -> None:
        self._stage = stage
        self._asked_by = chat_load.asked_by(people, LINES)
        self.goals = 0

    async def types(self, number: int, acknowledged: Callable[[], None]) -> None:
        """Use the command of this number; it is told when its words are there."""
        person, line = self._asked_by(number)
        words = await self._stage.types(person, data_of(line), acknowledged)
        self.goals += "Kept as goal" in words


def _ours(folder: Path, stage: Stage) -> AbstractContextManager[Program]:
    config = folder / "config.toml"
    config.write_text(
        f'[store]\ndatabase = "halqa.db"\n[local]\nenabled = false\n'
        f'[discord]\napi = "{stage.api}"\ngateway = "{stage.gateway}"\n',
        "utf-8",
    )
    secret = {"HALQA_DISCORD_TOKEN": bare_bots.DISCORD_TOKEN}
    return program(folder / "bot.log", "bot.cli", "run", "--config", str(config), **secret)


def _bare(folder: Path, stage: Stage) -> AbstractContextManager[Program]:
    return program(folder / "bare.log", "tests.benchmarks.bare_bots", "discord", stage.api, stage.gateway)


async def _until_ready(running: Program) -> float:
    async def is_ready() -> bool:
        return running.said(READY)

    return await running.until(is_ready)


async def interactions(folder: Path, rate: float, seconds: float) -> AsyncIterator[Figure]:
    """Use so many commands a second: of a bare bot half of the time, of Halqa, and of the bare bot again."""
    there = discord_things.guild(0)["id"]
    people = chat_load.furnish(folder, "discord", there, lambda known: str(PERSON + known))
    least, mine = Load(), Load()
    async with discord_stage.served(GUILDS) as stage, discord_stage.served(GUILDS) as other:
        with _bare(folder, other) as bare, _ours(folder, stage) as ours:
            await _until_ready(bare)
            await _until_ready(ours)
            await ours.rests()
            members, others = Members(stage, people), Members(other, people)
            least.add(await chat_load.open_loop(rate, seconds / 2, others.types, bare))
            mine.add(await chat_load.open_loop(rate, seconds, members.types, ours))
            least.add(await chat_load.open_loop(rate, seconds / 2, others.types, bare))
            peaks = ours.peak, bare.peak
    for figure in chat_load.load_figures(f"Discord, {rate:g} interactions a second for {seconds:g} s", mine, least):
        yield figure
    yield Figure("Discord: deferred, the words came later", stage.deferred, None, "")
    yield Figure("Discord: peak memory", *peaks, "MiB")
    complaints = stage.complaints + other.complaints
    yield Figure("Discord: requests that the stand-in does not know", len(complaints), None, "")
    for complaint in sorted(set(complaints))[:5]:
        print(f"Discord: {complaint}", file=sys.stderr)
    chat_load.check_done(folder, members.goals)
    chat_load.tell_of_errors(folder / "bot.log")


async def start(folder: Path, guilds: int) -> AsyncIterator[Figure]:
    """Start among so many servers, a bare bot first and Halqa after it."""
    found: list[tuple[float, ...]] = []
    for open_bot in (_ours, _bare):
        async with discord_stage.served(guilds) as stage:
            with open_bot(folder, stage) as running:
                whole = await _until_ready(running)
                since, rested = whole + running.began - stage.identified, await running.rests()
                found.append((whole, since, rested, running.processor, running.peak))
    for what, unit, ours, bare in zip(
        (
            "from the process to ready",
            "from IDENTIFY to ready",
            "from the process to rest",
            "processor time",
            "peak memory",
        ),
        ("s", "s", "s", "s", "MiB"),
        *found,
        strict=True,
    ):
        yield Figure(f"Discord, a start among {guilds} servers: {what}", ours, bare, unit)
    chat_load.tell_of_errors(folder / "bot.log")
