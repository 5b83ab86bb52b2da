"""The courier: what waits in the outbox is said once, or its end is written down, whatever the chat does."""

import asyncio
import logging
from datetime import timedelta

import pytest
from post_office import HELLO, NOW, Chat, PostOffice

from bot.chat import TryLater, Unreachable
from bot.deliver import AT_ONCE, LEASE, MOST_ATTEMPTS, nonce_of
from circles import outbox
from circles.effects import CloseRoom, OpenRoom, Post
from circles.messages import message
from storage import deliveries


@pytest.fixture
def office(sqlite_store):
    made = []

    def make(chat, **more):
        made.append(PostOffice(sqlite_store, chat, **more))
        return made[-1]

    yield make
    for one in made:
        one.desk._thread.shutdown(wait=True)


async def test_what_is_ready_is_said_and_written_down(office):
    at = office(Chat())
    at.hello()
    assert await at.pump() == 1
    row = at.row("hello")
    assert (row.state, row.sent_at, row.place, row.attempts) == ("sent", NOW, f"m-{nonce_of(row)}", 1)
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
    assert at.chat.tries == [nonce_of(at.row("hello"))]


async def test_an_unclear_end_is_tried_again_under_the_same_nonce_when_the_lease_is_over(office):
    at = office(Chat(after=[ConnectionError("who knows")]))
    at.hello()
    assert await at.pump() == 0
    assert at.row("hello").state == "sending"
    assert await at.pump(seconds=LEASE.total_seconds() - 1) == 0
    assert len(at.chat.tries) == 1
    assert await at.pump(seconds=LEASE.total_seconds()) == 1
    assert at.chat.tries == [nonce_of(at.row("hello"))] * 2
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


# Where a platform does not know a nonce, or not for long.


class Forgetful(Chat):
    """A platform that says whatever it is given, however often."""

    knows_nonces = timedelta(0)


class Remembering(Chat):
    """A platform that knows a nonce for two minutes."""

    knows_nonces = timedelta(minutes=2)


async def test_what_may_have_been_said_is_not_said_again_and_the_reader_gets_another_way_to_it(office, sqlite_store):
    at = office(Forgetful(after=[ConnectionError("who knows")]))
    at.hello()
    await at.pump()
    outbox.release(sqlite_store, NOW, {})
    assert (at.row("hello").state, at.row("hello").last_error) == ("unreachable", "ConnectionError")
    for minutes in range(1, 10):
        await at.pump(minutes=minutes)
    assert at.chat.tries.count(nonce_of(at.row("hello"))) == 1
    note = at.row(f"again:{at.row('hello').id}")
    assert note.state == "sent"
    assert "may not have reached you" in at.chat.said[nonce_of(note)]


async def test_what_was_certainly_not_said_is_said_later_though_the_platform_knows_no_nonce(office):
    at = office(Forgetful([TryLater("busy"), TryLater("busy")]))
    at.hello()
    await at.pump()
    await at.pump(minutes=1)
    assert await at.pump(minutes=2) == 1
    assert len(at.chat.said) == 1


async def test_what_a_killed_sender_had_begun_is_not_said_again(office, sqlite_store):
    at = office(Forgetful())
    at.hello()
    with sqlite_store.writing() as db:
        (row,) = deliveries.claim(db, NOW, lease=LEASE, owner="killed", limit=9)
        assert deliveries.begin(db, row, NOW)
    await at.pump(minutes=2)
    assert at.row("hello").state == "unreachable"
    assert nonce_of(at.row("hello")) not in at.chat.tries


async def test_what_a_killed_sender_had_leased_and_not_begun_is_said(office, sqlite_store):
    at = office(Forgetful())
    at.hello()
    with sqlite_store.writing() as db:
        assert len(deliveries.claim(db, NOW, lease=LEASE, owner="killed", limit=9)) == 1
    assert await at.pump(minutes=2) == 1


async def test_the_same_nonce_is_tried_again_while_the_platform_knows_it_and_no_longer(office):
    at = office(Remembering(after=[ConnectionError("who knows")] * 9))
    at.hello()
    await at.pump()
    await at.pump(minutes=1)
    await at.pump(minutes=6)
    assert at.chat.tries.count(nonce_of(at.row("hello"))) == 2
    assert at.row("hello").state == "unreachable"


async def test_a_limit_after_an_unclear_try_does_not_make_it_clear(office):
    at = office(
        Remembering(after=[ConnectionError("who knows")], faults=[None, TryLater("busy", timedelta(minutes=5))])
    )
    at.hello()
    await at.pump()
    await at.pump(minutes=1)
    await at.pump(minutes=7)
    assert at.chat.tries.count(nonce_of(at.row("hello"))) == 2
    assert at.row("hello").state == "unreachable"


async def test_a_note_is_tried_until_it_gets_through(office, sqlite_store):
    at = office(Forgetful(after=[ConnectionError()], faults=[None, *[OSError("down")] * 12]))
    at.hello()
    await at.pump()
    outbox.release(sqlite_store, NOW, {})
    for minutes in range(10, 200, 10):
        await at.pump(minutes=minutes)
    assert at.row(f"again:{at.row('hello').id}").state == "sent"


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


async def test_posts_wait_for_their_room_and_follow_it(office):
    at = office(Chat([TryLater("busy")]))
    at.put(
        Post("post", "p1:circle1", HELLO, "test"),
        OpenRoom("open", "p1:circle1", "circle-1", (at.ada, at.bob)),
        Post("after", "p1:circle1", message("Welcome"), "test"),
    )
    assert await at.pump() == 0
    assert at.room("p1:circle1").state == "asked"
    assert await at.pump(minutes=1) == 1
    assert await at.pump(minutes=1, seconds=5) == 2
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


async def test_a_room_asked_for_twice_at_once_is_opened_once_with_the_later_people(office):
    at = office(Chat())
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)), OpenRoom("more", "r", "circle-1", (at.ada, at.bob)))
    assert await at.pump() == 2
    assert list(at.chat.rooms.values()) == [["ada", "bob"]]


@pytest.mark.parametrize("later", [OpenRoom("later", "r", "circle-1", (2,)), CloseRoom("later", "r")])
async def test_what_waited_for_its_next_try_does_not_undo_what_was_done_about_the_room_since(office, later):
    at = office(Chat())
    at.put(OpenRoom("open", "r", "circle-1", (at.ada,)))
    await at.pump()
    at.chat.faults.append(TryLater("busy", timedelta(minutes=3)))
    at.put(OpenRoom("more", "r", "circle-1", (at.ada, at.bob)), later)
    assert await at.pump() == 1
    there = (dict(at.chat.rooms), list(at.chat.closed), at.room("r").state)
    assert await at.pump(minutes=3) == 0
    assert (dict(at.chat.rooms), list(at.chat.closed), at.room("r").state) == there
    assert at.row("more").state == "cancelled"


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
