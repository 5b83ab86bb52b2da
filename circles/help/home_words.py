"""What frames a person's page: the titles, her settings, and what did not fit."""

from collections.abc import Sequence

from circles.language import _, day_text, ngettext_
from circles.messages import Block, Button, Buttons, Command, Fact, Facts, Heading, Plain, Text, text
from storage.tables import Member, Programme

MOST_PAUSES = 2  # as many as there is room for beside the other buttons


def summary() -> str:
    """Say what the page is, for those who hear it."""
    return _("Where you are, and what comes next")


def settings(joined: Sequence[tuple[Programme, Member]], rhythm: Sequence[Fact]) -> tuple[Block, ...]:
    """Show her settings at a glance, with a button to change each."""
    pauses = [_pause(member) for _programme, member in joined]
    if len(joined) > 1:
        pauses = [f"{programme.name}: {said}" for (programme, _member), said in zip(joined, pauses, strict=True)]
    rows = [Fact(_("Pause"), (Plain(" · ".join(pauses)),))] if joined else []
    changes = [_change_pause(*one, by_name=len(joined) > 1) for one in joined[:MOST_PAUSES]]
    return (
        Heading(_("Your settings")),
        Facts((*rows, *rhythm)),
        Buttons(
            (
                *changes,
                Button(_("Quiet hours"), "circle quiet change"),
                Button(_("Days off"), "circle weekend"),
                Button(_("Time zone"), "circle zone change"),
            )
        ),
    )


def _pause(member: Member) -> str:
    if member.state != "paused" or member.paused_until is None:
        return _("none")
    return _("until {day}").format(day=day_text(member.paused_until))


def _change_pause(programme: Programme, member: Member, *, by_name: bool) -> Button:
    is_paused = member.state == "paused"
    label, call = (_("Come back now"), "circle resume") if is_paused else (_("Pause"), "circle pause")
    if by_name:
        label = f"{label}: {programme.name}"[:75]
    return Button(label, f"{call} in:{programme.slug}")


def more(number: int) -> Text:
    """Say that some programmes have no room on the page."""
    said = ngettext_(
        "There was no room here for {n} more of your programmes. {command} shows the others.",
        "There was no room here for {n} more of your programmes. {command} shows the others.",
        number,
    )
    return text(said, n=number, command=Command("/circle"))
