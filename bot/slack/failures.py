"""How Slack says no, and what it means for a message: not now, not there, or nobody knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError

from bot.chat import TryLater, Unreachable, Why

REFUSED, TOO_LARGE, TOO_MANY, BROKEN = 400, 413, 429, 500  # statuses of HTTP
SHORT, LONG = timedelta(seconds=30), timedelta(minutes=30)
# Errors of the Web API, by what is left to do. Where Slack's documentation says that a part may have been done
# (internal_error, fatal_error), nobody knows; they are in none of these.
NOT_NOW = {
    "request_timeout",
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "service_unavailable",
    "team_added_to_org",
}
NO_LONGER_OURS = {
    *("account_inactive", "invalid_auth", "not_authed", "token_revoked", "token_expired", "org_login_required"),
    *("missing_scope", "no_permission", "ekm_access_denied", "access_denied", "not_allowed_token_type"),
    *("accesslimited", "team_access_not_granted", "two_factor_setup_required"),
}
WHY: dict[str, Why] = {
    **dict.fromkeys(("user_disabled", "user_not_found", "users_not_found", "user_not_visible"), "gone"),
    **dict.fromkeys(("cannot_dm_bot", "messages_tab_disabled", "cannot_dm", "user_is_restricted"), "shut"),
    **dict.fromkeys(
        ("channel_not_found", "is_archived", "not_in_channel", "restricted_action_read_only_channel"), "nowhere"
    ),
}
UNKNOWN = {"internal_error", "fatal_error"}
# Whatever a call of Slack may end in, for those who do without its end.
TROUBLE = (SlackApiError, ClientError, OSError, TimeoutError, TryLater, Unreachable)


@contextmanager
def understood(*, is_harmless: bool = False) -> Iterator[None]:
    """Turn what the SDK raises in this block into TryLater and Unreachable; what leaves everything open goes on.

    What ``is_harmless`` may be done twice, so that nothing about it is left open.
    """
    try:
        yield
    except SlackApiError as error:
        raise meaning(error, is_harmless=is_harmless) from error
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise TryLater("Slack can't be reached", SHORT) from error


def status_of(error: SlackApiError) -> int:
    """Give the HTTP status of the answer that an error came in."""
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0) or 0)


def code_of(error: SlackApiError) -> str:
    """Give Slack's word for an error, or the status of an answer that is not Slack's JSON."""
    data = getattr(error.response, "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    return str(word or f"http_{status_of(error)}")


def named(problem: Exception) -> str:
    """Give what the log says of one of ``TROUBLE``: Slack's word, or what kind of failure it is."""
    if isinstance(problem, TryLater | Unreachable):
        return str(problem)
    return code_of(problem) if isinstance(problem, SlackApiError) else type(problem).__name__


def retry_after(error: SlackApiError) -> timedelta | None:
    """Give how long a rate limit lasts, or None where there is none."""
    if status_of(error) != TOO_MANY and code_of(error) not in {"ratelimited", "rate_limited"}:
        return None
    headers = {str(name).lower(): value for name, value in (getattr(error.response, "headers", None) or {}).items()}
    try:
        return timedelta(seconds=max(1.0, float(headers.get("retry-after", SHORT.seconds))))
    except ValueError:
        return SHORT


def meaning(error: SlackApiError, *, is_harmless: bool = False) -> Exception:
    """Give what an error of the Web API means for the act that it ended; the error itself where that is open."""
    status, code = status_of(error), code_of(error)
    wait = retry_after(error)
    if wait is not None:
        return TryLater("Slack limits the rate", wait)
    if code in UNKNOWN or code == "http_200" or status >= BROKEN:  # it may have been done before it broke
        return TryLater(f"Slack answered {code}", SHORT) if is_harmless else error
    is_turned_away = code == f"http_{status}" and REFUSED <= status < BROKEN  # by a proxy, or not at Slack's address
    if code in NOT_NOW or (is_turned_away and status != TOO_LARGE):
        return TryLater(f"Slack answered {code}", SHORT)
    if code in NO_LONGER_OURS:
        return TryLater(f"Slack answered {code}: run halqa check", LONG)
    return Unreachable(f"Slack answered {code}", WHY.get(code, "refused"))
