"""Words across a page that say whom it is not for. Drawn as outlines: what lies under them stays readable,
and no printer has to mix colours for it.
"""

from __future__ import annotations

import math

from lxml import etree

from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.metrics import em_width
from stationdesk.maps.sheet.pen import element, svg
from stationdesk.maps.sheet.spec import SheetSpec

DRAFT = "草稿　不得发放"
_TURN = -30.0
_SMALL = 5.0
_APART = (38.0, 42.0)  # millimetres between the words of a watermark: across their line, along it


def draw_watermarks(page: etree._Element, spec: SheetSpec, ink: Ink) -> None:
    """草稿 once and large, any other watermark many times, so that no part of the page is without it."""
    width, height = spec.setup.size
    sheet = Box(0, 0, width, height)
    if spec.watermark:
        root = _above(page, sheet)
        pitch = em_width(spec.watermark) * _SMALL + _APART[1]
        reach = math.hypot(width, height) / 2
        for row in range(-int(reach / _APART[0]), int(reach / _APART[0]) + 1):
            for column in range(-int(reach / pitch) - 1, int(reach / pitch) + 2):
                along = column * pitch + (row % 2) * pitch / 2
                _words(root, spec.watermark, sheet, (along, row * _APART[0]), _SMALL, 0.1, ink.rule)
    if spec.draft:
        size = min(math.hypot(width, height) * 0.72 / em_width(DRAFT), 34.0 * width / 210)
        _words(_above(page, sheet), DRAFT, sheet, (0.0, 0.0), size, 0.45, ink.casing)


def _above(page: etree._Element, sheet: Box) -> etree._Element:
    """A drawing that nothing of the page covers, whatever is put on it later: maps have a ground of their own."""
    root = svg(page, sheet, "watermark")
    root.set("style", f"{root.get('style', '')};z-index:2")
    return root


def _words(
    root: etree._Element,
    words: str,
    sheet: Box,
    at: tuple[float, float],
    size: float,
    line: float,
    colour: str,
) -> None:
    """The words `at` millimetres along and across the slanting line through the middle of the sheet."""
    turn = math.radians(_TURN)
    x = sheet.centre[0] + at[0] * math.cos(turn) - at[1] * math.sin(turn)
    y = sheet.centre[1] + at[0] * math.sin(turn) + at[1] * math.cos(turn)
    if not sheet.grown(size).holds((x, y)):
        return
    element(
        root, "text", words, x=x, y=y + size * 0.36, font_size=size, text_anchor="middle", fill="none",
        stroke=colour, stroke_width=line, transform=f"rotate({_TURN:.1f} {x:.3f} {y:.3f})",
    )  # fmt: skip
