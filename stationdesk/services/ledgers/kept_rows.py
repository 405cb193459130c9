"""The rows of every ledger as they stood when a month was closed: one compressed text, written and read as a stream.

Each line is JSON: a heading for each ledger, then its rows as [key, minor, cells]. A cell is the text that an
internal file shows; in a list of its own where no mask applies to it (a village among names).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stationdesk.core.fields import Book, plain_text
from stationdesk.sheets.columns import Column, Line, Open, cells_of

Cell = str | list[str]

_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Heading:
    """What the rows after it are: the ledger's name, and the keys of its columns."""

    ledger: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row: the key of its record, whether it is about a minor, its cells in the order of the heading."""

    key: str
    minor: bool
    cells: tuple[Cell, ...]


def kept_rows(columns: Sequence[Column], lines: Iterable[Line], book: Book) -> Iterator[KeptRow]:
    """The rows of a ledger as they are kept and compared."""
    for line in lines:
        (shown,) = cells_of(columns, (line,), book, masked=False)
        cells = (
            [_text(text)] if isinstance(line.values[column.key], Open) else _text(text)
            for column, text in zip(columns, shown, strict=True)
        )
        yield KeptRow(str(line.values["key"]), line.minor, tuple(cells))


def packed(parts: Iterable[Heading | KeptRow]) -> bytes:
    """The parts as one compressed text; only what is compressed is held in memory."""
    press = zlib.compressobj()
    pieces = [press.compress(f"{_line(part)}\n".encode("utf-8", "surrogatepass")) for part in parts]
    return b"".join(pieces) + press.flush()


def unpacked(content: bytes) -> Iterator[tuple[Heading, KeptRow | None]]:
    """What `packed` was given, one row after the other with its heading; a heading alone comes without a row."""
    heading = Heading("", ())
    for line in _lines(content):
        told = json.loads(line)
        if isinstance(told, dict):
            heading = Heading(told["ledger"], tuple(told["columns"]))
            yield heading, None
        else:
            yield heading, KeptRow(told[0], bool(told[1]), tuple(told[2]))


def cell_text(cell: Cell) -> str:
    """What a cell shows."""
    return cell if isinstance(cell, str) else cell[0]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else plain_text(value)


def _line(part: Heading | KeptRow) -> str:
    told: Any = (
        {"ledger": part.ledger, "columns": part.columns}
        if isinstance(part, Heading)
        else [part.key, int(part.minor), part.cells]
    )
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _lines(content: bytes) -> Iterator[str]:
    press = zlib.decompressobj()
    rest = b""
    for start in range(0, len(content), _PIECE):
        piece = press.decompress(content[start : start + _PIECE])
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "surrogatepass")
