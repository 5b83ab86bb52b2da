"""What is said about circles being formed: reasons, compromises, problems, places on the waiting list."""

from collections.abc import Callable, Sequence

from circles.forming.values import Compromise, Problem, Reason, Role, Seat, Waiting, Why
from circles.language import _, listing, ngettext_

NameOf = Callable[[int], str]

NAMED_AT_MOST = 6
"""Longer lists of names are cut: 'Ada, Bob, Cleo and 9 more'."""


def seat(one: Seat, name_of: NameOf) -> str:
    """Say who sits in which role."""
    sentence = _("{name}, mentor") if one.role == "mentor" else _("{name}, mentee")
    return sentence.format(name=name_of(one.person))


def reason(one: Reason) -> str:
    """Say what a circle does well."""
    match one.code:
        case "wants-met" if one.count == one.of:
            return _("every mentee finds somebody offering something they want")
        case "wants-met":
            sentence = ngettext_(
                "{count} of {of} mentee finds somebody offering something they want",
                "{count} of {of} mentees find somebody offering something they want",
                one.of,
            )
            return sentence.format(count=one.count, of=one.of)
        case "offers-used" if one.count == one.of:
            return _("every mentor offers something that somebody here wants")
        case "offers-used":
            sentence = ngettext_(
                "{count} of {of} mentor offers something that somebody here wants",
                "{count} of {of} mentors offer something that somebody here wants",
                one.of,
            )
            return sentence.format(count=one.count, of=one.of)
        case "mix":
            return listing([*_counted_institutions(one.count), *_counted_stages(one.of)])
        case "hours":
            sentence = ngettext_(
                "every two people share at least {hours} working hour",
                "every two people share at least {hours} working hours",
                _plural(one.hours),
            )
            return sentence.format(hours=f"{one.hours:g}")
        case "full":
            return _("all {count} seats are taken").format(count=one.count)


def compromise(one: Compromise, name_of: NameOf) -> str:
    """Say what a circle could not grant, and to whom."""
    name = "" if one.person is None else name_of(one.person)
    match one.code:
        case "wants-unmet":
            sentence = _("{name} finds nobody offering {topics} here yet")
            return sentence.format(name=name, topics=_quoted(one.topics, either=True))
        case "offers-unused":
            sentence = _("{name} offers {topics}, which nobody here has asked for yet")
            return sentence.format(name=name, topics=_quoted(one.topics))
        case "seats-open" if one.role == "mentor":
            sentence = ngettext_("{count} mentor for {of} seats", "{count} mentors for {of} seats", one.count)
            return sentence.format(count=one.count, of=one.of)
        case "seats-open":
            sentence = ngettext_("{count} mentee for {of} seats", "{count} mentees for {of} seats", one.count)
            return sentence.format(count=one.count, of=one.of)
        case "same-institution":
            return _("{count} people come from {institution}").format(count=one.count, institution=one.topics[0])


def why(one: Why) -> str:
    """Say why one person sits in her circle."""
    match one.code:
        case "offers":
            sentence = ngettext_(
                "offers {topic}, which {count} mentee wants", "offers {topic}, which {count} mentees want", one.count
            )
        case "finds":
            sentence = ngettext_(
                "wants {topic}, which {count} mentor offers", "wants {topic}, which {count} mentors offer", one.count
            )
        case "only-institution":
            sentence = _("brings another institution: {topic}")
        case "only-stage":
            sentence = _("brings another career stage: {topic}")
        case "next-in-line":
            sentence = _("was next in line")
    return sentence.format(topic=one.topic, count=one.count)


def waiting(one: Waiting) -> str:
    """Say which place somebody has on the waiting list, and what is in the way; nobody else is named."""
    match one.reason:
        case "seats-full":
            because = _seats_full(one.role)
        case "language":
            because = _("no circle shares a language yet; another language in the profile may help")
        case "hours":
            because = _hours_too_few(one.hours)
        case "institution":
            because = _("somebody from the same institution already has a seat")
        case "no-fit":
            because = _("no circle fits yet")
        case "no-circle":
            because = _("no circle could be formed yet")
        case "seat-free":
            because = _("a seat is free, and the organisers decide")
        case "moved":
            because = _("the organisers are looking for the right circle")
    return _("number {place} on the waiting list: {because}").format(place=one.place, because=because)


def _seats_full(role: Role | None) -> str:
    match role:
        case "mentor":
            return _("all mentor seats are taken")
        case "mentee":
            return _("all mentee seats are taken")
        case None:
            return _("all seats are taken")


def _hours_too_few(hours: float) -> str:
    if not hours:
        return _("no circle shares working hours yet")
    sentence = ngettext_(
        "the circle that comes closest shares {hours} working hour",
        "the circle that comes closest shares {hours} working hours",
        _plural(hours),
    )
    return sentence.format(hours=f"{hours:.1f}".removesuffix(".0"))


def problem(one: Problem, name_of: NameOf) -> str:
    """Say which hard rule is in the way, for whom, and what would help; private requests name nobody."""
    names = _names(one.people, name_of)
    if one.help in {"another-circle", "free-a-seat", "ask-stance", "choose-one-circle"}:
        return _in_one_circle(one, names)
    sentence = _without_a_circle(one, names)
    return sentence if one.is_enough else _("{sentence} It takes more than this one step.").format(sentence=sentence)


