"""Cells of an .xlsx whose formula failed, which python-calamine gives back as blank ones.

A blank cell would be taken for "nothing known"; #N/A is a look-up that went wrong, and is told.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from stationdesk.sheets.reading.archives import MAX_COLUMNS, MAX_ROWS, chunks_of, column_number
from stationdesk.sheets.reading.refusals import broken

Errors = dict[int, dict[int, str]]
"""By row and column, from 0, what the cell shows: #N/A."""

_MARK = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST = 200_000
_LAP = 16


class _DoctypeMet(Exception):
    """No part declares a document type; entities come in by it."""


def errors_in(package: zipfile.ZipFile) -> dict[str, Errors]:
    """The failed cells of every sheet, by the name of the sheet; most files have none, and cost one look.

    Raises:
        UserError: when a part is damaged.
    """
    parts = {
        member.filename: member
        for member in package.infolist()
        if "/worksheets/" in member.filename and member.filename.endswith(".xml")
    }
    marked = {name for name, member in parts.items() if _is_marked(package, member)}
    if not marked:
        return {}
    return {
        sheet: _errors(package, parts[part])
        for sheet, part in _parts_by_sheet(package).items()
        if part in marked
    }


def _is_marked(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    lap = b""
    for chunk in chunks_of(package, member):
        if _MARK.search(lap + chunk):
            return True
        lap = chunk[-_LAP:]
    return False


def _parts_by_sheet(package: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each sheet."""
    names: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == "id"), "")
            names[attributes.get("name", "")] = link

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(package, "xl/workbook.xml", sheet)
    _parse(package, "xl/_rels/workbook.xml.rels", relation)
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets[link])).lstrip("/")
        for name, link in names.items()
        if link in targets
    }


def _errors(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Errors:
    found: Errors = {}
    where: tuple[int, int] | None = None
    text: list[str] | None = None
    count = 0

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal where, text
        if tag == "c":
            place = _REFERENCE.fullmatch(attributes.get("r", "")) if attributes.get("t") == "e" else None
            where = (int(place[2]) - 1, column_number(place[1]) - 1) if place else None
        elif tag == "v" and where is not None:
            text = []

    def words(data: str) -> None:
        if text is not None:
            text.append(data)

    def end(tag: str) -> None:
        nonlocal where, text, count
        if tag == "v" and text is not None and where is not None:
            row, column = where
            if row < MAX_ROWS and column < MAX_COLUMNS and count < _MOST:
                found.setdefault(row, {})[column] = "".join(text).strip()
                count += 1
            text = None

    _parse(package, member.filename, begin, words, end)
    return found


def _parse(
    package: zipfile.ZipFile,
    name: str,
    begin: Callable[[str, dict[str, str]], None],
    words: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Stream a part through the parser, tags without their namespace."""

    def doctype(*_: object) -> None:
        raise _DoctypeMet

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: begin(tag.rpartition(" ")[2], attributes)
    if words is not None:
        parser.CharacterDataHandler = words
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda tag: ended(tag.rpartition(" ")[2])
    parser.StartDoctypeDeclHandler = doctype
    if name not in package.namelist():
        return
    try:
        for chunk in chunks_of(package, package.getinfo(name)):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, _DoctypeMet) as error:
        raise broken() from error
