"""How much room text takes, and where its lines break.

The page breaks its own lines instead of leaving that to the browser, so that the number of pages is known
before anything is printed and can be checked afterwards. Widths are those of Noto Sans CJK, rounded up.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from stationdesk.core.printing import PageSetup, Paper

POINT = 25.4 / 72
"""Millimetres in a point."""

_WIDE = frozenset("MW@%m—…")
_NARROW = frozenset("ijlIt.,:;'|!()[]/-· ")
_TOKENS = re.compile(r"[0-9A-Za-z]+(?:[.:\-–—~～][0-9A-Za-z]+)*|\s+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》」』】”’…·,.;:!?)]}%/～~－–—-")
_NOT_LAST = frozenset("（《「『【“‘([{")


def em_width(text: str, *, bold: bool = False) -> float:
    """The width of a line in ems of its type, never less than what is printed."""
    return sum(map(_sign_width, text)) * (1.05 if bold else 1.0)


@lru_cache(maxsize=8192)
def _sign_width(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Cf", "Mn", "Me"}:
        return 0.0
    if unicodedata.east_asian_width(sign) in {"W", "F", "A"}:
        return 1.0
    if sign in _WIDE:
        return 0.95
    if sign in _NARROW:
        return 0.38
    return 0.58 if sign.isdigit() or sign.islower() else 0.7


@lru_cache(maxsize=16384)  # a sheet is flowed many times over until its pages come out well
def break_lines(text: str, ems: float, *, bold: bool = False, most: int | None = None) -> tuple[str, ...]:
    """The text in lines no wider than `ems`; at most `most` of them, the last one ended by an ellipsis.

    Numbers and words stay whole where a line can hold them; closing signs never open a line.
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        lines.extend(_break(paragraph.strip(), ems, bold=bold))
    lines = [line for line in lines if line]
    if most is not None and len(lines) > most:
        last = lines[most - 1]
        while last and em_width(last + "…", bold=bold) > ems:
            last = last[:-1]
        lines = [*lines[: most - 1], last + "…"]
    return tuple(lines)


def _break(text: str, ems: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for token in _pieces(text, ems, bold=bold):
        if line and em_width(line + token.rstrip(), bold=bold) > ems:
            lines.append(line.rstrip())
            line = token.lstrip()
        else:
            line += token
    lines.append(line.rstrip())
    return lines


def _pieces(text: str, ems: float, *, bold: bool) -> list[str]:
    """What may not be broken, in order; a piece wider than a line is cut wherever it must be."""
    pieces: list[str] = []
    for token in _TOKENS.findall(text):
        sticks = bool(pieces) and (token in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        if sticks and em_width(pieces[-1] + token, bold=bold) <= ems:
            pieces[-1] += token
        else:
            pieces.append(token)
    return [part for piece in pieces for part in _cut(piece, ems, bold=bold)]


def _cut(piece: str, ems: float, *, bold: bool) -> list[str]:
    parts = [""]
    for sign in piece:
        if parts[-1] and em_width(parts[-1] + sign, bold=bold) > ems:
            parts.append("")
        parts[-1] += sign
    return parts


@dataclass(frozen=True, slots=True)
class Type:
    """The sizes of one kind of paper, in points where they are type, in millimetres otherwise."""

    list_pt: float
    legend_pt: float
    title_pt: float
    subtitle_pt: float
    hotline_pt: float
    footer_pt: float
    margin: float
    mark: float  # side of a mark's shape

    @property
    def em(self) -> float:
        """One em of the list, in millimetres: the measure that the index is laid out in."""
        return self.list_pt * POINT


TYPES = {
    Paper.A5: Type(8.5, 8, 15, 8.5, 10, 7, 7.5, 4.6),
    Paper.A4: Type(9.5, 10, 21, 10.5, 12.5, 8.5, 9, 5.4),
    Paper.KAI8: Type(11, 11.5, 26, 13, 15.5, 10, 11, 6.2),
    Paper.A3: Type(12, 12, 29, 14, 17, 10.5, 12, 6.6),
}
"""Large enough for old eyes: the list is 9.5 points on A4 and 12 points on A3 (domain practice); A5 is for books."""


def type_of(setup: PageSetup, enlarged: float = 1.0) -> Type:
    """The sizes for a sheet, everything `enlarged` so many times; the margin stays."""
    kind = TYPES[setup.paper]
    sizes = {each.name: getattr(kind, each.name) * enlarged for each in fields(Type) if each.name != "margin"}
    return replace(kind, **sizes)
