"""Scheduled questions about goals and actions."""

from circles.effects import Act
from circles.tick import Moment


def actions_due(moment: Moment) -> list[Act]:
    """Ask about open actions."""
    del moment
    return []
