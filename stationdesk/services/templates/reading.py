"""The records of a form, as entries: what is known of a person, household, need... at the end of a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import JOINT, Key, Value, text_of
from stationdesk.core.fields import Book as Words
from stationdesk.core.masks import mask_minor_name, mask_name
from stationdesk.db.base import field_map, table_of
from stationdesk.db.models import (
    RECORDS,
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Record,
    Resource,
    Village,
    VillageGroup,
    Visit,
)
from stationdesk.services.derived import age_on, groups_of
from stationdesk.services.ledgers import conditions as when
from stationdesk.services.ledgers.clients import is_minor, minor_people
from stationdesk.services.ledgers.period import Period
from stationdesk.services.ledgers.reading import (
    GROUPS,
    count_of,
    restricted_match,
    restricted_people,
    restricted_person,
)
from stationdesk.services.ledgers.rows import ROWS
from stationdesk.services.ledgers.rows.people import RELIEF
from stationdesk.services.scopes import COMPLETED, FAR_FILTERS, last_visit, on_day
from stationdesk.services.templates.sources import GROUP
from stationdesk.services.templates.standing import (
    MATCH_FIELDS,
    NEED_FIELDS,
    match_then,
    need_then,
)
from stationdesk.sheets.template.rules import Choosing, FormKind, Subject, Template
from stationdesk.sheets.template.sources import Entry

_PART = 200
_Rows = dict[Key, dict[str, Value]]

_MODELS: Mapping[Subject, type[Record]] = MappingProxyType(
    {
        Subject.PERSON: Person,
        Subject.HOUSEHOLD: Household,
        Subject.NEED: Need,
        Subject.RESOURCE: Resource,
        Subject.MATCH: Match,
        Subject.VISIT: Visit,
    }
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records that a form takes: a query for their keys in order, how many, and how many may not be listed."""

    keys: Select[Any]
    count: int
    withheld: int


def chosen(session: Session, subject: Subject, choosing: Choosing, period: Period) -> Chosen:
    """The records for a form at the end of a period.

    Raises:
        UserError: a village of the choice is not on file.
    """
    belongs, hidden, order = _QUERIES[subject](period)
    conditions = [belongs, *_conditions(session, subject, choosing, period)]
    model = _MODELS[subject]
    query = select(model.key.label("key")).where(*conditions)
    listed = query if hidden is None else query.where(not_(hidden))
    withheld = 0 if hidden is None else count_of(session, query.where(hidden))
    return Chosen(order(listed), count_of(session, listed), withheld)


def entries_of(
    session: Session, template: Template, found: Chosen, period: Period, words: Words, *, masked: bool
) -> Iterator[Entry]:
    """The entries for the chosen records, some hundred at a time."""
    reader = _Reader(session, template, period, words, masked=masked)
    keys = list(session.scalars(found.keys))
    for start in range(0, len(keys), _PART):
        yield from reader.entries(keys[start : start + _PART], start)


def unknown_categories(choosing: Choosing, labels: Mapping[tuple[str, str], str]) -> list[str]:
    """The categories of a choice that the station does not have: a template may come from elsewhere."""
    return [code for code in choosing.categories if (GROUPS, code) not in labels]


# which records


def _ordered(model: type[Record]) -> Callable[[Select[Any]], Select[Any]]:
    def by_home(query: Select[Any]) -> Select[Any]:
        if model is Person:
            query = query.join(Household, Household.key == Person.household_key)
        return query.outerjoin(Village, Village.key == Household.village_key).order_by(
            Village.name, Household.code, *((Person.is_head.desc(), Person.code) if model is Person else ())
        )

    return by_home


def _by(*columns: Any) -> Callable[[Select[Any]], Select[Any]]:
    return lambda query: query.order_by(*columns)


_Query = tuple[ColumnElement[bool], ColumnElement[bool] | None, Callable[[Select[Any]], Select[Any]]]


def _household_restricted() -> ColumnElement[bool]:
    return Household.key.in_(select(Person.household_key).where(Person.key.in_(restricted_people())))


