"""What tests of the operator's command line need: a folder that is set up, a programme in it, and a process."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import open_store, people, programmes
from storage.tables import Programme

ROOT = Path(__file__).parents[2]
ROSTER = (ROOT / "circles" / "membership" / "sample.csv").read_bytes()


def programme(folder, slug="physics", *, organisers=("rana", "huda"), state="call", workspace="local", **settings):
    """Put a programme into the database; gives its row id."""
    store = open_store(str(folder / "halqa.db"))
    with store.writing() as db:
        where = people.workspace(db, "local", workspace)
        row = Programme(
            workspace_id=where.id,
            slug=slug,
            name=f"Women in {slug}",
            state=state,
            settings=settings,
            created_at=datetime.now(UTC),
        )
        programmes.save(db, row)
        for who in organisers:
            people.add_organiser(db, row.id, people.person(db, where.id, who).id, datetime.now(UTC))
        number = row.id
    store.close()
    return number


def start(*words: str, folder: Path, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def address(process: subprocess.Popen[str]) -> str:
    """Read on until the address is said."""
    for line in process.stdout:
        if "http://" in line:
            return line[line.index("http://") :].split()[0]
    raise AssertionError(f"it ended with {process.wait()} and gave no address")
