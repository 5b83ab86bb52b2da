"""The sample roster: invented people, and a circle of ten and ten among those who live close enough in time."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from circles.membership import roster, rules


def sample() -> list[roster.Entry]:
    return roster.parse(roster.sample())


def test_the_sample_holds_26_people_of_whom_five_sit_on_both_sides() -> None:
    stances = [entry.profile.stance for entry in sample()]
    assert {stance: stances.count(stance) for stance in rules.STANCES} == {"mentor": 10, "mentee": 11, "both": 5}


def test_the_sample_has_24_institutions_two_of_them_shared_by_two_people() -> None:
    homes = [rules.key(entry.profile.institution) for entry in sample()]
    assert sorted(homes.count(home) for home in set(homes)) == [1] * 22 + [2, 2]


def test_the_sample_names_everybody_once_and_has_ada_bob_cleo_and_dana() -> None:
    entries = sample()
    assert {"ada", "bob", "cleo", "dana"} < {entry.user for entry in entries}
    assert len({entry.name for entry in entries}) == len({entry.user for entry in entries}) == 26
    assert all(entry.user.isascii() and entry.user.islower() for entry in entries)


def test_in_the_sample_offers_and_wants_are_the_same_fifteen_topics() -> None:
    offered = {topic for entry in sample() for topic in entry.profile.offers}
    wanted = {topic for entry in sample() for topic in entry.profile.wants}
    assert offered == wanted
    assert len(offered) == 15


def test_in_the_sample_everybody_speaks_english_and_most_another_language_too() -> None:
    spoken = [set(entry.profile.languages) for entry in sample()]
    assert all("en" in languages and len(languages) > 1 for languages in spoken)
    assert {"ar", "fr", "ur", "sw", "pt", "de"} < set().union(*spoken)


def test_in_the_sample_a_professor_may_learn_and_a_doctoral_student_may_teach() -> None:
    seats = {(entry.profile.stage, entry.profile.stance) for entry in sample()}
    assert {("senior", "mentee"), ("doctoral", "mentor"), ("senior", "mentor"), ("doctoral", "mentee")} <= seats


def at_work(member: rules.Profile, monday: datetime) -> set[datetime]:
    """The quarter hours of one week in which it is a working day between 9 and 17 on her clock."""
    quarters = [monday + timedelta(minutes=15 * n) for n in range(7 * 96)]
    clock = ZoneInfo(member.zone)
    local = [(quarter, quarter.astimezone(clock)) for quarter in quarters]
    return {quarter for quarter, here in local if 9 <= here.hour < 17 and here.weekday() not in member.weekend}


@pytest.mark.parametrize(
    "monday",
    [datetime(2027, 1, 18, tzinfo=UTC), datetime(2027, 2, 15, tzinfo=UTC), datetime(2027, 7, 12, tzinfo=UTC)],
    ids=["winter", "the month when Casablanca turns its clocks back", "summer"],
)
def test_everybody_close_by_in_the_sample_shares_two_working_hours_on_three_days_all_year(monday: datetime) -> None:
    near = [entry for entry in sample() if entry.profile.ring == "local"]
    assert len(near) == 22
    hours = {entry.user: at_work(entry.profile, monday) for entry in near}
    for one, other in combinations(hours, 2):
        together = [quarter.date() for quarter in hours[one] & hours[other]]
        assert sum(together.count(day) >= 8 for day in set(together)) >= 3, (one, other)


def test_a_circle_of_ten_and_ten_without_two_from_one_institution_can_be_formed_from_those_close_by() -> None:
    near = [entry.profile for entry in sample() if entry.profile.ring == "local" and entry.user != "farah"]
    assert len({rules.key(member.institution) for member in near}) == len(near) == 21
    seats = [member.stance for member in near]
    assert (seats.count("mentor"), seats.count("mentee"), seats.count("both")) == (8, 9, 4)  # 8 + 2, and 9 + 1


def test_in_the_sample_each_mentee_close_by_finds_two_mentors_close_by_for_what_she_wants() -> None:
    near = [entry for entry in sample() if entry.profile.ring == "local"]
    for entry in near:
        mentors = [o.user for o in near if o != entry and rules.shared(o.profile.offers, entry.profile.wants)]
        assert len(mentors) >= 2 or not entry.profile.wants, entry.user


def test_four_in_the_sample_live_too_far_from_the_circle() -> None:
    monday = datetime(2027, 1, 18, tzinfo=UTC)
    far = {entry.user: at_work(entry.profile, monday) for entry in sample() if entry.profile.ring == "global"}
    near = [at_work(entry.profile, monday) for entry in sample() if entry.profile.ring == "local"]
    assert set(far) == {"nurul", "linh", "beatriz", "sahar"}
    assert all(any(not hours & other for other in near) for hours in far.values())


def test_the_sample_reads_back_after_being_written() -> None:
    assert roster.parse(roster.render(sample())) == sample()
