"""Organisers tend circles that run: free seats are given out, circles merge and divide, and everybody hears it once."""

from datetime import date

import cast
import pytest
from rounds_people import heard
from sqlmodel import select
from talk import Talk

from circles.rooms import circle_room
from circles.rotation import past
from storage import deliveries, members, people, programmes, rounds
from storage.tables import Audit, Circle, Delivery, Room

START = date(2027, 2, 8)
FIVE = ("cleo", "dana", "esi", "fay", "gus")
THREE = ("kim", "lina", "mona")
TWELVE = tuple(f"w{n}" for n in range(12))


def term(talk, **settings):
    """A programme that begins in a week."""
    return cast.programme(talk, **({"mentors": 6, "mentees": 6, "rotation": "everyone", "every_weeks": 2} | settings))


def member(talk, programme, who, stance, **profile):
    whole = {"institution": f"University of {who}", "languages": ["en"], "offers": ["R"], "wants": ["R"]} | profile
    return cast.member(talk, programme, who, stance, **whole)


def circle(talk, programme, names, name, **profile):
    """A circle of these people, mentors and mentees in turn, with its room; gives its row id."""
    ids = [(member(talk, programme, who, "mentee" if n % 2 else "mentor", **profile), n) for n, who in enumerate(names)]
    with talk.store.writing() as db:
        row = Circle(programme_id=programme, name=name, formed_at=talk.now)
        programmes.save(db, row)
        for known, n in ids:
            members.take_seat(db, row.id, members.get(db, known), "mentee" if n % 2 else "mentor", talk.now)
        key = circle_room(programme, row.id)
        workspace = programmes.get(db, programme).workspace_id
        deliveries.save_room(db, Room(workspace_id=workspace, key=key, name=name, place=key, state="open"))
        talk.rooms[key] = set(names)
        return row.id


def two(talk, first=FIVE, second=THREE, **settings):
    """A running programme with two circles, Olive and Thyme."""
    programme = term(talk, **settings)
    olive, thyme = circle(talk, programme, first, "Olive"), circle(talk, programme, second, "Thyme")
    cast.start(talk, programme, START, 26)
    return programme, olive, thyme


def seats(talk, programme):
    with talk.store.writing() as db:
        running = programmes.circles(db, programme)
        return {c.name: {person.outside_id for _s, _m, person in members.seated(db, c.id)} for c in running}


def audited(talk):
    with talk.store.writing() as db:
        return [row.what for row in db.exec(select(Audit))]


def partners(talk, circle_id):
    """Who was placed with whom in the newest round of a circle, by name."""
    with talk.store.writing() as db:
        row = rounds.newest(db, circle_id)
        placed = [p for p in rounds.placements(db, [row.id]) if p.group_id is not None]
        known = members.with_persons(db, [p.member_id for p in placed])
        groups = {p.group_id: set() for p in placed}
        for p in placed:
            groups[p.group_id].add(known[p.member_id][1].outside_id)
        return row.number, sorted(map(sorted, groups.values()))


def remembered(talk, circle_id):
    """Who of a circle has met whom, by name, as its rotation reads it."""
    with talk.store.writing() as db:
        names = {member.id: person.outside_id for _s, member, person in members.seated(db, circle_id)}
        known = past.history(db, circle_id)
        met = {pair for held in known.placements for pair in held.met} | set(known.elsewhere)
        return {frozenset(names[one] for one in pair) for pair in met if pair <= names.keys()}


def asks(talk, pair="1 2"):
    """Both circles are asked, and the organiser looks at the merge again."""
    talk.says("ada", f"/programme circles merge {pair}")
    talk.presses("ada", "Ask both circles")
    talk.says("ada", f"/programme circles merge {pair}")


def merges(talk):
    """Both circles are asked, agree and become one."""
    asks(talk)
    talk.presses("ada", "Make them one circle")


def labels(talk, who):
    return [button.label for button in talk.heard[who][-1].message.buttons()]


def nothing_changes(talk, who, line, said):
    before = cast.rows(talk.store)
    talk.says(who, line)
    talk.hears(who, said)
    assert cast.rows(talk.store) == before


# --- free seats -------------------------------------------------------------------------------------------------------


