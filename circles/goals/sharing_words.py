"""What is said about sharing goals: who would read one, who can now, and what others share with her."""

from collections.abc import Sequence

from circles.goals.words import LISTED, clipped, my_goals_button, scope_name
from circles.language import _, listing, ngettext_
from circles.messages import (
    Bullets,
    Button,
    Heading,
    Mention,
    Message,
    Plain,
    Quote,
    Span,
    Strong,
    buttons,
    enumerate_spans,
    message,
    sentence,
    text,
)
from circles.turn import mention
from storage.tables import Goal, Person


def _reach(partners: Sequence[Person], circle_size: int) -> tuple[tuple[Span, ...], ...]:
    now = listing([p.name for p in partners]) if partners else _("nobody just now")
    others = ngettext_("{n} other person", "{n} other people", circle_size).format(n=circle_size)
    return (
        (Strong(_("Only me")), Plain(_(": nobody else, not even the organisers."))),
        (
            Strong(_("The people I meet")),
            *sentence(
                _(": your meeting group of the current round, and it changes with every round. Now: {now}."), now=now
            ),
        ),
        (Strong(_("My circle")), *sentence(_(": everybody who sits in your circle. Now: {others}."), others=others)),
    )


def share_choices(number: int, goal: Goal, partners: Sequence[Person], circle_size: int) -> Message:
    """Say who would read a goal, before she chooses."""
    return message(
        text(_("Who may read goal {number}? Just now: {scope}."), number=number, scope=scope_name(goal.scope)),
        Bullets(_reach(partners, circle_size)),
        _("Whatever you choose, I post nothing by myself. You can take it back at any time."),
        buttons(
            Button(_("Only me"), f"circle goal share {number} me"),
            Button(_("The people I meet"), f"circle goal share {number} partner"),
            Button(_("My circle"), f"circle goal share {number} circle"),
        ),
        summary=_("Who may read your goal"),
    )


def shared(number: int, scope: str, partners: Sequence[Person], circle_size: int, *, was_circle: bool) -> Message:
    """Confirm who can read a goal from now on."""
    if scope == "me":
        said = text(_("From now on only you can read goal {number}."), number=number)
    elif scope == "partner":
        now: Span | tuple[Span, ...] = (
            enumerate_spans([mention(person) for person in partners]) if partners else Plain(_("nobody just now"))
        )
        said = text(
            _("The people you meet in the current round can read goal {number}: {now}. It changes with every round."),
            number=number,
            now=now,
        )
    else:
        said = text(
            ngettext_(
                "Your circle can read goal {number}: {n} other person. I have posted nothing.",
                "Your circle can read goal {number}: {n} other people. I have posted nothing.",
                circle_size,
            ),
            number=number,
            n=circle_size,
        )
    keep = [Button(_("Keep it to me"), f"circle goal share {number} me")] if scope != "me" else []
    tell = [Button(_("Tell my circle"), f"circle goal tell {number}")] if scope == "circle" else []
    before = was_circle and scope != "circle"
    return message(
        said,
        _("If you told your circle's room before, those words stay there.") if before else None,
        buttons(*tell, *keep, my_goals_button()),
        summary=_("Who may read your goal"),
    )


def told(number: int) -> Message:
    """Confirm that the circle's room is told."""
    return message(
        text(_("Your circle's room now has goal {number}."), number=number),
        buttons(my_goals_button()),
        summary=_("Your goal is told"),
    )


def to_circle(person: Person, goal: Goal) -> Message:
    """Tell a circle's room of a goal, in its owner's name."""
    return message(
        text(_("{person} shares a goal with this circle:"), person=mention(person)),
        Quote((Plain(goal.text),)),
        buttons(Button(_("Goals shared with me"), "circle goal see")),
        summary=_("Somebody in your circle shares a goal"),
    )


def seen(rows: Sequence[tuple[Person, Goal]]) -> Message:
    """List the goals that others share with her."""
    if not rows:
        return message(
            _("Nobody shares a goal with you just now. Goals are private here until their owner says otherwise."),
            buttons(my_goals_button()),
            summary=_("Goals shared with you"),
        )
    shown, left_out = rows[:LISTED], max(0, len(rows) - LISTED)
    lines: list[tuple[Mention | Plain, ...]] = [
        (mention(person), Plain(": "), Plain(clipped(goal.text))) for person, goal in shown
    ]
    return message(
        Heading(_("Goals shared with you")),
        Bullets(tuple(lines)),
        text(ngettext_("{n} more is not shown.", "{n} more are not shown.", left_out), n=left_out)
        if left_out
        else None,
        _("They are for your eyes, not for passing on."),
        buttons(my_goals_button()),
        summary=_("Goals shared with you"),
    )
