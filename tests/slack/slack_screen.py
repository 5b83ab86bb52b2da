"""What somebody sees in the stand-in Slack: messages, the open modal, the home tab."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_things import Post, Upload, View
from slack_town import Town
from slack_words import elements_of, plain_text, words_of


@dataclass(frozen=True)
class Seen:
    """A surface on her screen: a message, a modal or the home tab; ``words`` is all that she can read there."""

    words: str
    text: str
    blocks: list[dict[str, Any]]
    source: Post | View
    title: str = ""

    @property
    def buttons(self) -> list[str]:
        """The label of every button."""
        return [e["text"]["text"] for _, e in elements_of(self.blocks) if e["type"] == "button"]

    @property
    def channel(self) -> str:
        """The room of a message."""
        return self.source.channel if isinstance(self.source, Post) else ""

    @property
    def is_ephemeral(self) -> bool:
        """Whether only she sees this message."""
        return isinstance(self.source, Post) and self.source.only_for is not None

    @property
    def files(self) -> list[str]:
        """The names of the files that came with a message."""
        return [file.name for file in self.source.files] if isinstance(self.source, Post) else []


def _words_of_file(file: Upload) -> str:
    """A text file as it reads when it is opened; a picture by its title."""
    text = (file.content or b"").decode() if file.name.endswith((".csv", ".ics")) else ""
    return f"{file.title} ({file.name})\n{text}".strip()


class Screen:
    """The screen of one person of one workspace."""

    def __init__(self, town: Town, team: str, user: str) -> None:
        self.town, self.team, self.user = town, team, user

    def _seen(self, source: Post | View, blocks: list[dict[str, Any]], text: str, title: str = "") -> Seen:
        words = words_of(blocks, self._name_of) or plain_text({"type": "mrkdwn", "text": text}, self._name_of)
        files = [_words_of_file(file) for file in getattr(source, "files", ())]
        return Seen("\n\n".join(part for part in (title, words, *files) if part), text, blocks, source, title)

    def _name_of(self, user: str) -> str:
        members = self.town.workspaces[self.team].members
        return members[user].name if user in members else user

    def sees(self) -> list[Seen]:
        """The messages that she can see now, the newest last; her own are not among them."""
        rooms = self.town.workspaces[self.team].channels
        return [
            self._seen(post, post.blocks, post.text)
            for post in self.town.posts
            if post.team == self.team
            and not post.is_deleted
            and post.only_for in {None, self.user}
            and (post.only_for == self.user or (post.channel in rooms and self.user in rooms[post.channel].members))
        ]

    def _view(self, name: str | None) -> Seen | None:
        if name is None:
            return None
        view = self.town.views[name]
        return self._seen(view, view.shape["blocks"], "", (view.shape.get("title") or {}).get("text", ""))

    @property
    def modal(self) -> Seen | None:
        """The modal that is open, the uppermost of several."""
        stack = self.town.stacks[self.team, self.user]
        return self._view(stack[-1] if stack else None)

    @property
    def home(self) -> Seen | None:
        """Her home tab of the app."""
        return self._view(self.town.homes.get((self.team, self.user)))

    async def hears(self, words: str, within: float = 60) -> Seen:
        """Wait until a message says this, and give the newest one. Raises AssertionError with all that she sees."""

        def found() -> Seen | None:
            return next((seen for seen in reversed(self.sees()) if words in seen.words), None)

        seen = await self.town.until(found, within)
        assert seen, f"{self.user} does not hear {words!r}. She sees:\n\n{self.everything()}"
        return seen

    async def gets_form(self, title: str = "", within: float = 60) -> Seen:
        """Wait until a modal (with this title) is open."""
        seen = await self.town.until(lambda: self.modal if self.modal and title in self.modal.title else None, within)
        assert seen, f"{self.user} gets no form {title!r}. She sees:\n\n{self.everything()}"
        return seen

    def everything(self) -> str:
        """All that she can read now, for a failing test to show."""
        shown = [*self.sees(), *(one for one in (self.home, self.modal) if one)]
        return "\n\n----\n\n".join(one.words for one in shown)

    def surfaces(self, where: Seen | None) -> Iterator[Seen]:
        """Where she looks: in what is named, or in the open modal, else in messages from the newest, then at home."""
        if where or self.modal:
            yield where or self.modal
            return
        yield from reversed(self.sees())
        if self.home:
            yield self.home
