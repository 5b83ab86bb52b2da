"""What counts as a meeting: what the people of a group said, each for herself; and who of them still meets."""

from collections.abc import Collection
from itertools import combinations

from storage import Session, rounds
from storage.tables import Placement


def met_pairs(group: Collection[Placement]) -> frozenset[frozenset[int]]:
    """Give the pairs of a group who truly met.

    One person's "yes" counts for the group (MentorNeko: an own tick is enough), except for who says "no" herself.
    """
    if not any(p.answer == "yes" for p in group):
        return frozenset()
    there = sorted(p.member_id for p in group if p.answer != "no")
    return frozenset(frozenset(pair) for pair in combinations(there, 2))


def still_meeting(db: Session, placement: Placement) -> list[Placement]:
    """Give those of a meeting group who may still meet in its round, herself among them.

    There is nobody once she has stepped out of it, or all the others have: also where it has met, and that stays so.
    """
    there = rounds.still_in_group(db, placement.group_id) if placement.group_id is not None else []
    return there if len(there) > 1 and any(one.id == placement.id for one in there) else []
