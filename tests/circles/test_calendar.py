"""Calendar files, read back by a small and strict reader of RFC 5545; and a member's rounds as such a file."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import rounds_people
import stores
from hypothesis import example, given
from hypothesis import strategies as st
from talk import Talk

from circles.calendar import Hour, appointment, calendar
from circles.messages import File

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR_LATER = datetime(2027, 3, 2, 13, tzinfo=UTC)
NEEDED = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"}
ESCAPES = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


def read(text):
    """Give the title and the entries of a calendar; asserts whatever the standard demands of what we write."""
    assert text.endswith("\r\n")
    lines = text.removesuffix("\r\n").split("\r\n")
    for line in lines:
        assert len(line.encode()) <= 75, line
        assert not re.search("[\x00-\x08\x0a-\x1f\x7f]", line), line
    unfolded = "\r\n".join(lines).replace("\r\n ", "").split("\r\n")
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded[-1] == "END:VCALENDAR"
    properties, entries, entry = {}, [], None
    for line in unfolded[1:-1]:
        name, value = re.fullmatch(r"([A-Z-]+(?:;[A-Z]+=[A-Z]+)*):(.*)", line, re.DOTALL).groups()
        if (name, value) == ("BEGIN", "VEVENT"):
            assert entry is None
            entry = {}
        elif (name, value) == ("END", "VEVENT"):
            assert {key.split(";")[0] for key in entry} >= NEEDED
            entries.append(entry)
            entry = None
        else:
            here = properties if entry is None else entry
            assert name not in here, f"{name} may stand there once"
            here[name] = value
    assert entry is None
    assert properties["VERSION"] == "2.0"
    assert properties["PRODID"]
    uids = [entry["UID"] for entry in entries]
    assert len(uids) == len(set(uids))
    return unescaped(properties["X-WR-CALNAME"]), [meaning(entry) for entry in entries]


def meaning(entry):
    assert re.fullmatch(r"\d{8}T\d{6}Z", entry["DTSTAMP"])
    first, after = (date.fromisoformat(entry[f"{end};VALUE=DATE"]) for end in ("DTSTART", "DTEND"))
    return unescaped(entry["UID"]), unescaped(entry["SUMMARY"]), first, after - DAY


def unescaped(value):
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    return re.sub(r"\\(.)", lambda found: ESCAPES[found[1]], value)


def test_an_entry_is_written_as_the_standard_says():
    text = calendar("Rounds", [("r1@halqa", "Round 1", date(2027, 3, 1), date(2027, 3, 14))], NOW)
    assert text == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Halqa//Halqa//EN\r\nCALSCALE:GREGORIAN\r\n"
        "NAME:Rounds\r\nX-WR-CALNAME:Rounds\r\n"
        "BEGIN:VEVENT\r\nUID:r1@halqa\r\nDTSTAMP:20270201T090000Z\r\n"
        "DTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270315\r\n"
        "SUMMARY:Round 1\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_a_meeting_with_an_hour_is_written_as_the_standard_says_in_utc():
    hour = Hour("g1@halqa", "Round 1: Cleo, Dana", datetime(2027, 3, 2, 15, tzinfo=ZoneInfo("Asia/Amman")), HOUR_LATER)
    text = appointment("Round 1", hour, NOW)
    assert text == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Halqa//Halqa//EN\r\nCALSCALE:GREGORIAN\r\n"
        "NAME:Round 1\r\nX-WR-CALNAME:Round 1\r\n"
        "BEGIN:VEVENT\r\nUID:g1@halqa\r\nDTSTAMP:20270201T090000Z\r\nSEQUENCE:30024540\r\n"
        "DTSTART:20270302T120000Z\r\nDTEND:20270302T130000Z\r\n"
        "SUMMARY:Round 1: Cleo\\, Dana\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert "STATUS:CANCELLED\r\n" in appointment("Round 1", replace(hour, is_off=True), NOW)


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)
days = st.dates(date(1900, 1, 1), date(2999, 1, 1))


@given(words, st.lists(st.tuples(words, days, st.integers(0, 400)), max_size=4))
@example("حلقة", [("a,b;c\\n\nd" + "é" * 80, date(2027, 3, 1), 0)])
@example("BEGIN:VEVENT", [("x\r\nEND:VCALENDAR\r\ny", date(2027, 3, 1), 1)])
def test_what_is_written_is_read_back_as_it_was(title, entries):
    told = [(f"r{n}@halqa", summary, day, day + length * DAY) for n, (summary, day, length) in enumerate(entries)]
    read_title, read_entries = read(calendar(title, told, NOW))
    assert read_title == kept(title)
    assert read_entries == [(uid, kept(summary), first, last) for uid, summary, first, last in told]


def kept(text):
    """Words without what a calendar can't hold: control characters other than tabs and line ends."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", re.sub("\r\n?", "\n", text))


