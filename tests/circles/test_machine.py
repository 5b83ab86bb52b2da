"""Anything in any order: people join, leave, pause, skip, avoid and answer, the clock ticks; what must hold, holds."""

import shutil
import tempfile
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import stores
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func
from sqlmodel import select
from talk import Talk

from circles.rotation import past
from storage import members, programmes, rounds
from storage.tables import Delivery, Placement, PromptUse, Reach, Round

NAMES = ("ada", "bob", "cleo", "dana", "esi", "fay", "gita", "hana", "ines", "jude")
who = st.sampled_from(NAMES)


class Circle(RuleBasedStateMachine):
    """A circle of up to ten people, two to a meeting, and everything that can happen to it."""

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = stores.new(self.folder)
        self.talk = Talk(self.store, now=datetime(2027, 1, 4, 7, tzinfo=UTC))
        self.history = ()
        self.blocked_at = {}  # pair -> number of rounds when the word was said

    def teardown(self):
        self.store.close()
        shutil.rmtree(self.folder)

    @initialize(rotation=st.sampled_from(("mentor-mentee", "everyone", "tables")), odd=st.sampled_from(("trio", "bye")))
    def forms_a_circle(self, rotation, odd):
        says, fills = self.talk.says, self.talk.fills
        says("olga", "/programme setup")
        fills("olga", name="Any", purpose="p", objectives="o")
        for step, answers in (
            (2, {"mentors_found": "x", "mentors": "5"}),
            (3, {"eligibility": "x", "mentees": "5"}),
            (4, {"rotation": rotation, "odd": odd}),
            (5, {"start": "11 January 2027", "weeks": "20", "every_weeks": "1", "zone": "UTC"}),
            (7, {"evaluation": "x"}),
        ):
            says("olga", f"/programme setup {step}")
            fills("olga", **answers)
        says("petra", "/circle")
        says("olga", "/programme organisers add @petra")
        says("olga", "/programme settings table-size 3")
        says("olga", "/programme call")
        for number, name in enumerate(NAMES[:8]):
            self.signs_up(name, "mentor" if number % 2 else "mentee")
        says("olga", "/programme form")
        self.talk.presses("olga", "Confirm these circles")

    def signs_up(self, name, stance):
        self.talk.says(name, "/circle join")
        if name not in self.talk.forms:
            return
        self.talk.fills(name, stance=stance, offers="statistics", wants="writing")
        self.talk.fills(name, languages="English", institution=f"University of {name}", stage="senior")
        self.talk.fills(name, zone="UTC")

    @rule(name=who, stance=st.sampled_from(("mentor", "mentee", "both")))
    def joins_late(self, name, stance):
        self.signs_up(name, stance)
        self.talk.says("olga", f"/programme circles move @{name} 1")

    @rule(name=who)
    def leaves(self, name):
        self.talk.says(name, "/circle leave yes")

    @rule(name=who, days=st.integers(1, 40))
    def pauses(self, name, days):
        self.talk.says(name, f"/circle pause in {days} days")

    @rule(name=who)
    def comes_back(self, name):
        self.talk.says(name, "/circle resume")

    @rule(name=who)
    def skips(self, name):
        self.talk.says(name, "/circle skip")

    @rule(name=who, other=who)
    def avoids(self, name, other):
        self.talk.says(name, f"/circle avoid @{other}")
        if name != other:
            self.blocked_at.setdefault(frozenset({name, other}), self.rounds_so_far())

    @rule(name=who, answer=st.sampled_from(("yes", "no", "later")))
    def says_how_it_went(self, name, answer):
        self.talk.says(name, f"/circle met {answer}")

    @rule(days=st.integers(1, 12))
    def days_pass(self, days):
        self.talk.passes(days=days)

    @rule(weeks=st.sampled_from(("off", "full", "light")))
    def dial_is_turned(self, weeks):
        self.talk.says("olga", f"/programme prompts dial {weeks}")

    @precondition(lambda self: self.talk.now < datetime(2027, 3, 1, tzinfo=UTC))
    @rule()
    def a_week_is_kept_free(self):
        self.talk.says("olga", "/programme schedule blackout 2027-03-15 2027-03-21 rest")
        self.talk.presses("olga", "Keep these days free")

    def rounds_so_far(self):
        with self.store.writing() as db:
            return db.exec(select(func.count()).select_from(Round)).one()

    @invariant()
    def nobody_is_placed_twice_and_no_pair_that_avoids_meets(self):
        with self.store.writing() as db:
            names = {
                member.id: person.outside_id
                for programme in programmes.running(db)
                for member, person in members.in_programme(
                    db, programme.id, states=("waiting", "seated", "paused", "left")
                )
            }
            for row in db.exec(select(Round)):
                placed = rounds.placements(db, [row.id])
                assert len({p.member_id for p in placed}) == len(placed)
                groups = {}
                for placement in placed:
                    if placement.group_id is not None:
                        groups.setdefault(placement.group_id, []).append(names.get(placement.member_id))
                for group in groups.values():
                    assert len(group) >= 2
                    for pair in map(frozenset, combinations(group, 2)):
                        assert self.blocked_at.get(pair, 10_000) >= row.number, (pair, row.number)

    @invariant()
    def every_key_is_unique_and_every_delivery_has_a_state(self):
        with self.store.writing() as db:
            keys = list(db.exec(select(Delivery.key)))
            assert len(keys) == len(set(keys))
            uses = [(u.audience, u.prompt) for u in db.exec(select(PromptUse))]
            assert len(uses) == len(set(uses))
            late = db.exec(select(Delivery).where(Delivery.state == "ready", Delivery.run_at <= self.talk.now)).all()
            assert late == []

    @invariant()
    def history_only_grows(self):
        with self.store.writing() as db:
            now = tuple((r.circle_id, r.number) for r in db.exec(select(Round).order_by(Round.id)))
        assert now[: len(self.history)] == self.history
        self.history = now

    @invariant()
    def nobody_gets_more_than_two_nudges_a_week(self):
        with self.store.writing() as db:
            rows = db.exec(
                select(Reach.person_id, Reach.week, func.count())
                .join(Delivery, Delivery.id == Reach.delivery_id)
                .where(Delivery.is_urgent == 0, Delivery.person_id.is_not(None))
                .group_by(Reach.person_id, Reach.week)
            ).all()
            assert all(count <= 2 for _person, _week, count in rows), rows

    @invariant()
    def who_met_is_what_people_said(self):
        with self.store.writing() as db:
            for programme in programmes.running(db):
                for circle in programmes.circles(db, programme.id):
                    said_no = {
                        (p.round_id, p.member_id) for p in db.exec(select(Placement).where(Placement.answer == "no"))
                    }
                    numbers = {r.number: r.id for r in rounds.of_circle(db, circle.id)}
                    for placement in past.history(db, circle.id).placements:
                        for pair in placement.met:
                            assert not any((numbers[placement.number], m) in said_no for m in pair)


Circle.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCircle = Circle.TestCase
