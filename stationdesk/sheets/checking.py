"""A workbook read back before it takes its place: nothing lost, totals right, no full personal number."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Final

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab.choice import Choice, captioned, choice


class LostRows(Exception):
    """The file does not hold what was written into it: a bug, so the target stays as it was."""


class PersonalNumber(UserError):
    """A full ID or phone number stands in a file that leaves the station."""


@captioned("个人号码")
class PersonalKind(Choice):
    """What a full number is of."""

    ID_NUMBER = choice("id_number", "身份证号")
    MOBILE = choice("mobile", "手机号码")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sheet must hold: rows before, in and after the table, a label a column, totals by column index.

    Totals of the columns in `sums` add up, the others count. With `numbered`, the first column counts the
    rows from 1.
    """

    title: str
    before: int
    rows: int
    after: int
    labels: Sequence[str]
    totals: Mapping[int, Decimal | int] = field(default_factory=dict)
    sums: frozenset[int] = frozenset()
    numbered: bool = True


_STEP: Final = 500
_APART: Final = "|"  # no sign that people put between digits
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BREAK = "[\\s\u200b-\u200d\u2060\ufeff-]?"
_ID = re.compile(rf"(?<!\d)[1-9](?:{_BREAK}\d){{16}}{_BREAK}[\dXx](?![\dXx])")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:00|\+)?86{_BREAK})?1[3-9](?:{_BREAK}\d){{9}}(?!\d)")
_BIRTH = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def personal_number(text: str) -> PersonalKind | None:
    """What kind of full number a text holds: of an ID card or a mobile phone; None for neither.

    Full-width digits, blanks, hyphens and invisible characters between the digits do not hide it. A wrong
    check digit is no excuse: such numbers are kept on purpose until they are mended.
    """
    text = unicodedata.normalize("NFKC", text)
    for match in _ID.finditer(text):
        number = "".join(sign for sign in match[0] if sign.isalnum())
        if _BIRTH.fullmatch(number[6:14]):
            return PersonalKind.ID_NUMBER
    return PersonalKind.MOBILE if _MOBILE.search(text) else None


def check_workbook(
    path: Path, sheets: Sequence[Expected], *, masked: bool, progress: Progress = SILENT
) -> None:
    """Read the file back, row by row, and compare it with what was written.

    Raises:
        LostRows: when rows or totals are not what they were.
        PersonalNumber: when the file is `masked` and a full number stands in it all the same.
    """
    total = sum(sheet.rows for sheet in sheets)
    done = 0
    with zipfile.ZipFile(path) as package:
        parts = _parts(package)
        if list(parts) != [sheet.title for sheet in sheets]:
            raise LostRows(f"the file has the sheets {list(parts)}")
        for sheet in sheets:
            with package.open(parts[sheet.title]) as part:
                for _number in _checked(part, sheet, masked=masked):
                    done += 1
                    if done % _STEP == 0:
                        progress.step(done, total)


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Where each sheet lies in the package, by its title, in order."""
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {str(link.get("Id")): str(link.get("Target")) for link in links}
    book = etree.fromstring(package.read("xl/workbook.xml"))
    return {
        str(sheet.get("name")): targets[str(sheet.get(f"{_LINKED}id"))].lstrip("/")
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _checked(part: IO[bytes], expected: Expected, *, masked: bool) -> Iterator[int]:
    """Check one sheet; gives the number of each row of the table as it is passed."""
    counted = 0
    sums: dict[int, Decimal | int] = dict.fromkeys(expected.totals, 0)
    last = expected.before + expected.rows
    for _event, row in etree.iterparse(part, tag=f"{_MAIN}row"):
        counted += 1
        if row.get("r") != str(counted) or len(row) != len(expected.labels):
            raise LostRows(
                f"{expected.title}: row {row.get('r')} with {len(row)} cells stands as row {counted}"
            )
        if masked:
            _refuse_personal(expected, counted, row)
        if expected.before < counted <= last:
            _add_up(expected, counted - expected.before, row, sums)
            yield counted
        _let_go(row)
    if counted != last + expected.after:
        raise LostRows(f"{expected.title}: {counted} rows in the file, {last + expected.after} written")
    if sums != {index: _rounded(value) for index, value in expected.totals.items()}:
        raise LostRows(f"{expected.title}: totals in the file {sums}, written {dict(expected.totals)}")


def _add_up(expected: Expected, number: int, row: etree._Element, sums: dict[int, Decimal | int]) -> None:
    if expected.numbered and _text(row[0]) != str(number):
        raise LostRows(f"{expected.title}: row {number} carries the number {_text(row[0])!r}")
    for index in sums:
        text = _text(row[index])
        if index not in expected.sums:
            sums[index] += bool(text)
        elif text and row[index].get("t") == "n":
            sums[index] += _rounded(Decimal(text))


def _rounded(value: Decimal | int) -> Decimal | int:
    return value if isinstance(value, int) else value.quantize(Decimal("0.000001"))


def _text(cell: etree._Element) -> str:
    return "".join(map(str, cell.itertext()))


def _let_go(row: etree._Element) -> None:
    """Drop a row that was looked at, and its place among its parent's children, so that memory stays flat."""
    row.clear()
    parent = row.getparent()
    if parent is not None:
        del parent[0]


def _refuse_personal(expected: Expected, number: int, row: etree._Element) -> None:
    if personal_number(_APART.join(map(str, row.itertext()))) is None:
        return
    for label, cell in zip(expected.labels, row, strict=True):
        found = personal_number(_text(cell))
        if found is not None:
            raise PersonalNumber(
                "外送的文件没有写出：“{sheet}”第 {row} 行“{column}”里有完整的{found}。"
                "请在那条记录里改掉它，再导出一次。",
                sheet=expected.title,
                row=number,
                column=label,
                found=_(found.label),
            )
