"""The open station: one writer, pooled query-only readers, the clock, and who is working."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from stationdesk.core.clock import Clock, SystemClock
from stationdesk.core.paths import StationFolder
from stationdesk.db.engine import DataKey, reader_engine, writer_engine
from stationdesk.db.own import read_own
from stationdesk.db.telling import NONE, OwnFields, Teller, telling
from stationdesk.db.writing import Work

PROGRAM = "程序"
"""The actor of what the program does by itself: making a station, migrating, practice data."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is working: the name that the audit keeps, and the worker's record where there is one."""

    name: str
    key: str = ""


class Store:
    """An open station file. Every service takes it first; any thread may use it."""

    def __init__(
        self,
        folder: StationFolder,
        key: DataKey | None = None,
        *,
        actor: Actor | None = None,
        clock: Clock | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        self.folder = folder
        self.key = key
        self.actor = actor or Actor(PROGRAM)
        self.clock: Clock = clock or SystemClock()
        self._writer: Engine = writer_engine(folder.database, key)
        self._readers: Engine = reader_engine(folder.database, key)
        self._turn = threading.Lock()
        self._writing_thread: int | None = None
        self._on_close = on_close
        self._closed = False
        self._teller = Teller()
        self.version = 0
        """Grows with every step that was written: what was read under the same number is still so."""

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the file and cannot write."""
        self._refuse_closed()
        with (
            Session(self._readers, autoflush=False, expire_on_commit=False) as session,
            telling(self._own_or_none(session)),
        ):
            yield session

    @contextmanager
    def writing(self, why: str) -> Iterator[Work]:
        """One transaction: committed when the block ends, rolled back when it raises; `why` names it."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a use case is one transaction: it must not begin another inside its own")
        with self._turn:
            self._refuse_closed()
            self._writing_thread = threading.get_ident()
            try:
                with (
                    Session(self._writer, autoflush=False, expire_on_commit=False) as session,
                    session.begin(),
                    telling(self._own(session)),
                ):
                    work = Work(
                        session,
                        why=why,
                        actor=self.actor.name,
                        now=self.clock.now(),
                        today=self.clock.today(),
                    )
                    yield work
                if work.own is not None:
                    self._teller.tell(work.own)
            finally:
                self._writing_thread = None
            self.version += 1

    def _own(self, session: Session) -> OwnFields:
        """The station's own fields, read when they are first asked for."""
        if not self._teller.known:
            self._teller.tell(read_own(session.connection()))
        return self._teller.own

    def _own_or_none(self, session: Session) -> OwnFields:
        """The same for those who only look: a damaged file is still opened, to be checked and saved from."""
        try:
            return self._own(session)
        except DatabaseError:
            return NONE

    def checkpoint(self) -> None:
        """Bring the log into the main file and empty it."""
        with self._turn:
            self._refuse_closed()
            self._empty_log()

    def _empty_log(self) -> None:
        with self._writer.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]  # a live pool entry has one

    def is_sound(self) -> bool:
        """Whether SQLite finds the whole file in order."""
        try:
            with self.reading() as session:
                return bool(session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok")
        except DatabaseError:  # so damaged that it cannot even be looked through
            return False

    def close(self) -> None:
        """Checkpoint and close every connection, after the step that is being written. Closing twice is harmless."""
        with self._turn:
            if self._closed:
                return
            self._closed = True
            self._teller.end()
            try:
                self._readers.dispose()
                self._empty_log()
            finally:
                self._writer.dispose()
                if self._on_close is not None:
                    self._on_close()

    def _refuse_closed(self) -> None:
        # A pool that was disposed of opens the file anew, behind the lock that another program may hold by then.
        if self._closed:
            raise RuntimeError("the station is closed")
