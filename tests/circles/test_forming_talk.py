"""Organisers form circles: a preview, moves, a confirmation; later somebody changes circles."""

from datetime import date

import cast
import pytest
from rounds_people import heard
from talk import Talk

from circles.membership import going
from storage import members, people, programmes

EIGHT = {
    **dict.fromkeys(("cleo", "dana", "esi", "fay"), "mentor"),
    **dict.fromkeys(("gita", "hana", "ines", "jude"), "mentee"),
}


def waiting(talk, programme, stances=EIGHT, **profile):
    """People who wait for a seat, each from an institution of her own."""
    for who, stance in stances.items():
        whole = {"institution": f"University of {who}", "languages": ["en"], "offers": ["R"], "wants": ["R"]} | profile
        cast.member(talk, programme, who, stance, **whole)


def call(talk, **settings):
    """A programme that waits for its circles, with eight people."""
    programme = cast.programme(talk, **({"mentors": 5, "mentees": 5} | settings))
    waiting(talk, programme)
    return programme


def formed(talk, **settings):
    """A programme with one circle of eight, confirmed."""
    programme = call(talk, **settings)
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    return programme


def change(talk, programme, who, **profile):
    """Change somebody's profile behind the organiser's back."""
    with talk.store.writing() as db:
        person = people.by_outside_id(db, programmes.get(db, programme).workspace_id, who)
        row = members.of_person(db, programme, person.id)
        for name, value in profile.items():
            setattr(row, name, value)
        members.save(db, row)


def seats(talk, programme):
    """Who sits where: for each running circle, its people by name and role."""
    with talk.store.writing() as db:
        circles = programmes.circles(db, programme)
        return [{person.outside_id: seat.role for seat, _m, person in members.seated(db, c.id)} for c in circles]


def state(talk, programme, who):
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        return members.of_person(db, programme, people.by_outside_id(db, row.workspace_id, who).id).state


def lines(talk, who):
    return talk.heard[who][-1].words


# --- preview ----------------------------------------------------------------------------------------------------------


def test_a_preview_shows_seats_reasons_and_compromises_and_nobody_else_hears_of_it(talk):
    call(talk)
    talk.says("ada", "/programme form")
    said = talk.hears("ada", "Circle 1: 4 mentors + 4 mentees").words
    for words in (
        "Together in English: every mentee finds somebody offering something they want",
        "Cleo, mentor: offers R, which 4 mentees want · University of cleo",
        "Compromises:",
        "4 mentors for 5 seats",
        "Nobody is told anything before you confirm. The same number (1) gives the same circles.",
    ):
        assert words in said
    labels = [button.label for button in talk.heard["ada"][-1].message.buttons()]
    assert labels == ["Confirm these circles", "Draw again", "Move a person"]
    assert [who for who in EIGHT if talk.heard[who]] == []
    talk.says("bob", "/programme form show")
    assert lines(talk, "bob") == said


def test_the_same_number_gives_the_same_circles_and_draw_again_another_number(talk):
    programme = call(talk, circles=2, mentors=3, mentees=3)
    waiting(talk, programme, {"kim": "both", "lina": "both", "mona": "both", "nour": "both"})
    talk.says("ada", "/programme form 7")
    seven = lines(talk, "ada")
    talk.presses("ada", "Draw again")
    talk.hears("ada", "The same number (8)")
    talk.says("ada", "/programme form 7")
    assert lines(talk, "ada") == seven


def test_who_gets_no_seat_is_listed_with_her_place_and_what_is_in_the_way(talk):
    programme = call(talk, mentors=3, mentees=4)
    cast.member(talk, programme, "kim", "mentee", languages=["fr"], institution="Paris")
    talk.says("ada", "/programme form")
    said = talk.hears("ada", "Waiting list").words
    assert "Fay: number 1 on the waiting list: all mentor seats are taken" in said
    assert "Kim: number 2 on the waiting list: " in said


