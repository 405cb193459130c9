"""Backups: one file with the database, the keys, photos and papers, and a manifest that tells what is in it.

A backup is proven before it is called one: the copy is reopened, checked and counted against the original.
The archive is a zip without compression; names in it are ours, and restoring reads only what the manifest
lists, so that no name from outside reaches the disk.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

import sqlcipher3
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from stationdesk import __version__
from stationdesk.core.errors import DamagedFile, UserError
from stationdesk.core.files import work_beside, write_safely
from stationdesk.core.paths import StationFolder
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db import audit
from stationdesk.db.base import Base
from stationdesk.db.engine import DataKey, connect, single_engine
from stationdesk.db.migrate import revision_of

SUFFIX = ".stationbackup"
_MANIFEST = "manifest.json"
_DATABASE = "station.db"
_FORMAT = 1
_PAGES_A_STEP = 500
_BLOCK = 1 << 20
_TREES = ("photos", "papers", "maps")
_SINGLE = (_DATABASE, "keys.json", "settings.json")
_TYPES = {"int": int, "str": str, "bool": bool, "Mapping[str, int]": dict, "Mapping[str, str]": dict}
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    KeyError,
    struct.error,
)
"""What `zipfile` raises for archives that are cut, flipped, or never were any."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: versions, counts, the head of the audit, and a hash of every file."""

    format: int
    program: str
    schema: str
    made_at: str
    station: str
    encrypted: bool
    counts: Mapping[str, int]
    audit_entries: int
    audit_head: str
    files: Mapping[str, str]


