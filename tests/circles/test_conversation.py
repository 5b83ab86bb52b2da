"""Prompts in conversation: they come, they are looked at, posted and exchanged; organisers tend the shelf."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
import rounds_people
import term_people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circles.conversation import importing, library, shelf
from circles.errors import BadCall
from circles.files import FileRefused
from storage import people, programmes, rounds

MONDAY = date(2027, 2, 1)
HEAD = "id,theme,phase,depth,minutes,life,text"


def a_circle(talk, *names, **settings):
    """A programme with one circle, and a first round in which ada and bob meet."""
    programme = term_people.programme(talk, **settings)
    circle = term_people.circle(talk, programme, *(names or ("ada", "bob", "cleo", "dana")))
    return programme, circle


def a_pair(talk, **settings):
    programme, circle = a_circle(talk, **settings)
    row = term_people.a_round(talk, circle, ("ada", "bob"), ("cleo", "dana"), opens_on=MONDAY)
    return programme, circle, term_people.groups_of(talk, row)[0]


def had(talk, programme, audience):
    with talk.store.writing() as db:
        return [row.prompt for row in rounds.prompts_used(db, programme, [audience])]


def quotes(talk, who):
    return [
        block.plain().strip("“”")
        for heard in talk.heard[who]
        for block in heard.message.blocks
        if type(block).__name__ == "Quote"
    ]


def retire_all(talk, programme, keep=()):
    with talk.store.writing() as db:
        for prompt in library.shipped("en"):
            if prompt.id not in keep:
                row = rounds.OwnPrompt(programme_id=programme, code=prompt.id, is_retired=True)
                rounds.save_own_prompt(db, row)


# A prompt comes by itself.


def test_a_prompt_comes_to_the_circles_room_with_theme_minutes_and_the_freedom_to_pass(talk):
    programme, circle = a_circle(talk)
    term_people.plan(talk, programme, "prompt", talk.now + timedelta(hours=1), circle_id=circle)

    talk.passes(hours=2)

    code = had(talk, programme, f"c{circle}")[0]
    prompt = next(p for p in library.shipped("en") if p.id == code)
    for who in ("ada", "bob", "cleo", "dana"):
        heard = talk.hears(who, prompt.text)
        assert heard.room == f"p{programme}:c{circle}"
        assert f"about {prompt.minutes} minutes" in heard.words
        assert "or pass" in heard.words
    assert talk.button("ada", "Another one").call == f"circle prompt another c{circle} in:alemat"


def test_a_prompt_waits_until_it_is_nobodys_night(talk):
    programme, circle = a_circle(talk)
    for who, zone in (("ada", "UTC"), ("bob", "UTC"), ("cleo", "UTC"), ("dana", "New York")):
        talk.says(who, f"/circle zone {zone}")
    term_people.plan(talk, programme, "prompt", talk.now, circle_id=circle)
    talk.passes(hours=3)
    talk.never_hears("ada", "or pass")
    talk.passes(hours=1)  # eight in the morning in New York
    for who in ("ada", "dana"):
        heard = talk.hears(who, "or pass")
        assert heard.room == f"p{programme}:c{circle}"


def test_a_circle_never_gets_the_same_prompt_twice(talk):
    programme, circle = a_circle(talk)
    for number in range(1, 31):
        term_people.plan(talk, programme, "prompt", talk.now, circle_id=circle, number=number)

    talk.passes(hours=1)

    assert len(quotes(talk, "ada")) == 30
    assert len(set(quotes(talk, "ada"))) == 30


def test_a_prompt_that_is_two_days_late_is_not_made_up_for(talk):
    programme, circle = a_circle(talk)
    term_people.plan(talk, programme, "prompt", talk.now - timedelta(hours=37), circle_id=circle)

    talk.passes(hours=1)

    assert quotes(talk, "ada") == []
    assert had(talk, programme, f"c{circle}") == []


def test_a_closed_circle_gets_no_prompt(talk):
    programme, circle = a_circle(talk)
    with talk.store.writing() as db:
        row = programmes.circle(db, circle)
        row.state = "closed"
        programmes.save(db, row)
    term_people.plan(talk, programme, "prompt", talk.now, circle_id=circle)

    talk.passes(hours=1)

    assert quotes(talk, "ada") == []


def test_an_empty_shelf_is_told_to_the_organisers_once_and_never_to_the_room(talk):
    programme, circle = a_circle(talk)
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        second = people.person(db, workspace.id, "omar", name="Omar")
        people.add_organiser(db, programme, second.id, talk.now)
    retire_all(talk, programme)
    for number in (1, 2, 3):
        term_people.plan(talk, programme, "prompt", talk.now, circle_id=circle, number=number)

    talk.passes(hours=1)

    for organiser in ("olga", "omar"):
        heard = [h for h in talk.heard[organiser] if "has had every prompt" in h.words]
        assert len(heard) == 1
        assert "/programme prompts add" in heard[0].words
    assert talk.heard["ada"] == []


# A member calls for one.


def test_a_member_sees_a_prompt_for_her_pair_alone_and_it_is_not_used_up(talk):
    programme, _circle, group = a_pair(talk)

    talk.says("ada", "/circle prompt")

    talk.hears("ada", "Only you see this")
    assert talk.heard["bob"] == []
    with talk.store.writing() as db:
        assert shelf.audience_of([term_people.member_id(talk, programme, n) for n in ("ada", "bob")]) == "m1+m2"
        assert rounds.prompts_used(db, programme, ["m1+m2"]) == []
    assert talk.button("ada", "Post it in our room").call.startswith(f"circle prompt post {group} ")


def test_both_of_a_pair_are_shown_the_same_prompt(talk):
    a_pair(talk)

    talk.says("ada", "/circle prompt")
    talk.says("bob", "/circle prompt")

    assert quotes(talk, "ada") == quotes(talk, "bob")


def test_another_one_in_private_shows_the_next_and_posting_brings_the_one_she_saw_last(talk):
    programme, _circle, group = a_pair(talk)
    talk.says("ada", "/circle prompt")

    talk.presses("ada", "Another one")
    talk.presses("ada", "Another one")
    first, second, third = quotes(talk, "ada")
    assert len({first, second, third}) == 3
    talk.presses("ada", "Post it in our room")

    assert talk.hears("bob", third).room == f"p{programme}:g{group}"
    assert quotes(talk, "bob") == [third]
    talk.never_hears("cleo", third)
    assert len(had(talk, programme, "m1+m2")) == 1


def test_a_prompt_that_was_posted_once_is_not_posted_again_by_the_same_button(talk):
    a_pair(talk)
    talk.says("ada", "/circle prompt")
    talk.says("bob", "/circle prompt")
    talk.presses("ada", "Post it in our room")
    button = next(b for h in talk.heard["bob"] for b in h.message.buttons() if b.label == "Post it in our room")

    talk.says("bob", button.call)

    talk.hears("bob", "had this one meanwhile")
    assert talk.button("bob", "Another one").call.startswith("circle prompt in:")


def test_after_the_last_one_the_private_look_says_so_and_offers_the_first(talk):
    programme, _circle, _group = a_pair(talk)
    retire_all(talk, programme, keep=("balance-rapport-1",))
    talk.says("ada", "/circle prompt")

    talk.presses("ada", "Another one")

    talk.hears("ada", "the last new one")
    talk.presses("ada", "From the first")
    talk.hears("ada", next(p.text for p in library.shipped("en") if p.id == "balance-rapport-1"))


def test_without_a_meeting_the_prompt_is_for_her_circle(talk):
    _programme, circle = a_circle(talk)

    talk.says("ada", "/circle prompt")

    talk.hears("ada", "Your circle has not had it yet")
    talk.presses("ada", "Post it in our room")
    assert talk.hears("dana", quotes(talk, "ada")[0]).room.endswith(f":c{circle}")


def test_three_new_prompts_a_day_are_enough_for_a_group_and_tomorrow_there_are_more(talk):
    programme, circle, group = a_pair(talk)
    for who in ("ada", "bob", "ada"):
        talk.says(who, f"/circle prompt another {group}")
    posted = quotes(talk, "bob")
    assert len(set(posted)) == 3

    talk.says("bob", f"/circle prompt another {group}")
    talk.hears("bob", "Three new prompts have come to this room today")
    talk.says("bob", "/circle prompt")
    talk.presses("bob", "Post it in our room")
    talk.hears("bob", "Three new prompts have come to this room today")
    assert len(had(talk, programme, "m1+m2")) == 3

    talk.says("cleo", f"/circle prompt another c{circle}")
    talk.hears("cleo", "on its way to your room")
    talk.passes(until=datetime(2027, 2, 2, 0, 5, tzinfo=UTC))
    talk.says("bob", f"/circle prompt another {group}")
    talk.hears("bob", "on its way to your room")


def test_the_day_of_the_limit_is_the_programmes_day(talk):
    _programme, _circle, group = a_pair(talk, zone="Asia/Tokyo")
    talk.now = datetime(2027, 2, 1, 14, 50, tzinfo=UTC)  # 23:50 in Tokyo
    for _ in range(3):
        talk.says("ada", f"/circle prompt another {group}")
    talk.says("ada", f"/circle prompt another {group}")
    talk.hears("ada", "Three new prompts")

    talk.passes(hours=0.25)
    for _ in range(3):
        talk.says("ada", f"/circle prompt another {group}")
        talk.hears("ada", "on its way")
    talk.says("ada", f"/circle prompt another {group}")
    talk.hears("ada", "Three new prompts")


@pytest.mark.parametrize("way", ["another", "look and post"])
def test_what_two_have_called_for_is_not_new_to_either_of_them_in_the_next_round(talk, way):
    programme, circle, group = a_pair(talk)
    kept = [p.id for p in library.shipped("en") if p.phase == "rapport" and "pair" in p.audience][:2]
    retire_all(talk, programme, keep=kept)
    if way == "another":
        talk.says("ada", f"/circle prompt another {group}")
    else:
        talk.says("ada", "/circle prompt")
        talk.presses("ada", "Post it in our room")
    [first] = had(talk, programme, "m1+m2")
    [other] = {p.text for p in library.shipped("en") if p.id in kept and p.id != first}
    with talk.store.writing() as db:
        row = rounds.get(db, 1)
        row.state = "closed"
        rounds.save(db, row)
    term_people.a_round(talk, circle, ("ada", "cleo"), ("bob", "dana"), number=2, opens_on=date(2027, 2, 15))

    for who in ("ada", "bob", "cleo", "dana"):
        talk.says(who, "/circle prompt")
        talk.hears(who, other)


def test_a_repeated_press_posts_once(talk):
    programme, _circle, group = a_pair(talk)

    talk.says("ada", f"/circle prompt another {group}", call_id="same")
    talk.says("ada", f"/circle prompt another {group}", call_id="same")

    assert len(had(talk, programme, "m1+m2")) == 1
    assert len(quotes(talk, "bob")) == 1


def test_when_none_are_left_she_hears_so_kindly(talk):
    programme, _circle, group = a_pair(talk)
    retire_all(talk, programme)

    talk.says("ada", "/circle prompt")
    talk.hears("ada", "your own questions lead")
    talk.says("ada", f"/circle prompt another {group}")
    talk.hears("ada", "your own questions lead")


@pytest.mark.parametrize("ref", ["2", "99", "c99", "c", "x1", "-1", "1.5", "99999999999", "m1+m2"])
@pytest.mark.parametrize(
    "line", ["/circle prompt another {ref}", "/circle prompt look {ref} 0", "/circle prompt post {ref} 0"]
)
def test_a_group_that_is_not_hers_is_never_reached(talk, line, ref):
    programme, _circle, _group = a_pair(talk)

    talk.says("ada", line.format(ref=ref))

    talk.hears("ada", "I can't find that group among yours")
    assert talk.heard["cleo"] == []
    assert had(talk, programme, "m3+m4") == []


def test_a_circle_of_another_programme_is_not_reached_through_hers(talk):
    a_pair(talk)
    other = term_people.programme(talk, "other", organiser="omar")
    foreign = term_people.circle(talk, other, "emma", "fay")

    talk.says("ada", f"/circle prompt another c{foreign}")

    talk.hears("ada", "I can't find that group among yours")
    assert talk.heard["emma"] == []


def test_a_button_of_a_round_that_is_over_is_answered_kindly(talk):
    _programme, _circle, group = a_pair(talk)
    with talk.store.writing() as db:
        row = rounds.get(db, 1)
        row.state = "closed"
        rounds.save(db, row)

    talk.says("ada", f"/circle prompt another {group}")

    talk.hears("ada", "That round is over")
    assert talk.heard["bob"] == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/circle prompt please", "takes nothing more"),
        ("/circle prompt another", None),
        ("/circle prompt another 1 2", "I can't place “2”"),
        ("/circle prompt another 123456789012345678901", "keep it to 20"),
    ],
)
def test_what_cannot_be_followed_is_turned_down_with_what_to_type(talk, line, answer):
    a_pair(talk)

    talk.says("ada", line)

    if answer is None:
        assert talk.forms["ada"].fields[0].name == "ref"
    else:
        talk.hears("ada", answer)
    assert talk.heard["bob"] == []


def test_somebody_without_a_seat_hears_where_she_is(talk):
    programme, _circle = a_circle(talk)
    term_people.join(talk, programme, "emma")

    talk.says("emma", "/circle prompt")

    talk.hears("emma", "no seat in a circle yet")


def test_somebody_who_has_not_joined_is_invited_to(talk):
    a_circle(talk)

    talk.says("zoe", "/circle prompt")

    talk.hears("zoe", "/circle join")


def test_after_the_end_prompts_rest(talk):
    programme, circle = a_circle(talk)
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        row.state = "closed"
        programmes.save(db, row)

    talk.says("ada", f"/circle prompt another c{circle}")

    talk.hears("ada", "This programme has ended")


# Organisers tend the shelf.


def test_the_shelf_counts_by_theme_and_phase_and_tells_the_rhythm(talk):
    term_people.programme(talk)

    talk.says("olga", "/programme prompts")

    talk.hears("olga", "120 prompts in use, 0 retired.")
    talk.hears("olga", "every two weeks")
    talk.hears("olga", "None of your own yet.")
    shipped = [p for p in library.shipped("en") if p.theme == "balance"]
    cells = " ".join(str(sum(p.phase == phase for p in shipped)) for phase in library.PHASES)
    talk.hears("olga", f"Balance (balance): 7 · {cells}")


def test_a_theme_is_listed_in_pages_of_ten_with_ids_and_the_retired_marked(talk):
    programme = term_people.programme(talk)
    with talk.store.writing() as db:
        row = programmes.get(db, programme)
        for n in range(9):
            importing.add(
                db, row, theme="doubt", phase="rapport", depth="light", minutes=10, life="both", text=f"T{n}?"
            )
    talk.says("olga", "/programme prompts retire doubt-rapport-1")

    talk.says("olga", "/programme prompts list Doubt")

    heard = talk.hears("olga", "Doubt, page 1 of 2").words
    assert heard.count("\n- ") + heard.startswith("- ") == 10
    assert "retired doubt-rapport-1" in heard
    talk.presses("olga", "Next page")
    heard = talk.hears("olga", "page 2 of 2").words
    assert heard.count("\n- ") + heard.startswith("- ") == 6
    assert "own-9 T8?" in heard


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("list balence", "Did you mean balance?"),
        ("list xyzzy", "The themes are beyond-work"),
        ("list balance 2", "only one page"),
        ("list balance 0", "1 to 999"),
        ("list balance two", "not a whole number"),
        ("list balance 1 2", "can't place"),
        ("retire balance-raport-1", "Did you mean balance-rapport-1"),
        ("retire qqqqqqqqqqqq", "I know no prompt “qqqqqqqqqqqq”"),
        ("restore balance-rapport-1", "is on the shelf"),
        ("restore nothing-like-it", "I know no prompt"),
        ("add balance", None),
        ("add balence rapport", "Did you mean balance?"),
        ("add balance rapid", "not one of rapport"),
        ("add balance rapport huge", "not one of light"),
        ("add balance rapport light 4", "5 to 60"),
        ("add balance rapport light 61", "5 to 60"),
        ("add balance rapport light ten", "not a whole number"),
        ("add balance rapport light 10 family", "not one of professional"),
        ("add balance rapport light 10 both " + "x" * 601, "keep it to 600"),
        ("dial loud", "not one of off, light, or full"),
        ("dial off now", "can't place"),
        ("lst", "/programme prompts list"),
        ("import " + "x" * 4001, "keep it to 4000"),
    ],
)
def test_what_an_organiser_cannot_do_is_said_with_what_to_type(talk, line, answer):
    programme = term_people.programme(talk)

    talk.says("olga", f"/programme prompts {line}")

    if answer is None:
        assert "olga" in talk.forms
    else:
        talk.hears("olga", answer)
    with talk.store.writing() as db:
        assert rounds.own_prompts(db, programme) == []


@pytest.mark.parametrize("line", ["", " list balance", " add", " import", " retire balance-rapport-1", " dial off"])
def test_members_and_strangers_cannot_tend_the_shelf(talk, line):
    programme, _circle = a_circle(talk)

    for who in ("ada", "zoe"):
        talk.says(who, f"/programme prompts{line}")
        talk.hears(who, "for organisers")
    with talk.store.writing() as db:
        assert rounds.own_prompts(db, programme) == []


def test_another_programmes_organiser_is_kept_out_by_name_too(talk):
    programme = term_people.programme(talk)
    term_people.programme(talk, "other", organiser="omar")

    talk.says("omar", "/programme prompts retire balance-rapport-1 in:alemat")

    talk.hears("omar", "You don't organise “Alemat”")
    with talk.store.writing() as db:
        assert rounds.own_prompts(db, programme) == []


def test_a_retired_prompt_never_comes_until_it_is_restored(talk):
    programme, circle = a_circle(talk)
    only = "balance-rapport-2"
    assert "circle" in next(p for p in library.shipped("en") if p.id == only).audience
    retire_all(talk, programme, keep=(only,))

    talk.says("olga", f"/programme prompts retire {only.upper()}")
    talk.says("ada", "/circle prompt")
    talk.hears("ada", "your own questions lead")
    talk.says("olga", f"/programme prompts retire {only}")
    talk.hears("olga", "retired already")
    talk.says("olga", f"/programme prompts restore {only}")
    talk.says("ada", f"/circle prompt another c{circle}")

    assert had(talk, programme, f"c{circle}") == [only]


def test_a_prompt_is_added_in_two_short_forms_and_then_comes(talk):
    programme, circle = a_circle(talk)
    retire_all(talk, programme)

    talk.says("olga", "/programme prompts add")
    assert [f.name for f in talk.forms["olga"].fields] == ["theme", "phase"]
    talk.fills("olga", theme="allies", phase="rapport")
    assert [f.name for f in talk.forms["olga"].fields] == ["depth", "minutes", "life", "text"]
    talk.fills("olga", depth="light", minutes="10", life="both", text="Who made you laugh this week?")

    talk.hears("olga", "On the shelf as own-1, under Allies")
    talk.says("ada", f"/circle prompt another c{circle}")
    talk.hears("bob", "Who made you laugh this week?")


def test_a_wrong_number_of_minutes_is_shown_beside_its_question_and_nothing_is_lost(talk):
    term_people.programme(talk)
    talk.says("olga", "/programme prompts add allies rapport")

    talk.fills("olga", depth="light", minutes="3", life="both", text="Who made you laugh?")

    fields = {f.name: f for f in talk.forms["olga"].fields}
    assert fields["minutes"].error == "Minutes can be 5 to 60."
    assert fields["text"].initial == "Who made you laugh?"
    assert len(fields) <= 5
    talk.fills("olga", minutes="5")
    talk.hears("olga", "own-1")


def test_own_prompts_are_numbered_on_from_the_highest(talk):
    programme = term_people.programme(talk)
    talk.says("olga", f"/programme prompts import {HEAD}\nown-7,doubt,rapport,light,10,both,Why?")

    talk.says("olga", "/programme prompts add doubt rapport light 10 both And now?")

    talk.hears("olga", "own-8")
    with talk.store.writing() as db:
        assert [row.code for row in rounds.own_prompts(db, programme)] == ["own-7", "own-8"]


def test_an_import_brings_all_its_lines(talk):
    programme = term_people.programme(talk)
    talk.says("olga", "/programme prompts import")

    talk.fills(
        "olga", csv=f'{HEAD}\ntea,doubt,rapport,light,10,both,"Tea, or coffee?"\nsky,paths,Moving on,deep,20,both,Sky?'
    )

    talk.hears("olga", "2 prompts are on the shelf now.")
    with talk.store.writing() as db:
        texts = [shelf.of_row(row).text for row in rounds.own_prompts(db, programme)]
    assert texts == ["Tea, or coffee?", "Sky?"]


def test_an_import_with_mistakes_names_each_by_line_and_column_and_takes_nothing(talk):
    programme = term_people.programme(talk)
    talk.says("olga", "/programme prompts import")

    talk.fills(
        "olga",
        csv=f"{HEAD}\ngood,doubt,rapport,light,10,both,Fine?\nbalance-rapport-1,doubd,rapport,light,2,both,\nx,paths",
    )

    error = talk.forms["olga"].fields[0].error
    for words in (
        "Nothing was imported yet",
        "Line 3, theme: “doubd” is not known.",
        "Line 3, minutes: A whole number of minutes from 5 to 60",
        "Line 3, text: There is no text.",
        "Line 3, id: There is a prompt with this id already.",
        "Line 4: There are only 2 cells",
    ):
        assert words in error
    assert "good" in talk.forms["olga"].fields[0].initial
    with talk.store.writing() as db:
        assert rounds.own_prompts(db, programme) == []


def test_the_same_import_twice_is_refused_whole(talk):
    term_people.programme(talk)
    line = f"/programme prompts import {HEAD}\ntea,doubt,rapport,light,10,both,Tea?"
    talk.says("olga", line)

    talk.says("olga", line)

    talk.hears("olga", "Line 2, id: There is a prompt with this id already.")


def test_a_file_is_imported_from_outside_the_chat_all_or_none(talk):
    programme = term_people.programme(talk)
    good = f"{HEAD}\ntea,doubt,rapport,light,10,both,Tea?".encode()

    assert importing.import_prompts(talk.store, "local", "demo", "alemat", good, talk.now) == 1
    bad = f"{HEAD}\nsky,doubt,rapport,light,10,both,Sky?\nsun,doubt,rapport,light,0,both,Sun?".encode()
    with pytest.raises(FileRefused, match="Line 3, minutes"):
        importing.import_prompts(talk.store, "local", "demo", "alemat", bad, talk.now)
    with pytest.raises(BadCall, match="no programme “nobody”"):
        importing.import_prompts(talk.store, "local", "demo", "nobody", good, talk.now)

    with talk.store.writing() as db:
        assert [row.code for row in rounds.own_prompts(db, programme)] == ["tea"]
        assert [line.what for line in programmes.audit(db, programme)] == ["programme prompts import"]


def test_the_dial_plans_the_rest_of_the_term_anew(talk):
    programme, _circle = a_circle(talk)

    def planned():
        with talk.store.writing() as db:
            return [o.day for o in programmes.occurrences(db, programme, state="planned") if o.kind == "prompt"]

    talk.says("olga", "/programme prompts dial light")
    light = planned()
    talk.says("olga", "/programme prompts dial full")
    talk.hears("olga", "every week")
    full = planned()
    assert {b - a for a, b in itertools.pairwise(light)} == {timedelta(14)}
    assert {b - a for a, b in itertools.pairwise(full)} == {timedelta(7)}
    talk.says("olga", "/programme prompts dial off")
    talk.hears("olga", "Prompts are off")
    assert planned() == []


def test_the_dial_of_a_programme_that_has_ended_stays(talk):
    term_people.programme(talk, state="closed")

    talk.says("olga", "/programme prompts dial full")

    talk.hears("olga", "has ended")


# Rules with an invariant.


def test_own_words_in_the_programmes_language_come_before_the_shipped_ones(talk):
    programme, circle = a_circle(talk, language="fr")
    talk.says("olga", "/programme prompts add allies rapport light 10 both Qui vous a fait rire ?")

    talk.says("ada", f"/circle prompt another c{circle}")
    talk.says("ada", f"/circle prompt another c{circle}")

    first, second = had(talk, programme, f"c{circle}")
    assert first == "own-1"
    assert second in {p.id for p in library.shipped("en")}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=60))
def test_the_longest_button_fits_whatever_the_prompts_id(code):
    mark = shelf.stamp(code)
    assert len(mark) == 8
    assert len(f"circle prompt post {10**9} {mark} in:{'s' * 40}") <= 100


def test_no_two_shipped_prompts_have_the_same_stamp():
    assert len({shelf.stamp(p.id) for p in library.shipped("en")}) == len(library.shipped("en"))


SOME = [p.id for p in library.shipped("en")][::9]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(1, 40), days=st.integers(0, 270))
def test_looking_on_and_on_shows_each_prompt_that_fits_once_and_then_ends(talk, number, days):
    with talk.store.writing() as db:
        workspace = people.workspace(db, talk.platform, talk.workspace)
        known = programmes.by_slug(db, workspace.id, "alemat")
    if known is None:
        retire_all(talk, term_people.programme(talk), keep=SOME)
    with talk.store.writing() as db:
        row = programmes.by_slug(db, workspace.id, "alemat")
        seen, after = [], ""
        while True:
            prompt = shelf.peek(
                db, row, audience="m1+m2", company="pair", day=MONDAY + timedelta(days), number=number, after=after
            )
            if prompt is None:
                break
            seen.append(prompt.id)
            after = shelf.stamp(prompt.id)
    assert sorted(seen) == sorted(p.id for p in library.shipped("en") if p.id in SOME and "pair" in p.audience)


def test_in_a_whole_term_the_same_company_never_gets_a_prompt_twice_in_whichever_room(talk):
    mentors, mentees = ("ana", "bea", "cleo"), ("kim", "lina", "mona")
    here = rounds_people.term(talk, mentors, mentees, rotation="tables", table_size=6, prompts="full")
    talk.passes(days=30)
    assert here.groups(1) == {frozenset((*mentors, *mentees))}  # the table is the whole circle
    for _day in range(3):
        talk.passes(days=1)
        for _time in range(2):
            talk.presses("kim", "Another prompt")
            talk.says("kim", f"/circle prompt another c{here.circle}")
    talk.passes(until=datetime(2027, 6, 1, 9, tzinfo=UTC))
    assert len(quotes(talk, "lina")) > 20
    assert len(set(quotes(talk, "lina"))) == len(quotes(talk, "lina"))
