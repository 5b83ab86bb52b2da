"""What is said about how good a preview is, what rules cost, and how much each wish counts."""

from collections.abc import Mapping, Sequence

from circles.forming.values import HEAVIEST, Proposal, RuleCost
from circles.language import _, ngettext_
from circles.messages import Button, Fact, Facts, Heading, Message, Plain, buttons, message


def how_good(proposal: Proposal) -> str:
    """Say how well wishes are met, and how far that can be from the best there is; nothing for a single circle."""
    if len(proposal.circles) < 2:
        return ""
    if proposal.was_stopped:
        short = _(
            "So many people are a long search, and I cut it short: this is the best so far. “Draw again” searches from "
            "another start."
        )
        return f"{short} {_at_least(proposal)}".strip()
    if proposal.is_best:
        return _("Proved: no other way to share these people out meets wishes better in circles as even as these.")
    return _at_least(proposal)


def _at_least(proposal: Proposal) -> str:
    if not proposal.bound:
        return ""
    share = min(100, 100 * proposal.score // proposal.bound)
    return _(
        "Wishes are met to at least {share} % of what any circles of these people could reach; "
        "the rest may be out of reach."
    ).format(share=share)


def cost(one: RuleCost) -> str:
    """Say how many people more would have a seat without one rule."""
    match one.rule:
        case "institution":
            sentence = ngettext_(
                "Allowing two people of one institution would seat {n} more person.",
                "Allowing two people of one institution would seat {n} more people.",
                one.more,
            )
        case "overlap":
            sentence = ngettext_(
                "Asking for one shared working hour less would seat {n} more person.",
                "Asking for one shared working hour less would seat {n} more people.",
                one.more,
            )
        case "apart":
            sentence = ngettext_(
                "Without your list of people to keep apart, {n} more person would have a seat.",
                "Without your list of people to keep apart, {n} more people would have a seat.",
                one.more,
            )
        case _:
            sentence = ngettext_(
                "One more circle would seat {n} more person.", "One more circle would seat {n} more people.", one.more
            )
    return sentence.format(n=one.more)


def wish_name(wish: str) -> str:
    """Say what a wish is about."""
    return {
        "topics": _("Offers that meet wants"),
        "hours": _("Working hours in common"),
        "institutions": _("Different institutions"),
        "stages": _("Different career stages"),
        "interests": _("Topics that people share"),
    }[wish]


def weights_listed(weights: Mapping[str, int], *, similar: bool) -> Message:
    """List how much each wish counts, and how to change it."""
    return message(
        Heading(_("What counts when circles are formed")),
        Facts(
            tuple(
                Fact(wish_name(wish), (Plain(_("{weight} ({wish})").format(weight=weight, wish=wish)),))
                for wish, weight in weights.items()
            )
        ),
        _("Topics in similar words count as the same.")
        if similar
        else _("Topics count as the same in equal words only."),
        _(
            "/programme form weigh topics 6 changes one, from 0 (not at all) to {most}; "
            "/programme form similar yes lets “grant writing” meet “writing grants”."
        ).format(most=HEAVIEST),
        buttons(Button(_("Preview circles"), "programme form", "primary")),
    )


def weighed(wish: str, was: int, now: int) -> Message:
    """Confirm a new weight."""
    return message(
        _("{wish}: {was} → {now}. The next preview follows it.").format(wish=wish_name(wish), was=was, now=now),
        buttons(Button(_("Preview circles"), "programme form", "primary")),
    )


def similar_now(*, is_on: bool) -> Message:
    """Confirm whether topics in similar words are the same."""
    return message(
        _("Topics in similar words count as the same from the next preview on.")
        if is_on
        else _("Topics count as the same in equal words only, from the next preview on."),
        buttons(Button(_("Preview circles"), "programme form", "primary")),
    )


def costs(found: Sequence[RuleCost]) -> list[str]:
    """Say what each rule costs in seats."""
    return [cost(one) for one in found]
