"""Two circles become one: both are asked, the smaller moves into the larger one's room, and its own room closes."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from circles.effects import Act, CloseRoom, Effect, Post, Reply
from circles.errors import BadCall, Refused
from circles.forming import casting
from circles.forming.hard_rules import common_languages
from circles.grammar import Command, Parameter
from circles.language import _, speaking
from circles.messages import Button
from circles.programme import replan
from circles.programme.rules import settings_of
from circles.rooms import circle_room
from circles.rotation import asking
from circles.tending import mended_words, mending, resettling, running
from circles.tending import mending_words as words
from circles.tending.running import Running
from circles.turn import Turn
from storage import deliveries, members, people, programmes
from storage.tables import Circle, Delivery

ASKED_AGAIN = timedelta(days=28)
"""So long after a question the same two circles may be asked again."""


def merge(turn: Turn, first: int, second: int) -> Iterable[Effect]:
    """Show two circles as one."""
    now, pair, plan = _merge(turn, first, second)
    one, other = (now.circles[at] for at in pair)
    asked = _asked(turn, one, other)
    said = words.merge(
        plan,
        (one.name, other.name),
        (first, second),
        words.names_of(now.people),
        _mark_of_merge(now, pair, plan),
        asked=asked[-1].due_at.astimezone(ZoneInfo(turn.zone)).date() if asked else None,
        may_ask=_may_ask(turn, asked),
        under_way=resettling.under_way(turn, (one, other)[plan.joins]),
    )
    return [Reply(said, replaces=True)]


def ask_about_merge(turn: Turn, first: int, second: int) -> Iterable[Effect]:
    """Post the question into both rooms, at most once in four weeks; nothing else happens."""
    now, pair, _plan = _merge(turn, first, second)
    one, other = (now.circles[at] for at in pair)
    asked = _asked(turn, one, other)
    if not _may_ask(turn, asked):
        raise Refused(
            _("Both circles have been asked already."),
            buttons=(Button(_("Show the merge"), f"programme circles merge {first} {second}", "primary"),),
        )
    organisers = [person.name for person in people.organisers(turn.db, turn.programme.id)]
    acts = []
    for here, there, at in ((one, other, pair), (other, one, pair[::-1])):
        with speaking(here.language):
            said = mended_words.question(len(now.seats[at[0]]), len(now.seats[at[1]]), organisers)
        acts.append(
            Post(_asked_key(here, there, len(asked)), circle_room(turn.programme.id, here.id), said, "merge-ask")
        )
    return [Reply(words.asked()), *acts]


def merge_these(turn: Turn, first: int, second: int, mark: str) -> Iterable[Effect]:
    """Make two circles one: the smaller moves into the larger one's room, its own closes."""
    now, pair, plan = _merge(turn, first, second)
    if not _asked(turn, *(now.circles[at] for at in pair)):
        raise Refused(
            _("Two circles become one when both agree, and these have not been asked yet. Nothing was changed."),
            buttons=(Button(_("Ask both circles"), f"programme circles merge ask {first} {second}", "primary"),),
        )
    running.check_mark(mark, _mark_of_merge(now, pair, plan), f"programme circles merge {first} {second}")
    if plan.circle is None:  # pragma: no cover - refused above
        raise Refused(_("Nothing was changed."))
    stays, joins = now.circles[pair[plan.stays]], now.circles[pair[plan.joins]]
    roles = {seat.person: seat.role for seat in plan.circle.seats}
    moving = [(member, who) for _seat, member, who in members.seated(turn.db, joins.id)]
    acts = resettling.end_round(turn, joins)
    skipping = resettling.skips_of(turn, joins)
    for member, _who in moving:
        acts += resettling.stand_up(turn, member.id)
        resettling.sit(turn, stays, member, roles[member.id])
    staying = {seat.person for seat in now.seats[pair[plan.stays]]} & set(plan.other_role)
    resettling.change_roles(turn, stays, [(one, roles[one]) for one in sorted(staying)])
    _speak(turn, stays, now, pair[plan.stays], plan.circle.languages)
    closing = _close(turn, joins)
    replan.replan(turn.db, turn.programme, turn.now)
    resettling.keep_skips(turn, stays, skipping)
    coming = asking.next_round(turn.db, stays)
    with speaking(stays.language):
        names = [who.name for _member, who in moving]
        said = mended_words.become_one(stays.name, joins.name, names, coming.day if coming else None)
    here = [resettling.room(turn, stays), resettling.post(turn, stays, said, "merged")]
    return [Reply(mended_words.merged(stays.name, len(roles)), replaces=True), *acts, *here, *closing]


