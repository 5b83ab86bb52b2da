"""People on Discord: they type commands, press, choose and fill in; they see what Discord would show them."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discord_words import Seen, parts, read

if TYPE_CHECKING:
    from discord_town import Town

STRING, INTEGER, BOOLEAN, USER, ATTACHMENT, NUMBER = 3, 4, 5, 6, 11, 10
MESSAGE, WAITING, QUIET, CHANGED, CHOICES, FORM = 4, 5, 6, 7, 8, 9


@dataclass(frozen=True)
class Form:
    """A modal that is open before somebody."""

    data: Mapping[str, Any]
    channel: str
    message: str | None

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def words(self) -> str:
        """The title, the texts, and each field's label."""
        found = [self.title]
        for part in parts(list(self.data["components"])):
            found += [str(part[key]) for key in ("label", "description", "content") if part.get(key)]
        return "\n".join(read(line, {}) for line in found)

    def fields(self) -> list[tuple[str, dict[str, Any]]]:
        """Each field with its label."""
        found = []
        for part in self.data["components"]:
            if part["type"] == 18:
                found.append((str(part["label"]), part["component"]))
            elif part["type"] == 1:
                found += [(str(inner.get("label") or ""), inner) for inner in part["components"]]
        return found


@dataclass(frozen=True)
class Answer:
    """What the bot answered to a gesture; ``kind`` is Discord's callback type, None when no answer came in time."""

    kind: int | None
    message: Seen | None
    form: Form | None
    choices: tuple[tuple[str, Any], ...]
    is_ephemeral: bool
    took: float  # seconds from the gesture to the end of the answer
    id: str
    token: str = field(repr=False)

    @property
    def words(self) -> str:
        """The words of the message, or of the form."""
        if self.form is not None:
            return self.form.words
        return self.message.words if self.message is not None else ""


class Nobody(AssertionError):
    """She can't do that: there is no such command, button or field before her; the message says what there is."""


