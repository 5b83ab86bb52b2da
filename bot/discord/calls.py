"""What a button or a form carries on Discord: a command line in its ``custom_id``, of 1 to 100 characters.

Two buttons of a message can't carry the same, so a second one is marked: ``circle met yes 7¶2``. A form too long for
one modal is asked in parts, and each says which it is: ``programme setup 2§1``. A line that ends like such a mark gets
one as well, so that what is read is always what was meant.
"""

import re
from collections.abc import Iterable

from bot.discord import markdown

LONGEST = 100
_MARK = re.compile(r"[¶§][0-9]{1,2}\Z")


def carried(lines: Iterable[str]) -> list[str | None]:
    """Give what each of a message's buttons carries; None for a line that can't be carried, or not once more."""
    taken: set[str] = set()
    return [_free(line, taken) for line in lines]


def _free(line: str, taken: set[str]) -> str | None:
    if not line.strip():
        return None
    tries = (f"{line}¶{number}" if number > 1 or _MARK.search(line) else line for number in range(1, 27))
    free = next((tried for tried in tries if tried not in taken), "")
    if not free or markdown.size(free) > LONGEST:
        return None
    taken.add(free)
    return free


def of_part(line: str, part: int) -> str:
    """Give what a modal carries: which ``part`` of its form it is, counted from 1, or 0 when it is the whole."""
    mark = f"§{part}" if part or _MARK.search(line) else ""
    return f"{markdown.within(line, LONGEST - len(mark))}{mark}" or "§0"


def line_of(custom_id: str) -> str:
    """Give the command line that a button or a modal carries."""
    return _MARK.sub("", custom_id)


def part_of(custom_id: str) -> int:
    """Give which part of a form was sent, counted from 1; 0 when it is the whole."""
    mark = _MARK.search(custom_id)
    return int(mark[0][1:]) if mark and mark[0].startswith("§") else 0
