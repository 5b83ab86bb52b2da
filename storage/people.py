"""Workspaces, persons, organisers, avoidances and drafts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage import workspaces
from storage.tables import Avoidance, Delivery, Draft, Member, Organiser, Person, Workspace

# What every command asks is put together once.
_PERSON = select(Person).where(
    Person.workspace_id == bindparam("workspace"), Person.outside_id == bindparam("outside_id")
)


def workspace(db: Session, platform: str, outside_id: str, *, name: str = "") -> Workspace:
    """Find a workspace, or note it down the first time it is heard of."""
    found = workspaces.known(db, platform, outside_id)
    if found is None:
        _add_if_new(db, Workspace(platform=platform, outside_id=outside_id, name=name or outside_id))
        found = workspaces.known(db, platform, outside_id)
    if found is None:  # pragma: no cover - it was written down a line ago
        raise KeyError(outside_id)
    return found


def _add_if_new(db: Session, row: Workspace | Person) -> None:
    """Write a row down unless another transaction has written the same one in this moment; waits for that one."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    db.execute(insert(type(row)).values(**row.model_dump(exclude={"id"})).on_conflict_do_nothing())


def person(
    db: Session, workspace_id: int, outside_id: str, *, name: str = "", zone: str | None = None, locale: str = ""
) -> Person:
    """Find a person, or note her down the first time she is heard of.

    A new name and language are taken over from her chat; a zone only where none is known, since she may have set hers.
    """
    found = by_outside_id(db, workspace_id, outside_id)
    if found is None:
        new = Person(workspace_id=workspace_id, outside_id=outside_id, name=name or outside_id, zone=zone)
        new.locale = locale or "en"
        _add_if_new(db, new)
        found = db.exec(
            select(Person).where(Person.workspace_id == workspace_id, Person.outside_id == outside_id)
        ).one()
    told = (name or found.name, locale or found.locale, found.zone or zone)
    if told != (found.name, found.locale, found.zone):
        found.name, found.locale, found.zone = told
        db.add(found)
        db.flush()
    return found


def named_by_another(db: Session, workspace_id: int, outside_id: str, name: str) -> Person:
    """Find or note down a person whom somebody else's call names, with a name only where none is known.

    Her name changes with her own calls alone: whoever had hers taken out is not named anew by what others type.
    """
    found = by_outside_id(db, workspace_id, outside_id)
    is_named = found is not None and found.name != found.outside_id
    return person(db, workspace_id, outside_id, name="" if is_named else name)


def come_back(db: Session, person: Person) -> bool:
    """Note that somebody who was away is here again; says whether she was away."""
    was_away = not person.is_active
    if was_away:
        person.is_active = True
        save(db, person)
    return was_away


def by_outside_id(db: Session, workspace_id: int, outside_id: str) -> Person | None:
    """Find a person by the platform's id, first as written, then without regard to case."""
    found = db.exec(_PERSON, params={"workspace": workspace_id, "outside_id": outside_id}).first()
    here = select(Person).where(Person.workspace_id == workspace_id)
    return found or db.exec(here.where(func.lower(Person.outside_id) == outside_id.lower())).first()


def get(db: Session, person_id: int) -> Person:
    """Give the person with this row id; raises KeyError when there is none."""
    found = db.get(Person, person_id)
    if found is None:
        raise KeyError(person_id)
    return found


def save(db: Session, row: Person) -> None:
    """Keep a person's row as it is now."""
    db.add(row)
    db.flush()


def some(db: Session, ids: Collection[int]) -> dict[int, Person]:
    """Give the persons with these row ids, by id."""
    return {p.id: p for p in db.exec(select(Person).where(col(Person.id).in_(list(ids))))}


def organisers(db: Session, programme_id: int) -> list[Person]:
    """Give a programme's organisers, the longest-serving first; those who are away are among them."""
    return list(
        db.exec(
            select(Person)
            .join(Organiser, col(Organiser.person_id) == col(Person.id))
            .where(Organiser.programme_id == programme_id)
            .order_by(col(Organiser.since), col(Person.id))
        )
    )


def organisers_here(db: Session, programme_id: int) -> list[Person]:
    """Give the organisers on whom a programme can rest: those whose account is active."""
    return [person for person in organisers(db, programme_id) if person.is_active]


