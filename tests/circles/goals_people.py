"""People in the middle of a programme, for conversations about goals: seated in circles, meeting in rounds."""

from datetime import date

from sqlmodel import select

from circles import schedule
from circles.rooms import circle_room
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Circle, Delivery, MeetingGroup, Member, Occurrence, Placement, Programme, Room, Round


def a_programme(talk, slug="alemat", *, organiser="olga", state="running", **settings):
    """A running programme with one organiser; gives its row id."""
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
        person = people.person(db, workspace.id, talk.id_of(organiser), name=organiser.capitalize())
        people.add_organiser(db, row.id, person.id, talk.now)
        return row.id


def enrol(talk, programme_id, *names, state="seated"):
    """These people become members of a programme, in this state."""
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        for who in names:
            person = people.person(db, workspace.id, talk.id_of(who), name=who.capitalize(), zone=talk.zones.get(who))
            row = Member(programme_id=programme_id, person_id=person.id, state=state, stance="both", queued_at=talk.now)
            members.save(db, row)


def a_circle(talk, programme_id, *names, called="Jasmine"):
    """A circle in which these new members sit, with its room open; gives its row id."""
    enrol(talk, programme_id, *names)
    with talk.store.writing() as db:
        row = Circle(programme_id=programme_id, name=called, formed_at=talk.now)
        programmes.save(db, row)
        for index, who in enumerate(names):
            member = member_of(db, talk, programme_id, who)
            members.take_seat(db, row.id, member, "mentor" if index % 2 == 0 else "mentee", talk.now)
        key = circle_room(programme_id, row.id)
        workspace = people.workspace(db, talk.platform, talk.workspace)
        deliveries.save_room(db, Room(workspace_id=workspace.id, key=key, name=called, place=key, state="open"))
        talk.rooms[key] = set(names)
        return row.id


def member_of(db, talk, programme_id, who):
    """The membership of a person."""
    workspace = people.workspace(db, talk.platform, talk.workspace)
    return members.of_person(db, programme_id, people.by_outside_id(db, workspace.id, talk.id_of(who)).id)


def set_member(talk, programme_id, who, **values):
    """Change a member's row, such as her state."""
    with talk.store.writing() as db:
        row = member_of(db, talk, programme_id, who)
        for name, value in values.items():
            setattr(row, name, value)
        members.save(db, row)


def a_round(talk, programme_id, circle_id, *groups, number=1, opens_on, closes_on):
    """An open round with these meeting groups; gives its row id."""
    with talk.store.writing() as db:
        row = Round(circle_id=circle_id, number=number, opens_on=opens_on, closes_on=closes_on)
        rounds.save(db, row)
        for names in groups:
            group = MeetingGroup(round_id=row.id)
            rounds.save(db, group)
            for who in names:
                member = member_of(db, talk, programme_id, who)
                rounds.save(db, Placement(round_id=row.id, member_id=member.id, group_id=group.id, answer="yes"))
        return row.id


def end_round(talk, round_id):
    """A round closes."""
    with talk.store.writing() as db:
        row = rounds.get(db, round_id)
        row.state = "closed"
        rounds.save(db, row)


def plan(talk, programme_id, kind, day, *, number=1, circle_id=None):
    """The calendar asks for something at the dawn of this day."""
    slot = f"c{circle_id}:r{number}:{kind}" if circle_id else f"{kind}:{number}"
    with talk.store.writing() as db:
        row = Occurrence(
            programme_id=programme_id,
            circle_id=circle_id,
            day=day,
            slot=slot,
            kind=kind,
            number=number,
            due_at=schedule.dawn(day),
        )
        programmes.save(db, row)


def outbox(talk):
    """Every delivery so far, whatever became of it, as (whom or None, kind, state, effect)."""
    with talk.store.writing() as db:
        rows = db.exec(select(Delivery).order_by(Delivery.id)).all()
        return [
            (people.get(db, r.person_id).outside_id if r.person_id else None, r.kind, r.state, r.effect) for r in rows
        ]
