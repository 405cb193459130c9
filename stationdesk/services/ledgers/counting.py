"""A figure as a value: which rows make it up and what each adds. The number and its rows come from one place."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from stationdesk.db.base import table_of
from stationdesk.db.models import Record

Figure = int | Decimal | None
"""A count, a sum of money, or a share; None where there is nothing to divide by."""

PORTION = "portion"
"""What a row adds to the figure, in the queries for the rows behind it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of a kind of record that a figure counts.

    Each adds 1, or `weight` where there is one. With `once` only the largest weight among the rows of the same
    subject is added: a household visited twice is one household.
    """

    model: type[Record]
    condition: ColumnElement[bool]
    weight: Any = None
    once: Any = None
    money: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the rows of `whole` also fulfil `part`: a share between 0 and 1."""

    whole: Counted
    part: ColumnElement[bool]


Told = Counted | Share


def model_of(told: Told) -> type[Record]:
    """The kind of record whose rows make up a figure."""
    return told.whole.model if isinstance(told, Share) else told.model


def condition_of(told: Told) -> ColumnElement[bool]:
    """Which rows make up a figure; for a share, those of the whole."""
    return told.whole.condition if isinstance(told, Share) else told.condition


def value_of(session: Session, told: Told) -> Figure:
    """The figure, computed by the database."""
    if isinstance(told, Share):
        counted = func.count(), func.count(case((told.part, 1)))
        whole, part = session.execute(
            select(*counted).select_from(told.whole.model).where(told.whole.condition)
        ).one()
        return (Decimal(part) / whole).quantize(Decimal("0.0001")) if whole else None
    total = session.execute(_total(told)).scalar_one()
    return Decimal(total).quantize(Decimal("0.01")) if told.money else int(total)


def portion_of(told: Told) -> ColumnElement[Any]:
    """What each row adds to the figure, so that the rows of a list add up to it; of a share, to its part."""
    if isinstance(told, Share):
        return case((told.part, 1), else_=0).label(PORTION)
    weight = literal(1) if told.weight is None else told.weight
    if told.once is None:
        return weight.label(PORTION)
    key = table_of(told.model).c.key
    place = func.row_number().over(partition_by=told.once, order_by=(weight.desc(), key))
    return case((place == 1, weight), else_=0).label(PORTION)


def _total(told: Counted) -> Any:
    weight = literal(1) if told.weight is None else told.weight
    if told.once is not None:
        each = select(func.max(weight).label("most")).where(told.condition).group_by(told.once)
        most = each.select_from(told.model).subquery().c.most
        return select(func.coalesce(func.sum(most), 0))
    if told.weight is None:
        return select(func.count()).select_from(told.model).where(told.condition)
    return select(func.coalesce(func.sum(weight), 0)).where(and_(True, told.condition))
