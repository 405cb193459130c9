"""Guesses which column holds which field, from the labels above and the cells below."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from stationdesk.core.fields import Field, Kind
from stationdesk.sheets.reading.choosing import Codes
from stationdesk.sheets.reading.evidence import NO_CODES, SAMPLE, Profile, fits, profile_of
from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.reading.tables import Column, SheetTable

SURE = 0.55
"""Below this a column is left to the worker."""
_CLOSE = 78  # rapidfuzz ratio, of 100

_GENERAL = frozenset(
    {
        *("情况", "状况", "说明", "描述", "内容", "信息", "详情", "事由", "记录", "其他", "其它", "备注"),
        *("原因", "意见", "条件", "要求", "标准", "范围", "方式", "来源", "结果", "状态", "程度", "等级"),
        *("级别", "类型", "类别", "分类", "日期", "时间", "单位", "编号", "代码", "人员", "对象", "家庭"),
        *("服务", "政策", "救助", "帮扶", "生活", "照片", "位置"),
        *("基本情况", "具体情况", "有关情况", "相关情况", "其他情况", "家庭情况", "生活情况", "情况说明"),
    }
)
"""Labels that are part of many names: alone they mean a field only where it is called exactly that."""

_BRACKETS = re.compile(r"[（(\[【].*?[）)\]】]")
_NOISE = re.compile(r"[\s*＊:：?？_\-]+")

# What foreign and exported tables call things; everything else is told by the fields themselves.
_FOREIGN = {
    **dict.fromkeys(("name",), ("姓名", "名称")),
    **dict.fromkeys(("fullname",), ("姓名",)),
    **dict.fromkeys(("title",), ("名称",)),
    **dict.fromkeys(("sex", "gender"), ("性别",)),
    **dict.fromkeys(("birth", "birthdate", "birthday"), ("出生日期",)),
    **dict.fromkeys(("idnumber", "idcard"), ("身份证号",)),
    **dict.fromkeys(("tel", "telephone", "phone", "phone1"), ("电话",)),
    **dict.fromkeys(("mobile",), ("手机",)),
    **dict.fromkeys(("add", "addr", "address"), ("地址",)),
    **dict.fromkeys(("type",), ("类型",)),
    **dict.fromkeys(("category", "class"), ("类别",)),
    **dict.fromkeys(("hours",), ("开放时间",)),
    **dict.fromkeys(("remark", "remarks", "note", "notes"), ("备注",)),
    **dict.fromkeys(("x", "lon", "lng", "long", "longitude"), ("经度",)),
    **dict.fromkeys(("y", "lat", "latitude"), ("纬度",)),
    **dict.fromkeys(("village",), ("村居",)),
    **dict.fromkeys(("date",), ("日期",)),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold; `field` None where nothing fits. `confidence` is from 0 to 1."""

    column: Column
    field: Field | None
    confidence: float


def guess_columns(
    table: SheetTable,
    fields: Sequence[Field],
    names: Mapping[str, Collection[str]] | None = None,
    codes: Codes = NO_CODES,
    profiles: Sequence[Profile] = (),
) -> tuple[Guess, ...]:
    """One guess a column, in the order of the columns; every field is used once at most.

    `names` are the titles of records that links may point to, by record ("village": the names of the
    villages), so that a column full of them is recognised whatever it is called. `codes` are the editable
    lists: a column called 类型 whose words no list knows is left to the worker. `profiles` are those of the table,
    where they are known already: `profiles_of` goes through all of its rows.
    """
    profiles = profiles or profiles_of(table)
    scores = sorted(
        (
            (-_score(column, field, profile, names or {}, codes), index, place)
            for index, (column, profile) in enumerate(zip(table.columns, profiles, strict=True))
            for place, field in enumerate(fields)
        ),
    )
    chosen: dict[int, tuple[Field, float]] = {}
    taken: set[int] = set()
    for negative, index, place in scores:
        if -negative < SURE:
            break
        if index not in chosen and place not in taken:
            chosen[index] = (fields[place], min(1.0, -negative))
            taken.add(place)
    return tuple(Guess(column, *chosen.get(index, (None, 0.0))) for index, column in enumerate(table.columns))


def profiles_of(table: SheetTable) -> list[Profile]:
    """What the cells of each column look like."""
    return [profile_of(cells) for cells in table.samples(SAMPLE)]


def fitness(guesses: Sequence[Guess]) -> float:
    """How well the fields of one kind of record explain a table: the sum over its columns.

    A column that proves what the table is about (an identity number) counts twice.
    """
    return sum(
        guess.confidence
        * (2.0 if guess.field is not None and guess.field.spec.kind is Kind.ID_NUMBER else 1.0)
        for guess in guesses
    )


def _score(
    column: Column, field: Field, profile: Profile, names: Mapping[str, Collection[str]], codes: Codes
) -> float:
    by_label = _by_label(column, field)
    if not by_label and not field.spec.link and field.spec.kind is not Kind.ID_NUMBER:
        return 0.0
    fit = fits(field, profile, names.get(field.spec.link, ()), codes)
    if fit < 0:
        return by_label * (1 + fit)
    if by_label >= SURE:
        return by_label + 0.1 * fit
    # Without a label only identity numbers and known names speak for themselves; phones resemble too much.
    proof = field.spec.kind is Kind.ID_NUMBER or bool(field.spec.link)
    return max(by_label, fit * 0.7) if proof else by_label


def _by_label(column: Column, field: Field) -> float:
    """How much the labels of a column speak of the field: 1 for the very label, 0 for nothing in common."""
    if not column.path:
        return 0.0
    wanted = [_folded(name) for name in (field.label, *field.spec.aliases)]
    joined, last = _folded("".join(column.path)), _folded(column.path[-1])
    bare = _folded(_BRACKETS.sub("", column.path[-1]))
    best = 0.0
    for place, name in enumerate(wanted):
        mine = 1.0 if place == 0 else 0.98
        if name in {joined, last}:
            best = max(best, mine if len(column.path) == 1 or name == joined else mine - 0.02)
        elif name == bare or _folded(_BRACKETS.sub("", name)) == bare:
            best = max(best, 0.93)
        else:
            best = max(best, _partly(name, joined), _partly(name, bare))
    foreign = [_folded(word) for word in _FOREIGN.get(last, ())]
    if any(word in wanted for word in foreign):
        best = max(best, 0.9)
    return best


def _partly(name: str, label: str) -> float:
    """One inside the other, or nearly the same; one sign alone says nothing."""
    if len(name) < 2 or len(label) < 2 or name.isascii():
        return 0.0  # code is in postcode, and means another thing
    if name in label:
        # 联系电话 ends with 电话, 电话号码 begins with it; in the middle it means less.
        edge = 0.6 if label.endswith(name) or label.startswith(name) else 0.5
        return edge + 0.3 * len(name) / len(label)
    if label in _GENERAL:
        return 0.0
    if label in name:
        return 0.45 + 0.3 * len(label) / len(name)
    near = fuzz.ratio(name, label)
    return near / 100 * 0.75 if near >= _CLOSE else 0.0


def _folded(label: str) -> str:
    return _NOISE.sub("", label_text(label)).lower()
