"""What people type for a zone, a day or a time, understood or kindly declined; what has two meanings is never guessed.

Every refusal is a ValueError whose text is a sentence for the person who typed. Day and month names are English.
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time, timedelta
from functools import cache, lru_cache
from zoneinfo import available_timezones

from circles.language import _, listing

_AREAS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}

# Cities and one-zone countries that people name and the zone table does not. Names as `_plain` leaves them.
_ALSO_KNOWN = {
    "abu dhabi": "Asia/Dubai",
    "alexandria": "Africa/Cairo",
    "ankara": "Europe/Istanbul",
    "barcelona": "Europe/Madrid",
    "beijing": "Asia/Shanghai",
    "bengaluru": "Asia/Kolkata",
    "boston": "America/New_York",
    "delhi": "Asia/Kolkata",
    "doha": "Asia/Qatar",
    "geneva": "Europe/Zurich",
    "irbid": "Asia/Amman",
    "islamabad": "Asia/Karachi",
    "istanbul": "Europe/Istanbul",
    "jeddah": "Asia/Riyadh",
    "jordan": "Asia/Amman",
    "kuwait city": "Asia/Kuwait",
    "lebanon": "Asia/Beirut",
    "manama": "Asia/Bahrain",
    "milan": "Europe/Rome",
    "montreal": "America/Toronto",
    "morocco": "Africa/Casablanca",
    "mumbai": "Asia/Kolkata",
    "munich": "Europe/Berlin",
    "ottawa": "America/Toronto",
    "rabat": "Africa/Casablanca",
    "ramallah": "Asia/Hebron",
    "san francisco": "America/Los_Angeles",
    "sanaa": "Asia/Aden",
    "tunisia": "Africa/Tunis",
    "washington": "America/New_York",
}

# Words with several readings, or whose table entry is not what people mean: EST has no summer time.
_UNCLEAR = {
    "ast": ("America/Halifax", "Asia/Riyadh"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "est": ("America/New_York", "America/Panama", "Australia/Sydney"),
    "ist": ("Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"),
    "mst": ("America/Denver", "America/Phoenix"),
    "pst": ("America/Los_Angeles", "Asia/Manila"),
    "samoa": ("Pacific/Apia", "Pacific/Pago_Pago"),
}

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_YEARS_AROUND, _LONGEST = 100, 100  # a day further away is a slip of the finger; nobody types more characters
_OFFSET = re.compile(r"(utc|gmt)?\s*[+\-−]\s*\d{1,2}([:.]?\d\d)?", re.IGNORECASE)


# --- zones ------------------------------------------------------------------------------------------------------------


def parse_zone(text: str) -> str:
    """Give the IANA name of the zone meant by `text`: a zone in any case or spacing, or a bare city.

    Raises ValueError with up to three close suggestions. A bare offset such as GMT+3 is declined: it does not follow
    summer time, and the table's own `Etc/GMT+3` is three hours *behind* UTC.
    """
    text = text.strip()
    if _OFFSET.fullmatch(text):
        said = _("“{text}” does not follow clock changes. A large city nearby works, such as Amman or Berlin.")
        raise ValueError(said.format(text=_quoted(text)))
    found = _zone_meant(text[:_LONGEST])
    if isinstance(found, str):
        return found
    if found:
        said = _("I am not sure which time zone “{text}” is. Did you mean {zones}?")
        raise ValueError(said.format(text=_quoted(text), zones=listing(found, either=True)))
    said = _("I do not know the time zone “{text}”. A large city nearby works, such as Amman or Berlin.")
    raise ValueError(said.format(text=_quoted(text)))


def zones_like(text: str, most: int) -> tuple[tuple[str, str], ...]:
    """Give up to `most` places, with their zones, that `text` begins or is part of: cities and zones by their names.

    What begins with it comes first, and a place once, by its shortest name. A text that says nothing gives none.
    """
    word, index = _plain(text[:_LONGEST]), _zone_index()
    if not word:
        return ()
    found = sorted(
        (key for key in index if word in key and (index[key].split("/")[0] in _AREAS or index[key] == "UTC")),
        key=lambda key: (not key.startswith(word), f" {word}" not in key and f"/{word}" not in key, len(key), key),
    )
    cities = {key: key.title() for key in found if key in _ALSO_KNOWN}
    places = dict.fromkeys((cities.get(key) or index[key], index[key]) for key in found)
    return tuple(places)[:most]


@lru_cache(maxsize=1024)
def _zone_meant(text: str) -> str | tuple[str, ...]:
    """Give the one zone meant by `text`, or up to three suggestions."""
    word = _plain(text)
    if word in _UNCLEAR:
        return _UNCLEAR[word]
    index = _zone_index()
    if word in index:
        return index[word]
    tries = dict.fromkeys((word, *(part.strip() for part in word.split(","))))  # "Amman, Jordan"
    close = [index[key] for part in tries for key in difflib.get_close_matches(part, index, n=4, cutoff=0.7)]
    return tuple(dict.fromkeys(close))[:3]


@cache
def _zone_index() -> dict[str, str]:
    """Index zones by plain name and by plain city; of two names for one city the longer path is today's."""
    usable = sorted(available_timezones() - {"Factory", "localtime"}, key=lambda name: (-name.count("/"), name))
    index = {_plain(name): name for name in usable} | _ALSO_KNOWN
    for name in usable:
        area, *_between, city = name.split("/") if "/" in name else ("", name)
        if area in _AREAS:
            index.setdefault(_plain(city), name)
    return index


