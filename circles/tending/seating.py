"""Who sits where in running circles: the list, and moving somebody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from circles.effects import Effect, Post, Reply, Tell
from circles.errors import BadCall, Refused
from circles.forming import casting, preview, rules
from circles.language import _, speaking
from circles.messages import Block, Button, Buttons
from circles.rooms import circle_room
from circles.rotation import repair
from circles.tending import mending, mending_words, resettling, running
from circles.turn import Turn
from storage import members, programmes
from storage.tables import Circle, Member, Person


def list_circles(turn: Turn) -> Iterable[Effect]:
    """List the circles with their people; when the programme has ended, those that there were."""
    rows = []
    state = None if turn.programme.state == "closed" else "running"
    for number, circle in enumerate(programmes.circles(turn.db, turn.programme.id, state=state), 1):
        seated = members.seated(turn.db, circle.id)
        mentors = [person.name for seat, _member, person in seated if seat.role == "mentor"]
        mentees = [person.name for seat, _member, person in seated if seat.role == "mentee"]
        rows.append((number, circle.name, mentors, mentees))
    is_over = turn.programme.state == "closed"
    said = preview.circles_list(rows, is_over=is_over)
    return [Reply(said if is_over or not rows else replace(said, blocks=(*said.blocks, *_could_be_better(turn))))]


def _could_be_better(turn: Turn) -> list[Block]:
    """Say which circles have shrunk and could be one, and offer free seats while somebody waits."""
    now = running.load(turn)
    worth = mending.merges_worth_asking(now.seats, now.people, now.forming, most=mending_words.ASKED_AT_MOST)
    blocks = mending_words.worth_asking(worth, [circle.name for circle in now.circles])
    if now.waiting:
        blocks.append(Buttons((Button(_("Fill free seats"), "programme circles refill"),)))
    return blocks


def move(turn: Turn, person: str, number: int) -> Iterable[Effect]:
    """Seat a member in a running circle, or put her on the waiting list; hard rules hold, or nothing changes."""
    db, programme = turn.db, turn.programme
    circles = running.circles(turn)
    member, who = casting.member_called(turn, person)
    if number > len(circles):
        raise BadCall(
            _("There are circles 1 to {last}; 0 is the waiting list.").format(last=len(circles)), field="number"
        )
    held = members.seat_of(db, member.id)
    target = circles[number - 1] if number else None
    if (held[1].id if held else None) == (target.id if target else None):
        raise Refused(_("{name} is there already.").format(name=who.name))
    role = _free_role(turn, member, who, target) if target else None
    acts = repair.step_out(db, programme, member, turn.now)
    if held:
        members.leave_seat(db, member.id, turn.now)
        acts.append(repair.room_of(db, held[1], programme, f"room:c{held[1].id}:{turn.call.id}"))
        acts += resettling.take_goals_back(turn, member, who)
    if target is None or role is None:
        return [*_wait(turn, member, who, held[1].name if held else ""), *acts]
    resettling.sit(turn, target, member, role)
    key = circle_room(programme.id, target.id)
    acts.append(repair.room_of(db, target, programme, f"room:c{target.id}:{turn.call.id}"))
    with speaking(target.language):
        acts.append(Post(f"joins:{key}:{turn.call.id}", key, preview.welcome_late(who.name), "joins"))
    return [Reply(preview.moved(who.name, target.name)), *acts]


def _wait(turn: Turn, member: Member, who: Person, circle: str) -> list[Effect]:
    """Put a member at the end of the waiting list and tell her; who rests goes on resting."""
    member.queued_at = members.end_of_line(turn.db, turn.programme.id, turn.now)
    if member.state != "paused":
        member.state = "waiting"
    members.save(turn.db, member)
    place = members.place_in_line(turn.db, member)
    total = len(members.in_programme(turn.db, turn.programme.id, states=("waiting",)))
    with speaking(who.locale):
        said = preview.put_on_list(circle, place, max(place, total))
    told = Tell(f"put-on-list:{member.id}:{turn.call.id}", who.id, said, "put-on-list", member=member.id)
    return [Reply(preview.moved_to_list(who.name)), told]


def _free_role(turn: Turn, member: Member, who: Person, circle: Circle) -> rules.Role:
    """Find a seat that a member can take in a circle without breaking a hard rule; the rarer one where both are free.

    What the circle breaks by itself, such as having shrunk, is no reason to keep her out.
    """
    forming = casting.rules_of(turn.db, turn.programme, turn.today)
    seats, candidates = casting.seated_people(turn.db, turn.programme, circle.id)
    newcomer = casting.candidate(member, who, turn.programme, len(candidates))
    known = {one.id: one for one in (*candidates, newcomer)}

    def in_the_way(role: rules.Role) -> tuple[rules.Problem, ...]:
        return mending.in_the_way([seats], [*seats, rules.Seat(member.id, role)], known, forming)

    count = Counter(seat.role for seat in seats)
    role = min(newcomer.roles, key=lambda role: (len(in_the_way(role)), count[role]))
    problems = in_the_way(role)
    if problems:
        raise Refused(preview.broken(who.name, problems, list(known.values())))
    return role
