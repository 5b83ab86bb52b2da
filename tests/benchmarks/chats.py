"""How fast the chat adapters are: slash commands and interactions under load, a start among many servers, a term.

Run it by hand from the root of the repository, on a machine of two cores that does nothing else (four minutes):

    python -m tests.benchmarks.chats
    python -m tests.benchmarks.chats --only slack,discord --seconds 30 --rate 200 --interactions 100 --json

One line a figure: name, ours, baseline, ratio. The bot is a process of its own, as `halqa run` starts it, with an
SQLite file in which 400 people sit in 20 circles; the load and the stand-in for the platform share another process.
Gestures are made at their times, whether or not earlier ones were answered, and every time counts from when its gesture
was due. Whoever types for the first time is looked up on Slack, so a run of a few seconds looks worse than a long one.

* slack: slash commands by signed HTTP requests; beside them the same load on a bare slack-bolt app that only
  acknowledges, half of it before and half after ours. Its bolt looks every 10 ms whether the listener has answered;
  ours hands the answer over without that wait, so a ratio below 1 is possible.
* term: the demo's term of 26 people through the Slack adapter and real sockets, without its pauses; beside it the same
  term in the local workspace. People press by the same lot, but in another order, so the two terms differ a little.
* discord: slash commands through the gateway; beside them the same load on a bare discord.py client, in turns too.
* guilds: from the start of the process until it is ready in so many servers, and until it has nothing more to do;
  2 s of it discord.py waits for more servers. Beside it the bare client. Memory and processor time are taken at rest.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tests.benchmarks import chats_discord, chats_slack
from tests.benchmarks.figures import Figure, show

PARTS = ("slack", "term", "discord", "guilds")


def measure(words: argparse.Namespace) -> Iterator[Figure]:
    """Give every figure of the parts that are asked for, each part in a folder of its own."""
    for part in words.only.split(","):
        with tempfile.TemporaryDirectory(dir=words.folder) as name:
            yield from _now(_part(part, Path(name), words))


def _part(part: str, folder: Path, words: argparse.Namespace) -> AsyncIterator[Figure]:
    if part == "slack":
        return chats_slack.commands(folder, words.rate, words.seconds)
    if part == "term":
        return chats_slack.term(folder)
    if part == "discord":
        return chats_discord.interactions(folder, words.interactions, words.seconds)
    if part == "guilds":
        return chats_discord.start(folder, words.guilds)
    raise SystemExit(f"{part} is no part; there are {', '.join(PARTS)}.")


def _now(figures: AsyncIterator[Figure]) -> list[Figure]:
    async def every() -> list[Figure]:
        return [figure async for figure in figures]

    return asyncio.run(every())


def main() -> None:
    """Read the words of the command line, measure, and print."""
    reader = argparse.ArgumentParser(description="How fast the chat adapters are.")
    reader.add_argument("--only", default=",".join(PARTS), help="parts, such as slack,discord")
    reader.add_argument("--seconds", type=float, default=30.0, help="of each load")
    reader.add_argument("--rate", type=float, default=200.0, help="slash commands a second, on Slack")
    reader.add_argument("--interactions", type=float, default=100.0, help="a second, on Discord")
    reader.add_argument("--guilds", type=int, default=2000, help="servers at the start")
    reader.add_argument("--folder", default=tempfile.gettempdir(), help="whose disk is used")
    reader.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    words = reader.parse_args()
    show(measure(words), as_json=words.json)


if __name__ == "__main__":
    main()
