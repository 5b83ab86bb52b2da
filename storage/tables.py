"""Every table, as records without relationships: ids are numbers, names are never keys, instants are UTC."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, MetaData, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.types import Day, Flag, Instant, Json

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
STRICT: dict[str, Any] = {"sqlite_strict": True}


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Record(SQLModel):
    """What every row has: a number."""

    id: int = Field(default=None, primary_key=True)


class Workspace(Record, table=True):
    """A tenant: one Slack workspace, Discord server or local workspace.

    ``left_at``: the bot was taken out of it then; nothing is done there until it is asked in again.
    """

    __table_args__ = (UniqueConstraint("platform", "outside_id"), STRICT)
    platform: str = Field(sa_type=Text)
    outside_id: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text)
    locale: str = Field(default="en", sa_type=Text)
    left_at: datetime | None = Field(default=None, sa_type=Instant)


class Person(Record, table=True):
    """Somebody in a workspace, with her local habits (quiet hours in minutes after midnight)."""

    __table_args__ = (UniqueConstraint("workspace_id", "outside_id"), STRICT)
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    outside_id: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    locale: str = Field(default="en", sa_type=Text)
    zone: str | None = Field(default=None, sa_type=Text)
    weekend: list[int] = Field(default_factory=lambda: [5, 6], sa_type=Json)
    quiet_from: int = 20 * 60
    quiet_until: int = 8 * 60
    is_active: bool = Field(default=True, sa_type=Flag)


class Programme(Record, table=True):
    """What organisers run; ``settings`` is validated by circles.programme.rules.Settings."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "slug"),
        _one_of("state", "draft", "call", "running", "closed"),
        STRICT,
    )
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    slug: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    state: str = Field(default="draft", sa_type=Text)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seed: int = 1
    created_at: datetime = Field(sa_type=Instant)
    starts_on: date | None = Field(default=None, sa_type=Day)
    ends_on: date | None = Field(default=None, sa_type=Day)


class Organiser(SQLModel, table=True):
    """A person who runs a programme."""

    __table_args__ = (STRICT,)
    programme_id: int = Field(primary_key=True, foreign_key="programme.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    since: datetime = Field(sa_type=Instant)


class Member(Record, table=True):
    """A person enrolled in a programme, with her profile; ``queued_at`` is her place in line."""

    __table_args__ = (
        UniqueConstraint("programme_id", "person_id"),
        _one_of("state", "waiting", "seated", "paused", "left"),
        Index(
            "ix_member_paused",
            "paused_until",
            sqlite_where=text("state = 'paused'"),
            postgresql_where=text("state = 'paused'"),
        ),
        _one_of("stance", "mentor", "mentee", "both"),
        STRICT,
    )
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    state: str = Field(default="waiting", sa_type=Text)
    stance: str = Field(sa_type=Text)
    offers: list[str] = Field(default_factory=list, sa_type=Json)
    wants: list[str] = Field(default_factory=list, sa_type=Json)
    languages: list[str] = Field(default_factory=list, sa_type=Json)
    institution: str = Field(default="", sa_type=Text)
    stage: str = Field(default="other", sa_type=Text)
    capacity: int = 2
    ring: str = Field(default="local", sa_type=Text)
    about: str = Field(default="", sa_type=Text)
    queued_at: datetime = Field(sa_type=Instant)
    paused_until: date | None = Field(default=None, sa_type=Day)
    pause_reason: str = Field(default="", sa_type=Text)
    left_at: datetime | None = Field(default=None, sa_type=Instant)
    silences: int = 0
    wants_reminders: bool = Field(default=True, sa_type=Flag)
    next_wish: str = Field(default="", sa_type=Text)


class Draft(Record, table=True):
    """Answers of a form with several steps, until the last one is sent."""

    __table_args__ = (UniqueConstraint("person_id", "subject"), STRICT)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    subject: str = Field(sa_type=Text)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Avoidance(Record, table=True):
    """'Never with her': kept from everybody but its owner."""

    __table_args__ = (UniqueConstraint("person_id", "other_id"), STRICT)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    other_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)


