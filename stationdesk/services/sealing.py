"""Passwords on what leaves this station."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.sheets.locking import Lock


def lock_for(store: Store, password: str | None) -> Lock | None:
    """The lock of a file that is given out, None without a password.

    Until it is locked the file lies in the station's own folder, not on the stick it goes to.
    """
    from stationdesk.sheets.locking import Lock

    return Lock(password, store.folder.root) if password else None
