"""A profile between its two forms: what a member's row holds, and the texts she types."""

from collections.abc import Mapping

from circles.membership import rules
from circles.turn import zone_of
from storage import Session, members, people, programmes
from storage.tables import Member, Person, Programme, Workspace


def profile_of(member: Member, person: Person, programme: Programme) -> rules.Profile:
    """Read the profile that a member's row and her own habits hold."""
    return rules.Profile(
        stance=member.stance,
        offers=tuple(member.offers),
        wants=tuple(member.wants),
        languages=tuple(member.languages),
        zone=zone_of(person, programme),
        institution=member.institution,
        stage=member.stage,
        capacity=member.capacity,
        ring=member.ring,
        weekend=frozenset(person.weekend),
        about=member.about,
    )


def fill(member: Member, profile: rules.Profile) -> None:
    """Write a profile into a member's row; zone and weekend belong to the person, see :func:`keep_habits`."""
    member.stance, member.stage, member.ring = profile.stance, profile.stage, profile.ring
    member.offers, member.wants = list(profile.offers), list(profile.wants)
    member.languages, member.institution = list(profile.languages), profile.institution
    member.capacity, member.about = profile.capacity, profile.about


def keep_habits(db: Session, person: Person, profile: rules.Profile) -> None:
    """Keep a person's zone and weekend, which hold in every programme she is in."""
    person.zone, person.weekend = profile.zone, sorted(profile.weekend)
    people.save(db, person)


def texts_before(db: Session, workspace: Workspace, person: Person, programme: Programme) -> dict[str, str]:
    """Give what a person has said of herself before, here or in another programme, to fill the first form."""
    former = members.of_person(db, programme.id, person.id)
    known = [(programme, former)] if former else programmes.joined_by(db, workspace.id, person.id)
    for where, member in known:
        if member.languages:
            return rules.answers(profile_of(member, person, where))
    return {"zone": person.zone or "", "ring": str(programme.settings.get("ring", "local")), "capacity": "2"}


def problems(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Give a sentence for every answer that cannot be used yet, by field."""
    try:
        rules.profile(texts)
    except rules.ProfileProblems as refused:
        return refused.problems
    return {}
