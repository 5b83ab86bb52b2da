"""The command line of the operator: what she can type, and nothing heavier, so that help comes at once."""

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Do what was typed; gives the exit code: 0 done, 1 something to mend, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without our letters still gets the sentence
    try:
        args = _parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    try:
        from bot import jobs  # noqa: PLC0415 - help must not wait for the libraries of chat and database

        return jobs.do(args)
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="halqa",
        description="Peer-mentoring circles on Slack and Discord, and in a local workspace to try them.",
        epilog="To see it at once: halqa demo",
    )
    parser.add_argument("--version", action="version", version=f"halqa {_version()}")
    jobs = parser.add_subparsers(dest="job", required=True, metavar="COMMAND")

    jobs.add_parser("run", help="serve, with everything that the configuration names", parents=[_configured()])

    demo = jobs.add_parser("demo", help="try a whole programme in the browser, with a clock you can move")
    demo.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    demo.add_argument("--port", type=_port, help="the port of its page (default: 8765, or the next free one)")
    demo.add_argument("--folder", type=Path, help="keep it in this folder, to go on later (default: thrown away)")

    jobs.add_parser(
        "check", help="look at configuration and database; say all problems at once", parents=[_configured()]
    )

    _add_manifest(jobs)
    jobs.add_parser("key", help="make a key that seals the tokens of many workspaces in the database")

    jobs.add_parser("migrate", help="bring the database up to date, after a backup", parents=[_configured()])

    roster = jobs.add_parser("import", help="bring a roster in: everybody on it, or nobody", parents=[_configured()])
    roster.add_argument("roster", type=Path, metavar="ROSTER.csv", help="the people, one a line")
    roster.add_argument("--prompts", action="store_true", help="the file holds conversation prompts, not people")
    roster.add_argument("--programme", required=True, metavar="SLUG", help="the short name of the programme")
    roster.add_argument("--workspace", metavar="ID", help="the workspace's id (default: the local workspace)")
    roster.add_argument("--platform", choices=("local", "slack", "discord"), default="local", help="default: local")

    schedule = jobs.add_parser("schedule", help="what will be sent, and when", parents=[_configured()])
    schedule.add_argument("--programme", metavar="SLUG", help="of this programme only")
    schedule.add_argument("--days", type=_days, default=28, help="for so many days from now (default: 28)")
    return parser


def _add_manifest(jobs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Offer the manifest of every chat that has one: a room of that name in its folder."""
    manifest = jobs.add_parser("manifest", help="what a chat asks for when Halqa is set up there: an app, or a link")
    chats = manifest.add_subparsers(dest="chat", required=True, metavar="CHAT")
    slack = chats.add_parser("slack", help="the manifest of the app, for api.slack.com/apps")
    kind = slack.add_mutually_exclusive_group()
    kind.add_argument("--yaml", action="store_true", help="as YAML, with the reason of each scope (the default)")
    kind.add_argument("--json", action="store_true", help="as JSON")
    kind.add_argument("--scopes", action="store_true", help="only the scopes, each with its reason")
    slack.add_argument(
        "--address",
        type=_address,
        metavar="URL",
        help="the public https address, for signed requests (default: Socket Mode, which needs none)",
    )
    if find_spec("bot.discord.manifest") is not None:
        what = "the link that invites the bot, and why it asks for each permission"
        discord = chats.add_parser("discord", help=what, parents=[_configured()])
        discord.add_argument(
            "--application", type=_id, metavar="ID", help="the application's id (default: as configured)"
        )


def _configured() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="the configuration (default: config.toml; where there is none, the environment alone)",
    )
    return shared


def _version() -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("halqa")
    return "(not installed)"


def _address(words: str) -> str:
    parts = re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?", words)
    if parts is None:
        raise argparse.ArgumentTypeError("an address like https://halqa.example.org is needed")
    return words.rstrip("/")


def _id(words: str) -> str:
    if re.fullmatch(r"[0-9]{1,20}", words):
        return words
    raise argparse.ArgumentTypeError("the application's id has digits only, such as 123456789012345678")


def _port(words: str) -> int:
    return _number(words, 1, 65535, "a port")


def _days(words: str) -> int:
    return _number(words, 1, 3660, "a number of days")


def _number(words: str, least: int, most: int, what: str) -> int:
    if words.isascii() and words.isdigit() and least <= int(words[:9]) <= most:
        return int(words)
    raise argparse.ArgumentTypeError(f"{words[:20]!r} is not {what}; give a whole number from {least} to {most}")


if __name__ == "__main__":
    sys.exit(main())
