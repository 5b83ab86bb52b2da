"""The courier: what waits in the outbox is said once, or its end is written down, whatever the chat does."""

import asyncio
import logging
import shutil
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import TryLater, Unreachable
from bot.deliver import AT_ONCE, LEASE, MOST_ATTEMPTS, Courier
from bot.desk import Desk
from circles import outbox
from circles.effects import CloseRoom, OpenRoom, Post, Tell
from circles.messages import message
from storage import deliveries, open_store, people
from storage.tables import Delivery

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
ENDS = {"sent", "unreachable", "expired"}
HELLO = message("Hello")


class Chat:
    """A platform in memory: it says each nonce once, and first does what the next planned fault asks for.

    A fault is raised before anything is said; one in ``after`` when it was said already: then nobody knows.
    """

    def __init__(self, faults=(), after=()):
        self.faults = list(faults)
        self.after = list(after)
        self.said: dict[str, str] = {}
        self.tries: list[str] = []
        self.rooms: dict[str, list[str]] = {}
        self.closed: list[str] = []

    async def _say(self, nonce, what):
        self.tries.append(nonce)
        await self._fail(self.faults)
        self.said.setdefault(nonce, what)
        await self._fail(self.after)

    async def _fail(self, faults):
        fault = faults.pop(0) if faults else None
        if fault == "hang":
            await asyncio.Event().wait()
        elif fault is not None:
            raise fault

    async def tell(self, workspace, person, message, nonce):
        await self._say(nonce, f"{person}: {message.plain()}")
        return f"m-{nonce}"

    async def post(self, workspace, room, message, nonce):
        assert room in self.rooms, "a platform knows no such room"
        await self._say(nonce, f"#{room}: {message.plain()}")
        return f"m-{nonce}"

    async def open_room(self, workspace, room, name, people, nonce):
        await self._say(nonce, f"room {name}")
        place = room or f"R{nonce}"
        self.rooms[place] = people
        return place

    async def close_room(self, workspace, room):
        self.closed.append(room)


class Post_office:  # noqa: N801 - one word in English, two here
    """A workspace with ada and bob, its outbox, and a courier to a chat."""

    def __init__(self, store, chat, **more):
        self.store = store
        self.chat = chat
        self.desk = Desk(store)
        self.courier = Courier(self.desk, {"local": chat} if chat else {}, **more)
        with store.writing() as db:
            self.workspace = people.workspace(db, "local", "lab").id
            self.ada = people.person(db, self.workspace, "ada").id
            self.bob = people.person(db, self.workspace, "bob").id

    def put(self, *acts):
        """Put acts into the outbox, ready to go."""
        with self.store.writing() as db:
            outbox.put(db, self.workspace, acts, NOW)
            for act in acts:
                row = self.row(act.key, db)
                row.state = "ready"
                db.add(row)

    def row(self, key, db=None) -> Delivery:
        if db is not None:
            return deliveries.by_key(db, self.workspace, key)
        with self.store.writing() as own:
            return deliveries.by_key(own, self.workspace, key)

    def room(self, key):
        with self.store.writing() as db:
            return deliveries.room(db, self.workspace, key)

    def hello(self, key="hello", **more):
        self.put(Tell(key, self.ada, HELLO, "test", **more))

    async def pump(self, **later):
        return await self.courier.pump(NOW + timedelta(**later))


@pytest.fixture
def office(sqlite_store):
    made = []

    def make(chat, **more):
        made.append(Post_office(sqlite_store, chat, **more))
        return made[-1]

    yield make
    for one in made:
        one.desk._thread.shutdown(wait=True)


async def test_what_is_ready_is_said_and_written_down(office):
    at = office(Chat())
    at.hello()
    assert await at.pump() == 1
    row = at.row("hello")
    assert (row.state, row.sent_at, row.place, row.attempts) == ("sent", NOW, f"m-d{row.id}", 1)
    assert list(at.chat.said.values()) == ["ada: Hello"]
    assert await at.pump(hours=1) == 0


