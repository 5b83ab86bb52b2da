"""How circles come about: preview, move, confirm; and how people change circles later."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from circles.effects import Act, Effect, Post, Reply, Tell
from circles.errors import BadCall, Refused
from circles.forming import casting, preview, rules
from circles.forming.values import Broken, Candidate, Proposal
from circles.grammar import Command, Parameter
from circles.language import _, speaking
from circles.messages import Button
from circles.programme import replan
from circles.programme.rules import settings_of, term_end
from circles.rotation import asking, repair
from circles.turn import Turn
from storage import members, people, programmes
from storage.tables import Circle, Member, Person
from storage.tables import Proposal as ProposalRow

NOTICE = timedelta(days=2)  # between the confirmation and the first round


def form(turn: Turn, seed: int | None = None) -> Iterable[Effect]:
    """Preview circles from who waits for a seat; the same seed gives the same circles."""
    programme = turn.programme
    if programme.state not in {"call", "running"}:
        raise Refused(
            _("Members can't join yet, so there is nobody to seat. Finish the setup first."),
            buttons=(Button(_("Continue the setup"), "programme setup"),),
        )
    candidates = casting.waiting_people(turn.db, programme)
    if not candidates:
        raise Refused(_("Nobody waits for a seat. Members join with /circle join; a roster can be imported."))
    chosen = programme.seed if seed is None else seed
    proposal = rules.propose(candidates, casting.rules_of(turn.db, programme, turn.today), chosen)
    _keep(turn, proposal)
    return [Reply(preview.shown(proposal, candidates), replaces=True)]


def _keep(turn: Turn, proposal: Proposal) -> None:
    """Keep a preview in the place of the one before."""
    before = programmes.open_proposal(turn.db, turn.programme.id)
    if before is not None:
        before.state = "replaced"
        programmes.save(turn.db, before)
    row = ProposalRow(
        programme_id=turn.programme.id,
        seed=proposal.seed,
        body=casting.to_body(proposal),
        made_at=turn.now,
        made_by=turn.person.id,
    )
    programmes.save(turn.db, row)


def _kept(turn: Turn) -> tuple[ProposalRow, Proposal, tuple[rules.Problem, ...], list[Candidate]]:
    row = programmes.open_proposal(turn.db, turn.programme.id)
    if row is None or not row.body["circles"]:
        raise Refused(
            _("There is no preview to work with. Make one with /programme form."),
            buttons=(Button(_("Preview circles"), "programme form", "primary"),),
        )
    candidates = casting.waiting_people(turn.db, turn.programme)
    forming = casting.rules_of(turn.db, turn.programme, turn.today)
    proposal, problems = casting.of_body(row.body, row.seed, candidates, forming)
    return row, proposal, problems, candidates


def move_in_preview(turn: Turn, person: str, number: int) -> Iterable[Effect]:
    """Move a person in the preview; hard rules hold, or nothing changes."""
    row, proposal, _problems, candidates = _kept(turn)
    member, who = _member(turn, person)
    if member.id not in {one.id for one in candidates}:
        raise BadCall(_("{name} is not waiting for a seat.").format(name=who.name), field="person")
    if not 0 <= number <= len(proposal.circles):
        raise BadCall(
            _("The preview has circles 1 to {last}; 0 is the waiting list.").format(last=len(proposal.circles)),
            field="number",
        )
    forming = casting.rules_of(turn.db, turn.programme, turn.today)
    try:
        moved = rules.move(proposal, member.id, number - 1 if number else None, candidates, forming)
    except Broken as broken:
        raise Refused(
            preview.broken(who.name, broken.problems, candidates),
            buttons=(Button(_("Show the preview"), "programme form show"),),
        ) from None
    row.body = casting.to_body(moved)
    programmes.save(turn.db, row)
    return [Reply(preview.shown(moved, candidates))]


def show(turn: Turn) -> Iterable[Effect]:
    """Show the preview again, as it is true now."""
    _row, proposal, problems, candidates = _kept(turn)
    return [Reply(preview.shown(proposal, candidates, problems))]


def confirm(turn: Turn) -> Iterable[Effect]:
    """Form the circles of the preview, open their rooms and plan the term."""
    row, proposal, problems, candidates = _kept(turn)
    known = {one.id for one in candidates}
    gone = any(person not in known for circle in row.body["circles"] for person, _role in circle)
    if problems or gone:
        return [
            Reply(preview.shown(proposal, candidates, problems)),
            *_stale(gone=gone),
        ]
    if len(people.organisers(turn.db, turn.programme.id)) < 2:
        raise Refused(_("A programme runs with two organisers. Add one with /programme organisers add @name."))
    row.state = "confirmed"
    programmes.save(turn.db, row)
    _start(turn)
    created = [_create(turn, number, circle) for number, circle in enumerate(proposal.circles)]
    replan.replan(turn.db, turn.programme, turn.now)
    first = asking.next_round(turn.db, created[0][0])
    acts = [act for circle, _seats in created for act in _open_room(turn, circle, first.day if first else None)]
    acts += _tell_waiting(turn)
    seated = sum(len(seats) for _circle, seats in created)
    done = preview.confirmed(len(created), seated, len(candidates) - seated, first.day if first else None)
    return [Reply(done, replaces=True), *acts]


def _stale(*, gone: bool) -> list[Effect]:
    if not gone:
        return []
    raise Refused(
        _("Somebody in this preview has left or has a seat by now. Nothing was changed; make a new preview."),
        buttons=(Button(_("Make a new preview"), "programme form", "primary"),),
    )


def _start(turn: Turn) -> None:
    """Let the programme run: its first day is the planned one, or the next Monday with two days' notice."""
    programme = turn.programme
    if programme.state == "running":
        return
    earliest = turn.today + NOTICE
    if programme.starts_on is None or programme.starts_on < earliest:
        programme.starts_on = earliest + timedelta(days=-earliest.weekday() % 7)
    programme.ends_on = term_end(programme.starts_on, settings_of(programme.settings).weeks)
    programme.state = "running"
    programmes.save(turn.db, programme)


