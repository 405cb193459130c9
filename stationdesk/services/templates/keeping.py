"""Templates as the station keeps them: records whose blanks lie, unchanged, in the station's own file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet, changed, created, removed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import FormMedium
from stationdesk.db.base import blank, values_of
from stationdesk.db.kept import keep, kept
from stationdesk.db.models import AuditEntry, FormTemplate
from stationdesk.db.writing import Work
from stationdesk.services.store import Store
from stationdesk.services.templates.taught import Taught
from stationdesk.sheets.template.rules import FormKind, Subject, Template
from stationdesk.sheets.template.storing import from_json, to_json

_RECORD = FormTemplate.__tablename__


@dataclass(frozen=True, slots=True)
class Kept:
    """A template as a list shows it."""

    key: Key
    name: str
    department: str
    medium: FormMedium
    file_name: str
    kind: FormKind
    subject: Subject
    used_on: date | None
    note: str


def templates_of(store: Store) -> tuple[Kept, ...]:
    """All templates, by name."""
    with store.reading() as session:
        rows = session.scalars(select(FormTemplate).order_by(FormTemplate.name, FormTemplate.key)).all()
        told = [(row, from_json(row.rules)) for row in rows]
        filled = _last_filled(session)
        return tuple(
            Kept(
                row.key,
                row.name,
                row.department or "",
                row.medium,
                row.file_name,
                template.kind,
                template.subject,
                filled.get(row.key),
                row.note or "",
            )
            for row, template in told
        )


def _last_filled(session: Session) -> dict[str, date]:
    """The day on which each template was last filled, as the log of what left tells."""
    rows = session.execute(
        select(AuditEntry.record_key, func.max(AuditEntry.at))
        .where(AuditEntry.record == _RECORD, AuditEntry.action == "export")
        .group_by(AuditEntry.record_key)
    )
    return {key: at.astimezone().date() for key, at in rows}


def _last_used(session: Session) -> dict[str, date]:
    """When each template was filled last, as the log has it: noting it in the record would be a step to undo."""
    rows = session.execute(
        select(AuditEntry.record_key, func.max(AuditEntry.at).label("at"))
        .where(AuditEntry.record == _RECORD, AuditEntry.action == "export")
        .group_by(AuditEntry.record_key)
    )
    return {row.record_key: row.at.astimezone().date() for row in rows}


def kept_template(store: Store, key: Key) -> Taught:
    """A template with its blank.

    Raises:
        UserError: it is gone, or its blank is damaged.
    """
    with store.reading() as session:
        return taught_in(session, key)


def key_of(store: Store, name: str) -> Key:
    """The template that is called so.

    Raises:
        UserError: there is none, or there are several.
    """
    with store.reading() as session:
        keys = session.scalars(select(FormTemplate.key).where(FormTemplate.name == name)).all()
    if not keys:
        raise UserError("没有名叫“{name}”的上报模板，也没有这样的模板文件。请检查名字。", name=name)
    if len(keys) > 1:
        raise UserError("有几个上报模板都叫“{name}”。请先改名，使名字不重复。", name=name)
    return keys[0]


def taught_in(session: Session, key: Key) -> Taught:
    """`kept_template` within a session that is already open."""
    row = session.get(FormTemplate, key)
    if row is None:
        raise UserError("这个上报模板已经删除了。")
    return Taught(
        row.name,
        from_json(row.rules),
        kept(session, row.blank),
        row.file_name,
        row.department or "",
        row.note or "",
    )


def save_template(store: Store, taught: Taught) -> ChangeSet:
    """Keep a template that was just taught.

    Raises:
        UserError: without a name, with a name that is taken, or with nothing to fill.
    """
    with store.writing(_("保存上报模板“{name}”").format(name=clean_line(taught.name))) as work:
        values = _values(work, taught, None)
        work.write(
            [
                created(
                    _RECORD, {**blank(FormTemplate), **values, "blank": keep(work.connection, taught.blank)}
                )
            ]
        )
        return work.done()


def edit_template(
    store: Store,
    key: Key,
    *,
    template: Template | None = None,
    name: str | None = None,
    department: str | None = None,
    note: str | None = None,
) -> ChangeSet:
    """Change the rules, the name, the department or the note of a template.

    Raises:
        UserError: it is gone, or the name is missing or taken.
    """
    with store.writing(_("修改上报模板")) as work:
        before = taught_in(work.session, key)
        after = replace(
            before,
            name=before.name if name is None else name,
            template=template or before.template,
            department=before.department if department is None else department,
            note=before.note if note is None else note,
        )
        row = work.session.get(FormTemplate, key)
        values = _values(work, after, key)
        work.write(
            [change]
            if row is not None and (change := changed(_RECORD, key, values_of(row), values)) is not None
            else []
        )
        return work.done()


def remove_template(store: Store, key: Key) -> ChangeSet:
    """Remove a template; undo brings it back, its blank is kept.

    Raises:
        UserError: it is gone already.
    """
    with store.writing(_("删除上报模板")) as work:
        row = work.session.get(FormTemplate, key)
        if row is None:
            raise UserError("这个上报模板已经删除了。")
        work.write([removed(_RECORD, key, values_of(row))])
        return work.done()


def _values(work: Work, taught: Taught, own: Key | None) -> Values:
    name = clean_line(taught.name)
    if not name:
        raise UserError("请给模板起一个名字，例如“民政局困难群众花名册”。")
    taken = select(FormTemplate.key).where(FormTemplate.name == name)
    if own is not None:
        taken = taken.where(FormTemplate.key != own)
    if work.session.scalars(taken).first() is not None:
        raise UserError("已经有名叫“{name}”的上报模板。请换一个名字。", name=name)
    if not taught.template.sources:
        raise UserError("模板里还没有一处要填的内容。请至少给一列或一个空格选好填什么。")
    return {
        "name": name,
        "department": clean_line(taught.department) or None,
        "medium": FormMedium.of(taught.template.medium),
        "file_name": clean_line(taught.file_name) or "空白表.xlsx",
        "rules": to_json(taught.template),
        "note": taught.note.strip() or None,
    }
