"""Who is never brought together in a round: by a private word, or because they come from one institution."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from circles import spelling
from circles.programme.rules import settings_of
from circles.rotation.memory import pairs_of
from circles.rotation.values import Pair
from storage import Session, members, people
from storage.tables import Programme


@dataclass(frozen=True, slots=True)
class Walls:
    """The pairs among some people that never meet. A private word is nobody's business: only its pairs are counted."""

    private: frozenset[Pair]
    colleagues: frozenset[Pair]
    institutions: Mapping[str, int]  # how many of these people come from an institution that others share, by its name

    @property
    def pairs(self) -> frozenset[Pair]:
        """Every pair that never meets, whatever the cause."""
        return self.private | self.colleagues


def between(db: Session, programme: Programme, member_ids: Collection[int]) -> Walls:
    """Find the walls between members of a programme, as things stand now.

    Institutions count where the programme goes across institutions, also for somebody who was moved into a circle, or
    if the setting was switched on after it was formed. Two spellings of one name are one institution.
    """
    private = {pair for pair in people.blocked_members(db, programme.id) if pair <= set(member_ids)}
    if not settings_of(programme.settings).across_institutions:
        return Walls(frozenset(private), frozenset(), {})
    at_home: dict[str, list[int]] = defaultdict(list)
    names: dict[str, Counter[str]] = defaultdict(Counter)
    for member_id, (member, _person) in sorted(members.with_persons(db, member_ids).items()):
        if home := spelling.key(member.institution):
            at_home[home].append(member_id)
            names[home][" ".join(member.institution.split())] += 1
    shared = {home: ids for home, ids in sorted(at_home.items()) if len(ids) > 1}
    return Walls(
        frozenset(private),
        frozenset(pair for ids in shared.values() for pair in pairs_of(ids)),
        {names[home].most_common(1)[0][0]: len(ids) for home, ids in shared.items()},
    )
