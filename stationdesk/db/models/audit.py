"""The audit: what was done, by whom, chained. The values lie apart, so that a person can be erased."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stationdesk.core.fields import Key
from stationdesk.db.base import Plain
from stationdesk.db.columns import Moment


class Batch(Plain):
    """One use case: everything it changed is undone together."""

    __tablename__ = "batch"

    key: Mapped[Key] = mapped_column(String(32), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    undoes: Mapped[Key | None] = mapped_column(String(32), ForeignKey("batch.key"), unique=True)


class AuditEntry(Plain):
    """One change, view, print or export. `hash` covers the entry, the digest and the hash before it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_record", "record", "record_key"),)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(Text)
    batch: Mapped[Key | None] = mapped_column(String(32), ForeignKey("batch.key"), index=True)
    action: Mapped[str] = mapped_column(String(16))
    record: Mapped[str] = mapped_column(String(32))
    record_key: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditValues(Plain):
    """The values of an entry, and the salt that its digest was made with. Erasing this row keeps the chain."""

    __tablename__ = "audit_values"

    seq: Mapped[int] = mapped_column(Integer, ForeignKey("audit_entry.seq"), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    values: Mapped[str] = mapped_column(Text)


class NumberSeries(Plain):
    """How far each series of human numbers has run; a number is never used again."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class SearchDocument(Plain):
    """What the search index knows of a record; `id` is its row in the full-text table."""

    __tablename__ = "search_document"
    __table_args__ = (Index("ix_search_document_record", "record", "record_key", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record: Mapped[str] = mapped_column(String(32))
    record_key: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    digits: Mapped[str] = mapped_column(Text)
