"""Pictures of rounds: whom she has met, for her own eyes; how many meetings were held, for organisers."""

from collections.abc import Collection, Sequence

from circles.language import _, ngettext_
from circles.messages import Picture, PictureRow

FULL = 3


def met_so_far(people: Sequence[tuple[str, bool, bool]]) -> Picture | None:
    """Draw a member's own way through her circle: (name, has met, meets now) for each of the others."""
    if not people:
        return None
    met = sum(has_met for _name, has_met, _now in people)
    alt = ngettext_("you have met {met} of {n} person", "you have met {met} of {n} people", len(people))
    levels = tuple(FULL if has_met else 1 if meets_now else 0 for _name, has_met, meets_now in people)
    return Picture(
        _("Your way through the circle"),
        alt.format(met=met, n=len(people)),
        tuple(_initials(name) for name, _met, _now in people),
        (PictureRow(_("You"), levels),),
    )


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()


def held(circles: Sequence[tuple[str, Sequence[tuple[int, int]]]], numbers: Collection[int]) -> Picture | None:
    """Draw the share of meetings held: for each circle (meetings held, meetings) by round, counts and no names."""
    if not circles or not numbers:
        return None
    had = sum(done for _name, rounds in circles for done, _all in rounds)
    could = sum(total for _name, rounds in circles for _done, total in rounds)
    rows = tuple(
        PictureRow(name, tuple(-(-FULL * done // total) if total else 0 for done, total in rounds))
        for name, rounds in circles
    )
    alt = _("{had} of {could} meetings were held so far").format(had=had, could=could)
    return Picture(_("Meetings held, round by round"), alt, tuple(str(number) for number in sorted(numbers)), rows)
