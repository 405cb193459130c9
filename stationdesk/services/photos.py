"""The photos of a place: those of a walk, and those that were added to a resource by hand.

    taken = read_photos(store, "resource", key, paths)       # beside other work; nothing is written
    add_photos(store, "resource", key, taken.photos)         # one step, which undo takes back

Of the people served no photos are kept here: what shows a home or a face belongs into nobody's map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created, removed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.base import blank, values_of
from stationdesk.db.kept import keep, kept
from stationdesk.db.models import RECORDS, Photo
from stationdesk.db.writing import Work
from stationdesk.maps.walks.photos import ENDINGS, WalkPhoto, read_photo
from stationdesk.services.book import titles_of
from stationdesk.services.store import Store

PHOTOGRAPHED = ("resource", "village", "organisation")
"""The records that have photos."""
MOST_AT_ONCE = 40
"""Photos read at a time: their copies are held until they are written, some 300 kB each."""


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A photo of a record: the digests of its picture and its thumbnail; `taken_at` is local time, ISO, or empty."""

    key: Key
    file_name: str
    taken_at: str
    picture: str
    thumbnail: str
    note: str


@dataclass(frozen=True, slots=True)
class PhotosRead:
    """Photos ready to be added. `refused` are files that cannot be read, with the reason; `known` the names of those
    that the record has already.
    """

    photos: tuple[WalkPhoto, ...]
    refused: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()


def photos_of(store: Store, record: str, key: Key) -> tuple[PhotoLine, ...]:
    """The photos that belong to a record, in the order in which they were taken."""
    with store.reading() as session:
        rows = session.scalars(_of(record, key).order_by(Photo.taken_at, Photo.file_name)).all()
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


# Adding, mending, removing


def read_photos(
    store: Store, record: str, key: Key, paths: Sequence[Path], progress: Progress = SILENT
) -> PhotosRead:
    """Read photos that are to be added to a record: small, upright, without what the phone wrote into them.

    Raises:
        UserError: records of this kind have no photos, or there are too many for one time.
        Cancelled: by `progress`.
    """
    if record not in PHOTOGRAPHED:
        raise UserError("这里不存照片：服务对象的照片不进工作站。请放进纸质档案。")
    if len(paths) > MOST_AT_ONCE:
        raise UserError("一次最多加 {most} 张照片。请分几次选。", most=MOST_AT_ONCE)
    with store.reading() as session:
        taken = {row.source for row in session.scalars(_of(record, key))}
    photos: list[WalkPhoto] = []
    refused: list[tuple[str, str]] = []
    known: list[str] = []
    progress.say(_("读照片"))
    for step, path in enumerate(paths):
        progress.step(step, len(paths))
        try:
            photo = read_photo(path)
        except UserError as trouble:
            refused.append((path.name, str(trouble)))
            continue
        if photo.source in taken:
            known.append(path.name)
        else:
            taken.add(photo.source)
            photos.append(photo)
    progress.step(len(paths), len(paths))
    return PhotosRead(tuple(photos), tuple(refused), tuple(known))


def add_photos(store: Store, record: str, key: Key, photos: Sequence[WalkPhoto]) -> ChangeSet:
    """Keep photos with a record, in one step.

    Raises:
        UserError: the record is gone, or there is nothing to add.
    """
    if not photos:
        raise UserError("没有可以加入的照片。请重新选择。")
    with store.reading() as session:
        title = titles_of(session, record, [key]).get((record, key), "")
    with store.writing(_("给 {title} 加 {count} 张照片").format(title=title, count=len(photos))) as work:
        if record not in PHOTOGRAPHED or work.session.get(RECORDS[record], key) is None:
            raise UserError("这条记录已经删除，照片没有加入。")
        work.write(_added(work, record, key, photo) for photo in photos)
        return work.done()


def note_photo(store: Store, key: Key, note: str) -> ChangeSet:
    """Say what a photo shows.

    Raises:
        UserError: it is gone.
    """
    with store.writing(_("写照片说明")) as work:
        row = _row(work.session, key)
        change = changed("photo", key, values_of(row), {"note": note.strip() or None})
        work.write([] if change is None else [change])
        return work.done()


def remove_photo(store: Store, key: Key) -> ChangeSet:
    """Take a photo away; undo brings it back.

    Raises:
        UserError: it is gone already.
    """
    with store.writing(_("移除照片")) as work:
        work.write([removed("photo", key, values_of(_row(work.session, key)))])
        return work.done()


def save_photo(store: Store, key: Key, target: Path, *, beside: bool = False) -> Path:
    """Give the small picture of a photo out, logged before it takes its place. It names no place, no time, no phone.

    Raises:
        UserError: the photo is gone, or the target cannot be written.
    """
    with store.reading() as session:
        row = _row(session, key)
        content, record, owner = kept(session, row.picture), row.record or "photo", row.record_key
        title = titles_of(session, record, [owner]).get((record, owner), "") if owner is not None else ""

    def release(_part: Path) -> None:
        sentence = _("把 {title} 的照片另存为“{name}”").format(title=title, name=target.name)
        with store.writing(sentence) as work:
            work.note("export", record, (owner,) if owner is not None else (), sentence)

    return write_safely(target, lambda part: _put(part, content), release, needed=len(content), beside=beside)


def photos_removed(session: Session, record: str, key: Key) -> list[Change]:
    """The photos of a record that is going, as changes that go with it."""
    if record not in PHOTOGRAPHED:
        return []
    return [removed("photo", row.key, values_of(row)) for row in session.scalars(_of(record, key))]


def _of(record: str, key: Key) -> Select[Photo]:
    return select(Photo).where(Photo.record == record, Photo.record_key == key)


def _added(work: Work, record: str, key: Key, photo: WalkPhoto) -> Change:
    """One photo more; one that came with a walk and shows nothing yet is taken from there."""
    loose = work.session.scalars(
        select(Photo).where(Photo.source == photo.source, Photo.record.is_(None))
    ).first()
    belongs = {"record": record, "record_key": key}
    if loose is not None:
        found = changed("photo", loose.key, values_of(loose), belongs)
        assert found is not None  # noqa: S101 - it had no record
        return found
    values = {
        **blank(Photo),
        "file_name": photo.name,
        "taken_at": photo.taken_at or None,
        "latitude": photo.lat,
        "longitude": photo.lon,
        "picture": keep(work.connection, photo.picture),
        "thumbnail": keep(work.connection, photo.thumbnail),
        "source": photo.source,
        **belongs,
    }
    return created("photo", values)


def _row(session: Session, key: Key) -> Photo:
    row = session.get(Photo, key)
    if row is None:
        raise UserError("这张照片已经移除了。")
    return row


def _put(part: Path, content: bytes) -> None:
    part.write_bytes(content)


__all__ = [
    "ENDINGS",
    "MOST_AT_ONCE",
    "PHOTOGRAPHED",
    "PhotoLine",
    "PhotosRead",
    "add_photos",
    "note_photo",
    "photos_of",
    "photos_removed",
    "picture",
    "read_photos",
    "remove_photo",
    "save_photo",
]
