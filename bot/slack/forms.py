"""Forms and messages as Slack views, and what people answered in them as the core takes it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from bot.slack import render, spans
from circles.language import _, speaking
from circles.messages import Field, Form, Heading, Message, Option, Plain, Strong

View = dict[str, Any]
FORM, MESSAGE, HOME = "form", "message", "home"  # the callback_ids of views
ANSWER = "answer"  # the action_id of every input; its block_id is the field's name
MOST_BLOCKS = 100
LONGEST_PRIVATE = 3000
_LONGEST_TITLE = 24
_LONGEST_LABEL = 2000
_LONGEST_INPUT = 3000
_LONGEST_OPTION, _LONGEST_VALUE = 75, 150
_MOST_OPTIONS, _MOST_TICKED = 100, 10
_SHORT_OPTION = 50
_LONGEST_ID = 255


def view(form: Form, *, call: str, private: str = "", locale: str = "") -> View:
    """Render a form as a modal; ``private`` (at most 3,000 characters) or else ``call`` comes back with the answers.

    The modal's own words are said in ``locale``, or in the current language where there is none.
    """
    if locale:
        with speaking(locale):
            return view(form, call=call, private=private)
    intro = render.paragraph(form.intro)
    inputs = [block for field in _each_once(form.fields) for block in _field(field)]
    blocks = _beneath_title(form.title, [*intro, *inputs])
    return {
        **_modal(FORM, form.title, private or call),
        "submit": render.plain_text(_in_one_line(form.submit) or _("Send"), _LONGEST_TITLE),
        "notify_on_close": True,
        "blocks": blocks or render.paragraph((Plain(_("There is nothing to fill in.")),)),
    }


def message_view(message: Message, title: str, private: str = "") -> View:
    """Render a message as a modal to read, whose buttons work; what does not fit is left out, and a line says so."""
    shown = render.blocks(message, most=MOST_BLOCKS - 1, heaviest=render.HEAVIEST_VIEW)
    return {**_modal(MESSAGE, title, private), "blocks": _beneath_title(title, shown)}


def home(message: Message) -> View:
    """Render a message as the app's Home."""
    shown = render.blocks(message, most=MOST_BLOCKS, heaviest=render.HEAVIEST_VIEW)
    return {"type": "home", "callback_id": HOME, "blocks": shown}


def answers(state: Mapping[str, Any]) -> dict[str, str]:
    """Read ``view.state``, or its values: what stands in each field, as typed; empty where nothing does.

    Several choices are joined with ", ", a person is written as "@U123", a day as 2027-03-08. Whatever has not the
    shape that Slack gives it counts as empty.
    """
    values = state.get("values", state) if isinstance(state, Mapping) else {}
    found: dict[str, str] = {}
    for name, actions in values.items() if isinstance(values, Mapping) else ():
        given = actions.get(ANSWER) if isinstance(actions, Mapping) else None
        if isinstance(name, str) and isinstance(given, Mapping):
            found[name] = _answer(given)
    return found


def errors(form: Form) -> dict[str, str]:
    """Give what is to be mended, by field, as Slack shows it beside an input that was sent."""
    return {field.name: spans.clip(field.error, _LONGEST_LABEL) for field in form.fields if field.error.strip()}


def _modal(callback: str, title: str, private: str) -> View:
    titled = {"type": "modal", "callback_id": callback, "title": render.plain_text(_short(title), _LONGEST_TITLE)}
    closing = {"close": render.plain_text(_("Close") if callback == MESSAGE else _("Cancel"), _LONGEST_TITLE)}
    return {**titled, **closing, "private_metadata": private}


def _beneath_title(title: str, blocks: list[View]) -> list[View]:
    """Put the title above the blocks where the modal's own is a shortened one."""
    whole = _in_one_line(title)
    above = [] if spans.size(whole) <= _LONGEST_TITLE else render.blocks(Message((Heading(whole),)))
    return [*above, *blocks][:MOST_BLOCKS]


def _short(title: str) -> str:
    return _in_one_line(title) or "Halqa"


def _in_one_line(text: str) -> str:
    return " ".join(spans.clean(text).split())