@pytest.mark.parametrize(
    ("people_there", "profile", "said"),
    [
        ({"cleo": "mentor", "dana": "mentee"}, {}, "4 more people would make a circle possible."),
        (dict.fromkeys(EIGHT, "mentee"), {}, "Nobody here could be a mentor yet. Inviting mentors would help"),
        (dict.fromkeys(EIGHT, "mentor"), {}, "Nobody here could be a mentee yet. Inviting mentees would help"),
        (EIGHT, {"institution": "Cairo University"}, "Everybody here comes from 1 institution"),
    ],
)
def test_where_no_circle_is_possible_the_rule_is_named_with_what_helps(talk, people_there, profile, said):
    programme = cast.programme(talk)
    waiting(talk, programme, people_there, **profile)
    talk.says("ada", "/programme form")
    talk.hears("ada", "No circle is possible yet")
    talk.hears("ada", said)
    assert [button.label for button in talk.heard["ada"][-1].message.buttons()] == ["Try again", "Settings"]
    talk.says("ada", "/programme form confirm")
    talk.hears("ada", "There is no preview to work with. Make one with /programme form.")
    assert seats(talk, programme) == []


def test_where_languages_are_in_the_way_people_are_named(talk):
    programme = cast.programme(talk)
    for number, who in enumerate(EIGHT):
        languages = [["en"], ["fr"], ["de"], ["ar"]][number % 4]
        cast.member(talk, programme, who, EIGHT[who], languages=languages, institution=f"University of {who}")
    talk.says("ada", "/programme form")
    talk.hears("ada", "No language is shared by enough people.")


def test_a_private_request_is_never_named_to_the_organiser(talk):
    programme = cast.programme(talk)
    waiting(talk, programme, dict(list(EIGHT.items())[1:7]))
    talk.says("gita", "/circle avoid @dana")
    talk.says("ada", "/programme form")
    said = talk.hears("ada", "1 private request leaves no circle possible. It stays private").words
    assert "Gita avoids" not in said
    assert "keeps away" not in said


# --- moving in the preview --------------------------------------------------------------------------------------------


def test_a_person_is_moved_to_the_waiting_list_and_back(talk):
    call(talk)
    talk.says("ada", "/programme form")
    talk.presses("ada", "Move a person")
    talk.fills("ada", person="jude", number="0")
    talk.hears("ada", "Circle 1: 4 mentors + 3 mentees")
    talk.hears("ada", "Jude: number 1 on the waiting list: the organisers are looking for the right circle")
    talk.says("bob", "/programme form show")
    talk.hears("bob", "the organisers are looking for the right circle")
    talk.says("ada", "/programme form move @jude 1")
    talk.hears("ada", "Circle 1: 4 mentors + 4 mentees")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/programme form move @nobody 1", "I know no member “nobody” here."),
        ("/programme form move @ada 1", "I know no member “ada” here."),
        ("/programme form move @jude 2", "The preview has circles 1 to 1; 0 is the waiting list."),
        ("/programme form move @jude -1", "Number can be"),
        ("/programme form move @jude 201", "Number can be"),
        ("/programme form move @jude one", "is not a whole number"),
        ("/programme form move @jude 1 2", "I can't place “2”"),
        ("/programme form move @" + "j" * 301 + " 1", "characters long"),
        ("/programme form confirm yes", "“/programme form confirm” takes nothing more."),
        ("/programme form 0", "Seed can be"),
        ("/programme form seven", "“seven” is not a whole number"),
        ("/programme form show me", "“/programme form show” takes nothing more."),
    ],
)
def test_a_move_that_cannot_be_followed_changes_nothing(talk, line, said):
    call(talk)
    talk.says("ada", "/programme form")
    before = cast.rows(talk.store)
    talk.says("ada", line)
    talk.hears("ada", said)
    assert cast.rows(talk.store) == before


