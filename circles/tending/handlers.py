"""Organisers tend circles that run: free seats go to people who wait, a large circle becomes two; and the table."""

from collections.abc import Iterable

from circles.effects import Act, Effect, Post, Reply
from circles.errors import Refused
from circles.forming import casting, launch, preview
from circles.grammar import Command, Parameter
from circles.language import _, speaking
from circles.programme import replan
from circles.rooms import circle_room
from circles.rotation import asking, repair
from circles.tending import mended_words, merging, refilling, resettling, running, seating, splitting
from circles.tending import mending_words as words
from circles.tending.running import Running
from circles.turn import Turn
from storage import members
from storage.tables import Circle


def refill(turn: Turn, moves: int = 0) -> Iterable[Effect]:
    """Show who of those who wait would take which free seat."""
    now, plan = _refill(turn, moves)
    mark = _mark_of_refill(now, plan)
    names = [circle.name for circle in now.circles]
    return [Reply(words.refill(plan, names, words.names_of(now.people), moves, mark), replaces=True)]


def refill_these(turn: Turn, mark: str, moves: int = 0) -> Iterable[Effect]:
    """Give the free seats that the organiser looked at; rooms and the open round follow."""
    now, plan = _refill(turn, moves)
    running.check_mark(mark, _mark_of_refill(now, plan), f"programme circles refill {moves}")
    if not plan.joining:
        raise Refused(_("Nobody who waits fits a free seat as things stand."), buttons=(running.show(),))
    acts = _leave_for_others(turn, now, plan)
    joined: dict[int, list[str]] = {}
    for one in plan.joining:
        member, who = members.with_persons(turn.db, [one.person])[one.person]
        resettling.sit(turn, now.circles[one.circle], member, one.role)
        joined.setdefault(one.circle, []).append(who.name)
    left = {one.came_from for one in plan.joining if one.came_from is not None}
    for at in sorted(left | joined.keys()):
        acts.append(resettling.room(turn, now.circles[at]))
    for at, names in sorted(joined.items()):
        with speaking(now.circles[at].language):
            said = mended_words.welcome_several(names) if len(names) > 1 else preview.welcome_late(names[0])
        acts.append(resettling.post(turn, now.circles[at], said, "joins"))
    seated = sum(one.came_from is None for one in plan.joining)
    return [Reply(mended_words.refilled(seated, len(plan.waiting)), replaces=True), *acts]


def _refill(turn: Turn, moves: int) -> tuple[Running, refilling.Refill]:
    now = running.load(turn)
    if not now.waiting:
        raise Refused(_("Nobody waits for a seat. Members join with /circle join; a roster can be imported."))
    return now, refilling.refill(now.seats, now.people, now.forming, turn.programme.seed, moves=moves)


def _mark_of_refill(now: Running, plan: refilling.Refill) -> str:
    left = {one.came_from for one in plan.joining if one.came_from is not None}
    touched = sorted(left | {one.circle for one in plan.joining})
    there = [[now.circles[at].id, [seat.person for seat in now.seats[at]]] for at in touched]
    return casting.mark_of({"circles": there, "joining": [[j.person, j.circle, j.role] for j in plan.joining]})


def _leave_for_others(turn: Turn, now: Running, plan: refilling.Refill) -> list[Act]:
    """Let those who change circles stand up, before anybody sits down."""
    moving = [(one, one.came_from) for one in plan.joining if one.came_from is not None]
    acts: list[Act] = []
    for at in sorted({before for _one, before in moving}):
        acts += resettling.leave_round(turn, now.circles[at], {one.person for one, before in moving if before == at})
    for one, before in moving:
        skips = {one.person} & resettling.skips_of(turn, now.circles[before])
        resettling.keep_skips(turn, now.circles[one.circle], skips)
        acts += resettling.stand_up(turn, one.person)
    return acts


# --- one circle as two ------------------------------------------------------------------------------------------------


def split(turn: Turn, number: int) -> Iterable[Effect]:
    """Show a circle as two."""
    now, at, plan = _split(turn, number)
    circle = now.circles[at]
    names, mark = words.names_of(now.people), _mark_of_split(circle, plan)
    return [
        Reply(words.split(plan, circle.name, number, names, mark, resettling.under_way(turn, circle)), replaces=True)
    ]


