"""Time as a value that is handed in, so that tests and the practice town can choose the day."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, Self

from typing_extensions import override


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...

    def today(self) -> date:
        """The day on the wall calendar."""
        ...


class SystemClock:
    """The clock of the computer."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """The day where the computer stands."""
        return self.now().astimezone().date()


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: datetime

    def __post_init__(self) -> None:
        """A moment without a zone would be read as another day elsewhere."""
        if self.moment.tzinfo is None:
            raise ValueError("a fixed clock needs an aware moment")

    @classmethod
    def on(cls, day: date) -> Self:
        """A clock that stands at noon UTC of `day`; `today()` is that day."""
        return cls(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return self.moment.astimezone(UTC)

    def today(self) -> date:
        """The day in the zone of the moment it was given."""
        return self.moment.date()

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        self.moment += by


_MONTH = re.compile(r"(\d{4})\s*(?:[-/.年]\s*)?(\d{1,2})\s*月?")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, the period of every ledger."""

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse months that no calendar has."""
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day falls in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-10, 2026/10, 202610 or 2026年10月; anything else is a ValueError."""
        match = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if match is None:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> Self:
        """The month before."""
        return self.shifted(-1)

    @property
    def next(self) -> Self:
        """The month after."""
        return self.shifted(1)

    @property
    def label(self) -> str:
        """As it stands on a ledger: 2026年10月."""
        return f"{self.year}年{self.month}月"

    def shifted(self, months: int) -> Self:
        """The month so many months later, or earlier where negative."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return type(self)(year, month + 1)

    def __contains__(self, day: date) -> bool:
        """Whether a day falls in the month."""
        return (day.year, day.month) == (self.year, self.month)

    @override
    def __str__(self) -> str:
        """As commands write it: 2026-10."""
        return f"{self.year:04d}-{self.month:02d}"


def age(birth: date, on: date) -> int:
    """Full years (周岁) on a day; who was born on 29 February turns older on 1 March of other years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
