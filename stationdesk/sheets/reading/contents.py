"""Guesses which column holds which field from the cells alone, for rows that came without a header."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from stationdesk.core.fields import Field, Kind
from stationdesk.core.idcard import looks_damaged
from stationdesk.core.masks import mask_name
from stationdesk.core.surnames import COMPOUND_SURNAMES, SURNAME_READINGS
from stationdesk.sheets.reading.choosing import Codes, choose_code, choose_member, parts_of
from stationdesk.sheets.reading.evidence import Profile
from stationdesk.sheets.reading.found import SheetTable
from stationdesk.sheets.reading.guessing import Guess
from stationdesk.sheets.reading.outcomes import Read

_LEAST = 0.45
"""Below this the cells say too little."""
BY_ORDER = 0.3
"""What the order of a list is worth: enough to propose, never enough to be sure."""

_COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛"
    "邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    "骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫"
    "米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}[·•][\u4e00-\u9fff]{1,10}")
_ID = re.compile(r"\d{17}[\dXx]|\d{15}")
_MOBILE = re.compile(r"(\+?86)?1[3-9]\d{9}")
_VILLAGE = re.compile(r".{1,8}(村|社区|居委会|村委会)")
_PLACE = re.compile(r".*([村组队路街巷弄号栋幢室乡镇区屯]|\d).*")
_TITLE = re.compile(r".*[\u4e00-\u9fffA-Za-z]{2}.*")


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column as it is asked about: what its cells look like, their distinct words, and what was found out before."""

    profile: Profile
    words: frozenset[str]
    names: float
    villages: float
    births: float

    @classmethod
    def of(cls, profile: Profile) -> _Cells:
        years = [int(found[0]) for text in profile.texts if (found := re.match(r"(19|20)\d\d", text))]
        return cls(
            profile,
            frozenset(profile.texts),
            _share(profile, _is_name),
            _share(profile, lambda text: _VILLAGE.fullmatch(text) is not None),
            sum(year < _GROWN for year in years) / max(1, len(years)),
        )


_MOST = 0.6
"""The share of a column from which on its cells are people's names."""
_GROWN = 2015  # most days of birth in rosters lie before, most days of entries after


def guess_contents(
    table: SheetTable,
    fields: Sequence[Field],
    names: Mapping[str, Collection[str]],
    codes: Codes,
    profiles: Sequence[Profile],
    order: Sequence[str] = (),
) -> tuple[Guess, ...]:
    """One guess a column from what stands in it; every field is used once at most.

    `order` are the names of the fields of the list that the rows are for, column by column: they are proposed, without
    any certainty, for columns that say nothing else and do not speak against it.
    """
    seen = [_Cells.of(profile) for profile in profiles]
    scores = sorted(
        (-score, index, place)
        for index, cells in enumerate(seen)
        for place, field in enumerate(fields)
        if (score := _score(field, cells, names, codes)) >= _LEAST
    )
    chosen: dict[int, tuple[Field, float]] = {}
    for negative, index, place in scores:
        if index not in chosen and all(fields[place] is not field for field, _sure in chosen.values()):
            chosen[index] = (fields[place], -negative)
    by_name = {field.name: field for field in fields}
    for index, name in enumerate(order[: len(seen)]):
        field = by_name.get(name)
        if index in chosen or field is None or any(field is taken for taken, _sure in chosen.values()):
            continue
        if _may_hold(field, seen[index]):
            chosen[index] = (field, BY_ORDER)
    return tuple(Guess(column, *chosen.get(index, (None, 0.0))) for index, column in enumerate(table.columns))


def _share(profile: Profile, test: Callable[[str], object]) -> float:
    return sum(bool(test(text)) for text in profile.texts) / max(1, profile.count)


def _is_name(text: str) -> bool:
    if _NAME.fullmatch(text) is None or _VILLAGE.fullmatch(text):
        return False
    return (
        "·" in text
        or text[0] in _COMMON_SURNAMES
        or text[0] in SURNAME_READINGS
        or text[:2] in COMPOUND_SURNAMES
    )


