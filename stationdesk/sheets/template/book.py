"""A workbook of others, opened as its parts: sheets, cells, merged ranges, styles."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.cells import Merge
from stationdesk.sheets.reading.cells import Sheet as PlainSheet
from stationdesk.sheets.reading.refusals import broken, no_table
from stationdesk.sheets.template.looks import Looks
from stationdesk.sheets.template.package import LINKED, MAIN, Element, Package, open_package
from stationdesk.sheets.template.places import LAST_ROW, Area, Spot, area_of, spot_of

MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 1_024
MAX_CELLS: Final = 1_000_000
"""Rows, columns and cells of a blank form, formatted blank ones included; real forms have some hundred."""

LONG: Final = 5_000
"""Rows of a sheet that is not looked at for something to fill."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]|<(?:\w+:)?formula")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Sheet:
    """One sheet of the form; its XML may be changed, `index` must be asked for again afterwards."""

    def __init__(self, book: Book, title: str, part: str, *, hidden: bool) -> None:
        self.book = book
        self.title = title
        self.part = part
        self.hidden = hidden

    @cached_property
    def computes(self) -> bool:
        """Whether the sheet holds formulas anywhere, in cells or in rules: lists of codes, often long, hold none."""
        return _FORMULA.search(self.book.package.content(self.part)) is not None

    @cached_property
    def is_long(self) -> bool:
        """Whether the sheet has more rows than any table to fill: a list of codes beside the form."""
        return self.book.package.content(self.part).count(b"<row") > LONG

    @property
    def root(self) -> Element:
        """The worksheet element."""
        return self.book.package.tree(self.part)

    @cached_property
    def rows(self) -> dict[int, Element]:
        """The row elements by number; rows and cells without a number get theirs."""
        try:
            rows = self._numbered()
        except ValueError as error:
            raise broken() from error
        return rows

    def _numbered(self) -> dict[int, Element]:
        rows: dict[int, Element] = {}
        number = cells = 0
        for row in self.data.iterchildren(f"{MAIN}row"):
            number = int(row.get("r") or number + 1)
            row.set("r", str(number))
            rows[number] = row
            column = 0
            for cell in row.iterchildren(f"{MAIN}c"):
                name = cell.get("r")
                column = spot_of(name).column if name else column + 1
                cell.set("r", Spot(number, column).name)
                cells += 1
            if len(rows) > MAX_ROWS or cells > MAX_CELLS or not 0 < number <= LAST_ROW:
                raise UserError(
                    "工作表“{sheet}”太大，不像一张空表。请删去表格以外的行列（连同格式），另存后再试。",
                    sheet=self.title,
                )
        return rows

    @property
    def data(self) -> Element:
        """The element that holds the rows."""
        data = self.root.find(f"{MAIN}sheetData")
        if data is None:
            raise no_table()
        return data

    def cell(self, spot: Spot) -> Element | None:
        """The element of a cell; None where the file has none."""
        row = self.rows.get(spot.row)
        if row is None:
            return None
        return next((each for each in row.iterchildren(f"{MAIN}c") if each.get("r") == spot.name), None)

    def text(self, spot: Spot) -> str:
        """What a cell shows as text; empty for a blank one and for a formula."""
        cell = self.cell(spot)
        return "" if cell is None or has_formula(cell) else self.book.text_of(cell)

    def look(self, spot: Spot) -> int:
        """The style of a cell, or what its row or column lends it."""
        cell = self.cell(spot)
        if cell is not None:
            return int(cell.get("s") or 0)
        row = self.rows.get(spot.row)
        if row is not None and row.get("customFormat") in {"1", "true"}:
            return int(row.get("s") or 0)
        return self.column_looks.get(spot.column, 0)

    @cached_property
    def merges(self) -> list[Area]:
        """The merged ranges."""
        return [area for each in self.root.iter(f"{MAIN}mergeCell") if (area := _area(each.get("ref") or ""))]

    @cached_property
    def merged(self) -> dict[Spot, Area]:
        """Every merged range by each of its cells."""
        return {
            Spot(row, column): area
            for area in self.merges
            if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= 4 * MAX_ROWS
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }

    @cached_property
    def widths(self) -> dict[int, float]:
        """Column widths that the form sets, in the spreadsheet's unit."""
        widths: dict[int, float] = {}
        for each in self.root.iter(f"{MAIN}col"):
            if each.get("width"):
                for column in range(int(each.get("min") or 1), min(int(each.get("max") or 1), 1024) + 1):
                    widths[column] = float(each.get("width") or 0)
        return widths

    @cached_property
    def column_looks(self) -> dict[int, int]:
        """Styles of whole columns."""
        return {
            column: int(each.get("style") or 0)
            for each in self.root.iter(f"{MAIN}col")
            if each.get("style")
            for column in range(int(each.get("min") or 1), min(int(each.get("max") or 1), 1024) + 1)
        }

    @property
    def usual_width(self) -> float:
        """The width of columns that set none."""
        setting = self.root.find(f"{MAIN}sheetFormatPr")
        return float((setting.get("defaultColWidth") if setting is not None else None) or 8.43)

    @property
    def usual_height(self) -> float:
        """The height of rows that set none, in points."""
        setting = self.root.find(f"{MAIN}sheetFormatPr")
        return float((setting.get("defaultRowHeight") if setting is not None else None) or 15.0)

    def width(self, area: Area) -> float:
        """The width of a cell or merged range, in the spreadsheet's unit."""
        return sum(self.widths.get(column, self.usual_width) for column in range(area.left, area.right + 1))

    def own_area(self, spot: Spot) -> Area:
        """The merged range of a cell, or the cell alone."""
        return self.merged.get(spot) or Area(spot.row, spot.column, spot.row, spot.column)

    def plain(self) -> PlainSheet:
        """The sheet as the reader of rosters sees one: texts and numbers, rows and columns from 0."""
        found: dict[int, tuple[str | None, ...]] = {}
        for number, row in self.rows.items():
            cells: list[str | None] = []
            for cell in row.iterchildren(f"{MAIN}c"):
                column = spot_of(cell.get("r") or "").column
                text = "" if has_formula(cell) else self.book.text_of(cell).strip()
                if text and column <= MAX_COLUMNS:
                    cells.extend([None] * (column - 1 - len(cells)))
                    cells.append(text)
            if cells and number <= MAX_ROWS:
                found[number] = tuple(cells)
        rows = [found.get(number, ()) for number in range(1, max(found, default=0) + 1)]
        merges = tuple(
            Merge(each.top - 1, each.left - 1, each.bottom - 1, each.right - 1) for each in self.merges
        )
        return PlainSheet(self.title, tuple(rows), merges, hidden=self.hidden)

    def links(self, kind: str) -> Iterator[str]:
        """The parts of a kind that the sheet leads to: drawing, comments, table..."""
        for link in self.book.package.links(self.part).values():
            if link.kind == kind and not link.external:
                yield link.target


