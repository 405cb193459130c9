"""Which cards or visit slips are wanted, and whether the present worker may have them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Audience, HouseholdStatus, PersonStatus
from stationdesk.db.base import table_of
from stationdesk.db.models import RECORDS, Worker
from stationdesk.services.ledgers.reading import restricted_home, restricted_person
from stationdesk.services.listing import Filter, Query, read_keys
from stationdesk.services.store import Store
from stationdesk.sheets.leaves import LeafSize

MOST = 1_000
"""Sheets that are still a stack of paper."""


class CardKind(Enum):
    """What is printed: the kind of record, and what the paper is called."""

    HOUSEHOLD = ("household", "一户一档卡")
    PERSON = ("person", "一人一档卡")
    SLIP = ("household", "走访单")

    def __init__(self, record: str, title: str) -> None:
        self.record = record
        self.title = title

    @property
    def size(self) -> LeafSize:
        """The sheet of one card."""
        return LeafSize.A5 if self is CardKind.SLIP else LeafSize.A4


@dataclass(frozen=True, slots=True)
class CardsOut:
    """Cards that are wanted: those of a query, or of it only the records `keys`.

    `words` say in the name of the file and in the log which they are. `two_up` puts two visit slips on an A4 sheet.
    """

    kind: CardKind
    query: Query
    keys: tuple[Key, ...] | None = None
    words: str = ""
    two_up: bool = True

    @property
    def record(self) -> str:
        """The kind of record."""
        return self.kind.record

    @property
    def title(self) -> str:
        """What it is called on paper."""
        return self.kind.title

    @property
    def audience(self) -> Audience:
        """Cards never leave the station masked: they are for the station itself."""
        return Audience.INTERNAL


def cards_of(kind: CardKind, key: Key, words: str = "") -> CardsOut:
    """The card of one record."""
    return CardsOut(kind, Query(kind.record), (key,), words)


def cards_in(kind: CardKind, village: Key, words: str) -> CardsOut:
    """The cards of all households, or people, of a village that are on the books."""
    if kind is CardKind.PERSON:
        filters = (
            Filter("village", frozenset({village})),
            Filter("status", frozenset({PersonStatus.ACTIVE})),
        )
    else:
        filters = (
            Filter("village_key", frozenset({village})),
            Filter("status", frozenset({HouseholdStatus.ACTIVE})),
        )
    return CardsOut(kind, Query(kind.record, filters=filters, order="code"), words=words)


def slips_due() -> CardsOut:
    """The slips of all households where a visit is due."""
    query = Query("household", scope="overdue", order="follow_level")
    return CardsOut(CardKind.SLIP, query, words="到期")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The records whose cards are printed; how many of them are restricted, how many are left out for that."""

    keys: tuple[Key, ...]
    restricted: int
    withheld: int
    whole: bool


def chosen_keys(store: Store, session: Session, wanted: CardsOut) -> Chosen:
    """The records of the cards, in order.

    Raises:
        UserError: there are none, too many, or none that the present worker may see.
    """
    worker = session.get(Worker, store.actor.key) if store.actor.key else None
    if worker is not None and not worker.role.sees_records:
        raise UserError("“{name}”的角色只看统计，不能打印档案。", name=worker.name)
    keys = read_keys(session, wanted.query, store.clock.today())
    if wanted.keys is not None:
        picked = frozenset(wanted.keys)
        keys = tuple(key for key in keys if key in picked)
    hidden = _restricted(session, wanted.record).intersection(keys)
    whole = worker is not None and worker.sees_restricted
    allowed = keys if whole else tuple(key for key in keys if key not in hidden)
    if not keys:
        raise UserError("没有可以打印的{title}。请换一个范围。", title=wanted.title)
    if not allowed:
        raise UserError(
            "涉及按规定限制查看的对象，没有打印。只有“可看限制档案”的工作人员才能打印，这一项在“本站设置”的工作人员里。"
        )
    if len(allowed) > MOST:
        raise UserError(
            "共有 {count:,} 张，一次最多打印 {most:,} 张。请分村打印。", count=len(allowed), most=MOST
        )
    return Chosen(allowed, len(hidden) if whole else 0, len(keys) - len(allowed), whole)


def _restricted(session: Session, record: str) -> frozenset[Key]:
    held = restricted_person() if record == "person" else restricted_home()
    return frozenset(session.scalars(select(table_of(RECORDS[record]).c.key).where(held)))
