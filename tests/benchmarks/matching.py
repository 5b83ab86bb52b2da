"""How good the matching engine is: rotations of tables and pairs, partitions, whole programmes; one line a figure.

Run it by hand from the root of the repository, on a machine that does nothing else:

    python -m tests.benchmarks.matching
    python -m tests.benchmarks.matching --only tables,pairs --json
    python -m tests.benchmarks.matching --only partitions --library FOLDER

Each line is a name, ours, a baseline or the best known figure, and their ratio. The parts:

* tables: conflict-free weeks for groups of golfers, validated here, beside the best known; rounds until all have met;
  repeats under churn beside shuffle and greedy;
* pairs: repeats under churn beside shuffle, a greedy coffee bot, the circle method, networkx; seconds for a round;
* partitions: the maximally diverse grouping problem beside iterated maxima search and plainer methods; instances of
  the library (MDGPLIB) are read from a folder, others are made here;
* forming: invented programmes of 26 to 100,000 people: rules, points, seconds, memory;
* start: how long the command line and the engine take to load.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks import matching_forming, matching_mdgp, matching_pairs, matching_tables
from tests.benchmarks.figures import Figure, show

STARTS = 5


def start_figures() -> Iterator[Figure]:
    """Time how long a process takes to say its help, and to load what forming needs."""
    commands = {
        "halqa --help": ["-m", "bot.cli", "--help"],
        "loading the bot": ["-c", "import bot.main"],
        "loading what a forming needs": ["-c", "import numpy, scipy.optimize, rustworkx"],
        "loading the compiled kernel's compiler": ["-c", "import numba"],
    }
    for name, words in commands.items():
        yield Figure(f"{name}, best of {STARTS}", _quickest(words), _quickest(["-c", "pass"]))


def _quickest(words: list[str]) -> float:
    took = []
    for _start in range(STARTS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> None:
    """Read the words of the command line, measure, and print."""
    reader = argparse.ArgumentParser(description="How good the matching engine is.")
    reader.add_argument("--only", default="", help="some parts, such as tables,pairs")
    reader.add_argument("--library", type=Path, help="a folder with instances of the MDGPLIB and best_seen.csv")
    reader.add_argument("--sizes", default="", help="of the programmes, such as 26,200,2000")
    reader.add_argument("--json", action="store_true", help="one JSON list instead of lines")
    words = reader.parse_args()
    sizes = tuple(int(size) for size in words.sizes.split(",") if size) or matching_forming.SIZES
    parts: dict[str, Callable[[], Iterator[Figure]]] = {
        "start": start_figures,
        "tables": matching_tables.figures,
        "pairs": matching_pairs.figures,
        "partitions": lambda: matching_mdgp.figures(words.library),
        "forming": lambda: matching_forming.figures(sizes),
    }
    chosen = [part for part in words.only.split(",") if part] or list(parts)
    if unknown := sorted(set(chosen) - parts.keys()):
        reader.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(parts)}")
    show((figure for part in chosen for figure in parts[part]()), as_json=words.json)


if __name__ == "__main__":
    main()
