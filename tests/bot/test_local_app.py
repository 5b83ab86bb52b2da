"""The local workspace's server, on real sockets: who gets in, what is done once, and who hears what."""

import asyncio
import base64
import io
import json
import shutil
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
import stores
from local_house import MONDAY, House, opened

from bot.chat import Opening
from bot.clock import Metronome, WallClock
from bot.deliver import Courier
from bot.desk import Desk
from bot.local.app import LocalApp
from bot.local.board import MOST_EVENTS, Outgoing
from bot.local.journal import Journal
from bot.local.space import Space
from circles.messages import message

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


ALUMNAE = {
    "name": "Alumnae",
    "purpose": "Those who have left meet those who are here.",
    "objectives": "Everybody meets three new people.",
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory):
    """A folder with the demo in it, Ada joined and the circles confirmed, to copy."""
    folder = tmp_path_factory.mktemp("furnished") / "demo"

    async def furnish():
        async with opened(folder) as house:
            await house.begins()

    asyncio.run(furnish())
    return folder


@pytest.fixture
def folder(furnished, tmp_path):
    return shutil.copytree(furnished, tmp_path / "demo")


class Browser:
    """What a page can ask, and what it is told."""

    def __init__(self, house: House, session: aiohttp.ClientSession, address: str) -> None:
        self.house, self.session, self.address = house, session, address
        self.marks = 0

    async def get(self, path, **query):
        async with self.session.get(self.address + path, params=query) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path, **body):
        who = {"as": body.pop("who")} if "who" in body else {}
        async with self.session.post(self.address + path, json={**who, **body}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def status(self, method, path, **options):
        async with self.session.request(method, self.address + path, **options) as answer:
            await answer.read()
            return answer.status

    async def messages(self, who, room):
        return (await self.get("api/room", **{"as": who, "room": room}))["messages"]

    async def rooms(self, who):
        return {room["name"]: room for room in (await self.get("api/rooms", **{"as": who}))["rooms"]}

    @asynccontextmanager
    async def listening(self, who):
        """Listen as somebody; gives a function that collects what was heard until now."""
        async with self.session.ws_connect(f"{self.address}api/live?as={who}") as line:

            async def heard():
                events = []
                # A mark told to everybody closes the list, so nothing before it is still on its way.
                self.marks += 1
                mark = {"type": "mark", "number": self.marks}
                self.house.space.tell_everybody(mark)
                while (event := await line.receive_json(timeout=60)) != mark:
                    events.append(event)
                return [event for event in events if event["type"] != "mark"]

            yield heard


@asynccontextmanager
async def serving(folder):
    async with opened(folder) as house, aiohttp.ClientSession() as session:
        address = await house.app.start(0)
        await house.metronome.beat()
        yield Browser(house, session, address)


def words(messages):
    return json.dumps([message["content"] for message in messages])


async def test_the_page_is_served_to_this_machine_and_to_no_other_address(folder):
    async with serving(folder) as browser:
        port = int(browser.address.rsplit(":", 1)[1].strip("/"))
        assert browser.address == f"http://127.0.0.1:{port}/"
        assert await browser.status("GET", "") == 200
        for elsewhere in ("127.0.0.2", "::1"):
            with pytest.raises(OSError, match=r"."), socket.create_connection((elsewhere, port), timeout=2):
                pass


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "[::1]:{port}"]
)
async def test_a_page_that_another_name_leads_to_is_refused(folder, host):
    async with serving(folder) as browser:
        port = browser.address.rsplit(":", 1)[1].strip("/")
        for path in ("", "api/workspace", "app.js"):
            assert await browser.status("GET", path, headers={"Host": host.format(port=port)}) == 403
        named = {"Host": host.format(port=port)}
        assert await browser.status("POST", "api/say", headers=named, json={"as": "ada"}) == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost.evil.example"]
)
async def test_a_request_that_another_site_makes_is_refused(folder, origin):
    async with serving(folder) as browser:
        said = {"as": "ada", "room": "dm:ada", "text": "/circle leave"}
        assert await browser.status("POST", "api/say", headers={"Origin": origin}, json=said) == 403
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await browser.session.ws_connect(f"{browser.address}api/live?as=ada", headers={"Origin": origin})


