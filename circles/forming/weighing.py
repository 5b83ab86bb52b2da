"""How organisers say what counts when circles are formed."""

from collections.abc import Iterable

from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.forming import judging_words
from circles.forming.values import HEAVIEST
from circles.grammar import Command, Parameter
from circles.language import _
from circles.programme.rules import WEIGHTS, settings_of
from circles.turn import Turn
from storage import programmes

WISHES = tuple(name.removeprefix("weigh_") for name in WEIGHTS)


def weigh(turn: Turn, wish: str = "", weight: int | None = None) -> Iterable[Effect]:
    """List how much each wish counts, or change one."""
    settings = settings_of(turn.programme.settings)
    weights = {name: int(getattr(settings, f"weigh_{name}")) for name in WISHES}
    if not wish:
        return [Reply(judging_words.weights_listed(weights, similar=settings.similar_topics))]
    if weight is None:
        raise BadCall(_("How much should it count? A number from 0 to {most}.").format(most=HEAVIEST), field="weight")
    _change(turn, f"weigh_{wish}", weight)
    return [Reply(judging_words.weighed(wish, weights[wish], weight))]


def similar(turn: Turn, answer: str) -> Iterable[Effect]:
    """Let topics in similar words count as the same, or not."""
    _change(turn, "similar_topics", answer == "yes")
    return [Reply(judging_words.similar_now(is_on=answer == "yes"))]


def _change(turn: Turn, name: str, value: int | bool) -> None:
    programme = turn.programme
    if programme.state == "closed":
        raise Refused(_("“{name}” has ended, so no circle is formed in it any more.").format(name=programme.name))
    changed = {**programme.settings, name: value}
    try:
        settings_of(changed)
    except ValueError as problem:
        raise BadCall(str(problem), field="weight") from None
    detail = f"{name.removeprefix('weigh_')}: {programme.settings.get(name, '')} → {value}"
    programme.settings = changed
    programmes.save(turn.db, programme)
    programmes.note(turn.db, programme.id, turn.person.id, turn.now, "programme form weigh", detail)


COMMANDS: tuple[Command, ...] = (
    Command(
        "programme form weigh",
        _("See or change what counts when circles are formed"),
        weigh,
        (
            Parameter("wish", "choice", _("Which wish"), required=False, choices=WISHES),
            Parameter("weight", "number", _("From 0 (not at all) to 9"), required=False, highest=HEAVIEST),
        ),
        who="organiser",
    ),
    Command(
        "programme form similar",
        _("Let topics in similar words count as the same"),
        similar,
        (Parameter("answer", "choice", _("Yes or no"), choices=("yes", "no")),),
        who="organiser",
    ),
)
