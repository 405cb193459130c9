"""Files kept inside the station's own file: encrypted with it, backed up with it, never changed.

A record holds only the digest, so that undoing a template or a closing needs no file to come back.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from stationdesk.core.errors import DamagedFile
from stationdesk.db.models.paperwork import KeptFile


def keep(connection: Connection, content: bytes) -> str:
    """Keep these bytes within the transaction; returns their SHA-256, by which a record names them."""
    digest = hashlib.sha256(content).hexdigest()
    row = insert(KeptFile).values(sha256=digest, content=content)
    connection.execute(row.on_conflict_do_nothing(index_elements=[KeptFile.sha256]))
    return digest


def kept(session: Session, sha256: str) -> bytes:
    """The bytes that `keep` was given.

    Raises:
        DamagedFile: they are missing, or are no longer what they were.
    """
    content = session.execute(select(KeptFile.content).where(KeptFile.sha256 == sha256)).scalar_one_or_none()
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile("保存在工作站里的一个文件缺失或已损坏。请从备份恢复，或重新选一次原来的文件。")
    return content
