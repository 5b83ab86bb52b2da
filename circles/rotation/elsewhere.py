"""Meetings that people had in another circle before they came to share this one: they are no strangers here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from storage import Session, members, rounds
from storage.tables import Placement

Group = tuple[int, Sequence[Placement]]
"""The number of a round, and the people of one meeting group in it."""


def groups(db: Session, circle_id: int, here: Mapping[int, Sequence[Placement]]) -> list[Group]:
    """Give the meeting groups of other circles that brought two or more people together who sit in this circle now.

    `here` are the placements of this circle by round. A round of another circle counts as the round of this one with
    the same number, or the nearest that has come where nobody of the group had another place: nobody is in two places
    of one round. Where there is none, that one meeting is let go.
    """
    gathered: dict[int, list[Placement]] = defaultdict(list)
    numbers: dict[int, int] = {}
    for placement, round_ in rounds.elsewhere(db, circle_id):
        if placement.group_id is not None:
            gathered[placement.group_id].append(placement)
            numbers[placement.group_id] = round_.number
    seated = {member.id for _seat, member, _person in members.seated(db, circle_id)} if gathered else set()
    newest = max(here, default=0)
    taken = {(number, p.member_id) for number, placed in here.items() for p in placed}
    found: list[Group] = []
    for key, group in sorted(gathered.items()):
        if len(seated & {p.member_id for p in group}) < 2:
            continue
        last = min(numbers[key], newest) if newest else numbers[key]
        near = (*range(last, 0, -1), *range(last + 1, newest + 1))
        free = (n for n in near if not any((n, p.member_id) in taken for p in group))
        number = next(free, None)
        if number is not None:
            taken |= {(number, p.member_id) for p in group}
            found.append((number, group))
    return found
