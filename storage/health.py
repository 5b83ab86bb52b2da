"""How a database is doing: what an operator asks before she relies on it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.tables import Organiser, Person, Programme, Room, Workspace


def damage(file: Path) -> str:
    """Check an SQLite file from end to end; gives what is wrong, or nothing when it is whole."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            orphans = connection.execute("PRAGMA foreign_key_check").fetchone() if found == "ok" else None
    except sqlite3.Error as error:
        return str(error)
    if orphans:
        return f"row {orphans[1]} of {orphans[0]} belongs to nothing"
    return "" if found == "ok" else found.replace("\n", " ")


def workspaces(db: Session) -> list[Workspace]:
    """Give every workspace, the oldest first."""
    return list(db.exec(select(Workspace).order_by(col(Workspace.id))))


def open_rooms(db: Session, platform: str) -> list[tuple[str, str, str]]:
    """Give every open room on a platform, where the bot still is: the workspace's id, the room's key, and its id."""
    query = (
        select(Workspace.outside_id, Room.key, Room.place)
        .join(Room, col(Room.workspace_id) == col(Workspace.id))
        .where(Workspace.platform == platform, col(Workspace.left_at).is_(None))
        .where(Room.state == "open", Room.place != "")
        .order_by(col(Room.id))
    )
    return [(outside, key, place) for outside, key, place in db.exec(query)]


def organised(db: Session) -> list[tuple[Programme, int]]:
    """Give every programme that has not ended, of every workspace, with how many organisers it has."""
    query = (
        select(Programme, func.count(col(Organiser.person_id)))
        .outerjoin(Organiser, col(Organiser.programme_id) == col(Programme.id))
        .where(Programme.state != "closed")
        .group_by(col(Programme.id))
        .order_by(col(Programme.id))
    )
    return [(programme, int(count)) for programme, count in db.exec(query)]


def zones(db: Session) -> set[str]:
    """Give the names of every time zone that somebody lives in or a programme is run in."""
    of_people = {zone for zone in db.exec(select(Person.zone).distinct()) if zone}
    return of_people | {str(p.settings["zone"]) for p in db.exec(select(Programme)) if "zone" in p.settings}
