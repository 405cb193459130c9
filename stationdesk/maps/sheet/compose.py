"""The pages of a hand-out as one static document: HTML for the words, SVG for the map, no script."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.sheet.changes import edition_lines, edition_words
from stationdesk.maps.sheet.drawing import draw_map, draw_symbol
from stationdesk.maps.sheet.frames import (
    CHANGES_SIZE,
    changes_ems,
    footer_height,
    further_title,
    header_of,
)
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.index import CELL_PAD, HEADING, LINE, TABLE_HEAD, Filled, Heading, Row, Style
from stationdesk.maps.sheet.ink import BLACK, COLOURS, Ink
from stationdesk.maps.sheet.key import draw_inset_title, draw_legend, draw_scale, scale_words
from stationdesk.maps.sheet.large import LargeRow
from stationdesk.maps.sheet.layout import Layout, lay_out
from stationdesk.maps.sheet.metrics import POINT, break_lines
from stationdesk.maps.sheet.pages import Page
from stationdesk.maps.sheet.pen import element
from stationdesk.maps.sheet.spec import SheetSpec
from stationdesk.maps.sheet.watermarks import draw_watermarks

NOTICE = "本图为社区服务示意图，不作为划界及权属依据；界线、位置以主管部门公布为准"
FONTS = '"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif'
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A composed hand-out: the document to print and the layout it came from, for the checks."""

    html: str
    layout: Layout


def compose(spec: SheetSpec) -> Sheet:
    """Lay a hand-out out and write its pages.

    Raises:
        UserError: when nothing has a place, or the paper cannot hold it.
    """
    return compose_layout(lay_out(spec))


def compose_layout(layout: Layout) -> Sheet:
    """Write the pages of a layout."""
    spec = layout.spec
    ink = COLOURS if spec.colour else BLACK
    body = new_document(spec.title, style_of(layout, ink))
    write_pages(body, layout, ink)
    return Sheet(html_of(body), layout)


def new_document(title: str, style: str) -> etree._Element:
    """The empty body of a document that runs nothing and loads nothing; `style` must not hold station text."""
    root = etree.Element("html", lang="zh-CN")
    head = element(root, "head")
    element(head, "meta", charset="utf-8")
    element(head, "meta", http_equiv="Content-Security-Policy", content=_POLICY)
    element(head, "title", title)
    etree.SubElement(head, "style").text = style
    return element(root, "body")


def html_of(body: etree._Element) -> str:
    """The document of a body as text."""
    return str(
        etree.tostring(body.getroottree(), method="html", encoding="unicode", doctype="<!DOCTYPE html>")
    )


def write_pages(body: etree._Element, layout: Layout, ink: Ink) -> None:
    """The pages of a layout, a section each; they may stand in one document with those of other layouts."""
    _front(body, layout, ink)
    for number in range(1, layout.pages):
        _further(body, layout, ink, number)


def style_of(layout: Layout, ink: Ink) -> str:
    """Numbers and constants only: no word of the station comes here."""
    kind = layout.type
    width, height = layout.spec.setup.size
    em = kind.em
    return f"""
@page {{ size: {width}mm {height}mm; margin: 0 }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
html, body {{ background: #fff }}
body {{ font-family: {FONTS}; color: {ink.text}; font-size: {kind.list_pt}pt;
  -webkit-print-color-adjust: exact; print-color-adjust: exact }}
section {{ position: relative; width: {width}mm; height: {height - 0.05}mm; overflow: hidden; break-after: page }}
section:last-child {{ break-after: auto }}
section > * {{ position: absolute; white-space: nowrap }}
svg {{ overflow: visible; font-family: {FONTS} }}
header {{ border-bottom: .5mm solid {ink.text} }}
header div {{ display: flex; align-items: baseline; gap: {em * 1.2}mm }}
h1 {{ line-height: 1.3; letter-spacing: .04em }}
.subtitle {{ font-size: {kind.subtitle_pt}pt; color: {ink.quiet} }}
.practice {{ font-size: {kind.subtitle_pt}pt; font-weight: 700; color: #fff; background: #000;
  padding: .15em .6em; border-radius: .2em }}
.phone {{ margin-left: auto; font-size: {kind.subtitle_pt * 1.3}pt; font-weight: 700 }}
table {{ border-collapse: collapse; table-layout: fixed; line-height: {LINE} }}
th, td {{ text-align: left; vertical-align: top; font-weight: 400; overflow: visible;
  padding: 0 {CELL_PAD / 2}em }}
thead th {{ height: {TABLE_HEAD}em; vertical-align: middle; color: {ink.quiet}; font-size: .9em;
  border-bottom: .3mm solid {ink.text} }}
tr.row td {{ padding-top: .22em; border-bottom: .15mm solid {ink.rule} }}
tr.section th {{ height: {HEADING}em; vertical-align: middle; background: {ink.shade}; font-weight: 700;
  border-bottom: .15mm solid {ink.rule} }}
tr.section svg {{ position: static; width: 1.4em; height: 1.4em; vertical-align: -.36em; margin-right: .35em }}
td.code, td.phone-cell {{ font-weight: 700 }}
td .contact {{ font-weight: 400 }}
td .beside {{ margin-left: .5em }}
td.brief {{ font-weight: 700 }}
.caption {{ font-weight: 700; font-size: {kind.list_pt * 1.15}pt; line-height: 2 }}
.changes {{ border: .25mm solid {ink.rule}; border-left: 1.2mm solid {ink.text}; padding: .6mm 1.2mm 0;
  font-size: {kind.footer_pt * CHANGES_SIZE}pt; line-height: 1.35 }}
.large {{ display: flex; border-top: .3mm solid {ink.rule}; padding-top: 2mm; line-height: 1.28 }}
.large .sign {{ flex: none; text-align: center }}
.large .sign svg {{ position: static; display: block; margin: 0 auto }}
.large .code {{ font-weight: 700 }}
.large .square {{ color: {ink.quiet} }}
.large .told {{ flex: auto; padding-left: 2mm }}
.large .name {{ font-weight: 700; display: flex; align-items: baseline }}
.large .name b {{ margin-left: auto; text-align: right }}
.hotlines {{ display: flex; flex-wrap: wrap; justify-content: space-around; align-content: space-around;
  align-items: center; border: .45mm solid {ink.text}; border-radius: 1mm; font-size: {kind.hotline_pt}pt;
  line-height: 1.3 }}
.hotlines b {{ margin-left: .3em }}
.hotlines span {{ padding: 0 .5em }}
footer {{ border-top: .2mm solid {ink.rule}; padding-top: 1mm; font-size: {kind.footer_pt}pt; line-height: 1.4;
  color: {ink.quiet} }}
footer div {{ display: flex; gap: 1.6em }}
footer .end {{ margin-left: auto; color: {ink.text} }}
"""


