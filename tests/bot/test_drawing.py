"""Pictures as PNG: the squares that are meant, in any size, with labels that can be read or are said beside."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot import drawing
from circles.messages import Picture, PictureRow


def opened(picture):
    """The picture as its bytes show it."""
    image = Image.open(io.BytesIO(drawing.png(picture)))
    assert image.format == "PNG"
    return image.convert("RGB")


def points(image):
    """Every point of an image as red, green and blue."""
    flat = image.tobytes()
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))


def inks(image):
    """How many points there are of each of the four levels' colours, without the ground's own."""
    by_ink = {level: tuple(int(ink[n : n + 2], 16) for n in (1, 3, 5)) for level, ink in enumerate(drawing._INK)}
    shown = points(image)
    return [sum(point == by_ink[level] for point in shown) for level in (1, 2, 3)]


def grid(columns, *levels):
    return Picture("Title", "alt", columns, tuple(PictureRow(f"Row {n}", row) for n, row in enumerate(levels)))


def test_each_level_is_drawn_in_an_ink_of_its_own():
    one, two, three = inks(opened(grid(("A", "B", "C", "D"), (0, 1, 2, 3), (1, 1, 2, 3), (1, 0, 0, 0))))
    assert one == 4 * three // 2
    assert two == three
    assert three > 2 * 1000


def test_levels_out_of_range_count_as_the_nearest():
    assert inks(opened(grid(("A", "B"), (-7, 99)))) == inks(opened(grid(("A", "B"), (0, 3))))


def test_the_ground_is_light_and_the_words_are_dark():
    image = opened(grid(("A",), (0,)))
    assert min(image.getpixel((0, 0))) > 240
    assert max(min(points(image), key=sum)) < 100


def test_more_columns_than_a_phone_shows_go_on_below():
    narrow, wide = opened(grid(tuple("ABCDEFGHIJ"), (3,) * 10)), opened(grid(tuple("ABCDEFGHIJ") * 2, (3,) * 20))
    assert wide.width == narrow.width
    assert wide.height > narrow.height * 1.5
    assert inks(wide)[2] == 2 * inks(narrow)[2]


@pytest.mark.parametrize(
    "picture",
    [
        Picture("", "", (), ()),
        Picture("Title", "alt", ("A",), ()),
        Picture("Title", "alt", (), (PictureRow("Row", ()),)),
        Picture("Title", "alt", (), (PictureRow("", (1, 2, 3)),)),
        Picture("Title", "alt", ("A", "B", "C"), (PictureRow("Row", (1,)), PictureRow("Row", (1, 2, 3, 3)))),
        grid(("A",) * 500, *((1,) * 500,) * 300),
        Picture("Title", "alt", ("a\nb",), (PictureRow("x\ny" * 900, (1,)),)),
    ],
)
def test_any_size_is_drawn_and_none_is_larger_than_a_chat_takes(picture):
    image = opened(picture)
    assert 100 < image.width < 2000
    assert image.height < 12_000


def test_what_is_too_much_to_draw_is_counted_below():
    whole, more = opened(grid(("A",), *((3,),) * 40)), opened(grid(("A",), *((3,),) * 300))
    assert inks(whole) == inks(more)
    below = more.crop((0, whole.height, more.width, more.height))
    assert min(map(sum, points(below))) < 300  # the words "+260"


def test_labels_in_latin_letters_are_drawn_without_accents():
    labels = drawing.labels(Picture("", "", ("GÖ", "Łu"), (PictureRow("Łódź – Ağrı", ()), PictureRow("Nguyễn ß", ()))))
    assert labels.rows == ("Lodz - Agri", "Nguyen ss")
    assert labels.columns == ("GO", "Lu")
    assert drawing.legend(Picture("", "", ("GÖ",), ())) == ""


def test_labels_in_other_scripts_are_numbered_and_said_beside():
    picture = Picture("", "", ("AN", "سع"), (PictureRow("سلمى", (3, 2)), PictureRow("ሰላም", (0, 1))))
    assert drawing.labels(picture).rows == ("#1", "#2")
    assert drawing.labels(picture).columns == ("AN", "#3")
    assert drawing.legend(picture) == "#1 سلمى, #2 ሰላም, #3 سع"
    opened(picture)


def test_the_same_picture_is_drawn_to_the_same_bytes():
    picture = grid(("A", "B"), (0, 3), (1, 2))
    assert drawing.png(picture) == drawing.png(picture)


rows = st.builds(PictureRow, st.text(max_size=30), st.lists(st.integers(), max_size=20).map(tuple))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=5), max_size=60).map(tuple), st.lists(rows, max_size=8).map(tuple))
def test_any_picture_is_drawn(columns, drawn):
    assert opened(Picture("Title", "alt", columns, drawn)).height > 0
