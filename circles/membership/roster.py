"""The roster an organiser brings: every line becomes a member's profile, or the whole file waits for a little mending.

Nothing is half-imported: `parse` gives all entries or names every line, column and reason. What `render` writes,
`parse` reads back, and a spreadsheet opens it without finding a formula.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib import resources

from circles.files import FileRefused, LineProblem, Row, read_csv
from circles.language import _
from circles.membership import rules
from circles.spelling import tidy

REQUIRED = ("user", "name", "stance", "offers", "wants", "languages", "zone", "institution", "stage")
OPTIONAL = ("capacity", "ring", "weekend", "about")
LONGEST_USER, LONGEST_NAME = 64, 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a roster: the platform's user id, a name to show, her profile, and the line that says so."""

    user: str
    name: str
    profile: rules.Profile
    line: int


def sample() -> bytes:
    """Give the roster that comes with Halqa, to begin one's own with."""
    return (resources.files("circles") / "membership" / "sample.csv").read_bytes()


def parse(data: bytes, already: Collection[str] = (), gone: Collection[str] = ()) -> list[Entry]:
    """Read a roster whole, in the order of its lines.

    `already` are the user ids that are enrolled; `gone` those who left, whose way back is their own.

    Raises:
        FileRefused: with every line and column that needs another look, and what would help.
    """
    problems: list[LineProblem] = []
    entries: list[Entry] = []
    first_lines: dict[str, int] = {}
    enrolled = {user.casefold() for user in already}
    left = {user.casefold() for user in gone}
    for row in read_csv(data, REQUIRED, OPTIONAL):
        user = tidy(row.cells["user"])
        wrong = _user_problem(user, enrolled, first_lines) or _left_problem(user, left)
        first_lines.setdefault(user.casefold(), row.line)
        found = [LineProblem(row.line, "user", wrong)] if wrong else []
        wrong = _name_problem(row.cells["name"])
        found += [LineProblem(row.line, "name", wrong)] if wrong else []
        profile = _profile(row, found)
        problems += found
        if profile is not None and not found:
            entries.append(Entry(user, tidy(row.cells["name"]), profile, row.line))
    if problems:
        raise FileRefused(problems)
    return entries


def render(entries: Iterable[Entry]) -> bytes:
    """Write a roster that `parse` reads back, with all columns, as UTF-8 with a byte order mark for spreadsheets."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(REQUIRED + OPTIONAL)
    for entry in entries:
        cells = {"user": entry.user, "name": entry.name} | rules.answers(entry.profile)
        writer.writerow(cells[column] for column in REQUIRED + OPTIONAL)
    return sheet.getvalue().encode("utf-8-sig")


def _profile(row: Row, found: list[LineProblem]) -> rules.Profile | None:
    """Read the profile of one row, adding what is wrong with it to what was found."""
    texts = {column: cell for column, cell in row.cells.items() if column not in ("user", "name")}
    try:
        return rules.profile(texts)
    except rules.ProfileProblems as refused:
        found += [LineProblem(row.line, column, what) for column, what in refused.problems.items()]
        return None


def _user_problem(user: str, enrolled: Collection[str], first_lines: dict[str, int]) -> str:
    """Say what is wrong with a user id, or nothing."""
    if not user:
        return _("The user id is empty. It is how the bot finds this person.")
    if user[0] in "@=+-<":
        return _("Please write the bare user id, without “{sign}” in front.").format(sign=user[0])
    if re.fullmatch(r"\d+(?:[.,]\d+)?E\+?\d+", user, re.IGNORECASE):
        return _("The spreadsheet shortened this number. Formatting the column as text keeps all its digits.")
    if " " in user:
        return _("A user id has no spaces in it. Could this be a name?")
    if not re.fullmatch(r"[\w.@+-]+", user):
        return _("A user id has letters, digits and the signs . _ @ + - only. Could this be a name?")
    if len(user) > LONGEST_USER:
        return _("A user id has at most {most} characters.").format(most=LONGEST_USER)
    if user.casefold() in first_lines:
        return _("{user} is on line {line} already. One line a person is enough.").format(
            user=user, line=first_lines[user.casefold()]
        )
    if user.casefold() in enrolled:
        return _("{user} is enrolled already. Leaving this line out keeps the profile as it is.").format(user=user)
    return ""


def _left_problem(user: str, left: Collection[str]) -> str:
    """Say that somebody took part before and comes back only by her own word, or nothing."""
    if user.casefold() not in left:
        return ""
    return _("{user} was here before. Coming back is their own choice: /circle join.").format(user=user)


def _name_problem(cell: str) -> str:
    """Say what is wrong with a name, or nothing; a name that a spreadsheet would run as a formula is sent back."""
    name = tidy(cell)
    if not any(c.isalnum() for c in name):
        return _("The name is empty. It is what the others will read.")
    if name[0] in "=+-@":
        return _(
            "A name that starts with “{sign}” would run as a formula in a spreadsheet. Please leave it out."
        ).format(sign=name[0])
    if len(name) > LONGEST_NAME:
        return _("The name has {n} characters. Could you shorten it to {most}?").format(n=len(name), most=LONGEST_NAME)
    return ""
