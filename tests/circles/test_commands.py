"""The door: a gesture is answered once, a refusal changes nothing, and nobody acts for anybody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import cast
import pytest
import term_people
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from talk import Talk

from circles import commands
from circles.effects import Ask, Reply
from circles.errors import Refused
from circles.grammar import Command
from circles.turn import Call
from storage import goals, members, people, programmes
from storage.tables import Action, CheckIn, Goal, Inbox, Person, metadata

UNTOUCHED = ("inbox", "heartbeat", "person", "workspace")


def call(who, line, call_id="c1", *, workspace="demo", **how):
    return Call("local", workspace, who, line, call_id, name=who.capitalize(), **how)


def words(answers):
    return "\n".join(a.message.plain() if isinstance(a, Reply) else a.form.title for a in answers)


def rows(talk):
    return cast.rows(talk.store, besides=UNTOUCHED)


@pytest.fixture
def term(talk):
    """Ada and bob organise; cleo, dana, ella and fay sit in Jasmine, gus and hana in Olive; round 1 is open."""
    talk.programme = cast.programme(talk, state="running")
    talk.jasmine = term_people.circle(talk, talk.programme, "cleo", "dana", "ella", "fay")
    talk.olive = term_people.circle(talk, talk.programme, "gus", "hana", called="Olive")
    cast.start(talk, talk.programme, starts_on=date(2027, 2, 1))
    talk.round = term_people.a_round(talk, talk.jasmine, ("cleo", "dana"), ("ella", "fay"))
    talk.other_round = term_people.a_round(talk, talk.olive, ("gus", "hana"))
    return talk


# The same gesture twice.


def test_the_same_call_again_gets_the_same_answer_and_does_nothing_more(store):
    talk = Talk(store)
    programme = cast.programme(talk)
    cast.member(talk, programme, "cleo")
    first = commands.run(store, call("cleo", "circle goal add Read more"), talk.now)
    again = commands.run(store, call("cleo", "circle goal add Read more"), talk.now)
    assert words(first) == words(again)
    assert "Kept as goal 1" in words(first)
    with store.writing() as db:
        assert len(list(db.exec(select(Goal)))) == 1


def test_a_form_that_was_shown_is_shown_again_the_same(store):
    talk = Talk(store)
    cast.member(talk, cast.programme(talk), "cleo")
    first = commands.run(store, call("cleo", "circle goal add"), talk.now)
    assert isinstance(first[0], Ask)
    assert commands.run(store, call("cleo", "circle goal add"), talk.now) == first


def test_the_same_call_in_another_workspace_is_another_call(store):
    talk, there = Talk(store), Talk(store, workspace="elsewhere")
    for one in (talk, there):
        cast.member(one, cast.programme(one), "cleo")
    commands.run(store, call("cleo", "circle goal add Here"), talk.now)
    commands.run(store, call("cleo", "circle goal add There", workspace="elsewhere"), talk.now)
    with store.writing() as db:
        assert sorted(goal.text for goal in db.exec(select(Goal))) == ["Here", "There"]


def together(count, work):
    """Do something in so many threads that begin at one moment."""
    gate = threading.Barrier(count)

    def begin(number):
        gate.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_two_clicks_at_once_with_one_id_have_one_effect_and_one_answer(store):
    talk = Talk(store)
    cast.member(talk, cast.programme(talk), "cleo")
    for turn in range(5):
        line, one = f"circle action Step {turn}", f"same{turn}"
        answers = together(3, lambda _n, line=line, one=one: commands.run(store, call("cleo", line, one), talk.now))
        assert len({words(answer) for answer in answers}) == 1
    with store.writing() as db:
        assert sorted(action.text for action in db.exec(select(Action))) == [f"Step {turn}" for turn in range(5)]
        assert len(list(db.exec(select(Inbox)))) == 5


def test_people_heard_of_for_the_first_time_at_one_moment_are_noted_once(store):
    talk = Talk(store)
    for turn in range(4):
        answers = together(
            3,
            lambda n, turn=turn: commands.run(
                store, call(f"new{turn}", "circle status", f"{turn}-{n}", workspace=f"w{turn}"), talk.now
            ),
        )
        assert all(answers)
    with store.writing() as db:
        assert sorted(p.outside_id for p in db.exec(select(Person))) == ["new0", "new1", "new2", "new3"]


def test_answers_are_kept_two_days_and_then_forgotten(talk):
    cast.member(talk, cast.programme(talk), "cleo")
    talk.says("cleo", "/circle goal add Rest")
    talk.passes(days=1)
    with talk.store.writing() as db:
        assert len(list(db.exec(select(Inbox)))) == 1
    talk.passes(days=3)
    with talk.store.writing() as db:
        assert list(db.exec(select(Inbox))) == []


LOOKING = [command.path for command in commands.table() if command.is_looking]


@pytest.mark.parametrize("path", LOOKING)
def test_a_command_that_only_looks_changes_nothing_and_keeps_no_answer(talk, path):
    programme = cast.programme(talk)
    cast.circle(talk, programme, mentors=("ada", "bob"), mentees=("cleo", "dana"))
    cast.start(talk, programme)
    talk.says("ada", "/circle goal add Rest")
    before = cast.rows(talk.store, besides=("heartbeat",))
    talk.says("ada", f"/{path}")
    assert talk.heard["ada"]
    assert cast.rows(talk.store, besides=("heartbeat",)) == before


def test_a_look_that_comes_twice_tells_what_is_true_each_time(talk):
    cast.member(talk, cast.programme(talk), "cleo")
    talk.says("cleo", "/circle goal list", call_id="same")
    talk.hears("cleo", "goal")
    talk.says("cleo", "/circle goal add Rest")
    talk.says("cleo", "/circle goal list", call_id="same")
    talk.hears("cleo", "Rest")


# What is refused changes nothing.


@pytest.mark.parametrize(
    ("who", "line", "said"),
    [
        ("cleo", "circle goal add " + "x" * 301, "please keep it to 300"),
        ("cleo", "circle goal done 9", "You have no goal 9"),
        ("cleo", "circle pause 2020-01-01", ""),
        ("cleo", "circle skip 99", "There is no round 99"),
        ("cleo", "circle avoid cleo", "That is you"),
        ("cleo", "circle avoid nobody", "I know nobody"),
        ("cleo", "circle avoid remove dana", "is not on your list"),
        ("cleo", "circle thanks gus you were great", ""),
        ("cleo", "circle join in:physics", "You are in Women in Physics already"),
        ("cleo", "circle met yes 4711", "I can't find that round"),
        ("cleo", "circle unskip 9", "You were not skipping round 9"),
        ("cleo", "circle quiet whenever", ""),
        ("cleo", "circle weekend all", ""),
        ("cleo", "circle profile offer statistics", "offers"),
        ("cleo", "circle next in:chemistry", "There is no programme “chemistry” here"),
        ("zoe", "circle goal add Read", "you have not joined yet"),
        ("zoe", "circle next in:physics", "you have not joined yet"),
        ("zoe", "programme status", "This is for organisers"),
        ("ada", "programme settings weeks 900", ""),
        ("ada", "programme settings zone Nowhere", "time zone"),
        ("ada", "programme organisers add nobody", ""),
        ("ada", "programme organisers remove bob", ""),
        ("ada", "programme organisers handover ada", ""),
        ("ada", "programme schedule clear 4711", ""),
        ("ada", "programme schedule blackout 2027-03-21 2027-03-01", ""),
        ("ada", "programme circles move nobody 1", ""),
        ("ada", "programme prompts retire nothing-like-it", ""),
        ("ada", "programme prompts list nothing-like-it", ""),
        ("ada", "programme announcement-send 12345678", ""),
        ("ada", "circle goal add Read", "you have not joined yet"),
    ],
)
def test_what_is_refused_changes_nothing_but_the_answer_kept(term, who, line, said):
    before = rows(term)
    [answer] = term.says(who, line)
    assert isinstance(answer, Reply)
    assert said in answer.message.plain()
    assert rows(term) == before


def test_a_refused_answer_of_a_form_shows_the_form_again_with_what_was_typed(term):
    before = rows(term)
    term.says("cleo", "/circle goal add")
    [again] = term.fills("cleo", text="Read more", by="31 February")
    assert isinstance(again, Ask)
    fields = {field.name: field for field in again.form.fields}
    assert fields["text"].initial == "Read more"
    assert fields["by"].initial == "31 February"
    assert "is not in the calendar" in fields["by"].error
    assert again.form.call == "circle goal add in:physics"
    assert rows(term) == before
    term.fills("cleo", by="8 March")
    term.hears("cleo", "Kept as goal 1")


def test_a_form_that_names_its_programme_first_is_shown_again_all_the_same(term):
    [again] = term.says("cleo", "in:physics circle goal add", answers={"text": "Read", "by": "31 February"})
    assert isinstance(again, Ask)
    assert again.form.call == "circle goal add in:physics"


def test_what_was_mistyped_in_the_line_is_answered_in_words(term):
    [answer] = term.says("cleo", "circle skip 0", answers={"number": ""})
    assert isinstance(answer, Reply)


# What breaks is undone whole.


def test_the_unexpected_undoes_everything_and_the_same_gesture_works_once_it_is_mended(store):
    talk = Talk(store)
    cast.programme(talk, state="running")
    cast.programme(talk, state="running", slug="chemistry", name="Women in Chemistry")
    before = cast.rows(store)
    asked = call("ada", "programme prompts dial off in:physics")
    with store.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE audit RENAME TO audit_away"))
    with pytest.raises(DBAPIError):
        commands.run(store, asked, talk.now)
    with store.engine.begin() as connection:
        connection.execute(sql("ALTER TABLE audit_away RENAME TO audit"))
    assert cast.rows(store, besides=()) == cast.rows(store, besides=()) | before
    with store.writing() as db:
        assert list(db.exec(select(Inbox))) == []
    assert commands.run(store, asked, talk.now)
    with store.writing() as db:
        assert programmes.by_slug(db, 1, "physics").settings["prompts"] == "off"
        assert [line.what for line in programmes.audit(db, 1)] == ["programme prompts dial"]


def test_a_row_that_makes_no_sense_stops_its_own_programme_alone(talk):
    programme = cast.programme(talk, state="running", zone="UTC")
    term_people.circle(talk, programme, "cleo", "dana")
    other = cast.programme(talk, slug="chemistry", name="Women in Chemistry", state="running")
    cast.member(talk, other, "gus")
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        row.settings = {"mentors": 4711}
        programmes.save(db, row)
    before = rows(talk)
    with pytest.raises(ValueError, match="4711"):
        talk.says("ada", "/programme prompts dial off in:physics")
    assert rows(talk) == before
    talk.says("gus", "/circle goal add Read")
    talk.hears("gus", "Kept as goal 1")


@pytest.fixture
def planted():
    """Two more commands in a concept's table: one writes and then refuses, one writes and then breaks."""

    def writes_and(problem):
        def handler(turn):
            goal = Goal(member_id=turn.member.id, text="Half done", created_at=turn.now, changed_at=turn.now)
            goals.save(turn.db, goal)
            raise problem

        return handler

    room = commands.rooms()[-1]
    whole = room.COMMANDS
    room.COMMANDS = (
        *whole,
        Command("circle refuses", "Write and refuse", writes_and(Refused("Not today."))),
        Command("circle breaks", "Write and break", writes_and(ZeroDivisionError("broken"))),
    )
    commands.table.cache_clear()
    yield
    room.COMMANDS = whole
    commands.table.cache_clear()


