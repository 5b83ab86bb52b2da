"""How much work an arrangement may be: who hears how far it is and may end it, and how many trades it may look at."""

from collections.abc import Callable
from dataclasses import dataclass

from circles import partition

Watch = Callable[[float, int], bool]
"""Hears which share of the work is done, 0 to 1, and the points gained so far; False ends it with the best so far."""


@dataclass(slots=True)
class Budget:
    """How many trades may be looked at in all, shared evenly by the blocks; counted, so the answer stays the same."""

    steps: int
    was_short: bool = False

    def share(self, wanted: int, blocks: int) -> int:
        """Give the steps that one of so many blocks may take, and remember whether it wanted more."""
        granted = min(wanted, self.steps // blocks)
        self.was_short |= granted < wanted
        return granted


def told(watch: Watch | None, done: int, blocks: int, gained: int) -> partition.Watch | None:
    """Tell the whole of the work to whoever watches, while one block is at it."""
    if watch is None:
        return None
    first: list[int] = []

    def heard(progress: partition.Progress) -> bool:
        first.append(progress.points)
        share = (done + progress.steps / progress.steps_in_all) / blocks
        return watch(share, gained + progress.points - first[0])

    return heard