def _create(turn: Turn, number: int, proposed: rules.Circle) -> tuple[Circle, tuple[rules.Seat, ...]]:
    settings = settings_of(turn.programme.settings)
    count = len(programmes.circles(turn.db, turn.programme.id, state=None)) + 1
    spoken = settings.language if settings.language in proposed.languages else proposed.languages[0]
    circle = Circle(
        programme_id=turn.programme.id,
        name=_("{programme}, circle {number}").format(programme=turn.programme.name, number=count),
        ring=settings.ring,
        language=spoken,
        seed=Random(f"{turn.programme.seed}:{number}:{count}").randrange(1, 2**31),
        formed_at=turn.now,
    )
    programmes.save(turn.db, circle)
    for seat in proposed.seats:
        members.take_seat(turn.db, circle.id, members.get(turn.db, seat.person), seat.role, turn.now)
    return circle, proposed.seats


def _open_room(turn: Turn, circle: Circle, first: date | None) -> list[Act]:
    rows = members.seated(turn.db, circle.id)
    mentors = [person for seat, _member, person in rows if seat.role == "mentor"]
    mentees = [person for seat, _member, person in rows if seat.role == "mentee"]
    key = f"p{turn.programme.id}:c{circle.id}"
    with speaking(circle.language):
        said = preview.welcome(circle.name, settings_of(turn.programme.settings).purpose, mentors, mentees, first)
    return [
        repair.room_of(turn.db, circle, turn.programme, f"open:{key}"),
        Post(f"welcome:{key}", key, said, "welcome"),
    ]


def _tell_waiting(turn: Turn) -> list[Act]:
    rows = members.in_programme(turn.db, turn.programme.id, states=("waiting",))
    acts: list[Act] = []
    for place, (member, person) in enumerate(rows, 1):
        with speaking(person.locale):
            said = preview.still_waiting(place, len(rows))
        key = f"still-waiting:{member.id}:{turn.now.date()}"
        acts.append(Tell(key, person.id, said, "still-waiting", member=member.id))
    return acts


