"""What a meeting group does about its hour: propose, agree, call off, and show it in a calendar that all can see."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from circles import schedule
from circles import when as reading
from circles.appointments import changing, rules, words
from circles.appointments.group import Group, of, time_in
from circles.effects import Effect, Reply
from circles.errors import BadCall, Refused
from circles.grammar import Command, Parameter
from circles.language import _, day_text, instant_text, speaking
from circles.messages import Button, Message
from circles.rotation import hours, opening
from circles.turn import Turn, habits_of, zone_of
from storage import times
from storage.tables import MeetingTime

OTHER_HOURS = "circle meet"
SOON = timedelta(hours=1)  # who is asked needs a moment
LOOKS_AHEAD = 9  # days


def meet(turn: Turn, when: str = "") -> Iterable[Effect]:
    """Tell how far her group is with an hour, or propose one."""
    group = of(turn)
    return _propose(turn, group, when) if when else [Reply(_overview(turn, group))]


def _overview(turn: Turn, group: Group) -> Message:
    def answered(time: MeetingTime) -> words.Answered:
        said = group.answers[time.id]
        return words.Answered(
            time,
            group.who(time, answer=True),
            group.who(time, answer=False),
            can_come=said.get(turn.member.id, False),
            may_be_settled=rules.may_be_settled(group.company, said),
        )

    return words.overview(
        group.people(but=turn.member.id),
        answered(group.agreed) if group.agreed else None,
        [answered(time) for time in group.proposed],
        _free(turn, group),
        turn.zone,
        group.round.closes_on,
    )


def _free(turn: Turn, group: Group) -> list[datetime]:
    """Give hours to come in which all of the group work, but none that it has spoken of."""
    habits = [habits_of(person, turn.programme) for person in group.people()]
    stretches = hours.shared(habits, turn.now + SOON, _end(turn, group), most=LOOKS_AHEAD)
    return rules.hours_in(stretches, group.minutes, turn.zone, {time.starts_at for time in group.times})


def _end(turn: Turn, group: Group) -> datetime:
    return opening.opens_at(turn.programme, group.round.closes_on)


def _propose(turn: Turn, group: Group, when: str) -> Iterable[Effect]:
    begins = _read(turn, group, when)
    time = next((one for one in group.times if one.starts_at == begins), None)
    if time is not None and time.state != "off":
        return _can(turn, group, time)
    if len(group.proposed) >= rules.OPEN_AT_ONCE:
        raise Refused(
            _("{n} hours are proposed already. Please answer those first.").format(n=rules.OPEN_AT_ONCE),
            buttons=(Button(_("Show them"), OTHER_HOURS),),
        )
    if time is None:
        time = MeetingTime(group_id=group.id, starts_at=begins, minutes=group.minutes)
    else:
        times.forget_answers(turn.db, time.id)
    time.member_id, time.state, time.minutes = turn.member.id, "proposed", group.minutes
    times.save(turn.db, time)
    times.answer(turn.db, time.id, turn.member.id, can=True)
    at_night = [
        (person.name, instant_text(begins, zone))
        for person in group.people(but=turn.member.id)
        if rules.is_night(begins, group.minutes, zone := zone_of(person, turn.programme))
    ]
    with speaking(group.circle.language):
        said = words.proposal(turn.person, time, group.zone)
    return [
        Reply(words.proposed(time, turn.zone, at_night)),
        changing.post(group, time, "proposed", said, turn.call.id),
    ]


def _read(turn: Turn, group: Group, when: str) -> datetime:
    """Read an hour in the asker's zone; raises BadCall for one that is past, or after the round."""
    try:
        day, at = reading.parse_moment(when, turn.today)
    except ValueError as problem:
        raise BadCall(str(problem), field="when") from None
    begins = schedule.resolve(day, at, turn.zone)
    if begins <= turn.now:
        raise BadCall(
            _("{when} has passed. Which hour to come would suit you?").format(when=instant_text(begins, turn.zone)),
            field="when",
        )
    if begins >= _end(turn, group):
        raise BadCall(
            _("This round's meeting has time until {day}; after that you meet other people. An earlier hour?").format(
                day=day_text(group.round.closes_on)
            ),
            field="when",
        )
    return begins


def yes(turn: Turn, number: int) -> Iterable[Effect]:
    """Note that an hour suits her; when it suits everybody it is set."""
    group = of(turn)
    return _can(turn, group, _open(turn, group, number))