def test_a_wrong_number_in_the_form_is_shown_beside_its_field(talk):
    call(talk)
    talk.says("ada", "/programme form")
    talk.says("ada", "/programme form move")
    talk.fills("ada", person="jude", number="5")
    fields = {field.name: field for field in talk.forms["ada"].fields}
    assert "circles 1 to 1" in fields["number"].error
    assert fields["person"].initial == "jude"


def test_a_move_that_breaks_a_hard_rule_names_it_and_changes_nothing(talk):
    programme = call(talk)
    cast.member(talk, programme, "kim", "mentor", languages=["en"], institution="University of cleo", offers=["R"])
    talk.says("ada", "/programme form")
    for who in ("kim", "cleo"):  # one of the two got the seat
        before = cast.rows(talk.store)
        talk.says("ada", f"/programme form move @{who} 1")
    heard_all = "\n".join(one.words for one in talk.heard["ada"])
    assert "Kim can't sit there: Cleo and Kim come from the same institution. Nothing was changed." in heard_all
    assert cast.rows(talk.store) == before


def test_a_circle_is_not_left_too_small_in_the_preview(talk):
    programme = cast.programme(talk, mentors=3, mentees=3)
    waiting(talk, programme, dict(list(EIGHT.items())[1:7]))
    talk.says("ada", "/programme form")
    before = cast.rows(talk.store)
    talk.says("ada", "/programme form move @gita 0")
    talk.hears("ada", "The circle would be 1 person short of its smallest size. Nothing was changed.")
    talk.presses("ada", "Show the preview")
    talk.hears("ada", "Circle 1: 3 mentors + 3 mentees")
    assert cast.rows(talk.store) == before


def test_somebody_with_a_seat_is_not_moved_in_a_preview(talk):
    programme = formed(talk)
    waiting(talk, programme, {f"w{n}": "both" for n in range(8)})
    talk.says("ada", "/programme form")
    talk.says("ada", "/programme form move @cleo 1")
    talk.hears("ada", "Cleo is not waiting for a seat.")


# --- confirming -------------------------------------------------------------------------------------------------------


def test_a_confirmation_seats_people_opens_their_room_and_plans_the_term(talk):
    programme = formed(talk, purpose="A network", every_weeks=2)
    talk.hears("ada", "1 circle is formed: 8 people have a seat, 0 wait.")
    talk.hears("ada", "The first round begins Monday, 8 February. Everybody hears it in the room of their circle.")
    assert seats(talk, programme) == [EIGHT]
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        assert (row.state, row.starts_on, row.ends_on) == ("running", date(2027, 2, 8), date(2027, 11, 8))
    for who in EIGHT:
        said = talk.hears(who, "Welcome to Women in Physics, circle 1")
        assert said.room == f"p{programme}:c1"
        for words in (
            "Cleo, Dana, Esi, Fay, Gita, Hana, Ines, and Jude: this is your room for the term.",
            "What brings you together: A network",
            "The first round begins Monday, 8 February; you will hear whom you meet.",
            "the bot neither reads nor keeps it",
            "/circle leave are always open",
        ):
            assert words in said.words
    talk.presses("ada", "Preview the first round")
    talk.hears("ada", "Women in Physics, circle 1: round 1, Monday, 8 February")
    talk.passes(days=8)
    talk.hears("cleo", "this round you meet each other")


@pytest.mark.parametrize(
    ("planned", "begins"),
    [
        (date(2027, 4, 7), date(2027, 4, 7)),  # as the setup said, whatever the weekday
        (date(2027, 2, 3), date(2027, 2, 3)),  # two days' notice
        (date(2027, 2, 2), date(2027, 2, 8)),  # too soon: the next Monday
        (None, date(2027, 2, 8)),
    ],
)
def test_the_first_round_leaves_two_days_notice(talk, planned, begins):
    programme = call(talk)
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        row.starts_on = planned
        programmes.save(db, row)
    talk.says("ada", "/programme form")
    talk.says("ada", "/programme form confirm")
    with talk.store.writing() as db:
        assert programmes.get(db, programme).starts_on == begins


