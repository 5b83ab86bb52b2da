"""The keys by which the core knows rooms, whatever a chat calls them."""

import re

_KEY = re.compile(r"p(?P<programme>[0-9]{1,18}):(?P<kind>[cg])(?P<number>[0-9]{1,18})")


def circle_room(programme_id: int, circle_id: int) -> str:
    """Give the key of a circle's room."""
    return f"p{programme_id}:c{circle_id}"


def group_room(programme_id: int, group_id: int) -> str:
    """Give the key of a meeting group's room."""
    return f"p{programme_id}:g{group_id}"


def is_of(key: str, programme_id: int) -> bool:
    """Say whether a room belongs to a programme."""
    return key.startswith(f"p{programme_id}:")


def programme_of(key: str) -> int | None:
    """Give the programme that a room belongs to."""
    found = _KEY.fullmatch(key)
    return int(found["programme"]) if found else None


def circle_of(key: str) -> int | None:
    """Give the circle whose room this is, or None where it is no circle's."""
    return _numbered(key, "c")


def group_of(key: str) -> int | None:
    """Give the meeting group whose room this is, or None where it is no group's."""
    return _numbered(key, "g")


def _numbered(key: str, kind: str) -> int | None:
    found = _KEY.fullmatch(key)
    return int(found["number"]) if found and found["kind"] == kind else None