async def test_try_later_waits_as_long_as_the_chat_asks_and_counts_no_attempt(office):
    at = office(Chat([TryLater("busy", timedelta(minutes=3))] * 20))
    at.hello()
    for turn in range(20):
        assert await at.pump(minutes=3 * turn) == 0
        assert await at.pump(minutes=3 * turn + 2) == 0
    assert (at.row("hello").state, at.row("hello").attempts) == ("ready", 0)
    assert await at.pump(minutes=60) == 1
    assert len(at.chat.tries) == 21


async def test_unreachable_is_an_end(office):
    at = office(Chat([Unreachable("her messages are closed")]))
    at.hello()
    await at.pump()
    assert (at.row("hello").state, at.row("hello").last_error) == ("unreachable", "her messages are closed")
    await at.pump(days=9)
    assert at.chat.tries == [f"d{at.row('hello').id}"]


async def test_an_unclear_end_is_tried_again_under_the_same_nonce_when_the_lease_is_over(office):
    at = office(Chat(after=[ConnectionError("who knows")]))
    at.hello()
    assert await at.pump() == 0
    assert at.row("hello").state == "sending"
    assert await at.pump(seconds=LEASE.total_seconds() - 1) == 0
    assert len(at.chat.tries) == 1
    assert await at.pump(seconds=LEASE.total_seconds()) == 1
    assert at.chat.tries == [f"d{at.row('hello').id}"] * 2
    assert len(at.chat.said) == 1


async def test_a_chat_that_hangs_is_given_up_after_the_timeout_and_tried_again(office):
    at = office(Chat(["hang"]), timeout=0.02)
    at.hello("first")
    at.hello("second")
    assert await at.pump() == 1
    assert (at.row("first").state, at.row("first").last_error) == ("sending", "TimeoutError")
    assert at.row("second").state == "sent"
    assert await at.pump(seconds=60) == 1


async def test_after_eight_unclear_ends_it_counts_as_unreachable(office):
    at = office(Chat([RuntimeError("secret words of ada")] * 9))
    at.hello()
    for turn in range(MOST_ATTEMPTS + 3):
        await at.pump(minutes=turn)
    assert (at.row("hello").state, at.row("hello").last_error) == ("unreachable", "RuntimeError")
    assert len(at.chat.tries) == MOST_ATTEMPTS == 8


async def test_a_lost_lease_writes_nothing(office, sqlite_store):
    class Slow(Chat):
        async def tell(self, workspace, person, message, nonce):
            with sqlite_store.writing() as db:  # meanwhile the lease ended, and another sender took it up
                assert len(deliveries.claim(db, NOW + LEASE, lease=LEASE, owner="other", limit=9)) == 1
            return await super().tell(workspace, person, message, nonce)

    at = office(Slow())
    at.hello()
    await at.pump()
    row = at.row("hello")
    assert (row.state, row.lease_owner, row.place, row.fence) == ("sending", "other", "", 2)


async def test_what_is_too_late_expires_and_is_not_said(office):
    at = office(Chat())
    at.hello("late", not_after=NOW - timedelta(seconds=1))
    at.hello("in time", not_after=NOW)
    assert await at.pump() == 1
    assert (at.row("late").state, at.row("late").last_error) == ("expired", "late")
    assert at.row("in time").state == "sent"


async def test_what_may_have_been_said_is_settled_even_when_it_is_late_by_now(office):
    at = office(Chat(after=[ConnectionError()]))
    at.hello(not_after=NOW + timedelta(seconds=30))
    await at.pump()
    assert await at.pump(seconds=61) == 1
    assert at.row("hello").state == "sent"


async def test_a_rate_limit_does_not_keep_a_late_message_alive(office):
    at = office(Chat([TryLater("busy")]))
    at.hello(not_after=NOW + timedelta(seconds=30))
    await at.pump()
    await at.pump(minutes=1)
    assert at.row("hello").state == "expired"


