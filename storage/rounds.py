"""Rounds, meeting groups, placements, skips and the prompts that groups have had."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, exists
from sqlmodel import Session, col, select

from storage.tables import MeetingGroup, Member, OwnPrompt, Placement, PromptUse, Round, Seat, Skip

# What many commands ask is put together once.
_NEWEST = select(Round).where(Round.circle_id == bindparam("circle")).order_by(col(Round.number).desc())
_PLACEMENT = select(Placement).where(
    Placement.round_id == bindparam("round"), Placement.member_id == bindparam("member")
)
_HER_GROUPS = (
    select(Placement)
    .where(
        col(Placement.group_id).in_(
            select(Placement.group_id).where(
                Placement.member_id == bindparam("member"), col(Placement.group_id).is_not(None)
            )
        )
    )
    .order_by(col(Placement.group_id), col(Placement.id))
)
_GROUP = select(Placement).where(Placement.group_id == bindparam("group")).order_by(col(Placement.id))
_STILL_IN_GROUP = (
    _GROUP.join(Round, col(Round.id) == col(Placement.round_id))
    .join(Member, col(Member.id) == col(Placement.member_id))
    .where(
        Member.state != "left",
        ~exists().where(
            col(Skip.circle_id) == col(Round.circle_id),
            col(Skip.number) == col(Round.number),
            col(Skip.member_id) == col(Placement.member_id),
        ),
    )
)


def get(db: Session, round_id: int) -> Round | None:
    """Find a round by row id."""
    return db.get(Round, round_id)


def of_circle(db: Session, circle_id: int) -> list[Round]:
    """Give a circle's rounds so far, the first one first."""
    return list(db.exec(select(Round).where(Round.circle_id == circle_id).order_by(col(Round.number))))


def numbered(db: Session, circle_id: int, number: int) -> Round | None:
    """Find a circle's round by its number."""
    return db.exec(select(Round).where(Round.circle_id == circle_id, Round.number == number)).first()


def newest(db: Session, circle_id: int) -> Round | None:
    """Give a circle's newest round, open or closed."""
    return db.exec(_NEWEST, params={"circle": circle_id}).first()


def placements(db: Session, round_ids: Collection[int]) -> list[Placement]:
    """Give everybody's placement in these rounds."""
    return list(
        db.exec(
            select(Placement)
            .where(col(Placement.round_id).in_(list(round_ids)))
            .order_by(col(Placement.round_id), col(Placement.group_id), col(Placement.id))
        )
    )


def placement_of(db: Session, round_id: int, member_id: int) -> Placement | None:
    """Find a member's placement in a round."""
    return db.exec(_PLACEMENT, params={"round": round_id, "member": member_id}).first()


def in_group(db: Session, group_id: int) -> list[Placement]:
    """Give the placements of one meeting group."""
    return list(db.exec(_GROUP, params={"group": group_id}))


def still_in_group(db: Session, group_id: int) -> list[Placement]:
    """Give the placements of a meeting group, without those of who has stepped out of it since it met."""
    return list(db.exec(_STILL_IN_GROUP, params={"group": group_id}))


def groups(db: Session, round_id: int) -> list[MeetingGroup]:
    """Give a round's meeting groups."""
    return list(db.exec(select(MeetingGroup).where(MeetingGroup.round_id == round_id).order_by(col(MeetingGroup.id))))


def group(db: Session, group_id: int) -> MeetingGroup | None:
    """Find a meeting group by row id."""
    return db.get(MeetingGroup, group_id)


def save(db: Session, *rows: Round | MeetingGroup | Placement) -> None:
    """Keep rows as they are now."""
    db.add_all(rows)
    db.flush()


def remove(db: Session, *rows: MeetingGroup | Placement) -> None:
    """Take rows away, for a meeting group that falls apart before it met."""
    for row in rows:
        db.delete(row)
    db.flush()


