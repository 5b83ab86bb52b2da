"""The main job, seen in a minute: a programme with two organisers and a roster, a page, and a clock to move."""

import asyncio
import contextlib
import logging
import signal
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Metronome, MovableClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.local.app import LocalApp
from bot.local.journal import Journal
from bot.local.space import Space
from circles import commands
from circles.membership import importing, roster
from circles.turn import Call
from storage import Store, migrate, open_store, people, programmes

log = logging.getLogger(__name__)
WORKSPACE = "demo"
ORGANISERS = {"rana": "Rana Odeh", "huda": "Huda Saleh"}
GUEST = "ada"  # whom the viewer acts as first
# Those of the sample who have not joined yet. The others leave one seat free, and who joins next gets it.
NOT_YET = {GUEST: ("Ada Nwankwo", "Africa/Lagos"), "esi": ("Esi Mensah", "Africa/Accra")}
ZONE = "Asia/Amman"
SETUP: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "programme setup 1",
        {
            "name": "Women in science",
            "purpose": "Scientists of many institutions who give and receive, each by what she knows.",
            "objectives": "Everybody meets ten new colleagues; most say it was worth their time.",
        },
    ),
    ("programme setup 2", {"mentors_found": "Everybody says for herself what she can offer.", "mentors": "10"}),
    ("programme setup 3", {"eligibility": "Women who work or study in science.", "mentees": "10"}),
    ("programme setup 4", {"across_institutions": "yes", "overlap_hours": "2", "rotation": "mentor-mentee"}),
    ("programme setup 5", {"start": "next monday", "weeks": "39", "every_weeks": "2", "at": "09:00", "zone": ZONE}),
    ("programme setup 6", {"check_in_weeks": "5", "prompts": "light"}),
    ("programme setup 7", {"evaluation": "Was it worth your time? Asked at the end."}),
)
GOALS = {
    "cleo": "Hand in the grant application before summer",
    "dana": "Say no to one committee",
    "bob": "Write two pages a week",
    "rima": "Find a field work partner",
}


def open_demo(folder: Path, start: datetime | None = None) -> tuple[Desk, Space, MovableClock]:
    """Open the demo in ``folder``, where it was left, or set it up; ``start`` is where a new one's clock stands."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(str(folder / "halqa.db"))
    migrate.upgrade(store)
    clock = MovableClock(start or datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    space = Space(Journal(folder / "workspace.jsonl"), clock)
    if space.last_now is None:
        set_up(store, clock.now())
        space.note_time(clock.now())
    clock.move(space.last_now or clock.now())
    return Desk(store), space, clock


def set_up(store: Store, now: datetime) -> None:
    """Do what organisers and members would do first, through the same door: set up, launch, bring in a roster."""
    with store.writing() as db:
        workspace = people.workspace(db, "local", WORKSPACE, name="Halqa, local workspace")
        for user, name in ORGANISERS.items():
            people.person(db, workspace.id, user, name=name, zone=ZONE)
        for user, (name, zone) in NOT_YET.items():
            people.person(db, workspace.id, user, name=name, zone=zone)
    does = _doer(store, now)
    for line, answers in SETUP:
        does("rana", line, answers)
    does("rana", "programme organisers add @huda", {})
    does("rana", "programme call", {})
    lines = roster.sample().splitlines(keepends=True)
    others = b"".join(line for line in lines if line.split(b",")[0].decode() not in NOT_YET)
    with store.writing() as db:
        slug = programmes.all_of(db, people.workspace(db, "local", WORKSPACE).id)[0].slug
    importing.import_roster(store, "local", WORKSPACE, slug, others, now)
    for user, goal in GOALS.items():
        does(user, f"circle goal add {goal}", {})


def _doer(store: Store, now: datetime) -> Callable[[str, str, dict[str, str]], None]:
    def does(user: str, line: str, answers: dict[str, str]) -> None:
        call = Call("local", WORKSPACE, user, line, f"demo:{user}:{line}", answers)
        for answer in commands.run(store, call, now):
            log.debug("%s: %s gave %s", user, line, type(answer).__name__)

    return does


async def run(
    folder: Path,
    port: int,
    *,
    open_browser: bool,
    said: Callable[[str], None] = print,
    start: datetime | None = None,
) -> None:
    """Serve the demo until it is interrupted; OSError when the port is taken.

    ``start`` is where a new demo's clock stands; None means the present hour.
    """
    desk, space, clock = await asyncio.to_thread(open_demo, folder, start)
    courier = Courier(desk, {"local": space})
    metronome = Metronome(desk, courier, clock)
    app = LocalApp(desk, space, clock, metronome, WORKSPACE, name="Halqa, local workspace", acting=GUEST)
    try:
        address = await app.start(port)
        metronome.start()
        said(f"Halqa's local workspace is open: {address}")
        said("You are Ada: type /circle join. Then act as Rana, an organiser: /programme form. Ctrl+C ends it.")
        if open_browser:
            await asyncio.to_thread(webbrowser.open, address)
        await until_stopped()
    finally:
        await metronome.rest()
        await app.stop()
        await asyncio.to_thread(desk.close)
        space.close()


async def until_stopped() -> None:
    """Wait until the process is asked to end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no such handlers
            loop.add_signal_handler(name, stopped.set)
    await stopped.wait()
