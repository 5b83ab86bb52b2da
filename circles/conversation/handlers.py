"""What is done with prompts: one comes to a circle's room in its time, and members call for more when they like."""

from collections.abc import Iterable
from datetime import timedelta

from circles.conversation import company as companies
from circles.conversation import organising, shelf, words
from circles.conversation.company import Company
from circles.conversation.library import Prompt
from circles.effects import Act, Effect, Post, Reply, Tell
from circles.errors import Refused
from circles.grammar import Command, Parameter
from circles.language import _, speaking
from circles.messages import Button, Message
from circles.rooms import circle_room
from circles.rotation import hours
from circles.tick import Due, Moment
from circles.turn import Turn, habits_of
from storage import members, people, rounds

FRESH = timedelta(days=3)  # after that a prompt has missed its week


def due(moment: Moment) -> list[Act]:
    """Bring the next prompt to a circle's room; when nothing is left, tell the organisers once."""
    circle, occurrence = moment.circle, moment.occurrence
    if circle is None or circle.state != "running" or moment.programme.state != "running":
        return []
    ref = shelf.circle_audience(circle.id)
    prompt = shelf.take(
        moment.db,
        moment.programme,
        audience=ref,
        company="circle",
        day=occurrence.day,
        number=occurrence.number,
        now=moment.now,
        also=[shelf.everybody_in(moment.db, circle.id)],
    )
    if prompt is None:
        acts: list[Act] = []
        for organiser in people.organisers(moment.db, moment.programme.id):
            with speaking(organiser.locale):
                said = words.shelf_is_empty(circle.name)
            acts.append(Tell(f"shelf-empty:{circle.id}:{organiser.id}", organiser.id, said, "shelf-empty"))
        return acts
    with speaking(circle.language):
        said = words.in_room(prompt, ref)
    room = circle_room(moment.programme.id, circle.id)
    habits = [habits_of(person, moment.programme) for _seat, _member, person in members.seated(moment.db, circle.id)]
    at = hours.first_for_all(habits, moment.now) if habits else moment.now
    until = max(at, occurrence.due_at) + FRESH
    return [Post(f"prompt:{occurrence.id}", room, said, "prompt", run_at=at, not_after=until)]


def show(turn: Turn) -> Iterable[Effect]:
    """Show the asker alone a prompt for the people she meets now."""
    company = companies.of_asker(turn)
    prompt = companies.peek(turn, company)
    if prompt is None:
        raise Refused(words.none_left())
    return [Reply(_shown(company, prompt))]


def look(turn: Turn, ref: str, after: str) -> Iterable[Effect]:
    """Show the asker alone the prompt that follows the one she has looked at."""
    company = companies.named(turn, ref)
    prompt = companies.peek(turn, company, after)
    if prompt is None:
        raise Refused(words.end_of_shelf(), buttons=(Button(_("From the first"), "circle prompt"),))
    return [Reply(_shown(company, prompt), replaces=True)]


def another(turn: Turn, ref: str) -> Iterable[Effect]:
    """Post a new prompt into the room of the asker's group or circle."""
    company = companies.named(turn, ref)
    if companies.has_had_enough(turn, company):
        raise Refused(words.enough_today())
    prompt = companies.peek(turn, company)
    if prompt is None:
        raise Refused(words.none_left())
    return [Reply(words.posted(prompt)), _post(turn, company, prompt)]


def post(turn: Turn, ref: str, wanted: str) -> Iterable[Effect]:
    """Post the prompt that the asker has looked at into the room, unless it came there meanwhile."""
    company = companies.named(turn, ref)
    if companies.has_had_enough(turn, company):
        raise Refused(words.enough_today())
    had = {row.prompt for row in rounds.prompts_used(turn.db, turn.programme.id, [company.audience])}
    on_shelf = shelf.prompts(turn.db, turn.programme)
    fitting = (p for p in on_shelf if shelf.stamp(p.id) == wanted and p.id not in had and company.kind in p.audience)
    prompt = next(fitting, None)
    if prompt is None:
        raise Refused(words.had_already(), buttons=(Button(_("Another one"), "circle prompt"),))
    return [Reply(words.posted(prompt), replaces=True), _post(turn, company, prompt)]


def _shown(company: Company, prompt: Prompt) -> Message:
    return words.in_private(prompt, company.ref, shelf.stamp(prompt.id), is_for_circle=company.kind == "circle")


def _post(turn: Turn, company: Company, prompt: Prompt) -> Post:
    shelf.note(turn.db, turn.programme, company.audience, prompt, turn.now)
    with speaking(company.language):
        said = words.in_room(prompt, company.ref)
    return Post(companies.key_of(company, turn.call.id), company.room, said, "prompt", not_after=turn.now + FRESH)


REF = Parameter("ref", "word", _("The group"), longest=20)
COMMANDS: tuple[Command, ...] = (
    Command("circle prompt", _("Something to talk about, for your eyes first"), show),
    Command("circle prompt another", _("A new prompt for your room"), another, (REF,), hidden=True),
    Command(
        "circle prompt look",
        _("The next prompt, for your eyes first"),
        look,
        (REF, Parameter("after", "word", _("The prompt before"), longest=20)),
        hidden=True,
    ),
    Command(
        "circle prompt post",
        _("This prompt, for your room"),
        post,
        (REF, Parameter("wanted", "word", _("The prompt"), longest=20)),
        hidden=True,
    ),
    *organising.COMMANDS,
)
DUE = {"prompt": Due(due, patience=timedelta(hours=36))}
