"""How a round turns: the last one closes, the next is planned, and its groups are introduced."""

import logging
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from circles import budget, schedule
from circles.appointments import changing
from circles.conversation import shelf
from circles.conversation.library import Prompt
from circles.effects import Act, CloseRoom, OpenRoom, Post, Tell
from circles.language import speaking
from circles.programme.rules import settings_of
from circles.rooms import group_room
from circles.rotation import hindrance, hours, introduction_words, past, reasons, rules, words
from circles.rotation.introduction_words import Company
from circles.tick import Moment
from circles.turn import habits_of
from storage import Session, deliveries, members, people, programmes, rounds
from storage.tables import Circle, MeetingGroup, Member, Person, Placement, Programme, Round

log = logging.getLogger(__name__)


def open_round(moment: Moment) -> list[Act]:
    """Close the round before, plan this one from what truly happened, and introduce its groups."""
    circle, number = moment.circle, moment.occurrence.number
    if circle is None or circle.state != "running" or rounds.numbered(moment.db, circle.id, number) is not None:
        return []
    history = past.history(moment.db, circle.id)
    plan: rules.RoundPlan | rules.NoRound
    try:
        plan = past.plan(moment.db, moment.programme, circle, number, history)
    except rules.Contradiction as contrary:
        log.warning("round %s of circle %s was not begun: %s", number, circle.id, contrary)
        return _tell_organisers(moment, circle, contrary)
    except rules.NoRound as impossible:
        plan = impossible
    acts = close_round(moment, circle)
    if moment.now < opens_at(moment.programme, moment.occurrence.day):
        _cancel_heads_up(moment.db, circle)
    row = _begun(moment, circle)
    if isinstance(plan, rules.NoRound):
        log.info("round %s of circle %s is impossible: %s", number, circle.id, plan.rule)
        return acts + _tell_organisers(moment, circle, plan) + _sitting_out(moment, row, plan.sitting_out)
    log.info("round %s of circle %s planned with seed %s", number, circle.id, circle.seed)
    return acts + _groups(moment, circle, row, plan, history) + _sitting_out(moment, row, plan.sitting_out)


def _begun(moment: Moment, circle: Circle) -> Round:
    row = Round(
        circle_id=circle.id,
        number=moment.occurrence.number,
        opens_on=moment.occurrence.day,  # also when it begins before its day: the next ones are counted from it
        closes_on=closing_day(moment.db, moment.programme, circle, moment.occurrence.day),
        seed=circle.seed,
    )
    rounds.save(moment.db, row)
    return row


def opens_at(programme: Programme, day: date) -> datetime:
    """Give the instant at which a round of a programme opens on a day: its wall time, in its zone."""
    settings = settings_of(programme.settings)
    return schedule.resolve(day, settings.clock, settings.zone)


def _cancel_heads_up(db: Session, circle: Circle) -> None:
    """Say no more that a round is coming when it has begun before its day."""
    for _seat, member, _person in members.seated(db, circle.id):
        deliveries.cancel(db, member_id=member.id, kinds=("eve",))


def closing_day(db: Session, programme: Programme, circle: Circle, opened: date) -> date:
    """Give the day on which a round that opened on ``opened`` gives way to the next, or the programme ends."""
    coming = programmes.openings(db, circle.id, opened + timedelta(days=1), date.max)
    return coming[0] if coming else programme.ends_on or opened + timedelta(weeks=2)


def close_round(moment: Moment, circle: Circle) -> list[Act]:
    """Close a circle's open round: its rooms close, and who said nothing at all is counted as silent."""
    row = rounds.newest(moment.db, circle.id)
    if row is None or row.state == "closed":
        return []
    row.state = "closed"
    rounds.save(moment.db, row)
    deliveries.cancel(moment.db, round_id=row.id, kinds=("middle", "sits-out"))
    acts: list[Act] = []
    introduced: set[int] = set()
    for group in rounds.groups(moment.db, row.id):
        off = changing.ended(moment.db, moment.programme, circle, row, group.id, moment.now, f"closed:{row.id}")
        closing = close_room(moment.db, moment.programme, group.id)
        introduced |= {group.id} if closing else set()
        acts += [*off, *closing] if closing else closing
    return acts + _count_silences(moment, circle, row, introduced)


def close_room(db: Session, programme: Programme, group_id: int) -> list[Act]:
    """Close a meeting group's room; one that was still to be opened never is, and there is nothing to close."""
    key = group_room(programme.id, group_id)
    room = deliveries.room(db, programme.workspace_id, key)
    was_to_open = deliveries.cancel(db, room_key=key) > 0
    if was_to_open and room is not None and room.state == "asked":
        room.state = "closed"
        deliveries.save_room(db, room)
        return []
    return [CloseRoom(f"close:{key}", key)]


def _count_silences(moment: Moment, circle: Circle, row: Round, introduced: Collection[int]) -> list[Act]:
    """Count who was in a meeting group, is still in the circle, and said nothing; the third time she is asked why."""
    gone = rounds.skipping(moment.db, circle.id, row.number)
    placed = {
        p.member_id: p
        for p in rounds.placements(moment.db, [row.id])
        if p.group_id in introduced and p.member_id not in gone
    }
    acts: list[Act] = []
    still_here = members.seated(moment.db, circle.id)
    for _seat, member, person in still_here:
        if member.id not in placed or placed[member.id].answer or member.state != "seated":
            continue
        member.silences += 1
        if member.silences == budget.SILENCES:
            member.wants_reminders = False
            with speaking(person.locale):
                acts.append(_ask_why(moment, row, member, person))
    members.save_all(moment.db, (member for _seat, member, _person in still_here))
    return acts