def _ledger_condition(name: str, period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool] | None]:
    rows = ROWS[name]
    restricted = rows.source.restricted
    return rows.belongs(period), restricted() if restricted is not None else None


_QUERIES: Mapping[Subject, Callable[[Period], _Query]] = MappingProxyType(
    {
        Subject.PERSON: lambda period: (when.on_file(period.last), restricted_person(), _ordered(Person)),
        Subject.HOUSEHOLD: lambda period: (
            when.household_on_file(period.last),
            _household_restricted(),
            _ordered(Household),
        ),
        Subject.NEED: lambda period: (*_ledger_condition("needs", period), _by(Need.raised_on, Need.code)),
        Subject.RESOURCE: lambda period: (
            *_ledger_condition("resources", period),
            _by(Resource.dimension, Resource.code),
        ),
        Subject.MATCH: lambda period: (
            when.within(Match.matched_on, period),
            restricted_match(),
            _by(Match.matched_on, Match.code),
        ),
        Subject.VISIT: lambda period: (
            *_ledger_condition("visits", period),
            _by(Visit.visited_on, Visit.code),
        ),
    }
)


def _conditions(
    session: Session, subject: Subject, choosing: Choosing, period: Period
) -> Iterator[ColumnElement[bool]]:
    if choosing.villages:
        yield _in_villages(session, subject, choosing.villages, period.last)
    about = _people_column(subject)
    if choosing.categories and about is not None:
        carried = select(PersonCategory.person_key).where(
            PersonCategory.category.in_(choosing.categories), on_day(period.last)
        )
        yield about(Person.key.in_(carried))
    if (choosing.age_from is not None or choosing.age_to is not None) and about is not None:
        yield about(_of_age(choosing, period.last))


def _people_column(subject: Subject) -> Callable[[ColumnElement[bool]], ColumnElement[bool]] | None:
    """How a condition on people becomes one on the rows: a household has a member like that."""
    match subject:
        case Subject.PERSON:
            return lambda condition: condition
        case Subject.HOUSEHOLD:
            return lambda condition: exists().where(Person.household_key == Household.key, condition)
        case Subject.NEED:
            return lambda condition: Need.person_key.in_(select(Person.key).where(condition))
        case Subject.VISIT:
            return lambda condition: Visit.household_key.in_(select(Person.household_key).where(condition))
        case Subject.MATCH:
            return lambda condition: Match.need_key.in_(
                select(Need.key).where(Need.person_key.in_(select(Person.key).where(condition)))
            )
        case Subject.RESOURCE:
            return None


def _in_villages(session: Session, subject: Subject, names: Sequence[str], day: date) -> ColumnElement[bool]:
    rows = session.execute(select(Village.key, Village.name).where(Village.name.in_(names))).all()
    missing = [name for name in names if name not in {row.name for row in rows}]
    if missing:
        raise UserError("模板里选的村居“{name}”不在本站的村居名单里。请改选后再填。", name="、".join(missing))
    keys = frozenset(row.key for row in rows)
    if subject is Subject.HOUSEHOLD:
        return Household.village_key.in_(keys)
    if subject is Subject.RESOURCE:
        return Resource.village_key.in_(keys)
    return FAR_FILTERS[(subject.code, "village")](keys, day)


def _of_age(choosing: Choosing, day: date) -> ColumnElement[bool]:
    known, told = [], []
    if choosing.age_from is not None:
        known.append(Person.birth_date <= _years_before(day, choosing.age_from))
        told.append(Person.age_told >= choosing.age_from)
    if choosing.age_to is not None:
        known.append(Person.birth_date > _years_before(day, choosing.age_to + 1))
        told.append(Person.age_told <= choosing.age_to)
    return or_(
        and_(Person.birth_date.is_not(None), *known),
        and_(Person.birth_date.is_(None), Person.age_told.is_not(None), *told),
    )