def test_free_seats_are_previewed_with_reasons_and_given_on_confirmation(talk):
    programme, _olive, thyme = two(talk)
    member(talk, programme, "nour", "mentee", wants=["law"], offers=[])
    member(talk, programme, "omar", "mentor", institution="University of Kim")
    member(talk, programme, "pia", "mentee", languages=["fr"])
    talk.says("ada", "/programme circles")
    talk.presses("ada", "Fill free seats")
    said = talk.hears("ada", "Free seats for people who wait").words
    assert "Nour, mentee in Thyme: brings another institution: University of nour" in said
    assert "Omar, mentor in Olive: offers R, which" in said
    assert "Pia: number 1 on the waiting list" in said
    assert "Nobody is told anything before you confirm." in said
    assert not any(talk.heard[who] for who in (*FIVE, *THREE, "nour"))
    talk.presses("ada", "Give these seats")
    talk.hears("ada", "2 people have taken a seat, 1 wait.")
    assert seats(talk, programme) == {"Olive": {*FIVE, "omar"}, "Thyme": {*THREE, "nour"}}
    for who in (*THREE, "nour"):
        assert len(heard(talk, who, "Nour joins this circle and takes part from the next round on. Welcome!")) == 1
    talk.never_hears("cleo", "Nour")
    assert talk.rooms[f"p{programme}:c{thyme}"] == {*THREE, "nour"}
    assert audited(talk) == ["programme circles refill these"]
    talk.passes(days=8)
    assert any("nour" in group for group in partners(talk, thyme)[1])


def test_several_who_join_one_circle_are_welcomed_in_one_message(talk):
    programme, _olive, _thyme = two(talk)
    for who in ("nour", "omar"):
        member(talk, programme, who, "mentee", institution="University of Cleo" if who == "nour" else "Omdurman")
    with talk.store.writing() as db:
        for row in programmes.circles(db, programme)[:1]:
            row.state = "closed"
            programmes.save(db, row)
    talk.says("ada", "/programme circles refill")
    talk.presses("ada", "Give these seats")
    assert len(heard(talk, "kim", "join this circle")) == 1
    talk.hears("kim", "Nour and Omar join this circle and take part from the next round on. Welcome!")


def test_a_press_under_a_refill_that_is_no_longer_true_changes_nothing(talk):
    programme, _olive, _thyme = two(talk)
    member(talk, programme, "nour", "mentee")
    talk.says("ada", "/programme circles refill")
    talk.says("nour", "/circle avoid @kim")
    press = talk.button("ada", "Give these seats").call
    nothing_changes(talk, "ada", press, "Something has changed since you looked at this. Nothing was changed by me")
    talk.presses("ada", "Show it as it is now")
    said = talk.hears("ada", "Nour, mentee in Olive").words
    assert "avoid" not in said
    talk.presses("ada", "Give these seats")
    assert "nour" in seats(talk, programme)["Olive"]
    nothing_changes(talk, "ada", press, "Nobody waits for a seat.")


def test_a_private_request_keeps_people_apart_and_is_named_to_nobody(talk):
    programme, _olive, _thyme = two(talk)
    member(talk, programme, "nour", "mentee")
    talk.says("nour", "/circle avoid @kim")
    talk.says("dana", "/circle avoid @nour")
    talk.says("ada", "/programme circles refill 3")  # nor does anybody move who could be guessed to be avoided
    said = talk.hears("ada", "Nobody who waits fits a free seat as things stand.").words
    assert "Nour: number 1 on the waiting list: no circle fits yet" in said
    for word in ("avoid", "Kim", "Dana", "private"):
        assert word not in said
    assert talk.heard["ada"][-1].message.buttons() == ()


def test_one_move_seats_one_more_and_who_moves_leaves_goals_and_round_behind(talk):
    programme = term(talk, mentors=3, mentees=3)
    olive = circle(talk, programme, ("cleo", "dana", "esi", "fay", "gus", "hana"), "Olive", languages=["en", "fr"])
    thyme = circle(talk, programme, ("kim", "lina", "mona", "nour"), "Thyme", languages=["fr"])
    cast.start(talk, programme, START, 26)
    member(talk, programme, "omar", "mentor", languages=["en"])
    talk.says("cleo", "/circle goal add Learn to say no")
    talk.says("cleo", "/circle goal share 1 circle")
    talk.passes(days=8)
    talk.says("ada", "/programme circles refill")
    talk.presses("ada", "Look for one more move")
    said = talk.hears("ada", "would change from Olive to Thyme, so that somebody more has a seat").words
    assert "Omar, mentor in Olive" in said
    talk.presses("ada", "Give these seats")
    talk.hears("ada", "1 person has taken a seat, 0 wait.")
    now = seats(talk, programme)
    assert (len(now["Olive"]), len(now["Thyme"]), "omar" in now["Olive"]) == (6, 5, True)
    mover = ({"cleo", "esi", "gus"} & now["Thyme"]).pop()
    assert talk.rooms[f"p{programme}:c{thyme}"] == now["Thyme"]
    assert talk.rooms[f"p{programme}:c{olive}"] == now["Olive"]
    off = [who for who in now["Olive"] if heard(talk, who, "the person you would have met can't take part")]
    assert len(off) == 1
    talk.says("dana", "/circle goal see")
    assert ("Learn to say no" in talk.heard["dana"][-1].words) == (mover != "cleo")
    talk.hears("kim", f"{mover.capitalize()} joins this circle")


