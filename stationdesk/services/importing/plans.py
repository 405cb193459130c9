"""A file as it will be imported: its table, what each column holds, and what was asked of the worker."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Kind, Value
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Datum
from stationdesk.services.importing.kinds import REQUIRED, ImportKind, targets, telling
from stationdesk.services.importing.lists import Links, StationCodes
from stationdesk.services.importing.memory import Remembered, fingerprint, remembered
from stationdesk.services.importing.open_files import HEADER, placed, with_notes
from stationdesk.services.store import Store
from stationdesk.sheets.open_formats.formats import SUFFIXES
from stationdesk.sheets.reading.cells import Sheet, Workbook
from stationdesk.sheets.reading.choosing import Codes
from stationdesk.sheets.reading.contents import guess_contents
from stationdesk.sheets.reading.evidence import Profile
from stationdesk.sheets.reading.guessing import Guess, fitness, guess_columns, profiles_of
from stationdesk.sheets.reading.sides import put_together
from stationdesk.sheets.reading.tables import SheetTable, find_tables
from stationdesk.sheets.reading.workbook import read_workbook

_LONGEST = 16

SURELY = 0.85
"""From this confidence on a guess needs no second look."""

ENDINGS = (
    *(".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt", ".ods", ".htm", ".html", ".mht", ".xml"),
    *SUFFIXES,
)
"""What files that can be imported are called; what they are, their content tells."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be imported and how; every part may be changed by the worker before the dry run.

    `mapping` has one entry a column of the table: the name of a field (`resource.name`) or None for a
    column that is not imported. `defaults` are values by field name for rows that tell none, such as the
    dimension and class of resources.
    """

    file: Path
    workbook: Workbook
    kind: ImportKind
    table: SheetTable
    guesses: tuple[Guess, ...]
    mapping: tuple[str | None, ...]
    defaults: Mapping[str, Value] = field(default_factory=dict)
    remembered: Remembered | None = None
    """How a list of this form was imported the last time, where it was."""
    tables: tuple[SheetTable, ...] = ()
    """Every table of the sheet, side by side and below one another; `table` is one of them.

    A list that is printed in several columns stands in front of its sides.
    """
    drops_damaged: bool = False
    """Whether rows come in without their ID number where a spreadsheet has damaged it, in place of being refused."""

    @property
    def place(self) -> int:
        """Which of the tables of its sheet is imported, from 0."""
        return next((at for at, each in enumerate(self.tables) if each is self.table), 0)

    @property
    def table_titles(self) -> tuple[str, ...]:
        """The tables of the sheet in words: which, where it stands, and what stands above it."""
        return tuple(
            _("第 {number} 个 {area} {title}")
            .format(number=number, area=each.area, title=self._title(each))
            .strip()
            for number, each in enumerate(self.tables, 1)
        )

    def _title(self, table: SheetTable) -> str:
        if table.sides:
            return _("{count} 栏合成一张 {title}").format(
                count=len(table.sides), title=table.title[:_LONGEST]
            )
        return table.title[:_LONGEST]

    @property
    def next_place(self) -> int | None:
        """The table of the sheet after this one, from 0; its own sides are none, they are imported with it."""
        after = self.place + 1 + len(self.table.sides)
        return after if after < len(self.tables) else None

    @property
    def proposed_datum(self) -> Datum | None:
        """The datum that the file tells, or that such a list had the last time; None to be asked."""
        last = self.remembered.datum if self.remembered is not None else None
        return self.told_datum or last

    @property
    def is_as_last_time(self) -> bool:
        """Whether every column is taken for what it was the last time."""
        return self.remembered is not None and self.mapping == self.remembered.mapping

    @property
    def is_corrected(self) -> bool:
        """Whether the worker said otherwise than the program guessed or remembered."""
        if self.remembered is not None:
            return not self.is_as_last_time
        return self.mapping != _heads_named(self.kind, _mapping(self.guesses))

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets with something in them, hidden ones last."""
        filled = [sheet for sheet in self.workbook.sheets if not sheet.is_blank]
        return tuple(sheet.name for sheet in sorted(filled, key=lambda sheet: sheet.hidden))

    @property
    def targets(self) -> tuple[Field, ...]:
        """The fields a column may be mapped to."""
        return targets(self.kind)

    @property
    def asks_datum(self) -> bool:
        """Whether coordinates are mapped, so that their datum has to be told."""
        mapped = set(self.mapping)
        places = {Kind.LATITUDE, Kind.LONGITUDE}
        return any(each.spec.kind in places and each.name in mapped for each in self.targets)

    @property
    def told_datum(self) -> Datum | None:
        """The datum that the file itself tells: by the standard of its format, or in the label of a column.

        It is a proposal: points from a map of the trade stay shifted whatever format they are saved in.
        """
        if self.workbook.form:
            return Datum.WGS84
        labels = " ".join(
            column.label.upper()
            for column, name in zip(self.table.columns, self.mapping, strict=True)
            if name is not None and name.endswith((".latitude", ".longitude"))
        )
        told = [datum for word, datum in _DATUM_WORDS.items() if word in labels]
        return told[0] if len(set(told)) == 1 else None

    @property
    def missing(self) -> tuple[tuple[Field, ...], ...]:
        """Groups of fields of which at least one has to be mapped and none is."""
        by_name = {each.name: each for each in self.targets}
        mapped = set(self.mapping)
        return tuple(
            tuple(by_name[name] for name in group) for group in REQUIRED[self.kind] if not mapped & set(group)
        )

    def mapped(self, *mapping: str | None) -> Plan:
        """The plan with another mapping: one field name or None for each column."""
        if len(mapping) != len(self.table.columns):
            raise ValueError("one entry for each column is needed")
        once = [name for name in mapping if name is not None and not name.endswith(".note")]
        if len(once) != len(set(once)):
            double = next(name for name in once if once.count(name) > 1)
            label = next(each.label for each in self.targets if each.name == double)
            raise UserError("“{field}”指定给了两列。请只留一列。", field=_(label))
        return replace(self, mapping=mapping)

    def dropping_damaged(self, *, drops: bool) -> Plan:
        """The plan with rows of damaged ID numbers taken in without them, or refused."""
        return replace(self, drops_damaged=drops)

    def with_defaults(self, defaults: Mapping[str, Value]) -> Plan:
        """The plan with other values for what the file does not tell."""
        return replace(self, defaults=MappingProxyType(dict(defaults)))


