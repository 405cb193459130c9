"""What a service needs in order to print, without knowing the web engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

_MILLIMETRES = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "8开": (260, 368)}
"""8开 is what printers cut from a sheet of 787 by 1092 mm (正度), the usual size of a community map."""


class Paper(StrEnum):
    """Paper sizes of the station's printers."""

    A4 = "A4"
    A3 = "A3"
    A5 = "A5"
    KAI8 = "8开"

    @property
    def millimetres(self) -> tuple[int, int]:
        """Width and height in portrait."""
        return _MILLIMETRES[self.value]


MAP_PAPERS = (Paper.A4, Paper.A3, Paper.KAI8)
"""What a map is large enough on to be read."""


@dataclass(frozen=True, slots=True)
class PageSetup:
    """One kind of sheet: its paper and which way round.

    `margins` in millimetres (top, right, bottom, left) for a page that flows over as many sheets as it needs, where
    the engine has to keep them; a page whose own sheets are as large as the paper has none. `large` is the width and
    height of a sheet that no printer takes and that is cut into sheets of the paper afterwards.
    """

    paper: Paper
    landscape: bool = False
    margins: tuple[int, int, int, int] = (0, 0, 0, 0)
    large: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in millimetres, as the sheet lies."""
        if self.large is not None:
            return self.large
        width, height = self.paper.millimetres
        return (height, width) if self.landscape else (width, height)


class Printer(Protocol):
    """Prints a static page to a PDF file; made by the window's web engine, passed in by app and cli."""

    def print_html(self, html: str, target: Path, setup: PageSetup) -> None:
        """Write the page to `target` as vector PDF with embedded fonts.

        The caller passes a temporary path and moves the file after its own checks. May be called
        from any thread but the window's own; waits until the page is drawn.

        Raises:
            UserError: when the web engine cannot print, with the reason.
        """
