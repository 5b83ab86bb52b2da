"""What people may type, read aloud: accepted lines with what was understood, refused lines with what is said."""

import contextlib
import shutil
import uuid
from datetime import date

import cast
import pytest
import stores
import town
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from talk import Talk

from circles import commands, grammar
from circles.effects import Ask, Reply
from circles.errors import BadCall
from circles.grammar import Command, Parameter
from circles.messages import Buttons
from circles.programme.answers import SLUG_LENGTH
from circles.turn import Call

MONDAY = date(2027, 2, 1)
LONGEST_CALL = 100  # what a button or a form can carry on Discord


def read(line, **answers):
    return grammar.read(commands.table(), line, answers, MONDAY)


# Accepted: the line, the command it is, and what is understood.

ACCEPTED = [
    ("circle", "circle", {}),
    ("/circle", "circle", {}),
    ("/CIRCLE", "circle", {}),
    ("  /circle  ", "circle", {}),
    ("circle in:physics", "circle", {}),
    ("circle join", "circle join", {}),
    ("/Circle Join", "circle join", {}),
    ("circle   join   in:physics", "circle join", {}),
    ("in:physics circle join", "circle join", {}),
    ("circle in:physics join", "circle join", {}),
    ("circle\tstatus", "circle status", {}),
    ("circle\nstatus", "circle status", {}),
    ("circle profile", "circle profile", {}),
    ("circle profile offers", "circle profile", {"field": "offers"}),
    (
        "circle profile offers Grant writing, R",
        "circle profile",
        {"field": "offers", "value": "Grant writing, R"},
    ),
    ("circle pause 8 March", "circle pause", {"until": date(2027, 3, 8)}),
    ("circle pause in 3 weeks", "circle pause", {"until": date(2027, 2, 22)}),
    ("circle pause tomorrow in:physics", "circle pause", {"until": date(2027, 2, 2)}),
    ("circle pause 2027-03-08", "circle pause", {"until": date(2027, 3, 8)}),
    ("circle avoid @bob", "circle avoid", {"person": "bob"}),
    ("circle avoid Bob", "circle avoid", {"person": "Bob"}),
    ("circle avoid remove bob", "circle avoid remove", {"person": "bob"}),
    ("circle quiet 21:00 7:30", "circle quiet", {"hours": "21:00 7:30"}),
    ("circle weekend fri-sat", "circle weekend", {"days": "fri-sat"}),
    ("circle zone new york", "circle zone", {"zone": "America/New_York"}),
    ("circle zone AMMAN", "circle zone", {"zone": "Asia/Amman"}),
    ("circle data delete", "circle data delete", {}),
    ("circle met", "circle met", {}),
    ("circle met YES", "circle met", {"answer": "yes"}),
    ("circle met later 3", "circle met", {"answer": "later", "round_id": 3}),
    ("circle met yes #3", "circle met", {"answer": "yes", "round_id": 3}),
    ("circle skip", "circle skip", {}),
    ("circle skip 4 in:physics", "circle skip", {"number": 4}),
    ("circle goal", "circle goal", {}),
    ("circle goal add Finish the grant", "circle goal add", {"text": "Finish the grant"}),
    ("circle goal add  Two   spaces stay", "circle goal add", {"text": "Two   spaces stay"}),
    ("circle goal add Line one\nline two", "circle goal add", {"text": "Line one\nline two"}),
    ("circle goal add *stars* & <tags> @here", "circle goal add", {"text": "*stars* & <tags> @here"}),
    ("circle goal add تحسين الكتابة", "circle goal add", {"text": "تحسين الكتابة"}),
    ("circle goal add /circle help", "circle goal add", {"text": "/circle help"}),
    ("circle goal add 40 papers", "circle goal add", {"text": "40 papers"}),
    ("circle goal share 1 circle", "circle goal share", {"number": 1, "scope": "circle"}),
    ("circle goal share 1 Partner", "circle goal share", {"number": 1, "scope": "partner"}),
    ("circle action Write to Rania", "circle action", {"text": "Write to Rania"}),
    ("circle checkin snooze 12 3", "circle checkin snooze", {"check_in_id": 12, "days": 3}),
    ("circle checkin snooze 12", "circle checkin snooze", {"check_in_id": 12}),
    ("circle thanks @bob for the long walk", "circle thanks", {"person": "bob", "text": "for the long walk"}),
    ("circle help", "circle help", {}),
    ("circle help goal add", "circle help", {"word": "goal add"}),
    ("programme", "programme", {}),
    ("programme setup", "programme setup", {"answers": {}}),
    ("programme setup 3", "programme setup", {"step": "3", "answers": {}}),
    ("programme setup new", "programme setup", {"step": "new", "answers": {}}),
    ("programme settings at 17:30", "programme settings", {"name": "at", "value": "17:30"}),
    ("Programme Settings Table-Size 5", "programme settings", {"name": "table-size", "value": "5"}),
    ("programme schedule show", "programme schedule show", {}),
    ("programme schedule show 2", "programme schedule show", {"page": 2}),
    (
        "programme schedule blackout 2027-03-19 2027-03-21 Eid al-Fitr",
        "programme schedule blackout",
        {"first": date(2027, 3, 19), "last": date(2027, 3, 21), "name": "Eid al-Fitr"},
    ),
    (
        "programme schedule blackout 28 March Monday 5 April 2027 May  break",
        "programme schedule blackout",
        {"first": date(2027, 3, 28), "last": date(2027, 4, 5), "name": "May  break"},
    ),
    (
        "programme schedule blackout next Monday in 2 weeks",
        "programme schedule blackout",
        {"first": date(2027, 2, 8), "last": date(2027, 2, 15)},
    ),
    ("programme announce Room B is open\n\nSee you", "programme announce", {"text": "Room B is open\n\nSee you"}),
    ("programme circles move @dana 0", "programme circles move", {"person": "dana", "number": 0}),
    ("programme form 42", "programme form", {"seed": 42}),
    ("programme form show", "programme form show", {}),
    ("programme rounds run yes 3", "programme rounds run yes", {"number": 3}),
    ("programme prompts dial Off", "programme prompts dial", {"setting": "off"}),
]


