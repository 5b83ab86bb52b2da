"""A programme's shelf of prompts: the shipped ones, its organisers' own, and what each group has had."""

import zlib
from collections.abc import Collection, Sequence
from datetime import date, datetime

from circles.conversation import library, rules
from circles.conversation.library import Prompt
from circles.programme.rules import settings_of
from storage import Session, members, rounds
from storage.tables import OwnPrompt, Programme

PAIR_AT_MOST = 3  # a trio talks like a pair


def prompts(db: Session, programme: Programme) -> tuple[Prompt, ...]:
    """Give every prompt in use in the programme's language: shipped and own, without the retired."""
    return tuple(prompt for prompt, is_retired in everything(db, programme) if not is_retired)


def everything(db: Session, programme: Programme) -> tuple[tuple[Prompt, bool], ...]:
    """Give every prompt, shipped and own, and whether organisers have retired it."""
    own = rounds.own_prompts(db, programme.id)
    retired = {row.code for row in own if row.is_retired}
    known = (*library.shipped(shipped_language(programme)), *(of_row(row) for row in own if row.body))
    return tuple((prompt, prompt.id in retired) for prompt in known)


def shipped_language(programme: Programme) -> str:
    """Give the language of the shipped texts that a programme reads: its own where we have it, else English."""
    language = settings_of(programme.settings).language
    return language if language in library.languages() else "en"


def of_row(row: OwnPrompt) -> Prompt:
    """Read an organiser's prompt from its row."""
    body = dict(row.body)
    body |= {name: frozenset(body[name]) for name in ("audience", "tags")}
    return Prompt(**body)


def to_body(prompt: Prompt) -> dict[str, object]:
    """Give a prompt as plain values for the database."""
    return {name: _plain(getattr(prompt, name)) for name in prompt.__slots__}


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def find(db: Session, programme: Programme, code: str) -> Prompt | None:
    """Find a prompt by its id among those in use."""
    return next((prompt for prompt in prompts(db, programme) if prompt.id == code), None)


def audience_of(member_ids: Collection[int]) -> str:
    """Name a group of people, so that the same people are the same audience in any round."""
    return "+".join(f"m{member}" for member in sorted(member_ids))


def circle_audience(circle_id: int) -> str:
    """Name a whole circle as an audience."""
    return f"c{circle_id}"


def everybody_in(db: Session, circle_id: int) -> str:
    """Name the meeting group that all who sit in a circle would be: a table may hold them all."""
    return audience_of([member.id for _seat, member, _person in members.seated(db, circle_id)])


def company_of(member_ids: Collection[int]) -> str:
    """Say whether a meeting group talks like a pair or like a table."""
    return "pair" if len(member_ids) <= PAIR_AT_MOST else "table"


def phase(programme: Programme, day: date, number: int) -> str:
    """Give the phase of mentoring that a programme is in on a day, in its round ``number``."""
    if programme.starts_on is None or programme.ends_on is None:
        return "rapport"
    length = max((programme.ends_on - programme.starts_on).days, 1)
    share = min(max((day - programme.starts_on).days / length, 0.0), 1.0)
    return rules.phase_at(share, max(number, 1))


def take(
    db: Session,
    programme: Programme,
    *,
    audience: str,
    company: str,
    day: date,
    number: int,
    now: datetime,
    also: Sequence[str] = (),
) -> Prompt | None:
    """Choose the next prompt for an audience and note that it has had it; None when nothing new is left.

    ``company`` is pair, table or circle; ``number`` is the round, or the count of prompts for a circle.
    ``also`` names other audiences these people belong to, such as their circle: what those had comes last.
    """
    chosen = peek(db, programme, audience=audience, company=company, day=day, number=number, also=also)
    if chosen is None:
        return None
    note(db, programme, audience, chosen, now)
    return chosen


def note(db: Session, programme: Programme, audience: str, prompt: Prompt, now: datetime) -> None:
    """Note that an audience has had a prompt, and everybody in it: to none of them it is new, whomever she meets."""
    everybody = [audience, *(one for one in audience.split("+") if one != audience)]
    had = {row.audience for row in rounds.prompts_used(db, programme.id, everybody) if row.prompt == prompt.id}
    rounds.use_prompt(db, programme.id, [one for one in everybody if one not in had], prompt.id, now)


def peek(
    db: Session,
    programme: Programme,
    *,
    audience: str,
    company: str,
    day: date,
    number: int,
    after: str = "",
    also: Sequence[str] = (),
) -> Prompt | None:
    """Choose what :func:`take` would, and note nothing; None when nothing new is left.

    ``after`` is the stamp of a prompt that was looked at already: the one that follows it is given.
    """
    on_shelf = prompts(db, programme)
    # What one of them has had with somebody else would be new to the group, and old to her: it comes last.
    heard = rounds.prompts_used(db, programme.id, {audience, *audience.split("+"), *also})
    had = [row.prompt for row in heard if row.audience == audience]
    seed = zlib.crc32(f"{programme.seed}:{audience}:{number}".encode())
    passed = {row.prompt for row in heard}
    chosen = _next(programme, on_shelf, had, passed, company, day, number, seed)
    if chosen is None:
        passed = set(had)
        chosen = _next(programme, on_shelf, had, passed, company, day, number, seed)
    while after and chosen is not None:
        passed.add(chosen.id)
        is_reached = stamp(chosen.id) == after
        chosen = _next(programme, on_shelf, had, passed, company, day, number, seed)
        if is_reached:
            break
    return chosen


def _next(
    programme: Programme,
    on_shelf: Sequence[Prompt],
    had: Sequence[str],
    passed: Collection[str],
    company: str,
    day: date,
    number: int,
    seed: int,
) -> Prompt | None:
    """Choose in the programme's language, and where nothing is left in it, in that of the shipped texts."""
    themes = {prompt.id: prompt.theme for prompt in on_shelf}
    settings = settings_of(programme.settings)
    for language in dict.fromkeys((settings.language, shipped_language(programme))):
        chosen = rules.choose(
            on_shelf,
            phase=phase(programme, day, number),
            audience=company,
            used=passed,
            seed=seed,
            language=language,
            life=settings.life,
            recent_themes=[themes[code] for code in had if code in themes],
        )
        if chosen is not None:
            return chosen
    return None


def stamp(code: str) -> str:
    """Give a short mark for a prompt's id, eight hex digits, that fits into a button whatever the id's length."""
    return f"{zlib.crc32(code.encode()):08x}"
