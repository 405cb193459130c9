"""The corner marks of a sheet that will come back: which sheet it is, and which of its corners.

Each is a QR code (ISO/IEC 18004, version 1, level Q: a quarter of it may be smudged), because its three eyes give
its own four corners as well: even two marks of four say where the whole paper lies in the picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import zxingcpp

_TEXT = re.compile(r"SD/(Z-\d{4,6})/([ABCD])")
CELLS = 21
"""Modules along a side of a mark, its quiet edge not counted."""
QUIET = 4
"""Modules that must stay white around it."""


class Corner(StrEnum):
    """Which corner of the sheet a mark stands in, clockwise from the upper left."""

    UPPER_LEFT = "A"
    UPPER_RIGHT = "B"
    LOWER_RIGHT = "C"
    LOWER_LEFT = "D"


@dataclass(frozen=True, slots=True)
class CornerCode:
    """What one mark says."""

    number: str
    corner: Corner

    @property
    def text(self) -> str:
        """What is written in the mark."""
        return f"SD/{self.number}/{self.corner}"

    @classmethod
    def of(cls, text: str) -> CornerCode | None:
        """What a mark that was read says; None for a code that is none of ours."""
        match = _TEXT.fullmatch(text)
        return None if match is None else cls(match[1], Corner(match[2]))

    def rows(self) -> tuple[tuple[bool, ...], ...]:
        """The mark itself, `CELLS` by `CELLS`: whether each module is black.

        Raises:
            ValueError: when the number is not one of a sheet, or is too long for a mark of this size.
        """
        if CornerCode.of(self.text) is None:
            raise ValueError(self.number)
        made = zxingcpp.create_barcode(self.text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        cells = np.array(made.to_image(scale=1, add_quiet_zones=False))
        if cells.shape != (CELLS, CELLS):
            raise ValueError(self.number)
        return tuple(tuple(bool(cell < 128) for cell in row) for row in cells)
