"""What organisers read ahead: how far fresh meetings last, what gives way, and what is in the way of a round."""

import re
from itertools import combinations

import cast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_people import at, heard, term

from circles import commands
from circles.programme import record_words
from circles.rotation import forecast_words, outlook, outlook_words, rules
from circles.rotation.forecast_words import Again, Coverage, Horizon, InForce, Turnout
from circles.rotation.rules import History, Player, Rotation
from storage import programmes, rounds
from storage.tables import Person

SIX = ("ana", "bea", "cleo", "dana", "eva", "fay")


def people(names):
    return {"mentors": names[: len(names) // 2], "mentees": names[len(names) // 2 :]}


def set_to(here, **changed):
    """The programme's settings as an organiser would have them from now on."""
    with here.talk.store.writing() as db:
        row = programmes.get(db, here.programme)
        row.settings = {**row.settings, **changed}
        programmes.save(db, row)


def everybody_met(here, number):
    row = here.round(number)
    for group in here.groups(number):
        here.talk.says(min(group), f"/circle met yes {row.id}")


# --- before there is a circle -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mentors", "mentees", "rotation", "said"),
    [
        (10, 10, Rotation("mentor-mentee"), "Every mentee meets every mentor once in 10 rounds."),
        (1, 1, Rotation("mentor-mentee"), "Every mentee meets every mentor in 1 round."),
        (10, 16, Rotation("mentor-mentee"), "Every mentee meets every mentor once in 10 rounds."),
        (
            10,
            12,
            Rotation("mentor-mentee", odd="bye"),
            "Every mentee meets every mentor once in 12 rounds. 2 people sit out each time, in turn.",
        ),
        (
            1,
            9,
            Rotation("mentor-mentee", odd="bye"),
            "Every mentee meets every mentor once in 9 rounds. But 8 of them sit out each time; /programme settings",
        ),
        (10, 10, Rotation("everyone"), "Everybody meets everybody once in 19 rounds."),
        (
            4,
            3,
            Rotation("everyone", odd="bye"),
            "Everybody meets everybody once in 7 rounds. 1 person sits out each time, in turn.",
        ),
        (3, 2, Rotation("tables", 6), "All sit at one table of 5 each time."),
        (5, 4, Rotation("tables", 3), "Everybody sits with everybody once in 4 rounds, at tables of 3."),
        (
            10,
            10,
            Rotation("tables", 6),
            "Fresh tables of 6 or 7 last for 1 round; then those who met longest ago sit together again first.",
        ),
        (0, 9, Rotation("mentor-mentee"), "Without a mentor, nobody could meet: /programme settings rotation everyone"),
        (9, 0, Rotation("mentor-mentee"), "Without a mentee, nobody could meet: /programme settings rotation everyone"),
        (1, 0, Rotation("everyone"), "Fewer than two people could not meet."),
    ],
)
def test_a_circle_yet_to_be_formed_hears_what_its_rotation_will_be_like(mentors, mentees, rotation, said):
    assert outlook_words.sentence(mentors, mentees, rotation, 7).startswith(said)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 7),
    st.integers(1, 7),
    st.sampled_from(["mentor-mentee", "everyone", "tables"]),
    st.sampled_from(["trio", "bye"]),
    st.integers(3, 5),
    st.integers(0, 2**32),
)
def test_an_outlook_promises_what_the_rounds_then_keep(mentors, mentees, kind, odd, size, seed):
    rotation = Rotation(kind, size, odd)
    found = outlook.outlook(mentors, mentees, rotation, seed)
    players = [Player(n, "mentor" if n <= mentors else "mentee") for n in range(1, mentors + mentees + 1)]
    told = rules.forecast(players, History(), rotation, (), number=1, seed=seed, rounds=found.fresh)
    had = [frozenset(two) for plan in told.rounds for group in plan.groups for two in combinations(group.people, 2)]
    cross = [two for two in had if kind != "mentor-mentee" or len({n <= mentors for n in two}) == 2]
    assert len(cross) == len(set(cross))
    could = mentors * mentees if kind == "mentor-mentee" else len(players) * (len(players) - 1) // 2
    assert found.everybody_met == (len(cross) == could)
    again = outlook.first_repeat(players, History(), rotation, (), number=1, seed=seed, rounds=found.fresh + 1)
    assert again in ({None, found.fresh + 1} if found.everybody_met else {found.fresh + 1})


