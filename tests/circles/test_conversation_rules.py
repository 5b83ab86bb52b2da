"""A group's next prompt: never a second time, in the phase it is in, within what it agreed, and the same by replay."""

import random
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circles.conversation.library import (
    AUDIENCES,
    DEPTHS,
    LIVES,
    PHASES,
    THEMES,
    Audience,
    Depth,
    Life,
    Prompt,
    shipped,
)
from circles.conversation.rules import choose, phase_at


def prompt(name: str, **changes: object) -> Prompt:
    plain = Prompt(
        id=name,
        theme="success",
        phase="rapport",
        depth="light",
        minutes=10,
        life="both",
        audience=frozenset(AUDIENCES),
        tags=frozenset(),
        language="en",
        text="What went well?",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def chosen(prompts: list[Prompt], **wishes: object) -> str | None:
    found = choose(prompts, **({"phase": "rapport", "audience": "pair", "used": (), "seed": 1} | wishes))  # type: ignore[arg-type]
    return found.id if found else None


@pytest.mark.parametrize(
    ("other", "wishes"),
    [
        ({}, {"used": {"no"}}),
        ({}, {"retired": {"no"}}),
        ({"audience": frozenset({"table", "circle"})}, {}),
        ({"language": "ar"}, {}),
        ({"life": "personal"}, {"life": "professional"}),
        ({"life": "professional"}, {"life": "personal"}),
        ({"depth": "medium"}, {"depth_limit": "light"}),
        ({"depth": "deep"}, {"depth_limit": "medium"}),
    ],
    ids=[
        "had it",
        "withdrawn",
        "other company",
        "other language",
        "too personal",
        "too professional",
        "not light",
        "deep",
    ],
)
def test_a_prompt_that_does_not_fit_is_never_chosen(other: dict[str, object], wishes: dict[str, object]) -> None:
    assert chosen([prompt("no", **other)], **wishes) is None
    assert chosen([prompt("no", **other), prompt("yes", phase="moving-on", theme="doubt")], **wishes) == "yes"


@pytest.mark.parametrize("life", LIVES)
def test_a_prompt_that_leaves_the_side_of_life_open_fits_every_agreement(life: Life) -> None:
    assert chosen([prompt("open")], life=life) == "open"


@pytest.mark.parametrize("life", LIVES)
def test_a_group_that_agreed_on_everything_gets_every_kind(life: Life) -> None:
    assert chosen([prompt("any", life=life)], life="both") == "any"


@pytest.mark.parametrize(
    ("phase", "order"),
    [
        ("rapport", "rapport direction progress winding-down moving-on"),
        ("direction", "direction rapport progress winding-down moving-on"),
        ("progress", "progress direction winding-down rapport moving-on"),
        ("winding-down", "winding-down progress moving-on direction rapport"),
        ("moving-on", "moving-on winding-down progress direction rapport"),
    ],
)
def test_the_phase_comes_first_and_then_its_neighbours_the_earlier_before_the_later(phase: str, order: str) -> None:
    prompts = [prompt(name, phase=name) for name in PHASES]
    heard: list[str] = []
    while found := chosen(prompts, phase=phase, used=heard):
        heard.append(found)
    assert heard == order.split()


def test_getting_acquainted_starts_light() -> None:
    prompts = [prompt(depth, depth=depth, theme=theme) for depth, theme in zip(DEPTHS, THEMES, strict=False)]
    heard: list[str] = []
    while found := chosen(prompts, used=heard):
        heard.append(found)
    assert heard == ["light", "medium", "deep"]


def test_themes_take_turns_and_the_one_heard_longest_ago_returns_first() -> None:
    prompts = [prompt(theme, theme=theme) for theme in ("doubt", "paths", "skills")]
    assert chosen(prompts, recent_themes=["doubt", "paths"]) == "skills"
    assert chosen(prompts, recent_themes=["doubt", "paths", "skills"]) == "doubt"
    assert chosen(prompts, recent_themes=["doubt", "paths", "skills", "doubt"]) == "paths"


def test_other_seeds_bring_other_prompts() -> None:
    prompts = [prompt(str(number)) for number in range(10)]
    counts = Counter(chosen(prompts, seed=seed) for seed in range(1000))
    assert len(counts) == 10
    assert min(counts.values()) > 60


def test_a_new_prompt_in_the_library_takes_a_place_and_reshuffles_nothing_else() -> None:
    prompts = [prompt(str(number)) for number in range(10)]
    for seed in range(50):
        assert chosen([*prompts, prompt("new")], seed=seed) in {chosen(prompts, seed=seed), "new"}


def test_a_phase_that_does_not_exist_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="no phase “raport”"):
        chosen([prompt("one")], phase="raport")


