"""How circles come about: preview, move, confirm; and the table of every command of forming."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.forming import casting, launch, preview, rules, weighing
from circles.forming.values import Broken, Candidate, FormingRules, Problem, Proposal
from circles.grammar import Command, Parameter
from circles.language import _
from circles.messages import Button, Message
from circles.programme import replan
from circles.rotation import asking, outlook_words, past
from circles.turn import Turn
from storage import people, programmes
from storage.tables import Proposal as ProposalRow

STEPS = 13_500_000
"""Trades looked at for one preview: all that 300 people want, and about a second of the one thread in which everybody
is answered. More people than 4,000, or many who all name the same topic, still take longer than two seconds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The preview that waits for an organiser's word, as it is true now."""

    row: ProposalRow
    proposal: Proposal
    problems: tuple[Problem, ...]
    candidates: list[Candidate]
    forming: FormingRules
    has_gone: bool
    outlook: str

    @property
    def message(self) -> Message:
        """What the organiser reads of it."""
        mark = casting.mark_of(self.row.body)
        return preview.shown(
            self.proposal, self.candidates, mark, self.problems, has_gone=self.has_gone, outlook=self.outlook
        )


def form(turn: Turn, seed: int | None = None) -> Iterable[Effect]:
    """Preview circles from who waits for a seat; the same seed gives the same circles."""
    _check_forms(turn)
    programme = turn.programme
    candidates = casting.waiting_people(turn.db, programme)
    if not candidates:
        raise Refused(_("Nobody waits for a seat. Members join with /circle join; a roster can be imported."))
    chosen = programme.seed if seed is None else seed
    forming = casting.rules_of(turn.db, programme, turn.today)
    proposal = rules.propose(candidates, forming, chosen, steps=STEPS)
    mark = casting.mark_of(_keep(turn, proposal, casting.to_body(proposal, candidates, forming)).body)
    return [Reply(preview.shown(proposal, candidates, mark, outlook=_outlook(turn, proposal)), replaces=True)]


def _outlook(turn: Turn, proposal: Proposal) -> str:
    """Say what the rounds of the first circle would be like."""
    if not proposal.circles:
        return ""
    roles = [seat.role for seat in proposal.circles[0].seats]
    rotation = past.rotation_of(turn.programme)
    return outlook_words.sentence(roles.count("mentor"), roles.count("mentee"), rotation, turn.programme.seed)


def _check_forms(turn: Turn) -> None:
    """Raise Refused unless circles can be formed in this programme now."""
    programme = turn.programme
    if programme.state == "closed":
        raise Refused(_("“{name}” has ended, so no circle is formed in it any more.").format(name=programme.name))
    if programme.state == "draft":
        raise Refused(
            _("Members can't join yet, so there is nobody to seat. Finish the setup first."),
            buttons=(Button(_("Continue the setup"), "programme setup"),),
        )


def _keep(turn: Turn, proposal: Proposal, body: dict[str, Any]) -> ProposalRow:
    """Keep a preview in the place of the one before."""
    before = programmes.open_proposal(turn.db, turn.programme.id)
    if before is not None:
        before.state = "replaced"
        programmes.save(turn.db, before)
    row = ProposalRow(
        programme_id=turn.programme.id,
        seed=proposal.seed,
        body=body,
        made_at=turn.now,
        made_by=turn.person.id,
    )
    programmes.save(turn.db, row)
    return row


def _kept(turn: Turn) -> Kept:
    _check_forms(turn)
    row = programmes.open_proposal(turn.db, turn.programme.id)
    if row is None or not row.body["circles"]:
        raise Refused(
            _("There is no preview to work with. Make one with /programme form."),
            buttons=(Button(_("Preview circles"), "programme form", "primary"),),
        )
    candidates = casting.waiting_people(turn.db, turn.programme)
    forming = casting.rules_of(turn.db, turn.programme, turn.today)
    proposal, problems, has_gone = casting.of_body(row.body, row.seed, candidates, forming)
    return Kept(row, proposal, problems, candidates, forming, has_gone, _outlook(turn, proposal))