def _years_before(day: date, years: int) -> date:
    """Whoever was born on this day or before is so old; a 29 February that a year lacks is its 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


# what is known of them


class _Reader:
    """Reads some hundred records at a time, and only what the template asks for."""

    def __init__(
        self, session: Session, template: Template, period: Period, words: Words, *, masked: bool
    ) -> None:
        self._session = session
        self._template = template
        self._period = period
        self._words = words
        self._masked = masked
        self._wanted = template.sources
        self._single_groups = {
            name: name.removeprefix(GROUP) for name in template.sources if name.startswith(GROUP)
        }
        self._members = template.kind is FormKind.CARD and bool(template.columns)

    def entries(self, keys: Sequence[Key], start: int) -> Iterator[Entry]:
        rows = self._rows(keys)
        people = {key for row in rows if (key := row.get("person"))}
        homes = {key for row in rows if (key := row.get("household"))}
        persons = self._persons(people)
        households = self._households(homes)
        families = self._families(homes) if self._members else {}
        linked = {record: self._linked(record, rows) for record in ("need", "resource")}
        for number, row in enumerate(rows, start + 1):
            values: dict[str, Value] = dict(row["own"])
            person = persons.get(row.get("person") or Key(""))
            values |= person.values if person is not None else {}
            values |= households.get(row.get("household") or Key(""), {})
            for record, found in linked.items():
                values |= found.get(row.get(record) or Key(""), {})
            minor = person.minor if person is not None else False
            yield Entry(
                values,
                minor,
                self._title(values, number, minor=minor),
                tuple(
                    member.entry
                    for member in families.get(row.get("household") or Key(""), ())
                    if member.key != row.get("person") or self._template.subject is not Subject.PERSON
                ),
            )

    def _title(self, values: Mapping[str, Value], number: int, *, minor: bool) -> str:
        name = str(values.get("title.name") or values.get("derived.head") or "")
        if self._masked:
            name = (mask_minor_name if minor else mask_name)(name)
        return f"{number:03d} {name}".strip()

    def _rows(self, keys: Sequence[Key]) -> list[dict[str, Any]]:
        """The own values of the records and the keys of what they are about, in order."""
        subject = self._template.subject
        own = self._stored(_MODELS[subject], keys, _LINKS[subject])
        rows = []
        for key in keys:
            values = own.get(key)
            if values is None:
                continue
            row: dict[str, Any] = {name: values.pop(f"link.{name}", None) for name in _LINKS[subject]}
            row["own"] = values
            if subject.code in {"person", "household"}:
                row[subject.code] = key
            rows.append(row)
        self._resolve(subject, rows)
        self._stand_back(subject, rows, own)
        return rows

    def _stand_back(self, subject: Subject, rows: list[dict[str, Any]], own: _Rows) -> None:
        """Needs and matches as they stood at the period's end."""
        day = self._period.last
        if subject is Subject.MATCH:
            for row in rows:
                match_then(row["own"], day)
        elif subject is Subject.NEED:
            matched = set(
                self._session.scalars(
                    select(Match.need_key).where(
                        Match.need_key.in_(list(own)),
                        Match.state.not_in(when.GIVEN_UP),
                        Match.matched_on <= day,
                    )
                )
            )
            for key, values in own.items():
                need_then(values, day, matched=key in matched)

    def _resolve(self, subject: Subject, rows: list[dict[str, Any]]) -> None:
        """Find household and person of each row: of a match through its need, of a household its head."""
        if subject is Subject.MATCH:
            needs = self._session.execute(
                select(Need.key, Need.person_key, Need.household_key).where(
                    Need.key.in_([row["need"] for row in rows])
                )
            )
            by_key = {each.key: each for each in needs}
            for row in rows:
                need = by_key.get(row["need"])
                row["person"] = need.person_key if need is not None else None
                row["household"] = need.household_key if need is not None else None
        if subject in {Subject.NEED, Subject.MATCH}:
            homes = {
                each.key: each.household_key
                for each in self._session.execute(
                    select(Person.key, Person.household_key).where(
                        Person.key.in_([row["person"] for row in rows if row["person"]])
                    )
                )
            }
            for row in rows:
                row["household"] = row["household"] or homes.get(row["person"])
        if subject in {Subject.HOUSEHOLD, Subject.NEED, Subject.MATCH, Subject.VISIT}:
            heads = self._heads({row["household"] for row in rows if row.get("household")})
            for row in rows:
                if not row.get("person"):
                    row["person"] = heads.get(row.get("household") or Key(""))

    def _heads(self, homes: set[Key]) -> dict[Key, Key]:
        """The head of each household; where nobody is marked, the first person on file."""
        found = self._session.execute(
            select(Person.household_key, Person.key)
            .where(Person.household_key.in_(homes), when.on_file(self._period.last))
            .order_by(Person.is_head, Person.key.desc())
        )
        return {row.household_key: row.key for row in found}

    def _stored(self, model: type[Record], keys: Sequence[Key] | set[Key], links: Mapping[str, str]) -> _Rows:
        """The fields that the template names, by `record.field`, and the keys of links by `link.…`."""
        table, record = table_of(model), model.__tablename__
        names = [
            name
            for name in field_map(model)
            if f"{record}.{name}" in self._wanted or f"{record}.{name}" in _ALWAYS
        ]
        columns = [table.c[name].label(f"{record}.{name}") for name in names]
        columns += [table.c[column].label(f"link.{name}") for name, column in links.items()]
        rows: _Rows = {}
        for row in self._session.execute(
            select(table.c.key, *columns).where(table.c.key.in_(list(keys)))
        ).mappings():
            values = dict(row)
            rows[values.pop("key")] = values
        return rows

    def _linked(self, record: str, rows: list[dict[str, Any]]) -> _Rows:
        keys = {key for row in rows if (key := row.get(record))}
        if not keys or not any(name.startswith(f"{record}.") for name in self._wanted):
            return {}
        return self._stored(RECORDS[record], keys, {})

    def _persons(self, keys: set[Key]) -> dict[Key, _Known]:
        day = self._period.last
        stored = self._stored(Person, keys, {})
        groups = groups_of(self._session, list(keys), day)
        relief = self._relief(keys) if "derived.relief" in self._wanted else {}
        carried = self._carried(keys)
        listed = minor_people(self._session, keys, day)
        known = {}
        for key, values in stored.items():
            birth, told = values["person.birth_date"], values["person.age_told"]
            values["derived.age"] = told if birth is None else age_on(birth, day)
            values["derived.groups"] = tuple(groups.get(key, ())) or None
            values["derived.relief"] = relief.get(key) or None
            values |= {name: code in carried.get(key, ()) for name, code in self._single_groups.items()}
            values["title.name"] = values["person.name"]
            minor = is_minor(birth, told, day, listed=key in listed)
            known[key] = _Known(key, values, minor)
        return known

    def _carried(self, keys: set[Key]) -> dict[Key, set[str]]:
        """Which of the categories that are asked for one by one each person carries."""
        if not self._single_groups:
            return {}
        found: dict[Key, set[str]] = {}
        query = select(PersonCategory.person_key, PersonCategory.category).where(
            PersonCategory.person_key.in_(keys),
            PersonCategory.category.in_(self._single_groups.values()),
            on_day(self._period.last),
        )
        for row in self._session.execute(query):
            found.setdefault(row.person_key, set()).add(row.category)
        return found

    def _relief(self, keys: set[Key]) -> dict[Key, tuple[str, ...]]:
        found: dict[Key, tuple[str, ...]] = {}
        query = (
            select(PersonCategory.person_key, PersonCategory.category)
            .where(
                PersonCategory.person_key.in_(keys),
                PersonCategory.category.in_(RELIEF),
                on_day(self._period.last),
            )
            .order_by(PersonCategory.category)
        )
        for row in self._session.execute(query):
            label = self._words.label(GROUPS, row.category)
            found[row.person_key] = (*found.get(row.person_key, ()), label)
        return found

    def _households(self, keys: set[Key]) -> _Rows:
        stored = self._stored(Household, keys, {"group": "group_key"})
        names = {
            row.key: row.name
            for row in self._session.execute(
                select(VillageGroup.key, VillageGroup.name).where(
                    VillageGroup.key.in_([row["link.group"] for row in stored.values() if row["link.group"]])
                )
            )
        }
        for values in stored.values():
            values["derived.group"] = names.get(values.pop("link.group") or Key(""))
            values["derived.full_address"] = self._full_address(values)
        self._add_visits(stored)
        self._add_people(stored)
        return stored

    def _full_address(self, values: Mapping[str, Value]) -> str:
        village = text_of(
            field_map(Household)["village_key"], values.get("household.village_key"), self._words
        )
        address = str(values.get("household.address") or "")
        return address if village in address else village + address

    def _add_visits(self, stored: _Rows) -> None:
        if "derived.last_visit" in self._wanted:
            last = self._session.execute(
                select(Household.key, last_visit(self._period.last).label("last")).where(
                    Household.key.in_(list(stored))
                )
            )
            for row in last:
                value = row.last
                stored[row.key]["derived.last_visit"] = (
                    date.fromisoformat(value) if isinstance(value, str) else value
                )
        if "derived.visits" in self._wanted:
            counted = self._session.execute(
                select(Visit.household_key, func.count())
                .where(
                    Visit.household_key.in_(list(stored)),
                    when.within(Visit.visited_on, self._period),
                    Visit.outcome.in_(COMPLETED),
                )
                .group_by(Visit.household_key)
            )
            counts = {key: count for key, count in counted}  # noqa: C416 - rows of two are no pairs to dict()
            for key, values in stored.items():
                values["derived.visits"] = counts.get(key, 0)

    def _add_people(self, stored: _Rows) -> None:
        """What is known of a household through its members on file; who is restricted is never named."""
        rows = self._session.execute(
            select(
                Person.key,
                Person.household_key,
                Person.name,
                Person.id_number,
                Person.phone,
                Person.relation,
                Person.is_head,
            )
            .where(
                Person.household_key.in_(list(stored)),
                when.on_file(self._period.last),
                not_(restricted_person()),
            )
            .order_by(Person.is_head.desc(), Person.key)
        )
        members: dict[Key, list[Any]] = {}
        for row in rows:
            members.setdefault(row.household_key, []).append(row)
        relation = field_map(Person)["relation"]
        for key, values in stored.items():
            people = members.get(key, [])
            values["derived.size"] = len(people)
            if not people:
                continue
            head = people[0]
            values["derived.head"], values["derived.head_id"] = head.name, head.id_number
            values["derived.head_phone"] = head.phone
            values["derived.members"] = JOINT.join(each.name for each in people)
            told = [(each.name, text_of(relation, each.relation, self._words)) for each in people[1:]]
            values["derived.others"] = JOINT.join(
                f"{name}（{word}）" if word else name for name, word in told
            )

    def _families(self, homes: set[Key]) -> dict[Key, list[_Known]]:
        rows = self._session.execute(
            select(Person.key, Person.household_key)
            .where(
                Person.household_key.in_(homes), when.on_file(self._period.last), not_(restricted_person())
            )
            .order_by(Person.is_head.desc(), Person.key)
        ).all()
        known = self._persons({row.key for row in rows})
        families: dict[Key, list[_Known]] = {}
        for row in rows:
            families.setdefault(row.household_key, []).append(known[row.key])
        return families


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a person."""

    key: Key
    values: Mapping[str, Value]
    minor: bool

    @property
    def entry(self) -> Entry:
        return Entry(self.values, self.minor)


_ALWAYS = (
    frozenset(
        {"person.name", "person.birth_date", "person.age_told", "household.village_key", "household.address"}
    )
    | NEED_FIELDS
    | MATCH_FIELDS
)
"""What entries need for themselves: titles, ages, who is a minor, how things stood then."""

_LINKS: Mapping[Subject, Mapping[str, str]] = MappingProxyType(
    {
        Subject.PERSON: {"household": "household_key"},
        Subject.HOUSEHOLD: {},
        Subject.NEED: {"person": "person_key", "household": "household_key"},
        Subject.RESOURCE: {},
        Subject.MATCH: {"need": "need_key", "resource": "resource_key"},
        Subject.VISIT: {"person": "person_key", "household": "household_key"},
    }
)
"""Where each kind of row keeps what it is about."""