def _placed(parent: etree._Element, tag: str, box: Box, **attributes: object) -> etree._Element:
    style = f"left:{box.x:.3f}mm;top:{box.y:.3f}mm;width:{box.width:.3f}mm;height:{box.height:.3f}mm"
    return element(parent, tag, style=style, **attributes)


def _front(body: etree._Element, layout: Layout, ink: Ink) -> None:
    spec, front = layout.spec, layout.front
    page = element(body, "section")
    words = "　".join(word for word in (clean_line(spec.subtitle), clean_line(edition_words(spec))) if word)
    _header(page, layout, front.header, words, further=False)
    draw_map(page, layout, ink)
    draw_inset_title(page, layout, ink)
    draw_legend(page, layout, ink)
    draw_scale(page, layout, ink)
    for box, filled in layout.first:
        if filled.items:
            _table(page, box, filled, layout, ink)
    _large_rows(page, layout, ink, 0)
    lines = edition_lines(spec, changes_ems(layout.type, front.changes.width))
    if lines:
        _lines(_placed(page, "div", front.changes, class_="changes"), lines)
    if spec.hotlines:
        numbers = _placed(page, "div", front.hotlines, class_="hotlines")
        for line in spec.hotlines:
            each = element(numbers, "span", line.label)
            element(each, "b", line.number)
    _footer(page, layout, 0)
    draw_watermarks(page, spec, ink)


def _further(body: etree._Element, layout: Layout, ink: Ink, number: int) -> None:
    """A page after the first; `number` 1 is the next one."""
    page = element(body, "section", class_="small")
    _header(page, layout, layout.front.header, further_title(layout.spec, number - 1), further=True)
    content = layout.rest[number - 1] if number <= len(layout.rest) else Page(())
    for box, caption in content.captions:
        _placed(page, "div", box, class_="caption").text = caption
    for box, filled in content.columns:
        if filled.items:
            _table(page, box, filled, layout, ink)
    _large_rows(page, layout, ink, number)
    _footer(page, layout, number)
    draw_watermarks(page, layout.spec, ink)


def _large_rows(page: etree._Element, layout: Layout, ink: Ink, number: int) -> None:
    for row in layout.large:
        if row.page == number:
            _large_row(page, layout, row, ink)


def _large_row(page: etree._Element, layout: Layout, row: LargeRow, ink: Ink) -> None:
    """Mark and number to the left, the words beside them, the phone last in the line of the name or below it."""
    times = row.scale
    block = _placed(page, "div", row.box, class_="large")
    left = element(block, "div", class_="sign", style=f"width:{21 * times:.2f}mm")
    mark = element(
        left, "svg", viewBox="0 0 24 24", style=f"width:{11 * times:.2f}mm;height:{11 * times:.2f}mm"
    )
    draw_symbol(mark, row.entry.map_class, (12.0, 12.0), 24.0, ink)
    element(left, "div", row.entry.code, class_="code", style=f"font-size:{13 * times:.2f}pt")
    square = layout.squares.get(row.entry.code)
    if square:
        element(left, "div", f"方格 {square}", class_="square", style=f"font-size:{10.5 * times:.2f}pt")
    right = element(block, "div", class_="told")
    for words in row.words:
        line = element(right, "div", class_=words.name, style=f"font-size:{words.pt:.2f}pt")
        if words.name == "name" and row.is_beside:
            _lines(element(line, "span"), words.lines)
            _lines(element(line, "b", style=f"font-size:{row.phone.pt:.2f}pt"), row.phone.lines)
            continue
        _lines(line, words.lines)
        if words.name == "name" and row.phone.lines:
            phone = element(right, "div", class_="phone-line", style=f"font-size:{row.phone.pt:.2f}pt")
            _lines(element(phone, "b"), row.phone.lines)


