"""What the clock asks at every beat is read from an index, however much has been said and planned before."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from storage import Store, deliveries, members, people, programmes, rounds

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
DAY = date(2027, 3, 8)

EVERY_BEAT: dict[str, tuple[Callable[[Session], object], str]] = {
    "what is due": (lambda db: programmes.due_occurrences(db, NOW, 50), "ix_occurrence_due"),
    "what is due next": (programmes.next_occurrence_at, "ix_occurrence_due"),
    "what may be let go": (lambda db: deliveries.pending_due(db, NOW, 500), "ix_delivery_run"),
    "what may be sent": (
        lambda db: deliveries.claim(db, NOW, lease=timedelta(minutes=1), owner="a", limit=20),
        "ix_delivery_run",
    ),
    "what goes out next": (deliveries.next_run_at, "ix_delivery_run"),
    "whose pause ends": (lambda db: members.pauses_ending(db, DAY), "ix_member_paused"),
    "answers to forget": (lambda db: deliveries.forget_answers(db, NOW), "ix_inbox_at"),
}
EVERY_CIRCLE: dict[str, Callable[[Session], object]] = {
    "its newest round": lambda db: rounds.newest(db, 1),
    "its people": lambda db: members.seated(db, 1),
    "its next opening": lambda db: programmes.next_planned(db, 1, circle_id=1, kind="round-open"),
    "its openings": lambda db: programmes.openings(db, 1, DAY, DAY),
    "its placements": lambda db: rounds.placements(db, [1, 2]),
    "who skips": lambda db: rounds.skipping(db, 1, 2),
    "a group": lambda db: rounds.in_group(db, 1),
    "somebody's placement": lambda db: rounds.placement_of(db, 1, 1),
    "somebody's seat": lambda db: members.seat_of(db, 1),
    "prompts that were had": lambda db: rounds.prompts_used(db, 1, ["m1", "m2"]),
    "who avoids whom": lambda db: people.blocked_members(db, 1),
    "how often somebody was reached": lambda db: deliveries.reach_in_week(db, 1, DAY),
    "what was held for somebody": lambda db: deliveries.waiting_for(db, [1, 2], NOW),
    "what waits to be said in somebody's rooms": lambda db: deliveries.count_waiting(db, ["p1:g1"], "introduction"),
    "who is in several programmes": lambda db: members.in_several(db, [1, 2]),
    "the rounds ahead of somebody": lambda db: members.openings(db, 1, DAY, DAY),
    "the groups that somebody has now": lambda db: members.groups_now(db, 1),
    "a room's messages to cancel": lambda db: deliveries.cancel(db, room_key="p1:c1"),
    "a round's messages to cancel": lambda db: deliveries.cancel(db, round_id=1, kinds=("middle",)),
    "somebody's messages to cancel": lambda db: deliveries.cancel(db, member_id=1),
    "a room": lambda db: deliveries.room(db, 1, "p1:c1"),
}


def plan_of(store: Store, ask: Callable[[Session], object]) -> list[str]:
    """Ask, and give how the database goes about each statement; nothing on PostgreSQL, which plans by what it holds."""
    asked: list[tuple[str, object]] = []
    with store.writing() as db:
        connection = db.connection()
        is_sqlite = connection.dialect.name == "sqlite"

        def note(_connection, _cursor, statement, parameters, _context, _many):
            asked.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        ask(db)
        event.remove(connection, "before_cursor_execute", note)
        assert asked
        if not is_sqlite:
            return []
        cursor = connection.connection.cursor()
        return [row[3] for said, words in asked for row in cursor.execute(f"EXPLAIN QUERY PLAN {said}", words)]


@pytest.mark.parametrize("question", EVERY_BEAT)
def test_what_is_asked_at_every_beat_is_read_from_its_index(store, question):
    ask, index = EVERY_BEAT[question]
    steps = plan_of(store, ask)
    # Whose it is may be looked up by its number, row by row; nothing else is read, sorted or gone through.
    looked_up = [step for step in steps if "USING INTEGER PRIMARY KEY" in step or "SCALAR SUBQUERY" in step]
    rest = [step for step in steps if step not in looked_up]
    assert rest or not steps
    assert all(index in step for step in rest), steps


@pytest.mark.parametrize("question", EVERY_CIRCLE)
def test_what_is_asked_for_every_circle_reads_no_whole_table(store, question):
    steps = plan_of(store, EVERY_CIRCLE[question])
    assert not [step for step in steps if step.startswith("SCAN")], steps


def test_a_question_without_an_index_is_seen_as_one(sqlite_store):
    steps = plan_of(sqlite_store, programmes.running)
    assert [step for step in steps if step.startswith("SCAN")]