# --- the preview ------------------------------------------------------------------------------------------------------


def test_a_preview_of_tables_names_hosts_and_says_how_long_they_stay_fresh(talk):
    here = term(talk, **people(tuple(f"w{n}" for n in range(9))), rotation="tables", table_size=3)
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "Jasmine: round 1").words
    assert len(re.findall(r"^- W\d, W\d, W\d; (W\d) hosts$", said, re.MULTILINE)) == 3
    assert "Fresh tables last until round 4; after that, those who met longest ago sit together again first." in said
    assert "0 of 36 pairs have met.\n" in said
    assert "Until round 7 nobody has to sit out." in said
    talk.passes(until=at(2))
    for group in here.groups(1):
        assert ", ".join(sorted(name.capitalize() for name in group)) in said


def test_a_preview_counts_who_has_met_and_who_meets_again(talk):
    here = term(talk, **people(SIX[:4]), rotation="everyone", weeks=17)
    for number, day in enumerate((at(2), at(16), at(30)), 1):
        talk.passes(until=day)
        everybody_met(here, number)
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "Jasmine: round 4").words
    assert "- 2 pairs meet again: they met longest ago of all.\n" in said
    assert "6 of 6 pairs have met.\n" in said
    assert "A round without a repeat was not left; whoever met longest ago meets again first." in said


def test_meetings_again_are_counted_by_how_long_ago_the_last_was_and_name_nobody():
    named = [Person(id=n, outside_id=f"p{n}", name=f"P{n}", workspace_id=1) for n in range(8)]
    said = forecast_words.preview(
        "Jasmine",
        at(1).date(),
        [(named[:1], None)],
        [],
        Again(longest_ago=1, later=6, elsewhere=1),
        Horizon("tables", 9, 1, 9),
        Coverage(9, 28),
        Turnout(0, 0),
        InForce(8, {}),
    ).plain()
    assert "- 1 pair meets again: they met longest ago of all.\n" in said
    assert "- 6 pairs meet again that met less long ago.\n" in said
    assert "- 1 pair meets again that met in another circle before.\n" in said


def test_one_mentor_and_nine_mentees_are_shown_a_way_to_meet_all_together(talk):
    here = term(talk, mentors=("ana",), mentees=tuple(f"w{n}" for n in range(9)), odd="bye")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "More than half sit out.").words
    assert "/programme settings rotation tables or /programme settings rotation everyone brings everybody" in said
    assert "Until round 7 somebody sits out 56 times in all, and nobody more than 7." in said
    talk.says("ada", "/programme settings rotation tables")
    talk.says("ada", "/programme rounds preview")
    assert "sits out" not in talk.hears("ada", "Jasmine: round 1").words
    assert here.round(1) is None


def test_fewer_people_than_one_table_sit_together_and_the_preview_says_so(talk):
    term(talk, **people(SIX[:4]), rotation="tables", table_size=6)
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "4 people are fewer than one table of 6, so they sit together each time; /programme form seats")


def small_or_many(kind, size, out):
    """What a preview says of six people at tables of this size, of whom so many sit out."""
    six = [Person(id=n, outside_id=f"p{n}", name=f"P{n}", workspace_id=1) for n in range(6)]
    return forecast_words.preview(
        "Jasmine",
        at(1).date(),
        [(six[out:], None)],
        six[:out],
        Again(),
        Horizon(kind, 1, 1, None),
        Coverage(0, 15),
        Turnout(out, 1),
        InForce(size, {}),
    ).plain()


