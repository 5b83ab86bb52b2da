"""The command line of the operator: what she can type, and nothing heavier, so that help comes at once."""

import argparse
import contextlib
import io
import sys
from collections.abc import Sequence
from importlib import metadata
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


def _configured() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--config",
        type=Path,
        default=Path("config.toml"),
        metavar="FILE",
        help="the configuration (default: config.toml)",
    )
    return shared


def _version() -> str:
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version("halqa")
    return "(not installed)"


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
