"""How each answer of a profile is read: forgiving about how people type, and clear when something will not do.

Every reader takes a text and gives a value, or raises ValueError with a sentence for the person who typed it. What a
reader gives is already tidy: no control characters, no doubled spaces, and no sign in front that a spreadsheet would
take for a formula, so that a profile is safe in every export.
"""

import difflib
import re

from circles.language import _
from circles.membership import cldr
from circles.spelling import clip, fold, key, tidy
from circles.when import parse_zone

STANCES = ("mentor", "mentee", "both")
RINGS = ("local", "regional", "global")
STAGES = ("student", "doctoral", "postdoc", "early-career", "mid-career", "senior", "returning", "other")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

MOST_TOPICS, LONGEST_TOPIC = 8, 40  # more than eight is a curriculum, and a button label holds forty characters
MOST_LANGUAGES = 12
MOST_CAPACITY = 5
LONGEST_INSTITUTION, LONGEST_ABOUT = 80, 280
MOST_DAYS_OFF = 4  # five days off are far more often somebody's working days

_FORMULA_SIGNS = "=+-@"
_BULLETS = "•*·–—" + _FORMULA_SIGNS
_BETWEEN = r"[;,\n،؛]"
_NOTHING = frozenset({"none", "nothing", "n/a", "na"})


def topics(text: str) -> tuple[str, ...]:
    """Read topics between commas, semicolons or lines, each once whatever its case, in the order given.

    "-", "none" and an empty text are no topics. At most 8 topics of at most 40 characters.
    """
    found: dict[str, str] = {}
    for part in re.split(_BETWEEN, text):
        topic = tidy(part).lstrip(_BULLETS + " ")
        topic = topic.removesuffix(".").rstrip() if topic.count(".") == 1 else topic
        if not _has_words(topic) or key(topic) in _NOTHING:
            continue
        if len(topic) > LONGEST_TOPIC:
            raise ValueError(
                _("“{topic}…” is a little long for a topic. Could you say it in {most} characters?").format(
                    topic=topic[:LONGEST_TOPIC].rstrip(), most=LONGEST_TOPIC
                )
            )
        found.setdefault(key(topic), topic)
    if len(found) > MOST_TOPICS:
        raise ValueError(
            _("That makes {n} topics. Could you choose the {most} that matter most now?").format(
                n=len(found), most=MOST_TOPICS
            )
        )
    return tuple(found.values())


def languages(text: str) -> tuple[str, ...]:
    """Read languages as ISO 639 codes, from codes or from names: English, their own, Arabic, French or Spanish ones."""
    found: dict[str, None] = {}
    for part in re.split(_BETWEEN + r"|[/&+]|\s(?:and|et|y|و)\s|\sو(?=ال)", text, flags=re.IGNORECASE):
        if tidy(part):
            found[cldr.language(part)] = None
    if not found:
        raise ValueError(
            _("Which languages do you like to speak? Names or codes work, for example Arabic, en, français.")
        )
    if len(found) > MOST_LANGUAGES:
        raise ValueError(
            _("That makes {n} languages. Could you name the {most} you like best?").format(
                n=len(found), most=MOST_LANGUAGES
            )
        )
    return tuple(found)


def weekend(text: str) -> frozenset[int]:
    """Read the days a member keeps free, 0 for Monday: "fri-sat", "Friday and Saturday", "sat+sun", "none"."""
    words = fold(text)
    if not words:
        raise ValueError(_("Which days do you keep free? For example fri-sat, sat-sun, or none."))
    if words in _NOTHING | {"-", "–", "—", "no weekend", "no days"}:
        return frozenset()
    spans = re.sub(r"\s*[-–—]\s*|\s+(?:to|until|through)\s+", "-", words)
    found: set[int] = set()
    for part in re.split(r"[\s,;/+&،؛]+", spans):
        ends = [cldr.weekday(name, text) for name in part.split("-") if name not in ("", "and", "et", "y", "و", "only")]
        if len(ends) == 2 and "-" in part:
            ends = [(ends[0] + n) % 7 for n in range((ends[1] - ends[0]) % 7 + 1)]
        found.update(ends)
    if not found:
        raise ValueError(_("“{text}” names no day. For example fri-sat, sat-sun, or none.").format(text=clip(text)))
    if len(found) > MOST_DAYS_OFF:
        raise ValueError(
            _("That keeps {n} days of the week free. Could you name only your days off, such as fri-sat?").format(
                n=len(found)
            )
        )
    return frozenset(found)