# --- two circles as one -----------------------------------------------------------------------------------------------


def test_a_shrunk_circle_is_put_forward_and_both_are_asked_before_they_become_one(talk):
    programme, olive, thyme = two(talk)
    talk.says("ada", "/programme circles")
    said = talk.hears("ada", "Thyme has few people left. It could be one with Olive; both should be asked soon.").words
    assert said.count("could be one with") == 1
    talk.presses("ada", "Look at merging 2 and 1")
    said = talk.hears("ada", "Thyme would join Olive").words
    for words in (
        "Mentors: Cleo, Esi, Gus, Kim, and Mona",
        "Mentees: Dana, Fay, and Lina",
        "Together in English: ",
        "A merge works when both circles agree, so ask them first",
        "Nobody is told anything before you confirm.",
    ):
        assert words in said
    assert not any(talk.heard[who] for who in (*FIVE, *THREE))
    talk.presses("ada", "Ask both circles")
    talk.hears("ada", "Both circles are asked in their rooms.")
    talk.hears("kim", "The organisers wonder whether this circle (3 people) could become one with another (5 people)")
    asked = talk.hears("cleo", "It happens only if both circles are fine with it, and nobody is the cause of it.")
    assert asked.room == circle_room(programme, olive)
    assert "tell Ada or Bob what you think; a no needs no reason" in asked.words
    talk.presses("ada", "Ask both circles")
    talk.hears("ada", "Both circles have been asked already.")
    assert len(heard(talk, "kim", "The organisers wonder")) == 1
    assert seats(talk, programme) == {"Olive": set(FIVE), "Thyme": set(THREE)}
    talk.presses("ada", "Show the merge")
    talk.hears("ada", "Both circles were asked on Monday, 1 February. What did they say?")
    talk.presses("ada", "Make them one circle")
    talk.hears("ada", "Olive is one circle of 8 people now.")
    assert seats(talk, programme) == {"Olive": {*FIVE, *THREE}}
    for who in (*FIVE, *THREE):
        assert len(heard(talk, who, "From now on Thyme and Olive are one circle, and this is its room.")) == 1
        talk.hears(who, "Welcome, Kim, Mona, and Lina!")
        talk.hears(who, "Whom you have met goes with you.")
    assert talk.rooms[circle_room(programme, olive)] == {*FIVE, *THREE}
    with talk.store.writing() as db:
        assert programmes.circle(db, thyme).state == "closed"
        assert deliveries.room(db, 1, circle_room(programme, thyme)).state == "closed"
        assert programmes.occurrences(db, programme, state="planned", circle_id=thyme) == []
    assert audited(talk) == ["programme circles merge ask", "programme circles merge these"]
    talk.passes(days=8)
    number, groups = partners(talk, olive)
    assert (number, sum(map(len, groups))) == (1, 8)
    for who in THREE:
        assert len(heard(talk, who, "this round you meet each other")) == 1


def test_two_circles_become_one_only_once_both_were_asked(talk):
    programme, _olive, _thyme = two(talk)
    talk.says("ada", "/programme circles merge 1 2")
    assert labels(talk, "ada") == ["Ask both circles"]
    talk.presses("ada", "Ask both circles")
    talk.says("ada", "/programme circles merge 1 2")
    assert labels(talk, "ada") == ["Make them one circle"]
    press = talk.button("ada", "Make them one circle").call
    with talk.store.writing() as db:
        for row in db.exec(select(Delivery).where(Delivery.kind == "merge-ask")).all():
            db.delete(row)
    nothing_changes(talk, "ada", press, "these have not been asked yet. Nothing was changed.")
    assert labels(talk, "ada") == ["Ask both circles"]
    talk.presses("ada", "Ask both circles")
    talk.says("bob", press)
    talk.hears("bob", "Olive is one circle of 8 people now.")
    assert seats(talk, programme) == {"Olive": {*FIVE, *THREE}}


