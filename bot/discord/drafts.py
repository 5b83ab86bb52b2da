"""Forms under way: Discord carries no answers from one modal to the next, so they wait here for the rest."""

from collections import OrderedDict

from bot.discord.forms import Draft

MOST = 5000
Key = tuple[int, str, str]  # the person, the server, and the call of the form


class Drafts:
    """Keeps the newest forms under way."""

    def __init__(self) -> None:
        self._drafts: OrderedDict[Key, Draft] = OrderedDict()
        # Those of them to which a button leads; any other button asks the core for its form anew.
        self._promised: set[Key] = set()

    def get(self, key: Key) -> Draft | None:
        """Give a form under way."""
        return self._drafts.get(key)

    def promised(self, key: Key) -> Draft | None:
        """Give a form under way to which a button leads."""
        return self._drafts.get(key) if key in self._promised else None

    def keep(self, key: Key, draft: Draft, *, is_promised: bool) -> None:
        """Keep a form under way; the oldest is forgotten where there are too many."""
        self._drafts[key] = draft
        self._drafts.move_to_end(key)
        (self._promised.add if is_promised else self._promised.discard)(key)
        while len(self._drafts) > MOST:
            oldest, _draft = self._drafts.popitem(last=False)
            self._promised.discard(oldest)

    def drop(self, key: Key) -> None:
        """Forget a form that was taken."""
        self._drafts.pop(key, None)
        self._promised.discard(key)
