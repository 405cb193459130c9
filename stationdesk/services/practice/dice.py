"""Chance that can be repeated: the same seed gives the same town, whatever day it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from stationdesk.core.fields import Key

T = TypeVar("T")


class Dice:
    """One stream of chance; each part of the town has its own, so that a change of one leaves the others."""

    def __init__(self, seed: int, part: str) -> None:
        self._random = Random(f"{seed}/{part}")  # noqa: S311 - invents a town, keeps no secret

    def pick(self, of: Sequence[T]) -> T:
        """Any of them."""
        return self._random.choice(of)

    def some(self, of: Sequence[T], count: int) -> list[T]:
        """So many of them, none twice, in a new order."""
        return self._random.sample(of, count)

    def weighed(self, weights: Mapping[T, float]) -> T:
        """One of the keys, by weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def chance(self, share: float) -> bool:
        """True in this share of throws."""
        return self._random.random() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def between(self, low: float, high: float) -> float:
        """Any number from low to high."""
        return self._random.uniform(low, high)

    def day(self, first: date, last: date) -> date:
        """A day, both ends included; `first` where the two are the wrong way round."""
        return first + timedelta(days=self.whole(0, max(0, (last - first).days)))

    def mixed(self, of: Sequence[T]) -> list[T]:
        """All of them in a new order."""
        return self.some(of, len(of))


class Keys:
    """Keys shaped like UUIDv7 (RFC 9562) that follow from seed and day.

    They lie before any key that is made later, so that what a worker adds comes last.
    """

    def __init__(self, seed: int, today: date) -> None:
        self._noise = Random(f"{seed}/keys")  # noqa: S311 - see Dice
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(days=1)
        self._milliseconds = int(midnight.timestamp()) * 1000

    def take(self) -> Key:
        """The next key."""
        self._milliseconds += 1
        noise = self._noise.getrandbits(74)
        number = (
            self._milliseconds << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & (1 << 62) - 1
        )
        return Key(f"{number:032x}")