def test_two_circles_may_be_asked_again_after_four_weeks_and_a_double_press_is_one_question(talk):
    two(talk)
    talk.says("ada", "/programme circles merge 1 2")
    press = talk.button("ada", "Ask both circles").call
    for times in (1, 2, 3):
        talk.says("ada", press)
        talk.hears("ada", "Both circles are asked in their rooms.")
        talk.says("bob", press)
        talk.hears("bob", "Both circles have been asked already.")
        for who in ("kim", "cleo"):
            assert len(heard(talk, who, "The organisers wonder")) == times
        talk.passes(days=27)
        nothing_changes(talk, "ada", press, "Both circles have been asked already.")
        talk.passes(days=1)
        talk.says("ada", "/programme circles merge 2 1")
        assert labels(talk, "ada") == ["Make them one circle", "Ask both circles"]
    talk.hears("ada", "Both circles were asked on Monday, 29 March. What did they say?")


def test_people_who_met_before_a_merge_are_no_strangers_after_it(talk):
    _programme, olive, thyme = two(talk, FIVE[:4], ("kim", "lina", "mona", "nour"))
    met = set()
    talk.passes(days=8)
    for _round in range(2):
        for one in (olive, thyme):
            for group in partners(talk, one)[1]:
                met.add(frozenset(group))
                talk.says(group[0], "/circle met yes")
        talk.passes(days=14)
    merges(talk)
    assert len(met) == 8
    for _round in range(5):  # of 28 pairs 8 have met; four groups a round leave five rounds without a repeat
        talk.passes(days=14)
        groups = {frozenset(group) for group in partners(talk, olive)[1]}
        assert not groups & met
        met |= groups
        for group in groups:
            talk.says(min(group), "/circle met yes")
    talk.says("kim", "/circle next")
    assert len(met) == 28


def test_an_open_round_ends_quietly_with_its_circle_and_meetings_that_took_place_stay(talk):
    programme, _olive, thyme = two(talk, FIVE[:4], ("kim", "lina", "mona", "nour"))
    talk.passes(days=8)
    done, off = partners(talk, thyme)[1]
    talk.says(done[0], "/circle met yes")
    talk.says(off[0], "/circle goal add Learn to say no")
    talk.says(off[0], "/circle goal share 1 circle")
    talk.says(off[1], "/circle skip 2")
    talk.says(off[0], "/circle pause in 3 days")
    talk.says(off[0], "/circle resume")
    talk.says("ada", "/programme circles merge 2 1")
    talk.hears("ada", "Round 1 is under way in Thyme until Monday, 22 February.")
    merges(talk)
    with talk.store.writing() as db:
        row = rounds.newest(db, thyme)
        assert row.state == "closed"
        kept = [p for p in rounds.placements(db, [row.id]) if p.group_id is not None]
        names = {members.with_persons(db, [p.member_id])[p.member_id][1].outside_id for p in kept}
        second = rounds.skipping(db, programmes.circles(db, programme)[0].id, 2)
        skipping = {person.outside_id for _m, person in members.with_persons(db, second).values()}
    assert names == set(done)
    assert skipping == {off[1]}
    talk.passes(days=1)
    talk.hears(off[0], "The goals that you shared with your former circle are private again.")
    talk.never_hears(done[0], "are private again")
    talk.passes(days=20)
    for who in ("cleo", *done, off[0]):
        assert heard(talk, who, "this round you meet each other"), who


def test_a_merge_in_which_hard_rules_are_in_the_way_names_them_and_no_private_request(talk):
    programme, _olive, _thyme = two(talk)
    talk.says("kim", "/circle avoid @cleo")
    said = "Olive and Thyme can't be one circle: This does not work out in this circle."
    nothing_changes(talk, "ada", "/programme circles merge 1 2", said)
    nothing_changes(talk, "ada", "/programme circles merge ask 1 2", said)
    assert not heard(talk, "kim", "wonder")
    talk.says("ada", "/programme circles")
    assert "could be one" not in talk.heard["ada"][-1].words
    talk.says("kim", "/circle avoid remove @cleo")
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        row.settings = {**row.settings, "mentors": 4}
        programmes.save(db, row)
    said = "All 4 mentor seats are taken. Nothing was changed."
    nothing_changes(talk, "ada", "/programme circles merge 1 2", said)


