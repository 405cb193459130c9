"""A card of one person: labels with what they name beside them, 姓名 | 张三 | 性别 | 女, read as one record."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.sheets.reading.cells import Cell, Merge, Row, Sheet
from stationdesk.sheets.reading.found import Column, LeftOut, SheetTable
from stationdesk.sheets.reading.labels import is_datum, label_text, labels_wanted
from stationdesk.sheets.reading.records import TableRow

_MOST_ROWS = 80
_LABELS = 4
"""Known labels, each another one, that make a card."""
_LONGEST = 12
_NAMES = re.compile(r".{0,6}姓名|名字")
_IN_ONE = re.compile(r"(.{2,12}?)\s*[:：]\s*(\S.*)", re.DOTALL)
_NO_LABELS = frozenset({"合计", "小计", "户主", "项目", "低保", "特困", "儿童", "残疾人"})
"""Words that stand above columns and are as often what a card says."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A label and what stands beside it; `row` and `column` are those of the value, from 0."""

    label: str
    value: Cell
    row: int
    column: int
    known: bool


@dataclass(slots=True)
class _Card:
    """The pairs of one card by the labels that lead to them."""

    first: str
    row: int
    pairs: dict[Path, _Pair] = field(default_factory=dict)
    last: str = ""

    def add(self, pair: _Pair) -> None:
        """Take a pair in; a label that comes again belongs to the one before it (监护人 | 李四 | 电话 | 139)."""
        path: Path = (pair.label,)
        if path in self.pairs:
            path = (self.last, pair.label)
        else:
            self.last = pair.label
        self.pairs.setdefault(path, pair)


def card_of(sheet: Sheet, known: Collection[str]) -> SheetTable | None:
    """The cards of a sheet as a table with a record for each; None where it is no card.

    A card is short, names a person, has four known labels or more with values beside them, and no table below.
    """
    filled_rows = ((at, row) for at, row in enumerate(sheet.rows) if any(cell is not None for cell in row))
    rows = list(islice(filled_rows, _MOST_ROWS + 1))  # no more of a long list is unpacked
    if not rows or len(rows) > _MOST_ROWS:
        return None
    wanted = labels_wanted(known) - _NO_LABELS
    labelled = [
        at for at, row in rows if any(_is_label(cell, wanted) or _in_one(cell, wanted) for cell in row)
    ]
    if not labelled or any(_is_header(row, wanted) for _at, row in rows):
        return None
    inside = [(at, row) for at, row in rows if labelled[0] <= at <= labelled[-1]]
    plain = [row for at, row in rows if at > labelled[0] and at not in labelled and len(_own(row)) > 1]
    if len(plain) * 3 > len(labelled) - (len(labelled) == 1):
        return None  # more rows without labels than a card has: they are records
    spans = {(merge.top, merge.left): merge for merge in sheet.merges}
    pairs = [pair for at, row in inside for pair in _pairs(at, row, wanted, spans)]
    told = [pair for pair in pairs if pair.known]
    filled = [pair for pair in told if pair.value is not None]
    if (
        len({pair.label for pair in told}) < _LABELS
        or len(filled) < _LABELS - 1
        or len(filled) * 2 < len(told)
    ):
        return None
    if not any(_NAMES.fullmatch(pair.label) and isinstance(pair.value, str) for pair in filled):
        return None
    return _table(sheet, _cards(pairs), rows)


def _own(row: Row) -> list[tuple[int, Cell]]:
    return [(index, cell) for index, cell in enumerate(row) if cell is not None]


def _named(cell: Cell) -> str:
    """A cell as a label: without the colon behind it."""
    return label_text(cell).rstrip(":：") if isinstance(cell, str) else ""


def _is_label(cell: Cell, wanted: Collection[str]) -> bool:
    return _named(cell).lower() in wanted


def _in_one(cell: Cell, wanted: Collection[str]) -> tuple[str, str] | None:
    """The label and the value of a cell that holds both: 姓名：张三."""
    found = _IN_ONE.fullmatch(clean_line(cell)) if isinstance(cell, str) else None
    if found is None or not _is_label(found[1], wanted):
        return None
    return _named(found[1]), found[2].strip()


