"""How a person's export says what the database keeps in short words: what a message was about, and how it ended."""

from collections.abc import Mapping

from circles.language import _


def about(kind: str) -> str:
    """Say what a message to her was about."""
    return kinds().get(kind, _("a message"))


def kinds() -> Mapping[str, str]:
    """Give what every kind of message to one person is about."""
    return {
        "absent": _("somebody whom I could not let into a room"),
        "action": _("a question about an action"),
        "again": _("what may not have reached you"),
        "back": _("a welcome back after a rest"),
        "call": _("a programme that opened for joining"),
        "check-in": _("a check-in about a goal"),
        "check-in-reminder": _("a reminder of a check-in"),
        "check-in-snoozed": _("a check-in that you put off"),
        "close": _("the end of a programme"),
        "digest": _("a few things at once"),
        "eve": _("a heads-up before a round"),
        "goal-invite": _("an invitation to write down a goal"),
        "goals-back": _("goals that are yours alone again"),
        "gone": _("somebody who is no longer here"),
        "left-room": _("the room of your circle, which you left"),
        "middle": _("a question halfway through a round"),
        "no-round": _("a round that could not begin"),
        "organiser": _("organising a programme"),
        "put-on-list": _("your place on the waiting list"),
        "refused": _("a message that a chat refused"),
        "room-lost": _("a room that was lost"),
        "shelf-empty": _("a circle that has had every prompt"),
        "shut": _("somebody whom I could not reach"),
        "silence": _("a question about the next rounds"),
        "sits-out": _("a round without a meeting for you"),
        "skipped": _("what came too late to be sent"),
        "still-waiting": _("waiting on after circles were formed"),
        "thanks": _("thanks from somebody"),
        "zone": _("your time zone"),
    }


def ended(state: str) -> str:
    """Say where a message to her is, or how it ended."""
    return states().get(state, state)


def states() -> Mapping[str, str]:
    """Give every state of a message in words."""
    return {
        "pending": _("waits for its time"),
        "ready": _("on its way"),
        "sending": _("on its way"),
        "sent": _("sent"),
        "merged": _("sent together with others"),
        "expired": _("not sent, it came too late"),
        "cancelled": _("not sent, it was no longer wanted"),
        "unreachable": _("did not arrive"),
    }