def stance(text: str) -> str:
    """Read where somebody would like to sit: "mentor", "mentee", or "both", also as "mentor and mentee" or "offers"."""
    words = [word for word in re.split(r"[\s,;/+&-]+", fold(text)) if word and word not in _FILLERS]
    seats = {_SEATS.get(word, "") for word in words}
    if not words or "" in seats:
        near = difflib.get_close_matches(fold(text), STANCES, n=1)
        if near:
            raise ValueError(_("“{text}” is close to {stance}. Is that it?").format(text=clip(text), stance=near[0]))
        raise ValueError(_("Would you like to be a mentor, a mentee, or both? Any of these three words works."))
    return seats.pop() if len(seats) == 1 else "both"


_FILLERS = frozenset({"and", "or", "a", "as", "i", "am", "the", "to"})
_SEATS = {
    "mentor": "mentor", "mentors": "mentor", "mentoring": "mentor", "offer": "mentor", "offers": "mentor",
    "mentee": "mentee", "mentees": "mentee", "want": "mentee", "wants": "mentee",
    "both": "both", "either": "both",
}  # fmt: skip


def stage(text: str) -> str:
    """Read a career stage from its own word or from a common title: "PhD student" is doctoral, "professor" senior."""
    words = re.sub(r"[-–._/]+", " ", fold(text))
    words = " ".join(words.split())
    if words.replace(" ", "-") in STAGES:
        return words.replace(" ", "-")
    for name, pattern in _TITLES:
        if re.search(pattern, words):
            return name
    raise ValueError(
        _("Which stage fits best? Words that work: {stages}.").format(stages=", ".join(STAGES))
        if not words
        else _("We could not place “{text}”. Words that work: {stages}.").format(
            text=clip(text), stages=", ".join(STAGES)
        )
    )


_TITLES = (  # the first that fits; "assistant professor" has to come before "professor"
    ("returning", r"\breturn|career break|back from|re ?entry"),
    ("postdoc", r"\bpost ?doc"),
    ("doctoral", r"\bph ?d\b|\bdphil\b|\bdoctora"),
    ("student", r"\bstudent|\bundergrad|\bmaster|\bbachelor|\bmsc\b|\bbsc\b"),
    ("mid-career", r"\bmid\b|\bmid ?career|\bassociate prof|\bsenior lecturer|\breader\b"),
    ("early-career", r"\bearly|\bjunior|\bassistant prof|\blecturer|\btenure track|\bnew pi\b"),
    ("senior", r"\bsenior|\bprof\b|\bprofessor|\bdean\b|\bhead of|\bemerit|\bfull prof"),
    ("other", r"\bother|\bindependent|\bindustry|\bretired|\bfreelance"),
)


def capacity(text: str) -> int:
    """Read how many people somebody has room for at a time, 0 to 5."""
    number = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?", tidy(text))
    if number is None:
        raise ValueError(
            _("How many people do you have room for? A number from 0 to {most}.").format(most=MOST_CAPACITY)
        )
    if int(number[1]) > MOST_CAPACITY:
        raise ValueError(
            _("Room for {n} is generous. To keep it light, {most} is the most.").format(
                n=int(number[1]), most=MOST_CAPACITY
            )
        )
    return int(number[1])


def ring(text: str) -> str:
    """Read the reach somebody wishes for: "local", "regional" or "global"."""
    if fold(text) in RINGS:
        return fold(text)
    raise ValueError(_("Which ring would you like? Words that work: {rings}.").format(rings=", ".join(RINGS)))


def zone(text: str) -> str:
    """Read a time zone as its IANA name."""
    if not tidy(text):
        raise ValueError(_("Which city's clock do you live by? For example Amman, Lagos or Europe/Berlin."))
    return parse_zone(tidy(text))


def institution(text: str) -> str:
    """Read the name of a home institution, at most 80 characters."""
    name = _plain(text)
    if not _has_words(name):
        raise ValueError(_("Where do you work or study? “independent” is fine too."))
    if len(name) > LONGEST_INSTITUTION:
        raise ValueError(
            _("That name has {n} characters. Could you shorten it to {most}?").format(
                n=len(name), most=LONGEST_INSTITUTION
            )
        )
    return name


def about(text: str) -> str:
    """Read a few words about oneself, at most 280 characters; none are needed."""
    words = _plain(text)
    if len(words) > LONGEST_ABOUT:
        raise ValueError(
            _("That is {n} characters. Could you keep it to {most}?").format(n=len(words), most=LONGEST_ABOUT)
        )
    return words


def _has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(c.isalnum() for c in text)


def _plain(text: str) -> str:
    """Tidy a free text, without the signs in front that a spreadsheet would take for a formula."""
    return tidy(text).lstrip(_FORMULA_SIGNS + " ")
