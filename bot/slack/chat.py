"""The way out to Slack: messages to people and rooms, rooms opened and closed; a chat like any other to the bot."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot import drawing
from bot.chat import Opened, Opening, TryLater, Unreachable
from bot.slack import channels, render
from bot.slack.clients import Clients
from bot.slack.failures import LONG
from bot.slack.pace import Pace
from circles.messages import File, Message, Picture

log = logging.getLogger(__name__)
LARGEST_GROUP = 8  # people in a group message besides us; Slack's limit for one conversations.open
A_MOMENT = timedelta(seconds=2)  # so long a file waits for a limit to end; it is a part of its message's delivery
MARK = "halqa_delivery"  # the type of the metadata by which a message of ours can be told from its repeat


class SlackChat:
    """Slack as a chat.

    Slack has no key by which it says a thing only once, so nothing is sent again whose end is not known.
    """

    knows_nonces = timedelta(0)

    def __init__(self, clients: Clients, pace: Pace | None = None) -> None:
        self._clients = clients
        self._pace = pace or Pace()
        self._direct: dict[tuple[str, str], str] = {}
        self._myself: dict[str, str] = {}
        self.on_told: Callable[[str, str], None] = lambda _workspace, _person: None

    async def tell(self, workspace: str, person: str, message: Message, nonce: str) -> str:
        """Write to one person."""
        try:
            place = await self._say(workspace, await self.direct(workspace, person), message, nonce)
        except Unreachable as problem:
            # The channel that we know may be lost; only who opens it anew hears whether she is there.
            if problem.why != "nowhere" or self._direct.pop((workspace, person), None) is None:
                raise
            place = await self._say(workspace, await self.direct(workspace, person), message, nonce)
        self.on_told(workspace, person)
        return place

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room."""
        return await self._say(workspace, room, message, nonce)

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a group message for a few people, or a private channel for what lasts and for many."""
        if not opening.people:
            return Opened(opening.place)
        if not opening.is_lasting and len(opening.people) <= LARGEST_GROUP:
            group = await self._open_group(workspace, opening)
            if opening.place not in {"", group.place}:  # a channel that was right for more people
                await self.close_room(workspace, opening.place)
            return group
        me = await self._me(workspace)
        room = channels.Channel(lambda method, **more: self._clients.call(workspace, method, **more), me, workspace)
        opened = await room.open(opening)
        if opened.is_new and opening.card is not None:
            await self._show_card(workspace, room, opened.place, opening.card, f"{nonce}:card")
        return Opened(opened.place, opened.absent)

    async def _show_card(self, workspace: str, room: channels.Channel, place: str, card: Message, nonce: str) -> None:
        """Say what holds in a new room, and pin it; a room is open without, and nothing is said there twice."""
        try:
            said = await self._say(workspace, place, card, nonce)
        except TryLater:
            raise
        except Exception as problem:  # noqa: BLE001 - refused or lost: the room is there all the same
            log.warning("the card of %s may be missing: %s", place, type(problem).__name__)
            return
        await room.pin(place, said.partition(":")[2])

    async def close_room(self, workspace: str, room: str) -> None:
        """Archive a private channel; a group message has no end."""
        try:
            await self._clients.call(workspace, "conversations_archive", channel=room)
        except Unreachable as problem:
            if not any(word in str(problem) for word in channels.CLOSED_ALREADY):
                raise

    async def direct(self, workspace: str, person: str) -> str:
        """Give the channel of direct messages with a person."""
        known = self._direct.get((workspace, person))
        if known is None:
            answer = await self._clients.call(workspace, "conversations_open", users=person)
            known = self._direct[workspace, person] = str(answer["channel"]["id"])
        return known

    async def _open_group(self, workspace: str, opening: Opening) -> Opened:
        """Open the group message of these people; whoever is gone or shut is left out, and named."""
        there = list(opening.people)
        try:
            answer = await self._clients.call(workspace, "conversations_open", users=",".join(there))
        except Unreachable as problem:
            if problem.why not in {"gone", "shut"}:
                raise
            there = [person for person in there if await self._is_here(workspace, person)]
            if not there or len(there) == len(opening.people):
                raise
            answer = await self._clients.call(workspace, "conversations_open", users=",".join(there))
        absent = tuple(person for person in opening.people if person not in there)
        return Opened(str(answer["channel"]["id"]), absent)

    async def _me(self, workspace: str) -> str:
        if workspace not in self._myself:
            self._myself[workspace] = str((await self._clients.call(workspace, "auth_test"))["user_id"])
        return self._myself[workspace]

    async def _is_here(self, workspace: str, person: str) -> bool:
        try:
            user = (await self._clients.call(workspace, "users_info", user=person))["user"]
        except Unreachable:
            return False
        return not (user.get("deleted") or user.get("is_bot"))

    async def _say(self, workspace: str, channel: str, message: Message, nonce: str) -> str:
        """Post a message, page by page, and the pictures and files in it; gives channel and time of the first page."""
        first = ""
        for number, page in enumerate(render.pages(message)):
            await self._pace.turn(workspace, channel)
            try:
                answer = await self._clients.call(
                    workspace,
                    "chat_postMessage",
                    channel=channel,
                    text=render.words(message),
                    blocks=page,
                    unfurl_links=False,
                    unfurl_media=False,
                    metadata={"event_type": MARK, "event_payload": {"id": f"{nonce}:{number}"}},
                )
            except (TryLater, Unreachable) as problem:
                if first:  # a part of it is said: it must not be said again from the beginning
                    raise RuntimeError(f"a page of {nonce} is missing") from problem
                raise
            first = first or f"{answer['channel']}:{answer['ts']}"
        trouble = await self.upload(workspace, channel, message)
        if trouble is not None and not _is_for_good(trouble):
            raise RuntimeError(f"a file of {nonce} is missing") from trouble  # whoever asks to see it again gets it
        return first

    async def upload(self, workspace: str, channel: str, message: Message) -> Exception | None:
        """Send the pictures and files of a message whose words are said; gives what was in the way."""
        files = [_upload_of(block) for block in message.blocks if isinstance(block, Picture | File)]
        if not files:
            return None
        try:
            await self._upload(workspace, file_uploads=files, channel=channel)
        except Exception as problem:  # noqa: BLE001 - the words are out; they must not end as if they were not
            log.warning("a file could not be uploaded to %s: %s", channel, type(problem).__name__)
            return problem
        return None

    async def _upload(self, workspace: str, **more: Any) -> None:
        """Upload files; a limit that ends in a moment is waited out."""
        try:
            await self._clients.call(workspace, "files_upload_v2", **more)
        except TryLater as later:
            if later.wait > A_MOMENT:
                raise
            await asyncio.sleep(later.wait.total_seconds())
            await self._clients.call(workspace, "files_upload_v2", **more)


def _is_for_good(trouble: Exception) -> bool:
    """Whether a file stays out however often it is tried: what is not allowed here, and what we lack the rights for."""
    return isinstance(trouble, Unreachable) or (isinstance(trouble, TryLater) and trouble.wait >= LONG)


def _upload_of(block: Picture | File) -> dict[str, Any]:
    if isinstance(block, File):
        return {"filename": block.name, "title": block.title, "content": block.text}
    return {"filename": "picture.png", "title": block.title, "file": drawing.png(block), "alt_txt": block.alt[:1000]}
