import re
from datetime import date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles import when

TODAY = date(2026, 11, 25)  # a Wednesday
BARE_OFFSETS = {"GMT+0", "GMT-0"}
NO_SUMMER_TIME = {"EST", "MST"}
ZONES = sorted(available_timezones() - {"Factory", "localtime"} - BARE_OFFSETS - NO_SUMMER_TIME)
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def answer(read, *typed):
    """What reading gives: a value and no refusal, or no value and the sentence."""
    try:
        return read(*typed), ""
    except ValueError as refusal:
        return None, str(refusal)


# --- zones ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("  EUROPE / BERLIN ", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("America/Buenos_Aires", "America/Buenos_Aires"),
        ("Amman", "Asia/Amman"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Port au Prince", "America/Port-au-Prince"),
        ("St. John's", "America/St_Johns"),
        ("İstanbul", "Europe/Istanbul"),
        ("Lord Howe", "Australia/Lord_Howe"),
        ("Kathmandu", "Asia/Kathmandu"),
        ("Ramallah", "Asia/Hebron"),
        ("Doha", "Asia/Qatar"),
        ("Egypt", "Egypt"),
        ("utc", "UTC"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_zone_or_a_city_is_understood(typed, zone):
    assert when.parse_zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Berlim", "I am not sure which time zone “Berlim” is. Did you mean Europe/Berlin or America/Belem?"),
        ("Ammann", "I am not sure which time zone “Ammann” is. Did you mean Asia/Amman?"),
        ("samoa", "I am not sure which time zone “samoa” is. Did you mean Pacific/Apia or Pacific/Pago_Pago?"),
        ("xyzzy", "I do not know the time zone “xyzzy”. A large city nearby works, such as Amman or Berlin."),
        ("", "I do not know the time zone “”. A large city nearby works, such as Amman or Berlin."),
        ("GMT+3", "“GMT+3” does not follow clock changes. A large city nearby works, such as Amman or Berlin."),
    ],
)
def test_an_unknown_zone_is_declined_with_what_would_work(typed, sentence):
    with pytest.raises(ValueError, match=r"\w") as refusal:
        when.parse_zone(typed)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "typed", ["UTC+3", "utc -5", "+03:00", "-0530", "GMT-0", "EST", "MST", "IST", "Factory", "localtime"]
)
def test_an_offset_or_an_unclear_abbreviation_is_never_guessed(typed):
    with pytest.raises(ValueError, match=r"works|Did you mean"):
        when.parse_zone(typed)


def test_every_zone_is_known_by_its_own_name_in_any_case():
    assert [when.parse_zone(zone) for zone in ZONES] == ZONES
    assert [when.parse_zone(zone.lower()) for zone in ZONES] == ZONES
    assert [when.parse_zone(zone.upper()) for zone in ZONES] == ZONES


