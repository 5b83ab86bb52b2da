"""What members and organisers do with rounds: met, skip, stay, next; list, preview, run."""

from collections.abc import Iterable
from datetime import timedelta

from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.grammar import Command, Parameter, name_choices
from circles.language import _
from circles.messages import Block, Button, buttons, message
from circles.rotation import asking, opening, past, repair, rules, words
from circles.tick import Due
from circles.turn import Turn
from storage import members, programmes, rounds
from storage.tables import Circle, Placement, Round

LATER = timedelta(weeks=4)
NEAR = timedelta(days=4)  # the heads-up may have come this long before a round
name_choices({"yes": _("yes"), "no": _("no"), "later": _("not yet")})


def _circle(turn: Turn) -> Circle:
    """Give the circle in which the asker sits; raises Refused when she has no seat yet."""
    seat = members.seat_of(turn.db, turn.member.id)
    if seat is None:
        raise Refused(
            _("You have no seat in a circle yet. /circle status tells your place in line."),
            buttons=(Button(_("Where am I?"), "circle status"),),
        )
    if seat[1].state == "closed":
        raise Refused(_("This circle has ended. /circle record has your dates and hours."))
    return seat[1]


def _placement(turn: Turn, circle: Circle, round_id: int | None) -> tuple[Round, Placement]:
    """Find the asker's placement in a round that can still be answered about."""
    newest = rounds.newest(turn.db, circle.id)
    if newest is None:
        raise Refused(_("No round has begun yet. /circle next tells when."))
    row = newest if round_id is None else rounds.get(turn.db, round_id)
    if row is None or row.circle_id != circle.id:
        raise BadCall(_("I can't find that round in your circle. /circle next shows where things are."))
    if row.number < newest.number - 1:
        raise Refused(
            _("Round {number} ended a while ago and stays as it is. Round {newest} is the one that counts now.").format(
                number=row.number, newest=newest.number
            ),
            buttons=(Button(_("Show my round"), "circle next"),),
        )
    placement = rounds.placement_of(turn.db, row.id, turn.member.id)
    if placement is None or placement.group_id is None:
        raise Refused(
            _("You had no meeting in round {number}, so there is nothing to answer.").format(number=row.number),
            buttons=(Button(_("Show my round"), "circle next"),),
        )
    return row, placement


def met(turn: Turn, answer: str = "", round_id: int | None = None) -> Iterable[Effect]:
    """Note whether she met her group; each for herself, changeable until the next round but one."""
    circle = _circle(turn)
    row, placement = _placement(turn, circle, round_id)
    partners = asking.partners_of(turn.db, placement)
    if not answer:
        return [Reply(words.ask_met(row, partners, placement.answer))]
    placement.answer, placement.answered_at = answer, turn.now
    rounds.save(turn.db, placement)
    turn.member.silences, turn.member.wants_reminders = 0, True
    members.save(turn.db, turn.member)
    coming = asking.next_round(turn.db, circle)
    near = (coming.number, coming.day) if coming and coming.day - turn.today <= NEAR else None
    skips = near is not None and turn.member.id in rounds.skipping(turn.db, circle.id, near[0])
    return [Reply(words.met_noted(row, partners, answer, near, skips=skips), replaces=True)]


def _still_asked(turn: Turn, circle: Circle) -> tuple[Block, ...]:
    """Give the question whether she met her group, while it is open; a heads-up asks both things at once."""
    asked, partners = asking.open_question(turn.db, circle, turn.member.id)
    return words.still_asked(asked, partners)


