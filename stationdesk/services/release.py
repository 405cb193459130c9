"""What is searched for before something leaves the station, and who answers for it when the search is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line, digits
from stationdesk.db.models import Person, PersonCategory, Station, Worker
from stationdesk.db.writing import Work
from stationdesk.services.ledgers.clients import OF_AGE, is_minor, minor_categories
from stationdesk.sheets.leaks import Leak, MinorNames, PersonalNumber

_SHORTEST_PHONE = 7
LEAST_REASON = 4
"""Characters of a reason that says anything."""


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody looked at what was found and answers for it: the file goes out all the same.

    Raises:
        UserError: the reason is missing or says nothing.
    """

    reason: str

    def __post_init__(self) -> None:
        """Refuse what would tell a later reader nothing."""
        if len(clean_line(self.reason)) < LEAST_REASON:
            raise UserError("请写明放行的原因（至少四个字），它会记入操作记录。例如“这是村委会的公开电话”。")


def minor_names(session: Session, day: date) -> MinorNames:
    """The names of everybody on file who is a minor on a day, whether still served or not.

    Names that somebody of the station bears too are left out: those stand in every row as who did the work.
    """
    young = date(day.year - OF_AGE - 1, 1, 1)
    carried = select(PersonCategory.person_key).where(PersonCategory.category.in_(minor_categories()))
    rows = session.execute(
        select(
            Person.name, Person.birth_date, Person.age_told, Person.key.in_(carried).label("listed")
        ).where(or_(Person.birth_date >= young, Person.age_told < OF_AGE, Person.key.in_(carried)))
    )
    minors = {
        row.name for row in rows if is_minor(row.birth_date, row.age_told, day, listed=bool(row.listed))
    }
    return MinorNames(minors - _own_people(session))


def note_release(work: Work, record: str, what: str, leaks: Sequence[Leak], override: Override) -> None:
    """Log that a file went out although something was found in it: where, and the reason that was given."""
    sentence = _("放行 {what}：{count} 处疑似个人信息（{places}），原因：{reason}").format(
        what=what,
        count=len(leaks),
        places="、".join(dict.fromkeys(f"{each.place}{_(each.kind.label)}" for each in leaks[:5])),
        reason=clean_line(override.reason),
    )
    work.note("release", record, (), sentence)


def own_numbers(session: Session) -> tuple[str, ...]:
    """The phone of the station itself, which is there to be told."""
    phone = session.scalar(select(Station.phone)) or ""
    return (phone,) if len(digits(phone)) >= _SHORTEST_PHONE else ()


def _own_people(session: Session) -> set[str]:
    named = session.execute(select(Station.leader, Station.reviewer)).first() or ()
    return {*session.scalars(select(Worker.name)), *(name for name in named if name)}


__all__ = ["LEAST_REASON", "Override", "PersonalNumber", "minor_names", "note_release", "own_numbers"]