def move_in_preview(turn: Turn, person: str, number: int) -> Iterable[Effect]:
    """Move a person in the preview; hard rules hold, or nothing changes."""
    kept = _kept(turn)
    member, who = casting.member_called(turn, person)
    if member.id not in {one.id for one in kept.candidates}:
        raise BadCall(_("{name} is not waiting for a seat.").format(name=who.name), field="person")
    last = len(kept.proposal.circles)
    if number > last:
        raise BadCall(
            _("The preview has circles 1 to {last}; 0 is the waiting list.").format(last=last), field="number"
        )
    to_circle = number - 1 if number else None
    try:
        moved = rules.move(kept.proposal, member.id, to_circle, kept.candidates, kept.forming)
    except Broken as broken:
        raise Refused(
            preview.broken(who.name, broken.problems, kept.candidates),
            buttons=(Button(_("Show the preview"), "programme form show"),),
        ) from None
    kept.row.body = casting.to_body(moved, kept.candidates, kept.forming)
    programmes.save(turn.db, kept.row)
    return [Reply(_kept(turn).message)]


def show(turn: Turn) -> Iterable[Effect]:
    """Show the preview again, as it is true now."""
    return [Reply(_kept(turn).message)]


def confirm(turn: Turn, mark: str = "") -> Iterable[Effect]:
    """Form the circles of the preview, open their rooms and plan the term.

    ``mark`` is the one of the preview that the organiser looked at; a newer one is shown to her first.
    """
    kept = _kept(turn)
    _check_confirmable(turn, kept, mark)
    kept.row.state = "confirmed"
    programmes.save(turn.db, kept.row)
    launch.start(turn)
    created = [launch.create(turn, number, circle) for number, circle in enumerate(kept.proposal.circles)]
    replan.replan(turn.db, turn.programme, turn.now)
    coming = asking.next_round(turn.db, created[0])
    first = coming.day if coming else None
    acts = [act for circle in created for act in launch.open_room(turn, circle, first)]
    seated = sum(len(circle.seats) for circle in kept.proposal.circles)
    done = preview.confirmed(len(created), seated, len(kept.candidates) - seated, first)
    return [Reply(done, replaces=True), *acts, *launch.tell_waiting(turn)]


def _check_confirmable(turn: Turn, kept: Kept, mark: str) -> None:
    if mark not in {"", casting.mark_of(kept.row.body)}:
        raise Refused(
            _("There is a newer preview than this one. Nothing was changed; have a look at it first."),
            buttons=(Button(_("Show the preview"), "programme form show", "primary"),),
        )
    changes = preview.changed(kept.problems, kept.candidates, has_gone=kept.has_gone)
    if changes:
        raise Refused(
            _("Something has changed since this preview: {changes} Nothing was changed by me; make a new one.").format(
                changes=" ".join(changes)
            ),
            buttons=(Button(_("Make a new preview"), "programme form", "primary"),),
        )
    if len(people.organisers_here(turn.db, turn.programme.id)) < 2:
        raise Refused(_("A programme runs with two organisers. Add one with /programme organisers add @name."))


PERSON = Parameter("person", "person", _("Who moves"))
NUMBER = Parameter("number", "number", _("To which circle (0 is the waiting list)"), highest=200)
SEED = Parameter("seed", "number", _("A number that makes the draw repeatable"), required=False, lowest=1)
_PREVIEW = Command("programme form", _("Preview who would sit with whom"), form, (SEED,), who="organiser")
COMMANDS: tuple[Command, ...] = (
    _PREVIEW,
    replace(_PREVIEW, path="programme form preview", hidden=True),
    Command("programme form show", _("Show the preview again"), show, who="organiser"),
    Command(
        "programme form move", _("Move a person in the preview"), move_in_preview, (PERSON, NUMBER), who="organiser"
    ),
    Command("programme form confirm", _("Form the circles of the preview"), confirm, who="organiser", audited=True),
    Command(
        "programme form confirm these",
        _("Form the circles of this preview"),
        confirm,
        (Parameter("mark", "word", _("The preview's mark")),),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    *weighing.COMMANDS,
)
