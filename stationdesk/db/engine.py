"""Opening the station's file: one engine for plain and encrypted stations, one writer, many readers.

The settings are those that survived the power-cut trials: WAL with synchronous FULL. They are read back
and asserted, because SQLite falls back in silence where it cannot obey.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlalchemy import Engine, NullPool, QueuePool, StaticPool, create_engine, event

from stationdesk.core.errors import DamagedFile, UserError

LEAST_SQLITE = (3, 51, 3)  # earlier ones can lose a WAL reset (fixed 2026-03)
_BUSY_MILLISECONDS = 5000
_NOT_A_DATABASE = "file is not a database"


@dataclass(frozen=True, slots=True)
class DataKey:
    """The raw key of an encrypted file and the salt that stands in its first 16 bytes."""

    key: bytes
    salt: bytes

    @property
    def pragma(self) -> str:
        """The key as SQLCipher takes it: 32 bytes of key and 16 of salt, in hexadecimal."""
        return f"\"x'{self.key.hex()}{self.salt.hex()}'\""


def connect(path: Path, key: DataKey | None, *, writable: bool) -> Any:
    """A bare connection with every setting made and read back.

    Raises:
        DamagedFile: the file does not open.
        UserError: the build of SQLite is not the one we rely on, or a setting was not obeyed.
    """
    if sqlcipher3.dbapi2.sqlite_version_info < LEAST_SQLITE:
        raise UserError("程序自带的数据库引擎版本不对，为防止丢数据没有打开。请重新安装本程序。")
    connection = sqlcipher3.dbapi2.connect(
        str(path), timeout=_BUSY_MILLISECONDS / 1000, isolation_level=None, check_same_thread=False
    )
    try:
        if key is not None:
            _give_key(connection, key)
        _read_head(connection, path)
        _set_up(connection, writable=writable)
    except BaseException:
        connection.close()
        raise
    return connection


def _give_key(connection: Any, key: DataKey) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = {key.pragma}")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        # Without the cipher the file would be written in plain text: never fall back.
        raise UserError("加密组件不可用，为防止泄露没有打开。请重新安装本程序。")


def _read_head(connection: Any, path: Path) -> None:
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlcipher3.dbapi2.DatabaseError as error:
        if _NOT_A_DATABASE not in str(error) and "malformed" not in str(error):
            raise
        # A password was proven by the keys file before we come here, so what does not open is damaged.
        raise DamagedFile(
            "数据文件“{name}”已损坏或不是本程序的文件，没有改动它。请从备份恢复。", name=path.name
        ) from error


def _set_up(connection: Any, *, writable: bool) -> None:
    wanted: dict[str, tuple[str, object]] = {
        "foreign_keys": ("ON", 1),
        "synchronous": ("FULL", 2),
        "secure_delete": ("ON", 1),
        "cell_size_check": ("ON", 1),
        "trusted_schema": ("OFF", 0),
        "mmap_size": ("0", 0),
        "temp_store": ("MEMORY", 2),
    }
    if writable:
        wanted = {"journal_mode": ("WAL", "wal"), **wanted}
    else:
        wanted["query_only"] = ("ON", 1)
    for name, (setting, expected) in wanted.items():
        connection.execute(f"PRAGMA {name} = {setting}").fetchall()
        row = connection.execute(f"PRAGMA {name}").fetchone()
        found = row[0] if row else 0  # mmap_size answers nothing where the build has none
        if found != expected:
            raise UserError(
                "这个位置不支持安全写入（{name} = {found}），为防止丢数据没有打开。请把站点文件夹放在本机硬盘上。",
                name=name,
                found=found,
            )
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")


def writer_engine(path: Path, key: DataKey | None) -> Engine:
    """The one connection that writes; each transaction begins IMMEDIATE, so that it never waits midway."""
    return _engine(lambda: connect(path, key, writable=True), "BEGIN IMMEDIATE", {"poolclass": StaticPool})


def reader_engine(path: Path, key: DataKey | None) -> Engine:
    """Query-only connections; each transaction sees one state of the file."""
    many = {"poolclass": QueuePool, "pool_size": 4, "max_overflow": 8}
    return _engine(lambda: connect(path, key, writable=False), "BEGIN", many)


def single_engine(path: Path, key: DataKey | None, *, writable: bool) -> Engine:
    """An engine whose connections close at once: for files that are looked at or brought up and left."""
    return _engine(
        lambda: connect(path, key, writable=writable),
        "BEGIN IMMEDIATE" if writable else "BEGIN",
        {"poolclass": NullPool},
    )


def _engine(creator: Callable[[], Any], begin: str, pool: dict[str, Any]) -> Engine:
    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, creator=creator, **pool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
