"""Who sees what, as a matrix: every private word is planted, and everybody looks for it."""

import logging
import shutil
from datetime import date

import cast
import pytest
import stores
from sqlmodel import select
from town import World, world

from circles import commands
from storage import members, people, programmes, rounds
from storage.tables import Delivery

VIEWERS = ("cleo", "dana", "ella", "gus", "ada", "zoe", "ivy")
# cleo: herself · dana: her partner in this round · ella: in her circle · gus: in another circle of the programme ·
# ada: an organiser · zoe: a stranger in the workspace · ivy: a member of another programme

SECRETS = {
    "goal": "CANARYGOAL",
    "step": "CANARYSTEP",
    "note": "CANARYNOTE",
    "action": "CANARYACTION",
    "reason": "CANARYREASON",
    "draft": "CANARYDRAFT",
}
SHARED = {  # the item: (its word, who may hear it besides herself)
    "goal for the partner": ("CANARYPARTNERGOAL", {"dana"}),
    "goal for the circle": ("CANARYCIRCLEGOAL", {"dana", "ella", "fay"}),
    "thanks": ("CANARYTHANKS", {"dana"}),
    "about": ("CANARYABOUT", {"dana", "ella", "fay", "gus", "ada", "bob"}),
    "offers": ("canaryoffer", {"dana", "ella", "fay", "gus", "ada", "bob"}),
}


def plant(talk, goal, step, note, action, reason, draft, *, avoided="quinn"):
    """Cleo writes everything that only she may read; zoe begins to join."""
    talk.says("cleo", "/circle goal add")
    talk.fills("cleo", text=f"Finish {goal}", first_step=f"Write {step}")
    talk.hears("cleo", "Only you can read it")
    talk.says("cleo", f"/circle action Call about {action}")
    talk.says("cleo", f"/circle avoid {avoided}")
    talk.says("cleo", "/circle checkin")
    talk.presses("cleo", "Same")
    talk.presses("cleo", "Add a note")
    talk.fills("cleo", note=f"I feel {note}", confidence="2")
    talk.says("cleo", "/circle pause")
    talk.fills("cleo", until="2027-02-09", reason=f"Because {reason}")
    talk.says("zoe", "/circle join in:physics")
    talk.fills("zoe", stance="both", offers="Statistics", about=f"I am {draft}")


def everybody_tries_everything(talk, viewers=VIEWERS[1:]):
    """Each viewer says every command of the table that shows something, about cleo and with her numbers."""
    ends = {"circle leave yes", "circle data delete yes", "programme close yes"}
    ends |= {"programme organisers handover", "programme organisers hand over"}
    moves = {"programme circles move", "programme form move", "programme form confirm"}  # who is near changes who reads
    for command in commands.table():
        if command.path in ends | moves:
            continue
        for who in viewers:
            talk.says(who, cast.line_of(command))
            if any(p.kind in {"number", "word"} for p in command.parameters):
                talk.says(who, cast.line_of(command, number="2", word="cleo", choice="circle"))


@pytest.fixture
def here(sqlite_store):
    return world(sqlite_store)


def play(talk, **secrets):
    """A month: cleo plants, some answer and some are silent, and the bot says what it has to say."""
    plant(talk, **secrets)
    talk.says("cleo", "/circle data export")
    talk.says("zoe", "/circle data export")
    talk.passes(days=9)
    talk.says("dana", "/circle met yes")
    talk.passes(days=19)


