"""Fills a taught form: values into its cells, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Final

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Book as Words
from stationdesk.core.fields import Values
from stationdesk.core.progress import SILENT, Progress
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.template.book import Book, Sheet, copied, open_book
from stationdesk.sheets.template.cards import copy_sheet, rename_sheet, sheet_title
from stationdesk.sheets.template.formulas import Growth
from stationdesk.sheets.template.grow import grow, plain_formulas
from stationdesk.sheets.template.losses import drop_signatures, refuse_unsafe
from stationdesk.sheets.template.package import MAIN, Element
from stationdesk.sheets.template.places import Spot, spot_of
from stationdesk.sheets.template.putting import put, set_result, without_values
from stationdesk.sheets.template.results import compute_on_opening, results_of
from stationdesk.sheets.template.rows import TableWriter, Tally, growth_for, stream
from stationdesk.sheets.template.rules import FIGURE, TOTAL, FormKind, Template
from stationdesk.sheets.template.singles import CellFiller
from stationdesk.sheets.template.sources import NOTHING, Entry, Sources
from stationdesk.sheets.template.withholding import MARK, mark_withheld, withheld_columns
from stationdesk.sheets.template.writing import Content, text_content

MOST_CARDS: Final = 300
"""Cards in one workbook; among more nobody finds the way."""
_STEP: Final = 200


@dataclass(frozen=True, slots=True)
class Material:
    """What a form is filled with.

    `head` are the values that are the same for the whole file, figures by `singles.figure_key`. `entries` are
    read once, `count` is how many they are. `masked` says that the file leaves the station.
    """

    sources: Sources
    words: Words
    head: Values = field(default_factory=dict)
    entries: Iterable[Entry] = ()
    count: int = 0
    masked: bool = False

    def cell_filler(self) -> CellFiller:
        """What fills the single cells."""
        return CellFiller(self.sources, self.words, self.head, masked=self.masked)


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a form: rows or cards written, rows added, what was changed or did not fit, by label.

    `strange` counts, by label, the values that the form's own drop-down list does not offer.

    `titles` are the filled sheets; `tallies`, by column of the table, and `first` row are for whoever reads
    the file back.
    """

    rows: int
    titles: tuple[str, ...]
    added: int = 0
    cleaned: int = 0
    cut: int = 0
    unfit: Mapping[str, int] = field(default_factory=dict)
    strange: Mapping[str, int] = field(default_factory=dict)
    first: int = 0
    tallies: Mapping[int, Tally] = field(default_factory=dict)


def fill(
    blank: bytes, template: Template, material: Material, target: IO[bytes], progress: Progress = SILENT
) -> Filled:
    """Fill a form (.xlsx) and write it to `target`.

    Raises:
        UserError: the form does not fit the template, or has no room for so much.
        Cancelled: by `progress`.
    """
    book = open_book(blank)
    refuse_unsafe(book.package)
    drop_signatures(book.package)
    without_values(book)
    compute_on_opening(book)
    mark_withheld(book, template, material.sources, masked=material.masked)
    match template.kind:
        case FormKind.LIST:
            return _fill_list(book, template, material, target, progress)
        case FormKind.CARD:
            return _fill_cards(book, template, material, target, progress)
        case FormKind.FIGURES:
            return _fill_figures(book, template, material, target)


def _fill_list(
    book: Book, template: Template, material: Material, target: IO[bytes], progress: Progress
) -> Filled:
    if template.first < 1 or template.rows < 1 or not any(each.rule.source for each in template.columns):
        raise UserError("模板还没有说清表格从哪一行开始、各列填什么，不能填写。请在“上报模板”里补全后再填。")
    sheet = book.sheet(template.sheet)
    for each in book.sheets:
        if each.computes:
            plain_formulas(each)
    growth = growth_for(template, material.count)
    grow(book, growth)
    filler = material.cell_filler()
    filler.fill(template.cells, sheet, growth, Entry(NOTHING))
    table = TableWriter(
        sheet, template, material.sources, material.words, material.count, masked=material.masked
    )
    table.take_out()

    def finish() -> None:
        if table.written.rows != material.count:
            raise LostRows(f"counted {material.count} rows, wrote {table.written.rows}")
        lost = withheld_columns(template, material.sources, masked=material.masked)
        _fill_totals(sheet, template, growth, table.written.tallies, lost)

    rows = table.rows(_watched(material, progress))
    book.package.write_to(target, {sheet.part: stream(sheet, rows, finish)})
    written, rest = table.written, filler.remainder
    return Filled(
        written.rows,
        (sheet.title,),
        growth.count,
        written.cleaned + rest.cleaned,
        written.cut + rest.cut,
        {**rest.unfit, **written.unfit},
        written.strange,
        template.first,
        written.tallies,
    )


