"""A post office: a workspace with two people, its outbox, and a chat in memory that can fail in every way."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.chat import ALWAYS, Opened
from bot.deliver import Courier
from bot.desk import Desk
from circles import outbox
from circles.effects import Tell
from circles.messages import message
from storage import deliveries, people
from storage.tables import Delivery

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
HELLO = message("Hello")


class Chat:
    """A platform in memory: it says each nonce once, and first does what the next planned fault asks for.

    A fault is raised before anything is said; one in ``after`` when it was said already: then nobody knows.
    """

    knows_nonces = ALWAYS

    def __init__(self, faults=(), after=()):
        self.faults = list(faults)
        self.after = list(after)
        self.said: dict[str, str] = {}
        self.tries: list[str] = []
        self.rooms: dict[str, list[str]] = {}
        self.closed: list[str] = []

    async def _say(self, nonce, what):
        self.tries.append(nonce)
        await self._fail(self.faults)
        self.said.setdefault(nonce, what)
        await self._fail(self.after)

    async def _fail(self, faults):
        fault = faults.pop(0) if faults else None
        if fault == "hang":
            await asyncio.Event().wait()
        elif fault is not None:
            raise fault

    async def tell(self, _workspace, person, message, nonce):
        await self._say(nonce, f"{person}: {message.plain()}")
        return f"m-{nonce}"

    async def post(self, _workspace, room, message, nonce):
        assert room in self.rooms, "a platform knows no such room"
        await self._say(nonce, f"#{room}: {message.plain()}")
        return f"m-{nonce}"

    async def open_room(self, _workspace, opening, nonce):
        await self._say(nonce, f"room {opening.name}")
        place = opening.place or f"R{nonce}"
        self.rooms[place] = list(opening.people)
        return Opened(place)

    async def close_room(self, _workspace, room):
        self.closed.append(room)


class PostOffice:
    """A workspace with ada and bob, its outbox, and a courier to a chat."""

    def __init__(self, store, chat, **more):
        self.store = store
        self.chat = chat
        self.desk = Desk(store)
        self.courier = Courier(self.desk, {"local": chat} if chat else {}, **more)
        with store.writing() as db:
            self.workspace = people.workspace(db, "local", "lab").id
            self.ada = people.person(db, self.workspace, "ada").id
            self.bob = people.person(db, self.workspace, "bob").id

    def put(self, *acts):
        """Put acts into the outbox, ready to go."""
        with self.store.writing() as db:
            outbox.put(db, self.workspace, acts, NOW)
            for act in acts:
                row = self.row(act.key, db)
                row.state = "ready"
                db.add(row)

    def row(self, key, db=None) -> Delivery:
        if db is not None:
            return deliveries.by_key(db, self.workspace, key)
        with self.store.writing() as own:
            return deliveries.by_key(own, self.workspace, key)

    def room(self, key):
        with self.store.writing() as db:
            return deliveries.room(db, self.workspace, key)

    def hello(self, key="hello", **more):
        self.put(Tell(key, self.ada, HELLO, "test", **more))

    async def pump(self, **later):
        return await self.courier.pump(NOW + timedelta(**later))
