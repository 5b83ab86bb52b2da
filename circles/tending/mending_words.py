"""What is said when circles that run are refilled, merged or divided: to organisers before, to everybody after."""

from collections.abc import Mapping, Sequence
from datetime import date

from circles.forming import words
from circles.forming.values import Candidate, Circle, Problem
from circles.language import _, day_text, language_name, listing, ngettext_
from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Fact,
    Facts,
    Heading,
    Message,
    Plain,
    buttons,
    message,
    text,
)
from circles.tending.mending import Merge, Worth
from circles.tending.refilling import Joining, Refill
from circles.tending.splitting import Split

ASKED_AT_MOST = 3
"""So many merges are put forward at once."""

Names = Mapping[int, str]


def names_of(people: Sequence[Candidate]) -> Names:
    """Give names by member id."""
    return {person.id: person.name for person in people}


def _bullets(sentences: Sequence[str]) -> Bullets:
    return Bullets(tuple((Plain(sentence),) for sentence in sentences))


def _points(before: int, after: int) -> str:
    return _("Wishes that are met count {after} points then, {before} now.").format(before=before, after=after)


def _nobody_told() -> str:
    return _("Nobody is told anything before you confirm.")


def _circle(circle: Circle, names: Names) -> list[Block | str | None]:
    """Show a circle as it would be: its people, what it does well, what it could not grant."""
    seated = {role: [names[s.person] for s in circle.seats if s.role == role] for role in ("mentor", "mentee")}
    languages = listing([language_name(code) for code in circle.languages])
    together = _("Together in {languages}: {reasons}.") if languages else _("{reasons}.")
    return [
        Facts(
            (
                Fact(_("Mentors"), (Plain(listing(seated["mentor"]) or _("none")),)),
                Fact(_("Mentees"), (Plain(listing(seated["mentee"]) or _("none")),)),
            )
        ),
        text(
            together,
            languages=languages,
            reasons=listing([words.reason(one) for one in circle.reasons]) or _("the hard rules hold"),
        ),
        _bullets([words.compromise(one, names.__getitem__) for one in circle.compromises])
        if circle.compromises
        else None,
    ]


def _other_role(people: Sequence[int], names: Names) -> str | None:
    if not people:
        return None
    sentence = ngettext_(
        "{names} can do both and would change from mentor to mentee or the other way round; better ask first.",
        "{names} can do both and would change from mentor to mentee or the other way round; better ask them first.",
        len(people),
    )
    return sentence.format(names=listing([names[one] for one in people]))


def round_under_way(circle: str, number: int, until: date) -> str:
    """Say what a change would do to an open round."""
    return _(
        "Round {number} is under way in {circle} until {day}. Meetings of it that nobody has called done yet are off "
        "for whoever changes circles; just after a round disturbs least."
    ).format(number=number, circle=circle, day=day_text(until))


def in_the_way(problems: Sequence[Problem], names: Names) -> str:
    """Say which hard rules are in the way."""
    return " ".join(words.problem(one, names.__getitem__) for one in problems)


# --- free seats -------------------------------------------------------------------------------------------------------


def refill(plan: Refill, circles: Sequence[str], names: Names, moves: int, mark: str) -> Message:
    """Show who would take which free seat, who would change circles, and who goes on waiting."""
    more = Button(_("Look for one more move"), f"programme circles refill {moves + 1}")
    blocks: list[Block | str | None] = [Heading(_("Free seats for people who wait"))]
    if plan.joining:
        blocks.append(_bullets([_joins(one, circles, names) for one in plan.joining]))
        blocks.append(_points(plan.points_before, plan.points_after))
    else:
        blocks.append(_("Nobody who waits fits a free seat as things stand."))
    if plan.waiting:
        blocks.append(Heading(_("Waiting list")))
        blocks.append(
            _bullets(
                [_("{name}: {why}").format(name=names[one.person], why=words.waiting(one)) for one in plan.waiting]
            )
        )
    if plan.could_form:
        blocks.append(
            _("Everybody who waits could also be a circle of their own: /programme form shows it, and you choose.")
        )
    pressed = [Button(_("Give these seats"), f"programme circles refill these {mark} {moves}", "primary")]
    pressed = pressed if plan.joining else []
    pressed += [Button(_("Preview circles"), "programme form")] if plan.could_form else []
    pressed += [more] if plan.waiting and moves < 3 else []
    blocks.append(Buttons(tuple(pressed)) if pressed else None)
    blocks.append(_nobody_told())
    return message(*blocks)