def test_a_handler_that_writes_and_then_refuses_or_breaks_has_written_nothing(store, planted):
    talk = Talk(store)
    cast.member(talk, cast.programme(talk), "cleo")
    before = rows(talk)
    [answer] = commands.run(store, call("cleo", "circle refuses", "c1"), talk.now)
    assert answer.message.plain() == "Not today."
    with pytest.raises(ZeroDivisionError):
        commands.run(store, call("cleo", "circle breaks", "c2"), talk.now)
    assert rows(talk) == before
    with store.writing() as db:
        assert [row.call_id for row in db.exec(select(Inbox))] == ["c1"]


# Nobody acts for anybody else.


def test_buttons_with_somebody_elses_ids_are_refused_and_change_nothing(term):
    hers = term_people.member_id(term, term.programme, "cleo")
    with term.store.writing() as db:
        goal = Goal(member_id=hers, text="Canary goal", created_at=term.now, changed_at=term.now)
        goals.save(db, goal)
        action = Action(member_id=hers, text="Canary action", made_at=term.now)
        asked = CheckIn(member_id=hers, goal_id=goal.id, day=date(2027, 2, 1))
        goals.save(db, action)
        goals.save(db, asked)
        ids = {"goal": goal.id, "action": action.id, "check-in": asked.id}
    group = term_people.groups_of(term, term.round)[0]
    before = rows(term)
    for line in (
        f"circle actions answer {ids['action']}",
        f"circle actions answer {ids['action']} did",
        f"circle checkin answer {ids['check-in']}",
        f"circle checkin answer {ids['check-in']} done",
        f"circle checkin note {ids['check-in']}",
        f"circle checkin snooze {ids['check-in']} 3",
        f"circle goal done {ids['goal']}",
        f"circle goal edit {ids['goal']}",
        f"circle goal share {ids['goal']} circle",
        f"circle goal tell {ids['goal']}",
        f"circle met yes {term.round}",
        f"circle prompt another {group}",
        f"circle prompt look {group} x",
        f"circle prompt post {group} x",
        f"circle prompt another c{term.jasmine}",
    ):
        for who in ("gus", "ada"):  # another circle's member; an organiser who is no member
            answers = term.says(who, line)
            assert "Canary" not in words(answers)
            assert not any(isinstance(answer, Ask) for answer in answers), line
            assert rows(term) == before, line
    noted = term.says("gus", f"circle checkin note {ids['check-in']}", answers={"note": "mine now"})
    assert "Canary" not in words(noted)
    assert rows(term) == before


