"""The quick inner loop of forming: people trade places while it pays, and now and then although it does not.

Plain Python on lists of integers and, unchanged, what numba compiles for arrays of 32-bit integers (`compiled`).
Everywhere: `weights` [n + 1, n], its last row zero. `seats`: `sums` [G + 1, n] of the weights between a circle and each
person, `own` that of her own circle, `place`, `mark` (her column of `row`). `group`: `tally` [3, G + 1] people of each
kind, `bare` people without what they asked for, `stance` what the circle costs, `cover` how many serve each person,
`crew` [G] the number of its people, then who they are (empty if nobody asks). `rules`: `kind`, `limits`, `costs`
(matched, lean, size), `allowed`, `rank`, `served`.
"""

from typing import Any

from circles.partition.ledger import LEAST, MOST, fill, headcount, reseat, served_more, settle, standing, worth  # noqa: F401

NEVER = -(1 << 30)
"""Below every possible gain: a trade that the rules forbid."""
CHANCE, POINTS, BEST, ROW, CHANGES = 0, 1, 2, 3, 4
"""What the five numbers of `now` mean: the lot, points now, points at best, next person, trades accepted."""
NOISES = 1 << 10
"""How many draws of chance are prepared at a time."""


def draw(now: Any) -> int:
    """Return the next lot of a 32-bit xorshift (Marsaglia 2003, shifts 13, 17, 5)."""
    x = now[CHANCE]
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    now[CHANCE] = x
    return int(x)


def mix(logs: Any, now: Any) -> None:
    """Put the draws of chance in another order."""
    for last in range(len(logs) - 1, 0, -1):
        other = draw(now) % (last + 1)
        kept = logs[last]
        logs[last] = logs[other]
        logs[other] = kept


def heat(noise: Any, logs: Any, warmth: int) -> None:
    """Prepare how much each trade may lose: `warmth` times -ln(u), where `logs` hold 4096 times -ln(u)."""
    for k in range(len(noise)):
        noise[k] = warmth * logs[k & (NOISES - 1)] >> 12


def look(i: int, row: Any, sums: Any, own: Any, place: Any, group: Any, rules: Any) -> None:
    """Write into `row` what person i could gain at most from each circle and each kind of person that leaves it.

    The row is complete but for what the other person brings along.
    """
    kind, limits, costs, allowed, _rank, _served = rules
    tally, bare, stance, _cover, _crew = group
    width = len(sums)
    a = place[i]
    here = costs[0] * bare[a] - own[i]
    may = allowed[i]
    for c in range(width):
        row[c] = sums[c][i] + here + costs[0] * bare[c] if may[c] else NEVER
    row[a] = NEVER
    if len(row) == width:
        return
    same = kind[i]
    for k in range(2, -1, -1):  # the first columns hold the plain gains, so they are changed last
        back = 0
        if k != same and a != width - 1:
            back = standing(a, k, same, tally, limits, costs)
            if back < 0:
                back = -NEVER
            else:
                back -= stance[a]
        for c in range(width):
            gain = row[c]
            if k != same and gain != NEVER:
                there = standing(c, same, k, tally, limits, costs)
                if there < 0 or back == -NEVER:
                    gain = NEVER
                else:
                    gain += stance[c] - there - back
            row[k * width + c] = gain


