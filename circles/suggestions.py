"""What may be offered while somebody types a command: names of things that she may know of, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from circles.conversation import shelf
from circles.conversation.library import THEMES
from circles.conversation.words import theme_name
from circles.membership import steps
from storage import Session, Store, goals, members, people, programmes, workspaces
from storage.tables import Person, Programme, Workspace

MOST = 25
Offer = tuple[str, str | int]  # what is read, and what is typed


@dataclass(frozen=True, slots=True)
class Asked:
    """Who types which command, in which programme."""

    db: Session
    programme: Programme
    person: Person
    path: str


def suggest(
    store: Store, platform: str, workspace: str, person: str, path: str, parameter: str, programme: str = ""
) -> list[Offer]:
    """Give what fits a parameter of the command at ``path``, for this person: programmes, goals, circles, prompts.

    ``programme`` is the short name that she has typed already.
    """
    with store.writing() as db:
        place = workspaces.known(db, platform, workspace)
        asker = people.by_outside_id(db, place.id, person) if place else None
        if place is None or asker is None:
            return []
        hers = _programmes(db, place, asker, path)
        if parameter == "programme":
            return [(one.name, one.slug) for one in hers]
        chosen = next((one for one in hers if programme in {"", one.slug}), None)
        offer = _OFFERS.get((path, parameter))
        return offer(Asked(db, chosen, asker, path)) if chosen and offer else []


def offers(path: str, parameter: str) -> bool:
    """Say whether anything can be offered for a parameter of the command at ``path``."""
    return parameter == "programme" or (path, parameter) in _OFFERS


def _programmes(db: Session, place: Workspace, asker: Person, path: str) -> list[Programme]:
    """Give the programmes that a command may be about, for this person; those that go on come first."""
    if path.startswith("programme"):
        hers = programmes.organised_by(db, place.id, asker.id)
    elif path == "circle join":
        hers = programmes.open_for_joining(db, place.id)
    else:
        hers = [programme for programme, _member in programmes.joined_by(db, place.id, asker.id)]
    return sorted(hers, key=lambda programme: programme.state == "closed")


def _goals(asked: Asked) -> list[Offer]:
    """Offer her goals: those that rest where one is to be active again, else the active ones."""
    member = members.of_person(asked.db, asked.programme.id, asked.person.id)
    mine = enumerate(goals.of_member(asked.db, member.id), start=1) if member else ()
    resumes = asked.path.endswith("resume")
    return [(f"{number}. {goal.text}", number) for number, goal in mine if (goal.state == "active") != resumes]


def _circles(asked: Asked) -> list[Offer]:
    return [(circle.name, n) for n, circle in enumerate(programmes.circles(asked.db, asked.programme.id), start=1)]


def _prompts(asked: Asked) -> list[Offer]:
    """Offer the prompts that were retired where one is to come back, else those in use."""
    known, restores = shelf.everything(asked.db, asked.programme), asked.path.endswith("restore")
    return [(f"{prompt.id}: {prompt.theme}", prompt.id) for prompt, is_retired in known if is_retired == restores]


def _themes(_asked: Asked) -> list[Offer]:
    return [(theme_name(theme), theme) for theme in THEMES]


def _parts_of_a_profile(_asked: Asked) -> list[Offer]:
    return [(steps.label(name), name) for fields in steps.STEPS for name in fields]


_OFFERS: dict[tuple[str, str], Callable[[Asked], list[Offer]]] = {
    **{(f"circle goal {what}", "number"): _goals for what in ("edit", "done", "park", "drop", "resume", "share")},
    **{(f"programme circles {what}", "number"): _circles for what in ("move", "split", "room")},
    **{("programme circles merge", which): _circles for which in ("first", "second")},
    ("programme rounds preview", "number"): _circles,
    **{(f"programme prompts {what}", "code"): _prompts for what in ("retire", "restore")},
    **{(f"programme prompts {what}", "theme"): _themes for what in ("list", "add")},
    ("circle profile", "field"): _parts_of_a_profile,
}
