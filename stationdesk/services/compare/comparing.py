"""The use case: the rows of a file recognised as an import would, and each side asked what the other lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.fields import Field, Key, Kind, Value
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Datum
from stationdesk.db.base import field_map
from stationdesk.db.models import RECORDS, Person, PersonCategory
from stationdesk.services.book import link_titles, read_book, titles_of
from stationdesk.services.compare.grounds import ground_of
from stationdesk.services.compare.results import Comparison, OnlyHere, OnlyThere, Pair, Unclear
from stationdesk.services.compare.sides import Ours, differences, fits_mask, is_masked, ours_of
from stationdesk.services.importing.comparing import stored_values
from stationdesk.services.importing.kinds import GROUPS
from stationdesk.services.importing.lines import Line, Reader
from stationdesk.services.importing.lists import Links, StationCodes
from stationdesk.services.importing.plans import Plan
from stationdesk.services.importing.verdicts import DryRun, RowVerdict, Verdict
from stationdesk.services.imports import dry_run
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.scopes import on_day
from stationdesk.services.store import Store
from stationdesk.services.withheld import withheld_keys
from stationdesk.sheets.reading.values import plain_words

_STEP = 200


def compare(
    store: Store,
    plan: Plan,
    datum: Datum | None = None,
    ground: Query | None = None,
    progress: Progress = SILENT,
) -> Comparison:
    """The file beside our records, both ways; nothing is written.

    Rows are recognised as an import recognises them: by ID number, by number, by name and address or place. Only
    the mapped columns are compared; a masked text agrees with whatever it can be a mask of. `ground` are the
    records of ours that are looked for in the file (without: `ground_of` the kind); a row about another record of
    ours is still recognised.

    Raises:
        UserError: a column that has to be there is not mapped, or coordinates are and no datum was told.
        Cancelled: the worker pressed Cancel.
    """
    dry = dry_run(store, _without_masks(plan), datum, progress)
    looked_for = keys_of(store, ground or ground_of(plan.kind))
    progress.say(_("正在比对 {file}").format(file=plan.file.name))
    with store.reading() as session:
        return _Comparing(store, session, plan, dry, progress).result(looked_for)


@dataclass(frozen=True, slots=True)
class _Sorted:
    there: list[RowVerdict]
    known: list[tuple[RowVerdict, Key, str]]
    unclear: list[Unclear]
    maybe: frozenset[Key]
    withheld: int


class _Comparing:
    """A comparison under way: what is read once and asked for each row."""

    def __init__(self, store: Store, session: Session, plan: Plan, dry: DryRun, progress: Progress) -> None:
        self._store = store
        self._session = session
        self._plan = plan
        self._dry = dry
        self._progress = progress
        self._record = plan.kind.record
        self._book = read_book(session)
        codes, links = StationCodes(session), Links(session)
        self._reader = Reader(plan, dry.datum, codes, links)
        self._fields = _compared(plan)
        self._hidden = withheld_keys(session, self._record)
        self._masked = _masked_numbers(plan)

    def result(self, looked_for: Iterable[Key]) -> Comparison:
        """Everything, once."""
        sorted_ = self._sorted()
        known = {key for _row, key, _why in sorted_.known}
        absent = [key for key in looked_for if key not in known and key not in sorted_.maybe]
        ours = self._ours([*known, *absent])
        pairs, same = self._pairs(sorted_.known, ours)
        shown = [key for key in absent if key not in self._hidden]
        titles = titles_of(self._session, self._record, shown)
        table = self._plan.table
        cells = {row.number: row.cells for row in table.rows}
        return Comparison(
            self._plan,
            tuple(column.label for column in table.columns),
            self._fields,
            tuple(
                OnlyThere(row.number, row.title, tuple(plain_words(cell) for cell in cells[row.number]))
                for row in sorted_.there
            ),
            tuple(
                OnlyHere(
                    key,
                    titles.get((self._record, key), ""),
                    tuple(ours[key].words[field.name] for field in self._fields),
                )
                for key in shown
            ),
            tuple(pairs),
            tuple(sorted_.unclear),
            same,
            len(absent) - len(shown) + sum(key in self._hidden for key in known) + sorted_.withheld,
        )

    def _sorted(self) -> _Sorted:
        there: list[RowVerdict] = []
        known: list[tuple[RowVerdict, Key, str]] = []
        unclear: list[Unclear] = []
        maybe: set[Key] = set()
        met: dict[Key, int] = {}
        withheld = 0
        for row in self._dry.rows:
            candidate = row.candidate
            key = candidate.key if candidate is not None else None
            if row.verdict is Verdict.NEW:
                there.append(row)
            elif key is not None and (why := self._known_by(row, key)):
                if key in met and key not in self._hidden:
                    twice = _("与第 {row} 行是同一条记录").format(row=met[key])
                    unclear.append(Unclear(row.number, row.title, twice))
                elif key not in met:
                    met[key] = row.number
                    known.append((row, key, why))
            elif key is not None and key in self._hidden:
                maybe.add(key)  # saying that a row may be about somebody who is never listed would list them
                withheld += 1
            else:
                if key is not None:
                    maybe.add(key)
                title = candidate.title if candidate is not None and key is not None else ""
                unclear.append(Unclear(row.number, row.title, row.why, title))
        return _Sorted(there, known, unclear, frozenset(maybe - met.keys()), withheld)

    def _known_by(self, row: RowVerdict, key: Key) -> str:
        """Why a row is about a record for sure; empty when that is only likely."""
        if row.verdict in {Verdict.SAME, Verdict.CHANGES}:
            return row.why
        if row.verdict is not Verdict.DOUBTFUL or row.number not in self._masked:
            return ""
        cell = self._masked[row.number]
        whole = self._session.scalar(select(Person.id_number).where(Person.key == key))
        return _("同名，遮住的身份证号对得上") if fits_mask(cell, whole or "") else ""

    def _pairs(
        self, known: list[tuple[RowVerdict, Key, str]], ours: Mapping[Key, Ours]
    ) -> tuple[list[Pair], int]:
        pairs: list[Pair] = []
        same = 0
        lines = self._lines({row.number for row, _key, _why in known})
        for done, (row, key, why) in enumerate(known):
            if done % _STEP == 0:
                self._progress.step(done, len(known))
            if key in self._hidden:
                continue
            found = differences(self._fields, lines[row.number], ours[key], self._book)
            if found:
                pairs.append(Pair(row.number, key, row.title, why, found))
            else:
                same += 1
        return pairs, same

    def _lines(self, numbers: set[int]) -> dict[int, Line]:
        return {row.number: self._reader.read(row) for row in self._plan.table.rows if row.number in numbers}

    def _ours(self, keys: list[Key]) -> dict[Key, Ours]:
        """Our side of each record: its own fields, those of its household or typed part, and its categories."""
        values: dict[Key, dict[str, Value]] = {key: {} for key in keys}
        own = stored_values(self._session, self._record, keys)
        for key, stored in own.items():
            values[key] |= {f"{self._record}.{name}": value for name, value in stored.items()}
        for record in {field.record for field in self._fields} - {self._record}:
            via = {key: _owner(self._record, record, key, own.get(key, {})) for key in keys}
            others = stored_values(self._session, record, [each for each in via.values() if each])
            for key, other in via.items():
                more = others.get(other, {}) if other else {}
                values[key] |= {f"{record}.{name}": value for name, value in more.items()}
        if GROUPS in self._fields:
            for key, groups in self._groups(keys):
                values[key][GROUPS.name] = groups
        titles = link_titles(
            self._session,
            self._fields,
            ({name.partition(".")[2]: value for name, value in each.items()} for each in values.values()),
        )
        book = self._book.with_titles(titles)
        return {key: ours_of(self._fields, each, book) for key, each in values.items()}

    def _groups(self, keys: list[Key]) -> Iterator[tuple[Key, frozenset[str]]]:
        wanted = set(keys)
        found: dict[Key, set[str]] = defaultdict(set)
        query = select(PersonCategory.person_key, PersonCategory.category).where(
            on_day(self._store.clock.today())
        )
        for person, category in self._session.execute(query):
            if person in wanted:
                found[person].add(category)
        return ((key, frozenset(groups)) for key, groups in found.items())


def _number_columns(plan: Plan) -> tuple[int, ...]:
    by_name = {field.name: field for field in plan.targets}
    return tuple(
        place
        for place, name in enumerate(plan.mapping)
        if name is not None and by_name[name].spec.kind is Kind.ID_NUMBER
    )


def _masked_numbers(plan: Plan) -> dict[int, str]:
    """The ID numbers of which the file shows only a part, by row."""
    return {
        row.number: words
        for place in _number_columns(plan)
        for row in plan.table.rows
        if is_masked(words := plain_words(row.cells[place]))
    }


def _without_masks(plan: Plan) -> Plan:
    """The plan as it is recognised by: half an ID number is of nobody, so it must not tell anybody apart."""
    columns, masked = frozenset(_number_columns(plan)), _masked_numbers(plan)
    if not masked:
        return plan
    rows = tuple(
        replace(row, cells=tuple(None if at in columns else cell for at, cell in enumerate(row.cells)))
        if row.number in masked
        else row
        for row in plan.table.rows
    )
    return replace(plan, table=replace(plan.table, rows=rows))


def _owner(record: str, other: str, key: Key, stored: Mapping[str, Any]) -> Key | None:
    """Where the fields of another kind are kept for a record: its household, or its own key for a typed part."""
    return stored.get(f"{other}_key") if other in {"household", "person"} and record != other else key


def _compared(plan: Plan) -> tuple[Field, ...]:
    """The fields of mapped columns that are stored with us, each once, in the order of the columns."""
    by_name = {field.name: field for field in plan.targets}
    mapped = dict.fromkeys(name for name in plan.mapping if name is not None)
    return tuple(
        field for name in mapped if (field := by_name[name]) == GROUPS or (_stored(field) and _shown(field))
    )


def _stored(field: Field) -> bool:
    return field.record in RECORDS and field.key in field_map(RECORDS[field.record])


def _shown(field: Field) -> bool:
    """An age that was told changes by itself; a link to another record is found, not compared."""
    return field.key != "age_told" and field.spec.link not in {"person", "household", "need", "resource"}
