"""Passwords: one random data key for the station, wrapped for each worker under their own password.

The password never leaves this machine and is never stored. A key is derived from it with Argon2id
(RFC 9106) and wraps the data key with AES-256-GCM; the salt that stands at the head of the database is
kept here too, so that a damaged head can be told from a wrong password.
"""

from __future__ import annotations

import base64
import json
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stationdesk.core.errors import DamagedFile, NewerFile, UserError, WrongPassword
from stationdesk.core.files import write_bytes_safely
from stationdesk.db.engine import DataKey

_FORMAT = 1
_TIME_COST, _MEMORY_KIB, _LANES = 3, 65536, 2
_SALT, _NONCE, _WRAPPED = 16, 12, 48  # bytes; a wrapped key is 32 bytes and the tag of GCM
LEAST_PASSWORD = 8
"""The shortest password, in characters; a few words in a row are easiest to remember and to type."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The data key as one worker's password opens it."""

    worker: str
    salt: bytes
    nonce: bytes
    wrapped: bytes


def new_data_key() -> DataKey:
    """A fresh random key and salt for a new station."""
    return DataKey(os.urandom(32), os.urandom(16))


def lock_for(worker: str, password: str, key: DataKey) -> Lock:
    """Wrap the data key under a worker's password.

    Raises:
        UserError: the password is too short.
    """
    if len(_normal(password)) < LEAST_PASSWORD:
        raise UserError("密码太短，至少 {least} 个字符。请换一个长一些、自己记得住的。", least=LEAST_PASSWORD)
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = AESGCM(_derived(password, salt)).encrypt(nonce, key.key, worker.encode())
    return Lock(worker, salt, nonce, wrapped)


def unlock(path: Path, worker: str, password: str) -> DataKey:
    """The data key, opened by a worker's password.

    Raises:
        WrongPassword: the password is not this worker's.
        DamagedFile: the file of keys cannot be read.
        UserError: the worker has no password here.
    """
    salt, locks = read_locks(path)
    lock = next((each for each in locks if each.worker == worker), None)
    if lock is None:
        raise UserError("这里没有“{worker}”的密码。请选择名单里的工作人员。", worker=worker)
    try:
        key = AESGCM(_derived(password, lock.salt)).decrypt(lock.nonce, lock.wrapped, worker.encode())
    except InvalidTag as error:
        raise WrongPassword("密码不对。请检查大小写和输入法，再输一次。") from error
    return DataKey(key, salt)


def read_locks(path: Path) -> tuple[bytes, tuple[Lock, ...]]:
    """The database's salt and the locks of all workers.

    Raises:
        DamagedFile: the file cannot be read as what `write_locks` wrote.
        NewerFile: a newer version of the program wrote it.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if int(told["format"]) > _FORMAT:
            raise NewerFile("密码文件是用更新版本的程序写的，没有打开，也没有改动它。请先更新本机的程序。")
        first, *others = map(_lock, told["workers"])  # a station without anybody is damaged as well
        return _bytes(told["database_salt"], _SALT), (first, *others)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedFile("密码文件“{name}”已损坏，没有打开。请从备份恢复。", name=path.name) from error


def write_locks(path: Path, key: DataKey, locks: tuple[Lock, ...]) -> None:
    """Write the file of keys, safely."""
    told = {
        "format": _FORMAT,
        "kdf": {"name": "argon2id", "time": _TIME_COST, "memory_kib": _MEMORY_KIB, "lanes": _LANES},
        "database_salt": _text(key.salt),
        "workers": [
            {
                "worker": each.worker,
                "salt": _text(each.salt),
                "nonce": _text(each.nonce),
                "wrapped": _text(each.wrapped),
            }
            for each in locks
        ],
    }
    write_bytes_safely(path, json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8"), private=True)


def _derived(password: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        _normal(password).encode("utf-8", "surrogatepass"),
        salt,
        time_cost=_TIME_COST,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=32,
        type=Type.ID,
    )


def _normal(password: str) -> str:
    """NFC only: blanks and full-width characters count as typed, so that no two passwords are one."""
    return unicodedata.normalize("NFC", password)


def _lock(told: dict[str, Any]) -> Lock:
    return Lock(
        str(told["worker"]),
        _bytes(told["salt"], _SALT),
        _bytes(told["nonce"], _NONCE),
        _bytes(told["wrapped"], _WRAPPED),
    )


def _bytes(text: str, length: int) -> bytes:
    content = base64.b64decode(text, validate=True)
    if len(content) != length:
        raise ValueError(f"{length} bytes expected, {len(content)} found")
    return content


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
