"""How Halqa is invited to a Discord server: the link, and the fewest permissions with the reason for each."""

from dataclasses import dataclass

import discord

INVITE = "https://discord.com/oauth2/authorize"
SCOPES = ("bot", "applications.commands")


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission: its ``name`` in discord.py, how Discord's pages call it, and why it is asked for."""

    name: str
    label: str
    reason: str


PERMISSIONS = (
    Permission(
        "view_channel",
        "View Channels",
        "Without it Halqa sees neither the programme's channel nor any thread below it.",
    ),
    Permission(
        "send_messages",
        "Send Messages",
        "Where it is denied, Discord denies Embed Links and Attach Files too.",
    ),
    Permission(
        "create_private_threads",
        "Create Private Threads",
        "A circle, a pair and a table each get a private thread below the programme's channel.",
    ),
    Permission(
        "send_messages_in_threads",
        "Send Messages in Threads",
        "To post in these threads, and to bring people in: Discord asks for it to add a member.",
    ),
    Permission(
        "embed_links",
        "Embed Links",
        "Messages stand in an embed, so that a notification shows their summary only.",
    ),
    Permission(
        "attach_files",
        "Attach Files",
        "For calendar files, tables, and the picture of who has met whom.",
    ),
)
OPTIONAL = (
    Permission(
        "manage_threads",
        "Manage Threads",
        "Only to lock a closed room; without it a closed room is archived, and a message would wake it again. "
        "It also lets Halqa open every private thread below that channel, so leave it out unless you want the lock.",
    ),
    Permission(
        "manage_channels",
        "Manage Channels",
        "Only for circles with voice: each gets a private voice channel. It also lets Halqa change and delete every "
        "channel of the server, which it never does.",
    ),
    Permission(
        "manage_roles",
        "Manage Roles",
        "Only for circles with voice: to let people into that channel and out of it, and nobody else. It also lets "
        "Halqa say who may see which channel, and give roles below its own, which it never does.",
    ),
    Permission(
        "connect",
        "Connect",
        "Only for circles with voice: Discord lets nobody manage a voice channel who may not join it. Everybody has "
        "it mostly; Halqa never joins or listens.",
    ),
    Permission(
        "speak",
        "Speak",
        "Only for circles with voice: to let nobody talk in a closed channel, where otherwise nobody can only write; "
        "Discord lets Halqa deny others only what it may do itself. It never speaks.",
    ),
    Permission(
        "create_events",
        "Create Events",
        "Only for a meeting that one of its people wants to see among the server's events; it names nobody.",
    ),
)
NEVER = (
    ("Read Message History", "Halqa reads nothing that people write, and edits its own messages without it."),
    ("Mention Everyone", "Halqa calls only people who take part, by name."),
    ("Privileged intents", "Commands, buttons, forms and private messages come without any of them."),
)


def label_of(name: str) -> str:
    """Give what Discord's pages call one of these permissions."""
    return next(one.label for one in (*PERMISSIONS, *OPTIONAL) if one.name == name)


def value(*, with_optional: bool = False) -> int:
    """Give the permissions as the number that an invite link carries."""
    asked = (*PERMISSIONS, *OPTIONAL) if with_optional else PERMISSIONS
    return discord.Permissions(**{permission.name: True for permission in asked}).value


def link(application_id: str = "", *, with_optional: bool = False) -> str:
    """Give the invite link; without an id its place is shown, to be filled in."""
    identity = application_id or "YOUR_APPLICATION_ID"
    scopes = "%20".join(SCOPES)
    return f"{INVITE}?client_id={identity}&permissions={value(with_optional=with_optional)}&scope={scopes}"


def manifest(application_id: str = "") -> str:
    """Give the page that ``halqa manifest discord`` prints; ValueError for an id that is none."""
    if application_id and not (application_id.isascii() and application_id.isdigit() and len(application_id) <= 20):
        raise ValueError("An application id is a number of about 18 digits, from the page “General Information”.")
    return "\n".join(
        [
            "Open this link as somebody who may manage the server:",
            "",
            f"  {link(application_id)}",
            "",
            *_table("Halqa asks for", [(p.label, p.reason) for p in PERMISSIONS]),
            "",
            *_table("You may add", [(p.label, p.reason) for p in OPTIONAL]),
            "",
            "Add only what you want, each by itself: open the first link, and then switch it on for Halqa's role in",
            "Server Settings, Roles. With all of these:",
            f"  {link(application_id, with_optional=True)}",
            "",
            *_table("Halqa does not ask for", list(NEVER)),
            "",
            "Members need View Channels and Send Messages in Threads in the programme's channel, to read and write in",
            "their rooms. Where their circle has voice they need Connect in the server to read it, and Speak to talk",
            "aloud. /programme is shown to those who may manage the server; to show it to more people, open Server",
            "Settings, Integrations, Halqa. Who organises is checked by Halqa in any case.",
        ]
    )


def _table(title: str, rows: list[tuple[str, str]]) -> list[str]:
    wide = max(len(title), *(len(label) for label, _reason in rows))
    head = [f"{title:<{wide}} | reason", f"{'-' * wide}-|-{'-' * 40}"]
    return [*head, *(f"{label:<{wide}} | {reason}" for label, reason in rows)]
