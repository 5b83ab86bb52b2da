"""The way out to Slack: messages to people and rooms, rooms opened and closed; a chat like any other to the bot."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import drawing
from bot.chat import Opened, Opening, TryLater, Unreachable
from bot.slack import channels, failures, render
from bot.slack.clients import Clients
from bot.slack.pace import Pace
from circles.messages import File, Message, Picture

log = logging.getLogger(__name__)
LARGEST_GROUP = 8  # people in a group message besides us; Slack's limit for one conversations.open
MARK = "halqa_delivery"  # the type of the metadata by which a message of ours can be told from its repeat
Send = Callable[..., Awaitable[AsyncSlackResponse]]


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
        client = await self._clients.of(workspace)
        with failures.understood():
            channel = await self.direct(client, workspace, person)
        place = await self._say(client, workspace, channel, message, nonce)
        self.on_told(workspace, person)
        return place

    async def post(self, workspace: str, room: str, message: Message, nonce: str) -> str:
        """Write into a room."""
        return await self._say(await self._clients.of(workspace), workspace, room, message, nonce)

    async def open_room(self, workspace: str, opening: Opening, nonce: str) -> Opened:
        """Open a group message for a few people, or a private channel for what lasts and for many."""
        client = await self._clients.of(workspace)
        if not opening.people:
            return Opened(opening.place)
        if not opening.is_lasting and len(opening.people) <= LARGEST_GROUP:
            return await self._open_group(client, workspace, opening)
        me = await self._me(workspace, client)
        room = channels.Channel(lambda method, **more: self._call(workspace, method, client, **more), me)
        opened = await room.open(opening)
        if opened.is_new and opening.card is not None:
            await self._show_card(client, workspace, room, opened.place, opening.card, f"{nonce}:card")
        return Opened(opened.place, opened.absent)

    async def _show_card(
        self, client: AsyncWebClient, workspace: str, room: channels.Channel, place: str, card: Message, nonce: str
    ) -> None:
        """Say what holds in a new room, and pin it; a room is open without, and nothing is said there twice."""
        try:
            said = await self._say(client, workspace, place, card, nonce)
        except TryLater:
            raise
        except Exception as problem:  # noqa: BLE001 - refused or lost: the room is there all the same
            log.warning("the card of %s may be missing: %s", place, type(problem).__name__)
            return
        await room.pin(place, said.partition(":")[2])

    async def close_room(self, workspace: str, room: str) -> None:
        """Archive a private channel; a group message has no end."""
        client = await self._clients.of(workspace)
        try:
            await self._call(workspace, "conversations_archive", client, channel=room)
        except Unreachable as problem:
            if not any(word in str(problem) for word in channels.CLOSED_ALREADY):
                raise

    async def direct(self, client: AsyncWebClient, workspace: str, person: str) -> str:
        """Give the channel of direct messages with a person."""
        known = self._direct.get((workspace, person))
        if known is None:
            answer = await self._call(workspace, "conversations_open", client, users=person)
            known = self._direct[workspace, person] = str(answer["channel"]["id"])
        return known

    async def _open_group(self, client: AsyncWebClient, workspace: str, opening: Opening) -> Opened:
        """Open the group message of these people; whoever is gone or shut is left out, and named."""
        there = list(opening.people)
        try:
            answer = await self._call(workspace, "conversations_open", client, users=",".join(there))
        except Unreachable as problem:
            if problem.why not in {"gone", "shut"}:
                raise
            there = [person for person in there if await self._is_here(client, workspace, person)]
            if not there or len(there) == len(opening.people):
                raise
            answer = await self._call(workspace, "conversations_open", client, users=",".join(there))
        absent = tuple(person for person in opening.people if person not in there)
        return Opened(str(answer["channel"]["id"]), absent)

    async def _me(self, workspace: str, client: AsyncWebClient) -> str:
        if workspace not in self._myself:
            self._myself[workspace] = str((await self._call(workspace, "auth_test", client))["user_id"])
        return self._myself[workspace]

    async def _is_here(self, client: AsyncWebClient, workspace: str, person: str) -> bool:
        try:
            user = (await self._call(workspace, "users_info", client, user=person))["user"]
        except Unreachable:
            return False
        return not (user.get("deleted") or user.get("is_bot"))

    async def _say(self, client: AsyncWebClient, workspace: str, channel: str, message: Message, nonce: str) -> str:
        """Post a message, page by page, and the pictures and files in it; gives channel and time of the first page."""
        first = ""
        for number, page in enumerate(render.pages(message)):
            await self._pace.turn(workspace, channel)
            try:
                answer = await self._call(
                    workspace,
                    "chat_postMessage",
                    client,
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
        await self.upload(client, channel, message)
        return first

    async def upload(self, client: AsyncWebClient, channel: str, message: Message) -> None:
        """Send the pictures and files of a message; their words have been said, so a failure loses nothing."""
        files = [_upload_of(block) for block in message.blocks if isinstance(block, Picture | File)]
        if not files:
            return
        try:
            await client.files_upload_v2(file_uploads=files, channel=channel)
        except Exception as problem:  # noqa: BLE001 - the message is out; it must not end as if it were not
            log.warning("a file could not be uploaded to %s: %s", channel, type(problem).__name__)

    async def _call(self, workspace: str, method: str, client: AsyncWebClient, **more: Any) -> AsyncSlackResponse:
        self._pace.check(workspace, method)
        send: Send = getattr(client, method)
        try:
            with failures.understood():
                return await send(**more)
        except TryLater as later:
            if isinstance(later.__cause__, SlackApiError) and failures.retry_after(later.__cause__):
                self._pace.silence(workspace, method, later.wait or timedelta(seconds=1))
            raise


def _upload_of(block: Picture | File) -> dict[str, Any]:
    if isinstance(block, File):
        return {"filename": block.name, "title": block.title, "content": block.text}
    return {"filename": "picture.png", "title": block.title, "file": drawing.png(block), "alt_txt": block.alt[:1000]}
