"""What was said in the local workspace, line by line: what is written is kept, a torn last line is left out."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


class Journal:
    """A file of JSON lines that only grows; without a path it is kept in memory only."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def read(self) -> Iterator[dict[str, Any]]:
        """Give every whole line; what a crash left unfinished at the end is cut off."""
        if self._path is None or not self._path.exists():
            return
        whole = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                yield json.loads(line)
        if whole < self._path.stat().st_size:
            os.truncate(self._path, whole)

    def write(self, *records: dict[str, Any]) -> None:
        """Write records down and wait until the disk has them."""
        if self._path is None:
            return
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab")
        self._file.write(b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records))
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
