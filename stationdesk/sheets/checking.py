"""A workbook read back before it takes its place: nothing lost, totals right, no full personal number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress


class LostRows(Exception):
    """The file does not hold what was written into it: a bug, so the target stays as it was."""


class PersonalNumber(UserError):
    """A full ID or phone number stands in a file that leaves the station."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a sheet must hold: rows before, in and after the table, and totals by column index.

    With `numbered`, the first column counts the rows from 1.
    """

    title: str
    before: int
    rows: int
    after: int
    labels: Sequence[str] = ()
    totals: Mapping[int, Decimal | int] = field(default_factory=dict)
    sums: frozenset[int] = frozenset()
    numbered: bool = True


_STEP: Final = 500
_BREAK = "[\\s\u200b-\u200d\u2060\ufeff-]?"
_ID = re.compile(rf"(?<!\d)[1-9](?:{_BREAK}\d){{16}}{_BREAK}[\dXx](?![\dXx])")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:00|\+)?86{_BREAK})?1[3-9](?:{_BREAK}\d){{9}}(?!\d)")
_BIRTH = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


def personal_number(text: str) -> str | None:
    """What kind of full number a text holds, in Chinese: of an ID card or a mobile phone; None for neither.

    Full-width digits, blanks, hyphens and invisible characters between the digits do not hide it. A wrong
    check digit is no excuse: such numbers are kept on purpose until they are mended.
    """
    text = unicodedata.normalize("NFKC", text)
    for match in _ID.finditer(text):
        number = "".join(sign for sign in match[0] if sign.isalnum())
        if _BIRTH.fullmatch(number[6:14]):
            return "身份证号"
    return "手机号码" if _MOBILE.search(text) else None


def check_workbook(
    path: Path, sheets: Sequence[Expected], *, masked: bool, progress: Progress = SILENT
) -> None:
    """Read the file back and compare it with what was written.

    Raises:
        LostRows: when rows or totals are not what they were.
        PersonalNumber: when the file is `masked` and a full number stands in it all the same.
    """
    expected = {sheet.title: sheet for sheet in sheets}
    total = sum(sheet.rows for sheet in sheets)
    done = 0
    with CalamineWorkbook.from_path(path) as workbook:
        missing = expected.keys() - set(workbook.sheet_names)
        if missing:
            raise LostRows(f"sheets are missing: {sorted(missing)}")
        for title in workbook.sheet_names:
            done = _check_sheet(
                workbook.get_sheet_by_name(title),
                expected.get(title),
                done,
                total,
                masked=masked,
                progress=progress,
            )


def _check_sheet(
    sheet: CalamineSheet,
    expected: Expected | None,
    done: int,
    total: int,
    *,
    masked: bool,
    progress: Progress,
) -> int:
    counted = 0
    sums: dict[int, Decimal | int] = dict.fromkeys(expected.totals, 0) if expected is not None else {}
    first, last = (expected.before, expected.before + expected.rows) if expected is not None else (0, 0)
    for index, row in enumerate(sheet.iter_rows()):
        counted += 1
        if masked:
            _refuse_personal(sheet.name, index, row, expected)
        if expected is not None and first <= index < last:
            _check_row(expected, index - first + 1, row, sums)
            done += 1
            if done % _STEP == 0:
                progress.step(done, total)
    if expected is None:
        return done
    wanted = expected.before + expected.rows + expected.after
    if counted != wanted:
        raise LostRows(f"{expected.title}: {counted} rows in the file, {wanted} written")
    if sums != {index: _rounded(value) for index, value in expected.totals.items()}:
        raise LostRows(f"{expected.title}: totals in the file {sums}, written {dict(expected.totals)}")
    return done


def _check_row(expected: Expected, number: int, row: Sequence[Any], sums: dict[int, Decimal | int]) -> None:
    if expected.numbered and row[0] != number:
        raise LostRows(f"{expected.title}: row {number} carries the number {row[0]!r}")
    for index in sums:
        value = row[index]
        if index not in expected.sums:
            sums[index] += value != ""
        elif isinstance(value, int | float):
            sums[index] += _rounded(Decimal(str(value)))


def _rounded(value: Decimal | int) -> Decimal | int:
    return value if isinstance(value, int) else value.quantize(Decimal("0.000001"))


def _refuse_personal(title: str, index: int, row: Sequence[Any], expected: Expected | None) -> None:
    for place, value in enumerate(row):
        text = _digits_of(value)
        found = personal_number(text) if text is not None and len(text) > 10 else None
        if found is not None:
            labels = expected.labels if expected is not None else ()
            raise PersonalNumber(
                "外送的文件没有写出：“{sheet}”第 {row} 行“{column}”里有完整的{found}。"
                "请在那条记录里改掉它，再导出一次。",
                sheet=title,
                row=index + 1,
                column=labels[place] if place < len(labels) else place + 1,
                found=_(found),
            )


def _digits_of(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return str(int(value))
    return None