def test_every_city_and_suggestion_leads_to_a_zone_that_exists():
    known = available_timezones()
    assert set(when._ALSO_KNOWN.values()) <= known
    assert {zone for zones in when._UNCLEAR.values() for zone in zones} <= known
    assert all(when._plain(word) == word for word in when._ALSO_KNOWN | when._UNCLEAR)


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_zone_gives_a_zone_or_a_short_sentence(typed):
    zone, refusal = answer(when.parse_zone, typed)
    assert zone in available_timezones() if zone else refusal.endswith(("?", ".")) and len(refusal) < 250


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-03-08", date(2027, 3, 8)),
        ("2027-3-8", date(2027, 3, 8)),
        ("2027/03/08", date(2027, 3, 8)),
        ("٢٠٢٧-٠٣-٠٨", date(2027, 3, 8)),
        ("8 March 2027", date(2027, 3, 8)),
        ("8 March", date(2027, 3, 8)),
        ("8 Mar", date(2027, 3, 8)),
        ("8 mar.", date(2027, 3, 8)),
        ("8th of March", date(2027, 3, 8)),
        ("March 8, 2027", date(2027, 3, 8)),
        ("march 8th", date(2027, 3, 8)),
        ("Monday, 8 March", date(2027, 3, 8)),
        ("Mon 8 March 2027", date(2027, 3, 8)),
        ("25 November", date(2026, 11, 25)),  # today counts
        ("24 November", date(2027, 11, 24)),
        ("29 Feb", date(2028, 2, 29)),
        ("1 sept", date(2027, 9, 1)),
        ("25/12/2026", date(2026, 12, 25)),  # only one reading
        ("12/25/2026", date(2026, 12, 25)),
        ("4/4/2027", date(2027, 4, 4)),
        ("31.12.2026", date(2026, 12, 31)),
        ("today", date(2026, 11, 25)),
        ("Tomorrow", date(2026, 11, 26)),
        ("monday", date(2026, 11, 30)),
        ("next Monday", date(2026, 11, 30)),
        ("  NEXT   monday ", date(2026, 11, 30)),
        ("next wednesday", date(2026, 12, 2)),
        ("friday", date(2026, 11, 27)),
        ("this fri", date(2026, 11, 27)),
        ("on sunday", date(2026, 11, 29)),
        ("wednesday", date(2026, 12, 2)),  # said on a Wednesday: the one to come
        ("this wednesday", date(2026, 11, 25)),
        ("in 3 days", date(2026, 11, 28)),
        ("in 2 weeks", date(2026, 12, 9)),
        ("in two weeks", date(2026, 12, 9)),
        ("in a week", date(2026, 12, 2)),
        ("in 1 day", date(2026, 11, 26)),
    ],
)
def test_a_day_in_figures_or_words_is_understood(typed, day):
    assert when.parse_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("03/04/2027", "could be 2027-04-03 or 2027-03-04"),
        ("3.4.2027", "could be 2027-04-03 or 2027-03-04"),
        ("3-4-2027", "could be 2027-04-03 or 2027-03-04"),
        ("next friday", "could be 2026-11-27 or 2026-12-04"),
        ("next sunday", "could be 2026-11-29 or 2026-12-06"),
        ("31 April", "is not in the calendar"),
        ("29 February 2027", "is not in the calendar"),
        ("2027-02-30", "is not in the calendar"),
        ("2027-13-01", "is not in the calendar"),
        ("13/13/2027", "is not in the calendar"),
        ("0/5/2027", "is not in the calendar"),
        ("0 March", "is not in the calendar"),
        ("Sunday 8 March", "2027-03-08 is a Monday"),
        ("0001-01-01", "These work"),
        ("9999-12-31", "These work"),
        ("in 9999 weeks", "These work"),
        ("in 99999999 days", "These work"),
        ("in some days", "These work"),
        ("8 Ma", "These work"),
        ("8 March 27", "These work"),
        ("soon 8 March", "These work"),
        ("20270308", "These work"),
        ("2027-W10-1", "These work"),
        ("3/4", "These work"),
        ("next week", "These work"),
        ("yesterday", "These work"),
        ("8", "These work"),
        ("", "These work"),
        ("monday" * 50, "…” as a day"),
    ],
)
def test_a_day_with_two_readings_or_none_is_declined_with_a_hint(typed, hint):
    with pytest.raises(ValueError, match=r"\w") as refusal:
        when.parse_day(typed, TODAY)
    assert hint in str(refusal.value)
    assert len(str(refusal.value)) < 200


@given(days, days)
def test_a_day_written_out_is_read_back(day, today):
    for form in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%A %d %B %Y", "%Y/%m/%d"):
        assert when.parse_day(day.strftime(form), today) == day


@given(days, days)
def test_a_day_without_a_year_is_the_first_one_from_today_on(day, today):
    found = when.parse_day(day.strftime("%d %B"), today)
    assert (found.month, found.day) == (day.month, day.day)
    assert today <= found <= today + timedelta(days=8 * 366)


@given(days, st.integers(0, 6))
def test_a_bare_weekday_lies_within_the_coming_seven_days(today, weekday):
    found = when.parse_day(("mon", "tue", "wed", "thu", "fri", "sat", "sun")[weekday], today)
    assert found.weekday() == weekday
    assert 1 <= (found - today).days <= 7


