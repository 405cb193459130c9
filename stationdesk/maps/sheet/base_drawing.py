"""A base map under the station's own things: its pictures, or its shapes paler than what was drawn by hand."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence

from lxml import etree

from stationdesk.maps.sheet.geometry import Line, Point, box_around, turning
from stationdesk.maps.sheet.ground import Ground
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.pen import element, path_of, rect
from stationdesk.maps.sheet.spec import Backdrop, BaseKind
from stationdesk.maps.sheet.terrain import BaseDrawn

_BASE_ORDER = (BaseKind.GREEN, BaseKind.WATER, BaseKind.STREAM, BaseKind.BUILDING)
_BASE_WIDTHS = {
    BaseKind.PATH: 0.35,
    BaseKind.STREET: 0.8,
    BaseKind.ROAD: 1.3,
    BaseKind.RAIL: 0.7,
    BaseKind.STREAM: 0.5,
}
_CASED = (BaseKind.STREET, BaseKind.ROAD)


def draw_pictures(parent: etree._Element, backdrop: Backdrop, ground: Ground) -> None:
    """Pictures of a base map, each stretched over its own extent; those cut for this map where there are any."""
    own = [picture for picture in backdrop.pictures if picture.extent == ground.extent]
    for picture in own or backdrop.pictures:
        west, south, east, north = picture.extent
        left, top = ground.point(west, north)
        right, bottom = ground.point(east, south)
        data = base64.b64encode(picture.content).decode("ascii")
        element(
            parent, "image", x=left, y=top, width=right - left, height=bottom - top,
            preserveAspectRatio="none", href=f"data:{picture.media};base64,{data}",
        )  # fmt: skip


def draw_base(parent: etree._Element, base: Sequence[BaseDrawn], ink: Ink) -> None:
    """Areas, water, buildings, then the roads of a base map: all paler than what the station drew itself."""
    by_kind: dict[BaseKind, list[BaseDrawn]] = {}
    for each in base:
        by_kind.setdefault(each.kind, []).append(each)
    for kind in _BASE_ORDER:
        _base_shapes(parent, kind, by_kind.get(kind, ()), ink)
    for kind in (BaseKind.PATH, BaseKind.RAIL):
        _base_line(parent, kind, by_kind.get(kind, ()), _BASE_WIDTHS[kind], ink.casing, dashed=True)
    for kind in _CASED:
        _base_line(parent, kind, by_kind.get(kind, ()), _BASE_WIDTHS[kind] + 0.3, ink.base_casing)
    for kind in _CASED:
        _base_line(parent, kind, by_kind.get(kind, ()), _BASE_WIDTHS[kind], ink.base_road)


def base_fill(kind: BaseKind, ink: Ink) -> str:
    """The colour of an area of a base map."""
    return {BaseKind.GREEN: ink.green, BaseKind.BUILDING: ink.building}.get(kind, ink.water)


def _base_shapes(parent: etree._Element, kind: BaseKind, drawn: Sequence[BaseDrawn], ink: Ink) -> None:
    # The tiles of a base map overlap, and areas often come twice: counted by crossings they would cancel each other.
    data = "".join(path_of(_wound(rings), closed=True) for each in drawn for rings in each.polygons)
    if data:
        element(
            parent,
            "path",
            d=data,
            fill=base_fill(kind, ink),
            fill_rule="nonzero",
            class_=f"base {kind.value}",
        )
    _base_line(parent, kind, drawn, _BASE_WIDTHS.get(kind, 0.2), base_fill(kind, ink))


def _wound(rings: Sequence[Line]) -> Iterator[Line]:
    """The outline of an area one way round, its holes the other."""
    for at, ring in enumerate(rings):
        yield ring if (turning(ring) > 0) == (at == 0) else ring[::-1]


def _base_line(
    parent: etree._Element,
    kind: BaseKind,
    drawn: Sequence[BaseDrawn],
    width: float,
    colour: str,
    *,
    dashed: bool = False,
) -> None:
    data = path_of(line for each in drawn for line in each.lines)
    if data:
        line = element(
            parent, "path", d=data, fill="none", stroke=colour, stroke_width=width, class_=f"base {kind.value}",
            stroke_linejoin="round", stroke_linecap="butt" if dashed else "round",
        )  # fmt: skip
        if dashed:
            line.set("stroke-dasharray", "1.4 0.9" if kind is BaseKind.PATH else "2.2 1.1")


def draw_base_sample(parent: etree._Element, kind: BaseKind, at: Point, em: float, ink: Ink) -> None:
    """A piece of a base map by itself, for the legend."""
    x, y = at
    box = box_around(at, em * 1.5, em * 0.9)
    if kind in _BASE_WIDTHS and kind is not BaseKind.STREAM:
        sample = BaseDrawn(kind, "", ((((x - em * 0.7), y), ((x + em * 0.7), y)),))
        draw_base(parent, (sample,), ink)
    else:
        rect(parent, box, 0, fill=base_fill(kind, ink), stroke=ink.area_line, stroke_width=0.15)
