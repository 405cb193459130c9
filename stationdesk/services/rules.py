"""Small rules that several kinds of record share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from stationdesk.core.changes import Change
from stationdesk.core.entry import entered
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Values
from stationdesk.core.messages import _
from stationdesk.db.base import blank, field_map, values_of
from stationdesk.db.models import RECORDS
from stationdesk.db.refusals import fields_for
from stationdesk.db.writing import Work

BEST_SATISFACTION = 5


def whole(work: Work, change: Change) -> dict[str, Any]:
    """All values of the record as they will be: what is stored, or the blank, under what changes.

    Changed values are cleaned as they will be when they are written, so that a rule cannot be met by blanks.
    """
    model = RECORDS[change.record]
    told = fields_for(change)
    stored = work.session.get(model, change.key) if change.before is not None else None
    clean = {name: entered(told[name], value) for name, value in change.values.items()}
    return {**(values_of(stored) if stored is not None else blank(model)), **clean}


def with_filled(change: Change, values: Mapping[str, Any], more: Values) -> Change:
    """The change with further values, their present ones as `before` where the record exists.

    `values` are the values as `whole` told them before filling; fields that stay the same are left out.
    """
    after = {name: value for name, value in more.items() if name in change.values or values[name] != value}
    before = change.before
    if before is not None:
        before = {**{name: values[name] for name in after if name not in change.values}, **before}
    return Change(change.record, change.key, before, {**change.values, **after})


def check_order(record: str, values: Mapping[str, Any], first: str, last: str) -> None:
    """Refuse when `first` is above `last`: ages, or the days of a period."""
    low, high = values.get(first), values.get(last)
    if low is not None and high is not None and low > high:
        told = field_map(RECORDS[record])
        raise UserError(
            "“{first}”（{low}）不能大于“{last}”（{high}）。请改正其中一个。",
            first=_(told[first].label),
            last=_(told[last].label),
            low=low,
            high=high,
        )


def check_satisfaction(values: Mapping[str, Any]) -> None:
    """Refuse a satisfaction outside 1 to 5."""
    given = values.get("satisfaction")
    if given is not None and not 1 <= given <= BEST_SATISFACTION:
        raise UserError("满意度请填 1 到 5，现在是 {given}。", given=given)


def check_not_negative(record: str, values: Mapping[str, Any], *names: str) -> None:
    """Refuse numbers below nought where they make no sense."""
    told = field_map(RECORDS[record])
    for name in names:
        if values.get(name) is not None and values[name] < 0:
            raise UserError(
                "“{field}”不能小于 0，现在是 {given}。", field=_(told[name].label), given=values[name]
            )


def check_at_least_one(record: str, values: Mapping[str, Any], *names: str) -> None:
    """Refuse amounts of nothing."""
    told = field_map(RECORDS[record])
    for name in names:
        if values.get(name) is not None and values[name] < 1:
            raise UserError(
                "“{field}”要大于 0，现在是 {given}。可以留空。",
                field=_(told[name].label),
                given=values[name],
            )


def check_not_future(record: str, values: Mapping[str, Any], today: date, *names: str) -> None:
    """Refuse days of things that happened which lie ahead."""
    told = field_map(RECORDS[record])
    for name in names:
        if values.get(name) is not None and values[name] > today:
            raise UserError(
                "“{field}”{given} 还没到，今天是 {today}。请检查日期。",
                field=_(told[name].label),
                given=values[name],
                today=today,
            )


def check_place(values: Mapping[str, Any]) -> None:
    """Refuse half a place, and one that is nowhere on the earth."""
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if (latitude is None) != (longitude is None):
        raise UserError("位置要同时有纬度和经度。请补上另一个，或把两个都清空。")
    if (
        latitude is not None
        and longitude is not None
        and not (-90 <= latitude <= 90 and -180 <= longitude <= 180)
    ):
        raise UserError(
            "位置不对：纬度 {lat}、经度 {lon} 不在地球上。请检查是否填反。", lat=latitude, lon=longitude
        )
