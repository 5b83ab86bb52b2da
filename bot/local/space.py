"""The local workspace itself: rooms, direct messages and who sees what; a chat like any other to the bot."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.chat import ALWAYS, Opened, Opening
from bot.clock import Clock
from bot.local import render
from bot.local.journal import Journal
from circles import messages, wire
from circles.messages import Message

BOT = "halqa"
Listener = Callable[[str, dict[str, Any]], None]  # (person, event)


@dataclass(slots=True)
class Said:
    """A message in a room: from whom, when, and what."""

    id: str
    room: str
    at: str
    sender: str
    message: Message

    def event(self, *, private: bool = False) -> dict[str, Any]:
        """Give the message as the page reads it."""
        return {
            "id": self.id,
            "room": self.room,
            "at": self.at,
            "from": self.sender,
            "private": private,
            "content": render.content(self.message),
        }


@dataclass(slots=True)
class Room:
    """A room and the people in it."""

    id: str
    name: str
    kind: str
    people: list[str]
    is_closed: bool = False
    said: list[Said] = field(default_factory=list)


class Space:
    """The chat of the local workspace. What is written in its journal has been said, and is said once."""

    knows_nonces = ALWAYS

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self.rooms: dict[str, Room] = {}
        self.received: dict[str, list[str]] = defaultdict(list)
        self.seen: dict[str, dict[str, int]] = defaultdict(dict)
        self._journal = journal
        self._clock = clock
        self._by_nonce: dict[str, str] = {}
        self._by_id: dict[str, Said] = {}
        self._listeners: list[Listener] = []
        self.last_now: datetime | None = None
        for record in journal.read():
            self._take(record)

    # -- the four methods of a chat ---------------------------------------------------------------

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person."""
        del workspace
        self.direct(person)
        return self._say(f"dm:{person}", BOT, message, nonce)

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room."""
        del workspace
        return self._say(room, BOT, message, nonce)

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a room, or set the people of one that is open."""
        del workspace
        place = opening.place or self._by_nonce.get(nonce) or f"room:{nonce}"
        known = self.rooms.get(place)
        kind = "circle" if opening.is_lasting else "group"
        record = {
            "do": "room", "id": place, "name": opening.name or (known.name if known else ""),
            "kind": known.kind if known else kind, "people": list(opening.people), "nonce": nonce,
        }  # fmt: skip
        self._write(record)
        for person in {*opening.people, *(known.people if known else [])}:
            self._tell_listeners(person, {"type": "rooms"})
        if opening.card is not None and known is None:
            self._say(place, BOT, opening.card, f"{nonce}:card")
        return Opened(place)

    async def close_room(self, workspace: str, room: str) -> None:
        """Close a room."""
        del workspace
        if room in self.rooms:
            self._write({"do": "close", "id": room})
            for person in self.rooms[room].people:
                self._tell_listeners(person, {"type": "rooms"})

    # -- what people do here ----------------------------------------------------------------------

    def chat(self, person: str, room: str, words: str, nonce: str) -> str:
        """Say something to the others in a room; the bot neither reads nor keeps it."""
        message_id = self._say(room, person, messages.message(words), nonce)
        self.seen[person][room] = len(self.rooms[room].said)
        return message_id

    def whisper(self, person: str, room: str, message: Message, message_id: str) -> dict[str, Any]:
        """Show a message to one person only; like in any chat, it is gone after a reload."""
        said = Said(message_id, room, render.instant(self._clock.now()), BOT, message)
        event = said.event(private=True)
        self._tell_listeners(person, {"type": "message", "message": event})
        return event

    def edit(self, message_id: str, message: Message) -> bool:
        """Put new words in the place of a message; says False when there is no such message."""
        if message_id not in self._by_id:
            return False
        self._write({"do": "edit", "id": message_id, "message": wire.dump(message)})
        said = self._by_id[message_id]
        for person in self.rooms[said.room].people:
            self._tell_listeners(person, {"type": "update", "message": said.event()})
        return True

    def direct(self, person: str) -> Room:
        """Give the room in which a person and the bot talk."""
        room = self.rooms.get(f"dm:{person}")
        if room is None:
            room = Room(f"dm:{person}", "Halqa", "dm", [person])
            self.rooms[room.id] = room
        return room

    def rooms_of(self, person: str) -> list[Room]:
        """Give the rooms that a person is in: her direct messages first, then open rooms, the newest first."""
        self.direct(person)
        hers = [room for room in self.rooms.values() if person in room.people]
        hers.reverse()
        order = {"dm": 0, "circle": 1, "group": 2}
        return sorted(hers, key=lambda room: (order[room.kind], room.is_closed))

    def unread(self, person: str, room: Room) -> int:
        """Count what a person has not seen in a room."""
        return max(0, len(room.said) - self.seen[person].get(room.id, 0))

    def read(self, person: str, room_id: str) -> list[dict[str, Any]]:
        """Give the newest messages of a room to somebody in it, and remember that she has seen them."""
        room = self.rooms.get(room_id)
        if room is None or person not in room.people:
            return []
        self.seen[person][room_id] = len(room.said)
        return [said.event() for said in room.said[-200:]]

    def message(self, person: str, message_id: str) -> Said | None:
        """Find a message that this person can see."""
        said = self._by_id.get(message_id)
        return said if said is not None and person in self.rooms[said.room].people else None

    def note_time(self, now: datetime) -> None:
        """Write down where the clock stands, for the next start."""
        if now != self.last_now:
            self._write({"do": "clock", "now": now.isoformat()})

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event; gives what stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell_everybody(self, event: dict[str, Any]) -> None:
        """Send an event to every open page."""
        self._tell_listeners("", event)

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    # -- the journal --------------------------------------------------------------------------------

    def _say(self, room_id: str, sender: str, message: Message, nonce: str) -> str:
        known = self._by_nonce.get(nonce)
        if known is not None:
            return known
        room = self.rooms[room_id]
        message_id = f"m{len(self._by_id) + 1}"
        self._write({
            "do": "say", "id": message_id, "room": room_id, "at": render.instant(self._clock.now()), "from": sender,
            "to": room.people, "message": wire.dump(message), "nonce": nonce,
        })  # fmt: skip
        said = self._by_id[message_id]
        for person in room.people:
            self._tell_listeners(person, {"type": "message", "message": said.event()})
        return message_id

    def _write(self, *records: dict[str, Any]) -> None:
        self._journal.write(*records)
        for record in records:
            self._take(record)

    def _take(self, record: dict[str, Any]) -> None:
        match record["do"]:
            case "say":
                room = self.rooms.get(record["room"]) or self.direct(record["room"].removeprefix("dm:"))
                said = Said(record["id"], room.id, record["at"], record["from"], wire.load(record["message"]))
                room.said.append(said)
                self._by_id[said.id] = said
                if said.sender == BOT and room.kind != "circle":  # a whole circle's room is not in anybody's budget
                    for person in record["to"]:
                        self.received[person].append(said.at)
                self._by_nonce[record["nonce"]] = said.id
                self._stood_at(said.at)
            case "edit":
                self._by_id[record["id"]].message = wire.load(record["message"])
            case "room":
                room = self.rooms.get(record["id"]) or Room(record["id"], record["name"], record["kind"], [])
                room.people, room.is_closed = list(record["people"]), False
                self.rooms[room.id] = room
                self._by_nonce[record["nonce"]] = room.id
            case "close":
                self.rooms[record["id"]].is_closed = True
            case "clock":
                self._stood_at(record["now"])

    def _stood_at(self, at: str) -> None:
        """Remember the latest instant that anything was written down at: there the clock stood."""
        then = datetime.fromisoformat(at)
        self.last_now = max(self.last_now or then, then)

    def _tell_listeners(self, person: str, event: dict[str, Any]) -> None:
        for listener in list(self._listeners):
            listener(person, event)
