"""What stands where on a card.

A field that no part names stands in the part of its page, so that a new field comes by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stationdesk.core.fields import Field, Kind, Place
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.db.slots import SLOTS


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a card made of fields of one record: those it names, in this order, and all others of its pages."""

    title: str
    names: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    rest: bool = False
    """Whether it takes what no other part does."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A column of a table: several fields of a record in one cell, its head, and its share of the width."""

    label: str
    names: tuple[str, ...]
    share: float
    middle: bool = False


HOUSEHOLD: Final = (
    Part("户信息", ("registered_size", "resident_size"), ("",)),
    Part("住房与财产", ("housing", "housing_area", "danger", "vehicle")),
    Part("收入支出", ("income", "income_sources")),
    Part("主要困难与需求", ("hardship",)),
    Part("可用资源与优势", ("strengths",)),
    Part("其他情况", rest=True),
)
PERSON: Final = (
    Part("基本信息", pages=("",)),
    Part("身份", pages=("身份",)),
    Part("健康与照护", pages=("照护",)),
    Part("同意", ("consent", "consent_on")),
    Part("其他情况", ("note",), rest=True),
)
MINOR: Final = (
    Part("基本信息", pages=("",)),
    Part(
        "监护与就学",
        ("carer", "emergency_contact", "emergency_phone", "education", "workplace", "residence"),
    ),
    Part("身份", pages=("身份",)),
    Part("健康与照护", pages=("照护",)),
    Part("同意", ("consent", "consent_on")),
    Part("其他情况", ("note",), rest=True),
)
"""The card of a minor (未成年人): who looks after the child and where it learns comes first."""

IN_HEAD: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"household": frozenset({"code", "head"}), "person": frozenset({"code", "name"})}
)
"""What stands above the parts already."""

ONLY_FILLED: Final = frozenset({"closed_on", "id_kind", "residence", "skills"})
"""Fields that are not worth an empty place to write."""
GROWN_UP: Final = frozenset({"marital", "political", "occupation", "skills"})
"""Fields that a minor's card shows only where something stands in them."""

MEMBERS: Final = (
    Joined("姓名", ("name",), 6.5),
    Joined("与户主关系", ("relation",), 7.5, middle=True),
    Joined("性别", ("sex",), 3.5, middle=True),
    Joined("出生日期", ("birth_date",), 8, middle=True),
    Joined("身份证号", ("id_number",), 14, middle=True),
    Joined("健康、残疾、自理", ("health", "disability_kinds", "disability_grade", "self_care"), 13),
    Joined("从业、单位或学校", ("occupation", "workplace"), 11),
    Joined("联系电话", ("phone",), 10, middle=True),
)
"""The members of a household on its card."""
PER_MEMBER: Final = ("aid", "insurance")
"""What the card of a household tells of each member in words."""
COMPANY: Final = (
    Joined("姓名", ("name",), 7),
    Joined("与户主关系", ("relation",), 7, middle=True),
    Joined("性别", ("sex",), 4, middle=True),
    Joined("年龄", ("age",), 4, middle=True),
    Joined("从业、单位或学校", ("occupation", "workplace"), 12),
    Joined("联系电话", ("phone",), 11, middle=True),
    Joined("对象类别", ("groups",), 14),
)
"""Who lives with a person, on that person's card."""
NEEDS: Final = (
    Joined("提出日期", ("raised_on",), 8, middle=True),
    Joined("对象", ("person_key",), 6),
    Joined("事项", ("item",), 11),
    Joined("紧急程度", ("urgency",), 9),
    Joined("状态", ("status",), 6, middle=True),
)
VISITS: Final = (
    Joined("日期", ("visited_on",), 7.5, middle=True),
    Joined("方式", ("method",), 4, middle=True),
    Joined("结果", ("outcome",), 6, middle=True),
    Joined("目的", ("purpose",), 6, middle=True),
)
MATCHES: Final = (
    Joined("对接日期", ("matched_on",), 8, middle=True),
    Joined("需求", ("need_key",), 11),
    Joined("资源", ("resource_key",), 13),
    Joined("方式", ("method",), 4.5, middle=True),
    Joined("状态", ("state",), 6, middle=True),
)
TOLD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "need": ("description",),
        "visit": ("difficulties", "service_given", "goods_given", "advice", "situation"),
        "match": ("content", "quantity", "amount", "done_on", "confirmed_on", "satisfaction", "client_words"),
    }
)
"""What the last column of a table tells in words beside the free texts and own fields of the record."""
WORDY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"visit": frozenset({"情况", "服务"}), "need": frozenset(), "match": frozenset()}
)
"""Pages whose fields the last column tells as well."""


def parts_of(record: str, parts: Sequence[Part], place: Place) -> list[tuple[Part, tuple[Field, ...]]]:
    """The fields of a kind of record that meet people at a place, by part; parts without fields are left out."""
    above = IN_HEAD[record]
    told = {each.key: each for each in fields_of(RECORDS[record], place) if each.key not in above}
    named = {name for part in parts for name in part.names}
    paged = {page for part in parts for page in part.pages}
    found: list[tuple[Part, tuple[Field, ...]]] = []
    for part in parts:
        own = [
            each
            for key, each in told.items()
            if key not in named
            and (each.spec.page in part.pages or (part.rest and each.spec.page not in paged))
        ]
        own += [told[name] for name in part.names if name in told]
        if own:
            found.append((part, tuple(own)))
    return found


def wordy_fields(record: str, place: Place, shown: Iterable[Joined]) -> tuple[Field, ...]:
    """The fields that the last column of a table tells in words: free texts, some pages, own fields."""
    in_columns = {name for column in shown for name in column.names}
    named = TOLD[record]
    told = [each for each in fields_of(RECORDS[record], place) if each.key not in in_columns]
    first = sorted((each for each in told if each.key in named), key=lambda each: named.index(each.key))
    rest = (
        each
        for each in told
        if each.key not in named
        and (each.spec.kind is Kind.TEXT or each.spec.page in WORDY[record] or each.key in SLOTS)
        and each.key not in _SILENT
    )
    return (*first, *rest)


_SILENT = frozenset({"why", "note", "assessment", "photos", "needs_found"})
"""Free texts that a table has no room for: how a match came about, remarks, numbers of photos."""
