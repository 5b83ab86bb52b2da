"""A circle in the middle of its term, whose rounds the clock turns; and what can be read of them in the store."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import cast

from circles.rooms import circle_room
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Circle, Room

MONDAY = date(2027, 3, 1)


def at(day, hour=9, minute=0):
    """An instant of March 2027, in UTC."""
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


@dataclass(frozen=True)
class Term:
    """A running programme with one circle of it, and what has come of its rounds."""

    talk: object
    programme: int
    circle: int

    def groups(self, number):
        """Who is to meet whom in a round, by names; None before it begins."""
        with self.talk.store.writing() as db:
            row = rounds.numbered(db, self.circle, number)
            if row is None:
                return None
            found = {}
            for placement in rounds.placements(db, [row.id]):
                if placement.group_id is not None:
                    found.setdefault(placement.group_id, set()).add(self._name(db, placement.member_id))
            return {frozenset(group) for group in found.values()}

    def sits_out(self, number):
        """Who sits a round out, by name, with the reason."""
        with self.talk.store.writing() as db:
            row = rounds.numbered(db, self.circle, number)
            placed = rounds.placements(db, [row.id])
            return {self._name(db, p.member_id): p.sits_out for p in placed if p.group_id is None}

    def round(self, number):
        """A round's row."""
        with self.talk.store.writing() as db:
            return rounds.numbered(db, self.circle, number)

    def partner(self, who, number=1):
        """The one other person of somebody's pair."""
        (group,) = [group for group in self.groups(number) if who in group]
        (other,) = group - {who}
        return other

    def member(self, who):
        """Somebody's membership, as the store has it now."""
        with self.talk.store.writing() as db:
            workspace = people.workspace(db, self.talk.platform, self.talk.workspace)
            person = people.by_outside_id(db, workspace.id, self.talk.id_of(who))
            return members.of_person(db, self.programme, person.id)

    def room(self, number, who):
        """The room of somebody's meeting group, as the store has it now."""
        member = self.member(who)
        with self.talk.store.writing() as db:
            placement = rounds.placement_of(db, rounds.numbered(db, self.circle, number).id, member.id)
            programme = programmes.get(db, self.programme)
            return deliveries.room(db, programme.workspace_id, f"p{self.programme}:g{placement.group_id}")

    def prompts(self, number):
        """The prompt of each meeting group in a round, by its people."""
        with self.talk.store.writing() as db:
            row = rounds.numbered(db, self.circle, number)
            return {
                frozenset(self._name(db, p.member_id) for p in rounds.in_group(db, group.id)): group.prompt
                for group in rounds.groups(db, row.id)
            }

    def _name(self, db, member_id):
        return self.talk.name_of(people.get(db, members.get(db, member_id).person_id).outside_id)


def term(talk, mentors=("cleo",), mentees=("dana",), *, starts_on=MONDAY, weeks=13, profiles=None, **settings):
    """A term that ada and bob organise, from 1 March 2027, with its first round still ahead."""
    programme = cast.programme(talk, **settings)
    seats = [("mentor", who) for who in mentors] + [("mentee", who) for who in mentees]
    ids = [(role, cast.member(talk, programme, who, role, **(profiles or {}).get(who, {}))) for role, who in seats]
    with talk.store.writing() as db:
        row = Circle(programme_id=programme, name="Jasmine", formed_at=talk.now)
        programmes.save(db, row)
        circle = row.id
        for role, member in ids:
            members.take_seat(db, circle, members.get(db, member), role, talk.now)
        key = circle_room(programme, circle)
        here = programmes.get(db, programme).workspace_id
        deliveries.save_room(db, Room(workspace_id=here, key=key, name="Jasmine", place=key, state="open"))
    talk.rooms[key] = {*mentors, *mentees}
    cast.start(talk, programme, starts_on, weeks)
    return Term(talk, programme, circle)


def lives(talk, who, *, zone=None, weekend=None, quiet=None):
    """Give somebody her zone, her days off and her quiet hours (from, until; hours of the day)."""
    person_id = cast.person(talk, who)
    with talk.store.writing() as db:
        person = people.get(db, person_id)
        person.zone = zone or person.zone
        person.weekend = list(weekend) if weekend is not None else person.weekend
        if quiet is not None:
            person.quiet_from, person.quiet_until = (hour * 60 for hour in quiet)
        people.save(db, person)


def heard(talk, who, words):
    """Every instant at which somebody heard these words."""
    return [one.at for one in talk.heard[who] if words in one.words]