@pytest.mark.parametrize(("line", "path", "values"), ACCEPTED)
def test_the_line_is_understood(line, path, values):
    reading = read(line)
    assert isinstance(reading, grammar.Reading)
    assert reading.command.path == path
    assert dict(reading.values) == values


def test_the_programme_may_stand_anywhere_and_in_any_case():
    for line in ("in:physics circle join", "circle IN:Physics join", "circle join in:physics", "/circle in:physics"):
        assert grammar.programme_named(line) == "physics"
    for line in (
        "circle join",
        "circle goal add believe in:",
        "circle goal add in: physics",
        "circle goal add login:x",
    ):
        assert grammar.programme_named(line) == ""


# Asked: what is missing becomes a form, which keeps what was typed.

ASKED = [
    ("circle pause", "circle pause", ["until", "reason"]),
    ("circle goal add", "circle goal add", ["text", "first_step", "by", "life"]),
    ("circle weekend", "circle weekend", ["days"]),
    ("circle thanks", "circle thanks", ["person", "text"]),
    ("circle thanks @bob", "circle thanks @bob", ["text"]),
    ("circle avoid remove", "circle avoid remove", ["person"]),
    ("circle action", "circle action", ["text"]),
    ("programme announce", "programme announce", ["text"]),
    ("programme organisers add", "programme organisers add", ["person"]),
    ("programme schedule blackout", "programme schedule blackout", ["first", "last", "name"]),
    ("programme schedule blackout 2027-03-19", "programme schedule blackout 2027-03-19", ["last", "name"]),
    ("programme schedule clear", "programme schedule clear", ["number"]),
    ("programme circles move dana", "programme circles move dana", ["number"]),
    ("programme prompts list", "programme prompts list", ["theme", "page"]),
    ("PROGRAMME Prompts Dial in:physics", "programme prompts dial", ["setting"]),
]


@pytest.mark.parametrize(("line", "call", "fields"), ASKED)
def test_what_is_missing_is_asked_for_in_a_form(line, call, fields):
    missing = read(line)
    assert isinstance(missing, grammar.Missing)
    assert missing.form.call == call
    assert [field.name for field in missing.form.fields] == fields
    assert missing.form.title
    assert missing.form.submit


def test_a_form_is_read_like_the_line():
    reading = read("circle goal add", text="Finish", first_step="", by="8 March", life="Personal")
    assert reading.values == {"text": "Finish", "by": date(2027, 3, 8), "life": "personal"}


