"""The merged cells of an .ods file, which python-calamine does not tell."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from stationdesk.sheets.reading.archives import MAX_COLUMNS, MAX_ROWS, chunks_of
from stationdesk.sheets.reading.refusals import broken

Range = tuple[int, int, int, int]
"""Top, left, bottom, right; from 0, both ends belong to it."""

_CONTENT = "content.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_MOST = 100_000
"""Merged ranges that are taken from a file; no roster has as many."""


class _DoctypeMet(Exception):
    """No content declares a document type; entities come in by it."""


def merges_in(package: zipfile.ZipFile) -> dict[str, list[Range]]:
    """The merged ranges of every sheet, by the name of the sheet.

    Raises:
        UserError: when the content is damaged.
    """
    if _CONTENT not in package.namelist():
        raise broken()
    member = package.getinfo(_CONTENT)
    if not any(b"-spanned" in chunk for chunk in chunks_of(package, member)):
        return {}
    reading = _Content()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.StartDoctypeDeclHandler = _doctype
    try:
        for chunk in chunks_of(package, member):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, _DoctypeMet) as error:
        raise broken() from error
    return reading.found


def _doctype(*_: object) -> None:
    raise _DoctypeMet


class _Content:
    """Where in the sheets the parser is; blank cells and rows are told once with how often they stand there."""

    def __init__(self) -> None:
        self.found: dict[str, list[Range]] = {}
        self._ranges: list[Range] = []
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._depth = 0

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == f"{_TABLE}table":
            self._depth += 1
            if self._depth == 1:
                self._ranges = self.found.setdefault(attributes.get(f"{_TABLE}name", ""), [])
                self._row = 0
        elif self._depth != 1:
            return
        elif tag == f"{_TABLE}table-row":
            self._column, self._rows = 0, _number(attributes, "number-rows-repeated")
        elif tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            self._columns = _number(attributes, "number-columns-repeated")
            self._merge(attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == f"{_TABLE}table":
            self._depth -= 1
        elif self._depth != 1:
            return
        elif tag == f"{_TABLE}table-row":
            self._row += self._rows
        elif tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            self._column += self._columns

    def _merge(self, attributes: dict[str, str]) -> None:
        down, across = (
            _number(attributes, "number-rows-spanned"),
            _number(attributes, "number-columns-spanned"),
        )
        if (down, across) == (1, 1) or len(self._ranges) >= _MOST:
            return
        if self._row < MAX_ROWS and self._column < MAX_COLUMNS:
            bottom, right = min(self._row + down, MAX_ROWS) - 1, min(self._column + across, MAX_COLUMNS) - 1
            self._ranges.append((self._row, self._column, bottom, right))


def _number(attributes: dict[str, str], name: str) -> int:
    digits = attributes.get(f"{_TABLE}{name}", "")
    return max(1, int(digits[:9])) if digits.isascii() and digits.isdecimal() else 1