async def test_posts_wait_for_their_room_and_follow_it_at_once(office):
    at = office(Chat([TryLater("busy")]))
    at.put(
        Post("post", "p1:circle1", HELLO, "test"),
        OpenRoom("open", "p1:circle1", "circle-1", (at.ada, at.bob)),
        Post("after", "p1:circle1", message("Welcome"), "test"),
    )
    assert await at.pump() == 0
    assert at.room("p1:circle1").state == "asked"
    assert await at.pump(minutes=1) == 3 - 2 + 2
    assert at.room("p1:circle1").state == "open"
    place = at.room("p1:circle1").place
    assert at.chat.rooms == {place: ["ada", "bob"]}
    assert sorted(said for said in at.chat.said.values() if said.startswith("#")) == [
        f"#{place}: Hello",
        f"#{place}: Welcome",
    ]


async def test_a_post_in_the_same_batch_goes_into_the_room_that_was_just_opened(office):
    at = office(Chat())
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)), Post("post", "r", HELLO, "test"), CloseRoom("close", "r"))
    assert await at.pump() == 3
    assert at.room("r").state == "closed"
    assert at.chat.closed == [at.room("r").place]


async def test_when_its_room_can_not_be_opened_a_post_comes_to_an_end_instead_of_waiting_for_ever(office):
    at = office(Chat([Unreachable("no right to open rooms")]))
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)), Post("post", "r", HELLO, "test"), CloseRoom("close", "r"))
    for turn in range(4):
        await at.pump(seconds=5 * turn)
    assert [at.row(key).state for key in ("open", "post", "close")] == ["unreachable"] * 3
    assert at.row("post").last_error == "the room could not be opened"


async def test_a_room_asked_for_again_after_a_refusal_is_there_for_its_posts(office):
    at = office(Chat([Unreachable("not now")]))
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)))
    await at.pump()
    at.put(OpenRoom("again", "r", "circle-1", (at.ada,)), Post("post", "r", HELLO, "test"))
    assert await at.pump() == 2
    assert at.room("r").state == "open"


async def test_a_post_that_waits_for_its_room_expires_too(office):
    at = office(Chat())
    at.put(Post("post", "r", HELLO, "test", not_after=NOW + timedelta(minutes=1)))
    await at.pump()
    await at.pump(minutes=2)
    assert at.row("post").state == "expired"


async def test_setting_the_people_of_an_open_room_keeps_its_place(office):
    at = office(Chat())
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)))
    await at.pump()
    place = at.room("r").place
    at.put(OpenRoom("more", "r", "circle-1", (at.ada, at.bob)))
    await at.pump()
    assert at.chat.rooms == {place: ["ada", "bob"]}


async def test_who_is_no_longer_known_does_not_keep_a_room_from_opening(office):
    at = office(Chat())
    at.put(OpenRoom("open", "r", "circle-1", (at.ada, 999)))
    assert await at.pump() == 1
    assert list(at.chat.rooms.values()) == [["ada"]]


async def test_a_row_that_can_not_be_read_holds_up_nobody_and_ends_after_eight_tries(office, caplog):
    at = office(Chat())
    for number in range(AT_ONCE + 5):
        at.hello(f"odd{number}")
    with at.store.writing() as db:
        for number in range(AT_ONCE + 5):
            row = at.row(f"odd{number}", db)
            row.effect = '{"v": 99, "value": null}'
            db.add(row)
    at.hello("good")
    with caplog.at_level(logging.CRITICAL):
        assert await at.pump() == 1
        assert (at.row("odd0").state, at.row("odd0").last_error) == ("ready", "ValueError")
        for turn in range(1, 9):
            await at.pump(minutes=10 * turn)
    assert (at.row("odd0").state, at.row("odd0").attempts) == ("unreachable", MOST_ATTEMPTS)


