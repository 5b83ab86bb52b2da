"""What is typed behind a command on Discord: options made from its parameters, and the line that they make again."""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord.leaves import MOST, PROGRAMME, Leaf, is_required
from circles import commands, grammar, suggestions, when
from circles.errors import BadCall
from circles.grammar import Parameter
from circles.language import _

Choice = app_commands.Choice[str | int | float]
OnCall = Callable[[discord.Interaction, str, Mapping[str, str]], Awaitable[None]]
Suggest = Callable[[discord.Interaction, str, str, str], Awaitable[Sequence[Choice]]]
Run = Callable[..., Coroutine[Any, Any, None]]
LONGEST_DESCRIPTION, LONGEST_CHOICE, _LONGEST_TEXT = 100, 100, 6000
_WHICH = "Which programme, if you are in more than one"
_LARGE = (
    *("Asia/Amman", "Asia/Beirut", "Asia/Damascus", "Asia/Jerusalem", "Asia/Hebron", "Asia/Baghdad", "Asia/Riyadh"),
    *("Asia/Kuwait", "Asia/Qatar", "Asia/Dubai", "Asia/Muscat", "Asia/Aden", "Africa/Cairo", "Africa/Khartoum"),
    *("Africa/Tunis", "Africa/Algiers", "Africa/Casablanca", "Europe/London", "Europe/Berlin", "Europe/Istanbul"),
    *("America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto", "UTC"),
)
_FOR_ONE_PROGRAMME = {"circle join"}  # about the person herself, and yet in a programme that she may name


def words(msgid: str, longest: int = LONGEST_DESCRIPTION) -> app_commands.locale_str:
    """Give a sentence of the table as Discord shows it, which a translator finds again by its msgid."""
    said = _(msgid)
    return app_commands.locale_str(said if len(said) <= longest else said[: longest - 1] + "…", msgid=msgid)


def zones(current: str) -> list[Choice]:
    """Offer time zones by city and by name; some large ones before anything is typed."""
    places = when.zones_like(current, MOST) if current.strip() else tuple((zone, zone) for zone in _LARGE)
    return [
        app_commands.Choice(name=place if place == zone else f"{place} ({zone})", value=zone) for place, zone in places
    ]


def callback(leaf: Leaf, on_call: OnCall, suggest: Suggest | None) -> Run:
    """Make what discord.py runs for a command; it reads the options from the signature."""

    async def run(interaction: discord.Interaction, **values: Any) -> None:
        line, answers = composed(leaf, values)
        await on_call(interaction, line, answers)

    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    options = [_option(leaf, parameter) for parameter in leaf.parameters]
    described = {p.name: words(p.help) for p in leaf.parameters}
    if not leaf.command.is_personal or leaf.command.path in _FOR_ONE_PROGRAMME:
        options.append(_keyword(PROGRAMME, app_commands.Range[str, 1, 60], is_needed=False))
        described[PROGRAMME] = words(_WHICH)
    run.__signature__ = inspect.Signature([first, *options])  # type: ignore[attr-defined]
    chosen = {p.name: _choices(p) for p in leaf.parameters if 0 < len(p.choices) <= MOST}
    if described:
        app_commands.describe(**described)(run)
    if chosen:
        app_commands.choices(**chosen)(run)
    offered = {name: _offering(leaf, name, suggest) for name in described if _is_offered(leaf, name, suggest)}
    if offered:
        app_commands.autocomplete(**offered)(run)  # type: ignore[arg-type]
    return run


def _keyword(name: str, kind: Any, *, is_needed: bool) -> inspect.Parameter:
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if is_needed else None,
        annotation=kind if is_needed else kind | None,
    )


def _option(leaf: Leaf, parameter: Parameter) -> inspect.Parameter:
    return _keyword(parameter.name, _kind(parameter), is_needed=is_required(leaf.command, parameter))


def _kind(parameter: Parameter) -> Any:
    if parameter.kind == "person":
        return discord.User
    if parameter.kind == "flag":
        return bool
    if parameter.kind == "number":
        return app_commands.Range[int, parameter.lowest, parameter.highest]
    if 0 < len(parameter.choices) <= MOST:
        return str
    return app_commands.Range[str, 1, min(parameter.longest, _LONGEST_TEXT)]


def _choices(parameter: Parameter) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(name=app_commands.locale_str(grammar.choice_label(choice)[:LONGEST_CHOICE]), value=choice)
        for choice in parameter.choices
    ]


def _is_offered(leaf: Leaf, name: str, suggest: Suggest | None) -> bool:
    parameter = next((p for p in leaf.parameters if p.name == name), None)
    if parameter is not None and (parameter.kind == "zone" or len(parameter.choices) > MOST):
        return True
    return suggest is not None and suggestions.offers(leaf.command.path, name)


def _offering(leaf: Leaf, name: str, suggest: Suggest | None) -> Callable[..., Coroutine[Any, Any, list[Choice]]]:
    parameter = next((p for p in leaf.parameters if p.name == name), None)

    async def offer(interaction: discord.Interaction, current: str) -> list[Choice]:
        if parameter is not None and parameter.kind == "zone":
            return zones(str(current))
        if parameter is not None and parameter.choices:
            near = [c for c in parameter.choices if str(current).lower() in f"{c} {grammar.choice_label(c)}".lower()]
            return [app_commands.Choice(name=grammar.choice_label(c)[:LONGEST_CHOICE], value=c) for c in near[:MOST]]
        found = await suggest(interaction, leaf.command.path, name, str(current)) if suggest is not None else ()
        return list(found)[:MOST]

    return offer


def composed(leaf: Leaf, values: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Give the line that the core reads, and as answers what a line can't say.

    That is what follows an option that was left out, a word with a space in it, a text that holds in:, and the like.
    """
    line = leaf.command.path
    read: dict[str, str] = {}
    answers: dict[str, str] = {}
    for parameter in leaf.parameters:
        value = _written(values.get(parameter.name))
        if not value.strip():
            continue  # what follows would be read in its place, and so becomes an answer
        tried = f"{line} {value}"
        if _reads(tried, {**read, parameter.name: value}):
            line, read[parameter.name] = tried, value
        else:
            answers[parameter.name] = value
    slug = re.sub(r"[^a-z0-9-]+", "-", _written(values.get(PROGRAMME)).lower().removeprefix("in:").strip()).strip("-")
    return (f"{line} in:{slug}" if slug else line), answers


def _reads(line: str, meant: Mapping[str, str]) -> bool:
    """Whether the core reads in a line just what is meant by it."""
    try:
        command, _rest = grammar.find(commands.table(), grammar.words_of(line))
        return grammar.typed(command, line) == meant
    except BadCall:
        return False


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case _:
            return f"@{value.id}"
