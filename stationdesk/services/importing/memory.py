"""What the columns of a form were taken for, kept in the station and proposed when the form comes again.

A form is recognised by its header: the labels of its columns in their order, whatever stands below them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created, removed
from stationdesk.core.fields import Key, Value, from_json, to_json
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import ImportMap
from stationdesk.db.store import PROGRAM
from stationdesk.services.importing.kinds import ImportKind, targets
from stationdesk.services.store import Store
from stationdesk.sheets.reading.labels import label_text
from stationdesk.sheets.reading.tables import Column

if TYPE_CHECKING:
    from stationdesk.services.importing.plans import Plan

_DATUM = "datum"


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a list of this form was imported the last time: when, from which file, and what its columns held."""

    key: Key
    kind: ImportKind
    fingerprint: str
    header: tuple[int, int]
    mapping: tuple[str | None, ...]
    defaults: Mapping[str, Value]
    datum: Datum | None
    file_name: str
    used_on: date


def fingerprint(kind: ImportKind, columns: Sequence[Column]) -> str:
    """The mark of a form: a digest of the kind of list and the labels of its columns."""
    labels = ["/".join(label_text(each) for each in column.path) for column in columns]
    return hashlib.sha256(json.dumps([kind.code, labels], ensure_ascii=False).encode()).hexdigest()


def remembered(session: Session, kinds: Sequence[ImportKind]) -> list[Remembered]:
    """What is kept for these kinds of list, the one used last first."""
    query = (
        select(ImportMap)
        .where(ImportMap.kind.in_([kind.code for kind in kinds]))
        .order_by(ImportMap.used_on.desc(), ImportMap.key.desc())
    )
    return [_told(row) for row in session.scalars(query)]


def _told(row: ImportMap) -> Remembered:
    kind = ImportKind.of(row.kind)
    by_name = {field.name: field for field in targets(kind)}
    kept = json.loads(row.mapping)
    more = json.loads(row.defaults) if row.defaults else {}
    datum = more.pop(_DATUM, None)
    return Remembered(
        row.key,
        kind,
        row.fingerprint,
        (kept["header"][0], kept["header"][1]),
        # A field may have gone since, such as one of the station's own.
        tuple(name if name in by_name else None for name in kept["columns"]),
        {name: from_json(by_name[name], value) for name, value in more.items() if name in by_name},
        Datum.of(datum) if datum else None,
        row.file_name,
        row.used_on,
    )


def remember(store: Store, plan: Plan, datum: Datum | None = None) -> ChangeSet:
    """Keep what the columns of a plan were taken for.

    It is logged as done by the program itself, so that the worker's undo takes back the import and not this.
    """
    with store.writing(_("记住“{file}”的各列对应").format(file=plan.file.name)) as work:
        work.actor = PROGRAM
        mark = fingerprint(plan.kind, plan.table.columns)
        query = select(ImportMap).where(ImportMap.kind == plan.kind.code, ImportMap.fingerprint == mark)
        known = work.session.scalars(query).first()
        told = {
            "file_name": plan.file.name,
            "mapping": json.dumps(
                {"header": list(plan.table.header), "columns": list(plan.mapping)}, ensure_ascii=False
            ),
            "defaults": _defaults(plan.defaults, datum if plan.asks_datum else None),
            "used_on": work.today,
        }
        change: Change | None
        if known is None:
            change = created(
                "import_map", {**blank(ImportMap), "kind": plan.kind.code, "fingerprint": mark, **told}
            )
        else:
            change = changed("import_map", known.key, values_of(known), told)
        work.write([change] if change is not None else [])
        return work.done()


def _defaults(defaults: Mapping[str, Value], datum: Datum | None) -> str | None:
    kept: dict[str, Any] = {name: to_json(value) for name, value in defaults.items()}
    if datum is not None:
        kept[_DATUM] = datum.code
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def forget(store: Store, kept: Remembered) -> ChangeSet:
    """No longer propose how a form was imported the last time; undo brings it back."""
    with store.writing(_("忘记“{file}”的各列对应").format(file=kept.file_name)) as work:
        row = work.session.get(ImportMap, kept.key)
        if row is not None:
            work.write([removed("import_map", row.key, values_of(row))])
        return work.done()


__all__ = ["Remembered", "fingerprint", "forget", "remember", "remembered"]
