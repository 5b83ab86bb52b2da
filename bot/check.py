"""Looking before leaping: configuration, database, disk, zones and prompts, and everything to mend at once."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import config
from bot.findings import Finding
from circles.conversation import library
from storage import Store, StoreUnusable, health, migrate, open_store

LEAST_FREE = 50 * 1024 * 1024  # bytes; a year of a programme of 200 people takes about a tenth of this
SHIFTS = ("Asia/Amman", "Africa/Cairo", "Europe/London")  # zones in whose wall time a programme like ours lives


def look(file: Path | None, env: Mapping[str, str]) -> list[Finding]:
    """Look at everything that Halqa needs; a problem in one place never hides those in another."""
    findings: list[Finding] = []
    settings: config.Settings | None = None
    backups: Path | None = None
    try:
        settings = config.load(file, env)
        database, backups = settings.database, settings.backups
        findings.append(Finding(f"{_said_by(file)}: in order"))
    except config.ConfigProblems as problems:
        database = problems.database
        findings += [Finding(problem, is_problem=True) for problem in problems.problems]
    store, problem = _opened(database)
    try:
        if problem is not None:
            findings.append(problem)
        if store is not None:
            findings += _store(store, backups)
        findings += [_prompts(), _zone_data()]
        if settings is not None:
            findings += _chats(settings, store)
    finally:
        if store is not None:
            store.close()
    return findings


def _said_by(file: Path | None) -> str:
    if file is None and not config.DEFAULT_FILE.exists():
        return "the environment, without a configuration file"
    return str(file or config.DEFAULT_FILE)


def _opened(place: str) -> tuple[Store | None, Finding | None]:
    try:
        return (open_store(place) if place else None), None
    except StoreUnusable as problem:
        return None, Finding(str(problem), is_problem=True)


def _chats(settings: config.Settings, store: Store | None) -> Iterator[Finding]:
    """Let each chat that is on look at itself, in the room ``check`` of its folder."""
    for name, chat in config.CHATS.items():
        its_own = getattr(settings, name)
        if its_own is None or find_spec(f"bot.{name}.check") is None:
            continue
        try:
            yield from import_module(f"bot.{name}.check").look(its_own, store if _can_be_asked(store) else None)
        except Exception as error:  # noqa: BLE001 - a look that fails must not hide what the others found
            yield Finding(
                f"{chat.NAME} can't be looked at ({type(error).__name__}); please report this", is_problem=True
            )


def _can_be_asked(store: Store | None) -> bool:
    """Whether the database can be read now; what is wrong with it is said already."""
    try:
        if store is None or migrate.state(store) != "current":
            return False
        with store.writing() as db:
            health.workspaces(db)
    except Exception:  # noqa: BLE001 - whatever the driver raises
        return False
    return True


def _store(store: Store, backups: Path | None) -> Iterator[Finding]:
    name = str(store.file or "the database")
    if store.file is not None:
        yield from _disk(store.file, backups)
    try:
        found = migrate.state(store)
    except StoreUnusable as problem:
        yield Finding(str(problem), is_problem=True)
        return
    yield {
        "new": Finding(f"{name}: new; its tables are made at the first start"),
        "current": Finding(f"{name}: up to date"),
        "behind": Finding(f"{name}: of an earlier Halqa; the next start brings it up to date, after a backup"),
        "newer": Finding(
            f"{name}: written by a later Halqa. Install that one, or go back to a backup", is_problem=True
        ),
    }[found]
    if store.file is not None and found != "new":
        wrong = health.damage(store.file)
        yield (
            Finding(f"{name}: damaged ({wrong}). Stop Halqa, and go back to a backup", is_problem=True)
            if wrong
            else Finding(f"{name}: whole")
        )
        if wrong:
            return
    if found == "current":
        yield from _rows(store, name)


def _disk(file: Path, backups: Path | None) -> Iterator[Finding]:
    """Look for room: an upgrade copies the database, and SQLite writes its changes beside it first.

    The folder of backups is made when it is needed; one for the database that is missing is said with the database.
    """
    size = file.stat().st_size if file.is_file() else 0
    home = [file.parent] if file.parent.is_dir() else []
    for folder in dict.fromkeys([*home, *([backups] if backups else [])]):
        there = next(part for part in (folder, *folder.parents) if part.is_dir())
        free, needed = shutil.disk_usage(there).free, LEAST_FREE + 3 * size
        if free < needed:
            yield Finding(
                f"{folder}: {_megabytes(free)} free, and {_megabytes(needed)} are needed. Make room there",
                is_problem=True,
            )
        else:
            yield Finding(f"{folder}: {_megabytes(free)} free")
    if backups and backups.exists() and not (backups.is_dir() and os.access(backups, os.W_OK | os.X_OK)):
        yield Finding(
            f"{backups}: no backup can be written there. Let this account write there, or change backups under [store]",
            is_problem=True,
        )


def _megabytes(count: int) -> str:
    return f"{count // (1024 * 1024):,} MB"


def _rows(store: Store, name: str) -> Iterator[Finding]:
    try:
        with store.writing() as db:
            programmes, zones = health.organised(db), health.zones(db)
    except Exception as error:  # noqa: BLE001 - whatever the driver raises, it means the same to the operator
        why = str(getattr(error, "orig", None) or type(error).__name__)
        yield Finding(f"{name}: can't be written now ({why}). Look whether another program holds it", is_problem=True)
        return
    yield Finding(f"{name}: can be written")
    unknown = sorted(zone for zone in zones if not _is_known(zone))
    if unknown:
        yield Finding(f"unknown time zones: {', '.join(unknown)}. Install a newer tzdata", is_problem=True)
    for programme, count in programmes:
        if count >= 2:
            continue
        advice = f"one of them can type: /programme organisers add @name in:{programme.slug}"
        if count == 0:
            advice = "nobody can look after it; export what you need, and begin a new one"
        who = ("no organiser", "one organiser")[count]
        yield Finding(f"programme {programme.slug}: {who}, and two are needed; {advice}", programme.state != "draft")


def _prompts() -> Finding:
    try:
        counted = {language: len(library.shipped(language)) for language in library.languages()}
        for language in counted:
            library.banks(language)
    except Exception as error:  # noqa: BLE001 - any failure means a broken installation
        return Finding(f"the prompts can't be read ({error}). Install Halqa again", is_problem=True)
    if not counted:
        return Finding("there are no prompts. Install Halqa again", is_problem=True)
    return Finding("prompts: " + ", ".join(f"{count} ({language})" for language, count in counted.items()))


def _zone_data(is_known: Callable[[str], bool] | None = None) -> Finding:
    known = is_known or _is_known
    missing = [zone for zone in SHIFTS if not known(zone)]
    if missing:
        return Finding(
            f"time zone data is missing ({missing[0]} is unknown). Install the package tzdata", is_problem=True
        )
    at = datetime.now(UTC).astimezone(ZoneInfo(SHIFTS[0]))
    return Finding(f"time zones: known; it is {at:%H:%M} in {SHIFTS[0]}")


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