@dataclass
class Person:
    """Somebody on a server; ``place`` is the channel in which she types."""

    town: "Town"
    name: str
    id: str
    dm: str
    place: str
    permissions: int
    locale: str = "en-US"
    form: Form | None = None

    async def types(self, line: str, *, where: str = "", wait: bool = True, **options: Any) -> Answer:
        """Type a slash command; words after its path fill the options in their order, the last takes the rest.

        ``where`` is a channel's id or "dm". An option of kind attachment takes (file name, bytes); one of kind
        user takes a Person.
        """
        command, data, resolved = await self._call(line.removeprefix("/"), options)
        self._may(command)
        return await self._gesture(2, where, data, resolved=resolved, wait=wait)

    async def floods(self, line: str, *, per_second: int, seconds: int, **options: Any) -> list[float | None]:
        """Type a command so often; gives how long each answer took, in milliseconds, None where none came in time."""
        _, data, _ = await self._call(line.removeprefix("/"), options)
        asked = {"users": [self.id], "channel": self.place, "data": data, "per_second": per_second, "seconds": seconds}
        return list(await self.town.ask("flood", **asked))

    async def looks_up(self, line: str, focus: str, typed: str = "", **options: Any) -> tuple[tuple[str, Any], ...]:
        """Give the choices that come up while she types ``typed`` into the option ``focus``: (name, value)."""
        _, data, _ = await self._call(line.removeprefix("/"), options, focus=(focus, typed))
        return (await self._gesture(4, "", data)).choices

    async def presses(self, label: str, *, message: Seen | None = None) -> Answer:
        """Press the newest button with this label."""
        there = []
        for seen in [message] if message else reversed(await self.sees()):
            for button in seen.buttons():
                there.append(button.get("label"))
                if button.get("label") == label and "custom_id" in button and not button.get("disabled"):
                    data = {"component_type": 2, "custom_id": button["custom_id"], "id": button.get("id", 1)}
                    return await self._gesture(3, seen.channel, data, message=seen.id)
        raise Nobody(f"{self.name} sees no button {label!r} that can be pressed; she sees {there}")

    async def selects(self, label: str, *values: str, message: Seen | None = None) -> Answer:
        """Choose values (or their labels) in the newest menu with this placeholder or custom_id; "" is any menu."""
        there = []
        for seen in [message] if message else reversed(await self.sees()):
            for menu in seen.selects():
                known = {o["label"]: o["value"] for o in menu.get("options", [])}
                there.append((menu.get("placeholder") or menu["custom_id"], list(known)))
                chosen = [known.get(v, v) for v in values]
                if label in {"", menu.get("placeholder"), menu["custom_id"]} and set(chosen) <= set(known.values()):
                    data = {
                        "component_type": 3,
                        "custom_id": menu["custom_id"],
                        "id": menu.get("id", 1),
                        "values": chosen,
                    }
                    return await self._gesture(3, seen.channel, data, message=seen.id)
        raise Nobody(f"{self.name} sees no menu {label!r} with {values}; she sees {there}")

    async def fills(self, **answers: Any) -> Answer:
        """Send the form that is open before her; a field goes by its custom_id or label (spaces as underscores).

        What was filled in already stays. Discord's own checks hold: required, length, a known choice.
        """
        form, self.form = self.form, None
        if form is None:
            raise Nobody(f"no form is open before {self.name}")
        given = {_key(name): value for name, value in answers.items()}
        components = [self._filled(part, given) for part in form.data["components"]]
        if given:
            raise Nobody(f"the form has no {list(given)}; it has {[(n, f['custom_id']) for n, f in form.fields()]}")
        data = {"custom_id": form.data["custom_id"], "components": components}
        users = [v for part in parts(components) if part.get("type") == USER - 1 for v in part.get("values", [])]
        return await self._gesture(
            5, form.channel, data, message=form.message, resolved={"users": users} if users else None
        )

    async def sees(self) -> list[Seen]:
        """Everything that she can read, oldest first: channels, her threads, her direct messages, answers to her."""
        return [Seen(raw, self.town.names) for raw in await self.town.ask("seen", user=self.id)]

    async def reads(self) -> str:
        """Everything that she can read, as one text."""
        return "\n---\n".join(f"[{seen.place}] {seen.words}" for seen in await self.sees())

    async def hears(self, words: str, *, within: float = 60) -> Seen:
        """Wait until she can read these words (the newest message with them), at most ``within`` seconds."""

        async def found() -> Seen | None:
            return next((seen for seen in reversed(await self.sees()) if words in seen.words), None)

        try:
            return await self.town.until(found, within=within)
        except TimeoutError:
            raise AssertionError(f"{self.name} did not hear {words!r}. She reads:\n{await self.reads()}") from None

    async def says(self, words: str, *, where: str = "") -> str:
        """Write an ordinary message, and give its id."""
        return str(await self.town.ask("says", user=self.id, channel=self._where(where), words=words))

    async def shuts_dms(self, *, closed: bool = True) -> None:
        """Close her direct messages to the bot (50007)."""
        await self.town.ask("shut", user=self.id, closed=closed)

    async def leaves(self, guild: str = "") -> None:
        """Leave the server."""
        await self.town.ask("go", user=self.id, guild=guild or self.town.guild)

    async def joins(self, guild: str = "") -> None:
        """Come to the server, or come back."""
        await self.town.ask("come", user=self.id, guild=guild or self.town.guild, permissions=str(self.permissions))

    def _where(self, where: str) -> str:
        return self.dm if where == "dm" else where or self.place

    def _may(self, command: Mapping[str, Any]) -> None:
        needed = command.get("default_member_permissions")
        if needed is not None and (int(needed) & ~self.permissions or int(needed) == 0):
            raise Nobody(f"Discord does not show /{command['name']} to {self.name}: it is for {needed}")

    async def _gesture(self, kind: int, where: str, data: Mapping[str, Any], **more: Any) -> Answer:
        channel = self._where(where)
        asked = {"type": kind, "channel": channel, "user": self.id, "data": data, "locale": self.locale, **more}
        came = await self.town.ask("gesture", **{k: v for k, v in asked.items() if v is not None})
        payload = came.get("data") or {}
        form = Form(payload, channel, more.get("message")) if came.get("kind") == FORM else None
        if form is not None:
            self.form = form
        return Answer(
            came.get("kind"),
            Seen(came["message"], self.town.names) if came.get("message") else None,
            form,
            tuple((c["name"], c["value"]) for c in payload.get("choices") or []) if came.get("kind") == CHOICES else (),
            bool(came.get("ephemeral")),
            came.get("took", 0) / 1000,
            came["id"],
            came["token"],
        )

    async def _call(self, line: str, options: dict[str, Any], focus: tuple[str, str] | None = None) -> Any:
        """Look a typed line up among the registered commands: the command, the interaction's data, what it names."""
        registered = await self.town.commands()
        words = line.split()
        command = next((c for c in registered if c["name"] == words[0] and c.get("type", 1) == 1), None)
        if command is None:
            raise Nobody(f"there is no command /{words[0]}; there are {sorted(c['name'] for c in registered)}")
        here, path, words = command, [], words[1:]
        while any(o["type"] in {1, 2} for o in here.get("options") or []):
            below = {o["name"]: o for o in here["options"]}
            if not words or words[0] not in below:
                raise Nobody(
                    f"after /{' '.join([command['name'], *(p['name'] for p in path)])} comes one of {list(below)}"
                )
            here = below[words.pop(0)]
            path.append(here)
        given, resolved = await self._options(here, " ".join(words), options, focus)
        for step in reversed(path):
            given = [{"type": step["type"], "name": step["name"], "options": given}]
        return command, {"id": command["id"], "name": command["name"], "type": 1, "options": given}, resolved

    async def _options(self, here: Mapping[str, Any], rest: str, named: dict[str, Any], focus: Any) -> Any:
        known = {o["name"]: o for o in here.get("options") or []}
        given = {k if k in known else k.replace("_", "-"): v for k, v in named.items()}
        free = [name for name in known if name not in given and not (focus and name == focus[0])]
        for index, name in enumerate(free):
            if not rest:
                break
            given[name], _, rest = (rest, "", "") if index == len(free) - 1 else rest.partition(" ")
        if rest or set(given) - set(known):
            raise Nobody(
                f"{here['name']} has no place for {rest or sorted(set(given) - set(known))}; it has {list(known)}"
            )
        missing = [o["name"] for o in known.values() if o.get("required") and o["name"] not in given]
        if missing and not focus:
            raise Nobody(f"{here['name']} needs {missing}; Discord does not send it without")
        resolved: dict[str, list[Any]] = {"users": [], "attachments": []}
        found = [await self._value(known[name], value, resolved) for name, value in given.items()]
        if focus:
            option = known[focus[0]]
            if not option.get("autocomplete"):
                raise Nobody(f"{focus[0]} does not look anything up")
            found.append({"type": option["type"], "name": option["name"], "value": focus[1], "focused": True})
        return found, {k: v for k, v in resolved.items() if v} or None

    async def _value(self, option: Mapping[str, Any], value: Any, resolved: dict[str, list[Any]]) -> dict[str, Any]:
        kind, name = option["type"], option["name"]
        choices = {c["name"]: c["value"] for c in option.get("choices") or []}
        if choices:
            value = choices.get(value, value)
            if value not in choices.values():
                raise Nobody(f"{name} is one of {list(choices)}, not {value!r}")
        if kind == USER:
            value = value.id if isinstance(value, Person) else str(value)
            resolved["users"].append(value)
        elif kind == ATTACHMENT:
            file, content = value
            there = await self.town.ask("upload", name=file, type="text/csv", base64=base64.b64encode(content).decode())
            resolved["attachments"].append(there)
            value = there["id"]
        elif kind == INTEGER:
            value = int(value)
        elif kind == NUMBER:
            value = float(value)
        elif kind == BOOLEAN:
            value = value if isinstance(value, bool) else str(value).lower() in {"true", "yes"}
        elif kind == STRING:
            _length(name, str(value), option.get("min_length") or 0, option.get("max_length") or 6000)
        return {"type": kind, "name": name, "value": value}

    def _filled(self, part: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
        if part["type"] == 18:
            return {
                "type": 18,
                "id": part.get("id", 1),
                "component": self._field(part["component"], part["label"], given),
            }
        if part["type"] == 1:
            inner = [self._field(c, c.get("label") or "", given) for c in part["components"]]
            return {"type": 1, "id": part.get("id", 1), "components": inner}
        return {"type": part["type"], "id": part.get("id", 1)}

    def _field(self, part: Mapping[str, Any], label: str, given: dict[str, Any]) -> dict[str, Any]:
        keys = [key for key in (_key(part["custom_id"]), _key(label)) if key in given]
        filled: dict[str, Any] = {"type": part["type"], "id": part.get("id", 1), "custom_id": part["custom_id"]}
        if part["type"] == 4:
            text = str(given.pop(keys[0])) if keys else str(part.get("value") or "")
            if part.get("required", True) or text:
                _length(
                    label,
                    text,
                    part.get("min_length") or int(part.get("required", True)),
                    part.get("max_length") or 4000,
                )
            return {**filled, "value": text}
        if part["type"] == 23:
            return {**filled, "value": bool(given.pop(keys[0])) if keys else bool(part.get("default"))}
        known = {o["label"]: o["value"] for o in part.get("options") or []}
        start = [o["value"] for o in part.get("options") or [] if o.get("default")]
        raw = given.pop(keys[0]) if keys else start
        many = [raw] if isinstance(raw, str | Person) else list(raw)
        values = [v.id if isinstance(v, Person) else known.get(v, v) for v in many]
        if known and not set(values) <= set(known.values()):
            raise Nobody(f"{label} offers {list(known)}, not {values}")
        least = (
            (part.get("min_values") if part.get("min_values") is not None else 1) if part.get("required", True) else 0
        )
        most = part.get("max_values") or (len(known) if part["type"] == 22 else 1)
        if not least <= len(values) <= most:
            raise Nobody(f"{label} takes {least} to {most} choices, not {len(values)}")
        if part["type"] == 21:
            return {**filled, "value": values[0] if values else None}
        return {**filled, "values": values}


def _key(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_").rstrip("?:")


def _length(label: str, text: str, least: int, most: int) -> None:
    if not least <= len(text) <= most:
        raise Nobody(f"{label} takes {least} to {most} characters, not {len(text)}")