def _is_header(row: Row, wanted: Collection[str]) -> bool:
    """Whether labels stand in a row side by side, as above the columns of a table."""
    own = _own(row)
    labels = [_is_label(cell, wanted) for _index, cell in own]
    beside = sum(one and other for one, other in pairwise(labels))
    return len(own) > 2 and beside > 1 and sum(labels) * 5 >= len(own) * 3


def _pairs(
    at: int, row: Row, wanted: Collection[str], spans: Mapping[tuple[int, int], Merge]
) -> Iterator[_Pair]:
    """The labels of a row from left to right, each with what stands beside it."""
    own = _own(row)
    place = 0
    while place < len(own):
        index, cell = own[place]
        if one := _in_one(cell, wanted):
            yield _Pair(one[0], one[1], at, index, known=True)
            place += 1
            continue
        known = _is_label(cell, wanted)
        right = spans[at, index].right if (at, index) in spans else index
        follows = own[place + 1] if place + 1 < len(own) else None
        if follows is not None and _is_value(own, place + 1, right, wanted):
            if known or _may_label(cell):
                yield _Pair(_named(cell), follows[1], at, follows[0], known=known)
                place += 1
        elif known:
            yield _Pair(_named(cell), None, at, right + 1, known=True)
        place += 1


def _is_value(own: Sequence[tuple[int, Cell]], place: int, right: int, wanted: Collection[str]) -> bool:
    """Whether the cell behind a label says what it names; a word that is a label elsewhere may, right beside it."""
    index, cell = own[place]
    if _in_one(cell, wanted):
        return False
    if not _is_label(cell, wanted):
        return True
    return index == right + 1 and (place + 1 == len(own) or _is_label(own[place + 1][1], wanted))


def _may_label(cell: Cell) -> bool:
    return isinstance(cell, str) and not is_datum(cell) and 1 < len(_named(cell)) <= _LONGEST


def _cards(pairs: Sequence[_Pair]) -> list[_Card]:
    """One card, or several below one another: another begins where the first label comes again."""
    cards: list[_Card] = []
    for pair in pairs:
        if not cards or (pair.label == cards[0].first and pair.row > cards[-1].row):
            cards.append(_Card(pair.label, pair.row))
        cards[-1].add(pair)
    return cards


def _table(sheet: Sheet, cards: Sequence[_Card], rows: Sequence[tuple[int, Row]]) -> SheetTable:
    places: dict[Path, int] = {}
    for card in cards:
        for path, pair in card.pairs.items():
            places.setdefault(path, pair.column)
    records = tuple(
        TableRow(
            card.row + 1, tuple(card.pairs[path].value if path in card.pairs else None for path in places)
        )
        for card in cards
    )
    inside = range(cards[0].row, max(pair.row for pair in cards[-1].pairs.values()) + 1)
    taken = {pair.row for card in cards for pair in card.pairs.values()}
    above, below, beside = _("表头上方的标题或说明"), _("表格下方的说明或签字"), _("登记卡里没有名目的内容")
    left_out = tuple(
        LeftOut(at + 1, above if at < inside.start else below if at >= inside.stop else beside, _said(row))
        for at, row in rows
        if at not in taken
    )
    title = next((_said(row) for at, row in rows if at < inside.start and len(_own(row)) == 1), "")
    told = (
        _("这是一个人的登记卡：名目在左，内容在右，按一条记录读。")
        if len(cards) == 1
        else _("这是 {count} 张登记卡：名目在左，内容在右，每张按一条记录读。").format(count=len(cards))
    )
    top = max(cards[0].row, 1)
    return SheetTable(
        sheet.name,
        tuple(Column(index, path) for path, index in places.items()),
        records,
        left_out,
        (top, top),
        title,
        (told,),
        bottom=inside.stop,
    )


def _said(row: Row) -> str:
    return clean_line(" ".join(str(cell) for cell in row if cell is not None))[:200]


__all__ = ["card_of"]