def _each_once(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Give the fields that an answer can be told apart by."""
    names: set[str] = set()
    for field in fields:
        if field.name not in names and is_a_name(field.name):
            names.add(field.name)
            yield field


def is_a_name(name: str) -> bool:
    """Say whether an answer can come back under this name."""
    return _can_return(name, _LONGEST_ID)


def _can_return(word: str, longest: int) -> bool:
    return bool(word.strip()) and spans.size(word) <= longest and word == spans.clean(word)


def _field(field: Field) -> list[View]:
    options = _options(field)
    shown = [option["text"]["text"] for option in options[:_MOST_OPTIONS]]
    hint = _in_one_line(field.hint)
    asked = {
        "type": "input",
        "block_id": field.name,
        "label": render.plain_text(_in_one_line(field.label) or field.name, _LONGEST_LABEL),
        "element": _element(field, options[:_MOST_OPTIONS]),
        "optional": not field.required,
    }
    blocks = [*render.paragraph((Strong(field.error),)), asked]
    if hint:
        asked["hint"] = render.plain_text(hint, _LONGEST_LABEL)
    if len(options) > _MOST_OPTIONS:
        words = _("Only the first {shown} of {all} answers can be shown here.")
        blocks.append(render.small(words.format(shown=len(shown), all=len(options))))
    return blocks


def _element(field: Field, options: list[View]) -> View:
    match field.kind:
        case "date":
            return {"type": "datepicker", "action_id": ANSWER, **_initial_day(field.initial)}
        case "person":
            return {"type": "users_select", "action_id": ANSWER, **_initial_person(field.initial)}
        case "number":
            number = field.initial.strip().removeprefix("#")
            initial = {"initial_value": number} if re.fullmatch(r"-?[0-9]{1,12}", number) else {}
            return {"type": "number_input", "action_id": ANSWER, "is_decimal_allowed": False, **initial}
        case "choice" if options:
            return _one_of(field, options)
        case "choices" if options:
            return _some_of(field, options)
        case _:
            return _typed(field)


def _typed(field: Field) -> View:
    longest = min(max(field.max_length, 1), _LONGEST_INPUT)
    initial = spans.clip(field.initial, _LONGEST_INPUT)
    # What somebody wrote already is never cut to fit; the core says that it is too long, and she shortens it.
    box: View = {"type": "plain_text_input", "action_id": ANSWER, "multiline": field.kind == "long"}
    box["max_length"] = min(max(longest, spans.size(initial)), _LONGEST_INPUT)
    return box | ({"initial_value": initial} if initial else {})


def _one_of(field: Field, options: list[View]) -> View:
    short = all(spans.size(option["text"]["text"]) <= _SHORT_OPTION for option in options)
    # A radio button can't be let go of again, so a question that may stay open is asked with a menu.
    kind = "radio_buttons" if field.required and short and len(options) <= _MOST_TICKED else "static_select"
    initial = [option for option in options if option["value"] == field.initial]
    return {"type": kind, "action_id": ANSWER, "options": options} | ({"initial_option": initial[0]} if initial else {})


def _some_of(field: Field, options: list[View]) -> View:
    chosen = {word.strip() for word in field.initial.split(",")}
    initial = [option for option in options if option["value"] in chosen]
    kind = "checkboxes" if len(options) <= _MOST_TICKED else "multi_static_select"
    return {"type": kind, "action_id": ANSWER, "options": options} | ({"initial_options": initial} if initial else {})


def _options(field: Field) -> list[View]:
    """Give the options that Slack can carry: each value once, neither empty nor longer than its limit."""
    by_value: dict[str, Option] = {}
    for option in field.options:
        if _can_return(option.value, _LONGEST_VALUE):
            by_value.setdefault(option.value, option)
    return [
        {"text": render.plain_text(_in_one_line(option.label) or value, _LONGEST_OPTION), "value": value}
        for value, option in by_value.items()
    ]


def _initial_day(text: str) -> View:
    with suppress(ValueError):
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
            return {"initial_date": date.fromisoformat(text.strip()).isoformat()}
    return {}


def _initial_person(text: str) -> View:
    user = text.strip().removeprefix("@")
    return {"initial_user": user} if spans.is_person(user) else {}


def _answer(given: Mapping[str, Any]) -> str:
    person = _text(given.get("selected_user"))
    people = given.get("selected_users")
    several = given.get("selected_options")
    if person:
        return f"@{person}"
    if isinstance(people, list):
        return ", ".join(f"@{_text(user)}" for user in people if _text(user))
    if isinstance(several, list):
        return ", ".join(value for option in several if (value := _value(option)))
    return _value(given.get("selected_option")) or _text(given.get("selected_date")) or _text(given.get("value"))


def _value(option: object) -> str:
    return _text(option.get("value")) if isinstance(option, Mapping) else ""


def _text(given: object) -> str:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return str(given)
    return given if isinstance(given, str) else ""
