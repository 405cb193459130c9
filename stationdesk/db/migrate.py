"""Bringing a station's file to the present schema, or refusing one that is newer.

Foreign keys are off while tables are rebuilt (a rebuilt parent would take its children along) and are
checked before the commit. The caller makes a backup first.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from stationdesk.core.errors import DamagedFile, NewerFile
from stationdesk.db.engine import DataKey, single_engine

_HERE = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision of the present schema."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("the program's migrations are missing")
    return head


def revision_of(connection: Connection) -> str | None:
    """The revision a file is at; None in an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def needs_migration(path: Path, key: DataKey | None) -> bool:
    """Whether a file is of an older schema.

    Raises:
        NewerFile: it was made by a newer version; the file was only read.
    """
    engine = single_engine(path, key, writable=False)
    try:
        with engine.connect() as connection:
            now = revision_of(connection)
    finally:
        engine.dispose()
    if now == newest():
        return False
    if now is not None:
        check_known(now)
    return True


def check_known(revision: str) -> None:
    """Refuse a schema that this version of the program does not know.

    Raises:
        NewerFile: a newer version made it.
    """
    if revision not in {step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise NewerFile(
            "这个工作站是用更新版本的程序做的（数据版本 {found}），没有打开，也没有改动它。请先更新本机的程序。",
            found=revision,
        )


def migrate(path: Path, key: DataKey | None) -> None:
    """Apply every step that is missing, all or none."""
    engine = single_engine(path, key, writable=True)
    try:
        with engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                command.upgrade(_config(connection), "head")
                if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                    raise DamagedFile(
                        "升级数据时发现记录之间的联系有断开，没有升级，原来的数据没有改动。请从备份恢复或联系维护人员。"
                    )
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config
