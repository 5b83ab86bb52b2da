"""What each subcommand does; whatever is to be mended comes out as sentences, never as a traceback."""

import asyncio
import contextlib
import errno
import logging
import os
import socket
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from bot import check, config, demo, logs, main, sealing
from bot.slack import manifest as slack
from circles.conversation.importing import import_prompts
from circles.errors import Halt
from circles.files import FileRefused, LineProblem
from circles.language import instant_text
from circles.membership import importing
from circles.programme import agenda, rules, words
from storage import Session, Store, StoreUnusable, health, migrate, open_store, programmes
from storage.tables import Programme

log = logging.getLogger(__name__)
FIRST_PORT = 8765
TRIED_PORTS = 50


class Trouble(Exception):
    """Something that the operator can mend; ``sentences`` say what and how."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def do(args: Namespace) -> int:
    """Do one job; gives the exit code, 1 when there is something to mend."""
    logs.set_up("warning")
    try:
        return JOBS[args.job](args)
    except (Trouble, config.ConfigProblems) as trouble:
        return _say(trouble.sentences if isinstance(trouble, Trouble) else trouble.problems)
    except (StoreUnusable, main.CannotStart) as problem:
        return _say([str(problem)])
    except BrokenPipeError:
        # Whoever read the list has seen enough; what is left is not worth a traceback at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        cause = getattr(error, "orig", None)  # what a database driver said
        if cause is not None:
            return _say([f"The database can't do this now: {str(cause).splitlines()[0]}. Is it in use, or full?"])
        log.exception("%s failed", args.job)
        return _say([f"This was not expected ({type(error).__name__}); please report it with the lines above."])


def _say(sentences: Sequence[str]) -> int:
    for sentence in sentences:
        print(logs.hidden(sentence), file=sys.stderr)
    return 1


def _run(args: Namespace) -> int:
    settings = config.load(args.config, os.environ)
    logs.set_up(settings.log_level)
    asyncio.run(main.run(settings))
    return 0


def _demo(args: Namespace) -> int:
    port = args.port or _free_port(FIRST_PORT)
    if args.port is None and port != FIRST_PORT:
        print(f"Port {FIRST_PORT} is in use, so this is port {port}.", flush=True)
    with contextlib.ExitStack() as kept:
        folder = args.folder
        if folder is None:
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="halqa-", ignore_cleanup_errors=True)))
            print("Nothing is kept when it ends; --folder DIR keeps it.", flush=True)
        try:
            asyncio.run(demo.run(folder, port, open_browser=not args.no_browser, said=_say_at_once))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(f"Port {port} is in use. Give another one with --port, or leave it out.") from error
            where = f"{error.filename}: " if error.filename else ""
            raise Trouble(
                f"The demo can't begin ({where}{error.strerror}). Give another --folder or --port."
            ) from error
    return 0


def _say_at_once(sentence: str) -> None:
    print(sentence, flush=True)


def _free_port(first: int) -> int:
    for port in range(first, first + TRIED_PORTS):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
            return port
    raise Trouble(f"The ports {first} to {first + TRIED_PORTS - 1} are all in use. Give a free one with --port.")


def _check(args: Namespace) -> int:
    findings = check.look(args.config, os.environ)
    for finding in findings:
        if not finding.is_problem:
            print(f"  ok  {finding.what}", flush=True)
    problems = [finding.what for finding in findings if finding.is_problem]
    return _say([f"  !!  {what}" for what in problems]) if problems else 0


def _manifest(args: Namespace) -> int:
    """Print what is to be told to a chat when Halqa is set up there; for Slack no configuration is needed."""
    if args.chat == "slack":
        body = slack.manifest(args.address or "")
        print(slack.scopes_table() if args.scopes else (slack.as_json if args.json else slack.as_yaml)(body), end="")
        return 0
    print(import_module("bot.discord.manifest").manifest(args.application or _application(args.config)))
    return 0


def _application(file: Path | None) -> str:
    """Give the id of the application on Discord, where the configuration names it; without one it is typed in later."""
    try:
        settings = config.load(file, os.environ, is_speaking=False)
    except config.ConfigProblems:
        if file is not None:
            raise
        return ""
    return settings.discord.application_id if settings.discord else ""


def _key(_args: Namespace) -> int:
    print(sealing.new_key())
    return 0


def _migrate(args: Namespace) -> int:
    settings = config.load(args.config, os.environ, is_speaking=False)
    with _opened(settings.database) as store:
        done = migrate.upgrade(store, settings.backups)
    if done.from_revision == done.to_revision:
        print(f"The database is up to date ({done.to_revision}).")
        return 0
    print(f"The database went from {done.from_revision or 'nothing'} to {done.to_revision}.")
    print(f"The backup from before: {done.backup}" if done.backup else "There was nothing to back up.")
    return 0


def _import(args: Namespace) -> int:
    settings = config.load(args.config, os.environ, is_speaking=False)
    workspace = args.workspace or (settings.local.workspace if settings.local and args.platform == "local" else "")
    if not workspace:
        raise Trouble("Say which workspace: --workspace ID")
    try:
        data = args.roster.read_bytes()
    except OSError as error:
        raise Trouble(f"{args.roster} can't be read ({error.strerror}). Give the path of a CSV file.") from error
    with _current(settings.database) as store:
        with store.writing() as db:
            _find(db, args.programme, args.platform, workspace)
        into = (store, args.platform, workspace, args.programme, data, datetime.now(UTC))
        try:
            if args.prompts:
                count = import_prompts(*into)
                are = "prompt is" if count == 1 else "prompts are"
                done = f"{count} {are} on the shelf of {args.programme}."
            else:
                done = f"{importing.import_roster(*into).sentence(args.programme)} Nobody was messaged."
        except FileRefused as refused:
            nothing = "Nothing was brought in." if args.prompts else "Nobody was brought in."
            raise Trouble(*(_line(p) for p in refused.problems), nothing) from refused
        except Halt as halt:
            raise Trouble(halt.sentence) from halt
    print(done)
    return 0


def _line(problem: LineProblem) -> str:
    where = f"line {problem.line}{', ' if problem.column else ''}{problem.column}: " if problem.line else ""
    return f"{where}{problem.what}"


def _schedule(args: Namespace) -> int:
    settings = config.load(args.config, os.environ, is_speaking=False)
    now = datetime.now(UTC)
    with _current(settings.database) as store, store.writing() as db:
        for programme in _find(db, args.programme):
            print(f"{programme.name} ({programme.slug})")
            zone = str(rules.settings_of(programme.settings).zone)
            until = now + timedelta(days=args.days)
            planned = [(at, instant_text(max(at, now), zone), what) for at, what in _planned(db, programme, until)]
            waiting = [(line.at, line.when.plain(), line.what) for line in agenda.waiting(db, programme, zone, now)]
            lines = sorted([*planned, *(line for line in waiting if line[0] <= until)])
            for _at, when, what in lines:
                print(f"  {when}  {what}")
            if not lines:
                print(f"  nothing in the next {args.days} days")
    return 0


def _planned(db: Session, programme: Programme, until: datetime) -> Iterator[tuple[datetime, str]]:
    """Give what the calendar asks for, and at which instant it is made ready."""
    names = {circle.id: circle.name for circle in programmes.circles(db, programme.id, state=None)}
    for row in programmes.occurrences(db, programme.id, state="planned"):
        if row.due_at <= until:
            circle = f" ({names[row.circle_id]})" if row.circle_id in names else ""
            yield row.due_at, f"{words.occurrence(row)}{circle}"


def _find(db: Session, slug: str | None, platform: str = "", workspace: str = "") -> list[Programme]:
    """Give the programmes with this short name (None: all of them), or say which there are."""
    here = [
        programme
        for row in health.workspaces(db)
        if (not platform or row.platform == platform) and (not workspace or row.outside_id == workspace)
        for programme in programmes.all_of(db, row.id)
    ]
    found = [programme for programme in here if slug in {None, programme.slug}]
    if found:
        return found
    where = f" in the workspace {workspace} ({platform})" if workspace else ""
    there = (
        f"There are: {', '.join(p.slug for p in here)}." if here else "There is none yet; /programme setup begins one."
    )
    if slug is None:
        raise Trouble("There is no programme yet; /programme setup begins one.")
    raise Trouble(f"There is no programme {slug}{where}. {there}")


@contextmanager
def _opened(database: str) -> Iterator[Store]:
    store = open_store(database)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _current(database: str) -> Iterator[Store]:
    """Give the store, if its tables are up to date."""
    with _opened(database) as store:
        advice = {
            "new": "The database is still empty. Begin with: halqa run",
            "behind": "The database is of an earlier Halqa. Bring it up to date with: halqa migrate",
            "newer": "The database was written by a later Halqa. Install that one, or go back to a backup.",
        }.get(migrate.state(store))
        if advice:
            raise Trouble(advice)
        yield store


JOBS: Mapping[str, Callable[[Namespace], int]] = {
    "run": _run,
    "demo": _demo,
    "check": _check,
    "manifest": _manifest,
    "key": _key,
    "migrate": _migrate,
    "import": _import,
    "schedule": _schedule,
}
