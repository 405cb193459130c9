"""What of a list goes out: which rows, which columns, for whom, and the filter in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from sqlalchemy.orm import Session

from stationdesk.core.fields import JOINT, Book, Field, Guard, Key, Kind, Mask, Place, Spec, Value, text_of
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.core.vocab import Audience
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.services.book import link_titles
from stationdesk.services.ledgers.reading import PaperBook
from stationdesk.services.listing import Filter, Query
from stationdesk.services.scopes import BATCH, SCOPES
from stationdesk.sheets.columns import Column, column_of
from stationdesk.sheets.ledger import Columns, split

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "resource": "资源清单",
        "organisation": "组织名册",
        "need": "需求清单",
        "household": "服务户名册",
        "person": "服务对象名册",
        "village": "村居名册",
        "match": "对接记录",
        "visit": "走访记录",
        "sheet_edition": "地图版次",
        "copies_given": "地图发放登记",
    }
)
"""What each list is called on paper."""

_ABOUT_PEOPLE = frozenset({"household", "person", "need", "match", "visit"})
"""Records whose free text tells of somebody: it stays in the station, and so does where the house stands."""
_PLACES = frozenset({Kind.LATITUDE, Kind.LONGITUDE, Kind.GEOMETRY})
_FAR_FILTERS = MappingProxyType(
    {"village": ("村居", "village", ""), "category": ("对象类别", "", "client_group")}
)
"""Filters by what a record has only through others: label, the kind of record linked to, the list of codes."""


@dataclass(frozen=True, slots=True)
class ListOut:
    """A list that goes out: the query, or of it only the rows `keys`; `columns` by field key, all without."""

    query: Query
    audience: Audience
    columns: tuple[str, ...] = ()
    keys: tuple[Key, ...] | None = None

    @property
    def record(self) -> str:
        """The kind of record."""
        return self.query.record

    @property
    def title(self) -> str:
        """What it is called on paper."""
        return TITLES[self.record]


def columns_of(wanted: ListOut) -> Columns:
    """The columns of a list as they stand in the file, and the labels of those that the rules keep from it."""
    told = fields_of(RECORDS[wanted.record])
    if wanted.columns:
        by_key = {each.key: each for each in told}
        chosen: Iterable[Field] = (by_key[key] for key in wanted.columns if key in by_key)
    else:
        listed = [each for each in told if Place.SHEET & each.spec.places]
        # What is computed under the same label says more: the village of the household where none was told.
        computed = {each.label for each in listed if each.derived}
        chosen = (each for each in listed if each.derived or each.label not in computed)
    return split((_column(each) for each in chosen), wanted.audience)


def _column(told: Field) -> Column:
    column = column_of(told)
    mask = told.spec.mask or _title_mask(told.spec.link)
    guard = column.guard
    if guard is Guard.OPEN and told.spec.link and mask is not None:
        guard = Guard.MASKED
    if told.record in _ABOUT_PEOPLE and (told.spec.kind is Kind.TEXT or told.spec.kind in _PLACES):
        guard = Guard.DROPPED
    label = f"{told.label}（{told.spec.unit}）" if told.spec.unit else told.label
    minor_mask = mask_minor_name if mask is mask_name else None
    return replace(column, label=label, mask=mask, guard=guard, minor_mask=minor_mask)


@cache
def _title_mask(record: str) -> Mask | None:
    """The mask of the name by which a linked record is called."""
    if record not in RECORDS:
        return None
    model = RECORDS[record]
    named = [each for each in fields_of(model) if each.key in model.__title__]
    return named[0].spec.mask if len(named) == 1 else None


def filter_words(session: Session, wanted: ListOut, book: PaperBook) -> str:
    """The filter as a sentence; always Chinese, as the paper is.

    Typed words may be somebody's name: what leaves the station says only that there were some.
    """
    query = wanted.query
    parts: list[str] = []
    if query.scope:
        parts.append(SCOPES[query.record][query.scope].title)
    told = {each.key: each for each in fields_of(RECORDS[query.record])}
    for each in query.filters:
        label, shown = _shown(session, told.get(each.field), each, book)
        parts.append(f"{label}：{shown}")
    if query.text:
        parts.append("按文字查找" if wanted.audience.is_masked else f"含“{query.text}”")
    if wanted.keys is not None:
        parts.append("选中的行")
    return "；".join(parts) or "全部"


def _shown(session: Session, told: Field | None, chosen: Filter, book: PaperBook) -> tuple[str, str]:
    if chosen.field == BATCH:
        return "范围", "一次写入的记录"
    if told is None:
        label, link, codes = _FAR_FILTERS[chosen.field]
        told = _stand_in(label, link, codes)
    label = told.label
    titles = link_titles(session, [told], [{told.key: value} for value in chosen.values])
    with_titles = PaperBook(book.labels, {**book.titles, **titles})
    words = [_word(told, value, with_titles) for value in _sorted(chosen.values)]
    if chosen.low is not None or chosen.high is not None:
        low, high = (
            _word(told, each, book) if each is not None else "" for each in (chosen.low, chosen.high)
        )
        words.append(f"{low} 至 {high}".strip())
    return label, JOINT.join(words)


def _stand_in(label: str, link: str, codes: str) -> Field:
    """A field for a filter that belongs to none of the record's own."""
    return Field("", "far", str, optional=True, many=False, spec=Spec(label, link=link, codes=codes))


def _word(told: Field, value: Value, book: Book) -> str:
    if value is None:
        return "未填"
    mask = _title_mask(told.spec.link) or told.spec.mask
    text = text_of(replace(told, many=False), value, book)
    return mask(text) if mask is not None else text


def _sorted(values: Iterable[Value]) -> Sequence[Value]:
    return sorted(values, key=lambda value: "" if value is None else str(getattr(value, "value", value)))
