"""Everything that is kept about a person, gathered as headings with plain lines."""

from datetime import datetime

from circles.language import _
from circles.membership import export_words, rules, steps
from circles.membership.profiles import profile_of
from circles.rotation import words as rotation_words
from circles.turn import minute_of_day
from storage import Session, people, privacy
from storage.tables import Member, Person, Programme

Section = tuple[str, tuple[str, ...]]


def sections(db: Session, person: Person) -> list[Section]:
    """Gather every row about a person, in words; a heading with nothing below it is left out."""
    found = privacy.memberships(db, person.id)
    ids = [member.id for member, _programme in found]
    parts: list[Section] = [(_("You"), _about(person))]
    parts += [
        (_("Membership: {name}").format(name=programme.name), _membership(member, person, programme))
        for member, programme in found
    ]
    parts += [
        (_("Circles and rounds"), _meetings(db, ids)),
        (_("Goals, check-ins and actions"), _goals(db, ids)),
        (_("People you keep away from"), tuple(other.name for other in people.avoided_by(db, person.id))),
        (
            _("Forms you have begun"),
            tuple(
                f"{draft.subject} · {name}: {answer}"
                for draft in privacy.drafts(db, person.id)
                for name, answer in draft.answers.items()
                if answer
            ),
        ),
        (_("What you organise"), _organising(db, person)),
        (
            _("Messages to you"),
            tuple(
                f"{_at(row.sent_at or row.due_at)} · {export_words.about(row.kind)} · {export_words.ended(row.state)}"
                for row in privacy.written_to(db, person.id)
            ),
        ),
    ]
    return [part for part in parts if part[1]]


def _at(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else "–"


def _about(person: Person) -> tuple[str, ...]:
    return (
        _("Id on this platform: {id}").format(id=person.outside_id),
        _("Name: {name}").format(name=person.name),
        _("Language: {locale}").format(locale=person.locale),
        _("Time zone: {zone}").format(zone=person.zone or "–"),
        _("Days off: {days}").format(days=", ".join(rules.DAYS[day] for day in person.weekend) or "–"),
        _("Quiet hours: {begins} to {ends}").format(
            begins=f"{minute_of_day(person.quiet_from):%H:%M}", ends=f"{minute_of_day(person.quiet_until):%H:%M}"
        ),
    )


def _membership(member: Member, person: Person, programme: Programme) -> tuple[str, ...]:
    texts = rules.answers(profile_of(member, person, programme))
    said = [f"{steps.label(name)}: {texts[name]}" for fields in steps.STEPS for name in fields if texts[name]]
    rows = [
        _("State: {state}").format(state=member.state),
        _("In line since: {at}").format(at=_at(member.queued_at)),
        *said,
        _("Reminders: {state}").format(state=_("yes") if member.wants_reminders else _("no")),
        _("Rounds without an answer: {n}").format(n=member.silences),
    ]
    if member.paused_until:
        rows.append(
            _("Resting until: {day}. Reason: {reason}").format(day=member.paused_until, reason=member.pause_reason)
        )
    if member.left_at:
        rows.append(_("Left: {at}").format(at=_at(member.left_at)))
    if member.next_wish:
        rows.append(_("Wish for the next term: {wish}").format(wish=member.next_wish))
    return tuple(rows)


def _meetings(db: Session, ids: list[int]) -> tuple[str, ...]:
    held = [
        _("{circle}: {role}, {since} to {until}").format(
            circle=circle.name, role=seat.role, since=_at(seat.since), until=_at(seat.until)
        )
        for seat, circle in privacy.seats(db, ids)
    ]
    placed = [
        _("Round {number}, {day}: {what}").format(
            number=row.number,
            day=row.opens_on,
            what=_("no meeting, because {reason}").format(reason=rotation_words.why_not(placement.sits_out))
            if placement.sits_out
            else _("in a meeting that you hosted; your answer: {answer}").format(answer=placement.answer or "–")
            if placement.is_host
            else _("in a meeting; your answer: {answer}").format(answer=placement.answer or "–"),
        )
        for placement, row in privacy.placements(db, ids)
    ]
    skipped = [_("You skip round {number}").format(number=skip.number) for skip in privacy.skips(db, ids)]
    spoken_of = [_hour(time.starts_at, was_hers=was_hers, can=can) for time, was_hers, can in privacy.hours(db, ids)]
    return (*held, *placed, *skipped, *spoken_of)


def _hour(at: datetime, *, was_hers: bool, can: bool | None) -> str:
    answer = {True: _("it suited you"), False: _("it did not suit you"), None: ""}[can]
    said = [*([_("you proposed it")] if was_hers else []), *([answer] if answer else [])]
    return _("Hour {at}: {said}").format(at=_at(at), said="; ".join(said))


def _goals(db: Session, ids: list[int]) -> tuple[str, ...]:
    goals = [
        _("Goal, {state}, read by {scope}, {life}: {text} {step} {day}")
        .format(state=g.state, scope=g.scope, life=g.life, text=g.text, step=g.first_step, day=g.by_day or "")
        .strip()
        for g in privacy.goals(db, ids)
    ]
    checks = [
        _("Check-in {day}: {answer} {note} {confidence}")
        .format(
            day=c.day, answer=c.answer or "–", note=c.note, confidence=c.confidence if c.confidence is not None else ""
        )
        .strip()
        for c in privacy.check_ins(db, ids)
    ]
    actions = [_("Action, {state}: {text}").format(state=a.state, text=a.text) for a in privacy.actions(db, ids)]
    return (*goals, *checks, *actions)


def _organising(db: Session, person: Person) -> tuple[str, ...]:
    names = [programme.name for programme in privacy.organising(db, person.id)]
    return (*names, *(f"{_at(line.at)} · {line.what}" for line in privacy.audited(db, person.id)))