class Book:
    """A workbook as its package, its sheets in order, its shared texts, and its styles."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = next((link.target for link in package.links("").values() if link.kind == "officeDocument"), "")
        if not main or main not in package:
            raise no_table()
        self.main = main
        if self.workbook.tag != f"{MAIN}workbook":
            if etree.QName(self.workbook).localname != "workbook":
                raise UserError("这不是表格文件。请选 .xlsx 或 .xls 的空表。")
            raise UserError(
                "这张表的格式（严格开放 XML）不认识。请用 WPS 或 Excel 打开它，另存为普通的 .xlsx 后再试。"
            )
        links = package.links(main)
        self.sheets: list[Sheet] = []
        for each in self.workbook.iter(f"{MAIN}sheet"):
            link = links.get(each.get(f"{LINKED}id") or "")
            if link is not None and link.kind == "worksheet" and link.target in package:
                hidden = each.get("state", "visible") != "visible"
                self.sheets.append(Sheet(self, each.get("name") or "", link.target, hidden=hidden))
        if not self.sheets:
            raise no_table()
        styles = next((link.target for link in links.values() if link.kind == "styles"), "")
        self.looks = Looks(package.tree(styles) if styles in package else None)

    @property
    def workbook(self) -> Element:
        """The workbook element."""
        return self.package.tree(self.main)

    @property
    def since_1904(self) -> bool:
        """Whether days count from 1904, as old Macintosh files do."""
        setting = self.workbook.find(f"{MAIN}workbookPr")
        return setting is not None and setting.get("date1904") in {"1", "true"}

    def sheet(self, title: str) -> Sheet:
        """The sheet of a title.

        Raises:
            UserError: there is none.
        """
        found = next((each for each in self.sheets if each.title == title), None)
        if found is None:
            raise UserError("空表里没有名叫“{sheet}”的工作表。", sheet=title)
        return found

    @cached_property
    def texts(self) -> list[str]:
        """The shared texts."""
        part = next(
            (link.target for link in self.package.links(self.main).values() if link.kind == "sharedStrings"),
            "",
        )
        if part not in self.package:
            return []
        return [_item_text(each) for each in self.package.tree(part).iterchildren(f"{MAIN}si")]

    def text_of(self, cell: Element) -> str:
        """What stands in a cell, a formula's last value included."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            item = cell.find(f"{MAIN}is")
            return "" if item is None else _item_text(item)
        value = cell.findtext(f"{MAIN}v") or ""
        if kind == "s":
            place = int(value) if value.isdecimal() else -1
            return self.texts[place] if 0 <= place < len(self.texts) else ""
        return "" if kind == "e" else _unescaped(value)


def open_book(content: bytes) -> Book:
    """The workbook in these bytes.

    Raises:
        UserError: no workbook, damaged, locked, or too big for a form.
    """
    return Book(open_package(content))


def has_formula(cell: Element) -> bool:
    """Whether a cell computes its value."""
    return cell.find(f"{MAIN}f") is not None


def copied(element: Element) -> Element:
    """The same element once more, in no tree."""
    return copy.deepcopy(element)


def _item_text(item: Element) -> str:
    """The text of a shared or inline item: plain or in runs; the reading aid above it is none of it."""
    runs = item.findall(f"{MAIN}r")
    texts = [run.findtext(f"{MAIN}t") or "" for run in runs] if runs else [item.findtext(f"{MAIN}t") or ""]
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _area(name: str) -> Area | None:
    try:
        return area_of(name)
    except ValueError:
        return None
