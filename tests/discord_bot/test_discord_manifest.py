"""How Halqa is invited: a link with the fewest permissions, and a reason for each."""

import re

import discord
import pytest

from bot.discord import manifest


def test_the_link_asks_for_no_more_than_what_the_page_explains():
    page = manifest.manifest("123456789012345678")
    link = re.search(r"https://\S+", page)[0]
    assert link == (
        "https://discord.com/oauth2/authorize?client_id=123456789012345678"
        "&permissions=343597435904&scope=bot%20applications.commands"
    )
    assert discord.Permissions(**{p.name: True for p in manifest.PERMISSIONS}).value == 343597435904
    for permission in manifest.PERMISSIONS:
        assert f"| {permission.reason}" in page


@pytest.mark.parametrize(
    "too_much",
    ["administrator", "manage_guild", "manage_messages", "move_members", "mention_everyone", "read_message_history"],
)
def test_nothing_that_is_not_needed_is_asked_for_not_even_as_an_option(too_much):
    assert not getattr(discord.Permissions(manifest.value(with_optional=True)), too_much)


def test_what_may_be_added_is_in_a_second_link():
    link = manifest.link("1", with_optional=True)
    number = int(re.search(r"permissions=([0-9]+)", link)[1])
    more = dict.fromkeys(
        ("manage_threads", "manage_channels", "manage_roles", "connect", "speak", "create_events"), True
    )
    assert number & ~manifest.value() == discord.Permissions(**more).value


def test_each_that_may_be_added_is_there_with_what_it_is_for_and_how_to_add_it_alone():
    page = manifest.manifest("1")
    for permission in manifest.OPTIONAL:
        assert f"{permission.label:<15} | Only " in page
    assert "each by itself: open the first link, and then switch it on for Halqa's role in" in page
    assert "change and delete every channel of the server" in page
    assert "who may see which channel, and give roles below its own" in page
    assert "it names nobody" in page
    assert "Where their circle has voice they need Connect in the server to read it, and Speak to talk" in page


def test_without_an_id_the_link_shows_where_it_goes():
    assert "client_id=YOUR_APPLICATION_ID&" in manifest.manifest()


@pytest.mark.parametrize("wrong", ["abc", "12 34", "1&scope=bot", "-1", "1" * 21, "١٢٣"])
def test_an_id_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="number of about 18 digits"):
        manifest.manifest(wrong)
