"""What is said to members about rounds: whether they met, what comes next, and who sits out."""

from collections.abc import Sequence
from datetime import date, datetime

from circles.language import _, day_text, instant_text
from circles.messages import Block, Button, Command, Message, Span, Text, When, buttons, enumerate_spans, message, text
from circles.rotation.past import NO_ROOM, OWN_WISH
from circles.turn import mention
from storage.tables import Person, Round


def names(people: Sequence[Person]) -> tuple[Span, ...]:
    """List people as mentions."""
    return enumerate_spans([mention(person) for person in people])


def sits_out(number: int, why: str, next_day: date | None) -> Message:
    """Tell a member that she sits this round out, why, and that she is first next time, or how she comes back."""
    if why == NO_ROOM:
        return message(
            _without_room(number),
            text(
                _("When you have room again, {command} brings you in."), command=Command("/circle profile capacity 1")
            ),
            summary=_("About this round"),
        )
    return message(
        text(
            _("Round {number} has no meeting for you, because {reason}. It is nobody's choice."),
            number=number,
            reason=why_not(why),
        ),
        _("You go first next time: {day}.").format(day=day_text(next_day))
        if next_day
        else _("You would have been first next time."),
        summary=_("About this round"),
    )


def why_not(why: str) -> str:
    """Say why she had no meeting; that somebody keeps apart from her is said in the same words as other wants."""
    return {
        "odd-number": _("the number of people was odd"),
        "more-mentees": _("there were more mentees than mentors"),
        "more-mentors": _("there were more mentors than mentees"),
        "no-room": _("your profile had room for nobody"),
        "partner-cannot": _("the person you would have met can't take part"),
    }.get(why, _("too few people could meet"))


def _without_room(number: int) -> Text:
    return text(
        _("Round {number} has no meeting for you: by your profile you have room for nobody now, and that is fine."),
        number=number,
    )


def eve(
    asked: Round | None,
    partners: Sequence[Person],
    hour: Text | None,
    number: int | None,
    opens_on: date | None,
    *,
    skips: bool,
) -> Message | None:
    """Ask, on the day before a round, whether the last one's people met, and say what comes; None when neither."""
    blocks: list[Block | str | None] = []
    blocks += still_asked(asked, partners, hour)
    if number is not None and opens_on is not None:
        blocks += _coming(number, opens_on, skips=skips)
    return message(*blocks, summary=_("The round, before it turns")) if blocks else None


def met_buttons(round_id: int) -> tuple[Button, ...]:
    """Offer the two answers to whether a group has met."""
    return (
        Button(_("Yes, we met"), f"circle met yes {round_id}", "primary"),
        Button(_("No"), f"circle met no {round_id}"),
    )


def middle(asked: Round, partners: Sequence[Person]) -> Message:
    """Ask those who have not answered, halfway through a round."""
    return message(
        text(_("Have you found a time with {names}?"), names=names(partners)),
        buttons(
            Button(_("We met"), f"circle met yes {asked.id}", "primary"),
            Button(_("Not yet"), f"circle met later {asked.id}"),
            Button(_("Not this round"), f"circle met no {asked.id}"),
        ),
        summary=_("Halfway through the round"),
    )


def ask_met(asked: Round, partners: Sequence[Person], answer: str) -> Message:
    """Ask whether a meeting happened, with what she said so far."""
    said = {
        "yes": _("You said: yes, we met."),
        "no": _("You said: no, we didn't."),
        "later": _("You said: not yet."),
    }.get(answer)
    return message(
        text(_("Did you meet {names} in round {number}?"), names=names(partners), number=asked.number),
        said,
        buttons(*met_buttons(asked.id), Button(_("Not yet"), f"circle met later {asked.id}")),
    )


def met_noted(
    asked: Round, partners: Sequence[Person], answer: str, coming: tuple[int, date] | None, *, skips: bool
) -> Message:
    """Confirm an answer, with the way to change it and, where a round is near, what comes."""
    said = {
        "yes": _("Noted: you met {names} in round {number}. Good."),
        "no": _("Noted: round {number} passed without meeting {names}. That happens; it doesn't count as met."),
        "later": _("Noted: not yet. There is time until {day}."),
    }[answer]
    others = {
        "yes": Button(_("No, we didn't"), f"circle met no {asked.id}"),
        "no": Button(_("We did meet"), f"circle met yes {asked.id}"),
        "later": Button(_("We met"), f"circle met yes {asked.id}", "primary"),
    }
    extra = [Button(_("Note an action"), "circle action")] if answer == "yes" else []
    return message(
        text(said, names=names(partners), number=asked.number, day=day_text(asked.closes_on)),
        buttons(others[answer], *extra),
        *(_coming(*coming, skips=skips) if coming else ()),
    )


def _coming(number: int, opens_on: date, *, skips: bool) -> tuple[Block, Block]:
    """Say when the next round begins, with the way to skip it, or to take part after all."""
    if skips:
        said = _("Round {number} begins {day}. You skip it, as you asked.")
        choice = Button(_("Take part after all"), f"circle unskip {number}")
    else:
        said = _("Round {number} begins {day}; you will hear whom you meet.")
        choice = Button(_("Skip this one"), f"circle skip {number}")
    return text(said, number=number, day=day_text(opens_on)), buttons(choice)


