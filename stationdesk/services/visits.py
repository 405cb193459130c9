"""Home visits: numbers, and which household was visited."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from stationdesk.core.changes import Change
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.db.base import field_map
from stationdesk.db.models import Household, Person, Visit
from stationdesk.db.writing import Work
from stationdesk.services.numbers import keep_number, next_number
from stationdesk.services.rules import check_not_future, check_not_negative, check_order, whole, with_filled

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


def checked_visit(work: Work, change: Change) -> list[Change]:
    """Gives the number; the person lives in the household; the next visit follows from the level."""
    values = whole(work, change)
    more: dict[str, Any] = {}
    if not values["code"]:
        more["code"] = next_number(work, "visit")
    else:
        keep_number(work, values["code"])
    if values["person_key"]:
        person = work.session.get(Person, values["person_key"])
        if person is not None and not values["household_key"]:
            more["household_key"] = person.household_key
        elif (
            person is not None
            and person.household_key != values["household_key"]
            and change.values.keys() & {"person_key", "household_key"}  # a person may have moved since
        ):
            raise UserError("走访对象“{name}”不在所选的户里。请重新选择。", name=person.name)
    home = work.session.get(Household, more.get("household_key") or values["household_key"] or "")
    follows = change.before is None and values["next_on"] is None and values["outcome"].is_completed
    if follows and home is not None and home.follow_level is not None and values["visited_on"]:
        more["next_on"] = values["visited_on"] + timedelta(days=home.follow_level.default_days)
    more |= {name: _time(name, values[name]) for name in ("started", "ended") if values[name]}
    check_not_future("visit", values, work.today, "visited_on")
    check_order("visit", {**values, **more}, "started", "ended")
    check_not_negative("visit", values, "people", "needs_found")
    return [with_filled(change, values, more)]


def _time(name: str, text: str) -> str:
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise UserError(
            "“{field}”请写成 09:30 这样，现在是“{given}”。", field=_(field_map(Visit)[name].label), given=text
        )
    return f"{int(match[1]):02d}:{match[2]}"
