"""What the page shows around the conversation: people, commands, the calendar, who received what."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.local import render
from circles import commands, schedule
from circles.messages import When
from circles.programme import agenda, agenda_words, rules, words
from circles.turn import zone_of
from storage import Store, deliveries, members, programmes
from storage import people as persons

MOST_EVENTS = 2000


class Outgoing:
    """Events on their way to one page; a page that can't keep up is asked to load everything again."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_EVENTS)
        self._socket = socket
        self._task = asyncio.create_task(self._send())

    def put(self, event: dict[str, Any]) -> None:
        """Queue an event; when there are too many, they all give way to one that says so."""
        if self._events.full():
            while not self._events.empty():
                self._events.get_nowait()
            event = {"type": "again"}
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


def calendar(store: Store, workspace: str, now: datetime) -> list[dict[str, Any]]:
    """Give everything that will be sent: what the calendar plans, and what waits in the outbox; never its text.

    ``when`` is in words where each member gets it in her own morning; ``count`` is how many people, 0 when unknown.
    """
    entries: list[dict[str, Any]] = []
    with store.writing() as db:
        row = persons.workspace(db, "local", workspace)
        for programme in programmes.all_of(db, row.id):
            zone = str(rules.settings_of(programme.settings).zone)
            for line in agenda.lines(db, programme, zone, now):
                when = "" if isinstance(line.when, When) else line.when.plain()
                place = line.circle or programme.name
                entries.append(_entry(max(line.at, now), when, line.what, place, line.people))
        for delivery in deliveries.live(db, row.id):
            if delivery.person_id and not delivery.member_id and not delivery.round_id:  # of no programme's agenda
                what = agenda_words.waiting_kind(delivery.kind)
                entries.append(_entry(max(delivery.run_at, now), "", what, row.name, 1))
    return sorted(entries, key=lambda entry: str(entry["at"]))


def _entry(at: datetime, when: str, what: str, to: str, count: int) -> dict[str, Any]:
    return {"at": render.instant(at), "when": when, "what": what, "to": to, "count": count}


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
        here = programmes.all_of(db, row.id)
        planned = [o for programme in here for o in programmes.occurrences(db, programme.id, state="planned")]
        live = deliveries.live(db, row.id)
    first = min(planned, key=lambda occurrence: occurrence.due_at, default=None)
    if live and (first is None or live[0].run_at <= first.due_at):
        at_once = [delivery.kind for delivery in live if delivery.run_at == live[0].run_at]
        # A room that opens is worth naming only where nothing is said in it.
        kinds = [kind for kind in at_once if kind not in {"room", "close-room"}] or at_once
        same = kinds.count(kinds[0])
        what = agenda_words.waiting_kind(kinds[0]) + (f" ({same})" if same > 1 else "")
    elif first is not None:
        what = words.what(first.kind, first.number, first.slot)
        if first.kind in agenda.PERSONAL:  # now the words are made ready; each one gets them in her own morning
            what = f"{what} (getting ready)"
    else:
        what = agenda_words.waiting_kind("")
    ends = [programme.ends_on for programme in here if programme.ends_on]
    coming = picture["next"]
    return {
        "next": {**coming, "what": what} if coming else None,
        "ends": f"{max(ends).isoformat()}T00:00:00Z" if ends else None,
    }
