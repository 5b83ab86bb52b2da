"""How a round turns: the last one closes, the next is planned, and its groups are introduced."""

import logging
from collections.abc import Sequence
from datetime import date, timedelta

from circles.conversation import shelf
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from circles.language import speaking
from circles.membership import rules as profiles
from circles.programme.rules import settings_of
from circles.rotation import hours, past, rules, words
from circles.tick import Moment
from circles.turn import habits_of
from storage import Session, deliveries, members, people, programmes, rounds
from storage.tables import Circle, MeetingGroup, Member, Person, Placement, Programme, Round

log = logging.getLogger(__name__)
SILENCES = 3


def group_room(programme_id: int, group_id: int) -> str:
    """Give the key of a meeting group's room."""
    return f"p{programme_id}:g{group_id}"


def open_round(moment: Moment) -> list[Act]:
    """Close the round before, plan this one from what truly happened, and introduce its groups."""
    circle, number = moment.circle, moment.occurrence.number
    if circle is None or circle.state != "running":
        return []
    acts = close_round(moment, circle)
    if rounds.numbered(moment.db, circle.id, number) is not None:
        return acts
    row = Round(
        circle_id=circle.id,
        number=number,
        opens_on=moment.occurrence.day,
        closes_on=closing_day(moment.db, moment.programme, circle, moment.occurrence.day),
        seed=circle.seed,
    )
    rounds.save(moment.db, row)
    try:
        plan = past.plan(moment.db, moment.programme, circle, number)
    except rules.NoRound as impossible:
        log.info("round %s of circle %s is impossible: %s", number, circle.id, impossible.rule)
        return acts + _tell_organisers(moment, row, impossible)
    log.info("round %s of circle %s planned with seed %s", number, circle.id, circle.seed)
    return acts + _groups(moment, circle, row, plan) + _sitting_out(moment, row, plan)


def closing_day(db: Session, programme: Programme, circle: Circle, opened: date) -> date:
    """Give the day on which a round that opened on ``opened`` gives way to the next, or the programme ends."""
    coming = [
        o.day
        for o in programmes.occurrences(db, programme.id, state="planned", circle_id=circle.id)
        if o.kind == "round-open" and o.day > opened
    ]
    return min(coming, default=programme.ends_on or opened + timedelta(weeks=2))


def close_round(moment: Moment, circle: Circle) -> list[Act]:
    """Close a circle's open round: its rooms close, and who said nothing at all is counted as silent."""
    row = rounds.newest(moment.db, circle.id)
    if row is None or row.state == "closed":
        return []
    row.state = "closed"
    rounds.save(moment.db, row)
    deliveries.cancel(moment.db, round_id=row.id, kinds=("middle",))
    acts: list[Act] = []
    for group in rounds.groups(moment.db, row.id):
        key = group_room(moment.programme.id, group.id)
        acts.append(CloseRoom(f"close:{key}", key))
    placed = [p for p in rounds.placements(moment.db, [row.id]) if p.group_id is not None]
    known = members.with_persons(moment.db, [p.member_id for p in placed])
    for placement in placed:
        member, person = known[placement.member_id]
        if placement.answer or member.state != "seated":
            continue
        member.silences += 1
        if member.silences == SILENCES:
            member.wants_reminders = False
            with speaking(person.locale):
                acts.append(
                    Tell(f"silence:{member.id}:{row.id}", person.id, words.silence(), "silence", member=member.id)
                )
        members.save(moment.db, member)
    return acts


def _groups(moment: Moment, circle: Circle, row: Round, plan: rules.RoundPlan) -> list[Act]:
    known = members.with_persons(moment.db, [p for group in plan.groups for p in group.people])
    history = past.history(moment.db, circle.id)
    acts: list[Act] = []
    for group in plan.groups:
        company = [known[p] for p in group.people]
        acts += introduce(moment, circle, row, company, history)
    return acts


def introduce(
    moment: Moment,
    circle: Circle,
    row: Round,
    company: Sequence[tuple[Member, Person]],
    history: rules.History,
) -> list[Act]:
    """Write a meeting group down, open its room and introduce it, at an hour that suits everybody in it."""
    db, programme, now = moment.db, moment.programme, moment.now
    group = MeetingGroup(round_id=row.id)
    rounds.save(db, group)
    rounds.save(db, *(Placement(round_id=row.id, member_id=member.id, group_id=group.id) for member, _p in company))
    ids = [member.id for member, _person in company]
    prompt = shelf.take(
        db,
        programme,
        audience=shelf.audience_of(ids),
        company="pair" if len(ids) <= 3 else "table",
        day=row.opens_on,
        number=row.number,
        now=now,
        also=[f"c{circle.id}"],
    )
    group.prompt = prompt.id if prompt else ""
    rounds.save(db, group)
    persons = [person for _member, person in company]
    habits = [habits_of(person, programme) for person in persons]
    at = hours.first_for_all(habits, now)
    zone = settings_of(programme.settings).zone
    with speaking(circle.language):
        name = words.room_name(row.number, persons)
        said = words.introduction(
            row.number,
            row.id,
            group.id,
            company,
            reasons(company, history),
            prompt,
            hours.shared(habits, at),
            zone,
            row.closes_on,
        )
    key = group_room(programme.id, group.id)
    everybody = tuple(person.id for person in persons)
    return [
        OpenRoom(f"open:{key}", key, name, everybody, run_at=at),
        Post(f"introduction:{key}", key, said, "introduction", run_at=at, round=row.id, reaches=everybody),
    ]


def reasons(company: Sequence[tuple[Member, Person]], history: rules.History) -> list[str]:
    """Say in words why these people meet: up to three offers that meet wishes, and whether they met before."""
    said: list[str] = []
    for member, person in company:
        for other, other_person in company:
            if other.id != member.id:
                topics = profiles.shared(tuple(member.offers), tuple(other.wants))
                said += [words.reason(person, topic, other_person) for topic in topics[:1]]
    before = sorted(
        placement.number
        for placement in history.placements
        if any(pair <= {member.id for member, _person in company} for pair in placement.met)
    )
    return [*said[:3], words.met_before(before) if before else words.first_time()]


def _sitting_out(moment: Moment, row: Round, plan: rules.RoundPlan) -> list[Act]:
    known = members.with_persons(moment.db, [sitter.person for sitter in plan.sitting_out])
    acts: list[Act] = []
    for sitter in plan.sitting_out:
        rounds.save(moment.db, Placement(round_id=row.id, member_id=sitter.person, sits_out=sitter.reason))
        acts.append(
            sits_out(row, *known[sitter.person], sitter.reason, has_next=row.closes_on != moment.programme.ends_on)
        )
    return acts


def sits_out(row: Round, member: Member, person: Person, why: str, *, has_next: bool) -> Tell:
    """Tell a member kindly that she sits a round out, and why."""
    with speaking(person.locale):
        said = words.sits_out(row.number, why, row.closes_on if has_next else None)
    return Tell(f"sits-out:{row.id}:{member.id}", person.id, said, "sits-out", member=member.id, round=row.id)


def _tell_organisers(moment: Moment, row: Round, impossible: rules.NoRound) -> list[Act]:
    acts: list[Act] = []
    for organiser in people.organisers(moment.db, moment.programme.id):
        with speaking(organiser.locale):
            said = words.no_round(row.number, impossible.rule)
        acts.append(Tell(f"no-round:{row.id}:{organiser.id}", organiser.id, said, "no-round", urgent=True))
    return acts
