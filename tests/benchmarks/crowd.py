"""A crowd put straight into a store: circles of twenty with five rounds behind them, and the half week that follows.

Beside it, to compare with: a file that the same promise is kept to without any of our code.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert, text
from sqlmodel import col

from bot.chat import ALWAYS, Opened, Opening
from bot.deliver import Courier
from bot.desk import Desk
from circles import tick
from circles.messages import Message
from circles.programme.replan import replan
from circles.programme.rules import term_end
from circles.rooms import circle_room, group_room
from storage import Session, Store, migrate, open_store, people, programmes
from storage.tables import Circle, MeetingGroup, Member, Person, Placement, Programme, Record, Room, Round, Seat

STARTS_ON = date(2027, 3, 1)
NOW = datetime(2027, 5, 5, 8, tzinfo=UTC)  # the Wednesday before round 6
EVE = datetime(2027, 5, 5, 10, tzinfo=UTC)  # its heads-ups are prepared
HEADS_UP = datetime(2027, 5, 7, 12, tzinfo=UTC)  # and go out on the working day before
OPENING = datetime(2027, 5, 10, 9, tzinfo=UTC)  # it opens, for everybody at once
AFTERWARDS = OPENING + timedelta(hours=3)
QUIET = timedelta(minutes=1)
SEATS = 10  # of each kind
PAST = 5
ZONES = ("Asia/Amman", "Africa/Lagos", "Europe/Madrid", "Africa/Cairo")
TOPICS = ("grant writing", "supervising", "statistics", "field work", "writing", "negotiating", "teaching")


def open_crowd(folder: Path, circles: int, to_a_programme: int, starts_on: date = STARTS_ON) -> Store:
    """Open a new store in ``folder`` with so many circles of twenty, so many to a programme.

    A term that starts on another Monday is planned ahead from the Wednesday before its round 6 as well.
    """
    store = open_store(str(folder / "halqa.db"))
    migrate.upgrade(store)
    numbers = count()
    with store.writing() as db:
        workspace = people.workspace(db, "local", "crowd").id
        for first in range(0, circles, to_a_programme):
            programme = _programme(db, workspace, first, starts_on)
            for _circle in range(min(to_a_programme, circles - first)):
                _fill_circle(db, programme, next(numbers))
            replan(db, programme, NOW + (starts_on - STARTS_ON))
            db.flush()
            db.expunge_all()
    return store


def _programme(db: Session, workspace: int, number: int, starts_on: date) -> Programme:
    row = Programme(
        workspace_id=workspace,
        slug=f"programme-{number}",
        name=f"Programme {number}",
        state="running",
        created_at=NOW,
        starts_on=starts_on,
        ends_on=term_end(starts_on, 39),
        seed=number + 1,
    )
    programmes.save(db, row)
    for who in (f"rana{number}", f"huda{number}"):
        person = people.person(db, workspace, who, name=who.capitalize(), zone="Asia/Amman")
        people.add_organiser(db, row.id, person.id, NOW)
    return row


def _many(db: Session, table: type[Record], rows: list[dict[str, object]]) -> list[int]:
    """Insert rows at once, in order; gives their ids."""
    return list(db.scalars(insert(table).returning(col(table.id), sort_by_parameter_order=True), rows))


def _fill_circle(db: Session, programme: Programme, number: int) -> None:
    """Seat twenty people and let them have met in five rounds, the last of which is open."""
    workspace = programme.workspace_id
    circle = Circle(programme_id=programme.id, name=f"Circle {number}", formed_at=NOW, seed=number + 1)
    programmes.save(db, circle)
    persons = _many(db, Person, [_person(workspace, number, seat) for seat in range(2 * SEATS)])
    members = _many(db, Member, [_member(programme.id, person, seat) for seat, person in enumerate(persons)])
    seats: list[dict[str, object]] = [
        {"circle_id": circle.id, "member_id": m, "role": "mentor" if at < SEATS else "mentee", "since": NOW}
        for at, m in enumerate(members)
    ]
    _many(db, Seat, seats)
    key = circle_room(programme.id, circle.id)
    rooms: list[dict[str, object]] = [
        {"workspace_id": workspace, "key": key, "name": circle.name, "place": f"r:{key}", "state": "open"}
    ]
    for turn in range(PAST):
        rooms += _past_round(db, programme, circle, turn, members)
    _many(db, Room, rooms)


def _past_round(
    db: Session, programme: Programme, circle: Circle, turn: int, members: list[int]
) -> list[dict[str, object]]:
    """Write down a round in which every mentor met a mentee, and give the rooms of those who still meet."""
    is_open = turn == PAST - 1
    opens_on = (programme.starts_on or STARTS_ON) + timedelta(weeks=2 * turn)
    state = "open" if is_open else "closed"
    row = Round(
        circle_id=circle.id, number=turn + 1, opens_on=opens_on, closes_on=opens_on + timedelta(weeks=2), state=state
    )
    db.add(row)
    db.flush()
    groups = _many(db, MeetingGroup, [{"round_id": row.id}] * SEATS)
    placed = []
    for at, group in enumerate(groups):
        for member in (members[at], members[SEATS + (at + turn) % SEATS]):
            answer = "" if is_open else "yes"
            placed.append({"round_id": row.id, "member_id": member, "group_id": group, "answer": answer})
    _many(db, Placement, placed)
    if not is_open:
        return []
    keys = [group_room(programme.id, group) for group in groups]
    return [{"workspace_id": programme.workspace_id, "key": k, "place": f"r:{k}", "state": "open"} for k in keys]


def _person(workspace: int, circle: int, seat: int) -> dict[str, object]:
    zone = ZONES[seat % len(ZONES)]
    return {"workspace_id": workspace, "outside_id": member_id(circle, seat), "name": f"Person {seat}", "zone": zone}


def member_id(circle: int, seat: int) -> str:
    """Give the platform id of whoever sits there."""
    return f"c{circle}s{seat}"


def _member(programme: int, person: int, seat: int) -> dict[str, object]:
    return {
        "programme_id": programme,
        "person_id": person,
        "state": "seated",
        "stance": "mentor" if seat < SEATS else "mentee",
        "offers": [TOPICS[seat % 7], TOPICS[(seat + 2) % 7]],
        "wants": [TOPICS[(seat + 3) % 7]],
        "languages": ["en"],
        "institution": f"University {seat % 5}",
        "queued_at": NOW,
    }


def rows(store: Store, where: str) -> int:
    """Count the outbox rows of which this is true."""
    with store.writing() as db:
        return int(db.execute(text(f"SELECT count(*) FROM delivery WHERE {where}")).scalar_one())  # noqa: S608 - ours


def half_week(store: Store) -> Iterator[tuple[str, Callable[[], object], str]]:
    """Give the stations of half a week, in order: name, work, and which outbox rows it makes."""
    late = HEADS_UP + QUIET
    yield "eve tick", lambda: tick.tick(store, EVE), "kind = 'eve'"
    yield "release of heads-ups", lambda: tick.tick(store, HEADS_UP), "kind = 'eve' AND state = 'ready'"
    yield "pump of heads-ups", lambda: _pump(store, late), "kind = 'eve' AND state = 'sent'"
    yield "opening tick", lambda: tick.tick(store, OPENING), f"due_at >= {_micros(OPENING)}"
    rooms = "kind IN ('room', 'introduction') AND state = 'sent'"
    yield "pump of rooms and introductions", lambda: _pump(store, AFTERWARDS), rooms


def warm_up() -> None:
    """Live through the half week with one circle, so that what is read and compiled once is not measured."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_crowd(Path(folder), 1, 1)
        for _name, work, _made in half_week(store):
            work()
        store.close()


def _micros(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


class Silence:
    """A chat that takes everything at once and keeps nothing."""

    knows_nonces = ALWAYS

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Take a message to one person."""
        del workspace, person, message
        return nonce

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Take a message into a room."""
        del workspace, room, message
        return nonce

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a room."""
        del workspace
        return Opened(opening.place or nonce)

    async def close_room(self, workspace: str, room: str) -> None:
        """Close a room."""


def _pump(store: Store, now: datetime) -> None:
    async def until_nothing_is_left() -> None:
        desk = Desk(store)
        courier = Courier(desk, {"local": Silence()})
        while await courier.pump(now):
            pass

    asyncio.run(until_nothing_is_left())


class Bare:
    """The least there is: a table in an SQLite file with the bot's own settings, without any of our code."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "bare.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE IF NOT EXISTS line (id INTEGER PRIMARY KEY, words TEXT)")

    def transaction(self, inserts: int = 1) -> float:
        """Write so many rows of a kilobyte in one transaction; gives the seconds."""
        began = time.perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT INTO line (words) VALUES (?)", [("w" * 1000,)] * inserts)
        self._db.execute("COMMIT")
        return time.perf_counter() - began

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()
