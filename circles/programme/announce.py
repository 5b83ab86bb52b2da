"""Saying something to every circle: seen first as it will be, then sent once."""

import zlib
from collections.abc import Iterable

from circles.effects import Effect, Post, Reply
from circles.errors import Refused
from circles.programme import record_words
from circles.rooms import circle_room
from circles.turn import Turn, mention
from storage import members, people, programmes
from storage.tables import Circle


def announce(turn: Turn, *, text: str) -> Iterable[Effect]:
    """Show an announcement as it will be, and ask."""
    circles = _circles(turn)
    reached = sum(len(members.seated(turn.db, circle.id)) for circle in circles)
    people.keep_draft(turn.db, turn.person.id, _subject(turn), {"text": text, "id": turn.call.id})
    words = record_words.announcement(turn.programme, mention(turn.person), text)
    return (Reply(record_words.announcement_preview(words, len(circles), reached, _mark(text))),)


def send(turn: Turn, *, mark: str) -> Iterable[Effect]:
    """Send the announcement that was shown."""
    circles = _circles(turn)
    draft = people.draft(turn.db, turn.person.id, _subject(turn))
    if not draft or _mark(draft["text"]) != mark:
        raise Refused(record_words.announcement_gone())
    people.keep_draft(turn.db, turn.person.id, _subject(turn), {})
    programme = turn.programme
    words = record_words.announcement(programme, mention(turn.person), draft["text"])
    posts = [
        Post(
            f"announce:{programme.id}:{draft['id']}:{circle.id}",
            circle_room(programme.id, circle.id),
            words,
            "announce",
        )
        for circle in circles
    ]
    return (Reply(record_words.announced(len(circles))), *posts)


def _circles(turn: Turn) -> list[Circle]:
    circles = programmes.circles(turn.db, turn.programme.id)
    if not circles:
        raise Refused(record_words.no_circles_yet())
    return circles


def _subject(turn: Turn) -> str:
    return f"announce:{turn.programme.id}"


def _mark(text: str) -> str:
    """Give a short mark of a text, so that a button belongs to the words that stood above it."""
    return f"{zlib.crc32(text.encode()):08x}"
