"""Heads-ups of a round that moves: those that wait are taken back, and their keys and slots are free again."""

from datetime import UTC, date, datetime

from storage import deliveries, heads_ups, members, people, programmes
from storage.tables import Delivery, Member, Occurrence, Programme

NOW = datetime(2027, 3, 8, 9, tzinfo=UTC)
DAY = date(2027, 3, 15)


def a_member(db):
    workspace = people.workspace(db, "local", "lab").id
    programme = Programme(workspace_id=workspace, slug="p", name="P", settings={}, created_at=NOW)
    programmes.save(db, programme)
    person = people.person(db, workspace, "ada").id
    member = members.save(db, Member(programme_id=programme.id, person_id=person, stance="both", queued_at=NOW))
    return workspace, programme.id, member.id


def heads_up(workspace, member, key, state):
    row = Delivery(workspace_id=workspace, key=key, kind="eve", effect="", run_at=NOW, due_at=NOW, member_id=member)
    row.state = state
    return row


def test_what_waits_is_taken_back_and_what_went_out_is_known(store):
    with store.writing() as db:
        workspace, programme, member = a_member(db)
        states = ("pending", "ready", "sending", "sent", "merged")
        deliveries.put(db, *(heads_up(workspace, member, f"eve:1:{DAY}:{state}", state) for state in states))
        deliveries.put(db, heads_up(workspace, member, f"eve:12:{DAY}:1", "pending"))
        heads_ups.take_back(db, workspace, "eve:1:")
    with store.writing() as db:
        kept = [key for _member, key in heads_ups.gone_out(db, programme)]
        assert kept == [f"eve:1:{DAY}:{state}" for state in ("sending", "sent", "merged")]
        assert deliveries.by_key(db, workspace, f"eve:12:{DAY}:1").state == "pending"
        again = [heads_up(workspace, member, f"eve:1:{DAY}:{state}", "pending") for state in ("pending", "ready")]
        assert deliveries.put(db, *again) == 2


def test_a_heads_up_that_was_prepared_can_be_planned_anew(store):
    with store.writing() as db:
        _workspace, programme, _member = a_member(db)
        for slot, state in (("c1:r2:eve", "done"), ("c1:r3:eve", "planned"), ("c1:r2:mid", "done")):
            db.add(
                Occurrence(programme_id=programme, day=DAY, slot=slot, kind="eve", number=2, due_at=NOW, state=state)
            )
        db.flush()
        for slot in ("c1:r2:eve", "c1:r3:eve"):
            heads_ups.plan_again(db, programme, slot)
    with store.writing() as db:
        assert {one.slot for one in programmes.occurrences(db, programme)} == {"c1:r3:eve", "c1:r2:mid"}
