"""Backups, restoring, and the check of the whole station."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import DatabaseError

from stationdesk.core.errors import UserError
from stationdesk.core.lock import FolderLock
from stationdesk.core.messages import _
from stationdesk.core.paths import StationFolder
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db import audit
from stationdesk.db.backup import SUFFIX, Manifest, make_backup, unpack, verify
from stationdesk.db.migrate import check_known
from stationdesk.db.models import Attachment, KeptFile, Photo, Station
from stationdesk.db.models.audit import AuditEntry
from stationdesk.db.search import rebuild, stale_documents
from stationdesk.services.store import Store

KEPT = 8
"""How many of the program's own backups are kept; older ones go only after a new one is proven."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the check, and what was found, in the worker's words."""

    name: str
    is_good: bool
    sentence: str


def backup(store: Store, target: Path | None = None, progress: Progress = SILENT) -> tuple[Path, Manifest]:
    """Make a proven backup, in the station's own folder where no target is given; it is noted in the audit.

    Raises:
        UserError: the place cannot be written, or the station is damaged.
        Cancelled: the worker stopped it.
    """
    now = store.clock.now()
    own = target is None
    place = target or store.folder.backups / f"{now.astimezone().strftime('%Y%m%d-%H%M%S')}{SUFFIX}"
    with store.reading() as session:
        name = session.scalar(select(Station.name)) or ""
    manifest = make_backup(
        store.folder, store.key, place, made_at=now.isoformat(), station=name, progress=progress
    )
    with store.writing("") as work:
        work.note("backup", "station", (), _("备份到 {name}").format(name=place.name))
    if own:
        for old in sorted(store.folder.backups.glob(f"2*{SUFFIX}"))[:-KEPT]:
            old.unlink()
    return place, manifest


def backup_here(store: Store, progress: Progress = SILENT) -> Path:
    """Make a backup in the station's own folder and return where it lies."""
    return backup(store, None, progress)[0]


def backup_if_due(store: Store, after: timedelta, progress: Progress = SILENT) -> Path | None:
    """Make a backup in the station's own folder when the last one is older than `after`; None when it is not."""
    last = last_backup(store)
    if last is not None and store.clock.now() - last < after:
        return None
    return backup_here(store, progress)


def last_backup(store: Store) -> datetime | None:
    """When the last backup was made, here or on a stick; None when there was none."""
    query = select(func.max(AuditEntry.at)).where(AuditEntry.action == "backup")
    with store.reading() as session:
        return session.scalar(query)


def restore(root: Path, source: Path) -> tuple[Path | None, Manifest]:
    """Put a backup in the place of a station; what was there is kept beside it as “…before-restore-N”.

    The backup is verified and unpacked aside first. Returns where the former station lies now.

    Raises:
        DamagedFile: the backup is not whole; nothing was changed.
        NewerFile: a newer version of the program made it; nothing was changed.
        AlreadyOpen: the station is open.
        UserError: the place cannot be written.
    """
    root = root.resolve()  # the folders beside it are made by name, which "." has not
    aside = root.with_name(f".{root.name}.restored")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        manifest = _unpacked(source, aside)
        former = _in_place(aside, root)
    except OSError as error:
        raise UserError(
            "恢复时写不了“{folder}”：{why}。没有改动原来的工作站。", folder=root.parent, why=error.strerror
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    if former is not None:
        # Earlier backups and sheets stay with the station in use.
        for name in ("backups", "exports"):
            _move_content(former / name, root / name)
    return former, manifest


def _unpacked(source: Path, aside: Path) -> Manifest:
    manifest = verify(source)
    check_known(manifest.schema)
    StationFolder(aside).create()
    return unpack(source, aside)


def _in_place(aside: Path, root: Path) -> Path | None:
    """Move the new station in; the former one goes out first, and comes back if that fails."""
    if not StationFolder(root).is_station:
        if root.is_dir():
            if any(root.iterdir()):
                raise UserError("文件夹“{folder}”里已有别的文件，没有恢复。请选一个空文件夹。", folder=root)
            root.rmdir()
        aside.rename(root)
        return None
    with FolderLock(root):
        former = _free_beside(root)
    root.rename(former)
    try:
        aside.rename(root)
    except BaseException:
        former.rename(root)
        raise
    return former


def check(store: Store, progress: Progress = SILENT) -> tuple[Finding, ...]:
    """Look the whole station through: file, links, audit chain, search index, attachments."""
    parts = (
        (_("数据文件"), _check_file),
        (_("记录之间的联系"), _check_links),
        (_("操作记录"), _check_audit),
        (_("查找索引"), _check_search),
        (_("照片和附件"), _check_attachments),
    )
    found = []
    for done, (name, look) in enumerate(parts):
        progress.step(done, len(parts))
        try:
            found.append(Finding(name, *look(store)))
        except DatabaseError:  # a damaged file is what a check is for: say so and look at the rest
            found.append(Finding(name, is_good=False, sentence=_("读不了：数据文件有损坏")))
    progress.step(len(parts), len(parts))
    return tuple(found)


def _check_file(store: Store) -> tuple[bool, str]:
    good = store.is_sound()
    return good, _("完好") if good else _("有损坏：请从最近一份好的备份恢复")


def _check_links(store: Store) -> tuple[bool, str]:
    with store.reading() as session:
        broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return not broken, _("有 {count} 处断开").format(count=len(broken)) if broken else _("都对得上")


def _check_audit(store: Store) -> tuple[bool, str]:
    with store.reading() as session:
        connection = session.connection()
        broken = list(audit.broken_entries(connection))
        entries, _head = audit.head(connection)
    if broken:
        return False, _("第 {first} 条起对不上，共 {count} 条").format(first=broken[0], count=len(broken))
    return True, _("{count} 条，首尾相接").format(count=entries)


def _check_search(store: Store) -> tuple[bool, str]:
    """An index that disagrees is made anew: it holds nothing that the records do not."""
    with store.reading() as session:
        wrong = stale_documents(session.connection())
    if not wrong:
        return True, _("齐全")
    with store.writing(_("重建查找索引")) as work:
        rebuild(work.connection)
    return True, _("有 {count} 条不一致，已重建").format(count=wrong)


def _check_attachments(store: Store) -> tuple[bool, str]:
    with store.reading() as session:
        paths = session.scalars(select(Attachment.path)).all()
        photos = session.scalars(select(func.count()).select_from(Photo)).one()
        kept = select(KeptFile.sha256)
        lost = session.scalars(
            select(Photo.key).where(or_(Photo.picture.not_in(kept), Photo.thumbnail.not_in(kept)))
        ).all()
    missing = len(lost) + sum(not (store.folder.root / path).is_file() for path in paths)
    if missing:
        return False, _("缺 {count} 个").format(count=missing)
    return True, _("{count} 个，都在").format(count=len(paths) + photos)


def _free_beside(root: Path) -> Path:
    number = 1
    while (place := root.with_name(f"{root.name}.before-restore-{number}")).exists():
        number += 1
    return place


def _move_content(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for path in source.iterdir() if source.is_dir() else ():
        if not (target / path.name).exists():
            path.rename(target / path.name)
