"""What people type into a profile is read forgivingly, and refused with a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.membership import rules


def refusal(field: str, text: str) -> str:
    with pytest.raises(ValueError, match=r"[.?]$") as refused:
        getattr(rules, field)(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Statistics; grant writing, R", ("Statistics", "grant writing", "R")),
        ("statistics, STATISTICS , Statistics", ("statistics",)),
        ("  grant   writing  ", ("grant writing",)),
        ("statistics\nR and Python", ("statistics", "R and Python")),
        ("- statistics\n- peer review", ("statistics", "peer review")),
        ("الإحصاء، كتابة المنح", ("الإحصاء", "كتابة المنح")),
        ("C++; R&D; work-life balance", ("C++", "R&D", "work-life balance")),
        ("statistics.", ("statistics",)),
        ("=HYPERLINK(1)", ("HYPERLINK(1)",)),
        ("stat\u200bistics", ("statistics",)),
        ("caf\u0065\u0301", ("caf\u00e9",)),
        ("Straße; STRASSE", ("Straße",)),
        ("", ()),
        (" ; ,, ", ()),
        ("-", ()),
        ("none", ()),
        ("N/A", ()),
        ("a" * 40, ("a" * 40,)),
        ("1,2,3,4,5,6,7,8", ("1", "2", "3", "4", "5", "6", "7", "8")),
    ],
)
def test_topics_are_separated_tidied_and_taken_once_whatever_their_case(text: str, found: tuple[str, ...]) -> None:
    assert rules.topics(text) == found


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Arabic, en, français", ("ar", "en", "fr")),
        ("ENGLISH", ("en",)),
        ("English; english; en; eng", ("en",)),
        ("العربية", ("ar",)),
        ("العربية والإنجليزية", ("ar", "en")),
        ("arabe et anglais", ("ar", "en")),
        ("Kiswahili / isiZulu", ("sw", "zu")),
        ("Urdu and Punjabi", ("ur", "pa")),
        ("اردو", ("ur",)),
        ("中文 & Cantonese", ("zh", "yue")),
        ("francais", ("fr",)),
        ("en-GB, pt_BR", ("en", "pt")),
        ("Brazilian Portuguese", ("pt",)),
        ("Egyptian Arabic", ("ar",)),
        ("Levantine Arabic", ("ar",)),
        ("Arabic (native), French [some]", ("ar", "fr")),
        ("Farsi, Sorani", ("fa", "ckb")),
        ("Tagalog", ("fil",)),
        ("ga", ("ga",)),
        ("Twi", ("ak",)),
    ],
)
def test_languages_are_known_by_code_by_english_name_and_by_their_own_name(text: str, codes: tuple[str, ...]) -> None:
    assert rules.languages(text) == codes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("fri-sat", {4, 5}),
        ("Friday and Saturday", {4, 5}),
        ("sat+sun", {5, 6}),
        ("sunday", {6}),
        ("none", set()),
        ("no weekend", set()),
        ("Thu – Fri", {3, 4}),
        ("friday to sunday", {4, 5, 6}),
        ("sat to mon", {5, 6, 0}),
        ("Wed, sat/sun", {2, 5, 6}),
        ("Saturdays & Sundays", {5, 6}),
        ("الجمعة والسبت", {4, 5}),
        ("vendredi, samedi", {4, 5}),
        ("sábado y domingo", {5, 6}),
        ("only sunday", {6}),
        ("sun-sun", {6}),
    ],
)
def test_days_off_are_read_as_a_span_or_a_list(text: str, days: set[int]) -> None:
    assert rules.weekend(text) == days


@pytest.mark.parametrize(
    ("text", "seat"),
    [
        ("mentor", "mentor"),
        ("Mentee", "mentee"),
        ("BOTH", "both"),
        ("mentor and mentee", "both"),
        ("mentee/mentor", "both"),
        ("I offer", "mentor"),
        ("wants", "mentee"),
        ("as a mentor", "mentor"),
        ("either", "both"),
    ],
)
def test_a_stance_is_read_from_the_words_people_use(text: str, seat: str) -> None:
    assert rules.stance(text) == seat


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        *((slug, slug) for slug in rules.STAGES),
        ("PhD student", "doctoral"),
        ("Ph.D. candidate", "doctoral"),
        ("doctoral researcher", "doctoral"),
        ("professor", "senior"),
        ("Full Professor", "senior"),
        ("Professor Emerita", "senior"),
        ("Assistant Professor", "early-career"),
        ("Associate professor", "mid-career"),
        ("senior lecturer", "mid-career"),
        ("Lecturer", "early-career"),
        ("post-doc", "postdoc"),
        ("Postdoctoral fellow", "postdoc"),
        ("Early career", "early-career"),
        ("early stage researcher", "early-career"),
        ("MID_CAREER", "mid-career"),
        ("MSc", "student"),
        ("undergraduate", "student"),
        ("professor, back from leave", "returning"),
        ("industry", "other"),
    ],
)
def test_a_stage_is_read_from_its_word_or_from_a_common_title(text: str, slug: str) -> None:
    assert rules.stage(text) == slug


@pytest.mark.parametrize(("text", "room"), [("0", 0), ("5", 5), (" 3 ", 3), ("2.0", 2), ("2,0", 2), ("٢", 2)])
def test_room_for_people_is_a_small_number(text: str, room: int) -> None:
    assert rules.capacity(text) == room


def test_ring_zone_institution_and_a_few_words_are_tidied() -> None:
    assert rules.ring(" Global ") == "global"
    assert rules.zone("africa/lagos") == "Africa/Lagos"
    assert rules.institution("  Tejo   Bay\tUniversity ") == "Tejo Bay University"
    assert rules.institution("i" * 80) == "i" * 80
    assert rules.about("I like\nboats. ") == "I like boats."
    assert rules.about("") == ""
    assert rules.about("a" * 280) == "a" * 280


@pytest.mark.parametrize(
    ("field", "text", "help_offered"),
    [
        ("topics", "a" * 41, "40 characters"),
        ("topics", "1,2,3,4,5,6,7,8,9", "9 topics"),
        ("languages", "", "Which languages"),
        ("languages", "Arabik", "Did you mean Arabic?"),
        ("languages", "English, Frensh", "Did you mean French?"),
        ("languages", "qq", "English name or its code"),
        ("languages", "en fr", "We do not know"),
        ("languages", "ar,bn,de,en,es,fr,hi,id,ja,ko,pt,sw,zu", "13 languages"),
        ("weekend", "", "Which days"),
        ("weekend", "satuday", "Did you mean saturday?"),
        ("weekend", "5-6", "hard to place"),
        ("weekend", "mon-fri", "5 days"),
        ("weekend", "sat-fri", "7 days"),
        ("weekend", "and", "names no day"),
        ("stance", "", "mentor, a mentee, or both"),
        ("stance", "mentro", "close to mentor"),
        ("stance", "senior professor", "mentor, a mentee, or both"),
        ("stance", "mentor but tired", "mentor, a mentee, or both"),
        ("stage", "", "Which stage"),
        ("stage", "Dr", "could not place"),
        ("stage", "astronaut", "early-career"),
        ("capacity", "", "0 to 5"),
        ("capacity", "two", "0 to 5"),
        ("capacity", "-1", "0 to 5"),
        ("capacity", "2.5", "0 to 5"),
        ("capacity", "6", "5 is the most"),
        ("ring", "galaxy", "local, regional, global"),
        ("ring", "", "local, regional, global"),
        ("zone", " ", "Which city"),
        ("zone", "Middle Earth", "city nearby"),
        ("zone", "GMT+3", "clock change"),
        ("institution", "", "Where do you work"),
        ("institution", " - ", "Where do you work"),
        ("institution", "i" * 81, "81 characters"),
        ("about", "a" * 281, "281 characters"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_would_help(field: str, text: str, help_offered: str) -> None:
    assert help_offered in refusal(field, text)


def test_a_refusal_quotes_at_most_forty_characters_of_a_long_text() -> None:
    assert "“" + "q" * 39 + "…”" in refusal("languages", "q" * 5000)


@given(text=st.text(max_size=120))
def test_topics_read_back_as_themselves_and_never_start_like_a_formula(text: str) -> None:
    try:
        found = rules.topics(text)
    except ValueError:
        return
    assert rules.topics("; ".join(found)) == found
    assert len({rules.key(topic) for topic in found}) == len(found) <= 8
    assert not any(topic[0] in "=+-@" or topic != topic.strip() or len(topic) > 40 for topic in found)


@given(text=st.text(max_size=120))
def test_free_texts_read_back_as_themselves_and_never_start_like_a_formula(text: str) -> None:
    for read in (rules.about, rules.institution):
        try:
            words = read(text)
        except ValueError:
            continue
        assert read(words) == words
        assert not words.startswith(("=", "+", "-", "@", " "))


@given(
    text=st.text(max_size=60), field=st.sampled_from(["languages", "weekend", "stance", "stage", "capacity", "zone"])
)
def test_any_text_is_either_read_or_answered_with_a_sentence(text: str, field: str) -> None:
    try:
        getattr(rules, field)(text)
    except ValueError:
        assert refusal(field, text)


@given(days=st.sets(st.integers(0, 6), max_size=4))
def test_days_off_read_back_from_their_short_names(days: set[int]) -> None:
    assert rules.weekend(", ".join(rules.DAYS[day] for day in days) or "none") == days


@given(code=st.sampled_from(["ar", "en", "fr", "ur", "sw", "ckb", "fil", "zgh", "pcm", "yue", "ak"]))
def test_a_language_reads_back_from_its_code_and_from_its_name(code: str) -> None:
    assert rules.languages(code) == (code,)
    assert rules.languages(rules.language_name(code)) == (code,)
