"""The way back to who asked: at once in the acknowledgement, or later through the address that Slack gave."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.slack import failures, forms, render
from bot.slack.chat import SlackChat
from bot.slack.clients import Clients
from bot.slack.door import Asked
from circles import courtesies
from circles.effects import Answer, Ask, Reply
from circles.messages import File, Form, Message, Picture

log = logging.getLogger(__name__)
Ack = Callable[..., Awaitable[BoltResponse]]
BESIDE = {"response_type": "ephemeral", "replace_original": False}


class Answers:
    """Brings the core's answers to the person who asked, and to nobody else."""

    def __init__(self, clients: Clients, chat: SlackChat) -> None:
        self._clients = clients
        self._chat = chat

    async def to_command(self, asked: Asked, answers: tuple[Answer, ...], ack: Ack | None) -> BoltResponse | None:
        """Answer a slash command: the first words in the acknowledgement itself, where that is not given yet."""
        client = await self._clients.of(asked.team)
        messages = await self._formed(client, asked, answers)
        pages = [page for message in messages for page in _pages(message)]
        response = None
        if ack is not None:
            response = await ack(**pages.pop(0), response_type="ephemeral") if pages else await ack()
        for page in pages:
            await self._through_url(client, asked, page)
        await self._files(client, asked, messages)
        return response

    async def to_press(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Answer the press of a button, in its message where only the presser sees that, else beside it."""
        client = await self._clients.of(asked.team)
        messages = await self._formed(client, asked, answers)
        if asked.view:
            for message in messages:
                await self._in_view(client, asked, message)
            return
        replaces = asked.is_alone and any(isinstance(one, Reply) and one.replaces for one in answers)
        for message in messages:
            for page in _pages(message):
                await self._through_url(client, asked, page, replaces=replaces)
                replaces = False
        await self._files(client, asked, messages)

    async def to_submission(self, asked: Asked, answers: tuple[Answer, ...], ack: Ack) -> BoltResponse:
        """Answer a form: errors at their fields, the next step in its place, or the words where it came from."""
        form = next((one.form for one in answers if isinstance(one, Ask)), None)
        if form is not None and (wrong := forms.errors(form)):
            return await ack(response_action="errors", errors=wrong)
        if form is not None:
            return await ack(response_action="update", view=_view(asked, form))
        messages = [one.message for one in answers if isinstance(one, Reply)]
        client = await self._clients.of(asked.team)
        await self._files(client, asked, messages)
        if not asked.url:
            return await ack(response_action="update", view=_shown(messages))
        for message in messages:
            for page in _pages(message):
                await self._through_url(client, asked, page)
        return await ack(response_action="clear")

    async def late_to_submission(self, asked: Asked, answers: tuple[Answer, ...]) -> None:
        """Answer a form whose answer took longer: its view says so, and is changed now."""
        form = next((one.form for one in answers if isinstance(one, Ask)), None)
        view = _view(asked, form) if form else _shown([one.message for one in answers if isinstance(one, Reply)])
        client = await self._clients.of(asked.team)
        await client.views_update(view_id=asked.view, view=view)

    async def in_window(self, asked: Asked, answers: tuple[Answer, ...], title: str) -> None:
        """Answer a gesture that has no place in a conversation, such as a shortcut, in a window of its own."""
        client = await self._clients.of(asked.team)
        messages = await self._formed(client, asked, answers)
        if messages:
            await client.views_open(trigger_id=asked.trigger, view=_shown(messages, title, asked.origin("")))

    async def _formed(self, client: AsyncWebClient, asked: Asked, answers: tuple[Answer, ...]) -> list[Message]:
        """Open the form among the answers and give the messages; a form that came too late becomes a button."""
        messages = []
        for one in answers:
            if isinstance(one, Reply):
                messages.append(one.message)
            elif not await self._opened(client, asked, one.form):
                messages.append(courtesies.form_again(one.form.call))
        return messages

    async def _opened(self, client: AsyncWebClient, asked: Asked, form: Form) -> bool:
        view = _view(asked, form)
        try:
            if asked.view_kind == "modal":
                await client.views_push(trigger_id=asked.trigger, view=view)
            else:
                await client.views_open(trigger_id=asked.trigger, view=view)
        except (SlackApiError, TimeoutError, OSError) as problem:
            why = failures.code_of(problem) if isinstance(problem, SlackApiError) else type(problem).__name__
            log.info("a form for call %s did not open: %s", asked.call.id, why)
            return False
        return True

    async def _in_view(self, client: AsyncWebClient, asked: Asked, message: Message) -> None:
        if asked.view_kind == "modal":
            view = forms.message_view(message, courtesies.circle_title(), asked.origin(""))
            await client.views_update(view_id=asked.view, view=view)
        else:  # the Home is drawn anew by itself; the words stand before it
            view = forms.message_view(message, courtesies.circle_title(), asked.origin(""))
            await client.views_open(trigger_id=asked.trigger, view=view)

    async def _through_url(
        self, client: AsyncWebClient, asked: Asked, page: dict[str, Any], *, replaces: bool = False
    ) -> None:
        """Say a page through the address of the gesture; where that is used up, in a direct message."""
        if asked.url:
            hook = AsyncWebhookClient(asked.url, session=self._clients.session, retry_handlers=[])
            try:
                answer = await hook.send_dict({**page, **({"replace_original": True} if replaces else BESIDE)})
            except (TimeoutError, OSError) as problem:
                # Said or not, nobody knows; the person sees that nothing came, and can ask again.
                log.warning("the answer to call %s may be lost: %s", asked.call.id, type(problem).__name__)
                return
            if answer.status_code == 200:
                return
            log.info("the answer to call %s goes by direct message: status %s", asked.call.id, answer.status_code)
        channel = await self._chat.direct(client, asked.team, asked.person)
        said = {
            **page,
            "text": render.words(Message(())),
        }  # unlike an answer, a message notifies: nothing private there
        await client.chat_postMessage(channel=channel, **said, unfurl_links=False, unfurl_media=False)

    async def _files(self, client: AsyncWebClient, asked: Asked, messages: list[Message]) -> None:
        """Send pictures and files to the asker alone: what is shown to one person only can hold none."""
        for message in messages:
            if any(isinstance(block, Picture | File) for block in message.blocks):
                channel = await self._chat.direct(client, asked.team, asked.person)
                await self._chat.upload(client, channel, message)


def _pages(message: Message) -> list[dict[str, Any]]:
    spoken = render.spoken(message)
    return [{"text": spoken, "blocks": page} for page in render.pages(message)]


def _view(asked: Asked, form: Form) -> dict[str, Any]:
    return forms.view(form, call=form.call, private=asked.origin(form.call))


def _shown(messages: list[Message], title: str = "", private: str = "") -> dict[str, Any]:
    whole = Message(tuple(block for message in messages for block in message.blocks))
    return forms.message_view(whole if whole.blocks else courtesies.done(), title or courtesies.circle_title(), private)


async def within(seconds: float, work: "asyncio.Task[tuple[Answer, ...]]") -> bool:
    """Wait so long for an answer, and say whether it is there."""
    done, _waiting = await asyncio.wait({work}, timeout=seconds)
    return bool(done)