async def test_the_page_itself_may_ask_by_number_and_by_name(folder):
    async with serving(folder) as browser:
        port = browser.address.rsplit(":", 1)[1].strip("/")
        for name in ("127.0.0.1", "localhost"):
            own = {"Host": f"{name}:{port}", "Origin": f"http://{name}:{port}"}
            assert await browser.status("GET", "api/workspace", headers=own) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"say"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"as": "ada", "id": 7}',
        b'{"as":"ada","id":" "}',
    ],
)
@pytest.mark.parametrize("path", ["say", "press", "submit", "import"])
async def test_what_no_page_sends_is_a_bad_request(folder, path, body):
    async with serving(folder) as browser:
        assert await browser.status("POST", f"api/{path}", data=body) == 400


@pytest.mark.parametrize(
    "who",
    ["", " ", "ada bob", "ada\n", "dm:ada", "a" * 65, "<b>", "../ada", "ada/x", None, 7, ["ada"], {"id": "ada"}, True],
)
async def test_what_cannot_be_a_person_cannot_act(folder, who):
    async with serving(folder) as browser:
        assert await browser.status("POST", "api/say", json={"as": who, "room": "dm:ada", "text": "hello"}) == 400
        assert await browser.status("POST", "api/press", json={"as": who, "call": "circle status"}) == 400
        if isinstance(who, str):
            for path in ("rooms", "room", "live"):
                assert await browser.status("GET", f"api/{path}", params={"as": who}) == 400


async def test_the_same_gesture_twice_has_one_effect_and_one_answer(folder):
    async with serving(folder) as browser:
        goal = {"who": "ada", "room": "dm:ada", "text": "/circle goal add Write the methods chapter", "id": "g1"}
        async with browser.listening("ada") as heard:
            twice = await asyncio.gather(browser.post("api/say", **goal), browser.post("api/say", **goal))
            assert twice[0] == twice[1] == await browser.post("api/say", **goal)
            replies = [event for event in await heard() if event["type"] == "message"]
        assert len(replies) == 1
        line = {"who": "ada", "room": "dm:ada", "text": "Good morning", "id": "s1"}
        assert [await browser.post("api/say", **line) for _ in range(3)] == [{"ok": True, "form": None}] * 3
        assert words(await browser.messages("ada", "dm:ada")).count("Good morning") == 1


async def test_the_same_gesture_after_a_restart_is_still_done_once(folder):
    line = {"who": "ada", "room": "dm:ada", "text": "Good morning", "id": "s1"}
    goal = {"who": "ada", "room": "dm:ada", "text": "/circle goal add Write the methods chapter", "id": "g1"}
    for _ in range(2):
        async with serving(folder) as browser:
            await browser.post("api/say", **line)
            await browser.post("api/say", **goal)
            assert words(await browser.messages("ada", "dm:ada")).count("Good morning") == 1
            async with browser.listening("ada") as heard:
                await browser.post("api/say", who="ada", room="dm:ada", text="/circle goal list")
                assert json.dumps(await heard()).count('"text": "Write the methods chapter"') == 1


async def test_the_same_id_of_two_people_is_two_gestures(folder):
    async with serving(folder) as browser:
        for who in ("ada", "bob"):
            await browser.post("api/say", who=who, room=f"dm:{who}", text=f"This is {who}", id="1")
            assert f"This is {who}" in words(await browser.messages(who, f"dm:{who}"))


async def test_nobody_reads_or_writes_a_room_that_she_is_not_in(folder):
    async with serving(folder) as browser:
        (circle,) = [room for room in (await browser.rooms("ada")).values() if room["kind"] == "circle"]
        assert await browser.messages("ada", circle["id"]) != []
        for stranger, room in (("rana", circle["id"]), ("bob", "dm:ada"), ("ada", "room:none"), ("ada", "")):
            assert await browser.messages(stranger, room) == []
            refused = await browser.post("api/say", who=stranger, room=room, text="May I come in?")
            assert refused == {"ok": False, "error": "You are not in this room."}
        assert "May I come in?" not in words(await browser.messages("ada", circle["id"]))


