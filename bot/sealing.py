"""The seal: what is secret and has to be kept is sealed before it goes into the database, and opened with a key."""

import re
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # what the library takes more freely: 32 bytes, base64 for addresses
MAKE_ONE = "Make one with: halqa key"


class Unsealable(Exception):
    """What was sealed can't be opened with these keys; the message says what to do."""


def new_key() -> str:
    """Make a key; whoever has it can open what is sealed with it."""
    return Fernet.generate_key().decode("ascii")


class Seal:
    """Seals with the first key and opens with every key: a new key goes in front, the old ones stay behind it.

    Raises ValueError for no key, and for what is no key; the message never repeats it.
    """

    __slots__ = ("_keys",)

    def __init__(self, keys: Iterable[str]) -> None:
        given = [key.strip() for key in ([keys] if isinstance(keys, str) else keys)]
        if not given:
            raise ValueError(f"There is no key to seal secrets with. {MAKE_ONE}")
        for number, key in enumerate(given, start=1):
            if not _KEY.fullmatch(key):
                which = f"Key {number} of {len(given)}" if len(given) > 1 else "The key to seal secrets with"
                raise ValueError(f"{which} is not a key: it has to be 44 characters as they were made. {MAKE_ONE}")
        self._keys = MultiFernet([Fernet(key) for key in given])

    def __repr__(self) -> str:
        return "Seal()"

    def seal(self, words: str) -> str:
        """Seal words; the same words sealed twice look different."""
        return self._keys.encrypt(words.encode("utf-8", "surrogatepass")).decode("ascii")

    def open(self, words: str) -> str:
        """Open what was sealed; Unsealable where no key fits, or where it was changed."""
        try:
            return self._keys.decrypt(words.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise _unsealable() from None

    def reseal(self, words: str) -> str:
        """Seal with the first key what was sealed with any of them; Unsealable where no key fits."""
        try:
            return self._keys.rotate(words.encode("utf-8", "surrogatepass")).decode("ascii")
        except InvalidToken:
            raise _unsealable() from None


def _unsealable() -> Unsealable:
    return Unsealable(
        "None of the keys opens this. Put the key it was sealed with back behind the new one; "
        "if that key is lost, let the workspace install again."
    )
