"""What organisers do with rounds: look back at them, look at the next one, and begin it before its day."""

from collections import defaultdict
from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.errors import Refused
from circles.language import _
from circles.meetings import met_pairs
from circles.messages import Button, Message
from circles.rotation import asking, organiser_words, past, rules
from circles.rotation.organiser_words import Held
from circles.turn import Turn
from storage import Session, members, programmes, rounds
from storage.tables import Circle, Occurrence, Placement

LISTED = 20  # of the newest rounds
AHEAD = 10  # rounds in the forecast


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


def preview_round(turn: Turn) -> Iterable[Effect]:
    """Show the next round of every circle before anybody hears of it, with a forecast."""
    return [Reply(_preview(turn, circle, coming)) for circle, coming in _coming(turn)]


def _preview(turn: Turn, circle: Circle, coming: Occurrence) -> Message:
    try:
        told = past.forecast(turn.db, turn.programme, circle, coming.number, AHEAD)
    except rules.NoRound as impossible:
        return organiser_words.no_round(circle.name, coming.number, impossible.rule)
    plan = told.rounds[0]
    everybody = [p for group in plan.groups for p in group.people] + [s.person for s in plan.sitting_out]
    known = {m: person for m, (_member, person) in members.with_persons(turn.db, everybody).items()}
    return organiser_words.preview(
        circle.name,
        coming.number,
        coming.day,
        [[known[p] for p in group.people] for group in plan.groups],
        [known[sitter.person] for sitter in plan.sitting_out],
        len(plan.repeats),
        told.first_repeat,
    )


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
