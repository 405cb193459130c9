"""CSV (RFC 4180) in UTF-8 with a byte order mark, so that office programs open it with the right signs.

A CSV has no types, and an office program takes a cell that begins with = + - @ (or their full-width forms, a tab, a
line break) for a formula, whoever wrote it. Such a text is written with an apostrophe in front, which every office
program shows as text; a text that begins with an apostrophe gets one more. `plain` takes it off again, so that the
round trip holds for every text. Plain numbers are left alone: a minus before digits is no formula.
"""

from __future__ import annotations

import csv
import io
import re

from stationdesk.sheets.open_formats.listing import LATITUDE, LONGITUDE, Listing, OpenCell, OpenTable, degrees

KIND = "CSV"
_LEADS = "=+-@＝＋－＠\t\r\n|"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def guarded(text: str) -> str:
    """The text as a cell that no office program computes; see the module."""
    if not text or _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text[0] == "'" or text.lstrip(" ")[:1] in tuple(_LEADS) else text


def plain(cell: str) -> str:
    """The text of a cell that `guarded` wrote; any other cell as it is."""
    if len(cell) > 1 and cell[0] == "'" and guarded(cell[1:]) == cell:
        return cell[1:]
    return cell


def write(listing: Listing) -> bytes:
    """The list as a table with a header; the place in two columns that name their datum."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(guarded(column.label) for column in listing.columns), LATITUDE, LONGITUDE])
    for item in listing.items:
        texts = [guarded(item.texts.get(column.key, "")) for column in listing.columns]
        place = ("", "") if item.place is None else (degrees(item.place.lat), degrees(item.place.lon))
        writer.writerow([*texts, *place])
    return out.getvalue().encode("utf-8-sig")


def read(content: bytes) -> OpenTable:
    """What `write` wrote. Files of other people go the way of all text tables (`sheets.reading.delimited`)."""
    records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    header = tuple(plain(label) for label in records[0])
    rows = tuple(
        tuple(_cell(label, cell) for label, cell in zip(header, row, strict=True)) for row in records[1:]
    )
    return OpenTable("", header, rows)


def _cell(label: str, cell: str) -> OpenCell:
    if not cell:
        return None
    return float(cell) if label in {LATITUDE, LONGITUDE} else plain(cell)
