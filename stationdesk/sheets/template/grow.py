"""More rows for a table: everything below it moves, and everything that speaks of its rows speaks of more.

Office programs do this when a row is inserted; a file has to be told. What moves or grows: rows and cells, merged
ranges, validations, conditional formats, print area and titles, page breaks, defined names, filters, links,
comments, pictures and shapes, tables, charts, and the formulas of every sheet. The rows of the growing table
itself are left as they are: whoever fills the table writes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.sheets.template.book import Book, Sheet
from stationdesk.sheets.template.formulas import Growth, grown_formula, grown_ranges
from stationdesk.sheets.template.package import MAIN, Element, Package
from stationdesk.sheets.template.places import LAST_ROW, Area, Spot, area_of, spot_of

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_FORMULAS = frozenset({"formula", "formula1", "formula2", "f"})
_LISTS = frozenset({"sqref"})
_VML_ROW = re.compile(r"(<x:Row>\s*)(\d+)(\s*</x:Row>)")
_VML_ANCHOR = re.compile(r"(<x:Anchor>)([^<]*)(</x:Anchor>)")


def grow(book: Book, growth: Growth, among: Sequence[Sheet] | None = None) -> None:
    """Make room for `growth.count` more rows behind the last row of the table.

    `among` are the sheets whose formulas may speak of the table; all of them without.

    Raises:
        UserError: the sheet would be longer than a sheet can be.
    """
    if growth.count <= 0:
        return
    target = book.sheet(growth.sheet)
    if max(target.rows, default=0) + growth.count > LAST_ROW:
        raise UserError("要写的行太多，工作表“{sheet}”放不下。请按村居或类别分成几张表。", sheet=growth.sheet)
    for sheet in (each for each in among or book.sheets if each.computes):
        plain_formulas(sheet)
        _grow_formulas(sheet, growth)
    for sheet in among or book.sheets:
        _grow_charts(book, sheet, growth)
    _grow_names(book, growth)
    _move_rows(target, growth)
    _grow_merges(target, growth)
    _grow_the_rest(target, growth)
    _grow_breaks(target, growth)
    _move_parts(book, target, growth)


def plain_formulas(sheet: Sheet) -> None:
    """Write out the formulas that a sheet holds once for several cells, so that each can move by itself."""
    masters: dict[str, tuple[str, Spot]] = {}
    for cell, formula in formulas_of(sheet):
        if formula.get("t") != "shared":
            continue
        number, here = formula.get("si") or "", spot_of(cell.get("r") or "")
        if formula.text:
            masters[number] = (formula.text, here)
        elif number in masters:
            text, first = masters[number]
            formula.text = _dragged(text, first, here)
        for name in ("t", "si", "ref"):
            if name in formula.attrib:
                del formula.attrib[name]


def _dragged(text: str, first: Spot, here: Spot) -> str:
    from openpyxl.formula.translate import Translator

    return str(Translator("=" + text, origin=first.name).translate_formula(here.name))[1:]


def formulas_of(sheet: Sheet) -> Iterator[tuple[Element, Element]]:
    """Every cell with a formula, and the formula."""
    for row in sheet.rows.values():
        for cell in row.iterchildren(f"{MAIN}c"):
            formula = cell.find(f"{MAIN}f")
            if formula is not None:
                yield cell, formula


def _grow_formulas(sheet: Sheet, growth: Growth) -> None:
    own_sheet = sheet.title == growth.sheet
    for cell, formula in formulas_of(sheet):
        row = spot_of(cell.get("r") or "").row
        if own_sheet and growth.holds(row):
            continue  # whoever writes the rows of the table does it, row by row
        if formula.text:
            formula.text = grown_formula(formula.text, growth, sheet.title)
        if own_sheet and formula.get("ref"):
            formula.set("ref", grown_ranges(formula.get("ref") or "", growth))
    for each in sheet.root.iter("*"):
        name = etree.QName(each).localname
        if each.tag != f"{MAIN}f" and name in _FORMULAS and each.text:
            each.text = grown_formula(each.text, growth, sheet.title)


def _grow_charts(book: Book, sheet: Sheet, growth: Growth) -> None:
    for drawing in sheet.links("drawing"):
        for link in book.package.links(drawing).values():
            if link.kind == "chart" and link.target in book.package:
                for each in book.package.tree(link.target).iter(f"{_CHART}f"):
                    if each.text:
                        each.text = grown_formula(each.text, growth, sheet.title)


def _grow_names(book: Book, growth: Growth) -> None:
    for each in book.workbook.iter(f"{MAIN}definedName"):
        if each.text:
            each.text = grown_formula(each.text, growth, "")


def _move_rows(sheet: Sheet, growth: Growth) -> None:
    for number, row in sheet.rows.items():
        if number > growth.last:
            row.set("r", str(growth.row(number)))
            for cell in row.iterchildren(f"{MAIN}c"):
                spot = spot_of(cell.get("r") or "")
                cell.set("r", Spot(growth.row(number), spot.column).name)
    sheet.__dict__.pop("rows", None)


def _grow_merges(sheet: Sheet, growth: Growth) -> None:
    """Merged ranges below move, those along the table grow; those within one of its rows are repeated.

    The new rows are like the last but one, and stand between it and the last, which often closes the frame.
    """
    pattern = growth.last - 1 if growth.last > growth.first else growth.last
    group = sheet.root.find(f"{MAIN}mergeCells")
    if group is None:
        return
    for each in list(group.iterchildren(f"{MAIN}mergeCell")):
        area = area_of(each.get("ref") or "")
        if area.top == area.bottom == growth.last:
            each.set(
                "ref", Area(area.top + growth.count, area.left, area.bottom + growth.count, area.right).name
            )
        elif area.bottom < growth.last or area.top != area.bottom or area.top > growth.last:
            each.set("ref", growth.area(area).name)
        if area.top == area.bottom == pattern:
            first = growth.last
            for row in range(first, first + growth.count):
                etree.SubElement(group, f"{MAIN}mergeCell", ref=Area(row, area.left, row, area.right).name)
    group.set("count", str(len(group)))
    for name in ("merges", "merged"):
        sheet.__dict__.pop(name, None)


def _grow_the_rest(sheet: Sheet, growth: Growth) -> None:
    """Every other list of ranges of the sheet: validations, formats, filters, links, tables' sorts."""
    for each in sheet.root.iter("*"):
        name = etree.QName(each).localname
        if name in {"c", "row", "mergeCell", "f"}:
            continue
        if name in _LISTS and each.text:  # newer validations and formats keep their ranges as text
            each.text = grown_ranges(each.text, growth)
        for attribute in ("sqref", "ref", "activeCell", "topLeftCell"):
            value = each.get(attribute)
            if value:
                each.set(attribute, grown_ranges(value, growth))
        if name == "hyperlink" and each.get("location"):
            each.set("location", grown_formula(each.get("location") or "", growth, sheet.title))


