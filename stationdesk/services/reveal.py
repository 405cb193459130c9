"""Masked values are shown whole on request only, and the request is on record before they are."""

from __future__ import annotations

from stationdesk.core.changes import ChangeSet
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.db.models import RECORD_TITLES, RECORDS
from stationdesk.services.store import Store


def reveal(store: Store, record: str, key: Key) -> ChangeSet:
    """Note that the present worker is about to see the masked fields of a record. Changes nothing.

    Raises:
        UserError: the record is gone.
    """
    kind = _(RECORD_TITLES[record])
    with store.writing(_("查看{kind}的完整信息").format(kind=kind)) as work:
        if work.session.get(RECORDS[record], key) is None:
            raise UserError("这条{kind}已经删除了。", kind=kind)
        work.note("revealed", record, [key], _("查看了隐去的内容"))
        return work.done()
