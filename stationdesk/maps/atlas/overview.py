"""What is drawn over the overview of an atlas: the frame of every page, with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from stationdesk.maps.sheet.drawing import element, text
from stationdesk.maps.sheet.geometry import Box, box_around
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.labels import AREA_SPACING, Label
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT, em_width
from stationdesk.maps.sheet.spec import Extent, GroundKind

_FRAME = 0.4


def draw_frames(root: etree._Element, layout: Layout, pages: Sequence[tuple[int, Extent]], ink: Ink) -> None:
    """A frame for each page with its number on a plate; no plate covers another, or the name of a village."""
    size = layout.type.legend_pt * POINT * 1.3
    taken = [label.box for label in layout.labels.shown if not label.signs]
    boxes = [(number, _on_paper(layout, extent)) for number, extent in pages]
    for _number, box in boxes:
        for stroke, width in (("#ffffff", _FRAME * 2.6), (ink.text, _FRAME)):
            element(
                root, "rect", x=box.x, y=box.y, width=box.width, height=box.height, fill="none", rx=0.8,
                stroke=stroke, stroke_width=width, class_="page-frame",
            )  # fmt: skip
    for label in _villages(layout):
        _name(root, label, ink)
    for number, box in boxes:
        plate = _plate(box, em_width(str(number), bold=True) * size + size * 0.7, size * 1.35, taken)
        taken.append(plate)
        element(
            root, "rect", x=plate.x, y=plate.y, width=plate.width, height=plate.height, rx=0.9,
            fill=ink.text, stroke="#ffffff", stroke_width=0.4,
        )  # fmt: skip
        child = text(root, str(number), plate.centre, size, fill="#ffffff", bold=True)
        child.set("data-page", str(number))


def unnamed(layout: Layout) -> Layout:
    """The overview without the names of villages: they are drawn over the frames."""
    villages = _villages(layout)
    views = tuple(
        replace(
            view,
            labels=replace(
                view.labels, shown=tuple(each for each in view.labels.shown if each not in villages)
            ),
        )
        for view in layout.views
    )
    return replace(layout, views=views)


def _villages(layout: Layout) -> tuple[Label, ...]:
    return tuple(each for each in layout.labels.shown if each.kind is GroundKind.VILLAGE and not each.signs)


def _name(root: etree._Element, label: Label, ink: Ink) -> None:
    """A name on white, so that a frame below it does not cut it."""
    spacing = label.size * AREA_SPACING
    middle = (label.box.centre[0] + spacing / 2, label.box.centre[1])
    child = text(root, label.text, middle, label.size, fill=ink.text, bold=True)
    child.set("letter-spacing", f"{spacing:.2f}")
    child.set("style", "paint-order:stroke")
    child.set("stroke", "#ffffff")
    child.set("stroke-width", f"{label.size * 0.28:.2f}")
    child.set("stroke-linejoin", "round")


def shown_box(layout: Layout, extents: Sequence[Extent]) -> Box:
    """Where on the overview's paper all of some extents lie, with a little around them."""
    boxes = [_on_paper(layout, extent) for extent in extents]
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.with_box(box)
    return whole.grown(4.0)


def _on_paper(layout: Layout, extent: Extent) -> Box:
    west, south, east, north = extent
    x, y = layout.ground.point(west, north)
    right, bottom = layout.ground.point(east, south)
    frame = layout.main.frame
    x, y = max(x, frame.x), max(y, frame.y)
    return Box(x, y, min(right, frame.right) - x, min(bottom, frame.bottom) - y)


def _plate(box: Box, width: float, height: float, taken: Sequence[Box]) -> Box:
    """In a corner of the frame, else at its sides, else wherever in it there is room."""
    left, right = box.x + width / 2 + 0.8, box.right - width / 2 - 0.8
    top, bottom = box.y + height / 2 + 0.8, box.bottom - height / 2 - 0.8
    x, y = box.centre
    middles = [(left, top), (right, top), (left, bottom), (right, bottom), (x, top), (x, bottom), (x, y)]
    middles += [
        (box.x + box.width * column / 8, box.y + box.height * row / 8)
        for row in range(1, 8)
        for column in range(1, 8)
    ]
    tried = [box_around(middle, width, height) for middle in middles]
    return next(
        (each for each in tried if not any(each.grown(0.3).meets(other) for other in taken)), tried[0]
    )
