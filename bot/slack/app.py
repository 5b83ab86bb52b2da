"""The way in from Slack: commands, buttons, forms, shortcuts, the Home and events, each taken to the core."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.clock import Clock, Metronome
from bot.desk import Desk
from bot.slack import door, failures, forms
from bot.slack.answers import Ack, Answers
from bot.slack.door import Asked
from bot.slack.events import Events
from bot.slack.home import Homes
from bot.slack.people import Directory
from circles import commands, courtesies
from circles.effects import Answer, Reply
from circles.language import speaking

log = logging.getLogger(__name__)
PATIENCE = 1.2  # seconds that an acknowledgement waits for the answer; Slack gives three
MOST_OTHERS = 3  # people that Slack is asked about for one call
GRACE = 5.0  # seconds that an answer has at the end
ANY = re.compile(".*", re.DOTALL)
Body = dict[str, Any]
Given = TypeVar("Given")


class SlackApp:
    """The listeners of the bolt app; whoever has the app may feed it by socket or by signed requests."""

    def __init__(
        self,
        app: AsyncApp,
        desk: Desk,
        clock: Clock,
        metronome: Metronome,
        answers: Answers,
        homes: Homes,
        events: Events,
        directory: Directory,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._metronome = metronome
        self._answers = answers
        self._homes = homes
        self._events = events
        self._directory = directory
        self._tasks: set[asyncio.Task[Any]] = set()
        for name in ("/circle", "/programme"):
            app.command(name)(self._command)
        app.action(ANY)(self._press)
        app.view(forms.FORM)(self._submission)
        app.view_closed(forms.FORM)(self._closed)
        app.shortcut({"type": "shortcut", "callback_id": "your_circle"})(self._your_circle)
        app.shortcut({"type": "message_action", "callback_id": "thank"})(self._thank)
        app.event(ANY)(self._event)
        # What nobody listens to would be logged with all its words.
        for listen in (app.command, app.view, app.view_closed, app.shortcut, app.options):
            listen(ANY)(_unknown)

    async def rest(self) -> None:
        """Wait until the answers under way are given."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Let the answers under way come to their end, for a while."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE)
        for task in self._tasks:
            task.cancel()

    # -- gestures ------------------------------------------------------------------------------------

    async def _command(self, ack: Ack, body: Body) -> BoltResponse:
        asked = door.command(body)
        work = self._begun(asked)
        page = None
        if await _in_time(work):
            with speaking(self._directory.language(asked.team, asked.person)):
                page = self._answers.only_page(work.result())
        if page is None:  # it takes longer, or more than one step: none of them may keep the acknowledgement
            self._later(self._when_done(work, asked, self._answers.to_command))
            return await ack()
        self._after(asked)
        return await ack(**page)

    async def _press(self, ack: Ack, body: Body) -> BoltResponse:
        action = body["actions"][0]
        if action.get("type") != "button" or not action.get("value"):
            return await ack()  # a choice inside a form, or a link: nothing is asked yet
        asked = door.press(body)
        work = self._begun(asked)
        await _in_time(work)
        self._later(self._when_done(work, asked, self._answers.to_press))
        return await ack()

    async def _submission(self, ack: Ack, body: Body) -> BoltResponse:
        asked = door.submission(body, forms.answers(body["view"].get("state") or {}))
        work = self._begun(asked)
        if not await _in_time(work):
            self._later(self._when_done(work, asked, self._answers.late_to_submission))
            with speaking(self._directory.language(asked.team, asked.person)):
                wait = forms.message_view(courtesies.working(), courtesies.circle_title())
            return await ack(response_action="update", view=wait)
        self._later(self._when_done(work, asked, self._answers.after_submission))
        with speaking(self._directory.language(asked.team, asked.person)):
            return await self._answers.to_submission(asked, work.result(), ack)

    async def _closed(self, ack: Ack, body: Body) -> BoltResponse:
        """Leave nothing behind of a form that was closed."""
        await self._events.form_closed(*door.closed(body))
        return await ack()

    async def _your_circle(self, ack: Ack, body: Body) -> BoltResponse:
        return await self._in_window(ack, door.shortcut(body, "circle"))

    async def _thank(self, ack: Ack, body: Body) -> BoltResponse:
        """Thank whoever wrote a message; what it says is not looked at. Of a bot's message she is asked whom."""
        asked, writer = door.shortcut(body, "circle thanks"), str((body.get("message") or {}).get("user") or "")

        async def answer() -> tuple[Answer, ...]:
            is_person = writer and (await self._directory.of(asked.team, writer)).kind != "bot"
            return await self._answer(door.shortcut(body, f"circle thanks @{writer}") if is_person else asked)

        return await self._in_window(ack, asked, self._under_way(answer()))

    async def _in_window(
        self, ack: Ack, asked: Asked, work: "asyncio.Task[tuple[Answer, ...]] | None" = None
    ) -> BoltResponse:
        work = work or self._begun(asked)

        async def show(asked: Asked, given: tuple[Answer, ...]) -> None:
            await self._answers.in_window(asked, given, courtesies.circle_title())

        await _in_time(work)
        self._later(self._when_done(work, asked, show))
        return await ack()

    async def _event(self, ack: Ack, body: Body) -> BoltResponse:
        # Acknowledged when it is written down: what fails comes again from Slack, what came before is known.
        await self._events.take(body)
        return await ack()

    # -- the core ------------------------------------------------------------------------------------

    def _begun(self, asked: Asked) -> "asyncio.Task[tuple[Answer, ...]]":
        return self._under_way(self._answer(asked))

    async def _answer(self, asked: Asked) -> tuple[Answer, ...]:
        known = await self._directory.of(asked.team, asked.person)
        if asked.is_foreign or known.kind in {"stranger", "bot"}:
            log.warning("call %s of %s in %s is turned away: %s", asked.call.id, asked.person, asked.team, known.kind)
            with speaking(self._directory.language(asked.team, asked.person)):
                return (Reply(courtesies.stranger()),)
        call = asked.known_as(known.name, known.zone, known.locale).call
        call = replace(call, others=await self._others(asked))
        try:
            return await self._desk.answer(call, self._clock.now())
        except Exception:
            log.exception("call %s of %s in %s failed", call.id, call.person, call.workspace)
            with speaking(self._directory.language(asked.team, asked.person)):
                return (Reply(commands.sorry()),)

    async def _others(self, asked: Asked) -> dict[str, str]:
        """Give the people whom a call names, as far as Slack knows them and circles are for them."""
        found = {}
        for person in commands.people_named(asked.call.line, asked.call.answers)[:MOST_OTHERS]:
            if door.is_person(person):
                known = await self._directory.of(asked.team, person)
                if known.name and known.kind in {"member", "guest"}:
                    found[person] = known.name
        return found

    def _after(self, asked: Asked) -> None:
        """Deliver what the call has put out, and draw her Home anew."""
        self._metronome.soon()
        self._homes.changed(asked.team, asked.person)

    async def _when_done(
        self,
        work: "asyncio.Task[tuple[Answer, ...]]",
        asked: Asked,
        say: Callable[[Asked, tuple[Answer, ...]], Awaitable[None]],
    ) -> None:
        given = await work
        try:
            with speaking(self._directory.language(asked.team, asked.person)):
                await say(asked, given)
        except failures.TROUBLE as problem:
            log.warning("the answer to call %s did not get through: %s", asked.call.id, failures.named(problem))
        finally:
            self._after(asked)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        self._under_way(work).add_done_callback(_log_failure)

    def _under_way(self, work: Coroutine[Any, Any, Given]) -> "asyncio.Task[Given]":
        """Begin something that the end of the process waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("an answer failed", exc_info=task.exception())


async def _in_time(work: "asyncio.Task[tuple[Answer, ...]]") -> bool:
    done, _waiting = await asyncio.wait({work}, timeout=PATIENCE)
    return bool(done)


async def _unknown(ack: Ack, body: Body) -> BoltResponse:
    log.info("Slack sent something that nothing here listens to: %s", body.get("type", "?"))
    return await ack()
