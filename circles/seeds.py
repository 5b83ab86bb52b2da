"""The number that makes a draw repeatable: the same people, rules and number give the same answer everywhere."""

from typing import TypeGuard

LARGEST = 2**63 - 1  # what the store keeps
LARGEST_TYPED = 2_000_000_000  # what a command takes (grammar.Parameter)


def is_whole(value: object, lowest: int, highest: int) -> TypeGuard[int]:
    """Whether something is a whole number within bounds; True, 1.0 and "1" are none."""
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def following(seed: int) -> int:
    """Give the next number to draw with, small enough to be typed: after the largest comes 1."""
    return seed % LARGEST_TYPED + 1
