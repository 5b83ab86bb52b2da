"""Looking at Discord before leaping: the token, the servers, their channels and rooms, in plain words."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.discord import homes, leaves, manifest, tree, voice
from bot.discord.failures import NO_SUCH, SERVER_ERROR
from bot.discord.settings import PLATFORM, Discord
from bot.findings import Finding
from circles import commands
from circles.programme.rules import settings_of
from storage import Session, Store, health, people, programmes, safe

TIMEOUT = 10.0  # seconds for one request
PATIENCE = 60.0  # seconds that Discord may ask us to wait, all in all
AGENT = f"DiscordBot (https://github.com/Rapptz/discord.py, {discord.__version__})"
AT_ONCE = 200  # servers that Discord lists in one answer
UNAUTHORIZED, TOO_MANY = 401, 429
AGAIN = "Try again in a minute"
TEXT, PRIVATE_THREAD = 0, 12
INVITE = "Invite it with the link that `halqa manifest discord` prints"
Json = Mapping[str, Any]


class Silent(Exception):
    """Discord gave no answer that can be used; the message says why and what to do."""


class Refusing(Exception):
    """Discord said no, with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answers {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of Discord: servers with the channel chosen there, and open rooms by server.

    ``voiced`` are the servers where a programme wants circles to be able to talk aloud.
    """

    servers: Mapping[str, str]
    rooms: Sequence[tuple[str, str, str]]
    voiced: Collection[str] = ()


def look(settings: Discord, store: Store | None) -> list[Finding]:
    """Look at everything that Halqa needs of Discord; ``store`` is None where the database can't be asked."""
    known = Known({}, ())
    if store is not None:
        with store.writing() as db:
            there = [one for one in people.workspaces_on(db, PLATFORM) if one.left_at is None]
            chosen = {one.outside_id: safe.get(db, homes.DRAWER, one.outside_id) or "" for one in there}
            voiced = {one.outside_id for one in there if _wants_voice(db, one.id)}
            known = Known(chosen, health.open_rooms(db, PLATFORM), voiced)
    return asyncio.run(_gathered(settings, known))


def _wants_voice(db: Session, workspace_id: int) -> bool:
    there = [one for one in programmes.all_of(db, workspace_id) if one.state != "closed"]
    return any(settings_of(one.settings).voice for one in there)


async def _gathered(settings: Discord, known: Known) -> list[Finding]:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    headers = {"Authorization": f"Bot {settings.token}", "User-Agent": AGENT}
    found: list[Finding] = []
    async with aiohttp.ClientSession(timeout=timeout, headers=headers) as session:
        try:
            async for finding in _look(settings, known, _Api(settings.api, session)):
                found.append(finding)  # noqa: PERF401 - what was found before Discord fell silent is told, too
        except Silent as silent:
            found.append(Finding(f"Discord: {silent}", is_problem=True))
    return found


class _Api:
    """Asks Discord, and waits where it asks us to: not longer than our patience lasts."""

    def __init__(self, api: str, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session
        self._patience = PATIENCE

    async def get(self, path: str) -> Any:
        """Give what stands at a path; raises Refusing and Silent."""
        while True:
            try:
                async with self._session.get(f"{self._api}{path}") as answer:
                    if answer.status < 400:
                        return await answer.json()
                    if answer.status != TOO_MANY:
                        raise Refusing(answer.status)
                    wait = float(answer.headers.get("Retry-After", "1"))
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                why = "in time" if isinstance(error, TimeoutError) else f"({type(error).__name__})"
                raise Silent(
                    f"it can't be reached {why} at {self._api}. Look whether this machine is on the network, whether "
                    "a proxy is needed (HTTPS_PROXY), and what api says under [discord]"
                ) from error
            self._patience -= wait
            if self._patience < 0:
                raise Silent("it asks to be asked less often. Look again in a minute")
            await asyncio.sleep(wait)


async def _look(settings: Discord, known: Known, api: _Api) -> AsyncIterator[Finding]:
    try:
        me, application = await api.get("/users/@me"), await api.get("/applications/@me")
    except Refusing as no:
        what = "Discord does not know it. Reset it on the page Bot, and copy the new one"
        yield Finding(f"Discord, token: {what if no.status == UNAUTHORIZED else no}", is_problem=True)
        return
    yield Finding(f"Discord, token: {me.get('username')} ({me['id']})")
    for finding in _application(settings, application):
        yield finding
    yield await _commands(settings, api, str(application["id"]))
    servers: Sequence[Json] = [{"id": one} for one in sorted(known.servers)]
    try:
        servers = await _servers(api)
    except Refusing as no:
        yield _unlisted(no, servers)
    else:
        for finding in _compared(servers, known):
            yield finding
    for server in servers:
        async for finding in _server(api, server, str(me["id"]), known):
            yield finding
    async for finding in _rooms(api, [room for room in known.rooms if room[0] in {str(one["id"]) for one in servers}]):
        yield finding


def _application(settings: Discord, application: Json) -> Iterator[Finding]:
    if settings.application_id and settings.application_id != str(application["id"]):
        yield Finding(
            f"Discord, application: the token is of {application['id']}, and application_id under [discord] says "
            f"{settings.application_id}. Take one away, or both from the same application",
            is_problem=True,
        )
    if application.get("interactions_endpoint_url"):
        yield Finding(
            "Discord, application: commands go to an Interactions Endpoint URL and never reach Halqa. Empty that "
            "field on the page General Information",
            is_problem=True,
        )


async def _commands(settings: Discord, api: _Api, application: str) -> Finding:
    try:
        told = await api.get(f"/applications/{application}/commands")
    except Refusing as no:
        what = f"Discord, commands: they can't be looked at ({no})"
        if no.status in NO_SUCH:
            return Finding(f"{what}: there is no list of them. Halqa tells of them without one")
        return Finding(f"{what}. {AGAIN}", is_problem=True)
    there = {name for one in told for name in tree.names(one)}
    ours = {leaf.name for leaf in leaves.everything()}
    if there == ours and tree.are_said(await tree.sent(commands.table()), told):
        return Finding(f"Discord, commands: all {len(ours)} are there")
    differ = f"{len(ours - there)} are missing there, and {len(there - ours)} are no more"
    if there == ours:
        differ = "some are described otherwise there, or ask for something else"
    if settings.sync:
        return Finding(f"Discord, commands: {differ}; Halqa mends that when it starts")
    return Finding(f"Discord, commands: {differ}. Write sync = true under [discord]", is_problem=True)


async def _servers(api: _Api) -> list[Json]:
    found: list[Json] = []
    while True:
        after = f"&after={found[-1]['id']}" if found else ""
        page = await api.get(f"/users/@me/guilds?limit={AT_ONCE}{after}")
        found += [one for one in page if one["id"] not in {known["id"] for known in found}]
        if len(page) < AT_ONCE:
            return found


def _unlisted(no: Refusing, servers: Sequence[Json]) -> Finding:
    """Say that Discord gives no list of servers, and at which we look all the same."""
    what = f"Discord, servers: which Halqa is in can't be looked at ({no})"
    if servers:
        is_problem = no.status not in NO_SUCH
        return Finding(f"{what}; the {len(servers)} that the database knows are looked at", is_problem=is_problem)
    return Finding(f"{what}, and the database knows none, so none was looked at. {AGAIN}", is_problem=True)


def _compared(servers: Sequence[Json], known: Known) -> Iterator[Finding]:
    if not servers:
        yield Finding(f"Discord, servers: Halqa is in none. {INVITE}", is_problem=True)
    for lost in sorted(set(known.servers) - {str(one["id"]) for one in servers}):
        yield Finding(
            f"Discord, server {lost}: the database knows it, and Halqa is not in it; nothing is sent there. {INVITE}, "
            "or use the token that it was invited with",
            is_problem=True,
        )


async def _server(api: _Api, server: Json, me: str, known: Known) -> AsyncIterator[Finding]:
    number = str(server["id"])
    named = f"server {server['name']} ({number})" if server.get("name") else f"server {number}"
    try:
        guild = await api.get(f"/guilds/{number}")
        every = {str(one["id"]): one for one in await api.get(f"/guilds/{number}/channels")}
        member = await api.get(f"/guilds/{number}/members/{me}")
    except Refusing as no:
        hint = AGAIN if no.status >= SERVER_ERROR else INVITE
        yield Finding(f"Discord, {named}: it can't be looked at ({no}). {hint}", is_problem=True)
        return
    may = {one: _permissions(about, guild, member, me) for one, about in every.items()}
    able = [one for one in every if every[one]["type"] == TEXT and homes.is_enough(may[one])]
    named_able, chosen = [(one, str(every[one]["name"])) for one in able], known.servers.get(number, "")
    home = homes.chosen_of(named_able, chosen, str(guild.get("system_channel_id") or ""))
    if home is None:
        yield Finding(
            f"Discord, {named}: there is no channel in which rooms can be opened. Make one called #{homes.NAME}, and "
            "give Halqa View Channels, Create Private Threads and Send Messages in Threads there",
            is_problem=True,
        )
        return
    yield Finding(f"Discord, {named}: rooms are opened below #{every[home]['name']}")
    for wanted in manifest.PERMISSIONS:
        if not getattr(may[home], wanted.name):
            yield Finding(
                f"Discord, {named}: {wanted.label} is missing there. {wanted.reason} Give it to Halqa's role",
                is_problem=True,
            )
    lacking = voice.missing(_permissions({}, guild, member, me), may.get(str(every[home].get("parent_id"))))
    if number in known.voiced and lacking:
        labels = " and ".join(manifest.label_of(name) for name in lacking)
        yield Finding(
            f"Discord, {named}: a programme wants circles to talk aloud, and Halqa may make no voice channels there, "
            f"so they get private threads instead. Give {labels} to Halqa's role, and deny it nothing in the category "
            f"of #{every[home]['name']}; or turn that off with /programme settings voice no",
            is_problem=True,
        )


def _permissions(channel: Json, guild: Json, member: Json, me: str) -> discord.Permissions:
    """Work out what we may do in a channel, in Discord's order: roles, then what the channel says of each."""
    roles = {str(guild["id"]), *map(str, member.get("roles") or [])}
    value = 0
    for role in guild.get("roles") or []:
        if str(role["id"]) in roles:
            value |= int(role["permissions"])
    may = discord.Permissions(value)
    if may.administrator:
        return discord.Permissions.all()
    said = {str(one["id"]): one for one in channel.get("permission_overwrites") or []}
    for several in ({str(guild["id"])}, roles - {str(guild["id"])}, {me}):
        here = [said[one] for one in several if one in said]
        deny, allow = (_together(here, word) for word in ("deny", "allow"))
        may = discord.Permissions((may.value & ~deny) | allow)
    return may


def _together(overwrites: Sequence[Json], word: str) -> int:
    value = 0
    for one in overwrites:
        value |= int(one.get(word) or 0)
    return value


async def _rooms(api: _Api, rooms: Sequence[tuple[str, str, str]]) -> AsyncIterator[Finding]:
    good = 0
    for server_id, key, place in rooms:
        try:
            wrong = _wrong(await api.get(f"/channels/{place}"), server_id)
        except Refusing:
            wrong = "it is not there, or Halqa is not in it. An organiser opens a new one with /programme circles room"
        good += not wrong
        if wrong:
            yield Finding(f"Discord, room {place} ({key}): {wrong}", is_problem=True)
    if good:
        yield Finding(f"Discord, rooms: {good} in order")


def _wrong(thread: Json, server_id: str) -> str:
    if thread["type"] == voice.VOICE:
        return voice.wrong_with(thread, server_id)
    if thread["type"] != PRIVATE_THREAD:
        return "it is no private thread or voice channel, so more people read it than its own. Tell the circle"
    about = thread.get("thread_metadata") or {}
    if about.get("locked"):
        return "it is locked, and nobody can write there. Unlock it, or close the circle"
    if about.get("invitable"):
        return "everybody in it can bring others in. Forbid that in its settings, or tell the circle"
    return ""
