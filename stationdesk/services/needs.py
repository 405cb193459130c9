"""The needs library: numbers, what follows from the item and the urgency, and how a need is closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import NeedResult, NeedStatus, NeedSubject
from stationdesk.db.base import values_of
from stationdesk.db.models import CodeRow, Need, Person
from stationdesk.db.writing import Work
from stationdesk.services.numbers import keep_number, next_number
from stationdesk.services.rules import (
    check_not_future,
    check_not_negative,
    check_order,
    check_satisfaction,
    whole,
    with_filled,
)
from stationdesk.services.store import Store


def checked_need(work: Work, change: Change) -> list[Change]:
    """Gives the number; a need belongs to somebody; a closed one has its day, and its reason where due."""
    values = whole(work, change)
    more: dict[str, Any] = {}
    if not values["code"]:
        more["code"] = next_number(work, "need")
    else:
        keep_number(work, values["code"])
    more |= _belonging(work, change, values)
    if values["result"] is None and values["item"]:
        more["result"] = result_of(work, values["item"])
    if change.before is None and values["due_on"] is None and values["urgency"] and values["urgency"].days:
        more["due_on"] = values["raised_on"] + timedelta(days=values["urgency"].days)
    more |= _closing(work, change, values)
    check_not_future("need", values, work.today, "raised_on", "closed_on")
    check_order("need", values, "raised_on", "closed_on")
    check_not_negative("need", values, "amount")
    check_satisfaction(values)
    return [with_filled(change, values, more)]


def _belonging(work: Work, change: Change, values: dict[str, Any]) -> dict[str, Any]:
    """Whose need it is follows from what is filled in, so that the two never disagree.

    A household that was filled in by the program goes along when the person does.
    """
    if values["person_key"]:
        person = work.session.get(Person, values["person_key"])
        home = person.household_key if person is not None else None
        if change.values.get("household_key") and home and values["household_key"] != home:
            raise UserError("所选的服务对象不在这一户里。请重新选择。")
        return {"subject": NeedSubject.PERSON, "household_key": home}
    if values["household_key"]:
        return {"subject": NeedSubject.HOUSEHOLD}
    if values["village_key"]:
        return {"subject": NeedSubject.COMMUNITY}
    raise UserError("还没有说是谁的需求。请选择服务对象、户或村居中的一个。")


def _closing(work: Work, change: Change, values: dict[str, Any]) -> dict[str, Any]:
    status: NeedStatus = values["status"]
    if status.is_open:
        return {"closed_on": None} if "status" in change.values else {}
    if status.needs_reason and not values["close_reason"]:
        raise UserError("“{status}”要写明原因。请填“关闭原因”。", status=_(status.label))
    return {} if values["closed_on"] else {"closed_on": work.today}


def result_of(work: Work, item: str) -> NeedResult | None:
    """The kind of result that an item of the catalogue leads to."""
    parent = work.session.scalar(
        select(CodeRow.parent).where(CodeRow.list == "need_item", CodeRow.code == item)
    )
    return result_named(parent)


def result_named(code: str | None) -> NeedResult | None:
    """The result with this code, None when there is none."""
    return next((each for each in NeedResult if each.code == code), None)


def close_need(store: Store, key: Key, status: NeedStatus, reason: str = "") -> ChangeSet:
    """Close a need, by the worker's own decision.

    Raises:
        UserError: the status asks for a reason that was not given.
    """
    with store.reading() as session:
        need = session.get(Need, key)
        if need is None:
            raise UserError("这条需求已经删除了。")
        before = values_of(need)
    change = changed(
        "need", key, before, {"status": status, "close_reason": reason or before["close_reason"]}
    )
    with store.writing(
        _("{status}：需求 {code}").format(status=_(status.label), code=before["code"])
    ) as work:
        if change is not None:
            work.write(checked_need(work, change))
        return work.done()
