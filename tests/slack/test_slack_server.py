"""The server of the signed HTTP mode: Slack's own requests come in and nobody else's; installing keeps its steps."""

# ruff: noqa: S105, S106 - the tokens are made up

import gzip
import hashlib
import html
import io
import json
import re
import socket
import time
from base64 import b64encode
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import oauth_house as oauth
import pytest
from oauth_house import CLIENT_ID, CLIENT_SECRET, NOW, House, Slack, granted
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.server import Server, oauth_flow
from bot.slack.settings import Slack as Settings

# slack_sdk signs in at oauth.v2.access with what aiohttp means to replace.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
SECRET = "a-signing-secret"
ADDRESS = "https://halqa.example.org"
COOKIE = "__Host-halqa-install"
MEGABYTE = 1024 * 1024


class Site:
    """The server of a house, and a browser or a Slack that asks it."""

    def __init__(self, house, slack, address=ADDRESS, authorize="", health=None):
        self.house = house
        self.slack = slack
        self.heard = []
        self.settings = Settings(
            connect="http", api=slack.api, signing_secret=SECRET, client_id=CLIENT_ID, client_secret=CLIENT_SECRET,
            address=address, authorize=authorize,
        )  # fmt: skip
        self.app = AsyncApp(
            signing_secret=SECRET,
            client=AsyncWebClient(base_url=slack.api),
            authorize=house.tokens.authorize,
            process_before_response=True,
        )
        self.app.command("/circle")(self._circle)
        client = AsyncWebClient(base_url=slack.api, retry_handlers=[])
        flow = oauth_flow(self.settings, ["chat:write", "commands"], house.installs, house.states, client)
        self.server = Server(self.app, flow, "127.0.0.1", 0, health)

    async def _circle(self, ack, body, client, context):
        self.heard.append((body["text"], client.token, context.bot_user_id, context.bot_id))
        await ack("You are on the list.")

    async def start(self):
        self.at = await self.server.start()
        self.browser = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self):
        await self.browser.close()
        await self.server.stop()

    async def get(self, path, cookie=None, method="GET"):
        headers = {"Cookie": cookie} if cookie else {}
        async with self.browser.request(method, self.at + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.text()

    async def send(self, body, headers, path="/slack/events"):
        async with self.browser.post(self.at + path, data=body, headers=headers) as answer:
            return answer.status, answer.headers, await answer.text()

    async def begins(self, path="/slack/install"):
        """Open the page of installing; gives the state, the cookie, and where Slack's page is."""
        status, headers, _ = await self.get(path)
        assert status == 302
        where = urlsplit(headers["Location"])
        [(name, morsel)] = SimpleCookie(headers["Set-Cookie"]).items()
        return parse_qs(where.query)["state"][0], f"{name}={morsel.value}", where

    async def comes_back(self, cookie=None, **query):
        return await self.get(f"/slack/oauth_redirect?{urlencode(query)}", cookie)


@pytest.fixture
async def slack():
    server = Slack()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock():
    return oauth.clock()


@pytest.fixture
async def site_of(sqlite_store, slack, clock):
    running = []

    async def start(**more):
        house = House(sqlite_store, clock, slack.api)
        running.append(Site(house, slack, **more))
        await running[-1].start()
        return running[-1]

    yield start
    for site in running:
        await site.stop()
        site.house.close()


@pytest.fixture
async def site(site_of):
    return await site_of()


def said(page):
    return " ".join(html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


# -- signed requests ----------------------------------------------------------------------------------------

COMMAND = urlencode(
    {
        "command": "/circle", "text": "met ada's secret words", "team_id": "T1", "user_id": "U_ADA",
        "trigger_id": "1.1", "channel_id": "C1", "api_app_id": "A1", "token": "old",
    }
)  # fmt: skip
FORM = "application/x-www-form-urlencoded"


def signed(body, *, at=None, secret=SECRET, kind=FORM):
    stamp = str(int(time.time()) if at is None else at)
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body),
    }


