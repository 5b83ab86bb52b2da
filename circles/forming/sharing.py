"""Which language how many circles of a crowd speak, and in which language somebody who speaks several takes part.

Circles are given out one by one to the language in which one more seats most people; then people who speak several
languages move to where colleagues and seats leave room, and the count is taken again.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from circles.forming.board import Board, group_of, members
from circles.forming.values import plain

CAREFUL = 5_000
"""For so many people other ways to share circles out are tried one by one; with more of them it matters little."""

LANGUAGES = 6
"""How many of the most spoken languages trade circles."""


def share_out(board: Board) -> tuple[dict[str, int], dict[str, int]]:
    """Return the people of each language, everybody in at most one, and how many circles it gets."""
    speaking = _most_spoken(board)
    shares = _shares(board, speaking)
    best = _seatable_in_all(board, speaking, shares)
    goes_on = best < len(board.people)
    while goes_on:
        goes_on = False
        for other in _neighbours(board, shares):
            moved = _moved(board, other)
            seatable = _seatable_in_all(board, moved, other)
            if seatable > best:
                speaking, shares, best, goes_on = moved, other, seatable, len(board.people) <= CAREFUL
                break
    return _filled_up(board, speaking, shares)


def promised(board: Board) -> int:
    """Return how many people could be seated if nobody clashed, colleagues apart."""
    return _seatable_in_all(board, *share_out(board))


def _neighbours(board: Board, shares: dict[str, int]) -> Iterator[dict[str, int]]:
    """Yield the same circles, then the circles with one given to another language, or one more where it may be."""
    yield shares
    if len(board.people) > CAREFUL:
        return
    words = _by_speakers(board)[:LANGUAGES]
    smallest = board.rules.smallest
    for to in words:
        if (shares[to] + 1) * smallest > board.speakers[to].bit_count():
            continue
        if sum(shares.values()) < board.rules.circles:
            yield {**shares, to: shares[to] + 1}
        for at in words:
            if at != to and shares[at]:
                yield {**shares, at: shares[at] - 1, to: shares[to] + 1}


def _most_spoken(board: Board) -> dict[str, int]:
    """Give everybody the most spoken of her languages."""
    speaking: dict[str, int] = {}
    left = board.everybody
    for word in _by_speakers(board):
        speaking[word] = board.speakers[word] & left
        left &= ~speaking[word]
    return speaking


def _by_speakers(board: Board) -> list[str]:
    return sorted(board.speakers, key=lambda word: (-board.speakers[word].bit_count(), word))


def _seatable(board: Board, group: int) -> list[int]:
    """Return how many of a group 0, 1, 2, ... circles could seat at most: seats, roles and colleagues counted."""
    rules = board.rules
    mentors, mentees, either = ((group & stance).bit_count() for stance in (board.mentors, board.mentees, board.either))
    people = mentors + mentees + either
    houses = Counter(plain(board.people[i].institution) for i in members(group))
    unnamed = houses.pop("", 0)
    sizes = Counter(houses.values()) if rules.across_institutions else Counter({1: people - unnamed})
    of_size = [sizes[size] for size in range(max(sizes, default=0) + 1)]
    at_least = list(accumulate(reversed(of_size)))[::-1]  # at_least[k]: institutions with k people or more
    reach = [unnamed, *accumulate(at_least[1:], initial=unnamed)][1:]
    most = min(people // rules.smallest, mentors + either, mentees + either, rules.circles)
    seatable = [
        min(board.places(mentors, mentees, either, circles=count), reach[min(count, len(reach) - 1)])
        for count in range(most + 1)
    ]
    large = [count for count, people in enumerate(seatable) if people >= count * rules.smallest]
    return seatable[: large[-1] + 1]


def _shares(board: Board, speaking: dict[str, int]) -> dict[str, int]:
    """Give circles out one by one, each to the language in which it seats most people more."""
    seatable = {word: _seatable(board, group) for word, group in speaking.items()}
    shares = dict.fromkeys(speaking, 0)
    for _circle in range(board.rules.circles):
        gains = {
            word: counts[shares[word] + 1] - counts[shares[word]]
            for word, counts in seatable.items()
            if shares[word] + 1 < len(counts)
        }
        word = max(gains, key=lambda word: (gains[word], -shares[word], word), default="")
        if not word or gains[word] <= 0:
            break
        shares[word] += 1
    return shares


def _seatable_in_all(board: Board, speaking: dict[str, int], shares: dict[str, int]) -> int:
    total = 0
    for word, group in speaking.items():
        seatable = _seatable(board, group)
        total += seatable[min(shares[word], len(seatable) - 1)]
    return total


def _moved(board: Board, shares: dict[str, int]) -> dict[str, int]:
    """Let people choose among their languages that have circles: those with least choice first, then where is room."""
    rules = board.rules
    spoken: dict[str, list[int]] = {word: [] for word in _by_speakers(board)}
    colleagues: Counter[tuple[str, str]] = Counter()
    stances: Counter[tuple[str, str]] = Counter()
    seats = {"mentor": rules.mentors, "mentee": rules.mentees, "both": rules.seats}
    choosing = [
        (len(choices), i, choices)
        for i, person in enumerate(board.people)
        if (choices := [word for word in spoken if word in person.languages and shares[word]])
    ]
    for _count, i, choices in sorted(choosing):
        person = board.people[i]
        house = plain(person.institution) if rules.across_institutions else ""
        crowded = {
            word: (
                max(0, colleagues[word, house] + 1 - shares[word]) if house else 0,
                stances[word, person.stance] / (seats[person.stance] * shares[word]),
                len(spoken[word]) / shares[word],
                choices.index(word),
            )
            for word in choices
        }
        word = min(choices, key=crowded.__getitem__)
        spoken[word].append(i)
        colleagues[word, house] += 1
        stances[word, person.stance] += 1
    return {word: group_of(sorted(chosen)) for word, chosen in spoken.items()}


def _filled_up(board: Board, speaking: dict[str, int], shares: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Let a language with too few people for a circle borrow others who speak it, if one more circle may be."""
    smallest = board.rules.smallest
    for word in reversed(_by_speakers(board)):
        missing = smallest - speaking[word].bit_count()
        spare = board.rules.circles - sum(shares.values())
        able = list(members(board.speakers[word] & ~speaking[word]))
        if spare and 0 < missing < smallest and len(able) >= missing:
            joining = group_of(able[-missing:])  # those who came last lose least where this does not work out
            speaking = {other: group & ~joining for other, group in speaking.items()}
            speaking[word] |= joining
            shares = {**shares, word: 1}
    return speaking, shares