async def test_a_closed_room_takes_no_more_words_and_stays_to_read(folder):
    async with serving(folder) as browser:
        (circle,) = [room for room in (await browser.rooms("ada")).values() if room["kind"] == "circle"]
        await browser.house.space.close_room("demo", circle["id"])
        refused = await browser.post("api/say", who="ada", room=circle["id"], text="One more thing")
        assert refused == {"ok": False, "error": "This room is closed to new messages."}
        assert "Welcome" in words(await browser.messages("ada", circle["id"]))


async def test_words_that_are_too_long_are_refused_and_a_request_that_is_too_big_is_not_read(folder):
    async with serving(folder) as browser:
        assert (await browser.post("api/say", who="ada", room="dm:ada", text="a" * 4000))["ok"] is True
        refused = await browser.post("api/say", who="ada", room="dm:ada", text="a" * 4001)
        assert refused == {"ok": False, "error": "That is longer than 4,000 characters; it fits in parts."}
        assert (await browser.post("api/say", who="ada", room="dm:ada", text=" \n "))["ok"] is False
        assert len(await browser.messages("ada", "dm:ada")) == 1
        async with browser.listening("ada") as heard:
            await browser.post("api/say", who="ada", room="dm:ada", text="/circle goal add " + "a" * 100_000)
            assert [event["type"] for event in await heard()].count("message") == 1
        huge = {"as": "ada", "room": "dm:ada", "text": "a" * (3 * 1024 * 1024)}
        assert await browser.status("POST", "api/say", data=io.BytesIO(json.dumps(huge).encode())) == 413


async def test_personal_answers_and_messages_are_heard_by_the_right_person_only(folder):
    async with serving(folder) as browser:
        (circle,) = [room for room in (await browser.rooms("ada")).values() if room["kind"] == "circle"]
        async with browser.listening("ada") as ada, browser.listening("bob") as bob, browser.listening("rana") as rana:
            await browser.post("api/say", who="ada", room=circle["id"], text="/circle status")
            mine = [event["message"] for event in await ada() if event["type"] == "message"]
            assert [message["private"] for message in mine] == [True]
            assert [event["type"] for event in await bob() if event["type"] == "message"] == []
            assert [event["type"] for event in await rana() if event["type"] == "message"] == []
            await browser.post("api/say", who="ada", room=circle["id"], text="Hello, circle")
            assert "Hello, circle" in json.dumps(await ada())
            assert "Hello, circle" in json.dumps(await bob())
            assert "Hello, circle" not in json.dumps(await rana())
            await browser.house.space.tell("demo", "bob", message("For Bob"), "d-for-bob")
            assert "For Bob" in json.dumps(await bob())
            assert "For Bob" not in json.dumps([*await ada(), *await rana()])
        assert "Only for" not in words(await browser.messages("bob", circle["id"]))


async def test_a_form_is_asked_of_the_asker_and_its_answers_come_back_with_what_is_wrong_beside_them(folder):
    async with serving(folder) as browser:
        asked = (await browser.post("api/say", who="ada", room="dm:ada", text="/circle goal add"))["form"]
        assert asked["fields"][0]["name"] == "text"
        again = await browser.post(
            "api/submit", who="ada", room="dm:ada", call=asked["call"], answers={"text": "a" * 5000, "until": None}
        )
        assert again["form"] is None or any(field["error"] for field in again["form"]["fields"])
        assert await browser.status("POST", "api/submit", json={"as": "ada", "call": "x", "answers": ["a"]}) == 400