async def test_a_signed_request_reaches_the_app_with_the_workspaces_own_token(site, slack):
    await site.house.installs.async_save(oauth.installation())
    await site.house.installs.async_save(oauth.installation("T2", "xoxb-second", bot_user_id="U_BOT2", bot_id="B2"))
    for body in (COMMAND, COMMAND.replace("team_id=T1", "team_id=T2")):
        status, headers, text = await site.send(body, signed(body))
        assert (status, text) == (200, "You are on the list.")
        assert headers["Cache-Control"] == "no-store"
    assert site.heard == [
        ("met ada's secret words", "xoxb-first", "U_BOT", "B1"),
        ("met ada's secret words", "xoxb-second", "U_BOT2", "B2"),
    ]
    assert slack.asked == []  # whom we are is not asked of Slack at each request


async def test_who_asks_where_we_are_not_installed_is_told_to_install(site, slack):
    await site.house.installs.async_save(oauth.installation())
    assert (await site.send(COMMAND, signed(COMMAND)))[2] == "You are on the list."
    await site.house.installs.async_delete_all(enterprise_id=None, team_id="T1")
    body = f"{COMMAND}&response_url={slack.api}respond"
    assert (await site.send(body, signed(body)))[::2] == (200, "")
    assert len(site.heard) == 1
    [told] = slack.told
    assert "install this app" in told["text"]


async def test_a_form_may_hold_the_word_payload_and_is_looked_at_as_any_other(site):
    await site.house.installs.async_save(oauth.installation())
    body = COMMAND.replace("secret", "payload")
    assert (await site.send(body, signed(body)))[2] == "You are on the list."
    assert [text for text, *_ in site.heard] == ["met ada's payload words"]
    for other in (body.replace("ada", "bob"), f"payload={body}"):
        assert (await site.send(other, signed(body)))[0] == 401
    assert len(site.heard) == 1


async def test_an_organisations_request_gets_its_token(site):
    org = oauth.installation(None, "xoxb-org", enterprise_id="E1", is_enterprise_install=True)
    await site.house.installs.async_save(org)
    body = f"{COMMAND}&enterprise_id=E1&is_enterprise_install=true"
    assert (await site.send(body, signed(body)))[2] == "You are on the list."
    assert site.heard[0][1] == "xoxb-org"
    stranger = body.replace("E1", "E2")
    assert (await site.send(stranger, signed(stranger)))[2] != "You are on the list."


def unsigned(**headers):
    return {"Content-Type": FORM, **headers}


