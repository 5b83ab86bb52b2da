"""The roster on the page: where it would go, what one looks like, and everybody on it at once or nobody."""

import base64
import codecs
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.desk import Desk
from bot.local import door
from circles import files
from circles.errors import Halt
from circles.files import FileRefused
from circles.language import listing
from circles.membership import importing, roster
from storage import Session, Store, programmes
from storage import people as persons
from storage.tables import Programme

NOT_HERS = "Only organisers of a programme can import its roster."
SAVED_AS = "halqa-sample-roster.csv"


class Rosters:
    """What the page asks about rosters; ``told`` is called when people may have come in."""

    def __init__(self, desk: Desk, workspace: str, now: Callable[[], datetime], told: Callable[[], None]) -> None:
        self._desk = desk
        self._workspace = workspace
        self._now = now
        self._told = told

    def routes(self) -> list[web.RouteDef]:
        """Give where the page asks."""
        return [
            web.get("/api/roster", self._about),
            web.get(f"/{SAVED_AS}", self._sample),
            web.post("/api/roster/read", self._read),
            web.post("/api/import", self._import),
        ]

    async def _about(self, request: web.Request) -> web.Response:
        who = door.who(request.query.get("as"))
        into = await self._desk.do(choices, self._desk.store, self._workspace, who)
        example = b"".join(roster.sample().splitlines(keepends=True)[:2]).decode()
        return web.json_response({"programmes": into, "example": example, "sample": SAVED_AS})

    async def _sample(self, request: web.Request) -> web.Response:
        del request
        # With a byte order mark: without one a spreadsheet opens it in the wrong encoding.
        return web.Response(body=codecs.BOM_UTF8 + roster.sample(), content_type="text/csv", charset="utf-8")

    async def _read(self, request: web.Request) -> web.Response:
        given = (await door.body(request)).get("file")
        try:
            data = base64.b64decode(given if isinstance(given, str) else "?", validate=True)
        except ValueError:
            raise web.HTTPBadRequest(text="This is no file.") from None
        return web.json_response(read(data))

    async def _import(self, request: web.Request) -> web.Response:
        body = await door.body(request)
        who, slug, csv = door.who(body.get("as")), str(body.get("programme", "")), str(body.get("csv", ""))
        # Halves of characters stay what they are, so that they are refused like any letter that can't be read.
        data = csv.encode("utf-8", "surrogatepass")
        answer = await self._desk.do(take, self._desk.store, self._workspace, who, slug, data, self._now())
        self._told()
        return web.json_response(answer)


def choices(store: Store, workspace: str, who: str) -> list[dict[str, str]]:
    """Give the programmes into which an organiser can bring a roster, the newest first."""
    with store.writing() as db:
        hers = _run_by(db, workspace, who)
        return [{"slug": one.slug, "name": one.name} for one in hers if one.state != "closed"]


def _run_by(db: Session, workspace: str, who: str) -> list[Programme]:
    row = persons.workspace(db, "local", workspace)
    person = persons.by_outside_id(db, row.id, who)
    return programmes.organised_by(db, row.id, person.id) if person else []


def read(data: bytes) -> dict[str, Any]:
    """Give the text of a file as the importer reads it, to be looked at and mended before it is taken."""
    try:
        return {"ok": True, "csv": files.decoded(data)}
    except FileRefused as refused:
        return _refused(refused)


def take(store: Store, workspace: str, who: str, slug: str, data: bytes, now: datetime) -> dict[str, Any]:
    """Import a roster for an organiser: all of it, or nothing and every line that needs a look."""
    try:
        with store.writing() as db:
            hers = _run_by(db, workspace, who)
        chosen = [one for one in hers if one.slug == slug] if slug else _open(hers)
        if not chosen:
            return _sentence(NOT_HERS)
        if len(chosen) > 1:
            names = listing([one.name for one in chosen])
            return _sentence(f"You organise {names}. Please choose which of them this roster is for.")
        done = importing.import_roster(store, "local", workspace, chosen[0].slug, data, now)
    except FileRefused as refused:
        return _refused(refused)
    except Halt as halt:
        return _sentence(halt.sentence)
    return {"ok": True, "problems": [], "message": done.sentence(chosen[0].name)}


def _open(hers: list[Programme]) -> list[Programme]:
    """Give those not closed, or else the newest, of which it is said that it has ended."""
    return [one for one in hers if one.state != "closed"] or hers[:1]


def _sentence(what: str) -> dict[str, Any]:
    return {"ok": False, "problems": [], "message": what}


def _refused(refused: FileRefused) -> dict[str, Any]:
    """Give what is wrong with the file as a whole as a sentence, and the rest line by line."""
    whole = " ".join(one.what for one in refused.problems if one.line == 0)
    lines = [{"line": one.line, "column": one.column, "what": one.what} for one in refused.problems if one.line]
    return {"ok": False, "problems": lines, "message": whole}
