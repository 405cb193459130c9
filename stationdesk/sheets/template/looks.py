"""The styles of a form: asked for borders and formats, and given variants that differ in one thing only."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, Final

from lxml import etree

from stationdesk.sheets.template.package import MAIN, Element

TEXT: Final = "@"
_TEXT_ID: Final = 49  # ECMA-376 18.8.30: the built-in format @
_FIRST_OWN: Final = 164
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_BUILT_IN: Final = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    49: TEXT,
}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Looks:
    """The cell formats of a workbook; `variant` adds one where the form has none like it."""

    def __init__(self, root: Element | None) -> None:
        self._root = root
        self._variants: dict[tuple[object, ...], int] = {}
        self._told: dict[tuple[str, int], Any] = {}

    def _formats(self) -> list[Element]:
        group = self._root.find(f"{MAIN}cellXfs") if self._root is not None else None
        return list(group.iterchildren(f"{MAIN}xf")) if group is not None else []

    def _format(self, look: int) -> Element | None:
        formats = self._formats()
        return formats[look] if 0 <= look < len(formats) else None

    def is_ruled(self, look: int) -> bool:
        """Whether a cell of this style has a line on any side."""
        return bool(self._once("ruled", look, self._ruled))

    def number_format(self, look: int) -> str:
        """The number format of a style: General, @, 0.00, yyyy-mm-dd..."""
        return str(self._once("format", look, self._number_format))

    def is_date(self, look: int) -> bool:
        """Whether a style shows numbers as days."""
        return bool(self._once("date", look, self._is_date))

    def is_wrapped(self, look: int) -> bool:
        """Whether text breaks into lines."""
        return bool(self._once("wrapped", look, lambda each: self._aligned(each, "wrapText")))

    def is_shrunk(self, look: int) -> bool:
        """Whether text is made smaller until it fits."""
        return bool(self._once("shrunk", look, lambda each: self._aligned(each, "shrinkToFit")))

    def points(self, look: int) -> float:
        """The size of the font."""
        return float(self._once("points", look, self._points))

    def _once(self, name: str, look: int, tell: Callable[[int], Any]) -> Any:
        """An answer about a style: styles are added, never changed, so each is found out once."""
        key = (name, look)
        if key not in self._told:
            self._told[key] = tell(look)
        return self._told[key]

    def _ruled(self, look: int) -> bool:
        each = self._format(look)
        group = self._root.find(f"{MAIN}borders") if self._root is not None else None
        if each is None or group is None:
            return False
        borders = list(group.iterchildren(f"{MAIN}border"))
        place = int(each.get("borderId") or 0)
        if not 0 <= place < len(borders):
            return False
        return any(
            side is not None and side.get("style", "none") != "none"
            for side in (borders[place].find(f"{MAIN}{name}") for name in ("left", "right", "top", "bottom"))
        )

    def _number_format(self, look: int) -> str:
        each = self._format(look)
        number = int(each.get("numFmtId") or 0) if each is not None else 0
        if self._root is not None and number >= _FIRST_OWN:
            for own in self._root.iter(f"{MAIN}numFmt"):
                if own.get("numFmtId") == str(number):
                    return own.get("formatCode") or "General"
        return _BUILT_IN.get(number, "yyyy/m/d" if number in _BUILT_IN_DATES else "General")

    def _is_date(self, look: int) -> bool:
        code = _QUOTED.sub("", self.number_format(look)).lower()
        return code not in {"general", TEXT} and any(sign in code for sign in "yd")

    def _aligned(self, look: int, name: str) -> bool:
        each = self._format(look)
        alignment = each.find(f"{MAIN}alignment") if each is not None else None
        return alignment is not None and alignment.get(name) in {"1", "true"}

    def _points(self, look: int) -> float:
        each = self._format(look)
        group = self._root.find(f"{MAIN}fonts") if self._root is not None else None
        if each is None or group is None:
            return 11.0
        fonts = list(group.iterchildren(f"{MAIN}font"))
        place = int(each.get("fontId") or 0)
        size = fonts[place].find(f"{MAIN}sz") if 0 <= place < len(fonts) else None
        return float(size.get("val") or 11.0) if size is not None else 11.0

    def variant(
        self,
        look: int,
        *,
        number_format: str = "",
        quoted: bool = False,
        wrapped: bool = False,
        shrunk: bool = False,
    ) -> int:
        """The style that is like `look` but for what is named here; added to the workbook where needed."""
        key = (look, number_format, quoted, wrapped, shrunk)
        known = self._variants.get(key)
        if known is not None:
            return known
        same = self._format(look)
        if self._root is None or same is None:
            return look
        fresh = copy.deepcopy(same)
        if number_format and number_format != self.number_format(look):
            fresh.set("numFmtId", str(self._format_number(number_format)))
            fresh.set("applyNumberFormat", "1")
        if quoted:
            fresh.set("quotePrefix", "1")
        if (wrapped and not self.is_wrapped(look)) or (shrunk and not self.is_shrunk(look)):
            alignment = fresh.find(f"{MAIN}alignment")
            if alignment is None:
                alignment = etree.Element(f"{MAIN}alignment")
                fresh.insert(0, alignment)
            alignment.set("wrapText" if wrapped else "shrinkToFit", "1")
            fresh.set("applyAlignment", "1")
        self._variants[key] = place = self._place_of(fresh, same, look)
        return place

    def _place_of(self, fresh: Element, same: Element, look: int) -> int:
        if etree.tostring(fresh) == etree.tostring(same):
            return look
        group = same.getparent()
        if group is None:
            return look
        group.append(fresh)
        count = len(self._formats())
        group.set("count", str(count))
        return count - 1

    def _format_number(self, code: str) -> int:
        for number, built_in in _BUILT_IN.items():
            if code == built_in:
                return number
        root = self._root
        if root is None:
            return _TEXT_ID
        group = root.find(f"{MAIN}numFmts")
        if group is None:
            group = etree.Element(f"{MAIN}numFmts")
            root.insert(0, group)
        taken = [_FIRST_OWN - 1]
        for own in group.iterchildren(f"{MAIN}numFmt"):
            if own.get("formatCode") == code:
                return int(own.get("numFmtId") or 0)
            taken.append(int(own.get("numFmtId") or 0))
        number = max(taken) + 1
        etree.SubElement(group, f"{MAIN}numFmt", numFmtId=str(number), formatCode=code)
        group.set("count", str(len(group)))
        return number
