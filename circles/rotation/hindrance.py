"""What is in the way of a round that can't be: which rule, and the counts that say what would help."""

from circles.messages import Message
from circles.rotation import hindrance_words, past, rules, walls
from circles.rotation.forecast_words import Unseated
from circles.rotation.hindrance_words import Hindrance
from storage import Session, members, programmes, rounds
from storage.tables import Circle, Programme


def told(
    db: Session, programme: Programme, circle: Circle, number: int, why: rules.NoRound | rules.Contradiction
) -> Message:
    """Tell organisers why a round can't be, and what would help."""
    if isinstance(why, rules.Contradiction):
        return hindrance_words.contradiction(circle.name, number, why)
    return hindrance_words.no_round(circle.name, number, in_the_way(db, programme, circle, number, why.rule))


def in_the_way(db: Session, programme: Programme, circle: Circle, number: int, rule: rules.Rule) -> Hindrance:
    """Look at a circle whose round ``number`` is impossible by a rule."""
    here = past.players(db, circle, number)
    crosses = past.rotation_of(programme).kind == "mentor-mentee"
    able = [player.id for player in here if player.side or not crosses]
    skipping = rounds.skipping(db, circle.id, number)
    seated = [member for _seat, member, _person in members.seated(db, circle.id)]
    apart = walls.between(db, programme, able)
    running = [one.id for one in programmes.circles(db, programme.id)]
    return Hindrance(
        rule=rule,
        place=running.index(circle.id) + 1,
        able=len(able),
        without_room=len(here) - len(able),
        skipping=sum(member.state == "seated" and member.id in skipping for member in seated),
        resting=sum(member.state == "paused" for member in seated),
        institutions=apart.institutions,
        private=len(apart.private),
    )


def unseated(
    db: Session, programme: Programme, circle: Circle, number: int, so_far: rules.History, plan: rules.RoundPlan
) -> Unseated | None:
    """Count whom a planned round leaves out, or in twos, because colleagues do not meet; None where that is nobody.

    The round is drawn once more as if people of one institution met, to see what that would change. Where only private
    words keep people apart, nothing is said: it would stand beside the names of those who sit out.
    """
    rotation = past.rotation_of(programme)
    now = _left(plan, rotation)
    if rotation.kind == "mentor-mentee" or now == (0, 0):
        return None
    here = past.players(db, circle, number)
    apart = walls.between(db, programme, [player.id for player in here])
    if not apart.colleagues:
        return None
    at_home = rules.next_round(here, so_far, rotation, apart.private, number=number, seed=circle.seed)
    then = _left(at_home, rotation)
    return Unseated(*now, then if then < now else None)


def _left(plan: rules.RoundPlan, rotation: rules.Rotation) -> tuple[int, int]:
    """How many sit out because of whom they may not meet, and how many are in twos where there should be tables."""
    out = sum(sitter.reason == "blocked" for sitter in plan.sitting_out)
    twos = sum(2 for group in plan.groups if len(group.people) == 2)
    return out, twos if rotation.kind == "tables" and (out or len(plan.groups) > 1) else 0
