"""What organisers do with rounds: look back at them, report, look at the next one, and begin it before its day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from circles import budget
from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.language import _
from circles.meetings import met_pairs
from circles.messages import Button, Message, Span
from circles.programme import record, record_words
from circles.rotation import ahead, asking, forecast_words, hindrance, organiser_words, past, rules, walls
from circles.rotation.forecast_words import Again, InForce
from circles.rotation.organiser_words import Held
from circles.turn import Turn
from storage import Session, members, people, programmes, rounds
from storage.tables import Circle, Occurrence, Placement, Programme

LISTED = 20  # of the newest rounds
# Circles previewed at once: a forecast of tables of 30 people takes up to a good second whatever pairs keep apart, and
# so does one of trios of as many from a few institutions; an answer may take three.
AT_ONCE: Mapping[rules.Kind, int] = {"mentor-mentee": 3, "everyone": 12, "tables": 2}


def list_rounds(turn: Turn) -> Iterable[Effect]:
    """List rounds with dates and counts."""
    circles = programmes.circles(turn.db, turn.programme.id, state=None)
    held = sorted((one for circle in circles for one in _held(turn.db, circle)), key=lambda one: one.opens_on)
    coming = [(circle.name, o.number, o.day) for circle in circles if (o := asking.next_round(turn.db, circle))]
    return [Reply(organiser_words.rounds_list(held[-LISTED:], coming))]


def _held(db: Session, circle: Circle) -> list[Held]:
    """Count, for each round of a circle, its meetings, those that were held, and those nobody said a word about."""
    rows = rounds.of_circle(db, circle.id)
    groups: dict[int, dict[int, list[Placement]]] = defaultdict(lambda: defaultdict(list))
    for placement in rounds.placements(db, [row.id for row in rows]):
        if placement.group_id is not None:
            groups[placement.round_id][placement.group_id].append(placement)
    return [
        Held(
            circle.name,
            row.number,
            row.opens_on,
            row.closes_on,
            len(groups[row.id]),
            sum(bool(met_pairs(group)) for group in groups[row.id].values()),
            sum(not any(p.answer for p in group) for group in groups[row.id].values()),
        )
        for row in rows
    ]


def preview_round(turn: Turn, number: int = 1) -> Iterable[Effect]:
    """Show the next round of circles before anybody hears of it, with a forecast: from circle ``number`` on, a few."""
    coming = _coming(turn)
    running = programmes.circles(turn.db, turn.programme.id)
    if number > len(running):
        raise BadCall(_("There are circles 1 to {last}.").format(last=len(running)), field="number")
    shown = AT_ONCE[past.rotation_of(turn.programme).kind]
    ids = [circle.id for circle in running[number - 1 : number - 1 + shown]]
    previews = [Reply(_preview(turn, circle, planned)) for circle, planned in coming if circle.id in ids]
    left = len(running) - (number - 1 + shown)
    return [*previews, Reply(organiser_words.more_previews(left, number + shown))] if left > 0 else previews


def _preview(turn: Turn, circle: Circle, coming: Occurrence) -> Message:
    db, programme, number = turn.db, turn.programme, coming.number
    so_far, rounds_ahead = past.history(db, circle.id), ahead.how_far(db, programme, circle, coming)
    try:
        told = past.forecast(db, programme, circle, number, so_far, count=rounds_ahead)
    except (rules.NoRound, rules.Contradiction) as impossible:
        return hindrance.told(db, programme, circle, number, impossible)
    plan = told.rounds[0]
    everybody = [p for group in plan.groups for p in group.people] + [s.person for s in plan.sitting_out]
    known = {m: person for m, (_member, person) in members.with_persons(db, everybody).items()}
    return forecast_words.preview(
        circle.name,
        coming.day,
        [
            ([known[p] for p in group.people], None if group.host is None else known[group.host])
            for group in plan.groups
        ],
        [known[sitter.person] for sitter in plan.sitting_out],
        _again(so_far, plan, known.keys()),
        ahead.horizon(programme, number, told),
        ahead.coverage(db, programme, circle, number, so_far),
        ahead.turnout(told),
        InForce(past.rotation_of(programme).size, walls.between(db, programme, everybody).institutions),
        hindrance.unseated(db, programme, circle, number, so_far, plan),
    )


def _again(so_far: rules.History, plan: rules.RoundPlan, here: Collection[int]) -> Again:
    """Count the pairs of a plan who have met before, by how long ago that was."""
    last = {pair: 0 for pair in so_far.elsewhere if pair <= set(here)}
    for held in sorted(so_far.placements, key=lambda held: held.number):
        last |= dict.fromkeys((pair for pair in held.met if pair <= set(here)), held.number)
    met = [last[pair] for pair in plan.repeats]
    first = min((number for number in last.values() if number), default=0)
    elsewhere, longest = met.count(0), met.count(first) if first else 0
    return Again(longest, len(met) - elsewhere - longest, elsewhere)


def really_run(turn: Turn) -> Iterable[Effect]:
    """Ask once whether the next round of every circle may begin now."""
    return [Reply(organiser_words.really_run(sorted({coming.number for _circle, coming in _coming(turn)})))]


def run_round(turn: Turn, number: int) -> Iterable[Effect]:
    """Begin a round now instead of on its day, in every circle in which it is the next; a second press does nothing."""
    coming = [occurrence for _circle, occurrence in _coming(turn)]
    wanted = [occurrence for occurrence in coming if occurrence.number == number]
    if not wanted:
        raise Refused(
            _("Round {number} is not the next one. Round {coming} is.").format(number=number, coming=coming[0].number),
            buttons=(Button(_("Show the rounds"), "programme rounds"),),
        )
    for occurrence in wanted:
        occurrence.due_at = min(occurrence.due_at, turn.now)
        programmes.save(turn.db, occurrence)
    return [Reply(organiser_words.runs(number), replaces=True)]


def _coming(turn: Turn) -> list[tuple[Circle, Occurrence]]:
    """Give every circle with its next round; raises Refused when none is planned."""
    circles = programmes.circles(turn.db, turn.programme.id)
    coming = [(circle, planned) for circle in circles if (planned := asking.next_round(turn.db, circle)) is not None]
    if turn.programme.state == "closed":
        raise Refused(_("“{name}” has ended, so no further round comes.").format(name=turn.programme.name))
    if circles and not coming:
        raise Refused(_("No further round is planned; the last one goes on until the end of the term."))
    if not coming:
        raise Refused(
            _("No round is planned, because there is no circle yet. /programme form previews circles."),
            buttons=(Button(_("Preview circles"), "programme form", "primary"),),
        )
    return coming


def report(turn: Turn) -> Iterable[Effect]:
    """Report who takes part: counts only."""
    db, programme = turn.db, turn.programme
    return (
        Reply(
            record_words.report(
                programme,
                members.counts(db, programme.id),
                record.outcomes(db, programme),
                goals=programmes.with_goals(db, programme.id),
                apart=len(people.blocked_members(db, programme.id)),
                silent=programmes.silent(db, programme.id, budget.SILENCES),
                lasting=_lasting(db, programme),
                had_seat=record.had_seat(db, programme),
            )
        ),
    )


def _lasting(db: Session, programme: Programme) -> list[tuple[Span, ...]]:
    """Say of each circle how many pairs have met and how long its meetings stay new; of the first few, by name."""
    running = programmes.circles(db, programme.id)
    lines = []
    for circle in running[: record_words.CIRCLES_SHOWN]:
        coming = programmes.next_planned(db, programme.id, circle_id=circle.id, kind="round-open")
        lines.append(ahead.line(db, programme, circle, coming))
    left = len(running) - len(lines)
    return [*lines, record_words.more_circles(left)] if left else lines
