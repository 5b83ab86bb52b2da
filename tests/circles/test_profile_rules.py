"""A profile is checked whole: everything that needs another look is said at once, and seniority sets no seat."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.membership import rules

ADA = {
    "stance": "mentor",
    "offers": "statistics; grant writing",
    "wants": "",
    "languages": "English",
    "zone": "Africa/Lagos",
    "institution": "Ikorodu Lagoon University",
    "stage": "senior",
}


def test_a_whole_profile_takes_its_defaults_from_what_is_left_blank() -> None:
    assert rules.profile(ADA | {"capacity": " "}) == rules.Profile(
        stance="mentor",
        offers=("statistics", "grant writing"),
        wants=(),
        languages=("en",),
        zone="Africa/Lagos",
        institution="Ikorodu Lagoon University",
        stage="senior",
        capacity=2,
        ring="local",
        weekend=frozenset({5, 6}),
        about="",
    )


def test_a_blank_weekend_follows_the_zone_and_a_given_one_is_kept() -> None:
    assert rules.profile(ADA | {"zone": "Asia/Amman"}).weekend == {4, 5}
    assert rules.profile(ADA | {"zone": "Asia/Amman", "weekend": "sat-sun"}).weekend == {5, 6}
    assert rules.profile(ADA | {"zone": "Asia/Amman", "weekend": "none"}).weekend == set()


def test_everything_wrong_with_a_profile_is_said_at_once_in_the_order_of_its_fields() -> None:
    with pytest.raises(rules.ProfileProblems) as refused:
        rules.profile(
            {"stance": "mentor", "languages": "Arabik", "zone": "Nowhere", "capacity": "9", "about": "a" * 300}
        )
    assert list(refused.value.problems) == [
        "offers", "languages", "zone", "institution", "stage", "capacity", "about",
    ]  # fmt: skip
    assert str(refused.value).splitlines() == list(refused.value.problems.values())


@pytest.mark.parametrize(
    ("stance", "offers", "wants", "asked"),
    [
        ("mentor", "", "R", ["offers"]),
        ("mentee", "R", "", ["wants"]),
        ("both", "", "R", ["offers"]),
        ("both", "R", "", ["wants"]),
        ("both", "", "", ["offers", "wants"]),
        ("mentor", "none", "", ["offers"]),
        ("mentor", "a" * 41, "", ["offers"]),
    ],
)
def test_a_seat_needs_the_topics_that_fill_it(stance: str, offers: str, wants: str, asked: list[str]) -> None:
    with pytest.raises(rules.ProfileProblems) as refused:
        rules.profile(ADA | {"stance": stance, "offers": offers, "wants": wants})
    assert list(refused.value.problems) == asked


def test_a_mentor_may_want_something_and_a_mentee_may_offer_something() -> None:
    assert rules.profile(ADA | {"wants": "R"}).stance == "mentor"
    assert rules.profile(ADA | {"stance": "mentee", "wants": "R"}).stance == "mentee"


def test_an_answer_under_a_name_no_field_has_is_a_slip_of_the_caller() -> None:
    with pytest.raises(KeyError, match="offer"):
        rules.profile(ADA | {"offer": "R"})


@given(stance=st.sampled_from(rules.STANCES), stage=st.sampled_from(rules.STAGES))
def test_seniority_never_sets_the_seat(stance: str, stage: str) -> None:
    member = rules.profile(ADA | {"stance": stance, "stage": stage, "wants": "R"})
    assert (member.stance, member.stage) == (stance, stage)


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("Asia/Amman", {4, 5}),
        ("Africa/Cairo", {4, 5}),
        ("Egypt", {4, 5}),
        ("Asia/Riyadh", {4, 5}),
        ("Africa/Algiers", {4, 5}),
        ("Asia/Gaza", {4, 5}),
        ("Asia/Dhaka", {4, 5}),
        ("Asia/Tehran", {4}),
        ("Asia/Dubai", {5, 6}),
        ("Asia/Beirut", {5, 6}),
        ("Africa/Casablanca", {5, 6}),
        ("Asia/Karachi", {5, 6}),
        ("Asia/Calcutta", {5, 6}),
        ("Asia/Kolkata", {5, 6}),
        ("Africa/Kampala", {5, 6}),
        ("Europe/London", {5, 6}),
        ("America/Sao_Paulo", {5, 6}),
        ("Antarctica/Troll", {5, 6}),
        ("UTC", {5, 6}),
        ("Nowhere/Land", {5, 6}),
    ],
)
def test_the_suggested_weekend_is_that_of_the_country_where_friday_is_in_it(zone: str, days: set[int]) -> None:
    assert rules.default_weekend(zone) == days


def test_every_zone_has_a_suggested_weekend_of_one_or_two_days_side_by_side() -> None:
    for zone in available_timezones():
        days = sorted(rules.default_weekend(zone))
        assert days == list(range(days[0], days[0] + len(days)))
        assert len(days) in (1, 2)


def test_offers_meet_wants_whatever_their_case_in_the_words_of_the_one_who_wants() -> None:
    assert rules.shared(("Statistics", "R  and python"), ("R and Python", "statistics", "promotion")) == (
        "R and Python",
        "statistics",
    )
    assert rules.shared((), ("R",)) == ()


def test_the_texts_of_a_profile_read_back_as_the_profile() -> None:
    cleo = rules.profile(
        ADA
        | {"stance": "both", "wants": "R", "ring": "global", "weekend": "fri-sun", "capacity": "0", "about": "Boats."}
    )
    assert rules.profile(rules.answers(cleo)) == cleo
    assert rules.answers(cleo)["weekend"] == "fri, sat, sun"
