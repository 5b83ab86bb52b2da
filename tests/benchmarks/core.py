"""How fast the core is: a command's round trip, the clock's ticks for many circles, and a played term.

Run it by hand from the root of the repository, on a machine that does nothing else:

    python -m tests.benchmarks.core
    python -m tests.benchmarks.core --circles 1,100 --calls 400 --to-a-programme 10 --json

Everything runs on an SQLite file with the bot's settings (WAL, synchronous=FULL) in a new folder under ``--folder``.
One line a figure: name, ours, baseline, ratio. The baseline is the least that a disk can do for the same promise:

* a command, an idle tick: one bare transaction (BEGIN IMMEDIATE; one INSERT; COMMIT), in turns with ours;
* a tick, a pump: as many bare inserts in one transaction as it wrote or sent outbox rows;
* the played term: as many bare transactions as there were messages.

Every size has a process of its own, so the peak of memory is its own. In ``growth k`` seconds are about n to the k.
The split by phase comes from cProfile, at the largest size of up to 100 circles: shares, not seconds, since the
profiler slows Python but not the disk.
"""

import argparse
import asyncio
import cProfile
import math
import multiprocessing
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import text

from bot import demo
from bot.clock import Metronome
from bot.deliver import Courier
from bot.local.app import LocalApp
from circles import commands, tick
from circles.effects import Ask, Reply
from circles.turn import Call
from storage import Store
from tests.benchmarks import crowd
from tests.benchmarks.figures import Figure, show

IDLE_TICKS = 50
TERM = 500  # messages; a term has about twice as many
JOINING: tuple[dict[str, str], ...] = (
    {"stance": "mentor", "offers": "grant writing; supervising"},
    {"languages": "English", "institution": "Lagoon University", "stage": "senior"},
    {"zone": "Africa/Lagos"},
)
PHASES = {  # what a share is of: where the function is, and its name
    "due query": {("storage/programmes.py", "due_occurrences"), ("storage/deliveries.py", "pending_due")},
    "planning": {("rotation/past.py", "plan")},
    "prompts": {("conversation/shelf.py", "take")},
    "common hours": {("rotation/hours.py", "first_for_all"), ("rotation/hours.py", "shared")},
    "words": {("words.py", name) for name in ("introduction", "room_name", "eve")},
    "said afresh": {("circles/outbox.py", "_is_still_wanted")},
    "outbox": {("circles/outbox.py", "put")},
    "commit": {("engine/default.py", "do_commit"), ("engine/default.py", "do_release_savepoint")},
}