def test_who_got_no_seat_hears_her_true_place_once_and_kindly(talk):
    programme = call(talk, mentors=3)
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "1 circle is formed: 7 people have a seat, 1 wait")
    said = talk.hears("fay", "this time there was no seat for you. That is nobody's choice.")
    assert said.room == "dm"
    assert "You are number 1 of 1 on the waiting list and go first as seats come free." in said.words
    assert state(talk, programme, "fay") == "waiting"
    assert len(heard(talk, "fay", "no seat for you")) == 1


def test_several_circles_are_confirmed_at_once_and_named_by_number(talk):
    programme = cast.programme(talk, circles=2, mentors=3, mentees=3)
    waiting(talk, programme, {f"w{n}": "both" for n in range(12)})
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "2 circles are formed: 12 people have a seat, 0 wait.")
    assert [len(circle) for circle in seats(talk, programme)] == [6, 6]
    talk.says("ada", "/programme circles")
    talk.hears("ada", "1. Women in Physics, circle 1")
    talk.hears("ada", "2. Women in Physics, circle 2")


def test_a_second_press_forms_no_second_circle(talk):
    programme = formed(talk)
    before = cast.rows(talk.store)
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "There is no preview to work with. Make one with /programme form.")
    talk.says("bob", "/programme form confirm")
    talk.hears("bob", "There is no preview to work with.")
    assert cast.rows(talk.store) == before
    assert len(seats(talk, programme)) == 1


def test_a_press_under_a_preview_that_was_drawn_anew_forms_nothing(talk):
    call(talk)
    talk.says("ada", "/programme form")
    talk.says("bob", "/programme form 2")
    talk.says("bob", "/programme form move @jude 0")
    before = cast.rows(talk.store)
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "There is a newer preview than this one. Nothing was changed; have a look at it first.")
    assert cast.rows(talk.store) == before
    talk.presses("ada", "Show the preview")
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "1 circle is formed: 7 people have a seat, 1 wait.")


def test_one_organiser_forms_nothing_while_the_other_is_away(talk):
    programme = call(talk)
    with talk.store.writing() as db:
        going.people_gone(db, people.workspace(db, talk.platform, talk.workspace), "bob", talk.now)
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "A programme runs with two organisers.")
    assert seats(talk, programme) == []


def test_the_preview_and_the_list_of_circles_have_the_names_that_people_try(talk):
    call(talk)
    talk.says("ada", "/programme form preview 7")
    talk.hears("ada", "The same number (7) gives the same circles.")
    talk.presses("ada", "Confirm these circles")
    talk.says("ada", "/programme circles list")
    listed = talk.hears("ada", "1. Women in Physics, circle 1").words
    talk.says("ada", "/programme circles")
    assert talk.hears("ada", "1. Women in Physics, circle 1").words == listed


def test_one_organiser_alone_forms_nothing(talk):
    programme = cast.programme(talk, organisers=("ada",), mentors=5, mentees=5)
    waiting(talk, programme)
    talk.says("ada", "/programme form")
    before = cast.rows(talk.store)
    talk.presses("ada", "Confirm these circles")
    talk.hears("ada", "A programme runs with two organisers. Add one with /programme organisers add @name.")
    assert cast.rows(talk.store) == before


def left(talk, programme):
    talk.says("jude", "/circle leave yes")


def rests(talk, programme):
    talk.says("jude", "/circle pause in 20 days")


def keeps_away(talk, programme):
    talk.says("jude", "/circle avoid @cleo")


def changes_institution(talk, programme):
    change(talk, programme, "jude", institution="university of  CLEO")


def changes_language(talk, programme):
    change(talk, programme, "jude", languages=["fr"])


