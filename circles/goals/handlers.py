"""What members do with goals: add, edit, end, resume, share, and read what others share; and this room's table."""

from collections.abc import Iterable
from datetime import date, timedelta

from circles.effects import Ask, Effect, Post, Reply
from circles.errors import BadCall, Refused
from circles.goals import actions, asking, checking, rules, sharing_words, words
from circles.grammar import Command, Parameter, name_choices
from circles.language import _, speaking
from circles.meetings import still_meeting
from circles.programme.rules import settings_of
from circles.rooms import circle_room
from circles.tick import Due
from circles.turn import Turn
from storage import goals, members, rounds
from storage.tables import Circle, Goal, Person

name_choices({"personal": _("personal"), "professional": _("professional")})
ENDS = {"done": "done", "park": "parked", "drop": "dropped", "resume": "active"}


def _mine(turn: Turn) -> list[tuple[int, Goal]]:
    """Give the asker's goals with the numbers she knows them by: in the order of creation, never used again."""
    return list(enumerate(goals.of_member(turn.db, turn.member.id), 1))


def _chosen(turn: Turn, number: int) -> Goal:
    for known, goal in _mine(turn):
        if known == number:
            return goal
    raise BadCall(
        _("You have no goal {number}. /circle goal shows yours with their numbers.").format(number=number),
        buttons=(words.my_goals_button(), words.add_button()),
    )


def _which(turn: Turn, what: str) -> list[Effect]:
    rows = _mine(turn)
    fitting = [(n, g) for n, g in rows if (g.state == "active") != (what == "resume")]
    return [Reply(words.which(what, fitting) if fitting else words.goals(rows))]


def list_goals(turn: Turn) -> Iterable[Effect]:
    """List her own goals."""
    return [Reply(words.goals(_mine(turn)))]


def add(turn: Turn, text: str, first_step: str = "", by: date | None = None, life: str = "") -> Iterable[Effect]:
    """Keep a new goal, private until she shares it."""
    rows = _mine(turn)
    active = [(n, g) for n, g in rows if g.state == "active"]
    if not rules.may_begin(len(active)):
        return [Reply(words.enough(active, text))]
    if by is not None and by < turn.today:
        raise BadCall(words.past_day(by), field="by")
    usual = settings_of(turn.programme.settings).life
    goal = Goal(
        member_id=turn.member.id,
        text=text,
        first_step=first_step,
        by_day=by,
        life=life or (usual if usual != "both" else "professional"),
        created_at=turn.now,
        changed_at=turn.now,
    )
    goals.save(turn.db, goal)
    return [Reply(words.added(len(rows) + 1, goal))]


def edit(
    turn: Turn, number: int | None = None, text: str = "", first_step: str = "", by: date | None = None
) -> Iterable[Effect]:
    """Change a goal's words, first step or day; the form comes filled with what is there."""
    if number is None:
        return _which(turn, "edit")
    goal = _chosen(turn, number)
    if not turn.call.answers:
        return [Ask(words.edit_form(number, goal))]
    if not text:
        raise BadCall(_("A goal needs a few words. To end it, type /circle goal drop and its number."), field="text")
    if by is not None and by < turn.today and by != goal.by_day:
        raise BadCall(words.past_day(by), field="by")
    goal.text, goal.first_step, goal.by_day, goal.changed_at = text, first_step, by, turn.now
    goals.save(turn.db, goal)
    return [Reply(words.edited(number, goal))]


def _set_state(turn: Turn, what: str, number: int | None) -> list[Effect]:
    if number is None:
        return _which(turn, what)
    goal, state = _chosen(turn, number), ENDS[what]
    is_new = goal.state != state
    if is_new and state == "active":
        active = [(n, g) for n, g in _mine(turn) if g.state == "active"]
        if not rules.may_begin(len(active)):
            return [Reply(words.enough(active, ""))]
    if is_new:
        goal.state, goal.changed_at = state, turn.now
        goals.save(turn.db, goal)
    return [Reply(words.state_set(number, state, is_new=is_new))]


