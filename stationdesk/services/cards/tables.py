"""The parts that cards share: facts by part, the people, categories, needs, visits, matches, and who signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stationdesk.core.fields import Field, Kind, Place
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.db.slots import SLOTS
from stationdesk.services.cards.plan import (
    MATCHES,
    NEEDS,
    ONLY_FILLED,
    VISITS,
    Joined,
    Part,
    parts_of,
    wordy_fields,
)
from stationdesk.services.cards.reading import Home, Words, cut
from stationdesk.services.listing import Row
from stationdesk.services.scopes import OPEN_NEEDS
from stationdesk.sheets.leaves import Block, Fact, Facts, Head, Rows, Signing

SIGNERS = ("服务对象（监护人）签字：", "社工签字：", "日期：")
LAST_VISITS = 12
_MOST_ROWS = 10
_TOLD = 160
"""Signs in a cell."""
_PIECE = 30
"""Signs of one text in a cell that tells several."""
_PIECES = 72
"""Signs of all of them: two lines, so that a year of visits stands on one sheet."""
LONG = 600
"""Signs of one text on a card; the rest stands in the program."""
_NOTHING = "没有登记"


def field_blocks(
    record: str, parts: Sequence[Part], row: Row, words: Words, only_filled: frozenset[str] = frozenset()
) -> dict[str, Facts]:
    """The facts of a record, a block a part, by title: what is to be filled in stands empty, with room to write."""
    blocks: dict[str, Facts] = {}
    for part, told in parts_of(record, parts, Place.PRINT):
        facts = tuple(
            fact
            for each in told
            if (fact := fact_of(each, row, words, only_filled | ONLY_FILLED)) is not None
        )
        if facts:
            blocks[part.title] = Facts(part.title, facts)
    return blocks


def fact_of(told: Field, row: Row, words: Words, only_filled: frozenset[str] = ONLY_FILLED) -> Fact | None:
    """A field with its value; None where an empty place would tell nothing."""
    value = row.values.get(told.key)
    is_said = told.type is not bool or told.optional or bool(value)
    text = cut(words.of(told, value), LONG)
    free = told.spec.kind is Kind.TEXT and told.key not in SLOTS
    if not is_said or (not text and (free or told.derived or told.key in only_filled)):
        return None
    return Fact(told.label, text, told.spec.kind is Kind.TEXT)


def people_rows(title: str, columns: Sequence[Joined], people: Sequence[Row], words: Words) -> Rows:
    """People, a line each; the station's own fields that are filled stand in a last column."""
    own = [each for each in fields_of(RECORDS["person"], Place.PRINT) if each.key in SLOTS]
    more = [words.tell(own, each, _TOLD) for each in people]
    rows = [[*_cells("person", columns, each, words)] for each in people]
    heads = [Head(each.label, each.share, each.middle) for each in columns]
    if any(more):
        heads.append(Head("另外登记", 12))
        rows = [[*row, text] for row, text in zip(rows, more, strict=True)]
    return Rows(title, tuple(heads), tuple(map(tuple, rows)), "没有登记成员")


def category_rows(title: str, home: Home, words: Words, *, named: bool) -> Rows:
    """What the people carry and receive: 低保, 残疾, 留守...; with their names where there are several."""
    told = [
        each for each in fields_of(RECORDS["person_category"], Place.PRINT) if named or not each.spec.link
    ]
    shares = {"category": 16.0, "basis": 12.0, "certificate": 12.0, "monthly": 9.0}
    heads = tuple(Head(each.label, shares.get(each.key, 8)) for each in told)
    rows = tuple(tuple(words.of(each, row.values[each.key]) for each in told) for row in home.categories)
    return Rows(title, heads, rows, _NOTHING)


def need_rows(home: Home, words: Words, *, named: bool, title: str = "需求") -> Rows:
    """The needs, those still open first."""
    rows = sorted(home.needs, key=lambda each: each.values["status"] not in OPEN_NEEDS)
    columns = [each for each in NEEDS if named or "person_key" not in each.names]
    return _told_rows(title, "need", columns, rows, words, "具体情况", _MOST_ROWS)


def visit_rows(home: Home, words: Words) -> Rows:
    """The last visits, whether somebody was at home or not."""
    return _told_rows(
        f"服务记录（最近 {LAST_VISITS} 次）",
        "visit",
        VISITS,
        home.visits,
        words,
        "内容",
        LAST_VISITS,
        last=SOCIAL,
    )


SOCIAL = Joined("社工", ("worker_key",), 5, middle=True)


def match_rows(home: Home, words: Words) -> Rows:
    """What the needs were brought together with, and what became of it."""
    return _told_rows("对接记录", "match", MATCHES, home.matches, words, "内容与结果", _MOST_ROWS)


def _told_rows(
    title: str,
    record: str,
    columns: Sequence[Joined],
    rows: Sequence[Row],
    words: Words,
    tells: str,
    most: int,
    last: Joined | None = None,
) -> Rows:
    behind = [last] if last is not None else []
    wordy = wordy_fields(record, Place.PRINT, (*columns, *behind))
    lines = tuple(
        (
            *_cells(record, columns, each, words),
            cut(words.tell(wordy, each, _PIECE), _PIECES),
            *_cells(record, behind, each, words),
        )
        for each in rows[:most]
    )
    heads = (
        *(Head(each.label, each.share, each.middle) for each in columns),
        Head(tells, 34),
        *(Head(each.label, each.share, each.middle) for each in behind),
    )
    more = f"另有 {len(rows) - most} 条较早的，见系统" if len(rows) > most else ""
    return Rows(title, heads, lines, _NOTHING, more)


def _cells(record: str, columns: Iterable[Joined], row: Row, words: Words) -> Iterable[str]:
    told = {each.key: each for each in fields_of(RECORDS[record])}
    for column in columns:
        yield cut(words.join((told[name] for name in column.names), row), _TOLD)


def signing(facts: Sequence[Fact]) -> Signing:
    """Who agreed to the file, and the lines to sign."""
    return Signing("同意与签字", tuple(facts), SIGNERS)


def kept_back_words(home: Home) -> tuple[str, ...]:
    """The sentence on a card that does not show everything."""
    return ("按规定限制查看的内容没有列入",) if home.kept_back else ()


def numbered(blocks: Iterable[Block | None]) -> tuple[Block, ...]:
    """The blocks that there are."""
    return tuple(each for each in blocks if each is not None)