def trade(i: int, j: int, b: int, weights: Any, seats: Any, group: Any, rules: Any) -> None:
    """Let i move to b, and j (or -1: nobody) from b to where i was."""
    sums, own, place, mark = seats
    kind, limits, costs, _allowed, _rank, served = rules
    tally, _bare, stance, _cover, crew = group
    pool = len(sums) - 1
    a = place[i]
    mine = weights[i]
    theirs = weights[j] if j >= 0 else weights[len(place)]
    from_a, to_b = sums[a], sums[b]
    in_a, in_b = int(a != pool), int(b != pool)
    for k in range(len(place)):
        from_a[k] -= in_a * (mine[k] - theirs[k])
    for k in range(len(place)):
        to_b[k] += in_b * (mine[k] - theirs[k])
    for k in range(len(place)):
        if place[k] == a:
            own[k] = from_a[k]
        elif place[k] == b:
            own[k] = to_b[k]
    for turn in range(2):
        who, old, new = (i, a, b) if turn == 0 else (j, b, a)
        if who >= 0:
            mark[who] += new - old
            place[who] = new
            own[who] = sums[new][who]
            tally[kind[who]][old] -= 1
            tally[kind[who]][new] += 1
            if len(crew) > 0:
                reseat(who, old, new, group, served)
    settle(a, tally, stance, limits, costs)
    settle(b, tally, stance, limits, costs)


def note(gain: int, is_first: bool, now: Any, place: Any, best: Any) -> None:
    """Count the points after a trade and keep the best places; what counts before points is best at once."""
    now[POINTS] += gain
    now[CHANGES] += 1
    if is_first or now[POINTS] > now[BEST]:
        now[BEST] = now[POINTS]
        for k in range(len(place)):
            best[k] = place[k]


def joining(i: int, c: int, seats: Any, group: Any, rules: Any) -> int:
    """Return what circle c gains when i comes into it beside everybody; NEVER if it is full or a rule forbids it."""
    sums, _own, _place, _mark = seats
    kind, limits, costs, allowed, _rank, _served = rules
    tally, _bare, stance, _cover, _crew = group
    if allowed[i][c] == 0 or headcount(c, tally) >= limits[MOST][c]:
        return NEVER
    there = standing(c, kind[i], -1, tally, limits, costs)
    return NEVER if there < 0 else sums[c][i] + stance[c] - there


def leaving(i: int, seats: Any, group: Any, rules: Any) -> int:
    """Return what the circle of i gains when she leaves it; NEVER if it needs her; 0 in the pool."""
    sums, own, place, _mark = seats
    kind, limits, costs, _allowed, _rank, _served = rules
    tally, _bare, stance, _cover, _crew = group
    a = place[i]
    if a == len(sums) - 1:
        return 0
    if headcount(a, tally) <= limits[LEAST][a]:
        return NEVER
    here = standing(a, -1, kind[i], tally, limits, costs)
    return NEVER if here < 0 else stance[a] - here - own[i]


def enter(i: int, chance: int, wall: int, weights: Any, seats: Any, group: Any, rules: Any) -> int:
    """Move i into the circle with room that gains most, if that is enough, and return the gain; else NEVER.

    Somebody from the pool enters whatever it costs, except a wall.
    """
    sums, _own, place, _mark = seats
    _kind, _limits, costs, _allowed, _rank, served = rules
    _tally, bare, _stance, _cover, crew = group
    a = place[i]
    here = leaving(i, seats, group, rules)
    if here == NEVER:
        return NEVER
    enough = -wall if a == len(sums) - 1 else -chance
    most, where = enough, -1
    for c in range(len(sums) - 1):
        gain = joining(i, c, seats, group, rules) if c != a else NEVER
        if gain != NEVER and gain + here + costs[0] * (bare[a] + bare[c] + 1) > most:
            gain += here
            if len(crew) > 0:
                gain += costs[0] * served_more(i, -1, a, c, group, served)
            if gain > most:
                most, where = gain, c
    if where < 0:
        return NEVER
    trade(i, -1, where, weights, seats, group, rules)
    return int(most)


def weigh(i: int, j: int, gain: int, group: Any, seats: Any, rules: Any) -> int:
    """Return what a trade of i and j gains exactly, given its bound; NEVER if a rule forbids it."""
    sums, _own, place, _mark = seats
    _kind, _limits, costs, allowed, rank, served = rules
    _tally, bare, _stance, _cover, crew = group
    a, b = place[i], place[j]
    if a == len(sums) - 1:
        if rank[i] > rank[j]:
            return NEVER
    elif allowed[j][a] == 0:
        return NEVER
    if len(crew) > 0:
        gain += costs[0] * (served_more(i, j, a, b, group, served) - bare[a] - bare[b])
    return gain


