"""Column types for values that SQLite does not have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from stationdesk.core.fields import plain_code

MARK = ","


class CodeSet(TypeDecorator[frozenset[Any]]):
    """A set of codes as one value: `,G01,G13,` in the order of the codes; the empty set is ''.

    The marks at both ends let a filter ask `LIKE '%,G01,%'`. None is stored as NULL.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Enum] | None = None) -> None:
        super().__init__()
        self.kind = kind

    @override
    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        codes = sorted(plain_code(each) for each in value)
        return f"{MARK}{MARK.join(codes)}{MARK}" if codes else ""

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Any] | None:
        if value is None:
            return None
        codes = [each for each in value.split(MARK) if each]
        return frozenset(self.kind(each) for each in codes) if self.kind else frozenset(codes)


class Cents(TypeDecorator[Decimal]):
    """Money in 元, stored as whole 分, so that sums are exact."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class IsoDate(TypeDecorator[date]):
    """A calendar day as yyyy-mm-dd, which sorts as text."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond, as ISO text that sorts."""

    impl = Text
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)
