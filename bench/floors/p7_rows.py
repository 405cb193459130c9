"""Floor of P7: the rows that an import left in its file, put into an empty station by SQLAlchemy Core, committed once.

    python bench/floors/p7_rows.py DONE EMPTY [TABLE ...]

They are read first; what is timed is the statements and the commit, by the clock and of the processor. The tables keep
their indexes. Nothing is checked, compared, numbered, logged or made findable: those rows come ready from DONE.
"""

from __future__ import annotations

import json
import sys
import time

import sqlcipher3
from sqlalchemy import MetaData, StaticPool, Table, create_engine, event, insert, select


def main(done: str, empty: str, *names: str) -> None:
    """Copy the rows of some tables."""
    source = create_engine("sqlite://", creator=lambda: sqlcipher3.dbapi2.connect(done), poolclass=StaticPool)
    target = create_engine("sqlite://", creator=lambda: _opened(empty), poolclass=StaticPool)
    event.listen(target, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    told = MetaData()
    with source.connect() as reading:
        tables = [Table(name, told, autoload_with=reading) for name in names]
        rows = [[dict(row) for row in reading.execute(select(table)).mappings()] for table in tables]
    clock, processor = time.perf_counter(), time.process_time()
    with target.begin() as writing:
        for table, each in zip(tables, rows, strict=True):
            writing.execute(insert(table).prefix_with("OR IGNORE"), each)
    seconds = time.perf_counter() - clock
    print(json.dumps({"seconds": seconds, "processor": time.process_time() - processor}))


def _opened(path: str) -> object:
    connection = sqlcipher3.dbapi2.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


if __name__ == "__main__":
    main(*sys.argv[1:])