def silence() -> Message:
    """Ask once, after three rounds without an answer, what would suit her."""
    return message(
        _("It has been quiet from your side for three rounds, and that is fine. What would suit you?"),
        buttons(
            Button(_("I'll stay"), "circle stay", "primary"),
            Button(_("Ask me in four weeks"), "circle stay later"),
            Button(_("Stop here"), "circle leave"),
        ),
        summary=_("A question about the next rounds"),
    )


def rests(until: date, *, left_a_meeting: bool) -> Message:
    """Confirm that she rests for a while."""
    return message(
        _("You rest until {day}; then you are back by yourself. /circle resume brings you back sooner.").format(
            day=day_text(until)
        ),
        _("Whoever still expects to meet you this round is told in neutral words.") if left_a_meeting else None,
    )


def stays() -> Message:
    """Confirm that she stays."""
    return message(_("Good to have you. The next round counts you in."))


def group_changed(gone: Person, left: Sequence[Person], host: Person | None) -> Message:
    """Tell a meeting group in neutral words that one of them can't be there, and who hosts the table instead."""
    return message(
        text(_("{name} can't take part this round. {names}, you still meet."), name=mention(gone), names=names(left)),
        hosts(host) if host is not None else None,
        summary=_("About your meeting group"),
    )


def hosts(host: Person) -> Text:
    """Say who hosts a table, and what that asks."""
    return text(
        _(
            "{host}, you host this time: please begin on time, see that everybody has a turn to speak, and keep an eye "
            "on the clock. What is said stays at the table; nothing of it is noted here."
        ),
        host=mention(host),
    )


def still_asked(asked: Round | None, partners: Sequence[Person], hour: Text | None) -> tuple[Block, ...]:
    """Ask whether they met, below another answer, where that is still open; nothing otherwise.

    Where their ``hour`` is still to come, it is told, and the question is for afterwards.
    """
    if asked is None or not partners:
        return ()
    if hour is not None:
        after = text(_("Afterwards a tap tells whether you met {names}:"), names=names(partners))
        return hour, after, buttons(*met_buttons(asked.id))
    question = text(_("Did you meet {names} in round {number}?"), names=names(partners), number=asked.number)
    return question, buttons(*met_buttons(asked.id))


def skipped(number: int, opens_on: date, asked: Sequence[Block]) -> Message:
    """Confirm that she skips a round."""
    return message(
        _("You skip round {number} ({day}). The one after counts you in again.").format(
            number=number, day=day_text(opens_on)
        ),
        buttons(Button(_("Take part after all"), f"circle unskip {number}")),
        *asked,
    )


def stepped_out(number: int) -> Message:
    """Confirm that she steps out of the round that is going on."""
    return message(
        _("You are out of round {number}; whoever still expects to meet you is told in neutral words.").format(
            number=number
        )
    )


def unskipped(number: int, asked: Sequence[Block]) -> Message:
    """Confirm that she takes part after all."""
    return message(
        _("You take part in round {number}.").format(number=number),
        buttons(Button(_("Skip this one"), f"circle skip {number}")),
        *asked,
    )


def hour_set(begins: datetime, minutes: int, zone: str) -> Text:
    """Say which hour a meeting group has set."""
    return text(
        _("Your hour: {when}, {minutes} minutes."),
        when=When(begins, instant_text(begins, zone)),
        minutes=minutes,
    )


def _sitting(number: int, why: str) -> Text:
    if why == OWN_WISH:
        return text(_("You sit round {number} out, as you asked."), number=number)
    if why == NO_ROOM:
        return _without_room(number)
    return text(_("Round {number} has no meeting for you; you go first next time."), number=number)


def next_for(
    current: Round | None,
    partners: Sequence[Person],
    host: Person | None,
    answer: str,
    sits: str,
    coming: tuple[int, date] | None,
    *,
    skips: bool,
    rests_until: date | None = None,
    hour: Text | None = None,
) -> Message:
    """Answer 'what is next for me': this round's people, the hour they have set, and the day of the next."""
    now: Block | None = None
    if current is not None and partners:
        now = text(
            _("Round {number}, until {day}: you meet {names}."),
            number=current.number,
            day=day_text(current.closes_on),
            names=names(partners),
        )
    elif current is not None and sits:
        now = _sitting(current.number, sits)
    elif current is not None:
        now = text(
            _("Round {number} goes on until {day}; you are not in it."),
            number=current.number,
            day=day_text(current.closes_on),
        )
    ask = None
    if current is not None and partners and answer != "yes":
        ask = buttons(*met_buttons(current.id), Button(_("Find an hour"), "circle meet"))
    then: Block | None = None
    skip = None
    if rests_until is not None:
        then = text(_("You rest until {day}; on that day you are back by yourself."), day=day_text(rests_until))
        skip = buttons(Button(_("Come back now"), "circle resume"))
    elif coming is not None:
        number, day = coming
        if skips:
            then = text(_("You skip round {number}, which begins {day}."), number=number, day=day_text(day))
            skip = buttons(Button(_("Take part after all"), f"circle unskip {number}"))
        else:
            then = text(_("Round {number} begins {day}."), number=number, day=day_text(day))
            skip = buttons(Button(_("Skip this one"), f"circle skip {number}"))
    table = text(_("{name} hosts."), name=mention(host)) if host is not None else None
    return message(now, table, hour, ask, then or _("No further round is planned."), skip)
