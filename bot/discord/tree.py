"""The command tree that Discord is told of, made from the core's table, and its words in other languages."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Place

from bot.discord import leaves, options
from circles import grammar
from circles.grammar import Command
from circles.language import _, speaking

_NAME = re.compile(r"[-_'\w]{1,32}")
_WHO = "default_member_permissions"  # null says that everybody sees it
_SAID = ("type", "description", "required", "autocomplete", _WHO)
_NAMES = {Place.command_name, Place.group_name, Place.parameter_name}


def commands(
    table: Sequence[Command], on_call: options.OnCall, suggest: options.Suggest | None = None
) -> list[app_commands.Group]:
    """Make the root groups; each command in them calls ``on_call(interaction, line, answers)``.

    ``suggest(interaction, path, parameter, current)`` gives what is offered while somebody types: for words, for
    numbers of things, and for ``programme``; ``path`` is the core's. Time zones are offered without it.
    Raises ValueError for a table that Discord can't show.
    """
    found = leaves.of(table)
    helps = {command.path: command.help for command in table}
    groups: dict[str, app_commands.Group] = {}
    for leaf in found:
        *path, name = leaf.name.split()
        group = _group(tuple(path), groups, helps, found)
        run = options.callback(leaf, on_call, suggest)
        group.add_command(app_commands.Command(name=name, description=options.words(leaf.command.help), callback=run))
    return [group for group in groups.values() if group.parent is None]


def _group(
    path: tuple[str, ...],
    groups: dict[str, app_commands.Group],
    helps: Mapping[str, str],
    found: Sequence[leaves.Leaf],
) -> app_commands.Group:
    """Give a group, made when it is first asked for."""
    name = " ".join(path)
    if name in groups:
        return groups[name]
    inside = [leaf for leaf in found if leaf.name.startswith(f"{name} ")]
    entries = ", ".join(dict.fromkeys(leaf.name.split()[len(path)] for leaf in inside))
    description = options.words(helps.get(name, entries))
    if len(path) > 1:
        parent = _group(path[:-1], groups, helps, found)
        groups[name] = app_commands.Group(name=path[-1], description=description, parent=parent)
        return groups[name]
    is_for_organisers = any(leaf.command.who == "organiser" for leaf in inside)
    groups[name] = app_commands.Group(
        name=name,
        description=description,
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True) if is_for_organisers else None,
    )
    return groups[name]


class Gettext(app_commands.Translator):
    """Says names and descriptions in the languages that there are catalogues for.

    A name's msgid has the context "command", since a name is one word in lower case: ``msgctxt "command"``.
    """

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Give the words in a language, or None where there are none that Discord would take."""
        with speaking(locale.value):
            if context.location in _NAMES:
                msgid = f"command\x04{string.message}"
                said = _(msgid)
                return said if _NAME.fullmatch(said) and said == said.lower() and said != string.message else None
            if context.location is Place.choice_name:
                said = grammar.choice_label(str(context.data.value))
            else:
                said = _(str(string.extras.get("msgid", string.message)))
        said = said if len(said) <= options.LONGEST_DESCRIPTION else said[: options.LONGEST_DESCRIPTION - 1] + "…"
        return said if said and said != string.message else None


async def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Give what a sync sends: every command as JSON, in every language that the tree's translator knows."""
    translator = tree.translator
    given = tree.get_commands(type=discord.AppCommandType.chat_input)
    if translator is None:
        return [command.to_dict(tree) for command in given]
    return [await command.get_translated_payload(tree, translator) for command in given]


async def sent(table: Sequence[Command]) -> list[dict[str, Any]]:
    """Give what a sync sends of a table, without a connection."""

    async def nothing(*_about: Any) -> Any:
        return []

    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        held: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
        for group in commands(table, nothing, nothing):
            held.add_command(group)
        await held.set_translator(Gettext())
        return await payload(held)


def names(command: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Give the full name of everything that can be run in a command."""
    name = f"{path} {command['name']}".strip()
    inside = [option for option in command.get("options") or [] if option["type"] in {1, 2}]
    if not inside:
        yield name
    for option in inside:
        yield from names(option, name)


def are_said(ours: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether all our commands are among those that Discord knows, and look as we tell them.

    Discord says them in its own words, with more fields and without those that say nothing.
    """
    known = {str(one.get("name")): one for one in there}
    return all(str(one["name"]) in known and _is_said(one, known[str(one["name"])]) for one in ours)


def _is_said(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    told = [key for key in _SAID if theirs.get(key) is not None or (key == _WHO and key in theirs)]
    if any(_plain(theirs[key]) != _plain(ours.get(key)) for key in told):
        return False
    mine, others = ours.get("options") or [], theirs.get("options") or []
    offered, there = ([_plain(one.get("value")) for one in each.get("choices") or []] for each in (ours, theirs))
    names_match = [one["name"] for one in mine] == [one.get("name") for one in others]
    return names_match and offered == there and all(map(_is_said, mine, others))


def _plain(value: object) -> str:
    return str(value) if value else ""


def fingerprint(sent: Sequence[Mapping[str, Any]]) -> str:
    """Give a sha256 of a payload, the same for the same commands in any order: sync only when it changed."""
    ordered = sorted(sent, key=lambda command: str(command["name"]))
    return hashlib.sha256(json.dumps(ordered, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
