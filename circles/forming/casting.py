"""From members to candidates and back: what forming needs to know of them, and a preview kept in the store."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from circles.forming import rules
from circles.forming.queue import waiting_list
from circles.forming.reasons import describe
from circles.forming.values import Candidate, FormingRules, Proposal, Role, Seat, Stance
from circles.programme.rules import settings_of
from circles.turn import habits_of
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
    return [candidate(member, person, programme, place) for place, (member, person) in enumerate(rows)]


def seated_people(db: Session, programme: Programme, circle_id: int) -> tuple[list[Seat], list[Candidate]]:
    """Give the seats of a circle and the people in them."""
    rows = members.seated(db, circle_id)
    return (
        [Seat(member.id, cast("Role", seat.role)) for seat, member, _person in rows],
        [candidate(member, person, programme, place) for place, (_seat, member, person) in enumerate(rows)],
    )


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
    )


def to_body(proposal: Proposal) -> dict[str, Any]:
    """Give a preview as plain values: who sits where, and whom the organiser moved to the waiting list."""
    return {
        "circles": [[[seat.person, seat.role] for seat in circle.seats] for circle in proposal.circles],
        "moved": [one.person for one in proposal.waiting if one.reason == "moved"],
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
    return Proposal(circles, waiting, (), 0, seed), problems, bool(gone)
