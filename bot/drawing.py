"""Pictures as PNG, and as letters where an answer holds no file: the grid that the local page draws as SVG.

The letters are Pillow's own, the same on every machine, and they are ASCII. Accents are dropped; a label in another
script is drawn as ``#1``, ``#2``, and ``legend`` says beside the picture what these stand for.
"""

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw, ImageFont

from circles.messages import Block, Code, Message, Picture, PictureRow, Plain, Quote, Text

_MARKS = "○◔◑●"  # nothing, little, some, all
_MOST_WRITTEN, _LABEL_WRITTEN, _IN_A_LINE = 40, 24, 8  # rows; letters of a label; squares of a single row
_SCALE = 2
_CELL, _GAP, _EDGE, _TOP = 22 * _SCALE, 4 * _SCALE, 12 * _SCALE, 20 * _SCALE
_LETTERS = 13 * _SCALE
_MOST_COLUMNS, _MOST_ROWS, _ACROSS = 52, 40, 13  # more columns than ``_ACROSS`` go on below, so a phone shows them
_LONGEST_LABEL, _LONGEST_NAME = 24, 3
_GROUND, _WORDS, _OUTLINE = "#fffdf9", "#3d3129", "#b8a58f"
_INK = (_GROUND, "#ecd3ab", "#cf8f4a", "#7d3b10")
_SPELLED = str.maketrans(
    {"Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe"}
    | {"ı": "i", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "–": "-", "—": "-", "’": "'", "‘": "'", "·": "-"}
)


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written beside and above the squares, and what the numbers among it stand for."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbered: tuple[tuple[str, str], ...]


def labels(picture: Picture) -> Labels:
    """Give the labels as they can be drawn."""
    numbered: list[tuple[str, str]] = []

    def drawn(label: str, longest: int) -> str:
        spelled = unicodedata.normalize("NFKD", label.translate(_SPELLED))
        kept = "".join(letter for letter in spelled if not unicodedata.combining(letter))
        kept = " ".join(kept.split())
        if all(" " <= letter <= "~" for letter in kept):
            return kept[:longest].rstrip()
        numbered.append((f"#{len(numbered) + 1}", " ".join(label.split())))
        return numbered[-1][0]

    rows = tuple(drawn(row.label, _LONGEST_LABEL) for row in picture.rows[:_MOST_ROWS])
    columns = tuple(drawn(name, _LONGEST_NAME) for name in picture.columns[:_MOST_COLUMNS])
    return Labels(rows, columns, tuple(numbered))


def legend(picture: Picture) -> str:
    """Say which labels the numbers in the drawing stand for; empty where every label is drawn."""
    return ", ".join(f"{number} {label}" for number, label in labels(picture).numbered)


def png(picture: Picture) -> bytes:
    """Draw a picture's squares as a PNG, twice as large as they are shown.

    Levels beyond 0 and 3 count as 0 and 3. Beyond 40 rows or 52 columns, ``+240`` says how many are not drawn.
    """
    written = labels(picture)
    font = ImageFont.load_default(size=_LETTERS)
    count = min(max((len(picture.columns), *(len(row.levels) for row in picture.rows))), _MOST_COLUMNS)
    bands = _bands(count)
    across = max((len(band) for band in bands), default=0)
    more_rows, more_columns = len(picture.rows) - _MOST_ROWS, len(picture.columns) - _MOST_COLUMNS
    notes = [f"+{more}" for more in (more_rows, more_columns) if more > 0]
    left = _EDGE + round(max((font.getlength(label) for label in (*written.rows, *notes)), default=0)) + _GAP * 2
    high = _TOP + len(written.rows) * (_CELL + _GAP) + _GAP * 2
    width = max(left + across * (_CELL + _GAP) + _EDGE, 120 * _SCALE)
    height = _EDGE + max(len(bands), 1) * high + (_TOP if notes else 0)
    image = Image.new("RGB", (width, height), _GROUND)
    pen = ImageDraw.Draw(image)
    for number, band in enumerate(bands):
        _draw_band(pen, picture, written, band, (left, _EDGE // 2 + number * high))
    pen.text((left, height - _EDGE), "  ".join(notes), _WORDS, font, "ls")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bands(count: int) -> list[range]:
    """Share columns out evenly over as many bands as a phone's width asks for."""
    number = -(-count // _ACROSS)
    each = -(-count // number) if number else 0
    return [range(first, min(first + each, count)) for first in range(0, count, each or 1)]


def _draw_band(
    pen: ImageDraw.ImageDraw, picture: Picture, written: Labels, columns: range, corner: tuple[int, int]
) -> None:
    font = ImageFont.load_default(size=_LETTERS)
    left, top = corner
    for place, column in enumerate(columns):
        name = written.columns[column] if column < len(written.columns) else ""
        middle = left + place * (_CELL + _GAP) + _CELL // 2
        pen.text((middle, top + _TOP - _GAP), name, _WORDS, font, "ms")
    for line, label in enumerate(written.rows):
        y = top + _TOP + line * (_CELL + _GAP)
        pen.text((left - _GAP * 2, y + _CELL // 2), label, _WORDS, font, "rm")
        _draw_squares(pen, picture.rows[line].levels, columns, (left, y))


def _draw_squares(pen: ImageDraw.ImageDraw, levels: Sequence[int], columns: range, corner: tuple[int, int]) -> None:
    left, y = corner
    for place, column in enumerate(columns):
        if column < len(levels):
            x = left + place * (_CELL + _GAP)
            ink = _INK[min(max(levels[column], 0), 3)]
            box = (x, y, x + _CELL - 1, y + _CELL - 1)
            pen.rounded_rectangle(box, 5 * _SCALE, ink, _OUTLINE, _SCALE)


def written(message: Message) -> Message:
    """Give a message whose pictures are drawn with letters, for an answer that can hold no file."""
    return replace(message, blocks=tuple(part for block in message.blocks for part in _written(block)))


def _written(block: Block) -> tuple[Block, ...]:
    if not isinstance(block, Picture):
        return (block,)
    said = f"{block.title}: {block.alt}" if block.title.strip() else block.alt
    lines = [line for row in block.rows[:_MOST_WRITTEN] for line in _line_of(block, row)]
    return (Text((Plain(said),)), Quote((Code("\n".join(lines)),))) if lines else (Text((Plain(said),)),)


def _line_of(block: Picture, row: PictureRow) -> list[str]:
    marks = [_MARKS[min(max(level, 0), len(_MARKS) - 1)] for level in row.levels]
    if len(block.rows) > 1:
        return [f"{row.label[:_LABEL_WRITTEN]:<{_LABEL_WRITTEN}} {''.join(marks)}"]
    named = [f"{name} {mark}" for name, mark in zip(block.columns, marks, strict=False)]
    return ["   ".join(named[start : start + _IN_A_LINE]) for start in range(0, len(named), _IN_A_LINE)]
