"""Pins and paced lengths from a list in a file, for pinning without the window."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from stationdesk.core.datum import to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.paced import PACE, Length, Paced
from stationdesk.maps.basemaps.pins import Pin


def pins_in(content: bytes, datum: Datum) -> tuple[Pin, ...]:
    """Pins from a CSV file: column and row of the pixel, longitude, latitude, and a name if there is one.

    Raises:
        UserError: a line cannot be read.
    """
    pins = []
    for number, row in _lines(content, 4):
        x, y, lon, lat = _numbers(row[:4], number)
        at = to_wgs84(lat, lon, datum)
        pins.append(Pin(x, y, at.lat, at.lon, row[4] if len(row) > 4 else ""))
    return tuple(pins)


def lengths_in(content: bytes, pace: float = PACE) -> Paced:
    """Lengths from a CSV file: two pixels (x1,y1,x2,y2), an amount, 米 or 步; a line with 北 is the arrow.

    Raises:
        UserError: a line cannot be read.
    """
    lengths: list[Length] = []
    north: tuple[float, float, float, float] | None = None
    for number, row in _lines(content, 5):
        x1, y1, x2, y2 = _numbers(row[:4], number)
        if row[4] in {"北", "N", "north"}:
            north = (x1, y1, x2, y2)
            continue
        (amount,) = _numbers(row[4:5], number)
        unit = row[5] if len(row) > 5 else ""
        if unit not in {"", "米", "m", "步", "paces"}:
            raise UserError("第 {number} 行的单位“{unit}”看不懂，请写 米 或 步。", number=number, unit=unit)
        lengths.append(Length(x1, y1, x2, y2, amount, in_paces=unit in {"步", "paces"}))
    return Paced(tuple(lengths), pace, north)


def _lines(content: bytes, fewest: int) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    for number, row in enumerate(csv.reader(io.StringIO(text.replace("，", ","))), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and not _is_number(cells[0])):
            continue  # a line of headings
        if len(cells) < fewest:
            raise UserError(
                "第 {number} 行要有 {fewest} 格，只有 {count} 格。",
                number=number,
                fewest=fewest,
                count=len(cells),
            )
        yield number, cells


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _numbers(cells: Sequence[str], number: int) -> list[float]:
    try:
        return [float(cell) for cell in cells]
    except ValueError as error:
        raise UserError(
            "第 {number} 行有的格不是数字：{cells}", number=number, cells="，".join(cells)
        ) from error
