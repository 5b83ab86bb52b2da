"""One tenant never reaches another: every command, said with another's ids, names and short names, finds nothing."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import cast
import pytest
from sqlmodel import select
from talk import Talk

from circles import commands
from circles.conversation import library, shelf
from circles.rooms import circle_room, group_room
from storage import deliveries, goals, members, people, programmes, rounds, times
from storage.tables import (
    Action,
    Blackout,
    CheckIn,
    Circle,
    Goal,
    MeetingGroup,
    MeetingTime,
    Member,
    OwnPrompt,
    Placement,
    Room,
    Round,
    metadata,
)

TODAY = date(2027, 2, 1)
REST = {"inbox", "heartbeat"}


def tenant(talk, slug, mark, *, people_marked=True):
    """A running programme with a circle, an open round and everything that people write; every word bears the mark."""
    who = (lambda name: f"{name}-{mark}".lower()) if people_marked else (lambda name: f"{name}-{slug}")
    organisers = (who("org"), who("second"))
    programme = cast.programme(talk, organisers=organisers, slug=slug, name=f"Programme {mark}", state="running")
    names = [who(name) for name in ("cleo", "dana", "ella", "fay")]
    ids = [
        cast.member(talk, programme, name, "both", about=f"About {mark}", offers=[f"offer {mark}"], institution=mark)
        for name in names
    ]
    cast.member(talk, programme, who("waits"))
    made = {"person": names, "number": [], "word": [], "slug": slug, "members": names, "organisers": organisers}
    with talk.store.writing() as db:
        circle = Circle(programme_id=programme, name=f"Circle {mark}", formed_at=talk.now)
        programmes.save(db, circle)
        for index, known in enumerate(ids):
            members.take_seat(db, circle.id, members.get(db, known), "mentee" if index % 2 else "mentor", talk.now)
        row = Round(circle_id=circle.id, number=1, opens_on=TODAY, closes_on=date(2027, 2, 15))
        rounds.save(db, row)
        groups = [MeetingGroup(round_id=row.id) for _ in range(2)]
        rounds.save(db, *groups)
        rounds.save(
            db, *(Placement(round_id=row.id, member_id=m, group_id=groups[i // 2].id) for i, m in enumerate(ids))
        )
        hour = MeetingTime(group_id=groups[0].id, member_id=ids[0], starts_at=talk.now + timedelta(days=1), minutes=60)
        times.save(db, hour)
        goal = Goal(member_id=ids[0], text=f"Goal {mark}", scope="circle", created_at=talk.now, changed_at=talk.now)
        goals.save(db, goal)
        action = Action(member_id=ids[0], text=f"Action {mark}", made_at=talk.now)
        goals.save(db, action)
        asked = CheckIn(member_id=ids[0], goal_id=goal.id, day=TODAY, note=f"Note {mark}")
        goals.save(db, asked)
        code = f"own-{mark.lower()}"
        body = shelf.to_body(replace(library.shipped("en")[0], id=code, text=f"Prompt {mark}?"))
        rounds.save_own_prompt(db, OwnPrompt(programme_id=programme, code=code, body=body))
        blackout = programmes.add_blackout(db, programme, date(2027, 5, 3), date(2027, 5, 5), f"Blackout {mark}")
        programmes.note(db, programme, None, talk.now, f"audit {mark}")
        workspace = people.workspace(db, talk.platform, talk.workspace)
        places = [circle_room(programme, circle.id), *(group_room(programme, g.id) for g in groups)]
        for key in places:
            deliveries.save_room(db, Room(workspace_id=workspace.id, key=key, name=mark, place=key, state="open"))
            talk.rooms[key] = set(names)
        kept = [
            circle.id,
            row.id,
            *(g.id for g in groups),
            goal.id,
            action.id,
            asked.id,
            blackout.id,
            hour.id,
            programme,
            ids[0],
        ]
        made["number"] = sorted(set(kept))
        made["word"] += [code, f"c{circle.id}", *(str(g.id) for g in groups)]
    cast.start(talk, programme, TODAY, 13)
    return made


def everything_said(talk, viewers, theirs, *, without=()):
    """Each viewer says every command with the other tenant's people, numbers, words and short name."""
    for command in (command for command in commands.table() if command.path not in without):
        kinds = {p.kind for p in command.parameters if not p.form_only}
        lines = {cast.line_of(command), f"{command.path} in:{theirs['slug']}"}
        lines |= {cast.line_of(command, person=name) for name in theirs["person"][:1] if "person" in kinds}
        lines |= {cast.line_of(command, number=str(n)) for n in theirs["number"] if "number" in kinds}
        lines |= {cast.line_of(command, word=word, number=word) for word in theirs["word"] if "word" in kinds}
        lines |= {f"{line} in:{theirs['slug']}" for line in sorted(lines)[:2]}
        for line in sorted(lines):
            for who in viewers:
                yield who, line, talk.says(who, line)
        if command.takes_answers or any(p.form_only for p in command.parameters):
            for who in viewers:
                answers = {p.name: "1" for p in command.parameters if p.form_only} or {"stance": "both"}
                line = cast.line_of(command, number=str(theirs["number"][-1]))
                yield who, line, talk.says(who, line, answers=answers)


