"""What counts as a meeting: what the people of a group said, each for herself."""

from collections.abc import Collection
from itertools import combinations

from storage.tables import Placement


def met_pairs(group: Collection[Placement]) -> frozenset[frozenset[int]]:
    """Give the pairs of a group who truly met.

    One person's "yes" counts for the group (MentorNeko: an own tick is enough), except for who says "no" herself.
    """
    if not any(p.answer == "yes" for p in group):
        return frozenset()
    there = sorted(p.member_id for p in group if p.answer != "no")
    return frozenset(frozenset(pair) for pair in combinations(there, 2))
