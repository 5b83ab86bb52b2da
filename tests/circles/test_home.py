"""One page for one person: where she is, her goals, her settings, and what she organises; nobody else's affairs."""

import cast
import pytest
import rounds_people
from talk import Talk

from circles.messages import Buttons
from storage import members, people


@pytest.fixture
def talk(store):
    return Talk(store)


def home(talk, who, line="/circle home"):
    """Her page, as one message."""
    (answer,) = talk.says(who, line)
    for block in answer.message.blocks:
        assert not isinstance(block, Buttons) or 1 <= len(block.buttons) <= 5
    assert len(answer.message.blocks) <= 40
    assert all(len(b.call) <= 100 for b in answer.message.buttons())
    return answer.message


def test_a_member_finds_the_bare_command_her_goals_and_her_settings_on_one_page(talk):
    rounds_people.term(talk)
    rounds_people.lives(talk, "cleo", zone="Asia/Amman", weekend=(4, 5), quiet=(21, 7))
    talk.says("cleo", "/circle goal add Finish the grant")
    talk.passes(until=rounds_people.at(1, 12))
    talk.says("cleo", "/circle")
    bare = talk.heard["cleo"][-1].message
    talk.says("cleo", "/circle goal list")
    goals = talk.heard["cleo"][-1].message
    page = home(talk, "cleo")
    for block in (*bare.blocks, *goals.blocks):
        assert block.plain() in page.plain()
    for row in ("Pause: none", "Quiet hours: 21:00 to 07:00", "Days off: Friday and Saturday", "Time zone: Asia/Amman"):
        assert row in page.plain()
    assert "Finish the grant" not in page.summary


def test_each_setting_is_changed_from_the_page(talk):
    rounds_people.term(talk)
    home(talk, "cleo")
    for label, answers, shown in (
        ("Quiet hours", {"hours": "22:00 6:00"}, "Quiet hours: 22:00 to 06:00"),
        ("Days off", {"days": "fri-sat"}, "Days off: Friday and Saturday"),
        ("Time zone", {"zone": "Amman"}, "Time zone: Asia/Amman"),
        ("Pause", {"until": "2027-02-20"}, "Pause: until Saturday, 20 February"),
    ):
        talk.presses("cleo", label)
        talk.fills("cleo", **answers)
        assert shown in home(talk, "cleo").plain()
    talk.presses("cleo", "Come back now")
    assert "Pause: none" in home(talk, "cleo").plain()


@pytest.mark.parametrize(
    ("label", "answers"),
    [("Quiet hours", {"hours": "late"}), ("Quiet hours", {"hours": "25:00 7:00"}), ("Time zone", {"zone": "Mars"})],
)
def test_an_answer_that_cannot_be_is_shown_beside_its_field_and_changes_nothing(talk, label, answers):
    rounds_people.term(talk)
    before = home(talk, "cleo")
    talk.presses("cleo", label)
    talk.fills("cleo", **answers)
    assert [field.error for field in talk.forms["cleo"].fields if field.error]
    assert home(talk, "cleo") == before


def test_in_several_programmes_each_has_its_section_and_its_buttons(talk):
    physics = cast.programme(talk, name="Physics", slug="physics")
    chemistry = cast.programme(talk, name="Chemistry", slug="chemistry", organisers=("olga", "petra"))
    for programme in (physics, chemistry):
        cast.member(talk, programme, "cleo")
    talk.says("cleo", "/circle goal add Read more in:physics")
    talk.says("cleo", "/circle goal add Write more in:chemistry")
    page = home(talk, "cleo")
    assert page.plain().index("Write more") < page.plain().index("Read more")
    assert page.plain().count("Your settings") == 1
    assert "Pause: Chemistry: none · Physics: none" in page.plain()
    calls = {b.call for b in page.buttons()}
    assert {"circle goal done 1 in:physics", "circle goal done 1 in:chemistry"} <= calls
    talk.presses("cleo", "Pause: Physics")
    talk.fills("cleo", until="2027-03-08")
    assert "Pause: Chemistry: none · Physics: until Monday, 8 March" in home(talk, "cleo").plain()


def test_an_organiser_finds_a_block_for_each_programme_that_goes_on(talk):
    term = rounds_people.term(talk)
    cast.programme(talk, name="Chemistry", slug="chemistry")
    cast.programme(talk, name="Over", slug="over", state="closed")
    page = home(talk, "ada")
    for line in (
        "Women in Physics\n\nState: running",
        "Next: heads-up before round 1",
        "Chemistry\n\nState: open for joining",
    ):
        assert line in page.plain()
    assert "Over\n\nState" not in page.plain()
    assert {"programme schedule in:physics", "programme form in:chemistry"} <= {b.call for b in page.buttons()}
    assert term.round(1) is None


def test_a_stranger_finds_what_is_open_and_her_settings(talk):
    cast.programme(talk)
    page = home(talk, "zoe")
    assert "You can join this one" in page.plain()
    assert "Pause" not in page.plain()
    talk.presses("zoe", "Join")
    assert "zoe" in talk.forms


def test_after_the_end_the_page_says_so_and_offers_no_goals(talk):
    programme = cast.programme(talk, state="closed")
    cast.member(talk, programme, "cleo")
    page = home(talk, "cleo")
    assert "closed" in page.plain()
    assert "Your goals" not in page.plain()


def test_a_very_busy_person_gets_a_page_that_fits_and_says_what_is_left_out(talk):
    for number in range(6):
        programme = cast.programme(talk, name=f"Programme {number}", slug=f"p{number}", organisers=("cleo", "bob"))
        cast.member(talk, programme, "cleo")
        for goal in range(3):
            talk.says("cleo", f"/circle goal add Goal {goal} in:p{number}")
    page = home(talk, "cleo")
    assert "There was no room here for" in page.plain()
    assert "Your settings" in page.plain()


def test_the_page_holds_nothing_that_is_somebody_elses(talk):
    rounds_people.term(talk)
    talk.says("cleo", "/circle goal add Learn CANARY")
    talk.says("cleo", "/circle pause")
    talk.fills("cleo", until="2027-02-20", reason="Because CANARY")
    for who in ("dana", "ada", "zoe"):
        assert "CANARY" not in home(talk, who).plain()
    assert "CANARY" not in home(talk, "zoe", "/circle home in:physics").plain()


def test_looking_at_the_page_changes_nothing(talk):
    term = rounds_people.term(talk)
    talk.says("cleo", "/circle goal add Read")
    before = cast.rows(talk.store)
    home(talk, "cleo")
    home(talk, "ada")
    assert cast.rows(talk.store) == before
    with talk.store.writing() as db:
        assert members.of_person(db, term.programme, people.by_outside_id(db, 1, "cleo").id).state == "seated"
