"""Pictures from outside: damaged EXIF costs its place at most, and an ending that lies starts no other program."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from stationdesk.core.errors import UserError
from stationdesk.maps.returning.finding import open_picture
from stationdesk.maps.walks.photos import read_photo
from tests.phone_files import photo

HEAD = 400
"""Bytes at the beginning of a test photo that are its EXIF and its tables."""


@pytest.mark.parametrize("read", [read_photo, open_picture])
def test_a_damaged_photo_is_read_or_refused_and_nothing_else(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    whole = photo(tmp_path / "IMG_1.jpg", (34.5, 114.3), turned=6, size=(40, 30)).read_bytes()
    chance = random.Random(4)
    refused = 0
    for _turn in range(1200):
        content = bytearray(whole)
        for _byte in range(chance.randint(1, 6)):
            content[chance.randrange(2, HEAD)] = chance.randrange(256)
        path = tmp_path / "IMG_2.jpg"
        path.write_bytes(content)
        try:
            read(path)
        except UserError:
            refused += 1
    assert 0 < refused < 1200


@pytest.mark.parametrize("read", [read_photo, open_picture])
def test_only_what_phones_write_is_opened(tmp_path: Path, read: Callable[[Path], object]) -> None:
    path = tmp_path / "IMG_1.jpg"
    Image.new("RGB", (40, 30), "green").save(path, "EPS")
    with pytest.raises(UserError):
        read(path)
    Image.new("P", (40, 30)).save(path, "GIF")
    with pytest.raises(UserError):
        read(path)
