"""What is said of a rotation before there is a circle, for whoever is about to form one."""

from circles.language import _, listing, ngettext_
from circles.rotation.outlook import Outlook, outlook
from circles.rotation.values import Rotation


def sentence(mentors: int, mentees: int, rotation: Rotation, seed: int) -> str:
    """Say in one sentence what the rotation of a circle of so many mentors and mentees will be like."""
    found = outlook(mentors, mentees, rotation, seed)
    if isinstance(found, str):
        return {
            "no-mentor": _("Without a mentor, nobody could meet: /programme settings rotation everyone would help."),
            "no-mentee": _("Without a mentee, nobody could meet: /programme settings rotation everyone would help."),
        }.get(found, _("Fewer than two people could not meet."))
    if rotation.kind == "tables":
        return _tables(found)
    return _pairs(found, mentors, mentees)


def _tables(found: Outlook) -> str:
    size = listing([str(size) for size in found.sizes], either=True)
    if found.fresh == 1 and found.everybody_met:
        return _("All sit at one table of {size} each time.").format(size=size)
    if found.everybody_met:
        return _("Everybody sits with everybody once in {n} rounds, at tables of {size}.").format(
            n=found.fresh, size=size
        )
    return ngettext_(
        "Fresh tables of {size} last for {n} round; then those who met longest ago sit together again first.",
        "Fresh tables of {size} last until round {n}; then those who met longest ago sit together again first.",
        found.fresh,
    ).format(size=size, n=found.fresh)


def _pairs(found: Outlook, mentors: int, mentees: int) -> str:
    if not found.everybody_met:
        said = ngettext_(
            "New partners for everybody for {n} round.", "New partners for everybody until round {n}.", found.fresh
        )
    elif found.rotation.kind == "everyone":
        said = ngettext_(
            "Everybody meets everybody in {n} round.", "Everybody meets everybody once in {n} rounds.", found.fresh
        )
    else:
        said = ngettext_(
            "Every mentee meets every mentor in {n} round.",
            "Every mentee meets every mentor once in {n} rounds.",
            found.fresh,
        )
    if not found.out:
        return said.format(n=found.fresh)
    return _("{sentence} {out}").format(sentence=said.format(n=found.fresh), out=_out(found.out, mentors, mentees))


def _out(number: int, mentors: int, mentees: int) -> str:
    if number > (mentors + mentees) // 2:
        return _(
            "But {n} of them sit out each time; /programme settings rotation everyone or tables brings all together."
        ).format(n=number)
    return ngettext_(
        "{n} person sits out each time, in turn.", "{n} people sit out each time, in turn.", number
    ).format(n=number)
