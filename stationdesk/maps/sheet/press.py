"""Printing a composed sheet: once, and again with marks for the signs that no font of this computer has."""

from __future__ import annotations

from pathlib import Path

from stationdesk.core.printing import Printer
from stationdesk.maps.sheet.check import check_layout
from stationdesk.maps.sheet.compose import Sheet, compose
from stationdesk.maps.sheet.glyphs import missing_signs, with_marks


def print_sheet(sheet: Sheet, printer: Printer, part: Path) -> tuple[Sheet, frozenset[str]]:
    """Print a sheet to a file; what was printed in the end, and the signs that stand on it as a mark.

    Raises:
        UserError: composed with marks, it does not pass the check of its layout.
    """
    spec = sheet.layout.spec
    missing: frozenset[str] = frozenset()
    printer.print_html(sheet.html, part, spec.setup)
    # Of signs that stand together the file may name the first one only.
    while fresh := missing_signs(part, sheet) - missing:
        missing |= fresh
        sheet = compose(with_marks(spec, missing))
        check_layout(sheet)
        printer.print_html(sheet.html, part, spec.setup)
    return sheet, missing
