"""Days kept free: which days may be, and what moves when they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from circles.errors import BadCall
from circles.language import _, day_text
from circles.programme.rules import Planned
from circles.schedule import Blackout

LONGEST = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Move:
    """A round that opens on another day; ``after`` is None when it no longer fits in, ``before`` when it is new."""

    number: int
    before: date | None
    after: date | None


def check(first: date, last: date, today: date, known: Sequence[Blackout], ends_on: date | None) -> Blackout:
    """Give the days to keep free; raises BadCall, naming the field to mend, when these can't be."""
    if last < first:
        raise BadCall(_("These days end before they begin. Which is the last day?"), field="last")
    if first < today:
        raise BadCall(_("That has begun already. Days from today on can be kept free."), field="first")
    if last - first >= LONGEST:
        raise BadCall(_("At most 8 weeks can be kept free at a time."), field="last")
    if ends_on is not None and first > ends_on:
        raise BadCall(_("The programme ends before that, on {day}.").format(day=day_text(ends_on)), field="first")
    if any(b.first <= last and first <= b.last for b in known):
        raise BadCall(
            _("Some of these days are kept free already. Type /programme schedule to see them."), field="first"
        )
    return Blackout(first, last)


def moves(before: Sequence[Planned], after: Sequence[Planned]) -> list[Move]:
    """Say which rounds open on other days, the earliest first; rounds of several circles that move alike are one."""
    was = {(p.circle, p.number): p.day for p in before if p.kind == "round-open"}
    will_be = {(p.circle, p.number): p.day for p in after if p.kind == "round-open"}
    found = {
        Move(key[1], was.get(key), will_be.get(key))
        for key in was.keys() | will_be.keys()
        if was.get(key) != will_be.get(key)
    }
    return sorted(found, key=lambda m: (m.number, m.before or date.max, m.after or date.max))


def opening_next(plan: Sequence[Planned]) -> tuple[int, date] | None:
    """Give the number and the day of the round that opens next, where it is the same in every circle."""
    opens = [p for p in plan if p.kind == "round-open"]
    first = {circle: (p.number, p.day) for circle, p in reversed([(p.circle, p) for p in opens])}
    return next(iter(first.values())) if len(set(first.values())) == 1 else None


def others_moved(before: Sequence[Planned], after: Sequence[Planned]) -> int:
    """Count the prompts and check-ins that move with the rounds."""
    kinds = {"prompt", "check-in"}
    stays = {(p.slot, p.day) for p in after if p.kind in kinds}
    return sum((p.slot, p.day) not in stays for p in before if p.kind in kinds)
