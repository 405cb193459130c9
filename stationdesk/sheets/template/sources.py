"""What a form may be filled with: the registry's entries as plain values, and the rows that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from stationdesk.core.fields import Field, Guard, Mask, Values
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.template.rules import Subject

NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a column or cell may hold.

    `name` is how templates call it; `group` and `label` are what a picker shows; `aliases` what other people's
    forms call it. `subjects` None: it is the same for the whole file (unit, month, figures). `words` are the
    words it may have, where it is one of a list. `guard`, `mask` and `minor_mask` hold in files that leave the
    station.
    """

    name: str
    label: str
    group: str
    kind: CellKind = CellKind.TEXT
    subjects: frozenset[Subject] | None = None
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unit: str = ""
    field: Field | None = None
    guard: Guard = Guard.OPEN
    mask: Mask | None = None
    minor_mask: Mask | None = None

    @property
    def adds(self) -> bool:
        """Whether the sum of a column of it says anything: money, and counts of people or visits; no ages."""
        if self.kind is CellKind.MONEY:
            return True
        return self.kind is CellKind.INTEGER and self.unit in {"人", "人次", "户", "户次", "次", "项"}

    def serves(self, subject: Subject) -> bool:
        """Whether a row about this kind of subject has it."""
        return self.subjects is None or subject in self.subjects


Sources = Mapping[str, Source]
"""The registry by name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row, or one card, is filled with: values by source, and the entries of its own table.

    `title` names it for sheets and files; `minor` says that the row is about somebody under age.
    """

    values: Values
    minor: bool = False
    title: str = ""
    members: tuple[Entry, ...] = field(default=())
