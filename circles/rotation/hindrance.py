"""What is in the way of a round that can't be: which rule, and the counts that say what would help."""

from circles.messages import Message
from circles.rotation import hindrance_words, past, rules, walls
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
    able = [player.id for player in past.players(db, circle, number)]
    skipping = rounds.skipping(db, circle.id, number)
    seated = [member for _seat, member, _person in members.seated(db, circle.id)]
    apart = walls.between(db, programme, able)
    running = [one.id for one in programmes.circles(db, programme.id)]
    return Hindrance(
        rule=rule,
        place=running.index(circle.id) + 1,
        able=len(able),
        skipping=sum(member.state == "seated" and member.id in skipping for member in seated),
        resting=sum(member.state == "paused" for member in seated),
        institutions=apart.institutions,
        private=len(apart.private),
    )