def test_her_partner_cannot_answer_for_her(term):
    hers = term_people.member_id(term, term.programme, "cleo")
    with term.store.writing() as db:
        goals.save(db, Action(member_id=hers, text="Canary action", made_at=term.now))
    before = rows(term)
    term.says("dana", "circle actions answer 1 did")
    assert rows(term) == before
    term.says("dana", f"circle met yes {term.round}")
    changed = {name for name, found in rows(term).items() if found != before[name]}
    assert changed == {"placement"}
    with term.store.writing() as db:
        cleo = members.get(db, hers)
        assert cleo.silences == 0
    assert term.says("cleo", "/circle met")  # her own answer is still open
    term.hears("cleo", "Dana")


# Who may do what.


def lines_for(command):
    """A plausible line for a command."""
    plausible = {
        "word": "x",
        "text": "a few words",
        "number": "1",
        "day": "2027-03-08",
        "zone": "Asia/Amman",
        "person": "cleo",
    }
    typed = [p for p in command.parameters if not p.form_only]
    return " ".join([command.path, *(p.choices[-1] if p.choices else plausible[p.kind] for p in typed)])


ORGANISERS = [command for command in commands.table() if command.who == "organiser"]


def test_members_and_strangers_are_refused_every_organisers_command(term):
    assert len(ORGANISERS) > 25
    before = rows(term)
    for command in ORGANISERS:
        for who in ("cleo", "zoe"):
            for line in (lines_for(command), command.path, f"{lines_for(command)} in:physics"):
                [answer] = term.says(who, line)
                assert isinstance(answer, Reply), line
                assert "This is for organisers" in answer.message.plain(), line
    assert rows(term) == before


