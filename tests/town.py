"""A workspace in the middle of a term, where everything that anybody is shown is written down."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import cast
from talk import Talk

from circles.rooms import circle_room, group_room
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Circle, MeetingGroup, Placement, Room, Round


@dataclass
class World(Talk):
    """A workspace in the middle of a term, where everything that anybody is shown is written down."""

    shown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    physics: int = 0
    jasmine: int = 0
    olive: int = 0

    def says(self, who, line, **how):
        answers = super().says(who, line, **how)
        self.shown[who].append(f"{line}\n{cast.said_in(answers)}")
        return answers

    def seen_by(self, who):
        """All that she could read: answers, forms, direct messages, posts and what notifications say of them."""
        heard = [f"{h.words}\n{h.message.summary}" for h in self.heard[who]]
        return "\n".join(self.shown[who] + heard)


def open_room(talk, key, names):
    talk.rooms[key] = set(names)
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        deliveries.save_room(db, Room(workspace_id=workspace.id, key=key, name=key, place=key, state="open"))


def seat(talk, programme, name, names):
    ids = [cast.member(talk, programme, who, "both", languages=["en"]) for who in names]
    with talk.store.writing() as db:
        circle = Circle(programme_id=programme, name=name, formed_at=talk.now)
        programmes.save(db, circle)
        for index, known in enumerate(ids):
            members.take_seat(db, circle.id, members.get(db, known), "mentee" if index % 2 else "mentor", talk.now)
        circle_id = circle.id
    open_room(talk, circle_room(programme, circle_id), names)
    return circle_id


def meet(talk, programme, circle, *groups):
    made = []
    with talk.store.writing() as db:
        row = Round(circle_id=circle, number=1, opens_on=date(2027, 2, 1), closes_on=date(2027, 2, 15))
        rounds.save(db, row)
        for names in groups:
            group = MeetingGroup(round_id=row.id)
            rounds.save(db, group)
            for who in names:
                member = members.of_person(db, programme, people.by_outside_id(db, 1, who).id)
                rounds.save(db, Placement(round_id=row.id, member_id=member.id, group_id=group.id))
            made.append((group_room(programme, group.id), names))
    for key, names in made:
        open_room(talk, key, names)


def world(store, *, slug="physics"):
    """Physics: cleo, dana, ella and fay in Jasmine, gus and hana in Olive; round 1 is open. Ivy is in chemistry."""
    talk = World(cast.hasten(store))
    talk.physics = cast.programme(talk, slug=slug, state="running", check_in_weeks=2)
    talk.jasmine = seat(talk, talk.physics, "Jasmine", ("cleo", "dana", "ella", "fay"))
    talk.olive = seat(talk, talk.physics, "Olive", ("gus", "hana"))
    cast.member(talk, talk.physics, "quinn")
    chemistry = cast.programme(talk, organisers=("olga", "petra"), slug="chemistry", name="Chemistry", state="running")
    cast.member(talk, chemistry, "ivy")
    cast.start(talk, talk.physics, date(2027, 2, 1), 13)
    meet(talk, talk.physics, talk.jasmine, ("cleo", "dana"), ("ella", "fay"))
    meet(talk, talk.physics, talk.olive, ("gus", "hana"))
    cast.person(talk, "zoe")
    return talk
