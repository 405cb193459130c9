"""What is drawn over the overview of an atlas: the frame of every page, with its number and its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.atlas.spec import Plot
from stationdesk.maps.sheet.geometry import Box, box_around
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT, em_width
from stationdesk.maps.sheet.pen import element, text
from stationdesk.maps.sheet.spec import Extent, GroundKind

_FRAME = 0.4
_SIZES = (1.15, 1.0, 0.85, 0.7)
"""Of the names, in the type of the legend; smaller where pages lie close together."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """A page's number on its plate, with its name below unless `name` is empty; `size` of its type."""

    box: Box
    number: int
    name: str
    size: float


def draw_frames(root: etree._Element, layout: Layout, pages: Sequence[tuple[int, Plot]], ink: Ink) -> None:
    """A frame for each page; its number and name near the middle of it, none covering another."""
    boxes = [(number, plot, _on_paper(layout, plot.extent)) for number, plot in pages]
    for _number, _plot, box in boxes:
        for stroke, width in (("#ffffff", _FRAME * 2.6), (ink.text, _FRAME)):
            element(
                root, "rect", x=box.x, y=box.y, width=box.width, height=box.height, fill="none", rx=0.8,
                stroke=stroke, stroke_width=width, class_="page-frame",
            )  # fmt: skip
    taken: list[Box] = []
    for number, plot, box in boxes:
        tag = _tag(number, clean_line(plot.name), box, layout, taken)
        taken.append(tag.box)
        _draw(root, tag, ink)


def _tag(number: int, name: str, box: Box, layout: Layout, taken: Sequence[Box]) -> _Tag:
    """The place nearest to the middle of a frame at which number and name are clear, as large as may be."""
    frame = layout.main.frame.grown(-0.5)
    em = layout.type.legend_pt * POINT
    best: tuple[float, _Tag] | None = None
    for share, told in [(share, name) for share in _SIZES] + [(share, "") for share in _SIZES]:
        size = em * share
        width = max(em_width(told, bold=True) * size, _plate_width(number, size)) + 0.6
        height = size * (2.75 if told else 1.4) + 0.4
        for middle in _middles(box):
            place = box_around(middle, width, height)
            if not frame.holds_box(place) or any(place.meets(each) for each in taken):
                continue
            off = abs(middle[0] - box.centre[0]) + abs(middle[1] - box.centre[1])
            if best is None or off < best[0]:
                best = (off, _Tag(place, number, told, size))
        if best is not None:
            return best[1]
    return _Tag(box_around(box.centre, em, em * 1.4), number, "", em * _SIZES[-1])


def _plate_width(number: int, size: float) -> float:
    return (em_width(str(number), bold=True) + 0.7) * size


def _middles(box: Box) -> Iterator[tuple[float, float]]:
    for row in range(2, 15):
        for column in range(2, 15):
            yield (box.x + box.width * column / 16, box.y + box.height * row / 16)


def _draw(root: etree._Element, tag: _Tag, ink: Ink) -> None:
    x, y = tag.box.centre[0], tag.box.y + 0.2 + tag.size * 0.7
    plate = box_around((x, y), _plate_width(tag.number, tag.size), tag.size * 1.35)
    element(
        root, "rect", x=plate.x, y=plate.y, width=plate.width, height=plate.height, rx=0.9,
        fill=ink.text, stroke="#ffffff", stroke_width=0.4,
    )  # fmt: skip
    child = text(root, str(tag.number), plate.centre, tag.size, fill="#ffffff", bold=True)
    child.set("data-page", str(tag.number))
    if tag.name:
        name = text(root, tag.name, (x, y + tag.size * 1.32), tag.size, fill=ink.text, bold=True)
        name.set("style", "paint-order:stroke")
        name.set("stroke", "#ffffff")
        name.set("stroke-width", f"{tag.size * 0.28:.2f}")
        name.set("stroke-linejoin", "round")


def unnamed(layout: Layout, pages: Sequence[Plot]) -> Layout:
    """The overview without the names of villages that have a page: they stand at its number."""
    named = {plot.name for plot in pages} | {plot.area.name for plot in pages}
    views = tuple(
        replace(
            view,
            labels=replace(
                view.labels,
                shown=tuple(
                    each
                    for each in view.labels.shown
                    if each.kind is not GroundKind.VILLAGE or each.text not in named
                ),
            ),
        )
        for view in layout.views
    )
    return replace(layout, views=views)


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
