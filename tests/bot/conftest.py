"""A folder of an operator, and her command line."""

import shutil
from pathlib import Path

import pytest

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
