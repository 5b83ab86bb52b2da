"""What is said about the commands themselves."""

from collections.abc import Mapping, Sequence

from circles import grammar
from circles.grammar import Command
from circles.language import _, listing
from circles.messages import Block, Bullets, Fact, Facts, Heading, Message, Plain, Span, message, text
from circles.messages import Command as Typed


def subject(concept: str) -> str:
    """Name a group of commands."""
    return {
        "membership": _("You and your programme"),
        "programme": _("The programme and its calendar"),
        "forming": _("Forming circles"),
        "tending": _("Circles that run"),
        "rotation": _("Rounds and meetings"),
        "appointments": _("Finding an hour"),
        "conversation": _("Conversation"),
        "goals": _("Goals and check-ins"),
        "closing": _("Looking back and closing"),
        "undelivered": _("Messages and rooms that got lost"),
        "help": _("Help"),
    }.get(concept, concept.capitalize())


def overview(root: str, groups: Mapping[str, Sequence[Command]], *, may_join: bool) -> Message:
    """List the commands that the asker may use, by subject."""
    blocks: list[Block] = []
    for concept, commands in groups.items():
        blocks += [Heading(subject(concept)), Bullets(tuple(_line(command) for command in commands))]
    more = {
        "circle": _("Once you have joined a programme, there is more."),
        "programme": _("Once you organise a programme, there is more."),
    }
    return message(
        *blocks,
        more[root] if may_join else None,
        text(_("{command} tells more about one of them."), command=Typed(_("/{root} help <word>").format(root=root))),
    )


def _line(command: Command) -> tuple[Span, ...]:
    return (Typed(command.usage), Plain(f": {_(command.help)}"))


def details(commands: Sequence[Command]) -> Message:
    """Tell what one word does: usage, and what each part of it means."""
    blocks: list[Block | None] = []
    for command in commands:
        rows = tuple(Fact(p.name, (Plain(_parameter(p)),)) for p in command.parameters)
        blocks += [
            text("{usage}: {help}", usage=Typed(command.usage), help=_(command.help)),
            Facts(rows) if rows else None,
        ]
    return message(*blocks)


def _parameter(parameter: grammar.Parameter) -> str:
    said = _(parameter.help)
    if parameter.choices:
        said += " (" + listing([grammar.choice_label(c) for c in parameter.choices], either=True) + ")"
    if parameter.form_only:
        said += " · " + _("asked for in a form")
    elif not parameter.required:
        said += " · " + _("may be left out")
    return said


def unknown(root: str, word: str, near: str) -> str:
    """Say that there is no such command."""
    if near:
        return _("There is no /{root} {word}. Did you mean /{root} {near}?").format(
            root=root, word=word[:40], near=near
        )
    return _("There is no /{root} {word}. Type /{root} help to see what there is.").format(root=root, word=word[:40])


def not_yours_yet(root: str) -> str:
    """Say why a command can't be used by the asker now."""
    if root == "programme":
        return _("This is for organisers. A programme begins with /programme setup.")
    return _("This is for members. Type /circle join to see what is open.")