def test_nobody_is_said_to_sit_together_each_time_where_somebody_sits_out():
    assert "6 people are fewer than one table of 8, so they sit together each time" in small_or_many("tables", 8, 0)
    assert "sit together each time" not in small_or_many("tables", 8, 2)


def test_a_rotation_that_is_at_tables_is_not_told_to_become_so():
    assert "/programme settings rotation tables" in small_or_many("mentor-mentee", 6, 4)
    for kind in ("tables", "everyone"):
        assert "More than half sit out." not in small_or_many(kind, 6, 4)


def test_many_circles_are_previewed_a_few_at_a_time(talk):
    here = term(talk, **people(SIX[:4]), rotation="tables", table_size=4)
    for number in range(2, 6):
        cast.circle(talk, here.programme, mentors=(f"m{number}",), mentees=(f"n{number}",), name=f"Circle {number}")
    cast.start(talk, here.programme)
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "Jasmine: round 1")
    talk.hears("ada", "Circle 2: round 1")
    talk.hears("ada", "3 more circles are not shown here.")
    talk.never_hears("ada", "Circle 3: round 1")
    talk.presses("ada", "Show the next ones")
    talk.hears("ada", "Circle 4: round 1")
    talk.hears("ada", "1 more circle is not shown here.")
    talk.says("ada", "/programme rounds preview 5")
    assert len(talk.says("ada", "/programme rounds preview 5")) == 1
    talk.hears("ada", "Circle 5: round 1")
    talk.says("ada", "/programme rounds preview 6")
    talk.hears("ada", "There are circles 1 to 5.")


# --- people of one institution ----------------------------------------------------------------------------------------

HOMES = {"ana": "Cairo University", "bea": "Birzeit", "cleo": "cairo  university", "dana": "", "eva": "", "fay": "MIT"}
PROFILES = {who: {"institution": home} for who, home in HOMES.items()}


@pytest.mark.parametrize(
    "rotation", [{"rotation": "everyone"}, {"rotation": "tables", "table_size": 3}, {"rotation": "mentor-mentee"}]
)
def test_people_of_one_institution_are_never_brought_together_where_the_programme_goes_across(talk, rotation):
    here = term(talk, ("ana", "eva"), ("bea", "cleo", "dana", "fay"), profiles=PROFILES, weeks=17, **rotation)
    talk.passes(days=28 + 8 * 14)
    rounds_held = [here.groups(number) for number in range(1, 9)]
    assert not any({"ana", "cleo"} <= group for groups in rounds_held for group in groups)
    assert any({"dana", "eva"} <= group for groups in rounds_held for group in groups)  # nothing is known of them


def test_a_setting_switched_on_later_holds_from_the_next_round_on_and_off_again_too(talk):
    here = term(talk, ("ana",), ("cleo",), profiles=PROFILES, across_institutions=False)
    talk.passes(until=at(3))
    assert here.groups(1) == {frozenset({"ana", "cleo"})}
    talk.says("ada", "/programme settings across-institutions yes")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears(
        "ada", "Jasmine: round 2 has no meetings, because no two people who can take part may meet."
    ).words
    assert "2 come from one institution, Cairo University, and the programme goes across institutions." in said
    assert "/programme settings across-institutions no lets people of one institution meet." in said
    talk.passes(until=at(16))
    assert (here.groups(2), here.sits_out(2)) == (set(), {"ana": "blocked", "cleo": "blocked"})
    talk.hears("bob", "2 come from one institution, Cairo University")
    for who in ("ana", "cleo"):
        talk.hears(who, "because too few people could meet. It is nobody's choice.")
    talk.says("ada", "/programme settings across-institutions no")
    talk.passes(until=at(30))
    assert here.groups(3) == {frozenset({"ana", "cleo"})}


