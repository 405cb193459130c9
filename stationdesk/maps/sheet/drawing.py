"""The map of a hand-out as SVG, one unit a millimetre. Text goes in as text nodes, never as markup."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from stationdesk.maps.sheet.base_drawing import draw_base, draw_pictures
from stationdesk.maps.sheet.classes import EntryClass, symbol_of
from stationdesk.maps.sheet.geometry import Box, Line, Point, box_around, clip
from stationdesk.maps.sheet.ground import Ground, letter
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.labels import AREA_SPACING, Label
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT
from stationdesk.maps.sheet.pen import element, path_of, rect, svg, text
from stationdesk.maps.sheet.plates import NUMBER_SIZE, Mark
from stationdesk.maps.sheet.spec import GroundKind
from stationdesk.maps.sheet.terrain import CASING, WIDTHS, Terrain
from stationdesk.maps.sheet.views import View, outline_label
from stationdesk.maps.symbols import BOX


def draw_map(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """The frame with its margin band, and the inset where there is one."""
    frame, kind = layout.main.frame, layout.type
    band = kind.legend_pt * POINT * 1.25
    around = Box(frame.x - band, frame.y - band, frame.width + band + 0.5, frame.height + band + 0.5)
    for view in layout.views:
        around = around.with_box(view.frame.grown(0.5))
    root = svg(parent, around, "map")
    _margin(root, layout, ink, band)
    for number, view in enumerate(layout.views):
        _view(root, layout, view, ink, f"frame-{layout.spec.first_page}-{number}")


def _view(root: etree._Element, layout: Layout, view: View, ink: Ink, name: str) -> None:
    """The ground, the names and the marks of one map, in the order in which they cover."""
    frame, backdrop = view.frame, layout.spec.backdrop
    cut = element(element(root, "defs"), "clipPath", id=name)
    rect(cut, frame, 0)
    if frame != layout.main.frame and frame.meets(layout.main.frame):
        rect(root, frame.grown(1.0), 0, fill="#ffffff")  # the map below ends here
    ground = element(root, "g", clip_path=f"url(#{name})")
    rect(ground, frame, 0, fill="#ffffff")
    pictured = backdrop is not None and bool(backdrop.pictures)
    if backdrop is not None:
        draw_pictures(ground, backdrop, view.ground)
    draw_base(ground, view.base, ink)
    _patches(ground, view.terrain, GroundKind.VILLAGE, ink, bare=pictured or bool(view.base))
    _patches(ground, view.terrain, GroundKind.AREA, ink, bare=pictured or bool(view.base))
    _grid(ground, layout.ground, view, ink)
    _patches(ground, view.terrain, GroundKind.RIVER, ink)
    _lines(ground, view.terrain, ink)
    if view.outline is not None:
        _outline(ground, view.outline, layout, ink)
    for spot in view.labels.spots:
        if spot.kind is not GroundKind.VILLAGE:
            draw_spot(ground, spot.kind, spot.point, ink)
    for label in view.labels.shown:
        if pictured:
            _paper(ground, label)
        _name(ground, label, ink)
    _marks(root, view.marks, ink)
    rect(root, frame, 0, fill="none", stroke=ink.text, stroke_width=0.35)


def _marks(root: etree._Element, drawn: Sequence[Mark], ink: Ink) -> None:
    marks = element(root, "g", class_="marks")
    for mark in drawn:
        if mark.is_moved:
            (ax, ay), (bx, by) = mark.leader
            element(marks, "line", x1=ax, y1=ay, x2=bx, y2=by, stroke="#ffffff", stroke_width=0.9)
            element(marks, "line", x1=ax, y1=ay, x2=bx, y2=by, stroke=ink.text, stroke_width=0.28)
    for mark in drawn:
        if mark.is_moved:
            x, y = mark.place
            element(marks, "circle", cx=x, cy=y, r=0.75, fill=ink.text, stroke="#ffffff", stroke_width=0.25)
    for mark in drawn:
        _mark(marks, mark, ink)


def _outline(parent: etree._Element, outline: Box, layout: Layout, ink: Ink) -> None:
    """What the inset shows larger."""
    rect(parent, outline, 0, fill="none", stroke="#ffffff", stroke_width=1.1)
    rect(parent, outline, 0, fill="none", stroke=ink.text, stroke_width=0.45, stroke_dasharray="2.2 0.9")
    box = outline_label(outline, layout.main.frame, layout.type)
    rect(parent, box, 0.3, fill="#ffffff", stroke=ink.text, stroke_width=0.2)
    text(parent, "见放大图", box.centre, box.height / 1.4, fill=ink.text, bold=True)


def _paper(parent: etree._Element, label: Label) -> None:
    """White under a name, where a picture lies below it."""
    boxes = [box_around(sign.middle, label.size * 1.08, label.size * 1.08) for sign in label.signs] or [
        label.box
    ]
    for box in boxes:
        rect(parent, box, 0.4, fill="#ffffff")


def draw_symbol(parent: etree._Element, of: EntryClass, middle: Point, side: float, ink: Ink) -> None:
    """The mark of a class: its shape, and its letter in white."""
    symbol = symbol_of(of)
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


def _margin(root: etree._Element, layout: Layout, ink: Ink, band: float) -> None:
    """Letters above and digits beside the frame: the squares are named outside of the map."""
    frame, ground = layout.main.frame, layout.ground
    size = layout.type.legend_pt * POINT * 0.9
    for column in range(ground.columns):
        x = frame.x + (column + 0.5) * frame.width / ground.columns
        text(root, letter(column), (x, frame.y - band * 0.5), size, fill=ink.quiet, bold=True)
    for row in range(ground.rows):
        y = frame.y + (row + 0.5) * frame.height / ground.rows
        text(root, str(row + 1), (frame.x - band * 0.5, y), size, fill=ink.quiet, bold=True)


def _grid(parent: etree._Element, main: Ground, view: View, ink: Ink) -> None:
    """The squares of the margin; on an inset they lie where the same ground has them on the map."""
    frame = main.frame
    xs = [frame.x + at * frame.width / main.columns for at in range(1, main.columns)]
    ys = [frame.y + at * frame.height / main.rows for at in range(1, main.rows)]
    lines: list[Line] = [((x, frame.y), (x, frame.bottom)) for x in xs]
    lines += [((frame.x, y), (frame.right, y)) for y in ys]
    if view.frame != frame:
        moved = [tuple(view.ground.point(*main.degrees(end)) for end in line) for line in lines]
        lines = [piece for line in moved for piece in clip(line, view.frame)]
    element(parent, "path", d=path_of(lines), stroke=ink.grid, stroke_width=0.15, fill="none")


def _patches(
    parent: etree._Element, terrain: Terrain, kind: GroundKind, ink: Ink, *, bare: bool = False
) -> None:
    """Areas of a kind; `bare` ones are not filled, because something lies below them."""
    of_kind = [patch for patch in terrain.patches if patch.kind is kind]
    for at, patch in enumerate(of_kind):
        data = "".join(path_of(rings, closed=True) for rings in patch.polygons)
        style = patch_style(kind, at, ink, bare=bare)
        element(parent, "path", d=data, fill_rule="evenodd", class_=kind.value, **style)


def patch_style(kind: GroundKind, at: int, ink: Ink, *, bare: bool = False) -> dict[str, object]:
    """How an area of a kind is filled and edged; villages side by side (`at`) differ in tint.

    A `bare` one has its edge only, because a base map lies below it.
    """
    if bare:
        return {**patch_style(kind, at, ink), "fill": "none", "stroke": ink.quiet}
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
        kind: path_of(piece for stroke in terrain.strokes if stroke.kind is kind for piece in stroke.pieces)
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
    rect(group, mark.plate, mark.size * 0.2, fill="#ffffff", stroke=edge, stroke_width=0.22)
    for cell in mark.cells:
        drawn = element(group, "g", class_="cell", data_codes=" ".join(entry.code for entry in cell.entries))
        half = mark.size / 2
        draw_symbol(drawn, cell.map_class, (cell.box.x + half, cell.box.y + half), mark.size, ink)
        text(
            drawn, cell.numbers, (cell.box.x + mark.size * 1.07, cell.box.y + half), mark.size * NUMBER_SIZE,
            fill="#000000", bold=True, anchor="start",
        )  # fmt: skip
