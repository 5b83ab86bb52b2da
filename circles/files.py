"""Reading the tables that organisers bring: one careful CSV reader, and kind words about every line it cannot use.

A roster or a prompt list comes out of somebody's spreadsheet, so this room knows what spreadsheets do: a byte order
mark, semicolons in half of the world, headings in capitals, empty rows at the end. It reads text and knows no concept;
the caller decides what a cell may say and raises the same `FileRefused`, so that a person sees one list to mend.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from circles.language import _, listing, ngettext_

LARGEST_FILE = 2 * 1024 * 1024  # bytes; a roster of ten thousand people is well below
SEPARATORS = (",", ";", "\t")
ZIP_MAGIC, OLD_OFFICE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LOST_LETTER = "\N{REPLACEMENT CHARACTER}"  # what a program writes for a letter that it could not read


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One thing to mend: line 1 is the first line of the file, line 0 is the file as a whole; column may be empty."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        """Say where and what in one sentence, for a private reply."""
        if self.line == 0:
            return self.what
        if not self.column:
            return _("Line {line}: {what}").format(line=self.line, what=self.what)
        return _("Line {line}, {column}: {what}").format(line=self.line, column=self.column, what=self.what)


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: the line where it starts, and a stripped cell for every column that was asked for."""

    line: int
    cells: Mapping[str, str]


class FileRefused(Exception):
    """The file cannot be used as it is, nothing of it was taken, and `problems` names everything to mend.

    Where the heading is in order, `rows` holds the rows that could be read, so that the caller can name the mistakes
    inside them in the same answer.
    """

    def __init__(self, problems: Iterable[LineProblem], rows: Iterable[Row] = ()) -> None:
        self.problems: tuple[LineProblem, ...] = tuple(problems)
        self.rows: tuple[Row, ...] = tuple(rows)
        super().__init__(self.problems, self.rows)

    def __str__(self) -> str:
        """List every problem on a line of its own."""
        return "\n".join(str(problem) for problem in self.problems)


