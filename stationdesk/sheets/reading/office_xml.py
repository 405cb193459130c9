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
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
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
    plain = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    try:
        for start in range(0, len(plain), _PIECE):
            parser.feed(plain[start : start + _PIECE])
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
        self._span = (0, 0)
        self._kind = ""
        self._text: list[str] | None = None
        self._remark = False

    def doctype(self, *_told: object) -> None:
        """No table declares one; entities come in by it."""
        raise broken()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag == f"{_TABLE}Worksheet":
            self.sheets.append(OfficeSheet(_told(attributes, "Name")))
        elif not self.sheets:
            return
        elif tag == f"{_TABLE}Row":
            self._begin_row(attributes)
        elif tag == f"{_TABLE}Cell":
            self._begin_cell(attributes)
        elif tag == f"{_TABLE}Comment":
            self._remark = True
        elif tag == f"{_TABLE}Data" and not self._remark:
            self._kind = _told(attributes, "Type")
            self._text = []
        elif tag == f"{_EXCEL}Visible":
            self._text = []

    def end(self, tag: str) -> None:
        """An element ends."""
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        if tag == f"{_TABLE}Data" and not self._remark:
            self._end_data(sheet)
        elif tag == f"{_TABLE}Cell":
            self._column += 1 + self._span[1]
        elif tag == f"{_TABLE}Row":
            sheet.placing.end_row()
            sheet.placing.skip(self._skip)
        elif tag == f"{_TABLE}Comment":
            self._remark = False
        elif tag == f"{_EXCEL}Visible":
            sheet.hidden = "".join(self._text or ()).strip() in {"SheetHidden", "SheetVeryHidden"}
            self._text = None
        elif tag == f"{_TABLE}Table":
            sheet.placing.end_table()

    def data(self, text: str) -> None:
        """Text, perhaps only a part of it."""
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """The file ends."""

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        placing = self.sheets[-1].placing
        placing.skip(_number(attributes, "Index") - 1 - placing.at)
        self._column = 0
        self._skip = _number(attributes, "Span")

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        placing = self.sheets[-1].placing
        index = _number(attributes, "Index")
        self._column = index - 1 if index else placing.free(self._column)
        down, across = self._span = (_number(attributes, "MergeDown"), _number(attributes, "MergeAcross"))
        if down or across:
            placing.put(self._column, None, down=down, across=across)

    def _end_data(self, sheet: OfficeSheet) -> None:
        cell = _cell(self._kind, "".join(self._text or ()))
        self._text = None
        if cell is not None:
            sheet.placing.put(self._column, cell)


def _told(attributes: Mapping[str, str], name: str) -> str:
    """An attribute, with the prefix that Excel writes or without, as others do."""
    return attributes.get(f"{_TABLE}{name}") or attributes.get(name) or ""


def _number(attributes: Mapping[str, str], name: str) -> int:
    digits = _told(attributes, name).strip()
    return min(int(digits[:9]), _FAR) if digits.isascii() and digits.isdecimal() else 0


def _cell(kind: str, text: str) -> Cell:
    """The typed value; what does not fit its type stays text, an error of a formula is nothing."""
    try:
        match kind:
            case "Number":
                # A float would round what is written out here in full.
                return text if _LONG.fullmatch(text) else plain_cell(float(text))
            case "DateTime":
                return _moment(text.strip())
            case "Boolean":
                return text.strip() in {"1", "true"}
            case "Error":
                return None
            case _:
                return plain_cell(text)
    except (ValueError, OverflowError):
        return plain_cell(text)


def _moment(text: str) -> Cell:
    moment = datetime.fromisoformat(text)
    if moment.date().isoformat() in {"1899-12-31", "1899-12-30"}:
        return moment.time()  # a time of day has no day
    return moment.date() if moment.time() == time() else moment.replace(microsecond=0)