class Blackout(Record, table=True):
    """Days on which nothing starts, both ends included; rounds shift past them."""

    __table_args__ = (CheckConstraint("first <= last", name="order"), STRICT)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE", index=True)
    first: date = Field(sa_type=Day)
    last: date = Field(sa_type=Day)
    name: str = Field(default="", sa_type=Text)


class Circle(Record, table=True):
    """A lasting cohort."""

    __table_args__ = (_one_of("state", "running", "closed"), STRICT)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE", index=True)
    name: str = Field(sa_type=Text)
    ring: str = Field(default="local", sa_type=Text)
    language: str = Field(default="en", sa_type=Text)
    state: str = Field(default="running", sa_type=Text)
    seed: int = 1
    formed_at: datetime = Field(sa_type=Instant)


class Seat(Record, table=True):
    """A member's place in a circle; ``until`` is empty while she sits there. One such seat a member."""

    __table_args__ = (
        _one_of("role", "mentor", "mentee"),
        Index(
            "uq_seat_taken",
            "member_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        STRICT,
    )
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE", index=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    role: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)


class Proposal(Record, table=True):
    """A preview of circles, waiting for the organiser's word."""

    __table_args__ = (_one_of("state", "open", "confirmed", "replaced"), STRICT)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE", index=True)
    seed: int
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = Field(default="open", sa_type=Text)
    made_at: datetime = Field(sa_type=Instant)
    made_by: int = Field(foreign_key="person.id", ondelete="CASCADE")


class Occurrence(Record, table=True):
    """Something that the calendar asks for on a local day; the key makes it happen once."""

    __table_args__ = (
        UniqueConstraint("programme_id", "day", "slot"),
        _one_of("state", "planned", "done", "skipped"),
        Index(
            "ix_occurrence_due",
            "due_at",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        STRICT,
    )
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE")
    circle_id: int | None = Field(default=None, foreign_key="circle.id", ondelete="CASCADE", index=True)
    day: date = Field(sa_type=Day)
    slot: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    number: int = 0
    due_at: datetime = Field(sa_type=Instant)
    state: str = Field(default="planned", sa_type=Text)
    done_at: datetime | None = Field(default=None, sa_type=Instant)


class Round(Record, table=True):
    """One turn of a circle's rotation; ``closes_on`` is the day on which the next one opens."""

    __table_args__ = (
        UniqueConstraint("circle_id", "number"),
        _one_of("state", "open", "closed"),
        STRICT,
    )
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    number: int
    opens_on: date = Field(sa_type=Day)
    closes_on: date = Field(sa_type=Day)
    state: str = Field(default="open", sa_type=Text)
    seed: int = 1


class MeetingGroup(Record, table=True):
    """The people who are to meet in a round."""

    __tablename__: ClassVar[str] = "meeting_group"
    __table_args__ = (STRICT,)
    round_id: int = Field(foreign_key="round.id", ondelete="CASCADE", index=True)
    prompt: str = Field(default="", sa_type=Text)


class Placement(Record, table=True):
    """A member in a round: in a group, or sitting out with the reason. Nobody is placed twice in a round.

    A table has one host, who sits at it.
    """

    __table_args__ = (
        UniqueConstraint("round_id", "member_id"),
        CheckConstraint("(group_id IS NULL) = (sits_out <> '')", name="place"),
        CheckConstraint("is_host = 0 OR group_id IS NOT NULL", name="host"),
        Index(
            "uq_placement_host",
            "group_id",
            unique=True,
            sqlite_where=text("is_host = 1"),
            postgresql_where=text("is_host = 1"),
        ),
        _one_of("answer", "", "yes", "no", "later"),
        STRICT,
    )
    round_id: int = Field(foreign_key="round.id", ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    group_id: int | None = Field(default=None, foreign_key="meeting_group.id", ondelete="CASCADE", index=True)
    sits_out: str = Field(default="", sa_type=Text)
    is_host: bool = Field(default=False, sa_type=Flag)
    answer: str = Field(default="", sa_type=Text)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class MeetingTime(Record, table=True):
    """An hour at which a meeting group may meet: proposed, set, or off again. Who proposed it may be gone."""

    __tablename__: ClassVar[str] = "meeting_time"
    __table_args__ = (UniqueConstraint("group_id", "starts_at"), _one_of("state", "proposed", "set", "off"), STRICT)
    group_id: int = Field(foreign_key="meeting_group.id", ondelete="CASCADE")
    member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="SET NULL", index=True)
    starts_at: datetime = Field(sa_type=Instant)
    minutes: int
    state: str = Field(default="proposed", sa_type=Text)
    is_shared: bool = Field(default=False, sa_type=Flag)


class TimeAnswer(SQLModel, table=True):
    """Whether an hour suits a member of the group."""

    __tablename__: ClassVar[str] = "time_answer"
    __table_args__ = (STRICT,)
    time_id: int = Field(primary_key=True, foreign_key="meeting_time.id", ondelete="CASCADE")
    member_id: int = Field(primary_key=True, foreign_key="member.id", ondelete="CASCADE", index=True)
    can: bool = Field(sa_type=Flag)


class Skip(Record, table=True):
    """A member's word that she sits out one coming round."""

    __table_args__ = (UniqueConstraint("circle_id", "number", "member_id"), STRICT)
    circle_id: int = Field(foreign_key="circle.id", ondelete="CASCADE")
    number: int
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)


class PromptUse(Record, table=True):
    """A prompt that a group has had; ``audience`` names the group by its people or its circle."""

    __tablename__: ClassVar[str] = "prompt_use"
    __table_args__ = (UniqueConstraint("programme_id", "audience", "prompt"), STRICT)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE")
    audience: str = Field(sa_type=Text)
    prompt: str = Field(sa_type=Text)
    used_at: datetime = Field(sa_type=Instant)


class OwnPrompt(Record, table=True):
    """A prompt that organisers added, or (``text`` empty) a shipped one that they retired."""

    __tablename__: ClassVar[str] = "own_prompt"
    __table_args__ = (UniqueConstraint("programme_id", "code"), STRICT)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE")
    code: str = Field(sa_type=Text)
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    is_retired: bool = Field(default=False, sa_type=Flag)


class Goal(Record, table=True):
    """What a member wants to reach; ``scope`` says who may read it."""

    __table_args__ = (
        _one_of("state", "active", "parked", "done", "dropped"),
        _one_of("scope", "me", "partner", "circle"),
        _one_of("life", "personal", "professional"),
        STRICT,
    )
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    text: str = Field(sa_type=Text)
    first_step: str = Field(default="", sa_type=Text)
    life: str = Field(default="professional", sa_type=Text)
    state: str = Field(default="active", sa_type=Text)
    scope: str = Field(default="me", sa_type=Text)
    by_day: date | None = Field(default=None, sa_type=Day)
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)