def changes_stance(talk, programme):
    change(talk, programme, "jude", stance="mentor")


STALE = [
    (left, "Somebody in this preview waits no longer."),
    (rests, "Somebody in this preview waits no longer."),
    (keeps_away, "This does not work out in this circle. Another one may."),
    (changes_institution, "Cleo and Jude come from the same institution."),
    (changes_language, "This circle would have no language in common; it comes closest without Jude."),
    (changes_stance, "A mentee seat is not what Jude signed up for; asking first would help."),
]


@pytest.mark.parametrize(("happens", "said"), STALE)
def test_a_preview_that_is_no_longer_true_is_not_confirmed_and_says_why(talk, happens, said):
    programme = call(talk)
    talk.says("ada", "/programme form")
    happens(talk, programme)
    before = cast.rows(talk.store)
    for line in ("/programme form confirm", talk.button("ada", "Confirm these circles").call):
        talk.says("ada", line)
        talk.hears("ada", said)
        assert "Nothing was changed by me; make a new one." in lines(talk, "ada")
        assert cast.rows(talk.store) == before  # not even the audit says that circles were formed
    talk.says("bob", "/programme form show")
    talk.hears("bob", "Something has changed since this preview")
    talk.hears("bob", said)
    assert [button.label for button in talk.heard["bob"][-1].message.buttons()] == ["Make a new preview"]
    talk.presses("bob", "Make a new preview")
    talk.presses("bob", "Confirm these circles")
    assert "jude" not in seats(talk, programme)[0] or happens in {changes_stance, keeps_away}


def test_a_preview_with_everybody_gone_is_shown_as_what_it_is(talk):
    programme = call(talk)
    talk.says("ada", "/programme form")
    for who in EIGHT:
        talk.says(who, "/circle leave yes")
    talk.says("ada", "/programme form show")
    talk.hears("ada", "Somebody in this preview waits no longer.")
    talk.says("ada", "/programme form confirm")
    talk.hears("ada", "Something has changed since this preview")
    assert seats(talk, programme) == []


def test_a_move_mends_a_preview_in_which_somebody_is_gone(talk):
    programme = call(talk)
    talk.says("ada", "/programme form")
    talk.says("jude", "/circle leave yes")
    talk.says("ada", "/programme form move @ines 0")
    talk.hears("ada", "Circle 1: 4 mentors + 2 mentees")
    talk.presses("ada", "Confirm these circles")
    assert seats(talk, programme) == [{who: role for who, role in EIGHT.items() if who not in {"jude", "ines"}}]


def test_a_move_that_leaves_another_problem_still_shows_it(talk):
    programme = call(talk, circles=1)
    talk.says("ada", "/programme form")
    talk.says("jude", "/circle avoid @cleo")
    talk.says("ada", "/programme form move @ines 0")
    talk.hears("ada", "This does not work out in this circle.")
    assert seats(talk, programme) == []


FORM_LINES = (
    "/programme form",
    "/programme form show",
    "/programme form move @jude 0",
    "/programme form confirm",
    "/programme circles move @jude 0",
)


@pytest.mark.parametrize("line", [*FORM_LINES, "/programme circles"])
@pytest.mark.parametrize("who", ["cleo", "stranger"])
def test_circles_are_formed_by_organisers_alone(talk, line, who):
    call(talk)
    talk.says("ada", "/programme form")
    talk.says(who, "/circle")
    before = cast.rows(talk.store)
    talk.says(who, line)
    talk.hears(who, "This is for organisers.")
    assert cast.rows(talk.store) == before


@pytest.mark.parametrize("line", FORM_LINES[:4])
def test_a_draft_has_nobody_to_seat(talk, line):
    cast.programme(talk, state="draft")
    before = cast.rows(talk.store)
    talk.says("ada", line)
    talk.hears("ada", "Members can't join yet, so there is nobody to seat. Finish the setup first.")
    talk.button("ada", "Continue the setup")
    assert cast.rows(talk.store) == before


