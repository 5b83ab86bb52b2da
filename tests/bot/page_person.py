"""Somebody at the page of the local workspace: a browser in which she reads, types and presses."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from local_house import MONDAY
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]
MISSING = "Chromium is missing: install it (Debian: apt-get install chromium) to test the page in a browser."
SERVE = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from bot import demo
asyncio.run(demo.run(Path(sys.argv[1]), 0, open_browser=False, start=datetime.fromisoformat(sys.argv[2])))
"""
PATIENCE = 60_000  # milliseconds; a busy machine is slow, and nothing waits longer than it has to
# What reaches over an edge of the window and is not meant to: hidden, or scrolled inside its own box.
OVER_THE_EDGE = """
[...document.querySelectorAll("body *")].filter((one) => {
  if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  if (one.closest(".sr, .skip, .sprite, #roster-text, input[type=file], option")) return false;
  const { left, right, width } = one.getBoundingClientRect();
  return width > 0 && (right > innerWidth + 1 || (left < -1 && right > 0));
}).map((one) => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)}`).slice(0, 5)
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open a browser; without one the test is skipped, and fails where nothing may be skipped."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
    if not Path(path).exists():
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(folder: Path, start: datetime = MONDAY) -> Iterator[str]:
    """Serve the demo in ``folder`` as a process of its own; gives the page's address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", SERVE, str(folder), start.isoformat()],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        with process.stdout as said:
            address = next((line.split()[-1] for line in said if "http://" in line), "")
            assert address, "the demo ended before it gave its address; what it said is in the captured output"
            yield address
            process.terminate()
            assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@contextmanager
def windows(browser: Browser) -> Iterator[Callable[..., "Person"]]:
    """Give what opens the page in a window of its own; afterwards nobody's page may have complained."""
    visitors: list[Person] = []
    opened = []

    def come(address: str, *, width: int = 1280, height: int = 800, **options: object) -> Person:
        # Without motion, so that what is seen is where it stays.
        seen = {"viewport": {"width": width, "height": height}, "reduced_motion": "reduce"}
        opened.append(browser.new_context(**seen, **options))
        visitors.append(Person(opened[-1].new_page(), address))
        return visitors[-1]

    yield come
    for window in opened:
        window.close()
    assert [trouble for visitor in visitors for trouble in visitor.troubles] == []


class Person:
    """Somebody looking at a page of her own."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        page.goto(address)
        expect(self.get("clock-now")).not_to_be_empty(timeout=PATIENCE)
        expect(page.locator("#room-name")).not_to_be_empty(timeout=PATIENCE)

    def get(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    @property
    def form(self) -> Locator:
        return self.get("form")

    @property
    def messages(self) -> Locator:
        return self.get("message")

    def acts_as(self, who: str) -> None:
        self.get("act-as").click()
        self.get("act-as-search").fill(who)
        self.page.locator(f'[data-testid="act-as-option"][data-person="{who}"]').click()
        expect(self.page).to_have_url(re.compile(f"as={who}&room="), timeout=PATIENCE)

    def says(self, line: str) -> None:
        self.get("composer").fill(line)
        self.get("composer").press("Enter")

    def opens(self, room: str) -> None:
        self.get("room-list").get_by_role("button", name=re.compile(room)).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(re.compile(room), timeout=PATIENCE)

    def presses(self, label: str) -> None:
        self.get("messages").get_by_role("button", name=label, exact=True).last.click()

    def sees(self, words: str) -> Locator:
        """Wait until a message with these words is there."""
        found = self.messages.filter(has_text=words)
        expect(found.first).to_be_visible(timeout=PATIENCE)
        return found

    def never_sees(self, words: str) -> None:
        expect(self.messages.filter(has_text=words)).to_have_count(0)

    def hands_in(self) -> None:
        self.get("form-submit").click()

    def jumps_a_week(self) -> None:
        before = self.get("clock-now").get_attribute("datetime")
        self.get("clock-week").click()
        expect(self.get("clock-now")).not_to_have_attribute("datetime", before, timeout=PATIENCE)
        expect(self.page.locator("#clock:not(.busy)")).to_be_visible(timeout=3 * PATIENCE)

    def is_at(self, words: str) -> None:
        expect(self.get("clock-now")).to_contain_text(words, timeout=PATIENCE)

    def over_the_edge(self) -> list[str]:
        """Name what the window is too narrow for."""
        line = self.page.context.new_cdp_session(self.page)
        given = line.send("Runtime.evaluate", {"expression": OVER_THE_EDGE, "returnByValue": True})
        line.detach()
        assert "exceptionDetails" not in given, given
        return list(given["result"]["value"])

    def tree(self) -> list[tuple[str, str]]:
        """Give the role and the name of everything that a screen reader finds."""
        line = self.page.context.new_cdp_session(self.page)
        nodes = line.send("Accessibility.getFullAXTree")["nodes"]
        line.detach()
        return [
            (node["role"]["value"], node.get("name", {}).get("value", "").strip())
            for node in nodes
            if not node["ignored"] and "role" in node
        ]
