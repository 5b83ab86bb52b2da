"""Topics in similar words count as one where the organiser wants it, and strangers stay strangers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.forming.similarity import same_topics


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("statistics", "Statistic"),
        ("grant writing", "writing grants"),
        ("career planning", "careers planning"),
        ("supervising students", "student supervision"),
        ("women in science", "Women  in sciences"),
    ],
)
def test_the_same_in_other_words_is_one_topic(one: str, other: str) -> None:
    told = same_topics([one, one, other])
    assert set(told.values()) == {" ".join(one.casefold().split())}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ecology", "geology"),
        ("economics", "ergonomics"),
        ("physics", "geophysics"),
        ("machine learning", "deep learning"),
        ("teaching", "coaching"),
        ("R", "C"),
        ("AI", "Ai law"),
    ],
)
def test_strangers_stay_strangers(one: str, other: str) -> None:
    assert len(set(same_topics([one, other]).values())) == 2


def test_the_most_frequent_word_stands_for_the_others() -> None:
    told = same_topics(["writing grants", "grant writing", "grant writing", "writing grant"])
    assert told == dict.fromkeys(("writing grants", "grant writing", "writing grant"), "grant writing")


@given(st.lists(st.text(max_size=12), max_size=8), st.randoms(use_true_random=False))
def test_every_topic_stands_for_something_that_stands_for_itself_in_whatever_order(topics, shuffler) -> None:
    told = same_topics(topics)
    assert all(told[leader] == leader for leader in told.values())
    shuffled = list(topics)
    shuffler.shuffle(shuffled)
    assert same_topics(shuffled) == told
