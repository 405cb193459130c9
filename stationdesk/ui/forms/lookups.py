"""What a form asks the services for: a few functions, so that a form can be tried without a station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stationdesk.core.fields import Key, Value, Values
from stationdesk.services import filling
from stationdesk.services.book import codes_of
from stationdesk.services.listing import Filter
from stationdesk.services.store import Store


class CodeRow(Protocol):
    """One row of an editable list, in the order of the list."""

    @property
    def code(self) -> str:
        """What is stored."""

    @property
    def label(self) -> str:
        """What people read."""

    @property
    def hidden(self) -> bool:
        """No longer offered, only shown where it is already set."""

    @property
    def verified(self) -> bool:
        """Whether the code was checked against its standard."""


class Pick(Protocol):
    """One record offered by a link picker."""

    @property
    def key(self) -> Key:
        """Which record."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def subtitle(self) -> str:
        """What tells it from its namesakes: village, age, household."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a combo or a check list. `search` holds what may be typed to find it, in lower case."""

    value: Value
    label: str
    search: str
    hidden: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Lookups:
    """The services that forms read from. All but `follow` run on the lane of the screens."""

    codes_of: Callable[[Store, str], Sequence[CodeRow]]
    """(store, list name) -> rows of an editable list, hidden ones too."""
    pick: Callable[[Store, str, str, int, Filter | None], Sequence[Pick]]
    """(store, record, typed text, how many, which first) -> records to offer; an empty text gives the latest."""
    title_of: Callable[[Store, str, Key], str]
    """(store, record, key) -> what a linked record is called."""
    suggest: Callable[[Store, str, str, str], Sequence[str]]
    """(store, record, field key, beginning) -> earlier values of a suggested text."""
    follow: Callable[[str, str, Value, date], Values]
    """(record, field key, value, today) -> what that says about other fields. At once, without the store."""


STATION = Lookups(codes_of, filling.pick_near, filling.title_of, filling.suggest, filling.follow)
"""The lookups of an open station."""
