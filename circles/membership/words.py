"""What is said to members about themselves: joining, where they are, their profile, resting and leaving."""

from collections.abc import Mapping, Sequence
from datetime import date

from circles.language import _, day_text, language_name, ngettext_
from circles.membership import rules, steps
from circles.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Command,
    Emphasis,
    Fact,
    Facts,
    Message,
    Plain,
    Span,
    Strong,
    buttons,
    message,
    text,
)
from circles.programme import words as programme_words
from circles.programme.rules import settings_of
from storage.tables import Circle, Programme


def join_button(programme: Programme, name: str = "") -> Button:
    """Offer to join a programme, by its name where there are more."""
    label = _("Join {name}").format(name=name)[:75] if name else _("Join")
    return Button(label, f"circle join in:{programme.slug}", "primary")


def _choices(programmes: Sequence[Programme]) -> list[Block]:
    named = Bullets(tuple(_one_line(programme, programmes) for programme in programmes))
    names = [programme_words.told_apart(one, programmes) if len(programmes) > 1 else "" for one in programmes]
    offers = [join_button(programme, name) for programme, name in zip(programmes, names, strict=True)]
    return [named, *(Buttons(tuple(offers[start : start + 5])) for start in range(0, len(offers), 5))]


def _one_line(programme: Programme, among: Sequence[Programme]) -> tuple[Span, ...]:
    name, purpose = programme_words.told_apart(programme, among), settings_of(programme.settings).purpose
    return (Strong(name), Plain(f": {purpose[:200]}")) if purpose else (Strong(name),)


def outside(open_ones: Sequence[Programme], organised: Sequence[Programme]) -> Message:
    """Tell somebody who is in no programme what she organises and what is open to join."""
    mine = (
        text(
            _("You organise {names}; {command} shows where it is."),
            names=Emphasis(", ".join(programme.name for programme in organised)),
            command=Command("/programme status"),
        )
        if organised
        else None
    )
    if not open_ones:
        nothing = text(
            _("No programme is open for joining now. When one opens, {command} is the way in."), command=_JOIN
        )
        return message(mine, nothing)
    invitation = (
        _("You are in no programme yet. You can join this one; it takes three short steps.")
        if len(open_ones) == 1
        else _("You are in no programme yet. You can join any of these; it takes three short steps.")
    )
    return message(mine, invitation, *_choices(open_ones))


_JOIN = Command("/circle join")


def which_to_join(open_ones: Sequence[Programme]) -> Message:
    """Ask which of several open programmes she would like to join."""
    return message(_("Which one would you like to join? It takes three short steps."), *_choices(open_ones))


def joined_already(programme: Programme, others: Sequence[Programme]) -> Message:
    """Tell a member that she is in, with the way to change her answers and what else is open."""
    return message(
        text(_("You are in {name} already. Your answers can change at any time."), name=Strong(programme.name)),
        buttons(Button(_("My profile"), "circle profile"), Button(_("Where am I?"), "circle status")),
        *([_("Also open for joining:"), *_choices(others)] if others else []),
    )


def not_open(programme: Programme) -> str:
    """Say kindly that a programme takes nobody now."""
    said = {
        "draft": _("{name} is still being prepared. When it opens, /circle join is the way in."),
        "closed": _("{name} has ended, so nobody can join it any more. /circle join shows what is open."),
    }
    return said.get(programme.state, said["closed"]).format(name=programme.name)


def joined(programme: Programme, place: int, counts: Mapping[tuple[str, str], int]) -> Message:
    """Welcome a new member with her true place in line, the seats, and the ways out."""
    return message(
        text(_("You are on the list of {name}. Welcome!"), name=Strong(programme.name)),
        place_in_line(programme, place, counts),
        seats(programme, counts),
        text(
            _("{pause} lets you rest, and {leave} takes you out; neither needs a reason."),
            pause=Command("/circle pause"),
            leave=Command("/circle leave"),
        ),
        buttons(Button(_("My profile"), "circle profile"), Button(_("Where am I?"), "circle status")),
    )


def place_in_line(programme: Programme, place: int, counts: Mapping[tuple[str, str], int]) -> str:
    """Tell a waiting member her true place, and what she waits for."""
    waiting = sum(n for (state, _stance), n in counts.items() if state == "waiting")
    where = ngettext_(
        "You are number {place} of {n} waiting;", "You are number {place} of {n} waiting;", waiting
    ).format(place=place, n=waiting)
    then = {
        "call": _("circles are formed once the organisers confirm them."),
        "running": _("you hear from me when a seat fits you."),
    }.get(programme.state, _("nothing is planned until the organisers open the programme."))
    return f"{where} {then}"


