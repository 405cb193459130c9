"""Floor of P7: the file read by calamine, its rows put into one table with a unique index, committed once."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from pathlib import Path

import python_calamine as calamine


def main(path: str) -> None:
    """Read every row and store it."""
    sheet = calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = sheet.iter_rows()
    header = next(rows)
    with tempfile.TemporaryDirectory() as folder:
        file = sqlite3.connect(Path(folder) / "floor.db")
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        names = [f"c{place}" for place in range(len(header))]
        file.execute(f"CREATE TABLE person ({', '.join(names)})")
        file.execute("CREATE UNIQUE INDEX number ON person (c3, c0)")
        marks = ", ".join("?" * len(names))
        file.executemany(f"INSERT INTO person VALUES ({marks})", rows)  # noqa: S608 - names are ours
        file.commit()
        print(file.execute("SELECT count(*) FROM person").fetchone()[0])
        file.close()


if __name__ == "__main__":
    main(sys.argv[1])