def skip(db: Session, circle_id: int, number: int, member_id: int) -> bool:
    """Note that a member sits out a coming round, or what is left of the open one; says whether that is new."""
    known = db.exec(
        select(Skip).where(Skip.circle_id == circle_id, Skip.number == number, Skip.member_id == member_id)
    ).first()
    if known is None:
        db.add(Skip(circle_id=circle_id, number=number, member_id=member_id))
        db.flush()
    return known is None


def unskip(db: Session, circle_id: int, number: int, member_id: int) -> bool:
    """Take a skip back; says whether there was one."""
    known = db.exec(
        select(Skip).where(Skip.circle_id == circle_id, Skip.number == number, Skip.member_id == member_id)
    ).first()
    if known:
        db.delete(known)
        db.flush()
    return known is not None


def skipping(db: Session, circle_id: int, number: int) -> set[int]:
    """Give the members who skip a round."""
    return set(db.exec(select(Skip.member_id).where(Skip.circle_id == circle_id, Skip.number == number)))


def prompts_used(db: Session, programme_id: int, audiences: Iterable[str]) -> list[PromptUse]:
    """Give the prompts that any of these groups has had, the oldest first."""
    return list(
        db.exec(
            select(PromptUse)
            .where(PromptUse.programme_id == programme_id, col(PromptUse.audience).in_(list(audiences)))
            .order_by(col(PromptUse.id))
        )
    )


def use_prompt(db: Session, programme_id: int, audiences: Iterable[str], prompt: str, now: datetime) -> None:
    """Note that groups have had a prompt; the database refuses a second time."""
    db.add_all(
        PromptUse(programme_id=programme_id, audience=audience, prompt=prompt, used_at=now) for audience in audiences
    )
    db.flush()


def own_prompts(db: Session, programme_id: int) -> list[OwnPrompt]:
    """Give the prompts that organisers added or retired."""
    return list(db.exec(select(OwnPrompt).where(OwnPrompt.programme_id == programme_id).order_by(col(OwnPrompt.id))))


def save_own_prompt(db: Session, row: OwnPrompt) -> None:
    """Keep an organiser's prompt."""
    db.add(row)
    db.flush()


def of_member(db: Session, member_id: int) -> list[tuple[Placement, Round]]:
    """Give every placement that a member has had in any circle, with its round, the earliest first."""
    return list(
        db.exec(
            select(Placement, Round)
            .join(Round, col(Round.id) == col(Placement.round_id))
            .where(Placement.member_id == member_id)
            .order_by(col(Round.opens_on), col(Round.id))
        )
    )


def groups_of(db: Session, member_id: int) -> list[list[Placement]]:
    """Give the placements of every meeting group in which a member has had a place, group by group."""
    found: dict[int, list[Placement]] = defaultdict(list)
    for placement in db.exec(_HER_GROUPS, params={"member": member_id}):
        found[placement.group_id or 0].append(placement)
    return list(found.values())


def in_groups(db: Session, group_ids: Collection[int]) -> list[Placement]:
    """Give the placements of several meeting groups."""
    return list(
        db.exec(
            select(Placement)
            .where(col(Placement.group_id).in_(list(group_ids)))
            .order_by(col(Placement.group_id), col(Placement.id))
        )
    )


def elsewhere(db: Session, circle_id: int) -> list[tuple[Placement, Round]]:
    """Give the placements in meeting groups of other circles in which people had a place who sit in this one now."""
    here = select(Seat.member_id).where(Seat.circle_id == circle_id, col(Seat.until).is_(None))
    groups = (
        select(Placement.group_id)
        .join(Round, col(Round.id) == col(Placement.round_id))
        .where(Round.circle_id != circle_id, col(Placement.member_id).in_(here), col(Placement.group_id).is_not(None))
    )
    return list(
        db.exec(
            select(Placement, Round)
            .join(Round, col(Round.id) == col(Placement.round_id))
            .where(col(Placement.group_id).in_(groups))
            .order_by(col(Placement.group_id), col(Placement.id))
        )
    )
