"""What a chat can do for us: four methods, and the three ways in which they end other than well."""

from datetime import timedelta
from typing import Protocol

from circles.messages import Message


class TryLater(Exception):
    """The message was certainly not sent; try again after ``wait``."""

    def __init__(self, reason: str, wait: timedelta = timedelta(minutes=1)) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Exception):
    """This person or room can't be written to, and trying again won't help."""


class Chat(Protocol):
    """A platform to speak on. ``nonce`` is the same for every try of one act: the platform says it once.

    Any other exception than TryLater and Unreachable means that nobody knows whether it was said; the same nonce is
    tried again when the lease is over.
    """

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person and give the platform's id of the message."""
        ...

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room, named by its platform id, and give the platform's id of the message."""
        ...

    async def open_room(self, workspace: str, room: str, name: str, people: list[str], nonce: str) -> str:
        """Open a private room, or where ``room`` is one already set its people to exactly these; give its id."""
        ...

    async def close_room(self, workspace: str, room: str) -> None:
        """Close a room; what was said there stays readable."""
        ...