REFUSED = {
    "unsigned": unsigned,
    "no signature": lambda: {k: v for k, v in signed(COMMAND).items() if k != "X-Slack-Signature"},
    "no timestamp": lambda: {k: v for k, v in signed(COMMAND).items() if k != "X-Slack-Request-Timestamp"},
    "another secret": lambda: signed(COMMAND, secret="guessed"),
    "another body": lambda: signed(COMMAND.replace("ada", "bob")),
    "six minutes old": lambda: signed(COMMAND, at=int(time.time()) - 360),
    "a day old": lambda: signed(COMMAND, at=int(time.time()) - 86400),
    "six minutes ahead": lambda: signed(COMMAND, at=int(time.time()) + 360),
    "another timestamp": lambda: {**signed(COMMAND), "X-Slack-Request-Timestamp": str(int(time.time()) - 2)},
    "words for a timestamp": lambda: signed(COMMAND, at="yesterday"),
    "an empty timestamp": lambda: signed(COMMAND, at=""),
    "a timestamp with a point": lambda: signed(COMMAND, at=f"{time.time():.3f}"),
    "a timestamp below zero": lambda: signed(COMMAND, at="-1"),
    "a timestamp of Python": lambda: signed(COMMAND, at=f"{int(time.time()):_}"),
    "a timestamp without end": lambda: signed(COMMAND, at="9" * 5000),
    "a timestamp in other digits": lambda: signed(COMMAND, at="٣٣٣٣"),
    "a signature without its version": lambda: {**signed(COMMAND), "X-Slack-Signature": "0" * 64},
    "a signature cut off": lambda: {**signed(COMMAND), "X-Slack-Signature": signed(COMMAND)["X-Slack-Signature"][:-1]},
    "a signature in letters": lambda: {**signed(COMMAND), "X-Slack-Signature": "v0=" + "ü" * 64},
    "an empty signature": lambda: {**signed(COMMAND), "X-Slack-Signature": ""},
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
async def test_what_slack_did_not_sign_just_now_is_refused_and_not_read(site_of, headers, caplog):
    caplog.set_level("DEBUG")  # before bolt makes its loggers
    site = await site_of()
    await site.house.installs.async_save(oauth.installation())
    status, answered, _ = await site.send(COMMAND, headers())
    assert status == 401
    assert answered["X-Content-Type-Options"] == "nosniff"
    assert site.heard == []
    assert "secret words" not in caplog.text
    assert "secret+words" not in caplog.text


@pytest.mark.parametrize("seconds", [-290, 290])
async def test_clocks_may_differ_by_less_than_five_minutes(site, seconds):
    await site.house.installs.async_save(oauth.installation())
    status, _, _ = await site.send(COMMAND, signed(COMMAND, at=int(time.time()) + seconds))
    assert status == 200


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"{", b"payload=%7B", b"{" + b'"a":{' * 100_000, b"command=%2Fcircle&text=\xe9"],
    ids=["no text", "half", "half a payload", "deep", "another alphabet"],
)
@pytest.mark.parametrize("is_signed", [True, False])
async def test_garbage_is_refused_whoever_sends_it(site, body, is_signed):
    words = body.decode("utf-8", "replace")
    headers = signed(words, kind="application/json") if is_signed else unsigned()
    status, _, text = await site.send(body, headers)
    assert status == (400 if is_signed and b"\xff" not in body and b"\xe9" not in body else 401)
    assert "Traceback" not in text


async def test_the_alphabet_that_a_stranger_names_changes_nothing(site):
    headers = {**signed(COMMAND), "Content-Type": f"{FORM}; charset=no-such-alphabet"}
    await site.house.installs.async_save(oauth.installation())
    status, _, _ = await site.send(COMMAND, headers)
    assert status == 200


@pytest.mark.parametrize(("size", "status"), [(MEGABYTE, 200), (MEGABYTE + 1, 413), (5 * MEGABYTE, 413)])
async def test_a_request_has_a_megabyte_at_most(site, size, status):
    await site.house.installs.async_save(oauth.installation())
    body = f"{COMMAND}&more="
    body += "a" * (size - len(body))
    assert (await site.send(io.BytesIO(body.encode()), signed(body)))[0] == status
    assert len(site.heard) == (status == 200)


async def test_a_small_request_that_unpacks_to_a_large_one_is_refused(site):
    headers = {**unsigned(), "Content-Encoding": "gzip"}
    assert (await site.send(gzip.compress(b"a" * 50 * MEGABYTE), headers))[0] == 413


async def test_slacks_question_whether_the_address_is_ours_is_answered(site):
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "old"})
    status, headers, text = await site.send(body, signed(body, kind="application/json"))
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})
    assert headers["Content-Type"].startswith("application/json")
    assert (await site.send(body, unsigned()))[0] == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/slack", 404),
        ("GET", "/slack/events/", 404),
        ("GET", "/slack/../slack/install/x", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/slack/events", 405),
        ("POST", "/slack/install", 405),
        ("HEAD", "/slack/install", 405),
        ("HEAD", "/slack/oauth_redirect", 405),
        ("POST", "/slack/oauth_redirect", 405),
        ("DELETE", "/health", 405),
    ],
)
async def test_there_is_nothing_else(site, method, path, status):
    answered, headers, text = await site.get(path, method=method)
    assert answered == status
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in headers["Server"] + text


