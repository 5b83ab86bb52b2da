"""The clock and the metronome: beats follow each other whatever happens in one, and time never runs back."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Metronome, MovableClock, WallClock

MONDAY = datetime(2027, 3, 8, 9, tzinfo=UTC)


class Counting:
    """A desk and a courier in one, writing down what was asked of it."""

    def __init__(self, *, failing: int = 0, door: asyncio.Event | None = None) -> None:
        self.asked: list[tuple[str, datetime]] = []
        self.failing = failing
        self.door = door
        self.under_way = self.most_under_way = 0
        self.has_begun = asyncio.Event()
        self.has_pumped = asyncio.Event()

    async def tick(self, now: datetime) -> None:
        self.asked.append(("tick", now))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.has_begun.set()
        try:
            if self.failing:
                self.failing -= 1
                raise RuntimeError("the database is away")
            if self.door is not None:
                await self.door.wait()
        finally:
            self.under_way -= 1

    async def pump(self, now: datetime) -> int:
        self.asked.append(("pump", now))
        self.has_pumped.set()
        return 0


async def test_a_beat_asks_what_is_due_and_then_delivers():
    at = Counting()
    await Metronome(at, at, MovableClock(MONDAY)).beat()
    assert at.asked == [("tick", MONDAY), ("pump", MONDAY)]


async def test_a_beat_that_fails_is_logged_and_the_next_one_comes(caplog):
    at = Counting(failing=1)
    metronome = Metronome(at, at, MovableClock(MONDAY))
    with caplog.at_level(logging.ERROR):
        await metronome.beat()
    assert "a beat failed" in caplog.text
    assert [what for what, _now in at.asked] == ["tick"]
    await metronome.beat()
    assert [what for what, _now in at.asked] == ["tick", "tick", "pump"]


async def test_two_beats_are_never_under_way_at_once():
    at = Counting(door=asyncio.Event())
    metronome = Metronome(at, at, MovableClock(MONDAY))
    both = asyncio.gather(metronome.beat(), metronome.beat())
    await at.has_begun.wait()
    at.door.set()
    await both
    assert at.most_under_way == 1
    assert len(at.asked) == 4


async def test_a_beat_that_hangs_is_given_up_and_the_next_one_comes(caplog):
    at = Counting(door=asyncio.Event())
    metronome = Metronome(at, at, MovableClock(MONDAY), patience=0.01)
    await metronome.beat()
    assert "a beat failed" in caplog.text
    at.door.set()
    await metronome.beat()
    assert at.asked[-1] == ("pump", MONDAY)


async def test_the_metronome_beats_by_itself_until_it_rests():
    at = Counting(failing=1)
    metronome = Metronome(at, at, WallClock(), every=timedelta(seconds=0.01))
    metronome.start()
    await asyncio.wait_for(at.has_pumped.wait(), 10)  # the first beat failed, so this is a later one
    await metronome.rest()
    asked = len(at.asked)
    await asyncio.to_thread(lambda: None)
    assert len(at.asked) == asked


async def test_rest_waits_for_the_beat_that_has_begun_and_lets_it_finish():
    at = Counting(door=asyncio.Event())
    metronome = Metronome(at, at, WallClock(), every=timedelta(seconds=0.01))
    metronome.start()
    await asyncio.wait_for(at.has_begun.wait(), 10)
    resting = asyncio.create_task(metronome.rest())
    await asyncio.to_thread(lambda: None)
    assert not resting.done()
    at.door.set()
    await resting
    assert [what for what, _now in at.asked][:2] == ["tick", "pump"]


async def test_stopping_or_resting_without_having_started_does_nothing():
    at = Counting()
    metronome = Metronome(at, at, WallClock())
    metronome.stop()
    await metronome.rest()
    assert at.asked == []


@given(st.lists(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400)), max_size=20))
def test_the_movable_clock_never_goes_back(moves):
    hands = MovableClock(MONDAY)
    for move in moves:
        before = hands.now()
        hands.move(MONDAY + move)
        assert hands.now() == max(before, MONDAY + move)


def test_the_wall_clock_tells_an_instant_in_utc():
    assert WallClock().now().utcoffset() == timedelta(0)


@pytest.mark.parametrize("zone_hours", [-5, 3])
def test_the_movable_clock_compares_instants_and_not_wall_times(zone_hours):
    hands = MovableClock(MONDAY)
    hands.move((MONDAY - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=zone_hours))))
    assert hands.now() == MONDAY
