"""The core's commands by Discord's names: a group can't be run there, so what is both gets a name of its own inside."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from circles import commands
from circles.grammar import Command, Parameter

PROGRAMME = "programme"  # the option that says in which programme, which a line says with in:
MOST = 25  # subcommands in a group, options of a command, choices of an option
_ITSELF: Mapping[str, str] = {"circle avoid": "person", "circle record": "show", "programme form": "preview"}
_NAMES = ("list", "show", "overview", "now")
_WORD = re.compile(r"[-_'\w]{1,32}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command as it is run on Discord: ``name`` is its path there, and ``command`` what it stands for."""

    name: str
    command: Command

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What can be typed with it."""
        return tuple(p for p in self.command.parameters if not p.form_only)


def is_required(command: Command, parameter: Parameter) -> bool:
    """Whether Discord asks for it at once; what a form asks better, words above all, may be left out."""
    has_more_to_ask = any(p.form_only for p in command.parameters)
    return parameter.required and parameter.kind != "text" and not has_more_to_ask


def of(table: Sequence[Command]) -> tuple[Leaf, ...]:
    """Give every command that is listed, under its name on Discord, in the table's order.

    Raises ValueError for a table that Discord can't show: more than 25 entries in a group, or paths of four words.
    """
    listed = [command for command in table if not command.hidden]
    paths = {command.path for command in listed}
    found = []
    for command in listed:
        is_group = any(path.startswith(f"{command.path} ") for path in paths) or " " not in command.path
        if not is_group:
            found.append(Leaf(command.path, command))
        elif _stand_in(command, listed) is None:
            found.append(Leaf(f"{command.path} {_own_name(command.path, paths)}", command))
    _check([leaf.name for leaf in found])
    return tuple(found)


def _stand_in(command: Command, listed: Sequence[Command]) -> Command | None:
    """Give the entry of the group that does the same, such as 'circle goal list' for 'circle goal'."""
    inside = (other for other in listed if other.path.startswith(f"{command.path} "))
    return next((other for other in inside if other.handler is command.handler), None)


def _own_name(path: str, paths: set[str]) -> str:
    return next(name for name in (_ITSELF.get(path, _NAMES[0]), *_NAMES) if f"{path} {name}" not in paths)


def _check(names: Sequence[str]) -> None:
    inside: dict[str, set[str]] = {}
    for name in names:
        words = name.split()
        if len(words) > 3 or not all(_WORD.fullmatch(word) for word in words):
            raise ValueError(f"Discord has no place for a command called “{name}”.")
        for deep in range(1, len(words)):
            inside.setdefault(" ".join(words[:deep]), set()).add(words[deep])
    for group, entries in inside.items():
        if len(entries) > MOST:
            raise ValueError(f"“{group}” has {len(entries)} entries, and Discord shows {MOST} of them.")


@lru_cache(maxsize=1)
def everything() -> tuple[Leaf, ...]:
    """Every command of the table, under its name on Discord."""
    return of(commands.table())


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Give Discord's name for every path that it can show, also for one that something else stands in for."""
    table = commands.table()
    names = {leaf.command.path: leaf.name for leaf in everything()}
    for command in table:
        inside = _stand_in(command, [c for c in table if not c.hidden])
        if command.path not in names and inside is not None:
            names[command.path] = names[inside.path]
    return names


def named(text: str) -> tuple[str, str] | None:
    """Give Discord's name of the command that ``text`` begins with, and what is typed behind it; None for none."""
    words = text.strip().removeprefix("/").split()
    for length in range(min(len(words), 3), 0, -1):
        path = " ".join(words[:length]).lower()
        rest = words[length:]
        if path in _names() and (length > 1 or all(word.startswith("in:") for word in rest)):
            return _names()[path], " ".join(rest)
    return None
