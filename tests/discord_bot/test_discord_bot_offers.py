"""What Discord offers while somebody types: what she may know of, at most 25 of it, and nothing of anybody else's."""

import cast
import pytest
from discord_house import housed


@pytest.fixture
async def house(sqlite_store, discord_town):
    """The bot in a town; afterwards every request that it made is judged by Discord's own document."""
    async with housed(sqlite_store, discord_town) as house:
        yield house


async def test_a_member_is_offered_her_programmes_and_a_stranger_what_she_may_join(house):
    await house.term()
    cast.programme(house.cast(), organisers=("rana",), name="Open for all", slug="open")
    cast.programme(house.cast(), organisers=("rana",), name="Secret plans", slug="plans", state="draft")
    cleo, zoe, rana = await house.people("cleo", "zoe", "rana")
    await zoe.types("/circle status")
    assert await cleo.looks_up("/circle goal list", "programme") == (("Women in Physics", "physics"),)
    assert ("Open for all", "open") in await zoe.looks_up("/circle join", "programme")
    assert "Secret plans" not in str(await zoe.looks_up("/circle join", "programme"))
    offered = await rana.looks_up("/programme status", "programme", "plan")
    assert offered == (("Secret plans", "plans"),)


async def test_only_her_own_active_goals_are_offered_by_what_they_say(house):
    await house.term()
    cleo, dana = await house.people("cleo", "dana")
    for text in ("Finish the grant", "Rest more"):
        await cleo.types("/circle goal add", text=text)
    await dana.types("/circle goal add", text="A secret of Dana's")
    assert await cleo.looks_up("/circle goal done", "number") == (("1. Finish the grant", 1), ("2. Rest more", 2))
    assert await cleo.looks_up("/circle goal done", "number", "rest") == (("2. Rest more", 2),)
    assert await dana.looks_up("/circle goal done", "number") == (("1. A secret of Dana's", 1),)
    await cleo.types("/circle goal done", number="1")
    assert await cleo.looks_up("/circle goal park", "number") == (("2. Rest more", 2),)
    assert await cleo.looks_up("/circle goal resume", "number") == (("1. Finish the grant", 1),)


async def test_goals_are_those_of_the_programme_that_is_named_already(house):
    await house.term()
    chemistry = cast.programme(house.cast(), organisers=("rana",), name="Chemistry", slug="chemistry", state="running")
    cast.circle(house.cast(), chemistry, mentors=("cleo",), name="Olive")
    cleo = await house.town.person("cleo")
    for text, programme in (("A grant", "physics"), ("A talk", "chemistry")):
        await cleo.types("/circle goal add", text=text, programme=programme)
    for text, programme in (("A grant", "physics"), ("A talk", "chemistry")):
        offered = await cleo.looks_up("/circle goal done", "number", programme=programme)
        assert offered == ((f"1. {text}", 1),)


async def test_an_organiser_is_offered_circles_and_prompts_and_a_member_none(house):
    await house.term()
    rana = await house.town.person("rana")
    dana = await house.town.person("dana")
    assert await rana.looks_up("/programme circles room", "number") == (("Jasmine", 1),)
    prompts = await rana.looks_up("/programme prompts retire", "code")
    assert len(prompts) == 25
    assert await rana.looks_up("/programme prompts restore", "code") == ()
    await rana.types("/programme prompts retire", code=prompts[0][1])
    assert await rana.looks_up("/programme prompts restore", "code") == prompts[:1]
    assert await rana.looks_up("/programme prompts list", "theme", "hard") == (("Hard talks", "hard-talks"),)
    assert ("Languages", "languages") in await dana.looks_up("/circle profile", "field", "lang")
    assert await dana.looks_up("/programme circles room", "number") == ()
    assert await dana.looks_up("/programme prompts retire", "code") == ()


@pytest.mark.parametrize(
    ("typed", "first"), [("amm", "Asia/Amman"), ("asia/am", "Asia/Amman"), ("berl", "Europe/Berlin")]
)
async def test_time_zones_are_offered_by_city_and_by_name(house, typed, first):
    cleo = await house.town.person("cleo")
    offered = await cleo.looks_up("/circle zone", "zone", typed)
    assert first in [value for _name, value in offered[:3]]
    assert 1 <= len(offered) <= 25


async def test_before_anything_is_typed_some_large_places_are_offered_and_nonsense_gives_none(house):
    cleo = await house.town.person("cleo")
    assert len(await cleo.looks_up("/circle zone", "zone")) == 25
    assert await cleo.looks_up("/circle zone", "zone", "qqqqq") == ()


async def test_nothing_of_one_server_is_offered_in_another(house):
    await house.term()
    other = await house.town.ask("guild_create", name="Another", channels=["general"])
    cleo = await house.town.person("cleo")
    await cleo.joins(other["guild"])
    cleo.place = other["channels"][0]
    assert await cleo.looks_up("/circle goal list", "programme") == ()
    assert await cleo.looks_up("/circle goal done", "number") == ()


async def test_a_colleague_who_has_typed_nothing_yet_can_be_named(house):
    rana, bob = await house.town.person("rana", organiser=True), await house.town.person("bob")
    await rana.types("/programme setup")
    await rana.fills(name="Women in science", purpose="Company", objectives="Ten meetings")
    answer = await rana.types("/programme organisers add", person=bob)
    assert "bob helps organise from now on" in answer.words