def _can(turn: Turn, group: Group, time: MeetingTime) -> Iterable[Effect]:
    times.answer(turn.db, time.id, turn.member.id, can=True)
    said = {**group.answers.get(time.id, {}), turn.member.id: True}
    if acts := changing.judged(turn.db, group, time, said, turn.call.id):
        return [Reply(words.set_now()), *acts]
    waits_for = [person for member, person in group.company.values() if not said.get(member.id, False)]
    is_open = time.state == "proposed"
    may_be_settled = is_open and rules.may_be_settled(group.company, said)
    noted = words.noted(time, turn.zone, waits_for if is_open else [], may_be_settled=may_be_settled)
    return [Reply(noted)]


def no(turn: Turn, number: int) -> Iterable[Effect]:
    """Note that an hour does not suit her; where too few are left it is off."""
    group = of(turn)
    time = _open(turn, group, number)
    times.answer(turn.db, time.id, turn.member.id, can=False)
    said = {**group.answers[time.id], turn.member.id: False}
    was_set = time.state == "set"
    acts = changing.judged(turn.db, group, time, said, turn.call.id, turn.person)
    told = words.was_called_off() if acts and was_set else words.declined(time, turn.zone, is_open=not acts)
    return [Reply(told), *acts]


def settle(turn: Turn, number: int) -> Iterable[Effect]:
    """Set an hour that suits half of the group, without waiting for the others."""
    group = of(turn)
    time = _open(turn, group, number)
    if time.state == "set":
        return [Reply(words.set_now())]
    if not rules.may_be_settled(group.company, group.answers[time.id]):
        raise Refused(
            _("An hour can be set when it suits at least half of you, and two."),
            buttons=(Button(_("Show the hours"), OTHER_HOURS),),
        )
    return [Reply(words.set_now()), changing.set_hour(turn.db, group, time, turn.call.id)]


def off(turn: Turn, number: int) -> Iterable[Effect]:
    """Call an hour off that was set."""
    group = of(turn)
    time = _open(turn, group, number)
    if time.state != "set":
        return no(turn, number)
    return [Reply(words.was_called_off()), changing.call_off(turn.db, group, time, turn.call.id, turn.person)]


def share(turn: Turn, number: int) -> Iterable[Effect]:
    """Let the hour stand in the calendar that everybody in the workspace sees, without a name."""
    group = of(turn)
    time = _open(turn, group, number)
    if time.state != "set":
        raise Refused(_("This hour is not set yet, so there is nothing to show."))
    time.is_shared = True
    times.save(turn.db, time)
    with speaking(group.circle.language):
        said = words.shared(turn.person, group.appointment(time))
    return [Reply(words.will_be_shown()), changing.post(group, time, "shared", said, turn.call.id)]


def _open(turn: Turn, group: Group, number: int) -> MeetingTime:
    """Find an hour about which something can still be said; raises Refused for one that is past or off."""
    time = time_in(group, number)
    other = (Button(_("Other hours"), OTHER_HOURS),)
    if time.starts_at <= turn.now:
        raise Refused(_("That hour has passed."), buttons=other)
    if time.state == "off":
        raise Refused(_("That hour is off. Another one may suit you both or all."), buttons=other)
    return time


WHEN = Parameter("when", "text", _("A day and a time, such as Tuesday 15:00"), required=False, longest=60)
NUMBER = Parameter("number", "number", _("The hour"), lowest=1)
COMMANDS: tuple[Command, ...] = (
    Command("circle meet", _("Find an hour with the people you meet"), meet, (WHEN,)),
    Command(
        "circle meet at",
        _("Propose an hour"),
        meet,
        (Parameter("when", "text", _("A day and a time, such as Tuesday 15:00"), longest=60),),
        submit=_("Propose it"),
        hidden=True,
    ),
    Command("circle meet yes", _("The hour suits you"), yes, (NUMBER,), hidden=True),
    Command("circle meet no", _("The hour does not suit you"), no, (NUMBER,), hidden=True),
    Command("circle meet set", _("Set the hour"), settle, (NUMBER,), hidden=True),
    Command("circle meet off", _("Call the hour off"), off, (NUMBER,), hidden=True),
    Command("circle meet share", _("Show the hour to everybody"), share, (NUMBER,), hidden=True),
)
