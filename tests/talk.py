"""Conversations as tests: people say, press and fill; they hear what the bot answers and sends."""

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from circles import commands, tick, wire
from circles.effects import Ask, CloseRoom, OpenRoom, Post, Reply, Tell
from circles.messages import Button, Form, Message
from circles.turn import Call
from storage import Store, deliveries, people

LEASE = timedelta(seconds=60)


@dataclass
class Heard:
    """A message that somebody could read, and when; `room` is empty for what only she sees."""

    at: datetime
    message: Message
    room: str = ""

    @property
    def words(self) -> str:
        return self.message.plain()


@dataclass
class Talk:
    """A workspace of people talking with the bot, on a real database and a clock that the test moves."""

    store: Store
    now: datetime = datetime(2027, 2, 1, 9, tzinfo=UTC)
    platform: str = "local"
    workspace: str = "demo"
    heard: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    rooms: dict[str, set[str]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _marks: dict[str, int] = field(default_factory=dict)

    def id_of(self, who: str) -> str:
        """Give the id by which her chat knows her."""
        return who

    def name_of(self, known: str) -> str:
        """Give the name of whom her chat knows by this id."""
        return known

    def says(self, who: str, line: str, *, room: str = "", answers: dict[str, str] | None = None, call_id: str = ""):
        """Type a command; what comes back is private to her. Gives the answers themselves."""
        self._marks[who] = len(self.heard[who])
        answers_back = commands.run(
            self.store,
            Call(
                self.platform,
                self.workspace,
                who,
                line.removeprefix("/"),
                call_id or f"c{next(self._ids)}",
                answers or {},
                room=room,
                name=who.capitalize(),
                zone=self.zones.get(who, ""),
            ),
            self.now,
        )
        for answer in answers_back:
            if isinstance(answer, Ask):
                self.forms[who] = answer.form
            elif isinstance(answer, Reply):
                self.heard[who].append(Heard(self.now, answer.message))
        self.delivers()
        return answers_back

    def presses(self, who: str, label: str):
        """Press the newest button with this label among all that she has heard."""
        button = self.button(who, label)
        return self.says(who, button.call)

    def button(self, who: str, label: str) -> Button:
        """Find the newest button with this label."""
        for heard in reversed(self.heard[who]):
            for button in heard.message.buttons():
                if button.label == label:
                    return button
        known = [b.label for h in self.heard[who] for b in h.message.buttons()]
        raise AssertionError(f"{who} sees no button {label!r}; she sees {known}")

    def fills(self, who: str, **answers: str):
        """Send the form that was shown to her last."""
        form = self.forms.pop(who)
        unknown = set(answers) - {f.name for f in form.fields}
        assert not unknown, f"the form has no {unknown}; it has {[f.name for f in form.fields]}"
        filled = {f.name: f.initial for f in form.fields if f.initial} | answers
        return self.says(who, form.call, answers=filled)

    def hears(self, who: str, words: str) -> Heard:
        """Assert that she has heard these words since she last did something."""
        for heard in reversed(self.heard[who][self._marks.get(who, 0) :]):
            if words in heard.words:
                return heard
        since = "\n---\n".join(h.words for h in self.heard[who][self._marks.get(who, 0) :])
        asked = f"\nand a form: {self.forms[who]}" if who in self.forms else ""
        raise AssertionError(f"{who} did not hear {words!r}. She heard:\n{since}{asked}")

    def never_hears(self, who: str, words: str) -> None:
        """Assert that in all this time she has heard nothing with these words."""
        for heard in self.heard[who]:
            assert words not in heard.words, f"{who} heard {words!r} in:\n{heard.words}"

    def forgets(self) -> None:
        """Look only at what is heard from now on."""
        self._marks = {who: len(heard) for who, heard in self.heard.items()}

    def passes(self, *, days: float = 0, hours: float = 0, until: datetime | None = None) -> None:
        """Let time pass, stopping at each instant at which something is due."""
        end = until or self.now + timedelta(days=days, hours=hours)
        while (due := tick.next_at(self.store, self.now)) is not None and due <= end:
            before = self.now
            self.now = max(due, self.now)
            tick.tick(self.store, self.now)
            self.delivers()
            if self.now == before and tick.next_at(self.store, self.now) == before:
                self.now += timedelta(minutes=1)  # held by a rule that looks again a little later
        self.now = end
        tick.tick(self.store, self.now)
        self.delivers()

    def delivers(self) -> None:
        """Carry out what may go out, as a chat would."""
        tick.outbox.release(self.store, self.now, tick.renewals())
        while True:
            with self.store.writing() as db:
                rows = deliveries.claim(db, self.now, lease=LEASE, owner="talk", limit=100)
                for row in rows:
                    if row.room_key not in self.rooms and isinstance(wire.load(row.effect), Post):
                        later = self.now + timedelta(minutes=5)  # its room is not open yet
                        deliveries.settle(db, row, state="ready", run_at=later)
                        continue
                    self._carry_out(db, row)
                    deliveries.settle(db, row, state="sent", sent_at=self.now)
            if not rows:
                return

    def _carry_out(self, db, row) -> None:
        act = wire.load(row.effect)
        match act:
            case Tell():
                self.heard[people.get(db, act.person).outside_id].append(Heard(self.now, act.message, "dm"))
            case Post():
                for who in self.rooms[act.room]:
                    self.heard[who].append(Heard(self.now, act.message, act.room))
            case OpenRoom():
                self.rooms[act.room] = {p.outside_id for p in people.some(db, act.people).values()}
                room = deliveries.room(db, row.workspace_id, act.room)
                room.place, room.state = act.room, "open"
                deliveries.save_room(db, room)
            case CloseRoom():
                room = deliveries.room(db, row.workspace_id, act.room)
                room.state = "closed"
                deliveries.save_room(db, room)
