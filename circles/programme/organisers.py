"""Who organises a programme: never nobody, and two at least once it is open."""

from collections.abc import Iterable

from circles.effects import Effect, Reply, Tell
from circles.errors import BadCall, Refused
from circles.messages import Button, Message
from circles.programme import organisers_words, words
from circles.programme.setup import ORGANISERS
from circles.turn import Turn, mention
from storage import people, programmes
from storage.tables import Person


def listed(turn: Turn) -> Iterable[Effect]:
    """List the organisers."""
    organisers = people.organisers(turn.db, turn.programme.id)
    return (Reply(organisers_words.organisers(turn.programme, [mention(p) for p in organisers])),)


def add(turn: Turn, *, person: str) -> Iterable[Effect]:
    """Make a person an organiser, and tell her."""
    other = _known(turn, person)
    if not people.add_organiser(turn.db, turn.programme.id, other.id, turn.now):
        raise Refused(organisers_words.organises_already(other.name))
    _note(turn, "add", other)
    return (Reply(organisers_words.added(mention(other))), _ask(turn, other))


def remove(turn: Turn, *, person: str) -> Iterable[Effect]:
    """Take the organiser's part from a person, or from oneself."""
    other = turn.person if person.lower() == "me" else _known(turn, person, also_away=True)
    _take_off(turn, other)
    _note(turn, "remove", other)
    if other.id == turn.person.id:
        return (Reply(organisers_words.stepped_back(turn.programme)),)
    told = organisers_words.no_longer_organises(turn.programme, mention(turn.person))
    return (Reply(organisers_words.removed(mention(other))), _tell(turn, other, told))


def hand_over(turn: Turn, *, person: str) -> Iterable[Effect]:
    """Give one's part to somebody else."""
    other = _known(turn, person)
    if other.id == turn.person.id:
        raise BadCall(organisers_words.not_to_yourself(), field="person")
    is_new = people.add_organiser(turn.db, turn.programme.id, other.id, turn.now)
    _take_off(turn, turn.person)
    _note(turn, "handover", other)
    reply = Reply(organisers_words.handed_over(turn.programme, mention(other)))
    return (reply, _ask(turn, other)) if is_new else (reply,)


def _known(turn: Turn, typed: str, *, also_away: bool = False) -> Person:
    person = people.by_outside_id(turn.db, turn.workspace.id, typed)
    if person is None:
        raise BadCall(organisers_words.not_met(typed), field="person")
    if not person.is_active and not also_away:
        raise BadCall(organisers_words.away(person.name), field="person")
    return person


def _take_off(turn: Turn, person: Person) -> None:
    if person.id not in {p.id for p in people.organisers(turn.db, turn.programme.id)}:
        raise Refused(organisers_words.does_not_organise(person.name))
    fewest = 1 if turn.programme.state == "draft" else ORGANISERS
    staying = [one for one in people.organisers_here(turn.db, turn.programme.id) if one.id != person.id]
    if len(staying) < fewest:
        offer = Button(words.add_organiser_label(), "programme organisers add", "primary")
        raise Refused(organisers_words.too_few_organisers(fewest), buttons=(offer,))
    people.remove_organiser(turn.db, turn.programme.id, person.id)


def _ask(turn: Turn, person: Person) -> Tell:
    return _tell(turn, person, organisers_words.asked_to_organise(turn.programme, mention(turn.person)))


def _tell(turn: Turn, person: Person, told: Message) -> Tell:
    key = f"organiser:{turn.programme.id}:{person.id}:{turn.call.id}"
    return Tell(key, person.id, told, "organiser", urgent=True)


def _note(turn: Turn, what: str, person: Person) -> None:
    programmes.note(
        turn.db, turn.programme.id, turn.person.id, turn.now, f"programme organisers {what}", person.outside_id
    )
