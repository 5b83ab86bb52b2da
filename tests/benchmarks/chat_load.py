"""What the benchmarks of every chat share: an open-loop load, a bot as a process of its own, a crowd that uses it.

Open-loop: a gesture is made at its time, whether or not earlier ones were answered, and every time counts from the
instant at which it was due. So a bot that stalls can't slow down the questions, and none of its pauses is left out.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text

from storage import open_store
from tests.benchmarks import crowd
from tests.benchmarks.figures import Figure

ROOT = Path(__file__).parents[2]
PATIENCE = 3.0  # seconds that both platforms wait for an answer
GIVEN_UP = 60.0  # seconds after which nothing is awaited any more
CIRCLES, TO_A_PROGRAMME = 20, 10
# Typed by different people in turn. The sixth can't be followed, or is refused; the last three write something.
LINES = (
    "circle status",
    "circle status",
    "circle goal list",
    "circle help",
    "circle next",
    "circle goal done 99",
    "circle",
    "circle goal add Hand in the grant application before summer",
    "circle met yes",
    "circle action Send the draft to my group",
)


@dataclass
class Load:
    """What came of a load, in seconds from the instants at which the gestures were due.

    ``acknowledged``: when the platform had its answer; ``told``: when the words were there, in the answer or after it.
    ``late``: how far the load itself was behind. ``failed``: what was refused or never answered. ``processor``: seconds
    that the bot computed.
    """

    asked: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    acknowledged: list[float] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def add(self, other: "Load") -> None:
        """Take another load's numbers over."""
        self.asked, self.seconds = self.asked + other.asked, self.seconds + other.seconds
        self.processor += other.processor
        for name in ("acknowledged", "told", "late", "failed"):
            getattr(self, name).extend(getattr(other, name))


@dataclass
class Program:
    """A bot as a process of its own; what it logs is in ``log``."""

    process: subprocess.Popen[bytes]
    log: Path
    began: float

    @property
    def peak(self) -> float:
        """MiB of memory at most so far, without its children; Linux tells it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return float(status.partition("VmHWM:")[2].split()[0]) / 1024

    @property
    def processor(self) -> float:
        """Seconds of processor time so far, without its children; Linux tells it."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def said(self, words: str) -> bool:
        """Whether it has logged these words."""
        return words in self.log.read_text("utf-8", "replace")

    @property
    def has_children(self) -> bool:
        """Whether it has processes of its own, such as the one that compiles ahead."""
        return bool(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii"))

    async def until(self, is_there: Callable[[], Awaitable[bool]], within: float = 120.0) -> float:
        """Wait for something of it; gives the seconds since it was started."""
        async with asyncio.timeout(within):
            while not await is_there():
                if self.process.poll() is not None:
                    raise RuntimeError(f"the bot has ended:\n{self.log.read_text('utf-8', 'replace')[-2000:]}")
                await asyncio.sleep(0.02)
        return time.perf_counter() - self.began

    async def rests(self, within: float = 120.0) -> float:
        """Wait until it has computed nothing for a second, nor has a child; gives the seconds from its start to then.

        What is compiled ahead, the first beat, and what is looked up at the start is done by then.
        """
        async with asyncio.timeout(within):
            used, since = self.processor, time.perf_counter()
            while (now := time.perf_counter()) - since < 1.0:
                await asyncio.sleep(0.05)
                if self.has_children or self.processor > used + 0.02:
                    used, since = self.processor, now
        return since - self.began


@contextlib.contextmanager
def program(log: Path, *words: str, **environment: str) -> Iterator[Program]:
    """Run a module of ours with words on its command line; it is ended at the end."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env={**os.environ, **environment}, stdout=out, stderr=out
        )
    running = Program(process, log, time.perf_counter())
    try:
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


Gesture = Callable[[int, Callable[[], None]], Awaitable[None]]
"""Makes the gesture of this number, calls what it is given when it is acknowledged, and returns when all is told."""


async def open_loop(rate: float, seconds: float, gesture: Gesture, on: Program) -> Load:
    """Make so many gestures a second to a bot, each at its time, and wait until each is told or given up."""
    loop, load = asyncio.get_running_loop(), Load(processor=-on.processor)
    start = loop.time() + 0.1
    last = start

    async def one(number: int, due: float) -> None:
        nonlocal last

        def acknowledged() -> None:
            load.acknowledged.append(loop.time() - due)

        try:
            async with asyncio.timeout(GIVEN_UP):
                await gesture(number, acknowledged)
            load.told.append(loop.time() - due)
            last = max(last, loop.time())
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is counted and named
            load.failed.append(f"{type(problem).__name__}: {problem}"[:200])

    under_way: set[asyncio.Task[None]] = set()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        if (wait := due - loop.time()) > 0:
            await asyncio.sleep(wait)
        load.late.append(loop.time() - due)
        task = asyncio.create_task(one(number, due))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        load.asked += 1
    while under_way:
        await asyncio.wait(under_way)
    load.seconds, load.processor = max(last - start, seconds), load.processor + on.processor
    return load


def at(share: float, values: Sequence[float]) -> float:
    """Give the value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


def load_figures(label: str, ours: Load, bare: Load) -> Iterator[Figure]:
    """Tell of a load beside the same load on the library alone."""
    for what, mine, theirs in (
        ("acknowledged", ours.acknowledged, bare.acknowledged),
        ("the words are there", ours.told, bare.told),
        ("(how late the load itself was)", ours.late, bare.late),
    ):
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("worst", 1.0)):
            yield Figure(f"{label}: {what}, {name}", at(share, mine), at(share, theirs))
    over, bare_over = (sum(s > PATIENCE for s in one.acknowledged) for one in (ours, bare))
    yield Figure(f"{label}: acknowledged after 3 s, of {ours.asked} (bare: {bare_over})", over, None, "")
    yield Figure(f"{label}: failed, of {ours.asked} (bare: {len(bare.failed)})", len(ours.failed), None, "")
    rates = (len(one.told) / one.seconds if one.seconds else 0.0 for one in (ours, bare))
    yield Figure(f"{label}: answered a second, achieved", *rates, "/s")
    yield Figure(f"{label}: processor time of each", *(one.processor / max(1, one.asked) for one in (ours, bare)))
    for why in sorted(set(ours.failed + bare.failed))[:3]:
        print(f"{label}: a failure: {why}", file=sys.stderr)