async def test_without_a_client_id_there_is_no_installing(site, sqlite_store):
    server = Server(site.app, None, "127.0.0.1", 0)
    at = await server.start()
    try:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            async with site.browser.get(at + path) as answer:
                assert answer.status == 404
        await site.house.installs.async_save(oauth.installation())
        async with site.browser.post(f"{at}/slack/events", data=COMMAND, headers=signed(COMMAND)) as answer:
            assert answer.status == 200
    finally:
        await server.stop()


async def test_a_port_that_is_taken_is_said_and_nothing_is_left_open(site):
    taken = urlsplit(site.at).port
    second = Server(site.app, None, "127.0.0.1", taken)
    with pytest.raises(OSError, match="address already in use"):
        await second.start()
    await second.stop()


async def test_a_server_that_stopped_lets_go_of_its_port(site_of):
    site = await site_of()
    port = urlsplit(site.at).port
    await site.server.stop()
    await site.server.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))


# -- health -------------------------------------------------------------------------------------------------


async def well():
    return True


async def ill():
    return False


async def broken():
    raise RuntimeError("xoxb-secret")


@pytest.mark.parametrize(
    ("health", "status", "told"),
    [(None, 200, {"ok": True}), (well, 200, {"ok": True}), (ill, 503, {"ok": False}), (broken, 503, {"ok": False})],
)
async def test_health_is_told_without_a_word_about_anybody(site_of, health, status, told):
    site = await site_of(health=health)
    await site.house.installs.async_save(oauth.installation())
    answered, headers, text = await site.get("/health")
    assert (answered, json.loads(text)) == (status, told)
    assert headers["Cache-Control"] == "no-store"


# -- installing ---------------------------------------------------------------------------------------------


async def test_a_workspace_installs_from_the_first_page_to_the_last(site, slack, caplog):
    caplog.set_level("DEBUG")
    slack.codes["code-1"] = granted(token="xoxb-granted", refresh_token="xoxe-1-one", expires_in=43200)
    state, cookie, where = await site.begins()
    assert (where.scheme, where.netloc, where.path) == ("https", "slack.com", "/oauth/v2/authorize")
    assert parse_qs(where.query) == {
        "state": [state],
        "client_id": [CLIENT_ID],
        "scope": ["chat:write,commands"],
        "redirect_uri": [f"{ADDRESS}/slack/oauth_redirect"],
    }
    status, headers, page = await site.comes_back(cookie, code="code-1", state=state)
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert said(page).startswith("Halqa is installed in Workspace T1 · Halqa Halqa Halqa is installed in Workspace T1")
    assert 'href="https://slack.com/app_redirect?app=A1&amp;team=T1"' in page
    assert slack.asked == [
        {"code": "code-1", "redirect_uri": f"{ADDRESS}/slack/oauth_redirect"},
        {"auth.test": "xoxb-granted"},
    ]
    there = await site.house.installs.async_find_installation(enterprise_id=None, team_id="T1")
    assert (there.bot_token, there.bot_refresh_token, there.bot_id) == ("xoxb-granted", "xoxe-1-one", "B1")
    assert (there.bot_token_expires_at, there.installed_at) == (int(NOW.timestamp()) + 43200, NOW.timestamp())
    assert (await site.send(COMMAND, signed(COMMAND)))[2] == "You are on the list."
    assert site.heard[0][1:] == ("xoxb-granted", "U_BOT", "B1")
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert "installed: none-T1" in ours
    for secret in ("xox", "code-1", state, CLIENT_SECRET):
        assert secret not in ours


async def test_an_organisation_installs_for_all_its_workspaces(site, slack):
    slack.codes["code-1"] = granted(
        token="xoxb-org", team=None, enterprise={"id": "E1", "name": "The Org"}, is_enterprise_install=True
    ) | {"team": None}
    state, cookie, _ = await site.begins()
    status, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert status == 200
    assert "Halqa is installed for The Org" in said(page)
    for team in ("T1", "T2"):
        assert await site.house.tokens.of(team, "E1") == "xoxb-org"


