"""The configuration: a TOML file and the environment become frozen settings, or one list of everything to mend."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.discord import settings as discord
from bot.discord.settings import Discord
from bot.logs import hidden
from bot.reading import Keys, Reading, SecretUnreadable, near, secret
from bot.slack import settings as slack
from bot.slack.settings import Slack

DATABASE_VARIABLE = "HALQA_DATABASE"
DEFAULT_FILE = Path("config.toml")
LEVELS = ("debug", "info", "warning", "error")
WORKSPACE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
CHATS = {chat.SECTION: chat for chat in (slack, discord)}
CHAT_SECTIONS = ("[local]", *(f"[{name}]" for name in CHATS))
KEYS: Mapping[str, Keys] = {
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
    **{name: chat.KEYS for name, chat in CHATS.items()},
    "log": {"level": (str, 'level = "info"')},
}


@dataclass(frozen=True, slots=True)
class Local:
    """The local workspace: its page's port on this machine, its id and name, and the file that keeps what is said."""

    port: int
    workspace: str
    name: str
    journal: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided; ``database`` is a file or a postgresql: address, and is not shown with the rest.

    Each chat that is None is off.
    """

    database: str = field(repr=False)
    backups: Path | None
    local: Local | None
    log_level: str
    slack: Slack | None = None
    discord: Discord | None = None


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


def load(file: Path | None, env: Mapping[str, str], *, is_speaking: bool = True) -> Settings:
    """Read the configuration in ``file``; paths in it are relative to its folder.

    Without a file it is config.toml in this folder; where that is missing too, and the environment says enough, as
    in a container, there is no file at all. Who only looks at the database ``is_speaking`` to nobody, and needs
    neither a chat nor its tokens. Raises ConfigProblems with everything to mend at once.
    """
    found = file or (None if _says_enough(env, is_speaking=is_speaking) and not DEFAULT_FILE.exists() else DEFAULT_FILE)
    body = _read(found) if found else {}
    folder = (found or DEFAULT_FILE).absolute().parent
    reading = Reading(folder, env, has_file=found is not None, is_speaking=is_speaking)
    reading.look(body, KEYS)
    values = {name: reading.section(body, name, KEYS) for name in KEYS}
    for name, chat in CHATS.items():
        values[name] |= reading.environment(name, chat.KEYS)
    on = {name: _is_on(reading, body, name, values[name]) for name in ("local", *CHATS)}
    database = _database(reading, values["store"])
    settings = Settings(
        database=database,
        backups=reading.path(values["store"]["backups"]) if values["store"].get("backups") else None,
        local=_local(reading, values["local"]) if on["local"] else None,
        slack=slack.read(reading, values["slack"]) if on["slack"] else None,
        discord=discord.read(reading, values["discord"]) if on["discord"] else None,
        log_level=_level(reading, values["log"]),
    )
    if is_speaking and not any(on.values()) and not any(p.startswith(CHAT_SECTIONS) for p in reading.problems):
        others = " or ".join(CHAT_SECTIONS[1:])
        reading.add(
            "local", "enabled", f"there is no chat to speak on; write enabled = true under [local], or under {others}"
        )
    if reading.problems:
        raise ConfigProblems(reading.problems, database)
    return settings


def _says_enough(env: Mapping[str, str], *, is_speaking: bool) -> bool:
    signs = [sign for chat in CHATS.values() for sign in chat.SIGNS]
    return any(env.get(sign) for sign in signs) or (not is_speaking and bool(env.get(DATABASE_VARIABLE)))


def _is_on(reading: Reading, body: Mapping[str, Any], name: str, values: Mapping[str, Any]) -> bool:
    if "enabled" in values:
        return bool(values["enabled"])
    signs = CHATS[name].SIGNS if name in CHATS else ()
    return isinstance(body.get(name), dict) or (not reading.has_file and any(reading.env.get(sign) for sign in signs))


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


def _database(reading: Reading, store: Mapping[str, Any]) -> str:
    """Give the database's address: of the environment, else of a file, else of the configuration."""
    if DATABASE_VARIABLE not in reading.env and "database" in store and "database_file" in store:
        reading.add("store", "database_file", "the database is named twice; keep either database or database_file")
    file = reading.path(store["database_file"]) if "database_file" in store else None
    key = "database_file" if file else "database"
    try:
        given = secret(DATABASE_VARIABLE, reading.env, file)
    except SecretUnreadable as problem:
        reading.add("store", key, str(problem))
        return ""
    address = given or str(store.get("database", "halqa.db"))
    if given is None and re.search(r"://[^/@]*:[^@]*@|password=", address):
        reading.add(
            "store",
            "database",
            f"a password does not belong in this file; put the whole address into {DATABASE_VARIABLE}, "
            "or into a file and name that with database_file",
        )
        return ""
    if "://" not in address and not address.startswith(":"):
        return str(reading.path(address))
    if _is_postgresql(address):
        return address
    if DATABASE_VARIABLE in reading.env:
        key = f"database ({DATABASE_VARIABLE})"
    reading.add(
        "store", key, 'Halqa keeps its data in a file, such as "halqa.db", or at "postgresql://user@host/database"'
    )
    return ""


def _local(reading: Reading, local: Mapping[str, Any]) -> Local:
    port = reading.port("local", local.get("port", 8765), 8765)
    workspace = local.get("workspace", "local")
    if not WORKSPACE.fullmatch(workspace):
        reading.add("local", "workspace", 'small letters, digits, - and _ only, at most 40; write workspace = "local"')
    name = str(local.get("name", workspace))
    if len(name) > 80:
        reading.add("local", "name", "a name has at most 80 characters; write a shorter one")
    return Local(port, workspace, name, reading.path(local.get("journal", "local.jsonl")))


def _level(reading: Reading, log: Mapping[str, Any]) -> str:
    level = str(log.get("level", "info")).lower()
    if level not in LEVELS:
        reading.add("log", "level", f"it is one of {', '.join(LEVELS)}{near(level, LEVELS)}")
    return level


def _is_postgresql(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"postgresql", "postgresql+psycopg"} and bool(parts.path.strip("/")) and parts.port != 0
    except ValueError:  # the port is no number
        return False
