"""A look into the package of an .xlsx or .ods before anything is built from it.

A file of a few kilobytes can unpack to gigabytes, and one cell in the last corner of a sheet makes a
reader lay out the whole rectangle; python-calamine then ends the process. Both are found here by
streaming, at the cost of a fraction of the parse.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from stationdesk.core.errors import UserError
from stationdesk.sheets.reading.refusals import broken, locked, too_big

MAX_MEMBERS = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 100
MAX_ROWS = 200_000
MAX_COLUMNS = 702  # column ZZ
MAX_AREA = 20_000_000
"""Cells of the rectangle from A1 to the last cell: 640 MB in the reader."""

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError)
_SMALL = 1024 * 1024  # below this the ratio says nothing
_CHUNK = 1 << 20
_LAP = 512  # what two chunks share, longer than any cell's opening tag

# Three letters are beyond ZZ; 200001 and more are beyond the last row. A hit only asks for the careful pass.
_FAR = re.compile(rb"r\s*=\s*[\"'](?:[A-Z]{3}\d|[A-Z]{1,3}(?:[2-9]\d{5}|\d{7})[\"'])")
_TWO_LETTERS = re.compile(rb"r\s*=\s*[\"'][A-Z]{2}\d")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{1,7})[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NOT_SHEETS = ("xl/sharedstrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/theme/")


@dataclass(frozen=True, slots=True)
class Corner:
    """The last cell of a sheet that holds anything; both count from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """As the office program calls it: XFD1048576."""
        return f"{column_letters(self.column)}{self.row}"

    @property
    def too_far(self) -> bool:
        """Whether the rectangle up to this cell is more than is read."""
        return self.row > MAX_ROWS or self.column > MAX_COLUMNS or self.row * self.column > MAX_AREA


def column_letters(number: int) -> str:
    """The letters of a column that counts from 1: 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The column, from 1, that the letters name."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def look_into(stream: IO[bytes]) -> zipfile.ZipFile:
    """The package, when its members, their size and their ratio are bearable.

    Raises:
        UserError: when it is damaged, locked by a password, or too big once unpacked.
    """
    try:
        package = zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise broken() from error
    members = package.infolist()
    if not members:
        raise UserError("文件里什么也没有。请检查是不是选错了文件。")
    if any(member.flag_bits & 1 for member in members):
        raise locked()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise UserError(
            "文件解开后太大（{size} MB，上限 {limit} MB），没有读。"
            "请删去多余的工作表和空白行列，或分成几个文件。",
            size=unpacked // (1024 * 1024),
            limit=MAX_UNPACKED // (1024 * 1024),
        )
    if unpacked > _SMALL and unpacked > packed * MAX_RATIO:
        raise UserError(
            "文件的压缩比不正常，不像是表格，没有读。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。"
        )
    return package


def refuse_far_cells(package: zipfile.ZipFile) -> None:
    """Read through the sheets of an .xlsx package and refuse one with a cell too far out.

    Cells that hold a format but nothing else do not count: the reader skips them.

    Raises:
        UserError: naming the cell.
    """
    for member in package.infolist():
        name = member.filename.lower().replace("\\", "/").lstrip("/")
        if not name.endswith(".xml") or name.startswith(_NOT_SHEETS) or "/_rels/" in name:
            continue
        if name.rpartition("/")[2].startswith("._"):
            continue  # what a Mac packs beside each file is no XML
        if not _needs_care(package, member):
            continue
        corner = _last_cell(package, member)
        if corner.too_far:
            raise far_cell(corner)


def far_cell(corner: Corner) -> UserError:
    """A cell stands so far out that the sheet is not read."""
    return UserError(
        "表格太大，没有读：最后一个有内容的单元格在 {cell}（最多读 {rows} 行、{columns} 列）。"
        "请在 WPS 或 Excel 里删去表格以外的内容，另存后再导入。",
        cell=corner.name,
        rows=MAX_ROWS,
        columns=MAX_COLUMNS,
    )


def chunks_of(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member of the package in pieces.

    Raises:
        UserError: when it is damaged or unpacks to more than it says.
    """
    left = MAX_UNPACKED
    try:
        with package.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise too_big()
                yield chunk
    except _BROKEN as error:
        raise broken() from error


def _needs_care(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    rows, wide = 0, False
    lap = b""
    for chunk in chunks_of(package, member):
        piece = lap + chunk
        # UTF-16 is allowed in XML and would pass under every pattern.
        if b"\x00" in piece[:64] or _FAR.search(piece):
            return True
        wide = wide or _TWO_LETTERS.search(piece) is not None
        rows = max(rows, max(map(int, _ROW.findall(piece)), default=0))
        lap = piece[-_LAP:]
    return rows * (MAX_COLUMNS if wide else 26) > MAX_AREA


class _DoctypeMet(Exception):
    """No sheet declares a document type; entities come in by it."""


def _last_cell(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Corner:
    """The last cell with a value, by a real XML parser; positions that are not written follow on."""
    row = column = last_row = last_column = 0
    in_cell = False

    def begin(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column, in_cell
        local = tag.rpartition(":")[2]
        if local == "row":
            row = int(attributes["r"]) if attributes.get("r", "").isdecimal() else row + 1
            column = 0
        elif local == "c":
            in_cell = True
            where = _REFERENCE.fullmatch(attributes.get("r", ""))
            if where is None:
                column += 1
            else:
                column, row = column_number(where[1]), int(where[2])
        elif in_cell and local in {"v", "is", "f"}:
            last_row, last_column = max(last_row, row), max(last_column, column)

    def end(tag: str) -> None:
        nonlocal in_cell
        if tag.rpartition(":")[2] == "c":
            in_cell = False

    def doctype(*_: object) -> None:
        raise _DoctypeMet

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        for chunk in chunks_of(package, member):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, _DoctypeMet) as error:
        raise broken() from error
    return Corner(last_row, last_column)