def fingerprint(talk):
    """Every row by table and primary key, and the row's references to other tables."""
    with talk.store.writing() as db:
        found = defaultdict(dict)
        for table in metadata.sorted_tables:
            if table.name in REST:
                continue
            for row in db.execute(table.select()).mappings():
                found[table.name][tuple(row[c.name] for c in table.primary_key)] = dict(row)
    return found


def strays(before, after, kinds):
    """What changed of the other tenant's rows, and new rows that point at them; ``kinds`` are its tables."""
    for table in metadata.sorted_tables:
        if table.name in REST:
            continue
        old, new = before[table.name], after[table.name]
        if table.name in kinds:
            yield from (
                f"{table.name} {key} changed: {new.get(key)}" for key, row in old.items() if new.get(key) != row
            )
        for key in new.keys() - old.keys():
            for column in table.columns:
                for reference in column.foreign_keys:
                    target = reference.column.table.name
                    if target in kinds and (new[key][column.name],) in before[target]:
                        yield f"{table.name} {key} points at {target} {new[key][column.name]}"


EVERYTHING = {table.name for table in metadata.sorted_tables} - REST
OF_A_PROGRAMME = EVERYTHING - {"workspace", "person", "avoidance", "draft", "reach", "delivery", "organiser"}


@pytest.fixture
def two_workspaces(sqlite_store):
    store = cast.hasten(sqlite_store)
    there, here = Talk(store, workspace="theirs"), Talk(store, workspace="ours")
    theirs = tenant(there, "secret-guild", "CANARY")
    return there, here, theirs


def test_another_workspace_is_out_of_reach_of_every_command(two_workspaces):
    there, here, theirs = two_workspaces
    before = fingerprint(here)
    ours = tenant(here, "open-house", "Ours")
    heard_there = {who: len(heard) for who, heard in there.heard.items()}
    said = 0
    for who, line, answers in everything_said(here, (ours["members"][0], ours["organisers"][0], "zoe"), theirs):
        assert answers, line
        # What she typed herself may come back to her; what the other tenant wrote may not.
        assert "CANARY" not in cast.said_in(answers), f"{who}: {line}"
        said += 1
    assert said > 1000
    assert list(strays(before, fingerprint(here), EVERYTHING)) == []
    assert {who: len(heard) for who, heard in there.heard.items()} == heard_there
    for heard in here.heard.values():
        assert not any("CANARY" in one.words for one in heard)


