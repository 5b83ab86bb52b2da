"""Forms as modals: within the limits, in parts where they are long, and nothing typed is ever lost."""

import json
from pathlib import Path

import discord
import pytest
from discord_limits import check_modal, judge
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord import calls, forms
from circles.messages import Field, Form, Option, Plain, Strong

GOLDEN = Path(__file__).parents[1] / "golden" / "discord_form.json"
ADA = "100000000000000001"
FORM = Form(
    "Your profile, step 2 of 3, with a title that is too long",
    "circle profile step 2 in:physics",
    (
        Field("languages", "Your languages", required=True, hint="Arabic, English", initial="Arabic"),
        Field("story", "What would you like to talk about? Anything is fine", "long", max_length=600),
        Field(
            "stage",
            "Where you are",
            "choice",
            options=(Option("early", "Early"), Option("late", "Late")),
            initial="late",
        ),
        Field(
            "days",
            "Free days",
            "choices",
            options=(Option("mon", "Monday"), Option("tue", "Tuesday")),
            initial="mon, tue",
        ),
        Field("by", "By when", "date"),
        Field("minutes", "Minutes", "number", required=True),
        Field("with", "With whom", "person", hint="Leave it out if you like", initial=f"@{ADA}"),
    ),
    "Save",
    (Strong("Women in Physics"), Plain(": who reads this *is* said first.")),
)


def asked(modal):
    """Give the names of the fields that a modal asks for."""
    return [c["component"]["custom_id"] for c in modal.to_dict()["components"] if c["type"] == 18]


def fields(count, **more):
    return tuple(Field(f"field{n}", f"Question {n}", **more) for n in range(count))


def sent(custom_id, *components):
    """What Discord sends when a modal of labelled inputs is submitted."""
    return {"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": c} for c in components]}


@pytest.mark.parametrize(
    ("count", "intro", "split"), [(0, "", [0]), (5, "", [5]), (6, "", [5, 1]), (5, "a", [4, 1]), (13, "a", [4, 5, 4])]
)
def test_a_long_form_is_asked_five_questions_at_a_time(count, intro, split):
    form = Form("Setup", "programme setup 2", fields(count), "Go on", (Plain(intro),))
    assert [len(part.fields) for part in forms.parts(form)] == split
    assert [name for part in forms.parts(form) for name in (f.name for f in part.fields)] == [
        f.name for f in form.fields
    ]


def test_a_short_forms_modal_carries_its_call_and_nothing_else():
    modal = forms.modal(Form("A goal", "circle goal add", fields(2), "Keep"))
    assert (modal.title, modal.custom_id) == ("A goal", "circle goal add")
    assert calls.part_of(modal.custom_id) == 0


def test_a_draft_collects_the_answers_of_each_part():
    draft = forms.Draft.of(FORM)
    first = draft.modal()
    assert first.title == "Your profile, step 2 of 3, with a… (1/2)"
    assert (calls.part_of(first.custom_id), calls.line_of(first.custom_id)) == (1, FORM.call)
    assert asked(first) == ["languages", "story", "stage", "days"]

    draft = draft.filled(1, {"languages": "Arabic", "story": "", "stage": "early", "days": "mon"})
    assert not draft.is_complete
    assert draft.onward().plain() == f"Kept for now. Part 2 of 2 is next.\n\n[Continue] /{FORM.call}"
    assert asked(draft.modal()) == ["by", "minutes", "with"]

    draft = draft.filled(2, {"by": "", "minutes": "45", "with": ADA})
    assert draft.is_complete
    assert draft.answers == {
        "languages": "Arabic",
        "story": "",
        "stage": "early",
        "days": "mon",
        "by": "",
        "minutes": "45",
        "with": ADA,
    }


def test_a_part_sent_twice_changes_nothing_but_its_answers():
    draft = forms.Draft.of(FORM).filled(1, {"languages": "Arabic"}).filled(1, {"languages": "English"})
    assert (draft.answers, draft.left) == ({"languages": "English"}, (2,))


def test_a_refused_answer_is_asked_again_with_all_that_was_typed():
    mended = tuple(
        Field("minutes", "Minutes", "number", required=True, initial="many", error="“many” is no number.")
        if field.name == "minutes"
        else field
        for field in FORM.fields
    )
    refused = Form(FORM.title, FORM.call, mended, FORM.submit, FORM.intro)
    assert forms.is_refused(refused)
    assert not forms.is_refused(FORM)
    assert forms.refused(refused).plain() == (
        "Nothing was changed yet, and what you typed is kept.\n\n"
        f"- Minutes: “many” is no number.\n\n[Try again] /{FORM.call}"
    )
    draft = forms.Draft.of(refused)
    assert asked(draft.modal()) == ["by", "minutes", "with"]  # the first part was right
    again = draft.modal().to_dict()["components"][1]
    assert again["description"] == "⚠ “many” is no number."
    assert again["component"]["value"] == "many"
    draft = draft.filled(2, {"by": "", "minutes": "45", "with": ""})
    assert draft.is_complete
    assert draft.answers["languages"] == "Arabic"
    assert draft.answers["minutes"] == "45"


