"""What can be done: answers that go straight back, and acts that wait in the outbox until they are delivered."""

from dataclasses import dataclass
from datetime import datetime

from circles.messages import Form, Message


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the asker alone; ``replaces`` puts the answer in the place of the message whose button she pressed."""

    message: Message
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Show the asker a form."""

    form: Form


@dataclass(frozen=True, slots=True)
class Tell:
    """Write to one person. ``person`` is her row id; ``run_at`` None means now.

    ``kind`` names the nudge for reports and budgets; after ``not_after`` it is no longer worth sending;
    an ``urgent`` one is never held back by the weekly budget or quiet hours (somebody else waits for it).
    """

    key: str
    person: int
    message: Message
    kind: str
    run_at: datetime | None = None
    not_after: datetime | None = None
    urgent: bool = False
    member: int | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Write into a room, known by its key; it waits until the room is open.

    ``reaches`` names the people (row ids) whose weekly budget it counts for: a meeting group's, not a whole circle's.
    """

    key: str
    room: str
    message: Message
    kind: str
    run_at: datetime | None = None
    not_after: datetime | None = None
    round: int | None = None
    reaches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Open a private room for ``people`` (row ids), or set exactly these people where it is open already.

    A lasting room is a circle's: it outlives its rounds, shows its ``topic``, and keeps the ``card`` in sight.
    Where it ``has_voice``, its people can talk aloud in it, on a chat that has such rooms; it counts at the opening.
    """

    key: str
    room: str
    name: str
    people: tuple[int, ...]
    kind: str = "room"
    run_at: datetime | None = None
    is_lasting: bool = False
    topic: str = ""
    card: Message | None = None
    has_voice: bool = False


@dataclass(frozen=True, slots=True)
class CloseRoom:
    """Close a room; what was said there stays readable."""

    key: str
    room: str
    kind: str = "room"
    run_at: datetime | None = None


Answer = Reply | Ask
Act = Tell | Post | OpenRoom | CloseRoom
Effect = Answer | Act
