"""A program killed while it imports leaves all of the list or nothing; while it writes a ledger, the former or the new.

Four points are tried each time, spread over what is written; `STATIONDESK_KILLS=50` tries so many (script/trials). A
trial counts only where the program was still at work when it was killed; with fewer trials than stated the test fails.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from stationdesk.core.files import clear_leftovers
from stationdesk.db import audit
from stationdesk.db.models import Household, Person
from stationdesk.services import stations
from stationdesk.services.imports import imports_of
from tests.services.importing import new_station
from tests.trials.killing import KILLS, Child, kill_at, points

PEOPLE = 400
HOMES = PEOPLE // 2

# Says when it begins to write, so that the kill falls into that and not into the start of Python.
IMPORT = """
import sys
from pathlib import Path
from stationdesk.services.imports import ImportKind, dry_run, plan_for, run
from stationdesk.services.stations import open_station
from stationdesk.sheets.reading.cells import Sheet, Workbook
store = open_station(Path(sys.argv[1]))
count = int(sys.argv[2])
rows = [("姓名", "居住地址", "与户主关系", "备注")]
rows += [(f"赵人{n:04d}", f"{n // 2} 号", "配偶" if n % 2 else "户主", "字" * 200) for n in range(count)]
book = Workbook("名册.xlsx", (Sheet("名册", tuple(rows)),))
dry = dry_run(store, plan_for(store, Path("名册.xlsx"), book, ImportKind.PEOPLE))
print("ready", flush=True)
sys.stdin.readline()
run(store, dry)
print("done", flush=True)
"""

LEDGER = """
import sys
from pathlib import Path
from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers import ledger
from stationdesk.services.stations import open_station
store = open_station(Path(sys.argv[1]))
import stationdesk.sheets.workbook
print("ready", flush=True)
sys.stdin.readline()
ledger(store, Month(2026, 10), Audience.INTERNAL, Path(sys.argv[2]))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed station in which nobody is on file."""
    folder = tmp_path_factory.mktemp("empty")
    with new_station(folder):
        pass
    return folder / "石桥站"


@pytest.fixture(scope="module")
def full(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the people of the list."""
    root = tmp_path_factory.mktemp("full") / "石桥站"
    shutil.copytree(empty, root)
    child = Child(IMPORT, root, PEOPLE)
    assert child.ended()
    return root


def state_of(root: Path) -> tuple[int, int, int]:
    """People, households and imports of a station that is sound, with its index and its chain."""
    store = stations.open_station(root)
    try:
        assert store.is_sound()
        with store.reading() as session:
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert list(audit.broken_entries(session.connection())) == []
            counts = [session.scalar(select(func.count()).select_from(kind)) for kind in (Person, Household)]
            entries = session.scalar(text("SELECT count(*) FROM audit_entry WHERE record = 'person'"))
        assert entries == counts[0]
        imports = sum(each.made for each in imports_of(store))
    finally:
        stations.close(store)
    assert [path.name for path in root.rglob(".stationdesk-*")] == []
    return counts[0] or 0, counts[1] or 0, imports


def test_a_kill_leaves_all_of_an_import_or_nothing(empty: Path, tmp_path: Path) -> None:
    root = tmp_path / "站"
    shutil.copytree(empty, root)
    child = Child(IMPORT, root, PEOPLE)
    assert child.ended()
    whole = time.monotonic() - child.begun
    nothing, everything = (0, 0, 0), (PEOPLE, HOMES, PEOPLE)
    assert state_of(root) == everything
    done = 0
    seen = set()
    for after in points(whole):
        shutil.rmtree(root)
        shutil.copytree(empty, root)
        done += kill_at(after, lambda: Child(IMPORT, root, PEOPLE))
        seen.add(state := state_of(root))
        assert state in (nothing, everything)
    print(f"import: {done} kills of {KILLS}, {whole:.2f} s of writing, {len(seen)} states")  # noqa: T201 - how many were tried is told
    assert done == KILLS
    assert nothing in seen


def test_a_kill_leaves_the_former_ledger_or_the_whole_new_one(full: Path, tmp_path: Path) -> None:
    target = tmp_path / "台账.xlsx"
    child = Child(LEDGER, full, target)
    assert child.ended()
    whole = time.monotonic() - child.begun
    names = load_workbook(target, read_only=True).sheetnames
    done = 0
    seen = set()
    for after in points(whole):
        target.write_bytes(b"former")
        done += kill_at(after, lambda: Child(LEDGER, full, target))
        former = target.read_bytes() == b"former"
        assert former or load_workbook(target, read_only=True).sheetnames == names
        seen.add(former)
        assert state_of(full) == (PEOPLE, HOMES, PEOPLE)
        clear_leftovers(tmp_path)  # as the next start does where the program writes by itself
        assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]
    print(f"ledger: {done} kills of {KILLS}, {whole:.2f} s of writing, {len(seen)} states")  # noqa: T201 - how many were tried is told
    assert done == KILLS
    assert True in seen
