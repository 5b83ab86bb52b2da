"""The language a sentence is said in: gettext catalogues, chosen per person, read from .po files.

A second language is a file, ``circles/locale/<language>/LC_MESSAGES/halqa.po``; no code changes. Its template comes
from ``pybabel extract -k _ -k ngettext_:1,2 circles bot``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from gettext import NullTranslations
from importlib import resources
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

_folders: list[Path] = []


@lru_cache(maxsize=64)
def _catalogue(locale: str) -> NullTranslations:
    for name in (locale, locale.partition("_")[0]):
        for folder in (*_folders, resources.files("circles") / "locale"):
            source = folder / name / "LC_MESSAGES" / "halqa.po"
            if source.is_file():
                compiled = BytesIO()
                write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale=None))
                compiled.seek(0)
                return Translations(compiled)
    return NullTranslations()


_current: ContextVar[tuple[str, NullTranslations] | None] = ContextVar("language", default=None)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say every sentence inside this block in ``locale`` (English where no catalogue exists)."""
    locale = locale.replace("-", "_")  # chats write pt-BR, catalogues pt_BR
    token = _current.set((locale, _catalogue(locale)))
    try:
        yield
    finally:
        _current.reset(token)


def learn(folder: Path) -> None:
    """Look for catalogues in ``folder`` too, before the shipped ones."""
    _folders.insert(0, folder)
    _catalogue.cache_clear()


def unlearn(folder: Path) -> None:
    """Look for catalogues in ``folder`` no more."""
    _folders.remove(folder)
    _catalogue.cache_clear()


def _(text: str) -> str:
    """Translate ``text``, a literal template, into the current language."""
    current = _current.get()
    return current[1].gettext(text) if current else text


def ngettext_(one: str, many: str, n: int) -> str:
    """Translate the form that fits ``n``; placeholders are filled by the caller."""
    current = _current.get()
    return current[1].ngettext(one, many, n) if current else (one if n == 1 else many)


def _locale() -> Locale:
    current = _current.get()
    try:
        return Locale.parse(current[0]) if current else Locale("en")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def day_text(day: date, *, short: bool = False) -> str:
    """Write a day in words, for example 'Monday, 1 March'."""
    locale = _locale()
    pattern = ("EEE d MMM" if short else "EEEE, d MMMM") if locale.language == "en" else "medium"
    return str(format_date(day, pattern, locale=locale))


def instant_text(at: datetime, zone: str) -> str:
    """Write an instant in the wall time of ``zone``, for example 'Mon 1 March, 09:00'."""
    locale = _locale()
    pattern = "EEE d MMMM, HH:mm" if locale.language == "en" else "medium"
    return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=locale))


def listing(items: list[str] | tuple[str, ...], *, either: bool = False) -> str:
    """Join words as a list in the current language: 'a, b, and c', or 'a, b, or c'."""
    return str(format_list(list(items), "or" if either else "standard", locale=_locale()))


def language_name(code: str) -> str:
    """Name the language with ISO 639 ``code`` in the current language, or give the code back."""
    name = _locale().languages.get(code)
    return str(name) if name else code
