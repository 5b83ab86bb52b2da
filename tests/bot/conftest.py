"""A folder of an operator with her command line, and a browser with as many visitors as one likes."""

import shutil
from pathlib import Path

import pytest
from page_person import chromium, served, windows

from bot import cli


@pytest.fixture
def folder(tmp_path, sqlite_template) -> Path:
    """A folder with a configuration and an up-to-date, empty database."""
    shutil.copy(sqlite_template, tmp_path / "halqa.db")
    (tmp_path / "config.toml").write_text("[local]\nenabled = true\n", "utf-8")
    return tmp_path


@pytest.fixture
def halqa(folder, capsys):
    """Type a command line; gives the exit code, what was written, and what was complained about."""

    def type_in(*words: str) -> tuple[int, str, str]:
        needs_config = words and words[0] in {"run", "check", "migrate", "import", "schedule"}
        config = ("--config", str(folder / "config.toml")) if needs_config and "--config" not in words else ()
        code = cli.main([*words, *config])
        written = capsys.readouterr()
        assert "Traceback" not in written.err
        return code, written.out, written.err

    return type_in


@pytest.fixture(scope="module")
def browser():
    """A real browser, for one file of tests."""
    with chromium() as opened_browser:
        yield opened_browser


@pytest.fixture
def visit(browser):
    """Open the page in a window of its own; after the test, nobody's page may have complained."""
    with windows(browser) as come:
        yield come


@pytest.fixture
def new(folders, tmp_path):
    """A copy of the new demo that a file of tests has among its ``folders``, served."""
    with served(shutil.copytree(folders / "new", tmp_path / "demo")) as address:
        yield address
