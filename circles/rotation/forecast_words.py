"""What organisers read ahead of a round: who meets and hosts, what had to give way, and how far fresh meetings last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from circles.language import _, day_text, ngettext_
from circles.messages import Bullets, Command, Heading, Message, Span, Text, message, sentence, text
from circles.rotation.values import Kind
from circles.rotation.words import names
from circles.turn import mention
from storage.tables import Person


@dataclass(frozen=True, slots=True)
class Again:
    """How many pairs meet again: who met longest ago of all, later than that, or in another circle only.

    Who has met whom is for the two of them; organisers get counts.
    """

    longest_ago: int = 0
    later: int = 0
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Horizon:
    """How far was looked ahead: ``rounds`` from ``number`` on, and the first of them in which somebody meets again."""

    kind: Kind
    number: int
    rounds: int
    first_repeat: int | None

    @property
    def last(self) -> int:
        """The number of the last round looked at."""
        return self.number + self.rounds - 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many pairs have met of those that could, private wishes not deducted.

    How many will have met is never said: what is missing from it would tell how many pairs keep apart.
    """

    met: int
    could: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """How often somebody sits out within a horizon, all together and at most one person."""

    times: int
    most: int


@dataclass(frozen=True, slots=True)
class InForce:
    """What a round had to keep to: the wished table, and how many come from an institution that others share."""

    table_size: int
    institutions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Unseated:
    """How many sit out because too few can meet, and how many meet in twos for want of a table.

    ``if_home`` says both as they would be if people of one institution met; None where that helps nobody.
    """

    out: int
    in_twos: int
    if_home: tuple[int, int] | None


def preview(
    circle: str,
    day: date,
    groups: Sequence[tuple[Sequence[Person], Person | None]],
    sitting_out: Sequence[Person],
    again: Again,
    ahead: Horizon,
    pairs: Coverage,
    out: Turnout,
    rules: InForce,
    unseated: Unseated | None = None,
) -> Message:
    """Show an organiser the next round of a circle before anybody hears of it: meeting groups with their hosts."""
    people = sum(len(group) for group, _host in groups) + len(sitting_out)
    return message(
        Heading(_("{circle}: round {number}, {day}").format(circle=circle, number=ahead.number, day=day_text(day))),
        Bullets(tuple(_group(group, host) for group, host in groups)),
        Bullets(tuple(sentence(_("{name} sits out"), name=mention(person)) for person in sitting_out))
        if sitting_out
        else None,
        Bullets(tuple(_unseated(unseated))) if unseated else None,
        Bullets(tuple(_compromises(again))) if again != Again() else None,
        Bullets(tuple(_colleagues(rules.institutions))) if rules.institutions else None,
        fresh(ahead),
        coverage(ahead, pairs),
        _sitting_out(ahead, out),
        _small(people, rules.table_size)
        if ahead.kind == "tables" and people < rules.table_size and not sitting_out
        else None,
        _many_out() if ahead.kind == "mentor-mentee" and 2 * len(sitting_out) > people else None,
        _("Skips and pauses until then change this; the bot repairs it by itself."),
    )


def _group(group: Sequence[Person], host: Person | None) -> tuple[Span, ...]:
    if host is None:
        return names(group)
    return sentence(_("{names}; {host} hosts"), names=names(group), host=mention(host))


def _compromises(again: Again) -> Iterator[tuple[Span, ...]]:
    longest, later, elsewhere = again.longest_ago, again.later, again.elsewhere
    if longest:
        said = ngettext_(
            "{n} pair meets again: they met longest ago of all.",
            "{n} pairs meet again: they met longest ago of all.",
            longest,
        )
        yield sentence(said, n=longest)
    if later:
        said = ngettext_(
            "{n} pair meets again that met less long ago.", "{n} pairs meet again that met less long ago.", later
        )
        yield sentence(said, n=later)
    if elsewhere:
        said = ngettext_(
            "{n} pair meets again that met in another circle before.",
            "{n} pairs meet again that met in another circle before.",
            elsewhere,
        )
        yield sentence(said, n=elsewhere)


