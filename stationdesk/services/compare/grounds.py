"""Which of our records a list of somebody else should have: told by the names that people use."""

from __future__ import annotations

from collections.abc import Mapping

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Value
from stationdesk.core.messages import _
from stationdesk.core.vocab import HouseholdStatus, PersonStatus, ResourceStatus
from stationdesk.db.base import table_of
from stationdesk.db.models import RECORDS
from stationdesk.services.importing.kinds import GROUPS, ImportKind
from stationdesk.services.importing.lists import Links, StationCodes
from stationdesk.services.listing import Filter, Query
from stationdesk.services.scopes import FAR_FILTERS
from stationdesk.services.store import Store
from stationdesk.sheets.reading.choosing import choose_code
from stationdesk.sheets.reading.outcomes import Problem

_OPEN: Mapping[str, frozenset[Value]] = {
    "person": frozenset({PersonStatus.ACTIVE}),
    "household": frozenset({HouseholdStatus.ACTIVE}),
    "resource": frozenset(set(ResourceStatus) - {ResourceStatus.WITHDRAWN}),
}
"""What of ours a list of somebody else can be expected to have."""


def ground_of(kind: ImportKind, village: Key | None = None, category: str = "") -> Query:
    """The records on the books, of a village or with a category of client if these are told.

    Raises:
        UserError: such records have no village, or no category.
    """
    record = kind.record
    filters = [Filter("status", _OPEN[record])] if record in _OPEN else []
    if village is not None:
        filters.append(Filter(_village_filter(kind), frozenset({village})))
    if category:
        if kind is not ImportKind.PEOPLE:
            raise UserError("只有服务对象有对象类别。比对别的内容时请不要选类别。")
        filters.append(Filter("category", frozenset({category})))
    return Query(record, filters=tuple(filters))


def _village_filter(kind: ImportKind) -> str:
    if "village_key" in table_of(RECORDS[kind.record]).c and kind is not ImportKind.NEEDS:
        return "village_key"
    if (kind.record, "village") in FAR_FILTERS:
        return "village"
    raise UserError("“{kind}”不分村居。请不要选村居。", kind=_(kind.label))


def ground_named(store: Store, kind: ImportKind, village: str = "", category: str = "") -> Query:
    """`ground_of` with the names of the village and of the category.

    Raises:
        UserError: nothing is called so.
    """
    with store.reading() as session:
        key = Links(session).village(village) if village else None
        code = choose_code(StationCodes(session), GROUPS.spec.codes, category) if category else None
    if village and key is None:
        raise UserError("本站没有叫“{name}”的村居。请检查名称。", name=village)
    if isinstance(code, Problem):
        raise UserError("没有叫“{name}”的对象类别。请检查名称。", name=category)
    return ground_of(kind, key, str(code.value) if code is not None else "")
