"""What an organiser reads while circles are formed: the preview, its compromises, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from circles import seeds
from circles.forming import judging_words, rules, words
from circles.forming.values import Candidate, Circle, Problem, Proposal
from circles.language import _, day_text, language_name, listing, ngettext_
from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Fact,
    Facts,
    Heading,
    Message,
    Plain,
    Strong,
    buttons,
    message,
    text,
)
from storage.tables import Person


def name_of(candidates: Sequence[Candidate]) -> Mapping[int, str]:
    """Give names by member id."""
    return {one.id: one.name for one in candidates}


def shown(
    proposal: Proposal,
    candidates: Sequence[Candidate],
    mark: str,
    problems: Sequence[Problem] = (),
    *,
    has_gone: bool = False,
    outlook: str = "",
) -> Message:
    """Show the circles that would be formed: seats with reasons, compromises, the waiting list; nobody else sees it.

    ``problems`` and ``has_gone`` tell what has changed since it was drawn; ``mark`` is what its confirmation carries;
    ``outlook`` says what the rounds of the first circle would be like.
    """
    names = name_of(candidates)
    blocks: list[Block | str | None] = []
    for number, circle in enumerate(proposal.circles, 1):
        blocks += _circle(number, circle, candidates, names)
    if not proposal.circles:
        blocks.append(Heading(_("No circle is possible yet")))
        blocks.append(_bullets([words.problem(one, names.__getitem__) for one in proposal.problems]))
    if proposal.waiting:
        blocks.append(Heading(_("Waiting list")))
        blocks.append(
            _bullets(
                [_("{name}: {why}").format(name=names[one.person], why=words.waiting(one)) for one in proposal.waiting]
            )
        )
    if proposal.costs:
        blocks.append(Heading(_("What would help")))
        blocks.append(_bullets(judging_words.costs(proposal.costs)))
    blocks += [said for said in (judging_words.how_good(proposal), outlook) if said]
    changes = changed(problems, candidates, has_gone=has_gone)
    if changes:
        blocks.append(Heading(_("Something has changed since this preview")))
        blocks.append(_bullets(changes))
    blocks.append(_buttons(proposal, mark, is_stale=bool(changes)))
    blocks.append(
        _("Nobody is told anything before you confirm. The same number ({seed}) gives the same circles.").format(
            seed=proposal.seed
        )
    )
    return message(*blocks)


def changed(problems: Sequence[Problem], candidates: Sequence[Candidate], *, has_gone: bool) -> list[str]:
    """Say what keeps a preview from being confirmed as it is."""
    names = name_of(candidates)
    gone = [_("Somebody in this preview waits no longer.")] if has_gone else []
    return [*gone, *(words.problem(one, names.__getitem__) for one in problems)]


def _bullets(sentences: Sequence[str]) -> Bullets:
    return Bullets(tuple((Plain(sentence),) for sentence in sentences))


def _circle(
    number: int, circle: Circle, candidates: Sequence[Candidate], names: Mapping[int, str]
) -> list[Block | str | None]:
    known = {one.id: one for one in candidates}
    mentors = sum(seat.role == "mentor" for seat in circle.seats)
    rows = []
    for seat in circle.seats:
        person = known[seat.person]
        why = words.why(rules.why(seat.person, circle, candidates))
        where = f" · {person.institution}" if person.institution else ""
        rows.append(Fact(words.seat(seat, names.__getitem__), (Plain(f"{why}{where}"),)))
    return [
        Heading(
            _("Circle {number}: {mentors} mentors + {mentees} mentees").format(
                number=number, mentors=mentors, mentees=len(circle.seats) - mentors
            )
        ),
        text(
            _("Together in {languages}: {reasons}."),
            languages=Strong(listing([language_name(code) for code in circle.languages])),
            reasons=listing([words.reason(one) for one in circle.reasons]) or _("the hard rules hold"),
        ),
        Facts(tuple(rows)),
        text(_("Compromises:")) if circle.compromises else _("No compromise was needed."),
        _bullets([words.compromise(one, names.__getitem__) for one in circle.compromises])
        if circle.compromises
        else None,
    ]


def _buttons(proposal: Proposal, mark: str, *, is_stale: bool) -> Buttons:
    again = Button(_("Draw again"), f"programme form {seeds.following(proposal.seed)}")
    if not proposal.circles:
        return buttons(Button(_("Try again"), "programme form"), Button(_("Settings"), "programme settings"))
    if is_stale:
        return buttons(Button(_("Make a new preview"), "programme form", "primary"))
    return buttons(
        Button(_("Confirm these circles"), f"programme form confirm these {mark}", "primary"),
        again,
        Button(_("Move a person"), "programme form move"),
    )


def broken(name: str, problems: Sequence[Problem], candidates: Sequence[Candidate]) -> str:
    """Say why a person can't be moved there, and that nothing was changed."""
    names = name_of(candidates)
    said = " ".join(words.problem(one, names.__getitem__) for one in problems)
    return _("{name} can't sit there: {problems} Nothing was changed.").format(name=name, problems=said)


