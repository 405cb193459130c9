"""Passwords on what leaves this station."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.sealing import check_password
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.sheets.locking import Lock


def lock_for(store: Store, password: str | None) -> Lock | None:
    """The lock of a file that is given out, None without a password.

    Until it is locked the file lies in the station's own folder, not on the stick it goes to.
    """
    from stationdesk.sheets.locking import Lock

    return Lock(password, store.folder.root) if password else None


def password_in(file: Path) -> str:
    """The password that stands in the first line of a text file: never an argument, which others can see.

    Raises:
        UserError: the file cannot be read, or what stands there cannot be a password.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("密码文件“{file}”读不了。请把密码写在一个文本文件的第一行。", file=file) from error
    return check_password(text.partition("\n")[0].rstrip("\r"))