def split_these(turn: Turn, number: int, mark: str) -> Iterable[Effect]:
    """Make a circle two: half of it gets a circle and a room of its own."""
    now, at, plan = _split(turn, number)
    circle = now.circles[at]
    running.check_mark(mark, _mark_of_split(circle, plan), f"programme circles split {number}")
    stays, leaves = plan.circles
    leaving = {seat.person for seat in leaves.seats}
    resting = [one for one in leaving if members.get(turn.db, one).state == "paused"]
    acts = resettling.leave_round(turn, circle, leaving)
    skipping = resettling.skips_of(turn, circle) & leaving
    for one in sorted(leaving):
        acts += resettling.stand_up(turn, one)
    resettling.change_roles(turn, circle, [(s.person, s.role) for s in stays.seats if s.person in plan.other_role])
    new = launch.create(turn, 0, leaves)
    for one in resting:
        member = members.get(turn.db, one)
        member.state = "paused"
        members.save(turn.db, member)
    replan.replan(turn.db, turn.programme, turn.now)
    resettling.keep_skips(turn, new, skipping)
    done = mended_words.divided(circle.name, new.name)
    return [Reply(done, replaces=True), *acts, *_open_half(turn, new, circle), *_tell_stayers(turn, circle, new)]


def _split(turn: Turn, number: int) -> tuple[Running, int, splitting.Split]:
    now = running.load(turn)
    at = now.at(number, "number")
    plan = splitting.split(now.seats[at], now.people, now.forming, turn.programme.seed)
    if not plan.circles:
        names = words.names_of(now.people)
        raise Refused(words.cannot_split(now.circles[at].name, plan.problems, names), buttons=(running.show(),))
    return now, at, plan


def _mark_of_split(circle: Circle, plan: splitting.Split) -> str:
    return casting.mark_of(
        {"split": circle.id, "halves": [[[s.person, s.role] for s in h.seats] for h in plan.circles]}
    )


def _open_half(turn: Turn, new: Circle, before: Circle) -> list[Act]:
    coming = asking.next_round(turn.db, new)
    names = [who.name for _seat, _member, who in members.seated(turn.db, new.id)]
    key = circle_room(turn.programme.id, new.id)
    with speaking(new.language):
        said = mended_words.welcome_half(new.name, before.name, names, coming.day if coming else None)
    opened = repair.room_of(turn.db, new, turn.programme, f"open:{key}")
    return [opened, Post(f"welcome:{key}", key, said, "welcome")]


def _tell_stayers(turn: Turn, circle: Circle, new: Circle) -> list[Act]:
    names = [who.name for _seat, _member, who in members.seated(turn.db, new.id)]
    with speaking(circle.language):
        said = mended_words.grown(names, new.name)
    return [resettling.room(turn, circle), resettling.post(turn, circle, said, "divided")]


MARK = Parameter("mark", "word", _("The mark of what you looked at"))
MOVES = Parameter("moves", "number", _("How many people may change circles for it (0 to 3)"), required=False, highest=3)
PERSON = Parameter("person", "person", _("Who moves"))
TO_CIRCLE = Parameter("number", "number", _("To which circle (0 is the waiting list)"), highest=200)
NUMBER = Parameter("number", "number", _("Which circle"), lowest=1, highest=200)
COMMANDS: tuple[Command, ...] = (
    Command("programme circles", _("List the circles"), seating.list_circles, who="organiser"),
    Command("programme circles list", _("List the circles"), seating.list_circles, who="organiser", hidden=True),
    Command(
        "programme circles move",
        _("Seat somebody in another circle"),
        seating.move,
        (PERSON, TO_CIRCLE),
        who="organiser",
        audited=True,
    ),
    Command(
        "programme circles refill",
        _("Give free seats to people who wait"),
        refill,
        (MOVES,),
        who="organiser",
    ),
    Command(
        "programme circles refill these",
        _("Give these free seats"),
        refill_these,
        (MARK, MOVES),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    Command("programme circles split", _("Make a large circle two"), split, (NUMBER,), who="organiser"),
    Command(
        "programme circles split these",
        _("Make this circle two"),
        split_these,
        (NUMBER, MARK),
        who="organiser",
        hidden=True,
        audited=True,
    ),
    *merging.COMMANDS,
)
