"""Every sentence goes through the catalogue: in a language of brackets, whatever has no brackets was forgotten."""

import ast
import re
import string
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import cast
import pytest
import town
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po
from sqlmodel import select

from circles import commands, grammar, language
from circles.conversation import library
from circles.effects import Ask, Reply
from circles.language import _, day_text, instant_text, language_name, listing, ngettext_, speaking
from circles.messages import (
    Bullets,
    Buttons,
    Code,
    Command,
    Facts,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    Picture,
    Quote,
    Text,
    When,
)
from circles.programme import rules
from storage import members, people, programmes, rounds
from storage.tables import Circle, Person

CIRCLES = Path(commands.__file__).parent
KEYWORDS = {"_": None, "ngettext_": (1, 2)}
PSEUDO = "en_XA"


def extracted():
    """Every msgid of the core, as a translator's tool finds them: single words, or (one, many)."""
    found = extract_from_dir(str(CIRCLES), method_map=[("**.py", "python")], keywords=KEYWORDS)
    return sorted({message for _file, _line, message, _comments, _context in found}, key=str)


MSGIDS = extracted()
SINGLE = [m for m in MSGIDS if isinstance(m, str)]
PLURAL = [m for m in MSGIDS if isinstance(m, tuple)]


def fields(template):
    return sorted(name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name is not None)


def test_the_catalogue_is_whole():
    assert len(SINGLE) > 800
    assert len(PLURAL) > 10
    assert "" not in SINGLE  # gettext answers the empty sentence with the head of the catalogue


def test_every_sentence_is_a_template_that_can_be_filled():
    assert [m for m in SINGLE if m.strip() != m] == []
    assert [m for m in SINGLE if not all(re.fullmatch(r"[a-z_]+", name) for name in fields(m))] == []


def test_both_forms_of_a_plural_speak_of_the_same_things():
    assert [pair for pair in PLURAL if not set(fields(pair[0])) <= set(fields(pair[1]))] == []
    counted = {"n", "count"}  # in "the one seat" the number needs no figure
    assert [pair for pair in PLURAL if set(fields(pair[1])) - set(fields(pair[0])) - counted] == []


def test_no_sentence_is_put_together_before_it_is_translated():
    calls = [
        (file, node)
        for file in sorted(CIRCLES.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "ngettext_"} and file.name != "language.py"
    ]
    assert len(calls) > 1000
    for file, node in calls:
        for argument in node.args[: 2 if ast.unparse(node.func) == "ngettext_" else 1]:
            is_literal = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            is_msgid = file.name in {"grammar.py", "words.py"} and isinstance(argument, ast.Attribute | ast.Subscript)
            is_msgid = is_msgid or ast.unparse(argument) == "command.title or command.help"
            assert is_literal or is_msgid, f"{file.relative_to(CIRCLES)}:{node.lineno}: {ast.unparse(node)}"


def test_every_word_of_the_commands_table_is_in_the_catalogue():
    for command in commands.table():
        said = [command.help, command.title, command.submit, *(p.help for p in command.parameters)]
        missing = {word for word in said if word} - set(SINGLE)
        assert missing == set(), command.path
    assert set(grammar._LABELS.values()) <= set(SINGLE)


# A language of brackets.


@pytest.fixture
def brackets(tmp_path):
    """A language, en_XA, in which every sentence stands between brackets."""
    catalogue = Catalog(locale="en", fuzzy=False)
    for message in MSGIDS:
        if isinstance(message, tuple):
            catalogue.add(message, tuple(f"⟦{form}⟧" for form in message))
        else:
            catalogue.add(message, f"⟦{message}⟧")
    folder = tmp_path / PSEUDO / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "halqa.po").open("wb") as file:
        write_po(file, catalogue)
    language.learn(tmp_path)
    yield
    language.unlearn(tmp_path)


def test_a_learnt_language_is_spoken_and_unlearnt_again(brackets):
    with speaking(PSEUDO):
        assert _("Send") == "⟦Send⟧"
        assert ngettext_("And {n} more.", "And {n} more.", 3) == "⟦And {n} more.⟧"
    with speaking("en-XA"):  # as some chats write it
        assert _("Send") == "⟦Send⟧"
    with speaking("en"):
        assert _("Send") == "Send"
    assert _("Send") == "Send"


