"""Printed leaves read back: each on sheets of its own, every text on them, nothing printed as an empty box."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.glyphs import MARK
from stationdesk.maps.sheet.proof import ProofPage, Unreadable, read_proof
from stationdesk.sheets.binding import sheet_sizes
from stationdesk.sheets.leaves import Leaf, LeafSize, place_words, words_of

_COMPARED = 60
"""Signs of a text that are looked for: a longer one may go on on the next sheet, behind its foot."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """The text on the sheets of each leaf, and the signs that no font has, with what to set instead."""

    texts: tuple[tuple[str, ...], ...]
    lost: Mapping[str, str]


def read_leaves(path: Path, leaves: Sequence[tuple[int, Leaf]], size: LeafSize, total: int) -> Sheets:
    """Read a printed file and find out how its leaves came out.

    Raises:
        UserError: sheets of the wrong size, a font that is not in the file, or sheets that belong to no leaf.
    """
    pages = _pages(path)
    wide, high = size.setup.size
    if any(abs(page.size[0] - wide) > 1 or abs(page.size[1] - high) > 1 for page in pages):
        raise UserError("打印出来的纸张大小不对，没有保存。请再试一次。")
    texts: list[list[str]] = []
    for page in pages:
        text = plain(page.text)
        here = [number for number, _leaf in leaves[len(texts) - 1 if texts else 0 : len(texts) + 1]]
        at = next((at for at in here if text.startswith(plain(place_words(at, total)))), None)
        if at is None:
            raise _miscounted()
        if not texts or at != leaves[len(texts) - 1][0]:
            texts.append([])
        texts[-1].append(text)
    if len(texts) != len(leaves):
        raise _miscounted()
    return Sheets(tuple(map(tuple, texts)), _lost(pages, [leaf for _number, leaf in leaves]))


def is_whole(leaf: Leaf, texts: Sequence[str], lost: Mapping[str, str]) -> bool:
    """Whether every text of a leaf stands on its sheets."""
    text = "".join(texts)
    return all(_stands(words, text, lost) for words in words_of(leaf))


def check_bound(path: Path, pages: int, size: tuple[int, int]) -> None:
    """The file that is given out has so many sheets of this size, none of them empty.

    Raises:
        UserError: it has not.
    """
    found = sheet_sizes(path)
    if len(found) != pages or any(abs(wide - size[0]) > 1 or abs(high - size[1]) > 1 for wide, high in found):
        raise _miscounted()


def _miscounted() -> UserError:
    return UserError("打印出来的张数不对，没有保存。请再试一次。")


def _pages(path: Path) -> tuple[ProofPage, ...]:
    try:
        pages = read_proof(path)
    except Unreadable as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
    strange = frozenset().union(*(page.unembedded for page in pages))
    if strange:
        raise UserError("字体 {name} 没有嵌入文件，没有保存。", name="、".join(sorted(strange)))
    return pages


def _lost(pages: Sequence[ProofPage], leaves: Sequence[Leaf]) -> Mapping[str, str]:
    if not any(page.boxes for page in pages):
        return {}
    printed = frozenset(plain("".join(page.text for page in pages)))
    doubtful = frozenset(plain("".join(sign for page in pages for sign in page.doubtful)))
    composed = frozenset("".join(words for leaf in leaves for words in (*words_of(leaf), leaf.foot)))
    missing = (frozenset(plain("".join(composed))) - printed) | doubtful
    return {
        sign: "" if unicodedata.category(sign).startswith("M") else MARK
        for sign in composed
        if missing & set(plain(sign))
    }


def _stands(words: str, text: str, lost: Mapping[str, str]) -> bool:
    wanted = plain("".join(lost.get(sign, sign) for sign in words) if lost else words)[:_COMPARED]
    if wanted in text:
        return True
    turned = any(unicodedata.bidirectional(sign) in {"R", "AL", "RLO", "RLE"} for sign in words)
    return turned and not Counter(wanted) - Counter(text)
