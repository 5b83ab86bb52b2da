"""An Alemat-shaped year in one conversation: a circle of 10 + 10 among twenty-six academics, played to its end.

What belongs to later work is not in it yet: ties chosen by both sides, the agreement, tables across zones with host
and timekeeper, the trial's question, surveys, and the next ring.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from sqlmodel import select
from talk import Talk

from circles.membership import importing, roster
from circles.rotation import past
from storage import members, people, programmes, rounds
from storage.tables import Reach

START = datetime(2026, 9, 1, 7, tzinfo=UTC)
ZONE = "Asia/Amman"


@pytest.fixture
def talk(store):
    """The whole year runs on SQLite and on a real PostgreSQL server."""
    return Talk(store, now=START, zones={"rana": ZONE, "huda": ZONE})


def sets_up(talk):
    """Two organisers, seven steps, nobody else messaged."""
    talk.says("rana", "/programme setup")
    talk.fills("rana", name="DEMN", purpose="A network inside the country", objectives="Ten new colleagues each")
    for step, answers in (
        (2, {"mentors_found": "Self-declared", "mentors": "10"}),
        (3, {"eligibility": "Women professors in science", "mentees": "10"}),
        (4, {"across_institutions": "yes"}),
        (5, {"start": "5 October 2026", "weeks": "39", "zone": ZONE}),
        (6, {}),
        (7, {"evaluation": "Satisfaction first"}),
    ):
        talk.says("rana", f"/programme setup {step}")
        talk.fills("rana", **answers)
    talk.says("rana", "/programme call")
    talk.hears("rana", "second")  # one organiser is refused
    talk.says("huda", "/circle")  # heard of for the first time
    talk.says("rana", "/programme organisers add @huda")
    talk.says("rana", "/programme call")


def joins(talk):
    """Twenty-six declare themselves; Ada by the form, the others by a roster."""
    sample = roster.sample()
    entries = roster.parse(sample)
    ada = next(entry for entry in entries if entry.user == "ada")
    assert importing.import_roster(
        talk.store, "local", "demo", "demn", roster.render(e for e in entries if e.user != "ada"), talk.now
    ).count == 25  # fmt: skip
    talk.zones["ada"] = ada.profile.zone
    talk.says("ada", "/circle join")
    talk.fills("ada", stance="mentor", offers=", ".join(ada.profile.offers))
    talk.fills("ada", languages="English, Igbo", institution=ada.profile.institution, stage="senior")
    talk.fills("ada", zone=ada.profile.zone)
    talk.hears("ada", "26")


def answers(talk, rng_key):
    """Let everybody who is asked say yes or no by button; who says what depends on her name alone."""
    for who, heard in list(talk.heard.items()):
        for one in heard[talk.read.get(who, 0) :]:
            calls = [b.call for b in one.message.buttons() if b.call.startswith("circle met")]
            if calls and one.room and who not in talk.silent:
                yes = (len(who) + rng_key) % 6 != 0
                wanted = [c for c in calls if c.startswith("circle met yes" if yes else "circle met no")]
                if wanted:
                    talk.says(who, wanted[0])
        talk.read[who] = len(talk.heard[who])


def lives(talk, until):
    """Let days pass; people answer in the evening."""
    while talk.now < until:
        talk.passes(until=min(talk.now + timedelta(days=1), until))
        answers(talk, talk.now.isocalendar().week)


def messages_by_week(talk):
    """Count what each person got from the bot by itself in each of her local weeks, rooms of the whole circle aside."""
    counts = Counter()
    with talk.store.writing() as db:
        for row in db.exec(select(Reach)):
            counts[row.person_id, row.week] += 1
    return counts


@pytest.mark.timeout(900)
def test_an_alemat_shaped_year(talk):
    talk.read, talk.silent = {}, {"meera"}
    sets_up(talk)
    for who in [w for w in talk.heard if w not in {"rana", "huda"}]:
        assert talk.heard[who] == []
    joins(talk)

    # 10 + 10 seats are filled, "both" balancing; the rest wait with a truthful place.
    talk.says("rana", "/programme form")
    talk.hears("rana", "10 mentors + 10 mentees")
    talk.presses("rana", "Confirm these circles")
    talk.hears("rana", "20 people have a seat, 6 wait")
    with talk.store.writing() as db:
        demn = programmes.by_slug(db, people.workspace(db, "local", "demo").id, "demn")
        (circle,) = programmes.circles(db, demn.id)
        seated = members.seated(db, circle.id)
        assert Counter(seat.role for seat, _m, _p in seated) == {"mentor": 10, "mentee": 10}
        assert len({m.institution for _s, m, _p in seated}) == 20
        assert demn.starts_on == date(2026, 10, 5)
        waiting = [p.outside_id for m, p in members.in_programme(db, demn.id, states=("waiting",))]
    for place, who in enumerate(waiting, 1):
        talk.says(who, "/circle status")
        talk.hears(who, f"{place}")

    # A goal stays with its owner; a priority is swapped without a comment.
    talk.says("cleo", "/circle goal add SECRET grant application")
    lives(talk, datetime(2026, 11, 20, 6, tzinfo=UTC))
    talk.says("cleo", "/circle goal park 1")
    talk.says("cleo", "/circle goal add SECRET time with my father")
    # One steps back for a month and comes back by herself; one leaves without a reason and nobody is told why.
    talk.says("bob", "/circle pause 20 December 2026")
    talk.says("esi", "/circle leave")
    talk.presses("esi", "Leave")
    talk.says("rana", "/programme report")
    talk.hears("rana", "Left: 1")
    lives(talk, datetime(2027, 3, 29, 6, tzinfo=UTC))
    # A round still begins at nine on the wall after the clocks of many countries have changed.
    talk.says("rana", "/programme rounds")
    talk.hears("rana", "round 12")
    lives(talk, datetime(2027, 7, 20, 6, tzinfo=UTC))

    with talk.store.writing() as db:
        demn = programmes.by_slug(db, people.workspace(db, "local", "demo").id, "demn")
        assert demn.state == "closed"
        history = past.history(db, circle.id)
        rows = rounds.of_circle(db, circle.id)
        assert len(rows) == 20
        for row in rows:
            placed = [p.member_id for p in rounds.placements(db, [row.id])]
            assert len(placed) == len(set(placed))
    # Everybody who could has met, before anybody was sent to the same person again and again.
    times = Counter(pair for placement in history.placements for pair in placement.met)
    with talk.store.writing() as db:
        role = {member.id: seat.role for seat, member, _person in members.seated(db, circle.id)}
    crossing = [frozenset(two) for two in combinations(role, 2) if len({role[one] for one in two}) == 2]
    assert {times[pair] for pair in crossing} == {2, 3}
    # Two mentors who share a mentee in a round of odd numbers are company for each other, and no pair of the rotation.
    assert max(times.values()) <= 4
    assert max(messages_by_week(talk).values()) <= 2

    # The end: thanks, what next, a record of dates and hours without names.
    talk.says("cleo", "/circle record")
    record = talk.heard["cleo"][-1].words
    assert "Thandiwe" not in record
    for who in talk.heard:
        if who != "cleo":
            talk.never_hears(who, "SECRET")
        if who != "esi":
            talk.never_hears(who, "Esi Mensah has left")
    talk.presses("cleo", "Join next term")