async def test_every_answer_carries_the_headers_that_keep_the_page_to_itself(folder):
    async with serving(folder) as browser:
        cases = (("GET", ""), ("GET", "app.js"), ("GET", "api/workspace"), ("GET", "none"), ("POST", "api/say"))
        for method, path in cases:
            async with browser.session.request(method, browser.address + path) as answer:
                assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, (method, path, answer.status)
        async with browser.session.get(browser.address, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
            assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "%2e%2e/app.py",
        "..%2fapp.py",
        "%2e%2e%2f%2e%2e%2fcli.py",
        "page/../../app.py",
        "//etc/passwd",
        "....//app.py",
    ],
)
async def test_only_the_files_of_the_page_are_served(folder, path):
    async with serving(folder) as browser:
        port = int(browser.address.rsplit(":", 1)[1].strip("/"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        assert answer.split(b" ")[1] in {b"403", b"404"}
        assert b"import" not in answer
        assert b"root:" not in answer


async def test_where_the_clock_stands_is_written_down_at_once_for_a_crash_may_come(folder):
    async with serving(folder) as browser:
        coming = ""
        while not coming.endswith("(getting ready)"):  # then nothing is said yet that would show the time
            coming = (await browser.get("api/workspace"))["clock"]["next"]["what"]
            moved = await browser.post("api/clock", do="next")
        written = Space(Journal(folder / "workspace.jsonl"), browser.house.clock).last_now
        assert written == datetime.fromisoformat(moved["clock"]["now"])


async def test_the_clock_moves_to_the_next_event_and_stands_there_after_a_restart(folder):
    async with serving(folder) as browser:
        before = (await browser.get("api/workspace"))["clock"]
        assert before["movable"] is True
        assert before["next"]["what"] != ""
        moved = await browser.post("api/clock", do="next")
        assert moved["clock"]["now"] == before["next"]["at"]
        room = [(m["id"], m["content"]) for m in await browser.messages("ada", "dm:ada")]
        rooms = await browser.rooms("ada")
    async with serving(folder) as browser:
        assert (await browser.get("api/workspace"))["clock"]["now"] == moved["clock"]["now"]
        assert [(m["id"], m["content"]) for m in await browser.messages("ada", "dm:ada")] == room
        assert {name: room["people"] for name, room in (await browser.rooms("ada")).items()} == {
            name: room["people"] for name, room in rooms.items()
        }


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"do": "back"}, "The clock can't do “back”."),
        ({}, "The clock can't do “None”."),
        ({"do": "play", "speed": "fast"}, "A speed is a number of hours a second."),
        ({"do": "play", "speed": None}, "A speed is a number of hours a second."),
        ({"do": "play", "speed": True}, "A speed is a number of hours a second."),
        ({"do": "play", "speed": float("nan")}, "A speed is a number of hours a second."),
        ({"do": "play", "speed": float("inf")}, "A speed is a number of hours a second."),
    ],
)
async def test_a_clock_refuses_what_it_cannot_do_and_says_so(folder, asked, error):
    async with serving(folder) as browser:
        assert await browser.post("api/clock", **asked) == {"ok": False, "error": error}
        assert (await browser.get("api/workspace"))["clock"]["playing"] is False


async def test_before_there_are_circles_the_clock_says_that_nothing_lies_ahead(tmp_path):
    async with serving(tmp_path / "new") as browser:
        assert (await browser.get("api/workspace"))["clock"]["next"] is None
        assert await browser.post("api/clock", do="next") == {"ok": False, "error": "Nothing is planned ahead yet."}
        assert datetime.fromisoformat((await browser.get("api/workspace"))["clock"]["now"]) == MONDAY


async def test_before_there_are_circles_playing_says_so_too_and_does_not_begin(tmp_path):
    async with serving(tmp_path / "new") as browser:
        asked = await browser.post("api/clock", do="play", speed=168)
        assert asked == {"ok": False, "error": "Nothing is planned ahead yet."}
        assert (await browser.get("api/workspace"))["clock"]["playing"] is False


async def test_while_the_clock_plays_slowly_it_moves_between_events_too(folder):
    async with serving(folder) as browser:
        async with browser.session.ws_connect(f"{browser.address}api/live?as=ada") as line:
            await browser.post("api/clock", do="play", speed=6)
            seen = set()
            while len(seen) < 4:
                event = await line.receive_json(timeout=20)
                if event["type"] == "clock":
                    seen.add(datetime.fromisoformat(event["clock"]["now"]))
            await browser.post("api/clock", do="stop")
        clock = (await browser.get("api/workspace"))["clock"]
        assert clock["playing"] is False
        assert MONDAY < max(seen) < MONDAY + timedelta(days=2)
        assert datetime.fromisoformat(clock["now"]) >= max(seen)


