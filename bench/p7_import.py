"""P7: an import of 50,000 people in 20 columns, against the plainest code that reads the file or writes the rows.

    python bench/p7_import.py [--rows 50000] [--times 3]

The roster is made once from a seed, one row in a hundred faulty. Each way runs in a process of its own, by turns, forth
and back. Ours reads the file in its child process and recognises the table; checks every value, finds duplicates and
gives a verdict on each row; writes with numbers, audit and search index in one transaction. So its parts are compared
with different floors: reading with code that only reads, checking and writing with code that only inserts the very rows
that ours left: the records alone, and with the entries of the audit and the documents of the search.

Seconds are by the clock, with those of the processor beside them (child processes included), since the clock counts
other people's work too. Ours is measured from the opened station on: how fast the program starts is another promise.
Growth is the highest resident memory of the parent process less that before the file was opened.

Bars: at most 4 times calamine, half of openpyxl read-only, 60 MB of growth. The first two hold the whole import against
code that only reads; they are printed and judged as they stand.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if TYPE_CHECKING:
    from stationdesk.core.clock import FixedClock

# The process that reads the file imports this module again, as it would that of the program, which is as light: so
# the program is imported where it is needed.

HERE = Path(__file__).resolve().parent
READING = ("p7_calamine", "p7_calamine_insert", "p7_openpyxl")
RECORDS = ("household", "person", "person_category")
WRITING = {
    "records inserted": RECORDS,
    "records, audit, search inserted": (*RECORDS, "audit_entry", "audit_values", "search_document"),
}
OURS = "ours"
PARTS = ("read", "check", "write")
BARS = {"p7_calamine": 4.0, "p7_openpyxl": 0.5}
GROWTH = 60

Taken = dict[str, float]
"""Seconds by the clock and of the processor; of ours also those of its parts, and its growth."""


def make_station(folder: Path) -> Path:
    """A station that knows the villages and nobody."""
    from bench.people import write_villages
    from stationdesk.services import stations
    from stationdesk.services.imports import ImportKind, dry_run, read_plan, run

    profile = stations.Profile("某镇社工站", "某镇")
    store = stations.create(folder / "站", profile, [stations.Newcomer("某社工")], _clock())
    villages = folder / "villages.csv"
    write_villages(villages)
    run(store, dry_run(store, read_plan(store, villages, ImportKind.VILLAGES)))
    stations.close(store)
    return folder / "站"


def _clock() -> FixedClock:
    from datetime import date

    from stationdesk.core.clock import FixedClock

    return FixedClock.on(date(2026, 11, 22))


def resident(name: str) -> float:
    """A figure of this process in MB: VmRSS now, VmHWM at its highest."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _used() -> tuple[float, float]:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(each) for each in whose]
    return time.perf_counter(), sum(each.ru_utime + each.ru_stime for each in used)


def import_once(root: Path, file: Path) -> None:
    """Import the roster as the command line does and print what it took."""
    from stationdesk.core.collecting import uncollected
    from stationdesk.services import stations
    from stationdesk.services.imports import dry_run, read_plan, run

    store = stations.open_station(root, clock=_clock())
    with uncollected():
        before, marks = resident("VmRSS"), [_used()]
        plan = read_plan(store, file)
        marks.append(_used())
        dry = dry_run(store, plan)
        marks.append(_used())
        outcome = run(store, dry)
        marks.append(_used())
        told: dict[str, object] = {
            "seconds": marks[3][0] - marks[0][0],
            "processor": marks[3][1] - marks[0][1],
            "growth": resident("VmHWM") - before,
            "records": len(outcome.changes),
            "rows": {verdict.code: count for verdict, count in dry.counts.items()},
        }
    for number, part in enumerate(PARTS):
        told[part] = marks[number + 1][0] - marks[number][0]
        told[f"{part} processor"] = marks[number + 1][1] - marks[number][1]
    stations.close(store)
    print(json.dumps(told, ensure_ascii=False))


def spoken(words: list[str]) -> Taken:
    """What a way says of itself."""
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    told: Taken = json.loads(done.stdout)
    return told


def timed(words: list[str]) -> Taken:
    """What a way took from its start to its end."""
    before = _used()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    after = _used()
    return {"seconds": after[0] - before[0], "processor": after[1] - before[1]}


