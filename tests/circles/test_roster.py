"""A roster comes in whole, or every line that needs mending is named."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circles.files import FileRefused
from circles.membership import roster, rules

ADA = {
    "user": "ada",
    "name": "Ada Nwankwo",
    "stance": "mentor",
    "offers": "statistics; grant writing",
    "wants": "",
    "languages": "English; Igbo",
    "zone": "Africa/Lagos",
    "institution": "Ikorodu Lagoon University",
    "stage": "senior",
}
BOB = ADA | {"user": "bob", "name": "Bob Lindqvist", "stance": "mentee", "offers": "", "wants": "statistics"}


def sheet(*people: dict[str, str]) -> bytes:
    columns = list(dict.fromkeys(column for person in people for column in person))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue().encode()


def problems(data: bytes, already: tuple[str, ...] = ()) -> list[tuple[int, str, str]]:
    with pytest.raises(FileRefused) as refused:
        roster.parse(data, already)
    return [(problem.line, problem.column, problem.what) for problem in refused.value.problems]


def test_a_good_roster_gives_everybody_in_the_order_of_its_lines() -> None:
    ada, bob = roster.parse(sheet(ADA, BOB | {"weekend": "fri-sat", "capacity": "1", "about": "Iron and steel."}))
    assert (ada.user, ada.name, ada.line) == ("ada", "Ada Nwankwo", 2)
    assert ada.profile == rules.profile({field: text for field, text in ADA.items() if field not in ("user", "name")})
    assert (bob.user, bob.line) == ("bob", 3)
    assert bob.profile.weekend == {4, 5}
    assert (bob.profile.capacity, bob.profile.about) == (1, "Iron and steel.")


def test_an_enrolment_elsewhere_does_not_stand_in_the_way() -> None:
    assert len(roster.parse(sheet(ADA, BOB), already=("cleo", "dana"))) == 2


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("user", "", "empty"),
        ("user", "@bob", "without “@”"),
        ("user", "=bob", "without “=”"),
        ("user", "<@U012>", "without “<”"),
        ("user", "Bob Lindqvist", "no spaces"),
        ("user", "1.23457E+17", "shortened"),
        ("user", "1,23457e+17", "shortened"),
        ("user", "o'neil", "letters, digits"),
        ("user", "b" * 65, "64"),
        ("user", "ada", "line 2"),
        ("user", "ADA", "line 2"),
        ("name", "", "empty"),
        ("name", "\u200b", "empty"),
        ("name", "=HYPERLINK(A1)", "formula"),
        ("name", "+Bob", "formula"),
        ("name", "-Bob", "formula"),
        ("name", "@SUM(A1)", "formula"),
        ("name", "b" * 81, "81 characters"),
        ("stance", "", "mentor, a mentee, or both"),
        ("stance", "menteee", "close to mentee"),
        ("offers", "a" * 41, "40 characters"),
        ("offers", "1;2;3;4;5;6;7;8;9", "9 topics"),
        ("wants", "", "at least one topic you want"),
        ("wants", "none", "at least one topic you want"),
        ("languages", "", "Which languages"),
        ("languages", "Englsh", "Did you mean English?"),
        ("zone", "", "Which city"),
        ("zone", "Middle Earth", "city nearby"),
        ("zone", "UTC+3", "clock change"),
        ("institution", "", "Where do you work"),
        ("institution", "i" * 81, "81 characters"),
        ("stage", "", "Which stage"),
        ("stage", "astronaut", "could not place"),
        ("capacity", "many", "0 to 5"),
        ("capacity", "12", "5 is the most"),
        ("ring", "universe", "local, regional, global"),
        ("weekend", "mon-fri", "5 days"),
        ("weekend", "someday", "Did you mean"),
        ("about", "a" * 281, "281 characters"),
    ],
)
def test_one_bad_cell_holds_the_roster_back_and_is_named(column: str, cell: str, said: str) -> None:
    [(line, where, what)] = problems(sheet(ADA, BOB | {column: cell}))
    assert (line, where) == (3, column)
    assert said in what


def test_somebody_enrolled_already_is_named_whatever_the_case_of_the_id() -> None:
    [(line, column, what)] = problems(sheet(ADA, BOB | {"user": "BOB"}), already=("Bob",))
    assert (line, column) == (3, "user")
    assert "enrolled already" in what


def test_every_bad_line_and_column_is_named_at_once_and_nothing_comes_in() -> None:
    cleo = ADA | {"user": "", "name": "=1+1", "stance": "both", "languages": "Elvish", "zone": "Atlantis"}
    dana = ADA | {"user": "ada", "stage": "astronaut"}
    found = problems(sheet(ADA, cleo, BOB, dana, BOB | {"wants": ""}))
    assert [(line, column) for line, column, _ in found] == [
        (3, "user"), (3, "name"), (3, "wants"), (3, "languages"), (3, "zone"),
        (5, "user"), (5, "stage"),
        (6, "user"), (6, "wants"),
    ]  # fmt: skip


def test_a_repeated_user_is_sent_to_the_first_line_each_time() -> None:
    found = problems(sheet(ADA, BOB, ADA, ADA))
    assert [(line, column) for line, column, _ in found] == [(4, "user"), (5, "user")]
    assert all("line 2" in what for _, _, what in found)


def test_two_empty_user_cells_are_empty_rather_than_repeated() -> None:
    found = problems(sheet(ADA | {"user": ""}, BOB | {"user": ""}))
    assert [(line, "empty" in what) for line, _, what in found] == [(2, True), (3, True)]


def test_lines_are_counted_as_the_editor_shows_them_when_a_cell_holds_several() -> None:
    [(line, column, _)] = problems(sheet(ADA | {"offers": "statistics\npeer review"}, BOB | {"stage": ""}))
    assert (line, column) == (4, "stage")


@pytest.mark.parametrize("missing", roster.REQUIRED)
def test_a_missing_column_is_named_on_the_first_line(missing: str) -> None:
    person = {column: cell for column, cell in ADA.items() if column != missing}
    [(line, column, what)] = problems(sheet(person))
    assert (line, column) == (1, missing)
    assert "missing" in what


def test_a_spreadsheet_with_semicolons_and_a_byte_order_mark_comes_in_too() -> None:
    text = (
        "User;Name;Stance;Offers;Wants;Languages;Zone;Institution;Stage\r\n"
        'ada;Ada Nwankwo;mentor;"statistics; R";;en, ig;Africa/Lagos;Ikorodu Lagoon University;senior\r\n'
    )
    [ada] = roster.parse(text.encode("utf-8-sig"))
    assert (ada.profile.offers, ada.profile.languages) == (("statistics", "R"), ("en", "ig"))


# What is written reads back.

WORDS = st.text(st.sampled_from("aAbzÉñß ءبمकখ中語ๆ'\"=+-@,;\t\n.()“&\u200c\u200f1٣"), max_size=25)


@st.composite
def entries(draw: st.DrawFn) -> list[roster.Entry]:
    users = draw(
        st.lists(st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,12}", fullmatch=True), max_size=5, unique_by=str.casefold)
    )
    assume(users)
    return [roster.Entry(user, draw(names), draw(profiles()), line) for line, user in enumerate(users, start=2)]


names = WORDS.map(lambda text: "Dana " + " ".join(text.replace("\u200f", "").split())).map(str.strip)


@st.composite
def profiles(draw: st.DrawFn) -> rules.Profile:
    days = draw(st.sets(st.sampled_from(rules.DAYS), max_size=4))
    codes = st.sampled_from(["ar", "en", "fr", "ur", "sw", "zgh", "ckb", "fil"])
    return rules.profile({
        "stance": draw(st.sampled_from(rules.STANCES)),
        "offers": "; ".join(["R", *draw(st.lists(WORDS.map(lambda text: text.replace(",", "")[:10]), max_size=1))]),
        "wants": "peer review\n" + draw(st.sampled_from(["", "R", "statistics, R", "الإحصاء"])),
        "languages": ", ".join(draw(st.lists(codes, min_size=1, max_size=8))),
        "zone": draw(st.sampled_from(["Asia/Amman", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "UTC"])),
        "institution": "University " + draw(WORDS),
        "stage": draw(st.sampled_from(rules.STAGES)),
        "capacity": str(draw(st.integers(0, 5))),
        "ring": draw(st.sampled_from(rules.RINGS)),
        "weekend": draw(st.sampled_from(["", ", ".join(days) or "none"])),
        "about": draw(WORDS),
    })  # fmt: skip


@given(people=entries())
def test_a_roster_that_was_written_reads_back_the_same(people: list[roster.Entry]) -> None:
    read = roster.parse(roster.render(people))
    assert [(e.user, e.name, e.profile) for e in read] == [(e.user, e.name, e.profile) for e in people]
    assert [e.line for e in read] == list(range(2, 2 + len(people)))


@given(people=entries())
def test_no_cell_of_a_written_roster_starts_like_a_formula(people: list[roster.Entry]) -> None:
    rows = csv.reader(io.StringIO(roster.render(people).decode("utf-8-sig"), newline=""))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@given(people=entries(), wrong=st.data())
def test_the_line_that_was_spoilt_is_the_line_that_is_named(people: list[roster.Entry], wrong: st.DataObject) -> None:
    spoilt = wrong.draw(st.sampled_from(range(len(people))))
    column = wrong.draw(st.sampled_from(["stance", "languages", "zone", "stage"]))
    rows = list(csv.DictReader(io.StringIO(roster.render(people).decode("utf-8-sig"), newline="")))
    rows[spoilt][column] = "?"
    assert [(line, where) for line, where, _ in problems(sheet(*rows))] == [(spoilt + 2, column)]
