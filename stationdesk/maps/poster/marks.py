"""What stands on the sheets besides the map: names, lines to cut along, strips for the glue, and the plan."""

from __future__ import annotations

from lxml import etree

from stationdesk.maps.poster.cutting import MARGIN, OVERLAP, Tile, Tiling
from stationdesk.maps.sheet.compose import FONTS, html_of, new_document
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.metrics import POINT, em_width
from stationdesk.maps.sheet.pen import element, svg, text

_BLACK = "#000000"
_GREY = "#555555"
_HATCH = "#8a8a8a"
_TYPE = 7.5 * POINT
_EDGE = 4.6
"""Millimetres of a sheet where some printers print nothing at all."""
_TEST = 100.0
"""Length of the bar by which one sees whether the printer kept the size."""
_STEPS = (
    "打印：用 A4 纸，比例选“实际大小”或 100%，不要选“适合页面”。",
    "裁：从第 2 列起，每张沿左边的虚线裁去白边；从第 2 行起，每张沿上边的虚线裁去白边。",
    "贴每一行：在左边一张的斜线条上涂胶，右边一张的裁边对准斜线条的内边，盖住斜线贴平。",
    "贴各行：在上面一行的斜线条上涂胶，下面一行的裁边对准斜线条的内边，盖住斜线贴平。",
    "最外一圈的白边可以留着，也可以沿图边裁去。",
)


def plan_box(tiling: Tiling) -> Box:
    """Where the whole map stands, made small, on the first sheet."""
    width, height = tiling.setup.size
    top = _bar_y(tiling) + 10
    room = Box(18, top, width - 36, height - top - 16)
    whole_width, whole_height = tiling.size
    scale = min(room.width / whole_width, room.height / whole_height)
    x = room.x + (room.width - whole_width * scale) / 2
    return Box(x, room.y, whole_width * scale, whole_height * scale)


def compose_marks(tiling: Tiling, title: str) -> str:
    """A static page for each sheet, the plan first, to be laid over the map; nothing is filled behind it."""
    width, height = tiling.setup.size
    style = f"""
@page {{ size: {width}mm {height}mm; margin: 0 }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
body {{ font-family: {FONTS}; color: {_BLACK}; -webkit-print-color-adjust: exact; print-color-adjust: exact }}
section {{ position: relative; width: {width}mm; height: {height - 0.05}mm; overflow: hidden; break-after: page }}
section:last-child {{ break-after: auto }}
section > * {{ position: absolute }}
svg {{ overflow: visible; font-family: {FONTS} }}
h1 {{ left: 18mm; top: 14mm; width: {width - 36}mm; font-size: 20pt; line-height: 1.3; white-space: nowrap }}
.size {{ left: 18mm; top: 27mm; font-size: 11pt }}
ol {{ left: 25mm; top: 36mm; width: {width - 43}mm; font-size: 10.5pt; line-height: 1.5 }}
"""
    body = new_document(title, style)
    _plan(body, tiling, title)
    for tile in tiling.tiles():
        page = element(body, "section")
        _sheet(svg(page, Box(0, 0, width, height), "marks"), tiling, tile, title)
    return html_of(body)


def _plan(body: etree._Element, tiling: Tiling, title: str) -> None:
    """How many sheets there are, how they are put together, and which belongs where."""
    width, height = tiling.setup.size
    page = element(body, "section")
    size = 20 * min(1.0, (width - 36) / (em_width(title, bold=True) * 20 * POINT + 0.01))
    element(page, "h1", title, style=f"font-size:{size:.2f}pt")
    across, down = (side / 10 for side in tiling.size)
    words = f"拼接大图：{tiling.rows} 行 {tiling.columns} 列，共 {tiling.count} 张，"
    element(page, "p", f"{words}拼好后 {across:.0f} × {down:.0f} 厘米", class_="size")
    steps = element(page, "ol")
    for step in _STEPS:
        element(steps, "li", step)
    drawing = svg(page, Box(0, 0, width, height), "plan")
    _bar(drawing, width, _bar_y(tiling))
    whole = plan_box(tiling)
    scale = whole.width / tiling.size[0]
    for tile in tiling.tiles():
        own = tiling.own(tile)
        box = Box(whole.x + own.x * scale, whole.y + own.y * scale, own.width * scale, own.height * scale)
        _outline(drawing, box, _BLACK, 0.4)
        label = Box(box.centre[0] - 7, box.centre[1] - 4, 14, 8)
        element(
            drawing, "rect", x=label.x, y=label.y, width=label.width, height=label.height, rx=1.5,
            fill="#ffffff", stroke=_BLACK, stroke_width=0.3,
        )  # fmt: skip
        text(drawing, tile.name, box.centre, 13 * POINT, fill=_BLACK, bold=True)


def _bar_y(tiling: Tiling) -> float:
    """Below the steps, whose lines are broken on an upright sheet."""
    return 74.0 if tiling.landscape else 88.0


def _bar(drawing: etree._Element, width: float, y: float) -> None:
    x = (width - _TEST) / 2
    element(drawing, "path", d=f"M{x} {y - 1.5}V{y + 1.5}M{x} {y}H{x + _TEST}M{x + _TEST} {y - 1.5}V{y + 1.5}",
            stroke=_BLACK, stroke_width=0.35, fill="none")  # fmt: skip
    words = "印好后量一量：这条线长 100 毫米，比例就对"
    text(drawing, words, (width / 2, y - 3.2), 9 * POINT, fill=_BLACK)


