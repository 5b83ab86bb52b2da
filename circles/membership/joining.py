"""How people come in: which programme, three short steps, and later changes to what they said."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from circles import grammar
from circles.effects import Ask, Effect, Reply
from circles.errors import BadCall, Refused
from circles.language import _
from circles.membership import profiles, rules, steps, words
from circles.messages import Button
from circles.programme.rules import settings_of
from circles.turn import Turn
from storage import members, people, programmes
from storage.tables import Member, Programme

OPEN = frozenset({"call", "running"})
DRAFTS = "join:"  # how the subject of every profile begun begins
LONGEST_ANSWER = 2000  # characters of a draft; far beyond what a field takes


def join(turn: Turn) -> Iterable[Effect]:
    """Begin the profile, or ask which programme when several are open."""
    if grammar.programme_named(turn.call.line):
        return _begin(turn, turn.programme)
    open_ones = programmes.open_for_joining(turn.db, turn.workspace.id)
    joined = {p.id: p for p, _m in programmes.joined_by(turn.db, turn.workspace.id, turn.person.id)}
    others = [p for p in open_ones if p.id not in joined]
    if joined:
        return [Reply(words.joined_already(turn.programme, others))]
    if len(others) == 1:
        return _begin(turn, others[0])
    if others:
        return [Reply(words.which_to_join(others))]
    if turn.programme_or_none is not None:
        raise Refused(words.not_open(turn.programme))
    return [Reply(words.outside([], []))]


def _begin(turn: Turn, programme: Programme) -> Iterable[Effect]:
    _check_can_join(turn, programme)
    turn.programme_or_none = programme
    return [_ask(programme, 1, _so_far(turn, programme), {})]


def _check_can_join(turn: Turn, programme: Programme) -> None:
    """Refuse kindly when she is in already, or the programme takes nobody."""
    member = members.of_person(turn.db, programme.id, turn.person.id)
    if member is not None and member.state != "left":
        raise Refused(
            _("You are in {name} already. Your answers can change at any time.").format(name=programme.name),
            buttons=(
                Button(_("My profile"), f"circle profile in:{programme.slug}"),
                Button(_("Where am I?"), f"circle status in:{programme.slug}"),
            ),
        )
    if programme.state not in OPEN:
        raise Refused(words.not_open(programme))


def _subject(programme: Programme) -> str:
    return f"{DRAFTS}{programme.id}"


def _so_far(turn: Turn, programme: Programme) -> dict[str, str]:
    draft = people.draft(turn.db, turn.person.id, _subject(programme))
    return draft or profiles.texts_before(turn.db, turn.workspace, turn.person, programme)


def _ask(programme: Programme, step: int, texts: Mapping[str, str], errors: Mapping[str, str]) -> Ask:
    before = steps.about_programme(programme.name, settings_of(programme.settings).purpose[:300]) if step == 1 else ()
    return Ask(steps.form(step, f"circle join step {step}", texts, errors, before=before))


def typed(step: int, answers: Mapping[str, str]) -> dict[str, str]:
    """Give the answers of a step, blank ones too; what belongs to no field of it is left out."""
    return {name: _clean(answers.get(name, "")) for name in steps.STEPS[step - 1]}


def _clean(text: str) -> str:
    """Drop what no database keeps: halves of characters and NUL."""
    return text[:LONGEST_ANSWER].replace("\x00", "").encode("utf-8", "ignore").decode()


def join_step(turn: Turn, number: int, answers: Mapping[str, str]) -> Iterable[Effect]:
    """Take the answers of a step: show them again with what to mend, go on, or enrol her after the last."""
    programme = turn.programme
    _check_can_join(turn, programme)
    texts = _so_far(turn, programme)
    if not answers:
        return [_ask(programme, number, texts, {})]
    texts |= typed(number, answers)
    people.keep_draft(turn.db, turn.person.id, _subject(programme), texts)
    problems = profiles.problems(texts)
    for step in range(1, number + 1):
        here = {name: problems[name] for name in steps.STEPS[step - 1] if name in problems}
        if here:
            return [_ask(programme, step, texts, here)]
    if number < len(steps.STEPS):
        return [_ask(programme, number + 1, texts, {})]
    return [_enrol(turn, programme, rules.profile(texts))]


def _enrol(turn: Turn, programme: Programme, profile: rules.Profile) -> Reply:
    """Put her on the list; who comes back after leaving takes a new place at its end."""
    db, person = turn.db, turn.person
    at = members.end_of_line(db, programme.id, turn.now)
    member = members.of_person(db, programme.id, person.id) or Member(
        programme_id=programme.id, person_id=person.id, stance=profile.stance, queued_at=at
    )
    profiles.fill(member, profile)
    member.state, member.queued_at, member.left_at = "waiting", at, None
    member.silences, member.wants_reminders = 0, True
    members.save(db, member)
    profiles.keep_habits(db, person, profile)
    people.keep_draft(db, person.id, _subject(programme), {})
    turn.member_or_none = member
    return Reply(words.joined(programme, members.place_in_line(db, member), members.counts(db, programme.id)))


def profile(turn: Turn, field: str = "", value: str = "") -> Iterable[Effect]:
    """Show her profile, or change one field of it."""
    if not field:
        return [Reply(words.profile(turn.programme, _mine(turn)))]
    name = field.lower().removesuffix(":")
    known = [name for fields in steps.STEPS for name in fields]
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        raise BadCall(words.unknown_field(field, near[0] if near else ""))
    if not value:
        return edit(turn, steps.step_of(name))
    texts = rules.answers(_mine(turn)) | {name: _clean(value)}
    problems = profiles.problems(texts)
    if problems:
        raise BadCall(problems.get(name) or next(iter(problems.values())))
    return [_save(turn, texts)]


def edit(turn: Turn, number: int) -> Iterable[Effect]:
    """Show a step of the profile again, filled with what she said."""
    return [_edit_form(number, rules.answers(_mine(turn)), {})]


def edit_step(turn: Turn, number: int, answers: Mapping[str, str]) -> Iterable[Effect]:
    """Keep the changed answers of a step."""
    if not answers:
        return edit(turn, number)
    texts = rules.answers(_mine(turn)) | typed(number, answers)
    problems = profiles.problems(texts)
    if problems:
        step = (
            number if any(name in problems for name in steps.STEPS[number - 1]) else steps.step_of(next(iter(problems)))
        )
        return [_edit_form(step, texts, problems)]
    return [_save(turn, texts)]


def _edit_form(step: int, texts: Mapping[str, str], errors: Mapping[str, str]) -> Ask:
    return Ask(steps.form(step, f"circle profile step {step}", texts, errors, is_joining=False))


def _mine(turn: Turn) -> rules.Profile:
    return profiles.profile_of(turn.member, turn.person, turn.programme)


def _save(turn: Turn, texts: dict[str, Any]) -> Reply:
    changed = rules.profile(texts)
    profiles.fill(turn.member, changed)
    members.save(turn.db, turn.member)
    profiles.keep_habits(turn.db, turn.person, changed)
    return Reply(words.profile(turn.programme, changed, lead=words.saved()))
