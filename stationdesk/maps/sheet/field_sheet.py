"""The sheet that is drawn on (走访图): a pale map with squares, corner marks by which its photo is found, a check list.

It carries no index: whoever walks fills one in on the second page, square by square.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from stationdesk.maps.returning.codes import CELLS, QUIET, Corner, CornerCode
from stationdesk.maps.returning.frame import FieldFrame
from stationdesk.maps.sheet.compose import style_of
from stationdesk.maps.sheet.drawing import draw_map
from stationdesk.maps.sheet.frames import Front
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ground import choose_ground
from stationdesk.maps.sheet.ink import BLACK, COLOURS, Ink
from stationdesk.maps.sheet.key import draw_scale, ratio
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT, Type, em_width, type_of
from stationdesk.maps.sheet.pen import element, rect, svg, text
from stationdesk.maps.sheet.spec import SheetSpec
from stationdesk.maps.sheet.views import finish_view, mark_view

_EDGE = 7.0
"""Millimetres from the edge of the paper to a corner mark: printers leave the outermost five white."""
_CELL = 0.62
"""Millimetres of a module: on a photo of 8 million pixels that shows the whole of A3, still 4 pixels."""
_BAND = 1.25
_SMALLER = 0.72
"""Of the marks of a hand-out: here the ground is what matters."""
_ROW = 2.7
"""Lines of the list that a row to be filled in by hand is high."""
_KNOWN_ROW = 1.8
_FREE = 0.45
"""Of the second page, what stays free to be filled in however much is known already."""
_KNOWN_COLUMNS = (0.085, 0.22, 0.055, 0.14)
"""Of the width: number, name, square, and the boxes to be ticked; twice."""
_COLUMNS = (
    ("方格", 0.09),
    ("编号", 0.11),
    ("看到什么、变了什么", 0.42),
    ("电话或联系人", 0.18),
    ("照片号", 0.2),
)
_ASKED = (
    "新开的店铺、卫生室、活动点、快递点",
    "关了、搬了、换了电话或开放时间的",
    "坏路、断桥、积水、没有路灯的路段",
    "可以借用的空房、空地、戏台、广场",
    "愿意帮忙的人和队伍（先征得同意再记）",
    "老人孩子常去、常聚的地方",
)


@dataclass(frozen=True, slots=True)
class FieldPaper:
    """A sheet ready to print: its document, and where its marks and its map stand on it."""

    html: str
    frame: FieldFrame
    pages: int


def compose_field_sheet(spec: SheetSpec, number: str, *, checklist: bool = True) -> FieldPaper:
    """Write a sheet to be drawn on. `spec.extent` is the ground that it shows.

    Raises:
        UserError: the marks of the places do not fit.
    """
    if spec.extent is None:
        raise ValueError(number)
    kind = type_of(spec.setup)
    kind = replace(kind, mark=kind.mark * _SMALLER)
    width, height = spec.setup.size
    side = CELLS * _CELL
    marks = {
        Corner.UPPER_LEFT: Box(_EDGE, _EDGE, side, side),
        Corner.UPPER_RIGHT: Box(width - _EDGE - side, _EDGE, side, side),
        Corner.LOWER_RIGHT: Box(width - _EDGE - side, height - _EDGE - side, side, side),
        Corner.LOWER_LEFT: Box(_EDGE, height - _EDGE - side, side, side),
    }
    layout = _layout(spec, kind, side)
    ink = COLOURS if spec.colour else BLACK
    root = etree.Element("html", lang="zh-CN")
    head = element(root, "head")
    element(head, "meta", charset="utf-8")
    element(head, "title", spec.title)
    etree.SubElement(head, "style").text = style_of(layout, ink) + _STYLE
    body = element(root, "body")
    page = element(body, "section")
    draw_map(page, layout, ink)
    draw_scale(page, layout, ink)
    over = svg(page, Box(0, 0, width, height), "marks")
    for corner, box in marks.items():
        _code(over, CornerCode(number, corner), box)
    _words(over, layout, number, side, ink)
    if checklist:
        _list(body, layout, number)
    area = layout.ground.frame
    frame = FieldFrame(
        {corner: (box.x, box.y, box.width, box.height) for corner, box in marks.items()},
        (area.x, area.y, area.width, area.height),
        layout.ground.n,
        (layout.ground.lat, layout.ground.lon),
    )
    html = etree.tostring(root, method="html", encoding="unicode", doctype="<!DOCTYPE html>")
    return FieldPaper(html, frame, 2 if checklist else 1)


_STYLE = """
table.walked { width: 100%; border: .3mm solid #16181d }
table.walked th, table.walked td { border: .2mm solid #4a4f58; padding: 0 1mm; vertical-align: middle }
table.walked th { text-align: center; font-weight: 700 }
.asked { display: flex; flex-wrap: wrap; line-height: 1.75; white-space: normal }
.asked span { width: 50% }
table.known { width: 100%; table-layout: fixed }
table.known td { overflow: hidden; padding: 0 .6mm; text-overflow: ellipsis; white-space: nowrap }
table.known td.code { font-weight: 700 }
"""


def _layout(spec: SheetSpec, kind: Type, side: float) -> Layout:
    """The map between the corner marks, as large as the paper lets it."""
    width, height = spec.setup.size
    band = kind.legend_pt * POINT * _BAND
    clear = _EDGE + side + QUIET * _CELL + 0.8
    frame = Box(_EDGE + band, clear + band, width - 2 * _EDGE - band, height - 2 * clear - band)
    nothing = Box(0, 0, 0, 0)
    em = kind.legend_pt * POINT
    scale = Box(width - clear - em * 17, height - _EDGE - side, em * 16, em * 3.2)
    front = Front(nothing, frame, nothing, scale, nothing, nothing, nothing, nothing)
    near = tuple(entry for entry in spec.entries if entry.is_placed)
    ground = choose_ground(near, frame, 3.0, 26 * kind.mark / _SMALLER / 5.4, spec.extent)
    shown = tuple(
        entry
        for entry in near
        if frame.grown(-kind.mark).holds(ground.point(entry.lon or 0.0, entry.lat or 0.0))
    )
    pale = replace(spec, entries=shown, hotlines=())
    view = finish_view(pale, mark_view(shown, ground, kind), kind)
    return Layout(pale, kind, front, (view,), (), {}, (), (), ())


def _code(root: etree._Element, code: CornerCode, box: Box) -> None:
    """A corner mark on a white ground that nothing else reaches into; its rows drawn as whole strips."""
    rect(root, box.grown(QUIET * _CELL), 0, fill="#ffffff")
    cell = box.width / CELLS
    strips: list[str] = []
    for down, row in enumerate(code.rows()):
        start: int | None = None
        for across, is_black in enumerate((*row, False)):
            if is_black and start is None:
                start = across
            elif not is_black and start is not None:
                x, y = box.x + start * cell, box.y + down * cell
                strips.append(f"M{x:.4f} {y:.4f}h{(across - start) * cell:.4f}v{cell:.4f}H{x:.4f}Z")
                start = None
    element(root, "path", d="".join(strips), fill="#000000", shape_rendering="crispEdges")


def _words(root: etree._Element, layout: Layout, number: str, side: float, ink: Ink) -> None:
    """Between the upper marks what the sheet is and who walks; between the lower ones how it comes back."""
    spec, kind = layout.spec, layout.type
    width, height = spec.setup.size
    left = _EDGE + side + QUIET * _CELL + 1
    right = width - left
    title_pt = whole = min(kind.title_pt * 0.8, side * 0.5 / POINT)  # two lines stand beside a mark
    named = f"{spec.title}　{spec.subtitle}" if spec.subtitle else spec.title
    room = right - left - em_width(number, bold=True) * title_pt * POINT - 6
    title_pt *= min(1.0, room / (em_width(named, bold=True) * title_pt * POINT * 1.05))
    size = title_pt * POINT
    y = _EDGE + size * 0.7
    text(root, named, (left, y), size, fill=ink.text, bold=True, anchor="start")
    text(root, number, (right, y), whole * POINT, fill=ink.text, bold=True, anchor="end")
    em = min(kind.legend_pt * POINT, side * 0.28)
    line = "走访人＿＿＿＿＿＿＿＿　日期＿＿＿＿年＿＿月＿＿日　天气＿＿＿＿"
    aside = em_width("练习镇　资料均为编造　") * em * 0.85 if spec.practice else 0.0
    fitting = min(1.0, (right - left - aside) / (em_width(line) * em))
    text(root, line, (left, _EDGE + side - em * 0.7), em * fitting, fill=ink.text, anchor="start")
    if spec.practice:
        below = (right, _EDGE + side - em * 0.7)
        text(root, "练习镇　资料均为编造", below, em * 0.85, fill=ink.quiet, anchor="end")
    told = (
        "直接画在图上。画完平放，从正上方拍照，",
        "四个角标都拍进来；在程序里“收回走访图”。",
        f"{spec.station}　图号 {number}　{'约 ' if spec.sketch else ''}{ratio(layout.ground.n)}",
    )
    top = height - _EDGE - side
    small = min(em * 0.85, (layout.front.scale.x - left) / max(map(em_width, told)))
    for at, words in enumerate(told):
        text(root, words, (left, top + em * (0.5 + at * 1.3)), small, fill=ink.quiet, anchor="start")


def _list(body: etree._Element, layout: Layout, number: str) -> None:
    """The second page: what to look for, what is known and wants a look in passing, and rows to fill in."""
    spec, kind = layout.spec, layout.type
    width, height = spec.setup.size
    margin, em = kind.margin + 4, kind.list_pt * POINT
    page = element(body, "section")
    box = f"left:{margin}mm;width:{width - 2 * margin:.2f}mm"
    head = element(page, "header", style=f"{box};top:{margin}mm")
    line = element(head, "div")
    element(line, "h1", f"{spec.title}　记录", style=f"font-size:{kind.title_pt * 0.75:.2f}pt")
    element(line, "span", spec.subtitle, class_="subtitle")
    element(line, "span", f"图号 {number}", class_="phone")
    top = margin + kind.title_pt * 0.75 * POINT * 1.35 + 5
    asked = element(page, "div", class_="asked", style=f"{box};top:{top:.2f}mm")
    for each in _ASKED:
        element(asked, "span", f"□ {each}")
    top += em * 1.75 * (len(_ASKED) + 1) / 2 + 2
    top = _known(page, layout, box, top, (height - 2 * margin) * (1 - _FREE) + margin)
    row_height = em * _ROW
    rows = int((height - margin - top) / row_height) - 1
    table = element(page, "table", class_="walked", style=f"{box};top:{top:.2f}mm")
    columns = element(table, "colgroup")
    for _title, share in _COLUMNS:
        element(columns, "col", style=f"width:{share * 100:.0f}%")
    titles = element(table, "tr", style=f"height:{row_height:.2f}mm")
    for title, _share in _COLUMNS:
        element(titles, "th", title)
    for _row in range(rows):
        row = element(table, "tr", style=f"height:{row_height:.2f}mm")
        for _column in _COLUMNS:
            element(row, "td")


def _known(page: etree._Element, layout: Layout, box: str, top: float, bottom: float) -> float:
    """What the map shows already, to be ticked in passing, two beside each other; returns where it ends.

    Nothing below `bottom` is taken: those that find no room stand on the map with their numbers all the same.
    """
    em = layout.type.list_pt * POINT
    known = sorted(layout.spec.entries, key=lambda entry: entry.code)
    lines = int((bottom - top) / (em * _KNOWN_ROW)) - 1
    if not known or lines < 1:
        return top + 2
    shown = known[: lines * 2]
    words = "图上已有的，路过时看一眼："
    if len(known) > len(shown):
        words = f"图上已有 {len(known)} 处，列出前 {len(shown)} 处，路过时看一眼："
    element(page, "p", words, style=f"{box};position:absolute;top:{top:.2f}mm;margin:0")
    top += em * _KNOWN_ROW
    table = element(page, "table", class_="known", style=f"{box};top:{top:.2f}mm")
    columns = element(table, "colgroup")
    for share in _KNOWN_COLUMNS * 2:
        element(columns, "col", style=f"width:{share * 100:.0f}%")
    deep = (len(shown) + 1) // 2
    for at in range(deep):
        row = element(table, "tr", style=f"height:{em * _KNOWN_ROW:.2f}mm")
        for entry in (shown[at], *shown[at + deep : at + deep + 1]):
            element(row, "td", entry.code, class_="code")
            element(row, "td", entry.name)
            element(row, "td", layout.ground.square(layout.ground.point(entry.lon or 0.0, entry.lat or 0.0)))
            element(row, "td", "□在 □变了")
    return top + em * _KNOWN_ROW * deep + 3
