"""What the local page is handed: every block and span as JSON, and nothing that a browser could take for markup."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.local import render
from circles.messages import (
    Bullets,
    Button,
    Buttons,
    Code,
    Command,
    Emphasis,
    Fact,
    Facts,
    Field,
    Form,
    Heading,
    Link,
    Mention,
    Message,
    Option,
    Picture,
    PictureRow,
    Plain,
    Quote,
    Strong,
    Text,
    When,
    message,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "local_message.json"
AT = datetime(2027, 3, 8, 7, tzinfo=UTC)
SPANS = (
    Plain("Plain <b>words</b> & more, "),
    Strong("strong"),
    Emphasis("stressed"),
    Code("round-1"),
    Command("/circle next"),
    Mention("ada", "Ada <script>"),
    When(AT, "Mon 8 March, 09:00"),
    Link("https://example.org/?a=1&b=2", "the guide"),
)
PICTURE = Picture(
    "Who has met whom",
    "Ada has met Bob <twice>.",
    ("Ada", "<script>alert(1)</script>"),
    (PictureRow("Ada & co", (0, 3)), PictureRow('"Bob"', (1, 2))),
)
EVERYTHING = Message(
    (
        Heading("Round 1 <h1>"),
        Text(SPANS),
        Bullets(((Plain("one"),), (Strong("two"), Plain(" and a half")))),
        Facts((Fact("Who", (Mention("bob", "Bob"),)), Fact("When", (When(AT, "Monday"),)))),
        Quote((Plain("What is on your plate?"),)),
        Buttons(
            (Button("We met", "circle met yes 1 in:physics", "primary"), Button("Leave", "circle leave", "danger"))
        ),
        PICTURE,
    ),
    summary="Your meeting group",
)
FORM = Form(
    "Your goal",
    "circle goal add in:physics",
    (
        Field("text", "The goal", "long", required=True, hint="In a sentence", initial="Write <b>", error="Too long."),
        Field("until", "By when", "date"),
        Field("area", "Part of life", "choice", options=(Option("work", "Work"), Option("home", "Home"))),
    ),
    "Keep it",
    intro=(Plain("Private, "), Strong("unless shared")),
)


def test_a_message_with_every_kind_of_block_and_span_is_written_as_the_golden_file_says():
    shown = {"message": render.content(EVERYTHING), "form": render.form(FORM)}
    # After a wanted change: write json.dumps(shown, indent=2, ensure_ascii=False) into the file, and read the diff.
    assert shown == json.loads(GOLDEN.read_text("utf-8"))


def test_the_golden_file_knows_every_kind_that_there_is():
    golden = json.loads(GOLDEN.read_text("utf-8"))["message"]
    spans = {span["kind"] for block in golden["blocks"] for span in block.get("spans", [])}
    assert {block["kind"] for block in golden["blocks"]} == {
        "heading", "text", "list", "facts", "quote", "buttons", "picture",
    }  # fmt: skip
    assert spans == {"plain", "strong", "emphasis", "code", "command", "mention", "when", "link"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example",
        "",
    ],
)
def test_an_address_that_is_no_page_is_shown_as_words(url):
    shown = render.content(message(Text((Link(url, "press here"),))))
    assert shown["blocks"][0]["spans"] == [{"kind": "plain", "text": f"press here ({url})"}]


def test_a_drawing_holds_no_markup_but_its_own():
    drawing = render.drawing(PICTURE)
    assert "<script" not in drawing
    root = ET.fromstring(drawing)  # noqa: S314 - it is our own
    tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
    assert tags == {"svg", "title", "text", "rect"}
    assert root[0].text == "Ada has met Bob <twice>."
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert len([element for element in root.iter() if element.tag.endswith("rect")]) == 4


@pytest.mark.parametrize("level", [-1, 0, 3, 4, 1000])
def test_a_square_of_any_level_can_be_drawn(level):
    picture = Picture("t", "a", ("x",), (PictureRow("y", (level,)),))
    assert render.drawing(picture).count("<rect") == 1


words = st.text(max_size=40)
lines = st.one_of(
    *(words.map(kind) for kind in (Plain, Strong, Emphasis, Code, Command)),
    st.builds(Mention, words, words),
    st.builds(When, st.datetimes(timezones=st.sampled_from([UTC])), words),
    st.builds(Link, words, words),
)
runs = st.lists(lines, max_size=4).map(tuple)
pictures = st.builds(
    Picture,
    words,
    words,
    st.lists(words, max_size=3).map(tuple),
    st.lists(st.builds(PictureRow, words, st.lists(st.integers(-5, 9), max_size=4).map(tuple)), max_size=3).map(tuple),
)
blocks = st.one_of(
    st.builds(Text, runs),
    st.builds(Heading, words),
    st.builds(Bullets, st.lists(runs, max_size=3).map(tuple)),
    st.builds(Facts, st.lists(st.builds(Fact, words, runs), max_size=3).map(tuple)),
    st.builds(Quote, runs),
    st.builds(Buttons, st.lists(st.builds(Button, words, words), max_size=5).map(tuple)),
    pictures,
)


@given(st.builds(Message, st.lists(blocks, max_size=5).map(tuple), words))
def test_any_message_can_be_rendered_and_sent_and_loses_no_block(said):
    shown = json.loads(json.dumps(render.content(said)))
    assert len(shown["blocks"]) == len(said.blocks)
    assert shown["summary"] == said.summary
    links = [s for block in shown["blocks"] for s in block.get("spans", []) if s["kind"] == "link"]
    assert all(link["url"].startswith(("https://", "http://")) for link in links)


@given(pictures)
def test_any_picture_is_well_formed(picture):
    ET.fromstring(render.drawing(picture))  # noqa: S314 - it is our own


fields = st.builds(
    Field, words, words, st.sampled_from(["line", "long", "choice", "choices", "date", "number", "person"])
)


@given(st.builds(Form, words, words, st.lists(fields, max_size=4).map(tuple), words, intro=runs))
def test_any_form_can_be_rendered_and_keeps_every_field(asked):
    shown = json.loads(json.dumps(render.form(asked)))
    assert [field["name"] for field in shown["fields"]] == [field.name for field in asked.fields]


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_an_instant_reads_back_as_itself(at):
    assert datetime.fromisoformat(render.instant(at)) == at
    assert render.instant(at + timedelta(0)).endswith("Z")
