from dataclasses import replace

import pytest
from forming_people import (
    CAIRO,
    NEW_YORK,
    RULES,
    name_of,
    pairs,
    somebody,
)

from circles.forming import words
from circles.forming.rules import Problem, Proposal, Reason, propose, why
from circles.schedule import Habits

# --- compromises and reasons ------------------------------------------------------------------------------------------


def test_every_compromise_is_named() -> None:
    people = [
        somebody(1, "mentor", offers=["statistics"], institution="AUB"),
        somebody(2, "mentor", offers=["weaving"], institution=" aub"),
        somebody(3, "mentee", wants=["statistics"]),
        somebody(4, "mentee", wants=["grant writing", "statistics"]),
        somebody(5, "mentee", wants=["statistics"]),
        somebody(6, "mentee", wants=["statistics"]),
    ]
    (circle,) = propose(people, replace(RULES, across_institutions=False), seed=1).circles
    assert [words.compromise(compromise, name_of) for compromise in circle.compromises] == [
        "dana finds nobody offering “grant writing” here yet",
        "bob offers “weaving”, which nobody here has asked for yet",
        "2 mentors for 10 seats",
        "4 mentees for 10 seats",
        "2 people come from AUB",
    ]
    assert [words.why(why(person, circle, people)) for person in (1, 2, 3)] == [
        "offers statistics, which 4 mentees want",
        "was next in line",
        "wants statistics, which 1 mentor offers",
    ]


def test_a_mix_of_stages_counts_where_nobody_named_an_institution_and_a_few_shared_minutes_do_not() -> None:
    stages = ["student", "postdoc", "professor"] * 2
    kathmandu, grytviken = Habits("Asia/Kathmandu"), Habits("Atlantic/South_Georgia")  # they share 15 minutes
    people = [somebody(n, stage=stages[n - 1], habits=grytviken if n == 1 else kathmandu) for n in range(1, 7)]
    (circle,) = propose(people, replace(RULES, overlap_hours=0), seed=1).circles
    assert circle.reasons == (Reason("mix", 0, 3),)
    assert words.reason(circle.reasons[0]) == "3 career stages"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason("wants-met", 9, 10), "9 of 10 mentees find somebody offering something they want"),
        (Reason("wants-met", 10, 10), "every mentee finds somebody offering something they want"),
        (Reason("offers-used", 7, 8), "7 of 8 mentors offer something that somebody here wants"),
        (Reason("mix", 18, 4), "18 institutions and 4 career stages"),
        (Reason("mix", 1, 0), "1 institution"),
        (Reason("hours", hours=1), "every two people share at least 1 working hour"),
        (Reason("hours", hours=2.5), "every two people share at least 2.5 working hours"),
        (Reason("full", 20, 20), "all 20 seats are taken"),
    ],
)
def test_reasons_read_as_sentences(reason: Reason, sentence: str) -> None:
    assert words.reason(reason) == sentence


def test_a_name_with_braces_is_only_a_name() -> None:
    problem = Problem("overlap", (1, 2), "another-circle", 1.0)
    assert words.problem(problem, lambda _one: "{count}") == "{count} and {count} share only 1 working hour."


# --- why somebody waits -----------------------------------------------------------------------------------------------


def test_the_waiting_list_says_what_is_in_the_way_and_keeps_private_requests_private() -> None:
    people = [somebody(n, institution=f"Institute {n}") for n in range(1, 7)]
    people += [
        somebody(7, languages=["fr"]),
        somebody(8, habits=NEW_YORK),
        somebody(9, institution="institute 3"),
        somebody(10),
    ]
    proposal = propose(people, replace(RULES, blocked=pairs((1, 10))), seed=4)
    assert [words.waiting(waiting) for waiting in proposal.waiting] == [
        "number 1 on the waiting list: no circle shares a language yet; another language in the profile may help",
        "number 2 on the waiting list: the circle that comes closest shares 1 working hour",
        "number 3 on the waiting list: somebody from the same institution already has a seat",
        "number 4 on the waiting list: no circle fits yet",
    ]


# --- no circle is possible --------------------------------------------------------------------------------------------


def told(proposal: Proposal) -> list[str]:
    assert proposal.circles == ()
    assert {waiting.reason for waiting in proposal.waiting} == {"no-circle"}
    return [words.problem(problem, name_of) for problem in proposal.problems]