def _at(share: float, values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def command_figures(folder: Path, calls: int) -> list[Figure]:
    """Time each command's round trip, in turns with a bare transaction, among a hundred circles."""
    circles = max(10, -(-calls // (4 * 2 * crowd.SEATS)))
    crowd.warm_up()
    store, bare, ids = crowd.open_crowd(folder, circles, 10), crowd.Bare(folder), count()
    seats = [(circle, seat) for circle in range(circles) for seat in range(2 * crowd.SEATS)]
    asked = {
        "/circle status": "circle status",
        "/circle met yes": "circle met yes",
        "/circle goal add": "circle goal add Hand in the grant application before summer",
        "/programme status": "programme status",
    }
    figures = []
    for name, line in asked.items():
        ours, least = [], []
        for turn in range(max(1, calls // len(asked))):
            circle, seat = seats[turn % len(seats)]
            who = f"rana{circle // 10 * 10}" if name.startswith("/programme") else crowd.member_id(circle, seat)
            call = Call("local", "crowd", who, line, f"b{next(ids)}", room="x")
            began = time.perf_counter()
            answers = commands.run(store, call, crowd.NOW)
            ours.append(time.perf_counter() - began)
            least.append(bare.transaction())
            if not isinstance(answers[0], Reply):
                raise TypeError(f"{line} asked for more: {answers}")
        figures += [
            Figure(f"{name}, p50", _at(0.5, ours), _at(0.5, least)),
            Figure(f"{name}, p99", _at(0.99, ours), _at(0.99, least)),
            Figure(f"{name}, per second", len(ours) / sum(ours), len(least) / sum(least), "/s"),
        ]
    _check_said(store, max(1, calls // len(asked)), len(seats))
    store.close()
    bare.close()
    return figures


def _check_said(store: Store, calls: int, seats: int) -> None:
    """What was timed was done, not refused."""
    with store.writing() as db:
        goals = int(db.execute(text("SELECT count(*) FROM goal")).scalar_one())
        met = int(db.execute(text("SELECT count(*) FROM placement WHERE answered_at IS NOT NULL")).scalar_one())
    if goals != calls or met != min(calls, seats):
        raise ValueError(f"{calls} goals and answers were given; {goals} goals and {met} answers are there.")


def _idle(store: Store, bare: crowd.Bare, start: datetime) -> tuple[float, float]:
    """Give the middle time of ticks at which nothing is due, and of bare transactions in turns with them."""
    ours, least = [], []
    for turn in range(IDLE_TICKS):
        began = time.perf_counter()
        tick.tick(store, start + turn * crowd.QUIET)
        ours.append(time.perf_counter() - began)
        least.append(bare.transaction())
    return _at(0.5, ours), _at(0.5, least)


def tick_figures(circles: int, to_a_programme: int, where: str) -> list[Figure]:
    """Time every kind of tick and pump for so many circles of twenty; runs in a process of its own."""
    label = f"{circles} circle{'s' * (circles != 1)}, {to_a_programme} to a programme"
    figures = []
    crowd.warm_up()
    with tempfile.TemporaryDirectory(dir=where) as name:
        folder = Path(name)
        began = time.perf_counter()
        store, bare = crowd.open_crowd(folder, circles, to_a_programme), crowd.Bare(folder)
        figures.append(Figure(f"{label}: filling the store", time.perf_counter() - began))
        figures.append(Figure(f"{label}: idle tick, p50", *_idle(store, bare, crowd.NOW)))
        for station, work, made in crowd.half_week(store):
            ours, cpu = time.perf_counter(), time.process_time()
            work()
            ours, cpu = time.perf_counter() - ours, time.process_time() - cpu
            rows = crowd.rows(store, made)
            if not rows:
                raise ValueError(f"{label}: {station} did nothing.")
            figures.append(Figure(f"{label}: {station} ({rows} rows)", ours, bare.transaction(rows)))
            figures.append(Figure(f"{label}: {station}, of that on the processor", cpu))
        figures.append(Figure(f"{label}: idle tick after all that, p50", *_idle(store, bare, crowd.AFTERWARDS)))
        store.close()
        bare.close()
        size = sum(file.stat().st_size for file in folder.glob("halqa.db*")) / 2**20
        figures.append(Figure(f"{label}: database", size, unit="MiB"))
    divisor = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / divisor
    return [*figures, Figure(f"{label}: peak memory", peak, unit="MiB")]


def phase_figures(circles: int, to_a_programme: int, where: str) -> list[Figure]:
    """Split the time of the ticks by phase, in parts of a hundred."""
    figures = []
    crowd.warm_up()
    with tempfile.TemporaryDirectory(dir=where) as name:
        store = crowd.open_crowd(Path(name), circles, to_a_programme)
        for station, work, _made in crowd.half_week(store):
            profile = cProfile.Profile()
            profile.runcall(work)
            stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
            total = sum(own for _calls, _all, own, _cumulative, _callers in stats.values())
            for phase, functions in PHASES.items():
                spent = sum(
                    row[3] for (file, _l, f), row in stats.items() for e, g in functions if g == f and file.endswith(e)
                )
                if "pump" not in station and spent > total / 1000:
                    figures.append(Figure(f"{circles} circles: {station}: {phase}", 100 * spent / total, unit="%"))
        store.close()
    return figures


def growth_figures(found: dict[int, list[Figure]]) -> list[Figure]:
    """Fit seconds ~ circles**k over the sizes, by least squares on the logarithms."""
    by_station: dict[str, list[tuple[float, float]]] = {}
    for circles, figures in found.items():
        for figure in figures:
            station = figure.name.partition(": ")[2].partition(" (")[0]
            if figure.unit == "s":
                by_station.setdefault(station, []).append((math.log(circles), math.log(figure.ours)))
    figures = []
    for station, points in by_station.items():
        x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
        spread = sum((a - x) ** 2 for a, _b in points)
        if spread:
            figures.append(Figure(f"growth k: {station}", sum((a - x) * (b - y) for a, b in points) / spread, unit=""))
    return figures


def played_term(folder: Path) -> list[Figure]:
    """Play the demo's whole term with everybody answering: 26 people, as fast as it goes."""

    async def play() -> tuple[float, int]:
        desk, space, clock = demo.open_demo(folder, datetime(2027, 2, 1, 9, tzinfo=UTC))
        metronome = Metronome(desk, Courier(desk, {"local": space}), clock)
        app = LocalApp(desk, space, clock, metronome, demo.WORKSPACE, acting="nobody")
        line, number = "circle join", count()
        for step in ({}, *JOINING):
            call = Call("local", demo.WORKSPACE, demo.GUEST, line, f"play{next(number)}", step)
            answer = (await desk.answer(call, clock.now()))[0]
            line = answer.form.call if isinstance(answer, Ask) else ""
        for line in ("programme form", "programme form confirm"):
            await desk.answer(Call("local", demo.WORKSPACE, "rana", line, f"play{next(number)}"), clock.now())
        if app.player is None:
            raise TypeError("the demo's clock does not move")
        app.player.is_lively = True
        began = time.perf_counter()
        while await app.player.step():
            pass
        seconds = time.perf_counter() - began
        said = crowd.rows(desk.store, "state = 'sent'")
        await asyncio.to_thread(desk.close)
        space.close()
        return seconds, said

    seconds, said = asyncio.run(play())
    if said < TERM:
        raise ValueError(f"A term was not played: {said} messages.")
    with closing(crowd.Bare(folder)) as bare:
        least = sum(bare.transaction() for _message in range(said))
    return [Figure(f"a played term of 26 people ({said} sent)", seconds, least)]


def measure(circles: list[int], calls: int, to_a_programme: int, where: str) -> Iterator[Figure]:
    """Give every figure, each as soon as it is known."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        yield from command_figures(Path(folder), calls)
    for together in sorted({1, to_a_programme}):
        found: dict[int, list[Figure]] = {}
        for size in circles:
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
                found[size] = alone.submit(tick_figures, size, together, where).result()
            yield from found[size]
        yield from growth_figures(found)
    yield from phase_figures(max((c for c in circles if c <= 100), default=min(circles)), to_a_programme, where)
    with tempfile.TemporaryDirectory(dir=where) as folder:
        yield from played_term(Path(folder))


def main() -> None:
    """Read the words of the command line, measure, and print."""
    reader = argparse.ArgumentParser(description="How fast the core is.")
    reader.add_argument("--circles", default="1,100,1000", help="sizes, such as 1,100,1000")
    reader.add_argument("--calls", type=int, default=2000, help="commands in all")
    reader.add_argument("--to-a-programme", type=int, default=10, help="circles of a programme, besides one")
    reader.add_argument("--folder", default=tempfile.gettempdir(), help="whose disk is used")
    reader.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    words = reader.parse_args()
    sizes = [int(n) for n in words.circles.split(",")]
    show(measure(sizes, words.calls, words.to_a_programme, words.folder), as_json=words.json)


if __name__ == "__main__":
    main()
