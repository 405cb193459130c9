"""What goes into an open format and what comes out of one: a list of things with texts and places.

Going out, a `Listing` has a column a field and an `Item` a record. Coming in, every format becomes an
`OpenTable` of a header and rows, so that the import treats it like any other table.

Text is carried as the station stores it, which is cleaned text (`core.text.clean`): no control characters,
every line end a newline. Positions are WGS-84, degrees, with seven decimals (a centimetre).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stationdesk.core.datum import Position
from stationdesk.core.errors import UserError

LATITUDE = "纬度（WGS-84）"
LONGITUDE = "经度（WGS-84）"
NAME = "名称"
DECIMALS = 7
MAX_COLUMNS = 702
"""Labels of a file, as many as a table that is read has columns (`sheets.reading.archives`)."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: the key of the field, and the label that people and other programs read."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: its key in 32 hexadecimal digits, its texts by column key (none is empty), where it lies."""

    key: str
    texts: Mapping[str, str]
    place: Position | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What is written to a file: `title` names it, `naming` is the column that names a thing.

    `maker` is who gives it out, `made_on` the day, yyyy-mm-dd; both stand in the file where it has room.
    """

    title: str
    columns: tuple[ListColumn, ...]
    items: tuple[Item, ...]
    naming: str
    maker: str = ""
    made_on: str = ""

    def name_of(self, item: Item) -> str:
        """What an item is called."""
        return item.texts.get(self.naming, "")


OpenCell = str | float | None
"""A cell of a table that came in: a text, a number (coordinates), or nothing."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """What was read: a header, rows of the same width, and in sentences what was left out.

    `title` is what the file calls itself; empty where it does not.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[OpenCell, ...], ...]
    notes: tuple[str, ...] = ()

    def texts(self) -> list[dict[str, OpenCell]]:
        """The rows as mappings by label, without what is blank."""
        return [
            {label: cell for label, cell in zip(self.header, row, strict=True) if cell not in (None, "")}
            for row in self.rows
        ]


def tabled(
    title: str, records: list[dict[str, OpenCell]], notes: tuple[str, ...] = (), first: tuple[str, ...] = ()
) -> OpenTable:
    """Records with different labels as one table: the columns in the order in which they first come.

    `first` are labels that stand in front when any record has them.

    Raises:
        UserError: there are more labels than a table has columns.
    """
    met = {label for record in records for label, cell in record.items() if cell not in (None, "")}
    order = dict.fromkeys(label for label in first if label in met)
    for record in records:
        order.update(dict.fromkeys(label for label in record if label in met))
    header = tuple(order)
    if len(header) > MAX_COLUMNS:
        raise UserError(
            "文件里有 {count} 种栏目，最多读 {most} 种，没有读。请让对方只导出要用的栏目。",
            count=len(header),
            most=MAX_COLUMNS,
        )
    rows = tuple(tuple(record.get(label) for label in header) for record in records)
    return OpenTable(title, header, rows, notes)


def without_echo(table: OpenTable, generic: str) -> OpenTable:
    """The table without the column `generic` where every row has the same text in one other column.

    What shows a name to people (KML's and GPX's own <name>) repeats a column of ours.
    """
    if generic not in table.header:
        return table
    at = table.header.index(generic)
    for other in range(len(table.header)):
        if other != at and all(row[at] in (None, "", row[other]) for row in table.rows):
            header = tuple(label for place, label in enumerate(table.header) if place != at)
            rows = tuple(tuple(c for place, c in enumerate(row) if place != at) for row in table.rows)
            return OpenTable(table.title, header, rows, table.notes)
    return table


def degrees(value: float) -> float:
    """A coordinate as it is written."""
    return round(value, DECIMALS)
