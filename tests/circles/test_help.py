"""Help comes from the table that runs the commands, and shows each person what she may use."""

import membership_people as house
import pytest

from circles import commands


def test_a_stranger_sees_what_anybody_may_type_and_that_there_is_more(talk):
    house.programme(talk)
    talk.says("zoe", "/circle help")
    talk.hears("zoe", "/circle join: Join a programme, in three short steps")
    talk.hears("zoe", "Once you have joined a programme, there is more.")
    talk.never_hears("zoe", "/circle pause")


def test_a_member_sees_every_listed_command_once_and_no_hidden_one(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle help")
    for command in commands.table():
        line = f"- {command.usage}: "
        heard = talk.heard["cleo"][-1].words
        is_hers = command.path.split()[0] == "circle" and not command.hidden and command.who != "organiser"
        assert heard.count(line) == is_hers, command.path


def test_organisers_see_theirs_and_others_only_how_to_begin(talk):
    house.programme(talk)
    talk.says("zoe", "/programme help")
    talk.hears("zoe", "Once you organise a programme, there is more.")
    stranger = talk.heard["zoe"][-1].words
    talk.says("ada", "/programme help")
    organiser = talk.heard["ada"][-1].words
    for command in commands.table():
        if command.path.startswith("programme ") and command.who == "organiser" and not command.hidden:
            assert f"- {command.usage}: " in organiser
            assert (f"- {command.usage}: " in stranger) == (command.path == "programme setup")


def test_what_did_not_reach_somebody_stands_under_a_subject_that_says_so(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle help")
    talk.hears("cleo", "Messages and rooms that got lost")
    talk.says("ada", "/programme help")
    talk.hears("ada", "Messages and rooms that got lost")


@pytest.mark.parametrize("word", ["pause", "/circle pause", "PAUSE", "circle pause"])
def test_one_word_shows_its_usage_and_its_parts(talk, word):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", f"/circle help {word}")
    talk.hears("cleo", "/circle pause <until>: Rest until a day; your place is kept")
    talk.hears("cleo", "until: Until when? For example 8 March, or in 3 weeks")
    talk.hears("cleo", "reason: Why, if you like; only you can read it · asked for in a form")


def test_a_word_with_several_commands_shows_them_all_and_no_hidden_one(talk):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", "/circle help data")
    talk.hears("cleo", "/circle data export: Get everything I keep about you")
    talk.hears("cleo", "/circle data delete: Have what I keep about you deleted")
    talk.never_hears("cleo", "/circle data delete yes")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/circle help puase", "Did you mean /circle pause?"),
        ("/circle help xyzzy", "There is no /circle xyzzy."),
        (f"/circle help {'x' * 61}", "please keep it to 60"),
        ("/circle help leave yes", "There is no /circle leave yes."),
    ],
)
def test_a_word_that_is_no_command_is_told_so(talk, line, said):
    programme = house.programme(talk)
    house.member(talk, programme, "cleo")
    talk.says("cleo", line)
    talk.hears("cleo", said)


def test_what_she_may_not_use_is_explained_and_not_shown(talk):
    house.programme(talk)
    talk.says("zoe", "/circle help pause")
    talk.hears("zoe", "This is for members. Type /circle join to see what is open.")
