"""XML tables of Excel 2003 (SpreadsheetML), which many systems name .xls.

Read as a stream; a document type, and with it every entity, is refused, and nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import cast

from stationdesk.sheets.reading.cells import Cell, plain_cell
from stationdesk.sheets.reading.placing import Placing
from stationdesk.sheets.reading.refusals import broken

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_TABLE = f"{{{NAMESPACE}}}"
_EXCEL = "{urn:schemas-microsoft-com:office:excel}"
_PIECE = 1 << 16
_DECLARATION = re.compile(r"\ufeff?\s*(<\?xml[^>]*\?>)?")
_LONG = re.compile(r"\d{16,}|0\d+")
_FAR = 10_000_000  # beyond every limit, and still a small number


@dataclass(slots=True)
class OfficeSheet:
    """One sheet of the file."""

    name: str
    placing: Placing = field(default_factory=Placing)
    hidden: bool = False


def office_sheets(text: str) -> list[OfficeSheet]:
    """The sheets of a file.

    Raises:
        UserError: when it is damaged, declares a document type, or holds more than is read.
    """
    from lxml import etree

    reading = _Workbook()
    parser = etree.XMLParser(
        target=cast("etree.ParserTarget", reading),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    # The text is decoded already: what the file declares about its bytes would only be wrong now.
    declared = _DECLARATION.match(text)
    begin = declared.end() if declared else 0
    try:
        for start in range(begin, len(text), _PIECE):
            parser.feed(text[start : start + _PIECE])
        parser.close()
    except etree.LxmlError as error:
        raise broken() from error
    if not reading.sheets:
        raise broken()
    return reading.sheets


class _Workbook:
    """Takes the events of the parser and lays the cells out."""

    def __init__(self) -> None:
        self.sheets: list[OfficeSheet] = []
        self._column = 0
        self._skip = 0
        self._across = 0
        self._kind = ""
        self._text: list[str] | None = None
        self._remark = False
        self._begins = {
            f"{_TABLE}Row": self._begin_row,
            f"{_TABLE}Cell": self._begin_cell,
            f"{_TABLE}Data": self._begin_data,
            f"{_TABLE}Comment": self._begin_remark,
            f"{_EXCEL}Visible": self._begin_visible,
        }
        self._ends = {
            f"{_TABLE}Row": self._end_row,
            f"{_TABLE}Cell": self._end_cell,
            f"{_TABLE}Data": self._end_data,
            f"{_TABLE}Comment": self._end_remark,
            f"{_TABLE}Table": self._end_table,
            f"{_EXCEL}Visible": self._end_visible,
        }

    def doctype(self, *_told: object) -> None:
        """No table declares one; entities come in by it."""
        raise broken()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if self.sheets and (begin := self._begins.get(tag)) is not None:
            begin(attributes)
        elif tag == f"{_TABLE}Worksheet":
            self.sheets.append(OfficeSheet(_told(attributes, "Name")))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.sheets and (end := self._ends.get(tag)) is not None:
            end(self.sheets[-1])

    def data(self, text: str) -> None:
        """Text, perhaps only a part of it."""
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """The file ends."""

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        self._column = self._skip = 0
        if attributes:
            placing = self.sheets[-1].placing
            placing.skip(_number(attributes, "Index") - 1 - placing.at)
            self._skip = _number(attributes, "Span")

    def _end_row(self, sheet: OfficeSheet) -> None:
        sheet.placing.end_row()
        sheet.placing.skip(self._skip)

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        placing = self.sheets[-1].placing
        index = _number(attributes, "Index") if attributes else 0
        self._column = index - 1 if index else placing.free(self._column)
        self._across = 0
        if attributes:
            down, self._across = _number(attributes, "MergeDown"), _number(attributes, "MergeAcross")
            if down or self._across:
                placing.put(self._column, None, down=down, across=self._across)

    def _end_cell(self, _sheet: OfficeSheet) -> None:
        self._column += 1 + self._across

    def _begin_data(self, attributes: Mapping[str, str]) -> None:
        if not self._remark:
            self._kind = _told(attributes, "Type")
            self._text = []

    def _end_data(self, sheet: OfficeSheet) -> None:
        if self._remark:
            return
        cell = _cell(self._kind, "".join(self._text or ()))
        self._text = None
        if cell is not None:
            sheet.placing.put(self._column, cell)

    def _begin_remark(self, _attributes: Mapping[str, str]) -> None:
        self._remark = True

    def _end_remark(self, _sheet: OfficeSheet) -> None:
        self._remark = False

    def _end_table(self, sheet: OfficeSheet) -> None:
        sheet.placing.end_table()

    def _begin_visible(self, _attributes: Mapping[str, str]) -> None:
        self._text = []

    def _end_visible(self, sheet: OfficeSheet) -> None:
        sheet.hidden = "".join(self._text or ()).strip() in {"SheetHidden", "SheetVeryHidden"}
        self._text = None


def _told(attributes: Mapping[str, str], name: str) -> str:
    """An attribute, with the prefix that Excel writes or without, as others do."""
    return attributes.get(f"{_TABLE}{name}") or attributes.get(name) or ""


def _number(attributes: Mapping[str, str], name: str) -> int:
    digits = _told(attributes, name).strip()
    return min(int(digits[:9]), _FAR) if digits.isascii() and digits.isdecimal() else 0


def _cell(kind: str, text: str) -> Cell:
    """The typed value; what does not fit its type stays text."""
    try:
        match kind:
            case "Number":
                # A float would round what is written out here in full.
                return text if _LONG.fullmatch(text) else plain_cell(float(text))
            case "DateTime":
                return _moment(text.strip())
            case "Boolean":
                return text.strip() in {"1", "true"}
            case _:
                return plain_cell(text)
    except (ValueError, OverflowError):
        return plain_cell(text)


def _moment(text: str) -> Cell:
    moment = datetime.fromisoformat(text)
    if moment.date().isoformat() in {"1899-12-31", "1899-12-30"}:
        return moment.time()  # a time of day has no day
    return moment.date() if moment.time() == time() else moment.replace(microsecond=0)