def seats(programme: Programme, counts: Mapping[tuple[str, str], int]) -> str:
    """Say how many people there are so far for how many seats."""
    settings = settings_of(programme.settings)
    here = {
        wanted: sum(n for (state, stance), n in counts.items() if state != "left" and stance == wanted)
        for wanted in rules.STANCES
    }
    said = _("So far: mentors {mentors} of {seats_m}, mentees {mentees} of {seats_n}").format(
        mentors=here["mentor"],
        seats_m=settings.mentors * settings.circles,
        mentees=here["mentee"],
        seats_n=settings.mentees * settings.circles,
    )
    either = ngettext_(
        ", and {n} person who can take either seat.", ", and {n} people who can take either seat.", here["both"]
    )
    return said + (either.format(n=here["both"]) if here["both"] else ".")


def status(
    programme: Programme,
    *,
    waits: str,
    seated: tuple[Circle, str] | None,
    paused_until: date | None,
    rounds: Message | None,
    goals: int,
) -> Message:
    """Answer 'where am I, what is next' for a member."""
    rows = [
        Fact(_("Programme"), (Strong(programme.name), Plain(" · " + programme_words.state(programme)))),
    ]
    if seated is not None:
        role = _("mentor") if seated[1] == "mentor" else _("mentee")
        rows += [Fact(_("Circle"), (Plain(seated[0].name),)), Fact(_("Your seat"), (Plain(role),))]
    rows.append(Fact(_("Active goals"), (Plain(str(goals)),)))
    rests = _("You are resting until {day}; on that day you are back by yourself.")
    return message(
        Facts(tuple(rows)),
        rests.format(day=day_text(paused_until)) if paused_until else None,
        waits or None,
        *(rounds.blocks if rounds else ()),
        buttons(*_next_steps(programme, is_seated=seated is not None, is_paused=paused_until is not None)),
    )


def _next_steps(programme: Programme, *, is_seated: bool, is_paused: bool) -> list[Button]:
    if programme.state == "closed":
        return [Button(_("My profile"), "circle profile")]
    steps_ahead = [Button(_("Come back now"), "circle resume", "primary")] if is_paused else []
    if is_seated:
        steps_ahead.append(Button(_("My goals"), "circle goal list"))
    steps_ahead.append(Button(_("My profile"), "circle profile"))
    if not is_paused:
        steps_ahead.append(Button(_("Pause"), "circle pause"))
    return steps_ahead


def profile(programme: Programme, mine: rules.Profile, *, lead: str = "") -> Message:
    """Show a member her own profile, with the ways to change it."""
    nothing = _("nothing yet")
    values = {
        "stance": steps.option("stance", mine.stance),
        "offers": "; ".join(mine.offers) or nothing,
        "wants": "; ".join(mine.wants) or nothing,
        "about": mine.about or nothing,
        "languages": ", ".join(language_name(code) for code in mine.languages) or nothing,
        "institution": mine.institution or nothing,
        "stage": steps.stage_name(mine.stage),
        "zone": mine.zone,
        "weekend": rules.answers(mine)["weekend"],
        "ring": steps.option("ring", mine.ring),
        "capacity": str(mine.capacity),
    }
    return message(
        lead or None,
        text(_("Your profile in {name}. {readers}"), name=Strong(programme.name), readers=steps.who_reads(1)),
        Facts(tuple(Fact(steps.label(name), (Plain(value),)) for name, value in values.items())),
        buttons(
            Button(_("Edit topics"), "circle profile edit 1"),
            Button(_("Edit background"), "circle profile edit 2"),
            Button(_("Edit time and reach"), "circle profile edit 3"),
        ),
    )


def unknown_field(word: str, near: str) -> str:
    """Say that a word is not a field of the profile."""
    if near:
        return _("The profile has no “{word}”. Did you mean /circle profile {near}?").format(word=word[:40], near=near)
    return _("The profile has no “{word}”. Type /circle profile to see what it has.").format(word=word[:40])


def saved() -> str:
    """Confirm that a profile was changed."""
    return _("Saved. From the next round on, this is what counts.")
