"""What a chat can do for us: four methods, and the three ways in which they end other than well."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

from circles.messages import Message

ALWAYS = timedelta.max
Why = Literal["gone", "shut", "nowhere", "refused", "unclear"]


class TryLater(Exception):
    """The message was certainly not sent; try again after ``wait``."""

    def __init__(self, reason: str, wait: timedelta = timedelta(minutes=1)) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Exception):
    """This person or room can't be written to, and trying again won't help; ``why`` says which door is left.

    gone: the person has left or was deactivated. shut: she can't be written to in private. nowhere: the room is
    closed, lost, or we are not in it. refused: the platform won't take this message from us.
    """

    def __init__(self, reason: str, why: Why = "refused") -> None:
        super().__init__(reason)
        self.why = why


@dataclass(frozen=True, slots=True)
class Opening:
    """A room as it is to be: ``place`` is its platform id where it is open already, and people are exactly these.

    A lasting room is a circle's: it shows its ``topic``, and keeps the ``card`` where everybody finds it.
    Where it ``has_voice``, people can talk aloud in it, on a platform that has such rooms; it counts at the opening.
    """

    place: str
    name: str
    people: tuple[str, ...]
    is_lasting: bool = False
    topic: str = ""
    card: Message | None = None
    has_voice: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An open room: its platform id, and the people who could not be brought in."""

    place: str
    absent: tuple[str, ...] = ()


class Chat(Protocol):
    """A platform to speak on. ``nonce`` is the same for every try of one act.

    Any other exception than TryLater and Unreachable means that nobody knows whether it was said. While the platform
    knows the nonce, it is tried again when the lease is over; after that it is not, and the reader gets another way
    to it.
    """

    @property
    def knows_nonces(self) -> timedelta:
        """How long what comes with the same nonce is said only once: zero is never, and ``ALWAYS`` for ever."""
        ...

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person and give the platform's id of the message."""
        ...

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room, named by its platform id, and give the platform's id of the message."""
        ...

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a private room, or set one that is open to what it is to be; opening it twice changes nothing."""
        ...

    async def close_room(self, workspace: str, room: str) -> None:
        """Close a room; what was said there stays readable."""
        ...


class Side(Protocol):
    """A platform as the composition root sees it: a chat to speak on, and what hears people there."""

    @property
    def name(self) -> str:
        """The platform's name, by which workspaces know it."""
        ...

    @property
    def chat(self) -> Chat:
        """The way out."""
        ...

    async def start(self) -> None:
        """Connect, or begin to listen; raises OSError where a port can't be had."""
        ...

    async def fails(self) -> str:
        """Wait until the platform is given up for good, and give why in a sentence; mostly this takes for ever."""
        ...

    async def stop(self) -> None:
        """Let what is under way come to its end, and hang up."""
        ...