def furnish(folder: Path, platform: str, workspace: str, person_id: Callable[[int], str]) -> list[str]:
    """Put a crowd in the middle of its term into halqa.db; gives the platform's ids of all who sit in circles."""
    monday = (today := datetime.now(UTC).date()) - timedelta(days=today.weekday())
    store = crowd.open_crowd(folder, CIRCLES, TO_A_PROGRAMME, monday - timedelta(weeks=2 * crowd.PAST - 2))
    with store.writing() as db:
        there = {"platform": platform, "workspace": workspace}
        db.execute(text("UPDATE workspace SET platform = :platform, outside_id = :workspace"), there)
        ids = [int(row[0]) for row in db.execute(text("SELECT id FROM person ORDER BY id"))]
        for known in ids:
            as_there = {"id": known, "outside": person_id(known)}
            db.execute(text("UPDATE person SET outside_id = :outside WHERE id = :id"), as_there)
        seated = [int(row[0]) for row in db.execute(text("SELECT person_id FROM member ORDER BY id"))]
    store.close()
    return [person_id(known) for known in seated]


def goals(folder: Path) -> int:
    """Count the goals that were written down."""
    store = open_store(str(folder / "halqa.db"))
    with store.writing() as db:
        found = int(db.execute(text("SELECT count(*) FROM goal")).scalar_one())
    store.close()
    return found


def asked_by(people: Sequence[str], lines: Sequence[str] = LINES) -> Callable[[int], tuple[str, str]]:
    """Say who makes a gesture and what she types; everybody comes once before anybody comes again."""
    order = list(people)
    Random(2027).shuffle(order)

    def of(number: int) -> tuple[str, str]:
        return order[number % len(order)], lines[(number + number // len(order)) % len(lines)]

    return of


def check_done(folder: Path, said: int) -> None:
    """What was timed was done, not refused: every goal that was confirmed is there, and some were."""
    if not 0 < said <= (there := goals(folder)):
        raise ValueError(f"{said} goals were confirmed, and {there} are there.")


def tell_of_errors(log: Path) -> None:
    """Show the first errors that a bot has logged."""
    for line in [line for line in log.read_text("utf-8", "replace").splitlines() if " ERROR " in line][:3]:
        print(f"the bot's log: {line}", file=sys.stderr)