def test_a_preview_names_the_institution_that_keeps_people_apart(talk):
    term(talk, ("ana", "bea"), ("cleo", "dana"), profiles=PROFILES, rotation="everyone")
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "2 come from one institution, Cairo University, and are not brought together.")


# --- no round ---------------------------------------------------------------------------------------------------------


def typed_in(said):
    """The commands that a message tells to type."""
    return re.findall(r"/(programme [a-z -]+[a-z])", said)


def test_without_a_mentor_an_organiser_reads_it_and_what_she_is_told_to_type_helps(talk):
    here = term(talk, ("ana",), ("kim", "lina"))
    talk.says("ana", "/circle skip 1")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "Jasmine: round 1 has no meetings, because no mentor can take part.").words
    for words in (
        "2 people can take part.",
        "1 person skips this round.",
        "/programme settings rotation everyone lets everybody meet everybody.",
        "/programme circles move NAME 1 seats a mentor from the waiting list here.",
    ):
        assert words in said
    talk.says("ada", "/programme settings rotation everyone")
    talk.says("ada", "/programme rounds preview")
    talk.hears("ada", "- Kim, Lina")
    assert here.round(1) is None


def test_without_a_mentee_an_organiser_reads_it(talk):
    term(talk, ("ana", "bea"), ("kim",))
    talk.says("kim", "/circle pause in 3 weeks")
    talk.says("ada", "/programme settings start 2027-02-10")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "because no mentee can take part.").words
    assert "1 person rests." in said
    assert "seats a mentee from the waiting list here." in said


def test_where_everybody_keeps_away_from_everybody_nobody_is_named_and_the_count_is_kept_small(talk):
    here = term(talk, ("ana",), ("kim", "lina"), rotation="everyone")
    for one, other in (("ana", "kim"), ("kim", "lina"), ("lina", "ana")):
        talk.says(one, f"/circle avoid {other}")
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "because no two people who can take part may meet.").words
    assert "Pairs kept apart by their own wish: fewer than five. Who that is stays with the people themselves." in said
    assert "/programme circles move NAME 0 puts somebody into another circle, or on the waiting list with 0." in said
    assert "institution" not in said
    talk.passes(until=at(2))
    talk.hears("bob", "Jasmine: round 1 has no meetings, because no two people who can take part may meet.")
    assert here.sits_out(1) == dict.fromkeys(("ana", "kim", "lina"), "blocked")
    for who in ("ada", "bob"):
        for name in ("Ana", "Kim", "Lina"):
            talk.never_hears(who, name)


def test_every_command_that_a_hindrance_tells_to_type_exists(talk):
    term(talk, ("ana",), ("cleo",), profiles=PROFILES)
    talk.says("ada", "/programme rounds preview")
    blocked = talk.hears("ada", "What would help:").words
    talk.says("ana", "/circle skip 1")
    talk.says("ada", "/programme rounds preview")
    few = talk.hears("ada", "What would help:").words
    known = {command.path for command in commands.table()}
    typed = typed_in(blocked) + typed_in(few)
    assert len(typed) >= 6
    for line in typed:
        assert any(line == path or line.startswith(f"{path} ") for path in known), line


def test_a_round_that_cannot_be_is_told_to_organisers_once_and_the_next_one_comes(talk):
    here = term(talk)
    talk.says("cleo", "/circle skip 1")
    talk.passes(until=at(20))
    for who in ("ada", "bob"):
        assert heard(talk, who, "Jasmine: round 1 has no meetings, because fewer than two people can take part.") == [
            at(1)
        ]
    assert here.groups(2) == {frozenset({"cleo", "dana"})}


# --- a record that can't be true --------------------------------------------------------------------------------------


def damaged(here):
    """The first round's number is lost, as a careless hand in the database might do it."""
    with here.talk.store.writing() as db:
        row = rounds.numbered(db, here.circle, 1)
        row.number = 0
        rounds.save(db, row)


