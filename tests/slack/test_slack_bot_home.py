"""The Home and the shortcuts on Slack: the same words as the bare command, and ways in where commands can't go."""

from datetime import timedelta

import cast
import pytest
from slack_house import TEAM, UNHURRIED, heard, kept_in, log_at_debug, term
from slack_things import Post
from slack_view_methods import view_shape

from bot.slack import app
from circles.effects import Tell
from circles.messages import message
from storage.tables import Person as PersonRow


@pytest.fixture(params=["http", "socket"])
def connect(request):
    """Everything here is done by signed requests and by socket."""
    return request.param


async def shows(house, person, words):
    """Wait until somebody's Home says this."""
    seen = await house.town.until(lambda: person.home if person.home and words in person.home.words else None)
    assert seen, f"{person.user}'s Home does not say {words!r}:\n{person.home and person.home.words}"
    return seen


# --- the Home ---------------------------------------------------------------------------------------------------------


async def test_the_home_shows_a_member_where_she_is_her_goals_and_her_settings(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle goal add Finish the grant")
    await cleo.types("/circle")
    bare = cleo.sees()[-1]
    await cleo.opens_home()
    home = await shows(house, cleo, "Finish the grant")
    for line in bare.words.split("\n\n")[0].splitlines():
        assert line in home.words
    for words in ("Your settings", "Pause: none", "Quiet hours", "Time zone: "):
        assert words in home.words
    assert "organisers" not in home.words.lower()


async def test_the_home_shows_an_organiser_her_programmes(house):
    ada = house.person("UADA")
    term(house)
    await ada.opens_home()
    home = await shows(house, ada, "Women in Physics")
    await ada.types("/programme status")
    assert ada.sees()[-1].words.splitlines()[0] in home.words


async def test_the_home_changes_after_a_command_and_after_a_press_in_itself(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.opens_home()
    await shows(house, cleo, "Pause: none")
    await cleo.types("/circle goal add Finish the grant")
    await shows(house, cleo, "Finish the grant")
    await cleo.presses("1: park", cleo.home)
    await cleo.gets_form()
    assert "Goal 1 is parked." in cleo.modal.words
    await shows(house, cleo, "parked")


async def test_a_form_opened_from_the_home_changes_it(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.opens_home()
    await shows(house, cleo, "Pause: none")
    await cleo.presses("Pause", cleo.home)
    await cleo.gets_form()
    await cleo.fills(until="2027-02-20")
    await house.settles()
    await shows(house, cleo, "Pause: until Saturday, 20 February")


async def test_a_file_asked_for_in_the_home_comes_as_a_message_to_her_alone(house):
    ada = house.person("UADA")
    term(house)
    await ada.opens_home()
    home = await shows(house, ada, "Women in Physics")
    action = {"type": "button", "action_id": "call:1", "block_id": "b", "value": "programme export"}
    where = {"type": "view", "view_id": home.source.id}
    more = {"trigger_id": house.town.trigger(TEAM, "UADA"), "actions": [action], "container": where}
    more |= {"view": view_shape(house.town, home.source)}
    await house.way.send("interactive", ada._payload("block_actions", **more))
    await ada.gets_form("Your circle")
    await house.side.rests()
    assert [seen.files for seen in ada.sees()] == [["physics.csv"]]


async def test_the_home_changes_after_a_nudge_reached_her(house):
    cleo = house.person("UCLEO")
    programme, _circle = term(house)
    await cleo.opens_home()
    await shows(house, cleo, "Pause: none")
    before = len(house.calls("views.publish"))
    house.puts(programme, Tell("n", house.known("UCLEO"), message("A nudge."), "thanks", urgent=True))
    await house.beats()
    await cleo.hears("A nudge.")
    assert await house.town.until(lambda: len(house.calls("views.publish")) > before)


async def test_whoever_has_not_looked_gets_no_home_drawn(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle goal add Finish the grant")
    await cleo.opens_home("messages")
    await house.settles()
    assert (cleo.home, house.calls("views.publish")) == (None, [])


async def test_a_stranger_sees_nothing_of_this_workspace_in_her_home(house):
    term(house)
    far = house.person("UFAR", is_stranger=True, team_id="T9")
    await far.opens_home()
    home = await shows(house, far, "Circles here are for people of this workspace.")
    assert "Physics" not in home.words
    with house.desk.store.writing() as db:
        assert "UFAR" not in [row.outside_id for row in db.execute(PersonRow.__table__.select())]


async def test_a_home_that_slack_does_not_take_is_drawn_again_later(house):
    cleo = house.person("UCLEO")
    term(house)
    house.town.fail("views.publish", "drop before", "500")
    await cleo.opens_home()
    await cleo.opens_home()
    assert cleo.home is None
    await cleo.types("/circle goal add Finish the grant")
    await shows(house, cleo, "Finish the grant")


async def test_a_home_that_is_limited_is_drawn_when_the_limit_is_over(house):
    cleo = house.person("UCLEO")
    term(house)
    house.town.limit("views.publish", retry_after=1)
    await cleo.opens_home()
    assert cleo.home is None
    house.clock.move(house.clock.now() + timedelta(seconds=1))
    await shows(house, cleo, "Your settings")
    assert len(house.calls("views.publish")) == 2


# --- shortcuts --------------------------------------------------------------------------------------------------------


async def test_your_circle_opens_a_window_with_the_words_of_the_bare_command_and_buttons_that_work(house):
    cleo = house.person("UCLEO")
    term(house)
    await cleo.types("/circle")
    bare = cleo.sees()[-1]
    await cleo.uses_shortcut("your_circle")
    window = await cleo.gets_form("Your circle")
    assert bare.words in window.words
    assert window.buttons == bare.buttons
    await cleo.presses("My goals")
    await house.settles()
    assert "You have no goal here yet" in cleo.modal.words
    await cleo.presses("Add a goal")
    await cleo.gets_form("Your goal")
    await cleo.fills(text="Finish the grant")
    await house.settles()
    assert "Kept as goal 1" in cleo.modal.words


async def test_a_shortcut_answered_too_late_for_a_window_is_answered_in_a_message(house):
    cleo = house.person("UCLEO")
    term(house)
    async with house.busy():
        await cleo.uses_shortcut("your_circle")
        house.town.wait_out(2 * UNHURRIED)
    await cleo.hears("Jasmine")
    assert cleo.modal is None


def says(house, user, text, room):
    """Let somebody write a message that the bot was never told of."""
    post = Post(TEAM, room.id, house.town.ts(), user, text, [])
    house.town.posts.append(post)
    return post


async def test_thank_on_a_colleagues_message_opens_the_form_for_her_and_what_she_wrote_is_kept_nowhere(house):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    term(house)
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA"])
    says(house, "UDANA", "CANARY of dana", room)
    with log_at_debug() as log:
        await cleo.uses_shortcut("thank", heard(cleo, "CANARY")[0])
        await cleo.gets_form()
        await cleo.fills(text="Thank you for the draft!")
        await house.settles()
        await dana.hears("Thank you for the draft!")
    kept = kept_in(house.desk.store)
    assert (b"CANARY" in kept, b"Thank you for the draft!" in kept) == (False, True)
    assert "CANARY" not in log.getvalue()


async def test_thank_is_acknowledged_while_slack_still_looks_for_who_wrote(house, monkeypatch):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    term(house)
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA"])
    says(house, "UDANA", "Hello", room)
    await cleo.types("/circle")
    monkeypatch.setattr(app, "PATIENCE", 0.1)
    house.town.fail("users.info", "wait")
    await cleo.uses_shortcut("thank", heard(cleo, "Hello")[0])
    assert house.town.unacknowledged == []
    assert cleo.modal is None
    house.town.gate.set()
    await cleo.gets_form()
    await cleo.fills(text="Thank you, Dana!")
    await house.settles()
    await dana.hears("Thank you, Dana!")


async def test_thank_on_a_bots_message_asks_whom(house):
    cleo, dana = house.person("UCLEO"), house.person("UDANA")
    programme, _circle = term(house)
    house.puts(programme, Tell("n", house.known("UCLEO"), message("A nudge."), "thanks", urgent=True))
    await house.beats()
    await cleo.uses_shortcut("thank", await cleo.hears("A nudge."))
    await cleo.gets_form()
    await cleo.fills(person="UDANA", text="Thank you, Dana!")
    await house.settles()
    await dana.hears("Thank you, Dana!")


async def test_who_is_in_no_programme_is_told_so_in_the_window(house):
    zoe, dana = house.person("UZOE"), house.person("UDANA")
    cast.programme(house.cast(), organisers=("UADA", "UBOB"))
    room = house.town.add_channel(TEAM, "general", ["UZOE", "UDANA"])
    says(house, "UDANA", "Hello", room)
    await zoe.uses_shortcut("thank", heard(zoe, "Hello")[0])
    window = await zoe.gets_form("Your circle")
    assert "This is for members, and you have not joined yet." in window.words
    assert dana.sees()