def _fill_totals(
    sheet: Sheet, template: Template, growth: Growth, tallies: Mapping[int, Tally], lost: Container[int]
) -> None:
    """Blank totals get what was added up, or the mark where that may not leave; formulas get their result."""
    for rule in template.cells:
        name = rule.rule.source
        if not name.startswith(TOTAL):
            continue
        column = name.removeprefix(TOTAL)
        tally = tallies.get(int(column)) if column.isdecimal() else None
        if tally is not None:
            spot = spot_of(rule.cell)
            number = tally.total if tally.numbers else Decimal(tally.filled)
            content = text_content(MARK) if int(column) in lost else Content(number=number)
            put(sheet, Spot(growth.row(spot.row), spot.column), content)
    for cell, result in results_of(sheet, template.first, template.last + growth.count, tallies):
        set_result(cell, result)


def _fill_cards(
    book: Book, template: Template, material: Material, target: IO[bytes], progress: Progress
) -> Filled:
    if material.count > MOST_CARDS:
        raise UserError(
            "一共要填 {count} 张，一个文件里最多放 {limit} 张。请按村居、类别或年龄分几次填。",
            count=material.count,
            limit=MOST_CARDS,
        )
    source = book.sheet(template.sheet)
    taken = {sheet.title.casefold() for sheet in book.sheets if sheet is not source}
    entries = tuple(material.entries)
    titles = [sheet_title(each.title or f"{source.title}{at}", taken) for at, each in enumerate(entries, 1)]
    for each in book.sheets:
        if each.computes:
            plain_formulas(each)
    sheets = [source, *(copy_sheet(book, source, title) for title in titles[1:])]
    if titles:
        rename_sheet(book, source, titles[0])
    filler = material.cell_filler()
    for number, (sheet, entry) in enumerate(zip(sheets, entries, strict=False), 1):
        _fill_card(sheet, template, entry, filler)
        progress.step(number, len(entries))
    book.package.write_to(target)
    rest = filler.remainder
    return Filled(len(entries), tuple(titles), cleaned=rest.cleaned, cut=rest.cut, unfit=rest.unfit)


def _fill_card(sheet: Sheet, template: Template, entry: Entry, filler: CellFiller) -> None:
    growth = None
    members = entry.members if template.rows and template.columns else ()
    if members:
        added = max(0, len(members) - template.rows)
        growth = Growth(sheet.title, template.first, template.last, added)
        grow(sheet.book, growth, (sheet,))
    filler.fill(template.cells, sheet, growth, entry)
    for number, member in enumerate(members, 1):
        row = template.first + number - 1
        if row > template.last:
            _add_row(sheet, row)
        for column in template.columns:
            filler.put(sheet, Spot(row, column.column), column, member, number)


def _add_row(sheet: Sheet, row: int) -> None:
    """A row that was added to a card looks like the one above it."""
    above = sheet.rows.get(row - 1)
    if above is None or row in sheet.rows:
        return
    twin = copied(above)
    twin.set("r", str(row))
    for cell in twin.iterchildren(f"{MAIN}c"):
        cell.set("r", Spot(row, spot_of(cell.get("r") or "").column).name)
        _emptied(cell)
    above.addnext(twin)
    sheet.rows[row] = twin


def _emptied(cell: Element) -> None:
    for child in list(cell):
        cell.remove(child)
    if "t" in cell.attrib:
        del cell.attrib["t"]


def _fill_figures(book: Book, template: Template, material: Material, target: IO[bytes]) -> Filled:
    sheet = book.sheet(template.sheet)
    filler = material.cell_filler()
    filler.fill(template.cells, sheet, None, Entry(NOTHING))
    book.package.write_to(target)
    rest = filler.remainder
    count = sum(each.rule.source.startswith(FIGURE) for each in template.cells)
    return Filled(count, (sheet.title,), cleaned=rest.cleaned, cut=rest.cut, unfit=rest.unfit)


def _watched(material: Material, progress: Progress) -> Iterator[Entry]:
    for number, entry in enumerate(material.entries, 1):
        if number % _STEP == 0:
            progress.step(number, max(number, material.count))
        yield entry