async def test_what_a_person_is_given_too_is_not_kept(site, slack):
    slack.codes["code-1"] = granted(authed_user={"id": "U_ADA", "access_token": "xoxp-ada", "scope": "chat:write"})
    state, cookie, _ = await site.begins()
    assert (await site.comes_back(cookie, code="code-1", state=state))[0] == 200
    there = await site.house.installs.async_find_installation(enterprise_id=None, team_id="T1")
    assert (there.bot_token, there.user_id, there.user_token) == ("xoxb-first", "U_ADA", None)


async def test_the_cookie_is_for_this_browser_and_this_errand_only(site):
    _, headers, _ = await site.get("/slack/install")
    [(name, cookie)] = SimpleCookie(headers["Set-Cookie"]).items()
    assert name == COOKIE
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert (cookie["max-age"], cookie["domain"]) == ("600", "")
    _, headers, _ = await site.comes_back(error="access_denied")
    [(name, cookie)] = SimpleCookie(headers["Set-Cookie"]).items()
    assert (name, cookie.value) == (COOKIE, "deleted")
    assert "1970" in cookie["expires"]


async def test_without_tls_the_cookie_works_still_as_on_a_machine_of_ones_own(site_of, slack):
    site = await site_of(address="http://127.0.0.1:3000", authorize="http://127.0.0.1:9999/oauth/v2/authorize")
    _, headers, _ = await site.get("/slack/install")
    assert headers["Location"].startswith("http://127.0.0.1:9999/oauth/v2/authorize?")
    [(name, cookie)] = SimpleCookie(headers["Set-Cookie"]).items()
    assert (name, cookie["secure"], cookie["httponly"]) == ("halqa-install", "", True)
    slack.codes["code-1"] = granted()
    state, cookie, _ = await site.begins()
    status, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert status == 200
    assert 'href="http://127.0.0.1:9999/app_redirect?' in page


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("T123ABC", ["T123ABC"]),
        ("", None),
        ("t1", None),
        ("T1&redirect_uri=https://evil.example.org", None),
        ("T1\r\nSet-Cookie: a=b", None),
    ],
)
async def test_a_workspace_may_be_named_beforehand_and_nothing_added(site, asked, given):
    _, _, where = await site.begins(f"/slack/install?{urlencode({'team': asked})}")
    query = parse_qs(where.query)
    assert query.get("team") == given
    assert query["redirect_uri"] == [f"{ADDRESS}/slack/oauth_redirect"]


async def begun_elsewhere(site, state, cookie):
    other, _, _ = await site.begins()
    return {"state": other}, cookie


async def invented(_site, _state, _cookie):
    return {"state": "invented"}, f"{COOKIE}=invented"


async def used(site, state, cookie):
    await site.comes_back(cookie, state=state, code="nothing")
    return {"state": state}, cookie


async def late(site, state, cookie):
    site.house.clock.move(NOW + timedelta(minutes=10, seconds=1))
    return {"state": state}, cookie


async def without_cookie(_site, state, _cookie):
    return {"state": state}, None


async def with_another_cookie(site, state, _cookie):
    _, other, _ = await site.begins()
    return {"state": state}, other


async def without_state(_site, _state, cookie):
    return {}, cookie


BROWSER, TIME = "Please begin in this browser", "That took a little too long"


@pytest.mark.parametrize(
    ("how", "status", "title"),
    [
        (begun_elsewhere, 400, BROWSER),
        (without_cookie, 400, BROWSER),
        (with_another_cookie, 400, BROWSER),
        (without_state, 400, BROWSER),
        (invented, 401, TIME),
        (used, 401, TIME),
        (late, 401, TIME),
    ],
)
async def test_who_did_not_set_out_from_here_just_now_installs_nothing(site, slack, how, status, title):
    slack.codes["code-1"] = granted()
    state, cookie, _ = await site.begins()
    query, shown = await how(site, state, cookie)
    slack.asked.clear()
    answered, _, page = await site.comes_back(shown, code="code-1", **query)
    assert answered == status
    assert title in said(page)
    assert f'href="{ADDRESS}/slack/install"' in page
    assert slack.asked == []  # the code is not even tried
    assert await site.house.installs.async_find_bot(enterprise_id=None, team_id="T1") is None