# --- days -------------------------------------------------------------------------------------------------------------


def parse_day(text: str, today: date) -> date:
    """Give the day meant by `text`, seen from `today`.

    Understands 2027-03-08, 8 March 2027, March 8, Monday 8 March, tomorrow, a weekday (the first one after today),
    next Monday, in 3 days, in 2 weeks. A day without a year is the first such day from today on.
    Raises ValueError for what has two readings (03/04/2027; "next Friday" while this week's is still ahead), for a day
    that is not in the calendar, and for one more than a hundred years away.
    """
    words = " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().replace(",", " ").split()).rstrip(".")
    for read in (_in_figures, _in_words, _from_today):
        day = read(words, today)
        if day is not None and abs(day.year - today.year) <= _YEARS_AROUND:
            return day
    said = _("I could not read “{text}” as a day. These work: 2027-03-08, 8 March, tomorrow, next Monday, in 2 weeks.")
    raise ValueError(said.format(text=_quoted(text)))


def days_together(words: Sequence[str]) -> list[str]:
    """Put words together that make a day, such as "8" and "March"; how many those are does not depend on today."""
    for count in (4, 3, 2):
        with suppress(ValueError):
            parse_day(" ".join(words[:count]), date(2000, 1, 1))
            return [" ".join(words[:count]), *days_together(words[count:])]
    return [words[0], *days_together(words[1:])] if words else []