def swap(i: int, start: int, offset: int, scratch: Any, weights: Any, seats: Any, group: Any, rules: Any) -> Any:
    """Find from person `start` on somebody with whom i trades places; return her (-1: nobody) and the gain."""
    sums, own, place, mark = seats
    row, noise, score = scratch
    mine, there = weights[i], sums[place[i]]
    n = len(place)
    both = 2 - int(place[i] == len(sums) - 1)
    for k in range(start, n):
        score[k] = row[mark[k]]
    for k in range(start, n):
        score[k] += there[k] - own[k] - both * mine[k] + noise[offset + k]
    top = score[start]
    for k in range(start, n):
        top = max(top, score[k])
    if top > 0:
        for k in range(start, n):
            if score[k] > 0:
                chance = noise[offset + k]
                gain = weigh(i, k, score[k] - chance, group, seats, rules)
                if gain + chance > 0:
                    return k, gain
    return -1, 0


def search(
    rows: int, wall: int, now: Any, best: Any, scratch: Any, weights: Any, seats: Any, group: Any, rules: Any
) -> None:
    """Let so many people, one after the other, trade with everybody and enter any circle with room."""
    sums, own, place, _mark = seats
    row, noise, _score = scratch
    n = len(place)
    for _turn in range(rows):
        i = now[ROW]
        now[ROW] = (i + 1) % n
        offset = draw(now) & (NOISES - 1)
        start = 0
        while start < n:
            look(i, row, sums, own, place, group, rules)
            j, gain = swap(i, start, offset, scratch, weights, seats, group, rules)
            if j < 0:
                break
            trade(i, j, place[j], weights, seats, group, rules)
            note(gain, gain > wall, now, place, best)
            start = j + 1
        was_waiting = place[i] == len(sums) - 1
        gain = enter(i, noise[offset + draw(now) % n], wall, weights, seats, group, rules)
        if gain != NEVER:
            note(gain, was_waiting or gain > wall, now, place, best)


def resize(target: Any, wall: int, now: Any, weights: Any, seats: Any, group: Any, rules: Any) -> None:
    """Move people, cheapest first, from circles larger than their target to smaller ones, as far as rules allow."""
    sums, _own, place, _mark = seats
    tally = group[0]
    for _turn in range(len(place)):
        most, who, where = -wall, -1, -1
        for i in range(len(place)):
            a = place[i]
            if a == len(sums) - 1 or headcount(a, tally) <= target[a]:
                continue
            here = leaving(i, seats, group, rules)
            if here == NEVER:
                continue
            for c in range(len(sums) - 1):
                if headcount(c, tally) < target[c] and here + sums[c][i] > most:
                    gain = joining(i, c, seats, group, rules)
                    if gain != NEVER and gain + here > most:
                        most, who, where = gain + here, i, c
        if who < 0:
            break
        trade(who, -1, where, weights, seats, group, rules)
    now[POINTS] = worth(seats, group, rules[2])


def openness(rows: int, scratch: Any, weights: Any, seats: Any, group: Any, rules: Any) -> int:
    """Count, for so many people spread over all, the trades that chance would allow now."""
    sums, own, place, mark = seats
    row, noise, _score = scratch
    n = len(place)
    count = 0
    for turn in range(rows):
        i = turn * n // rows
        look(i, row, sums, own, place, group, rules)
        there = sums[place[i]]
        both = 2 - int(place[i] == len(sums) - 1)
        for k in range(n):
            value = row[mark[k]] + there[k] - own[k] - both * weights[i][k]
            count += value + noise[(turn * 37 & (NOISES - 1)) + k] > 0
    return count
