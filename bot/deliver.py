"""Outbox to chat: lease, speak, write down how it ended; only here does anybody know of retries."""

import asyncio
import hashlib
import logging
import os
import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat import ALWAYS, Chat, Opened, Opening, TryLater, Unreachable, Why
from bot.desk import Desk
from circles import undelivered, wire
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from storage import Session, deliveries, people
from storage.tables import Delivery, Workspace

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
AT_ONCE = 20
TIMEOUT = 10.0  # seconds; an act is begun in the first half of its lease, so that nobody else speaks meanwhile
MOST_ATTEMPTS = 8
LATER = timedelta(minutes=10)  # for a chat that is not connected, and a row that can't be read


@dataclass(frozen=True, slots=True)
class Errand:
    """One leased row with what a chat needs to know: platform ids instead of our own.

    ``is_roomless``: the room could not be opened, and nobody is at it.
    """

    row: Delivery
    act: Act
    platform: str
    workspace: str
    person: str = ""
    room: str = ""
    people: tuple[str, ...] = ()
    is_roomless: bool = False

    @property
    def needs_room(self) -> bool:
        """Whether it can't be done for want of a room."""
        return isinstance(self.act, Post | CloseRoom) and not self.room

    def in_room(self, opened: Mapping[tuple[int, str], str]) -> "Errand":
        """Give the errand with the place of its room, where that was opened a moment ago."""
        if self.room or isinstance(self.act, Tell):
            return self
        return replace(self, room=opened.get((self.row.workspace_id, self.act.room), ""))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an errand ended: what is written into its row, why it could not be done, and whom a room is without."""

    values: dict[str, object]
    why: Why | None = None
    absent: tuple[str, ...] = ()

    @property
    def state(self) -> object:
        """The state in which the row is left."""
        return self.values["state"]


class Courier:
    """Carries what is ready to the chats, one lease at a time."""

    def __init__(self, desk: Desk, chats: Mapping[str, Chat], *, timeout: float = TIMEOUT) -> None:
        self._desk = desk
        self._chats = chats
        self._timeout = timeout
        self._name = f"{os.getpid()}-{secrets.token_hex(3)}"

    async def pump(self, now: datetime) -> int:
        """Deliver what is ready at ``now``; gives how many acts were carried out.

        After half a lease it stops, and what is left goes with the next pump.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + LEASE.total_seconds() / 2
        carried = 0
        opened: dict[tuple[int, str], str] = {}
        while loop.time() < until:
            claimed, errands = await self._desk.do(self._lease, now)
            if not claimed:
                break
            states = await self._carry_all(errands, now, until, opened)
            carried += states.count("sent")
            if errands and all(state == "ready" for state in states):
                break
        return carried

    async def _carry_all(
        self, errands: list[Errand], now: datetime, until: float, opened: dict[tuple[int, str], str]
    ) -> list[object]:
        """Carry a batch and write down how each ended; gives these ends. ``opened`` learns the rooms opened.

        Workspaces are served side by side, so that one with a slow line or a limit keeps no other waiting.
        """
        by_workspace: dict[tuple[str, str], list[Errand]] = defaultdict(list)
        for errand in errands:
            by_workspace[errand.platform, errand.workspace].append(errand)
        begun: set[int] = set()
        outcomes: list[tuple[Errand, Outcome]] = []

        async def carry(queue: list[Errand]) -> None:
            for leased in queue:
                if asyncio.get_running_loop().time() >= until:
                    return
                begun.add(leased.row.id)
                errand = leased.in_room(opened)
                outcome = await self._carry(errand, now)
                if isinstance(errand.act, OpenRoom) and outcome.state == "sent":
                    opened[errand.row.workspace_id, errand.act.room] = str(outcome.values["place"])
                outcomes.append((errand, outcome))

        try:
            await asyncio.gather(*(carry(queue) for queue in by_workspace.values()))
        finally:
            # Also when this is broken off: what was said is written down, what was not begun is given back.
            left = [errand for errand in errands if errand.row.id not in begun]
            outcomes += [(errand, _again(errand.row, now, "not begun in time")) for errand in left]
            await self._desk.do(self._settle, outcomes, now)
        return [outcome.state for _errand, outcome in outcomes]

    def _lease(self, now: datetime) -> tuple[int, list[Errand]]:
        """Lease a batch; gives how many rows, and those of them that can be read."""
        errands = []
        with self._desk.store.writing() as db:
            rows = deliveries.claim(db, now, lease=LEASE, owner=self._name, limit=AT_ONCE)
            for row in rows:
                try:
                    errand = _errand(db, row)
                    # What waited for its next try must not undo what was done about the room since.
                    if isinstance(errand.act, OpenRoom | CloseRoom) and deliveries.is_overtaken(db, row):
                        deliveries.settle(db, row, state="cancelled", last_error="overtaken")
                        continue
                    errands.append(errand)
                except (KeyError, TypeError, ValueError) as problem:
                    # Written by another version, perhaps: nothing behind it in the queue may wait for it.
                    log.exception("delivery %s can't be read", row.id)
                    ended = {"state": "unreachable"} if row.attempts >= MOST_ATTEMPTS else {"state": "ready"}
                    deliveries.settle(db, row, **ended, run_at=now + LATER, last_error=type(problem).__name__)
        return len(rows), errands

    def _begin(self, row: Delivery, now: datetime) -> bool:
        with self._desk.store.writing() as db:
            return deliveries.begin(db, row, now)

    def _settle(self, outcomes: list[tuple[Errand, Outcome]], now: datetime) -> None:
        with self._desk.store.writing() as db:
            for errand, outcome in outcomes:
                if not deliveries.settle(db, errand.row, **outcome.values):
                    log.warning("the lease of delivery %s was lost", errand.row.id)
                    continue
                if outcome.state in {"sent", "unreachable"}:
                    _note_room(db, errand, outcome)
                if outcome.why is not None:
                    undelivered.note(db, errand.row, outcome.why, now)
                if outcome.absent:
                    undelivered.note_absent(db, errand.row, outcome.absent, now)

    async def _carry(self, errand: Errand, now: datetime) -> Outcome:
        row = errand.row
        # Tried before, it may have been said already; then it is said again, under its nonce, until that is known.
        if row.not_after is not None and row.not_after < now and row.attempts == 1:
            return Outcome({"state": "expired", "last_error": "late"})
        chat = self._chats.get(errand.platform)
        if chat is None:
            return _again(row, now + LATER, "this chat is not connected")
        if errand.needs_room and errand.is_roomless:
            return Outcome({"state": "unreachable", "last_error": "the room could not be opened"})
        if errand.needs_room:
            return _again(row, now + timedelta(seconds=5), "the room is not open yet")
        knows = _knows_nonces(chat, errand.act)
        if knows == ALWAYS:
            return await self._speak(chat, errand, now)
        begun = row.first_try_at
        if begun is not None and now >= begun + knows:  # begun before, and its end is not known
            return Outcome({"state": "unreachable", "last_error": row.last_error or "unclear"}, why="unclear")
        if begun is None and not await self._desk.do(self._begin, row, now):
            return Outcome({"state": "sending"})
        return await self._speak(chat, errand, now, begun)

    async def _speak(self, chat: Chat, errand: Errand, now: datetime, begun: datetime | None = None) -> Outcome:
        """Say it; ``begun`` is when an earlier try of unknown end was, which a later "not now" does not undo."""
        row = errand.row
        try:
            async with asyncio.timeout(self._timeout):
                said = await _say(chat, errand)
        except TryLater as later:
            return _again(row, now + later.wait, str(later), begun)
        except Unreachable as problem:
            log.warning("delivery %s is unreachable: %s", row.id, problem)
            return Outcome({"state": "unreachable", "last_error": str(problem)}, why=problem.why)
        except Exception as problem:
            log.exception("delivery %s ended unclear", row.id)
            error = type(problem).__name__
            if errand.act.kind == undelivered.AGAIN:  # tried until it gets through, or is worth nothing any more
                return _again(row, now + LATER, error)
            if not _knows_nonces(chat, errand.act):
                return Outcome({"state": "unreachable", "last_error": error}, why="unclear")
            if row.attempts >= MOST_ATTEMPTS:
                return Outcome({"state": "unreachable", "last_error": error})
            # Left leased: the same nonce is tried again when the lease is over.
            return Outcome({"state": "sending", "last_error": error})
        return Outcome({"state": "sent", "sent_at": now, "place": said.place, "last_error": ""}, absent=said.absent)


