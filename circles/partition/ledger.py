"""What a circle costs and who in it finds what she asked for, kept up to date while people trade places.

Together with `kernel` this is plain Python on lists of integers and, unchanged, what numba compiles (`compiled`): so
whole numbers only, no sets, no strings. A circle is a number from 0; the number after the last circle is the waiting
pool, whose people gain nothing from each other.
"""

from typing import Any

MENTOR, MENTEE, EITHER = 0, 1, 2
LEAST, MOST, MENTORS, MENTEES = 0, 1, 2, 3
"""The rows of `limits`."""


def leaning(mentors: int, mentees: int, either: int, mentor_seats: int, mentee_seats: int) -> int:
    """Return the imbalance of a circle's roles in seats when its "either" people split as evenly as they can."""
    seats = mentor_seats + mentee_seats
    if seats == 0:
        return 0
    low = max(0, mentees + either - mentee_seats)
    high = max(low, min(either, mentor_seats - mentors))
    wanted = (mentees + either) * mentor_seats - mentors * mentee_seats
    split = min(high, max(low, wanted // seats if wanted > 0 else 0))
    least = abs(wanted - split * seats)
    if split < high:
        least = min(least, abs(wanted - (split + 1) * seats))
    return least // max(mentor_seats, mentee_seats)


def standing(c: int, joins: int, leaves: int, tally: Any, limits: Any, costs: Any) -> int:
    """Return what a circle's roles cost once one kind has joined and another left (-1: none); -1 if rules forbid it."""
    mentors, mentees, either = tally[MENTOR][c], tally[MENTEE][c], tally[EITHER][c]
    mentors += (joins == MENTOR) - (leaves == MENTOR)
    mentees += (joins == MENTEE) - (leaves == MENTEE)
    either += (joins == EITHER) - (leaves == EITHER)
    size = mentors + mentees + either
    if mentors > limits[MENTORS][c] or mentees > limits[MENTEES][c]:
        return -1
    if size > 0 and max(mentors, mentees) == size:
        return -1
    lost = 0
    if costs[2] > 0:
        lost = costs[2] * size * size
    if costs[1] > 0:
        lost += costs[1] * leaning(mentors, mentees, either, limits[MENTORS][c], limits[MENTEES][c])
    return lost


def served_more(i: int, j: int, a: int, b: int, group: Any, served: Any) -> int:
    """Return by how many more people have what they asked for when i leaves a for b, and j (or -1: nobody) b for a."""
    _tally, _bare, _stance, cover, crew = group
    more = 0
    for turn in range(2):
        c, comes, goes = (a, j, i) if turn == 0 else (b, i, j)
        found = 0
        if c < len(crew):
            for at in range(1, crew[c][0] + 1):
                m = crew[c][at]
                if m != goes:
                    left = cover[m]
                    if goes >= 0:
                        left -= served[m][goes]
                    if comes >= 0:
                        left += served[m][comes]
                        found += served[comes][m]
                    more += (left > 0) - (cover[m] > 0)
        if comes >= 0:
            more += (found > 0) - (cover[comes] > 0)
    return more


def reseat(i: int, a: int, b: int, group: Any, served: Any) -> None:
    """Keep the lists of who serves whom when i leaves a for b."""
    _tally, bare, _stance, cover, crew = group
    if a < len(crew):
        at = 1
        for k in range(1, crew[a][0] + 1):
            m = crew[a][k]
            if m == i:
                at = k
            elif served[m][i]:
                cover[m] -= 1
                bare[a] += cover[m] == 0
        crew[a][at] = crew[a][crew[a][0]]
        crew[a][0] -= 1
        bare[a] -= cover[i] == 0
        cover[i] = 0
    if b < len(crew):
        for k in range(1, crew[b][0] + 1):
            m = crew[b][k]
            if served[m][i]:
                bare[b] -= cover[m] == 0
                cover[m] += 1
            cover[i] += served[i][m]
        bare[b] += cover[i] == 0
        crew[b][0] += 1
        crew[b][crew[b][0]] = i


def headcount(c: int, tally: Any) -> int:
    """Return how many people are in a circle."""
    return int(tally[MENTOR][c] + tally[MENTEE][c] + tally[EITHER][c])


def settle(c: int, tally: Any, stance: Any, limits: Any, costs: Any) -> None:
    """Write down again what the roles and the size of a circle cost."""
    if c < len(stance) - 1:
        stance[c] = standing(c, -1, -1, tally, limits, costs)


def worth(seats: Any, group: Any, costs: Any) -> int:
    """Return the points of the places as they are."""
    _sums, own, place, _mark = seats
    _tally, _bare, stance, cover, _crew = group
    points = 0
    for i in range(len(place)):
        points += own[i]
    points //= 2
    for c in range(len(stance)):
        points -= stance[c]
    for i in range(len(cover)):
        if cover[i] > 0:
            points += costs[0]
    return points


def fill(weights: Any, seats: Any, group: Any, rules: Any) -> int:
    """Write down every sum for the places as they are, and return the points."""
    sums, own, place, _mark = seats
    kind, limits, costs, _allowed, _rank, served = rules
    tally, _bare, stance, _cover, crew = group
    pool = len(sums) - 1
    for i in range(len(place)):
        c = place[i]
        tally[kind[i]][c] += 1
        if c < pool:
            for k in range(len(place)):
                sums[c][k] += weights[i][k]
    for i in range(len(place)):
        own[i] = sums[place[i]][i]
        if len(crew) > 0:
            reseat(i, pool, place[i], group, served)
    for c in range(pool):
        settle(c, tally, stance, limits, costs)
    return worth(seats, group, costs)
