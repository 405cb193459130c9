"""P7: an import of 50,000 people in 20 columns, against the plainest code that reads the same file.

    python bench/p7_import.py [--rows 50000] [--times 3]

The roster is made once from a seed, one row in a hundred faulty. Each way runs in a process of its own, by turns, forth
and back. Ours reads the file in its child process, recognises, checks, finds duplicates, writes with numbers, audit and
search index in one transaction; the floors only read, or read and insert. Seconds are by the clock, with those of the
processor beside them, since the clock counts other people's work too. Growth is the highest resident memory of the
parent process less that before the file was opened.

Bars: at most 4 times calamine, half of openpyxl read-only, 60 MB of growth.
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
from datetime import date
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.people import write, write_villages
from stationdesk.core.clock import FixedClock
from stationdesk.core.collecting import uncollected
from stationdesk.services import stations
from stationdesk.services.imports import ImportKind, dry_run, read_plan, run

HERE = Path(__file__).resolve().parent
TODAY = date(2026, 11, 22)
FLOORS = ("p7_calamine", "p7_calamine_insert", "p7_openpyxl")
OURS = "ours"
BARS = {"p7_calamine": 4.0, "p7_openpyxl": 0.5}


def make_station(folder: Path) -> Path:
    """A station that knows the villages and nobody."""
    profile = stations.Profile("某镇社工站", "某镇")
    store = stations.create(folder / "站", profile, [stations.Newcomer("某社工")], FixedClock.on(TODAY))
    villages = folder / "villages.csv"
    write_villages(villages)
    run(store, dry_run(store, read_plan(store, villages, ImportKind.VILLAGES)))
    stations.close(store)
    return folder / "站"


def resident(name: str) -> float:
    """A figure of this process in MB: VmRSS now, VmHWM at its highest."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def import_once(root: Path, file: Path) -> None:
    """Import the roster as the command line does and print what it took."""
    store = stations.open_station(root, clock=FixedClock.on(TODAY))
    before, marks = resident("VmRSS"), [time.perf_counter()]
    plan = read_plan(store, file)
    marks.append(time.perf_counter())
    dry = dry_run(store, plan)
    marks.append(time.perf_counter())
    outcome = run(store, dry)
    marks.append(time.perf_counter())
    told = {
        "read": marks[1] - marks[0],
        "check": marks[2] - marks[1],
        "write": marks[3] - marks[2],
        "seconds": marks[3] - marks[0],
        "growth": resident("VmHWM") - before,
        "records": len(outcome.changes),
        "rows": {verdict.code: count for verdict, count in dry.counts.items()},
    }
    stations.close(store)
    print(json.dumps(told, ensure_ascii=False))


def timed(words: list[str]) -> tuple[float, float, str]:
    """Seconds by the clock and of the processor, children included, and what was printed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *words], check=True, capture_output=True, text=True)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, processor, done.stdout


def measure(rows: int, times: int) -> int:
    """Run every way by turns and print figures and ratios; 1 when a bar is missed."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / "people.xlsx"
        write(file, rows)
        root = make_station(folder)
        ways = [*FLOORS, OURS]
        clock: dict[str, list[float]] = {way: [] for way in ways}
        processor: dict[str, list[float]] = {way: [] for way in ways}
        told: list[dict[str, float]] = []
        for turn in range(times):
            for way in ways if turn % 2 == 0 else reversed(ways):
                if way == OURS:
                    copy = folder / f"copy{turn}"
                    shutil.copytree(root, copy)
                    took, cpu, out = timed([__file__, "--once", str(copy), str(file)])
                    told.append(json.loads(out))
                    shutil.rmtree(copy)
                else:
                    took, cpu, _out = timed([str(HERE / "floors" / f"{way}.py"), str(file)])
                clock[way].append(took)
                processor[way].append(cpu)
        return report(rows, clock, processor, told)


def report(
    rows: int, clock: dict[str, list[float]], processor: dict[str, list[float]], told: list[dict[str, float]]
) -> int:
    """Print medians and ratios of one run."""
    print(f"P7 import of {rows:,} rows; load {os.getloadavg()[0]:.1f}; medians of {len(told)}")
    for way, values in clock.items():
        cpu = statistics.median(processor[way])
        print(f"  {way:20} {statistics.median(values):7.2f} s   processor {cpu:7.2f} s   {_all(values)}")
    parts = ("read", "check", "write")
    print(
        "  ours: "
        + ", ".join(f"{part} {statistics.median(each[part] for each in told):.2f} s" for part in parts)
    )
    print(f"  ours: {told[0]['records']:,} records, rows {told[0]['rows']}")
    failed = 0
    for way in FLOORS:
        by_clock = statistics.median(a / b for a, b in zip(clock[OURS], clock[way], strict=True))
        by_cpu = statistics.median(a / b for a, b in zip(processor[OURS], processor[way], strict=True))
        bar = BARS.get(way)
        missed = bar is not None and by_clock > bar
        failed |= missed
        words = "" if bar is None else f"   bar {bar}: {'missed' if missed else 'kept'}"
        print(f"  ours / {way:20} {by_clock:6.2f}   processor {by_cpu:6.2f}{words}")
    growth = statistics.median(each["growth"] for each in told)
    print(f"  growth of the parent {growth:.0f} MB   bar 60: {'missed' if growth > 60 else 'kept'}")
    return int(failed or growth > 60)


def _all(values: list[float]) -> str:
    return " ".join(f"{each:.1f}" for each in values)


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
        with uncollected():
            import_once(*given.once)
        return 0
    return measure(given.rows, given.times)


if __name__ == "__main__":
    sys.exit(main())
