"""What people write on Slack stays theirs: it pings nobody, links nowhere, and is read by those alone who may."""

import json
import re

from slack_house import SECRET, TEAM, TOKEN, heard, log_at_debug, term

EVIL = "<!channel> <!here> <!subteam^S1> <@UZED> <http://evil.example|x> @everyone https://evil.example &lt;!here&gt;"
UNESCAPED = re.compile(r"<!(?!date\^)|<@UZED|https?://evil|<#")


def elements(shown):
    """Every object inside a payload."""
    if isinstance(shown, dict):
        yield shown
        for value in shown.values():
            yield from elements(value)
    elif isinstance(shown, list):
        for value in shown:
            yield from elements(value)


def pings(arguments):
    """What in a payload could ping somebody or link somewhere."""
    found = []
    for one in elements(arguments):
        if one.get("type") in {"broadcast", "usergroup", "channel"} and ("range" in one or len(one) == 2):
            found.append(one)
        if (one.get("type"), one.get("user_id")) == ("user", "UZED"):
            found.append(one)
        if "evil" in str(one.get("url", "")):
            found.append(one)
        if one.get("type") == "mrkdwn" and UNESCAPED.search(one["text"]):
            found.append(one)
    text = arguments.get("text")
    return found + ([text] if isinstance(text, str) and UNESCAPED.search(text) else [])


async def test_what_people_write_never_pings_and_never_links(any_way):
    house = any_way
    house.person("UZED")
    cleo, dana = house.person("UCLEO", name=EVIL[:60]), house.person("UDANA")
    programme, _circle = term(house)
    await cleo.types("/circle goal add " + EVIL.replace("<@UZED>", "<@UZED|zed>"))
    await cleo.hears("Kept as goal 1")
    await cleo.types("/circle goal add")
    await cleo.gets_form()
    await cleo.fills(text=EVIL, first_step=EVIL)
    await cleo.hears("Kept as goal 2")
    for goal in (1, 2):
        await cleo.types(f"/circle goal share {goal} circle")
    await cleo.types("/circle profile about " + "<!channel> <@UZED> <http://evil.example|click>")
    await cleo.types("/circle thanks <@UDANA|dana>")
    await cleo.gets_form()
    await cleo.fills(text=EVIL)
    await cleo.types("/circle nonsense " + EVIL)
    await house.settles()
    for line in ("/circle goal see", "/circle next", "/circle find evil", "/circle map"):
        await dana.types(line)
    await dana.opens_home()
    await house.person("UADA").types("/programme status")
    await house.settles()
    assert programme
    assert heard(dana, "evil.example")
    wrong = [(c.method, found) for c in house.town.calls if (found := pings(json.loads(json.dumps(c.arguments))))]
    assert wrong == []
    assert [found for found in map(pings, (view.shape for view in house.town.views.values())) if found] == []
    for call in house.calls("chat.postMessage"):
        assert (call["unfurl_links"], call["unfurl_media"]) in {(False, False), ("0", "0"), ("false", "false")}
        assert not {"link_names", "parse"} & set(call)


async def test_a_secret_goal_is_in_no_payload_for_others_in_no_notification_and_not_in_the_log(any_way):
    house = any_way
    term(house)
    cleo, dana, ada = (house.person(user) for user in ("UCLEO", "UDANA", "UADA"))
    room = house.town.add_channel(TEAM, "general", ["UCLEO", "UDANA", "UADA", "UBOT1"])
    with log_at_debug() as log:
        await cleo.types("/circle goal add Finish CANARYGOAL", channel=room.id)
        await cleo.types("/circle goal add")
        await cleo.gets_form()
        await cleo.fills(text="Second CANARYGOAL", first_step="CANARYSTEP")
        await house.settles()
        await cleo.opens_home()
        await cleo.types("/circle nonsense CANARYWORD")
        house.town.fail("response_url", "404")
        await cleo.presses("My goals", heard(cleo, "Kept as goal 1")[0])
        await house.settles()
        for person, lines in (
            ((dana, ("/circle", "/circle goal see", "/circle next", "/circle find CANARYGOAL"))),
            (
                ada,
                ("/programme status", "/programme report", "/programme export", "/programme audit"),
            ),
        ):
            for line in lines:
                await person.types(line, channel=room.id)
            await person.opens_home()
        house.town.fail("chat.postMessage", "drop after", "500")
        await cleo.types("/circle thanks <@UDANA|dana>")
        await cleo.gets_form()
        await cleo.fills(text="CANARYTHANKS")
        await house.settles()
        await house.settles()
    assert heard(cleo, "CANARYGOAL")
    for person in (dana, ada):
        seen = json.dumps([s.blocks for s in person.sees()]) + " ".join(s.text for s in person.sees())
        shown = person.home.words if person.home else ""
        assert "CANARYSTEP" not in seen + shown
        asked = 1 if person is dana else 0  # she has looked for the word herself
        assert (seen + shown).count("CANARYGOAL") <= asked * 10
        assert "Finish CANARYGOAL" not in seen + shown
    notified = [post.text for post in house.town.posts if post.only_for is None and not post.is_edited]
    assert notified
    assert [text for text in notified if "CANARY" in text] == []
    written = log.getvalue()
    assert "DEBUG" in written or "INFO" in written or "WARNING" in written
    for secret in ("CANARY", TOKEN, SECRET, house.town.app_token, "/response/", "Finish", "xoxb-"):
        assert secret not in written, secret


def test_what_is_checked_for_pings_would_be_found():
    block = {"type": "rich_text", "elements": [{"type": "broadcast", "range": "channel"}]}
    assert pings({"blocks": [block]})
    assert pings({"text": "<!channel>"})
    assert pings({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@UZED>"}}]})
    assert not pings({"text": "&lt;!channel&gt; <!date^1^{time}|9:00>"})
