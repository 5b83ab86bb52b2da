"""Newcomers of running circles trade free seats, as long as wishes gain by it; nobody who sat before is moved."""

from itertools import combinations, islice

from circles.forming.arranging import BLOCK, prices
from circles.forming.wishes import points_of, weigh
from circles.tending.floor import Floor, Place

CHOICES, FEWEST_CHOICES = 40, 4
"""Of the seats in which somebody fits so many are weighed, those in the smallest circles; fewer of a long queue."""

WEIGHED = 3_000
"""So many different circles are weighed in all; with a moment more an organiser would wait for an answer."""


class Worth:
    """What circles are worth: wishes, less what size and a lean of roles cost, as where circles are arranged."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.known: dict[tuple[int, int], int] = {}
        self.left = WEIGHED
        people = len(floor.board.people)
        some = range(0, people, max(1, -(-people // BLOCK)))
        self.lean, self.size = prices(floor.board, weigh(floor.board, some)) if people else (0, 0)

    def of(self, circle: int) -> int:
        """Return what a circle is worth as it sits now."""
        group, count, rules = self.floor.groups[circle], self.floor.counts[circle], self.floor.board.rules
        key = group, count["mentor"]
        if key not in self.known:
            self.left -= 1
            over = abs(count["mentor"] * rules.mentees - count["mentee"] * rules.mentors)
            lean = over // max(rules.mentors, rules.mentees)
            size = group.bit_count()
            self.known[key] = points_of(self.floor.board, [group]) - self.size * size * size - self.lean * lean
        return self.known[key]


def improve(floor: Floor, worth: Worth) -> None:
    """Let newcomers take other free seats, or trade seats with each other, as long as wishes gain by it."""
    newcomers = floor.newcomers()
    choices = max(FEWEST_CHOICES, min(CHOICES, WEIGHED // 2 // max(1, len(newcomers))))
    pairs = list(combinations(newcomers[:CHOICES], 2))
    goes_on = True
    while goes_on:
        goes_on = False
        for person in newcomers:
            if worth.left > 0:
                goes_on = _goes_elsewhere(floor, worth, person, choices) or goes_on
        for person, other in pairs:
            if worth.left > 0:
                goes_on = _trade(floor, worth, person, other) or goes_on


def _goes_elsewhere(floor: Floor, worth: Worth, person: int, choices: int) -> bool:
    was = floor.stand(person)
    best = was, _gain(floor, worth, person, was)
    for place in islice((place for place in list(floor.places(person)) if floor.fits(person, place)), choices):
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