async def test_nobody_answers_for_those_whom_a_page_acts_as(folder):
    async with serving(folder) as browser:
        async with browser.listening("ada"):
            await browser.post("api/clock", do="lively", lively=True)
            for _week in range(5):
                await browser.post("api/clock", do="week")
            own = words(await browser.messages("ada", "dm:ada"))
        assert "Did you meet" in own
        assert "Noted" not in own
        everybody = [person["id"] for person in (await browser.get("api/workspace"))["people"]]
        others = [words(await browser.messages(who, f"dm:{who}")) for who in everybody if who != "ada"]
        assert sum("Noted" in said for said in others) > 5


async def test_the_calendar_lists_what_will_be_sent_and_never_its_words_or_for_whom(folder):
    async with serving(folder) as browser:
        entries = (await browser.get("api/calendar"))["entries"]
        heads_up = next(entry for entry in entries if entry["what"] == "heads-up before round 1")
        assert heads_up == {
            "at": "2027-03-07T06:00:00Z",
            "when": "the working day before Mon 8 Mar",
            "what": "heads-up before round 1",
            "to": "Women in science, circle 1",
            "count": 20,
        }
        assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
        assert sum(entry["what"].endswith("begins") for entry in entries) == 20
        people = (await browser.get("api/workspace"))["people"]
        assert not [person["name"] for person in people if person["name"] in json.dumps(entries)]


async def test_before_circles_are_formed_the_calendar_shows_how_it_would_be(tmp_path):
    async with serving(tmp_path / "new") as browser:
        entries = (await browser.get("api/calendar"))["entries"]
        assert sum(entry["what"].endswith("begins") for entry in entries) == 20


async def test_received_counts_a_week_of_ones_own_and_not_what_a_whole_circle_reads(folder):
    async with serving(folder) as browser:
        await browser.post("api/clock", do="week")
        listed = {one["id"]: one for one in (await browser.get("api/received"))["people"]}
        assert listed["ada"]["name"] == "Ada Nwankwo"
        assert (listed["ada"]["week"], listed["ada"]["total"]) == (1, 2)
        assert max(one["week"] for one in listed.values()) <= 2


async def test_a_roster_with_bad_lines_says_each_of_them_and_brings_nobody_in(folder):
    roster = (
        "user,name,stance,offers,wants,languages,zone,institution,stage\n"
        "new1,New One,mentor,statistics,,English,Mars/Olympus,Red Planet College,senior\n"
        "new2,New Two,queen,statistics,,English,Asia/Amman,Wadi College,senior\n"
        "new3,New Three,mentor,statistics,,English,Asia/Amman,Hill College,senior\n"
    )
    async with serving(folder) as browser:
        refused = await browser.post("api/import", who="rana", csv=roster)
        assert refused["ok"] is False
        assert {problem["line"] for problem in refused["problems"]} == {2, 3}
        assert all(problem["column"] and problem["what"] for problem in refused["problems"])
        assert not {"new1", "new2", "new3"} & {
            person["id"] for person in (await browser.get("api/workspace"))["people"]
        }
        outsider = await browser.post("api/import", who="ada", csv=roster)
        assert outsider["message"] == "Only organisers of a programme can import its roster."