def done(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Call a goal done."""
    return _set_state(turn, "done", number)


def park(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Let a goal rest."""
    return _set_state(turn, "park", number)


def drop(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Let a goal go."""
    return _set_state(turn, "drop", number)


def resume(turn: Turn, number: int | None = None) -> Iterable[Effect]:
    """Make a goal active again, while fewer than three are."""
    return _set_state(turn, "resume", number)


def _circle(turn: Turn) -> Circle | None:
    seat = members.seat_of(turn.db, turn.member.id)
    return seat[1] if seat is not None and seat[1].state == "running" else None


def _circle_mates(turn: Turn) -> dict[int, Person]:
    circle = _circle(turn)
    if circle is None:
        return {}
    return {
        m.id: p for _seat, m, p in members.seated(turn.db, circle.id) if m.id != turn.member.id and m.state != "left"
    }


def _partners(turn: Turn) -> set[int]:
    """Give the members in the asker's meeting group of the round that is open now, without herself."""
    circle = _circle(turn)
    row = rounds.newest(turn.db, circle.id) if circle is not None else None
    if row is None or row.state != "open":
        return set()
    placement = rounds.placement_of(turn.db, row.id, turn.member.id)
    if placement is None:
        return set()
    return {p.member_id for p in still_meeting(turn.db, placement)} - {turn.member.id}


def share(turn: Turn, number: int | None = None, scope: str = "") -> Iterable[Effect]:
    """Say who may read a goal; without a scope, tell first who that would be."""
    if number is None:
        return _which(turn, "share")
    goal, mates = _chosen(turn, number), _circle_mates(turn)
    partners = [mates[m] for m in sorted(_partners(turn)) if m in mates]
    if not scope:
        return [Reply(sharing_words.share_choices(number, goal, partners, len(mates)))]
    before, goal.scope = goal.scope, scope
    goals.save(turn.db, goal)
    if scope != "circle":
        goals.withdraw_telling(turn.db, turn.workspace.id, goal.id)
    return [
        Reply(sharing_words.shared(number, scope, partners, len(mates), was_circle=before == "circle"), replaces=True)
    ]


def tell(turn: Turn, number: int) -> Iterable[Effect]:
    """Post a goal, already shared with the circle, into the circle's room."""
    goal, circle = _chosen(turn, number), _circle(turn)
    if circle is None:
        raise Refused(_("You have no seat in a circle just now, so there is no room to tell."))
    if goal.scope != "circle":
        raise Refused(
            _("Goal {number} is not shared with your circle, so I say nothing there.").format(number=number),
            buttons=(words.my_goals_button(),),
        )
    with speaking(circle.language):
        said = sharing_words.to_circle(turn.person, goal)
    room = circle_room(turn.programme.id, circle.id)
    post = Post(f"goal:{goal.id}:told:{turn.call.id}", room, said, "goal-told", not_after=turn.now + timedelta(days=2))
    return [Reply(sharing_words.told(number), replaces=True), post]


def see(turn: Turn) -> Iterable[Effect]:
    """Show the goals that others share with her: those she meets now, and her circle."""
    mates, partners = _circle_mates(turn), _partners(turn)
    readable = [
        (mates[goal.member_id], goal)
        for goal in goals.shared(turn.db, mates)
        if rules.may_read(goal.scope, owns=False, meets_now=goal.member_id in partners, same_circle=True)
    ]
    return [Reply(sharing_words.seen(sorted(readable, key=lambda row: (row[0].name.casefold(), row[1].id))))]


NUMBER = Parameter("number", "number", _("The goal's number in your list"), required=False, lowest=1, highest=100_000)
THIS = Parameter("number", "number", _("The goal's number in your list"), lowest=1, highest=100_000)
FIRST_STEP = Parameter(
    "first_step", "text", _("A first step, if there is one"), required=False, longest=200, form_only=True
)
BY = Parameter("by", "day", _("By when, if there is a day"), required=False, form_only=True)
GOAL_COMMANDS = (
    Command("circle goal", _("Your goals, and who can read them"), list_goals, is_looking=True),
    Command("circle goal list", _("Your goals, and who can read them"), list_goals, is_looking=True),
    Command(
        "circle goal add",
        _("Keep a goal in mind"),
        add,
        (
            Parameter("text", "text", _("The goal, in a sentence"), longest=300),
            FIRST_STEP,
            BY,
            Parameter(
                "life",
                "choice",
                _("Which part of life it belongs to"),
                required=False,
                choices=("professional", "personal"),
                form_only=True,
            ),
        ),
        title=_("Your goal"),
        submit=_("Keep it"),
    ),
    Command(
        "circle goal edit",
        _("Change a goal's words"),
        edit,
        (
            NUMBER,
            Parameter("text", "text", _("The goal, in a sentence"), required=False, longest=300, form_only=True),
            FIRST_STEP,
            BY,
        ),
        title=_("Your goal"),
        submit=_("Keep it"),
    ),
    Command("circle goal done", _("Call a goal done"), done, (NUMBER,)),
    Command("circle goal park", _("Let a goal rest"), park, (NUMBER,)),
    Command("circle goal drop", _("Let a goal go"), drop, (NUMBER,)),
    Command("circle goal resume", _("Make a goal active again"), resume, (NUMBER,)),
    Command(
        "circle goal share",
        _("Say who may read a goal"),
        share,
        (NUMBER, Parameter("scope", "choice", _("Who may read it"), required=False, choices=rules.SCOPES)),
    ),
    Command("circle goal see", _("Goals that others share with you"), see),
    Command("circle goal tell", _("Tell your circle of a goal"), tell, (THIS,), hidden=True),
)
COMMANDS: tuple[Command, ...] = (*GOAL_COMMANDS, *actions.COMMANDS, *checking.COMMANDS)
DUE = {"check-in": Due(asking.check_in, timedelta(days=3))}
RENEW = {
    "check-in": asking.check_in_again,
    "check-in-snoozed": asking.snoozed_again,
    "check-in-reminder": asking.reminder_again,
    "goal-invite": asking.invitation_again,
    "action": asking.action_again,
}
