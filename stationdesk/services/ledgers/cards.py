"""一户一档、一人一档: the file of a household or of a person on one page, for the folder and for signing.

Cards hold everything that the station knows, so they are for itself only: there is no version that leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import JOINT, Book, Field, Key, Kind, Place, Values, plain_text, text_of
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.db.base import field_map, fields_of, values_of
from stationdesk.db.models import (
    Household,
    Match,
    Need,
    Person,
    PersonCategory,
    Record,
    Resource,
    Visit,
)
from stationdesk.services.book import link_titles
from stationdesk.services.ledgers.clients import is_minor
from stationdesk.services.ledgers.heads import head_of
from stationdesk.services.ledgers.reading import PaperBook, paper_book, restricted_people
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.sheets.cards import Card, Piece, Table
    from stationdesk.sheets.locking import Lock

MOST: Final = 500
"""Cards in one workbook: each is a sheet of its own."""
_LAST_VISITS: Final = 12
_LONGEST: Final = 60  # characters of a text in a table; the whole of it is in the record
_OFF_CARD = frozenset({Kind.LATITUDE, Kind.LONGITUDE, Kind.GEOMETRY})


class CardKind(StrEnum):
    """What a card is about."""

    HOUSEHOLD = "household"
    PERSON = "person"


_NAMES = {CardKind.HOUSEHOLD: "一户一档", CardKind.PERSON: "一人一档"}


@dataclass(frozen=True, slots=True)
class CardReport:
    """The workbook, its cards, and how many were left out because they may not be listed (限制查看)."""

    path: Path
    cards: int
    withheld: int


def households_in(store: Store, village: Key | None) -> tuple[Key, ...]:
    """The households of a village that are on file, in the order of their numbers; of all villages without one."""
    query = select(Household.key).where(Household.status == "active").order_by(Household.code)
    with store.reading() as session:
        return tuple(
            session.scalars(query if village is None else query.where(Household.village_key == village))
        )


def cards(
    store: Store,
    kind: CardKind,
    keys: Sequence[Key],
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    lock: Lock | None = None,
) -> CardReport:
    """Write the cards of these households or people to one workbook, each on a page.

    Raises:
        UserError: there is none to write, there are too many, or the place cannot be written.
        Cancelled: by `progress`.
    """
    from stationdesk.sheets.cards import write_cards  # keeps openpyxl out of the start

    with store.reading() as session:
        shown = _listed(session, kind, keys)
        if not shown:
            raise UserError("没有可以打印的档案。请先选户或人；按规定限制查看的不印。")
        if len(shown) > MOST:
            raise UserError(
                "一次最多打印 {most} 份档案，现在选了 {count} 份。请分村打印。", most=MOST, count=len(shown)
            )
        head = head_of(session, "", Audience.INTERNAL, filler=store.actor.name, today=store.clock.today())
        maker = _Maker(session, paper_book(session), store, head.station)
        name = _NAMES[kind]

        def release() -> None:
            sentence = _("导出{what} {count} 份到“{name}”").format(
                what=name, count=len(shown), name=target.name
            )
            with store.writing(sentence) as work:
                work.note("export", kind.value, shown, sentence)

        path = write_cards(
            target,
            maker.cards(kind, shown),
            len(shown),
            mark=head.mark,
            beside=beside,
            progress=progress,
            release=release,
            lock=lock,
        )
    return CardReport(path, len(shown), len(keys) - len(shown))


def _listed(session: Session, kind: CardKind, keys: Sequence[Key]) -> list[Key]:
    hidden = restricted_people()
    if kind is CardKind.PERSON:
        allowed = select(Person.key).where(Person.key.in_(keys), Person.key.not_in(hidden))
    else:
        homes = select(Person.household_key).where(Person.key.in_(hidden))
        allowed = select(Household.key).where(Household.key.in_(keys), Household.key.not_in(homes))
    found = set(session.scalars(allowed))
    return [key for key in keys if key in found]


class _Maker:
    """Makes cards one after the other."""

    def __init__(self, session: Session, book: PaperBook, store: Store, station: str) -> None:
        self._session = session
        self._book = book
        self._today = store.clock.today()
        self._station = station

    def cards(self, kind: CardKind, keys: Sequence[Key]) -> Iterator[Card]:
        """The cards of these records, in their order."""
        make = self._household if kind is CardKind.HOUSEHOLD else self._person
        for key in keys:
            yield make(key)

    def _household(self, key: Key) -> Card:
        from stationdesk.sheets.cards import Card, Signatures, Table

        home = self._session.get_one(Household, key)
        query = select(Person).where(Person.household_key == key).order_by(Person.is_head.desc(), Person.code)
        members = list(self._session.scalars(query))
        head = members[0].name if members else ""
        books = self._book_for(home, *members)
        minors = [
            each for each in members if is_minor(each.birth_date, each.age_told, self._today, listed=False)
        ]
        about = or_(Need.household_key == key, Need.person_key.in_([each.key for each in members]))
        parts: list[tuple[str, tuple[Piece, ...]]] = [
            ("A 户信息", self._facts(home, books, "")),
            ("B 家庭成员", (self._rows(members, _MEMBERS, books),)),
        ]
        if minors:
            parts.append(("B2 未成年人", (self._rows(minors, _MINORS, books),)))
        parts += [
            ("C—D 住房、财产、收入", self._facts(home, books, *_pages(Household))),
            ("E 对象类别与享受救助", (self._categories(members),)),
            ("F 主要困难与需求", (self._needs(about),)),
            ("I 服务记录（最近 12 次走访）", (self._visits(Visit.household_key == key),)),
            ("J 对接记录", (self._matches(about),)),
            (
                "K 同意与签字",
                (
                    Table(
                        ("姓名", "建档同意", "同意日期"),
                        (4, 4, 4),
                        tuple(
                            (each.name, each.consent.label, plain_text(each.consent_on)) for each in members
                        ),
                    ),
                    Signatures(("服务对象或监护人", "社工", "日期")),
                ),
            ),
        ]
        title = f"{self._station}一户一档"
        line = f"户编号：{home.code}　　户主：{head}　　打印日期：{self._today.isoformat()}"
        return Card(f"{home.code} {head}".strip(), title, line, tuple(parts))

    def _person(self, key: Key) -> Card:
        from stationdesk.sheets.cards import Card, Signatures

        person = self._session.get_one(Person, key)
        home = self._session.get_one(Household, person.household_key)
        books = self._book_for(person, home)
        about = Need.person_key == key
        of_person = or_(Visit.person_key == key, Visit.household_key == home.key)
        parts = (
            ("A 基本情况", self._facts(person, books, "")),
            *((page, self._facts(person, books, page)) for page in _pages(Person)),
            ("所在户", self._facts(home, books, "")),
            ("E 对象类别与享受救助", (self._categories([person]),)),
            ("F 主要困难与需求", (self._needs(about),)),
            ("I 服务记录（最近 12 次走访）", (self._visits(of_person),)),
            ("J 对接记录", (self._matches(about),)),
            ("K 签字", (Signatures(("服务对象或监护人", "社工", "日期")),)),
        )
        minor = is_minor(person.birth_date, person.age_told, self._today, listed=False)
        title = f"{self._station}一人一档{'（未成年人）' if minor else ''}"
        line = f"档案号：{person.code}　　姓名：{person.name}　　打印日期：{self._today.isoformat()}"
        return Card(f"{person.code} {person.name}", title, line, parts)

    def _facts(self, record: Record, book: Book, *pages: str) -> tuple[Piece, ...]:
        """The fields of a record on some pages of its form: short ones in pairs, texts across."""
        from stationdesk.sheets.cards import Facts, Words

        told = [
            each
            for each in fields_of(type(record), Place.PRINT)
            if each.spec.page in pages and not each.derived and each.spec.kind not in _OFF_CARD
        ]
        values = values_of(record)
        short = [each for each in told if each.spec.kind is not Kind.TEXT]
        pairs = tuple((_label(each), text_of(each, values[each.key], book)) for each in short)
        long = (each for each in told if each.spec.kind is Kind.TEXT and values[each.key])
        return (Facts(pairs), *(Words(each.label, text_of(each, values[each.key], book)) for each in long))

    def _rows(self, members: Sequence[Person], columns: Mapping[str, int], book: Book) -> Table:
        from stationdesk.sheets.cards import Table

        told = [field_map(Person)[name] for name in columns]
        rows = tuple(
            tuple(text_of(each, getattr(person, each.key), book) for each in told) for person in members
        )
        return Table(tuple(each.label for each in told), tuple(columns.values()), rows)

    def _categories(self, members: Sequence[Person]) -> Table:
        from stationdesk.sheets.cards import Table

        names = {each.key: each.name for each in members}
        rows = self._session.scalars(
            select(PersonCategory)
            .where(PersonCategory.person_key.in_(names))
            .order_by(PersonCategory.category)
        )
        return Table(
            ("姓名", "类别", "起", "止", "认定依据、证号", "月补助（元）"),
            (1, 3, 2, 2, 2, 2),
            tuple(
                (
                    names[each.person_key],
                    self._book.label("client_group", each.category),
                    plain_text(each.since),
                    plain_text(each.until),
                    JOINT.join(part for part in (each.basis, each.certificate) if part),
                    plain_text(each.monthly),
                )
                for each in rows
            ),
        )

    def _needs(self, about: ColumnElement[bool]) -> Table:
        from stationdesk.sheets.cards import Table

        rows = self._session.scalars(select(Need).where(about).order_by(Need.raised_on.desc(), Need.code))
        return Table(
            ("编号", "提出日期", "事项", "具体描述", "紧急", "状态"),
            (1, 2, 2, 4, 1, 2),
            tuple(
                (
                    each.code,
                    plain_text(each.raised_on),
                    self._book.label("need_item", each.item),
                    _short(each.description),
                    each.urgency.label,
                    each.status.label,
                )
                for each in rows
            ),
        )

    def _visits(self, about: ColumnElement[bool]) -> Table:
        from stationdesk.sheets.cards import Table

        query = select(Visit).where(about).order_by(Visit.visited_on.desc(), Visit.code.desc())
        rows = list(self._session.scalars(query.limit(_LAST_VISITS)))
        book = self._book_for(*rows)
        return Table(
            ("日期", "方式", "结果", "内容", "社工"),
            (2, 1, 2, 5, 2),
            tuple(
                (
                    plain_text(each.visited_on),
                    each.method.label,
                    each.outcome.label,
                    _short(each.situation, each.difficulties, each.service_given, each.advice),
                    book.title("worker", str(each.worker_key)) if each.worker_key else "",
                )
                for each in rows
            ),
        )

    def _matches(self, about: ColumnElement[bool]) -> Table:
        from stationdesk.sheets.cards import Table

        rows = self._session.execute(
            select(Match, Resource.name)
            .join(Need, Need.key == Match.need_key)
            .join(Resource, Resource.key == Match.resource_key)
            .where(about)
            .order_by(Match.matched_on.desc(), Match.code)
        )
        return Table(
            ("日期", "资源", "内容", "金额（元）", "状态"),
            (2, 3, 3, 2, 2),
            tuple(
                (
                    plain_text(match.matched_on),
                    name,
                    _short(match.content),
                    plain_text(match.amount),
                    match.state.label,
                )
                for match, name in rows
            ),
        )

    def _book_for(self, *records: Record) -> PaperBook:
        """The book with the titles of everything that these records point to."""
        told: list[Field] = []
        values: list[Values] = []
        for each in records:
            told += [field for field in fields_of(type(each)) if field.spec.link and not field.derived]
            values.append(values_of(each))
        titles: dict[Any, str] = dict(self._book.titles)
        for record in dict.fromkeys(type(each) for each in records):
            own = [field for field in told if field.record == record.__tablename__]
            mine = [value for each, value in zip(records, values, strict=True) if type(each) is record]
            titles |= link_titles(self._session, own, mine)
        return PaperBook(self._book.labels, titles)


_MEMBERS = {
    "name": 1,
    "relation": 1,
    "sex": 1,
    "birth_date": 2,
    "id_number": 3,
    "health": 1,
    "workplace": 1,
    "phone": 2,
}
"""The columns of the members by how much of the page each takes."""
_MINORS = {
    "name": 1,
    "workplace": 3,
    "carer": 2,
    "registered_address": 3,
    "residence": 1,
    "self_care": 1,
    "aid": 1,
}


def _pages(model: type[Record]) -> tuple[str, ...]:
    """The further pages of a record's form, in their order, but those that say where it lies."""
    pages = dict.fromkeys(each.spec.page for each in fields_of(model, Place.PRINT) if not each.derived)
    return tuple(page for page in pages if page and page != "位置")


def _label(told: Field) -> str:
    return f"{told.label}（{told.spec.unit}）" if told.spec.unit else told.label


def _short(*texts: str | None) -> str:
    text = "；".join(each.strip() for each in texts if each and each.strip())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


__all__ = ["MOST", "CardKind", "CardReport", "cards", "households_in"]