def _ask_why(moment: Moment, row: Round, member: Member, person: Person) -> Tell:
    """Ask what would suit her, in her next reachable hour; with weekly rounds no week would have room for it."""
    return Tell(
        f"silence:{member.id}:{row.id}",
        person.id,
        words.silence(),
        "silence",
        run_at=schedule.reachable(moment.now, habits_of(person, moment.programme)),
        urgent=True,
        member=member.id,
    )


def _groups(moment: Moment, circle: Circle, row: Round, plan: rules.RoundPlan, history: rules.History) -> list[Act]:
    known = members.with_persons(moment.db, [p for group in plan.groups for p in group.people])
    acts: list[Act] = []
    for group in plan.groups:
        company = [known[p] for p in group.people]
        acts += introduce(moment, circle, row, company, group.host, history)
    return acts


def introduce(
    moment: Moment,
    circle: Circle,
    row: Round,
    company: Company,
    host: int | None,
    history: rules.History,
) -> list[Act]:
    """Write a meeting group down with its host and its prompt, open its room and introduce it there."""
    db, programme, now = moment.db, moment.programme, moment.now
    ids = [member.id for member, _person in company]
    prompt = shelf.take(
        db,
        programme,
        audience=shelf.audience_of(ids),
        company=shelf.company_of(ids),
        day=row.opens_on,
        number=row.number,
        now=now,
        also=[shelf.circle_audience(circle.id)],
    )
    group = MeetingGroup(round_id=row.id, prompt=prompt.id if prompt else "")
    rounds.save(db, group)
    rounds.save(db, *(Placement(round_id=row.id, member_id=one, group_id=group.id, is_host=one == host) for one in ids))
    about = past.about(db, programme, circle, ids)
    return introduction(programme, circle, row, group.id, company, host, history, prompt, now, about=about)


def introduction(
    programme: Programme,
    circle: Circle,
    row: Round,
    group_id: int,
    company: Company,
    host: int | None,
    history: rules.History,
    prompt: Prompt | None,
    now: datetime,
    *,
    about: Collection[rules.Pair],
    without: str = "",
) -> list[Act]:
    """Open a meeting group's room and say there who meets, at the first hour that is in nobody's quiet hours.

    ``about`` are the pairs that the rotation is about. ``without`` marks the keys of an introduction that takes the
    place of one that was not said yet.
    """
    persons = [person for _member, person in company]
    habits = [habits_of(person, programme) for person in persons]
    at = hours.first_for_all(habits, now)
    with speaking(circle.language):
        name = introduction_words.room_name(row.number, persons)
        said = introduction_words.introduction(
            row.number,
            row.id,
            group_id,
            company,
            next((person for member, person in company if member.id == host), None),
            reasons.strongest(company, habits, history, at, about),
            prompt,
            hours.shared(habits, at, opens_at(programme, row.closes_on)),
            settings_of(programme.settings).zone,
            row.closes_on,
        )
    key = group_room(programme.id, group_id)
    everybody = tuple(person.id for person in persons)
    return [
        OpenRoom(f"open:{key}{without}", key, name, everybody, run_at=at),
        Post(f"introduction:{key}{without}", key, said, "introduction", run_at=at, round=row.id, reaches=everybody),
    ]


def _sitting_out(moment: Moment, row: Round, sitting_out: Sequence[rules.SitOut]) -> list[Act]:
    known = members.with_persons(moment.db, [sitter.person for sitter in sitting_out])
    acts: list[Act] = []
    for sitter in sitting_out:
        rounds.save(moment.db, Placement(round_id=row.id, member_id=sitter.person, sits_out=sitter.reason))
        acts.append(
            sits_out(
                row,
                sitter.person,
                known[sitter.person][1],
                sitter.reason,
                has_next=row.closes_on != moment.programme.ends_on,
            )
        )
    return acts


def sits_out(
    row: Round, member_id: int, person: Person, why: str, *, has_next: bool, at: datetime | None = None
) -> Tell:
    """Tell a member kindly that she sits a round out, and why.

    With ``at`` it is sent at that instant however full her week is: she may be on her way to a meeting that is off.
    """
    with speaking(person.locale):
        said = words.sits_out(row.number, why, row.closes_on if has_next else None)
    return Tell(
        f"sits-out:{row.id}:{member_id}",
        person.id,
        said,
        "sits-out",
        run_at=at,
        urgent=at is not None,
        member=member_id,
        round=row.id,
    )


def _tell_organisers(moment: Moment, circle: Circle, why: rules.NoRound | rules.Contradiction) -> list[Act]:
    acts: list[Act] = []
    number = moment.occurrence.number
    for organiser in people.organisers(moment.db, moment.programme.id):
        with speaking(organiser.locale):
            said = hindrance.told(moment.db, moment.programme, circle, number, why)
        key = f"no-round:{circle.id}:{number}:{organiser.id}"
        acts.append(Tell(key, organiser.id, said, "no-round", urgent=True))
    return acts
