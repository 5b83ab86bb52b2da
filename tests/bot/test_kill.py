"""The process is killed at random points of a played term: what was acknowledged is there, and is there once."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

KILLS = 20
SEED = int(os.environ.get("HALQA_KILL_SEED", "2027"))


class Bot:
    """The demo as a process of its own, which can be killed and started again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def start(self) -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "bot.cli", "demo", "--no-browser", "--port", str(port)]
        with (self.folder.parent / "bot.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--folder", str(self.folder)], cwd=Path(__file__).parents[2], stdout=log, stderr=log
            )
        for _attempt in range(600):
            try:
                self.get("/api/workspace")
            except OSError:
                assert self.process.poll() is None, (self.folder.parent / "bot.log").read_text()[-2000:]
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the bot did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return json.load(answer)

    def post(self, path: str, **body: object) -> dict:
        request = urllib.request.Request(
            self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def surely(self, path: str, **body: object) -> dict:
        """Post until it is acknowledged, with the same id each time, as the page does; restart the bot if it died."""
        while True:
            try:
                return self.post(path, **body)
            except (OSError, urllib.error.URLError, json.JSONDecodeError):
                assert self.process is not None
                if self.process.poll() is not None:
                    self.start()
                time.sleep(0.05)


def lines(folder: Path) -> int:
    journal = folder / "workspace.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def begin(bot: Bot) -> None:
    """Join as Ada and confirm circles as Rana, as a person would on the page."""
    step = bot.surely("/api/say", id="j1", **{"as": "ada"}, room="dm:ada", text="/circle join")["form"]
    filled = (
        {"stance": "mentor", "offers": "grant writing; supervising"},
        {"languages": "English", "institution": "Lagoon University", "stage": "senior"},
        {"zone": "Africa/Lagos"},
    )
    for number, answers in enumerate(filled):
        step = bot.surely(
            "/api/submit", id=f"j{number + 2}", **{"as": "ada"}, room="dm:ada", call=step["call"], answers=answers
        )["form"]
    assert step is None
    for number, line in enumerate(("/programme form", "/programme form confirm")):
        bot.surely("/api/say", id=f"f{number}", **{"as": "rana"}, room="dm:rana", text=line)
    bot.surely("/api/clock", id="l", **{"as": "ada"}, do="lively", lively=True)


def play_and_kill(bot: Bot, rng: random.Random) -> tuple[list[str], list[str]]:
    """Play the term with twenty kills in it; gives the chat lines and goals that were acknowledged."""
    said, goals = [], []
    for turn in range(KILLS):
        goal = f"Goal number {turn}, kept through a kill"
        bot.surely("/api/say", id=f"g{turn}", **{"as": f"{'cleo' if turn % 2 else 'dana'}"}, room="x",
                   text=f"/circle action {goal}")  # fmt: skip
        goals.append(goal)
        words = f"Line number {turn}"
        bot.surely("/api/say", id=f"s{turn}", **{"as": "cleo"}, room="dm:cleo", text=words)
        said.append(words)
        bot.surely("/api/clock", id=f"l{turn}", **{"as": "ada"}, do="lively", lively=True)
        bot.surely("/api/clock", id=f"p{turn}", **{"as": "ada"}, do="play", speed=0)
        # By progress, not by time: a slow machine is killed at the same kind of moments.
        until = lines(bot.folder) + rng.randrange(1, 70)
        while lines(bot.folder) < until and bot.post("/api/clock", id="?", do="none").get("ok") is False:
            if not bot.get("/api/workspace")["clock"]["playing"]:
                break
        time.sleep(rng.random() * 0.02)
        bot.kill()
        bot.start()
    return said, goals


def finish(bot: Bot) -> None:
    """Play on until nothing lies ahead."""
    bot.surely("/api/clock", id="last", **{"as": "ada"}, do="play", speed=0)
    for _attempt in range(1200):
        if not bot.get("/api/workspace")["clock"]["playing"]:
            return
        time.sleep(0.1)
    raise AssertionError("the term did not end")


@pytest.mark.timeout(600)
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path):
    folder = tmp_path / "demo"
    bot = Bot(folder)
    bot.start()
    try:
        begin(bot)
        said, goals = play_and_kill(bot, random.Random(SEED))
        finish(bot)
    finally:
        bot.kill()
    journal = [json.loads(line) for line in (folder / "workspace.jsonl").read_text().splitlines()]
    spoken = [record for record in journal if record["do"] == "say"]
    nonces = Counter(record["nonce"] for record in spoken)
    assert [nonce for nonce, count in nonces.items() if count > 1] == []
    words = Counter(json.dumps(record["message"]) for record in spoken if record["from"] == "cleo")
    assert sum(words.values()) == len(said)
    assert len(words) == len(said)
    with closing(sqlite3.connect(folder / "halqa.db")) as db:
        kept = Counter(text for (text,) in db.execute("SELECT text FROM action"))
        assert {goal: kept[goal] for goal in goals} == dict.fromkeys(goals, 1)
        states = Counter(state for (state,) in db.execute("SELECT state FROM delivery"))
        assert set(states) <= {"sent", "merged", "expired", "cancelled"}, states
        sent = {
            f"d{number}"
            for (number,) in db.execute(
                "SELECT id FROM delivery WHERE state = 'sent'"
                ' AND (person_id IS NOT NULL OR effect LIKE \'%"kind":"Post"%\')'
            )
        }
        ours = {nonce for nonce in nonces if nonce.startswith("d") and not nonce.endswith(":card")}
        assert sent == {nonce.partition("-")[0] for nonce in ours}
        assert len(sent) == len(ours)
        planned = db.execute("SELECT count(*) FROM occurrence WHERE state = 'planned'").fetchone()
        assert planned == (0,)
        assert db.execute("SELECT state FROM programme").fetchall() == [("closed",)]
        rounds = [number for (number,) in db.execute("SELECT number FROM round ORDER BY number")]
        assert rounds == list(range(1, len(rounds) + 1))
        assert len(rounds) >= 15
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