@pytest.mark.parametrize("line", FORM_LINES[:4])
def test_a_programme_that_has_ended_is_not_begun_again_by_an_old_button(talk, line):
    call(talk)
    talk.says("ada", "/programme form")
    confirm = talk.button("ada", "Confirm these circles").call
    talk.says("ada", "/programme close yes")
    before = cast.rows(talk.store)
    for typed in (line, confirm):
        talk.says("ada", typed)
        talk.hears("ada", "“Women in Physics” has ended, so no circle is formed in it any more.")
        assert cast.rows(talk.store) == before


def test_with_nobody_waiting_there_is_nothing_to_preview(talk):
    formed(talk)
    talk.says("ada", "/programme form")
    talk.hears("ada", "Nobody waits for a seat. Members join with /circle join; a roster can be imported.")


def test_without_a_preview_there_is_nothing_to_show_move_or_confirm(talk):
    call(talk)
    for line in FORM_LINES[1:4]:
        talk.says("ada", line)
        talk.hears("ada", "There is no preview to work with. Make one with /programme form.")
        talk.button("ada", "Preview circles")


# --- circles that run -------------------------------------------------------------------------------------------------


def test_circles_are_listed_with_their_people(talk):
    cast.programme(talk)
    talk.says("ada", "/programme circles")
    talk.hears("ada", "There is no circle yet. /programme form shows who could sit with whom.")
    talk.button("ada", "Preview circles")
    other = Talk(talk.store, workspace="elsewhere")
    formed(other)
    other.says("ada", "/programme circles")
    other.hears("ada", "1. Women in Physics, circle 1")
    other.hears("ada", "Mentors: Cleo, Dana, Esi, and Fay")
    other.hears("ada", "Mentees: Gita, Hana, Ines, and Jude")
    other.hears("ada", "/programme circles move @name <number>")


def test_circles_of_a_programme_that_has_ended_are_still_listed(talk):
    formed(talk)
    talk.says("ada", "/programme close yes")
    talk.says("ada", "/programme circles")
    said = talk.hears("ada", "Mentors: Cleo").words
    assert "circles move" not in said


def test_somebody_who_waits_is_seated_where_she_fits_and_the_circle_welcomes_her(talk):
    programme = formed(talk)
    waiting(talk, programme, {"kim": "both"})
    talk.says("ada", "/programme circles move @kim 1")
    talk.hears("ada", "Kim now sits in Women in Physics, circle 1.")
    assert "kim" in seats(talk, programme)[0]
    talk.hears("cleo", "Kim joins this circle and takes part from the next round on. Welcome!")
    talk.hears("kim", "Kim joins this circle")
    assert "kim" in talk.rooms[f"p{programme}:c1"]
    talk.passes(days=8)
    talk.hears("kim", "this round you meet each other")


def test_who_can_do_both_takes_the_rarer_seat(talk):
    programme = formed(talk)
    talk.says("dana", "/circle leave yes")
    waiting(talk, programme, {"kim": "both"})
    talk.says("ada", "/programme circles move @kim 1")
    assert seats(talk, programme)[0]["kim"] == "mentor"


def test_somebody_is_put_on_the_waiting_list_and_told(talk):
    programme = formed(talk)
    talk.passes(days=8)
    talk.says("ada", "/programme circles move @jude 0")
    talk.hears("ada", "Jude is on the waiting list now.")
    assert (state(talk, programme, "jude"), "jude" in seats(talk, programme)[0]) == ("waiting", False)
    assert "jude" not in talk.rooms[f"p{programme}:c1"]
    talk.passes(days=1)
    said = talk.hears("jude", "The organisers have moved you from Women in Physics, circle 1 to the waiting list.")
    assert said.room == "dm"
    assert "You are number 1 of 1 on it" in said.words
    talk.never_hears("cleo", "moved you")


