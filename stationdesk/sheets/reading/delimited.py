"""Text tables: which encoding, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from stationdesk.core.errors import UserError
from stationdesk.sheets.open_formats.comma import plain
from stationdesk.sheets.reading.cells import Row
from stationdesk.sheets.reading.refusals import unclosed

SEPARATORS = (",", "\t", ";", "，")
MAX_CELL = 100_000
_SAMPLE_ROWS = 60

# Excel's way to keep a number as text in a text file, and the apostrophe of a cell that was typed as text.
_KEPT_AS_TEXT = re.compile(r'="?([^"]*)"?')
_UNWRITTEN = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\ufdd0-\ufdef\ufffd-\uffff]")
_APOSTROPHE = re.compile(r"'(\d[\dXx ]*)")


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: UTF-8, UTF-16 or GB18030 (which holds GBK).

    Raises:
        UserError: when it is none of them.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "UTF-8"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, "utf-8-sig" if encoding == "UTF-8" else "utf-16"), encoding
    if (text := _wide_without_mark(content)) is not None:
        return text, "UTF-16"
    if b"\x00" in content:
        raise UserError("这不是表格文件：里面是程序数据，不是文字。请选 .xlsx、.xls、.ods 或 .csv 文件。")
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        text = _strictly(content, "gb18030")
    if _looks_like_big5(content, text):
        raise UserError("文件像是繁体中文编码（Big5）。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。")
    return text, "GB18030"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UserError(
            "第 {line} 行有认不出的文字，没有读。请用 WPS 或 Excel 打开它，另存为 .xlsx 后再导入。",
            line=content.count(b"\n", 0, error.start) + 1,
        ) from error


def _wide_without_mark(content: bytes) -> str | None:
    """The text of UTF-16 that lost its mark: separators and line ends then have a zero byte on one side.

    Numbers of a program look like that as well; what they would spell is no text.
    """
    sample = content[:4000]
    little, big = (b",\x00", b"\t\x00", b"\n\x00"), (b"\x00,", b"\x00\t", b"\x00\n")
    for encoding, signs in (("utf-16-le", little), ("utf-16-be", big)):
        if sum(sample.count(sign) for sign in signs) >= 2 and sample.count(b"\x00") * 20 > len(sample):
            text = content.decode(encoding, errors="replace")
            return None if _UNWRITTEN.search(text) else text
    return None


def _looks_like_big5(content: bytes, text: str) -> bool:
    """Whether GB18030 gave rare characters where Big5 gives common ones."""
    try:
        other = content.decode("big5")
    except UnicodeDecodeError:
        return False
    return _common(other, "big5") > 0.9 and _common(text, "gb2312") < 0.7


def _common(text: str, encoding: str) -> float:
    """The share of the Chinese characters that lie in the first, common level of an old encoding."""
    last = b"\xd7\xf9" if encoding == "gb2312" else b"\xc6\x7e"
    han = [sign for sign in text if "\u4e00" <= sign <= "\u9fff"][:5000]
    if not han:
        return 1.0
    known = sum(1 for sign in han if b"\x80" < (sign.encode(encoding, "ignore") or b"\xff\xff") <= last)
    return known / len(han)


def separator_of(text: str) -> str:
    """The separator that cuts most rows into the same number of columns, more than one of them."""
    best, best_score = ",", 0.0
    sample = "\n".join(text.splitlines()[: _SAMPLE_ROWS * 2])
    for separator in SEPARATORS:
        try:
            rows = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if row][:_SAMPLE_ROWS]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
        score = often / len(rows) + min(width, 20) / 100 if width > 1 else 0.0
        if score > best_score:
            best, best_score = separator, score
    return best


def rows_of(text: str, separator: str) -> list[Row]:
    """The rows, every cell a text or None; row 1 of the file is the first.

    Raises:
        UserError: when a quotation mark is opened and never closed.
    """
    csv.field_size_limit(MAX_CELL)
    try:
        return _parsed(text, separator, strict=True)
    except csv.Error:
        pass
    # Somebody's own quotation marks inside a cell are no reason to refuse; a mark never closed is.
    try:
        rows = _parsed(text, separator, strict=False)
    except csv.Error as error:
        raise unclosed() from error
    if rows and any(isinstance(cell, str) and cell.count("\n") > 50 for cell in rows[-1]):
        raise unclosed()
    return rows


def _parsed(text: str, separator: str, *, strict: bool) -> list[Row]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    return [_row(record) for record in records]


def _row(record: list[str]) -> Row:
    cells = [_cell(text) for text in record]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _cell(text: str) -> str | None:
    if not text or text.isspace():
        return None
    if text[0] == "=" and (match := _KEPT_AS_TEXT.fullmatch(text.strip())) and '"' in text:
        return match[1] or None
    if (told := plain(text)) != text:
        return told  # our own CSV, or another that keeps formulas from being computed
    if text[0] == "'" and (match := _APOSTROPHE.fullmatch(text.strip())):
        return match[1]
    return text