def test_an_organiser_of_one_programme_is_refused_in_another(term):
    cast.programme(term, organisers=("olga", "petra"), slug="chemistry", name="Women in Chemistry", state="running")
    before = rows(term)
    for command in ORGANISERS:
        [answer] = term.says("olga", f"{lines_for(command)} in:physics")
        assert isinstance(answer, Reply), command.path
        assert "You don't organise “Women in Physics”" in answer.message.plain(), command.path
    assert rows(term) == before


def test_a_draft_of_others_is_not_even_known(talk):
    cast.programme(talk, state="draft", slug="secret-plan", name="Secret plan")
    for who, line in (("zoe", "circle next in:secret-plan"), ("zoe", "programme status in:secret-plan")):
        [answer] = talk.says(who, line)
        assert "There is no programme “secret-plan” here" in answer.message.plain()
        assert "Secret plan" not in answer.message.plain()


# Two programmes.


@pytest.fixture
def two(talk):
    """Cleo is in physics and in chemistry, with a circle in each; ada organises both."""
    for slug, name in (("physics", "Women in Physics"), ("chemistry", "Women in Chemistry")):
        programme = cast.programme(talk, slug=slug, name=name, state="running")
        term_people.circle(talk, programme, "cleo", f"dana-{slug}", called=name)
        cast.start(talk, programme)
    return talk


