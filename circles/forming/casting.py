"""From members to candidates and back: what forming needs to know of them, and a preview kept in the store."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from circles.errors import BadCall
from circles.forming import rules
from circles.forming.queue import waiting_list
from circles.forming.reasons import describe
from circles.forming.similarity import same_topics
from circles.forming.values import Candidate, FormingRules, Proposal, Role, RuleCost, Seat, Stance, Weights, plain
from circles.language import _
from circles.programme.rules import settings_of
from circles.turn import Turn, habits_of
from storage import Session, members, people, programmes
from storage.tables import Member, Person, Programme


def candidate(member: Member, person: Person, programme: Programme, place: int) -> Candidate:
    """Turn a member into what forming weighs; ``place`` is her place in line."""
    return Candidate(
        id=member.id,
        name=person.name,
        stance=cast("Stance", member.stance),
        offers=frozenset(member.offers),
        wants=frozenset(member.wants),
        languages=frozenset(member.languages),
        institution=member.institution,
        stage=member.stage,
        habits=habits_of(person, programme),
        waiting_since=place,
    )


def waiting_people(db: Session, programme: Programme) -> list[Candidate]:
    """Give everybody who waits for a seat, in the order of the queue."""
    rows = members.in_programme(db, programme.id, states=("waiting",))
    found = [candidate(member, person, programme, place) for place, (member, person) in enumerate(rows)]
    settings = settings_of(programme.settings)
    return in_same_words(found, settings.language) if settings.similar_topics else found


def in_same_words(candidates: Sequence[Candidate], language: str) -> list[Candidate]:
    """Give the candidates with topics in similar words told alike."""
    topics = [topic for one in candidates for topic in sorted(one.offers) + sorted(one.wants)]
    stands_for = same_topics(topics, language)

    def told(said: frozenset[str]) -> frozenset[str]:
        return frozenset(stands_for.get(plain(topic), topic) for topic in said)

    return [replace(one, offers=told(one.offers), wants=told(one.wants)) for one in candidates]


def seated_people(db: Session, programme: Programme, circle_id: int) -> tuple[list[Seat], list[Candidate]]:
    """Give the seats of a circle and the people in them."""
    rows = members.seated(db, circle_id)
    return (
        [Seat(member.id, cast("Role", seat.role)) for seat, member, _person in rows],
        [candidate(member, person, programme, place) for place, (_seat, member, person) in enumerate(rows)],
    )


def member_called(turn: Turn, outside_id: str) -> tuple[Member, Person]:
    """Find a member of the programme by what an organiser typed; raises BadCall."""
    person = people.by_outside_id(turn.db, turn.workspace.id, outside_id)
    member = members.of_person(turn.db, turn.programme.id, person.id) if person else None
    if person is None or member is None or member.state == "left":
        raise BadCall(_("I know no member “{name}” here.").format(name=outside_id[:40]), field="person")
    return member, person


def rules_of(db: Session, programme: Programme, day: date) -> FormingRules:
    """Give the hard rules of a programme; several circles are formed at once only as far as its settings allow."""
    settings = settings_of(programme.settings)
    running = len(programmes.circles(db, programme.id))
    return FormingRules(
        day=day,
        mentors=settings.mentors,
        mentees=settings.mentees,
        circles=max(1, settings.circles - running),
        across_institutions=settings.across_institutions,
        overlap_hours=settings.overlap_hours,
        blocked=frozenset(people.blocked_members(db, programme.id)),
        weights=Weights(
            topics=settings.weigh_topics,
            hours=settings.weigh_hours,
            institutions=settings.weigh_institutions,
            stages=settings.weigh_stages,
            interests=settings.weigh_interests,
        ),
    )


def weighed(candidates: Sequence[Candidate], forming: FormingRules) -> str:
    """Give a short mark for all that a preview weighs: while it is the same, what was said of how good it is holds."""
    people = [
        [one.id, one.stance, sorted(one.offers), sorted(one.wants), one.institution, one.stage, one.habits.zone]
        for one in sorted(candidates, key=lambda one: one.id)
    ]
    return mark_of({"people": people, "rules": repr((forming.weights, forming.mentors, forming.mentees))})


def to_body(proposal: Proposal, candidates: Sequence[Candidate], forming: FormingRules) -> dict[str, Any]:
    """Give a preview as plain values: who sits where, whom the organiser moved to the waiting list, how good it is."""
    return {
        "circles": [[[seat.person, seat.role] for seat in circle.seats] for circle in proposal.circles],
        "moved": [one.person for one in proposal.waiting if one.reason == "moved"],
        "score": proposal.score,
        "bound": proposal.bound,
        "is_best": proposal.is_best,
        "was_stopped": proposal.was_stopped,
        "costs": [[cost.rule, cost.more] for cost in proposal.costs],
        "weighed": weighed(candidates, forming),
    }


def mark_of(body: Mapping[str, Any]) -> str:
    """Give a short mark for a preview, eight hex digits, by which a button knows whether it is still the same one."""
    return f"{zlib.crc32(json.dumps(body, sort_keys=True).encode()):08x}"


def of_body(
    body: Mapping[str, Any], seed: int, candidates: Sequence[Candidate], forming: FormingRules
) -> tuple[Proposal, tuple[rules.Problem, ...], bool]:
    """Read a preview back, with its reasons as they are true now.

    Gives also the hard rules that it breaks by now, and whether somebody in it waits no longer.
    """
    known = {one.id: one for one in candidates}
    seats = [[Seat(person, role) for person, role in circle] for circle in body["circles"]]
    gone = {seat.person for circle in seats for seat in circle} - known.keys()
    present = [[seat for seat in circle if seat.person not in gone] for circle in seats]
    problems = tuple(problem for circle in present for problem in rules.broken(circle, known, forming))
    circles = tuple(describe(circle, known, forming) for circle in present)
    waiting = waiting_list(circles, candidates, forming, frozenset(body["moved"]))
    holds = body.get("weighed") == weighed(candidates, forming)
    proposal = Proposal(
        circles=circles,
        waiting=waiting,
        problems=(),
        score=body["score"] if holds else 0,
        seed=seed,
        bound=body["bound"] if holds else None,
        is_best=holds and body["is_best"],
        was_stopped=holds and body.get("was_stopped", False),
        costs=tuple(RuleCost(rule, more) for rule, more in body["costs"]) if holds else (),
    )
    return proposal, problems, bool(gone)
