"""What a comparison comes to, as values: only there, only here, different, unclear, and how many are the same."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.core.fields import Field, Key
from stationdesk.core.messages import _
from stationdesk.services.importing.plans import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which both sides tell something else, in words; empty where one tells nothing."""

    label: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class OnlyThere:
    """A row of the file that is not on file here; `cells` as they stand there, by column of the table."""

    number: int
    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyHere:
    """A record of ours that is in no row; `cells` are our words for the compared columns, in their order."""

    key: Key
    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and the record of ours that it is about, why that is known, and where the two differ."""

    number: int
    key: Key
    title: str
    why: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """A row that a person has to look at: it cannot be read, stands there twice, or may be one of ours."""

    number: int
    title: str
    why: str
    candidate: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two lists beside each other.

    `labels` are the headers of all columns of the file, `fields` what was compared, for which our words are known.
    `same` counts rows that agree in all of them. `withheld` counts records of ours that no list may name (限制查看)
    and rows that may be about one; they are in none of the groups.
    """

    plan: Plan
    labels: tuple[str, ...]
    fields: tuple[Field, ...]
    only_there: tuple[OnlyThere, ...]
    only_here: tuple[OnlyHere, ...]
    different: tuple[Pair, ...]
    unclear: tuple[Unclear, ...]
    same: int
    withheld: int

    @property
    def compared(self) -> tuple[str, ...]:
        """What the compared fields are called."""
        return tuple(_(field.label) for field in self.fields)

    @property
    def rows(self) -> int:
        """How many rows the file has; each is in one group, or withheld."""
        return len(self.plan.table.rows)