def test_a_field_left_with_blanks_alone_is_left_out():
    reading = read("circle goal add", text="Finish", first_step="   ", by="\n", life=" ")
    assert reading.values == {"text": "Finish"}
    missing = read("circle goal add", text="  ")
    assert isinstance(missing, grammar.Missing)


def test_a_form_never_carries_more_than_a_chat_can():
    missing = read("circle thanks " + "x" * 280)
    assert isinstance(missing, grammar.Missing)
    assert len(f"{missing.form.call} in:{'s' * 30}") <= LONGEST_CALL
    assert {field.name: field.initial for field in missing.form.fields} == {"person": "x" * 280, "text": ""}


# Refused: the line, and what the sentence says.

REFUSED = [
    ("", "/circle and /programme"),
    ("/", "/circle and /programme"),
    ("//circle", "/circle and /programme"),
    ("circles", "/circle and /programme"),
    ("hello there", "/circle and /programme"),
    ("join", "/circle and /programme"),
    ("\x00", "/circle and /programme"),
    ("circle jion", "Did you mean /circle join"),
    ("circle Stauts", "Did you mean /circle status"),
    ("circle goals", "Did you mean /circle goal"),
    ("circle goal ad", "Did you mean /circle goal add"),
    ("circle goal finish", "Type /circle help"),
    ("circle xyzzy", "I don't know “xyzzy”. Type /circle help"),
    ("circle " + "x" * 5000, "I don't know “" + "x" * 40 + "”."),
    ("circle data", "/circle data export or /circle data delete"),
    ("circle data exprot", "Did you mean /circle data export"),
    ("circle data xyzzy", "I don't know “xyzzy”"),
    ("programme raport", "Did you mean /programme report"),
    ("programme xyzzy", "Type /programme help"),
    ("programme organisers ad", "Did you mean /programme organisers add"),
    ("circle join now", "“/circle join” takes nothing more"),
    ("circle resume please", "takes nothing more"),
    ("circle goal list all", "takes nothing more"),
    ("circle leave yes please", "takes nothing more"),
    ("programme report now", "takes nothing more"),
    ("circle skip 1 2", "I can't place “2”. The command is /circle skip [number]."),
    ("circle met yes 3 4", "I can't place “4”"),
    ("circle avoid bob cleo", "I can't place “cleo”"),
    ("programme circles move bob 1 2", "I can't place “2”"),
    ("circle met not yet", "“not” is not one of yes, no, or later"),
    ("circle met maybe", "“maybe” is not one of yes, no, or later"),
    ("circle goal share 1 world", "“world” is not one of me, partner, or circle"),
    ("programme setup 8", "“8” is not one of new, 1"),
    ("programme prompts dial loud", "“loud” is not one of off, light, or full"),
    ("circle skip one", "“one” is not a whole number"),
    ("circle skip 1.5", "“1.5” is not a whole number"),
    ("circle skip 0", "Number can be 1 to 1000."),
    ("circle skip -1", "Number can be 1 to 1000."),
    ("circle skip 1001", "Number can be 1 to 1000."),
    ("circle skip 9999999999999", "is not a whole number"),
    ("circle skip ٣", "is not a whole number"),  # no other digits: what is echoed must be what is kept
    ("circle met yes 0", "Round id can be 1"),
    ("circle pause someday", "I could not read “someday” as a day"),
    ("circle pause 31 February", "is not in the calendar"),
    ("circle pause 03/04/2027", "could be"),
    ("circle pause Tuesday 8 March", "has another weekday"),
    ("circle pause " + "9" * 61, "61 characters long; please keep it to 60"),
    ("circle zone GMT+3", "does not follow clock changes"),
    ("circle zone Atlantis", "time zone “Atlantis”"),
    ("circle zone IST", "I am not sure which time zone"),
    ("circle goal add " + "x" * 301, "301 characters long; please keep it to 300"),
    ("circle thanks bob " + "y" * 281, "281 characters long; please keep it to 280"),
    ("circle goal add a\x00b", "a character in this text that can't be kept"),
    ("circle avoid b\x00b", "a character in this text that can't be kept"),
    ("programme announce " + "x" * 1501, "please keep it to 1500"),
]


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_the_line_is_refused_and_says_what_to_type(line, said):
    with pytest.raises(BadCall) as refused:
        read(line)
    assert said in refused.value.sentence


