"""A workspace whose chat refuses what the test tells it to refuse, and tells the core why, as a real one does."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import select
from talk import LEASE, Talk

from circles import tick, undelivered, wire
from circles.effects import OpenRoom, Post
from storage import deliveries, people
from storage.tables import Delivery


@dataclass
class BrokenLine(Talk):
    """A talk in which ``broken`` says, of each delivery and its act, why it can't be made, or nothing."""

    broken: Callable[[Delivery, object], str | None] = lambda _row, _act: None
    tried: list[str] = field(default_factory=list)
    openings: list[tuple[str, str]] = field(default_factory=list)  # the key, and where the room was by then

    def delivers(self) -> None:
        tick.outbox.release(self.store, self.now, tick.renewals())
        while True:
            with self.store.writing() as db:
                rows = deliveries.claim(db, self.now, lease=LEASE, owner="talk", limit=100)
            for row in rows:
                with self.store.writing() as db:
                    self._try(db, row)
            if not rows:
                return
            tick.outbox.release(self.store, self.now, tick.renewals())

    def _try(self, db, row) -> None:
        act = wire.load(row.effect)
        room = deliveries.room(db, row.workspace_id, row.room_key) if row.room_key else None
        if isinstance(act, Post) and room is not None and not room.place:
            closed = {"state": "unreachable", "last_error": "the room could not be opened"}
            waits = {"state": "ready", "run_at": self.now + LEASE, "attempts": 0}
            deliveries.settle(db, row, **(closed if room.state == "closed" else waits))
            return
        self.tried.append(row.key)
        assert self.tried.count(row.key) < 5, f"{row.key} goes round and round"
        assert len(self.tried) < 500, "one word begets another without end"
        if not deliveries.begin(db, row, self.now):
            return  # cancelled meanwhile, by what became of another one of the same batch
        if isinstance(act, OpenRoom):
            self.openings.append((row.key, room.place))
        why = self.broken(row, act)
        if why is None:
            self._carry_out(db, row)
            deliveries.settle(db, row, state="sent", sent_at=self.now)
            return
        deliveries.settle(db, row, state="unreachable", last_error=why)
        if isinstance(act, OpenRoom) and not room.place:
            room.state = "closed"
            deliveries.save_room(db, room)
        undelivered.note(db, row, why, self.now)

    def row(self, key: str) -> Delivery | None:
        """A delivery, as the store has it now."""
        with self.store.writing() as db:
            return deliveries.by_key(db, people.workspace(db, self.platform, self.workspace).id, key)

    def rows(self, kind: str) -> list[Delivery]:
        """Every delivery of a kind, in order."""
        with self.store.writing() as db:
            here = people.workspace(db, self.platform, self.workspace).id
            query = select(Delivery).where(Delivery.kind == kind, Delivery.workspace_id == here)
            return list(db.exec(query.order_by(Delivery.id)))


def kinds(**whys):
    """Break what is of these kinds, for these reasons."""
    return lambda row, _act: whys.get(row.kind.replace("-", "_"))


def keys(**whys):
    """Break what has these keys."""
    return lambda row, _act: whys.get(row.key)
