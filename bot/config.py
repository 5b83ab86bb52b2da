"""The configuration: a TOML file and the environment become frozen settings, or one list of everything to mend."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.logs import hidden

DATABASE_VARIABLE = "HALQA_DATABASE"
LEVELS = ("debug", "info", "warning", "error")
COMING = {"slack": "Slack", "discord": "Discord"}
SECRET_KEY = re.compile(r"token|secret|password|passwd|api[_-]?key", re.IGNORECASE)
WORKSPACE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LONGEST_SECRET = 4096  # bytes; the longest token of a platform has a few hundred


@dataclass(frozen=True, slots=True)
class Local:
    """The local workspace: its page's port on this machine, its id and name, and the file that keeps what is said."""

    port: int
    workspace: str
    name: str
    journal: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided; ``database`` is a file or a postgresql: address, and is not shown with the rest."""

    database: str = field(repr=False)
    backups: Path | None
    local: Local | None
    log_level: str


class ConfigProblems(Exception):
    """The configuration can't be used; ``problems`` names everything to mend.

    ``database`` is the address, where that alone could be read; so one look can go on to the database.
    """

    def __init__(self, problems: Iterable[str], database: str = "") -> None:
        # What was typed may be a secret in the wrong place; it is not repeated on a screen or in a log.
        self.problems = tuple(hidden(problem) for problem in problems)
        self.database = database
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Give every problem on a line of its own."""
        return "\n".join(self.problems)


class SecretUnreadable(Exception):
    """A secret can't be had; the message says why and what to do, never the secret."""


# What each section may say: the kind of each key, and an example to write instead.
KEYS: Mapping[str, Mapping[str, tuple[type, str]]] = {
    "store": {
        "database": (str, 'database = "halqa.db"'),
        "database_file": (str, 'database_file = "/run/secrets/halqa-database"'),
        "backups": (str, 'backups = "backups"'),
    },
    "local": {
        "enabled": (bool, "enabled = true"),
        "port": (int, "port = 8765"),
        "workspace": (str, 'workspace = "local"'),
        "name": (str, 'name = "Our workspace"'),
        "journal": (str, 'journal = "local.jsonl"'),
    },
    "log": {"level": (str, 'level = "info"')},
}
KINDS = {str: "text in quotes", int: "a whole number", bool: "true or false"}


def secret(name: str, env: Mapping[str, str], file: Path | None = None) -> str | None:
    """Give a secret from the environment variable ``name``, else from ``file``; None where neither is given.

    Raises SecretUnreadable for an empty variable, and for a file that is missing, empty, or no text.
    """
    if name in env:
        if not env[name].strip():
            raise SecretUnreadable(f"the environment variable {name} is empty; give it a value, or unset it")
        return env[name].strip()
    if file is None:
        return None
    try:
        with file.open("rb") as opened:
            found = opened.read(LONGEST_SECRET + 1)
        words = found.decode("utf-8-sig").strip()
    except OSError as error:
        raise SecretUnreadable(
            f"the file {file} can't be read ({error.strerror}); make it readable for this account"
        ) from error
    except UnicodeDecodeError as error:
        raise SecretUnreadable(f"the file {file} is not text; write the secret alone into it, as UTF-8") from error
    if not words or len(found) > LONGEST_SECRET or "\n" in words:
        raise SecretUnreadable(f"the file {file} must hold the secret alone, on one line")
    return words


def load(file: Path, env: Mapping[str, str]) -> Settings:
    """Read the configuration in ``file``; paths in it are relative to its folder.

    Raises ConfigProblems with everything to mend at once.
    """
    body = _read(file)
    reading = _Reading(file.absolute().parent, env)
    reading.look(body)
    store, local, log = (reading.section(body, name) for name in KEYS)
    database = reading.database(store)
    settings = Settings(
        database=database,
        backups=reading.path(store["backups"]) if store.get("backups") else None,
        local=reading.local(local) if local.get("enabled", "local" in body) else None,
        log_level=reading.level(log),
    )
    if settings.local is None and not any(problem.startswith("[local]") for problem in reading.problems):
        reading.add("local", "enabled", "there is no chat to speak on; write enabled = true under [local]")
    if reading.problems:
        raise ConfigProblems(reading.problems, database)
    return settings


def _read(file: Path) -> dict[str, Any]:
    try:
        words = file.read_bytes().decode("utf-8-sig")
        return tomllib.loads(words)
    except FileNotFoundError:
        what = "there is no such file; copy config.example.toml there, and name it with --config"
    except IsADirectoryError:
        what = f"this is a folder; name the file in it, such as {file / 'config.toml'}"
    except OSError as error:
        what = f"it can't be read ({error.strerror}); make it readable for this account"
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = f"line {line} is not UTF-8; save the file with the encoding UTF-8"
    except tomllib.TOMLDecodeError as error:
        what = f'this is not TOML: {error}; text stands in quotes, as in database = "halqa.db"'
    raise ConfigProblems([f"{file}: {what}"])