def test_where_no_catalogue_is_known_it_is_english():
    for locale in ("", "xx", "ar", "../../etc", "de_DE", "en-GB", "C", "not a locale"):
        with speaking(locale):
            assert _("Send") == "Send"
            assert day_text(date(2027, 3, 1))
            assert listing(["a", "b", "c"])


def test_days_lists_and_languages_follow_the_reader():
    at = datetime(2027, 3, 1, 8, tzinfo=UTC)
    with speaking("en"):
        assert day_text(date(2027, 3, 1)) == "Monday, 1 March"
        assert instant_text(at, "Europe/Berlin") == "Mon 1 March, 09:00"
        assert listing(["a", "b"], either=True) == "a or b"
        assert language_name("ar") == "Arabic"
        assert language_name("zz") == "zz"
    with speaking("de-DE"):
        assert listing(["a", "b"], either=True) == "a oder b"
        assert "2027" in day_text(date(2027, 3, 1))
        assert language_name("ar") == "Arabisch"


FIRST_WORD = """
import sys
from pathlib import Path
from circles import commands, grammar, language
language.learn(Path(sys.argv[1]))
with language.speaking("en_XA"):
    table = commands.table()
print("".join(c.help + c.title + c.submit for c in table) + "".join(grammar._LABELS.values()))
"""


