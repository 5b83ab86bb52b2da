"""Forms as Slack modals, and what comes back: every kind of question, odd initial values, odd answers."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_limits import check

from bot.slack import forms, spans
from circles.messages import (
    Button,
    Buttons,
    Emphasis,
    Fact,
    Facts,
    Field,
    Form,
    Heading,
    Link,
    Mention,
    Option,
    Plain,
    Strong,
    message,
)

GOLDEN = Path(__file__).parents[1] / "golden"
AREAS = (Option("work", "Work"), Option("home", "Home"))
DAYS = tuple(Option(f"d{n}", f"Day {n}") for n in range(12))
EVERY_KIND = Form(
    "Your profile, step 1 of 3",
    "circle join physics",
    (
        Field("offers", "What you can offer", "line", required=True, hint="A few words", initial="grants <b>"),
        Field("about", "About you", "long", max_length=500, initial="& more"),
        Field("stance", "Which seat", "choice", required=True, options=AREAS, initial="home"),
        Field("area", "Part of life", "choice", options=AREAS),
        Field("day", "A day", "choice", required=True, options=DAYS, initial="d3"),
        Field("areas", "Parts of life", "choices", options=AREAS, initial="work, home"),
        Field("days", "Days", "choices", options=DAYS, initial="d1,d11"),
        Field("until", "Until when", "date", initial="2027-03-08", error="This day is over."),
        Field("hours", "How many hours", "number", initial="4"),
        Field("buddy", "With whom", "person", initial="@U0ADA"),
    ),
    "Continue",
    intro=(Strong("Women in Physics"), Plain(": see "), Link("https://example.org", "the guide")),
)
HOME = message(
    Heading("Women in Physics"),
    Facts((Fact("You are", (Plain("a mentor in Circle 1"),)), Fact("Next", (Mention("U0BOB", "Bob"),)))),
    Buttons((Button("My goals", "circle goal list"), Button("Leave", "circle leave", "danger"))),
)


def golden(name, shown):
    # After a wanted change: write json.dumps(shown, indent=1, ensure_ascii=False) into the file, and read the diff.
    assert shown == json.loads((GOLDEN / name).read_text("utf-8"))


def one(field):
    """The input that a single field becomes, and what stands around it."""
    view = forms.view(Form("A question", "circle join", (field,), "Send"), call="circle join")
    assert check(view) == []
    (asked,) = [block for block in view["blocks"] if block["type"] == "input"]
    return asked, [block for block in view["blocks"] if block["type"] != "input"]


def test_a_form_with_every_kind_of_question_is_rendered_as_the_golden_file_says():
    view = forms.view(EVERY_KIND, call=EVERY_KIND.call, private="a note of ours")
    golden("slack_form.json", view)
    assert check(view) == []
    kinds = [block["element"]["type"] for block in view["blocks"] if block["type"] == "input"]
    assert kinds == [
        "plain_text_input", "plain_text_input", "radio_buttons", "static_select", "static_select",
        "checkboxes", "multi_static_select", "datepicker", "number_input", "users_select",
    ]  # fmt: skip


def test_the_home_and_a_message_to_read_are_rendered_as_the_golden_file_says():
    shown = {"home": forms.home(HOME), "modal": forms.message_view(HOME, "Your circle", "a note of ours")}
    golden("slack_views.json", shown)
    assert [check(view) for view in shown.values()] == [[], []]


def test_a_long_title_is_shortened_between_words_and_stands_whole_above_the_questions():
    title = "What you want to remember of this meeting"
    view = forms.view(Form(title, "circle x", EVERY_KIND.fields[:1], "Keep what I have written"), call="circle x")
    assert view["title"]["text"] == "What you want to…"
    assert view["blocks"][0] == {"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}
    assert view["submit"]["text"] == "Keep what I have written"
    assert check(view) == []


def test_what_the_author_wants_back_comes_back_and_else_the_command():
    assert forms.view(EVERY_KIND, call="circle join", private="{}")["private_metadata"] == "{}"
    assert forms.view(EVERY_KIND, call="circle join")["private_metadata"] == "circle join"


def test_an_error_known_from_the_start_stands_above_its_question():
    view = forms.view(EVERY_KIND, call="x")
    at = next(n for n, block in enumerate(view["blocks"]) if block.get("block_id") == "until")
    above = view["blocks"][at - 1]["elements"][0]["elements"]
    assert above == [{"type": "text", "text": "This day is over.", "style": {"bold": True}}]
    assert forms.errors(EVERY_KIND) == {"until": "This day is over."}


def test_what_was_typed_before_is_never_cut_even_where_it_is_too_long():
    asked, _around = one(Field("text", "The goal", "long", initial="x" * 400, max_length=300))
    assert asked["element"]["initial_value"] == "x" * 400
    assert asked["element"]["max_length"] == 400
    asked, _around = one(Field("text", "The goal", "long", max_length=9000))
    assert asked["element"]["max_length"] == 3000


@pytest.mark.parametrize(
    ("kind", "initial"),
    [
        *[("date", text) for text in ("next monday", "2027-02-30", "2027-W10-1", "20270308", "٢٠٢٧-٠٣-٠٨", " ")],
        *[("number", text) for text in ("four", "1.5", "1e3", "٤", "--1", "9" * 13)],
        *[("person", text) for text in ("ada", "@ada", "U", "u0ada", "U0ADA!", "<@U0ADA>", "C0ADA")],
        *[("choice", text) for text in ("garden", "Work", "work, home")],
        *[("choices", text) for text in ("garden", "Work;home", ",")],
    ],
)
def test_an_initial_value_that_slack_would_refuse_is_left_out(kind, initial):
    asked, _around = one(Field("x", "X", kind, options=AREAS, initial=initial, required=True))
    assert [key for key in asked["element"] if key.startswith("initial")] == []


def test_more_than_a_hundred_options_are_cut_and_a_line_says_so():
    many = tuple(Option(f"o{n}", f"Option {n}") for n in range(130))
    asked, (note,) = one(Field("x", "X", "choice", options=many, initial="o129"))
    assert len(asked["element"]["options"]) == 100
    assert note["elements"][0]["text"] == "Only the first 100 of 130 answers can be shown here."


def test_options_that_slack_cannot_carry_are_left_out_and_a_question_without_options_is_answered_in_words():
    odd = (Option("", "Nothing"), Option("x" * 151, "Long"), Option("a", "A" * 90), Option("a", "Again"))
    asked, _around = one(Field("x", "X", "choice", required=True, options=odd))
    assert [option["value"] for option in asked["element"]["options"]] == ["a"]
    assert asked["element"]["options"][0]["text"]["text"] == "A" * 74 + "…"
    asked, _around = one(Field("x", "X", "choices", options=()))
    assert asked["element"]["type"] == "plain_text_input"


def test_a_form_without_questions_can_still_be_shown():
    view = forms.view(Form("", "x", (), ""), call="x")
    assert check(view) == []
    assert view["title"]["text"] == "Halqa"
    assert view["submit"]["text"] == "Send"


def test_answers_are_read_as_the_core_takes_them():
    values = {
        "text": {"answer": {"type": "plain_text_input", "value": "Two pages\na week"}},
        "empty": {"answer": {"type": "plain_text_input", "value": None}},
        "area": {"answer": {"type": "radio_buttons", "selected_option": {"text": {"text": "Work"}, "value": "work"}}},
        "day": {"answer": {"type": "static_select", "selected_option": None}},
        "days": {"answer": {"type": "checkboxes", "selected_options": [{"value": "mon"}, {"value": "tue"}]}},
        "none": {"answer": {"type": "multi_static_select", "selected_options": []}},
        "until": {"answer": {"type": "datepicker", "selected_date": "2027-03-08"}},
        "hours": {"answer": {"type": "number_input", "value": "4"}},
        "buddy": {"answer": {"type": "users_select", "selected_user": "U0ADA"}},
        "others": {"answer": {"type": "multi_users_select", "selected_users": ["U0ADA", "U0BOB"]}},
    }
    expected = {
        "text": "Two pages\na week", "empty": "", "area": "work", "day": "", "days": "mon, tue", "none": "",
        "until": "2027-03-08", "hours": "4", "buddy": "@U0ADA", "others": "@U0ADA, @U0BOB",
    }  # fmt: skip
    assert forms.answers(values) == expected
    assert forms.answers({"values": values}) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, {}),
        (None, {}),
        ([], {}),
        ("values", {}),
        ({"values": None}, {}),
        ({"values": []}, {}),
        ({"x": None}, {}),
        ({"x": []}, {}),
        ({"x": {}}, {}),
        ({"x": {"answer": None}}, {}),
        ({"x": {"answer": "yes"}}, {}),
        ({"x": {"another": {"value": "yes"}}}, {}),
        ({7: {"answer": {"value": "yes"}}}, {}),
        ({"x": {"answer": {}}}, {"x": ""}),
        ({"x": {"answer": {"value": ["a"]}}}, {"x": ""}),
        ({"x": {"answer": {"value": True}}}, {"x": ""}),
        ({"x": {"answer": {"value": 4}}}, {"x": "4"}),
        ({"x": {"answer": {"selected_option": "a"}}}, {"x": ""}),
        ({"x": {"answer": {"selected_option": {"value": None}}}}, {"x": ""}),
        ({"x": {"answer": {"selected_options": [None, "a", {}, {"value": "b"}]}}}, {"x": "b"}),
        ({"x": {"answer": {"selected_options": {"value": "b"}}}}, {"x": ""}),
        ({"x": {"answer": {"selected_user": None, "selected_date": 3}}}, {"x": "3"}),
        ({"x": {"answer": {"selected_users": [None, "U1", 2]}}}, {"x": "@U1, @2"}),
    ],
)
def test_answers_of_an_odd_shape_count_as_empty(state, expected):
    assert forms.answers(state) == expected


words = st.one_of(
    st.text(max_size=30), st.sampled_from(["", " ", "\x00", "a" * 5000, "👩🏽‍🔬" * 20, "<!channel>", "& " * 90])
)
options = st.lists(st.builds(Option, words, words), max_size=130).map(tuple)
kinds = st.sampled_from(["line", "long", "choice", "choices", "date", "number", "person"])
field = st.builds(Field, words, words, kinds, st.booleans(), words, words, options, st.integers(-5, 9000), words)
form = st.builds(
    Form, words, words, st.lists(field, max_size=8).map(tuple), words,
    st.lists(st.one_of(st.builds(Plain, words), st.builds(Emphasis, words)), max_size=3).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(form)
def test_any_form_is_rendered_within_the_limits(asked):
    view = forms.view(asked, call="circle join")
    assert check(view) == []
    names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert set(names) == {f.name for f in asked.fields if forms.is_a_name(f.name)}


@settings(max_examples=80, deadline=None)
@given(st.recursive(st.none() | st.text() | st.integers() | st.booleans(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["values", "x", "answer", "value", "selected_option", "selected_options", "selected_user"]), inner, max_size=4), max_leaves=20))  # fmt: skip  # noqa: E501
def test_whatever_comes_back_answers_are_words(state):
    assert all(isinstance(text, str) for pair in forms.answers(state).items() for text in pair)


def test_many_questions_are_shown_as_far_as_a_modal_reaches():
    many = tuple(Field(f"f{n}", f"Question {n}", error="Mend this.") for n in range(90))
    view = forms.view(Form("Many", "x", many, "Send"), call="x")
    assert len(view["blocks"]) == 100
    assert check(view) == []


def test_a_person_is_known_by_her_id():
    assert [spans.is_person(user) for user in ("U0ADA", "W0CLEO", "ada", "C1", "")] == [True, True, False, False, False]
