"""Workspaces that take the bot out, and ask it in again: nothing is done there meanwhile, and nothing kept for ever."""

import logging
from datetime import datetime, timedelta

from storage import Session, workspaces
from storage.tables import Workspace

log = logging.getLogger(__name__)
RETENTION = timedelta(days=14)  # so long a workspace finds everything as it was


def workspace_left(db: Session, platform: str, outside_id: str, now: datetime) -> None:
    """The bot was taken out: what waits there is cancelled, and its calendar stands still."""
    workspace = workspaces.known(db, platform, outside_id)
    if workspace is None:
        return
    if workspace.left_at is None:
        workspace.left_at = now
        workspaces.save(db, workspace)
    workspaces.cancel_all(db, workspace.id)


def workspace_back(db: Session, platform: str, outside_id: str, now: datetime) -> None:
    """The bot was asked in again: what its calendar asks for is done from ``now`` on, as after any absence."""
    workspace = workspaces.known(db, platform, outside_id)
    if workspace is not None:
        come_back(db, workspace, now)


def come_back(db: Session, workspace: Workspace, now: datetime) -> None:
    """Note that a workspace is there again, if it had left."""
    if workspace.left_at is not None:
        log.info("workspace %s is back after %s", workspace.id, now - workspace.left_at)
        workspace.left_at = None
        workspaces.save(db, workspace)


def purge(db: Session, now: datetime) -> None:
    """Delete the workspaces that left longer ago than ``RETENTION``, with everything of theirs."""
    for workspace in workspaces.left_before(db, now - RETENTION):
        log.info("workspace %s left at %s and is deleted", workspace.id, workspace.left_at)
        workspaces.remove(db, workspace.id)
