"""People in the middle of a term: a programme, a circle with its room, and rounds, put straight into the store."""

from datetime import date, timedelta

from circles.rooms import circle_room, group_room
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Circle, MeetingGroup, Member, Occurrence, Placement, Programme, Room, Round


def programme(talk, slug="alemat", *, organiser="olga", state="running", **settings):
    """A programme with one organiser, from 1 February to 31 October 2027; gives its row id."""
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        row = Programme(
            workspace_id=workspace.id,
            slug=slug,
            name=slug.capitalize(),
            state=state,
            settings=settings,
            created_at=talk.now,
            starts_on=date(2027, 2, 1),
            ends_on=date(2027, 10, 31),
        )
        programmes.save(db, row)
        organising = people.person(db, workspace.id, talk.id_of(organiser), name=organiser.capitalize())
        people.add_organiser(db, row.id, organising.id, talk.now)
        return row.id


def join(talk, programme_id, *names, state="waiting", stance="both"):
    """Enrol people in a programme; gives their member ids."""
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        made = []
        for name in names:
            known, zone = talk.id_of(name), talk.zones.get(name)
            person = people.person(db, workspace.id, known, name=name.capitalize(), zone=zone)
            row = Member(programme_id=programme_id, person_id=person.id, state=state, stance=stance, queued_at=talk.now)
            made.append(members.save(db, row).id)
        return made


def circle(talk, programme_id, *names, called="Jasmine"):
    """Seat new members, mentor and mentee by turns, in a circle with an open room; gives its row id."""
    ids = join(talk, programme_id, *names)
    with talk.store.writing() as db:
        row = Circle(programme_id=programme_id, name=called, formed_at=talk.now)
        programmes.save(db, row)
        for index, known in enumerate(ids):
            members.take_seat(db, row.id, members.get(db, known), "mentee" if index % 2 else "mentor", talk.now)
        circle_id = row.id
    _open(talk, circle_room(programme_id, circle_id), names)
    return circle_id


def a_round(talk, circle_id, *groups, number=1, opens_on=date(2027, 2, 1), state="open", said=()):
    """A round of two weeks with these groups and their rooms; ``said`` maps names to answers. Gives its row id."""
    rooms = []
    with talk.store.writing() as db:
        _circle, known = members.circle(db, circle_id)
        row = Round(
            circle_id=circle_id,
            number=number,
            opens_on=opens_on,
            closes_on=opens_on + timedelta(days=14),
            state=state,
        )
        rounds.save(db, row)
        for names in groups:
            group = MeetingGroup(round_id=row.id)
            rounds.save(db, group)
            rooms.append((group_room(known.id, group.id), names))
            for name in names:
                person = people.by_outside_id(db, known.workspace_id, talk.id_of(name))
                member = members.of_person(db, known.id, person.id)
                answer = dict(said).get(name, "")
                rounds.save(db, Placement(round_id=row.id, member_id=member.id, group_id=group.id, answer=answer))
        round_id = row.id
    for key, names in rooms if state == "open" else ():
        _open(talk, key, names)
    return round_id


def groups_of(talk, round_id):
    """The row ids of a round's meeting groups."""
    with talk.store.writing() as db:
        return [group.id for group in rounds.groups(db, round_id)]


def member_id(talk, programme_id, name):
    """The row id of a person's membership."""
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        return members.of_person(db, programme_id, people.by_outside_id(db, workspace.id, talk.id_of(name)).id).id


def plan(talk, programme_id, kind, due_at, *, number=1, circle_id=None):
    """Put something into the calendar."""
    slot = f"c{circle_id}:{kind}:{number}" if circle_id else kind
    with talk.store.writing() as db:
        programmes.save(
            db,
            Occurrence(
                programme_id=programme_id,
                circle_id=circle_id,
                day=due_at.date(),
                slot=slot,
                kind=kind,
                number=number,
                due_at=due_at,
            ),
        )


def _open(talk, key, names):
    talk.rooms[key] = set(names)
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        deliveries.save_room(db, Room(workspace_id=workspace.id, key=key, name=key, place=key, state="open"))
