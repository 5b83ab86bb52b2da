"""What may be offered while somebody types a command: names of things that she may know of, and nothing else."""

from circles.conversation import shelf
from storage import Session, Store, goals, members, people, programmes, workspaces
from storage.tables import Person, Programme, Workspace

MOST = 25
Offer = tuple[str, str | int]  # what is read, and what is typed


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
        if parameter == "programme":
            return [(one.name, one.slug) for one in _programmes(db, place, asker, path)]
        hers = _programmes(db, place, asker, path)
        chosen = next((one for one in hers if programme in {"", one.slug}), None)
        if chosen is None:
            return []
        if path.startswith("circle goal") and parameter == "number":
            member = members.of_person(db, chosen.id, asker.id)
            mine = enumerate(goals.of_member(db, member.id), start=1) if member else ()
            return [(f"{number}. {goal.text}", number) for number, goal in mine if goal.state == "active"]
        if path.startswith("programme circles") and parameter in {"number", "first", "second"}:
            return [(circle.name, number) for number, circle in enumerate(programmes.circles(db, chosen.id), start=1)]
        if path.startswith("programme prompts") and parameter == "code":
            return [(f"{prompt.id}: {prompt.theme}", prompt.id) for prompt in shelf.prompts(db, chosen)]
    return []


def _programmes(db: Session, place: Workspace, asker: Person, path: str) -> list[Programme]:
    """Give the programmes that a command may be about, for this person; those that go on come first."""
    if path.startswith("programme"):
        hers = programmes.organised_by(db, place.id, asker.id)
    elif path == "circle join":
        hers = programmes.open_for_joining(db, place.id)
    else:
        hers = [programme for programme, _member in programmes.joined_by(db, place.id, asker.id)]
    return sorted(hers, key=lambda programme: programme.state == "closed")
