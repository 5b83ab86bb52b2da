"""Looking before leaping: configuration, database, disk, zones and prompts, and everything to mend at once."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import config
from circles.conversation import library
from storage import Store, StoreUnusable, health, migrate, open_store

LEAST_FREE = 50 * 1024 * 1024  # bytes; a year of a programme of 200 people takes about a tenth of this
SHIFTS = ("Asia/Amman", "Africa/Cairo", "Europe/London")  # zones in whose wall time a programme like ours lives


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; a problem says what to do."""

    what: str
    is_problem: bool = False


def look(file: Path, env: Mapping[str, str]) -> list[Finding]:
    """Look at everything that Halqa needs; a problem in one place never hides those in another."""
    findings: list[Finding] = []
    backups: Path | None = None
    try:
        settings = config.load(file, env)
        database, backups = settings.database, settings.backups
        findings.append(Finding(f"{file}: in order"))
    except config.ConfigProblems as problems:
        database = problems.database
        findings += [Finding(problem, is_problem=True) for problem in problems.problems]
    if database:
        findings += _database(database, backups)
    return [*findings, _prompts(), _zone_data()]


def _database(place: str, backups: Path | None) -> Iterator[Finding]:
    try:
        store = open_store(place)
    except StoreUnusable as problem:
        yield Finding(str(problem), is_problem=True)
        return
    try:
        yield from _store(store, backups)
    finally:
        store.close()


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
    """Look for room: an upgrade copies the database, and SQLite writes its changes beside it first."""
    size = file.stat().st_size if file.is_file() else 0
    for folder in dict.fromkeys([file.parent, *([backups] if backups else [])]):
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
