"""P2: a roster ledger of 50,000 people, against the plainest code that writes the same cells.

    python bench/p2_ledger.py [--rows 50000] [--times 3] [--report]

A station is made once with invented people. Each way of writing then runs in a process of its own, by turns, and the
medians are compared, by the clock and of the processor. Ours reads the station, masks where `--report` asks for it,
writes, and reads the file back to check every row; the floors only write. Growth is the highest resident memory less
that before the work.

Bars: at most 2.2 times plain openpyxl write-only, 2.6 times XlsxWriter styled, 60 MB of growth.
"""

from __future__ import annotations

import argparse
import json
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from typing_extensions import override

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.people import rows as people
from stationdesk.core.changes import Change, created
from stationdesk.core.clock import FixedClock, Month
from stationdesk.core.fields import Key
from stationdesk.core.progress import NoProgress
from stationdesk.core.vocab import Audience, FollowLevel, Sex
from stationdesk.db.base import blank
from stationdesk.db.models import Household, Person, PersonCategory, Village
from stationdesk.services.ledgers import Options, ledger
from stationdesk.services.stations import Newcomer, Profile, create, open_station
from stationdesk.services.store import Store

TODAY = date(2026, 11, 22)
MONTH = Month(2026, 10)
_FLOORS = ("openpyxl_plain", "openpyxl_shared", "xlsxwriter_styled")
_OURS = "ours"


def make_station(root: Path, count: int) -> None:
    """A station with so many people in it."""
    store = create(root, Profile("某镇社工站", "某镇"), [Newcomer("某社工")], FixedClock.on(TODAY))
    with store.writing("试验") as work:
        work.write(_changes(store, count))
    store.close()


def _changes(store: Store, count: int) -> Iterator[Change]:
    villages: dict[str, Key] = {}
    home, address = Key(""), ""
    worker = Key(store.actor.key)
    for row in people(count):
        number, name, sex, card, birth, _ethnic, phone, village = row[:8]
        if village not in villages:
            change = created("village", {**blank(Village), "name": village})
            villages[str(village)] = change.key
            yield change
        if row[8] != address:
            address = str(row[8])
            change = created(
                "household",
                {
                    **blank(Household),
                    "code": f"户-{number:05d}",
                    "village_key": villages[str(village)],
                    "address": address,
                    "follow_level": FollowLevel.NORMAL,
                    "worker_key": worker,
                    "opened_on": date(2025, 3, 1),
                },
            )
            home = change.key
            yield change
        person = created(
            "person",
            {
                **blank(Person),
                "code": f"人-{number:05d}",
                "name": name,
                "household_key": home,
                "is_head": row[10] == "户主",
                "sex": Sex.MALE if sex == "男" else Sex.FEMALE,
                "id_number": card,
                "birth_date": date.fromisoformat(str(birth)),
                "phone": phone,
                "registered_address": address,
                "aid": row[18],
                "carer": row[17],
                "note": row[19],
                "opened_on": date(2025, 3, 1),
            },
        )
        yield person
        if row[11]:
            category = {**blank(PersonCategory), "person_key": person.key, "category": f"G{number % 3 + 11}"}
            yield created("person_category", category)


class _Counting(NoProgress):
    """Sees that progress is told, so that there is something to cancel by."""

    def __init__(self) -> None:
        self.steps = 0

    @override
    def step(self, done: int, total: int) -> None:
        """Count that it was told."""
        del done, total
        self.steps += 1


def run(way: str, root: Path, rows: Path, audience: Audience) -> dict[str, Any]:
    """One way of writing, measured in this process."""
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        target = Path(folder) / "台账.xlsx"
        if way == _OURS:
            return _measured(lambda: _write_ours(root, target, audience), target)
        from bench.floors.ledger import FLOORS

        return _measured(lambda: FLOORS[way](_rows(rows), target), target)


def _write_ours(root: Path, target: Path, audience: Audience) -> None:
    store = open_station(root, clock=FixedClock.on(TODAY))
    progress = _Counting()
    made = ledger(store, MONTH, audience, target, progress, options=Options(only=("roster",)))
    store.close()
    if progress.steps < made.sheets[0].rows / 500:
        raise SystemExit("the work tells too little of its progress to be cancelled")


