"""Meetings that people had in another circle before they came to share this one: they are no strangers here."""

from collections import defaultdict

from circles.meetings import met_pairs
from circles.rotation.values import Pair
from storage import Session, members, rounds
from storage.tables import Placement


def met(db: Session, circle_id: int) -> tuple[Pair, ...]:
    """Give the pairs who sit in this circle now and truly met in a round of another, once for each time.

    The rounds of another circle are counted differently, so these meetings have no number here.
    """
    groups: dict[int, list[Placement]] = defaultdict(list)
    for placement, _round in rounds.elsewhere(db, circle_id):
        if placement.group_id is not None:
            groups[placement.group_id].append(placement)
    here = {member.id for _seat, member, _person in members.seated(db, circle_id)} if groups else set()
    had = (pair for _key, group in sorted(groups.items()) for pair in met_pairs(group) if pair <= here)
    return tuple(sorted(had, key=sorted))