_DATUM_WORDS = {
    "WGS": Datum.WGS84,
    "CGCS2000": Datum.WGS84,
    "GCJ": Datum.GCJ02,
    "BD-09": Datum.BD09,
    "BD09": Datum.BD09,
}


def read_plan(
    store: Store,
    file: Path,
    kind: ImportKind | None = None,
    sheet: str | None = None,
    progress: Progress = SILENT,
    *,
    header: tuple[int, int] | None = None,
    place: int | None = None,
) -> Plan:
    """Read a file and propose how to import it. Without `kind`, `sheet` or `place` the best fit is taken.

    Raises:
        UserError: the file cannot be read, or has no table.
        Cancelled: the worker pressed Cancel.
    """
    progress.say(_("正在读取 {file}").format(file=file.name))
    return plan_for(store, file, read_workbook(file, progress), kind, sheet, header, place)


def plan_for(
    store: Store,
    file: Path,
    workbook: Workbook,
    kind: ImportKind | None = None,
    sheet: str | None = None,
    header: tuple[int, int] | None = None,
    place: int | None = None,
) -> Plan:
    """The proposal for a workbook that was read already: for another kind, sheet, header or table of the sheet.

    `header` are the numbers of the first and the last header row, from 1; `place` counts the tables from 0.
    """
    kinds = tuple(ImportKind) if kind is None else (kind,)
    headless = workbook.pasted_into is not None and header in {None, HEADER}
    if workbook.form or headless:
        header = HEADER
    with store.reading() as session:
        names, codes = Links(session).names(), StationCodes(session)
        # Rows without a header have no form by which they could be known again.
        kept = [] if headless else remembered(session, kinds)
    best: _Best | None = None
    refused: UserError | None = None
    for each in _sheets(workbook, sheet):
        try:
            tables, memory = _tables(each, kept, _labels(kinds), header)
        except UserError as error:
            refused = refused or error
            continue
        for table in _chosen(tables, place):
            profiles = profiles_of(table)
            for one in kinds:
                known = memory.get((id(table), one))
                fit = fitness(guess_columns(table, telling(one), names, codes, profiles))
                if known is not None:
                    fit += _KNOWN
                if best is None or fit > best.fit:
                    best = _Best(fit, table, one, tables, known, profiles)
        if best is not None and best.known is not None:
            break
    if best is None:
        raise refused or UserError("文件里没有内容。请检查是不是选错了文件。")
    guesses, table = _guessed(best, workbook, names, codes, headless=headless)
    mapping = _heads_named(best.kind, _mapping(guesses))
    tables = tuple(table if each is best.table else each for each in best.tables)
    plan = Plan(file, workbook, best.kind, table, guesses, mapping, tables=tables)
    if best.known is None:
        return plan
    return replace(plan, mapping=best.known.mapping, defaults=best.known.defaults, remembered=best.known)


@dataclass(frozen=True, slots=True)
class _Best:
    """The table of a file that a kind of list explains best."""

    fit: float
    table: SheetTable
    kind: ImportKind
    tables: tuple[SheetTable, ...]
    known: Remembered | None
    profiles: Sequence[Profile]