def test_a_form_can_be_opened_again_with_what_was_typed():
    again = forms.refilled(FORM, {"languages": "French", "stage": "early"})
    assert [f.initial for f in again.fields] == ["French", "", "early", "mon, tue", "", "", f"@{ADA}"]


def test_what_was_sent_is_read_by_the_names_of_the_fields():
    data = sent(
        "circle profile step 2",
        {"type": 4, "custom_id": "languages", "value": "Arabic"},
        {"type": 4, "custom_id": "story", "value": ""},
        {"type": 3, "custom_id": "stage", "values": ["early"]},
        {"type": 3, "custom_id": "days", "values": ["mon", "tue"]},
        {"type": 5, "custom_id": "with", "values": []},
        {"type": 21, "custom_id": "later", "value": None},
    )
    data["components"].insert(0, {"type": 10, "id": 9})
    data["components"].append({"type": 1, "components": [{"type": 4, "custom_id": "old", "value": "row"}]})
    assert forms.answers(data) == {
        "languages": "Arabic",
        "story": "",
        "stage": "early",
        "days": "mon, tue",
        "with": "",
        "later": "",
        "old": "row",
    }


@pytest.mark.parametrize("data", [{}, {"components": None}, {"components": []}, {"components": [{"type": 18}]}])
def test_a_modal_without_answers_has_none(data):
    assert forms.answers(data) == {}


@pytest.mark.parametrize(
    ("label", "text", "description"),
    [
        ("Your languages", "Your languages", None),
        ("Until when? For example 8 March, or in 3 weeks", "Until when?", "For example 8 March, or in 3 weeks"),
        (
            "A question that is quite long and has no end in it",
            "A question that is quite long and has no end…",
            "A question that is quite long and has no end in it",
        ),
        ("", "name", None),
    ],
)
def test_a_long_question_goes_on_below_its_label(label, text, description):
    shown = forms.modal(Form("T", "circle zone", (Field("name", label),), "Send")).to_dict()["components"][0]
    assert (shown["label"], shown.get("description")) == (text, description)


def test_what_is_longer_than_its_field_is_shown_whole_to_be_shortened():
    shown = forms.modal(Form("T", "circle zone", (Field("a", "A", initial="x" * 400, max_length=300),), "Send"))
    given = shown.to_dict()["components"][0]["component"]
    assert (given["value"], given["max_length"]) == ("x" * 400, 400)


def test_more_choices_than_a_select_holds_are_typed_instead():
    many = tuple(Option(f"o{n}", f"Option {n}") for n in range(26))
    shown = forms.modal(Form("T", "c", (Field("a", "A", "choice", options=many),), "Send")).to_dict()["components"][0]
    assert shown["component"]["type"] == discord.ComponentType.text_input.value
    assert shown["component"]["placeholder"].startswith("Option 0, Option 1")


def test_forms_look_as_they_did():
    shown = [forms.FormModal(part, part=n, of=2).to_dict() for n, part in enumerate(forms.parts(FORM), 1)]
    assert shown == json.loads(GOLDEN.read_text())


def test_discords_own_document_accepts_every_kind_of_field():
    for part in forms.parts(FORM):
        judge("ModalInteractionCallbackRequestData", forms.FormModal(part).to_dict())


WORDS = st.text(max_size=60) | st.sampled_from(["", " ", "x" * 5000, "\U0001f600" * 3000, "word. " * 900])
FIELD = st.builds(
    Field,
    st.just(""),
    WORDS,
    st.sampled_from(["line", "long", "choice", "choices", "date", "number", "person"]),
    st.booleans(),
    WORDS,
    WORDS | st.just(ADA),
    st.lists(st.builds(Option, WORDS, WORDS), max_size=28).map(tuple),
    st.integers(-1, 9000),
    WORDS,
)
FIELDS = st.lists(FIELD, min_size=1, max_size=12).map(
    lambda found: tuple(
        Field(f"f{n}", f.label, f.kind, f.required, f.hint, f.initial, f.options, f.max_length, f.error)
        for n, f in enumerate(found)
    )
)


@settings(deadline=None)
@given(st.builds(Form, WORDS, st.text(max_size=120), FIELDS, WORDS, st.lists(WORDS.map(Plain), max_size=3).map(tuple)))
def test_every_form_is_asked_within_the_limits(form):
    draft, names = forms.Draft.of(form), []
    numbers = draft.left
    for _n in numbers:
        modal = draft.modal()
        check_modal(modal.to_dict())
        names += asked(modal)
        draft = draft.filled(draft.next_part, {})
    assert draft.is_complete
    if not forms.is_refused(form):
        assert names == [field.name for field in form.fields]


@given(st.text(min_size=1, max_size=90) | st.sampled_from(["a¶2", "a§1", "circle goal add x§12"]), st.integers(0, 9))
def test_the_call_and_the_part_of_a_modal_are_read_as_they_were_written(line, part):
    carried = calls.of_part(line, part)
    assert calls.line_of(carried) == line
    assert calls.part_of(carried) == part


@given(st.lists(st.text(min_size=1, max_size=90).filter(str.strip) | st.sampled_from(["a", "a¶2", "a§1"]), max_size=25))
def test_every_button_reads_as_its_own_call(lines):
    carried = calls.carried(lines)
    assert [calls.line_of(custom_id) for custom_id in carried] == lines
    assert len(set(carried)) == len(lines)
