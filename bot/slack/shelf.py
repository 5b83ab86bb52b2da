"""Where installations lie: one sealed row for each workspace or organisation; all this is done in the core's thread."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from slack_sdk.oauth.installation_store import Bot, Installation
from sqlmodel import Session

from bot.clock import Clock
from bot.sealing import Seal, Unsealable
from bot.slack.door import PLATFORM
from circles import workspaces
from storage import Store, safe

INSTALLS = "slack installs"
TEAMS = "slack teams"  # the organisation of a workspace that an organisation's installation serves
CLOCKS_DIFFER = timedelta(seconds=5)  # at most, Slack's and ours; and Slack tells whole seconds
# User tokens and webhooks are not asked for; should some come along, they are not kept.
KEPT = (
    "app_id", "enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name", "bot_token", "bot_id",
    "bot_user_id", "bot_scopes", "bot_refresh_token", "bot_token_expires_at", "user_id", "is_enterprise_install",
    "token_type", "installed_at",
)  # fmt: skip


def key_of(found: Installation | Bot) -> str:
    """Give the key under which an installation lies; an organisation's own has no team."""
    return _key(found.enterprise_id, None if found.is_enterprise_install else found.team_id)


class Shelf:
    """The rows of the installations; ``changes`` counts what was put here and dropped from here."""

    def __init__(self, store: Store, seal: Seal, clock: Clock) -> None:
        self.changes = 0
        self._store = store
        self._seal = seal
        self._clock = clock

    def put(self, installation: Installation) -> None:
        """Keep an installation; the one before it is gone, also one from before a workspace joined an organisation."""
        with self._store.writing() as db:
            if installation.team_id and not installation.is_enterprise_install:
                for older in _of_team(db, installation.team_id):
                    safe.drop(db, INSTALLS, older)
            self._put(db, installation)
            if installation.team_id:
                workspaces.workspace_back(db, PLATFORM, installation.team_id, self._clock.now())
        self.changes += 1

    def put_bot(self, bot: Bot, old: Installation | None = None) -> bool:
        """Keep a bot's part of an installation; with ``old`` only if that is still there. Say if it was kept."""
        with self._store.writing() as db:
            key = key_of(bot)
            body = safe.get(db, INSTALLS, key)
            there = self._open(key, body) if body else None
            if old is not None and (there is None or there.bot_token != old.bot_token):
                return False
            kept = {name: getattr(there, name) for name in KEPT} if there else {"user_id": ""}
            kept |= {name: getattr(bot, name) for name in KEPT if hasattr(bot, name)}
            self._put(db, Installation(**kept))
        self.changes += 1
        return True

    def find(self, enterprise_id: str | None, team_id: str | None, is_org: bool) -> Installation | None:
        """Find the installation that serves a workspace; Unsealable where none of the keys opens it."""
        team = _team(team_id)
        with self._store.writing() as db:
            for key in _keys(db, enterprise_id, team, is_org):
                body = safe.get(db, INSTALLS, key)
                if body is None:
                    continue
                found = self._open(key, body)
                serves_many = team and found.is_enterprise_install and found.enterprise_id
                if team and serves_many and safe.get(db, TEAMS, team) != found.enterprise_id:
                    safe.put(db, TEAMS, team, str(found.enterprise_id), self._clock.now())
                return found
        return None

    def drop(self, enterprise_id: str | None, team_id: str | None, before: datetime | None) -> bool:
        """Forget a workspace's installation, or an organisation's; with ``before`` only one made earlier.

        Says whether none is left.
        """
        team, is_forgotten = _team(team_id), True
        with self._store.writing() as db:
            for key in _of_team(db, team) if team else [_key(enterprise_id, None)]:
                if before is not None and self._is_made_since(before, key, safe.get(db, INSTALLS, key)):
                    is_forgotten = False
                else:
                    safe.drop(db, INSTALLS, key)
            for served in [team] if team else safe.keys(db, TEAMS):
                if team or safe.get(db, TEAMS, served) == enterprise_id:
                    safe.drop(db, TEAMS, served)
        self.changes += 1
        return is_forgotten

    def reseal(self) -> int:
        """Seal every row with the first key and give their number; else Unsealable, and nothing is changed."""
        with self._store.writing() as db:
            keys = safe.keys(db, INSTALLS)
            for key in keys:
                safe.put(db, INSTALLS, key, self._seal.reseal(safe.get(db, INSTALLS, key) or ""), self._clock.now())
        return len(keys)

    def _put(self, db: Session, installation: Installation) -> None:
        body = json.dumps({name: getattr(installation, name) for name in KEPT})
        safe.put(db, INSTALLS, key_of(installation), self._seal.seal(body), self._clock.now())

    def _open(self, key: str, body: str) -> Installation:
        found = Installation(**json.loads(self._seal.open(body)))
        if key_of(found) != key:  # a row that was copied under another key would speak with a stranger's token
            raise Unsealable(f"The installation under {key} belongs to another workspace; let this one install again.")
        return found

    def _is_made_since(self, instant: datetime, key: str, body: str | None) -> bool:
        try:
            return body is not None and self._open(key, body).installed_at > (instant + CLOCKS_DIFFER).timestamp()
        except Unsealable:
            return False


def _key(enterprise_id: str | None, team_id: str | None) -> str:
    return f"{enterprise_id or 'none'}-{team_id or 'none'}"


def _team(team_id: str | None) -> str | None:
    # Once in a while an organisation is named where a team is expected.
    return None if not team_id or team_id.startswith("E") else team_id


def _of_team(db: Session, team: str) -> list[str]:
    return [key for key in safe.keys(db, INSTALLS) if key.endswith(f"-{team}")]


def _keys(db: Session, enterprise_id: str | None, team: str | None, is_org: bool) -> Iterator[str]:
    """Give the keys under which the installation for a workspace may lie, the likeliest first."""
    if enterprise_id and (is_org or team is None):
        yield _key(enterprise_id, None)
    if team is not None:
        yield _key(enterprise_id, team)
        # Whoever names a team may not know its organisation, and a workspace can have joined one since.
        yield from _of_team(db, team)
        if organisation := enterprise_id or safe.get(db, TEAMS, team):
            yield _key(organisation, None)
