"""What a form computes from columns that the rules keep from it: it says so in place of a number.

A column that may not leave stays blank, and the form's own sum over it would be 0.00: a number that is not true.
Whatever is computed from such a cell, at once or by way of others, gives way to a mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stationdesk.core.fields import Guard
from stationdesk.sheets.template.book import Book, Sheet
from stationdesk.sheets.template.formulas import Growth, references
from stationdesk.sheets.template.grow import formulas_of, plain_formulas
from stationdesk.sheets.template.package import MAIN
from stationdesk.sheets.template.places import Area, Spot, spot_of
from stationdesk.sheets.template.putting import put
from stationdesk.sheets.template.rules import TOTAL, Rule, Template
from stationdesk.sheets.template.sources import Sources
from stationdesk.sheets.template.writing import BLANK, text_content

MARK: Final = "按规定不列出"


def is_withheld(rule: Rule, sources: Sources, *, masked: bool) -> bool:
    """Whether what a rule names stays blank in this file."""
    source = sources.get(rule.source)
    return source is not None and source.guard is Guard.DROPPED and (masked or rule.writing.masked)


def withheld_columns(template: Template, sources: Sources, *, masked: bool) -> frozenset[int]:
    """The columns of the table that stay blank."""
    return frozenset(
        place
        for each in template.columns
        if is_withheld(each.rule, sources, masked=masked)
        for place in range(each.column, each.column + each.span)
    )


def mark_withheld(book: Book, template: Template, sources: Sources, *, masked: bool) -> None:
    """Replace the formulas of a blank form that speak of cells that will stay blank; before its table grows.

    In the rows of the table they are blank as well, elsewhere the mark stands.
    """
    table = Growth(template.sheet, template.first, template.last, 0)
    blank = [
        Area(table.first, column, table.last, column)
        for column in withheld_columns(template, sources, masked=masked)
    ]
    for each in template.cells:
        if is_withheld(each.rule, sources, masked=masked) and not each.rule.source.startswith(TOTAL):
            spot = spot_of(each.cell)
            blank.append(Area(spot.row, spot.column, spot.row, spot.column + each.span - 1))
    if not blank:
        return
    home = template.sheet.casefold()
    lost = {(home, each) for each in blank}
    left = list(_formulas(book))
    while found := [formula for formula in left if formula.speaks_of(lost)]:
        left = [formula for formula in left if not formula.speaks_of(lost)]
        for formula in found:
            spot = formula.spot
            inside = formula.sheet.title == template.sheet and table.holds(spot.row)
            first, last = (table.first, table.last) if inside else (spot.row, spot.row)
            lost.add((formula.sheet.title.casefold(), Area(first, spot.column, last, spot.column)))
            put(formula.sheet, spot, BLANK if inside else text_content(MARK))


@dataclass(frozen=True, slots=True)
class _Formula:
    sheet: Sheet
    spot: Spot
    about: tuple[tuple[str, Area], ...]

    def speaks_of(self, lost: set[tuple[str, Area]]) -> bool:
        return any(
            title == other and area.meets(place) for title, area in self.about for other, place in lost
        )


def _formulas(book: Book) -> Iterator[_Formula]:
    names = {
        (each.get("name") or "").casefold(): each.text or ""
        for each in book.workbook.iter(f"{MAIN}definedName")
    }
    for sheet in book.sheets:
        if not sheet.computes:
            continue
        plain_formulas(sheet)
        for cell, formula in formulas_of(sheet):
            about = tuple(references(formula.text or "", sheet.title, names))
            yield _Formula(sheet, spot_of(cell.get("r") or ""), about)
