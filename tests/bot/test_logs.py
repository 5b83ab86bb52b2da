"""What is logged holds ids; secrets never get through, at any level, in any part of a record."""

import io
import logging
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from circles import commands
from circles.turn import Call

# Canaries in the shape of the real thing, put together here so that no scanner takes them for one.
CANARIES = {
    "slack bot": "xox" + "b-123456789012-1234567890123-canaryCANARYcanary",
    "slack user": "xox" + "p-1-2-3-canary",
    "slack refresh": "xox" + "e-1-canarycanary",
    "slack rotated": "xox" + "e.xoxb-1-canarycanary",
    "slack app": "xapp-1-A0123-456-canary0123456789abcdef",
    "discord": "MTIzNDU2Nzg5MDEyMzQ1Njc4" + ".GcaNar." + "canary-canary_canary-canary_canary-cana",
}
PASSWORD = "canary/p@ss:word"  # noqa: S105 - a canary


@pytest.fixture
def log():
    """The log as the program writes it, at DEBUG; the loggers are put back afterwards."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:], {name: logging.getLogger(name).level for name in logs.OURS + logs.QUIET})
    root.handlers = []  # so that the test runner's own are not closed
    written = io.StringIO()
    logs.set_up("debug", written)
    yield written
    root.level, root.handlers = before[0], before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("kind", CANARIES)
@pytest.mark.parametrize("name", ["bot.deliver", "slack_sdk.web", "discord.http", "root"])
def test_a_token_is_hidden_wherever_it_stands_in_a_record(log, kind, name):
    canary = CANARIES[kind]
    logger = logging.getLogger(name)
    logger.warning("a %s", canary)
    logger.warning(f"headers {{'Authorization': '{canary}'}}")  # noqa: G004 - how a careless library does it
    logger.warning("%(token)s", {"token": canary})
    logger.warning("mapping %s", {"token": [canary]})
    try:
        int(canary)
    except ValueError:
        logger.exception("failed", stack_info=True)
    assert log.getvalue().count(logs.HIDDEN) >= 5
    assert canary not in log.getvalue()
    assert "canary" not in log.getvalue().lower().replace("int(canary)", "")  # the line of this test in the traceback


@pytest.mark.parametrize(
    "words",
    [
        f"postgresql://ada:{PASSWORD}@db.example.org:5432/halqa",
        f"postgresql+psycopg://ada:{PASSWORD}@/halqa",
        f"connect failed: 'postgres://:{PASSWORD}@h/d'",
        "Authorization: Bearer canary.canary.canary",
        "{'authorization': 'bearer canary-canary'}",
        "Authorization: Bot canary",
        "postgresql://h/d?user=ada&password=canary&sslmode=require",
        "https://hooks.slack.com/services/T000/B000/canary",
        "https://discord.com/api/webhooks/123/canary-canary_canary",
    ],
)
def test_bearers_and_database_passwords_are_hidden(words):
    said = logs.hidden(words)
    assert "canary" not in said
    assert "p@ss" not in said
    assert logs.HIDDEN in said


@pytest.mark.parametrize(
    "words",
    [
        "the local workspace is open: http://127.0.0.1:8765/",
        "postgresql://ada@db.example.org/halqa could not be opened",
        "call ada:1f2e3d of U0123ABCDEF failed",
        "delivery 12 is unreachable: the room could not be opened",
        "foxes, boxes and xox are words",
        "2027-03-08T09:00:00+00:00 to /var/backups/halqa.db.20270308T090000000000Z-0001.bak",
    ],
)
def test_what_is_no_secret_is_left_as_it_is(words):
    assert logs.hidden(words) == words


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(list(CANARIES.values())))
def test_no_words_around_a_token_keep_it_from_being_hidden(before, after, canary):
    assert canary not in logs.hidden(f"{before} {canary} {after}")


@given(st.text(max_size=200))
def test_hiding_twice_is_hiding_once(words):
    assert logs.hidden(logs.hidden(words)) == logs.hidden(words)


def test_a_record_that_can_not_be_put_together_does_not_spill_its_arguments(log):
    logging.getLogger("careless").error("%d tokens", CANARIES["slack bot"])
    assert "could not be put together" in log.getvalue()
    assert "canary" not in log.getvalue()


def test_libraries_are_heard_from_info_on_even_when_we_are_heard_from_debug_on(log):
    loud = logging.getLogger("aiohttp.client")
    loud.setLevel(logging.DEBUG)
    try:
        loud.debug("a request with everything in it")
        loud.info("connected")
    finally:
        loud.setLevel(logging.NOTSET)
    logging.getLogger("bot.deliver").debug("delivery 7 goes out")
    assert "everything in it" not in log.getvalue()
    assert "connected" in log.getvalue()
    assert "delivery 7 goes out" in log.getvalue()


def test_setting_it_up_again_takes_the_place_of_the_first_and_may_be_quieter(log):
    logs.set_up("error", log)
    logging.getLogger("bot").warning("once")
    logging.getLogger("bot").error("twice")
    logging.getLogger("other").warning("thrice")
    assert "once" not in log.getvalue()
    assert "thrice" not in log.getvalue()
    assert log.getvalue().count("twice") == 1


def test_what_people_write_is_in_no_line_of_the_log_at_debug(log, sqlite_store):
    now = datetime(2027, 3, 8, 9, tzinfo=UTC)
    lines = ("circle goal add canary words", "canary", "circle ask canary", "circle pause canary", "circle join canary")
    for number, line in enumerate(lines):
        commands.run(sqlite_store, Call("local", "lab", "ada", line, f"c{number}", name="Canary"), now)
    logging.getLogger("bot").debug("five calls were made")
    assert "five calls were made" in log.getvalue()
    assert "canary" not in log.getvalue().lower()
