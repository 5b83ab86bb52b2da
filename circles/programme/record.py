"""The programme's record: where it stands, who takes part, what happened; counts and dates, nobody's own affairs."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.meetings import met_pairs
from circles.programme import record_words, words
from circles.programme.record_words import Outcome
from circles.turn import Turn, mention
from storage import Session, members, people, programmes, rounds
from storage.tables import Placement, Programme, Round

AUDIT_LINES = 20
COLUMNS = ("circle", "round", "opens", "closes", "groups", "met", "not met", "no answer")


def status(turn: Turn) -> Iterable[Effect]:
    """Say where the programme stands and what comes next."""
    db, programme = turn.db, turn.programme
    return (
        Reply(
            words.status(
                programme,
                counts=members.counts(db, programme.id),
                circles=_circles(db, programme),
                coming=programmes.next_planned(db, programme.id),
                zone=turn.zone,
                organisers=len(people.organisers(db, programme.id)),
                had_seat=had_seat(db, programme),
            )
        ),
    )


def _circles(db: Session, programme: Programme) -> list[tuple[str, int]]:
    """Give the circles by name with who sits in them; after the end those that ran, with all who ever sat there."""
    if programme.state != "closed":
        taken = members.seats_taken(db, programme.id)
        return [(circle.name, taken.get(circle.id, 0)) for circle in programmes.circles(db, programme.id)]
    sat = members.ever_seated(db, programme.id)
    return [(c.name, len(sat.get(c.id, ()))) for c in programmes.circles(db, programme.id, state=None)]


def had_seat(db: Session, programme: Programme) -> int | None:
    """Count who has ever had a seat, in a programme that has ended; None in any other."""
    if programme.state != "closed":
        return None
    return len({member for sat in members.ever_seated(db, programme.id).values() for member in sat})


def export(turn: Turn) -> Iterable[Effect]:
    """Give the whole record of rounds as a file with a table."""
    table = programme_export(turn.db, turn.programme)
    return (Reply(record_words.export(turn.programme, table, len(table.splitlines()) - 1)),)


def audit(turn: Turn) -> Iterable[Effect]:
    """List what organisers did, the newest first."""
    rows = programmes.audit(turn.db, turn.programme.id, AUDIT_LINES)
    known = people.some(turn.db, {row.person_id for row in rows if row.person_id is not None})
    lines = [(row, mention(known[row.person_id]) if row.person_id in known else None) for row in rows]
    return (Reply(record_words.audit(lines, turn.zone)),)


def programme_export(db: Session, programme: Programme) -> str:
    """Write the record of every round of every circle as CSV, without a word about anybody."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for o in outcomes(db, programme):
        writer.writerow((_cell(o.circle), o.number, o.opens, o.closes, o.groups, o.met, o.not_met, o.no_answer))
    return out.getvalue()


def outcomes(db: Session, programme: Programme) -> list[Outcome]:
    """Give how every round went, circle by circle."""
    return [
        _outcome(db, circle.name, round_)
        for circle in programmes.circles(db, programme.id, state=None)
        for round_ in rounds.of_circle(db, circle.id)
    ]


def _outcome(db: Session, circle: str, round_: Round) -> Outcome:
    groups: dict[int, list[Placement]] = defaultdict(list)
    for placement in rounds.placements(db, [round_.id]):
        if placement.group_id is not None:
            groups[placement.group_id].append(placement)
    met = sum(bool(met_pairs(group)) for group in groups.values())
    not_met = sum(not met_pairs(group) and any(p.answer == "no" for p in group) for group in groups.values())
    return Outcome(circle, round_.number, round_.opens_on, round_.closes_on, met, not_met, len(groups) - met - not_met)


def _cell(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
