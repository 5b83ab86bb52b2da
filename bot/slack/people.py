"""Who somebody is on Slack: her name, zone and language, and whether circles are for her."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.chat import TryLater
from bot.slack.clients import Clients

log = logging.getLogger(__name__)
FRESH = 3600.0  # seconds for which what Slack said of a person is taken for true; a change comes as an event
PATIENCE = 1.0  # seconds; a call must be acknowledged within three, with or without her name
MOST = 20_000
ENGLISH = "en"  # where her language is not known
Kind = Literal["member", "guest", "bot", "stranger", "gone"]


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack tells of a person; an empty zone or name means that it did not tell."""

    name: str = ""
    zone: str = ""
    locale: str = ""
    kind: Kind = "member"


def read(user: Mapping[str, Any], team: str = "") -> Known:
    """Read a user as Slack describes one; ``team`` is the workspace in which she is met."""
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name") or ""
    kind: Kind = "member"
    if user.get("deleted"):
        kind = "gone"
    elif user.get("is_bot") or user.get("id") == "USLACKBOT" or user.get("is_workflow_bot"):
        kind = "bot"
    elif user.get("is_stranger") or _is_of_another(user, team):
        kind = "stranger"
    elif user.get("is_restricted") or user.get("is_ultra_restricted"):
        kind = "guest"
    return Known(str(name)[:80], str(user.get("tz") or ""), str(user.get("locale") or ""), kind)


def _is_of_another(user: Mapping[str, Any], team: str) -> bool:
    """On Enterprise Grid a person is at home in every workspace that her organisation names."""
    organisation = user.get("enterprise_user") or {}
    homes = {str(user.get("team_id") or team), *map(str, organisation.get("teams") or ())}
    return bool(team) and team not in homes and organisation.get("enterprise_id") != team


class Directory:
    """Remembers for an hour what Slack told of people; where it can't be asked, nothing is known and nothing fails."""

    def __init__(self, clients: Clients, seconds: Callable[[], float] | None = None) -> None:
        self._clients = clients
        self._now = seconds or (lambda: asyncio.get_running_loop().time())
        self._known: OrderedDict[tuple[str, str], tuple[float, Known]] = OrderedDict()

    async def of(self, team: str, person: str) -> Known:
        """Say who somebody is."""
        at, known = self._known.get((team, person), (float("-inf"), Known()))
        if self._now() - at < FRESH:
            return known
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._clients.call(team, "users_info", user=person, include_locale=True)
            known = read(answer["user"], team)
        except (TimeoutError, TryLater, OSError) as problem:
            log.info("person %s could not be looked up: %s", person, type(problem).__name__)
            return known
        except Exception as problem:  # noqa: BLE001 - a name is not worth a command
            log.warning("person %s could not be looked up: %s", person, type(problem).__name__)
            return known
        self.learn(team, person, known)
        return known

    def language(self, team: str, person: str) -> str:
        """Give her language as far as it is known, for what is said around an answer; nobody is asked for it."""
        _at, known = self._known.get((team, person), (0.0, Known()))
        return known.locale or ENGLISH

    def learn(self, team: str, person: str, known: Known) -> None:
        """Take over what an event says of a person; her language, which events do not tell, stays known."""
        _at, before = self._known.get((team, person), (0.0, Known()))
        self._known[team, person] = (self._now(), replace(known, locale=known.locale or before.locale))
        self._known.move_to_end((team, person))
        if len(self._known) > MOST:
            self._known.popitem(last=False)