def test_who_rests_goes_on_resting_wherever_she_is_moved(talk):
    programme = formed(talk)
    for number, expected in ((0, False), (1, True)):
        talk.says("jude", "/circle pause in 20 days")
        talk.says("ada", f"/programme circles move @jude {number}")
        assert (state(talk, programme, "jude"), "jude" in seats(talk, programme)[0]) == ("paused", expected)
    talk.passes(days=21)
    assert state(talk, programme, "jude") == "seated"


def test_who_is_moved_in_the_middle_of_a_round_leaves_her_group_and_is_in_the_next_round_of_the_other(talk):
    programme = formed(talk, circles=2)
    waiting(talk, programme, {f"w{n}": "both" for n in range(6)})
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.passes(days=8)
    talk.says("ada", "/programme circles move @jude 2")
    talk.hears("ada", "Jude now sits in Women in Physics, circle 2.")
    off = [who for who in EIGHT if heard(talk, who, "the person you would have met can't take part")]
    assert len(off) == 1
    assert talk.rooms[f"p{programme}:c2"] >= {"jude", "w0"}
    talk.passes(days=14)
    talk.says("jude", "/circle next")
    talk.hears("jude", "Round 2, until")


def test_the_last_one_to_go_closes_the_room(talk):
    programme = formed(talk)
    for who in list(EIGHT)[:-1]:
        talk.says("ada", f"/programme circles move @{who} 0")
    talk.says("ada", "/programme circles move @jude 0")
    talk.hears("ada", "Jude is on the waiting list now.")
    assert seats(talk, programme) == [{}]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/programme circles move @nobody 1", "I know no member “nobody” here."),
        ("/programme circles move @bob 1", "I know no member “bob” here."),
        ("/programme circles move @kim 2", "There are circles 1 to 1; 0 is the waiting list."),
        ("/programme circles move @kim -1", "Number can be"),
        ("/programme circles move @kim x", "is not a whole number"),
        ("/programme circles move @kim 0", "Kim is there already."),
        ("/programme circles move @cleo 1", "Cleo is there already."),
        ("/programme circles move @kim 1", "Kim can't sit there: Cleo and Kim come from the same institution."),
        ("/programme circles move @lina 1", "Lina can't sit there: This circle would have no language in common"),
        ("/programme circles move @mona 1", "Mona can't sit there: All 4 mentor seats are taken. Nothing was changed."),
        ("/programme circles move @nour 1", "Nour can't sit there: This does not work out in this circle."),
        ("/programme circles move @left 1", "I know no member “left” here."),
        ("/programme circles marry", "I don't know “marry”"),
    ],
)
def test_a_move_between_circles_that_cannot_be_names_the_rule_and_changes_nothing(talk, line, said):
    programme = formed(talk, mentors=4)
    waiting(talk, programme, {"kim": "mentee"}, institution="University of Cleo")
    waiting(talk, programme, {"lina": "mentee"}, languages=["fr"])
    waiting(talk, programme, {"mona": "mentor", "nour": "mentee", "left": "mentee"})
    talk.says("nour", "/circle avoid @cleo")
    talk.says("left", "/circle leave yes")
    before = cast.rows(talk.store)
    talk.says("ada", line)
    talk.hears("ada", said)
    assert cast.rows(talk.store) == before


def test_a_circle_that_has_shrunk_or_breaks_a_rule_by_itself_still_takes_people_in(talk):
    programme = formed(talk)
    for who in ("fay", "ines", "jude", "hana"):
        talk.says(who, "/circle leave yes")
    talk.says("cleo", "/circle avoid @dana")
    change(talk, programme, "cleo", languages=["fr"])
    waiting(talk, programme, {"kim": "mentee"})
    talk.says("ada", "/programme circles move @kim 1")
    talk.hears("ada", "Kim now sits in")
    assert "kim" in seats(talk, programme)[0]


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_is_moved_before_there_is_a_circle_or_after_the_end(talk, number):
    programme = call(talk)
    talk.says("ada", f"/programme circles move @jude {number}")
    talk.hears("ada", "There is no circle yet. /programme form shows who could sit with whom.")
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.says("ada", "/programme close yes")
    before = cast.rows(talk.store)
    talk.says("ada", f"/programme circles move @jude {number}")
    talk.hears("ada", "“Women in Physics” has ended, so everybody stays in place.")
    assert cast.rows(talk.store) == before
    assert seats(talk, programme) == []