def test_what_is_hers_alone_is_heard_by_nobody_else_through_any_door(here, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    try:
        play(here, **SECRETS)
        everybody_tries_everything(here)
        here.passes(days=8)
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    for item, word in SECRETS.items():
        owner = "zoe" if item == "draft" else "cleo"
        assert word in here.seen_by(owner), f"{owner} can't read her own {item}"
        for who in {*here.heard, *here.shown} - {owner}:
            assert word not in here.seen_by(who), f"{who} has read {owner}'s {item}"
        assert word not in caplog.text, f"the log holds {owner}'s {item}"
    assert "INSERT INTO goal" in caplog.text  # the log was looked at, statements and all
    for who in {*here.heard, *here.shown} - {"cleo"}:
        assert "Quinn" not in here.seen_by(who) or who in {"ada", "bob", "quinn"}
    with here.store.writing() as db:
        audited = [f"{line.what} {line.detail}" for line in programmes.audit(db, here.physics, 1000)]
    assert audited
    assert not any("CANARY" in line for line in audited)


def test_she_reads_all_of_it_and_her_export_holds_it(here):
    plant(here, **SECRETS)
    here.says("cleo", "/circle data export")
    everything = "\n".join(h.words for h in here.heard["cleo"])
    for item, word in SECRETS.items():
        assert (word in everything) == (item != "draft"), item
    here.says("zoe", "/circle data export")
    here.hears("zoe", "CANARYDRAFT")


def test_what_she_shares_is_heard_by_those_and_no_others(here):
    here.says("cleo", "/circle goal add Learn CANARYPARTNERGOAL")
    here.says("cleo", "/circle goal share 1 partner")
    here.says("cleo", "/circle goal add Learn CANARYCIRCLEGOAL")
    here.says("cleo", "/circle goal share 2 circle")
    here.says("cleo", "/circle goal tell 2")
    here.says("cleo", "/circle thanks dana for CANARYTHANKS")
    here.says("cleo", "/circle profile offers canaryoffer")
    for who in (*VIEWERS[1:], "fay"):
        here.says(who, "/circle goal see")
    everybody_tries_everything(here, (*VIEWERS[1:], "fay"))
    here.passes(days=20)
    for item, (word, allowed) in SHARED.items():
        for who in {*here.heard, *here.shown} - {"cleo", *allowed}:
            assert word not in here.seen_by(who), f"{who} has heard {item}"
    for item in ("goal for the partner", "goal for the circle", "thanks"):
        word, allowed = SHARED[item]
        for who in allowed:
            assert word in here.seen_by(who), f"{who} should hear {item}"


def test_a_goal_taken_back_is_read_by_nobody_any_more(here):
    here.says("cleo", "/circle goal add Learn CANARYGOAL")
    here.says("cleo", "/circle goal share 1 circle")
    here.says("cleo", "/circle goal share 1 me")
    for who in ("dana", "ella"):
        here.says(who, "/circle goal see")
        here.never_hears(who, "CANARYGOAL")


def test_a_partner_is_a_partner_only_while_the_round_is_open(here):
    here.says("cleo", "/circle goal add Learn CANARYPARTNERGOAL")
    here.says("cleo", "/circle goal share 1 partner")
    here.says("dana", "/circle goal see")
    here.hears("dana", "CANARYPARTNERGOAL")
    here.passes(days=15)  # round 2 has begun, with others
    with here.store.writing() as db:
        row = rounds.newest(db, here.jasmine)
        cleo = members.of_person(db, here.physics, people.by_outside_id(db, 1, "cleo").id)
        group = rounds.placement_of(db, row.id, cleo.id).group_id
        now_with = {
            people.get(db, members.get(db, p.member_id).person_id).outside_id for p in rounds.in_group(db, group)
        } - {"cleo"}
    for who in ("dana", "ella", "fay"):
        here.forgets()
        here.says(who, "/circle goal see")
        said = "\n".join(h.words for h in here.heard[who][here._marks[who] :])
        assert ("CANARYPARTNERGOAL" in said) == (who in now_with), who


def test_nothing_private_stands_in_what_a_notification_shows(here):
    play(here, **SECRETS)
    here.says("cleo", "/circle thanks dana for CANARYTHANKS")
    here.passes(days=3)
    for who, heard in here.heard.items():
        for one in heard:
            assert "CANARY" not in one.message.summary, who
    with here.store.writing() as db:
        rows = list(db.exec(select(Delivery)))
    assert not any("CANARY" in f"{row.key}{row.kind}{row.last_error}{row.room_key}" for row in rows)


def test_what_she_keeps_to_herself_changes_nothing_that_others_hear(sqlite_template, tmp_path):
    """The same month with other secrets: the others hear the same, letter by letter, and so do the organisers."""
    others = {"goal": "a house", "step": "a letter", "note": "well", "action": "a tree", "reason": "rain", "draft": "X"}
    heard = []
    for number, secrets in enumerate([SECRETS, others]):
        file = shutil.copy(sqlite_template, tmp_path / f"{number}.db")
        talk = world(stores.opened(str(file)))
        play(talk, **secrets)
        for who in ("dana", "ella", "gus", "zoe", "ivy"):
            for line in ("circle", "circle next", "circle goal see", "circle profile", "circle record", "circle met"):
                talk.says(who, line)
        for line in ("status", "report", "export", "audit", "rounds", "circles", "schedule show", "organisers list"):
            talk.says("ada", f"programme {line}")
        heard.append({who: talk.seen_by(who) for who in {*talk.heard, *talk.shown} - {"cleo", "zoe"}})
        talk.store.close()
    assert heard[0].keys() == heard[1].keys()
    for who, words in heard[0].items():
        assert words == heard[1][who], who
    assert {"dana", "ella", "gus", "ada"} <= heard[0].keys()


def test_whom_she_avoids_is_a_count_for_organisers_and_nothing_for_anybody_else(sqlite_template, tmp_path):
    heard = []
    for avoided in ("quinn", "ivy"):
        file = shutil.copy(sqlite_template, tmp_path / f"{avoided}.db")
        talk = world(stores.opened(str(file)))
        talk.says("cleo", f"/circle avoid {avoided}")
        talk.passes(days=16)
        for who in (avoided, "dana", "ada"):
            talk.says(who, "circle status")
            talk.says(who, "circle avoid")
            talk.says(who, "circle data export")
        heard.append({who: talk.seen_by(who) for who in ("dana", "gus", "ada", "bob")})
        talk.says("ada", "programme report")
        talk.says("ada", "programme form")
        assert "Cleo" not in talk.seen_by(avoided)
        talk.store.close()
    assert heard[0] == heard[1]


def test_who_is_avoided_in_her_own_circle_reads_nowhere_why_she_had_no_meeting(sqlite_store):
    talk = World(cast.hasten(sqlite_store))
    programme = cast.programme(talk, state="running")
    cast.circle(talk, programme, mentors=("amy", "max"), mentees=("bea", "moe"), name="Jasmine")
    cast.start(talk, programme, date(2027, 2, 15), 13)
    talk.says("amy", "/circle avoid bea")
    talk.says("max", "/circle pause in 60 days")
    talk.says("moe", "/circle skip")
    talk.passes(days=15)
    assert "Round 1 has no meeting for you, because too few people could meet." in talk.seen_by("bea")
    for line in ("circle status", "circle next", "circle record", "circle data export"):
        talk.says("bea", line)
    assert "no meeting, because too few people could meet" in talk.seen_by("bea")
    for telling in ("block", "avoid", "apart", "may meet", "free whom"):
        assert telling not in talk.seen_by("bea").replace("/circle avoid", "").casefold(), telling


def test_whose_morning_it_is_can_not_be_read_in_the_schedule(here):
    here.says("cleo", "/circle zone Auckland")
    here.says("cleo", "/circle goal add Only mine")
    for _quarter in range(4 * 16):
        here.passes(hours=6)
        here.says("ada", "/programme schedule show")
    shown = here.seen_by("ada")
    assert "messages to single members, fewer than five ready to go" in shown
    for telling in ("check-in, 1 message", "invitation to set a goal", "reminder, 1 message", "heads-up, 1 message"):
        assert telling not in shown
    assert "20:00" not in shown


def test_whether_they_met_is_known_to_the_group_and_counted_for_the_organisers(here):
    here.says("cleo", "/circle met no")
    here.passes(days=20)
    for line in ("report", "export", "rounds", "audit", "status"):
        here.says("ada", f"programme {line}")
    seen = here.seen_by("ada")
    assert "Jasmine,1,2027-02-01,2027-02-15,2,0,1,1" in seen
    for who in ("gus", "zoe", "ivy"):
        assert "Cleo" not in here.seen_by(who)


def test_everything_a_member_is_told_in_answer_is_for_her_eyes_alone(here):
    plant(here, **SECRETS)
    with here.store.writing() as db:
        posts = [row for row in db.exec(select(Delivery)) if row.room_key is not None]
    assert not any("CANARY" in row.effect for row in posts)
