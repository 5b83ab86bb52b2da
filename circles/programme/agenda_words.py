"""What is said about the schedule and the days kept free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from circles.language import _, day_text, listing, ngettext_
from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Command,
    Heading,
    Message,
    Plain,
    Span,
    Text,
    buttons,
    message,
    sentence,
    text,
)
from circles.programme import record_words, words
from circles.programme.free_days import Move
from circles.schedule import Blackout
from storage import tables

MOVES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that will be sent: when, what, where, and how many people it concerns (0 when not known yet).

    ``at`` puts it in order; ``when`` is how that reads.
    """

    at: datetime
    when: Span
    what: str
    circle: str = ""
    people: int = 0


def waiting_kind(kind: str) -> str:
    """Name a kind of message that waits; what could tell of one person's affairs is only a message."""
    return {
        "eve": _("heads-up"),
        "introduction": _("introduction"),
        "middle": _("reminder"),
        "prompt": _("conversation prompt"),
        "check-in": _("goal check-in"),
        "check-in-reminder": _("reminder"),
        "goal-invite": _("invitation to set a goal"),
        "still-waiting": _("word about the waiting list"),
        "welcome": _("welcome to a circle"),
        "close": _("closing words"),
        "room": _("opening of a room"),
        "close-room": _("closing of a room"),
        "announce": _("announcement"),
        "digest": _("several things at once"),
    }.get(kind, _("other message"))


def waiting(kind: str, count: int) -> str:
    """Count messages of one kind that are ready to go."""
    return ngettext_("{kind}, {n} message ready to go", "{kind}, {n} messages ready to go", count).format(
        kind=kind, n=count
    )


def waiting_alone(count: int) -> str:
    """Count messages that are ready to go to single members."""
    return _("messages to single members, {n} ready to go").format(n=record_words.count(count))


def day(of: date) -> Plain:
    """Say a day without an hour."""
    return Plain(day_text(of, short=True))


def schedule(
    programme: tables.Programme,
    weeks: Sequence[tuple[date, Sequence[Line]]],
    kept: Sequence[tables.Blackout],
    *,
    page: int,
    pages: int,
    total: int,
) -> Message:
    """List what will be sent, week by week; ``weeks`` are Mondays with their lines."""
    blocks: list[Block] = [Heading(_("What will be sent in {name}").format(name=programme.name))]
    if kept:
        blocks += [_line(_("Days kept free:")), Bullets(tuple(_free(row) for row in kept))]
    if programme.state in {"draft", "call"} and total:
        blocks.append(_line(_("This is how it would be; it begins once you confirm circles.")))
    for monday, lines in weeks:
        blocks.append(_line(_("Week of {day} {year}").format(day=day_text(monday), year=monday.year)))
        blocks.append(Bullets(tuple(_entry(line) for line in lines)))
    if not total:
        blocks.append(_line(_nothing(programme)))
    else:
        rhythm = _("Each member gets these in their own morning hours, at most two a week; rooms of circles aside.")
        blocks.append(_line(rhythm))
    if page < pages:
        blocks.append(Buttons((Button(_("Show more"), f"programme schedule show {page + 1}"),)))
    return message(*blocks, summary=_("What will be sent, and when"))


def _line(words_: str) -> Text:
    return Text((Plain(words_),))


def _nothing(programme: tables.Programme) -> str:
    if programme.state in {"draft", "call"}:
        return _("Nothing yet. Choose the first day with /programme settings start, and the calendar shows here.")
    return _("Nothing more.")


def _free(row: tables.Blackout) -> tuple[Span, ...]:
    clear = Command(f"/programme schedule clear {row.id}")
    if row.name:
        return sentence(
            _("{days}, {name} (to take back: {clear})"), days=days(row.first, row.last), name=row.name, clear=clear
        )
    return sentence(_("{days} (to take back: {clear})"), days=days(row.first, row.last), clear=clear)


def _entry(line: Line) -> tuple[Span, ...]:
    count = ngettext_("{n} person", "{n} people", line.people).format(n=line.people)
    if line.circle:
        return sentence(
            _("{when}: {what} · {circle}, {count}"), when=line.when, what=line.what, circle=line.circle, count=count
        )
    if line.people:
        return sentence(_("{when}: {what} · {count}"), when=line.when, what=line.what, count=count)
    return sentence(_("{when}: {what}"), when=line.when, what=line.what)