def measure(rows: int, times: int) -> int:
    """Run every way by turns and print figures and ratios; 1 when a bar is missed."""
    from bench.people import write

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / "people.xlsx"
        write(file, rows)
        root = make_station(folder)
        taken: dict[str, list[Taken]] = {way: [] for way in (*READING, OURS, *WRITING)}
        done = folder / "done"
        for turn in range(times):
            for way in list(taken) if turn % 2 == 0 else [OURS, *reversed(WRITING), *reversed(READING)]:
                if way in READING:
                    taken[way].append(timed([str(HERE / "floors" / f"{way}.py"), str(file)]))
                    continue
                copy = folder / "copy"
                shutil.copytree(root, copy)
                if way == OURS:
                    taken[way].append(spoken([__file__, "--once", str(copy), str(file)]))
                    shutil.rmtree(done, ignore_errors=True)
                    copy.rename(done)
                else:
                    floor = str(HERE / "floors" / "p7_rows.py")
                    files = [str(_database(each)) for each in (done, copy)]
                    taken[way].append(spoken([floor, *files, *WRITING[way]]))
                    shutil.rmtree(copy)
        return report(rows, taken)


def _database(root: Path) -> Path:
    from stationdesk.core.paths import StationFolder

    return StationFolder(root).database


def report(rows: int, taken: dict[str, list[Taken]]) -> int:
    """Print medians and ratios of one run."""
    ours = taken[OURS]
    print(f"P7 import of {rows:,} rows; load {os.getloadavg()[0]:.1f}; medians of {len(ours)}")
    for way, values in taken.items():
        print(f"  {way:32} {_line(values, 'seconds', 'processor')}   {_all(values)}")
    for part in PARTS:
        print(f"  ours: {part:26} {_line(ours, part, f'{part} processor')}")
    print(f"  ours: {ours[0]['records']:,} records, rows {ours[0]['rows']}")
    failed = False
    print("  the whole import over code that only reads:")
    for way in READING:
        failed |= _ratio(ours, ("seconds", "processor"), way, taken[way], BARS.get(way))
    print("  its reading over the same:")
    for way in READING:
        _ratio(ours, ("read", "read processor"), way, taken[way], None)
    print("  its checking and writing over code that only inserts:")
    both = [
        {
            "seconds": each["check"] + each["write"],
            "processor": each["check processor"] + each["write processor"],
        }
        for each in ours
    ]
    for way in WRITING:
        _ratio(both, ("seconds", "processor"), way, taken[way], None)
    growth = statistics.median(each["growth"] for each in ours)
    print(f"  growth of the parent {growth:.0f} MB   bar {GROWTH}: {'missed' if growth > GROWTH else 'kept'}")
    return int(failed or growth > GROWTH)


def _ratio(
    ours: list[Taken], names: tuple[str, str], way: str, floor: list[Taken], bar: float | None
) -> bool:
    """Print the median ratio by the clock and of the processor; whether the bar is missed."""
    by_clock, by_processor = (
        statistics.median(mine[name] / theirs[of] for mine, theirs in zip(ours, floor, strict=True))
        for name, of in zip(names, ("seconds", "processor"), strict=True)
    )
    missed = bar is not None and by_clock > bar
    words = "" if bar is None else f"   bar {bar}: {'missed' if missed else 'kept'}"
    print(f"    {way:32} {by_clock:6.2f}   processor {by_processor:6.2f}{words}")
    return missed


def _line(values: list[Taken], clock: str, processor: str) -> str:
    seconds, used = (statistics.median(each[name] for each in values) for name in (clock, processor))
    return f"{seconds:7.2f} s   processor {used:7.2f} s"


def _all(values: list[Taken]) -> str:
    return " ".join(f"{each['seconds']:.1f}" for each in values)


def main() -> int:
    """Measure, or with --once import once for a measurement."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--once", nargs=2, type=Path, metavar=("STATION", "FILE"))
    given = parser.parse_args()
    if given.once:
        import_once(*given.once)
        return 0
    return measure(given.rows, given.times)


if __name__ == "__main__":
    sys.exit(main())
