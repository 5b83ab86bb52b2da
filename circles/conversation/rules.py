"""Which prompt comes next: one the group has not had, that fits its phase, its company and what it agreed on.

The choice is a ranking. What must hold (language, audience, topics, depth, never twice) decides who is in the ranking;
what is wished for (the phase, light things first, a theme not heard lately) decides the order; a seeded draw decides
among equals. The draw of a prompt depends on its id and the seed only, so adding a text to the library does not
reshuffle the others, and the same seed replays a year.
"""

import random
from collections.abc import Collection, Sequence

from circles.conversation.library import DEPTHS, PHASES, Depth, Life, Phase, Prompt

# Shares of the term at which a phase ends. In a term of nine months: the first month to get to know each other, and the
# last six weeks to wind down and move on (the outline of NIHR's mentoring phases, weeks scaled to any length of term).
PHASE_ENDS: tuple[tuple[float, Phase], ...] = (
    (0.12, "rapport"),
    (0.35, "direction"),
    (0.85, "progress"),
    (0.95, "winding-down"),
)


def phase_at(share_of_term: float, round_number: int) -> Phase:
    """Name the phase at `share_of_term` (0 at the start, 1 at the end) in round `round_number` (from 1).

    The calendar leads, but nobody skips getting acquainted: round 1 is always rapport, and each later round may be one
    phase further, however late in the term the first one took place. ValueError for a round before the first.
    """
    if round_number < 1:
        message = f"Rounds count from 1, not {round_number}."
        raise ValueError(message)
    by_calendar = next((phase for end, phase in PHASE_ENDS if share_of_term < end), PHASES[-1])
    return PHASES[min(PHASES.index(by_calendar), round_number - 1)]


def choose(
    prompts: Sequence[Prompt],
    *,
    phase: str,
    audience: str,
    used: Collection[str],
    seed: int,
    depth_limit: Depth = "deep",
    language: str = "en",
    life: Life = "both",
    retired: Collection[str] = (),
    recent_themes: Sequence[str] = (),
) -> Prompt | None:
    """Choose the next prompt for a group, or None when nothing that fits is left.

    `used` are the ids this group has had, `retired` those the organiser has withdrawn; neither ever comes back.
    `life` is what the group agreed to talk about: a prompt that asks about the other side of life is left out.
    `recent_themes` are the themes of earlier prompts, the latest last: the longer ago a theme was, the sooner it
    returns. ValueError for a phase that does not exist.
    """
    wanted = PHASES.index(_phase(phase))

    def rank(prompt: Prompt) -> tuple[int, int, int, int]:
        there = PHASES.index(prompt.phase)
        # Between two neighbours the earlier wins: to look back is kinder than to part too soon.
        is_later = int(there > wanted)
        depth = DEPTHS.index(prompt.depth) if phase == PHASES[0] else 0
        return (abs(there - wanted), is_later, depth, _recency(prompt.theme, recent_themes))

    fitting = [
        prompt
        for prompt in prompts
        if prompt.id not in used
        and prompt.id not in retired
        and prompt.language == language
        and audience in prompt.audience
        and _is_agreed(prompt.life, life)
        and DEPTHS.index(prompt.depth) <= DEPTHS.index(depth_limit)
    ]
    ranks = [rank(prompt) for prompt in fitting]
    first = min(ranks, default=None)
    equals = [prompt for prompt, its in zip(fitting, ranks, strict=True) if its == first]
    return min(equals, key=lambda prompt: _draw(prompt.id, seed), default=None)


def _is_agreed(asked: Life, agreed: Life) -> bool:
    return "both" in (asked, agreed) or asked == agreed


def _phase(name: str) -> Phase:
    for phase in PHASES:
        if phase == name:
            return phase
    message = f"There is no phase “{name}”."
    raise ValueError(message)


def _recency(theme: str, recent: Sequence[str]) -> int:
    """Count how recent a theme is: 0 for one not heard, then higher the later it came."""
    return max((place for place, name in enumerate(recent, start=1) if name == theme), default=0)


def _draw(prompt_id: str, seed: int) -> float:
    """Draw a number for this prompt alone, the same on every machine."""
    return random.Random(f"{seed}:{prompt_id}").random()