def _colleagues(institutions: Mapping[str, int]) -> Iterator[tuple[Span, ...]]:
    for institution, number in sorted(institutions.items()):
        yield sentence(
            _("{number} come from one institution, {institution}, and are not brought together."),
            number=number,
            institution=institution,
        )


def fresh(ahead: Horizon) -> str:
    """Say until when nobody meets the same person again, and what happens then."""
    is_table = ahead.kind == "tables"
    if ahead.first_repeat is None:
        return ngettext_(
            "Nobody meets the same person again in the next round.",
            "Nobody meets the same person again in the next {n} rounds.",
            ahead.rounds,
        ).format(n=ahead.rounds)
    if ahead.first_repeat == ahead.number:
        return (
            _("A seating without a repeat was not left; whoever met longest ago meets again first.")
            if is_table
            else _("A round without a repeat was not left; whoever met longest ago meets again first.")
        )
    said = (
        _("Fresh tables last until round {number}; after that, those who met longest ago sit together again first.")
        if is_table
        else _(
            "New partners for everybody until round {number}; after that, those who met longest ago meet again first."
        )
    )
    return said.format(number=ahead.first_repeat - 1)


def coverage(ahead: Horizon, pairs: Coverage) -> str:
    """Say how many pairs have met, in counts."""
    said = (
        _("{met} of {could} pairs of a mentor and a mentee have met.")
        if ahead.kind == "mentor-mentee"
        else _("{met} of {could} pairs have met.")
    )
    return said.format(met=pairs.met, could=pairs.could)


def _sitting_out(ahead: Horizon, out: Turnout) -> str:
    if not out.times:
        return _("Until round {last} nobody has to sit out.").format(last=ahead.last)
    return ngettext_(
        "Until round {last} somebody sits out {n} time in all, and nobody more than {most}.",
        "Until round {last} somebody sits out {n} times in all, and nobody more than {most}.",
        out.times,
    ).format(last=ahead.last, n=out.times, most=out.most)


def _unseated(found: Unseated) -> Iterator[tuple[Span, ...]]:
    if found.out:
        yield sentence(
            ngettext_(
                "{n} person sits out, because too few people can meet.",
                "{n} people sit out, because too few people can meet.",
                found.out,
            ),
            n=found.out,
        )
    if found.in_twos:
        yield sentence(_("{n} people meet in twos, because too few people can meet at larger tables."), n=found.in_twos)
    if found.if_home is not None:
        out, in_twos = found.if_home
        yield sentence(
            _("{command} lets people of one institution meet; then {out} would sit out, and {twos} meet in twos."),
            command=Command("/programme settings across-institutions no"),
            out=out,
            twos=in_twos,
        )
    yield sentence(
        _("People who may meet more of the others would help, too: {form} shows who waits, {move} moves somebody."),
        form=Command("/programme form"),
        move=Command("/programme circles move NAME 0"),
    )


def _small(people: int, size: int) -> Text:
    return text(
        _("{n} people are fewer than one table of {size}, so they sit together each time; {command} seats more."),
        n=people,
        size=size,
        command=Command("/programme form"),
    )


def _many_out() -> Text:
    return text(
        _("More than half sit out. {tables} or {everyone} brings everybody together each time."),
        tables=Command("/programme settings rotation tables"),
        everyone=Command("/programme settings rotation everyone"),
    )


def report_line(circle: str, ahead: Horizon | None, met: int, could: int) -> tuple[Span, ...]:
    """Say for a report, in counts, how far a circle has come and how long its meetings stay new."""
    had = _("{met} of {could} possible pairs have met.").format(met=met, could=could)
    if ahead is None:
        return sentence(_("{circle}: {coverage}"), circle=circle, coverage=had)
    return sentence(_("{circle}: {coverage} {fresh}"), circle=circle, coverage=had, fresh=fresh(ahead))