async def test_what_is_for_a_chat_that_is_not_connected_waits_until_it_is(office):
    away = office(None)
    away.hello()
    assert await away.pump() == 0
    assert (away.row("hello").state, away.row("hello").attempts) == ("ready", 0)
    back = office(Chat())
    assert await back.pump(minutes=10) == 1


async def test_more_than_a_batch_goes_out_in_one_pump(office):
    at = office(Chat())
    for number in range(2 * AT_ONCE + 3):
        at.hello(f"h{number}")
    assert await at.pump() == 2 * AT_ONCE + 3


async def test_a_pump_that_is_broken_off_has_written_down_what_was_said_and_given_back_the_rest(office):
    class Stopping(Chat):
        async def tell(self, workspace, person, message, nonce):
            if len(self.said) == 2:
                self.is_stuck.set()
                await asyncio.Event().wait()
            return await super().tell(workspace, person, message, nonce)

    chat = Stopping()
    chat.is_stuck = asyncio.Event()
    at = office(chat)
    for number in range(5):
        at.hello(f"h{number}")
    pumping = asyncio.create_task(at.pump())
    await chat.is_stuck.wait()
    pumping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pumping
    assert [at.row(f"h{n}").state for n in range(5)] == ["sent", "sent", "sending", "ready", "ready"]
    assert at.row("h4").attempts == 0


FAULTS = st.sampled_from(["none", "none", "none", "later", "before", "after", "hang", "unreachable"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.lists(FAULTS, min_size=1, max_size=12), st.integers(1, 25), st.booleans())
def test_over_any_faults_nothing_is_lost_and_nothing_is_said_twice(
    sqlite_template, tmp_path_factory, seed, faults, many, is_shared
):
    rng = Random(seed)

    class Faulty(Chat):
        said_count = 0

        async def _say(self, nonce, what):
            fault = rng.choice(faults)
            self.faults = {
                "later": [TryLater("busy", timedelta(seconds=rng.randrange(1, 90)))],
                "before": [ConnectionError()],
                "hang": ["hang"],
                "unreachable": [Unreachable("gone")],
            }.get(fault, [])
            self.after = [ConnectionError()] if fault == "after" else []
            known = nonce in self.said
            try:
                await super()._say(nonce, what)
            finally:
                self.said_count += nonce in self.said and not known

    async def play(store):
        at = Post_office(store, Faulty(), timeout=0.002)
        couriers = [at.courier, Courier(at.desk, {"local": at.chat}, timeout=0.002)][: 2 if is_shared else 1]
        at.put(*(Tell(f"t{n}", rng.choice([at.ada, at.bob]), HELLO, "test") for n in range(many)))
        at.put(OpenRoom("open", "r", "circle-1", (at.ada, at.bob)), Post("post", "r", HELLO, "test"))
        moment = NOW
        for _turn in range(MOST_ATTEMPTS * 40):
            await asyncio.gather(*(courier.pump(moment) for courier in couriers))
            with store.writing() as db:
                due = deliveries.next_run_at(db)
            if due is None:
                break
            moment = max(moment + timedelta(seconds=1), due)
        with store.writing() as db:
            counted = deliveries.counted(db, at.workspace)
            rows = [at.row(key, db) for key in (*(f"t{n}" for n in range(many)), "open", "post")]
        is_endless = set(faults) == {"later"}
        assert is_endless or set(counted) <= ENDS, counted
        assert sum(counted.values()) == many + 2
        assert at.chat.said_count == len(at.chat.said)
        for row in rows:
            if row.state == "sent":
                assert f"d{row.id}" in at.chat.said
            if f"d{row.id}" not in at.chat.said:
                assert row.state != "sent"
        at.desk._thread.shutdown(wait=True)

    folder = tmp_path_factory.mktemp("any")
    store = open_store(str(shutil.copy(sqlite_template, folder / "halqa.db")))
    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(play(store))
    finally:
        logging.disable(logging.NOTSET)
        store.close()