def make_backup(
    folder: StationFolder,
    key: DataKey | None,
    target: Path,
    *,
    made_at: str,
    station: str,
    progress: Progress = SILENT,
) -> Manifest:
    """Write a proven backup to `target`; what was there stays until the new one is proven.

    Raises:
        UserError: the place is full or read-only, or the station's own file is damaged.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    made: list[Manifest] = []

    def write(part: Path) -> None:
        with work_beside(part) as work:
            copy = work / _DATABASE
            _copy_database(folder.database, key, copy, progress)
            manifest = _manifest(folder, key, copy, made_at=made_at, station=station)
            _pack(folder, copy, manifest, part)
        made.append(manifest)

    def check(part: Path) -> None:
        read = verify(part)
        if read != made[-1]:
            raise UserError("备份写出后与原来不一致，没有保存。请换一个位置再试。")

    # It may lie on a desktop or a share that others read, and a plain station's holds everything.
    write_safely(target, write, check, private=True)
    return made[-1]


def verify(source: Path) -> Manifest:
    """Read a backup through: every file there and whole.

    Raises:
        DamagedFile: it is not a backup of ours, something in it is missing or changed, or a name leads
            to where no file of a station lies.
    """
    try:
        with _archive(source) as archive:
            manifest = _read_manifest(archive, source)
            names = archive.namelist()
            if len(names) != len(set(names)) or set(names) != {_MANIFEST, *manifest.files}:
                raise _damaged(source)
            if not all(map(_is_ours, manifest.files)):
                raise _damaged(source)
            for name, wanted in manifest.files.items():
                if _hash(archive.open(name)) != wanted:
                    raise _damaged(source)
    except OSError as error:
        raise UserError(
            "读不了备份“{name}”：{why}。请检查 U 盘，或换一份备份。", name=source.name, why=error.strerror
        ) from error
    return manifest


def unpack(source: Path, target: Path) -> Manifest:
    """Verify a backup and unpack it into an empty folder: what the manifest lists, and nothing else.

    Raises:
        DamagedFile: the backup is damaged; nothing was written.
    """
    manifest = verify(source)
    with _archive(source) as archive:
        for name in manifest.files:
            place = target.joinpath(*PurePosixPath(name).parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as content, place.open("wb") as file:
                shutil.copyfileobj(content, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
    return manifest


def _copy_database(source: Path, key: DataKey | None, copy: Path, progress: Progress) -> None:
    """The online copy, in steps: work goes on meanwhile, and Cancel is heard between steps.

    The open transaction holds one state of the file; without it every commit made meanwhile would start the
    copy anew.

    Raises:
        DamagedFile: the station's file cannot be read. UserError: the copy cannot be written.
    """
    try:
        _copy_in_steps(source, key, copy, progress)
    except sqlcipher3.dbapi2.DatabaseError as error:
        if "full" in str(error):
            raise UserError(
                "“{folder}”的空间不够，没有备份。请清理后再试，或换一个位置。", folder=copy.parent.parent
            ) from error
        raise _unsound() from error


def _copy_in_steps(source: Path, key: DataKey | None, copy: Path, progress: Progress) -> None:
    with (
        contextlib.closing(connect(source, key, writable=False)) as live,
        contextlib.closing(sqlcipher3.dbapi2.connect(str(copy))) as target,
    ):
        if key is not None:
            target.execute(f"PRAGMA key = {key.pragma}")
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        live.backup(
            target,
            pages=_PAGES_A_STEP,
            progress=lambda _status, left, total: progress.step(total - left, total),
        )
        # A copy that is carried about is one file: no log beside it.
        target.execute("PRAGMA journal_mode = DELETE")


def _manifest(
    folder: StationFolder, key: DataKey | None, copy: Path, *, made_at: str, station: str
) -> Manifest:
    engine = single_engine(copy, key, writable=False)
    try:
        with engine.connect() as connection:
            if connection.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise _unsound()
            entries, head = audit.head(connection)
            schema = revision_of(connection) or ""
            # A file of an older schema, which is backed up before it is migrated, lacks the newer tables.
            there = set(inspect(connection).get_table_names())
            counts = {
                table.name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for table in Base.metadata.sorted_tables
                if table.name in there
            }
    except DatabaseError as error:
        raise _unsound() from error
    finally:
        engine.dispose()
    files = {_DATABASE: _hash(copy.open("rb"))}
    for name, path in _companions(folder):
        if not _is_ours(name):
            raise UserError("文件“{name}”的名字别的系统用不了，没有备份。请给它改名后再试。", name=name)
        files[name] = _hash(path.open("rb"))
    return Manifest(
        _FORMAT, __version__, schema, made_at, station, key is not None, counts, entries, head, files
    )


def _companions(folder: StationFolder) -> Iterator[tuple[str, Path]]:
    """Everything that belongs to the station beside its database."""
    for single in (folder.keys, folder.settings):
        if single.is_file():
            yield single.name, single
    for tree in (folder.photos, folder.papers, folder.maps):
        for path in sorted(tree.rglob("*")):
            if path.is_file() and path.suffix != ".part":
                yield folder.relative(path), path


def _pack(folder: StationFolder, copy: Path, manifest: Manifest, part: Path) -> None:
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        archive.write(copy, _DATABASE)
        for name in manifest.files:  # not what lies there now: a photo may have come in since
            if name != _DATABASE:
                archive.write(folder.root / name, name)


@contextlib.contextmanager
def _archive(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except FileNotFoundError as error:
        raise UserError("没有找到备份文件“{name}”。请检查 U 盘和文件名。", name=source.name) from error
    except _UNREADABLE as error:
        raise _damaged(source) from error


def _read_manifest(archive: zipfile.ZipFile, source: Path) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(archive.read(_MANIFEST))
        manifest = Manifest(**told)
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise _damaged(source) from error
    whole = all(isinstance(getattr(manifest, each.name), _TYPES[str(each.type)]) for each in fields(Manifest))
    if not whole or manifest.format != _FORMAT or _DATABASE not in manifest.files:
        raise _damaged(source)
    return manifest


def _is_ours(name: str) -> bool:
    """Whether a file of a station may be called that: never the log of a database, never a way out."""
    if name in _SINGLE:
        return True
    tree, *inside = PurePosixPath(name).parts
    proper = name == PurePosixPath(name).as_posix() and not {"..", "."} & set(inside)
    return tree in _TREES and bool(inside) and proper and not set(name) & set("\\:") and name.isprintable()


def _unsound() -> DamagedFile:
    return DamagedFile("数据文件有损坏，没有备份。请从上一份好的备份恢复。")


def _damaged(source: Path) -> DamagedFile:
    return DamagedFile("“{name}”不是完整的备份，没有改动任何数据。请换一份备份。", name=source.name)


def _hash(content: Any) -> str:
    digest = hashlib.sha256()
    with content as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
