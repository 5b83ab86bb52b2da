"""One page for one person, put together from the rest: where she is, her goals, her settings, what she organises."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from circles import outbox
from circles.effects import Effect, Reply
from circles.goals import handlers as goals
from circles.help import home_words as words
from circles.membership import rhythm, status
from circles.messages import Block, Heading, Message
from circles.programme import record
from circles.turn import Turn, zone_of
from storage import programmes
from storage.tables import Member, Programme

MOST_BLOCKS = 40

Joined = tuple[Programme, Member]


def home(turn: Turn) -> Iterable[Effect]:
    """Give the asker's page."""
    db, here, person = turn.db, turn.workspace.id, turn.person
    joined = _going_on(programmes.joined_by(db, here, person.id))
    organised = [p for p in programmes.organised_by(db, here, person.id) if p.state != "closed"]
    settings = _settings(turn, joined)
    room = MOST_BLOCKS - len(settings) - 1
    first, left_out = _fitting([_as_member(turn, *one) for one in joined] or [_outside(turn)], room)
    rest, more = _fitting([_as_organiser(turn, programme) for programme in organised], room - len(first))
    left_out += more
    blocks = (*first, *settings, *rest, *((words.more(left_out),) if left_out else ()))
    turn.programme_or_none = None  # every button says itself which programme it is about, or is about none
    return [Reply(Message(blocks, words.summary()))]


def _going_on(joined: Sequence[Joined]) -> list[Joined]:
    """Leave out what is over, unless it is all there is."""
    return [one for one in joined if one[0].state != "closed"] or list(joined[:1])


def _fitting(sections: Sequence[tuple[Block, ...]], room: int) -> tuple[tuple[Block, ...], int]:
    """Give as many sections as there is room for, and how many are left out."""
    blocks: tuple[Block, ...] = ()
    for index, section in enumerate(sections):
        if len(blocks) + len(section) > room:
            return blocks, len(sections) - index
        blocks += section
    return blocks, 0


def _outside(turn: Turn) -> tuple[Block, ...]:
    return _said(status.status(_about(turn, None, None)), "")


def _as_member(turn: Turn, programme: Programme, member: Member) -> tuple[Block, ...]:
    own = _about(turn, programme, member)
    here = (Heading(programme.name), *_said(status.status(own), programme.slug))
    return here if programme.state == "closed" else (*here, *_said(goals.list_goals(own), programme.slug))


def _as_organiser(turn: Turn, programme: Programme) -> tuple[Block, ...]:
    return _said(record.status(_about(turn, programme, None)), programme.slug)


def _about(turn: Turn, programme: Programme | None, member: Member | None) -> Turn:
    return replace(turn, programme_or_none=programme, member_or_none=member)


def _said(effects: Iterable[Effect], slug: str) -> tuple[Block, ...]:
    """Give what a command would answer, its buttons addressed to its programme."""
    replies = [outbox.addressed(effect.message, slug) for effect in effects if isinstance(effect, Reply)]
    return tuple(block for reply in replies for block in reply.blocks)


def _settings(turn: Turn, joined: Sequence[Joined]) -> tuple[Block, ...]:
    going_on = [one for one in joined if one[0].state != "closed"]
    zone = zone_of(turn.person, joined[0][0] if joined else None)
    return words.settings(going_on, rhythm.facts(turn.person, zone))
