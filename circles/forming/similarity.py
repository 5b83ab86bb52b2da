"""Topics in similar words: "grant writing" and "Writing grants" become one, when the organiser asks for it.

People type topics freely, so an offer and a want can miss each other by a word. Similarity is that of spelling alone
(RapidFuzz): no model, nothing downloaded, the same answer everywhere; "supervision" and "leading a group" stay apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from circles.forming.values import plain

ALIKE = 88
"""How alike two topics are at least, of 100: plurals and turned words meet; ecology and geology (86) do not."""

SHORTEST = 4
"""Shorter topics (R, C, AI) are only ever themselves."""


def same_topics(topics: Iterable[str]) -> Mapping[str, str]:
    """Return for each topic the one that stands for it: of those alike, the most frequent, then the first by name.

    `topics` come as often as people name them. A topic joins one that stands for others only if it is like that one
    itself, so that a chain of small differences joins no strangers.
    """
    from rapidfuzz import fuzz  # noqa: PLC0415 - start-up time: off by default

    counts = Counter(plain(topic) for topic in topics if plain(topic))
    leaders: list[str] = []
    stands_for: dict[str, str] = {}
    for topic in sorted(counts, key=lambda topic: (-counts[topic], topic)):
        alike = [
            (fuzz.token_sort_ratio(topic, leader), leader)
            for leader in leaders
            if min(len(topic), len(leader)) >= SHORTEST
        ]
        likeness, leader = max(alike, default=(0.0, ""), key=lambda pair: pair[0])
        stands_for[topic] = leader if likeness >= ALIKE else topic
        leaders += [] if likeness >= ALIKE else [topic]
    return stands_for