def _member(turn: Turn, outside_id: str) -> tuple[Member, Person]:
    person = people.by_outside_id(turn.db, turn.workspace.id, outside_id)
    member = members.of_person(turn.db, turn.programme.id, person.id) if person else None
    if person is None or member is None or member.state == "left":
        raise BadCall(_("I know no member “{name}” here.").format(name=outside_id[:40]), field="person")
    return member, person


def list_circles(turn: Turn) -> Iterable[Effect]:
    """List the circles with their people."""
    rows = []
    for number, circle in enumerate(programmes.circles(turn.db, turn.programme.id), 1):
        seated = members.seated(turn.db, circle.id)
        mentors = [person.name for seat, _member, person in seated if seat.role == "mentor"]
        mentees = [person.name for seat, _member, person in seated if seat.role == "mentee"]
        rows.append((number, circle.name, mentors, mentees))
    return [Reply(preview.circles_list(rows))]


def move(turn: Turn, person: str, number: int) -> Iterable[Effect]:
    """Seat a member in a running circle, or put her on the waiting list; hard rules hold, or nothing changes."""
    db, programme = turn.db, turn.programme
    member, who = _member(turn, person)
    running = programmes.circles(db, programme.id)
    if not 0 <= number <= len(running):
        raise BadCall(
            _("There are circles 1 to {last}; 0 is the waiting list.").format(last=len(running)), field="number"
        )
    held = members.seat_of(db, member.id)
    target = running[number - 1] if number else None
    if (held[1].id if held else None) == (target.id if target else None):
        raise Refused(_("{name} is there already.").format(name=who.name))
    role = _free_role(turn, member, who, target) if target else ""
    acts = repair.step_out(db, programme, member, turn.now)
    if held:
        members.leave_seat(db, member.id, turn.now)
        acts.append(repair.room_of(db, held[1], programme, f"room:c{held[1].id}:{turn.call.id}"))
    if target is None:
        member.state, member.queued_at = "waiting", turn.now
        members.save(db, member)
        return [Reply(preview.moved_to_list(who.name)), *acts]
    members.take_seat(db, target.id, member, role, turn.now)
    key = f"p{programme.id}:c{target.id}"
    acts.append(repair.room_of(db, target, programme, f"room:c{target.id}:{turn.call.id}"))
    with speaking(target.language):
        acts.append(Post(f"joins:{key}:{turn.call.id}", key, preview.welcome_late(who.name), "joins"))
    return [Reply(preview.moved(who.name, target.name)), *acts]


def _free_role(turn: Turn, member: Member, who: Person, circle: Circle) -> rules.Role:
    """Find a seat that a member can take in a circle without breaking a hard rule."""
    forming = casting.rules_of(turn.db, turn.programme, turn.today)
    seats, candidates = casting.seated_people(turn.db, turn.programme, circle.id)
    newcomer = casting.candidate(member, who, turn.programme, len(candidates))
    known = {one.id: one for one in (*candidates, newcomer)}
    ways = [(rules.broken([*seats, rules.Seat(member.id, role)], known, forming), role) for role in newcomer.roles]
    problems, role = min(ways, key=lambda way: len(way[0]))
    if problems:
        raise Refused(preview.broken(who.name, problems, list(known.values())))
    return role


PERSON = Parameter("person", "person", _("Who moves"))
NUMBER = Parameter("number", "number", _("To which circle (0 is the waiting list)"), highest=200)
COMMANDS: tuple[Command, ...] = (
    Command(
        "programme form",
        _("Preview who would sit with whom"),
        form,
        (Parameter("seed", "number", _("A number that makes the draw repeatable"), required=False, lowest=1),),
        who="organiser",
    ),
    Command("programme form show", _("Show the preview again"), show, who="organiser"),
    Command(
        "programme form move", _("Move a person in the preview"), move_in_preview, (PERSON, NUMBER), who="organiser"
    ),
    Command("programme form confirm", _("Form the circles of the preview"), confirm, who="organiser", audited=True),
    Command("programme circles", _("List the circles"), list_circles, who="organiser"),
    Command(
        "programme circles move",
        _("Seat somebody in another circle"),
        move,
        (PERSON, NUMBER),
        who="organiser",
        audited=True,
    ),
)