def _merge(turn: Turn, first: int, second: int) -> tuple[Running, tuple[int, int], mending.Merge]:
    now = running.load(turn)
    pair = now.at(first, "first"), now.at(second, "second")
    if first == second:
        raise BadCall(
            _("That is the same circle twice. A merge takes two, for example /programme circles merge 1 2."),
            field="second",
        )
    plan = mending.merge(now.seats[pair[0]], now.seats[pair[1]], now.people, now.forming)
    if plan.circle is None:
        problems = words.in_the_way(plan.problems, words.names_of(now.people))
        one, other = (now.circles[at].name for at in pair)
        raise Refused(words.cannot_merge(one, other, problems), buttons=(running.show(),))
    return now, pair, plan


def _mark_of_merge(now: Running, pair: tuple[int, int], plan: mending.Merge) -> str:
    seats = plan.circle.seats if plan.circle else ()
    ids = [now.circles[pair[at]].id for at in (plan.stays, plan.joins)]
    return casting.mark_of({"merge": ids, "seats": [[seat.person, seat.role] for seat in seats]})


def _asked_key(here: Circle, there: Circle, before: int) -> str:
    """Name the question to a circle after so many others, so that two presses at once ask one."""
    return f"merge-ask:{here.id}:{there.id}" + (f":{before + 1}" if before else "")


def _asked(turn: Turn, one: Circle, other: Circle) -> list[Delivery]:
    """Give each time at which both circles were asked whether they would be one, the newest last."""
    asked: list[Delivery] = []
    while row := deliveries.by_key(turn.db, turn.workspace.id, _asked_key(one, other, len(asked))):
        asked.append(row)
    return asked


def _may_ask(turn: Turn, asked: Sequence[Delivery]) -> bool:
    return not asked or asked[-1].due_at + ASKED_AGAIN <= turn.now


def _speak(turn: Turn, circle: Circle, before: Running, at: int, languages: tuple[str, ...]) -> None:
    """Let the bot speak to a circle in a language that all of it shares, where its own is none any more."""
    sitting = {seat.person for seat in before.seats[at]}
    spoken = common_languages([person for person in before.people if person.id in sitting])
    if languages and circle.language in spoken and circle.language not in languages:
        own = settings_of(turn.programme.settings).language
        circle.language = own if own in languages else languages[0]
        programmes.save(turn.db, circle)


def _close(turn: Turn, circle: Circle) -> list[Act]:
    """End a circle in which nobody sits any more; what waited to be said in its room is not said."""
    circle.state = "closed"
    programmes.save(turn.db, circle)
    key = circle_room(turn.programme.id, circle.id)
    deliveries.cancel(turn.db, room_key=key)
    room = deliveries.room(turn.db, turn.workspace.id, key)
    if room is not None and room.state == "asked":  # it was still to be opened, so there is nothing to close
        room.state = "closed"
        deliveries.save_room(turn.db, room)
        return []
    return [CloseRoom(f"room:c{circle.id}:{turn.call.id}", key)]


FIRST = Parameter("first", "number", _("One circle"), lowest=1, highest=200)
SECOND = Parameter("second", "number", _("The other circle"), lowest=1, highest=200)
COMMANDS: tuple[Command, ...] = (
    Command("programme circles merge", _("Make two circles one"), merge, (FIRST, SECOND), who="organiser"),
    Command(
        "programme circles merge ask",
        _("Ask two circles whether they would be one"),
        ask_about_merge,
        (FIRST, SECOND),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    Command(
        "programme circles merge these",
        _("Make these two circles one"),
        merge_these,
        (FIRST, SECOND, Parameter("mark", "word", _("The mark of what you looked at"))),
        who="organiser",
        hidden=True,
        audited=True,
    ),
)
