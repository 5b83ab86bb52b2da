"""What is hers alone: whom she keeps away from, what is kept about her, and having it deleted."""

import re
from collections.abc import Iterable
from dataclasses import replace

from circles import outbox, wire
from circles.effects import Act, Effect, OpenRoom, Post, Reply, Tell
from circles.errors import Refused
from circles.language import _
from circles.membership import away, export
from circles.membership import privacy_words as words
from circles.messages import Button, Message, message
from circles.rooms import circle_room, group_room
from circles.rotation import repair
from circles.turn import Turn
from storage import members, people, privacy, programmes
from storage.tables import Person


def avoid(turn: Turn, person: str = "") -> Iterable[Effect]:
    """Never bring her together with somebody, from this instant on; nobody else is told."""
    if not person:
        return [Reply(words.avoided(people.avoided_by(turn.db, turn.person.id)))]
    other = _somebody(turn, person)
    if other.id == turn.person.id:
        raise Refused(_("That is you. /circle avoid takes somebody else's name."))
    if not people.avoid(turn.db, turn.person.id, other.id):
        raise Refused(
            _("You keep away from {name} already; nobody is told.").format(name=other.name),
            buttons=(Button(_("Show my list"), "circle avoid"),),
        )
    return [Reply(words.avoids(other, left_a_meeting=_part(turn, other)))]


def _part(turn: Turn, other: Person) -> bool:
    """Take the asker out of every open meeting with the other; says whether there was one."""
    has_parted = False
    for programme, member in programmes.joined_by(turn.db, turn.workspace.id, turn.person.id):
        theirs = members.of_person(turn.db, programme.id, other.id)
        acts = repair.part(turn.db, programme, member, theirs, turn.now) if theirs else []
        outbox.put(turn.db, turn.workspace.id, acts, turn.now, programme=programme.slug)
        has_parted = has_parted or bool(acts)
    return has_parted


def avoid_remove(turn: Turn, person: str) -> Iterable[Effect]:
    """Take such a word back."""
    other = _somebody(turn, person)
    if not people.stop_avoiding(turn.db, turn.person.id, other.id):
        raise Refused(
            _("{name} is not on your list, so nothing was changed.").format(name=other.name),
            buttons=(Button(_("Show my list"), "circle avoid"),),
        )
    return [Reply(words.avoids_no_more(other), replaces=True)]


def _somebody(turn: Turn, typed: str) -> Person:
    found = people.by_outside_id(turn.db, turn.workspace.id, typed)
    if found is None:
        raise Refused(_("I know nobody called “{name}” here. Nothing was changed.").format(name=typed[:40]))
    return found


def data_export(turn: Turn) -> Iterable[Effect]:
    """Give her everything that is kept about her, as text."""
    return [Reply(part) for part in words.exported(export.sections(turn.db, turn.person))]


def data_delete(turn: Turn) -> Iterable[Effect]:
    """Ask once whether everything may go."""
    _check_organises_nothing(turn)
    joined = programmes.joined_by(turn.db, turn.workspace.id, turn.person.id)
    return [Reply(words.really_delete([programme for programme, _member in joined]))]


def _check_organises_nothing(turn: Turn) -> None:
    mine = privacy.organising(turn.db, turn.person.id)
    if mine:
        raise Refused(
            _(
                "You organise {name}, and a programme is never left without its organisers' word. "
                "Hand over first: /programme organisers. Then /circle data delete works."
            ).format(name=", ".join(programme.name for programme in mine))
        )


def data_delete_yes(turn: Turn) -> Iterable[Effect]:
    """Delete what she wrote and chose; what the others' history needs stays without her name."""
    _check_organises_nothing(turn)
    db, person = turn.db, turn.person
    rooms = _her_rooms(turn)
    for programme, member in programmes.joined_by(db, turn.workspace.id, person.id):
        acts = away.depart(db, programme, member, turn.now, turn.call.id)
        outbox.put(db, turn.workspace.id, acts, turn.now, programme=programme.slug)
    privacy.cancel_all(db, person.id)
    _blank_words(turn, rooms)
    privacy.unname_rooms(db, turn.workspace.id, rooms)
    privacy.forget(db, person, words.somebody(), turn.now)
    return [Reply(words.deleted(), replaces=True)]


def _her_rooms(turn: Turn) -> list[str]:
    """Give the keys of the rooms of every meeting group that she was in."""
    keys: list[str] = []
    for member, programme in privacy.memberships(turn.db, turn.person.id):
        for placement, _round in privacy.placements(turn.db, [member.id]):
            if placement.group_id is not None:
                keys.append(group_room(programme.id, placement.group_id))
    return keys


def _her_circles(turn: Turn) -> list[str]:
    """Give the keys of the rooms of every circle in which she ever sat."""
    return [
        circle_room(programme.id, circle.id)
        for member, programme in privacy.memberships(turn.db, turn.person.id)
        for _seat, circle in privacy.seats(turn.db, [member.id])
    ]


def _names(person: Person, act: Act | None) -> bool:
    """Say whether a post has a person's name in its plain words: the whole name, and not inside another word."""
    if not isinstance(act, Post):
        return False
    said = f"{act.message.plain()}\n{act.message.summary}"
    return re.search(rf"(?<!\w){re.escape(person.name)}(?!\w)", said) is not None


def _blank_words(turn: Turn, rooms: list[str]) -> None:
    """Blank what was written to her and about her; the rows stay, so that nothing is ever sent twice."""
    about_her = privacy.past_words_about(turn.db, turn.person, rooms)
    in_circles = privacy.past_words_in(turn.db, turn.workspace.id, _her_circles(turn))
    rows = [*about_her, *(row for row in in_circles if _names(turn.person, wire.read(row.effect)))]
    gone: Message = message(words.blank())
    for row in rows:
        act = wire.read(row.effect)
        if act is None:
            row.effect = ""  # whatever it said, it says it no more
        elif isinstance(act, Tell | Post):
            row.effect = wire.dump(replace(act, message=gone))
        elif isinstance(act, OpenRoom) and act.room in rooms:
            row.effect = wire.dump(replace(act, name=""))
    privacy.keep(turn.db, rows)
