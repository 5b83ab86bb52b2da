"""Reading a configuration: what the sections may say, secrets that stand elsewhere, and every problem gathered."""

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET_KEY = re.compile(r"token|secret|password|passwd|api[_-]?key|^keys?$", re.IGNORECASE)
LONGEST_SECRET = 4096  # bytes; the longest token of a platform has a few hundred
KINDS = {str: "text in quotes", int: "a whole number", bool: "true or false"}
WORDS = {"true": True, "false": False}  # how the environment says yes and no

# What a section may say: the kind of each key, and an example to write instead.
Keys = Mapping[str, tuple[type, str]]


class SecretUnreadable(Exception):
    """A secret can't be had; the message says why and what to do, never the secret."""


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
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise SecretUnreadable(f"the file {file} is not text; write the secret alone into it, as UTF-8") from error
        why = getattr(error, "strerror", None) or "no file can have this name"
        raise SecretUnreadable(f"the file {file} can't be read ({why}); make it readable for this account") from error
    if not words or len(found) > LONGEST_SECRET or "\n" in words:
        raise SecretUnreadable(f"the file {file} must hold the secret alone, on one line")
    return words


class Reading:
    """One reading of a configuration, gathering its problems.

    ``has_file`` says whether there is a configuration file. Who only looks at the database is not ``is_speaking``:
    she may have no tokens at hand, and what a chat lacks is then no problem.
    """

    def __init__(
        self, folder: Path, env: Mapping[str, str], *, has_file: bool = True, is_speaking: bool = True
    ) -> None:
        self.folder = folder
        self.env = env
        self.has_file = has_file
        self.is_speaking = is_speaking
        self.problems: list[str] = []
        self._ports: dict[int, str] = {}

    def add(self, section: str, key: str, what: str) -> None:
        """Note a problem of a key, or of a whole section where the key is empty."""
        self.problems.append(f"[{section}] {key}: {what}".replace("] :", "]:"))

    def lacks(self, section: str, key: str, what: str) -> None:
        """Note that something is missing without which a chat can't be joined."""
        if self.is_speaking:
            self.add(section, key, what)

    def path(self, words: str) -> Path:
        """Give a path, relative to the folder of the configuration."""
        return self.folder / Path(words).expanduser()

    def look(self, body: Mapping[str, Any], known: Mapping[str, Keys]) -> None:
        """Look for sections that do not belong."""
        for name, value in body.items():
            if name in known:
                continue
            if isinstance(value, dict):
                self.add(name, "", f"there is no such section{near(name, known)}")
            else:
                home = next((section for section, keys in known.items() if name in keys), "")
                every = [key for keys in known.values() for key in keys]
                meant = closest(name, every)
                its_home = next((section for section, keys in known.items() if meant in keys), "")
                where = (
                    f"write it below a line [{home}]"
                    if home
                    else f"did you mean {meant}? Write that below a line [{its_home}]"
                    if meant
                    else f"there is no such key{near(name, every)}"
                )
                self.problems.append(f"{name}: it stands outside of every section; {where}")

    def section(self, body: Mapping[str, Any], name: str, known: Mapping[str, Keys]) -> dict[str, Any]:
        """Give the values of a section that are of the right kind."""
        section = body.get(name, {})
        if not isinstance(section, dict):
            self.add(name, "", f"this is a section; write [{name}] on a line of its own and its keys below")
            return {}
        good = {}
        for key, value in section.items():
            if key not in known[name]:
                self._unknown(name, key, known)
                continue
            kind, example = known[name][key]
            if type(value) is not kind:  # True is an int to isinstance
                self.add(name, key, f"{KINDS[kind]} is needed here; write {example}")
            elif isinstance(value, str) and (not value.strip() or "\0" in value):
                self.add(name, key, f"it is empty; write {example}, or take the line out")
            else:
                good[key] = value
        return good

    def _unknown(self, section: str, key: str, known: Mapping[str, Keys]) -> None:
        if SECRET_KEY.search(key) and not key.endswith("_file"):
            self.add(section, key, "a secret does not belong in this file; take it out, and change it where it is from")
            return
        home = next((name for name, keys in known.items() if key in keys), "")
        self.add(
            section,
            key,
            f"this key belongs under [{home}]" if home else f"there is no such key{near(key, known[section])}",
        )

    def environment(self, section: str, keys: Keys) -> dict[str, Any]:
        """Give what the environment says of a section: HALQA_, the section and the key, in capitals."""
        said: dict[str, Any] = {}
        for key, (kind, example) in keys.items():
            name = f"HALQA_{section}_{key}".upper()
            if name not in self.env:
                continue
            words = self.env[name].strip()
            if not words:
                self.add(section, f"{key} ({name})", "it is empty; give it a value, or unset it")
            elif kind is str:
                said[key] = words
            elif kind is bool and words.lower() in WORDS:
                said[key] = WORDS[words.lower()]
            elif kind is int and words.isascii() and words.isdigit() and len(words) < 10:
                said[key] = int(words)
            else:
                self.add(section, f"{key} ({name})", f"{KINDS[kind]} is needed here, as in {example}")
        return said

    def secret(self, section: str, key: str, values: Mapping[str, Any], name: str, known_as: str = "") -> str | None:
        """Give a secret: of the variable ``name``, else of the file that ``key``_file names, else of ``known_as``.

        None means that it is given nowhere; an empty one could not be read, and that is noted already.
        """
        file = self.path(values[f"{key}_file"]) if f"{key}_file" in values else None
        try:
            found = secret(name, self.env, file)
        except SecretUnreadable as problem:
            self.add(section, f"{key}_file" if file and name not in self.env else key, str(problem))
            return ""
        return found if found is not None else self.env.get(known_as, "").strip() or None

    def address(self, section: str, key: str, words: str, example: str, schemes: Iterable[str]) -> bool:
        """Say whether this is an address of one of these kinds; where it is not, that is noted."""
        try:
            parts = urlsplit(words)
            is_one = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
            is_plain = not (parts.query or parts.fragment or re.search(r"[\s\\]", words)) and words.isprintable()
            has_name = "@" in parts.netloc
        except ValueError:  # the port is no number, or a bracket is left open
            is_one = is_plain = has_name = False
        if has_name:
            self.add(section, key, f"a name or a password does not belong in an address here; write {example}")
        elif not is_one or not is_plain:
            kinds = " or ".join(f"{scheme}://" for scheme in schemes)
            self.add(section, key, f"an address that begins with {kinds} is needed; write {example}")
        return is_one and is_plain and not has_name

    def port(self, section: str, number: int, example: int) -> int:
        """Give a port, and keep it for this section: no other one may listen there."""
        if not 1 <= number <= 65535:
            self.add(section, "port", f"{number} is no port; write a number from 1 to 65535, such as port = {example}")
        elif number in self._ports:
            taken = f"{number} is the port of [{self._ports[number]}] already"
            self.add(
                section,
                "port",
                f"{taken}; write another one, such as port = {number + 1 if number < 65535 else example}",
            )
        self._ports.setdefault(number, section)
        return number


def near(word: str, known: Iterable[str]) -> str:
    """Say which known word is meant, perhaps, or which there are."""
    known = list(known)
    found = closest(word, known)
    return f"; did you mean {found}?" if found else f"; there are {', '.join(known)}"


def closest(word: str, known: Iterable[str]) -> str:
    """Give the known word that is meant, perhaps, or nothing."""
    return next(iter(difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)), "")