def test_too_few_people_are_told_how_many_more_it_takes() -> None:
    proposal = propose([somebody(n) for n in range(1, 5)], RULES, seed=1)
    assert proposal.problems == (Problem("too-few", (), "invite-people", 2),)
    assert told(proposal) == ["2 more people would make a circle possible."]
    assert propose([], RULES, seed=1).problems == (Problem("too-few", (), "invite-people", 6),)


def test_without_mentors_the_mentees_with_offers_are_the_ones_to_ask() -> None:
    people = [somebody(n, "mentee", offers=["R"] if n in {2, 5} else []) for n in range(1, 9)]
    proposal = propose(people, RULES, seed=1)
    assert proposal.problems == (Problem("seats", (2, 5), "invite-mentors", 0, "mentor"),)
    assert told(proposal) == [
        (
            "Nobody here could be a mentor yet. "
            "Inviting mentors would help, or asking bob and emre whether they could offer something."
        )
    ]


def test_one_mentor_is_not_enough_where_circles_are_larger() -> None:
    people = [somebody(n, "mentor" if n == 1 else "mentee") for n in range(1, 19)]
    proposal = propose(people, replace(RULES, smallest=15), seed=1)
    assert told(proposal) == ["Only 1 person could be a mentor. Inviting mentors would help."]


def test_people_alone_with_their_language_are_named() -> None:
    people = [somebody(n, languages=[word]) for n, word in enumerate(("en", "en", "en", "fr", "tr", "ku"), 1)]
    proposal = propose(people, RULES, seed=1)
    assert proposal.problems == (Problem("language", (4, 5, 6), "shared-language", 3),)
    assert told(proposal) == [
        (
            "3 people share no language with anybody here yet: dana, emre, and farah. "
            "Asking about other languages, or inviting people who speak the same, would help."
        )
    ]


def test_languages_split_in_halves_name_those_outside_the_most_spoken_one() -> None:
    people = [somebody(n, languages=["ar"] if n < 5 else ["fr"]) for n in range(1, 8)]
    assert propose(people, RULES, seed=1).problems == (Problem("language", (5, 6, 7), "shared-language", 0),)


def test_distant_zones_say_with_how_many_hours_a_circle_is_possible() -> None:
    people = [somebody(n, habits=CAIRO if n < 4 else NEW_YORK) for n in range(1, 7)]
    proposal = propose(people, RULES, seed=1)
    assert proposal.problems == (Problem("overlap", (1, 2, 3, 4, 5, 6), "lower-overlap", 1.0),)
    assert told(proposal) == [
        (
            "Working hours are too far apart, most of all for ada, bob, cleo, dana, emre, and farah. "
            "With 1 shared hour as the minimum a circle is possible; "
            "inviting more people from the same time zones would help too."
        )
    ]


def test_colleagues_only_are_told_about_the_institution_rule() -> None:
    people = [somebody(n, institution="AUB" if n < 5 else f"I{n}") for n in range(1, 8)]
    proposal = propose(people, RULES, seed=1)
    assert proposal.problems == (Problem("institution", (1, 2, 3, 4), "other-institutions", 4),)
    assert propose(people, replace(RULES, across_institutions=False), seed=1).circles


def test_private_requests_are_counted_and_name_nobody() -> None:
    people = [somebody(n) for n in range(1, 7)]
    proposal = propose(people, replace(RULES, blocked=pairs((1, 2), (3, 40))), seed=1)
    assert proposal.problems == (Problem("blocks", (), "invite-people", 1),)
    assert told(proposal) == [
        "1 private request leaves no circle possible. It stays private; inviting more people would help."
    ]


def test_people_an_organiser_keeps_apart_are_named() -> None:
    proposal = propose([somebody(n) for n in range(1, 7)], replace(RULES, apart=pairs((1, 2))), seed=1)
    assert proposal.problems == (Problem("apart", (1, 2), "lift-apart", 1),)


def test_two_rules_in_the_way_together_are_both_named_as_not_enough_alone() -> None:
    people = [
        somebody(n, languages=["ar"] if n < 4 else ["fr"], institution="AUB" if n < 3 else "") for n in range(1, 7)
    ]
    problems = propose(people, RULES, seed=1).problems
    assert [(problem.rule, problem.is_enough) for problem in problems] == [("language", False), ("institution", False)]
    assert words.problem(problems[1], name_of).endswith("would help. It takes more than this one step.")
