"""How an hour changes: it is set, it falls through, it is called off, or its group changes; the room hears it."""

from collections.abc import Mapping
from datetime import datetime

from circles.appointments import group as groups
from circles.appointments import rules, words
from circles.appointments.group import Group
from circles.effects import Act, Post
from circles.language import speaking
from circles.messages import Message
from storage import Session, deliveries, times
from storage.tables import Circle, MeetingTime, Person, Programme, Round


def post(group: Group, time: MeetingTime, what: str, said: Message, mark: str, *, lasts: bool = False) -> Post:
    """Say something about an hour in the group's room; ``mark`` tells one change from the next.

    One of its people has done it, so it comes at once and counts for nobody's week. Unless it ``lasts``, it is not
    worth saying after the hour.
    """
    return Post(
        f"meet:{time.id}:{what}:{mark}",
        group.room,
        said,
        "appointment",
        not_after=None if lasts else time.starts_at,
        round=group.round.id,
    )


def set_hour(db: Session, group: Group, time: MeetingTime, mark: str) -> Act:
    """Set an hour, in the place of the one that was set and is still to come."""
    was = group.agreed
    _overtake(db, group, time)
    if was is not None:
        _overtake(db, group, was)
        was.state, time.is_shared, was.is_shared = "off", was.is_shared, False
        times.save(db, was)
    time.state = "set"
    times.save(db, time)
    with speaking(group.circle.language):
        is_table = len(group.company) > rules.PAIR_SIZE
        made = group.appointment(time)
        said = words.agreed(time, made, group.file(made), is_another=was is not None, is_table=is_table)
    return post(group, time, "set", said, mark)


def call_off(db: Session, group: Group, time: MeetingTime, mark: str, who: Person | None = None) -> Act:
    """Call an hour off that was set; the room hears who can't come, or in neutral words that it is off."""
    _overtake(db, group, time)
    with speaking(group.circle.language):
        made = group.appointment(time, is_off=True)
        said = words.called_off(who, made, group.file(made))
    time.state, time.is_shared = "off", False
    times.save(db, time)
    return post(group, time, "off", said, mark, lasts=True)


def fall_through(db: Session, group: Group, time: MeetingTime, mark: str) -> Act:
    """Give up an hour that was proposed and suits too few."""
    time.state = "off"
    times.save(db, time)
    with speaking(group.circle.language):
        said = words.fell_through(time, group.zone)
    return post(group, time, "through", said, mark)


def judged(
    db: Session, group: Group, time: MeetingTime, can: Mapping[int, bool], mark: str, who: Person | None = None
) -> list[Act]:
    """Do with an hour what the answers of those who are in the group now ask for, if anything; ``who`` can't come."""
    if rules.is_hopeless(group.company, can):
        is_set = time.state == "set"
        return [call_off(db, group, time, mark, who) if is_set else fall_through(db, group, time, mark)]
    if time.state == "proposed" and rules.is_agreed(group.company, can):
        return [set_hour(db, group, time, mark)]
    return []


def regrouped(
    db: Session, programme: Programme, circle: Circle, row: Round, group_id: int, now: datetime, mark: str
) -> list[Act]:
    """Judge the hours to come of a group anew, from which somebody has stepped out."""
    acts: list[Act] = []
    group = groups.gathered(db, programme, circle, row, group_id, now)
    ahead = [time for time in group.times if time.state != "off" and time.starts_at > now]
    for time in sorted(ahead, key=lambda one: one.state != "set"):
        acts += judged(db, group, time, group.answers[time.id], mark)
    return acts


def ended(
    db: Session, programme: Programme, circle: Circle, row: Round, group_id: int, now: datetime, mark: str
) -> list[Act]:
    """Call off the hour to come of a group that meets no more."""
    if times.ahead(db, group_id, now) is None:
        return []
    group = groups.gathered(db, programme, circle, row, group_id, now)
    return [call_off(db, group, group.agreed, mark)] if group.agreed else []


def _overtake(db: Session, group: Group, time: MeetingTime) -> None:
    """Let what is still to be said of an hour, or tried again, be said no more: something newer comes."""
    deliveries.withdraw(db, group.programme.workspace_id, f"meet:{time.id}:")
