"""Which records may be named outside the program: none that tells of somebody who is never listed (限制查看).

One rule for every way out: files, paper, the clipboard, lists laid beside those of others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.base import table_of
from stationdesk.db.models import (
    RECORD_TITLES,
    RECORDS,
    Person,
    PersonCategory,
    Visit,
)
from stationdesk.services.ledgers.reading import (
    restricted_home,
    restricted_match,
    restricted_need,
    restricted_people,
    restricted_person,
    restricted_resource,
    restricted_visit,
)
from stationdesk.services.store import Store

SECRET_PLACE = frozenset({"address", "village_key", "precision", "latitude", "longitude", "distance"})
"""The fields that tell where a resource is whose address is kept secret: in no file, whoever asks."""


def allowed_keys(session: Session, record: str, keys: Sequence[Key]) -> tuple[Key, ...]:
    """Those of some records that may be named outside the program, in their order."""
    withheld = withheld_keys(session, record)
    return tuple(key for key in keys if key not in withheld)


def note_copied(store: Store, record: str, count: int) -> None:
    """Log that rows go to the clipboard, from where they may go anywhere; called before they are there."""
    sentence = _("复制 {count:,} 行{kind}到剪贴板").format(count=count, kind=_(RECORD_TITLES[record]))
    with store.writing(sentence) as work:
        work.note("copy", record, (), sentence)


def withheld_keys(session: Session, record: str) -> frozenset[Key]:
    """The records of a kind that no file may name."""
    condition = _WITHHELD.get(record)
    if condition is None:
        return frozenset()
    return frozenset(session.scalars(select(table_of(RECORDS[record]).c.key).where(condition())))


def _homes() -> Select[Any]:
    return select(Person.household_key).where(Person.key.in_(restricted_people()))


def _visit() -> ColumnElement[bool]:
    # A list shows the head of the household beside whoever was visited.
    return or_(restricted_visit(), Visit.household_key.in_(_homes()))


def _category() -> ColumnElement[bool]:
    return PersonCategory.person_key.in_(restricted_people())


_WITHHELD: Mapping[str, Callable[[], ColumnElement[bool]]] = MappingProxyType(
    {
        "person": restricted_person,
        "person_category": _category,
        "household": restricted_home,
        "need": restricted_need,
        "match": restricted_match,
        "visit": _visit,
        "resource": restricted_resource,
    }
)
"""What holds on the records of each kind that are withheld."""