def test_a_record_that_contradicts_itself_begins_no_round_and_loses_nothing(talk):
    here = term(talk)
    talk.passes(until=at(10))
    talk.says("cleo", "/circle met yes")
    damaged(here)
    before = cast.rows(talk.store)
    talk.says("ada", "/programme rounds preview")
    said = talk.hears("ada", "Jasmine: round 2 can't begin, because the record of the earlier rounds contradicts").words
    assert "About round 0 it says: there is no such round." in said
    assert cast.rows(talk.store) == before
    talk.passes(until=at(16))
    assert here.round(2) is None
    assert here.round(0).state == "open"
    assert here.groups(0) == {frozenset({"cleo", "dana"})}
    talk.hears("bob", "Jasmine: round 2 can't begin")
    for who in ("cleo", "dana"):
        talk.never_hears(who, "contradicts")
    talk.says("ada", "/programme report")
    talk.hears("ada", "Jasmine: 1 of 1 possible pairs have met.")
    with talk.store.writing() as db:  # somebody mends it
        row = rounds.numbered(db, here.circle, 0)
        row.number = 1
        rounds.save(db, row)
    talk.passes(until=at(30))
    assert here.groups(3) == {frozenset({"cleo", "dana"})}


# --- the report -------------------------------------------------------------------------------------------------------


def test_a_report_says_of_each_circle_how_far_it_has_come_in_counts_alone(talk):
    here = term(talk, **people(SIX[:4]), rotation="everyone")
    cast.circle(talk, here.programme, mentors=("gus",), mentees=("hana",), name="Olive")
    cast.start(talk, here.programme)
    talk.passes(until=at(2))
    everybody_met(here, 1)
    talk.says("ada", "/programme report")
    said = talk.hears("ada", "who takes part").words
    assert "Jasmine: 2 of 6 possible pairs have met. New partners for everybody until round 3; after that" in said
    assert "Olive: 0 of 1 possible pairs have met." in said
    assert not any(name.capitalize() in said for name in SIX[:4])


def test_a_report_counts_the_pairs_that_keep_apart_among_those_that_could_meet(talk):
    term(talk, **people(SIX), rotation="everyone")
    for other in SIX[1:4]:
        talk.says("ana", f"/circle avoid {other}")
    for line in ("/programme report", "/programme rounds preview"):
        talk.says("ada", line)
        talk.hears("ada", "0 of 15")


@pytest.mark.parametrize("kind", ["everyone", "mentor-mentee", "tables"])
def test_no_count_of_pairs_in_a_preview_changes_when_two_keep_apart(talk, kind):
    term(talk, **people(SIX), rotation=kind, table_size=3)

    def counts():
        talk.forgets()
        talk.says("ada", "/programme rounds preview")
        said = talk.hears("ada", "Jasmine: round 1").words
        return [line for line in said.splitlines() if re.search(r"\bpairs\b", line)]

    before = counts()
    talk.says("ana", "/circle avoid fay")
    assert len(before) == 1
    assert counts() == before


def test_a_report_after_the_last_round_says_no_more_of_rounds_to_come(talk):
    here = term(talk, weeks=4)
    talk.passes(until=at(16))
    everybody_met(here, 2)
    talk.says("ada", "/programme report")
    said = talk.hears("ada", "Jasmine: 1 of 1 possible pairs have met.").words
    assert "New partners" not in said


def test_a_report_of_many_circles_names_a_dozen(talk):
    here = term(talk)
    for number in range(record_words.CIRCLES_SHOWN + 3):
        cast.circle(talk, here.programme, mentors=(f"m{number}",), mentees=(f"n{number}",), name=f"Circle {number}")
    cast.start(talk, here.programme)
    talk.says("ada", "/programme report")
    said = talk.hears("ada", "who takes part").words
    assert said.count("possible pairs have met") == record_words.CIRCLES_SHOWN
    assert "4 more circles are not listed here; /programme rounds preview shows them all." in said