def _measured(work: Any, target: Path) -> dict[str, Any]:
    import openpyxl  # what is imported is no growth
    import xlsxwriter

    import stationdesk.sheets.workbook

    del openpyxl, xlsxwriter, stationdesk
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = _memory("VmRSS")
    start, busy = time.perf_counter(), time.process_time()
    work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    growth = _memory("VmHWM") - before
    return {"seconds": seconds, "busy": busy, "growth": growth, "size": target.stat().st_size / 1_000_000}


def _memory(name: str) -> float:
    """Resident memory of this process, now (VmRSS) or at its peak (VmHWM), in MB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in text.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _rows(path: Path) -> Iterator[tuple[Any, ...]]:
    with path.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - our own file, written above
            except EOFError:
                return


def _keep_rows(root: Path, rows: Path, audience: Audience) -> int:
    """The cells of our own ledger, for the floors to write."""
    from openpyxl import load_workbook

    store = open_station(root, clock=FixedClock.on(TODAY))
    target = root.parent / "一次.xlsx"
    ledger(store, MONTH, audience, target, options=Options(only=("roster",)))
    store.close()
    count = 0
    book = load_workbook(target, read_only=True)
    with rows.open("wb") as file:
        for row in book.worksheets[0].iter_rows(min_row=5, values_only=True):
            if isinstance(row[0], int):
                pickle.dump(row, file)
                count += 1
    book.close()
    target.unlink()
    return count


def main() -> None:
    """Make the station, run every way by turns, and print seconds, memory and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--run", nargs=3, metavar=("WAY", "STATION", "ROWS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    audience = Audience.REPORT if given.report else Audience.INTERNAL
    if given.run:
        way, root, rows = given.run
        print(json.dumps(run(way, Path(root), Path(rows), audience)))
        return
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), given.rows, given.times, audience)


def _compare(folder: Path, count: int, times: int, audience: Audience) -> None:
    root, rows = folder / "站", folder / "rows"
    make_station(root, count)
    written = _keep_rows(root, rows, audience)
    print(f"P2: {written:,} rows of the roster, {audience.value}, median of {times}")
    found: dict[str, list[dict[str, Any]]] = {}
    for _turn in range(times):
        for way in (_OURS, *_FLOORS, *reversed(_FLOORS), _OURS):  # forth and back
            found.setdefault(way, []).append(_in_a_process(way, root, rows, audience))
    clock, busy = (
        {way: statistics.median(each[name] for each in runs) for way, runs in found.items()}
        for name in ("seconds", "busy")
    )
    for way, runs in found.items():
        growth = statistics.median(each["growth"] for each in runs)
        print(
            f"  {way:18} {clock[way]:6.2f} s by the clock, {busy[way]:6.2f} s of the processor, "
            f"growth {growth:5.1f} MB, file {runs[0]['size']:4.1f} MB"
        )
    ours = statistics.median(each["growth"] for each in found[_OURS])
    for name, floor, bar in (
        ("plain openpyxl write-only", "openpyxl_plain", 2.2),
        ("XlsxWriter styled", "xlsxwriter_styled", 2.6),
        ("openpyxl with one shared style", "openpyxl_shared", None),
    ):
        ratio, worked = clock[_OURS] / clock[floor], busy[_OURS] / busy[floor]
        verdict = "" if bar is None else f" (bar {bar}: {'met' if ratio <= bar else 'missed'})"
        print(f"  ours over {name}: {ratio:.2f} by the clock, {worked:.2f} of the processor{verdict}")
    print(f"  growth: {ours:.1f} MB (bar 60: {'met' if ours <= 60 else 'missed'})")


def _in_a_process(way: str, root: Path, rows: Path, audience: Audience) -> dict[str, Any]:
    words = [sys.executable, __file__, "--run", way, str(root), str(rows)]
    words += ["--report"] if audience is Audience.REPORT else []
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()
