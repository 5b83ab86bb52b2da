"""A room as a private voice channel, which has a chat of its own: for circles that want to talk aloud.

Nobody in the server sees it but its people, each let in by an overwrite, and who administers the server. What they may
do in it is what they may do in the server: an overwrite of ours can say only what we may do ourselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import PermissionOverwrite, Permissions
from discord.http import Route

VOICE = discord.ChannelType.voice.value
ROLE, MEMBER = 0, 1  # whom an overwrite is about
MOST_IN_A_CATEGORY = 50
SEE = Permissions(view_channel=True).value
WRITE = Permissions(send_messages=True).value
CONNECT = Permissions(connect=True).value  # who may not connect can't read a voice channel's messages either
SPEAK = Permissions(speak=True).value
# Who may not connect to a voice channel may not manage it either, so we need that, too; we never join or listen.
NEEDED = ("view_channel", "send_messages", "connect", "manage_channels", "manage_roles")
IN_CATEGORY = ("view_channel", "manage_channels", "manage_roles")


@dataclass(frozen=True, slots=True)
class VoiceRoom:
    """A voice channel that @everyone is kept out of."""

    client: discord.Client
    channel: discord.VoiceChannel

    @property
    def number(self) -> int:
        """Its id."""
        return self.channel.id

    async def opens(self, *, changes: bool) -> None:
        """Let its people read, write and talk again where it was closed, and keep everybody else out."""
        del changes
        deny = self._everyone[1]
        await self._set_everyone(deny & ~(WRITE | CONNECT | SPEAK) if deny & (WRITE | CONNECT) else deny)

    async def bring(self, person: int) -> None:
        """Let somebody see it; NotFound for who has left the server, whom an overwrite would not bring in."""
        await self.client.http.get_member(self.channel.guild.id, person)
        await self._say(person, MEMBER, SEE, 0)

    async def let_go(self, person: int) -> None:
        """Let somebody see it no more."""
        await self.client.http.delete_channel_permissions(self.channel.id, person)

    async def close(self) -> None:
        """Let its people read on, and nobody write, nor talk where we may say so."""
        await self._set_everyone(self._everyone[1] & ~CONNECT | WRITE | _speak(self.channel.guild))

    @property
    def _everyone(self) -> tuple[int, int]:
        allow, deny = self.channel.overwrites_for(discord.Object(self.channel.guild.id)).pair()
        return allow.value, deny.value

    async def _set_everyone(self, deny: int) -> None:
        allow = self._everyone[0] & ~(SEE | deny)
        if self._everyone != (allow, deny | SEE):
            await self._say(self.channel.guild.id, ROLE, allow, deny | SEE)

    async def _say(self, of: int, kind: int, allow: int, deny: int) -> None:
        # The library writes these numbers as words, which Discord takes and its own document does not.
        said = {"type": kind, "allow": allow, "deny": deny}
        route = Route("PUT", "/channels/{channel_id}/permissions/{of}", channel_id=self.channel.id, of=of)
        await self.client.http.request(route, json=said)


async def made(parent: discord.TextChannel, name: str, me: int | None) -> discord.VoiceChannel:
    """Make a voice channel beside a channel, for us alone at first; where its category is full, it stands above all."""
    category = parent.category
    if category is not None and len(category.channels) >= MOST_IN_A_CATEGORY:
        category = None
    guild, ourselves = parent.guild, discord.Object(me or 0)
    may = Permissions(SEE | WRITE | CONNECT | _speak(guild))
    ours = PermissionOverwrite.from_pair(may, Permissions.none())
    everyone = PermissionOverwrite.from_pair(Permissions.none(), Permissions(SEE))
    return await guild.create_voice_channel(
        name, category=category, overwrites={guild.default_role: everyone, ourselves: ours}
    )


def _speak(guild: discord.Guild) -> int:
    """Give the permission to speak where we have it: we can take away from others only what is ours."""
    me: discord.Member | None = guild.me
    return SPEAK if me is not None and me.guild_permissions.speak else 0


def missing_at(parent: discord.TextChannel) -> tuple[str, ...]:
    """Give what we would need to make such rooms beside a channel, as far as Discord has told us."""
    me: discord.Member | None = parent.guild.me
    if me is None:
        return ()
    category = parent.category.permissions_for(me) if parent.category is not None else None
    return missing(me.guild_permissions, category)


def missing(in_server: Permissions, in_category: Permissions | None) -> tuple[str, ...]:
    """Give the permissions that are missing for such rooms, by their names in discord.py.

    A new channel inherits nothing from its category, so what was given in a channel alone does not count.
    """
    found = [name for name in NEEDED if not getattr(in_server, name)]
    if in_category is not None:
        found += [name for name in IN_CATEGORY if name not in found and not getattr(in_category, name)]
    return tuple(found)


def is_one_of_ours(about: Mapping[str, Any], guild: int, me: int | None) -> bool:
    """Say whether a channel, as Discord describes it, is a private voice channel that lets us in by name."""
    said = {int(one["id"]): one for one in about.get("permission_overwrites") or ()}
    everyone, ours = said.get(guild, {}), said.get(me or 0, {})
    return about["type"] == VOICE and bool(int(everyone.get("deny") or 0) & int(ours.get("allow") or 0) & SEE)


def wrong_with(about: Mapping[str, Any], guild: str) -> str:
    """Say what is wrong with a voice channel that is an open room, as Discord describes it; nothing where all is well.

    Whom we have let in is there by an overwrite of her own, and so is whom a moderator has.
    """
    roles = [one for one in about.get("permission_overwrites") or () if int(one["type"]) == ROLE]
    everyone = next((int(one["deny"]) for one in roles if one["id"] == guild), 0)
    if not everyone & SEE:
        return "everybody in the server sees it. Deny @everyone View Channel there, or tell the circle"
    if any(int(one["allow"]) & SEE for one in roles):
        return "a whole role sees it. Take View Channel away from that role there, or tell the circle"
    if everyone & CONNECT:
        return "nobody can read or join it. Deny @everyone nothing there but View Channel, or close the circle"
    if everyone & WRITE:
        return "nobody can write there. Deny @everyone nothing there but View Channel, or close the circle"
    return ""
