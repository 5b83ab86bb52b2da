"""The log: ids and what happened to them, to the standard error; what looks like a secret is hidden on its way."""

import logging
import re
import sys
from typing import TextIO

OURS = ("bot", "circles", "storage")
QUIET = ("apscheduler",)  # tells of every beat
HIDDEN = "(hidden)"
_SECRETS = (
    re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]+"),  # Slack
    re.compile(r"\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}"),  # Discord
    re.compile(r"(?<=hooks\.slack\.com/)[\w/]+|(?<=/webhooks/)\d+/[\w-]+"),
    re.compile(r"(?i)(?<=\bbearer )\s*[^\s\"',;]+|(?<=\bauthorization: bot )\s*[^\s\"',;]+"),
    re.compile(r"(?<=[?&]ticket=)[^&'\"\s]+"),  # Slack's address of one connection
    # The password may hold an @ by mistake, so everything up to the last one goes.
    re.compile(r"(?<=://)[^\s/:@\"']*:[^\s\"']*(?=@)"),
    re.compile(r"(?i)(?<=password=)[^\s&\"']+"),
)


def hidden(words: str) -> str:
    """Give ``words`` with every token, bearer and database password in them hidden."""
    for secret in _SECRETS:
        words = secret.sub(HIDDEN, words)
    return words


class Discreet(logging.Filter):
    """Hides secrets in whatever is logged, also in tracebacks, and lets other people's libraries speak from INFO on."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is written; it is written without its secrets."""
        if record.levelno < logging.INFO and record.name.partition(".")[0] not in OURS:
            return False
        try:
            words = record.getMessage()
        except (TypeError, ValueError, KeyError):
            words = f"a log message that could not be put together, from {record.pathname}:{record.lineno}"
        record.msg, record.args = hidden(words), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hidden(record.exc_text)
        if record.stack_info:
            record.stack_info = hidden(record.stack_info)
        return True


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Write the log to ``stream`` (default: the standard error), ours from ``level`` on.

    A second call takes the place of the first.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(Discreet())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=max(logging.INFO, _number(level)), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(_number(level))
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, _number(level)))


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
