"""What a circle's room says of itself: its topic, and the card of what its people agree to."""

import cast
import pytest
import rounds_people
from sqlmodel import select
from talk import Talk

from circles import wire
from circles.effects import CloseRoom, OpenRoom
from circles.language import learn, unlearn
from circles.rotation import repair
from storage import programmes
from storage.tables import Circle, Delivery, Programme


@pytest.fixture
def talk(store):
    return Talk(store)


def opening(talk, term):
    with talk.store.writing() as db:
        circle = programmes.circle(db, term.circle)
        return repair.room_of(db, circle, programmes.get(db, term.programme), "open:x")


def test_a_circles_room_has_a_topic_and_a_card_of_what_holds_there(talk):
    act = opening(talk, rounds_people.term(talk, every_weeks=3))
    assert act.is_lasting
    assert act.topic == "Women in Physics: here Jasmine talks between meetings. What is said here stays here."
    card = act.card.plain()
    for line in (
        "Jasmine: how we are here",
        "Confidence: what is said here stays here",
        "Rhythm: a new round begins every 3 weeks;",
        "Silence: not answering is fine. After 3 quiet rounds I ask once, in private",
        "/circle pause lets you rest, /circle skip sits one round out, /circle leave ends it for you",
        "For everybody it ends on Monday, 31 May 2027.",
        "Whoever administers this place may be able to open private rooms, too.",
        "Halqa neither reads nor keeps what you type here.",
    ):
        assert line in card
    assert [b.call for b in act.card.buttons()] == [
        "circle status in:physics",
        "circle next in:physics",
        "circle pause in:physics",
    ]
    assert wire.load(wire.dump(act)) == act


@pytest.mark.parametrize("voice", [True, False])
def test_a_circles_room_has_voice_where_its_programme_wants_it(talk, voice):
    act = opening(talk, rounds_people.term(talk, voice=voice))
    assert act.has_voice is voice
    assert wire.load(wire.dump(act)) == act


def test_a_room_that_was_asked_for_before_there_was_voice_has_none(talk):
    written = wire.dump(opening(talk, rounds_people.term(talk, voice=True)))
    assert wire.load(written.replace(',"has_voice":true', "")).has_voice is False


def test_before_the_end_is_known_the_card_names_no_day(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme, mentors=["cleo"])
    act = opening(talk, rounds_people.Term(talk, programme, circle))
    assert "it ends on" not in act.card.plain()


@pytest.mark.parametrize("name", ["x" * 300, "two\nlines", "ح" * 150, "   ", "{circle}"])
def test_a_topic_is_one_line_of_two_hundred_characters_at_most(talk, name):
    programme = Programme(workspace_id=1, slug="x", name=name, created_at=talk.now)
    circle = Circle(programme_id=1, name=name, formed_at=talk.now)
    said = repair.room_words.topic(programme, circle)
    assert len(said) <= 200
    assert "\n" not in said
    assert said.endswith("What is said here stays here.")


def test_the_room_speaks_the_circles_language(talk, tmp_path):
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "halqa.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "{circle}: how we are here"\nmsgstr "{circle} : nous ici"\n\n'
        'msgid "{programme}: here {circle} talks between meetings. What is said here stays here."\n'
        f'msgstr "{{programme}} {{circle}} {"très " * 50}long"\n'
    )
    learn(tmp_path)
    try:
        term = rounds_people.term(talk)
        with talk.store.writing() as db:
            circle = programmes.circle(db, term.circle)
            circle.language = "xx"
            programmes.save(db, circle)
        act = opening(talk, term)
        assert "Jasmine : nous ici" in act.card.plain()
        assert act.topic.startswith("Women in Physics Jasmine très")
        assert len(act.topic) == 200
    finally:
        unlearn(tmp_path)


def test_an_empty_circles_room_closes(talk):
    programme = cast.programme(talk)
    circle = cast.circle(talk, programme)
    assert isinstance(opening(talk, rounds_people.Term(talk, programme, circle)), CloseRoom)


def test_circles_that_are_formed_open_with_it(talk):
    programme = cast.programme(talk, mentors=3, mentees=3)
    for who in ("cleo", "dana", "eve"):
        cast.member(talk, programme, who, "mentor", languages=["en"], institution=who)
    for who in ("fay", "gil", "hana"):
        cast.member(talk, programme, who, "mentee", languages=["en"], institution=who)
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    with talk.store.writing() as db:
        acts = [wire.load(row.effect) for row in db.exec(select(Delivery).where(Delivery.kind == "room"))]
    (act,) = [one for one in acts if isinstance(one, OpenRoom) and one.is_lasting]
    assert act.topic.startswith("Women in Physics")
    assert act.card is not None
