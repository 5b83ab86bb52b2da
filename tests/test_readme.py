"""The README tells the truth about the commands; run this file to write its table anew."""

from pathlib import Path

from circles import commands
from circles.grammar import Command

README = Path(__file__).parents[1] / "README.md"
START = "<!-- commands: written by `python tests/test_readme.py`, kept true by the same file as a test -->\n"
END = "<!-- /commands -->"


def table() -> str:
    """The commands as the README lists them: one line for each word after the root, with what may follow it."""
    lines = ["| command | followed by | what it does |", "|---|---|---|"]
    for root in ("circle", "programme"):
        words: dict[str, list[Command]] = {}
        for command in commands.table():
            path = command.path.split()
            if not command.hidden and path[0] == root:
                words.setdefault(" ".join(path[:2]), []).append(command)
        for word, family in words.items():
            following = [c.usage.removeprefix(f"/{word}").strip() for c in family]
            shown = " · ".join(f"`{f}`" for f in following if f)
            if word == f"{root} status" and root in words:
                continue  # the bare command is the same
            lines.append(f"| `/{word}` | {shown} | {family[0].help} |")
    return "\n".join(lines) + "\n"


def test_the_readme_lists_the_commands_that_the_table_declares():
    text = README.read_text()
    assert text.partition(START)[2].partition(END)[0] == table(), "run: python tests/test_readme.py"


def test_the_readme_is_short_enough_to_be_read():
    assert len(README.read_text().splitlines()) <= 150


if __name__ == "__main__":
    text = README.read_text()
    before, _, rest = text.partition(START)
    README.write_text(before + START + table() + END + rest.partition(END)[2])
