"""How every benchmark prints what it measured."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: ``ours`` and ``baseline`` are seconds unless ``unit`` says otherwise."""

    name: str
    ours: float
    baseline: float | None = None
    unit: str = "s"

    def line(self) -> str:
        """Give it as one line: name, ours, baseline, ratio; there is no ratio to nothing, or to less than nothing."""
        ours = f"{self.name:<72}{_amount(self.ours, self.unit):>12}"
        if not self.baseline:
            return ours
        beside = f"{ours}{_amount(self.baseline, self.unit):>12}"
        return f"{beside}  x{self.ours / self.baseline:.3g}" if self.baseline > 0 else beside


def _amount(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.2f} {unit}".rstrip()
    return f"{value * 1000:.2f} ms" if value < 1 else f"{value:.2f} s"


def show(figures: Iterable["Figure"], *, as_json: bool) -> None:
    """Print figures: a line each as soon as it is known, or one JSON list at the end."""
    known = []
    for figure in figures:
        known.append(figure)
        if not as_json:
            print(figure.line(), flush=True)
    if as_json:
        print(json.dumps([asdict(figure) for figure in known], indent=1))
