"""The courier over any faults: nothing is lost, and nothing is said twice."""

import asyncio
import logging
from datetime import timedelta
from random import Random

import stores
from hypothesis import given, settings
from hypothesis import strategies as st
from post_office import HELLO, NOW, Chat, PostOffice

from bot.chat import TryLater, Unreachable
from bot.deliver import MOST_ATTEMPTS, Courier, nonce_of
from circles.effects import OpenRoom, Post, Tell
from storage import deliveries

ENDS = {"sent", "unreachable", "expired"}
FAULTS = st.sampled_from(["none", "none", "none", "later", "before", "after", "hang", "unreachable"])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.lists(FAULTS, min_size=1, max_size=12), st.integers(1, 8), st.booleans())
def test_over_any_faults_nothing_is_lost_and_nothing_is_said_twice(tmp_path_factory, seed, faults, many, is_shared):
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
        at = PostOffice(store, Faulty(), timeout=0.002)
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
                assert nonce_of(row) in at.chat.said
            if nonce_of(row) not in at.chat.said:
                assert row.state != "sent"
        at.desk._thread.shutdown(wait=True)

    folder = tmp_path_factory.mktemp("any")
    store = stores.new(folder)
    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(play(store))
    finally:
        logging.disable(logging.NOTSET)
        store.close()
