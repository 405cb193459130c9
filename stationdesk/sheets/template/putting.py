"""Contents into cells: which style they need, how they stand in XML, how high their row must be."""

from __future__ import annotations

import re
from datetime import date
from math import ceil
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from stationdesk.sheets.cells import tidied
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.template.book import Book, Sheet
from stationdesk.sheets.template.looks import TEXT, Looks
from stationdesk.sheets.template.package import MAIN, Element
from stationdesk.sheets.template.places import Spot, spot_of
from stationdesk.sheets.template.writing import Content, plain_number
from stationdesk.sheets.widths import lines_of, text_width

_ESCAPE = re.compile("(?<=_)(?=x[0-9A-Fa-f]{4}_)")
_EPOCH: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
_LINE: Final = 1.32
"""Height of a line in sizes of its font; Chinese fonts need some more than Latin ones."""
_MARGIN: Final = 4.0
_HIGHEST: Final = 409.0  # points, the published limit of a row


def look_for(looks: Looks, look: int, content: Content, kind: CellKind, width: float) -> int:
    """The style a cell needs for a content: the form's own, or that with one thing changed."""
    if content.day is not None:
        return look if looks.is_date(look) else looks.variant(look, number_format="yyyy-mm-dd")
    if content.number is not None:
        return _look_for_number(looks, look, kind)
    if not content.text:
        return look
    long = text_width(content.text) > max(width - 1, 1) or "\n" in content.text
    as_text = content.code and looks.number_format(look) != TEXT
    if not (long or as_text or content.quoted):
        return look
    return looks.variant(
        look,
        number_format=TEXT if content.code else "",
        quoted=content.quoted,
        wrapped=long and not content.code and not looks.is_shrunk(look),
        shrunk=long and content.code and not looks.is_wrapped(look),
    )


def _look_for_number(looks: Looks, look: int, kind: CellKind) -> int:
    told = looks.number_format(look)
    if kind is CellKind.PERCENT and "%" not in told:
        return looks.variant(look, number_format="0.0%")
    if kind is CellKind.MONEY and told in {"General", TEXT}:
        return looks.variant(look, number_format="0.00")
    return looks.variant(look, number_format="General") if told == TEXT else look


def inner_xml(content: Content, *, since_1904: bool) -> tuple[str, str]:
    """The type and the inside of a cell's element; empty for a blank content."""
    if content.day is not None:
        return "", f"<v>{(content.day - (_EPOCH_1904 if since_1904 else _EPOCH)).days}</v>"
    if content.number is not None:
        return "", f"<v>{plain_number(content.number)}</v>"
    return ("inlineStr", text_xml(content.text)) if content.text else ("", "")


def text_xml(text: str) -> str:
    """A text as a cell holds it inline; in two runs where office programs would read an escape into it."""
    runs = [run for run in _ESCAPE.split(text) if run] if "_x" in text else [text]
    if len(runs) == 1:
        return f'<is><t xml:space="preserve">{escape(text)}</t></is>'
    return "<is>" + "".join(f'<r><t xml:space="preserve">{escape(run)}</t></r>' for run in runs) + "</is>"


def cell_xml(name: str, look: int, content: Content, *, since_1904: bool) -> str:
    """One cell as text."""
    kind, inner = inner_xml(content, since_1904=since_1904)
    style = f' s="{look}"' if look else ""
    if not inner:
        return f'<c r="{name}"{style}/>'
    typed = f' t="{kind}"' if kind else ""
    return f'<c r="{name}"{style}{typed}>{inner}</c>'


def put(sheet: Sheet, spot: Spot, content: Content, kind: CellKind = CellKind.TEXT) -> None:
    """Write a content into a cell of the tree, made where there is none; a formula there gives way."""
    looks = sheet.book.looks
    area = sheet.own_area(spot)
    look = look_for(looks, sheet.look(spot), content, kind, sheet.width(area))
    cell = _cell_at(sheet, spot)
    for child in list(cell):
        cell.remove(child)
    if "t" in cell.attrib:
        del cell.attrib["t"]
    if look:
        cell.set("s", str(look))
    typed, inner = inner_xml(content, since_1904=sheet.book.since_1904)
    if inner:
        if typed:
            cell.set("t", typed)
        cell.append(_element(inner))
    if area.top == area.bottom and content.text:
        needed = height_of(looks, look, content, sheet.width(area))
        row = sheet.rows[spot.row]
        if needed > float(row.get("ht") or sheet.usual_height):
            row.set("ht", f"{needed:.2f}")
            row.set("customHeight", "1")


def put_text(sheet: Sheet, spot: Spot, text: str) -> None:
    """Replace the text of a cell and nothing else: for gaps and boxes in it."""
    cell = _cell_at(sheet, spot)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    cell.append(_element(text_xml(tidied(text).text)))


def height_of(looks: Looks, look: int, content: Content, width: float) -> float:
    """The height in points that a row needs for a text; 0 where one line will do."""
    if not content.text or not looks.is_wrapped(look):
        return 0.0
    points = looks.points(look)
    # Widths are counted in digits of the usual font, some 11 points high.
    lines = lines_of(content.text, width * 11 / max(points, 6.0))
    return min(_HIGHEST, ceil(lines * points * _LINE + _MARGIN)) if lines > 1 else 0.0


def without_values(book: Book) -> None:
    """Take the last results out of all formulas: they are those of the blank form."""
    for sheet in (each for each in book.sheets if each.computes):
        for row in sheet.rows.values():
            for cell in row.iterchildren(f"{MAIN}c"):
                value = cell.find(f"{MAIN}v")
                if value is not None and cell.find(f"{MAIN}f") is not None:
                    cell.remove(value)
                    if "t" in cell.attrib:
                        del cell.attrib["t"]


def set_result(cell: Element, number: str) -> None:
    """Give a formula its result, so that it can be read without computing it."""
    value = cell.find(f"{MAIN}v")
    if value is None:
        value = etree.SubElement(cell, f"{MAIN}v")
    value.text = number


def _element(inner: str) -> Element:
    return etree.fromstring(f'<x xmlns="{MAIN[1:-1]}">{inner}</x>')[0]


def _cell_at(sheet: Sheet, spot: Spot) -> Element:
    found = sheet.cell(spot)
    if found is not None:
        return found
    row = sheet.rows.get(spot.row)
    if row is None:
        row = etree.Element(f"{MAIN}row", r=str(spot.row))
        later = next((each for number, each in sorted(sheet.rows.items()) if number > spot.row), None)
        if later is None:
            sheet.data.append(row)
        else:
            later.addprevious(row)
        sheet.rows[spot.row] = row
    look = sheet.look(spot)
    cell = etree.Element(f"{MAIN}c", r=spot.name)
    if look:
        cell.set("s", str(look))
    after = next(
        (each for each in row.iterchildren(f"{MAIN}c") if spot_of(each.get("r") or "").column > spot.column),
        None,
    )
    if after is None:
        row.append(cell)
    else:
        after.addprevious(cell)
    return cell