def _in_one_circle(one: Problem, names: str) -> str:
    """Say what a circle, as it would be, does not allow."""
    match one.rule:
        case "blocks":
            sentence = _("This does not work out in this circle. Another one may.")
        case "apart":
            sentence = _("{names} are on the list of people to keep apart.")
        case "institution":
            sentence = _("{names} come from the same institution.")
        case "overlap" if one.value:
            sentence = ngettext_(
                "{names} share only {hours} working hour.",
                "{names} share only {hours} working hours.",
                _plural(one.value),
            )
        case "overlap":
            sentence = _("{names} share no working hours.")
        case "language":
            sentence = _("This circle would have no language in common; it comes closest without {names}.")
        case "too-few":
            sentence = ngettext_(
                "The circle would be {count} person short of its smallest size.",
                "The circle would be {count} people short of its smallest size.",
                int(one.value),
            )
        case "seats":
            sentence = _seats_of_one_circle(one)
    return sentence.format(names=names, count=int(one.value), hours=f"{one.value:.1f}".removesuffix(".0"))


def _seats_of_one_circle(one: Problem) -> str:
    is_mentor = one.role == "mentor"
    match one.help:
        case "choose-one-circle":
            return ngettext_("{names} would sit twice.", "These people would sit twice: {names}.", len(one.people))
        case "free-a-seat" if is_mentor:
            return ngettext_("The one mentor seat is taken.", "All {count} mentor seats are taken.", int(one.value))
        case "free-a-seat":
            return ngettext_("The one mentee seat is taken.", "All {count} mentee seats are taken.", int(one.value))
        case "ask-stance" if is_mentor:
            return _("A mentor seat is not what {names} signed up for; asking first would help.")
        case "ask-stance":
            return _("A mentee seat is not what {names} signed up for; asking first would help.")
        case _ if is_mentor:
            return _("The circle would be left without a mentor.")
        case _:
            return _("The circle would be left without a mentee.")


def _without_a_circle(one: Problem, names: str) -> str:
    """Say why no circle is possible at all, and what would help."""
    count = int(one.value)
    match one.rule:
        case "too-few":
            sentence = ngettext_(
                "{count} more person would make a circle possible.",
                "{count} more people would make a circle possible.",
                count,
            )
        case "language" if count:
            sentence = ngettext_(
                "{names} shares no language with anybody here yet. "
                "Asking about other languages, or inviting people who speak the same, would help.",
                "{count} people share no language with anybody here yet: {names}. "
                "Asking about other languages, or inviting people who speak the same, would help.",
                count,
            )
        case "language":
            sentence = _(
                "No language is shared by enough people. Asking {names} about other languages, "
                "or inviting people who speak the same, would help."
            )
        case "overlap":
            sentence = _overlap(one)
        case "institution":
            sentence = ngettext_(
                "Everybody here comes from {count} institution, and a circle takes one person from each. "
                "Allowing colleagues in one circle, or inviting people from elsewhere, would help.",
                "People here come from {count} institutions, and a circle takes one person from each. "
                "Allowing colleagues in one circle, or inviting people from elsewhere, would help.",
                count,
            )
        case "apart":
            sentence = ngettext_(
                "{count} pair to keep apart ({names}) leaves no circle possible. Lifting it would help.",
                "{count} pairs to keep apart ({names}) leave no circle possible. Lifting one of them would help.",
                count,
            )
        case "blocks":
            sentence = ngettext_(
                "{count} private request leaves no circle possible. It stays private; inviting more people would help.",
                "{count} private requests leave no circle possible. They stay private; "
                "inviting more people would help.",
                count,
            )
        case "seats":
            sentence = _missing_role(one)
    return sentence.format(count=count, names=names, hours=f"{one.value:g}")


def _overlap(one: Problem) -> str:
    if not one.value:
        return _(
            "Working hours are too far apart, most of all for {names}. Without a minimum of shared hours a circle "
            "is possible; inviting more people from the same time zones would help too."
        )
    return ngettext_(
        "Working hours are too far apart, most of all for {names}. With {hours} shared hour as the minimum a circle "
        "is possible; inviting more people from the same time zones would help too.",
        "Working hours are too far apart, most of all for {names}. With {hours} shared hours as the minimum a circle "
        "is possible; inviting more people from the same time zones would help too.",
        _plural(one.value),
    )


def _missing_role(one: Problem) -> str:
    count = int(one.value)
    if one.role == "mentor":
        found = ngettext_("Only {count} person could be a mentor.", "Only {count} people could be mentors.", count)
        found = found if count else _("Nobody here could be a mentor yet.")
        invite = _("Inviting mentors would help.")
        ask = _("Inviting mentors would help, or asking {names} whether they could offer something.")
    else:
        found = ngettext_("Only {count} person could be a mentee.", "Only {count} people could be mentees.", count)
        found = found if count else _("Nobody here could be a mentee yet.")
        invite = _("Inviting mentees would help.")
        ask = _("Inviting mentees would help, or asking {names} whether they would like a mentee seat.")
    return _("{found} {help}").format(found=found, help=ask if one.people else invite)


def _counted_institutions(count: int) -> list[str]:
    return [ngettext_("{count} institution", "{count} institutions", count).format(count=count)] if count else []


def _counted_stages(count: int) -> list[str]:
    return [ngettext_("{count} career stage", "{count} career stages", count).format(count=count)] if count else []


def _quoted(topics: Sequence[str], *, either: bool = False) -> str:
    return listing([_("“{topic}”").format(topic=topic) for topic in topics], either=either)


def _names(people: Sequence[int], name_of: NameOf) -> str:
    names = [name_of(person) for person in people]
    if len(names) <= NAMED_AT_MOST:
        return listing(names)
    rest = len(names) - NAMED_AT_MOST + 1
    return listing([*names[: NAMED_AT_MOST - 1], ngettext_("{count} more", "{count} more", rest).format(count=rest)])


def _plural(hours: float) -> int:
    """Return the whole number whose plural form fits: exactly one hour is singular, everything else is not."""
    return 1 if hours == 1 else 2
