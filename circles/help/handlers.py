"""Help, from the same table that runs the commands: it lists what the asker may use, and nothing else."""

import difflib
from collections.abc import Iterable

from circles import commands
from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.grammar import Command, Parameter
from circles.help import home, words
from circles.language import _
from circles.turn import Turn
from storage import programmes

BEGINNING = "programme setup"  # anybody may start a programme, and organises it from then on


def circle_help(turn: Turn, word: str = "") -> Iterable[Effect]:
    """Explain the members' commands."""
    return _help(turn, "circle", word)


def programme_help(turn: Turn, word: str = "") -> Iterable[Effect]:
    """Explain the organisers' commands."""
    return _help(turn, "programme", word)


def _help(turn: Turn, root: str, word: str) -> Iterable[Effect]:
    listed = [c for c in commands.table() if c.path.split()[0] == root and not c.hidden]
    audiences = _audiences(turn)
    mine = [c for c in listed if c.who in audiences or c.path == BEGINNING]
    if word:
        return [_about(root, word, listed, mine)]
    groups: dict[str, list[Command]] = {}
    for command in mine:
        groups.setdefault(concept_of(command), []).append(command)
    return [Reply(words.overview(root, groups, may_join=len(mine) < len(listed)))]


def _audiences(turn: Turn) -> set[str]:
    db, workspace, person = turn.db, turn.workspace.id, turn.person.id
    audiences = {"anyone"}
    if programmes.joined_by(db, workspace, person):
        audiences.add("member")
    if programmes.organised_by(db, workspace, person):
        audiences.add("organiser")
    return audiences


def concept_of(command: Command) -> str:
    """Give the concept that a command belongs to: the folder of its handler."""
    return command.handler.__module__.split(".")[1]


def _about(root: str, word: str, listed: list[Command], mine: list[Command]) -> Reply:
    path = " ".join([root, *word.lower().removeprefix("/").removeprefix(f"{root} ").split()])
    meant = [c for c in listed if c.path == path or c.path.startswith(f"{path} ")]
    if not meant:
        known = sorted({c.path.removeprefix(f"{root} ") for c in mine if c.path != root})
        near = difflib.get_close_matches(path.removeprefix(f"{root} "), known, n=1, cutoff=0.5)
        raise BadCall(words.unknown(root, word, near[0] if near else ""))
    usable = [c for c in meant if c in mine]
    if not usable:
        raise Refused(words.not_yours_yet(root))
    return Reply(words.details(usable))


_WORD = Parameter("word", "text", _("A command, such as join"), required=False, longest=60)
COMMANDS: tuple[Command, ...] = (
    Command(
        "circle home",
        _("Where you are, your goals and your settings, on one page"),
        home.home,
        who="anyone",
        hidden=True,
        is_looking=True,
        is_personal=True,
    ),
    Command(
        "circle help",
        _("See what you can type"),
        circle_help,
        (_WORD,),
        who="anyone",
        is_personal=True,
        is_looking=True,
    ),
    Command(
        "programme help",
        _("See what organisers can type"),
        programme_help,
        (_WORD,),
        who="anyone",
        is_personal=True,
        is_looking=True,
    ),
)
