"""What is said about a programme and its calendar."""

from circles.language import _, day_text
from storage.tables import Occurrence


def occurrence(row: Occurrence) -> str:
    """Say what the calendar asks for, in a few words."""
    names = {
        "round-open": _("round {number} begins"),
        "eve": _("the day before round {number}"),
        "middle": _("the middle of round {number}"),
        "prompt": _("conversation prompt {number}"),
        "check-in": _("goal check-in {number}"),
        "close": _("the programme ends"),
    }
    name = names.get(row.kind, row.kind).format(number=row.number)
    return _("{day}: {what}").format(day=day_text(row.day), what=name)