def confirmed(circles: int, seated: int, waiting: int, first_round: date | None) -> Message:
    """Tell the organiser what her word has done."""
    formed = ngettext_("{n} circle is formed", "{n} circles are formed", circles).format(n=circles)
    return message(
        _("{formed}: {seated} people have a seat, {waiting} wait.").format(
            formed=formed, seated=seated, waiting=waiting
        ),
        _("The first round begins {day}. Everybody hears it in the room of their circle.").format(
            day=day_text(first_round)
        )
        if first_round
        else None,
        buttons(
            Button(_("What will be sent, and when"), "programme schedule show"),
            Button(_("Preview the first round"), "programme rounds preview"),
        ),
    )


def welcome(
    circle: str, purpose: str, mentors: Sequence[Person], mentees: Sequence[Person], first: date | None
) -> Message:
    """Open a circle's room: who is here, what will happen, and how to pause or leave."""
    everybody = listing([person.name for person in (*mentors, *mentees)])
    return message(
        Heading(_("Welcome to {circle}").format(circle=circle)),
        _("{names}: this is your room for the term.").format(names=everybody),
        text(_("What brings you together: {purpose}"), purpose=purpose) if purpose else None,
        _("The first round begins {day}; you will hear whom you meet.").format(day=day_text(first)) if first else None,
        _(
            "What is said here stays among you; the bot neither reads nor keeps it. "
            "Whoever runs this chat may be able to read rooms."
        ),
        _(
            "/circle next tells what comes; /circle skip, /circle pause and /circle leave are always open, "
            "without a reason."
        ),
        summary=_("Your circle begins"),
    )


def welcome_late(name: str) -> Message:
    """Tell a circle that somebody joins it."""
    return message(
        _("{name} joins this circle and takes part from the next round on. Welcome!").format(name=name),
        summary=_("Somebody joins your circle"),
    )


def still_waiting(place: int, total: int) -> Message:
    """Tell a person who got no seat where she stands, truthfully."""
    return message(
        _("Circles have been formed, and this time there was no seat for you. That is nobody's choice."),
        _("You are number {place} of {total} on the waiting list and go first as seats come free.").format(
            place=place, total=total
        ),
        buttons(Button(_("Where am I?"), "circle status"), Button(_("My profile"), "circle profile")),
        summary=_("Your place on the waiting list"),
    )


def circles_list(rows: Sequence[tuple[int, str, Sequence[str], Sequence[str]]], *, is_over: bool) -> Message:
    """List a programme's circles with the people in them."""
    if not rows:
        return message(
            _("There is no circle yet. /programme form shows who could sit with whom."),
            buttons(Button(_("Preview circles"), "programme form", "primary")),
        )
    blocks: list[Block | str | None] = []
    for number, name, mentors, mentees in rows:
        blocks.append(Heading(f"{number}. {name}"))
        blocks.append(
            Facts(
                (
                    Fact(_("Mentors"), (Plain(listing(list(mentors)) or _("none")),)),
                    Fact(_("Mentees"), (Plain(listing(list(mentees)) or _("none")),)),
                )
            )
        )
    if not is_over:
        blocks.append(_("/programme circles move @name <number> seats somebody elsewhere; 0 is the waiting list."))
    return message(*blocks)


def moved(name: str, circle: str) -> Message:
    """Confirm where a person sits now."""
    return message(_("{name} now sits in {circle}.").format(name=name, circle=circle))


def put_on_list(circle: str, place: int, total: int) -> Message:
    """Tell a person that organisers took her seat back, and where she stands, truthfully."""
    return message(
        text(_("The organisers have moved you from {circle} to the waiting list."), circle=circle),
        _("You are number {place} of {total} on it, and your profile stays as it is.").format(place=place, total=total),
        buttons(Button(_("Where am I?"), "circle status")),
        summary=_("About your seat"),
    )


def moved_to_list(name: str) -> Message:
    """Confirm that a person waits again."""
    return message(_("{name} is on the waiting list now.").format(name=name))


def goals_private_again() -> Message:
    """Tell a member who changes circles that what she shared stays behind."""
    return message(
        _(
            "The goals that you shared with your former circle are private again. "
            "You choose anew whom you share them with."
        ),
        buttons(Button(_("My goals"), "circle goal")),
        summary=_("About your goals"),
    )