def test_an_entry_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends on or after its first day"):
        calendar("Rounds", [("r1@halqa", "Round 1", date(2027, 3, 2), date(2027, 3, 1))], NOW)


# --- a member's rounds ------------------------------------------------------------------------------------------------


@pytest.fixture
def talk(store):
    return Talk(store)


def rounds_file(talk, who):
    (answer,) = talk.says(who, "/circle record calendar")
    (file,) = [block for block in answer.message.blocks if isinstance(block, File)]
    assert file.name == "rounds.ics"
    return read(file.text)


def test_her_rounds_are_whole_days_that_follow_each_other_and_name_nobody(talk):
    rounds_people.term(talk, weeks=6)
    title, entries = rounds_file(talk, "cleo")
    assert title == "Women in Physics · Jasmine"
    assert [(summary, first, last) for _uid, summary, first, last in entries] == [
        ("Round 1 · Jasmine", date(2027, 3, 1), date(2027, 3, 14)),
        ("Round 2 · Jasmine", date(2027, 3, 15), date(2027, 3, 28)),
        ("Round 3 · Jasmine", date(2027, 3, 29), date(2027, 4, 12)),
    ]


def test_the_ids_stay_while_rounds_go_by_and_move(talk):
    rounds_people.term(talk, weeks=6)
    before = {uid: summary for uid, summary, _first, _last in rounds_file(talk, "cleo")[1]}
    talk.passes(until=rounds_people.at(16))
    talk.says("ada", "/programme schedule blackout 2027-03-29 2027-04-02 Easter")
    talk.presses("ada", "Keep these days free")
    entries = rounds_file(talk, "dana")[1]
    assert {uid: summary for uid, summary, _first, _last in entries} == before
    assert [first for _uid, _summary, first, _last in entries][2] == date(2027, 4, 5)


def test_other_circles_rounds_are_other_entries(talk, store):
    rounds_people.term(talk)
    other = Talk(store, workspace="other")
    rounds_people.term(other)
    mine, theirs = ({uid for uid, *_rest in rounds_file(t, "cleo")[1]} for t in (talk, other))
    assert mine
    assert not mine & theirs


def test_another_installation_with_the_same_numbers_has_other_ids(sqlite_template, tmp_path):
    ids = []
    for minute in (0, 1):
        store = stores.opened(str(shutil.copy(sqlite_template, tmp_path / f"{minute}.db")))
        talk = Talk(store, now=NOW + timedelta(minutes=minute))
        rounds_people.term(talk)
        ids.append({uid for uid, *_rest in rounds_file(talk, "cleo")[1]})
        store.close()
    assert not ids[0] & ids[1]


def test_who_has_no_seat_has_no_rounds(talk):
    term = rounds_people.term(talk)
    rounds_people.cast.member(talk, term.programme, "zoe")
    talk.says("zoe", "/circle record calendar")
    talk.hears("zoe", "No round is in the calendar yet.")
    talk.says("eve", "/circle record calendar")
    talk.hears("eve", "Type /circle join")
