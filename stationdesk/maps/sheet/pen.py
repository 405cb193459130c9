"""What everything on paper is drawn with: elements of HTML and SVG, one unit a millimetre, text as text nodes."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.sheet.geometry import Box, Line, Point

_BASELINE = 0.36
"""How far below the middle of a Chinese sign its baseline lies, in ems."""


def element(
    parent: etree._Element, tag: str, text: str | None = None, /, **attributes: object
) -> etree._Element:
    """A child of `parent`; `stroke_width=1` becomes stroke-width="1", floats are rounded to a micrometre."""
    child = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        shown = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        child.set(name.rstrip("_").replace("_", "-"), shown)
    if text is not None:
        child.text = clean_line(text)
    return child


def svg(parent: etree._Element, box: Box, name: str) -> etree._Element:
    """A drawing that covers `box` of the page and measures in the page's own millimetres."""
    style = f"left:{box.x:.3f}mm;top:{box.y:.3f}mm;width:{box.width:.3f}mm;height:{box.height:.3f}mm"
    view = f"{box.x:.3f} {box.y:.3f} {box.width:.3f} {box.height:.3f}"
    return element(parent, "svg", class_=name, style=style, viewBox=view)


def rect(parent: etree._Element, box: Box, radius: float, **attributes: object) -> None:
    """A rectangle, its corners rounded by `radius`."""
    element(
        parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=radius, **attributes
    )  # fmt: skip


def text(
    parent: etree._Element,
    content: str,
    middle: Point,
    size: float,
    *,
    fill: str,
    bold: bool = False,
    anchor: str = "middle",
    turn: float = 0.0,
) -> etree._Element:
    """One line of text, `size` millimetres high, vertically centred on `middle`."""
    x, y = middle
    child = element(
        parent, "text", content, x=x, y=y + size * _BASELINE, font_size=size, text_anchor=anchor, fill=fill
    )
    if bold:
        child.set("font-weight", "700")
    if turn:
        child.set("transform", f"rotate({turn:.2f} {x:.3f} {y:.3f})")
    return child


def path_of(lines: Iterable[Line], *, closed: bool = False) -> str:
    """The data of a path along the lines."""
    parts = []
    for line in lines:
        points = " ".join(f"{x:.2f} {y:.2f}" for x, y in line)
        parts.append(f"M{points}{'Z' if closed else ''}")
    return "".join(parts)