def test_a_stale_merge_changes_nothing(talk):
    programme, _olive, _thyme = two(talk)
    asks(talk)
    talk.says("gus", "/circle leave yes")
    press = talk.button("ada", "Make them one circle").call
    nothing_changes(talk, "ada", press, "Something has changed since you looked at this.")
    talk.presses("ada", "Show it as it is now")
    talk.presses("ada", "Make them one circle")
    assert seats(talk, programme) == {"Olive": {*FIVE, *THREE} - {"gus"}}
    nothing_changes(talk, "ada", press, "There are circles 1 to 1. /programme circles lists them.")


def test_who_rests_goes_on_resting_in_the_merged_circle(talk):
    programme, _olive, _thyme = two(talk)
    talk.says("kim", "/circle pause in 20 days")
    merges(talk)
    with talk.store.writing() as db:
        person = people.by_outside_id(db, programmes.get(db, programme).workspace_id, "kim")
        assert members.of_person(db, programme, person.id).state == "paused"
    assert "kim" in seats(talk, programme)["Olive"]


def test_a_merged_circle_is_spoken_to_in_a_language_that_all_of_it_shares(talk):
    programme = term(talk)
    olive = circle(talk, programme, FIVE, "Olive", languages=["en", "fr"])
    circle(talk, programme, THREE, "Thyme", languages=["ar", "fr"])
    cast.start(talk, programme, START, 26)
    talk.says("ada", "/programme circles merge 1 2")
    talk.hears("ada", "Together in French")
    merges(talk)
    with talk.store.writing() as db:
        assert programmes.circle(db, olive).language == "fr"


def test_a_room_that_was_still_to_be_opened_is_not_closed_but_never_opened(talk):
    programme, _olive, thyme = two(talk)
    asks(talk)
    with talk.store.writing() as db:
        room = deliveries.room(db, 1, circle_room(programme, thyme))
        room.state, room.place = "asked", ""
        deliveries.save_room(db, room)
    talk.presses("ada", "Make them one circle")
    with talk.store.writing() as db:
        assert deliveries.room(db, 1, circle_room(programme, thyme)).state == "closed"
        said = db.exec(select(Delivery.kind).where(Delivery.room_key == circle_room(programme, thyme))).all()
        assert said == ["merge-ask"]
    talk.hears("kim", "Two circles become one")


# --- one circle as two ------------------------------------------------------------------------------------------------


def large(talk, **settings):
    programme = term(talk, mentors=10, mentees=10, **settings)
    olive = circle(talk, programme, TWELVE, "Olive")
    cast.start(talk, programme, START, 26)
    return programme, olive


def test_a_large_circle_becomes_two_each_with_its_room_and_everybody_hears_it_once(talk):
    programme, olive = large(talk)
    talk.says("ada", "/programme circles split 1")
    said = talk.hears("ada", "Olive would be two circles").words
    assert said.count("Together in English") == 2
    assert "Nobody is told anything before you confirm." in said
    assert not any(talk.heard[who] for who in TWELVE)
    talk.presses("ada", "Make it two circles")
    talk.hears("ada", "Olive and Women in Physics, circle 2 are two circles now.")
    now = seats(talk, programme)
    stay, leave = now["Olive"], now["Women in Physics, circle 2"]
    assert stay | leave == set(TWELVE)
    assert (len(stay), len(leave)) == (6, 6)
    assert talk.rooms[circle_room(programme, olive)] == stay
    for who in TWELVE:
        assert len(heard(talk, who, "has grown into two")) == 1
        assert len(heard(talk, who, "nobody is the cause of it")) == 1
    room = talk.hears(min(leave), "Welcome to Women in Physics, circle 2").room
    assert talk.rooms[room] == leave
    talk.hears(min(leave), "The next round begins Monday, 8 February; you will hear whom you meet.")
    assert audited(talk) == ["programme circles split these"]
    talk.passes(days=8)
    for who in TWELVE:
        assert len(heard(talk, who, "this round you meet each other")) == 1
    nothing_changes(talk, "ada", talk.button("ada", "Make it two circles").call, "Two circles take twelve people")