def _joins(one: Joining, circles: Sequence[str], names: Names) -> str:
    why, circle = words.why(one.why), circles[one.circle]
    if one.came_from is not None:
        sentence = _("{name} would change from {before} to {circle}, so that somebody more has a seat: {why}")
        return sentence.format(name=names[one.person], before=circles[one.came_from], circle=circle, why=why)
    if one.role == "mentor":
        sentence = _("{name}, mentor in {circle}: {why}")
    else:
        sentence = _("{name}, mentee in {circle}: {why}")
    return sentence.format(name=names[one.person], circle=circle, why=why)


# --- two circles as one -----------------------------------------------------------------------------------------------


def merge(
    plan: Merge,
    circles: tuple[str, str],
    numbers: tuple[int, int],
    names: Names,
    mark: str,
    *,
    asked: date | None,
    may_ask: bool,
    under_way: str | None,
) -> Message:
    """Show two circles as one; ``circles`` and ``numbers`` as they were named, ``asked`` when both were asked.

    The button that makes them one is there once both were asked; the one that asks while they ``may_ask`` (again).
    """
    stays, joins = circles[plan.stays], circles[plan.joins]
    call = f"{numbers[0]} {numbers[1]}"
    confirm = Button(_("Make them one circle"), f"programme circles merge these {call} {mark}", "primary")
    ask = Button(_("Ask both circles"), f"programme circles merge ask {call}", "plain" if asked else "primary")
    blocks: list[Block | str | None] = [Heading(_("{joins} would join {stays}").format(joins=joins, stays=stays))]
    if plan.circle is not None:
        blocks += _circle(plan.circle, names)
    return message(
        *blocks,
        _other_role(plan.other_role, names),
        _points(plan.points_before, plan.points_after),
        under_way,
        _("Both circles were asked on {day}. What did they say?").format(day=day_text(asked))
        if asked
        else _(
            "A merge works when both circles agree, so ask them first; one button posts the question in both rooms."
        ),
        buttons(*([confirm] if asked else []), *([ask] if may_ask else [])),
        _nobody_told(),
    )


def cannot_merge(one: str, other: str, problems: str) -> str:
    """Say why two circles can't be one."""
    return _("{one} and {other} can't be one circle: {problems} Nothing was changed.").format(
        one=one, other=other, problems=problems
    )


def asked() -> Message:
    """Confirm that the question is in both rooms."""
    return message(
        _("Both circles are asked in their rooms. The bot doesn't read what is said there; people come to you."),
    )


def worth_asking(worth: Sequence[Worth], circles: Sequence[str]) -> list[Block]:
    """Say to organisers which circles have shrunk and which partner would suit best."""
    lines, pressed = [], []
    for one in worth[:ASKED_AT_MOST]:
        if one.is_pressing:
            sentence = _("{circle} has few people left. It could be one with {partner}; both should be asked soon.")
        else:
            sentence = _("{circle} has become small. It could be one with {partner}, if both agree.")
        lines.append(sentence.format(circle=circles[one.circle], partner=circles[one.partner]))
        pressed.append(
            Button(
                _("Look at merging {one} and {other}").format(one=one.circle + 1, other=one.partner + 1),
                f"programme circles merge {one.circle + 1} {one.partner + 1}",
            )
        )
    return [_bullets(lines), Buttons(tuple(pressed))] if lines else []


# --- one circle as two ------------------------------------------------------------------------------------------------


def split(plan: Split, circle: str, number: int, names: Names, mark: str, under_way: str | None) -> Message:
    """Show a circle as two: the half that stays in its room, and the half that gets a room of its own."""
    stays, leaves = plan.circles
    return message(
        Heading(_("{circle} would be two circles").format(circle=circle)),
        _("These {count} people stay:").format(count=len(stays.seats)),
        *_circle(stays, names),
        _("These {count} people get a new circle and a room of their own:").format(count=len(leaves.seats)),
        *_circle(leaves, names),
        _other_role(plan.other_role, names),
        _points(plan.points_before, plan.points_after),
        under_way,
        _("People who have grown fond of each other may part, so ask in the circle first."),
        buttons(Button(_("Make it two circles"), f"programme circles split these {number} {mark}", "primary")),
        _nobody_told(),
    )


def cannot_split(circle: str, problems: Sequence[Problem], names: Names) -> str:
    """Say why a circle can't be two."""
    if [one.rule for one in problems] == ["too-few"]:
        sentence = ngettext_(
            "Two circles take twelve people or more, and {circle} is {n} person short of that. Nothing was changed.",
            "Two circles take twelve people or more, and {circle} is {n} people short of that. Nothing was changed.",
            int(problems[0].value),
        )
        return sentence.format(circle=circle, n=int(problems[0].value))
    said = in_the_way(problems, names)
    return _("{circle} can't be two circles: {problems} Nothing was changed.").format(circle=circle, problems=said)
