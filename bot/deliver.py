"""Outbox to chat: lease, speak, write down how it ended; only here does anybody know of retries."""

import asyncio
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat import Chat, TryLater, Unreachable
from bot.desk import Desk
from circles import wire
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from storage import Session, deliveries, people
from storage.tables import Delivery, Workspace

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
AT_ONCE = 20
TIMEOUT = 10.0  # seconds; well inside half a lease, so that nobody else speaks meanwhile
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Errand:
    """One leased row with what a chat needs to know: platform ids instead of our own."""

    row: Delivery
    act: Act
    platform: str
    workspace: str
    person: str = ""
    room: str = ""
    people: tuple[str, ...] = ()
    is_waiting_for_room: bool = False

    def in_room(self, opened: Mapping[tuple[int, str], str]) -> "Errand":
        """Give the errand with the place of its room, where that was opened a moment ago."""
        if not self.is_waiting_for_room or isinstance(self.act, Tell):
            return self
        place = opened.get((self.row.workspace_id, self.act.room), "")
        return replace(self, room=place, is_waiting_for_room=not place)


class Courier:
    """Carries what is ready to the chats, one lease at a time."""

    def __init__(self, desk: Desk, chats: Mapping[str, Chat]) -> None:
        self._desk = desk
        self._chats = chats
        self._name = f"{os.getpid()}-{secrets.token_hex(3)}"

    async def pump(self, now: datetime) -> int:
        """Deliver everything that is ready at ``now``; gives how many acts were carried out."""
        carried = 0
        opened: dict[tuple[int, str], str] = {}
        while True:
            errands = await self._desk.do(self._lease, now)
            if not errands:
                return carried
            outcomes = []
            for leased in errands:
                errand = leased.in_room(opened)
                outcome = await self._carry(errand, now)
                if isinstance(errand.act, OpenRoom) and outcome["state"] == "sent":
                    opened[errand.row.workspace_id, errand.act.room] = str(outcome["place"])
                outcomes.append((errand, outcome))
            await self._desk.do(self._settle, outcomes)
            carried += sum(outcome["state"] == "sent" for _errand, outcome in outcomes)
            if all(outcome["state"] == "ready" for _errand, outcome in outcomes):
                return carried

    def _lease(self, now: datetime) -> list[Errand]:
        with self._desk.store.writing() as db:
            rows = deliveries.claim(db, now, lease=LEASE, owner=self._name, limit=AT_ONCE)
            return [_errand(db, row) for row in rows]

    def _settle(self, outcomes: list[tuple[Errand, dict[str, object]]]) -> None:
        with self._desk.store.writing() as db:
            for errand, outcome in outcomes:
                if deliveries.settle(db, errand.row, **outcome) and outcome["state"] == "sent":
                    _note_room(db, errand, str(outcome["place"]))

    async def _carry(self, errand: Errand, now: datetime) -> dict[str, object]:
        row = errand.row
        chat = self._chats.get(errand.platform)
        if chat is None:
            return _again(row, now + timedelta(minutes=10), "this chat is not connected")
        if errand.is_waiting_for_room:
            return _again(row, now + timedelta(seconds=5), "the room is not open yet")
        if row.not_after is not None and row.not_after < now and row.attempts == 1:
            return {"state": "expired", "last_error": "late"}
        try:
            async with asyncio.timeout(TIMEOUT):
                place = await _say(chat, errand)
        except TryLater as later:
            return _again(row, now + later.wait, str(later))
        except Unreachable as problem:
            log.warning("delivery %s is unreachable: %s", row.id, problem)
            return {"state": "unreachable", "last_error": str(problem)}
        except Exception as problem:
            log.exception("delivery %s ended unclear", row.id)
            if row.attempts >= MOST_ATTEMPTS:
                return {"state": "unreachable", "last_error": repr(problem)}
            # Left leased: the same nonce is tried again when the lease is over.
            return {"state": "sending", "last_error": repr(problem)}
        return {"state": "sent", "sent_at": now, "place": place, "last_error": ""}


def _again(row: Delivery, at: datetime, why: str) -> dict[str, object]:
    """It was certainly not sent: wait, and do not count the attempt."""
    return {"state": "ready", "run_at": at, "last_error": why, "attempts": row.attempts - 1}


def _errand(db: Session, row: Delivery) -> Errand:
    act: Act = wire.load(row.effect)
    workspace = db.get(Workspace, row.workspace_id)
    if workspace is None:
        raise KeyError(row.workspace_id)
    errand = Errand(row, act, workspace.platform, workspace.outside_id)
    if isinstance(act, Tell):
        return replace(errand, person=people.get(db, act.person).outside_id)
    room = deliveries.room(db, row.workspace_id, act.room)
    place = room.place if room else ""
    if isinstance(act, OpenRoom):
        known = people.some(db, act.people)
        return replace(errand, room=place, people=tuple(known[p].outside_id for p in act.people))
    return replace(errand, room=place, is_waiting_for_room=not place)


async def _say(chat: Chat, errand: Errand) -> str:
    nonce = f"d{errand.row.id}"
    match errand.act:
        case Tell(message=message):
            return await chat.tell(errand.workspace, errand.person, message, nonce)
        case Post(message=message):
            return await chat.post(errand.workspace, errand.room, message, nonce)
        case OpenRoom(name=name):
            return await chat.open_room(errand.workspace, errand.room, name, list(errand.people), nonce)
        case CloseRoom():
            await chat.close_room(errand.workspace, errand.room)
            return ""


def _note_room(db: Session, errand: Errand, place: str) -> None:
    if not isinstance(errand.act, OpenRoom | CloseRoom):
        return
    room = deliveries.room(db, errand.row.workspace_id, errand.act.room)
    if room is not None:
        room.place = place or room.place
        room.state = "open" if isinstance(errand.act, OpenRoom) else "closed"
        deliveries.save_room(db, room)