def add_organiser(db: Session, programme_id: int, person_id: int, now: datetime) -> bool:
    """Make a person an organiser; says whether she was not one before."""
    if db.get(Organiser, (programme_id, person_id)):
        return False
    db.add(Organiser(programme_id=programme_id, person_id=person_id, since=now))
    db.flush()
    return True


def remove_organiser(db: Session, programme_id: int, person_id: int) -> bool:
    """Take the organiser's part from a person; says whether she had it."""
    found = db.get(Organiser, (programme_id, person_id))
    if found:
        db.delete(found)
        db.flush()
    return found is not None


def avoid(db: Session, person_id: int, other_id: int) -> bool:
    """Keep two people apart on the word of the first; says whether that is new."""
    known = db.exec(select(Avoidance).where(Avoidance.person_id == person_id, Avoidance.other_id == other_id)).first()
    if known is None:
        db.add(Avoidance(person_id=person_id, other_id=other_id))
        db.flush()
    return known is None


def stop_avoiding(db: Session, person_id: int, other_id: int) -> bool:
    """Take such a word back; says whether there was one."""
    known = db.exec(select(Avoidance).where(Avoidance.person_id == person_id, Avoidance.other_id == other_id)).first()
    if known:
        db.delete(known)
        db.flush()
    return known is not None


def avoided_by(db: Session, person_id: int) -> list[Person]:
    """Give whom a person keeps away from; for her own eyes only."""
    return list(
        db.exec(
            select(Person)
            .join(Avoidance, col(Avoidance.other_id) == col(Person.id))
            .where(Avoidance.person_id == person_id)
            .order_by(col(Person.name))
        )
    )


def blocked_members(db: Session, programme_id: int) -> set[frozenset[int]]:
    """Give the pairs of member ids of a programme of whom one avoids the other."""
    one, other = aliased(Member), aliased(Member)
    rows = db.exec(
        select(one.id, other.id)
        .select_from(Avoidance)
        .join(one, col(one.person_id) == col(Avoidance.person_id))
        .join(other, col(other.person_id) == col(Avoidance.other_id))
        .where(one.programme_id == programme_id, other.programme_id == programme_id)
    )
    return {frozenset(pair) for pair in rows}


def draft(db: Session, person_id: int, subject: str) -> dict[str, Any]:
    """Give the answers so far of a form with several steps."""
    found = db.exec(select(Draft).where(Draft.person_id == person_id, Draft.subject == subject)).first()
    return dict(found.answers) if found else {}


def keep_draft(db: Session, person_id: int, subject: str, answers: dict[str, Any]) -> None:
    """Keep the answers so far; an empty set of answers forgets the draft."""
    found = db.exec(select(Draft).where(Draft.person_id == person_id, Draft.subject == subject)).first()
    if found is None:
        found = Draft(person_id=person_id, subject=subject)
    found.answers = answers
    if answers:
        db.add(found)
    elif found.id is not None:
        db.delete(found)
    db.flush()


def forget_drafts(db: Session, person_id: int, beginning: str) -> None:
    """Throw away a person's begun forms whose subject begins with these words."""
    about = col(Draft.subject).startswith(beginning, autoescape=True)
    db.execute(delete(Draft).where(col(Draft.person_id) == person_id, about))


def everybody(db: Session, workspace_id: int) -> list[Person]:
    """Give everybody known in a workspace, by name."""
    return list(db.exec(select(Person).where(Person.workspace_id == workspace_id).order_by(col(Person.name))))


def workspaces_of(db: Session, platform: str, outside_id: str) -> list[Workspace]:
    """Give the workspaces of a platform in which a person is known and the bot is, the newest first."""
    return list(
        db.exec(
            select(Workspace)
            .join(Person, col(Person.workspace_id) == col(Workspace.id))
            .where(Workspace.platform == platform, Person.outside_id == outside_id, col(Workspace.left_at).is_(None))
            .order_by(col(Workspace.id).desc())
        )
    )


def workspaces_on(db: Session, platform: str) -> list[Workspace]:
    """Give every workspace of a platform that has been heard of."""
    return list(db.exec(select(Workspace).where(Workspace.platform == platform).order_by(col(Workspace.id))))


def workspace_at(db: Session, platform: str, place: str) -> Workspace | None:
    """Give the workspace from which the message at a place (its platform's id) was sent."""
    return db.exec(
        select(Workspace)
        .join(Delivery, col(Delivery.workspace_id) == col(Workspace.id))
        .where(Workspace.platform == platform, Delivery.place == place)
        .limit(1)
    ).first()
