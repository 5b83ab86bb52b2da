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
    assert set(told.values()) == {one}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ecology", "geology"),
        ("economics", "ergonomics"),
        ("physics", "geophysics"),
        ("machine learning", "deep learning"),
        ("qualitative methods", "quantitative methods"),
        ("macroeconomics", "microeconomics"),
        ("inorganic chemistry", "organic chemistry"),
        ("phase 1 trials", "phase 2 trials"),
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


def test_a_topic_is_shown_as_people_write_it():
    assert same_topics(["LaTeX", "latex", "LaTeX"]) == {"latex": "LaTeX"}


def test_endings_are_those_of_the_programmes_language():
    assert same_topics(["statistiques", "statistique"], "fr")["statistiques"] == "statistique"
    assert len(set(same_topics(["statistiques", "statistique"], "xx").values())) == 2


@given(st.lists(st.text(max_size=12), max_size=8), st.randoms(use_true_random=False))
def test_every_topic_stands_for_something_that_stands_for_itself_in_whatever_order(topics, shuffler) -> None:
    told = same_topics(topics)
    assert all(told[" ".join(leader.casefold().split())] == leader for leader in told.values())
    shuffled = list(topics)
    shuffler.shuffle(shuffled)
    assert same_topics(shuffled) == told
