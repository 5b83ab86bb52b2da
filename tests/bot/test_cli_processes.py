"""The command line as a process of its own: quick to help, and quick to go when asked."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from operator_desk import ROOT, address, programme, start


def people_at(url: str) -> list[dict]:
    with urllib.request.urlopen(f"{url}api/workspace", timeout=30) as answer:
        return json.load(answer)["people"]


def test_help_comes_at_once(folder, record_property):
    began = time.monotonic()
    process = start("--help", folder=folder)
    out, _err = process.communicate(timeout=60)
    record_property("seconds", round(time.monotonic() - began, 2))  # below 1 on an idle machine
    assert process.returncode == 0
    assert "To see it at once: halqa demo" in out


def test_help_does_not_wait_for_chats_and_databases(folder):
    code = "import sys; from bot import cli; cli.main(['--help']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"sqlalchemy", "sqlmodel", "aiohttp", "apscheduler", "babel", "scipy", "asyncio"}


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_run_makes_its_tables_answers_and_stops_when_asked(folder, name):
    (folder / "halqa.db").unlink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "config.toml").write_text(f"[local]\nport = {port}\nworkspace = 'lab'\n", "utf-8")
    process = start("run", "--config", "config.toml", folder=folder)
    try:
        url = address(process)
        assert url == f"http://127.0.0.1:{port}/"
        assert [person["id"] for person in people_at(url)] == ["ada"]
        process.send_signal(name)
        rest, _err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, rest
    assert "stopping" in rest
    assert "Traceback" not in rest
    assert "ERROR" not in rest
    assert (folder / "halqa.db").exists()


def test_two_demos_take_two_ports_and_leave_nothing_behind(folder, tmp_path):
    passing = tmp_path / "passing"
    passing.mkdir()
    demos = []
    try:
        for _number in range(2):
            demos.append(start("demo", "--no-browser", folder=folder, TMPDIR=str(passing)))
            assert len(people_at(address(demos[-1]))) > 10
        assert list(passing.iterdir())
        for demo in demos:
            demo.send_signal(signal.SIGINT)
            assert demo.wait(timeout=60) == 0
    finally:
        for demo in demos:
            demo.kill()
            demo.communicate()
    assert list(passing.iterdir()) == []


def test_a_job_that_is_interrupted_ends_quietly_with_130(folder):
    programme(folder)
    os.mkfifo(folder / "roster.csv")  # reading it waits for somebody to write
    process = start("import", "roster.csv", "--programme", "physics", "--config", "config.toml", folder=folder)
    with (folder / "roster.csv").open("wb"):  # open for writing as soon as it reads
        process.send_signal(signal.SIGINT)
        out, _err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
