"""The map of a hand-out as SVG, one unit a millimetre. Text goes in as text nodes, never as markup."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.sheet.frames import LegendItem
from stationdesk.maps.sheet.geometry import Box, Line, Point
from stationdesk.maps.sheet.ground import letter
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.labels import AREA_SPACING, Label
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT
from stationdesk.maps.sheet.plates import NUMBER_SIZE, Mark
from stationdesk.maps.sheet.spec import GroundKind
from stationdesk.maps.sheet.terrain import CASING, WIDTHS, Terrain
from stationdesk.maps.symbols import BOX, SYMBOLS

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


def draw_map(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """The frame with its margin band, the ground, the names and the marks, in the order in which they cover."""
    frame, kind = layout.front.frame, layout.type
    band = kind.legend_pt * POINT * 1.25
    root = svg(
        parent,
        Box(frame.x - band, frame.y - band, frame.width + band + 0.5, frame.height + band + 0.5),
        "map",
    )
    definitions = element(root, "defs")
    cut = element(definitions, "clipPath", id="frame")
    _rect(cut, frame, 0)
    _margin(root, layout, ink, band)
    ground = element(root, "g", clip_path="url(#frame)")
    _rect(ground, frame, 0, fill="#ffffff")
    _patches(ground, layout.terrain, GroundKind.VILLAGE, ink)
    _patches(ground, layout.terrain, GroundKind.AREA, ink)
    _grid(ground, layout, ink)
    _patches(ground, layout.terrain, GroundKind.RIVER, ink)
    _lines(ground, layout.terrain, ink)
    for spot in layout.labels.spots:
        if spot.kind is not GroundKind.VILLAGE:
            draw_spot(ground, spot.kind, spot.point, ink)
    for label in layout.labels.shown:
        _name(ground, label, ink)
    marks = element(root, "g", class_="marks")
    for mark in layout.marks:
        if mark.is_moved:
            (ax, ay), (bx, by) = mark.leader
            element(marks, "line", x1=ax, y1=ay, x2=bx, y2=by, stroke="#ffffff", stroke_width=0.9)
            element(marks, "line", x1=ax, y1=ay, x2=bx, y2=by, stroke=ink.text, stroke_width=0.28)
    for mark in layout.marks:
        if mark.is_moved:
            x, y = mark.place
            element(marks, "circle", cx=x, cy=y, r=0.75, fill=ink.text, stroke="#ffffff", stroke_width=0.25)
    for mark in layout.marks:
        _mark(marks, mark, ink)
    _rect(root, frame, 0, fill="none", stroke=ink.text, stroke_width=0.35)


def draw_symbol(parent: etree._Element, of: MapClass, middle: Point, side: float, ink: Ink) -> None:
    """The mark of a class: its shape, and its letter in white."""
    symbol = SYMBOLS[of]
    scale = side / BOX
    x, y = middle[0] - side / 2, middle[1] - side / 2
    element(
        parent,
        "path",
        d=symbol.path,
        fill=ink.symbols or symbol.colour,
        transform=f"translate({x:.3f} {y:.3f}) scale({scale:.4f})",
    )
    size = symbol.letter_size * scale
    text(parent, symbol.letter, (middle[0], y + symbol.letter_y * scale), size, fill="#ffffff", bold=True)


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


def draw_spot(parent: etree._Element, kind: GroundKind, at: Point, ink: Ink) -> None:
    """A place is a small square, a sight a star."""
    x, y = at
    if kind is GroundKind.SIGHT:
        star = "M0-1.5.36-.5 1.43-.46.58.19.88 1.21 0 .6-.88 1.21-.58.19-1.43-.46-.36-.5Z"
        element(parent, "path", d=star, fill=ink.text, transform=f"translate({x:.3f} {y:.3f})")
    else:
        element(
            parent, "rect", x=x - 0.7, y=y - 0.7, width=1.4, height=1.4,
            fill="#ffffff", stroke=ink.text, stroke_width=0.4,
        )  # fmt: skip


def draw_road(parent: etree._Element, kind: GroundKind, data: str, ink: Ink) -> None:
    """A short piece of road or river by itself, for the legend."""
    for part in ("casing", "fill"):
        _stroke(parent, kind, data, ink, part)


def _rect(parent: etree._Element, box: Box, radius: float, **attributes: object) -> None:
    element(
        parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=radius, **attributes
    )  # fmt: skip


def _path(lines: Iterable[Line], *, closed: bool = False) -> str:
    parts = []
    for line in lines:
        points = " ".join(f"{x:.2f} {y:.2f}" for x, y in line)
        parts.append(f"M{points}{'Z' if closed else ''}")
    return "".join(parts)


def _margin(root: etree._Element, layout: Layout, ink: Ink, band: float) -> None:
    """Letters above and digits beside the frame: the squares are named outside of the map."""
    frame, ground = layout.front.frame, layout.ground
    size = layout.type.legend_pt * POINT * 0.9
    for column in range(ground.columns):
        x = frame.x + (column + 0.5) * frame.width / ground.columns
        text(root, letter(column), (x, frame.y - band * 0.5), size, fill=ink.quiet, bold=True)
    for row in range(ground.rows):
        y = frame.y + (row + 0.5) * frame.height / ground.rows
        text(root, str(row + 1), (frame.x - band * 0.5, y), size, fill=ink.quiet, bold=True)


def _grid(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    frame, ground = layout.front.frame, layout.ground
    xs = [frame.x + at * frame.width / ground.columns for at in range(1, ground.columns)]
    ys = [frame.y + at * frame.height / ground.rows for at in range(1, ground.rows)]
    lines: list[Line] = [((x, frame.y), (x, frame.bottom)) for x in xs]
    lines += [((frame.x, y), (frame.right, y)) for y in ys]
    element(parent, "path", d=_path(lines), stroke=ink.grid, stroke_width=0.15, fill="none")


def _patches(parent: etree._Element, terrain: Terrain, kind: GroundKind, ink: Ink) -> None:
    of_kind = [patch for patch in terrain.patches if patch.kind is kind]
    for at, patch in enumerate(of_kind):
        data = "".join(_path(rings, closed=True) for rings in patch.polygons)
        style = patch_style(kind, at, ink)
        element(parent, "path", d=data, fill_rule="evenodd", class_=kind.value, **style)


def patch_style(kind: GroundKind, at: int, ink: Ink) -> dict[str, object]:
    """How an area of a kind is filled and edged; villages side by side (`at`) differ in tint."""
    if kind is GroundKind.VILLAGE:
        tint = ink.villages[at % len(ink.villages)]
        return {"fill": tint, "stroke": ink.area_line, "stroke_width": 0.3, "stroke_dasharray": "1.6 1.1"}
    if kind is GroundKind.AREA:
        return {"fill": ink.area, "stroke": ink.area_line, "stroke_width": 0.15}
    return {"fill": ink.water, "stroke": ink.water_line, "stroke_width": 0.25}


def _lines(parent: etree._Element, terrain: Terrain, ink: Ink) -> None:
    """Water, then the casings of all roads, then their fills: so crossings run into each other."""
    order = (GroundKind.LANE, GroundKind.MAIN_ROAD)
    by_kind = {
        kind: _path(piece for stroke in terrain.strokes if stroke.kind is kind for piece in stroke.pieces)
        for kind in (GroundKind.RIVER, *order)
    }
    if by_kind[GroundKind.RIVER]:
        draw_road(parent, GroundKind.RIVER, by_kind[GroundKind.RIVER], ink)
    for part in ("casing", "fill"):
        for kind in order:
            if by_kind[kind]:
                _stroke(parent, kind, by_kind[kind], ink, part)


def _stroke(parent: etree._Element, kind: GroundKind, data: str, ink: Ink, part: str) -> None:
    casing = ink.water_line if kind is GroundKind.RIVER else ink.casing
    fill = {GroundKind.RIVER: ink.water, GroundKind.MAIN_ROAD: ink.main_road}.get(kind, ink.lane)
    is_casing = part == "casing"
    element(
        parent, "path", d=data, fill="none", class_=f"{part} {kind.value}",
        stroke=casing if is_casing else fill, stroke_width=WIDTHS[kind] + (2 * CASING if is_casing else 0.0),
        stroke_linejoin="round", stroke_linecap="round",
    )  # fmt: skip


def _name(parent: etree._Element, label: Label, ink: Ink) -> None:
    water = label.kind is GroundKind.RIVER
    if label.signs:
        for sign in label.signs:
            fill = ink.water_text if water else ink.quiet
            text(parent, sign.text, sign.middle, label.size, fill=fill, turn=sign.turn)
        return
    if label.kind is GroundKind.VILLAGE:
        spacing = label.size * AREA_SPACING  # stands after the last sign too
        middle = (label.box.centre[0] + spacing / 2, label.box.centre[1])
        child = text(parent, label.text, middle, label.size, fill=ink.area_text, bold=True)
        child.set("letter-spacing", f"{spacing:.2f}")
        return
    text(parent, label.text, label.box.centre, label.size, fill=ink.water_text if water else ink.text)


def _mark(parent: etree._Element, mark: Mark, ink: Ink) -> None:
    group = element(parent, "g", class_="mark")
    edge = ink.symbols or ink.quiet
    _rect(group, mark.plate, mark.size * 0.2, fill="#ffffff", stroke=edge, stroke_width=0.22)
    for cell in mark.cells:
        drawn = element(group, "g", class_="cell", data_codes=" ".join(entry.code for entry in cell.entries))
        half = mark.size / 2
        draw_symbol(drawn, cell.map_class, (cell.box.x + half, cell.box.y + half), mark.size, ink)
        text(
            drawn, cell.numbers, (cell.box.x + mark.size * 1.07, cell.box.y + half), mark.size * NUMBER_SIZE,
            fill="#000000", bold=True, anchor="start",
        )  # fmt: skip


def draw_legend(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """Only what is on the map, each as it is drawn there."""
    root = svg(parent, layout.front.legend.grown(0.3), "legend")
    em = layout.type.legend_pt * POINT
    for item in layout.legend:
        _legend_item(root, item, em, ink)


def _legend_item(root: etree._Element, item: LegendItem, em: float, ink: Ink) -> None:
    x = item.x + em * 0.75
    if isinstance(item.what, MapClass):
        draw_symbol(root, item.what, (x, item.y), em * 1.45, ink)
    elif item.what in (GroundKind.VILLAGE, GroundKind.AREA):
        swatch = Box(x - em * 0.75, item.y - em * 0.45, em * 1.5, em * 0.9)
        _rect(root, swatch, 0, **patch_style(item.what, 0, ink))
    elif item.what in WIDTHS:
        draw_road(root, item.what, f"M{x - em * 0.5:.2f} {item.y:.2f}H{x + em * 0.5:.2f}", ink)
    else:
        draw_spot(root, item.what, (x, item.y), ink)
    text(root, item.label, (x + em * 1.05, item.y), em, fill=ink.text, anchor="start")


def draw_scale(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """North, and the bar with ratio and walking time, all from the one n that the map was drawn at."""
    box, ground = layout.front.scale, layout.ground
    em = layout.type.legend_pt * POINT
    root = svg(parent, box.grown(0.3), "scale")
    _north(root, Box(box.right - em * 1.8, box.y, em * 1.8, em * 3.2), em, ink)
    bar = ground.bar(box.width - em * 6.5)
    x, y, high = box.right - bar.width - em * 4.6, box.y + em * 1.45, em * 0.38
    half = bar.width / 2
    _rect(root, Box(x, y, half, high), 0, fill=ink.text, stroke=ink.text, stroke_width=0.2)
    element(
        root, "rect", x=x + half, y=y, width=half, height=high,
        fill="#ffffff", stroke=ink.text, stroke_width=0.2,
    )  # fmt: skip
    root.set("data-bar", f"{bar.metres} {bar.width:.6f} {ground.n}")
    small = em * 0.9
    text(root, "0", (x, y - small * 0.75), small, fill=ink.text)
    text(root, f"{bar.metres / 2:g}", (x + half, y - small * 0.75), small, fill=ink.text)
    text(root, f"{bar.metres} 米", (x + bar.width, y - small * 0.75), small, fill=ink.text)
    note = f"{ratio(ground.n)}　步行约 {bar.minutes} 分钟"
    text(root, note, (x + half, y + high + small * 0.85), small, fill=ink.quiet)


def ratio(n: int) -> str:
    """1:12 000, the thousands apart."""
    return f"1:{n:,}".replace(",", " ")


def _north(root: etree._Element, box: Box, em: float, ink: Ink) -> None:
    """The arrow; the map itself always lies with north above."""
    x = box.centre[0]
    text(root, "北", (x, box.y + em * 0.45), em, fill=ink.text, bold=True)
    tip, foot = box.y + em * 1.05, box.bottom
    half = em * 0.58
    left = f"M{x:.2f} {tip:.2f}L{x - half:.2f} {foot:.2f}L{x:.2f} {foot - em * 0.5:.2f}Z"
    right = f"M{x:.2f} {tip:.2f}L{x + half:.2f} {foot:.2f}L{x:.2f} {foot - em * 0.5:.2f}Z"
    element(root, "path", d=left, fill=ink.text, stroke=ink.text, stroke_width=0.2)
    element(root, "path", d=right, fill="#ffffff", stroke=ink.text, stroke_width=0.2)