def test_another_programme_in_the_same_workspace_is_out_of_reach_of_every_command(sqlite_store):
    talk = Talk(cast.hasten(sqlite_store))
    theirs = tenant(talk, "secret-guild", "CANARY", people_marked=False)
    before = fingerprint(talk)
    ours = tenant(talk, "open-house", "Ours")
    joining = {"circle join", "circle join step"}  # an open programme may be joined, by its members' own words
    # anybody in the workspace may be asked
    inviting = {f"programme organisers {word}" for word in ("add", "handover", "hand over")}
    viewers = (ours["members"][0], ours["organisers"][0])
    for who, line, answers in everything_said(talk, viewers, theirs, without=inviting):
        said = cast.said_in(answers).replace("Programme CANARY", "")  # its name is on the notice board
        path = line.removesuffix(" in:secret-guild").rstrip(" 0123456789")
        assert "CANARY" not in said or path in joining, f"{who}: {line}"
    assert list(strays(before, fingerprint(talk), OF_A_PROGRAMME)) == []
    assert not any(talk.heard[who] for who in theirs["members"])


def test_the_same_ids_in_two_workspaces_are_two_people(sqlite_store):
    one, two = Talk(sqlite_store, workspace="one"), Talk(sqlite_store, workspace="two")
    for talk in (one, two):
        programme = cast.programme(talk)
        cast.member(talk, programme, "cleo")
        talk.says("cleo", f"/circle goal add In {talk.workspace}")
    one.says("cleo", "/circle goal")
    one.hears("cleo", "In one")
    one.never_hears("cleo", "In two")
    one.says("cleo", "/circle data export")
    one.never_hears("cleo", "In two")
    one.says("cleo", "/circle data delete")
    one.says("cleo", "/circle data delete yes")
    two.says("cleo", "/circle goal")
    two.hears("cleo", "In two")


def test_one_platform_never_reaches_another_with_the_same_ids(sqlite_store):
    slack = Talk(sqlite_store, platform="slack", workspace="w")
    discord = Talk(sqlite_store, platform="discord", workspace="w")
    programme = cast.programme(slack)
    cast.member(slack, programme, "cleo")
    slack.says("cleo", "/circle goal add Only here")
    for line in ("/circle goal", "/circle status in:physics", "/circle join", "/circle data export"):
        discord.says("cleo", line)
        discord.never_hears("cleo", "Only here")
        discord.never_hears("cleo", "Women in Physics")
    discord.says("ada", "/programme report in:physics")
    discord.hears("ada", "There is no programme “physics” here")


def test_a_room_of_another_workspace_never_chooses_the_programme(sqlite_store):
    one, two = Talk(sqlite_store, workspace="one"), Talk(sqlite_store, workspace="two")
    tenant(one, "physics", "One")
    for slug in ("chemistry", "biology"):
        programme = cast.programme(two, slug=slug, name=slug.capitalize(), state="running")
        cast.member(two, programme, "gus")
    two.says("gus", "/circle goal add Read", room="p1:c1")
    two.hears("gus", "You are in more than one programme")


def test_a_blackout_and_a_goal_are_found_by_their_owner_alone(two_workspaces):
    there, here, theirs = two_workspaces
    ours = tenant(here, "open-house", "Ours")
    with there.store.writing() as db:
        [goal, _ours] = db.exec(select(Goal).order_by(Goal.id)).all()
        [blackout, _mine] = db.exec(select(Blackout).order_by(Blackout.id)).all()
        [cleo] = db.exec(select(Member).where(Member.id == goal.member_id)).all()
    here.says(ours["organisers"][0], f"/programme schedule clear {blackout.id}")
    with there.store.writing() as db:
        assert db.get(Blackout, blackout.id) == blackout
        assert db.get(Member, cleo.id).state == "seated"
    there.says(theirs["organisers"][0], f"/programme schedule clear {blackout.id}")
    with there.store.writing() as db:
        assert db.get(Blackout, blackout.id) is None