@pytest.mark.parametrize(
    ("line", "answers", "said", "field"),
    [
        ("circle pause", {"until": "someday"}, "I could not read", "until"),
        ("circle pause", {"until": "8 March", "reason": "x" * 201}, "please keep it to 200", "reason"),
        ("circle goal add", {"text": "x" * 301}, "please keep it to 300", "text"),
        ("circle goal add", {"text": "Read", "life": "secret"}, "is not one of", "life"),
        ("circle checkin note 1", {"confidence": "6"}, "can be 1 to 5", "confidence"),
        ("circle checkin note 1", {"confidence": "high"}, "is not a whole number", "confidence"),
        ("circle pause", {"text": "Read"}, "This form belongs to another question", ""),
        ("circle goal add", {"text": "Read", "until": "8 March"}, "Type /circle goal add to start again", ""),
        ("circle join", {"stance": "both"}, "This form belongs to another question", ""),
        ("circle goal add", {"text": "a\x00b"}, "can't be kept", "text"),
    ],
)
def test_an_answer_that_does_not_fit_names_its_field(line, answers, said, field):
    with pytest.raises(BadCall) as refused:
        read(line, **answers)
    assert said in refused.value.sentence
    assert refused.value.field == field


# Whatever is typed.

WORDS = st.sampled_from(
    [
        *sorted({word for command in commands.table() for word in command.path.split()}),
        *("in:physics", "yes", "1", "-1", "#7", "8", "March", "@bob", "/", "\n", "\x00", "Amman", "fri-sat"),
    ]
)
LINES = st.one_of(st.text(max_size=200), st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=7).map(" ".join))
ANSWERS = st.dictionaries(
    st.one_of(st.sampled_from(sorted({p.name for c in commands.table() for p in c.parameters})), st.text(max_size=8)),
    st.text(max_size=60),
    max_size=4,
)


@given(LINES, ANSWERS)
@example("circle goal add in:x", {})
@example("circle goal add \ud800", {})
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_whatever_is_read_asked_about_or_refused_in_a_sentence(line, answers):
    found = None
    with contextlib.suppress(BadCall):
        found = grammar.read(commands.table(), line, answers, MONDAY)
    assert found is None or isinstance(found, grammar.Reading | grammar.Missing)


TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=250)


@given(TYPED.filter(lambda text: text.strip() and not grammar.programme_named(text)))
@settings(max_examples=300, deadline=None)
def test_what_she_writes_is_kept_as_she_wrote_it(text):
    assert read(f"circle goal add {text}").values == {"text": text.strip()}
    assert read("circle goal add", text=text).values == {"text": text.strip()}


# The whole table.


def example_of(parameter: Parameter) -> str:
    """A plausible word for a parameter."""
    return {
        "word": "statistics"[: parameter.longest],
        "text": "a few words",
        "number": str(max(1, parameter.lowest)),
        "day": "2027-03-08",
        "zone": "Asia/Amman",
        "person": "bob",
        "choice": (parameter.choices or ("",))[-1],
        "flag": "yes",
    }[parameter.kind]


@pytest.mark.parametrize("command", commands.table(), ids=lambda command: command.path)
def test_a_command_typed_as_its_usage_says_is_that_command(command: Command):
    line = command.usage
    for parameter in command.parameters:
        for shape in (f"<{parameter.name}>", f"[{parameter.name}]"):
            line = line.replace(shape, example_of(parameter))
    reading = read(line)
    assert isinstance(reading, grammar.Reading)
    assert reading.command.path == command.path
    assert set(reading.values) - {"answers"} == {p.name for p in command.parameters if not p.form_only}


@pytest.mark.parametrize("command", commands.table(), ids=lambda command: command.path)
def test_a_command_fits_what_chats_allow(command: Command):
    names = [*command.path.split(), *(p.name for p in command.parameters)]
    assert all(len(name) <= 32 and name == name.lower() for name in names)
    assert len(command.path.split()) <= 3 or command.hidden
    for said in (command.help, *(p.help for p in command.parameters)):
        assert 1 <= len(said) <= 100
        assert said[0].isupper()
    for parameter in command.parameters:
        # A form's menu holds 25; of more, a chat suggests those that fit while one types.
        assert len(parameter.choices) <= (25 if parameter.required or parameter.form_only else 100)
        assert len(parameter.choices) == len(set(parameter.choices))
        assert all(1 <= len(choice) <= 100 for choice in parameter.choices)
        assert (parameter.kind == "choice") == bool(parameter.choices)
    required = [p.required for p in command.parameters if not p.form_only]
    assert required == sorted(required, reverse=True), "what may be left out comes last"
    assert len(command.parameters) <= 25


