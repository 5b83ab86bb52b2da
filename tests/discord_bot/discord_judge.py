"""Every request of the bot, judged against Discord's own OpenAPI document and the rules that it does not write down.

The document is discord/discord-api-spec (MIT licence), the stable v10 description of Discord's HTTP API, packed.
"""

import gzip
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from discord_town import Call
from discord_words import parts
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest

VARIABLE = "HALQA_DISCORD_OPENAPI"
PACKED = Path(__file__).with_name("discord-openapi.json.gz")
SERVER = "https://discord.com"
BEFORE = "/api/v10"
V2 = 1 << 15
SENDS = re.compile(
    r"^(POST /channels/\d+/messages|PATCH /channels/\d+/messages/\d+"
    r"|POST /webhooks/\d+/[^/]+|PATCH /webhooks/\d+/[^/]+/messages/[^/]+"
    r"|POST /interactions/\d+/[^/]+/callback)$"
)
ANSWERS_WITH_WORDS = {4, 7}


class Wrong(AssertionError):
    """A request that Discord would not take, or that could ping somebody who was not meant."""


class Judge:
    """Judges requests by Discord's document at ``path``; each path of the document is read when it is first used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, OpenAPI] = {}

    def check(self, call: Call) -> None:
        """Raise Wrong, with a sentence for each thing that is wrong."""
        if found := list(self.faults(call)):
            raise Wrong(
                f"{call}\n" + "\n".join(f"- {one}" for one in found) + f"\nbody: {json.dumps(call.body)[:1500]}"
            )

    def check_all(self, calls: Iterable[Call]) -> int:
        """Check many, and give how many they were; all that is wrong comes in one Wrong."""
        wrong, count = [], 0
        for call in calls:
            count += 1
            try:
                self.check(call)
            except Wrong as error:
                wrong.append(str(error))
        if wrong:
            raise Wrong("\n\n".join(wrong))
        return count

    def faults(self, call: Call) -> Iterator[str]:
        """Everything that is wrong with a request, each as a sentence."""
        yield from self._by_document(call)
        if SENDS.match(f"{call.method} {call.path}"):
            yield from by_our_rules(call)

    def _by_document(self, call: Call) -> Iterator[str]:
        template = self._template(call.method, call.path)
        if template is None:
            yield "Discord's document has no such route"
            return
        request = MockRequest(
            SERVER,
            call.method,
            BEFORE + call.path,
            args=call.query,
            headers={**call.headers, "Authorization": "Bot token"},
            data=None if call.body is None else json.dumps(_as_documented(call.body)).encode(),
            content_type="application/json",  # the JSON part of a form with files is judged as if it came alone
        )
        try:
            self._api(template).validate_request(request)
        except OpenAPIError as error:
            yield from _reasons(error)

    @cached_property
    def _document(self) -> dict[str, Any]:
        raw = self.path.read_bytes()
        read: dict[str, Any] = json.loads(gzip.decompress(raw) if self.path.suffix == ".gz" else raw)
        return read

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], str]]:
        """The paths as patterns; those with the fewest blanks come first, as "@me" before an id."""
        paths = sorted(self._document["paths"], key=lambda path: path.count("{"))
        return [(re.compile("^" + re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)) + "$"), path) for path in paths]

    def _template(self, method: str, path: str) -> str | None:
        for pattern, template in self._templates:
            if pattern.match(path) and method.lower() in self._document["paths"][template]:
                return template
        return None

    def _api(self, template: str) -> OpenAPI:
        if template not in self._known:
            self._known[template] = OpenAPI.from_dict(self._part(template))
        return self._known[template]

    def _part(self, template: str) -> dict[str, Any]:
        """The document with one path and what that path refers to: a second of loading instead of sixteen."""
        kept: dict[str, dict[str, Any]] = {"securitySchemes": self._document["components"]["securitySchemes"]}
        waiting: list[Any] = [self._document["paths"][template]]
        while waiting:
            piece = waiting.pop()
            if isinstance(piece, list):
                waiting += piece
            elif isinstance(piece, dict):
                waiting += [value for key, value in piece.items() if key != "$ref"]
                if isinstance(ref := piece.get("$ref"), str):
                    _, _, kind, name = ref.split("/")
                    if name not in kept.setdefault(kind, {}):
                        kept[kind][name] = self._document["components"][kind][name]
                        waiting.append(kept[kind][name])
        return {**self._document, "paths": {template: self._document["paths"][template]}, "components": kept}


def _as_documented(body: Any) -> Any:
    """The body with the numbers of its new files as text: Discord takes both, its document knows only one."""
    if isinstance(body, dict):
        body = {key: _as_documented(value) for key, value in body.items()}
        if isinstance(files := body.get("attachments"), list):
            body["attachments"] = [{**file, "id": str(file.get("id"))} for file in files]
        return body
    return [_as_documented(one) for one in body] if isinstance(body, list) else body


def by_our_rules(call: Call) -> Iterator[str]:
    """What the document allows and a bot may not do: sizes, emptiness, doubled ids, and pings nobody meant."""
    body = call.body or {}
    if "/callback" in call.path:
        if body.get("type") not in ANSWERS_WITH_WORDS:
            return
        body = body.get("data") or {}
    is_new = call.method == "POST" and body is not None
    content = body.get("content") or ""
    if len(content) > 2000:
        yield f"the content has {len(content)} characters; a bot may send 2,000"
    yield from _embeds(body.get("embeds") or [])
    yield from _components(body)
    if not any((content.strip(), body.get("embeds"), body.get("components"), call.files, not is_new)):
        yield "the message is empty"
    allowed = body.get("allowed_mentions")
    if allowed is None:
        if is_new or "content" in body or "components" in body:
            yield "allowed_mentions is missing, so whatever somebody wrote could ping everyone"
    elif allowed.get("parse") != []:
        yield f"allowed_mentions.parse is {allowed.get('parse')}; it must be [], with each person named"
    if "nonce" in body and not body.get("enforce_nonce"):
        yield "a nonce without enforce_nonce does not keep a message from being doubled"
    if len(str(body.get("nonce") or "")) > 25:
        yield "the nonce is longer than 25 characters"


def _embeds(embeds: list[dict[str, Any]]) -> Iterator[str]:
    total = 0
    for number, embed in enumerate(embeds, 1):
        words = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
        fields = embed.get("fields") or []
        pictures = [embed.get(key) for key in ("image", "thumbnail", "author")]
        if not any([*(w and w.strip() for w in words), *fields, *pictures]):
            yield f"embed {number} is empty"
        for field in fields:
            if not str(field.get("name") or "").strip() or not str(field.get("value") or "").strip():
                yield f"embed {number} has a field without a name or a value: {field}"
        total += sum(len(w or "") for w in words) + len((embed.get("author") or {}).get("name", ""))
        total += sum(len(str(f.get("name"))) + len(str(f.get("value"))) for f in fields)
    if total > 6000:
        yield f"the embeds have {total} characters together; 6,000 are allowed"


def _components(body: dict[str, Any]) -> Iterator[str]:
    every = list(parts(body.get("components") or []))
    ids = [part["custom_id"] for part in every if "custom_id" in part]
    for one in {one for one in ids if ids.count(one) > 1}:
        yield f"custom_id {one!r} is there {ids.count(one)} times"
    for one in ids:
        if not 1 <= len(one) <= 100:
            yield f"custom_id has {len(one)} characters; 1 to 100 are allowed"
    for part in every:
        values = [o["value"] for o in part.get("options") or []]
        if len(values) != len(set(values)):
            yield f"a menu offers the same value twice: {values}"
    if (body.get("flags") or 0) & V2:
        if body.get("content") or body.get("embeds"):
            yield "components V2 stand alone, without content and embeds"
        if len(every) > 40:
            yield f"{len(every)} components; 40 are allowed"
        size = sum(len(part.get("content") or "") for part in every)
        if size > 4000:
            yield f"the texts have {size} characters together; 4,000 are allowed"


def _reasons(error: BaseException) -> Iterator[str]:
    """The sentences in an error of openapi-core, which wraps those of jsonschema."""
    cause: BaseException | None = error
    while cause is not None:
        for inner in getattr(cause, "schema_errors", ()) or ():
            yield from _leaves(inner)
        if cause.__cause__ is None and not getattr(cause, "schema_errors", None):
            yield f"{type(cause).__name__}: {cause}"
        cause = cause.__cause__


def _leaves(error: Any) -> Iterator[str]:
    """The nearest reasons: of the branches of a oneOf the one that was meant, as far as that can be seen."""
    if not error.context:
        yield f"{'.'.join(str(step) for step in error.absolute_path) or 'the body'}: {error.message[:300]}"
        return
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)

    def is_meant(branch: list[Any]) -> tuple[bool, int]:
        of_another_kind = any(_is_kind(inner) or inner.validator == "type" for inner in branch)
        return (not of_another_kind, max(len(inner.absolute_path) for inner in branch))

    for inner in max(branches.values(), key=is_meant)[:5]:
        yield from _leaves(inner)


def _is_kind(error: Any) -> bool:
    """Whether it says that this is a thing of another type, as a menu is no button."""
    if error.validator in {"enum", "const"} and list(error.absolute_path)[-1:] == ["type"]:
        return True
    return any(_is_kind(inner) for inner in error.context)


def document() -> Path:
    """Where Discord's document is: the file that the environment names, or the packed one beside this file."""
    return Path(os.environ[VARIABLE]) if VARIABLE in os.environ else PACKED
