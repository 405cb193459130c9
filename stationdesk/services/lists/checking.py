"""A printed list read back before anybody sees it: every cell on it, on sheets of the right size."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import Unreadable, read_proof
from stationdesk.sheets.paper import HIGH, WIDE, PaperTable, words_of

_COMPARED = 120
"""Signs of a cell that are looked for: a longer text may go on on the next sheet, behind its header."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class ListProof:
    """How many sheets were printed, and the rows with signs that no font of this computer has."""

    pages: int
    boxed: tuple[int, ...] = ()


def check_list(path: Path, table: PaperTable) -> ListProof:
    """Read the file back and compare it with what was to be printed.

    Raises:
        UserError: sheets of the wrong size, a font that is not in the file, or a cell that is not there.
    """
    try:
        pages = read_proof(path)
    except Unreadable as trouble:
        raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
    if not pages or any(abs(page.size[0] - WIDE) > 1 or abs(page.size[1] - HIGH) > 1 for page in pages):
        raise UserError("打印出来的纸张大小不对，没有保存。请再试一次。")
    strange = frozenset().union(*(page.unembedded for page in pages))
    if strange:
        raise UserError("字体 {name} 没有嵌入文件，没有保存。", name="、".join(sorted(strange)))
    missing = _missing("".join(plain(page.text) for page in pages), table)
    if missing and not sum(page.boxes for page in pages):
        listed = "、".join(str(at) for at in missing[:_NAMED])
        raise UserError("第 {rows} 行没有印全，文件没有保存。请再试一次，或导出 Excel。", rows=listed)
    return ListProof(len(pages), tuple(missing))


def _missing(text: str, table: PaperTable) -> list[int]:
    """The rows of which a cell is not in the text; rows stand in it in their order."""
    missing: list[int] = []
    row, start = 0, 0
    for at, words in words_of(table):
        wanted = plain(words)[:_COMPARED]
        place = text.find(wanted, start)
        if place < 0:
            place = text.find(wanted)
        if place < 0 and not _turned(words, wanted, text):
            if missing[-1:] != [at]:
                missing.append(at)
        elif at != row and place >= start:
            row, start = at, place
    return missing


def _turned(words: str, wanted: str, text: str) -> bool:
    """Whether it is written from right to left and stands in the file as it is seen."""
    if not any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in words):
        return False
    return not Counter(wanted) - Counter(text)