@pytest.mark.parametrize("root", ["circle", "programme"])
def test_a_root_has_at_most_twenty_five_words_after_it_and_each_at_most_twenty_five_more(root):
    shown = [c.path.split() for c in commands.table() if c.path.split()[0] == root and not c.hidden]
    first = {path[1] for path in shown if len(path) > 1}
    assert len(first) <= 25
    for word in first:
        assert len({path[2] for path in shown if len(path) > 2 and path[1] == word}) <= 25


def test_a_text_stands_last_because_it_takes_the_rest_of_the_line():
    for command in commands.table():
        typed = [p for p in command.parameters if not p.form_only]
        assert all(p.kind not in {"text", "zone"} for p in typed[:-1]), command.path


# Through the door: whatever is typed is answered, and what is refused changes nothing.


@pytest.fixture(scope="module")
def village(sqlite_template, tmp_path_factory):
    """One programme with a circle, kept over many examples: ada and bob organise, cleo and dana are members."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("grammar") / "halqa.db")
    village = Talk(stores.opened(str(file)))
    programme = cast.programme(village)
    cast.circle(village, programme, mentors=("cleo",), mentees=("dana",))
    cast.start(village, programme)
    for who in ("ada", "cleo", "zoe"):
        cast.person(village, who)
    yield village
    village.store.close()


ANY = st.characters()  # halves of characters too


@given(
    st.sampled_from(["ada", "cleo", "zoe"]),
    st.one_of(LINES, st.text(ANY, max_size=60), st.tuples(LINES, st.text(ANY, max_size=40)).map(" ".join)),
    st.one_of(st.just({}), ANSWERS, st.dictionaries(st.text(ANY, max_size=8), st.text(ANY, max_size=30), max_size=3)),
)
@example("cleo", "circle \ud83d", {})
@example("cleo", "circle goal add", {"text": "half a \ud83d"})
@example("cleo", "circle goal add", {"text\ud83d": "x"})
@example("cleo", "circle join step 1 in:physics", {"stance": "\x00"})
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_is_answered_and_what_is_refused_changes_nothing(village, who, line, answers):
    before = cast.rows(village.store)
    try:
        grammar.read(commands.table(), line, answers, MONDAY)
    except BadCall:
        is_refused = True
    else:
        is_refused = False
    back = commands.run(
        village.store, Call("local", "demo", who, line, uuid.uuid4().hex, answers, name=who.capitalize()), village.now
    )
    assert back
    for answer in back:
        said = answer.message.plain() if isinstance(answer, Reply) else answer.form.title
        assert said.encode()
        assert not isinstance(answer, Reply) or all(len(b.call) <= LONGEST_CALL for b in answer.message.buttons())
    assert not is_refused or cast.rows(village.store) == before


# What the bot offers to press and to fill.


@pytest.mark.no_cover  # long, and others try the same lines
def test_every_button_and_form_of_a_played_term_fits_and_leads_to_a_command(sqlite_store):
    slug = "s" * SLUG_LENGTH
    talk = town.world(sqlite_store, slug=slug)
    forms = []
    for command in commands.table():
        if command.path in {"programme close yes", "circle leave yes", "circle data delete yes"}:
            continue
        for line in (cast.line_of(command), command.path):
            for who in ("cleo", "dana", "ada", "zoe"):
                forms += [answer.form for answer in talk.says(who, line) if isinstance(answer, Ask)]
    talk.passes(days=20)
    talk.says("ada", f"/programme close yes in:{slug}")
    talk.passes(days=5)
    rows = [
        block.buttons
        for heard in talk.heard.values()
        for one in heard
        for block in one.message.blocks
        if isinstance(block, Buttons)
    ]
    calls = {button.call for row in rows for button in row} | {form.call for form in forms}
    assert len(calls) > 60
    assert max(map(len, calls)) <= LONGEST_CALL
    assert {len(row) for row in rows} <= {1, 2, 3, 4, 5}
    assert all(button.label for row in rows for button in row)
    assert all(form.title and form.submit and 1 <= len(form.fields) <= 5 for form in forms)
    for call in calls:
        assert isinstance(grammar.read(commands.table(), call, {}, MONDAY), grammar.Reading | grammar.Missing), call