@given(days)
def test_next_monday_is_always_the_monday_of_the_coming_week(today):
    found = when.parse_day("next monday", today)
    assert found == today - timedelta(days=today.weekday()) + timedelta(weeks=1)


@given(st.text(max_size=60), days)
def test_whatever_is_typed_as_a_day_or_time_gives_a_value_or_a_sentence(typed, today):
    for value, refusal in (answer(when.parse_day, typed, today), answer(when.parse_time, typed)):
        assert value is not None or refusal.startswith(("I could not read “", "“"))


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9:00", time(9)),
        ("09:00", time(9)),
        ("9am", time(9)),
        ("9 AM", time(9)),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("9:30 p.m.", time(21, 30)),
        ("12am", time(0)),
        ("12:15 am", time(0, 15)),
        ("12pm", time(12)),
        ("noon", time(12)),
        ("midnight", time(0)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        ("٠٩:٣٠", time(9, 30)),
    ],
)
def test_a_time_of_day_is_understood(typed, at):
    assert when.parse_time(typed) == at


@pytest.mark.parametrize(
    "typed",
    [
        "9",
        "21",
        "24:00",
        "9:60",
        "9:5",
        "13pm",
        "0am",
        "13:00 pm",
        "9:00:00",
        "-9:00",
        "9:00+02:00",
        "nine",
        "",
        "am",
    ],
)
def test_a_time_without_a_clear_meaning_is_declined_with_what_works(typed):
    with pytest.raises(ValueError, match="These work: 9:00, 9am, 17:30"):
        when.parse_time(typed)


@given(st.times())
def test_a_time_written_out_is_read_back(at):
    for form in ("%H:%M", "%H.%M", "%I:%M %p", "%I:%M%p"):
        assert when.parse_time(at.strftime(form)) == time(at.hour, at.minute)


# --- days with a time -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day", "at"),
    [
        ("2027-03-08 15:00", date(2027, 3, 8), time(15)),
        ("2027-03-08T15:00", date(2027, 3, 8), time(15)),
        ("8 March 9am", date(2027, 3, 8), time(9)),
        ("March 8, 9:30 pm", date(2027, 3, 8), time(21, 30)),
        ("tomorrow noon", TODAY + timedelta(days=1), time(12)),
        ("today at 3 pm", TODAY, time(15)),
        ("in 2 weeks 17:30", TODAY + timedelta(weeks=2), time(17, 30)),
        ("  Today   @  9h30 ", TODAY, time(9, 30)),
    ],
)
def test_a_day_with_a_time_is_understood(typed, day, at):
    assert when.parse_moment(typed, TODAY) == (day, at)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", "These work: Tuesday 15:00"),
        ("tomorrow", "I could not read “tomorrow” as a day with a time"),
        ("15:00", "On which day?"),
        ("at 15:00", "On which day?"),
        ("3 pm", "On which day?"),
        ("15:00 tomorrow", "as a day with a time"),
        ("tomorrow 9", "as a day with a time"),
        ("tomorrow 25:00", "as a day with a time"),
        ("someday 15:00", "I could not read “someday” as a day"),
        ("30 February 15:00", "is not in the calendar"),
        ("03/04/2027 15:00", "could be"),
        ("8 March 2227 15:00", "I could not read"),
        ("x" * 500, "as a day with a time"),
    ],
)
def test_a_day_with_a_time_without_a_clear_meaning_is_declined(typed, refusal):
    with pytest.raises(ValueError, match=re.escape(refusal)):
        when.parse_moment(typed, TODAY)


@given(st.dates(date(2027, 3, 2), date(2028, 2, 28)), st.times())
def test_a_day_and_a_time_written_out_are_read_back(day, at):
    today = date(2027, 3, 1)
    for form in ("%Y-%m-%d %H:%M", "%d %B %I:%M %p", "%B %d at %H.%M"):
        typed = datetime.combine(day, at).strftime(form)
        assert when.parse_moment(typed, today) == (day, time(at.hour, at.minute))