@pytest.mark.parametrize(
    ("answer", "logged"),
    [
        ({"ok": False, "error": "bad_redirect_uri"}, "bad_redirect_uri"),
        (500, "http_500"),
        (200, "can't be reached"),
        ({"ok": True, "token_type": "user", "authed_user": {"access_token": "xoxp-ada"}}, "no bot token"),
    ],
)
async def test_a_code_that_slack_does_not_take_installs_nothing_and_says_so(site, slack, answer, logged, caplog):
    slack.codes["code-1"] = answer
    state, cookie, _ = await site.begins()
    status, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert status == 401
    assert "Slack did not finish the installation" in said(page)
    assert logged in caplog.text
    assert "code-1" not in caplog.text
    assert "xox" not in caplog.text


async def test_slack_out_of_reach_installs_nothing_and_says_so(site, slack):
    state, cookie, _ = await site.begins()
    await slack.stop()
    status, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert (status, "Slack did not finish the installation" in said(page)) == (401, True)


async def test_who_does_not_allow_it_reads_that_nothing_happened(site):
    state, cookie, _ = await site.begins()
    status, _, page = await site.comes_back(cookie, error="access_denied", state=state)
    assert status == 200
    assert "Nothing was installed" in said(page)
    assert f'href="{ADDRESS}/slack/install"' in page


async def test_slack_sends_no_code(site):
    state, cookie, _ = await site.begins()
    status, _, page = await site.comes_back(cookie, state=state)
    assert (status, "Slack sent no answer along" in said(page)) == (401, True)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            "invalid_team_for_non_distributed_app",
            "Slack's word for the reason is invalid_team_for_non_distributed_app.",
        ),
        ("<script>alert(1)</script>", "Slack gave no reason."),
        ("Call 555 1234 to finish", "Slack gave no reason."),
        ("x" * 500, "Slack gave no reason."),
    ],
)
async def test_a_strangers_words_never_come_onto_a_page(site, reason, told):
    _, _, page = await site.comes_back(error=reason)
    assert told in said(page)
    assert "<script" not in page
    assert "555" not in page


async def test_a_workspaces_name_is_words_and_not_html(site, slack):
    slack.codes["code-1"] = granted() | {"team": {"id": "T1", "name": "<b onclick=x>R&D</b>"}}
    state, cookie, _ = await site.begins()
    _, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert "Halqa is installed in &lt;b onclick=x&gt;R&amp;D&lt;/b&gt;" in page
    assert "<b " not in page


async def test_a_page_can_load_nothing_but_its_own_style(site):
    _, headers, page = await site.comes_back(error="access_denied")
    policy = headers["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in page
    assert "src=" not in page
    assert '<html lang="en">' in page


async def test_what_cannot_be_kept_is_said_to_the_person_and_not_how(site, slack, sqlite_store):
    slack.codes["code-1"] = granted(token="xoxb-granted")
    state, cookie, _ = await site.begins()
    with sqlite_store.writing() as db:
        db.connection().exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON safe WHEN NEW.drawer = 'slack installs' "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    status, _, page = await site.comes_back(cookie, code="code-1", state=state)
    assert status == 500
    assert "The installation could not be kept" in said(page)
    assert "disk" not in page
    with sqlite_store.writing() as db:
        db.connection().exec_driver_sql("DROP TRIGGER full")
        db.connection().exec_driver_sql("ALTER TABLE safe RENAME TO lost")
    status, headers, page = await site.get("/slack/install")
    assert status == 500
    assert "Something went wrong here" in said(page)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