class _Reading:
    """One reading of a configuration, gathering its problems."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.folder = folder
        self.env = env
        self.problems: list[str] = []

    def add(self, section: str, key: str, what: str) -> None:
        self.problems.append(f"[{section}] {key}: {what}".replace("] :", "]:"))

    def path(self, words: str) -> Path:
        return self.folder / Path(words).expanduser()

    def look(self, body: Mapping[str, Any]) -> None:
        """Look for sections that do not belong."""
        for name, value in body.items():
            if name in KEYS or (name in COMING and not isinstance(value, dict)):
                continue
            if name in COMING:
                self.add(name, "", f"{COMING[name]} is not available yet in this version; take this section out")
                self._look_for_secrets(name, value)
            elif isinstance(value, dict):
                self.add(name, "", f"there is no such section{_near(name, KEYS)}")
            else:
                home = next((section for section, keys in KEYS.items() if name in keys), "")
                where = f"write it below a line [{home}]" if home else f"there is no such key{_near(name, _all_keys())}"
                self.problems.append(f"{name}: it stands outside of every section; {where}")

    def section(self, body: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Give the values of a section that are of the right kind."""
        section = body.get(name, {})
        if not isinstance(section, dict):
            self.add(name, "", f"this is a section; write [{name}] on a line of its own and its keys below")
            return {}
        good = {}
        for key, value in section.items():
            if key not in KEYS[name]:
                self._unknown(name, key)
                continue
            kind, example = KEYS[name][key]
            if type(value) is not kind:  # True is an int to isinstance
                self.add(name, key, f"{KINDS[kind]} is needed here; write {example}")
            elif isinstance(value, str) and (not value.strip() or "\0" in value):
                self.add(name, key, f"it is empty; write {example}, or take the line out")
            else:
                good[key] = value
        return good

    def _unknown(self, section: str, key: str) -> None:
        if SECRET_KEY.search(key):
            self.add(section, key, "a secret does not belong in this file; take it out, and change it where it is from")
            return
        home = next((name for name, keys in KEYS.items() if key in keys), "")
        self.add(
            section,
            key,
            f"this key belongs under [{home}]" if home else f"there is no such key{_near(key, KEYS[section])}",
        )

    def _look_for_secrets(self, section: str, values: Mapping[str, Any]) -> None:
        for key in values:
            if SECRET_KEY.search(key) and not key.endswith("_file"):
                self._unknown(section, key)

    def database(self, store: Mapping[str, Any]) -> str:
        """Give the database's address: of the environment, else of a file, else of the configuration."""
        if DATABASE_VARIABLE not in self.env and "database" in store and "database_file" in store:
            self.add("store", "database_file", "the database is named twice; keep either database or database_file")
        file = self.path(store["database_file"]) if "database_file" in store else None
        key = "database_file" if file else "database"
        try:
            given = secret(DATABASE_VARIABLE, self.env, file)
        except SecretUnreadable as problem:
            self.add("store", key, str(problem))
            return ""
        address = given or str(store.get("database", "halqa.db"))
        if given is None and re.search(r"://[^/@]*:[^@]*@|password=", address):
            self.add(
                "store",
                "database",
                f"a password does not belong in this file; put the whole address into {DATABASE_VARIABLE}, "
                "or into a file and name that with database_file",
            )
            return ""
        if "://" not in address and not address.startswith(":"):
            return str(self.path(address))
        if _is_postgresql(address):
            return address
        if DATABASE_VARIABLE in self.env:
            key = f"database ({DATABASE_VARIABLE})"
        self.add(
            "store", key, 'Halqa keeps its data in a file, such as "halqa.db", or at "postgresql://user@host/database"'
        )
        return ""

    def local(self, local: Mapping[str, Any]) -> Local:
        """Give the local workspace's settings."""
        port, workspace = local.get("port", 8765), local.get("workspace", "local")
        if not 1 <= port <= 65535:
            self.add("local", "port", f"{port} is no port; write a number from 1 to 65535, such as port = 8765")
        if not WORKSPACE.fullmatch(workspace):
            self.add("local", "workspace", 'small letters, digits, - and _ only, at most 40; write workspace = "local"')
        name = str(local.get("name", workspace))
        if len(name) > 80:
            self.add("local", "name", "a name has at most 80 characters; write a shorter one")
        return Local(port, workspace, name, self.path(local.get("journal", "local.jsonl")))

    def level(self, log: Mapping[str, Any]) -> str:
        """Give the level from which on the log is written."""
        level = str(log.get("level", "info")).lower()
        if level not in LEVELS:
            self.add("log", "level", f"it is one of {', '.join(LEVELS)}{_near(level, LEVELS)}")
        return level


def _is_postgresql(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"postgresql", "postgresql+psycopg"} and bool(parts.path.strip("/")) and parts.port != 0
    except ValueError:  # the port is no number
        return False


def _all_keys() -> list[str]:
    return [key for keys in KEYS.values() for key in keys]


def _near(word: str, known: Iterable[str]) -> str:
    """Say which known word is meant, perhaps, or which there are."""
    known = list(known)
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
