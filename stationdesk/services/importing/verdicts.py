"""What the dry run says of each row, and what the worker decides."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import compress
from typing import Any, NamedTuple, overload

from typing_extensions import override

from stationdesk.core.changes import Change
from stationdesk.core.fields import Key
from stationdesk.core.packed import Packed
from stationdesk.core.vocab import Datum
from stationdesk.core.vocab.choice import Choice, captioned, choice
from stationdesk.services.importing.plans import Plan
from stationdesk.sheets.reading.records import as_told


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

    @property
    def row_words(self) -> str:
        """The row of the file as it is told to people."""
        return "" if self.row is None else str(as_told(self.row))


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """One row of the file: `number` as in the office program, `why` in a sentence, `remarks` on its cells.

    `create` is written when it is taken as new, `update` when it goes into its candidate. `damaged` says that it is
    refused for an ID number that a spreadsheet has damaged, and could come in without one.
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
    damaged: bool = False

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return RowVerdict, (
            self.number,
            self.verdict,
            self.title,
            self.why,
            self.changes,
            self.candidate,
            self.remarks,
            self.create,
            self.update,
            self.damaged,
        )


class Outline(NamedTuple):
    """What decisions are made by: the number of a row, its verdict, and what can be done with it."""

    number: int
    verdict: Verdict
    can_create: bool
    can_update: bool


_VERDICTS = tuple(Verdict)
_DAMAGED, _CREATE, _UPDATE = 32, 64, 128  # beside the place of the verdict in one byte


class Verdicts(Sequence[RowVerdict]):
    """The verdicts on a long list, packed. Their outlines are at hand, so that no count and no choice unpacks them."""

    def __init__(self, rows: Iterable[RowVerdict] = ()) -> None:
        self._rows: Packed[RowVerdict] = Packed()
        self._numbers = array("L")
        self._marks = bytearray()
        for row in rows:
            self._rows.append(row)
            self._numbers.append(row.number)
            can = _CREATE * bool(row.create) + _UPDATE * bool(row.update) + _DAMAGED * row.damaged
            self._marks.append(_VERDICTS.index(row.verdict) + can)

    @property
    def outlines(self) -> Iterator[Outline]:
        """Every row in outline, in order."""
        for number, mark in zip(self._numbers, self._marks, strict=True):
            verdict = _VERDICTS[mark & ~(_CREATE | _UPDATE | _DAMAGED)]
            yield Outline(number, verdict, bool(mark & _CREATE), bool(mark & _UPDATE))

    @property
    def damaged(self) -> int:
        """How many rows are refused for a damaged ID number alone."""
        return sum(bool(mark & _DAMAGED) for mark in self._marks)

    @override
    def __len__(self) -> int:
        return len(self._rows)

    @override
    def __iter__(self) -> Iterator[RowVerdict]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> RowVerdict: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[RowVerdict]: ...

    @override
    def __getitem__(self, index: int | slice) -> RowVerdict | Sequence[RowVerdict]:
        return self._rows[index]


class Picked(Sequence[RowVerdict]):
    """Some of the verdicts in their order, by their places."""

    def __init__(self, rows: Verdicts, places: Iterable[int]) -> None:
        self._rows = rows
        self._places = array("L", places)

    @override
    def __len__(self) -> int:
        return len(self._places)

    @override
    def __iter__(self) -> Iterator[RowVerdict]:
        if len(self._places) * 2 < len(self._rows):
            return (self._rows[place] for place in self._places)
        # Mostly nearly all of them are picked: going through all unpacks each piece once and holds none.
        marks = bytearray(len(self._rows))
        for place in self._places:
            marks[place] = 1
        return compress(self._rows, marks)

    @overload
    def __getitem__(self, index: int) -> RowVerdict: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[RowVerdict]: ...

    @override
    def __getitem__(self, index: int | slice) -> RowVerdict | Sequence[RowVerdict]:
        if isinstance(index, slice):
            return Picked(self._rows, self._places[index])
        return self._rows[self._places[index]]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The verdicts on every row; nothing is written yet.

    `homes` are households that will be made for the people who are taken. `seen` is the last batch of the
    audit when the file was compared: a later change asks for another dry run.
    """

    plan: Plan
    datum: Datum | None
    rows: Verdicts
    seen: int
    homes: Mapping[Key, Change] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        """How many rows came to this."""
        return self.counts.get(verdict, 0)

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Rows by verdict."""
        return Counter(row.verdict for row in self.rows.outlines)

    def of(self, verdict: Verdict) -> Sequence[RowVerdict]:
        """The rows that came to this."""
        return Picked(self.rows, (at for at, row in enumerate(self.rows.outlines) if row.verdict is verdict))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is written: every new row; rows with changes only when `update` says so; doubtful ones by row.

    `rows` decides single rows, by their number in the file, whatever their verdict but refused.
    """

    update: bool = False
    rows: Mapping[int, Decision] = field(default_factory=dict)

    def of(self, row: RowVerdict | Outline) -> Decision:
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
