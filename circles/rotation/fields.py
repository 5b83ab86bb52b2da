"""The arithmetic that plans are made of: finite fields, their products, and sums modulo several numbers."""

from collections.abc import Callable, Sequence
from functools import cache
from math import prod

Sum = Callable[[int, int], int]


def arithmetic(order: int) -> tuple[Sum, Sum]:
    """Give addition and multiplication of 0 to order - 1, as the product of the fields of the order's prime powers."""
    powers = prime_powers(order)
    fields = [_field(power) for power in powers]

    def both(kind: int) -> Sum:
        def combined(one: int, other: int) -> int:
            total, unit = 0, 1
            for power, field in zip(powers, fields, strict=True):
                total += unit * field[kind][one // unit % power][other // unit % power]
                unit *= power
            return total

        return combined

    return both(0), both(1)


def units(order: int) -> list[int]:
    """Give numbers that differ in the field of each prime power, so that no difference of two is a zero divisor."""
    powers = prime_powers(order)
    return [sum(x * prod(powers[:at]) for at in range(len(powers))) for x in range(min(powers))]


def prime_powers(order: int) -> list[int]:
    """Give the powers of different primes whose product a number is."""
    powers = []
    prime = 2
    while order > 1:
        power = 1
        while order % prime == 0:
            order //= prime
            power *= prime
        if power > 1:
            powers.append(power)
        prime += 1
    return powers


def sums(modulus: Sequence[int]) -> Sum:
    """Give addition digit by digit, without carrying; the last modulus is that of the last digit."""

    def plus(one: int, other: int) -> int:
        total, unit = 0, 1
        for m in reversed(modulus):
            total += unit * ((one // unit + other // unit) % m)
            unit *= m
        return total

    return plus


@cache
def _field(order: int) -> tuple[list[list[int]], list[list[int]]]:
    """Addition and multiplication tables of the field of a prime power.

    A number's digits to the base of the prime are the coefficients of a polynomial. The first x^degree = c is taken
    for which the powers of x are all numbers but 0.
    """
    prime = next(p for p in range(2, order + 1) if order % p == 0)
    degree = next(d for d in range(1, order) if prime**d == order)
    plus = sums([prime] * degree)
    for c in range(1, order):
        powers = [1]
        while True:
            carried, kept = divmod(powers[-1], order // prime)
            product = kept * prime
            for _ in range(carried):
                product = plus(product, c)
            if product in powers or product == 0:
                break
            powers.append(product)
        if len(powers) == order - 1:
            break
    log = {power: at for at, power in enumerate(powers)}
    times = [
        [powers[(log[one] + log[other]) % (order - 1)] if one and other else 0 for other in range(order)]
        for one in range(order)
    ]
    return [[plus(one, other) for other in range(order)] for one in range(order)], times
