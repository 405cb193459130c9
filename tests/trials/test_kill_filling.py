"""A program killed while it fills a form leaves the former file or the whole new one, and a sound station.

Four points are tried each time; `STATIONDESK_KILLS=50` tries so many.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from stationdesk.core.files import clear_leftovers
from stationdesk.services.stations import close, open_station
from stationdesk.services.templates import propose, write_exchange
from tests import forms
from tests.services.ledger_town import Town

KILLS = int(os.environ.get("STATIONDESK_KILLS", "4"))
PEOPLE = 120

# Says when it begins, so that the kill falls into the filling and not into the start of Python.
CHILD = """
import sys
from pathlib import Path
from stationdesk.core.clock import Month
from stationdesk.services.ledgers.period import periods_of
from stationdesk.services.stations import open_station
from stationdesk.services.templates import fill_given, read_exchange
store = open_station(Path(sys.argv[1]))
taught = read_exchange(Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
fill_given(store, taught, periods_of(Month(2026, 10)), Path(sys.argv[3]))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed station with some people, and a template beside it."""
    root = tmp_path_factory.mktemp("station")
    town = Town(root)
    home = town.household("H-001")
    for number in range(PEOPLE):
        town.person(f"D-{number:03d}", f"赵人{number:03d}", home, is_head=number == 0)
    write_exchange(propose(town.store, forms.flat_list(root / "名册.xlsx", 5)).taught(), root / "名册.sdform")
    town.store.close()
    return root


def started(station: Path, target: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(station / "石桥站"), str(station / "名册.sdform"), str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("go\n")
    child.stdin.flush()
    return child


def is_whole(content: bytes) -> bool:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [sheet["B4"].value, sheet.cell(3 + PEOPLE, 2).value] == ["赵人000", f"赵人{PEOPLE - 1:03d}"]


def test_a_kill_leaves_the_former_file_or_the_whole_new_one(station: Path, tmp_path: Path) -> None:
    target = tmp_path / "填.xlsx"
    child = started(station, target)
    begun = time.monotonic()
    child.communicate()
    whole = time.monotonic() - begun
    outcomes = set()
    for number in range(KILLS):
        target.write_bytes(b"former")
        child = started(station, target)
        try:
            child.wait(whole * number / KILLS)  # the first at once, so that one surely comes in time
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        child.communicate()
        content = target.read_bytes()
        assert content == b"former" or is_whole(content)
        outcomes.add(content == b"former")
        clear_leftovers(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["填.xlsx"]
        store = open_station(station / "石桥站")
        assert store.is_sound()
        close(store)
    assert True in outcomes
