"""The edition box of a sheet: what is new, gone and changed since the edition before, in as many words as fit."""

from __future__ import annotations

from stationdesk.core.vocab.sheets import SheetChange
from stationdesk.maps.sheet.metrics import break_lines, em_width
from stationdesk.maps.sheet.spec import ChangeLine, SheetSpec

MOST_LINES = 3


def edition_words(spec: SheetSpec) -> str:
    """The month and the number of the edition, for the head of the page."""
    number = f"第 {spec.edition_number} 版" if spec.edition_number else ""
    return "　".join(word for word in (spec.edition, number) if word)


def edition_lines(spec: SheetSpec, ems: float) -> tuple[str, ...]:
    """The lines of the box, at most three of `ems`; nothing where there is no change to tell.

    The counts always stand in it. Where the names do not fit, as many are told as do, and that there are more.
    """
    groups = [
        (change, [line for line in spec.changes if line.change is change])
        for change in (SheetChange.NEW, SheetChange.GONE, SheetChange.CHANGED)
    ]
    groups = [(change, lines) for change, lines in groups if lines]
    if not groups:
        return ()
    opening = f"第 {spec.edition_number} 版与上一版相比　" if spec.edition_number else "与上一版相比　"
    for named in range(max(len(lines) for _, lines in groups), -1, -1):
        parts = [_part(change, lines, named) for change, lines in groups]
        found = break_lines(opening + "；".join(parts), ems)
        if len(found) <= MOST_LINES:
            return found
    return break_lines(opening, ems, most=MOST_LINES)


def _part(change: SheetChange, lines: list[ChangeLine], named: int) -> str:
    told = "、".join(_line(line) for line in lines[:named])
    more = "等" if 0 < named < len(lines) else ""
    return f"{change.label} {len(lines)}" + (f"：{told}{more}" if told else "")


def _line(line: ChangeLine) -> str:
    name = line.name if em_width(line.name) <= 14 else break_lines(line.name, 14, most=1)[0]
    return f"{line.code} {name}".strip() + (f"（{line.what}）" if line.what else "")
