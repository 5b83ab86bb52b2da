"""What members do with rounds: met, skip, stay, next; and the table of every command and hour of rounds."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from circles import outbox
from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.grammar import Command, Parameter, name_choices
from circles.language import _
from circles.messages import Block, Button
from circles.rotation import asking, opening, organising, repair, standing, words
from circles.tick import Due
from circles.turn import Turn
from storage import members, programmes, rounds
from storage.tables import Circle, Member, Placement, Round

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
    if answer == "later" and row.state == "closed":
        raise Refused(
            _("Round {number} is over, so “not yet” fits no more.").format(number=row.number),
            buttons=words.met_buttons(row.id),
        )
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
    return words.still_asked(*asking.open_question(turn.db, circle, turn.member.id, turn.now, turn.zone))


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
                number=wanted, coming=coming.number
            )
            if coming
            else _("Round {number} is over, and no further one is planned.").format(number=wanted)
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
    said = standing.told(turn.db, circle, turn.member, turn.zone)
    picture = standing.way_so_far(turn.db, circle, turn.member)
    return [Reply(replace(said, blocks=(*said.blocks, picture)) if picture else said)]


def stay(turn: Turn, answer: str = "now") -> Iterable[Effect]:
    """Answer the question that comes after three silent rounds."""
    _circle(turn)
    member = turn.member
    member.silences, member.wants_reminders = 0, True
    if answer == "later":
        return _rests(turn, member, turn.today + LATER)
    if member.state == "paused":
        member.state, member.paused_until, member.pause_reason = "seated", None, ""
    members.save(turn.db, member)
    return [Reply(words.stays(), replaces=True)]


def _rests(turn: Turn, member: Member, until: date) -> list[Effect]:
    """Let her rest; the round that has just begun goes on without her."""
    acts = repair.step_out(turn.db, turn.programme, member, turn.now)
    member.state, member.paused_until = "paused", until
    members.save(turn.db, member)
    outbox.quieten(turn.db, member.id)
    return [Reply(words.rests(until, left_a_meeting=bool(acts)), replaces=True), *acts]


ROUND = Parameter("round_id", "number", _("The round"), required=False, lowest=1)
COMMANDS: tuple[Command, ...] = (
    Command("circle next", _("Whom you meet now, and when the next round begins"), next_up, is_looking=True),
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
    Command("programme report", _("Who takes part: counts only"), organising.report, who="organiser"),
    Command("programme rounds", _("Rounds so far: dates and counts"), organising.list_rounds, who="organiser"),
    Command(
        "programme rounds preview",
        _("The next round, before anybody hears of it"),
        organising.preview_round,
        (Parameter("number", "number", _("The circle's number"), required=False, lowest=1, highest=1000),),
        who="organiser",
    ),
    Command("programme rounds run", _("Begin the next round now"), organising.really_run, who="organiser"),
    Command(
        "programme rounds run yes",
        _("Begin this round now"),
        organising.run_round,
        (Parameter("number", "number", _("The round's number"), lowest=1, highest=1000),),
        who="organiser",
        hidden=True,
        audited=True,
    ),
)
DUE = {
    "round-open": Due(opening.open_round, timedelta(days=7)),
    "eve": Due(asking.eve, timedelta(days=4)),
    "middle": Due(asking.middle, timedelta(hours=50)),
}
RENEW = {"eve": asking.eve_again, "middle": asking.middle_again}
