"""What Slack is sent: every block and span within its limits, and nothing that people wrote is ever parsed."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import cast
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_limits import check, texts
from talk import Talk

from bot import demo
from bot.slack import forms, render, spans
from circles import commands
from circles.effects import Ask, Reply
from circles.language import learn, speaking, unlearn
from circles.messages import (
    Bullets,
    Button,
    Buttons,
    Code,
    Command,
    Emphasis,
    Fact,
    Facts,
    File,
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
    message,
)

GOLDEN = Path(__file__).parents[1] / "golden"
AT = datetime(2027, 3, 8, 7, tzinfo=UTC)
ADA, BOB, CLEO = Mention("U0ADA", "Ada"), Mention("U0BOB", "Bob"), Mention("W0CLEO", "Cleo")
INTRODUCTION = message(
    Heading("Round 1: Ada and Bob"),
    Text((ADA, Plain(" and "), BOB, Plain(", this round you two are "), Strong("a pair"), Plain("."))),
    Facts(
        (
            Fact("Who", (BOB, Plain(" · Lodz & Sons"))),
            Fact("Offers", (Plain("grants, <b>writing</b>"),)),
            Fact("About", (Emphasis("I like trees"),)),
        )
    ),
    "Hours that suit all of you:",
    Bullets(((When(AT, "Mon 8 March, 09:00"), Plain(" – "), When(AT + timedelta(hours=1), "Mon 8 March, 10:00")),)),
    "A way to begin, about 20 minutes, if you like:",
    Quote((Plain("What did you learn <!channel> this year?"),)),
    Buttons((Button("We met", "circle met yes 1", "primary"), Button("Another prompt", "circle prompt another 4"))),
    summary="Your meeting group for this round",
)
CHECK_IN = message(
    Text((Plain("How is it with "), Emphasis("two pages a week"), Plain("? See "), Command("/circle goal list"))),
    Buttons(
        (
            Button("The same", "circle checkin answer 7 same"),
            Button("It changed", "circle checkin answer 7 changed"),
            Button("Parked", "circle checkin answer 7 parked"),
            Button("Done", "circle checkin answer 7 done", "primary"),
            Button("Not this week", "circle checkin answer 7 pass"),
            Button("Drop it", "circle goal drop 7", "danger"),
        )
    ),
    Text((Link("https://example.org/?a=1&b=2", "the guide"), Plain(" and "), Code("round-1"))),
    summary="A question about a goal",
)
PICTURED = message(
    Quote((Code("ada,bob\n1,2"),)),
    Picture("Who has met whom", "Ada has met Bob.", ("AN", "سع"), (PictureRow("You", (3, 0)),)),
    File("term.csv", "The term", "a,b"),
    File("meeting.ics", "", "BEGIN"),
)
LONG = message(
    Heading("Everybody"),
    *[Text((Strong(f"Person {number}"), Plain(": " + "a long way round " * 12))) for number in range(60)],
    "And what now?",
    Buttons((Button("Go on", "circle status"),)),
    summary="Everybody",
)
HOSTILE = [
    "<!channel>",
    "<!here|here>",
    "<!subteam^S1|@all>",
    "<@U1>",
    "<#C1|general>",
    "<http://evil.example|your bank>",
    "<mailto:x@evil.example|x>",
    "&lt;!channel&gt;",
    "@channel @here",
    "http://evil.example/path",
    "evil.example",
    "<!date^1^{date}^http://evil.example|now>",
    "*bold* _it_ `code` ~no~ :smile:",
    "\u202eright to left\u202c سلمى",
    "tab\tand\r\nline\x00\x07\x1b[31m",
    "half \ud800 of a letter",
    "👩🏽‍🔬" * 50,
    "a" * 10_000,
    "é" * 4_000,
    "& < > " * 2_000,
]


def golden(name, shown):
    # After a wanted change: write json.dumps(shown, indent=1, ensure_ascii=False) into the file, and read the diff.
    assert shown == json.loads((GOLDEN / name).read_text("utf-8"))


def found(shown, kind):
    """Every element of a kind, anywhere."""
    if isinstance(shown, dict):
        here = [shown] if shown.get("type") == kind else []
        return here + [element for value in shown.values() for element in found(value, kind)]
    return [element for value in shown for element in found(value, kind)] if isinstance(shown, list) else []


def read(shown):
    """All that is to be read in blocks, without what mentions and times are replaced by."""
    return "".join(text["text"] for text in found(shown, "text"))


def test_an_introduction_a_check_in_and_things_beside_are_rendered_as_the_golden_file_says():
    shown = {
        "introduction": render.blocks(INTRODUCTION),
        "check-in": render.blocks(CHECK_IN),
        "pictured": render.blocks(PICTURED),
        "words": render.words(INTRODUCTION),
        "spoken": render.spoken(INTRODUCTION),
    }
    golden("slack_messages.json", shown)
    assert [check(shown[name]) for name in ("introduction", "check-in", "pictured")] == [[], [], []]


def test_a_long_message_is_rendered_on_two_pages_as_the_golden_file_says():
    shown = render.pages(LONG)
    golden("slack_pages.json", shown)
    assert len(shown) == 2
    assert [check(page) for page in shown] == [[], []]


def test_nothing_is_lost_between_pages_and_each_but_the_last_says_that_it_goes_on():
    first, second = render.pages(LONG)
    for number in range(60):
        assert f"Person {number}" in read(first) + read(second)
    assert first[-1]["elements"][0]["text"] == "This goes on in the next message (1 of 2)."
    assert second[-1]["type"] == "actions"


def test_buttons_stay_with_what_stands_above_them_and_a_heading_with_what_follows():
    parts = [Text((Plain(f"Person {number}"),)) for number in range(48)]
    ends = message(*parts, Heading("And now"), "What would you like?", Buttons((Button("Go on", "circle status"),)))
    first, second = render.pages(ends)
    assert [block["type"] for block in first[-2:]] == ["rich_text", "context"]
    assert [block["type"] for block in second] == ["header", "rich_text", "actions"]


def test_buttons_never_go_to_another_page_than_their_question():
    parts = [f"Person {number}" for number in range(48)]
    shown = render.pages(message(*parts, "Go on?", Buttons((Button("Yes", "circle status"),)), *parts[:9]))
    assert read(shown[1][:1]) == "Go on?"
    assert shown[1][1]["type"] == "actions"


def test_lengths_are_measured_as_slack_keeps_them_with_escapes_and_wide_characters():
    assert [spans.size(text) for text in ("abc", "é", "👩", "&", "<>")] == [3, 1, 2, 5, 8]
    pieces = [text["text"] for text in found(render.blocks(message("& < > 👩 " * 400)), "text")]
    assert all(len(escape(piece, quote=False).encode("utf-16-le")) <= 2 * 3000 for piece in pieces)


def test_a_page_is_never_as_heavy_as_slack_refuses():
    heavy = message(*["a long paragraph " * 150 for _ in range(20)])
    pages = render.pages(heavy)
    assert len(pages) > 3
    assert all(sum(len(json.dumps(block)) for block in page) <= 12_000 for page in pages)


def test_where_only_one_page_can_be_shown_the_last_buttons_are_kept_and_a_line_says_that_there_is_more():
    shown = render.blocks(LONG)
    assert check(shown) == []
    assert [block["type"] for block in shown[-2:]] == ["context", "actions"]
    assert shown[-2]["elements"][0]["text"] == "There is more than can be shown here."


def test_a_long_paragraph_is_divided_between_words_and_not_cut():
    words = " ".join(f"word{number}" for number in range(1100))
    shown = render.blocks(message(words))
    pieces = [text["text"] for text in found(shown, "text")]
    assert len(pieces) == 3
    assert "".join(pieces) == words
    assert all(re.fullmatch(r"(word\d+ ?)+", piece) for piece in pieces)


def test_many_buttons_go_into_several_rows_with_one_running_number():
    many = message(
        "Choose", Buttons(tuple(Button(f"No. {n}", f"circle join {n}") for n in range(12))), "Or",
        Buttons((Button("Leave", "circle leave", "danger"),)),
    )  # fmt: skip
    shown = render.blocks(many)
    rows = [block["elements"] for block in shown if block["type"] == "actions"]
    assert [len(row) for row in rows] == [5, 5, 2, 1]
    assert [button["action_id"] for row in rows for button in row] == [f"call:{n}" for n in range(1, 14)]
    assert rows[-1][0]["value"] == "circle leave"
    assert rows[-1][0]["style"] == "danger"


def test_a_command_too_long_for_a_button_is_left_out_rather_than_cut():
    shown = render.blocks(
        message(
            "Choose", Buttons((Button("A", "x" * 2001), Button("B", " "), Button("C", "a\x00b"), Button("", "circle")))
        )
    )
    assert [button["text"]["text"] for button in found(shown, "button")] == ["/circle"]


def test_a_person_who_is_not_known_by_an_id_of_slack_is_named_in_words():
    shown = render.blocks(message(Text((Mention("ada", "Ada"), Mention("U1><!channel", "Eve"), BOB))))
    assert read(shown) == "AdaEve"
    assert [user["user_id"] for user in found(shown, "user")] == ["U0BOB"]


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "", "mailto:a@b.example"),
        *("https://", "https://a b", "https://a.example/<x>", "https://a.example|x", "https://" + "a" * 3000),
    ],
)
def test_an_address_that_is_no_page_is_shown_as_words(url):
    shown = render.blocks(message(Text((Link(url, "press here"),))))
    assert found(shown, "link") == []
    assert read(shown) == f"press here ({url})"
    assert check(shown) == []


def test_a_time_is_each_readers_own_and_the_end_of_a_stretch_does_not_repeat_the_day():
    (block,) = render.blocks(message(Text((When(AT, "Monday, 9:00"), Plain(" – "), When(AT, "10:00")))))
    first, _dash, second = block["elements"][0]["elements"]
    assert first == {
        "type": "date", "timestamp": 1804489200, "format": "{date_long_pretty}, {time}", "fallback": "Monday, 9:00",
    }  # fmt: skip
    assert second["format"] == "{time}"


def test_two_times_that_are_no_stretch_each_say_their_day():
    shown = render.blocks(message(Text((When(AT, "a"), Plain(" – "), When(AT + timedelta(days=1), "b")))))
    assert [date["format"] for date in found(shown, "date")] == [spans.WHEN, spans.WHEN]


@pytest.mark.parametrize("at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_a_time_that_slack_cannot_count_is_said_in_words(at):
    assert read(render.blocks(message(Text((When(at, "long ago"),))))) == "long ago"


def test_a_notification_shows_the_summary_or_nothing_of_the_message():
    assert (
        render.words(message("A secret", summary="A question <!here> & more")) == "A question &lt;!here&gt; &amp; more"
    )
    assert render.words(message("A secret")) == "A message from Halqa"
    assert len(render.words(message("A secret", summary="x" * 9000))) <= 3000


def test_the_bots_own_words_are_said_in_the_readers_language(tmp_path):
    catalogue = tmp_path / "de" / "LC_MESSAGES" / "halqa.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n\nmsgid "A message from Halqa"\nmsgstr "Eine Nachricht von Halqa"\n')
    learn(tmp_path)
    try:
        with speaking("de"):
            assert render.words(message("x")) == "Eine Nachricht von Halqa"
    finally:
        unlearn(tmp_path)


def test_a_message_said_as_mrkdwn_names_people_and_times_and_escapes_what_was_written():
    guide = Link("https://a.example/?x&y", "a|b>")
    said = render.spoken(message(Text((ADA, Plain(" <@U1> & co, "), When(AT, "Monday | <9:00>"), guide))))
    assert said == (
        "<@U0ADA> &lt;@U1&gt; &amp; co, <!date^1804489200^{date_long_pretty}, {time}|Monday / &lt;9:00&gt;>"
        "<https://a.example/?x&amp;y|a/b&gt;>"
    )


def test_a_message_said_as_mrkdwn_ends_within_three_thousand_characters_and_never_within_an_escape():
    said = render.spoken(message("&" * 5000, Text((ADA,) * 500)))
    assert len(said) <= 3000
    assert said.endswith("&amp;…")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_wrote_is_shown_as_she_wrote_it_and_does_nothing(text):
    written = (Plain(text),)
    everywhere = message(
        Heading(text), Text(written), Bullets((written,)), Facts((Fact(text, written),)), Quote(written),
        Quote((Code(text),)), Text((Strong(text), Emphasis(text), Code(text), Command(text), Mention(text, text))),
        Buttons((Button(text, "circle status"),)), Picture(text, text, (text,), (PictureRow(text, (1,)),)),
        File(text, text, text), summary=text,
    )  # fmt: skip
    for page in render.pages(everywhere):
        assert check(page) == []
        for kind in ("user", "link", "broadcast", "usergroup", "channel", "mrkdwn", "date"):
            assert found(page, kind) == []
    alone = "".join(read([block]) for page in render.pages(message(Text(written))) for block in page)
    assert alone == spans.clean(text)
    is_quiet(render.spoken(everywhere))
    is_quiet(render.words(everywhere))


def is_quiet(said):
    """Assert that mrkdwn holds nothing that Slack would follow."""
    assert "<" not in said
    assert ">" not in said
    assert not re.search(r"&(?!amp;|lt;|gt;)", said)
    assert not re.search(r"\w://|\w\.[^\W\d]", said)
    assert len(said) <= 3000


words = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(), max_size=20),
    st.sampled_from(HOSTILE),
    st.builds("".join, st.lists(st.sampled_from(["<", ">", "&", "!", "@U1", "http://x", "|", "\n", " "]), max_size=12)),
)
times = st.datetimes(timezones=st.just(UTC))
span = st.one_of(
    *(st.builds(kind, words) for kind in (Plain, Strong, Emphasis, Code, Command)),
    st.builds(Mention, st.one_of(words, st.sampled_from(["U0ADA", "W9"])), words),
    st.builds(When, times, words),
    st.builds(Link, st.one_of(words, st.sampled_from(["https://example.org/?a=1&b=2", "http://x"])), words),
)
line = st.lists(span, max_size=6).map(tuple)
button = st.builds(Button, words, words, st.sampled_from(["plain", "primary", "danger"]))
block = st.one_of(
    st.builds(Text, line),
    st.builds(Heading, words),
    st.builds(Bullets, st.lists(line, max_size=6).map(tuple)),
    st.builds(Facts, st.lists(st.builds(Fact, words, line), max_size=4).map(tuple)),
    st.builds(Quote, line),
    st.builds(Buttons, st.lists(button, max_size=13).map(tuple)),
    st.builds(File, words, words, words),
    st.builds(
        Picture, words, words, st.lists(words, max_size=3).map(tuple),
        st.lists(st.builds(PictureRow, words, st.lists(st.integers(), max_size=3).map(tuple)), max_size=3).map(tuple),
    ),
)  # fmt: skip
anything = st.builds(Message, st.lists(block, max_size=12).map(tuple), words)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(anything)
def test_any_message_is_rendered_within_the_limits_and_mentions_and_links_come_from_spans_alone(said):
    pages = render.pages(said)
    for page in [*pages, render.blocks(said), render.blocks(said, most=10)]:
        assert check(page) == []
        assert sum(map(spans.weight, page)) <= render.HEAVIEST_MESSAGE
    assert check(forms.message_view(said, "A title that is much longer than it can be")) == []
    assert check(forms.home(said)) == []
    assert len(render.words(said)) <= 3000
    assert len(render.spoken(said)) <= 3000
    meant = [span for block in said.blocks for span in spans_in(block)]
    assert {user["user_id"] for user in found(pages, "user")} == {
        s.person for s in meant if isinstance(s, Mention) and spans.is_person(s.person)
    }
    assert {link["url"] for link in found(pages, "link")} <= {s.url for s in meant if isinstance(s, Link)}
    kinds = {
        element["type"] for kind in ("broadcast", "usergroup", "mrkdwn", "emoji") for element in found(pages, kind)
    }
    assert kinds == set()
    calls = [b.call for b in said.buttons() if render.can_press(b)]
    assert [b["value"] for b in found(pages, "button")] == calls


def spans_in(block):
    match block:
        case Quote(spans=(Code(),)):
            return ()
        case Text() | Quote():
            return block.spans
        case Bullets():
            return [span for item in block.items for span in item]
        case Facts():
            return [span for row in block.rows for span in row.spans]
        case _:
            return ()


@settings(max_examples=80, deadline=None)
@given(st.lists(words, max_size=5))
def test_whatever_people_write_is_inert_where_slack_parses(written):
    said = render.spoken(message(*written, summary="".join(written)))
    assert "<" not in said
    assert not re.search(r"&(?!amp;|lt;|gt;)", said)
    is_quiet(render.words(message(summary="".join(written))))


@settings(max_examples=80, deadline=None)
@given(words, st.integers(8, 300))
def test_text_is_divided_without_loss_and_clipped_within_its_measure(text, longest):
    parts = list(spans.pieces(text, longest))
    assert "".join(parts) == text
    assert all(0 < spans.size(part) <= longest for part in parts)
    assert spans.size(spans.clip(text, longest)) <= longest


class Listening:
    """Renders everything that is said in a conversation, as it is said."""

    def __init__(self, talk):
        self.talk, self.forms, self.pages, self.people = talk, 0, 0, set()

    def says(self, who, line, **more):
        for answer in self.talk.says(who, line, **more):
            if isinstance(answer, Ask):
                view = forms.view(answer.form, call=answer.form.call)
                assert check(view) == [], line
                names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
                assert names == [field.name for field in answer.form.fields]
                self.forms += 1
            elif isinstance(answer, Reply):
                self.looks_at(answer.message, line)
                self.shows(answer.message)

    def shows(self, said):
        assert check(forms.message_view(said, "Your circle")) == []
        assert check(forms.home(said)) == []

    def looks_at(self, said, line=""):
        for page in render.pages(said):
            assert check(page) == [], line
            self.people |= {user["user_id"] for user in found(page, "user")}
            self.pages += 1
            assert not any("mrkdwn" in text for text in texts(page))
        assert [b["value"] for b in found(render.pages(said), "button")] == [b.call for b in said.buttons()]
        assert 0 < len(render.spoken(said)) <= 3000

    def hears_all(self):
        for heard in self.talk.heard.values():
            for one in heard:
                self.looks_at(one.message)


def test_every_message_of_the_demos_first_weeks_is_one_that_slack_takes(sqlite_store):
    monday = datetime(2027, 2, 1, 6, tzinfo=UTC)
    demo.set_up(cast.hasten(sqlite_store), monday)
    talk = Talk(sqlite_store, now=monday)
    listening = Listening(talk)
    for line in ("programme form", "programme form confirm", "programme schedule", "programme status"):
        listening.says("rana", line)
    for _week in range(5):
        talk.passes(days=7)
        for who in ("bob", "cleo", "dana"):
            for line in ("circle", "circle next", "circle goal list", "circle met yes", "circle map", "circle help"):
                listening.says(who, line)
        for line in ("programme rounds", "programme report", "programme circles", "programme schedule"):
            listening.says("rana", line)
    listening.hears_all()
    assert listening.pages > 300


def test_every_answer_and_form_of_every_command_is_one_that_slack_takes(sqlite_store):
    people = ("U0ADA", "U0BOB", "U0CLEO", "U0DANA", "U0OLGA", "U0PETRA")
    talk = Talk(cast.hasten(sqlite_store), platform="slack", workspace="T1")
    programme = cast.programme(talk, organisers=people[4:], zone="UTC", every_weeks=2)
    cast.circle(talk, programme, mentors=people[:2], mentees=people[2:4])
    cast.start(talk, programme, datetime(2027, 2, 8, tzinfo=UTC).date())
    talk.rooms["p1:c1"] = set(people[:4])  # the circle's room, which forming would have opened
    talk.passes(days=10)
    listening = Listening(talk)
    for command in commands.table():
        for who in ("U0ADA", "U0OLGA", "U0STRANGER"):
            listening.says(who, command.path)
            listening.says(who, cast.line_of(command, person="@U0CLEO"))
    listening.hears_all()
    assert listening.forms > 10
    assert listening.people >= set(people[:4])
