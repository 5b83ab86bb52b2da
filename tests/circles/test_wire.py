"""What waits in the outbox is read again as it was written, also by the version after this one."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circles import effects, messages, wire
from circles.calendar import Appointment
from circles.effects import Ask, CloseRoom, OpenRoom, Post, Reply, Tell
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
)

GOLDEN = Path(__file__).parents[1] / "golden" / "wire_message.json"
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)

# Everything that can be said or done.

words = st.text(max_size=40)
instants = st.integers(-(10**15), 4 * 10**15).map(lambda n: AT + timedelta(microseconds=n))
numbers = st.integers(1, 2**40)
spans = st.one_of(
    *(st.builds(kind, words) for kind in (Plain, Strong, Emphasis, Code, Command)),
    st.builds(Mention, words, words),
    st.builds(When, instants, words),
    st.builds(Link, words, words),
)
lines = st.lists(spans, max_size=4).map(tuple)
buttons = st.builds(Button, words, words, st.sampled_from(["plain", "primary", "danger"]))
pictures = st.builds(
    Picture,
    words,
    words,
    st.lists(words, max_size=3).map(tuple),
    st.lists(st.builds(PictureRow, words, st.lists(st.integers(0, 3), max_size=3).map(tuple)), max_size=3).map(tuple),
)
blocks = st.one_of(
    st.builds(Text, lines),
    st.builds(Heading, words),
    st.builds(Bullets, st.lists(lines, max_size=3).map(tuple)),
    st.builds(Facts, st.lists(st.builds(Fact, words, lines), max_size=3).map(tuple)),
    st.builds(Quote, lines),
    st.builds(Buttons, st.lists(buttons, max_size=5).map(tuple)),
    pictures,
    st.builds(Appointment, lines, words, words, instants, instants, st.none() | buttons, words, st.booleans()),
)
said = st.builds(Message, st.lists(blocks, max_size=5).map(tuple), words)
asked = st.builds(
    Field,
    name=words,
    label=words,
    kind=st.sampled_from(["line", "long", "choice", "choices", "date", "number", "person"]),
    required=st.booleans(),
    hint=words,
    initial=words,
    options=st.lists(st.builds(Option, words, words), max_size=3).map(tuple),
    max_length=numbers,
    error=words,
)
forms = st.builds(Form, words, words, st.lists(asked, max_size=4).map(tuple), words, lines)
later = st.one_of(st.none(), instants)
people = st.lists(numbers, max_size=4).map(tuple)
acts = st.one_of(
    st.builds(Reply, said, st.booleans()),
    st.builds(Ask, forms),
    st.builds(Tell, words, numbers, said, words, later, later, st.booleans(), st.none() | numbers, st.none() | numbers),
    st.builds(Post, words, words, said, words, later, later, st.none() | numbers, people),
    st.builds(OpenRoom, words, words, words, people, words, later),
    st.builds(CloseRoom, words, words, words, later),
)


@given(st.one_of(acts, said, forms, blocks, spans, st.lists(acts, max_size=3).map(tuple)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_is_read_again_the_same(value):
    text = wire.dump(value)
    assert wire.load(text) == value
    assert wire.dump(wire.load(text)) == text


def test_every_kind_of_word_and_act_is_known_by_name():
    for module in (messages, effects):
        for name, kind in vars(module).items():
            if dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__:
                assert wire._KINDS[name] is kind


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Amman"), timezone(timedelta(hours=5, minutes=45))])
def test_an_instant_is_the_same_instant_whatever_zone_it_was_written_in(zone):
    at = datetime(2027, 3, 28, 2, 30, 15, 123456, tzinfo=zone)
    read = wire.load(wire.dump(When(at, "soon")))
    assert read.at == at
    assert read.at.utcoffset() == at.utcoffset()


def test_a_row_from_a_newer_version_is_refused_in_a_sentence():
    newer = wire.dump(Plain("Hello")).replace('{"v":1', f'{{"v":{wire.VERSION + 1}')
    with pytest.raises(ValueError, match=r"This row was written by a newer Halqa \(format 2, this one reads 1\)\."):
        wire.load(newer)


def test_what_an_older_or_a_newer_neighbour_adds_or_lacks_is_no_obstacle():
    body = json.loads(wire.dump(Tell("k", 7, Message((Text((Plain("Hello"),)),)), "nudge")))
    body["value"]["with"]["colour"] = "green"
    body["value"]["with"]["message"]["with"]["blocks"][0]["with"]["sound"] = {"kind": "Plain", "with": {"text": "ding"}}
    del body["value"]["with"]["urgent"]
    del body["value"]["with"]["message"]["with"]["summary"]
    assert wire.load(json.dumps(body)) == Tell("k", 7, Message((Text((Plain("Hello"),)),)), "nudge")


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ("", ValueError),
        ("{}", KeyError),
        ("[]", TypeError),
        ('{"v":1}', KeyError),
        ('{"v":1,"value":{"kind":"Hologram","with":{}}}', KeyError),
        ('{"v":1,"value":{"kind":"Plain","with":{}}}', TypeError),
        ('{"v":1,"value":{"at":"someday"}}', ValueError),
    ],
)
def test_what_cannot_be_read_raises_one_of_three_errors_that_the_courier_expects(broken, error):
    with pytest.raises(error):
        wire.load(broken)


def test_text_is_kept_readable_in_the_database():
    assert "مرحبا" in wire.dump(Plain("مرحبا"))


BIG = Post(
    "introduction:p1:g1",
    "p1:g1",
    Message(
        (
            Heading("Round 3"),
            Text(
                (
                    Mention("U1", "Ada"),
                    Plain(" meets "),
                    Mention("U2", "Bob"),
                    Plain(" until "),
                    When(AT, "Mon 1 March, 10:00"),
                    Plain("."),
                )
            ),
            Bullets(((Strong("1. "), Plain("Ada offers "), Emphasis("statistics")), (Code("c1"), Plain(" & <b>")))),
            Facts(
                (Fact("Room", (Link("https://example.org/a?b=1&c=2", "here"),)), Fact("Type", (Command("/circle"),)))
            ),
            Quote((Plain("What would you do with a free year? “Rest.”"),)),
            Picture(
                "Who met whom", "Ada met Bob", ("Ada", "Bob"), (PictureRow("Ada", (0, 3)), PictureRow("Bob", (3, 0)))
            ),
            Buttons(
                (Button("We met", "circle met yes 3 in:physics", "primary"), Button("No", "circle met no 3", "danger"))
            ),
        ),
        "You have a meeting",
    ),
    "introduction",
    run_at=AT,
    not_after=AT + timedelta(days=2),
    round=3,
    reaches=(1, 2),
)


def test_the_format_is_the_one_that_databases_out_there_hold():
    """Where this fails, rows that wait in somebody's outbox can no longer be read: raise VERSION and read both."""
    assert json.loads(wire.dump(BIG)) == json.loads(GOLDEN.read_text())
    assert wire.load(GOLDEN.read_text()) == BIG


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(json.loads(wire.dump(BIG)), ensure_ascii=False, indent=1) + "\n")
