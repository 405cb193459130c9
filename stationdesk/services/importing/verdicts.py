"""What the dry run says of each row, and what the worker decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Datum
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.services.importing.plans import Plan


@captioned("结论")
class Verdict(Choice):
    """What a row comes to."""

    NEW = choice("new", "新增")
    CHANGES = choice("changes", "有变化")
    SAME = choice("same", "已有，相同")
    DOUBTFUL = choice("doubtful", "疑似重复")
    REFUSED = choice("refused", "不能导入")


class Decision(Enum):
    """What the worker decides about a row."""

    SKIP = auto()
    AS_NEW = auto()
    INTO_CANDIDATE = auto()
    """Write what differs into the record that is there."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a row would change, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a row is, or may be, the same as: a record of the station, or an earlier row of the file."""

    title: str
    record: str
    key: Key | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One row of the file: `number` as in the office program, `why` in a sentence, `remarks` on its cells.

    `create` is written when it is taken as new, `update` when it goes into its candidate.
    """

    number: int
    verdict: Verdict
    title: str
    why: str = ""
    changes: tuple[FieldChange, ...] = ()
    candidate: Candidate | None = None
    remarks: tuple[str, ...] = ()
    create: tuple[Change, ...] = ()
    update: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """The verdicts on every row; nothing is written yet.

    `homes` are households that will be made for the people who are taken. `seen` is the last batch of the
    audit when the file was compared: a later change asks for another dry run.
    """

    plan: Plan
    datum: Datum | None
    rows: tuple[RowVerdict, ...]
    seen: int
    homes: Mapping[Key, Change] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        """How many rows came to this."""
        return self.counts.get(verdict, 0)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Rows by verdict."""
        return Counter(row.verdict for row in self.rows)

    def of(self, verdict: Verdict) -> tuple[RowVerdict, ...]:
        """The rows that came to this."""
        return tuple(row for row in self.rows if row.verdict is verdict)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is written: every new row; rows with changes only when `update` says so; doubtful ones by row.

    `rows` decides single rows, by their number in the file, whatever their verdict but refused.
    """

    update: bool = False
    rows: Mapping[int, Decision] = field(default_factory=dict)

    def of(self, row: RowVerdict) -> Decision:
        """What happens with a row."""
        if row.verdict is Verdict.REFUSED:
            return Decision.SKIP
        if row.number in self.rows:
            return self.rows[row.number]
        if row.verdict is Verdict.NEW:
            return Decision.AS_NEW
        if row.verdict is Verdict.CHANGES and self.update:
            return Decision.INTO_CANDIDATE
        return Decision.SKIP
