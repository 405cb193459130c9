"""The resource library: numbers by class, and what a resource's figures and days must obey."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import ResourceStatus
from stationdesk.db.base import values_of
from stationdesk.db.models import Resource, fields_of
from stationdesk.db.writing import Work
from stationdesk.services.numbers import keep_number, next_number
from stationdesk.services.rules import (
    check_not_future,
    check_not_negative,
    check_order,
    check_place,
    whole,
    with_filled,
)
from stationdesk.services.scopes import VERIFY_DAYS
from stationdesk.services.sketch import check_real
from stationdesk.services.store import Store


def checked_resource(work: Work, change: Change) -> list[Change]:
    """Gives the number of its class, and a new one when the class changes; figures and days are in order."""
    values = whole(work, change)
    more: dict[str, Any] = {}
    letter = values["map_class"].letter if values["map_class"] else ""
    # The number bears the letter of its class, so a new class means a new number; the old one, which a
    # printed map may still show, is not given again.
    reclassed = change.before is not None and "map_class" in change.values
    misleads = reclassed and not (values["code"] or "").startswith(f"{letter}-")
    if letter and (not values["code"] or misleads):
        more["code"] = next_number(work, "resource", letter)
    elif "code" in change.values and values["code"]:
        keep_number(work, values["code"])
    if values["second_dimension"] and values["second_dimension"] == values["dimension"]:
        raise UserError("“第二维度”和“维度”相同。请换一个，或清空第二维度。")
    check_not_negative("resource", values, "min_age", "max_age", "capacity")
    check_order("resource", values, "min_age", "max_age")
    check_order("resource", values, "valid_from", "valid_to")
    check_not_future("resource", values, work.today, "verified_on", "collected_on")
    check_place(values)
    check_real(work, change)
    return [with_filled(change, values, more)]


def verify_today(store: Store, *keys: Key) -> ChangeSet:
    """Note that resources were checked today (a call, a look): they are due again in their time."""
    today = store.clock.today()
    with store.writing(_("今天已核实 {count} 项资源").format(count=len(keys))) as work:
        changes = []
        for resource in work.session.scalars(select(Resource).where(Resource.key.in_(keys))):
            due = (
                None
                if resource.verify_due is not None and resource.verify_due <= today
                else resource.verify_due
            )
            change = changed(
                "resource", resource.key, values_of(resource), {"verified_on": today, "verify_due": due}
            )
            if change is not None:
                changes.append(change)
        work.write(changes)
        return work.done()


def lacking(values: Values) -> tuple[str, ...]:
    """What a draft still lacks before it can be counted on, by the labels of its fields; empty where all is told."""
    # What a walk calls a place until somebody names it; see services.walks.
    unnamed = values["name"].startswith((_("未命名 {time}").partition("{")[0].strip(), "未命名"))
    silent = not values["offer_text"] and not values["offer_items"]
    unreachable = not values["phone"] and not values["contact"]
    wanting = {
        "name": unnamed,
        "offer_text": silent,
        "village_key": not values["village_key"],
        "phone": unreachable,
    }
    labels = {each.key: each.label for each in fields_of(Resource)}
    return tuple(_(labels[name]) for name, wants in wanting.items() if wants)


def days_unchecked(values: Values, today: date) -> int | None:
    """For how many days a resource was not verified, where it is due to be; None where it is not due.

    The same rule as the scope `verify`: its own day, else `VERIFY_DAYS` after the last check. One that was
    never verified counts from the day it was collected.
    """
    if values["status"] is not ResourceStatus.ACTIVE:
        return None
    last = values["verified_on"]
    due = values["verify_due"] or (last + timedelta(days=VERIFY_DAYS + 1) if last is not None else today)
    if due > today:
        return None
    since = last or values["collected_on"]
    return (today - since).days if since is not None else 0
