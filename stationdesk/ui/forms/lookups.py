"""What a form asks the services for, as small protocols and functions that the app puts together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from stationdesk.core.fields import Key, Value, Values
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


def nothing_follows(key: str, value: Value, values: Values) -> Mapping[str, Value]:
    """For records whose fields tell nothing about each other."""
    del key, value, values
    return {}


def no_suggestions(store: Store, record: str, key: str, beginning: str) -> Sequence[str]:
    """For records without fields that are suggested."""
    del store, record, key, beginning
    return ()


@dataclass(frozen=True, slots=True)
class Lookups:
    """The services that forms read from. All but `follow` run on the lane of the screens."""

    codes_of: Callable[[Store, str], Sequence[CodeRow]]
    """(store, list name) -> rows of an editable list, hidden ones too."""
    pick: Callable[[Store, str, str, int], Sequence[Pick]]
    """(store, record, typed text, how many) -> records to offer; an empty text gives the latest."""
    title_of: Callable[[Store, str, Key], str]
    """(store, record, key) -> what a linked record is called."""
    suggest: Callable[[Store, str, str, str], Sequence[str]] = field(default=no_suggestions)
    """(store, record, field key, beginning) -> earlier values of a suggested text."""
    follow: Callable[[str, Value, Values], Mapping[str, Value]] = field(default=nothing_follows)
    """(field key, value, values of the form) -> what that says about other fields. At once, without the store."""
