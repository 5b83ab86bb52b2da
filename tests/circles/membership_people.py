"""Alemat and its people for conversations about membership: whole profiles, a true order in line, a circle's room."""

from datetime import timedelta

import cast

from storage import deliveries, goals, members, people, programmes, rounds
from storage.tables import Circle, Goal, MeetingGroup, Member, Occurrence, Person, Placement, Programme, Room, Round


def programme(talk, *, slug="alemat", name="Alemat", state="call", **settings) -> Programme:
    """A programme that ada and bob organise, open for joining unless `state` says otherwise."""
    programme_id = cast.programme(talk, slug=slug, name=name, state=state, **settings)
    with talk.store.writing() as db:
        return programmes.get(db, programme_id)


def member(talk, programme: Programme, who: str, stance="both", *, zone="UTC", weekend=(5, 6), **profile) -> Member:
    """A waiting member with a whole profile; each stands one second further back in line than the one before."""
    whole = {
        "offers": ["statistics"],
        "wants": ["grant writing"],
        "languages": ["en"],
        "institution": "Wadi Rumman University",
        "stage": "postdoc",
    }
    member_id = cast.member(talk, programme.id, who, stance, **(whole | profile))
    with talk.store.writing() as db:
        row = members.get(db, member_id)
        row.queued_at = programme.created_at + timedelta(seconds=member_id)
        person = people.get(db, row.person_id)
        person.zone, person.weekend = zone, list(weekend)
        people.save(db, person)
        return members.save(db, row)


def circle(talk, programme: Programme, seats: dict[str, str], *, name="Circle 1") -> Circle:
    """A circle in which everybody named has this seat, with its room open; who is no member yet becomes one."""
    with talk.store.writing() as db:
        row = Circle(programme_id=programme.id, name=name, formed_at=talk.now)
        programmes.save(db, row)
        key = f"p{programme.id}:c{row.id}"
        room = Room(workspace_id=programme.workspace_id, key=key, name=name, place=key, state="open")
        deliveries.save_room(db, room)
    talk.rooms[key] = set(seats)
    for who, role in seats.items():
        sits = found(talk, programme, who)[0] or member(talk, programme, who)
        with talk.store.writing() as db:
            members.take_seat(db, row.id, members.get(db, sits.id), role, talk.now)
    return row


def goal(talk, programme: Programme, who: str, text: str, *, scope="me") -> None:
    """A goal of a member's."""
    mine, _person = found(talk, programme, who)
    with talk.store.writing() as db:
        goals.save(db, Goal(member_id=mine.id, text=text, scope=scope, created_at=talk.now, changed_at=talk.now))


def found(talk, programme: Programme, who: str) -> tuple[Member | None, Person]:
    """Her membership, if she has one, and herself, as the store has them now."""
    with talk.store.writing() as db:
        person = people.person(db, programme.workspace_id, talk.id_of(who))
        return members.of_person(db, programme.id, person.id), person


def round_of(talk, programme: Programme, circle: Circle, *groups: tuple[str, ...], number=1) -> Round:
    """An open round with these meeting groups, their rooms open, and the next round planned two weeks later."""
    opens = talk.now.date()
    row = Round(circle_id=circle.id, number=number, opens_on=opens, closes_on=opens + timedelta(days=14))
    with talk.store.writing() as db:
        rounds.save(db, row)
        coming = talk.now + timedelta(days=14)
        slot = f"c{circle.id}:r{number + 1}:open"
        planned = Occurrence(
            programme_id=programme.id,
            circle_id=circle.id,
            day=coming.date(),
            slot=slot,
            kind="round-open",
            number=number + 1,
            due_at=coming,
        )
        programmes.replace_planned(db, programme.id, [planned])
    for people_in_it in groups:
        sits = [found(talk, programme, who)[0] for who in people_in_it]
        with talk.store.writing() as db:
            group = MeetingGroup(round_id=row.id)
            rounds.save(db, group)
            rounds.save(db, *(Placement(round_id=row.id, member_id=m.id, group_id=group.id) for m in sits))
            key = f"p{programme.id}:g{group.id}"
            room = Room(workspace_id=programme.workspace_id, key=key, name="Round", place=key, state="open")
            deliveries.save_room(db, room)
        talk.rooms[key] = set(people_in_it)
    return row
