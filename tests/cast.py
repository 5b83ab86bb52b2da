"""The people of a test, put straight into the store: a programme, its members, a circle with its seats."""

from datetime import datetime, timedelta

from circles.programme.rules import Settings
from storage import Store, deliveries, members, people, programmes
from storage.tables import Circle, Member, Person, Programme, Room

PLATFORM, WORKSPACE = "local", "demo"


def programme(
    store: Store, now: datetime, *, slug: str = "alemat", name: str = "Alemat", state: str = "call", **settings: object
) -> Programme:
    """A programme with the organisers ada and bob, open for joining unless `state` says otherwise."""
    with store.writing() as db:
        workspace = people.workspace(db, PLATFORM, WORKSPACE)
        row = Programme(
            workspace_id=workspace.id,
            slug=slug,
            name=name,
            state=state,
            settings=Settings(**settings).to_json(),
            created_at=now,
        )
        programmes.save(db, row)
        for who in ("ada", "bob"):
            organiser = people.person(db, workspace.id, who, name=who.capitalize(), zone="UTC")
            people.add_organiser(db, row.id, organiser.id, now)
    return row


def person(store: Store, who: str) -> Person:
    """The person with this id, who is made up if need be."""
    with store.writing() as db:
        workspace = people.workspace(db, PLATFORM, WORKSPACE)
        return people.person(db, workspace.id, who, name=who.capitalize())


def member(store: Store, programme: Programme, who: str, stance: str = "both", **profile: object) -> Member:
    """A waiting member with a whole profile; later calls stand further back in line."""
    with store.writing() as db:
        row = people.person(db, programme.workspace_id, who, name=who.capitalize())
        row.zone = str(profile.pop("zone", row.zone or "UTC"))
        row.weekend = profile.pop("weekend", row.weekend)
        people.save(db, row)
        whole: dict[str, object] = {
            "offers": ["statistics"],
            "wants": ["grant writing"],
            "languages": ["en"],
            "institution": "Wadi Rumman University",
            "stage": "postdoc",
            "queued_at": programme.created_at + timedelta(seconds=row.id),
        }
        return members.save(
            db, Member(programme_id=programme.id, person_id=row.id, stance=stance, **(whole | profile))
        )


def circle(
    store: Store, programme: Programme, seats: list[tuple[str, str]], now: datetime, name: str = "Circle 1"
) -> Circle:
    """A circle in which everybody named has a seat, with its room open; people become members if need be."""
    with store.writing() as db:
        row = Circle(programme_id=programme.id, name=name, formed_at=now)
        programmes.save(db, row)
        deliveries.save_room(
            db,
            Room(
                workspace_id=programme.workspace_id,
                key=f"p{programme.id}:c{row.id}",
                name=name,
                place=f"p{programme.id}:c{row.id}",
                state="open",
            ),
        )
    for who, role in seats:
        with store.writing() as db:
            known = people.person(db, programme.workspace_id, who, name=who.capitalize())
            sits = members.of_person(db, programme.id, known.id)
        sits = sits or member(store, programme, who)
        with store.writing() as db:
            members.take_seat(db, row.id, members.get(db, sits.id), role, now)
    return row
