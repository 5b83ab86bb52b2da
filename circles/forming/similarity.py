"""Topics in similar words: "grant writing" and "Writing grants" become one, when the organiser asks for it.

People type topics freely, so an offer and a want can miss each other by an ending. Two topics are the same when they
have the same word stems in any order (Snowball, Porter 2001): no model, nothing downloaded, the same answer
everywhere. "Supervision" and "leading a group" stay apart, and so do "organic" and "inorganic chemistry".
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from circles.forming.values import plain

LANGUAGES: Mapping[str, str] = {
    "ar": "arabic",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "tr": "turkish",
}
"""Languages whose endings are known; in any other, words are the same as they stand."""


def same_topics(topics: Iterable[str], language: str = "en") -> Mapping[str, str]:
    """Return for each topic, in the form in which topics are compared, the one that stands for it.

    Of those with the same word stems that is the most frequent, then the first by name, as somebody wrote it. `topics`
    come as often as people name them; `language` is a code such as en.
    """
    stem = _stems(language)
    written = [" ".join(topic.split()) for topic in topics if plain(topic)]
    spelled = Counter(written)
    named = Counter(plain(topic) for topic in written)
    alike: dict[tuple[str, ...], list[str]] = {}
    for topic in sorted(spelled, key=lambda topic: (-named[plain(topic)], -spelled[topic], topic)):
        alike.setdefault(tuple(sorted(stem(plain(topic).split()))), []).append(topic)
    return {plain(topic): group[0] for group in alike.values() for topic in group}


def _stems(language: str) -> Callable[[list[str]], list[str]]:
    if language not in LANGUAGES:
        return list
    import snowballstemmer  # noqa: PLC0415 - start-up time: off by default

    stemmer = snowballstemmer.stemmer(LANGUAGES[language])
    return lambda words: [str(word) for word in stemmer.stemWords(words)]