class Action(Record, table=True):
    """One small commitment; asked about once before the next meeting, carried over while open."""

    __table_args__ = (_one_of("state", "open", "did", "partly", "changed", "help", "passed"), STRICT)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    text: str = Field(sa_type=Text)
    state: str = Field(default="open", sa_type=Text)
    made_at: datetime = Field(sa_type=Instant)
    asked_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class CheckIn(Record, table=True):
    """A scheduled question about a goal, and what she answered."""

    __tablename__: ClassVar[str] = "check_in"
    __table_args__ = (
        UniqueConstraint("goal_id", "day"),
        _one_of("answer", "", "same", "changed", "parked", "done", "not-this-week"),
        STRICT,
    )
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    goal_id: int = Field(foreign_key="goal.id", ondelete="CASCADE")
    day: date = Field(sa_type=Day)
    answer: str = Field(default="", sa_type=Text)
    note: str = Field(default="", sa_type=Text)
    confidence: int | None = None
    snoozes: int = 0
    reminded: bool = Field(default=False, sa_type=Flag)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)


class Room(Record, table=True):
    """A room that the bot opened; ``place`` is the platform's own id once it exists there."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        _one_of("state", "asked", "open", "closed"),
        STRICT,
    )
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    key: str = Field(sa_type=Text)
    name: str = Field(default="", sa_type=Text)
    place: str = Field(default="", sa_type=Text)
    state: str = Field(default="asked", sa_type=Text)


class Delivery(Record, table=True):
    """The outbox: one act, one key, one recorded end (sent, merged, expired, cancelled or unreachable).

    pending: waits for its time · ready: the core has let it go · sending: leased by a sender until ``run_at``.
    ``fence`` counts the leases; only the holder of the newest one may write the outcome.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        _one_of("state", "pending", "ready", "sending", "sent", "merged", "expired", "cancelled", "unreachable"),
        Index(
            "ix_delivery_run",
            "run_at",
            sqlite_where=text("state IN ('pending', 'ready', 'sending')"),
            postgresql_where=text("state IN ('pending', 'ready', 'sending')"),
        ),
        Index(
            "ix_delivery_room",
            "room_key",
            sqlite_where=text("state IN ('pending', 'ready', 'sending')"),
            postgresql_where=text("state IN ('pending', 'ready', 'sending')"),
        ),
        STRICT,
    )
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    key: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="CASCADE", index=True)
    room_key: str | None = Field(default=None, sa_type=Text)
    member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="SET NULL", index=True)
    round_id: int | None = Field(default=None, foreign_key="round.id", ondelete="SET NULL", index=True)
    effect: str = Field(sa_type=Text)
    is_urgent: bool = Field(default=False, sa_type=Flag)
    state: str = Field(default="pending", sa_type=Text)
    run_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    not_after: datetime | None = Field(default=None, sa_type=Instant)
    fence: int = 0
    attempts: int = 0
    lease_owner: str = Field(default="", sa_type=Text)
    first_try_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    place: str = Field(default="", sa_type=Text)
    merged_into: int | None = Field(default=None, foreign_key="delivery.id", ondelete="SET NULL")
    last_error: str = Field(default="", sa_type=Text)


