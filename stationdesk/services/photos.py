"""The photos of a record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from stationdesk.core.fields import Key
from stationdesk.db.kept import kept
from stationdesk.db.models import Photo
from stationdesk.services.store import Store


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo of a record: the digests of its picture and its thumbnail."""

    key: Key
    file_name: str
    taken_at: str
    picture: str
    thumbnail: str
    note: str


def photos_of(store: Store, record: str, key: Key) -> tuple[PhotoLine, ...]:
    """The photos that belong to a record, in the order in which they were taken."""
    query = select(Photo).where(Photo.record == record, Photo.record_key == key)
    with store.reading() as session:
        rows = session.scalars(query.order_by(Photo.taken_at, Photo.file_name)).all()
        return tuple(
            PhotoLine(row.key, row.file_name, row.taken_at or "", row.picture, row.thumbnail, row.note or "")
            for row in rows
        )


def picture(store: Store, digest: str) -> bytes:
    """The JPEG of a photo.

    Raises:
        DamagedFile: it is missing or no longer what it was.
    """
    with store.reading() as session:
        return kept(session, digest)