def _grow_breaks(sheet: Sheet, growth: Growth) -> None:
    group = sheet.root.find(f"{MAIN}rowBreaks")
    for each in group.iterchildren(f"{MAIN}brk") if group is not None else ():
        # A break stands after the row it names.
        each.set("id", str(growth.end(int(each.get("id") or 0))))


def _move_parts(book: Book, sheet: Sheet, growth: Growth) -> None:
    package = book.package
    for link in package.links(sheet.part).values():
        move = _MOVES.get(link.kind)
        if move is not None and not link.external and link.target in package:
            move(package, link.target, growth)


def _move_comments(package: Package, part: str, growth: Growth) -> None:
    for each in package.tree(part).iter("*"):
        if each.get("ref"):
            each.set("ref", growth.area(area_of(each.get("ref") or "")).first.name)


def _grow_table(package: Package, part: str, growth: Growth) -> None:
    for each in package.tree(part).iter("*"):
        if each.get("ref"):
            each.set("ref", grown_ranges(each.get("ref") or "", growth))


def _move_boxes(package: Package, part: str, growth: Growth) -> None:
    """The boxes of comments and form controls: not always well-formed XML, so changed as text."""
    text = package.content(part).decode("utf-8", "surrogateescape")
    text = _VML_ROW.sub(lambda match: match[1] + str(growth.row(int(match[2]) + 1) - 1) + match[3], text)
    text = _VML_ANCHOR.sub(lambda match: match[1] + _vml_anchor(match[2], growth) + match[3], text)
    package.put(part, text.encode("utf-8", "surrogateescape"))


def _move_anchors(package: Package, part: str, growth: Growth) -> None:
    """Pictures and shapes below the table move with it; what stands beside or across it keeps its place."""
    for anchor in package.tree(part):
        first = anchor.find(f"{_DRAWN}from/{_DRAWN}row")
        if first is None or int(first.text or 0) < growth.last:  # rows count from 0 here
            continue
        for each in anchor.iter(f"{_DRAWN}row"):
            each.text = str(int(each.text or 0) + growth.count)


def _vml_anchor(text: str, growth: Growth) -> str:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 8 and all(part.isdecimal() for part in parts) and int(parts[2]) >= growth.last:
        parts[2], parts[6] = str(int(parts[2]) + growth.count), str(int(parts[6]) + growth.count)
    return ", ".join(parts)


_MOVES: Mapping[str, Callable[[Package, str, Growth], None]] = MappingProxyType(
    {
        "drawing": _move_anchors,
        "comments": _move_comments,
        "threadedComment": _move_comments,
        "table": _grow_table,
        "vmlDrawing": _move_boxes,
    }
)
"""How each kind of part that hangs on a sheet follows it."""