def _knows_nonces(chat: Chat, act: Act) -> timedelta:
    """How long trying again does no harm: a room opened twice is open once, and of a note one too many is better."""
    is_harmless = isinstance(act, OpenRoom | CloseRoom) or act.kind == undelivered.AGAIN
    return ALWAYS if is_harmless else chat.knows_nonces


def _again(row: Delivery, at: datetime, why: str, begun: datetime | None = None) -> Outcome:
    """This try certainly did not send it: wait, and do not count the attempt."""
    values = {"state": "ready", "run_at": at, "last_error": why, "attempts": row.attempts - 1, "first_try_at": begun}
    return Outcome(values)


def nonce_of(row: Delivery) -> str:
    """Give what a delivery is known by to a platform, the same for every try; at most 24 characters.

    Numbers begin anew with every database, and a platform may know the same bot from another one.
    """
    mark = hashlib.sha256(f"{row.key}:{row.due_at.isoformat()}".encode()).hexdigest()[:8]
    return f"d{row.id}-{mark}"


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
        # Who asked to be forgotten meanwhile is no longer known.
        there = tuple(known[p].outside_id for p in act.people if p in known)
        return replace(errand, room=place, people=there)
    is_roomless = room is not None and room.state == "closed" and not place
    return replace(errand, room=place, is_roomless=is_roomless)


async def _say(chat: Chat, errand: Errand) -> Opened:
    nonce = nonce_of(errand.row)
    match errand.act:
        case Tell(message=message):
            return Opened(await chat.tell(errand.workspace, errand.person, message, nonce))
        case Post(message=message):
            return Opened(await chat.post(errand.workspace, errand.room, message, nonce))
        case OpenRoom() as act:
            lasting = (act.is_lasting, act.topic, act.card, act.has_voice)
            opening = Opening(errand.room, act.name, errand.people, *lasting)
            return await chat.open_room(errand.workspace, opening, nonce)
        case CloseRoom():
            await chat.close_room(errand.workspace, errand.room)
            return Opened("")


def _note_room(db: Session, errand: Errand, outcome: Outcome) -> None:
    """Write down where a room is, or that it could not be opened: closed, and nowhere."""
    if not isinstance(errand.act, OpenRoom | CloseRoom):
        return
    room = deliveries.room(db, errand.row.workspace_id, errand.act.room)
    if room is None:
        return
    if outcome.state == "sent":
        room.place = str(outcome.values["place"]) or room.place
        room.state = "open" if isinstance(errand.act, OpenRoom) else "closed"
    elif not room.place:
        room.state = "closed"
    deliveries.save_room(db, room)
