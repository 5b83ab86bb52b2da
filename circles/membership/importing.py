"""Bringing an organiser's roster in: everybody on the list at once, or nobody until every line is in order."""

from dataclasses import dataclass
from datetime import datetime

from circles.errors import Refused
from circles.language import _, ngettext_
from circles.membership import profiles, roster
from storage import Session, Store, members, people, programmes
from storage.tables import Member, Person, Workspace


@dataclass(frozen=True, slots=True)
class Imported:
    """How many people came in, and their names in the order of the file."""

    count: int
    names: tuple[str, ...]

    def sentence(self, programme: str) -> str:
        """Say how many people came in, and where they are now."""
        return ngettext_(
            "{n} person is on the waiting list of {programme}.",
            "{n} people are on the waiting list of {programme}.",
            self.count,
        ).format(n=self.count, programme=programme)


def import_roster(
    store: Store, platform: str, workspace: str, programme_slug: str, data: bytes, now: datetime
) -> Imported:
    """Enrol everybody in a roster (CSV) in one transaction; they wait in the order of its lines.

    Nobody is messaged. A person known already keeps her name, and with a zone of her own also zone and weekend.

    Raises:
        FileRefused: with every line to mend; nothing was taken.
        Refused: for a programme that does not exist or has ended.
    """
    with store.writing() as db:
        where = people.workspace(db, platform, workspace)
        programme = programmes.by_slug(db, where.id, programme_slug)
        if programme is None:
            raise Refused(_("There is no programme “{slug}” here.").format(slug=programme_slug[:40]))
        if programme.state == "closed":
            raise Refused(_("{name} has ended, so nobody can be brought in.").format(name=programme.name))
        here = members.in_programme(db, programme.id)
        gone = members.in_programme(db, programme.id, states=("left",))
        entries = roster.parse(
            data,
            already=[person.outside_id for _member, person in here],
            gone=[person.outside_id for _member, person in gone],
        )
        at = members.end_of_line(db, programme.id, now)
        for entry in entries:
            person = _person(db, where, entry)
            member = Member(
                programme_id=programme.id,
                person_id=person.id,
                stance=entry.profile.stance,
                queued_at=at,  # the same for all: who was enrolled first stands first
            )
            profiles.fill(member, entry.profile)
            members.save(db, member)
        return Imported(len(entries), tuple(entry.name for entry in entries))


def _person(db: Session, workspace: Workspace, entry: roster.Entry) -> Person:
    known = people.by_outside_id(db, workspace.id, entry.user)
    person = known or people.person(db, workspace.id, entry.user, name=entry.name)
    if known is None or known.zone is None:
        profiles.keep_habits(db, person, entry.profile)
    return person