def read_csv(data: bytes, required: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """Read the rows of an organiser's CSV file, or refuse it whole with every problem that was found.

    `required` columns must be in the heading, though their cells may be empty: what a cell must say is the caller's to
    judge. `optional` columns that are absent read as "". Headings match whatever their case, spaces, `_` and `-`.
    Rows without any text are passed over. At most 2 MiB; UTF-8, or UTF-16 with a byte order mark.

    Raises:
        FileRefused: with line 0 for the whole file, otherwise the physical line on which the row starts.
    """
    text = decoded(data)
    known = {_key(name): name for name in (*required, *optional)}
    records = _records(text, _separator(text, known))
    problems: list[LineProblem] = []
    rows: list[Row] = []
    try:
        heading_line, heading = next(records, (0, []))
        if heading_line == 0:
            raise FileRefused(
                [LineProblem(0, "", _("The file is empty. It needs a first line with the column names."))]
            )
        columns, heading_problems = _columns(heading_line, heading, required, known)
        problems += heading_problems
        for line, cells in records:
            length_problems = _length_problems(line, cells, len(columns))
            problems += length_problems
            if heading_problems or length_problems:
                continue
            named = {name: cell for name, cell in zip(columns, cells, strict=False) if name is not None}
            rows.append(Row(line, {name: named.get(name, "") for name in known.values()}))
    except _BrokenQuotes as broken:
        what = _("The quotation marks do not match up from here on, so the lines after it could not be read.")
        problems.append(LineProblem(broken.line, "", what))
    if not problems and not rows:
        what = _("The file has column names and no rows below them.")
        problems.append(LineProblem(0, "", what))
    if problems:
        raise FileRefused(problems, rows)
    return rows


class _BrokenQuotes(Exception):
    """A quoted cell that starts on `line` is not closed as it should be."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def decoded(data: bytes) -> str:
    """Give the text of a file, whatever spreadsheet wrote it; raises FileRefused for what is not a text in Unicode.

    A text with U+FFFD in it lost those letters on its way here, so it is no more readable than the wrong encoding.
    """
    if len(data) > LARGEST_FILE:
        what = _("The file is larger than 2 MB. It may help to split it, or to leave out columns that are not needed.")
        raise FileRefused([LineProblem(0, "", what)])
    if data.startswith((ZIP_MAGIC, OLD_OFFICE_MAGIC)):
        what = _("This is a spreadsheet file. Please save it as “CSV UTF-8” in your spreadsheet and send that file.")
        raise FileRefused([LineProblem(0, "", what)])
    encoding = "utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(data[: error.start].count(b"\n") + 1) from error
    if LOST_LETTER in text:
        raise _unreadable(text[: text.index(LOST_LETTER)].count("\n") + 1)
    if "\0" in text:
        what = _("This does not look like a text file. Please save it as “CSV UTF-8” and send it again.")
        raise FileRefused([LineProblem(0, "", what)])
    return text


def _unreadable(line: int) -> FileRefused:
    what = _(
        "Some letters cannot be read, the first of them in line {line}. "
        "Please save the file as “CSV UTF-8” and send it again."
    ).format(line=line)
    return FileRefused([LineProblem(0, "", what)])


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each filled record with the physical line it starts on, its cells stripped, line ends made plain."""
    reader = csv.reader(io.StringIO(_without_hint(text), newline=None), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise _BrokenQuotes(line) from error
        if record is None:
            return
        cells = [cell.strip() for cell in record]
        if any(cells):
            yield line, cells


def _without_hint(text: str) -> str:
    """Blank the `sep=;` line that some spreadsheets write first, keeping the count of lines."""
    return re.sub(r"\A\"?sep=[,;\t]\"?(?=[\r\n])", "", text, flags=re.IGNORECASE)


def _separator(text: str, known: Mapping[str, str]) -> str:
    """Choose the separator under which the heading shows the most columns we know, then the most columns."""

    def found(separator: str) -> tuple[int, int]:
        try:
            heading = next(_records(text, separator), (0, []))[1]
        except _BrokenQuotes:
            return (-1, 0)
        return (sum(_key(name) in known for name in heading), len(heading))

    return max(SEPARATORS, key=found)


def _key(name: str) -> str:
    """Fold a heading so that "Time zone", "time_zone" and "TIME-ZONE" are one column."""
    return re.sub(r"[\s_-]+", "", name.casefold())


def _columns(
    line: int, heading: list[str], required: Sequence[str], known: Mapping[str, str]
) -> tuple[list[str | None], list[LineProblem]]:
    """Name the columns of the heading, None for one that cannot be used, together with what is wrong about them."""
    while heading and not heading[-1]:
        heading = heading[:-1]
    problems: list[LineProblem] = []
    columns: list[str | None] = []
    for number, title in enumerate(heading, start=1):
        name = known.get(_key(title))
        if not title:
            what = _("Column {number} has no name in the first line.").format(number=number)
            problems.append(LineProblem(line, "", what))
        elif name is None:
            problems.append(LineProblem(line, title, _unknown_column(title, known)))
        elif name in columns:
            problems.append(LineProblem(line, name, _("This column is there twice.")))
        columns.append(None if name in columns else name)
    missing = [name for name in required if name not in columns]
    problems += [LineProblem(line, name, _("This column is missing.")) for name in missing]
    return columns, problems


def _unknown_column(title: str, known: Mapping[str, str]) -> str:
    """Say that a column is not known, with the nearest known name or all of them."""
    near = difflib.get_close_matches(_key(title), known, n=1)
    if near:
        return _("This column is not known. Did you mean {name}?").format(name=known[near[0]])
    return _("This column is not known. Columns that can be read: {names}.").format(
        names=listing(tuple(known.values()))
    )


def _length_problems(line: int, cells: Sequence[str], expected: int) -> list[LineProblem]:
    """Report a row with cells beyond the heading, or with fewer; empty cells beyond it are a spreadsheet's habit."""
    if len(cells) < expected:
        what = ngettext_(
            "There is only {n} cell where the first line has {expected} columns.",
            "There are only {n} cells where the first line has {expected} columns.",
            len(cells),
        ).format(n=len(cells), expected=expected)
        return [LineProblem(line, "", what)]
    if any(cells[expected:]):
        what = _(
            "There are more cells than the {expected} columns of the first line. "
            "Text that contains the separator belongs in quotation marks."
        ).format(expected=expected)
        return [LineProblem(line, "", what)]
    return []
