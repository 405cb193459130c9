"""What can be imported, and the fields that a column may be mapped to."""

from __future__ import annotations

from dataclasses import replace

from stationdesk.core.fields import Field, Kind, Place, Spec
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.db.base import fields_of
from stationdesk.db.models import (
    PARTS,
    Household,
    Match,
    Need,
    Organisation,
    Person,
    PersonCategory,
    Record,
    Resource,
    Village,
    Visit,
)
from stationdesk.db.telling import kept_while_told


@captioned("导入内容")
class ImportKind(Choice):
    """The kinds of list that are brought in."""

    RESOURCES = choice("resources", "资源")
    PEOPLE = choice("people", "服务对象")
    NEEDS = choice("needs", "需求")
    VISITS = choice("visits", "走访")
    CATEGORIES = choice("categories", "对象类别")
    ORGANISATIONS = choice("organisations", "组织")
    VILLAGES = choice("villages", "村居")
    MATCHES = choice("matches", "对接")

    @property
    def record(self) -> str:
        """The kind of record that a row is about."""
        return {
            "resources": "resource",
            "people": "person",
            "needs": "need",
            "visits": "visit",
            "categories": "person_category",
            "organisations": "organisation",
            "villages": "village",
            "matches": "match",
        }[self.code]


HEAD_NAME = Field(
    "household",
    "head_name",
    str,
    optional=True,
    many=False,
    spec=Spec("户主姓名", width=5, aliases=("户主名", "户主名字", "所属户主", "户主")),
)
"""Whose household a person lives in; finds or makes the household, is stored nowhere itself."""

GROUPS = Field(
    "person",
    "groups",
    str,
    optional=True,
    many=True,
    spec=Spec(
        "对象类别",
        width=12,
        codes="client_group",
        aliases=(
            "服务对象类别",
            "人员类别",
            "对象类型",
            "困境类型",
            "困难类型",
            "兜底类型",
            "救助类别",
            "类别",
        ),
    ),
)
"""The categories of a person; each becomes a record of its own."""


def _whose(record: str, key: str, spec: Spec) -> Field:
    """A field that only finds the person or household a row is about, and is stored nowhere itself."""
    return Field(record, key, str, optional=True, many=False, spec=spec)


_ID = Spec(
    "身份证号",
    kind=Kind.ID_NUMBER,
    width=10,
    aliases=("身份证", "身份证号码", "公民身份号码", "证件号", "证件号码"),
)
_VILLAGE = Spec("村居", link="village", width=7, aliases=("村", "社区", "所在村居", "村（社区）"))
_HEAD = Spec("户主姓名", width=5, aliases=("户主", "户主名"))

PERSON_ID = _whose("need", "person_id", _ID)
"""Whose need it is, by ID number."""

# What such lists call the person; the record itself calls it otherwise.
_NAMES = ("姓名", "服务对象姓名", "对象姓名", "走访对象姓名", "受访人", "对象")

_FINDING: dict[str, tuple[Field, ...]] = {
    "need": (PERSON_ID,),
    "visit": (
        _whose("visit", "person_id", _ID),
        _whose("visit", "head_name", _HEAD),
        _whose("visit", "village_key", _VILLAGE),
        _whose("visit", "address", Spec("地址", width=14, aliases=("居住地址", "家庭住址", "住址"))),
    ),
    "person_category": (
        _whose("person_category", "person_id", _ID),
        _whose("person_category", "village_key", _VILLAGE),
    ),
    "match": (
        _whose("match", "person_key", Spec("服务对象", link="person", width=5, aliases=_NAMES)),
        _whose("match", "person_id", _ID),
        _whose("match", "item", Spec("需求事项", codes="need_item", width=8, aliases=("事项", "需求内容"))),
        _whose("match", "village_key", _VILLAGE),
    ),
}
"""What tells namesakes apart in lists about people that are on file."""

