"""Conversations through Discord: the scripts of talk.py, each word over real sockets, seen as Discord shows it."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from discord_house import House, housed
from discord_judge import Judge
from discord_people import Answer, Form, Person
from discord_town import Stage, town
from discord_words import Seen, read
from talk import Talk

from bot.clock import MovableClock
from bot.discord import calls, leaves
from circles import commands, grammar

ONWARD = ("Continue", "Open the form", "Try again")
Mark = tuple[str, str]


@dataclass
class DiscordTalk(Talk):
    """A server of people talking with the bot; the loop and the bot live in a thread of their own.

    Whoever owns the server has shown /programme to everybody: who may do what there is for the core to say.
    """

    stage: Stage | None = None
    judge: Judge | None = None
    platform: str = "discord"
    _seen: dict[str, set[Mark]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="discord")
        self._thread.start()
        self._open = AsyncExitStack()
        self._names: dict[str, str] = {}
        self._clock = MovableClock(self.now)
        self._town = self._do(self._open.enter_async_context(town(self.stage)))
        self.workspace = self._town.guild
        self.house: House = self._do(self._open.enter_async_context(housed(self.store, self._town, clock=self._clock)))

    def close(self) -> None:
        """Stop the bot and its thread; afterwards every request that it made is judged."""
        made = self._do(self._town.calls())
        try:
            self._do(self._open.aclose())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        if self.judge is not None:
            # The commands are the same in every script; the other tests on Discord judge them.
            self.judge.check_all(one for one in made if not one.path.endswith("/commands"))

    def _do(self, work: Awaitable[Any]) -> Any:
        async def awaited() -> Any:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(timeout=60)

    def person(self, who: str) -> Person:
        """Somebody of the server."""
        if who not in self._town.people:
            person: Person = self._do(self._town.person(who, organiser=True))
            self._names[person.id] = who
            self._town.names[person.id] = who.capitalize()
        return self._town.people[who]

    def id_of(self, who: str) -> str:
        """Give her id, which is a number on Discord."""
        return self.person(who).id

    def name_of(self, known: str) -> str:
        """Give the name of whom Discord knows by this id."""
        return self._names[known]

    def says(self, who: str, line: str, *, room: str = "", **unfit: Any) -> None:
        """Type a command as she would on Discord; one that nobody types is a button of an older message."""
        unfit = {**unfit, **({"room": room} if room else {})}
        assert not unfit, f"nobody can do this on Discord: {unfit}"
        line = line.removeprefix("/")
        command, _rest = grammar.find(commands.table(), grammar.words_of(line))
        path = leaves._names().get(command.path)
        if path is None:
            button = {"type": 2, "label": "kept", "custom_id": line}
            self._acts(who, lambda person: _presses_kept(person, button))
            return
        options = self._options(command, line)
        self._acts(who, lambda person: person.types(path, **options))

    def _options(self, command: grammar.Command, line: str) -> dict[str, Any]:
        """Give what was typed as the options of a command on Discord."""
        options: dict[str, Any] = dict(grammar.typed(command, line))
        for parameter in command.parameters:
            if parameter.kind == "person" and parameter.name in options:
                options[parameter.name] = self.person(options[parameter.name].removeprefix("@").lower())
        programme = grammar.programme_named(line)
        return {**options, **({leaves.PROGRAMME: programme} if programme else {})}

    def presses(self, who: str, label: str) -> None:
        """Press the newest button with this label that she sees."""
        self._acts(who, lambda person: person.presses(label))

    def fills(self, who: str, **answers: str) -> None:
        """Fill the form that is open and send it; a long one in its parts."""
        self._acts(who, lambda person: self._fills(person, dict(answers)))

    async def _fills(self, person: Person, answers: dict[str, str]) -> Answer:
        while True:
            assert person.form is not None, f"no form is open before {person.name}"
            line = person.form.data["custom_id"]
            asked = {part["custom_id"]: part for _label, part in person.form.fields()}
            part = {name: self._filled(asked[name], answers.pop(name)) for name in asked if name in answers}
            answer = await person.fills(**part)
            if calls.part_of(line) and answer.message is not None and _onward(answer.message) == "Continue":
                answer = await person.presses("Continue", message=answer.message)
                if person.form is not None and _follows(person.form.data["custom_id"], line):
                    continue
            assert not answers, f"the form has no {set(answers)}"
            return answer

    def _filled(self, asked: dict[str, Any], answer: str) -> Any:
        if asked["type"] == 5:
            return self._town.people[answer.removeprefix("@").lower()]
        if asked["type"] == 3:
            return [part.strip() for part in answer.split(",") if part.strip()]
        return answer

    def _acts(self, who: str, act: Callable[[Person], Awaitable[Answer]]) -> None:
        person = self.person(who)
        self._seen[who] = self._marks_of(person)
        self._clock.move(self.now)
        self._do(self._act(person, act))

    async def _act(self, person: Person, act: Callable[[Person], Awaitable[Answer]]) -> None:
        answer = await act(person)
        if answer.kind is None:
            raise AssertionError(f"{person.name} got no answer in time")
        if answer.form is None and answer.message is not None and (label := _onward(answer.message)):
            await person.presses(label, message=answer.message)
        await self.house.side.rests()
        await self.house.beats()

    def _sees(self, person: Person) -> list[Seen]:
        seen: list[Seen] = self._do(person.sees())
        return seen

    def _marks_of(self, person: Person) -> set[Mark]:
        return {(seen.id, seen.words) for seen in self._sees(person)}

    def _news(self, who: str) -> list[str]:
        person, known = self.person(who), self._seen.get(who, set())
        news = [_words(seen.words) for seen in self._sees(person) if (seen.id, seen.words) not in known]
        return [*news, *([_words(_form(person.form))] if person.form else [])]

    def hears(self, who: str, words: str) -> str:
        """Assert that something she sees that was not there before her last act says this."""
        news = self._news(who)
        for heard in reversed(news):
            if _words(words) in heard:
                return heard
        raise AssertionError(f"{who} did not hear {words!r}. She sees:\n" + "\n---\n".join(news))

    def never_hears(self, who: str, words: str) -> None:
        """Assert that nothing she can see on Discord says this."""
        for seen in self._sees(self.person(who)):
            assert _words(words) not in _words(seen.words), f"{who} heard {words!r} in:\n{_words(seen.words)}"

    def forgets(self) -> None:
        """Look only at what comes from now on."""
        self._seen = {who: self._marks_of(person) for who, person in self._town.people.items()}

    def delivers(self) -> None:
        """Let everything go out that is due now."""
        self._clock.move(self.now)
        self._do(self.house.beats())


async def _presses_kept(person: Person, button: dict[str, Any]) -> Answer:
    seen = (await person.sees())[-1:]
    data = {"component_type": 2, "custom_id": button["custom_id"], "id": 1}
    where = {"where": seen[0].channel, "message": seen[0].id} if seen else {}
    return await person._gesture(3, where.pop("where", ""), data, **where)


def _follows(custom_id: str, line: str) -> bool:
    """Say whether a modal is a later part of the same form."""
    return calls.line_of(custom_id) == calls.line_of(line) and calls.part_of(custom_id) > calls.part_of(line)


def _onward(message: Seen) -> str:
    labels = [str(button.get("label")) for button in message.buttons()]
    return next((label for label in ONWARD if label in labels), "")


def _words(words: str) -> str:
    """Words without what only one door shows: the sign before a mention, and the marks of a quotation."""
    return re.sub(r"@(?=[A-Z])|[“”]", "", words)


def _form(form: Form) -> str:
    """What stands in a form: its words, and what is filled in or can be chosen."""
    found = [form.words]
    for _label, part in form.fields():
        found += [str(part[key]) for key in ("value", "placeholder") if part.get(key)]
        found += [option["label"] for option in part.get("options") or []]
    return "\n".join(read(line, {}) for line in found)
