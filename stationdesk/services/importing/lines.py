"""Rows of a table as values of fields: each cell read, names looked up, coordinates brought to WGS-84."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from stationdesk.core.datum import in_china
from stationdesk.core.entry import entered
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Kind, Value, Values
from stationdesk.core.masks import mask_name
from stationdesk.core.messages import _
from stationdesk.core.text import closed_up
from stationdesk.core.vocab import Datum, DatumOrigin
from stationdesk.db.base import field_map
from stationdesk.db.models import RECORDS
from stationdesk.services.importing.lists import Links
from stationdesk.services.importing.plans import Plan
from stationdesk.services.places import located_values
from stationdesk.sheets.reading.cells import Cell, Row
from stationdesk.sheets.reading.choosing import Codes
from stationdesk.sheets.reading.outcomes import Problem, Read
from stationdesk.sheets.reading.records import TableRow, sheet_row
from stationdesk.sheets.reading.values import plain_words, read_cell

_PLACES = frozenset({Kind.LATITUDE, Kind.LONGITUDE})
_NOTHING: frozenset[str] = frozenset()
_LOOKED_UP = frozenset({"village", "village_group", "worker", "organisation"})
"""Links that a name finds at once; people and households need more than a name."""


@dataclass(slots=True)
class Line:
    """A row as it was understood: values by field name, what was noted, and why it is refused, if it is."""

    number: int
    row: Row = ()
    places: Mapping[str, int] = field(default_factory=dict)
    """Where the cell of a field stands in the row; one mapping for all rows."""
    values: dict[str, Value] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    refusal: str = ""
    damaged: bool = False
    """Whether its ID number is one that a spreadsheet has damaged, and the row is refused for that alone."""

    @property
    def words(self) -> str:
        """Every text of the row."""
        return " ".join(cell for cell in self.row if isinstance(cell, str))

    def of(self, record: str) -> dict[str, Value]:
        """The values that are told for one kind of record, by field key; blank cells tell nothing."""
        start = f"{record}."
        behind = len(start)
        return {
            name[behind:]: value
            for name, value in self.values.items()
            if name.startswith(start) and value is not None and value != _NOTHING
        }

    def text(self, name: str) -> str:
        """The cell of a field as it was written; empty when there is none."""
        place = self.places.get(name)
        return plain_words(self.row[place]) if place is not None else ""


class Reader:
    """Reads the rows of a plan."""

    def __init__(self, plan: Plan, datum: Datum | None, codes: Codes, links: Links) -> None:
        by_name = {each.name: each for each in plan.targets}
        mapped = [(index, by_name[name]) for index, name in enumerate(plan.mapping) if name is not None]
        # The group of a village is sought once the village is known.
        mapped.sort(key=lambda each: each[1].spec.link == "village_group")
        self._mapped: Sequence[tuple[int, str, Field]] = [(at, told.name, told) for at, told in mapped]
        self._places = {name: at for at, name, _told in self._mapped}
        self._latitudes = [told for _at, told in mapped if told.spec.kind is Kind.LATITUDE]
        self._labels = [column.label for column in plan.table.columns]
        self._note = f"{plan.kind.record}.note"
        self._datum = datum
        self._codes = codes
        self._links = links
        self._drops_damaged = plan.drops_damaged
        self._known: dict[tuple[str, type, Cell], Read | Problem] = {}
        self._naming = f"{plan.kind.record}.name"
        self._raw = plan.workbook.sheet(plan.table.sheet)
        self._table = plan.table

    def read(self, row: TableRow) -> Line:
        """The row with all that can be read of it."""
        line = Line(row.number, row.cells, self._places)
        for index, name, told in self._mapped:
            cell = row.cells[index]
            if cell is not None and name == self._naming and self._is_lent(row, index):
                cell = None  # what a record is called is never taken from the row above
            if cell is not None:
                self._take(line, name, told, cell, self._labels[index])
        if self._latitudes:
            self._place(line)
        return line

    def _is_lent(self, told: TableRow, index: int) -> bool:
        """Whether the cell is blank in the file and was continued from the group above it."""
        side = self._table.side_of(told)
        if self._raw is None or index not in side.continued:
            return False
        at, column = sheet_row(told.number) - 1, side.columns[index].index
        row = self._raw.rows[at]
        if column < len(row) and row[column] is not None:
            return False
        merges = (each for each in self._raw.merges if each.left <= column <= each.right)
        return not any(each.top <= at <= each.bottom for each in merges)

    def _take(self, line: Line, name: str, told: Field, cell: Cell, label: str) -> None:
        if told.spec.link:
            self._take_link(line, told, plain_words(cell), label)
            return
        read = self._read(name, told, cell)
        if isinstance(read, Problem):
            self._leave(line, told, label, plain_words(cell), read.sentence)
            return
        if read.note:
            line.remarks.append(read.note)
        # As it will be stored, so that it can be compared with what is stored.
        value = read.value if told.spec.codes else entered(told, read.value)
        if told.spec.mask is mask_name and isinstance(value, str):
            value = closed_up(
                value
            )  # somebody's name: in a table of two and three characters they are lined up
        if name == self._note and line.values.get(name):
            # Several columns may go into the note; from the second on each says what it is.
            value = f"{line.values[name]}\n{label}：{value}" if value else line.values[name]
        line.values[name] = value

    def _read(self, name: str, told: Field, cell: Cell) -> Read | Problem:
        """Codes and choices repeat, so each word is looked up once."""
        if not (told.spec.codes or issubclass(told.type, Enum)):
            return read_cell(told, cell, self._codes)
        known = (name, type(cell), cell)
        if known not in self._known:
            self._known[known] = read_cell(told, cell, self._codes)
        return self._known[known]

    def _take_link(self, line: Line, told: Field, words: str, label: str) -> None:
        if told.spec.link not in _LOOKED_UP:
            line.values[told.name] = words
            return
        village = line.values.get(f"{told.record}.village_key")
        key = self._links.find(told.spec.link, words, village)
        if key is None:
            self._leave(
                line,
                told,
                label,
                words,
                _("“{text}”不在本站的“{field}”里").format(text=words, field=_(told.label)),
            )
        else:
            line.values[told.name] = key

    def _leave(self, line: Line, told: Field, label: str, words: str, why: str) -> None:
        """A cell that cannot be its field: damaged numbers and what must be there refuse the row, the rest is told."""
        needed = not told.optional and told.blank in (None, "")
        if told.spec.kind is Kind.ID_NUMBER and not needed:
            self._leave_number(line, label, why)
            return
        if needed:
            line.refusal = line.refusal or _("“{label}”：{why}").format(label=label, why=why)
            return
        line.remarks.append(_("“{label}”没有导入，原文记入备注：{why}").format(label=label, why=why))
        line.unread.append(f"{label}：{words}")

    def _leave_number(self, line: Line, label: str, why: str) -> None:
        """A damaged ID number is never mended: the row waits, or the worker takes it in without one."""
        if self._drops_damaged:
            line.remarks.insert(0, _("不带“{label}”导入：{why}").format(label=label, why=why))
        else:
            line.damaged = not line.refusal
            line.refusal = line.refusal or _("“{label}”：{why}").format(label=label, why=why)

    def _place(self, line: Line) -> None:
        for told in self._latitudes:
            record = told.record
            latitude, longitude = (
                line.values.pop(told.name, None),
                line.values.pop(f"{record}.longitude", None),
            )
            if latitude is None and longitude is None:
                continue
            if latitude is None or longitude is None or self._datum is None:
                line.remarks.append(_("坐标不全，位置没有导入"))
                continue
            self._locate(line, record, latitude, longitude)

    def _locate(self, line: Line, record: str, latitude: float, longitude: float) -> None:
        assert self._datum is not None  # noqa: S101 - asked before
        if not in_china(latitude, longitude):
            swapped = in_china(longitude, latitude)
            line.remarks.append(
                _("经度和纬度像是填反了，位置没有导入") if swapped else _("坐标不在国内，位置没有导入")
            )
            return
        written = f"{line.text(f'{record}.latitude')}, {line.text(f'{record}.longitude')}"
        place = located_values(latitude, longitude, self._datum, written, DatumOrigin.IMPORTED)
        line.values |= {f"{record}.{key}": value for key, value in place.items()}


def new_values(line: Line, record: str, told: Values) -> dict[str, Any]:
    """What a new record is told: the values of its row, with the unread cells kept in its note.

    What nobody told is left to the writing, so that the verdicts on a long list stay small.
    """
    values = dict(told)
    if line.unread and "note" in field_map(RECORDS[record]):
        values["note"] = "\n".join(filter(None, [values.get("note"), *line.unread]))
    return values


__all__ = ["Line", "Reader", "UserError", "new_values"]
