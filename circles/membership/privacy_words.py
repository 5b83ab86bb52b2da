"""What is said about what is hers alone: people she keeps away from, and the data kept about her."""

from collections.abc import Sequence

from circles.language import _
from circles.messages import (
    Bullets,
    Button,
    Command,
    Heading,
    Message,
    Plain,
    Strong,
    buttons,
    enumerate_spans,
    message,
    text,
)
from circles.turn import mention
from storage.tables import Person, Programme

LONGEST_PART = 1500  # characters; a chat clips longer messages
MOST_BUTTONS = 5


def avoided(others: Sequence[Person]) -> Message:
    """List whom she keeps away from, for her eyes alone."""
    how = text(
        _("{command} adds somebody. No reason is needed, and nobody is told, organisers neither."),
        command=Command(_("/circle avoid @name")),
    )
    if not others:
        return message(_("You keep away from nobody."), how)
    return message(
        _("You are never brought together with:"),
        Bullets(tuple((mention(other),) for other in others)),
        buttons(
            *(
                Button(_("Remove {name}").format(name=other.name)[:75], f"circle avoid remove {other.outside_id}")
                for other in others[:MOST_BUTTONS]
            )
        ),
        how,
    )


def avoids(other: Person, *, left_a_meeting: bool) -> Message:
    """Confirm that she keeps away from somebody."""
    return message(
        text(
            _("You and {name} are never brought together. No reason is needed, and nobody is told."),
            name=mention(other),
        ),
        _("You are also out of this round's meeting; whoever still expects to meet you is told in neutral words.")
        if left_a_meeting
        else None,
        buttons(
            Button(_("Undo"), f"circle avoid remove {other.outside_id}"), Button(_("Show my list"), "circle avoid")
        ),
    )


def avoids_no_more(other: Person) -> Message:
    """Confirm that such a word was taken back."""
    return message(text(_("You and {name} can be brought together again."), name=mention(other)))


def exported(sections: Sequence[tuple[str, tuple[str, ...]]]) -> list[Message]:
    """Say everything that is kept about a person, in as many messages as it takes."""
    first = message(
        _("This is everything I keep about you. Only you see it. What you write in rooms I neither read nor keep.")
    )
    return [first, *(part for heading, lines in sections for part in _parts(heading, lines))]


def _parts(heading: str, lines: tuple[str, ...]) -> list[Message]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if sum(len(known) + 2 for known in parts[-1]) + len(line) > LONGEST_PART and parts[-1]:
            parts.append([])
        parts[-1].append(line)
    return [message(Heading(heading), Bullets(tuple((Plain(line),) for line in part))) for part in parts]


def really_delete(joined: Sequence[Programme]) -> Message:
    """Ask whether everything may go, with what goes and what stays."""
    names = enumerate_spans([Strong(programme.name) for programme in joined])
    return message(
        _("This can't be undone. What goes:"),
        Bullets(
            (
                (Plain(_("your profile texts, goals, check-ins, actions, notes and begun forms")),),
                (Plain(_("your list of people to keep away from, your quiet hours and time zone")),),
                (Plain(_("the text of what I wrote to you, or about you")),),
            )
        ),
        text(
            _("What stays, so that the others' history is true: “{name}” had a seat, and which meetings took place."),
            name=somebody(),
        ),
        _("Your id on this platform stays with it. Copies kept against repeated clicks go within a few days."),
        text(_("You also leave {names}."), names=names) if joined else None,
        buttons(
            Button(_("Delete my data"), "circle data delete yes", "danger"),
            Button(_("Export it first"), "circle data export"),
        ),
    )


def somebody() -> str:
    """Name a person whose data was deleted."""
    return _("someone who left")


def blank() -> str:
    """Stand in for words that were deleted."""
    return _("(Deleted at a person's wish.)")


def deleted() -> Message:
    """Confirm that everything is gone."""
    return message(
        _("It is done: what you wrote and chose is deleted, and nothing more will come."),
        text(_("If you ever like to return, {command} begins afresh."), command=Command("/circle join")),
    )
