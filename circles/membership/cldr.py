"""What the world calls things: languages, weekdays and weekends, as Unicode CLDR (through babel) has them.

Names are found whatever their case and accents, in English, in the language itself, and in a few widespread ones.
What is not found raises ValueError with the nearest name we know.
"""

import difflib
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.localedata import locale_identifiers

from circles.language import _
from circles.spelling import clip, fold

SATURDAY_SUNDAY = frozenset({5, 6})
_READ_TOO = ("ar", "fr", "es")  # people also type names in these, whatever language the bot speaks to them


def language(text: str) -> str:
    """Find one language: a code first, then a name, then a name without its remark in brackets."""
    names = _language_names()
    words = fold(text)
    bare = fold(re.sub(r"\(.*?\)|\[.*?\]", " ", text))
    region = re.fullmatch(r"([a-z]{2,3})[-_][a-z]{2,4}", words)
    dialect = "arabic" if bare.endswith(" arabic") else ""  # Levantine, Gulf, Sudanese …: CLDR names only a few
    for spelling in (words, bare, region[1] if region else "", dialect):
        if spelling in names:
            return names[spelling]
    near = difflib.get_close_matches(words, names, n=1, cutoff=0.7)
    if near:
        raise ValueError(
            _("We do not know a language called “{text}”. Did you mean {name}?").format(
                text=clip(text), name=language_name(names[near[0]])
            )
        )
    raise ValueError(
        _("We do not know a language called “{text}”. Its English name or its code would help.").format(text=clip(text))
    )


@cache
def _language_names() -> Mapping[str, str]:
    """List every folded code and name with its code; codes come before names, so that "ga" stays Irish."""
    english = Locale("en").languages
    names = {fold(code): _code(code) for code in sorted(english) if "_" not in code}
    names |= {alias: _code(code) for alias, code in get_global("language_aliases").items() if _code(code) in names}
    names |= {word: code for word, code in _OTHER_NAMES.items() if word not in names}
    for code in sorted(english):
        names.setdefault(fold(english[code]), _code(code))
    for code in sorted(locale_identifiers()):
        own = Locale.parse(code).languages.get(code) if "_" not in code else None
        if own:
            names.setdefault(fold(own), _code(code))
    for reader in _READ_TOO:
        for code, name in sorted(Locale(reader).languages.items()):
            names.setdefault(fold(name), _code(code))
    return MappingProxyType(names)


_OTHER_NAMES = {  # names in daily use that CLDR spells otherwise
    "amazigh": "zgh", "bengali": "bn", "cantonese": "yue", "castilian": "es", "chichewa": "ny", "dhivehi": "dv",
    "farsi": "fa", "flemish": "nl", "fulani": "ff", "gaelic": "gd", "isindebele": "nd", "kurmanji": "ku",
    "luganda": "lg", "mandarin": "zh", "odia": "or", "oriya": "or", "panjabi": "pa", "pidgin": "pcm",
    "putonghua": "zh", "sesotho": "st", "setswana": "tn", "sinhalese": "si", "sorani": "ckb", "tamazight": "zgh",
    "uighur": "ug", "isizulu": "zu", "isixhosa": "xh",
}  # fmt: skip

# People who name their own Arabic can talk with everyone who says "Arabic": a shared language is a hard rule.
_ONE_LANGUAGE = {"aeb": "ar", "arq": "ar", "ars": "ar", "ary": "ar", "arz": "ar", "shu": "ar"}


def _code(code: str) -> str:
    """Give the current code of a language without its region or script."""
    plain = code.partition("_")[0]
    plain = str(get_global("language_aliases").get(plain, plain)).partition("_")[0]
    return _ONE_LANGUAGE.get(plain, plain)


def language_name(code: str) -> str:
    """Give the English name of a language code, or the code itself where there is none."""
    return str(Locale("en").languages.get(code, code))


def weekday(name: str, whole: str) -> int:
    """Find one weekday by its English, Arabic, French or Spanish name, or by its first English letters."""
    days = _day_names()
    if name in days:
        return days[name]
    near = difflib.get_close_matches(name, days, n=1, cutoff=0.6)
    if near:
        raise ValueError(_("“{name}” is not a day we know. Did you mean {day}?").format(name=clip(name), day=near[0]))
    raise ValueError(_("“{text}” is hard to place. For example fri-sat, sat-sun, or none.").format(text=clip(whole)))


@cache
def _day_names() -> Mapping[str, int]:
    """List the folded weekday names we read, with 0 for Monday."""
    names = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
    for code in ("en", *_READ_TOO):
        words = Locale(code).days["stand-alone"]["wide"]
        names |= {fold(word): day for day, word in words.items()}
        names |= {fold(word)[:3]: day for day, word in words.items() if code == "en"}
        names |= {fold(word) + "s": day for day, word in words.items() if code == "en"}
        names |= {"و" + fold(word): day for day, word in words.items() if code == "ar"}  # "and Saturday" is one word
    return MappingProxyType(names)


def default_weekend(zone: str) -> frozenset[int]:
    """Suggest the days off of the country of an IANA zone: those of CLDR where Friday is one, otherwise Sat and Sun."""
    name = get_global("zone_aliases").get(zone, zone)
    territory = get_global("zone_territories").get(name, "001")
    if territory in _FRIDAY_TOO:
        return frozenset({4, 5})
    try:
        locale = Locale.parse(f"und_{territory}", resolve_likely_subtags=True)
    except (UnknownLocaleError, ValueError):
        return SATURDAY_SUNDAY
    days = frozenset(range(locale.weekend_start, locale.weekend_end + 1))
    return days if 4 in days else SATURDAY_SUNDAY


_FRIDAY_TOO = frozenset({"BD", "MV", "PS"})  # CLDR has no line for these, which rest on Friday and Saturday