def _guessed(
    best: _Best, workbook: Workbook, names: Mapping[str, Collection[str]], codes: Codes, *, headless: bool
) -> tuple[tuple[Guess, ...], SheetTable]:
    """What each column seems to hold, and the table with what has to be said of it."""
    fields, table = targets(best.kind), with_notes(best.table, workbook)
    if headless:
        order = workbook.pasted_into or ()
        guesses = guess_contents(table, fields, names, codes, best.profiles, order)
        return guesses, replace(table, notes=(_told_by_contents(guesses), *table.notes))
    guesses = guess_columns(table, fields, names, codes, best.profiles)
    return placed(guesses, fields) if workbook.form else guesses, table


_KNOWN = 1_000.0
"""What a form that was imported before counts more than any guess."""


def _told_by_contents(guesses: Sequence[Guess]) -> str:
    """That the columns were told by their contents, and which of them nobody should rely on."""
    words = _("这些行没有表头，各列是按内容猜的，请核对。")
    doubtful = [
        guess.column.letter for guess in guesses if guess.field is not None and guess.confidence < SURELY
    ]
    if doubtful:
        words += _("没有把握的列：{columns}。").format(columns="、".join(doubtful))
    unknown = [guess.column.letter for guess in guesses if guess.field is None]
    if unknown:
        words += _("没看出来的列：{columns}。").format(columns="、".join(unknown))
    return words


def _chosen(tables: tuple[SheetTable, ...], place: int | None) -> tuple[SheetTable, ...]:
    if place is None:
        sides = {id(side) for table in tables for side in _sides_of(table, tables)}
        return tuple(table for table in tables if id(table) not in sides)
    if not 0 <= place < len(tables):
        raise UserError(
            "这张工作表里有 {count} 个表，没有第 {place} 个。", count=len(tables), place=place + 1
        )
    return tables[place : place + 1]


def _sides_of(table: SheetTable, tables: tuple[SheetTable, ...]) -> tuple[SheetTable, ...]:
    """The tables right behind a list that was put together from them."""
    behind = next(at for at, each in enumerate(tables, 1) if each is table)
    return tables[behind : behind + len(table.sides)]


def _tables(
    sheet: Sheet, kept: Sequence[Remembered], labels: set[str], header: tuple[int, int] | None
) -> tuple[tuple[SheetTable, ...], dict[tuple[int, ImportKind], Remembered]]:
    """The tables of a sheet, and of those whose header was imported before, how; by table and kind.

    The header rows of the last time are tried too: the worker may have corrected them then.
    """
    refused: UserError | None = None
    tables: tuple[SheetTable, ...] = ()
    try:
        tables = put_together(find_tables(sheet, labels, header))
    except UserError as error:
        refused = error
    memory = _memory(tables, kept)
    if header is None and not memory:
        for other in dict.fromkeys(each.header for each in kept):
            if other[1] >= len(sheet.rows) or any(table.header == other for table in tables):
                continue
            try:
                moved = put_together(find_tables(sheet, labels, other))
            except UserError:
                continue
            if found := _memory(moved, kept):
                return moved, found
    if refused is not None:
        raise refused
    return tables, memory


def _memory(
    tables: Sequence[SheetTable], kept: Sequence[Remembered]
) -> dict[tuple[int, ImportKind], Remembered]:
    found: dict[tuple[int, ImportKind], Remembered] = {}
    for table in tables:
        for each in kept:
            mark = (id(table), each.kind)
            if mark not in found and fingerprint(each.kind, table.columns) == each.fingerprint:
                found[mark] = each
    return found


def _mapping(guesses: Sequence[Guess]) -> tuple[str | None, ...]:
    return tuple(guess.field.name if guess.field is not None else None for guess in guesses)


def _heads_named(kind: ImportKind, mapping: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """A list of households names their heads only: those are the people it brings."""
    if kind is not ImportKind.PEOPLE or "person.name" in mapping:
        return mapping
    return tuple("person.name" if name == "household.head_name" else name for name in mapping)


def _sheets(workbook: Workbook, name: str | None) -> list[Sheet]:
    if name is not None:
        found = workbook.sheet(name)
        if found is None:
            raise UserError("文件里没有工作表“{sheet}”。", sheet=name)
        return [found]
    shown = [sheet for sheet in workbook.sheets if not sheet.is_blank and not sheet.hidden]
    return shown or [sheet for sheet in workbook.sheets if not sheet.is_blank]


def _labels(kinds: tuple[ImportKind, ...]) -> set[str]:
    return {name for kind in kinds for each in targets(kind) for name in (each.label, *each.spec.aliases)}
