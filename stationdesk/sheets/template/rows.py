"""The rows of the growing table, written one after the other as text: a form of 50,000 rows takes no more memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from stationdesk.core.fields import Book as Words
from stationdesk.sheets.template.book import Book, Sheet, has_formula
from stationdesk.sheets.template.choices import choice_lists, options_at
from stationdesk.sheets.template.formulas import Growth, grown_formula
from stationdesk.sheets.template.package import MAIN, Element, serialised
from stationdesk.sheets.template.places import Spot, spot_of
from stationdesk.sheets.template.putting import cell_xml, height_of, look_for, text_xml
from stationdesk.sheets.template.rules import NUMBERING, ColumnRule, Template
from stationdesk.sheets.template.sources import Entry, Sources
from stationdesk.sheets.template.writing import BLANK, Content, content_of, signs_of

_MARK_NAME: Final = "stationdesk-rows"
MARK: Final = etree.tostring(etree.ProcessingInstruction(_MARK_NAME))
"""Stands in the tree where the rows of the table go."""


@dataclass(slots=True)
class Tally:
    """What stands in one column so far: how many cells hold something, how many a number, and their sum."""

    filled: int = 0
    numbers: int = 0
    total: Decimal = Decimal(0)


@dataclass(slots=True)
class Written:
    """What became of a table. `unfit` are the labels of columns whose values did not fit their boxes."""

    rows: int = 0
    cleaned: int = 0
    cut: int = 0
    tallies: dict[int, Tally] = field(default_factory=dict)
    unfit: dict[str, int] = field(default_factory=dict)
    strange: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a pattern row: its style, and what it keeps where no rule speaks of it."""

    column: int
    look: int
    formula: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A row of the blank form that new rows are like."""

    row: int
    attributes: str
    height: float
    fixed: bool
    cells: dict[int, _Cell]

    def attributes_for(self, needed: float) -> str:
        """The attributes of a row whose text needs so much height."""
        if needed <= self.height and not self.fixed:
            return self.attributes
        return f'{self.attributes} ht="{max(needed, self.height):g}" customHeight="1"'


class TableWriter:
    """Writes the rows of one table; made after the sheet has grown, before its rows are taken out."""

    def __init__(
        self, sheet: Sheet, template: Template, sources: Sources, words: Words, count: int, *, masked: bool
    ) -> None:
        self.written = Written()
        self._sheet = sheet
        self._book: Book = sheet.book
        self._template = template
        self._sources = sources
        self._words = words
        self._count = count
        self._masked = masked
        self.growth = growth_for(template, count)
        self._patterns = {row: self._pattern(row) for row in range(template.first, template.last + 1)}
        self._rules: dict[int, ColumnRule] = {
            each.column: each for each in template.columns if each.rule.source
        }
        self._since_1904 = sheet.book.since_1904
        self._widths = {
            column: sheet.width(sheet.own_area(Spot(template.first, column))) for column in self._rules
        }
        lists = choice_lists(sheet.book, sheet)
        self._options = {
            column: frozenset(options)
            for column in self._rules
            if (options := options_at(lists, Spot(template.first, column)))
        }

    def take_out(self) -> None:
        """Take the table's own rows out of the tree and leave the mark that `stream` looks for."""
        rows = self._sheet.rows
        first = self._template.first
        mark = etree.ProcessingInstruction(_MARK_NAME)
        later = next((row for number, row in sorted(rows.items()) if number >= first), None)
        if later is None:
            self._sheet.data.append(mark)
        else:
            later.addprevious(mark)
        for number in range(first, self._template.last + 1):
            row = rows.pop(number, None)
            if row is not None:
                self._sheet.data.remove(row)

    def rows(self, entries: Iterable[Entry]) -> Iterator[bytes]:
        """Every row of the table: those of the entries, then those that stay blank."""
        number = 0
        for number, entry in enumerate(entries, 1):
            yield self._row(number, entry)
        self.written.rows = number
        for blank in range(number + 1, self._template.rows + 1):
            yield self._row(blank, None)

    def _pattern_for(self, number: int) -> _Pattern:
        first, last = self._template.first, self._template.last
        if not self.growth.count:
            return self._patterns[first + number - 1]
        if number == self._count:
            return self._patterns[last]
        return self._patterns[min(first + number - 1, max(first, last - 1))]

    def _row(self, number: int, entry: Entry | None) -> bytes:
        pattern = self._pattern_for(number)
        row = self._template.first + number - 1
        cells: dict[int, str] = {}
        needed = 0.0
        for column, cell in pattern.cells.items():
            cells[column] = self._kept(cell, row, pattern.row)
        if entry is not None:
            for column, rule in self._rules.items():
                needed = max(needed, self._fill(cells, pattern, Spot(row, column), rule, entry, number))
        inside = "".join(cells[column] for column in sorted(cells))
        return f'<row r="{row}"{pattern.attributes_for(needed)}>{inside}</row>'.encode()

    def _fill(
        self,
        cells: dict[int, str],
        pattern: _Pattern,
        spot: Spot,
        rule: ColumnRule,
        entry: Entry,
        number: int,
    ) -> float:
        source = self._sources.get(rule.rule.source)
        value = number if rule.rule.source == NUMBERING else entry.values.get(rule.rule.source)
        content = content_of(rule.rule, source, value, self._words, masked=self._masked, minor=entry.minor)
        self.written.cleaned += content.cleaned
        self.written.cut += content.cut
        self._count_in(spot.column, content)
        self._look_up(rule, content)
        if rule.span > 1:
            self._fill_boxes(cells, pattern, spot, rule, content)
            return 0.0
        kind = source.kind if source is not None else None
        own = pattern.cells.get(spot.column)
        look = own.look if own is not None else 0
        looks = self._book.looks
        width = self._widths[spot.column]
        if kind is not None:
            look = look_for(looks, look, content, kind, width)
        cells[spot.column] = cell_xml(spot.name, look, content, since_1904=self._since_1904)
        return height_of(looks, look, content, width)

    def _fill_boxes(
        self, cells: dict[int, str], pattern: _Pattern, spot: Spot, rule: ColumnRule, content: Content
    ) -> None:
        signs = signs_of(content, rule.span)
        if content.shown and not signs:
            self.written.unfit[rule.label] = self.written.unfit.get(rule.label, 0) + 1
        for place in range(rule.span):
            column = spot.column + place
            own = pattern.cells.get(column)
            sign = Content(signs[place], code=True) if place < len(signs) else BLANK
            look = own.look if own is not None else 0
            if sign.text:
                look = self._book.looks.variant(look, number_format="@")
            cells[column] = cell_xml(Spot(spot.row, column).name, look, sign, since_1904=self._since_1904)

    def _look_up(self, rule: ColumnRule, content: Content) -> None:
        """Note a value that the form's own drop-down list does not offer."""
        options = self._options.get(rule.column)
        if options and not content.is_blank and content.shown not in options:
            self.written.strange[rule.label] = self.written.strange.get(rule.label, 0) + 1

    def _count_in(self, column: int, content: Content) -> None:
        tally = self.written.tallies.setdefault(column, Tally())
        tally.filled += not content.is_blank
        if content.number is not None:
            tally.numbers += 1
            tally.total += Decimal(str(content.number))
        elif content.day is not None:
            tally.numbers += 1

    def _kept(self, cell: _Cell, row: int, pattern_row: int) -> str:
        name = Spot(row, cell.column).name
        style = f' s="{cell.look}"' if cell.look else ""
        if cell.formula:
            down = row - pattern_row
            formula = grown_formula(cell.formula, self.growth, self._sheet.title, own=pattern_row, down=down)
            return f'<c r="{name}"{style}><f>{escape(formula)}</f></c>'
        return f'<c r="{name}"{style}{cell.kept}' if cell.kept else f'<c r="{name}"{style}/>'

    def _pattern(self, number: int) -> _Pattern:
        row = self._sheet.rows.get(number)
        cells: dict[int, _Cell] = {}
        if row is None:
            return _Pattern(number, "", self._sheet.usual_height, False, cells)
        for cell in row.iterchildren(f"{MAIN}c"):
            column = spot_of(cell.get("r") or "").column
            cells[column] = self._pattern_cell(column, cell)
        attributes = "".join(
            f" {name}={quoteattr(str(value))}"
            for name, value in row.attrib.items()
            if name in {"s", "customFormat", "hidden", "outlineLevel", "collapsed", "thickTop", "thickBot"}
        )
        height = float(row.get("ht") or self._sheet.usual_height)
        return _Pattern(number, attributes, height, bool(row.get("ht")), cells)

    def _pattern_cell(self, column: int, cell: Element) -> _Cell:
        look = int(cell.get("s") or 0)
        if has_formula(cell):
            return _Cell(column, look, formula=cell.findtext(f"{MAIN}f") or "")
        text = "" if self._template.cleared else self._book.text_of(cell)
        if not text:
            return _Cell(column, look)
        if cell.get("t", "n") == "n":
            return _Cell(column, look, kept=f"><v>{escape(cell.findtext(f'{MAIN}v') or '')}</v></c>")
        return _Cell(column, look, kept=f' t="inlineStr">{text_xml(text)}</c>')


def growth_for(template: Template, count: int) -> Growth:
    """How a template's table must grow for so many records."""
    return Growth(template.sheet, template.first, template.last, max(0, count - template.rows))


def stream(sheet: Sheet, rows: Iterable[bytes], finish: Callable[[], None]) -> Iterator[bytes]:
    """The sheet's XML with the rows where the mark stands; `finish` is called before what is below is written."""
    yield serialised(sheet.root).partition(MARK)[0]
    yield from rows
    finish()
    yield serialised(sheet.root).partition(MARK)[2]
