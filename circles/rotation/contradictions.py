"""What can't have happened: a history that says so is refused, since no fair round can be drawn from it."""

from circles.rotation.values import Contradiction, History


def refuse_contradictions(history: History) -> None:
    """Raise Contradiction for the first thing in a history that can't be true.

    A round before the first, somebody in two groups of a round, or in one and sitting out, or sitting out twice, a
    meeting of other than two people, or of two who were not in one group, the host of a table at which she does not
    sit. People who were moved or left while a round was open are in one place only, and pass.
    """
    for pair in history.elsewhere:
        if len(pair) != 2:
            raise Contradiction("elsewhere-not-two", 0, pair)
    seats = _seats(history)
    outside: set[tuple[int, int]] = set()
    for number, person in history.sat_out:
        if number < 1:
            raise Contradiction("no-such-round", number, (person,))
        if (number, person) in seats:
            raise Contradiction("placed-and-sat-out", number, (person,))
        if (number, person) in outside:
            raise Contradiction("sat-out-twice", number, (person,))
        outside.add((number, person))


def _seats(history: History) -> set[tuple[int, int]]:
    """Everybody who was in a group, as (round number, person)."""
    seats: set[tuple[int, int]] = set()
    for placement in history.placements:
        number, people = placement.number, placement.people
        if number < 1:
            raise Contradiction("no-such-round", number, people)
        here = {(number, person) for person in people}
        if not seats.isdisjoint(here):
            raise Contradiction("placed-twice", number, [person for _number, person in seats & here])
        seats |= here
        if placement.host is not None and placement.host not in people:
            raise Contradiction("host-not-there", number, (placement.host,))
        for pair in placement.met:
            if len(pair) != 2:
                raise Contradiction("met-pair-of-wrong-size", number, pair)
            if not pair <= people:
                raise Contradiction("met-but-not-placed", number, pair)
    return seats
