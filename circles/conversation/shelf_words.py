"""What organisers read about the shelf of prompts: counts, lists, and what was changed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from textwrap import shorten

from circles.conversation.library import DEPTHS, LIVES, LONGEST, LONGEST_TEXT, PHASES, SHORTEST, THEMES, Prompt
from circles.conversation.words import phase_name, theme_name
from circles.files import FileRefused
from circles.grammar import choice_label
from circles.language import _, day_text, listing, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Code,
    Command,
    Emphasis,
    Fact,
    Facts,
    Field,
    Heading,
    Message,
    Option,
    Plain,
    Quote,
    Span,
    buttons,
    message,
    text,
)

SHOWN_OWN = 20
SHOWN_TEXT = 240  # characters of a prompt in a list
SHOWN_PROBLEMS = 10


def overview(known: Sequence[tuple[Prompt, bool]], own: Sequence[str], dial: str) -> Message:
    """Tell what is on the shelf, by theme and phase, and how often a prompt comes."""
    in_use = [prompt for prompt, is_retired in known if not is_retired]
    cells = Counter((prompt.theme, prompt.phase) for prompt in in_use)
    rows = [
        Fact(
            f"{theme_name(theme)} ({theme})",
            (
                Plain(str(sum(cells[theme, phase] for phase in PHASES))),
                Plain(" · "),
                Plain(" ".join(str(cells[theme, phase]) for phase in PHASES)),
            ),
        )
        for theme in THEMES
    ]
    count = ngettext_("{n} prompt in use, {retired} retired.", "{n} prompts in use, {retired} retired.", len(in_use))
    return message(
        Heading(_("The shelf of prompts")),
        text(count, n=len(in_use), retired=len(known) - len(in_use)),
        rhythm(dial),
        _("For each theme: all of them, then how many for {phases}.").format(
            phases=listing([phase_name(phase) for phase in PHASES])
        ),
        Facts(tuple(rows)),
        text(_("Your own: {codes}."), codes=_codes(own)) if own else _("None of your own yet."),
        text(_("To read a theme: {command}"), command=Command("/programme prompts list balance")),
        buttons(
            Button(_("Add one"), "programme prompts add", "primary"),
            Button(_("Import"), "programme prompts import"),
            *(
                Button(label, f"programme prompts dial {word}")
                for word, label in (
                    ("off", _("No prompts")),
                    ("light", _("Every two weeks")),
                    ("full", _("Every week")),
                )
                if word != dial
            ),
        ),
    )


def _codes(own: Sequence[str]) -> tuple[Span, ...]:
    listed: list[Span] = []
    for code in own[-SHOWN_OWN:]:
        listed += [Plain(", "), Code(code)] if listed else [Code(code)]
    more = len(own) - SHOWN_OWN
    return (*listed, Plain(" "), Plain(_("and {n} more").format(n=more))) if more > 0 else tuple(listed)


def rhythm(dial: str) -> str:
    """Say how often prompts come."""
    return {
        "off": _("Prompts are off: none comes by itself. Members can still call for one with /circle prompt."),
        "light": _("A prompt comes to each circle's room every two weeks."),
        "full": _("A prompt comes to each circle's room every week."),
    }[dial]


def listed(theme: str, some: Sequence[tuple[Prompt, bool]], page: int, pages: int) -> Message:
    """List some prompts of a theme with their ids."""
    title = theme_name(theme)
    return message(
        Heading(
            _("{theme}, page {page} of {pages}").format(theme=title, page=page, pages=pages) if pages > 1 else title
        ),
        Bullets(tuple(_line(prompt, is_retired=is_retired) for prompt, is_retired in some))
        if some
        else _("Nothing is on the shelf for this theme."),
        text(
            _("To take one off: {retire} and its id. To put it back: {restore} and its id."),
            retire=Command("/programme prompts retire"),
            restore=Command("/programme prompts restore"),
        ),
        buttons(Button(_("Next page"), f"programme prompts list {theme} {page + 1}")) if page < pages else None,
    )


def _line(prompt: Prompt, *, is_retired: bool) -> tuple[Span, ...]:
    words: tuple[Span, ...] = (Code(prompt.id), Plain(" "), Plain(shorten(prompt.text, SHOWN_TEXT, placeholder=" …")))
    return (Emphasis(_("retired")), Plain(" "), *words) if is_retired else words


def add_fields() -> tuple[Field, ...]:
    """Give the questions that make a prompt."""
    themes = tuple(Option(theme, theme_name(theme)) for theme in THEMES)
    return (
        Field("theme", _("The theme"), "choice", required=True, options=themes),
        Field("phase", _("Which time of the term it suits"), "choice", required=True, options=_options(PHASES)),
        Field("depth", _("How deep it goes"), "choice", required=True, options=_options(DEPTHS)),
        Field(
            "minutes",
            _("Minutes it takes"),
            "number",
            required=True,
            hint=_("{low} to {high}").format(low=SHORTEST, high=LONGEST),
            initial="15",
        ),
        Field("life", _("Which side of life it asks about"), "choice", required=True, options=_options(LIVES)),
        Field(
            "text",
            _("The words"),
            "long",
            required=True,
            hint=_("Best with one question at the end, which one may also pass"),
            max_length=LONGEST_TEXT,
        ),
    )


def _options(words: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(word, choice_label(word)) for word in words)


def added(prompt: Prompt) -> Message:
    """Confirm a prompt of their own."""
    return message(
        text(_("On the shelf as {code}, under {theme}:"), code=Code(prompt.id), theme=theme_name(prompt.theme)),
        Quote((Plain(prompt.text),)),
        buttons(
            Button(_("Add another"), "programme prompts add"),
            Button(_("Take it off again"), f"programme prompts retire {prompt.id}"),
        ),
    )


def imported(count: int) -> Message:
    """Confirm an import."""
    said = ngettext_("{n} prompt is on the shelf now.", "{n} prompts are on the shelf now.", count)
    return message(text(said, n=count), buttons(Button(_("Show the shelf"), "programme prompts")))


def import_refused(refusal: FileRefused) -> str:
    """Name every line and column to mend, the first ten of them, and say that nothing was taken."""
    shown = [str(problem) for problem in refusal.problems[:SHOWN_PROBLEMS]]
    more = len(refusal.problems) - len(shown)
    if more > 0:
        shown.append(ngettext_("And {n} more thing to mend.", "And {n} more things to mend.", more).format(n=more))
    return "\n".join([_("Nothing was imported yet; this is to mend first:"), *shown])


def retired(code: str) -> Message:
    """Confirm that a prompt is off the shelf."""
    undo = f"programme prompts restore {code}"
    return message(
        text(_("{code} is retired; no group gets it any more."), code=Code(code)),
        buttons(Button(_("Put it back"), undo)) if len(undo) <= LONGEST_BUTTON else None,
    )


def restored(code: str) -> Message:
    """Confirm that a prompt is back on the shelf."""
    return message(text(_("{code} is back on the shelf."), code=Code(code)))


LONGEST_BUTTON = 60  # characters of a call, so that the programme's name fits behind it


def dialled(setting: str, count: int, first: date | None) -> Message:
    """Confirm how often prompts come, and when the next one does."""
    said = ngettext_("{n} is planned, on {day}.", "{n} are planned, the next on {day}.", count)
    return message(rhythm(setting), text(said, n=count, day=day_text(first)) if first is not None else None)