def test_halves_remember_whom_their_people_have_met_and_open_meetings_across_them_are_off(talk):
    programme, olive = large(talk)
    met = set()
    talk.passes(days=8)
    for _round in range(2):
        for group in partners(talk, olive)[1]:
            met.add(frozenset(group))
            talk.says(group[0], "/circle met yes")
        talk.passes(days=14)
    open_groups = partners(talk, olive)[1]
    talk.says("ada", "/programme circles split 1")
    talk.hears("ada", "Round 3 is under way in Olive until")
    talk.presses("ada", "Make it two circles")
    now = seats(talk, programme)
    halves = list(now.values())
    across = [group for group in open_groups if not any(set(group) <= half for half in halves)]
    for group in open_groups:
        for who in group:
            off = heard(talk, who, "the person you would have met can't take part")
            assert len(off) == (group in across and who in now["Olive"]), who
    talk.passes(days=14)
    with talk.store.writing() as db:
        ids = {c.name: c.id for c in programmes.circles(db, programme)}
    for name in now:
        number, groups = partners(talk, ids[name])
        assert number == 4
        assert not {frozenset(group) for group in groups} & met
        assert remembered(talk, ids[name]) == {pair for pair in met if pair <= now[name]}


def test_who_rests_goes_on_resting_in_both_halves(talk):
    programme, _olive = large(talk)
    for who in TWELVE:
        talk.says(who, "/circle pause in 20 days")
    talk.says("ada", "/programme circles split 1")
    talk.presses("ada", "Make it two circles")
    assert len(seats(talk, programme)) == 2
    with talk.store.writing() as db:
        assert {member.state for member, _person in members.in_programme(db, programme)} == {"paused"}


def test_a_stale_split_changes_nothing(talk):
    programme = term(talk, mentors=10, mentees=10)
    circle(talk, programme, (*TWELVE, "zed"), "Olive")
    cast.start(talk, programme, START, 26)
    talk.says("ada", "/programme circles split 1")
    talk.says("zed", "/circle leave yes")
    press = talk.button("ada", "Make it two circles").call
    nothing_changes(talk, "ada", press, "Something has changed since you looked at this.")
    assert list(seats(talk, programme)) == ["Olive"]


def test_a_merge_plays_the_same_on_the_other_database(store):
    talk = Talk(store)
    programme, olive, _thyme = two(talk)
    merges(talk)
    talk.passes(days=8)
    assert seats(talk, programme) == {"Olive": {*FIVE, *THREE}}
    assert sum(map(len, partners(talk, olive)[1])) == 8


# --- what cannot be followed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/programme circles refill", "Nobody waits for a seat."),
        ("/programme circles refill 4", "Moves can be"),
        ("/programme circles refill one", "is not a whole number"),
        ("/programme circles refill these 00000000", "Nobody waits for a seat."),
        ("/programme circles merge 1 1", "That is the same circle twice. A merge takes two"),
        ("/programme circles merge 1 3", "There are circles 1 to 2. /programme circles lists them."),
        ("/programme circles merge 0 1", "First can be"),
        ("/programme circles merge ask 2 2", "That is the same circle twice."),
        (
            "/programme circles merge these 1 2 00000000",
            "Two circles become one when both agree, and these have not been asked yet. Nothing was changed.",
        ),
        ("/programme circles merge 1 2 3", "I can't place “3”"),
        ("/programme circles split 3", "There are circles 1 to 2. /programme circles lists them."),
        ("/programme circles split 1", "Two circles take twelve people or more, and Olive is 7 people short of that."),
        ("/programme circles split these 1 00000000", "Two circles take twelve people or more"),
    ],
)
def test_what_cannot_be_followed_is_refused_kindly_and_changes_nothing(talk, line, said):
    two(talk)
    nothing_changes(talk, "ada", line, said)


LINES = (
    "/programme circles refill",
    "/programme circles merge 1 2",
    "/programme circles merge ask 1 2",
    "/programme circles split 1",
    "/programme circles refill these 00000000",
    "/programme circles merge these 1 2 00000000",
    "/programme circles split these 1 00000000",
)


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_tended_before_there_is_a_circle_or_after_the_end(talk, line):
    programme = term(talk)
    nothing_changes(talk, "ada", line, "There is no circle yet. /programme form shows who could sit with whom.")
    circle(talk, programme, FIVE, "Olive")
    cast.start(talk, programme, START, 26)
    talk.says("ada", "/programme close yes")
    nothing_changes(talk, "ada", line, "“Women in Physics” has ended, so everybody stays in place.")


@pytest.mark.parametrize("line", LINES)
def test_circles_are_tended_by_their_organisers_alone(talk, line):
    two(talk)
    cast.programme(talk, organisers=("zoe", "bob"), slug="other", name="Other")
    nothing_changes(talk, "cleo", line, "This is for organisers.")
    nothing_changes(talk, "zoe", f"{line} in:physics", "You don't organise “Women in Physics”")
