"""Mentors, mentees and those who are both: who takes which side, how many a mentor takes, and who must wait."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rotation_play import Play, countable, faults_of_round, has_room, mentors_and_mentees, pair, pairs_in, sides

from circles.rotation import rules
from circles.rotation.ledger import Turnout
from circles.rotation.memory import remember
from circles.rotation.rules import History, NoRound, Placement, Player, Rotation, RoundPlan, SitOut
from circles.rotation.stars import separated

ADA, BOB, CLEO, DANA, EVE, FAY = range(1, 7)
SEEDS = st.integers(0, 10**9)
ROLES: st.SearchStrategy[rules.Role] = st.sampled_from(("mentor", "mentee", "both"))
Walls = set[frozenset[int]]


def every_round(players: list[Player], rotation: Rotation, walls: Walls) -> Iterator[tuple[frozenset[int], ...]]:
    """Every way to bring some of these people together."""
    usually = 2 if rotation.odd == "trio" else 1

    @cache
    def may_meet(group: frozenset[int]) -> bool:
        return has_room(group, players, usually) and not pairs_in(group) & walls

    def beginning(rest: frozenset[int]) -> Iterator[tuple[frozenset[int], ...]]:
        if not rest:
            yield ()
            return
        one, others = min(rest), rest - {min(rest)}
        yield from beginning(others)
        for size in range(1, len(rest)):
            for some in combinations(sorted(others), size):
                if may_meet(group := frozenset((one, *some))):
                    for further in beginning(others.difference(some)):
                        yield (group, *further)

    return beginning(frozenset(player.id for player in players))


def best_of_all(play: Play, players: list[Player], plan: RoundPlan) -> tuple[int, int]:
    """The most people any round could seat; and the fewest repeats in one with as many people and groups."""
    counted = countable(players, play.rotation) & {two for held in play.history.placements for two in held.met}
    placed = sum(len(group.people) for group in plan.groups)
    most, fewest = 0, 99
    for groups in every_round(players, play.rotation, play.blocked):
        seated = sum(map(len, groups))
        most = max(most, seated)
        if seated == placed and len(groups) == len(plan.groups):
            fewest = min(fewest, sum(len(pairs_in(group) & counted) for group in groups))
    return most, fewest


# both


@given(st.sampled_from((5, 7)), st.data(), SEEDS)
@settings(max_examples=25, deadline=None)
def test_with_some_who_are_both_and_an_odd_number_nobody_meets_again_who_need_not(
    n: int, data: st.DataObject, seed: int
) -> None:
    roles = data.draw(st.lists(ROLES, min_size=n, max_size=n).filter(lambda drawn: drawn.count("both") > n // 3))
    play = Play([Player(at, role) for at, role in enumerate(roles, 1)], Rotation("mentor-mentee"), seed)
    for _ in range(5):
        before = play.history
        plan = play.round(fails=0.2)
        play.history, after = before, play.history
        assert not plan.sitting_out
        assert (n, len(plan.repeats)) == best_of_all(play, play.players, plan)
        play.history = after


def test_seven_who_are_all_both_meet_new_people_for_three_rounds_before_anybody_meets_again() -> None:
    for seed in range(12):
        play = Play([Player(person, "both") for person in range(1, 8)], Rotation("mentor-mentee"), seed)
        play.rounds(3)
        assert [plan.repeats for plan in play.plans] == [(), (), ()]


def test_nine_of_whom_half_are_both_repeat_nothing_that_another_round_could_spare_them() -> None:
    roles: list[rules.Role] = ["mentor", "mentor", "mentee", "mentee", "both", "both", "both", "both", "both"]
    play = Play([Player(at, role) for at, role in enumerate(roles, 1)], Rotation("mentor-mentee"), 5)
    for _ in range(6):
        before = play.history
        plan = play.round()
        play.history, after = before, play.history
        assert (9, len(plan.repeats)) == best_of_all(play, play.players, plan)
        play.history = after


def test_whoever_is_both_takes_the_side_that_blocks_ask_for() -> None:
    # Three mentors and two mentees: ada would even the sides as a mentee, but may meet only bob, and he only her.
    mentors = (CLEO, DANA, EVE)
    players = [Player(ADA, "both"), Player(BOB, "mentee"), *(Player(one, "mentor") for one in mentors)]
    players.append(Player(FAY, "mentee"))
    walls = {pair(one, mentor) for one in (ADA, BOB) for mentor in mentors}
    odds: tuple[tuple[rules.Odd, int], ...] = (("trio", 5), ("bye", 4))
    for odd, seated in odds:
        rotation = Rotation("mentor-mentee", odd=odd)
        plan = rules.next_round(players, History(), rotation, walls, number=1, seed=1)
        assert not faults_of_round(plan, players, History(), rotation, walls)
        assert (ADA, BOB) in [group.people for group in plan.groups]
        assert sum(len(group.people) for group in plan.groups) == seated


def test_blocks_may_ask_for_a_mentor_with_two_mentees_and_a_mentee_with_two_mentors_in_one_round() -> None:
    players = [Player(one, "mentor") for one in (ADA, BOB, CLEO)] + [Player(one, "mentee") for one in (DANA, EVE, FAY)]
    walls = {pair(BOB, DANA), pair(BOB, EVE), pair(CLEO, DANA), pair(CLEO, EVE), pair(EVE, FAY)}
    for seed in range(5):
        plan = rules.next_round(players, History(), Rotation("mentor-mentee"), walls, number=1, seed=seed)
        assert [group.people for group in plan.groups] == [(ADA, DANA, EVE), (BOB, CLEO, FAY)]


def test_where_blocks_leave_some_out_each_time_the_others_repeat_no_pair_of_a_trio_needlessly() -> None:
    # One to seven may all meet; nine, ten and eleven may each meet eight, and nobody else.
    walls = {pair(one, other) for one in range(1, 8) for other in range(8, 12)} | pairs_in((9, 10, 11))
    for seed in range(6):
        play = Play([Player(person, "both") for person in range(1, 12)], Rotation("mentor-mentee"), seed, walls)
        play.rounds(2)
        assert [len(plan.sitting_out) for plan in play.plans] == [2, 2]
        assert [plan.repeats for plan in play.plans] == [(), ()]


# room


ROOM = st.sampled_from((None, 0, 1, 2, 3, 5))


@st.composite
def circles(draw: st.DrawFn) -> tuple[list[Player], Rotation, Walls]:
    n = draw(st.integers(2, 8))
    players = [Player(person, draw(ROLES), draw(ROOM)) for person in range(1, n + 1)]
    rotation = Rotation("mentor-mentee", odd=draw(st.sampled_from(("trio", "bye"))))
    pairs = sorted(pairs_in(range(1, n + 1)), key=sorted)
    return players, rotation, draw(st.sets(st.sampled_from(pairs), max_size=draw(st.sampled_from((0, 1, 3, 12)))))


@given(circles(), SEEDS)
@example(
    (
        [Player(1, "mentor", 1), Player(2, "mentor", 5), *(Player(person, "mentee") for person in range(3, 9))],
        Rotation("mentor-mentee", odd="bye"),
        {pair(3, 4)},
    ),
    1,
)
@settings(max_examples=80, deadline=None)
def test_a_round_seats_as_many_as_any_round_could_and_then_repeats_as_little(
    circle: tuple[list[Player], Rotation, Walls], seed: int
) -> None:
    players, rotation, walls = circle
    if not countable(players, rotation) - walls:
        return
    play = Play(players, rotation, seed, walls)
    for _ in range(3):
        before = play.history
        plan = play.round()
        play.history, after = before, play.history
        most, fewest = best_of_all(play, players, plan)
        assert sum(len(group.people) for group in plan.groups) == most
        if not set(sides(players)) & {sitter.person for sitter in plan.sitting_out}:
            assert len(plan.repeats) == fewest
        play.history = after


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 20), SEEDS)
@settings(max_examples=60, deadline=None)
def test_mentors_fill_their_room_and_no_more_and_nobody_takes_a_third_while_another_with_room_has_one(
    rooms: list[int], mentees: int, seed: int
) -> None:
    players = [Player(at, "mentor", room) for at, room in enumerate(rooms, 1)]
    players += [Player(person, "mentee") for person in range(len(rooms) + 1, len(rooms) + mentees + 1)]
    play = Play(players, Rotation("mentor-mentee"), seed)
    waits: list[set[int]] = []
    for _ in range(4):
        plan = play.round()
        waits.append({sitter.person for sitter in plan.sitting_out})
        if mentees >= len(rooms):
            taken = {group.people[0]: len(group.people) - 1 for group in plan.groups}
            assert sum(taken.values()) == min(mentees, sum(rooms))
            assert all(taken[at] <= room for at, room in enumerate(rooms, 1))
            if not plan.repeats:
                spare = [taken[at] for at, room in enumerate(rooms, 1) if taken[at] < room]
                assert max(taken.values()) <= max(2, 1 + min(spare, default=5))
    for now, then in pairwise(waits):
        assert not now & then or len(now) * 2 > len(players) - len(rooms)


def test_a_mentor_with_room_for_five_seats_five_of_nine_and_the_four_who_wait_take_turns() -> None:
    players = [Player(1, "mentor", 5), *(Player(person, "mentee") for person in range(2, 11))]
    play = Play(players, Rotation("mentor-mentee"), 3)
    assert [len(group.people) for group in play.round().groups] == [6]
    play.rounds(8)
    times = [sum(person in byes for byes in play.byes()) for person in range(2, 11)]
    assert times == [4] * 9
    assert not any(now & then for now, then in zip(play.byes(), play.byes()[1:], strict=False))


def test_a_mentor_without_room_sits_out_and_says_so_while_her_like_who_is_both_is_a_mentee() -> None:
    players = [Player(ADA, "mentor", 0), Player(BOB, "both", 0), Player(CLEO, "mentor", 3), Player(DANA, "mentee")]
    play = Play(players, Rotation("mentor-mentee"), 1)
    plan = play.round()
    assert [group.people for group in plan.groups] == [(CLEO, BOB, DANA)]
    assert plan.sitting_out == (SitOut(ADA, "no-room"),)
    assert rules.coverage(players, play.history, play.rotation, ()) == (2, 2)
    everyone = rules.next_round(players, History(), Rotation("everyone"), (), number=1, seed=1)
    assert sorted(len(group.people) for group in everyone.groups) == [2, 2]


@pytest.mark.parametrize(
    ("players", "rule", "reasons"),
    [
        ([Player(ADA, "mentor", 0), Player(BOB, "mentee")], "no-mentor", ["no-room", "more-mentees"]),
        ([Player(ADA, "both", 0), Player(BOB, "mentee")], "no-mentor", ["more-mentees", "more-mentees"]),
        ([Player(ADA, "mentor", 0), Player(BOB, "mentor", 0)], "no-mentee", ["no-room", "no-room"]),
        ([Player(ADA, "mentor", 0), Player(BOB, "both", 2)], "too-few", ["no-room", "too-few"]),
    ],
)
def test_a_round_in_which_no_mentor_has_room_is_impossible_and_says_why_to_each(
    players: list[Player], rule: str, reasons: list[str]
) -> None:
    with pytest.raises(NoRound) as no:
        rules.next_round(players, History(), Rotation("mentor-mentee"), (), number=1, seed=1)
    assert no.value.rule == rule
    assert [sitter.reason for sitter in no.value.sitting_out] == reasons


def test_a_mentee_who_has_room_for_one_meets_one_mentor_at_a_time() -> None:
    players = [*mentors_and_mentees(5, 0), Player(6, "mentee", 1), Player(7, "mentee", 1), Player(8, "mentee")]
    for seed in range(6):
        plan = rules.next_round(players, History(), Rotation("mentor-mentee"), (), number=1, seed=seed)
        assert sorted((len(group.people), group.people[-1]) for group in plan.groups) == [(2, 6), (2, 7), (3, 8)]


# many


def test_in_a_crowd_somebody_moves_on_to_make_room_for_one_whom_blocks_leave_over() -> None:
    # cleo and dana are with ada, who has room for two; bob's only seat is free for eve alone, who must leave ada's.
    people = (ADA, BOB, CLEO, DANA, EVE)
    walls = frozenset((pair(CLEO, DANA), pair(BOB, DANA), pair(BOB, CLEO)))
    memory = remember(History(), 1)
    roles: dict[int, rules.Role] = {ADA: "mentor", BOB: "mentor", CLEO: "mentee", DANA: "mentee", EVE: "mentee"}
    turnout = Turnout(people, roles, walls, memory.turns(people), memory, "trio", {ADA: 2, BOB: 1})
    assert separated(turnout, [(ADA, CLEO, DANA), (BOB, EVE)]) == [(ADA, CLEO), (BOB, EVE)]
    walls = frozenset((pair(CLEO, DANA), pair(BOB, DANA)))
    turnout = Turnout(people, roles, walls, memory.turns(people), memory, "trio", {ADA: 2, BOB: 2})
    assert separated(turnout, [(ADA, CLEO, DANA), (BOB, EVE)]) == [(ADA, DANA), (BOB, EVE, CLEO)]


def test_the_odd_one_of_a_crowd_joins_a_pair_that_has_room_for_her() -> None:
    roles: tuple[rules.Role, ...] = ("mentor", "mentee", "both")
    players = [Player(at, roles[at % 3], 1 if at < 380 else 2) for at in range(1, 400)]
    plan = rules.next_round(players, History(), Rotation("mentor-mentee"), (), number=1, seed=1)
    assert not faults_of_round(plan, players, History(), Rotation("mentor-mentee"), ())
    assert not plan.sitting_out


# planted faults


def test_the_second_opinion_sees_a_mentor_without_room_and_a_mentee_who_meets_more_than_she_has_room_for() -> None:
    players = [Player(ADA, "mentor", 0), Player(BOB, "mentee", 1), Player(CLEO, "mentor"), Player(DANA, "mentor")]
    rotation = Rotation("mentor-mentee")
    for people in ((ADA, BOB), (CLEO, DANA, BOB)):
        out = tuple(SitOut(player.id, "blocked") for player in players if player.id not in people)
        plan = RoundPlan((rules.MeetingGroup(people),), out, ())
        assert "a group has the wrong size" in faults_of_round(plan, players, History(), rotation, ())
    again = History((Placement(1, pair(BOB, CLEO), frozenset({pair(BOB, CLEO)})),))
    plan = RoundPlan((rules.MeetingGroup((CLEO, BOB)),), (SitOut(ADA, "no-room"), SitOut(DANA, "blocked")), ())
    assert faults_of_round(plan, players, again, rotation, ()) == {"the repeats are wrong"}
