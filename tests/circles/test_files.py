"""Organisers' tables come from every kind of spreadsheet; a bad one is refused whole, with every line named."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.files import LARGEST_FILE, FileRefused, LineProblem, Row, read_csv

PLAIN = "name,Time Zone,note\nada,Asia/Amman,\nbob,Africa/Lagos,likes moss\n"


def refused(
    data: bytes, required: tuple[str, ...] = ("name", "note"), optional: tuple[str, ...] = ()
) -> list[LineProblem]:
    with pytest.raises(FileRefused) as caught:
        read_csv(data, required, optional)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        PLAIN.replace("name,Time Zone,note", " NAME ,time_zone,Note").encode(),
        PLAIN.replace("name,Time Zone,note", '"name","TIME-ZONE","note"').encode(),
        PLAIN.replace("likes moss\n", "likes moss,,\n").encode(),
        PLAIN.replace("note\n", "note,,\n", 1).replace("moss\n", "moss,,\n").encode(),
        (PLAIN + ",,\n\n  , ,\n").encode(),
    ],
    ids=[
        "utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "semicolons", "tabs", "windows line ends",
        "old line ends", "no last line end", "case and spaces", "quoted heading", "empty cells beyond the heading",
        "empty headings at the end", "empty rows at the end",
    ],
)  # fmt: skip
def test_the_same_table_reads_the_same_from_every_kind_of_spreadsheet(data: bytes) -> None:
    assert read_csv(data, ("name", "time zone"), ("note",)) == [
        Row(2, {"name": "ada", "time zone": "Asia/Amman", "note": ""}),
        Row(3, {"name": "bob", "time zone": "Africa/Lagos", "note": "likes moss"}),
    ]


def test_a_separator_hint_in_the_first_line_is_passed_over_and_lines_still_count_from_the_top() -> None:
    assert read_csv(b"sep=;\r\nname;note\r\nada;hi\r\n", ("name", "note")) == [Row(3, {"name": "ada", "note": "hi"})]


def test_a_quoted_cell_may_hold_separators_quotes_and_line_ends_and_the_next_row_keeps_its_true_line() -> None:
    rows = read_csv(b'name,note\nada,"one, two\n""three""\nfour"\n\nbob,five\n', ("name", "note"))
    assert rows == [
        Row(2, {"name": "ada", "note": 'one, two\n"three"\nfour'}),
        Row(6, {"name": "bob", "note": "five"}),
    ]


def test_line_ends_inside_a_cell_become_plain_ones() -> None:
    assert read_csv(b'name,note\r\nada,"one\r\ntwo"\r\n', ("name", "note"))[0].cells["note"] == "one\ntwo"


def test_a_semicolon_inside_texts_does_not_fool_the_choice_of_separator() -> None:
    rows = read_csv(b"name,note\nada,a; b; c; d\n", ("name", "note"))
    assert rows[0].cells["note"] == "a; b; c; d"


def test_names_in_many_scripts_arrive_whole() -> None:
    rows = read_csv("name;note\nرنا;مرحبا\n妮娜;Ñandú\n".encode(), ("name", "note"))
    assert [row.cells["name"] for row in rows] == ["رنا", "妮娜"]


def test_an_optional_column_that_is_absent_reads_as_empty() -> None:
    assert read_csv(b"name\nada\n", ("name",), ("note",))[0].cells == {"name": "ada", "note": ""}


@pytest.mark.parametrize(
    ("data", "where", "says"),
    [
        (b"", (0, ""), "The file is empty"),
        (b"\n\n  \n", (0, ""), "The file is empty"),
        (b"name,note\n", (0, ""), "no rows below"),
        (b"x" * (LARGEST_FILE + 1), (0, ""), "larger than 2 MB"),
        (b"PK\x03\x04 rest of a workbook", (0, ""), "spreadsheet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest", (0, ""), "spreadsheet file"),
        ("name,note\nada,ok\nzoé,hi\n".encode("latin-1"), (0, ""), "the first of them in line 3"),
        ("name,note\nada,ok\nzo\ufffd,hi\n".encode(), (0, ""), "the first of them in line 3"),
        ("name,note\nzo\ufffd,hi\n".encode("utf-16"), (0, ""), "the first of them in line 2"),
        (b"\xff\xfen\x00a\x00x", (0, ""), "CSV UTF-8"),
        ("name,note\nada,hi\n".encode("utf-16-le"), (0, ""), "does not look like a text file"),
        ("name,note\nada,hi\n".encode("utf-32"), (0, ""), "does not look like a text file"),
        (b"name,note\nada,h\x00i\n", (0, ""), "does not look like a text file"),
        (b"name,colour,note\nada,red,hi\n", (1, "colour"), "Columns that can be read: name and note"),
        (b"name,notes\nada,hi\n", (1, "notes"), "Did you mean note"),
        (b"name\nada\n", (1, "note"), "missing"),
        (b"name,note,Name\nada,hi,ada\n", (1, "name"), "twice"),
        (b"name,,note\nada,x,hi\n", (1, ""), "Column 2 has no name"),
        (b"name,note\nada\n", (2, ""), "only 1 cell where the first line has 2 columns"),
        (b"name,note\nada,hi,extra\n", (2, ""), "more cells than the 2 columns"),
        (b'name,note\nada,hi\nbob,"open\ncleo,hi\n', (3, ""), "quotation marks do not match"),
        (b'name,note\nada,"hi"there\n', (2, ""), "quotation marks do not match"),
        (b'"name,note\nada,hi\n', (1, ""), "quotation marks do not match"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_the_place_and_a_reason(
    data: bytes, where: tuple[int, str], says: str
) -> None:
    problems = refused(data)
    assert any((problem.line, problem.column) == where and says in problem.what for problem in problems), problems


def test_every_problem_is_named_at_once() -> None:
    problems = refused(b"name,colour\nada\nbob,red\ncleo,red,hi\n")
    assert [(problem.line, problem.column) for problem in problems] == [(1, "colour"), (1, "note"), (2, ""), (4, "")]


def test_rows_that_read_well_come_along_with_the_refusal_unless_the_heading_is_wrong() -> None:
    with pytest.raises(FileRefused) as caught:
        read_csv(b"name,note\nada\nbob,hi\n", ("name", "note"))
    assert caught.value.rows == (Row(3, {"name": "bob", "note": "hi"}),)
    with pytest.raises(FileRefused) as caught:
        read_csv(b"name,colour\nbob,red\n", ("name", "note"))
    assert caught.value.rows == ()


def test_a_refusal_reads_as_a_list_of_places_and_sentences() -> None:
    refusal = FileRefused(
        [LineProblem(0, "", "Too long."), LineProblem(4, "name", "Empty."), LineProblem(5, "", "Short.")]
    )
    assert str(refusal) == "Too long.\nLine 4, name: Empty.\nLine 5: Short."


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ['a"b', "a;b", "a,b", "a\nb", "a\tb"]
)


@given(
    table=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_spreadsheet_writes_is_read_back_with_the_line_each_row_starts_on(
    table: list[tuple[str, str]], separator: str, encoding: str, line_end: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end)
    writer.writerow(["name", "note"])
    expected: list[tuple[int, str, str]] = []
    for name, note in table:
        line = out.getvalue().count("\n") + 1
        writer.writerow([name, note])
        if name.strip() or note.strip():
            expected.append((line, name.strip(), note.strip()))
    data = out.getvalue().encode(encoding)
    if not expected:
        assert refused(data)
        return
    assert [(row.line, row.cells["name"], row.cells["note"]) for row in read_csv(data, ("name", "note"))] == expected


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_read_or_refused_and_nothing_else_happens(data: bytes) -> None:
    try:
        outcome: object = read_csv(data, ("name",))
    except FileRefused as refusal:
        outcome = refusal.problems
    assert outcome
