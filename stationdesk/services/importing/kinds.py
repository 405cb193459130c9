"""What can be imported, and the fields that a column may be mapped to."""

from __future__ import annotations

from functools import cache

from stationdesk.core.fields import Field, Kind, Place, Spec
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.db.base import fields_of
from stationdesk.db.models import Household, Need, Person, Resource, Village


@captioned("导入内容")
class ImportKind(Choice):
    """The kinds of list that are brought in."""

    RESOURCES = choice("resources", "资源")
    PEOPLE = choice("people", "服务对象")
    NEEDS = choice("needs", "需求")
    VILLAGES = choice("villages", "村居")

    @property
    def record(self) -> str:
        """The kind of record that a row is about."""
        return {"resources": "resource", "people": "person", "needs": "need", "villages": "village"}[
            self.code
        ]


HEAD_NAME = Field(
    "household",
    "head_name",
    str,
    optional=True,
    many=False,
    spec=Spec("户主姓名", width=5, aliases=("户主名", "户主名字", "所属户主")),
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

PERSON_ID = Field(
    "need",
    "person_id",
    str,
    optional=True,
    many=False,
    spec=Spec(
        "身份证号",
        kind=Kind.ID_NUMBER,
        width=10,
        aliases=("身份证", "身份证号码", "公民身份号码", "证件号码"),
    ),
)
"""Whose need it is, by ID number."""

# What a person's list says of the household but means of the person.
_OF_THE_PERSON = frozenset({"opened_on", "closed_on", "note", "status"})
_RESOLVED = frozenset({"person.household_key"})


@cache
def targets(kind: ImportKind) -> tuple[Field, ...]:
    """The fields that the columns of such a list may hold, in the order in which they are offered."""
    match kind:
        case ImportKind.RESOURCES:
            return _stored(Resource)
        case ImportKind.PEOPLE:
            home = tuple(field for field in _stored(Household) if field.key not in _OF_THE_PERSON)
            person = tuple(field for field in _stored(Person) if field.name not in _RESOLVED)
            return (*person, GROUPS, HEAD_NAME, *home)
        case ImportKind.NEEDS:
            return (PERSON_ID, *_stored(Need))
        case ImportKind.VILLAGES:
            return _stored(Village)


def _stored(model: type[Resource | Household | Person | Need | Village]) -> tuple[Field, ...]:
    return tuple(field for field in fields_of(model, Place.IMPORT) if not field.derived)


REQUIRED: dict[ImportKind, tuple[tuple[str, ...], ...]] = {
    ImportKind.RESOURCES: (("resource.name",),),
    ImportKind.PEOPLE: (("person.name",),),
    ImportKind.NEEDS: (
        ("need.person_key", "need.person_id", "need.household_key", "need.village_key"),
        ("need.item",),
    ),
    ImportKind.VILLAGES: (("village.name",),),
}
"""The fields without which no row can be a record: of each group, at least one has to be mapped."""