def test_organisers_of_another_programme_form_and_move_nothing_here(talk):
    call(talk)
    cast.programme(talk, organisers=("zoe", "bob"), slug="other", name="Other")
    for line in FORM_LINES:
        before = cast.rows(talk.store)
        talk.says("zoe", f"{line} in:physics")
        talk.hears("zoe", "You don't organise “Women in Physics”, so this stays closed to you.")
        assert cast.rows(talk.store) == before


def test_somebody_of_another_programme_is_unknown_in_this_one(talk):
    formed(talk)
    other = cast.programme(talk, organisers=("zoe", "yara"), slug="other", name="Other")
    waiting(talk, other, {"kim": "mentee"})
    talk.says("ada", "/programme circles move @kim 1")
    talk.hears("ada", "I know no member “kim” here.")


def test_forming_plays_the_same_on_the_other_database(store):
    talk = Talk(store)
    programme = formed(talk)
    assert seats(talk, programme) == [EIGHT]


def test_a_goal_shared_with_a_circle_stays_behind_when_its_owner_is_moved(talk):
    formed(talk)
    talk.says("jude", "/circle goal add Learn to say no")
    talk.says("jude", "/circle goal share 1 circle")
    talk.says("cleo", "/circle goal see")
    talk.hears("cleo", "Learn to say no")
    talk.says("ada", "/programme circles move @jude 0")
    talk.says("ada", "/programme circles move @jude 1")
    talk.says("cleo", "/circle goal see")
    assert "Learn to say no" not in talk.heard["cleo"][-1].words
    talk.passes(days=1)
    assert any("are private again" in heard.words for heard in talk.heard["jude"])


@pytest.mark.no_cover  # a long search, or a long year
def test_a_search_among_very_many_is_cut_short_in_chat_and_the_preview_says_so_also_later(talk):
    programme = cast.programme(talk, mentors=10, mentees=10, circles=16)
    for n in range(310):
        named = {"institution": f"U{n}", "languages": ["en"], "offers": [f"t{n % 23}"], "wants": [f"t{n % 19}"]}
        cast.member(talk, programme, f"w{n}", ("mentor", "mentee")[n % 2], **named)
    talk.says("ada", "/programme form")
    talk.hears("ada", "I cut it short: this is the best so far. “Draw again” searches from another start.")
    talk.says("ada", "/programme form show")
    talk.hears("ada", "I cut it short: this is the best so far.")


def test_who_has_a_seat_by_then_does_not_hear_that_she_waits(talk):
    programme = call(talk, circles=1, mentors=4, mentees=4)
    waiting(talk, programme, {"kim": "mentee"})
    talk.passes(hours=13)  # ten in the evening: who waits hears of it in the morning
    talk.says("ada", "/programme form")
    talk.presses("ada", "Confirm these circles")
    talk.says("ada", "/programme circles move @gita 0")
    talk.says("ada", "/programme circles move @kim 1")
    talk.says("ada", "/programme circles move @hana 0")
    talk.says("ada", "/programme circles move @gita 1")
    talk.passes(days=2)
    assert [state(talk, programme, who) for who in ("gita", "kim", "hana")] == ["seated", "seated", "waiting"]
    for who in ("gita", "kim"):
        talk.never_hears(who, "there was no seat")
        talk.never_hears(who, "waiting list")
    talk.hears("hana", "waiting list")
