"""Forms as modals: at most five questions at once, so a longer form is asked in parts, with a button between.

A modal can't open another modal, and can't show what was refused beside its field. So between two parts, and after a
refusal, the asker gets a message with a button that opens the next modal; a ``Draft`` is what is kept of her answers
meanwhile. Where a draft was lost, the button's command asks the form from its beginning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord

from bot.discord import calls, markdown
from circles.language import _
from circles.messages import Bullets, Button, Field, Form, Message, Plain, Strong, buttons, message, text, words_of

AT_ONCE, OPTIONS = 5, 25
_TITLE, _LABEL, _DESCRIPTION, _HINT, _OPTION, _TEXT, _INTRO = 45, 45, 100, 100, 100, 4000, 3500
_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")
_KEPT_FOR = 900.0  # seconds in which the library waits for a modal; a later answer is understood without it


class FormModal(discord.ui.Modal):
    """A form, or a part of it, as a modal: ``custom_id`` carries the call, each input's the name of its field."""

    def __init__(self, form: Form, *, part: int = 0, of: int = 0) -> None:
        count = f" ({part}/{of})" if of > 1 else ""
        title = (markdown.line(form.title, _TITLE - len(count)) or "…") + count
        super().__init__(title=title, custom_id=calls.of_part(form.call, part), timeout=_KEPT_FOR)
        intro = markdown.spans(form.intro)
        if intro.strip():
            self.add_item(discord.ui.TextDisplay(intro if markdown.size(intro) <= _INTRO else _plain_intro(form)))
        for asked in form.fields[: AT_ONCE - len(self.children)]:
            self.add_item(_labelled(asked))


def modal(form: Form) -> FormModal:
    """Give the modal that asks a form, or the first part of one that is too long."""
    return Draft.of(form).modal()


def parts(form: Form) -> list[Form]:
    """Split a form by what fits into a modal; the introduction stands in the first and takes one of the five places."""
    first = AT_ONCE - bool(words_of(form.intro).strip())
    chunks = [form.fields[:first]]
    chunks += [form.fields[start : start + AT_ONCE] for start in range(first, len(form.fields), AT_ONCE)]
    return [replace(form, fields=chunk, intro=() if number else form.intro) for number, chunk in enumerate(chunks)]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that is being filled: the answers so far, and which of its parts (from 1) are still to be asked."""

    form: Form
    answers: Mapping[str, str] = field(default_factory=dict)
    left: tuple[int, ...] = ()

    @classmethod
    def of(cls, form: Form) -> "Draft":
        """Begin a form; where answers of it were refused, only the parts that hold these are asked again."""
        numbered = list(enumerate(parts(form), 1))
        refused = tuple(number for number, part in numbered if any(asked.error for asked in part.fields))
        if not refused:
            return cls(form, {}, tuple(number for number, _part in numbered))
        return cls(form, {asked.name: asked.initial for asked in form.fields}, refused)

    @property
    def is_complete(self) -> bool:
        """Whether every part was answered."""
        return not self.left

    @property
    def next_part(self) -> int:
        """The part that is asked next, as ``calls.part_of`` reads it: 0 when the form has only one."""
        return self.left[0] if self.left and len(parts(self.form)) > 1 else 0

    def modal(self) -> FormModal:
        """Give the modal of the next part, or of the first when all were answered."""
        split = parts(self.form)
        number = self.left[0] if self.left else 1
        return FormModal(split[number - 1], part=number if len(split) > 1 else 0, of=len(split))

    def filled(self, part: int, given: Mapping[str, str]) -> "Draft":
        """Give the draft with the answers of a part; a part that was answered before may be answered again."""
        left = tuple(number for number in self.left if part and number != part)
        return replace(self, answers={**self.answers, **given}, left=left)

    def again(self) -> "Draft":
        """Give the form once more from its beginning, with every answer in its place."""
        return Draft.of(refilled(self.form, self.answers))

    def onward(self) -> Message:
        """Say how much is kept, with the button to the next part."""
        said = _("Kept for now. Part {part} of {parts} is next.")
        return message(
            text(said, part=self.left[0] if self.left else 1, parts=len(parts(self.form))),
            buttons(Button(_("Continue"), self.form.call, "primary")),
        )


def refilled(form: Form, given: Mapping[str, str]) -> Form:
    """Give a form with what was typed in its fields."""
    return replace(
        form, fields=tuple(replace(asked, initial=given.get(asked.name, asked.initial)) for asked in form.fields)
    )


def is_refused(form: Form) -> bool:
    """Whether a form comes back because an answer was refused."""
    return any(asked.error for asked in form.fields)


def refused(form: Form) -> Message:
    """Say what to mend, for each answer that was refused, with the button that opens the form as it was filled."""
    mended = tuple((Strong(asked.label), Plain(f": {asked.error}")) for asked in form.fields if asked.error)
    return message(
        _("Nothing was changed yet, and what you typed is kept."),
        Bullets(mended) if mended else None,
        buttons(Button(_("Try again"), form.call, "primary")),
    )


def answers(data: Mapping[str, Any]) -> dict[str, str]:
    """Read what was sent with a modal, from the interaction's data; several choices are joined by commas."""
    return dict(_answered(data.get("components") or ()))


