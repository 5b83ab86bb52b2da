"""A town on Discord: the stand-in as a process of its own, its faults, its people, and what the bot asked of it."""

import asyncio
import json
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import discord
import yarl
from discord_people import Person

TWIN = Path(__file__).parents[1] / "discord_twin"
MISSING = f"the stand-in for Discord is not installed; run {TWIN.relative_to(TWIN.parents[1])}/install.sh"
TOKEN = "MTAw.stand-in.not-a-secret"  # noqa: S105 - a word of the stand-in
MEMBER = 1071698660929
ORGANISER = MEMBER | 0x20  # may manage the server
LONGEST_LINE = 2**27  # bytes; a list of calls is one line


class Elsewhere(aiohttp.TCPConnector):
    """Connections that lead everything meant for Discord to other addresses: REST, answers and gateway alike."""

    def __init__(self, api: str, gateway: str) -> None:
        super().__init__(limit=0)
        self.api, self.gateway = yarl.URL(api), yarl.URL(gateway)

    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:  # noqa: ASYNC109 - aiohttp's own words
        if req.url.host == "discord.com":
            rest = req.url.raw_path.removeprefix("/api/v10").lstrip("/")
            self._lead(req, self.api.joinpath(rest, encoded=True).with_query(req.url.query or None))
        elif (req.url.host or "").endswith("discord.gg"):
            self._lead(req, self.gateway.with_query(req.url.query))
        return await super().connect(req, traces, timeout)

    @staticmethod
    def _lead(req: Any, url: yarl.URL) -> None:
        req.url = url
        req.headers["Host"] = f"{url.host_port_subcomponent}"


def client(town: "Town", **how: Any) -> discord.Client:
    """A discord.Client that speaks with the stand-in; its library is as everybody has it."""
    how.setdefault("intents", discord.Intents.default())
    how.setdefault("allowed_mentions", discord.AllowedMentions.none())
    how.setdefault("guild_ready_timeout", 0.05)  # the library waits two seconds after the last server
    return discord.Client(connector=Elsewhere(town.api, town.gateway), **how)


