"""The results of the plain sums under a table, so that a filled form can be read without computing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from stationdesk.sheets.reading.archives import column_number
from stationdesk.sheets.template.book import Book, Sheet
from stationdesk.sheets.template.grow import formulas_of
from stationdesk.sheets.template.package import LISTED, MAIN, Element, links_name
from stationdesk.sheets.template.places import spot_of
from stationdesk.sheets.template.rows import Tally
from stationdesk.sheets.template.writing import plain_number

_PLAIN = re.compile(r"\s*(SUM|COUNTA|COUNT)\s*\(\s*\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)\s*\)\s*")


def results_of(
    sheet: Sheet, first: int, last: int, tallies: Mapping[int, Tally]
) -> Iterator[tuple[Element, str]]:
    """Formulas below the table that add up or count one of its columns, with their results."""
    for cell, formula in formulas_of(sheet):
        match = _PLAIN.fullmatch(formula.text or "")
        if match is None or spot_of(cell.get("r") or "").row <= last:
            continue
        column = column_number(match[2])
        tally = tallies.get(column)
        if match[2] != match[4] or (int(match[3]), int(match[5])) != (first, last) or tally is None:
            continue
        match match[1]:
            case "SUM":
                yield cell, plain_number(tally.total)
            case "COUNT":
                yield cell, str(tally.numbers)
            case _:
                yield cell, str(tally.filled)


def compute_on_opening(book: Book) -> None:
    """Have everything computed when the file is opened.

    The list of formula cells, which would name cells that moved, goes: office programs make it anew.
    """
    package = book.package
    for link in list(package.links(book.main).values()):
        if link.kind == "calcChain":
            package.drop(link.target)
            root = package.tree(links_name(book.main))
            for each in list(root.iterchildren(f"{LISTED}Relationship")):
                if each.get("Id") == link.id:
                    root.remove(each)
    _ask_for_it(book)


def _ask_for_it(book: Book) -> None:
    setting = book.workbook.find(f"{MAIN}calcPr")
    if setting is None:
        setting = etree.Element(f"{MAIN}calcPr")
        behind = None
        for name in ("sheets", "functionGroups", "externalReferences", "definedNames"):
            found = book.workbook.find(f"{MAIN}{name}")
            behind = found if found is not None else behind
        if behind is None:
            return
        behind.addnext(setting)
    setting.set("fullCalcOnLoad", "1")
