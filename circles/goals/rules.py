"""What is decided about goals, check-ins and actions: limits, who may read, what is asked next, what an answer does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_ACTIVE = 3  # goals at a time
MOST_SNOOZES = 3
MOST_TIMES_ASKED = 2
YOUNGEST_ASKED = timedelta(days=2)  # an action noted just now needs no question yet
ANSWERS = ("same", "changed", "parked", "done", "not-this-week")
ACTION_ANSWERS = ("did", "partly", "changed", "help")
SCOPES = ("me", "partner", "circle")


@dataclass(frozen=True, slots=True)
class Asked:
    """An open action as the question before a meeting sees it: when it was made, last asked, and how many times."""

    action: int
    made_at: datetime
    asked_at: datetime | None
    times: int


def may_begin(active: int) -> bool:
    """Say whether one more goal may be active beside ``active`` others."""
    return active < MOST_ACTIVE


def may_read(scope: str, *, owns: bool, meets_now: bool, same_circle: bool) -> bool:
    """Say whether somebody may read a goal: its owner always, the others only as far as its scope reaches."""
    if owns:
        return True
    return (scope in {"partner", "circle"} and meets_now) or (scope == "circle" and same_circle)


def least_recently_asked(active: Sequence[int], asked: Mapping[int, date]) -> int | None:
    """Choose the goal to ask about: never asked first, then asked longest ago, then the oldest; None without goals."""
    return min(active, key=lambda goal: (asked.get(goal, date.min), goal), default=None)


def state_after(answer: str, state: str, before: str) -> str:
    """Give a goal's state after a check-in's ``answer``, where ``before`` was her earlier answer to the same one.

    Done and parked set the state. Any other answer changes nothing, save that it takes back what ``before`` had set.
    """
    if answer in {"done", "parked"}:
        return answer
    return "active" if before in {"done", "parked"} and before == state else state


def may_snooze(snoozes: int) -> bool:
    """Say whether a check-in may be put off once more."""
    return snoozes < MOST_SNOOZES


def action_to_ask(actions: Iterable[Asked], now: datetime, round_began: datetime | None) -> int | None:
    """Choose the one action to ask about in this round: the oldest that is due; None when nothing is, or one was asked.

    Due is what was noted two days ago or earlier and was asked about fewer than twice.
    """
    known = sorted(actions, key=lambda a: (a.made_at, a.action))
    if round_began is not None and any(a.asked_at is not None and a.asked_at >= round_began for a in known):
        return None
    due = (a.action for a in known if now - a.made_at >= YOUNGEST_ASKED and a.times < MOST_TIMES_ASKED)
    return next(due, None)


def is_carried_over(made_at: datetime, asked_at: datetime | None, round_began: datetime | None) -> bool:
    """Say whether an open action comes from before this round, or was asked about and left open."""
    return asked_at is not None or (round_began is not None and made_at < round_began)


def variant(bank: Sequence[str], seed: int) -> str:
    """Choose a question: the same seed gives the same words, and seeds in a row give different ones."""
    return bank[seed % len(bank)]