PROMPTS = st.lists(
    st.builds(
        prompt,
        st.integers(0, 200).map(str),
        theme=st.sampled_from(THEMES[:4]),
        phase=st.sampled_from(PHASES),
        depth=st.sampled_from(DEPTHS),
        life=st.sampled_from(LIVES),
        audience=st.sets(st.sampled_from(AUDIENCES), min_size=1).map(frozenset),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(
    prompts=PROMPTS,
    phase=st.sampled_from(PHASES),
    audience=st.sampled_from(AUDIENCES),
    depth=st.sampled_from(DEPTHS),
    life=st.sampled_from(LIVES),
    seed=st.integers(),
    shelf=st.randoms(),
)
def test_a_group_hears_every_fitting_prompt_once_and_then_none_whatever_the_order_of_the_shelf(
    prompts: list[Prompt], phase: str, audience: Audience, depth: Depth, life: Life, seed: int, shelf: random.Random
) -> None:
    used: list[str] = []
    themes: list[str] = []
    ask = partial(choose, phase=phase, audience=audience, seed=seed, depth_limit=depth, life=life)
    while found := ask(prompts, used=used, recent_themes=themes):
        assert found.id not in used
        assert ask(shelf.sample(prompts, len(prompts)), used=used, recent_themes=themes) == found
        used.append(found.id)
        themes.append(found.theme)
    left_out = [one for one in prompts if one.id not in used]
    for one in left_out:
        too_deep = DEPTHS.index(one.depth) > DEPTHS.index(depth)
        not_agreed = {life, one.life} == {"professional", "personal"}
        assert audience not in one.audience or too_deep or not_agreed


@pytest.mark.parametrize(
    ("share", "round_number", "phase"),
    [
        (0.0, 1, "rapport"),
        (0.11, 3, "rapport"),
        (0.12, 3, "direction"),
        (0.34, 7, "direction"),
        (0.35, 8, "progress"),
        (0.84, 17, "progress"),
        (0.85, 18, "winding-down"),
        (0.95, 19, "moving-on"),
        (1.0, 20, "moving-on"),
        (1.3, 20, "moving-on"),
        (-0.1, 2, "rapport"),
        (0.5, 1, "rapport"),
        (0.5, 2, "direction"),
        (0.99, 3, "progress"),
    ],
)
def test_the_calendar_leads_from_phase_to_phase_and_a_late_start_still_begins_with_rapport(
    share: float, round_number: int, phase: str
) -> None:
    assert phase_at(share, round_number) == phase


def test_there_is_no_round_before_the_first() -> None:
    with pytest.raises(ValueError, match="from 1"):
        phase_at(0.5, 0)


@given(st.floats(0, 1.2), st.floats(0, 1.2), st.integers(1, 40), st.integers(1, 40))
def test_a_term_never_walks_back_to_an_earlier_phase(share: float, other: float, one: int, two: int) -> None:
    earlier = phase_at(min(share, other), min(one, two))
    later = phase_at(max(share, other), max(one, two))
    assert PHASES.index(earlier) <= PHASES.index(later)


def year(audience: str, prompts_a_round: int, depth: Depth, life: Life, seed: int) -> list[tuple[str, Prompt]]:
    """Play 20 rounds of two weeks, a term of nine months; each prompt comes with the phase it was chosen in."""
    told: list[tuple[str, Prompt]] = []
    for round_number in range(1, 21):
        phase = phase_at((round_number - 1) * 2 / 39, round_number)
        for _ in range(prompts_a_round):
            found = choose(
                shipped(),
                phase=phase,
                audience=audience,
                used={one.id for _, one in told},
                seed=seed + round_number,
                depth_limit=depth,
                life=life,
                recent_themes=[one.theme for _, one in told],
            )
            assert found is not None, f"{audience}: nothing left in round {round_number}"
            told.append((phase, found))
    return told


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("seed", range(5))
def test_the_library_carries_every_company_through_nine_months_with_a_new_theme_nearly_every_time(
    audience: Audience, seed: int
) -> None:
    told = year(audience, 1, "deep", "both", seed)
    assert len({one.id for _, one in told}) == 20
    assert all(one.phase == phase for phase, one in told)
    assert len({one.theme for _, one in told}) >= 14
    assert all(one.theme != after.theme for (_, one), (_, after) in pairwise(told))
    assert [one.depth for phase, one in told if phase == "rapport"] == ["light"] * 3


@pytest.mark.parametrize("life", ["professional", "personal"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_cautious_group_that_keeps_to_one_side_of_life_and_off_deep_water_has_a_year_too(
    audience: Audience, life: Life
) -> None:
    told = year(audience, 1, "medium", life, 7)
    assert {one.depth for _, one in told} <= {"light", "medium"}
    assert {one.life for _, one in told} <= {life, "both"}


def test_a_lasting_pair_can_have_two_prompts_every_round_for_nine_months() -> None:
    assert len(year("pair", 2, "deep", "both", 7)) == 40
