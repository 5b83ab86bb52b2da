"""How the page of the local workspace looks at every width: nothing is cut, and long answers begin at the beginning."""

import asyncio
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from local_house import MONDAY, opened
from page_person import PATIENCE, served
from playwright.sync_api import expect

from bot.chat import Opening

pytestmark = pytest.mark.browser
LONG_DAY = datetime(2027, 9, 29, 8, tzinfo=UTC)  # no month and no weekday has a longer name
# What the clock bar does not show whole, or shows over something else.
CUT = """
() => {
  const seen = [...document.querySelectorAll("#clock-now > *, #clock-caption, .clock-buttons, .clock-dials")]
    .filter((one) => one.checkVisibility());
  const box = (one) => one.getBoundingClientRect();
  const bar = box(document.querySelector("#clock"));
  const name = (one) => `${one.id || one.className}: ${one.textContent.trim()}`;
  const cut = seen.filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1
    || box(one).right > bar.right || box(one).bottom > bar.bottom);
  const over = seen.filter((one) => seen.some((other) => other !== one
    && box(one).left < box(other).right - 1 && box(other).left < box(one).right - 1
    && box(one).top < box(other).bottom - 8 && box(other).top < box(one).bottom - 8));
  return [...cut, ...over].map(name);
}
"""
# How far the beginning of the last message is below the upper edge of the view.
BELOW_THE_EDGE = """
() => Math.round(document.querySelector("#messages > .message:last-child").getBoundingClientRect().top
  - document.querySelector("#scroll").getBoundingClientRect().top)
"""
TO_THE_END = """
() => { const view = document.querySelector("#scroll"); return view.scrollHeight - view.clientHeight - view.scrollTop; }
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder with a new demo, and one on a long day in which a round begins soon and a room is still empty."""
    here = tmp_path_factory.mktemp("folders")

    async def furnish():
        async with opened(here / "new"):
            pass
        async with opened(here / "long", LONG_DAY) as house:
            await house.begins()
        async with opened(here / "round") as house:
            await house.begins()
            await house.app.player.week()
            await house.space.open_room("demo", Opening("", "An empty room", ("bob", "cleo")), "empty")

    asyncio.run(furnish())
    return here


@pytest.fixture
def serve(folders, tmp_path):
    """Serve a copy of a folder."""

    with ExitStack() as open_ones:

        def of(name):
            start = LONG_DAY if name == "long" else MONDAY
            return open_ones.enter_context(served(shutil.copytree(folders / name, tmp_path / "demo"), start))

        yield of


def test_the_clock_bar_shows_every_word_at_every_width(serve, visit):
    address = serve("long")
    for width, date in {
        1440: "Wednesday 29 September",
        1366: "Wednesday 29 September",
        1280: "Wednesday 29 September",
        1024: "Wednesday 29 September",
        768: "Wednesday 29 September",
        390: "Wed 29 Sep",
        320: "Wed 29 Sep",
    }.items():
        nurul = visit(f"{address}#as=nurul", width=width)
        assert (width, nurul.page.locator(".clock-date").inner_text()) == (width, date)
        expect(nurul.page.locator("#clock-caption")).to_have_text(
            "Next, Wed 29 Sep 18:00: heads-up before round 1 (getting ready)"
        )
        assert (width, nurul.page.evaluate(CUT)) == (width, [])
        assert (width, nurul.over_the_edge()) == (width, [])


@pytest.mark.parametrize("width", [1440, 1366, 1280, 1100, 1024])
def test_the_clock_bar_shows_every_word_beside_an_open_drawer(serve, visit, width):
    address = serve("long")
    nurul = visit(f"{address}#as=nurul", width=width)
    nurul.get("calendar-open").click()
    expect(nurul.get("calendar-entry").first).to_be_visible(timeout=PATIENCE)
    assert nurul.page.evaluate(CUT) == []


def test_play_says_that_nothing_lies_ahead_as_the_next_event_does(serve, visit):
    address = serve("new")
    ada = visit(address)
    for button in ("clock-next", "clock-play"):
        ada.get(button).click()
        toast = ada.get("toast")
        expect(toast).to_have_text("Nothing is planned ahead yet.", timeout=PATIENCE)
        toast.get_by_role("button", name="Close").click()
        expect(toast).to_have_count(0)
    expect(ada.get("clock-play")).to_have_text("Play")


@pytest.mark.parametrize(("width", "height"), [(1280, 640), (390, 640)])
@pytest.mark.parametrize("line", ["/programme form", "/circle help", "/programme schedule show"])
def test_a_long_answer_is_shown_from_its_beginning(serve, visit, line, width, height):
    address = serve("new" if line == "/programme form" else "round")
    rana = visit(f"{address}#as=rana", width=width, height=height)
    rana.says(line)
    expect(rana.messages).not_to_have_count(0, timeout=PATIENCE)
    rana.page.wait_for_load_state("networkidle")
    expect(rana.messages.last.locator("img, p, li").first).to_be_visible(timeout=PATIENCE)
    assert rana.page.evaluate(TO_THE_END) > 0
    assert 0 <= rana.page.evaluate(BELOW_THE_EDGE) <= 16


def test_after_a_long_answer_a_short_one_is_shown_and_the_end_is_followed_again(serve, visit):
    address = serve("round")
    bob = visit(f"{address}#as=bob", height=640)
    bob.says("/circle help")
    bob.sees("/circle goal add")
    bob.says("/circle goal list")
    expect(bob.messages.last).to_contain_text("goal", timeout=PATIENCE)
    expect(bob.messages.last).to_be_in_viewport(ratio=1)
    assert bob.page.evaluate(TO_THE_END) <= 1


def test_news_do_not_take_the_reader_of_a_long_answer_away_from_it(serve, visit):
    address = serve("round")
    bob, cleo = visit(f"{address}#as=bob", height=640), visit(f"{address}#as=cleo")
    for person in (bob, cleo):
        person.opens("Women in science, circle 1")
    bob.says("/circle help")
    bob.sees("/circle goal add")
    place = bob.page.evaluate("document.querySelector('#scroll').scrollTop")
    cleo.says("Good morning, circle")
    expect(bob.page.get_by_role("button", name="New messages")).to_be_visible(timeout=PATIENCE)
    assert bob.page.evaluate("document.querySelector('#scroll').scrollTop") == place
    bob.page.get_by_role("button", name="New messages").click()
    expect(bob.messages.last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [1440, 1280, 390, 320])
def test_the_table_of_what_was_received_stays_within_its_panel(serve, visit, width):
    address = serve("round")
    ada = visit(address, width=width)
    if width < 800:
        ada.page.get_by_role("button", name="Rooms and workspace").click()
    ada.get("received-open").click()
    expect(ada.get("received-row").first).to_be_visible(timeout=PATIENCE)
    panel = ada.page.locator("#drawer").bounding_box()
    table = ada.page.locator(".received").bounding_box()
    assert table["x"] + table["width"] <= panel["x"] + panel["width"] - 20
    for cell in ada.page.locator(".received td.last").all():
        assert cell.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_an_empty_meeting_room_offers_a_command_that_finds_an_hour(serve, visit):
    address = serve("round")
    bob = visit(f"{address}#as=bob")
    bob.opens("An empty room")
    empty = bob.page.locator("#empty")
    expect(empty).to_contain_text("find an hour together")
    empty.get_by_role("button", name="/circle meet").click()
    expect(bob.get("composer")).to_have_value("/circle meet ")
    bob.get("composer").press("Enter")
    bob.sees("An hour to meet")
    bob.sees("In working hours for each of you")
