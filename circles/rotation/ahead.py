"""How a circle's rounds will go: figures for organisers, read from the store and the rules."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

from circles.messages import Span
from circles.rotation import forecast_words, outlook, past, rules, walls
from circles.rotation.forecast_words import Coverage, Horizon, Turnout
from circles.rotation.rules import Forecast, History
from storage import Session, programmes
from storage.tables import Circle, Occurrence, Programme

TABLES_AHEAD, PAIRS_AHEAD = 10, 30  # fresh tables seldom last longer, fresh pairs do, and are quickly drawn


def how_far(db: Session, programme: Programme, circle: Circle, coming: Occurrence) -> int:
    """Give the number of rounds to look ahead from the coming one: as many as the term still has, within reason."""
    left = len(programmes.openings(db, circle.id, coming.day, programme.ends_on or coming.day + timedelta(days=366)))
    most = TABLES_AHEAD if past.rotation_of(programme).kind == "tables" else PAIRS_AHEAD
    return max(1, min(left, most))


def horizon(programme: Programme, number: int, told: Forecast) -> Horizon:
    """Say how far a forecast from round ``number`` on reaches."""
    return Horizon(past.rotation_of(programme).kind, number, len(told.rounds), told.first_repeat)


def coverage(db: Session, programme: Programme, circle: Circle, number: int, so_far: History) -> Coverage:
    """Count who has met whom.

    Of the pairs that could meet, those who keep away from each other are not deducted: the difference would tell how
    many do.
    """
    here = past.players(db, circle, number)
    colleagues = walls.between(db, programme, [player.id for player in here]).colleagues
    return Coverage(*rules.coverage(here, so_far, past.rotation_of(programme), colleagues))


def turnout(told: Forecast) -> Turnout:
    """Count how often somebody sits out in a forecast."""
    times = Counter(sitter.person for plan in told.rounds for sitter in plan.sitting_out)
    return Turnout(times.total(), max(times.values(), default=0))


def first_repeat(db: Session, programme: Programme, circle: Circle, coming: Occurrence, so_far: History) -> Horizon:
    """Look for a circle's first round in which somebody meets again; raises rules.NoRound."""
    here, rounds = past.players(db, circle, coming.number), how_far(db, programme, circle, coming)
    rotation = past.rotation_of(programme)
    found = outlook.first_repeat(
        here,
        so_far,
        rotation,
        walls.between(db, programme, [player.id for player in here]).pairs,
        number=coming.number,
        seed=circle.seed,
        rounds=rounds,
    )
    return Horizon(rotation.kind, coming.number, rounds, found)


def line(db: Session, programme: Programme, circle: Circle, coming: Occurrence | None) -> tuple[Span, ...]:
    """Say of a circle how many pairs have met, and how long its meetings stay new where more rounds are to come."""
    so_far, number = past.history(db, circle.id), coming.number if coming else 1
    had = coverage(db, programme, circle, number, so_far)
    far: Horizon | None = None
    if coming is not None:
        with suppress(rules.NoRound, rules.Contradiction):  # the preview says what is in the way
            far = first_repeat(db, programme, circle, coming, so_far)
    return forecast_words.report_line(circle.name, far, had.met, had.could)
