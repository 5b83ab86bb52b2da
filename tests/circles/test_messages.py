"""What can be said has a plain form for every chat, and nobody's words are ever read as a template."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.errors import BadCall, Refused
from circles.messages import (
    Bullets,
    Button,
    Buttons,
    Code,
    Command,
    Emphasis,
    Fact,
    Facts,
    Heading,
    Link,
    Mention,
    Message,
    Picture,
    PictureRow,
    Plain,
    Quote,
    Strong,
    Text,
    When,
    buttons,
    enumerate_spans,
    message,
    sentence,
    text,
    words_of,
)

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
ADA, BOB = Mention("U1", "Ada"), Mention("U2", "Bob")


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (Plain("as it is"), "as it is"),
        (Strong("loud"), "loud"),
        (Emphasis("stressed"), "stressed"),
        (Code("c1"), "c1"),
        (Command("/circle join"), "/circle join"),
        (ADA, "Ada"),
        (When(AT, "Mon 1 March, 10:00"), "Mon 1 March, 10:00"),
        (Link("https://example.org", "here"), "here (https://example.org)"),
        (Text((Plain("Hello "), ADA, Plain("!"))), "Hello Ada!"),
        (Heading("Round 3"), "Round 3"),
        (Bullets(((Plain("one"),), (Plain("two "), BOB))), "- one\n- two Bob"),
        (Bullets(()), ""),
        (Facts((Fact("Room", (Plain("B"),)), Fact("Host", (ADA,)))), "Room: B\nHost: Ada"),
        (Quote((Plain("Why not?"),)), "“Why not?”"),
        (
            Buttons((Button("Yes", "circle met yes"), Button("No", "circle met no"))),
            "[Yes] /circle met yes\n[No] /circle met no",
        ),
        (Picture("Map", "Ada met Bob", ("Ada",), (PictureRow("Bob", (3,)),)), "Map: Ada met Bob"),
    ],
)
def test_everything_that_can_be_said_can_be_said_in_plain_words(said, plain):
    assert said.plain() == plain


def test_a_message_is_its_blocks_a_blank_line_apart_and_its_buttons_in_reading_order():
    yes, no, more = (Button(label, f"circle {label}") for label in ("yes", "no", "more"))
    said = message("One.", buttons(yes, no), Heading("Two"), buttons(more))
    assert said.plain() == "One.\n\n[yes] /circle yes\n[no] /circle no\n\nTwo\n\n[more] /circle more"
    assert said.buttons() == (yes, no, more)
    assert said.summary == ""


def test_what_is_none_is_left_out_so_that_parts_may_be_conditional():
    assert message("One.", None, None) == Message((Text((Plain("One."),)),))
    assert message(None) == Message(())
    assert message(summary="Soon").plain() == ""


def test_a_template_takes_mentions_words_numbers_and_several_spans():
    assert sentence("{one} meets {other} in round {n}{rest}", one=ADA, other="Bob", n=3, rest=(Plain(", "), BOB)) == (
        ADA,
        Plain(" meets "),
        Plain("Bob"),
        Plain(" in round "),
        Plain("3"),
        Plain(", "),
        BOB,
    )


def test_a_template_without_places_is_one_plain_span():
    assert sentence("Hello.") == (Plain("Hello."),)
    assert sentence("") == ()
    assert sentence("100 % {{certain}}") == (Plain("100 % {"), Plain("certain}"))


def test_a_missing_value_is_an_error_of_ours_and_found_at_once():
    with pytest.raises(KeyError, match="name"):
        text("Hello {name}.")


@given(st.text())
def test_what_people_write_is_never_read_as_a_template(words):
    assert text("You wrote {words}.", words=Plain(words)).plain() == f"You wrote {words}."
    assert text("You wrote {words}.", words=words).plain() == f"You wrote {words}."
    assert message(words).plain() == words


@given(st.lists(st.sampled_from([ADA, BOB]), max_size=5))
def test_people_in_a_row_keep_their_mentions(people):
    row = enumerate_spans(people)
    assert [span for span in row if isinstance(span, Mention)] == people
    assert words_of(row) == ", ".join(person.text for person in people)
    assert len(row) == max(0, 2 * len(people) - 1)


def test_a_refusal_carries_what_can_be_done_next():
    again = Button("Show the commands", "circle help")
    for kind in (Refused, BadCall):
        halt = kind("No such goal.", buttons=(again,), field="number")
        assert (halt.sentence, halt.buttons, halt.field, str(halt)) == (
            "No such goal.",
            (again,),
            "number",
            "No such goal.",
        )


def test_what_was_said_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        ADA.text = "Eve"
