"""What the past weighs: how costly it is to place two people together again, and whose turn it is to sit out."""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from circles.rotation.values import History, Pair

# What is weighed first to last: few repeats, not the same pair for a third time, few pairs that were placed in vain,
# trios where most is still to come, not the same faces as lately, and chance. A whole round of 30 people without a
# repeat weighs less than one repeat.
MET, AGAIN, PLACED, UNEVEN, LATELY, CHANCE = 400_000, 2_000, 1_500, 100, 20, 20
AGAIN_AT_MOST, LATELY_ROUNDS = 3, 5


@dataclass(frozen=True, slots=True)
class Memory:
    """Tallies of a history, taken once for a round."""

    met: Mapping[Pair, int]
    placed: Mapping[Pair, int]  # the last round in which the two were placed together
    trios: Mapping[int, int]
    waiting: Mapping[int, int]  # rounds sat out since the last placement
    share_sat_out: Mapping[int, Fraction]
    number: int

    def burden(self, pair: Pair) -> int:
        """The cost of placing two people together, by what they have had; 0 if they were never placed together."""
        if met := self.met.get(pair, 0):
            return MET + AGAIN * min(met - 1, AGAIN_AT_MOST) ** 2
        return PLACED if pair in self.placed else 0

    def freshness(self, pair: Pair) -> int:
        """The smaller cost of placing two people together soon after the last time."""
        if (last := self.placed.get(pair)) is None:
            return 0
        return LATELY * max(0, LATELY_ROUNDS - (self.number - last - 1))

    def costs(self, pairs: Iterable[Pair], rng: random.Random) -> dict[Pair, int]:
        """The full cost of each pair; `pairs` come in a fixed order, since chance is drawn along it."""
        return {pair: self.burden(pair) + self.freshness(pair) + rng.randrange(CHANCE) for pair in pairs}

    def turns(self, people: Sequence[int]) -> dict[int, int]:
        """How wrong it would be to let each of these people sit out now: 0 for whoever's turn it is, then 1, 2, ....

        First those who sat out at their last round are spared (the longer, the more), then newcomers, then whoever
        sat out in the larger share of her rounds.
        """
        anybody_seen = bool(self.share_sat_out)
        keys = {
            person: (
                2 * self.waiting.get(person, 0) + (anybody_seen and person not in self.share_sat_out),
                self.share_sat_out.get(person, Fraction(0)),
            )
            for person in people
        }
        ladder = {key: step for step, key in enumerate(sorted(set(keys.values())))}
        return {person: ladder[keys[person]] for person in people}


def remember(history: History, number: int) -> Memory:
    """Tally what happened before round `number`."""
    past = history.before(number)
    met: Counter[Pair] = Counter()
    placed: dict[Pair, int] = {}
    trios: Counter[int] = Counter()
    rounds: Counter[int] = Counter()
    last_seat: dict[int, int] = {}
    for placement in past.placements:
        met.update(placement.met)
        trios.update(placement.people if len(placement.people) == 3 else ())
        rounds.update(placement.people)
        for person in placement.people:
            last_seat[person] = max(placement.number, last_seat.get(person, placement.number))
        for pair in pairs_of(placement.people):
            placed[pair] = max(placement.number, placed.get(pair, placement.number))
    sat = Counter(person for _, person in past.sat_out)
    waiting = Counter(person for at, person in past.sat_out if person not in last_seat or at > last_seat[person])
    rounds.update(sat)
    shares = {person: Fraction(sat[person], rounds[person]) for person in rounds}
    return Memory(met, placed, trios, waiting, shares, number)


def pairs_of(people: Collection[int]) -> list[Pair]:
    """Every pair among some people, in the order of their ids."""
    return [frozenset(two) for two in combinations(sorted(people), 2)]