class Reach(SQLModel, table=True):
    """Who was reached by a nudge in which local week (its Monday): the weekly budget counts these."""

    __table_args__ = (Index("ix_reach_week", "person_id", "week"), STRICT)
    delivery_id: int = Field(primary_key=True, foreign_key="delivery.id", ondelete="CASCADE")
    person_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    week: date = Field(sa_type=Day)


class Inbox(SQLModel, table=True):
    """A call that was answered, with its answer, so that a repeated call gets the same one."""

    __table_args__ = (STRICT,)
    workspace_id: int = Field(primary_key=True, foreign_key="workspace.id", ondelete="CASCADE")
    call_id: str = Field(primary_key=True, sa_type=Text)
    at: datetime = Field(sa_type=Instant, index=True)
    answer: str = Field(sa_type=Text)


class Audit(Record, table=True):
    """What an organiser did: ids and words of the command, never what members wrote."""

    __table_args__ = (STRICT,)
    programme_id: int = Field(foreign_key="programme.id", ondelete="CASCADE", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    at: datetime = Field(sa_type=Instant)
    what: str = Field(sa_type=Text)
    detail: str = Field(default="", sa_type=Text)


class Heartbeat(SQLModel, table=True):
    """The last instant at which a part of the bot was seen alive."""

    __table_args__ = (STRICT,)
    name: str = Field(primary_key=True, sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class Safe(SQLModel, table=True):
    """What a chat has to keep between two starts, under a key of its own; a secret is sealed before it comes here."""

    __table_args__ = (STRICT,)
    drawer: str = Field(primary_key=True, sa_type=Text)
    key: str = Field(primary_key=True, sa_type=Text)
    body: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)
