"""What a look before leaping found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; a problem says what to do."""

    what: str
    is_problem: bool = False