ZOE = (
    "user,name,stance,offers,wants,languages,zone,institution,stage\n"
    "zoe,Zoé Lindqvist,mentor,statistics,,English,Europe/Stockholm,Mälarvik College,senior\n"
)
UNREADABLE = (
    "Some letters cannot be read, the first of them in line 2. Please save the file as “CSV UTF-8” and send it again."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
async def test_a_file_is_read_whatever_spreadsheet_wrote_it(folder, encoding):
    async with serving(folder) as browser:
        file = base64.b64encode(ZOE.encode(encoding)).decode()
        assert await browser.post("api/roster/read", file=file) == {"ok": True, "csv": ZOE}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (ZOE.encode("latin-1"), UNREADABLE),
        (ZOE.encode("latin-1").decode("utf-8", "replace").encode(), UNREADABLE),
        (b"PK\x03\x04sheet", "This is a spreadsheet file. Please save it as “CSV UTF-8” in your spreadsheet"),
        (ZOE.replace("é", "e").replace("ä", "a").encode("utf-16-le"), "This does not look like a text file."),
        (b"a" * (2 * 1024 * 1024 + 1), "The file is larger than 2 MB."),
    ],
    ids=["latin-1", "letters lost before", "spreadsheet", "utf-16 without a mark", "large"],
)
async def test_a_file_that_is_no_readable_text_is_refused_with_the_sentence_of_the_importer(folder, data, said):
    async with serving(folder) as browser:
        body = io.BytesIO(json.dumps({"file": base64.b64encode(data).decode()}).encode())
        async with browser.session.post(browser.address + "api/roster/read", data=body) as given:
            answer = await given.json()
        assert (answer["ok"], answer["problems"]) == (False, [])
        assert answer["message"].startswith(said)


@pytest.mark.parametrize("file", [None, 7, "é", "a", "====", "data:text/csv;base64,YQ=="])
async def test_what_is_no_file_is_a_bad_request(folder, file):
    async with serving(folder) as browser:
        status = await browser.status("POST", "api/roster/read", json={"file": file})
        assert status == 400


@pytest.mark.parametrize("lost", ["\ufffd", "half \ud800 of one"], ids=["a sign", "half of one"])
async def test_a_pasted_roster_with_lost_letters_is_refused_whole(folder, lost):
    async with serving(folder) as browser:
        refused = await browser.post("api/import", who="rana", csv=ZOE.replace("é", lost))
        assert refused == {"ok": False, "problems": [], "message": UNREADABLE}
        assert "zoe" not in {person["id"] for person in (await browser.get("api/workspace"))["people"]}


async def test_a_roster_for_one_of_several_programmes_waits_for_her_choice(folder):
    async with serving(folder) as browser:
        await browser.house.does("rana", "/programme setup 1", **ALUMNAE)
        about = await browser.get("api/roster", **{"as": "rana"})
        assert about["programmes"] == [
            {"slug": "alumnae", "name": "Alumnae"},
            {"slug": "women-in-science", "name": "Women in science"},
        ]
        refused = await browser.post("api/import", who="rana", csv=ZOE)
        assert refused["ok"] is False
        assert refused["message"] == (
            "You organise Alumnae and Women in science. Please choose which of them this roster is for."
        )
        assert "zoe" not in {person["id"] for person in (await browser.get("api/workspace"))["people"]}
        done = await browser.post("api/import", who="rana", csv=ZOE, programme="women-in-science")
        assert done["message"] == "1 person is on the waiting list of Women in science."
        not_hers = await browser.post("api/import", who="huda", csv=ZOE, programme="alumnae")
        assert not_hers["message"] == "Only organisers of a programme can import its roster."


async def test_the_sample_opens_in_a_spreadsheet_and_its_first_line_is_the_example(folder):
    async with serving(folder) as browser:
        about = await browser.get("api/roster", **{"as": "rana"})
        async with browser.session.get(browser.address + about["sample"]) as answer:
            sample = await answer.read()
        assert sample.startswith(b"\xef\xbb\xbfuser,name,")
        assert sample.decode("utf-8-sig").startswith(about["example"])
        assert about["example"].count("\n") == 2
        assert (await browser.get("api/roster", **{"as": "ada"}))["programmes"] == []


async def test_unread_is_what_others_wrote_since_one_looked(folder):
    async with serving(folder) as browser:
        (circle,) = [room for room in (await browser.rooms("ada")).values() if room["kind"] == "circle"]
        await browser.messages("ada", circle["id"])
        await browser.post("api/say", who="ada", room=circle["id"], text="Hello")
        assert (await browser.rooms("ada"))[circle["name"]]["unread"] == 0
        await browser.post("api/say", who="bob", room=circle["id"], text="Hello, Ada")
        assert (await browser.rooms("ada"))[circle["name"]]["unread"] == 1
        await browser.messages("ada", circle["id"])
        assert (await browser.rooms("ada"))[circle["name"]]["unread"] == 0


