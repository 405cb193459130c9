"""A ledger as a value: which columns it has, and whether it counts what is there or what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stationdesk.core.fields import Field
from stationdesk.core.vocab import Audience
from stationdesk.sheets.columns import Column, FromField, bound


class Measure(StrEnum):
    """What belongs into a period."""

    STOCK = "时点"  # what there is at the end of the period
    FLOW = "时期"  # what happened within it


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger of the registry.

    `name` is how commands call it, `title` the sheet's name and heading. `frozen` columns after the running
    number stay in sight. `notes` are the definitions (口径) printed under the table. `about` are the records whose
    own fields, those that a station added itself, stand in it too. A ledger that is not `monthly` is written only
    when it is asked for. Only what is `public` may ever be put up on a wall, and no list of clients is.
    """

    name: str
    title: str
    measure: Measure
    columns: tuple[Column | FromField, ...]
    frozen: int = 0
    notes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    monthly: bool = True
    public: bool = False

    def columns_for(self, audience: Audience, fields: Mapping[str, Field]) -> Columns:
        """The columns as they stand in a file for `audience`; `fields` by `record.field`."""
        return split(bound(self.columns, fields), audience)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file, and the labels of those that the rules keep from it."""

    shown: tuple[Column, ...]
    left_out: tuple[str, ...]


def split(columns: Iterable[Column], audience: Audience) -> Columns:
    """Part the columns into those shown to `audience` and those left out."""
    columns = tuple(columns)
    shown = tuple(column for column in columns if column.shown_in(masked=audience.is_masked))
    return Columns(shown, tuple(column.label for column in columns if column not in shown))
