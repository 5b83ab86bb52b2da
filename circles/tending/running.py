"""Circles that run, as the rules read them: who sits where, who waits, all in one queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from circles.errors import BadCall, Refused
from circles.forming import casting
from circles.forming.values import Candidate, FormingRules, Seat
from circles.language import _
from circles.messages import Button
from circles.programme.rules import settings_of
from circles.turn import Turn
from storage import members, programmes
from storage.tables import Circle


@dataclass(frozen=True, slots=True)
class Running:
    """The circles of a programme in the order in which they are listed, the people in them and those who wait."""

    circles: tuple[Circle, ...]
    seats: tuple[tuple[Seat, ...], ...]
    people: tuple[Candidate, ...]
    forming: FormingRules

    @property
    def waiting(self) -> int:
        """How many people wait for a seat."""
        return len(self.people) - sum(map(len, self.seats))

    def at(self, number: int, field: str) -> int:
        """Give where a circle stands that is listed as ``number``; raises BadCall."""
        if not 1 <= number <= len(self.circles):
            raise BadCall(
                _("There are circles 1 to {last}. /programme circles lists them.").format(last=len(self.circles)),
                field=field,
            )
        return number - 1


def circles(turn: Turn) -> Sequence[Circle]:
    """Give the circles in which somebody can be seated; raises Refused when there are none."""
    if turn.programme.state == "closed":
        raise Refused(_("“{name}” has ended, so everybody stays in place.").format(name=turn.programme.name))
    running = programmes.circles(turn.db, turn.programme.id)
    if not running:
        raise Refused(
            _("There is no circle yet. /programme form shows who could sit with whom."),
            buttons=(Button(_("Preview circles"), "programme form", "primary"),),
        )
    return running


def load(turn: Turn) -> Running:
    """Read how things stand now; raises Refused when no circle runs."""
    db, programme = turn.db, turn.programme
    running = circles(turn)
    seats = tuple(tuple(casting.seated_people(db, programme, circle.id)[0]) for circle in running)
    sitting = {seat.person for some in seats for seat in some}
    candidates = [
        casting.candidate(member, person, programme, place)
        for place, (member, person) in enumerate(members.in_programme(db, programme.id))
        if member.id in sitting or member.state == "waiting"
    ]
    settings = settings_of(programme.settings)
    if settings.similar_topics:
        candidates = casting.in_same_words(candidates, settings.language)
    return Running(tuple(running), seats, tuple(candidates), casting.rules_of(db, programme, turn.today))


def check_mark(mark: str, now: str, look_again: str) -> None:
    """Raise Refused unless what an organiser looked at is still true; the call ``look_again`` shows it anew."""
    if mark != now:
        raise Refused(
            _("Something has changed since you looked at this. Nothing was changed by me; have a look at it first."),
            buttons=(Button(_("Show it as it is now"), look_again, "primary"),),
        )


def show() -> Button:
    """Give the button that lists the circles."""
    return Button(_("Show the circles"), "programme circles")
