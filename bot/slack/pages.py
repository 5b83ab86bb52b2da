"""The pages of installing: what a person reads in her browser when she comes back from Slack."""

import base64
import hashlib
import html
import re

STYLE = """
:root { color-scheme: light dark; --ink: #1d2433; --soft: #4b5468; --paper: #f4f1ea; --card: #fff; --deep: #0f5a52; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef0f4; --soft: #b9c0ce; --paper: #14181f; --card: #1e242e; --deep: #7fd1c4; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--paper);
  color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
main { width: 100%; max-width: 34rem; padding: clamp(1.5rem, 6vw, 3rem); background: var(--card); border-radius: 1rem; }
.name { margin: 0 0 1.5rem; color: var(--deep); font-weight: 700; }
.name::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-inline-end: .5em;
  border: .2em solid; border-radius: 50%; vertical-align: -.1em; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; color: var(--soft); overflow-wrap: anywhere; }
a { display: inline-block; margin-top: .75rem; padding: .6rem 1.2rem; border: 2px solid var(--deep);
  border-radius: .6rem; color: var(--deep); font-weight: 600; text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
"""
# A page may use this style and nothing else: no script, no picture, no form, no frame around it.
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
AGAIN = "Begin again"
_WORD = re.compile(r"[a-z_]{1,40}")
# What went wrong, by bolt's and Slack's words for it: a heading, and what it means.
FAILED = {
    "access_denied": ("Nothing was installed", "You chose not to allow it, and nothing has changed in your workspace."),
    "invalid_browser": (
        "Please begin in this browser",
        (
            "This page was not reached from an installation that began here, in the last ten minutes. "
            "It may have been reloaded, or opened in another browser."
        ),
    ),
    "invalid_state": (
        "That took a little too long",
        "An installation has to be finished within ten minutes, and its page can be used once. Nothing was installed.",
    ),
    "missing_code": ("Slack sent no answer along", "Nothing was installed."),
    "invalid_code": (
        "Slack did not finish the installation",
        (
            "Slack gave no token for this installation, so nothing was installed. If it happens again, "
            "tell the people who run Halqa for you; the reason is in their log."
        ),
    ),
    "storage_error": (
        "The installation could not be kept",
        (
            "Slack agreed, but it could not be saved here. Please begin again in a minute. If it happens again, "
            "tell the people who run Halqa for you."
        ),
    ),
}


def page(title: str, *paragraphs: str, link: tuple[str, str] | None = None) -> str:
    """Give a page; what is handed in is words, never HTML, and the link is its words and its address."""
    said = "\n".join(f"<p>{html.escape(words)}</p>" for words in paragraphs)
    way = f'\n<a href="{html.escape(link[1])}">{html.escape(link[0])}</a>' if link else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{html.escape(title)} · Halqa</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<p class="name">Halqa</p>
<h1>{html.escape(title)}</h1>
{said}{way}
</main>
</body>
</html>
"""


def installed(workspace: str | None, *, is_organisation: bool, link: str) -> str:
    """Give the page after a good installation; ``workspace`` is its name, and the link opens Slack."""
    where = workspace or ("your organisation" if is_organisation else "your workspace")
    if is_organisation:
        return page(
            f"Halqa is installed for {where}",
            "An owner of the organisation can now choose the workspaces that it is for, under Integrations.",
            "There, /circle is for members and /programme for organisers. Nobody has been written to.",
            link=("Open Slack", link),
        )
    return page(
        f"Halqa is installed in {where}",
        "Type /programme setup in Slack to begin a programme. Nobody has been written to.",
        link=("Open Slack", link),
    )


def failed(reason: str, install: str) -> str:
    """Give the page after a failed installation; ``install`` is where to begin again."""
    if reason in FAILED:
        return page(*FAILED[reason], link=(AGAIN, install))
    # The reason came with the address, so anybody can have written it.
    told = f"Slack's word for the reason is {reason}." if _WORD.fullmatch(reason) else "Slack gave no reason."
    return page("Slack stopped the installation", told, "Nothing was installed.", link=(AGAIN, install))


def trouble(install: str) -> str:
    """Give the page for what nobody expected."""
    return page(
        "Something went wrong here",
        "It was noted in the log of the people who run Halqa for you. Please try again in a minute.",
        link=(AGAIN, install),
    )
