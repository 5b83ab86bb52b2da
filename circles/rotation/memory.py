"""What the past weighs: how costly it is to place two people together again, and whose turn it is to sit out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from circles.rotation.values import History, Pair

# What is weighed first to last: few repeats, not the same pair for a third time, few pairs that were placed in vain,
# not the same faces as lately, trios where most is still to come. A whole round of 500 people without a repeat weighs
# less than one repeat; of repeats that can't be avoided, those come first whose last time is longest ago.
MET, AGAIN, PLACED, LATELY, UNEVEN = 10**13, 2 * 10**9, 1_500_000_000, 500_000, 100_000_000
AGAIN_AT_MOST, LATELY_ROUNDS = 3, 30
SHARE = 1 << 40


@dataclass(frozen=True, slots=True)
class Memory:
    """Tallies of a history, taken once for a round."""

    met: Mapping[Pair, int]
    placed: Mapping[Pair, int]  # the last round in which the two were placed together
    trios: Mapping[int, int]
    waiting: Mapping[int, int]  # rounds sat out since the last placement
    share_sat_out: Mapping[int, int]  # of SHARE
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
        return LATELY * max(0, LATELY_ROUNDS - (self.number - last - 1)) ** 2

    def turns(self, people: Sequence[int]) -> dict[int, int]:
        """How wrong it would be to let each of these people sit out now: 0 for whoever's turn it is, then 1, 2, ....

        First those who sat out at their last round are spared (the longer, the more), then newcomers, then whoever
        sat out in the larger share of her rounds.
        """
        anybody_seen = bool(self.share_sat_out)
        keys = {
            person: (
                2 * self.waiting.get(person, 0) + (anybody_seen and person not in self.share_sat_out),
                self.share_sat_out.get(person, 0),
            )
            for person in people
        }
        ladder = {key: step for step, key in enumerate(sorted(set(keys.values())))}
        return {person: ladder[keys[person]] for person in people}


def remember(history: History, number: int) -> Memory:
    """Tally what happened before round `number`; meetings in another circle always did."""
    met: dict[Pair, int] = dict(Counter(history.elsewhere))
    placed = dict.fromkeys(met, 0)  # before any round
    trios: dict[int, int] = {}
    rounds: dict[int, int] = {}
    last_seat: dict[int, int] = {}
    for placement in history.placements:
        at, people = placement.number, placement.people
        if at >= number:
            continue
        for pair in placement.met:
            met[pair] = met.get(pair, 0) + 1
        for person in people:
            rounds[person] = rounds.get(person, 0) + 1
            last_seat[person] = max(at, last_seat.get(person, at))
            if len(people) == 3:
                trios[person] = trios.get(person, 0) + 1
        for pair in (people,) if len(people) == 2 else pairs_of(people):
            placed[pair] = max(at, placed.get(pair, at))
    sat: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for at, person in history.sat_out:
        if at < number:
            sat[person] = sat.get(person, 0) + 1
            if at > last_seat.get(person, 0):
                waiting[person] = waiting.get(person, 0) + 1
    # Equal shares are equal whole numbers, and of different ones the larger stays larger.
    shares = {
        person: SHARE * sat.get(person, 0) // (rounds.get(person, 0) + sat.get(person, 0))
        for person in rounds.keys() | sat.keys()
    }
    return Memory(met, placed, trios, waiting, shares, number)


def pairs_of(people: Collection[int]) -> list[Pair]:
    """Every pair among some people, in the order of their ids."""
    return [frozenset(two) for two in combinations(sorted(people), 2)]