def skip(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Sit out the coming round, or step out of the one that is going on."""
    circle = _circle(turn)
    newest, coming = rounds.newest(turn.db, circle.id), asking.next_round(turn.db, circle)
    wanted = number if number is not None else (coming.number if coming else None)
    if wanted is None:
        raise Refused(_("No further round is planned, so there is nothing to skip."))
    if newest is not None and wanted == newest.number and newest.state == "open":
        acts = repair.step_out(turn.db, turn.programme, turn.member, turn.now)
        if not acts:
            raise Refused(_("You are not in a meeting of round {number} that is still open.").format(number=wanted))
        return [Reply(words.stepped_out(wanted)), *acts]
    if newest is not None and wanted <= newest.number:
        raise Refused(
            _("Round {number} is over. The next one you can skip is round {coming}.").format(
                number=wanted, coming=newest.number + 1
            )
        )
    planned = programmes.occurrences(turn.db, turn.programme.id, state="planned", circle_id=circle.id)
    opens = {o.number: o.day for o in planned if o.kind == "round-open"}
    if wanted not in opens:
        raise BadCall(
            _("There is no round {number} in the plan. /circle next shows the coming one.").format(number=wanted)
        )
    rounds.skip(turn.db, circle.id, wanted, turn.member.id)
    return [Reply(words.skipped(wanted, opens[wanted], _still_asked(turn, circle)), replaces=True)]


def unskip(turn: Turn, number: int) -> Iterable[Effect]:
    """Take part in a round after all."""
    circle = _circle(turn)
    newest = rounds.newest(turn.db, circle.id)
    if newest is not None and number <= newest.number:
        raise Refused(
            _("Round {number} has been formed already; you are in again from the next one.").format(number=number)
        )
    if not rounds.unskip(turn.db, circle.id, number, turn.member.id):
        raise Refused(_("You were not skipping round {number}; you are in.").format(number=number))
    return [Reply(words.unskipped(number, _still_asked(turn, circle)), replaces=True)]


def next_up(turn: Turn) -> Iterable[Effect]:
    """Tell her round, her people, and when the next one begins."""
    circle = _circle(turn)
    row, coming = rounds.newest(turn.db, circle.id), asking.next_round(turn.db, circle)
    if row is not None and row.state == "closed":
        row = None
    placement = rounds.placement_of(turn.db, row.id, turn.member.id) if row else None
    return [
        Reply(
            words.next_for(
                row,
                asking.partners_of(turn.db, placement) if placement else [],
                placement.answer if placement else "",
                placement.sits_out if placement else "",
                (coming.number, coming.day) if coming else None,
                skips=coming is not None and turn.member.id in rounds.skipping(turn.db, circle.id, coming.number),
            )
        )
    ]


def stay(turn: Turn, answer: str = "now") -> Iterable[Effect]:
    """Answer the question that comes after three silent rounds."""
    member = turn.member
    member.silences, member.wants_reminders = 0, True
    until = None
    if answer == "later":
        until = turn.today + LATER
        member.state, member.paused_until = "paused", until
    members.save(turn.db, member)
    return [Reply(words.stays(answer, until), replaces=True)]


def list_rounds(turn: Turn) -> Iterable[Effect]:
    """List rounds with dates and counts."""
    db = turn.db
    rows, coming = [], []
    for circle in programmes.circles(db, turn.programme.id, state=None):
        for row in rounds.of_circle(db, circle.id):
            groups: dict[int, list[Placement]] = {}
            for placement in rounds.placements(db, [row.id]):
                if placement.group_id is not None:
                    groups.setdefault(placement.group_id, []).append(placement)
            held = sum(bool(past.met_pairs(group)) for group in groups.values())
            silent = sum(all(not p.answer for p in group) for group in groups.values())
            rows.append((circle.name, row, len(groups), held, silent))
        following = asking.next_round(db, circle)
        if following is not None:
            coming.append((circle.name, following.number, following.day))
    return [Reply(words.rounds_list(rows[-20:], coming))]


def preview_round(turn: Turn) -> Iterable[Effect]:
    """Show the next round of every circle before anybody hears of it, with a forecast."""
    replies: list[Effect] = []
    for circle in programmes.circles(turn.db, turn.programme.id):
        coming = asking.next_round(turn.db, circle)
        if coming is None:
            continue
        try:
            told = past.forecast(turn.db, turn.programme, circle, coming.number, 10)
        except rules.NoRound as impossible:
            replies.append(Reply(words.no_round(coming.number, impossible.rule)))
            continue
        plan = told.rounds[0]
        everybody = [p for group in plan.groups for p in group.people] + [s.person for s in plan.sitting_out]
        known = {m: person for m, (_member, person) in members.with_persons(turn.db, everybody).items()}
        replies.append(
            Reply(
                words.preview(
                    circle.name,
                    coming.number,
                    coming.day,
                    [[known[p] for p in group.people] for group in plan.groups],
                    [(known[s.person], s.reason) for s in plan.sitting_out],
                    len(plan.repeats),
                    told.first_repeat,
                )
            )
        )
    if not replies:
        raise Refused(_("No further round is planned. Form circles with /programme form first."))
    return replies


def run_round(turn: Turn, sure: str = "") -> Iterable[Effect]:
    """Begin the next round of every circle now instead of on its day."""
    planned = [
        o
        for circle in programmes.circles(turn.db, turn.programme.id)
        if (o := asking.next_round(turn.db, circle)) is not None
    ]
    if not planned:
        raise Refused(_("No further round is planned. Form circles with /programme form first."))
    if sure != "yes":
        return [
            Reply(
                message(
                    _("Round {number} would begin now instead of on its day, for everybody in it. Sure?").format(
                        number=planned[0].number
                    ),
                    buttons(Button(_("Begin now"), "programme rounds run yes", "primary")),
                )
            )
        ]
    for occurrence in planned:
        occurrence.due_at = turn.now
        programmes.save(turn.db, occurrence)
    return [Reply(message(_("Round {number} begins within a minute.").format(number=planned[0].number)))]


ROUND = Parameter("round_id", "number", _("The round"), required=False, lowest=1)
COMMANDS: tuple[Command, ...] = (
    Command("circle next", _("Whom you meet now, and when the next round begins"), next_up),
    Command(
        "circle met",
        _("Say whether you met"),
        met,
        (Parameter("answer", "choice", _("Did you meet?"), required=False, choices=("yes", "no", "later")), ROUND),
    ),
    Command(
        "circle skip",
        _("Sit out one round"),
        skip,
        (Parameter("number", "number", _("The round's number"), required=False, lowest=1, highest=1000),),
    ),
    Command(
        "circle unskip",
        _("Take part after all"),
        unskip,
        (Parameter("number", "number", _("The round's number"), lowest=1, highest=1000),),
        hidden=True,
    ),
    Command(
        "circle stay",
        _("Stay, after some quiet rounds"),
        stay,
        (Parameter("answer", "choice", _("Now or later"), required=False, choices=("now", "later")),),
        hidden=True,
    ),
    Command("programme rounds", _("Rounds so far: dates and counts"), list_rounds, who="organiser"),
    Command(
        "programme rounds preview", _("The next round, before anybody hears of it"), preview_round, who="organiser"
    ),
    Command(
        "programme rounds run",
        _("Begin the next round now"),
        run_round,
        (Parameter("sure", "choice", _("Sure?"), required=False, choices=("yes",)),),
        who="organiser",
        audited=True,
    ),
)
DUE = {
    "round-open": Due(opening.open_round, timedelta(days=7)),
    "eve": Due(asking.eve, timedelta(days=4)),
    "middle": Due(asking.middle, timedelta(hours=50)),
}
RENEW = {"eve": asking.eve_again, "middle": asking.middle_again}