@dataclass
class Call:
    """A request that the bot made: what it asked, and what it was answered (status 0: the connection was cut)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    files: list[dict[str, Any]]
    status: int
    response: Any
    number: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass
class Town:
    """A server on Discord's stand-in, with people, faults, and a record of every request."""

    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] = field(repr=False)
    api: str
    gateway: str
    token: str
    guild: str = ""
    channel: str = ""  # of the channel "programme"
    channels: dict[str, str] = field(default_factory=dict)
    bot: str = ""
    names: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)
    _change: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0

    async def _begin(self, **limits: Any) -> None:
        there = await self.ask("begin", **limits)
        self.guild, self.channels, self.bot = there["guild"], there["channels"], there["bot"]
        self.channel = self.channels["programme"]
        self.names[self.bot] = "halqa"

    async def ask(self, what: str, /, **args: Any) -> Any:
        """Call one of the stand-in's own methods (people.mjs, gateway.mjs)."""
        self._count += 1
        number = self._count
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self.line[1].write(json.dumps({"id": number, "method": what, "args": args}).encode() + b"\n")
        await self.line[1].drain()
        return await self._waiting[number]

    async def person(
        self, name: str, *, organiser: bool = False, guilds: list[str] | None = None, **how: Any
    ) -> Person:
        """Somebody on the server; the same name is the same person."""
        if name not in self.people:
            permissions = ORGANISER if organiser else MEMBER
            made = await self.ask("person", name=name, guilds=guilds or [self.guild], permissions=str(permissions))
            self.people[name] = Person(self, name, made["id"], made["dm"], self.channel, permissions, **how)
            self.names[made["id"]] = name
        return self.people[name]

    async def fail(
        self,
        method: str = "",
        path: str = "",
        *,
        status: int = 0,
        code: int = 0,
        times: int = 1,
        drop: str = "",
        done: bool = False,
        **more: Any,
    ) -> None:
        """Plan a fault for the next ``times`` requests that match (0: until `heals`); ``path`` is a pattern.

        status, code: the refusal (`REFUSALS` knows the status of a code). 429 takes retry_after, scope, is_global.
        drop: "before" cuts the connection with nothing done, "after" when it was done and the answer is lost.
        done: it is done, then refused. words: only requests with these words. skip: let so many pass first.
        """
        if "is_global" in more:
            more["global"] = more.pop("is_global")
        asked = {
            "method": method,
            "path": path,
            "status": status or REFUSALS.get(code, 0),
            "code": code,
            "times": times,
        }
        await self.ask("fault", **asked, **({"drop": drop} if drop else {}), done=done, **more)

    async def heals(self) -> None:
        """Forget every planned fault."""
        await self.ask("heal")

    async def calls(self, method: str = "", path: str = "") -> list[Call]:
        """Every finished request so far, or those with this method and this piece of a path."""
        found = await self.ask("calls")
        keys = ("method", "path", "query", "headers", "body", "files", "status", "response")
        every = [Call(**{k: c[k] for k in keys}, number=c["n"]) for c in found]
        return [c for c in every if method in {"", c.method} and path in c.path]

    async def commands(self) -> list[dict[str, Any]]:
        """The registered commands, with their ids."""
        return list(await self.ask("commands"))

    async def rooms(self) -> dict[str, dict[str, Any]]:
        """Channels and threads by name: id, type, parent, archived, locked, invitable, and people by name."""
        found = await self.ask("rooms")
        return {r["name"]: {**r, "people": sorted(self.names.get(p, "halqa") for p in r["people"])} for r in found}

    async def drops(self, code: int = 4000, *, hold: bool = False) -> None:
        """Close every gateway socket with a code; the session may be resumed, if held only after `listens`."""
        await self.ask("drop", code=code, hold=hold)

    async def listens(self) -> None:
        """Hear again who wants to resume or to identify."""
        await self.ask("back")

    async def refuses_resume(self, times: int = 1) -> None:
        """Answer the next RESUME with INVALID_SESSION."""
        await self.ask("refuse_resume", times=times)

    async def until(self, found: Callable[[], Awaitable[Any]], *, within: float = 60) -> Any:
        """Wait until ``found`` gives something, looking again whenever something was said; TimeoutError after that."""
        async with asyncio.timeout(within):
            while True:
                change = self._change
                if there := await found():
                    return there
                await change.wait()

    async def _listen(self) -> None:
        while line := await self.line[0].readline():
            said = json.loads(line)
            if "id" in said:
                waiting = self._waiting.pop(said["id"])
                if waiting.done():
                    continue
                if "error" in said:
                    waiting.set_exception(LookupError(said["error"]))
                else:
                    waiting.set_result(said["result"])
            elif said["event"] == "broken":
                self.broken.append(said["what"])
            elif said["event"] == "said":
                self._change.set()
                self._change = asyncio.Event()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the stand-in has stopped"))


# The status that Discord sends with a code (its documentation, "JSON Error Codes", and what bots have met).
REFUSALS = {
    **dict.fromkeys((10003, 10004, 10007, 10008, 10013, 10062, 10063), 404),
    **dict.fromkeys((50001, 50005, 50007, 50013, 50278), 403),
    **dict.fromkeys((40060, 50006, 50024, 50035, 50083, 160005, 160006), 400),
}


def installed() -> bool:
    """Whether the stand-in's packages are there."""
    return (TWIN / "node_modules" / "discord-digital-twin").is_dir()


@dataclass(frozen=True)
class Stage:
    """The stand-in's process: many towns may follow one another on it."""

    port: int
    control: int


@contextmanager
def stage() -> Iterator[Stage]:
    """Start the stand-in as a process of its own, and stop it at the end."""
    process = subprocess.Popen(
        ["node", str(TWIN / "twin.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TWIN_TOKEN": TOKEN},
    )
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        ready = process.stdout.readline()
        assert ready, "the stand-in did not start; it says why above"
        try:
            yield Stage(**json.loads(ready))
        finally:
            process.stdin.close()


@asynccontextmanager
async def town(on: Stage | None = None, **limits: Any) -> AsyncIterator[Town]:
    """A new town, on a stage that there is or on one of its own; at the end, complain of what the stand-in can't do.

    ``limits``: answer_ms (3000) to answer an interaction, token_ms (15 minutes), shards (1).
    """
    with ExitStack() as own:
        at = on or own.enter_context(stage())
        line = await asyncio.open_connection("127.0.0.1", at.control, limit=LONGEST_LINE)
        here = f"127.0.0.1:{at.port}"
        made = Town(line, f"http://{here}/api/v10", f"ws://{here}/gateway", TOKEN)
        listening = asyncio.create_task(made._listen())
        try:
            await made._begin(**limits)
            yield made
            assert made.broken == [], "the stand-in met what it can't do:\n" + "\n".join(made.broken)
        finally:
            line[1].close()
            await line[1].wait_closed()
            await listening