def _score(  # noqa: PLR0911 - one line a kind of field
    field: Field, cells: _Cells, names: Mapping[str, Collection[str]], codes: Codes
) -> float:
    """How far the cells say that they are this field, from 0 to 1."""
    profile = cells.profile
    if profile.count == 0:
        return 0.0
    if field.spec.link:
        return _linked(field, cells, names)
    match field.spec.kind:
        case Kind.ID_NUMBER:
            # What Excel has damaged is still an ID number: it is refused as one, and is no phone and no address.
            return max(
                0.98 * profile.ids, 0.6 * _share(profile, lambda t: _ID.fullmatch(t) or looks_damaged(t))
            )
        case Kind.PHONE:
            mobiles = _share(profile, lambda text: _MOBILE.fullmatch(text.replace("-", "")) is not None)
            return max(0.9 * mobiles, 0.7 * profile.phones) if profile.ids < 0.5 else 0.0
        case Kind.LONGITUDE:
            return 0.86 if profile.longitudes >= 0.9 and min(map(_number, cells.words)) > 73 else 0.0
        case Kind.LATITUDE:
            return 0.86 if profile.latitudes >= 0.9 else 0.0
        case _:
            return _by_type(field, cells, codes)


def _linked(field: Field, cells: _Cells, names: Mapping[str, Collection[str]]) -> float:
    known = names.get(field.spec.link, ())
    share = sum(text in known for text in cells.profile.texts) / cells.profile.count
    if field.spec.link == "village":
        return max(0.95 * share, 0.7 * cells.villages)
    if field.spec.link == "person":
        return 0.9 * cells.names if cells.names >= _MOST else 0.0
    return 0.9 * share


def _by_type(field: Field, cells: _Cells, codes: Codes) -> float:
    profile = cells.profile
    if field.type is date:
        meant = cells.births if "出生" in field.label else 1 - cells.births
        # A list has several days, and only the day of birth lies far back.
        return profile.dates * (0.6 + 0.28 * meant * ("出生" in field.label)) if meant >= 0.5 else 0.0
    if field.spec.codes or issubclass(field.type, Enum):
        return _listed(field, cells, codes)
    if field.type is int and "自报年龄" in field.label:
        ages = _share(profile, lambda text: text.isdecimal() and 0 < int(text) < 120)
        is_count = profile.texts == tuple(str(at) for at in range(1, profile.count + 1))
        return 0.0 if is_count else 0.5 * ages
    if field.type is not str or field.many:
        return 0.0
    return _worded(field, cells)


def _worded(field: Field, cells: _Cells) -> float:
    """Names, titles and addresses, told by how they look and by how their fields are called."""
    profile = cells.profile
    if field.spec.mask is mask_name or field.label == "户主姓名":
        sure = {"姓名": 0.9, "户主姓名": 0.55, "负责人": 0.55, "联系人": 0.55}
        return sure.get(field.label, 0.0) * cells.names if cells.names >= _MOST else 0.0
    texts = max(0.0, 1 - profile.dates - profile.ids - profile.phones)
    if field.label.endswith("地址"):
        longer = _share(
            profile, lambda text: len(text) > 3 and _PLACE.fullmatch(text) and not text.isdecimal()
        )
        return (0.7 if field.label in {"地址", "居住地址"} else 0.5) * longer * texts
    if field.label.endswith("名称") and cells.names < 0.5:
        if "村居" in field.label:
            return 0.7 * cells.villages
        titled = _share(profile, lambda text: 2 < len(text) < 24 and _TITLE.fullmatch(text))
        return 0.55 * titled * texts * (len(cells.words) / profile.count)
    return 0.0


def _listed(field: Field, cells: _Cells, codes: Codes) -> float:
    """How many of the words are members of the list that the field is chosen from; a plain number may be anything."""
    words = [word for word in cells.words if not word.isdecimal()]
    if not words or len(words) < len(cells.words):
        return 0.0

    def is_listed(word: str) -> bool:
        for part in parts_of(word) if field.many else [word]:
            named = field.spec.codes
            found = choose_code(codes, named, part) if named else choose_member(field.type, part)
            if not isinstance(found, Read):
                return False
        return True

    if field.spec.codes and not codes.codes_of(field.spec.codes):
        return 0.0
    share = sum(map(is_listed, words)) / len(words)
    return (0.95 if field.label == "性别" else 0.75) * share if share >= 0.7 else 0.0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _may_hold(field: Field, cells: _Cells) -> bool:
    """Whether nothing in a column speaks against a field that its place suggests: words into words only."""
    profile = cells.profile
    if profile.ids >= 0.5 or profile.dates >= 0.5 or profile.count == 0:
        return False
    if field.spec.kind is Kind.NUMBER:
        return profile.our_numbers >= 0.5
    return (
        field.type is str
        and not field.spec.codes
        and not field.spec.link
        and field.spec.kind is not Kind.PHONE
    )


__all__ = ["BY_ORDER", "guess_contents"]
