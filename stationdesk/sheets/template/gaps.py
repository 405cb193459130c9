"""Blanks within the text of one cell: 填报单位：______  填报日期：    年  月  日."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_BLANK: Final = "[ \u3000\u00a0_＿…]"
# A date form of blanks, a line to write on, or nothing behind a colon.
_GAP = re.compile(
    rf"(?P<day>{_BLANK}*年{_BLANK}*月{_BLANK}*日)"
    rf"|(?P<month>{_BLANK}+年{_BLANK}*月)"
    rf"|(?P<line>(?:[_＿]{_BLANK}*){{2,}}|(?<=[:：]){_BLANK}*(?=\s*$|\n|[;；,，）)]|{_BLANK}{{2}}|{_BLANK}[^\s]))"
)
_WORD: Final = r"([^\s:：_＿…，,；;、（()）]+)"
_LABEL = re.compile(rf"{_WORD}\s*[（(][^（()）]*[)）]\s*[:：]?\s*$|{_WORD}\s*[:：]?\s*$")
_PARTING: Final = "\n，,；;）)"


@dataclass(frozen=True, slots=True)
class Gap:
    """One blank in a text: from where to where, the words before it, and whether it is a date or a month."""

    start: int
    end: int
    label: str
    kind: str = "line"


def gaps_in(text: str) -> tuple[Gap, ...]:
    """The blanks of a text, from left to right."""
    gaps: list[Gap] = []
    behind = 0
    for match in _GAP.finditer(text):
        kind = match.lastgroup or "line"
        start, end = match.span()
        while kind == "line" and end < len(text) and text[end] in " \u3000\u00a0_＿":
            end += 1
        if gaps and start < gaps[-1].end:
            continue
        label = _LABEL.search(text[behind:start])
        gaps.append(Gap(start, end, (label[1] or label[2]).strip() if label else "", kind))
        behind = end
    return tuple(gap for gap in gaps if gap.label or gap.kind != "line")


@dataclass(frozen=True, slots=True)
class Filling:
    """What a piece of a text gives way to."""

    start: int
    end: int
    text: str


def fillings(text: str, values: Mapping[int, str]) -> tuple[Filling, ...]:
    """What must be put where, from left to right, to fill the blanks by number.

    A blank keeps some of its room where words follow, so that they stay apart from what was written.
    """
    found = []
    for number, gap in enumerate(gaps_in(text)):
        value = values.get(number)
        if not value:
            continue
        rest = text[gap.end :]
        touches = gap.kind != "line" and gap.start > 0 and text[gap.start - 1] not in ":： （("
        room = max(2, min(12, gap.end - gap.start - 2 * len(value))) if gap.kind == "line" else 0
        after = " " * room if rest and rest[0] not in _PARTING else ""
        found.append(Filling(gap.start, gap.end, (" " if touches else "") + value + after))
    return tuple(found)


def with_gaps_filled(text: str, values: Mapping[int, str]) -> str:
    """The text with its blanks, by number, filled."""
    for each in reversed(fillings(text, values)):
        text = text[: each.start] + each.text + text[each.end :]
    return text
