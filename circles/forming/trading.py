"""Newcomers of running circles trade free seats, as long as wishes gain by it; nobody who sat before is moved."""

from circles.forming.arranging import LEAN, SIZE
from circles.forming.floor import Floor, Place
from circles.forming.wishes import points_of

CHOICES = 40
"""Of so many seats in which somebody fits, those in the smallest circles, the best by wishes is taken."""


class Worth:
    """What circles are worth: wishes, less what size and a lean of roles cost, as where circles are arranged."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.known: dict[tuple[int, int], int] = {}
        topics = max(1, floor.board.rules.weights.topics)
        pairs = sum(size * (size - 1) // 2 for size in map(int.bit_count, floor.groups))
        self.size = points_of(floor.board, filter(None, floor.groups)) // max(1, pairs) // 2 + SIZE * topics
        self.lean = LEAN * topics

    def of(self, circle: int) -> int:
        """Return what a circle is worth as it sits now."""
        group, count, rules = self.floor.groups[circle], self.floor.counts[circle], self.floor.board.rules
        key = group, count["mentor"]
        if key not in self.known:
            over = abs(count["mentor"] * rules.mentees - count["mentee"] * rules.mentors)
            lean = over // max(rules.mentors, rules.mentees)
            size = group.bit_count()
            self.known[key] = points_of(self.floor.board, [group]) - self.size * size * size - self.lean * lean
        return self.known[key]


def improve(floor: Floor, worth: Worth) -> None:
    """Let newcomers take other free seats, or trade seats with each other, as long as wishes gain by it."""
    goes_on = True
    while goes_on:
        goes_on = False
        newcomers = floor.newcomers()
        for person in newcomers:
            goes_on = _goes_elsewhere(floor, worth, person) or goes_on
        for at, person in enumerate(newcomers[:CHOICES]):
            for other in newcomers[at + 1 : CHOICES]:
                goes_on = _trade(floor, worth, person, other) or goes_on


def _goes_elsewhere(floor: Floor, worth: Worth, person: int) -> bool:
    was = floor.stand(person)
    best = was, _gain(floor, worth, person, was)
    for place in [place for place in floor.places(person) if floor.fits(person, place)][:CHOICES]:
        gain = _gain(floor, worth, person, place)
        if gain > best[1]:
            best = place, gain
    floor.sit(person, best[0])
    return best[0] != was


def _gain(floor: Floor, worth: Worth, person: int, place: Place) -> int:
    before = worth.of(place[0])
    floor.sit(person, place)
    gain = worth.of(place[0]) - before
    floor.stand(person)
    return gain


def _trade(floor: Floor, worth: Worth, person: int, other: int) -> bool:
    mine, hers = floor.place[person], floor.place[other]
    if mine[0] == hers[0]:
        return False
    before = worth.of(mine[0]) + worth.of(hers[0])
    floor.stand(person)
    floor.stand(other)
    for to_me in (hers, (hers[0], mine[1])):
        for to_her in (mine, (mine[0], hers[1])):
            if not _may_sit(floor, person, to_me) or not _may_sit(floor, other, to_her):
                continue
            floor.sit(person, to_me)
            floor.sit(other, to_her)
            if worth.of(mine[0]) + worth.of(hers[0]) > before:
                return True
            floor.stand(person)
            floor.stand(other)
    floor.sit(person, mine)
    floor.sit(other, hers)
    return False


def _may_sit(floor: Floor, person: int, place: Place) -> bool:
    return place[1] in floor.board.people[person].roles and floor.fits(person, place)
