"""Deliveries that never arrived are found within their workspace alone."""

from datetime import UTC, datetime, timedelta

from storage import deliveries, people, undelivered
from storage.tables import Delivery

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)


def unreachable(db, workspace_id, key, *, state="unreachable", **more):
    row = Delivery(workspace_id=workspace_id, key=key, effect="{}", state=state, run_at=NOW, due_at=NOW, **more)
    row.kind = more.get("kind", "x")
    deliveries.put(db, row)
    return deliveries.by_key(db, workspace_id, key)


def test_a_delivery_is_found_by_its_number_in_its_own_workspace_and_only_when_it_never_arrived(store):
    with store.writing() as db:
        here, there = (people.workspace(db, "local", name).id for name in ("here", "there"))
        lost, sent = unreachable(db, here, "lost"), unreachable(db, here, "sent", state="sent")
        assert undelivered.numbered(db, here, lost.id).key == "lost"
        assert undelivered.numbered(db, there, lost.id) is None
        assert undelivered.numbered(db, here, sent.id) is None
        assert undelivered.numbered(db, here, 2_000_000_000) is None


def test_what_never_reached_a_person_is_found_newest_first_without_some_kinds(store):
    with store.writing() as db:
        here = people.workspace(db, "local", "here").id
        cleo, dana = (people.person(db, here, who).id for who in ("cleo", "dana"))
        for number in range(4):
            unreachable(db, here, f"c{number}", person_id=cleo, kind="again" if number == 3 else "x")
        unreachable(db, here, "dana", person_id=dana)
        found = undelivered.for_person(db, cleo, NOW, without=["again"], limit=2)
        assert [row.key for row in found] == ["c2", "c1"]
        assert undelivered.for_person(db, cleo, NOW + timedelta(seconds=1), without=[], limit=2) == []


def test_what_was_tried_several_times_or_has_a_note_is_not_made_ready_again(store):
    with store.writing() as db:
        here, there = (people.workspace(db, "local", name).id for name in ("here", "there"))
        for key, more in {"once": {"attempts": 1}, "twice": {"attempts": 2}, "noted": {"attempts": 1}}.items():
            unreachable(db, here, key, room_key="p1:c1", **more)
        noted = deliveries.by_key(db, here, "noted")
        unreachable(db, here, f"again:{noted.id}", state="sent", room_key="p1:c1", kind="again")
        unreachable(db, here, "elsewhere", room_key="p1:c2")
        unreachable(db, there, "theirs", room_key="p1:c1")
        rows = undelivered.in_room(db, here, "p1:c1", NOW)
        assert [row.key for row in rows] == ["once"]
        undelivered.ready_again(db, rows, NOW)
    with store.writing() as db:
        assert [row.key for row in deliveries.claim(db, NOW, lease=timedelta(minutes=1), owner="a", limit=9)] == [
            "once"
        ]
