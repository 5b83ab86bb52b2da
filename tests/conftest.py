"""What every test may ask for: a store with its tables made, on both databases, new for each test."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import stores
from hypothesis import HealthCheck, settings
from postgres import MISSING, Server, binaries, running

from bot import logs
from storage.engine import Store

# No test is timed: the first example of many loads a library, and machines differ. A draw of which many do not fit is
# no fault of what is tested. Forty examples a day find in time what more would find sooner, and CI stays short.
settings.register_profile(
    "untimed",
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("untimed")

# The core's own tests tell what of it is tried. Those that reach it through a chat, or try it a thousand times over,
# would run half as fast while every line is counted.
UNCOUNTED = {"slack", "discord_bot", "bot", "storage", "test_alemat_year.py", "test_privacy.py"}
UNCOUNTED |= {"test_forming_always.py", "test_forming_crowds.py", "test_machine.py"}


# Files go to the workers whole and in order: these first, so that no worker has a long one left when others are done.
LONG = (
    *("test_kill.py", "test_alemat_year.py", "test_forming_always.py", "test_local_page.py", "test_local_page_view.py"),
    *("test_machine.py", "test_play.py", "test_forming_talk.py", "test_forming_crowds.py", "test_forming_exact.py"),
    *("test_privacy.py", "test_tenancy.py"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files be first, and let coverage pass over what need not be counted."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
    for item in items:
        parts = set(item.path.relative_to(Path(__file__).parent).parts)
        given = item.callspec.params if hasattr(item, "callspec") else {}
        is_told_elsewhere = given.get("talk") in {"slack", "discord"} or given.get("store") == "postgres"
        is_tried_many_times = hasattr(getattr(item, "function", None), "hypothesis")
        if parts & UNCOUNTED or is_told_elsewhere or is_tried_many_times:
            item.add_marker("no_cover")


if TYPE_CHECKING:
    from discord_judge import Judge
    from discord_town import Stage


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """An SQLite file with its tables made, to copy."""
    return stores.template()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A store in a file of its own."""
    store = stores.new(tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server; its database "halqa" has its tables made, to copy."""
    programs = binaries()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with running(programs) as server, server.database(name="halqa") as address:
        stores.made(address)
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of a database of one's own on PostgreSQL, with its tables made."""
    with postgres_server.database("halqa") as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store with its tables made; the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    store = stores.opened(request.getfixturevalue("postgres_url"))
    yield store
    store.close()


@pytest.fixture(scope="session")
def judge() -> "Judge":
    """The judge of requests to Discord, who reads each path of Discord's document once."""
    from discord_judge import Judge, document  # noqa: PLC0415 - few tests need it, and it takes its time

    return Judge(document())


@pytest.fixture(scope="session")
def discord_stage() -> Iterator["Stage"]:
    """The stand-in for Discord as a process, one for each worker; in CI it must be installed."""
    from discord_town import MISSING as DISCORD_MISSING  # noqa: PLC0415 - as above
    from discord_town import installed, stage  # noqa: PLC0415 - as above

    if not installed():
        if os.environ.get("CI") == "true":
            pytest.fail(DISCORD_MISSING)
        pytest.skip(DISCORD_MISSING)
    with stage() as made:
        yield made


@pytest.fixture(autouse=True)
def quiet_after_each() -> Iterator[None]:
    """Take back how a test has set up the log: what the next one hears must not depend on it."""
    yield
    for handler in list(logging.root.handlers):
        if any(isinstance(one, logs.Discreet) for one in handler.filters):
            logging.root.removeHandler(handler)
    logging.root.setLevel(logging.WARNING)
    for name in (*logs.OURS, *logs.QUIET):
        logging.getLogger(name).setLevel(logging.NOTSET)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed one: what was not run was not tested."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if reporter and skipped and os.environ.get("CI") == "true" and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"\nCI=true: {len(skipped)} skipped, and skipping counts as failing.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