# What a person's list says of the household but means of the person.
_OF_THE_PERSON = frozenset({"opened_on", "closed_on", "note", "status"})
_RESOLVED = frozenset({"person.household_key"})


_PART_RECORDS = tuple(part.__tablename__ for part in PARTS.values())


@kept_while_told
def targets(kind: ImportKind) -> tuple[Field, ...]:  # noqa: PLR0911 - one line a kind
    """The fields that the columns of such a list may hold, in the order in which they are offered."""
    match kind:
        case ImportKind.RESOURCES:
            parts = (each for part in PARTS.values() for each in _stored(part))
            return (*_stored(Resource), *parts)
        case ImportKind.PEOPLE:
            home = tuple(field for field in _stored(Household) if field.key not in _OF_THE_PERSON)
            person = tuple(field for field in _stored(Person) if field.name not in _RESOLVED)
            return (*person, GROUPS, HEAD_NAME, *home)
        case ImportKind.NEEDS:
            return (*_FINDING["need"], *_stored(Need))
        case ImportKind.VISITS:
            return (*_stored(Visit), *_FINDING["visit"])
        case ImportKind.CATEGORIES:
            return (*_stored(PersonCategory), *_FINDING["person_category"])
        case ImportKind.ORGANISATIONS:
            return _stored(Organisation)
        case ImportKind.VILLAGES:
            return _stored(Village)
        case ImportKind.MATCHES:
            return (*_stored(Match), *_FINDING["match"])


@kept_while_told
def telling(kind: ImportKind) -> tuple[Field, ...]:
    """The fields that tell this kind of list from another: typed parts of resources resemble too much."""
    return tuple(field for field in targets(kind) if field.record not in _PART_RECORDS)


def _stored(model: type[Record]) -> tuple[Field, ...]:
    return tuple(_as_said(field) for field in fields_of(model, Place.IMPORT) if not field.derived)


# What lists call a field beside what the field itself tells; a link to a person stands in them as a name.
_LISTS_SAY = {
    "visit.person_key": _NAMES,
    "visit.household_key": ("户编号", "户号"),
    "visit.visited_on": ("日期", "走访时间"),
    "visit.method": ("方式",),
    "visit.outcome": ("结果",),
    "person_category.person_key": _NAMES,
    "person_category.category": ("类别", "类型"),
    "resource.note": ("说明", "情况说明"),
    "match.need_key": ("需求编号", "需求号"),
    "match.resource_key": ("资源编号", "资源名称", "对接资源", "资源方"),
    "match.state": ("状态", "结果", "对接结果"),
    "match.matched_on": ("日期",),
    "organisation.kind": ("类型", "类别"),
    "organisation.name": ("名称",),
}


def _as_said(field: Field) -> Field:
    """The field with the names that lists give it."""
    more = _LISTS_SAY.get(field.name, ())
    return replace(field, spec=replace(field.spec, aliases=(*field.spec.aliases, *more))) if more else field


REQUIRED: dict[ImportKind, tuple[tuple[str, ...], ...]] = {
    ImportKind.RESOURCES: (("resource.name",),),
    ImportKind.PEOPLE: (("person.name",),),
    ImportKind.NEEDS: (
        ("need.person_key", "need.person_id", "need.household_key", "need.village_key"),
        ("need.item",),
    ),
    ImportKind.VISITS: (
        ("visit.person_key", "visit.person_id", "visit.household_key", "visit.head_name"),
        ("visit.visited_on",),
    ),
    ImportKind.CATEGORIES: (
        ("person_category.person_key", "person_category.person_id"),
        ("person_category.category",),
    ),
    ImportKind.ORGANISATIONS: (("organisation.name",),),
    ImportKind.VILLAGES: (("village.name",),),
    ImportKind.MATCHES: (
        ("match.need_key", "match.person_key", "match.person_id"),
        ("match.resource_key",),
        ("match.matched_on",),
    ),
}
"""The fields without which no row can be a record: of each group, at least one has to be mapped."""
