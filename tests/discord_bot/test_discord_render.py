"""What Discord is handed: everything within its limits, user text as it was typed, and nobody called by accident."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import discord
import pytest
from discord_limits import check_message, judge, payload_of
from discord_reader import kinds, seen
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord import markdown, render
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
ADA, BOB = "100000000000000001", "100000000000000002"
PICTURE = Picture("Who has met whom", "Ada has met Bob.", ("Ada", "Bob"), (PictureRow("Ada", (0, 3)),))
EVERYTHING = Message(
    (
        Heading("Round 1 # one"),
        Text(
            (
                Plain("1. Plain *words* & <@123>, "),
                Strong("strong"),
                Emphasis("stressed"),
                Plain(" "),
                Code("round-1"),
                Plain(", "),
                Command("/circle goal"),
                Plain(", "),
                Command("/circle avoid @name"),
                Plain(", "),
                Mention(ADA, "Ada"),
                Plain(" on "),
                When(AT, "Mon 8 March, 09:00"),
                Plain(": "),
                Link("https://example.org/?a=1&b=2", "the guide"),
            )
        ),
        Bullets(((Plain("- one"),), (Plain("two\n# lines"), When(AT, "Mon 8 March, 09:00")))),
        Facts((Fact("With", (Mention(BOB, "Bob"),)), Fact("Room", (Code("a`b"),)))),
        Quote((Plain("What would you\ntell @everyone?"),)),
        Buttons((Button("Yes", "circle met yes 7", "primary"), Button("Leave", "circle leave", "danger"))),
        PICTURE,
        Buttons((Button("Yes again", "circle met yes 7"),)),
        File("round-1.ics", "The meeting", "BEGIN:VCALENDAR"),
    ),
    "Your meeting group_for this round",
)

# What people may type, each a thing that Discord would act on.
TRICKS = (
    "**strong** __under__ *em* _em_ ~~struck~~ ||spoiler|| `code`",
    "```\nblock\n```",
    "# Heading",
    "## Heading\n### Heading",
    "  # Heading",
    "-# small print",
    "- list\n* list\n+ list\n  - nested",
    "1. list\n2) list",
    "> quote\n>>> quote to the end",
    "[masked](https://example.org)",
    "[masked](<https://example.org>)",
    "<t:1800000000:R>",
    f"<@{ADA}> <@!{ADA}> <@&{ADA}> <#{ADA}>",
    "@everyone @here",
    "</circle join:123456789012345678>",
    "<id:customize> <id:guide>",
    "<:name:123456789012345678> <a:name:123456789012345678> :smile:",
    "https://example.org/a_b_c*d*",
    "<https://example.org>",
    "https://!! steam://run http://",
    "https://discord.gg/abc discord.gg/abc discord.com/invite/abc",
    "\\*not strong\\* \\\\ \\",
    "a\n- b\n# c",
)


def texts_of(page):
    return [page.content, *page.descriptions]


@pytest.mark.parametrize("typed", TRICKS)
def test_what_somebody_typed_is_shown_as_she_typed_it(typed):
    assert kinds(typed) - {"escape"} or typed.startswith("\\")  # the reader knows the trick
    words, marks = seen(markdown.escape(typed))
    assert words == typed
    assert {kind for kind, _inside in marks} <= {"link"}


@given(st.text() | st.lists(st.sampled_from([*"*_~|`<>[]()#-+@:\\/. \n1a", *TRICKS])).map("".join))
def test_no_text_of_anybody_is_read_as_markdown(typed):
    words, marks = seen(markdown.escape(typed))
    assert {kind for kind, _inside in marks} <= {"link"}
    if not re.search("https?://", typed, re.IGNORECASE):
        assert words == markdown.clean(typed)


@given(st.text() | st.lists(st.sampled_from([*"*_`<>@ \n", "@everyone", f"<@{ADA}>", "```"])).map("".join))
def test_no_text_of_anybody_becomes_a_mention_wherever_it_stands(typed):
    spans = (
        Plain(typed),
        Strong(typed),
        Emphasis(typed),
        Code(typed),
        Mention("ada", typed),
        Link("javascript:x", typed),
    )
    said = Message((Heading(typed), Text(spans), Bullets((spans,)), Facts((Fact(typed, spans),)), Quote(spans)), typed)
    for where in ("reply", "private", "room"):
        page = render.page(said, where)
        assert page.called == ()
        assert page.allowed_mentions().to_dict() == {"parse": [], "users": []}
        for text in texts_of(page):
            assert not re.search(r"<@[!&]?[0-9]|<#[0-9]", text)
            assert not kinds(text) & {"person", "role", "channel", "everybody", "time", "command", "guide"}


def test_only_the_people_mentioned_may_be_called_and_only_below_the_summary_of_a_room():
    said = message(Text((Mention(ADA, "Ada"), Plain(" meets "), Mention(BOB, "Bob"))), summary="Your round")
    assert render.page(said, "room").content == f"Your round\n<@{ADA}> <@{BOB}>"
    assert render.page(said, "private").content == "Your round"
    for where in ("reply", "private", "room"):
        allowed = render.page(said, where).allowed_mentions().to_dict()
        assert allowed == {"parse": [], "users": [int(ADA), int(BOB)]}


def test_a_notification_shows_the_summary_and_nothing_of_what_is_private():
    said = message("Your goal: find a new job", summary="A question about a goal of yours")
    page = render.page(said, "private")
    assert page.content == "A question about a goal of yours"
    assert page.descriptions == ("Your goal: find a new job",)
    assert render.page(said, "reply").content == "Your goal: find a new job"


def test_times_are_the_readers_own_and_count_down_outside_of_lists():
    at = When(datetime(2027, 3, 8, 9, tzinfo=timezone(timedelta(hours=2))), "Mon 8 March, 09:00")
    assert render.page(Message((Text((at,)),))).content == "<t:1804489200:F> (<t:1804489200:R>)"
    assert render.page(Message((Bullets(((at,),)),))).content == "- <t:1804489200:F>"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/circle join", "</circle join:7>"),
        ("/circle", "</circle status:7>"),
        ("/circle goal", "</circle goal list:7>"),
        ("/circle avoid @name", "</circle avoid person:7> `@name`"),
        ("/circle join in:physics", "</circle join:7> `programme:physics`"),
        ("/programme schedule clear 3", "`/programme schedule clear 3`"),
        ("/circle goal add <@123>", "</circle goal add:7> \\<\\@123>"),
        ("halqa key", "`halqa key`"),
    ],
)
def test_a_command_can_be_clicked_where_its_id_is_known(typed, shown):
    assert markdown.command(typed, {"circle": 7}) == shown


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        ("round-1", "`round-1`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("a``b", "a\\`\\`b"),
        ("<@123>", "\\<\\@123>"),
        ("a\nb", "\n```\na\nb\n```\n"),
        ("", ""),
    ],
)
def test_code_holds_whatever_is_put_into_it(literal, shown):
    assert markdown.code(literal) == shown
    assert not kinds(shown) & {"person", "everybody"}


def test_neighbouring_stresses_stay_apart():
    said = markdown.spans((Strong("a"), Emphasis("b"), Strong("c"), Code("d"), Code("e")))
    assert seen(said)[1] == [("strong", "a"), ("emphasis", "b"), ("strong", "c"), ("code", "d"), ("code", "e")]


def test_a_list_that_begins_across_two_pieces_is_no_list():
    assert kinds(markdown.spans((Plain("1"), Plain(". x")))) == set()


def test_two_buttons_with_the_same_call_both_do_what_they_say():
    rows = Buttons(
        (Button("Yes", "circle met yes 7"), Button("Ja", "circle met yes 7"), Button("¶", "circle help x¶2"))
    )
    ids = [custom_id for row in render.page(Message((rows,))).rows for _button, custom_id in row]
    assert len(set(ids)) == 3
    assert [render.call_of(custom_id) for custom_id in ids] == [
        "circle met yes 7",
        "circle met yes 7",
        "circle help x¶2",
    ]


def test_each_row_of_buttons_stays_a_row_while_there_are_five():
    rows = [
        Buttons((Button("edit", f"circle goal edit {n}"), Button("done", f"circle goal done {n}"))) for n in range(5)
    ]
    assert [len(row) for row in render.page(Message(tuple(rows))).rows] == [2] * 5
    assert [len(row) for row in render.page(Message((*rows, *rows[:1]))).rows] == [5, 5, 2]


def test_a_button_that_finds_no_place_is_named_with_its_command():
    many = tuple(Buttons((Button(f"No {n}", f"circle goal done {n}"),)) for n in range(26))
    assert "No 25: `/circle goal done 25`" in render.page(Message(many)).content
    long = Buttons((Button("Long", "circle goal add " + "x" * 100),))
    assert "Long: `/circle goal add xxx" in render.page(Message((long,))).content


def test_what_no_message_holds_is_attached_whole():
    said = message(*(f"Line {n}: " + "words " * 30 for n in range(200)), summary="Long")
    page = render.page(said, "private")
    assert page.attachments[-1].name == "message.txt"
    assert page.attachments[-1].data.decode() == said.plain()
    assert page.descriptions[0].startswith("Line 0: words")
    assert "The whole of it is in the file below" in page.descriptions[-1]


def test_a_long_message_is_cut_between_lines_and_never_inside_a_mark():
    said = message(Text((Plain("x " * 2900), Link("https://example.org/" + "y" * 300, "guide"))))
    page = render.page(said)
    assert not {kind for text in texts_of(page) for kind in kinds(text)} & {"previewed link"}
    assert page.attachments[-1].data.decode() == said.plain()


def test_a_table_is_a_block_and_a_long_one_is_closed_and_opened_again():
    short = render.page(message(Quote((Code("a,b\nc,d"),))))
    assert short.content == "```\na,b\nc,d\n```"
    long = render.page(message(Quote((Code("\n".join(f"{n},cleo" for n in range(500))),))))
    assert len(long.descriptions) == 2
    assert all(kinds(text) == {"code block"} for text in long.descriptions)
    assert long.attachments == ()


def test_pictures_and_files_are_attached():
    page = render.page(message(PICTURE, File("../Round 1.ics", "The meeting", "BEGIN:VCALENDAR")))
    picture, file = page.attachments
    assert picture.data.startswith(b"\x89PNG")
    assert (picture.name, picture.alt) == ("picture-1.png", "Ada has met Bob.")
    assert (file.name, file.data) == ("Round-1.ics", b"BEGIN:VCALENDAR")
    assert page.content == "**Who has met whom**\n\n**The meeting**"


async def test_the_library_keeps_no_view_because_each_button_says_what_it_does():
    page = render.page(EVERYTHING, "room")
    sent = page.sending()
    assert sent["view"].is_finished()
    assert set(sent) == {"content", "embeds", "view", "files", "allowed_mentions"}
    plain = render.page(message("See https://example.org"))
    assert plain.sending()["suppress_embeds"] is True
    edited = plain.editing()
    assert edited.pop("allowed_mentions").to_dict() == {"parse": [], "users": []}
    shown = {"content": "See <https://example.org>", "embeds": [], "view": None, "attachments": []}
    assert edited == {**shown, "suppress_embeds": True}
    assert page.editing()["suppress_embeds"] is False


def test_the_library_itself_takes_what_is_sent():
    sent = render.page(EVERYTHING, "room").sending()
    with discord.http.handle_message_parameters(**sent, nonce="d1") as parameters:
        payload = json.loads(parameters.multipart[0]["value"])
        assert [len(row["components"]) for row in payload["components"]] == [2, 1]
        assert payload["nonce"] == "d1"
        assert [a["filename"] for a in payload["attachments"]] == ["picture-1.png", "round-1.ics"]
    for file in sent["files"]:
        file.close()


def test_a_message_looks_as_it_did():
    shown = {where: payload_of(render.page(EVERYTHING, where, {"circle": 7})) for where in ("reply", "private", "room")}
    assert shown == json.loads((GOLDEN / "discord_message.json").read_text())


def test_discords_own_document_accepts_every_kind_of_block():
    for where in ("reply", "private", "room"):
        judge("MessageCreateRequest", payload_of(render.page(EVERYTHING, where, {"circle": 7})))


WORDS = st.text(max_size=60) | st.sampled_from(["", " ", "\n", "x" * 5000, "\U0001f600" * 2500, "a b\n" * 1500])
PEOPLE = st.sampled_from([ADA, BOB, "ada", "", "1" * 40])
SPAN = st.one_of(
    *(WORDS.map(kind) for kind in (Plain, Strong, Emphasis, Code, Command)),
    st.builds(Mention, PEOPLE, WORDS),
    st.builds(When, st.datetimes(timezones=st.just(UTC)), WORDS),
    st.builds(Link, WORDS | st.just("https://example.org/a"), WORDS),
)
SPANS = st.lists(SPAN, max_size=4).map(tuple)
BUTTON = st.builds(Button, WORDS, st.text(max_size=120) | st.just("circle join"), st.sampled_from(["plain", "danger"]))
SQUARES = st.builds(PictureRow, st.text(max_size=9), st.lists(st.integers(-1, 9), max_size=3).map(tuple))
BLOCK = st.one_of(
    SPANS.map(Text),
    WORDS.map(Heading),
    st.lists(SPANS, max_size=4).map(tuple).map(Bullets),
    st.lists(st.builds(Fact, WORDS, SPANS), max_size=4).map(tuple).map(Facts),
    SPANS.map(Quote),
    st.lists(BUTTON, max_size=8).map(tuple).map(Buttons),
    st.builds(File, st.text(max_size=20), WORDS, WORDS),
    st.builds(Picture, WORDS, WORDS, st.just(("Ada",)), st.lists(SQUARES, max_size=2).map(tuple)),
)


@settings(max_examples=50)
@given(
    st.builds(Message, st.lists(BLOCK, max_size=14).map(tuple), WORDS), st.sampled_from(["reply", "private", "room"])
)
def test_every_message_is_shown_within_the_limits(said, where):
    page = render.page(said, where, {"circle": 7})
    check_message(payload_of(page))
    known = {span for text in texts_of(page) for span in re.findall(r"<@([0-9]+)>", text)}
    assert known <= {str(person) for person in page.called}
