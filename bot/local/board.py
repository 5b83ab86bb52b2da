"""What the page shows around the conversation: people, commands, the calendar, who received what, the roster."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.local import render
from circles import commands, schedule
from circles.errors import Halt
from circles.files import FileRefused
from circles.membership import importing
from circles.programme import agenda_words, words
from circles.turn import zone_of
from storage import Session, Store, deliveries, members, programmes
from storage import people as persons
from storage.tables import Programme

MOST_EVENTS = 2000


class Outgoing:
    """Events on their way to one page; a page that can't keep up is asked to load its room again."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_EVENTS)
        self._socket = socket
        self._task = asyncio.create_task(self._send())

    def put(self, event: dict[str, Any]) -> None:
        """Queue an event; the oldest gives way when there are too many."""
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(event)

    def close(self) -> None:
        """Stop sending."""
        self._task.cancel()

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError):
            while not self._socket.closed:
                await self._socket.send_json(await self._events.get())


def people(store: Store, workspace: str) -> list[dict[str, Any]]:
    """Give everybody in the workspace, with what she is here."""
    with store.writing() as db:
        row = persons.workspace(db, "local", workspace)
        everybody = persons.everybody(db, row.id)
        organise = {p.id for programme in programmes.all_of(db, row.id) for p in persons.organisers(db, programme.id)}
        notes = {
            person.id: f"{member.stance}, {member.state}"
            for programme in programmes.all_of(db, row.id)
            for member, person in members.in_programme(db, programme.id)
        }
        newest = next(reversed(programmes.all_of(db, row.id)), None)
        return [
            {
                "id": person.outside_id,
                "name": person.name,
                "organiser": person.id in organise,
                "zone": zone_of(person, newest),
                "note": notes.get(person.id, "organiser" if person.id in organise else ""),
            }
            for person in everybody
        ]


def commands_table() -> list[dict[str, Any]]:
    """Give the table of commands as the page completes it."""
    return [
        {
            "path": command.path,
            "help": command.help,
            "organiser": command.who == "organiser" or command.path.startswith("programme"),
            "parameters": [
                {
                    "name": p.name,
                    "kind": p.kind,
                    "help": p.help,
                    "required": p.required,
                    "choices": list(p.choices),
                }
                for p in command.parameters
                if not p.form_only
            ],
        }
        for command in commands.table()
        if not command.hidden
    ]


def _to_whom(db: Session, programme: Programme, kind: str, circle_id: int | None) -> tuple[str, int]:
    """Say to whom an occurrence speaks, and to how many."""
    if circle_id is None:
        rows = members.in_programme(db, programme.id, states=("seated", "paused"))
        return programme.name, len(rows)
    circle = programmes.circle(db, circle_id)
    seated = members.seated(db, circle_id)
    return (circle.name if circle else ""), (1 if kind == "prompt" else len(seated))


def calendar(store: Store, workspace: str, now: datetime) -> list[dict[str, Any]]:
    """Give everything that will be sent: what the calendar plans, and what waits in the outbox; never its text."""
    entries: list[dict[str, Any]] = []
    with store.writing() as db:
        row = persons.workspace(db, "local", workspace)
        for programme in programmes.all_of(db, row.id):
            for occurrence in programmes.occurrences(db, programme.id, state="planned"):
                to, count = _to_whom(db, programme, occurrence.kind, occurrence.circle_id)
                what = words.occurrence(occurrence)
                entries.append({"at": render.instant(occurrence.due_at), "what": what, "to": to, "count": count})
        for delivery in deliveries.live(db, row.id):
            to = persons.get(db, delivery.person_id).name if delivery.person_id else (delivery.room_key or "")
            at = render.instant(max(delivery.run_at, now))
            entries.append({"at": at, "what": agenda_words.waiting_kind(delivery.kind), "to": to, "count": 1})
    return sorted(entries, key=lambda entry: str(entry["at"]))


def received(everybody: list[dict[str, Any]], got: Mapping[str, list[str]], now: datetime) -> list[dict[str, Any]]:
    """Count what each person has received from the bot: this week of hers, and in all."""
    listed = []
    for person in everybody:
        instants = got.get(person["id"], [])
        monday = schedule.week_of(now, person["zone"])
        start = datetime(monday.year, monday.month, monday.day, tzinfo=ZoneInfo(person["zone"]))
        week = sum(start <= datetime.fromisoformat(at) < start + timedelta(days=7) for at in instants)
        last = instants[-1] if instants else None
        listed.append({"id": person["id"], "name": person["name"], "week": week, "total": len(instants), "last": last})
    return listed


def ahead(store: Store, workspace: str, picture: Mapping[str, Any]) -> dict[str, Any]:
    """Say what comes next and when the term ends, for the clock bar."""
    with store.writing() as db:
        row = persons.workspace(db, "local", workspace)
        planned = [
            (occurrence, programme)
            for programme in programmes.all_of(db, row.id)
            for occurrence in programmes.occurrences(db, programme.id, state="planned")
        ]
        live = deliveries.live(db, row.id)
        ends = [p.ends_on for p in programmes.all_of(db, row.id) if p.ends_on]
    first = min(planned, key=lambda pair: pair[0].due_at, default=None)
    what = ""
    if live and (first is None or live[0].run_at <= first[0].due_at):
        same = sum(d.kind == live[0].kind and d.run_at == live[0].run_at for d in live)
        what = (
            f"{agenda_words.waiting_kind(live[0].kind)} ({same})"
            if same > 1
            else agenda_words.waiting_kind(live[0].kind)
        )
    elif first is not None:
        what = words.occurrence(first[0])
    coming = picture["next"]
    return {
        "next": {**coming, "what": what} if coming else None,
        "ends": f"{max(ends).isoformat()}T00:00:00Z" if ends else None,
    }


def take_roster(store: Store, workspace: str, who: str, slug: str, csv: str, now: datetime) -> dict[str, Any]:
    """Import a roster for an organiser: all of it, or nothing and every line that needs a look."""
    try:
        with store.writing() as db:
            row = persons.workspace(db, "local", workspace)
            person = persons.by_outside_id(db, row.id, who)
            run_by = programmes.organised_by(db, row.id, person.id) if person else []
        chosen = next((p for p in run_by if not slug or p.slug == slug), None)
        if chosen is None:
            return {"ok": False, "problems": [], "message": "Only organisers of a programme can import its roster."}
        done = importing.import_roster(store, "local", workspace, chosen.slug, csv.encode(), now)
    except FileRefused as refused:
        problems = [{"line": p.line, "column": p.column, "what": p.what} for p in refused.problems]
        return {"ok": False, "problems": problems, "message": ""}
    except Halt as halt:
        return {"ok": False, "problems": [], "message": halt.sentence}
    return {"ok": True, "problems": [], "message": f"{done.count} people are on the waiting list of {chosen.name}."}
