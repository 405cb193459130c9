"""A sheet photographed askew is found, straightened, and its lines lie where they were drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from stationdesk.core.errors import UserError
from stationdesk.maps.returning.codes import CELLS, Corner, CornerCode
from stationdesk.maps.returning.finding import FoundSheet, find_sheet, open_picture
from stationdesk.maps.returning.straighten import cut_out, perspective_of
from tests.phone_files import seen_askew

NUMBER = "Z-0007"
PAPER = (210.0, 297.0)
SIDE = CELLS * 0.7
MARKS = {
    Corner.UPPER_LEFT: (8.0, 8.0, SIDE, SIDE),
    Corner.UPPER_RIGHT: (PAPER[0] - 8 - SIDE, 8.0, SIDE, SIDE),
    Corner.LOWER_RIGHT: (PAPER[0] - 8 - SIDE, PAPER[1] - 8 - SIDE, SIDE, SIDE),
    Corner.LOWER_LEFT: (8.0, PAPER[1] - 8 - SIDE, SIDE, SIDE),
}
FRAME = (20.0, 40.0, 170.0, 220.0)
CROSSES = ((30.0, 50.0), (180.0, 60.0), (105.0, 150.0), (40.0, 245.0), (175.0, 250.0))
FINE = 12


def sheet(number: str = NUMBER, corners: tuple[Corner, ...] = tuple(Corner)) -> Image.Image:
    """The printed paper at 12 pixels a millimetre, with red dots where somebody drew."""
    picture = Image.new("RGB", (round(PAPER[0] * FINE), round(PAPER[1] * FINE)), "white")
    draw = ImageDraw.Draw(picture)
    for corner in corners:
        left, top, side, _height = MARKS[corner]
        cell = side / CELLS * FINE
        for down, row in enumerate(CornerCode(number, corner).rows()):
            for across, is_black in enumerate(row):
                if is_black:
                    at = (left * FINE + across * cell, top * FINE + down * cell)
                    draw.rectangle((at[0], at[1], at[0] + cell - 0.5, at[1] + cell - 0.5), fill="black")
    for x, y in CROSSES:
        draw.ellipse(((x - 1) * FINE, (y - 1) * FINE, (x + 1) * FINE, (y + 1) * FINE), fill="red")
    return picture


STRAIGHT = ((100.0, 100.0), (1900.0, 120.0), (1880.0, 2700.0), (120.0, 2650.0))
ASKEW = ((300.0, 150.0), (1700.0, 260.0), (1950.0, 2600.0), (60.0, 2500.0))
ON_ITS_SIDE = ((2700.0, 150.0), (2650.0, 1900.0), (150.0, 1800.0), (200.0, 120.0))


@pytest.mark.parametrize(
    ("quad", "size"),
    [(STRAIGHT, (2000, 2800)), (ASKEW, (2000, 2800)), (ON_ITS_SIDE, (2800, 2000))],
    ids=["straight", "askew", "on its side"],
)
def test_what_was_drawn_lies_where_it_was_drawn(
    quad: tuple[tuple[float, float], ...], size: tuple[int, int]
) -> None:
    picture = seen_askew(sheet(), quad, size)
    found = find_sheet(picture, "照片.jpg")
    assert found.number == NUMBER
    assert set(found.marks) == set(Corner)
    perspective = perspective_of(found, MARKS)
    assert perspective.error < 0.3
    flat = np.asarray(cut_out(picture, perspective, FRAME), dtype=np.int16)
    fine = flat.shape[1] / FRAME[2]
    red = (flat[..., 0] - flat[..., 1]) > 60
    for x, y in CROSSES:
        column, row = (x - FRAME[0]) * fine, (y - FRAME[1]) * fine
        reach = round(4 * fine)
        window = red[round(row) - reach : round(row) + reach, round(column) - reach : round(column) + reach]
        rows, columns = np.nonzero(window)
        assert len(rows) > fine * fine
        off = np.hypot(columns.mean() - reach, rows.mean() - reach) / fine
        assert off < 0.7  # millimetres of paper: at 1 : 10,000 seven metres


def test_two_marks_of_four_are_enough() -> None:
    picture = seen_askew(sheet(corners=(Corner.UPPER_LEFT, Corner.LOWER_RIGHT)), STRAIGHT, (2000, 2800))
    found = find_sheet(picture, "照片.jpg")
    assert set(found.marks) == {Corner.UPPER_LEFT, Corner.LOWER_RIGHT}
    perspective = perspective_of(found, MARKS)
    x, y = perspective.pixel((PAPER[0], 0.0))
    assert np.hypot(x - 1900, y - 120) < 25  # pixels at the corner that has no mark; 9 are a millimetre


def test_one_mark_alone_is_refused() -> None:
    picture = seen_askew(sheet(corners=(Corner.UPPER_LEFT,)), STRAIGHT, (2000, 2800))
    with pytest.raises(UserError, match="只看清 1 个角标"):
        find_sheet(picture, "照片.jpg")


def test_a_photo_of_something_else_is_refused() -> None:
    with pytest.raises(UserError, match="没有找到走访图的角标"):
        find_sheet(Image.new("RGB", (800, 600), "white"), "照片.jpg")


@cache
def plain_photo(number: str = NUMBER) -> Image.Image:
    """A good photo of a whole sheet."""
    return seen_askew(sheet(number), STRAIGHT, (2000, 2800))


def test_two_sheets_in_one_photo_are_refused() -> None:
    both = Image.new("RGB", (4200, 2800), "gray")
    both.paste(plain_photo("Z-0001"), (0, 0))
    both.paste(plain_photo("Z-0002"), (2100, 0))
    with pytest.raises(UserError, match="Z-0001、Z-0002"):
        find_sheet(both, "照片.jpg")


def test_bent_paper_is_refused() -> None:
    found = find_sheet(plain_photo(), "照片.jpg")
    bent = dict(found.marks)
    bent[Corner.UPPER_LEFT] = tuple((x + 80, y + 90) for x, y in bent[Corner.UPPER_LEFT])  # type: ignore[assignment]  # four
    with pytest.raises(UserError, match="纸不平"):
        perspective_of(FoundSheet(found.number, found.size, bent), MARKS)


def test_a_map_that_is_cut_off_or_tiny_is_refused() -> None:
    picture = plain_photo()
    perspective = perspective_of(find_sheet(picture, "照片.jpg"), MARKS)
    with pytest.raises(UserError, match="没有拍全"):
        cut_out(picture.crop((0, 0, 2000, 2000)), perspective, FRAME)
    far = Image.new("RGB", (900, 900), "gray")
    far.paste(picture.resize((330, 460)), (100, 100))
    small = perspective_of(
        FoundSheet(
            NUMBER,
            far.size,
            {
                corner: tuple((x * 0.165 + 100, y * 0.1643 + 100) for x, y in quad)  # type: ignore[misc]  # four
                for corner, quad in find_sheet(picture, "照片.jpg").marks.items()
            },
        ),
        MARKS,
    )
    with pytest.raises(UserError, match="太小"):
        cut_out(far, small, FRAME)


def test_a_photo_is_turned_as_the_phone_was_held(tmp_path: Path) -> None:
    path = tmp_path / "照片.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    Image.new("RGB", (40, 20), "white").save(path, exif=exif)
    assert open_picture(path).size == (20, 40)


def test_a_file_that_is_no_photo_is_told(tmp_path: Path) -> None:
    path = tmp_path / "照片.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 cut off")
    with pytest.raises(UserError, match="不是能打开的照片"):
        open_picture(path)
    with pytest.raises(UserError, match="打不开"):
        open_picture(tmp_path / "没有.jpg")


def test_a_mark_says_nothing_but_a_sheet_and_a_corner() -> None:
    assert CornerCode.of("SD/Z-0012/C") == CornerCode("Z-0012", Corner.LOWER_RIGHT)
    assert CornerCode.of("WIFI:S:home;P:secret;;") is None
    with pytest.raises(ValueError, match="Z-1"):
        CornerCode("Z-1", Corner.UPPER_LEFT).rows()
