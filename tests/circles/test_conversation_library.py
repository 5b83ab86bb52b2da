"""The shelf: what we ship is whole and kind, and an organiser's file comes in whole or is answered line by line."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.conversation import library
from circles.conversation.library import AUDIENCES, BANKS, PHASES, THEMES, LibraryError, Prompt, banks, shipped
from circles.files import FileRefused

BRIDGES = (
    *("role-models", "skills", "networks", "isolation", "sponsorship", "barriers", "retention", "perspectives"),
    *("pathways", "future-mentors"),
)
ASSUMING = (
    *(
        "she",
        "he",
        "her",
        "his",
        "hers",
        "him",
        "husband",
        "wife",
        "boyfriend",
        "girlfriend",
        "mother",
        "father",
        "kids",
    ),
    *(
        "children",
        "god",
        "pray",
        "church",
        "mosque",
        "christmas",
        "sunday",
        "weekend",
        "ladies",
        "girls",
        "guys",
        "wine",
    ),
    *("should", "must", "therapy", "trauma", "heal", "journey", "leverage", "empower", "passion"),
)


def test_there_are_at_least_95_prompts_and_each_of_the_nineteen_themes_speaks_in_every_phase() -> None:
    prompts = shipped()
    assert len(prompts) >= 95
    assert {prompt.theme for prompt in prompts} == set(THEMES)
    assert len(THEMES) == 19
    cells = {(prompt.theme, prompt.phase) for prompt in prompts}
    assert {(theme, phase) for theme in THEMES for phase in PHASES} - cells == set()


def test_ids_say_theme_phase_and_number_and_are_never_given_twice() -> None:
    counted: Counter[str] = Counter()
    for prompt in shipped():
        cell = f"{prompt.theme}-{prompt.phase}"
        counted[cell] += 1
        assert prompt.id == f"{cell}-{counted[cell]}"


@pytest.mark.parametrize("prompt", shipped(), ids=lambda prompt: prompt.id)
def test_a_prompt_is_short_ends_with_its_one_question_and_assumes_nothing_about_anyone(prompt: Prompt) -> None:
    assert prompt.text.endswith("?")
    assert prompt.text.count("?") == 1
    assert len(prompt.text) <= 330
    assert set(re.findall(r"[a-z]+", prompt.text.casefold())).isdisjoint(ASSUMING)


def test_where_it_goes_deep_it_says_that_passing_is_fine() -> None:
    ways_out = re.compile(
        r"pass\b|if you (wish|care)|what you wish|free to|not needed|keep the words to yourself|will do|fine answer"
    )
    deep = [prompt for prompt in shipped() if prompt.depth == "deep"]
    assert len(deep) >= 8
    assert [prompt.id for prompt in deep if not ways_out.search(prompt.text)] == []
    assert [prompt.id for prompt in deep if prompt.phase == "rapport"] == []


def test_no_two_prompts_begin_alike_or_say_the_same() -> None:
    openings = Counter(" ".join(prompt.text.split()[:3]) for prompt in shipped())
    assert [opening for opening, times in openings.items() if times > 1] == []


@pytest.mark.parametrize("tag", BRIDGES)
def test_every_bridging_theme_has_several_prompts(tag: str) -> None:
    assert sum(tag in prompt.tags for prompt in shipped()) >= 3


def test_no_tag_is_a_slip_of_the_pen() -> None:
    rings = {"ring-local", "ring-regional", "ring-global"}
    assert {tag for prompt in shipped() for tag in prompt.tags} == {*BRIDGES, *rings}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_company_has_at_least_twenty_prompts_and_several_in_each_phase(audience: str) -> None:
    by_phase = Counter(prompt.phase for prompt in shipped() if audience in prompt.audience)
    assert by_phase.total() >= 20
    assert min(by_phase[phase] for phase in PHASES) >= 8


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_of_check_in_questions_has_six_ways_of_asking_one_question(bank: str) -> None:
    questions = banks()[bank]
    assert len(set(questions)) == len(questions) >= 6
    for question in questions:
        assert question.endswith("?")
        assert question.count("?") == 1
        assert len(question) <= 120
        assert set(re.findall(r"[a-z]+", question.casefold())).isdisjoint(ASSUMING)


@pytest.mark.parametrize("language", ["xx", "", "..", "en/..", "../prompts/en"])
def test_a_language_we_do_not_ship_is_named_in_the_error(language: str) -> None:
    with pytest.raises(LibraryError, match=r"There are no prompts in .*; there are in .*en"):
        shipped(language)


GOOD = """
theme = "doubt"
[[prompt]]
id = "doubt-rapport-1"
phase = "rapport"
depth = "light"
minutes = 10
life = "both"
audience = ["pair"]
text = "How are you?"
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("depth =", "colour = 3\ndepth ="), "doubt.toml, doubt-rapport-1, colour: This key is not known."),
        (('"doubt"', '"doubts"'), "theme: “doubts” is not known"),
        (('theme = "doubt"\n', ""), "theme: This is empty"),
        (('"rapport"', '"start"'), "phase: “start” is not known. It can be rapport, direction"),
        (('"light"', '"abyss"'), "depth: “abyss” is not known"),
        (('"both"', '"all"'), "life: “all” is not known"),
        (("= 10", "= 4"), "minutes: A whole number of minutes from 5 to 60"),
        (("= 10", "= 61"), "minutes: A whole number"),
        (("= 10", "= 7.5"), "minutes: A whole number"),
        (("= 10", "= true"), "minutes: A whole number"),
        (("minutes = 10\n", ""), "minutes: A whole number"),
        (('"How are you?"', '" "'), "text: There is no text."),
        (("How are you?", "x" * 601), "text: The text has 601 characters; 600 fit."),
        (('["pair"]', "[]"), "audience: This is empty"),
        (('["pair"]', '["pairs"]'), "audience: “pairs” is not known"),
        (('["pair"]', '"pair"'), "audience:"),
        (('["pair"]', '["pair"]\ntags = ["Big Tag"]'), "tags: A tag is made of"),
        (('"doubt-rapport-1"', '"Doubt 1"'), "id: An id is made of"),
        (('id = "doubt-rapport-1"\n', ""), "doubt.toml, entry 1, id: An id is made of"),
        (("depth =", 'theme = "doubt"\ndepth ='), "the theme is said once"),
        (("theme =", 'title = "x"\ntheme ='), "doubt.toml: the key “title” is not known"),
        (("[[prompt]]", "[prompt]"), "doubt.toml: it holds no [[prompt]]"),
        (('"both"', '"both'), "doubt.toml: Illegal character"),
    ],
)
def test_a_mistake_in_a_theme_file_is_told_with_file_entry_and_reason(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    assert change[0] in GOOD
    (tmp_path / "doubt.toml").write_text(GOOD.replace(*change, 1), encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        library.read_folder(tmp_path, "en")
    assert says in str(caught.value)


def test_all_mistakes_in_all_files_are_told_at_once_and_an_id_is_unique_across_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD.replace("= 10", "= 0").replace('"both"', '"x"'), encoding="utf-8")
    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "c.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "d.toml").write_text("[[", encoding="utf-8")
    (tmp_path / "checkins.toml").write_text("not read here", encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        library.read_folder(tmp_path, "en")
    places = [problem.split(":")[0] for problem in caught.value.problems]
    assert places == ["a.toml, doubt-rapport-1, minutes", "a.toml, doubt-rapport-1, life", "c.toml, doubt-rapport-1, id", "d.toml"]  # fmt: skip  # noqa: E501 - reads as one list


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[banks]", "[bank]"), "one table, [banks]"),
        (("close", "closing"), "closing: this bank is not known"),
        (("close", "closing"), "close: this bank has no list"),
        (('close = ["Why?"]', "close = []"), "close: this bank has no list"),
        (('close = ["Why?"]', 'close = ["Why?", "Why?"]'), "close: a question is empty, too long, there twice"),
        (('close = ["Why?"]', 'close = [""]'), "close: a question is empty"),
        (('close = ["Why?"]', "close = [3]"), "close: a question is empty"),
        (('close = ["Why?"]', "close = ["), "checkins.toml: "),
    ],
)
def test_a_mistake_in_the_check_in_questions_is_told_by_bank(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    good = "[banks]\n" + "".join(f'{bank} = ["Why?"]\n' for bank in BANKS)
    file = tmp_path / "checkins.toml"
    file.write_text(good, encoding="utf-8")
    assert library.read_banks(file)["close"] == ("Why?",)
    file.write_text(good.replace(*change, 1), encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        library.read_banks(file)
    assert says in str(caught.value)


HEADING = "id,theme,phase,depth,minutes,life,text,audience,tags,language\n"
LINE = "tea-1,doubt,rapport,light,10,both,How are you?,pair,,\n"


def test_an_organiser_s_file_becomes_prompts_and_forgives_capitals_and_spaces() -> None:
    heading = "ID;Theme;Phase;Depth;Minutes;Life;Text;Audience;Tags;Language"
    line = "Tea 1;Managing up;Winding Down;Deep;25;Both;كيف الحال؟;Pair, table;Role-models skills;AR"
    data = f"{heading}\n{line}\n"
    assert library.parse_import(data.encode("utf-8-sig"), ()) == (
        Prompt(
            id="tea-1",
            theme="managing-up",
            phase="winding-down",
            depth="deep",
            minutes=25,
            life="both",
            audience=frozenset({"pair", "table"}),
            tags=frozenset({"role-models", "skills"}),
            language="ar",
            text="كيف الحال؟",
        ),
    )


def test_without_audience_tags_and_language_a_prompt_is_for_everybody_in_english() -> None:
    data = b"id,theme,phase,depth,minutes,life,text\ntea-1,doubt,rapport,light,10,both,How are you?\n"
    (only,) = library.parse_import(data, ())
    assert (only.audience, only.tags, only.language) == (frozenset(AUDIENCES), frozenset(), "en")


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        (LINE.replace("tea-1", ""), "id", "An id is made of"),
        (LINE.replace("tea-1", "thé-1"), "id", "An id is made of"),
        (LINE.replace("tea-1", "t" * 61), "id", "up to 60"),
        (LINE.replace("tea-1", "taken-1"), "id", "There is a prompt with this id already."),
        (LINE.replace("doubt", "doubts"), "theme", "“doubts” is not known"),
        (LINE.replace("rapport", ""), "phase", "This is empty. It can be rapport"),
        (LINE.replace("light", "heavy"), "depth", "It can be light, medium, or deep"),
        (LINE.replace(",10,", ",ten,"), "minutes", "from 5 to 60"),
        (LINE.replace(",10,", ",,"), "minutes", "from 5 to 60"),
        (LINE.replace(",10,", ",4,"), "minutes", "from 5 to 60"),
        (LINE.replace(",10,", ",61,"), "minutes", "from 5 to 60"),
        (LINE.replace(",10,", ",-10,"), "minutes", "from 5 to 60"),
        (LINE.replace("both", "work"), "life", "“work” is not known"),
        (LINE.replace("How are you?", ""), "text", "There is no text."),
        (LINE.replace("How are you?", "x" * 601), "text", "601 characters; 600 fit"),
        (LINE.replace("pair", "couple"), "audience", "“couple” is not known"),
        (LINE.replace("pair,,", "pair,Größe,"), "tags", "A tag is made of"),
        (LINE.replace("pair,,", "pair,,English"), "language", "such as en, ar or pt-BR"),
    ],
)
def test_a_bad_cell_is_named_with_line_column_and_reason(cells: str, column: str, says: str) -> None:
    good = LINE.replace("tea-1", "tea-0")
    with pytest.raises(FileRefused) as caught:
        library.parse_import((HEADING + good + cells).encode(), {"taken-1"})
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, column)
    assert says in problem.what


def test_every_bad_line_is_named_at_once_in_the_order_of_the_file_and_nothing_is_taken() -> None:
    lines = [LINE, LINE, "short,row\n", LINE.replace("tea-1", "tea-2").replace("light", "x").replace("both", "y")]
    with pytest.raises(FileRefused) as caught:
        library.parse_import((HEADING + "".join(lines)).encode(), ())
    named = [(problem.line, problem.column) for problem in caught.value.problems]
    assert named == [(3, "id"), (4, ""), (5, "depth"), (5, "life")]
    assert caught.value.problems[0].what == "Line 2 has the same id."


def test_a_file_in_another_encoding_gets_a_kind_sentence() -> None:
    with pytest.raises(FileRefused, match="Please save the file as “CSV UTF-8”"):
        library.parse_import((HEADING + LINE.replace("How", "Où")).encode("latin-1"), ())


@given(st.text(max_size=200))
def test_any_text_below_a_good_heading_is_taken_or_refused_and_nothing_else_happens(text: str) -> None:
    try:
        outcome: object = library.parse_import((HEADING + text).encode("utf-8", "replace"), ())
    except FileRefused as refusal:
        outcome = refusal.problems
    assert outcome


def test_our_own_prompts_survive_the_way_through_a_spreadsheet() -> None:
    rows = [HEADING.strip().replace(",", "\t")]
    for one in shipped():
        quoted = '"' + one.text.replace('"', '""') + '"'
        cells = (one.id, one.theme, one.phase, one.depth, str(one.minutes), one.life, quoted)
        rows.append("\t".join((*cells, " ".join(sorted(one.audience)), " ".join(sorted(one.tags)), one.language)))
    data = "\r\n".join(rows).encode("utf-16")
    assert library.parse_import(data, ()) == shipped()
    with pytest.raises(FileRefused) as caught:
        library.parse_import(data, {one.id for one in shipped()})
    assert len(caught.value.problems) == len(shipped())