def test_the_tables_are_loaded_in_nobodys_language(brackets, tmp_path):
    """Whoever says the first word after a start, the tables hold msgids, and the next person hears her own language."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_WORD, str(tmp_path)],
        cwd=CIRCLES.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Keep a goal in mind" in done.stdout
    assert "⟦" not in done.stdout


# What people wrote, and what is not a sentence: names, dates, addresses.
HERS = [
    *("Women in Physics", "Chemistry", "Jasmine", "Olive", "Finish the grant", "Call Rania", "I feel calm"),
    *("Read more", "because", "Well done", "Room B is open", "statistics", "grant writing", "negotiation", "Exam week"),
    *(
        "What would you like to learn",
        "Physics for all",
        "Amman University",
        "physics",
        "chemistry",
        "en-GB",
        "English",
    ),
    *("Halqa", "UTC", "Europe/Berlin", "Asia/Amman", "Saturday", "Sunday", "sat-sun", "Europe", "Berlin", "qps"),
]
NAMES = ["Ada", "Bob", "Cleo", "Dana", "Ella", "Fay", "Gus", "Hana", "Quinn", "Zoe", "Ivy", "Olga", "Petra"]
DAYS = r"\b(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?\b"
MONTHS = r"\b(Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|May|June?|July?|Aug(ust)?|Sep(tember)?|Oct(ober)?|Nov(ember)?)\b"


# Words that are typed as they stand, in every language: settings, choices, parameters, codes.
TYPED = sorted(
    {
        *(p.name for command in commands.table() for p in command.parameters),
        *(choice for command in commands.table() for p in command.parameters for choice in p.choices),
        *(choice for choices in rules.CHOICES.values() for choice in choices),
        *(*library.THEMES, "other", "sat", "sun", "fri", "en"),
    },
    key=len,
    reverse=True,
)
QUESTIONS = {question for bank in library.banks("en").values() for question in bank}  # shipped in files of their own


def plain(spans):
    """A line without what is not a sentence of ours: mentions, times, commands, literals."""
    return "".join("" if isinstance(s, Mention | When | Command | Code) else s.plain() for s in spans)


def lines_of(message: Message):
    yield message.summary
    for block in message.blocks:
        match block:
            case Text(spans=spans):
                yield plain(spans)
            case Heading(text=words):
                yield words
            case Bullets(items=items):
                yield from map(plain, items)
            case Facts(rows=rows):
                yield from (f"{row.label} {plain(row.spans)}" for row in rows)
            case Buttons(buttons=pressed):
                yield from (button.label for button in pressed)
            case Picture(title=title, alt=alt):
                yield f"{title} {alt}"
            case Quote():
                pass  # a prompt, or what somebody wrote


def lines_of_form(form: Form):
    yield from (form.title, form.submit, plain(form.intro))
    for one in form.fields:
        yield from (one.label, one.hint, one.error, *(option.label for option in one.options))


def outside_brackets(line):
    """The letters of a line that no sentence of the catalogue holds, when names, dates and her own words are gone."""
    if line in QUESTIONS:
        return ""
    depth, outside = 0, []
    for character in line:
        depth += {"⟦": 1, "⟧": -1}.get(character, 0)
        if depth == 0 and character != "⟧":
            outside.append(character)
    rest = "".join(outside)
    for words in (*HERS, *NAMES):
        rest = re.sub(re.escape(words), "", rest, flags=re.IGNORECASE)
    rest = re.sub(rf"\b(and|or|{'|'.join(map(re.escape, TYPED))})\b", "", rest)
    rest = re.sub(rf"{DAYS}|{MONTHS}|https?://\S+|/(circle|programme)[^.:⟦]*|\bin:\S+|CSV|\.ics", "", rest)
    return re.sub(r"[\W\d_]+", " ", rest).strip()


def test_the_instrument_itself_finds_what_was_forgotten():
    assert outside_brackets("⟦Hello⟧ Ada, ⟦you meet ⟦kindly⟧ on⟧ Monday, 1 March") == ""
    assert outside_brackets("⟦Hello⟧ forgotten") == "forgotten"
    assert outside_brackets("1. Read more · ⟦active⟧ · up to 3") == "up to"
    assert outside_brackets("across-institutions yes: ⟦yes⟧ and ⟦no⟧") == ""


def in_brackets(talk):
    """Everybody, and the circles, speak the language of brackets."""
    with talk.store.writing() as db:
        for row in [*db.exec(select(Person)), *db.exec(select(Circle))]:
            setattr(row, "locale" if isinstance(row, Person) else "language", PSEUDO)
            db.add(row)


def a_member_joins(talk):
    talk.says("zoe", "/circle join in:physics")
    talk.fills("zoe", stance="both", offers="statistics", wants="grant writing", about="Physics for all")
    talk.fills("zoe", languages="English", institution="Amman University", stage="postdoc")
    talk.fills("zoe", zone="Berlin", weekend="sat-sun", capacity="2", ring="local")
    talk.says("zoe", "/circle")


def she_uses_it_all(talk):
    for line in (
        *("circle", "circle help", "circle help goal", "circle profile", "circle next", "circle met", "circle met yes"),
        *("circle met no", "circle met later", "circle skip", "circle skip", "circle unskip 2", "circle unskip 2"),
        *("circle goal", "circle goal add Finish the grant", "circle goal add Read more", "circle goal share 1 circle"),
        *("circle goal share 2", "circle goal share 2 partner", "circle goal tell 1", "circle goal see"),
        *(
            "circle goal edit 1",
            "circle goal park 2",
            "circle goal resume 2",
            "circle goal done 2",
            "circle goal drop 2",
        ),
        *("circle goal edit", "circle goal done", "circle action", "circle action Call Rania", "circle actions"),
        *("circle actions answer 1", "circle actions answer 1 partly", "circle actions answer 1 did"),
        *("circle actions answer 1 help", "circle actions answer 1 changed", "circle actions answer 1 open"),
        *("circle checkin", "circle checkin answer 1", "circle checkin answer 1 same", "circle checkin note 1"),
        *("circle checkin answer 1 changed", "circle checkin answer 1 parked", "circle checkin answer 1 done"),
        *("circle checkin answer 1 not-this-week", "circle checkin snooze 1", "circle checkin snooze 1 3"),
        *("circle prompt", "circle prompt another c1", "circle record", "circle record export", "circle data export"),
        *("circle avoid", "circle avoid quinn", "circle avoid", "circle avoid remove quinn", "circle quiet"),
        *("circle quiet 21:00 7:00", "circle quiet off", "circle weekend fri-sat", "circle zone", "circle zone Amman"),
        *("circle thanks dana Well done", "circle next-term offer", "circle stay now", "circle data delete"),
        *("circle leave", "circle pause", "circle pause in 2 weeks", "circle resume", "circle goal add"),
        *("circle xyzzy", "circle jion", "circle goal lst", "circle data", "circle join now", "circle skip 0"),
        *("circle skip one", "circle met maybe", "circle pause someday", "circle pause 31 February", "circle zone IST"),
        *("circle zone GMT+3", "circle zone Atlantis", "circle quiet whenever", "circle weekend whenever", "hello"),
        *("circle goal done 9", "circle avoid cleo", "circle avoid nobody", "circle thanks gus Well done"),
        *("circle profile offers Statistics", "circle profile stage", "circle profile xyz", "circle next in:nowhere"),
        *("circle prompt look c1 x", "circle actions answer 99", "circle checkin answer 99", "circle help xyzzy"),
    ):
        talk.says("cleo", line)


def an_organiser_uses_it_all(talk):
    for line in (
        *("programme", "programme help", "programme help rounds", "programme status", "programme report"),
        *("programme export", "programme audit", "programme organisers list", "programme organisers add olga"),
        *("programme organisers remove olga", "programme settings", "programme settings weeks", "programme rounds"),
        *("programme resources", "programme resources The red book"),
        *("programme settings weeks 900", "programme settings at 25:00", "programme settings mentors 40"),
        *("programme settings zone Atlantis", "programme settings prompts full", "programme settings start 2027-02-08"),
        *("programme schedule", "programme schedule show", "programme schedule show 99", "programme schedule clear 99"),
        "programme schedule blackout 2027-04-12 2027-04-18 Exam week",
        "programme schedule blackout confirm 2027-04-12 2027-04-18",
        *("programme schedule show", "programme announce Room B is open", "programme form", "programme form show"),
        *("programme form move quinn 1", "programme circles", "programme circles move quinn 1", "programme rounds"),
        *("programme rounds preview", "programme rounds run", "programme rounds run yes", "programme prompts"),
        *("programme prompts list courage", "programme prompts list nothing", "programme prompts dial light"),
        *("programme prompts retire nothing", "programme prompts add", "programme prompts import", "programme close"),
        *("programme call", "programme setup", "programme setup new", "programme xyzzy", "programme reprot"),
        *("programme organisers remove bob", "programme organisers handover ada", "programme announcement-send 1"),
    ):
        talk.says("ada", line)
    talk.presses(
        "ada", next(b.label for h in talk.heard["ada"] for b in h.message.buttons() if "announcement-send" in b.call)
    )


SAID_OF_TABLES = (
    *("you host this time", "hosts", "are fewer than one table", "What would help", "Fresh tables", "possible pairs"),
    "kept apart by their own wish",
)
ORGANISER_AHEAD = (
    "/programme settings rotation tables",
    "/programme settings table-size 6",
    "/programme rounds preview",
    "/programme report",
)


def collected(talk, answers):
    """Every line that anybody read in a chat or a form, with who and where."""
    for who, heard in talk.heard.items():
        for one in heard:
            yield from ((who, one.words[:60], line) for line in lines_of(one.message))
    for who, line, answer in answers:
        if isinstance(answer, Ask):
            yield from ((who, line, said) for said in lines_of_form(answer.form))
        elif isinstance(answer, Reply):
            yield from ((who, line, said) for said in lines_of(answer.message))


def test_everything_that_anybody_hears_in_a_term_comes_from_the_catalogue(sqlite_store, brackets):
    talk = town.world(sqlite_store)
    in_brackets(talk)
    answers = []
    says = talk.says

    def kept(who, line, **how):
        back = says(who, line, **how)
        answers.extend((who, line, answer) for answer in back)
        return back

    talk.says = kept
    a_member_joins(talk)
    she_uses_it_all(talk)
    an_organiser_uses_it_all(talk)
    talk.passes(days=20)
    talk.says("dana", "/circle met no")
    talk.now = datetime(2027, 5, 20, 9, tzinfo=UTC)  # away for a while: the organisers hear what was skipped
    talk.passes(days=1)
    in_brackets(talk)
    talk.says("ada", "/programme close yes in:physics")
    talk.passes(days=10)
    for who in ("cleo", "dana", "zoe", "ada"):
        talk.says(who, "/circle")
        talk.says(who, "/circle next")
    said = list(collected(talk, answers))
    assert len(said) > 1000
    assert len({line for _who, _where, line in said if "⟦" in line}) > 400
    forgotten = sorted({(rest, line[:140]) for _who, _where, line in said if (rest := outside_brackets(line))})
    assert forgotten == [], "\n".join(line for _rest, line in forgotten)


def test_tables_their_hosts_and_rounds_that_cannot_be_come_from_the_catalogue_too(sqlite_store, brackets):
    talk = town.world(sqlite_store)
    in_brackets(talk)
    for who in ("cleo", "dana", "ella", "fay"):
        talk.says(who, f"/circle profile wants {'statistics' if who == 'cleo' else 'physics'}")
        talk.says(who, "/circle profile offers statistics")
    answers = [("ada", line, one) for line in ORGANISER_AHEAD for one in talk.says("ada", line)]
    talk.passes(days=14)
    with talk.store.writing() as db:
        host = next(
            people.get(db, members.get(db, p.member_id).person_id).outside_id
            for p in rounds.placements(db, [rounds.newest(db, talk.jasmine).id])
            if p.is_host
        )
    talk.says(host, "/circle met yes")
    talk.says(host, "/circle next")
    for line in ("/programme rounds preview", "/programme report"):
        answers += [("ada", line, one) for one in talk.says("ada", line)]
    talk.says(next(who for who in ("cleo", "dana", "ella", "fay") if who != host), "/circle met no")
    talk.passes(days=14)
    for who in ("cleo", "dana"):
        talk.says(who, "/circle skip 4")
        talk.says(who, f"/circle avoid {'ella' if who == 'cleo' else 'fay'}")
    talk.says("ella", "/circle avoid fay")
    for line in (
        "/programme rounds preview",
        "/programme settings rotation mentor-mentee",
        "/programme rounds preview",
    ):
        answers += [("ada", line, one) for one in talk.says("ada", line)]
    talk.passes(days=14)
    said = list(collected(talk, answers))
    for words in SAID_OF_TABLES:
        assert any(words in line for _who, _where, line in said), words
    forgotten = sorted({(rest, line[:140]) for _who, _where, line in said if (rest := outside_brackets(line))})
    assert forgotten == [], "\n".join(line for _rest, line in forgotten)


def test_circles_that_are_refilled_merged_and_divided_speak_it_too(sqlite_store, brackets):
    talk = town.world(sqlite_store)
    for who in ("zoe", "ivy", "olga", "petra", "bob", "ada"):
        cast.member(talk, talk.physics, who, "both", wants=["statistics"])
    in_brackets(talk)
    with talk.store.writing() as db:
        for member, person in members.in_programme(db, talk.physics):
            member.languages = [PSEUDO] if person.outside_id != "petra" else []
            members.save(db, member)
    pressed = (
        ("/programme circles", "Fill free seats"),
        ("", "Look for one more move"),
        ("", "Give these seats"),
        ("/programme circles merge 2 1", "Ask both circles"),
        ("/programme circles merge 2 1", "Make them one circle"),
        ("/programme circles split 1", "Make it two circles"),
    )
    answers = []
    for line, label in pressed:
        answers += [("ada", line, one) for one in talk.says("ada", line)] if line else []
        answers += [("ada", label, one) for one in talk.presses("ada", f"⟦{label}⟧")]
    for line in ("refill", "merge 1 1", "merge 1 9", "split 2", "merge these 1 2 00000000"):
        answers += [("ada", line, one) for one in talk.says("ada", f"/programme circles {line}")]
    talk.passes(days=1)
    said = list(collected(talk, answers))
    for words in ("take part from the next round", "wonder whether", "Two circles become one", "has grown into two"):
        assert any(words in line for _who, _where, line in said), words
    forgotten = sorted({(rest, line[:140]) for _who, _where, line in said if (rest := outside_brackets(line))})
    assert forgotten == [], "\n".join(line for _rest, line in forgotten)


def test_each_person_hears_her_own_language(talk, brackets):
    programme = cast.programme(talk)
    for who, locale in (("cleo", PSEUDO), ("dana", "en")):
        cast.member(talk, programme, who)
        with talk.store.writing() as db:
            row = people.by_outside_id(db, 1, who)
            row.locale = locale
            people.save(db, row)
        talk.says(who, "/circle goal add Read more")
    talk.hears("cleo", "⟦Kept as goal ")
    talk.hears("dana", "Kept as goal 1")
    talk.never_hears("dana", "⟦")
    with talk.store.writing() as db:
        assert programmes.get(db, programme).name == "Women in Physics"


def test_links_are_words_too():
    assert Link("https://example.org", "⟦here⟧").plain() == "⟦here⟧ (https://example.org)"
