"""How it is said why people meet: offers and wishes, what they have in common and what not, and a meeting again."""

from collections.abc import Sequence

from circles.language import _, listing, ngettext_
from storage.tables import Person


def offer(giver: Person, topic: str, taker: Person) -> str:
    """Say which offer meets which wish."""
    return _("{one} offers {topic}, and {other} would like that.").format(one=giver.name, topic=topic, other=taker.name)


def first_time(*, is_table: bool) -> str:
    """Say that they have not met in this circle."""
    if is_table:
        return _("No two of you have met in this circle before.")
    return _("You have not met in this circle before.")


def met_before(numbers: Sequence[int], *, is_table: bool, everybody: bool) -> str:
    """Say that all or some of them have met, in these rounds or, without any, in another circle; nothing was newer."""
    if numbers:
        met = _("You met in round {rounds}") if everybody else _("Some of you met in round {rounds}")
    else:
        met = _("You met in another circle") if everybody else _("Some of you met in another circle")
    said = (
        _("{met}; no seating without a repeat was left this time.")
        if is_table
        else _("{met}; no pairing without a repeat was left this time.")
    )
    return said.format(met=met.format(rounds=listing([str(number) for number in numbers])))


def pair_mix(*, homes: bool, stages: bool) -> list[str]:
    """Say in what a pair or a trio differs; nothing where it doesn't."""
    if homes and stages:
        return [_("You come from different institutions and career stages.")]
    if homes:
        return [_("You come from different institutions.")]
    return [_("You are at different career stages.")] if stages else []


def table_mix(homes: int, stages: int) -> str:
    """Say how mixed a table is; ``homes`` are three or more."""
    if stages > 1:
        return _("You come from {homes} institutions and {stages} career stages.").format(homes=homes, stages=stages)
    return _("You come from {homes} institutions.").format(homes=homes)


def shared_wish(topic: str, people: int) -> str:
    """Say what all of them would like, who are two or more."""
    said = _("Both of you would like {topic}.") if people == 2 else _("All of you would like {topic}.")
    return said.format(topic=topic)


def hours(number: int) -> str:
    """Say how many working hours they share on a day."""
    return ngettext_(
        "You share {n} working hour a day.",
        "You share up to {n} working hours a day.",
        number,
    ).format(n=number)
