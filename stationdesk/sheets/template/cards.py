"""One sheet of a form once more: with its pictures, boxes, print area and everything else that hangs on it."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.sheets.template.book import Book, Sheet, copied
from stationdesk.sheets.template.formulas import renamed_formula
from stationdesk.sheets.template.package import LINKED, LISTED, MAIN, Package, links_name, serialised

LONGEST_TITLE: Final = 31
_SHARED: Final = frozenset({"image", "printerSettings", "hyperlink", "theme"})
"""Parts that several sheets may use together."""
_ILLEGAL = re.compile(r"[\[\]:*?/\\]")


def sheet_title(wish: str, taken: set[str]) -> str:
    """A title that a sheet may have and no other has; it is added to `taken`."""
    base = _ILLEGAL.sub("_", clean_line(wish)).strip("' ")[:LONGEST_TITLE] or "表"
    title, number = base, 1
    while title.casefold() in taken or title.casefold() == "history":
        number += 1
        tail = f"({number})"
        title = base[: LONGEST_TITLE - len(tail)] + tail
    taken.add(title.casefold())
    return title


def copy_sheet(book: Book, source: Sheet, title: str) -> Sheet:
    """The same sheet once more, at the end of the workbook."""
    package = book.package
    part = _copy_part(package, source.part)
    root = package.tree(part)
    for view in root.iter(f"{MAIN}sheetView"):
        if "tabSelected" in view.attrib:
            del view.attrib["tabSelected"]
    for setting in root.iter(f"{MAIN}sheetPr"):
        if "codeName" in setting.attrib:
            del setting.attrib["codeName"]
    number = _link(package, book.main, part)
    sheets = book.workbook.find(f"{MAIN}sheets")
    if sheets is None:
        raise ValueError("a workbook has sheets")
    highest = max(int(each.get("sheetId") or 0) for each in sheets)
    each = etree.SubElement(sheets, f"{MAIN}sheet", name=title, sheetId=str(highest + 1))
    each.set(f"{LINKED}id", number)
    fresh = Sheet(book, title, part, hidden=False)
    book.sheets.append(fresh)
    _copy_names(book, source, title, len(sheets) - 1)
    for each in root.iter(f"{MAIN}f"):
        if each.text:
            each.text = renamed_formula(each.text, source.title, title)
    return fresh


def rename_sheet(book: Book, sheet: Sheet, title: str) -> None:
    """Give a sheet another title; what named it before names it now."""
    old = sheet.title
    for each in book.workbook.iter(f"{MAIN}sheet"):
        if each.get("name") == old:
            each.set("name", title)
    for name in book.workbook.iter(f"{MAIN}definedName"):
        if name.text:
            name.text = renamed_formula(name.text, old, title)
    for other in (each for each in book.sheets if each.computes):
        for formula in other.root.iter("*"):
            if etree.QName(formula).localname in {"f", "formula", "formula1", "formula2"} and formula.text:
                formula.text = renamed_formula(formula.text, old, title)
    sheet.title = title


def _copy_part(package: Package, name: str) -> str:
    """A copy of a part and of what it alone leads to; its links are made anew."""
    fresh = package.free_name(name)
    content_type = package.content_type(name)
    package.put(fresh, package.content(name), content_type)
    links = package.links(name)
    if not links:
        return fresh
    root = etree.fromstring(f'<Relationships xmlns="{LISTED[1:-1]}"/>')
    for each in package.tree(links_name(name)).iterchildren(f"{LISTED}Relationship"):
        link = links[each.get("Id") or ""]
        twin = copied(each)
        if not link.external and link.target in package:
            target = link.target if link.kind in _SHARED else _copy_part(package, link.target)
            twin.set("Target", posixpath.relpath(target, posixpath.dirname(fresh)))
            if link.kind == "table":
                _rename_table(package, target)
        root.append(twin)
    package.put(links_name(fresh), serialised(root))
    return fresh


def _rename_table(package: Package, name: str) -> None:
    number = int("".join(sign for sign in posixpath.basename(name) if sign.isdecimal()) or 1) + 1000
    root = package.tree(name)
    root.set("id", str(number))
    for attribute in ("name", "displayName"):
        root.set(attribute, f"{root.get(attribute) or 'T'}_{number}")


def _link(package: Package, owner: str, part: str) -> str:
    root = package.tree(links_name(owner))
    taken = {each.get("Id") for each in root}
    number = 1
    while f"rIdCard{number}" in taken:
        number += 1
    worksheet = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    etree.SubElement(
        root,
        f"{LISTED}Relationship",
        Id=f"rIdCard{number}",
        Type=worksheet,
        Target=posixpath.relpath(part, posixpath.dirname(owner)),
    )
    return f"rIdCard{number}"


def _copy_names(book: Book, source: Sheet, title: str, place: int) -> None:
    """Print area and titles are names that belong to a sheet by its place."""
    group = book.workbook.find(f"{MAIN}definedNames")
    if group is None:
        return
    sheets = list(book.workbook.iter(f"{MAIN}sheet"))
    own = next((index for index, each in enumerate(sheets) if each.get("name") == source.title), -1)
    for each in list(group.iterchildren(f"{MAIN}definedName")):
        if each.get("localSheetId") == str(own):
            twin = copied(each)
            twin.set("localSheetId", str(place))
            twin.text = renamed_formula(each.text or "", source.title, title)
            group.append(twin)
