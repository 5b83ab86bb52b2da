"""The way back to who asked: at once in the acknowledgement, or later through the address that Slack gave."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import drawing
from bot.slack import failures, forms, render
from bot.slack.chat import SlackChat
from bot.slack.clients import Clients, unproxied
from bot.slack.door import Asked
from circles import courtesies
from circles.effects import Answer, Ask, Reply
from circles.messages import File, Form, Message

log = logging.getLogger(__name__)
Ack = Callable[..., Awaitable[BoltResponse]]
BESIDE = {"response_type": "ephemeral", "replace_original": False}
OPENING = 3.0  # seconds in which a form opens, or never: so long a trigger is good
URL_USES = 5  # times that Slack takes an answer through one address
SETTLES = 0.3  # seconds after an acknowledgement until Slack shows the view that came with it


class Answers:
    """Brings the core's answers to the person who asked, and to nobody else."""

    def __init__(self, clients: Clients, chat: SlackChat) -> None:
        self._clients = clients
        self._chat = chat

    def only_page(self, answers: tuple[Answer, ...]) -> dict[str, Any] | None:
        """Give what answers a slash command in the acknowledgement itself, or None where more is to be done."""
        pages = [page for one in answers if isinstance(one, Reply) for page in _pages(one.message)]
        is_all = len(pages) == 1 and not any(isinstance(one, Ask) or _has_files(one.message) for one in answers)
        return {**pages[0], "response_type": "ephemeral"} if is_all else None

    async def to_command(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Answer a slash command that is acknowledged already."""
        await self._beside(asked, await self._formed(asked, answers))

    async def to_press(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Answer the press of a button, in its message where only the presser sees that, else beside it."""
        messages = await self._formed(asked, answers)
        if asked.view:
            await self._in_view(asked, messages)
            return
        replaces = asked.is_alone and any(isinstance(one, Reply) and one.replaces for one in answers)
        await self._beside(asked, messages, replaces=replaces)

    async def to_submission(self, asked: Asked, answers: tuple[Answer, ...], ack: Ack) -> BoltResponse:
        """Answer a form: errors at their fields, the next step in its place, or the words, here or where it began."""
        form = next((one.form for one in answers if isinstance(one, Ask)), None)
        wrong = forms.errors(form) if form is not None else {}
        # Slack takes errors for the fields of the view that was sent, and no others: another step brings its own.
        if wrong and wrong.keys() <= asked.call.answers.keys():
            return await ack(response_action="errors", errors=wrong)
        if form is not None:
            return await ack(response_action="update", view=_view(asked, form))
        if asked.url:
            return await ack(response_action="clear")
        return await ack(response_action="update", view=_shown(_messages(answers)))

    async def after_submission(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Say what the acknowledgement of a form does not hold: the words where it began, and files."""
        if asked.url:
            await self._beside(asked, _messages(answers))
        else:
            await self._files(asked, _messages(answers))

    async def late_to_submission(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Answer a form whose answer took longer: its view says so, and is changed now."""
        form = next((one.form for one in answers if isinstance(one, Ask)), None)
        messages = [courtesies.form_again(form.call)] if form else _messages(answers)
        await asyncio.sleep(SETTLES)
        try:
            await self._clients.call(
                asked.team, "views_update", view_id=asked.view, view=_view(asked, form) if form else _shown(messages)
            )
        except failures.TROUBLE as problem:  # closed meanwhile, mostly
            log.info("the view for call %s was not changed: %s", asked.call.id, failures.named(problem))
            await self._beside(asked, messages)
        else:
            await self._files(asked, messages)

    async def in_window(self, asked: Asked, answers: tuple[Answer, ...], title: str) -> None:
        """Answer a gesture that has no place in a conversation, such as a shortcut, in a window of its own."""
        messages = await self._formed(asked, answers)
        if messages:
            await self._in_view(asked, messages, title)

    async def _formed(self, asked: Asked, answers: tuple[Answer, ...]) -> list[Message]:
        """Open the form among the answers and give the messages; a form that came too late becomes a button."""
        messages = []
        for one in answers:
            if isinstance(one, Reply):
                messages.append(one.message)
            elif not await self._opened(asked, one.form):
                messages.append(courtesies.form_again(one.form.call))
        return messages

    async def _opened(self, asked: Asked, form: Form) -> bool:
        view = _view(asked, form)
        try:
            async with asyncio.timeout(OPENING):
                if asked.view_kind == "modal":
                    await self._clients.call(asked.team, "views_push", trigger_id=asked.trigger, view=view)
                else:
                    await self._clients.call(asked.team, "views_open", trigger_id=asked.trigger, view=view)
        except failures.TROUBLE as problem:
            log.info("a form for call %s did not open: %s", asked.call.id, failures.named(problem))
            return False
        return True

    async def _in_view(self, asked: Asked, messages: list[Message], title: str = "") -> None:
        """Say it in the window where she is, or in a new one; where neither can be had, beside it."""
        if not messages:
            return
        view = _shown(messages, title, asked.origin(""))
        try:
            if asked.view_kind == "modal":
                await self._clients.call(asked.team, "views_update", view_id=asked.view, view=view)
            else:  # the Home is drawn anew by itself; the words stand before it
                await self._clients.call(asked.team, "views_open", trigger_id=asked.trigger, view=view)
        except failures.TROUBLE as problem:
            log.info("no window for the answer to call %s: %s", asked.call.id, failures.named(problem))
            await self._beside(asked, messages)
        else:
            await self._files(asked, messages)

    async def _beside(self, asked: Asked, messages: list[Message], *, replaces: bool = False) -> None:
        """Say it where she asked, page by page, to her alone; the first page may take a message's place."""
        for number, page in enumerate([page for message in messages for page in _pages(message)]):
            way = asked if number < URL_USES else replace(asked, url="")
            await self._through_url(way, page, replaces=replaces)
            replaces = False
        await self._files(asked, messages)

    async def _through_url(self, asked: Asked, page: dict[str, Any], *, replaces: bool = False) -> None:
        """Say a page through the address of the gesture; where that is used up, in a direct message."""
        if asked.url:
            hook = AsyncWebhookClient(asked.url, session=self._clients.session, retry_handlers=[])
            hook = unproxied(hook, asked.url)
            try:
                answer = await hook.send_dict({**page, **({"replace_original": True} if replaces else BESIDE)})
            except failures.TROUBLE as problem:
                # Said or not, nobody knows; the person sees that nothing came, and can ask again.
                log.warning("the answer to call %s may be lost: %s", asked.call.id, type(problem).__name__)
                return
            if answer.status_code == 200:
                return
            log.info("the answer to call %s goes by direct message: status %s", asked.call.id, answer.status_code)
        channel = await self._chat.direct(asked.team, asked.person)
        # Unlike an answer, a message notifies: nothing private there.
        said = {**page, "text": render.words(Message(()))}
        await self._clients.call(
            asked.team, "chat_postMessage", channel=channel, **said, unfurl_links=False, unfurl_media=False
        )

    async def _files(self, asked: Asked, messages: list[Message]) -> None:
        """Send files to the asker alone: what is shown to one person only can hold none."""
        for message in messages:
            if not _has_files(message):
                continue
            channel = await self._chat.direct(asked.team, asked.person)
            if await self._chat.upload(asked.team, channel, message) is not None:
                for page in _pages(courtesies.file_again(asked.call.line)):
                    await self._through_url(asked, page)


def _pages(message: Message) -> list[dict[str, Any]]:
    message = drawing.written(message)  # only the asker sees an answer, and such a message holds no picture
    spoken = render.spoken(message)
    return [{"text": spoken, "blocks": page} for page in render.pages(message)]


def _messages(answers: tuple[Answer, ...]) -> list[Message]:
    return [one.message for one in answers if isinstance(one, Reply)]


def _has_files(message: Message) -> bool:
    return any(isinstance(block, File) for block in message.blocks)


def _view(asked: Asked, form: Form) -> dict[str, Any]:
    return forms.view(form, call=form.call, private=asked.origin(form.call))


def _shown(messages: list[Message], title: str = "", private: str = "") -> dict[str, Any]:
    whole = Message(tuple(block for message in messages for block in message.blocks))
    whole = drawing.written(whole) if whole.blocks else courtesies.done()
    return forms.message_view(whole, title or courtesies.circle_title(), private)