def days(first: date, last: date) -> str:
    """Say a range of days."""
    if first == last:
        return f"{day_text(first)} {first.year}"
    return _("{first} to {last}").format(first=day_text(first), last=f"{day_text(last)} {last.year}")


def no_such_page(pages: int) -> str:
    """Say how many pages there are."""
    return ngettext_(
        "The schedule has {n} page. Type /programme schedule to see it.",
        "The schedule has {n} pages. Type /programme schedule to see the first.",
        pages,
    ).format(n=pages)


def what_moves(wanted: Blackout, name: str, moves: Sequence[Move], *, others: int, told: Sequence[int]) -> Message:
    """Show what moves when days are kept free, and ask."""
    confirm = f"programme schedule blackout confirm {wanted.first} {wanted.last}"
    head = sentence(_("Keep {days} free?"), days=days(wanted.first, wanted.last))
    return message(
        Text((*head, Plain(f" ({name})")) if name else head),
        *moving(moves, others),
        _("The heads-up has gone out already for round {numbers}; whoever had it hears of the new day.").format(
            numbers=listing([str(number) for number in told])
        )
        if told
        else None,
        buttons(
            Button(_("Keep these days free"), confirm, "primary"),
            Button(words.show_schedule_label(), "programme schedule"),
        ),
        summary=_("What moves"),
    )


def moving(moves: Sequence[Move], others: int) -> list[Block]:
    """List the rounds that move, and count the rest that does."""
    lines = [_move(move) for move in moves[:MOVES_SHOWN]]
    if len(moves) > MOVES_SHOWN:
        left = len(moves) - MOVES_SHOWN
        lines.append((Plain(ngettext_("and {n} more round", "and {n} more rounds", left).format(n=left)),))
    more = ngettext_("{n} prompt or check-in moves too.", "{n} prompts and check-ins move too.", others)
    listed: Block = Bullets(tuple(lines)) if lines else _line(_("No round moves."))
    return [listed, text(more, n=others)] if others else [listed]


def comes_on_another_day(number: int, day: date) -> Message:
    """Tell a member who has had the heads-up of a round that the round comes on another day."""
    return message(
        _("Round {number} begins on another day than I told you: {day}.").format(number=number, day=day_text(day)),
        summary=_("A round moves"),
    )


def comes_no_more() -> Message:
    """Tell a member who has had the heads-up of a round that the round is not to come."""
    return message(
        _("The round of which I told you does not begin: this one goes on until the end of the programme."),
        summary=_("A round moves"),
    )


def _move(move: Move) -> tuple[Span, ...]:
    if move.before is None and move.after is not None:
        return sentence(_("round {number} is new, on {day}"), number=move.number, day=day_text(move.after))
    if move.before is not None and move.after is None:
        return sentence(
            _("round {number} on {day} no longer fits before the end"), number=move.number, day=day_text(move.before)
        )
    before, after = (day_text(day) if day else "" for day in (move.before, move.after))
    return sentence(_("round {number}: {before} → {after}"), number=move.number, before=before, after=after)


def kept_free(wanted: Blackout) -> Message:
    """Say that days are kept free."""
    return message(
        text(_("{days}: kept free. Nothing begins on these days."), days=days(wanted.first, wanted.last)),
        buttons(Button(words.show_schedule_label(), "programme schedule")),
        summary=_("Days are kept free"),
    )


def cleared(was: Blackout) -> Message:
    """Say that days are no longer kept free."""
    return message(
        text(_("{days}: no longer kept free."), days=days(was.first, was.last)),
        buttons(Button(words.show_schedule_label(), "programme schedule")),
        summary=_("Days are no longer kept free"),
    )


def no_such_days(number: int) -> str:
    """Say that nothing is kept free under a number."""
    return _("Nothing is kept free under number {number}. Type /programme schedule to see the numbers.").format(
        number=number
    )


def over_already() -> str:
    """Say that past days stay as they were."""
    return _("Those days are over, so they stay as they were.")


def closed(name: str) -> str:
    """Say that a closed programme has no schedule to change."""
    return _("“{name}” is closed, so its schedule stays as it is.").format(name=name)
