"""What a cell of a form lets one choose: drop-down lists, and boxes to tick in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.sheets.template.book import Book, Sheet
from stationdesk.sheets.template.package import MAIN, Element
from stationdesk.sheets.template.places import Area, Spot, area_of

_MOST: Final = 300
_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)
_BOXES: Final = "□☐○◯"
_BOX = re.compile(rf"[{_BOXES}]\s*([^{_BOXES}\s:：_，,；;]+(?:（[^）]*）|\([^)]*\))?)")


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A drop-down list of the form: where it holds, and what it offers."""

    areas: tuple[Area, ...]
    options: tuple[str, ...]


def choice_lists(book: Book, sheet: Sheet) -> tuple[ChoiceList, ...]:
    """The drop-down lists of a sheet, those of newer office programs included."""
    found = []
    for each in sheet.root.iter("*"):
        if etree.QName(each).localname == "dataValidation" and each.get("type") == "list":
            options = _options(book, sheet, _formula(each))
            areas = _areas(each)
            if options and areas:
                found.append(ChoiceList(areas, options))
    return tuple(found)


def options_at(lists: tuple[ChoiceList, ...], spot: Spot) -> tuple[str, ...]:
    """What may be chosen in a cell; nothing where anything may be written."""
    for each in lists:
        if any(spot in area for area in each.areas):
            return each.options
    return ()


def boxes_in(text: str) -> tuple[str, ...]:
    """The words beside the boxes of a text: □低保 □特困 gives both."""
    return tuple(match[1] for match in _BOX.finditer(text))


def with_boxes_ticked(text: str, words: frozenset[str]) -> str:
    """The text with the boxes of these words ticked."""
    return _BOX.sub(lambda match: ("☑" + match[0][1:]) if match[1] in words else match[0], text)


def _formula(validation: Element) -> str:
    for each in validation.iter("*"):
        if etree.QName(each).localname == "formula1":
            return "".join(map(str, each.itertext())).strip()
    return ""


def _areas(validation: Element) -> tuple[Area, ...]:
    text = validation.get("sqref") or next(
        (each.text or "" for each in validation.iter("*") if etree.QName(each).localname == "sqref"), ""
    )
    areas = []
    for each in text.split():
        try:
            areas.append(area_of(each))
        except ValueError:
            continue
    return tuple(areas)


def _options(book: Book, sheet: Sheet, formula: str) -> tuple[str, ...]:
    if len(formula) > 1 and formula[0] == formula[-1] == '"':
        words = [clean_line(each) for each in formula[1:-1].replace("，", ",").split(",")]
        return tuple(word for word in words if word)[:_MOST]
    reference = formula.lstrip("=")
    for name in book.workbook.iter(f"{MAIN}definedName"):
        if (name.get("name") or "").casefold() == reference.casefold():
            reference = name.text or ""
            break
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return ()
    title = (match[1] or "").replace("''", "'") or match[2] or sheet.title
    where = next((each for each in book.sheets if each.title == title), None)
    if where is None or where.is_long:
        return ()
    area = area_of(f"{match[3]}{match[4]}:{match[5] or match[3]}{match[6] or match[4]}")
    if (area.bottom - area.top + 1) * (area.right - area.left + 1) > _MOST:
        area = Area(area.top, area.left, min(area.bottom, area.top + _MOST - 1), area.left)
    words = [
        clean_line(where.text(Spot(row, column)))
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
    return tuple(word for word in words if word)


__all__ = ["ChoiceList", "boxes_in", "choice_lists", "options_at", "with_boxes_ticked"]
