"""What every judge of rows needs: the open file, the lists, and one way to make verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from stationdesk.core.changes import Change
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Book, Key
from stationdesk.core.messages import _
from stationdesk.core.packed import PackedMap
from stationdesk.db.writing import Work
from stationdesk.services.importing.comparing import in_words
from stationdesk.services.importing.lines import Line, Reader
from stationdesk.services.importing.lists import Links, StationCodes
from stationdesk.services.importing.plans import Plan
from stationdesk.services.importing.verdicts import Candidate, FieldChange, RowVerdict, Verdict
from stationdesk.sheets.reading.records import as_told

TO_BE_NUMBERED = "（导入）"
"""Stands for the number of a new record until it is written; no series looks like it."""

NUMBERED = frozenset({"resource", "household", "person", "need", "visit", "match"})
"""The kinds of record that the program numbers."""

Check = Callable[[Work, Change], Sequence[Change]]


@dataclass(slots=True)
class Judging:
    """A dry run under way. `work` only reads: it serves the checks that ask for one.

    `held` keeps records in the session that checks will ask for one by one.
    """

    plan: Plan
    work: Work
    codes: StationCodes
    links: Links
    book: Book
    reader: Reader
    homes: PackedMap[Key, Change] = field(default_factory=PackedMap)
    held: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a row was found to be like: `sure` that it is the same thing, or only maybe, and why."""

    candidate: Candidate
    sure: bool
    why: str


def refused(line: Line, title: str, why: str) -> RowVerdict:
    """A row that cannot come in."""
    damaged = line.damaged and why == line.refusal
    return RowVerdict(line.number, Verdict.REFUSED, title, why, remarks=tuple(line.remarks), damaged=damaged)


def as_new(line: Line, title: str, create: Iterable[Change]) -> RowVerdict:
    """A row that is not there yet."""
    return RowVerdict(line.number, Verdict.NEW, title, remarks=tuple(line.remarks), create=tuple(create))


def as_known(
    line: Line, title: str, likeness: Likeness, update: Sequence[Change], book: Book, why: str = ""
) -> RowVerdict:
    """A row whose record is there for sure: the same, or with changes."""
    changes = tuple(each for change in update for each in _told(change, book))
    verdict = Verdict.CHANGES if update else Verdict.SAME
    return RowVerdict(
        line.number,
        verdict,
        title,
        why or likeness.why,
        changes,
        likeness.candidate,
        tuple(line.remarks),
        update=tuple(update),
    )


def as_doubtful(
    line: Line,
    title: str,
    likeness: Likeness,
    create: Iterable[Change],
    update: Sequence[Change],
    book: Book,
) -> RowVerdict:
    """A row that may be there already: the worker decides."""
    return RowVerdict(
        line.number,
        Verdict.DOUBTFUL,
        title,
        likeness.why,
        tuple(each for change in update for each in _told(change, book)),
        likeness.candidate,
        tuple(line.remarks),
        tuple(create),
        tuple(update),
    )


def concluded(
    line: Line,
    title: str,
    likeness: Likeness | None,
    create: Sequence[Change],
    update: Sequence[Change],
    book: Book,
) -> RowVerdict:
    """The verdict on a row that may come in: new, there already, or for the worker to decide."""
    if likeness is None:
        return as_new(line, title, create)
    if likeness.sure:
        return as_known(line, title, likeness, update, book)
    return as_doubtful(line, title, likeness, create, update, book)


def _told(change: Change, book: Book) -> tuple[FieldChange, ...]:
    return in_words(change, book)


def checked(judging: Judging, check: Check, change: Change) -> tuple[list[Change], str]:
    """A change after the rules of its kind, or the sentence of the rule that it breaks.

    The checks give and keep numbers, which is for the writing: here a number is only carried past them.
    """
    number = change.values.get("code") or TO_BE_NUMBERED
    numbered = change.record in NUMBERED
    try:
        changes = list(
            check(judging.work, change.with_values({"code": TO_BE_NUMBERED}) if numbered else change)
        )
    except UserError as error:
        return [], str(error)
    if numbered:
        changes[0] = changes[0].with_values({"code": number})
    return changes, ""


def same_row(record_title: str, number: int) -> str:
    """The sentence for a row that repeats an earlier one."""
    return _("与第 {row} 行“{title}”重复").format(row=as_told(number), title=record_title)