async def test_a_workspace_in_real_time_has_a_clock_that_nobody_moves(tmp_path):
    desk = Desk(stores.new(tmp_path))
    clock = WallClock()
    space = Space(Journal(None), clock)
    app = LocalApp(desk, space, clock, Metronome(desk, Courier(desk, {"local": space}), clock), "local")
    async with aiohttp.ClientSession() as session:
        try:
            address = await app.start(0)
            async with session.get(address + "api/workspace") as answer:
                shown = await answer.json()
            assert shown["clock"]["movable"] is False
            assert abs(datetime.fromisoformat(shown["clock"]["now"]) - datetime.now(UTC)) < timedelta(minutes=1)
            assert [person["id"] for person in shown["people"]] == ["ada"]
            async with session.post(address + "api/clock", json={"do": "next"}) as answer:
                assert (await answer.json())["error"].startswith("This workspace lives in real time")
        finally:
            await app.stop()
            desk.close()


class Choked:
    """A page whose line takes nothing."""

    closed = False

    async def send_json(self, _event):
        await asyncio.Event().wait()


async def test_a_page_that_cannot_keep_up_is_asked_to_load_everything_again():
    outgoing = Outgoing(Choked())
    for number in range(MOST_EVENTS + 1):
        outgoing.put({"type": "clock", "number": number})
    waiting = [outgoing._events.get_nowait() for _ in range(outgoing._events.qsize())]
    outgoing.close()
    assert waiting == [{"type": "again"}]


async def test_a_room_with_voice_is_a_room_like_any_other_in_the_local_workspace(tmp_path):
    space = Space(Journal(tmp_path / "workspace.jsonl"), WallClock())
    opening = Opening("", "Jasmine", ("ada", "bob"), is_lasting=True, card=message("Gently"), has_voice=True)
    place = (await space.open_room("demo", opening, "d1")).place
    await space.post("demo", place, message("Hello"), "d2")
    assert "Hello" in str(space.read("bob", place))
    space.close()


async def test_a_message_with_the_same_nonce_is_said_once_also_after_a_restart(tmp_path):
    journal = tmp_path / "workspace.jsonl"
    for _ in range(2):
        space = Space(Journal(journal), WallClock())
        place = (await space.open_room("demo", Opening("", "Round 1: Ada and Bob", ("ada", "bob")), "d1")).place
        assert (await space.open_room("demo", Opening("", "Round 1: Ada and Bob", ("ada", "bob")), "d1")).place == place
        said = {await space.post("demo", place, message("Hello"), "d2") for _ in range(3)}
        told = {await space.tell("demo", "ada", message("Psst"), "d3") for _ in range(3)}
        assert (len(said), len(told)) == (1, 1)
        assert len(space.read("bob", place)) == 1
        assert len(space.read("ada", "dm:ada")) == 1
        assert len(space.received["ada"]) == 2
        space.close()


async def test_what_a_crash_left_unfinished_is_cut_off_and_the_journal_goes_on(tmp_path):
    journal = tmp_path / "workspace.jsonl"
    space = Space(Journal(journal), WallClock())
    await space.tell("demo", "ada", message("First"), "d1")
    space.close()
    whole = journal.read_bytes()
    for torn in (b'{"do": "sa', b'{"do": "say", "id": "m2"}', "{“".encode()[:2]):
        journal.write_bytes(whole + torn)
        space = Space(Journal(journal), WallClock())
        assert journal.read_bytes() == whole
        await space.tell("demo", "ada", message("Second"), "d2")
        space.close()
        again = Space(Journal(journal), WallClock())
        assert [m["content"]["blocks"][0]["spans"][0]["text"] for m in again.read("ada", "dm:ada")] == [
            "First",
            "Second",
        ]
        again.close()