def test_who_is_in_two_programmes_is_asked_which_and_the_button_works(two):
    two.says("cleo", "/circle goal add Read more")
    heard = two.hears("cleo", "You are in more than one programme. Which one is this about?")
    assert [b.label for b in heard.message.buttons()] == ["Women in Chemistry", "Women in Physics"]
    two.presses("cleo", "Women in Physics")
    two.hears("cleo", "Kept as goal 1")
    assert all(b.call.endswith(" in:physics") for b in two.heard["cleo"][-1].message.buttons())
    two.says("cleo", "/circle goal in:chemistry")
    two.never_hears("cleo", "1. Read more · active · only you can read it in:chemistry")
    with two.store.writing() as db:
        [goal] = db.exec(select(Goal))
        assert members.get(db, goal.member_id).programme_id == 1


def test_a_line_too_long_for_a_button_names_the_word_to_add(two):
    two.says("cleo", "/circle goal add " + "Read many more papers " * 5)
    heard = two.hears("cleo", "Add in: and its short name, for example in:chemistry")
    assert heard.message.buttons() == ()


def test_in_a_programmes_own_room_nobody_is_asked_which(two):
    two.says("cleo", "/circle goal add Read more", room="p1:c1")
    two.hears("cleo", "Kept as goal 1")


def test_an_organiser_of_two_is_asked_which_too(two):
    two.says("ada", "/programme status")
    two.presses("ada", "Women in Chemistry")
    two.hears("ada", "Women in Chemistry")


def test_what_is_about_herself_asks_nobody(two):
    for line in ("/circle zone Amman", "/circle quiet 21:00 7:00", "/circle data export", "/circle help"):
        two.says("cleo", line)
        two.never_hears("cleo", "more than one programme")


def test_a_closed_programme_gives_way_to_the_one_that_runs(two):
    with two.store.writing() as db:
        row = programmes.by_slug(db, 1, "physics")
        row.state = "closed"
        programmes.save(db, row)
    two.says("cleo", "/circle goal add Read more")
    two.hears("cleo", "Kept as goal 1")
    with two.store.writing() as db:
        [goal] = db.exec(select(Goal))
        assert members.get(db, goal.member_id).programme_id == 2


def test_a_closed_programme_takes_nobody_and_still_tells_its_members_where_they_were(talk):
    programme = cast.programme(talk, state="running")
    term_people.circle(talk, programme, "cleo", "dana")
    talk.says("ada", "/programme close yes")
    talk.says("zoe", "/circle join")
    talk.never_hears("zoe", "Your profile")
    assert "zoe" not in talk.forms
    talk.says("zoe", "/circle join in:physics")
    talk.hears("zoe", "There is no programme “physics” here")
    for line in ("/circle", "/circle record", "/circle goal", "/circle data export"):
        assert talk.says("cleo", line)
    before = rows(talk)
    for line in ("/circle next", "/circle met yes", "/circle skip", "/circle prompt"):
        [answer] = talk.says("cleo", line)
        assert "ended" in answer.message.plain(), line
    talk.says("ada", "/programme close yes")
    talk.hears("ada", "has ended already")
    assert rows(talk) == before


def test_every_table_is_looked_at_when_nothing_may_change(talk):
    assert set(cast.rows(talk.store, besides=())) == set(metadata.tables)


def test_a_new_name_is_taken_over_and_a_name_with_a_sign_no_database_keeps_is_cleaned(store):
    talk = Talk(store)
    for number, name in enumerate(("Ada", "Ada\x00 \ud83d Lovelace")):
        asked = Call("local", "demo", "ada", "circle status", f"c{number}", name=name)
        assert commands.run(store, asked, talk.now)
    with store.writing() as db:
        assert people.by_outside_id(db, 1, "ada").name == "Ada \ufffd Lovelace"
