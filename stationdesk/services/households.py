"""Households and people: numbers, ID cards, who heads a household, what a person carries."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.idcard import NumberError, check_disability_certificate, check_id
from stationdesk.core.messages import _
from stationdesk.core.vocab import HouseholdStatus, PersonStatus, Sex
from stationdesk.db.models import Household, Person, VillageGroup
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
from stationdesk.services.sketch import check_real
from stationdesk.services.store import Store

RESIDENT_ID = frozenset({None, "01"})
"""Kinds of ID whose number is checked by GB 11643: the resident ID card, and where nothing is said."""


def checked_household(work: Work, change: Change) -> list[Change]:
    """Gives the number; the group lies in the village; a closed file has its day."""
    values = whole(work, change)
    more: dict[str, Any] = {}
    if not values["code"]:
        more["code"] = next_number(work, "household")
    else:
        keep_number(work, values["code"])
    if values["group_key"]:
        group = work.session.get(VillageGroup, values["group_key"])
        if group is not None and values["village_key"] is None:
            more["village_key"] = group.village_key
        elif group is not None and group.village_key != values["village_key"]:
            raise UserError("村民组“{group}”不在所选的村居里。请重新选择。", group=group.name)
    more |= _closed(work, change, values)
    check_not_negative("household", values, "registered_size", "resident_size", "income", "housing_area")
    check_order("household", values, "opened_on", "closed_on")
    check_place(values)
    check_real(work, change)
    return [with_filled(change, values, more)]


def checked_person(work: Work, change: Change) -> list[Change]:
    """Gives the number, checks the ID card and fills what it tells, keeps one head a household.

    Raises:
        UserError: the ID number is wrong and not marked 号码待核, or another person has it.
    """
    values = whole(work, change)
    more: dict[str, Any] = {}
    if not values["code"]:
        more["code"] = next_number(work, "person")
    else:
        keep_number(work, values["code"])
    more |= _card(work, change, values)
    more |= _certificate(values, work.today)
    more |= _closed(work, change, values)
    check_not_future("person", values, work.today, "birth_date")
    check_order("person", values, "opened_on", "closed_on")
    return [with_filled(change, values, more), *_other_heads(work, change, values)]


def _closed(work: Work, change: Change, values: dict[str, Any]) -> Values:
    """The day a file is closed comes with the status, and goes with it when somebody comes back."""
    status: HouseholdStatus | PersonStatus = values["status"]
    if status.is_open:
        return {"closed_on": None} if "status" in change.values else {}
    return {} if values["closed_on"] else {"closed_on": work.today}


def proposals(field: str, value: Any, today: date) -> Values:
    """What a typed value says about other fields of a person, to be filled where they are empty.

    An ID number tells sex and birth date; the number of a disability certificate its class and grade.
    """
    text = str(value or "")
    if field == "id_number":
        try:
            card = check_id(text, today)
        except NumberError:
            return {}
        return {"sex": card.sex, "birth_date": card.birth_date}
    if field == "disability_number":
        try:
            paper = check_disability_certificate(text, today)
        except NumberError:
            return {}
        return {"disability_kinds": frozenset({str(paper.kind)}), "disability_grade": str(paper.grade)}
    return {}


def _card(work: Work, change: Change, values: dict[str, Any]) -> Values:
    number = values["id_number"]
    if not number:
        return {"id_doubtful": False}
    if "id_number" in change.values:
        _refuse_taken(work, change.key, number)
    if values["id_kind"] not in RESIDENT_ID:
        return {}
    try:
        card = check_id(number, work.today)
    except NumberError as error:
        if values["id_doubtful"] or not {"id_number", "id_doubtful", "id_kind"} & set(change.values):
            return {}
        raise UserError(
            "身份证号“{number}”不对：{why}请核对；暂时核不了，就勾选“号码待核”再保存。",
            number=number,
            why=error,
        ) from error
    told: dict[str, Any] = {"id_doubtful": False, "id_number": card.number}
    if values["sex"] in {None, Sex.UNKNOWN, Sex.UNSTATED}:
        told["sex"] = card.sex
    if values["birth_date"] is None:
        told["birth_date"] = card.birth_date
    return told


def _certificate(values: dict[str, Any], today: date) -> Values:
    if not values["disability_number"]:
        return {}
    told = proposals("disability_number", values["disability_number"], today)
    return {name: value for name, value in told.items() if not values[name]}


def _refuse_taken(work: Work, key: Key, number: str) -> None:
    other = work.session.scalars(select(Person).where(Person.id_number == number, Person.key != key)).first()
    if other is not None:
        raise UserError(
            "身份证号“{number}”已经登记在“{name}”（{code}）名下，没有保存。请打开那份档案，或核对号码。",
            number=number,
            name=other.name,
            code=other.code,
        )


def _other_heads(work: Work, change: Change, values: dict[str, Any]) -> list[Change]:
    if not values["is_head"] or not {"is_head", "household_key"} & set(change.values):
        return []
    query = select(Person.key).where(
        Person.household_key == values["household_key"], Person.is_head.is_(True), Person.key != change.key
    )
    edits = (
        changed("person", key, {"is_head": True}, {"is_head": False}) for key in work.session.scalars(query)
    )
    return [edit for edit in edits if edit is not None]


def checked_category(work: Work, change: Change) -> list[Change]:
    """The days of a category are in order."""
    values = whole(work, change)
    check_order("person_category", values, "since", "until")
    check_not_negative("person_category", values, "monthly")
    return [change]


def members_of(store: Store, household: Key) -> tuple[Key, ...]:
    """The people of a household, the head first, then by age."""
    query = (
        select(Person.key)
        .where(Person.household_key == household)
        .order_by(Person.is_head.desc(), Person.birth_date, Person.key)
    )
    with store.reading() as session:
        return tuple(session.scalars(query))


def namesakes(store: Store, name: str, but: Key | None = None) -> tuple[str, ...]:
    """People on file with the same name, told apart by household and address: a warning at entry."""
    query = (
        select(Person.code, Person.name, Household.code.label("home"), Household.address)
        .join(Household, Household.key == Person.household_key)
        .where(Person.name == name, Person.key != (but or ""))
        .limit(5)
    )
    with store.reading() as session:
        rows = session.execute(query).all()
    return tuple(
        _("{name}（{code}，{home} {address}）").format(
            name=r.name, code=r.code, home=r.home, address=r.address or ""
        )
        for r in rows
    )