def _answered(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for component in components:
        inside = component.get("components") or ([component["component"]] if component.get("component") else ())
        yield from _answered(inside)
        name = component.get("custom_id")
        if not name:
            continue
        chosen = component.get("values")
        if chosen is not None:
            yield str(name), ", ".join(map(str, chosen))
        elif "value" in component:
            yield str(name), str(component["value"] if component["value"] is not None else "")


def _plain_intro(form: Form) -> str:
    return markdown.escape(markdown.clip(words_of(form.intro), _INTRO // 2))


def _labelled(asked: Field) -> discord.ui.Label[FormModal]:
    label, more = _question(asked)
    described = " ".join(words for words in (asked.error and f"⚠ {asked.error}", more) if words)
    component, shows_hint = _input(asked)
    if asked.hint and not shows_hint:
        described = f"{described} {asked.hint}".strip()
    return discord.ui.Label(text=label, component=component, description=markdown.line(described, _DESCRIPTION) or None)


def _question(asked: Field) -> tuple[str, str]:
    """Give a label of at most 45 characters, and what of a longer one is said below it."""
    words = markdown.line(asked.label, 1000) or markdown.line(asked.name, _LABEL) or "…"
    if markdown.size(words) <= _LABEL:
        return words, ""
    for end in reversed(list(_SENTENCE_END.finditer(words))):
        if markdown.size(words[: end.start()]) <= _LABEL:
            return words[: end.start()], words[end.end() :]
    return markdown.clip(words, _LABEL), words


def _input(asked: Field) -> tuple[discord.ui.Item[FormModal], bool]:
    """Give what a field is filled with, and whether that shows the field's hint.

    A choice is a select, not a group of radio buttons: it takes 25 options, may be left out, and every client has it.
    """
    name = markdown.within(asked.name, calls.LONGEST) or "…"
    if asked.kind == "person":
        return _person(asked, name), False
    if asked.kind in {"choice", "choices"} and 0 < len(asked.options) <= OPTIONS:
        return _select(asked, name), False
    longest = min(max(asked.max_length, markdown.size(asked.initial), 1), _TEXT)
    example = {"date": _("For example 2027-03-08"), "number": _("For example 3")}.get(asked.kind, "")
    listed = ", ".join(option.label for option in asked.options)
    return discord.ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph if asked.kind == "long" else discord.TextStyle.short,
        required=asked.required,
        default=markdown.within(markdown.clean(asked.initial), longest) or None,
        placeholder=markdown.line(asked.hint or listed or example, _HINT) or None,
        max_length=longest,
    ), True


def _select(asked: Field, name: str) -> discord.ui.Select[FormModal]:
    chosen = {asked.initial} if asked.kind == "choice" else set(re.split(r"\s*,\s*", asked.initial))
    options: dict[str, discord.SelectOption] = {}
    for option in asked.options:
        value = markdown.within(option.value, _OPTION) or "…"
        label = markdown.line(option.label, _OPTION) or markdown.line(value, _OPTION) or "…"
        options.setdefault(value, discord.SelectOption(label=label, value=value, default=option.value in chosen))
    return discord.ui.Select(
        custom_id=name,
        options=list(options.values()),
        min_values=int(asked.required),
        max_values=1 if asked.kind == "choice" else len(options),
        required=asked.required,
    )


def _person(asked: Field, name: str) -> discord.ui.UserSelect[FormModal]:
    known = asked.initial.strip().removeprefix("@")
    user = discord.SelectDefaultValueType.user
    return discord.ui.UserSelect(
        custom_id=name,
        min_values=int(asked.required),
        max_values=1,
        required=asked.required,
        default_values=[discord.SelectDefaultValue(id=int(known), type=user)] if markdown.is_person(known) else [],
    )