def _in_figures(words: str, today: date) -> date | None:  # noqa: ARG001 - one shape for all readers
    if found := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", words):
        return _calendar_day(words, int(found[1]), int(found[3]), int(found[4]))
    if not (found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", words)):
        return None
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    if max(one, two) <= 12 and min(one, two) >= 1 and one != two:
        raise _two_readings(words, date(year, two, one), date(year, one, two))
    return _calendar_day(words, year, one, two) if two > 12 else _calendar_day(words, year, two, one)


def _in_words(words: str, today: date) -> date | None:
    pattern = (
        r"(?:([a-z]+) )?(?:(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)|([a-z]+) (\d{1,2})(?:st|nd|rd|th)?)(?: (\d{4}))?"
    )
    found = re.fullmatch(pattern, words)
    month = _index_in(_MONTHS, found[3] or found[4]) if found else None
    if found is None or month is None or (found[1] and _index_in(_WEEKDAYS, found[1]) is None):
        return None
    number, year = int(found[2] or found[5]), found[6]
    day = _calendar_day(words, int(year), month + 1, number) if year else _first_from(words, today, month + 1, number)
    if found[1] and _index_in(_WEEKDAYS, found[1]) != day.weekday():
        said = _("“{text}” has another weekday: {day} is a {weekday}. Which did you mean?")
        raise ValueError(said.format(text=_quoted(words), day=day, weekday=_WEEKDAYS[day.weekday()].capitalize()))
    return day


def _from_today(words: str, today: date) -> date | None:
    if words in {"today", "tomorrow"}:
        return today + timedelta(days=words == "tomorrow")
    if found := re.fullmatch(r"in (\d{1,4}|[a-z]+) (day|week)s?", words):
        count = int(found[1]) if found[1].isdecimal() else _NUMBERS.get(found[1])
        return None if count is None else today + count * timedelta(days=7 if found[2] == "week" else 1)
    which, _space, name = words.rpartition(" ")
    weekday = _index_in(_WEEKDAYS, name)
    if weekday is None or which not in {"", "on", "this", "next"}:
        return None
    coming = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if which == "this" and weekday == today.weekday():
        return today
    if which == "next" and weekday > today.weekday():  # this week's is still ahead, so people mean either
        raise _two_readings(words, coming, coming + timedelta(weeks=1))
    return coming


def _first_from(words: str, today: date, month: int, number: int) -> date:
    for year in range(today.year, today.year + 9):  # eight years hold a 29 February, also around 2100
        with suppress(ValueError):
            if (day := date(year, month, number)) >= today:
                return day
    raise _not_in_calendar(words)


def _calendar_day(words: str, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError as error:
        raise _not_in_calendar(words) from error


def _index_in(names: tuple[str, ...], word: str) -> int | None:
    """Find the one name that `word` is or begins, from three letters on."""
    return next((i for i, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


def _not_in_calendar(words: str) -> ValueError:
    return ValueError(_("“{text}” is not in the calendar. A day such as 2027-03-08 works.").format(text=_quoted(words)))


def _two_readings(words: str, one: date, two: date) -> ValueError:
    said = _("“{text}” could be {one} or {two}. Writing it like {one} leaves no doubt.")
    return ValueError(said.format(text=_quoted(words), one=one, two=two))


# --- times ------------------------------------------------------------------------------------------------------------


def parse_time(text: str) -> time:
    """Give the wall-clock time meant by `text`: 9:00, 09:00, 9.30, 9h30, 9am, 9:30 pm, noon, midnight.

    Raises ValueError for anything else, also for a bare 9, which could be morning or evening.
    """
    words = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    words = words.replace("a.m.", "am").replace("p.m.", "pm").strip()
    if words in {"noon", "midnight"}:
        return time(12 if words == "noon" else 0)
    found = re.fullmatch(r"(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm)?", words)
    if found and (found[2] or found[3]):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
            half = None
        if half is None and hour <= 23 and minute <= 59:
            return time(hour, minute)
    raise ValueError(_("I could not read “{text}” as a time. These work: 9:00, 9am, 17:30.").format(text=_quoted(text)))


def parse_moment(text: str, today: date) -> tuple[date, time]:
    """Give the day and the wall-clock time meant by `text`: a day as above, then a time, as in "Tuesday 15:00".

    Raises ValueError where one of the two is missing or can't be read, and for what has two readings.
    """
    words = re.sub(r"(?<=\d)[Tt](?=\d)", " ", text[:_LONGEST]).replace(",", " ").split()
    for count in (2, 1):  # "3 pm" is one time, and "March 3 pm" has no day's number
        try:
            at = parse_time(" ".join(words[-count:]))
        except ValueError:
            continue
        day = words[:-count]
        day = day[:-1] if day and day[-1].casefold() in {"at", "@"} else day
        if day:
            return parse_day(" ".join(day), today), at
        raise ValueError(_("On which day? These work: today 15:00, Tuesday 15:00, 8 March 9am."))
    said = _("I could not read “{text}” as a day with a time. These work: Tuesday 15:00, tomorrow 9am, 8 March 17:30.")
    raise ValueError(said.format(text=_quoted(text)))


def _plain(text: str) -> str:
    """Drop case, accents, apostrophes and dots; underscores, spaces and hyphens become one space (not in GMT-3)."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    spaced = re.sub(r"[\s_]+|-(?!\d)", " ", re.sub(r"[.'’]", "", bare))
    return re.sub(r"\s*/\s*", "/", spaced).strip()


def _quoted(text: str) -> str:
    """Clip what a person typed, to repeat it to her on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