def _sheet(drawing: etree._Element, tiling: Tiling, tile: Tile, title: str) -> None:
    width, height = tiling.setup.size
    shown = Box(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    if tile.column < tiling.columns - 1:
        strip = Box(shown.right - OVERLAP, shown.y, OVERLAP, shown.height)
        _strip(drawing, strip, f"涂胶　上面贴 {tile.row + 1}-{tile.column + 2}", upright=True)
    if tile.row < tiling.rows - 1:
        strip = Box(shown.x, shown.bottom - OVERLAP, shown.width, OVERLAP)
        _strip(drawing, strip, f"涂胶　上面贴 {tile.row + 2}-{tile.column + 1}", upright=False)
    _edges(drawing, shown, tiling, tile)
    y = (_EDGE + MARGIN) / 2 - 0.2
    words = f"第 {tile.row + 1} 行　第 {tile.column + 1} 列"
    x = shown.x + 3.0
    text(drawing, words, (x, y), _TYPE * 1.25, fill=_BLACK, bold=True, anchor="start")
    x += (em_width(words, bold=True) * 1.25 + 1.5) * _TYPE
    text(
        drawing, f"共 {tiling.rows} 行 {tiling.columns} 列　{title}", (x, y), _TYPE, fill=_GREY, anchor="start"
    )  # fmt: skip
    _small_plan(drawing, shown, tiling, tile)


def _edges(drawing: etree._Element, shown: Box, tiling: Tiling, tile: Tile) -> None:
    """Dashes where the sheet is cut, a thin line where the map ends."""
    for cut, d, words, at, turn in (
        (tile.column > 0, f"M{shown.x} {MARGIN / 2}V{shown.bottom + MARGIN / 2}", "沿虚线裁去左边",
         (shown.x - 2.2, shown.centre[1]), -90.0),
        (tile.row > 0, f"M{MARGIN / 2} {shown.y}H{shown.right + MARGIN / 2}", "沿虚线裁去上边",
         (shown.centre[0] + 30, shown.y - 2.2), 0.0),
    ):  # fmt: skip
        if cut:
            element(
                drawing, "path", d=d, stroke=_BLACK, stroke_width=0.3, stroke_dasharray="2 1.4", fill="none"
            )  # fmt: skip
            text(drawing, words, at, _TYPE, fill=_GREY, turn=turn)
    # Outer sides have a thin line, so that one sees where the map ends on a sheet that is white there.
    outer = (
        (tile.column == 0, f"M{shown.x} {shown.y}V{shown.bottom}"),
        (tile.row == 0, f"M{shown.x} {shown.y}H{shown.right}"),
        (tile.column == tiling.columns - 1, f"M{shown.right} {shown.y}V{shown.bottom}"),
        (tile.row == tiling.rows - 1, f"M{shown.x} {shown.bottom}H{shown.right}"),
    )
    for is_outer, d in outer:
        if is_outer:
            element(drawing, "path", d=d, stroke=_HATCH, stroke_width=0.15, fill="none")


def _strip(drawing: etree._Element, strip: Box, words: str, *, upright: bool) -> None:
    """Slanting lines that the neighbour will cover, the line its cut edge is laid on, and which neighbour."""
    d = ""
    step = 5.0
    if upright:
        at = strip.y + strip.width
        while at <= strip.bottom:
            d += f"M{strip.x:.2f} {at:.2f}L{strip.right:.2f} {at - strip.width:.2f}"
            at += step
        line = f"M{strip.x:.2f} {strip.y - 4:.2f}V{strip.bottom + 4:.2f}"
    else:
        at = strip.x + strip.height
        while at <= strip.right:
            d += f"M{at - strip.height:.2f} {strip.bottom:.2f}L{at:.2f} {strip.y:.2f}"
            at += step
        line = f"M{strip.x - 4:.2f} {strip.y:.2f}H{strip.right + 4:.2f}"
    element(drawing, "path", d=d, stroke=_HATCH, stroke_width=0.12, fill="none")
    element(
        drawing, "path", d=line, stroke=_BLACK, stroke_width=0.15, fill="none", stroke_dasharray="0.8 0.8"
    )
    x, y = strip.centre
    long = (em_width(words) + 1.0) * _TYPE
    label = Box(x - long / 2, y - 2, long, 4.0)
    group = element(drawing, "g", transform=f"rotate({-90 if upright else 0} {x:.3f} {y:.3f})")
    element(
        group, "rect", x=label.x, y=label.y, width=label.width, height=label.height, fill="#ffffff"
    )  # fmt: skip
    text(group, words, (x, y), _TYPE, fill=_BLACK)


def _small_plan(drawing: etree._Element, shown: Box, tiling: Tiling, tile: Tile) -> None:
    """All sheets as small boxes in the upper margin, this one filled."""
    high = (MARGIN - _EDGE) / tiling.rows * 0.92
    wide = min(high * 1.4, 24.0 / tiling.columns)
    left, top = shown.right - wide * tiling.columns, _EDGE
    for each in tiling.tiles():
        box = Box(left + each.column * wide, top + each.row * high, wide, high)
        element(
            drawing, "rect", x=box.x, y=box.y, width=box.width, height=box.height,
            fill=_BLACK if each == tile else "#ffffff", stroke=_BLACK, stroke_width=0.15,
        )  # fmt: skip


def _outline(drawing: etree._Element, box: Box, colour: str, width: float) -> None:
    element(
        drawing, "rect", x=box.x, y=box.y, width=box.width, height=box.height, fill="none",
        stroke=colour, stroke_width=width,
    )  # fmt: skip