def _header(page: etree._Element, layout: Layout, box: Box, words: str, *, further: bool) -> None:
    """Title and phone, the edition between them or in a line below."""
    spec = layout.spec
    setting = header_of(spec, layout.type, box.width, further=further)
    header = _placed(page, "header", Box(box.x, box.y, box.width, setting.height))
    upper = element(header, "div")
    element(upper, "h1", spec.title, style=f"font-size:{setting.title_pt:.2f}pt")
    lower = element(header, "div") if setting.is_double else upper
    if words:
        element(lower, "span", words, class_="subtitle")
    if spec.practice:
        element(lower, "span", "练习镇　资料均为编造", class_="practice")
    if spec.phone:
        element(upper, "span", f"社工站 {spec.phone}", class_="phone")


def _table(page: etree._Element, box: Box, filled: Filled, layout: Layout, ink: Ink) -> None:
    em = layout.type.em
    table = _placed(page, "table", Box(box.x, box.y, box.width, filled.height * em))
    columns = element(table, "colgroup")
    for width in filled.column.widths:
        element(columns, "col", style=f"width:{width * em:.3f}mm")
    style = filled.column.style
    head = element(element(table, "thead"), "tr")
    for title in style.titles:
        element(head, "th", title)
    rows = element(table, "tbody")
    for item in filled.items:
        if isinstance(item, Heading):
            _heading(rows, item, style, ink)
        else:
            _row(rows, item, style)


def _heading(rows: etree._Element, heading: Heading, style: Style, ink: Ink) -> None:
    row = element(rows, "tr", class_="section")
    cell = element(row, "th", colspan=len(style.titles))
    title = clean_line(heading.title)
    if heading.map_class is not None:
        mark = element(cell, "svg", viewBox="0 0 24 24")
        draw_symbol(mark, heading.map_class, (12.0, 12.0), 24.0, ink)
        mark.tail = title
    else:
        cell.text = title


def _row(rows: etree._Element, row: Row, style: Style) -> None:
    drawn = element(rows, "tr", class_="row", style=f"height:{row.height:.3f}em", data_code=row.entry.code)
    for name, lines in zip(style.names, row.cells, strict=True):
        cell = element(drawn, "td", class_=name)
        _lines(cell, lines)
        if name == "phone-cell":
            for line in row.contact:
                if cell.text and not row.is_beside:
                    element(cell, "br")
                element(cell, "span", line, class_="contact beside" if row.is_beside else "contact")


def _lines(cell: etree._Element, lines: tuple[str, ...]) -> None:
    last: etree._Element | None = None
    for line in lines:
        if last is None and cell.text is None:
            cell.text = clean_line(line)
            continue
        last = element(cell, "br")
        last.tail = clean_line(line)


def _footer(page: etree._Element, layout: Layout, number: int) -> None:
    """What every page says of itself; `number` 0 is the first."""
    spec, kind = layout.spec, layout.type
    width, height = spec.setup.size
    tall = footer_height(spec, kind)
    box = Box(kind.margin, height - kind.margin - tall, width - 2 * kind.margin, tall)
    footer = _placed(page, "footer", box)
    upper, lower = element(footer, "div"), element(footer, "div")
    element(upper, "span", NOTICE)
    reviews = dict.fromkeys(
        each for each in (spec.review_number, spec.backdrop.review_number if spec.backdrop else "") if each
    )
    if reviews:
        element(upper, "span", f"审图号：{'、'.join(reviews)}")
    element(upper, "span", _offer(spec), class_="end")
    element(lower, "span", f"制作：{spec.station}")
    if spec.checked_on is not None:
        element(lower, "span", f"信息核对至 {spec.checked_on.isoformat()}")
    element(lower, "span", scale_words(layout.ground.n, sketch=spec.sketch))
    first, last = spec.first_page, spec.all_pages or layout.pages
    element(lower, "span", f"第 {first + number} / {last} 页", class_="end")
    if spec.backdrop is not None and spec.backdrop.attribution:
        room = box.width / (kind.footer_pt * POINT) - 1
        told = break_lines(clean_line(f"底图：{spec.backdrop.attribution}"), room, most=1)
        element(element(footer, "div"), "span", told[0])


def _offer(spec: SheetSpec) -> str:
    return "免费发放　发现变化请致电社工站" if spec.kind.is_given_out else "内部资料　不得外传"
