"""What Slack tells by itself: people and rooms that come, change and go, and the app being taken out."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.slack import people
from bot.slack.door import PLATFORM
from bot.slack.home import Homes
from bot.slack.people import Directory
from circles import workspaces
from circles.membership import going
from storage import Session, deliveries
from storage import people as persons
from storage.tables import Workspace

log = logging.getLogger(__name__)
RETRIED = timedelta(days=2)  # Slack tells an event for a day at most; an older time is missing, or of a wrong clock
Happened = Callable[[Session, Workspace, datetime], None]
Forget = Callable[[str | None, str | None, datetime | None], Awaitable[bool]]


class Events:
    """Takes events to the core, each once however often it is delivered."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        metronome: Metronome,
        homes: Homes,
        directory: Directory,
        forget: Forget | None = None,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._metronome = metronome
        self._homes = homes
        self._directory = directory
        self._forget = forget

    async def take(self, body: Mapping[str, Any]) -> None:
        """Take an event; what fails is raised, so that Slack delivers it again."""
        event = body.get("event") or {}
        team = str(body.get("team_id") or event.get("team_id") or "")
        kind = str(event.get("type") or "")
        if kind == "app_home_opened":
            if event.get("tab", "home") == "home":
                await self._homes.opened(team, str(event["user"]))
            return
        happened = self._meaning(kind, event, team)
        if kind in {"app_uninstalled", "tokens_revoked"} and self._forget is not None and self._is_ours(event):
            at = datetime.fromtimestamp(float(body.get("event_time") or 0), UTC)
            is_lately = self._clock.now() - at < RETRIED
            if not await self._forget(body.get("enterprise_id"), team, at if is_lately else None):
                return  # told late: it is installed again
        if happened is not None and team:
            is_new = await self._desk.do(self._once, team, str(body.get("event_id") or ""), happened, self._clock.now())
            if is_new:
                self._metronome.soon()

    async def form_closed(self, team: str, person: str, call: str) -> None:
        """Throw away what was typed into the steps of joining, where that is the form that was closed."""
        if call.startswith("circle join"):
            await self._desk.do(self._forget_forms, team, person)

    def _forget_forms(self, team: str, person: str) -> None:
        with self._desk.store.writing() as db:
            going.forget_forms(db, persons.workspace(db, PLATFORM, team), person)

    def _once(self, team: str, event_id: str, happened: Happened, now: datetime) -> bool:
        with self._desk.store.writing() as db:
            workspace = persons.workspace(db, PLATFORM, team)
            if event_id and deliveries.begin_answer(db, workspace.id, f"event:{event_id}", now) is not None:
                return False
            happened(db, workspace, now)
        return True

    @staticmethod
    def _is_ours(event: Mapping[str, Any]) -> bool:
        """Whether the bot itself is taken out: a person's own token, which we never ask for, changes nothing."""
        return event.get("type") == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))

    def _meaning(self, kind: str, event: Mapping[str, Any], team: str) -> Happened | None:
        match kind:
            case "user_change" | "team_join":
                return self._changed(event.get("user") or {}, team)
            case "member_left_channel":
                person, place = str(event.get("user")), str(event.get("channel"))
                return lambda db, workspace, now: going.left_room(db, workspace, person, place, now)
            case "app_uninstalled" | "tokens_revoked" if self._is_ours(event):
                return lambda db, _workspace, now: workspaces.workspace_left(db, PLATFORM, team, now)
        return None

    def _changed(self, user: Mapping[str, Any], team: str) -> Happened | None:
        person = str(user.get("id") or "")
        if not person:
            return None
        known = people.read(user, team)
        self._directory.learn(team, person, known)

        def happened(db: Session, workspace: Workspace, now: datetime) -> None:
            if known.kind == "gone":
                going.people_gone(db, workspace, person, now)
                return
            going.people_back(db, workspace, person, now)
            if known.zone:
                going.zone_seen(db, workspace, person, known.zone, now)

        return happened
