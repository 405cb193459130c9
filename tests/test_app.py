"""The program from its command to its exit status, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from stationdesk.services import stations
from tests.small_town import station

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from stationdesk.app import run
from stationdesk.ui.application import make_application

application = make_application()
look = QTimer()

def close():
    for widget in application.topLevelWidgets():
        if widget.objectName() == sys.argv[1] and widget.isVisible():
            look.stop()
            widget.close()

look.timeout.connect(close)
look.start(20)
sys.exit(run(Path(sys.argv[2]) if sys.argv[2:] else None, None))
"""


def ran(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The program in an empty home, with somebody who closes the first thing of this name."""
    place = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "settings")}
    command = [sys.executable, "-W", "error", "-c", RUN, *arguments]
    return subprocess.run(command, env=place, capture_output=True, text=True, check=False, timeout=120)


def test_the_program_ends_well_with_its_window_and_leaves_the_station_free(tmp_path: Path) -> None:
    stations.close(station(tmp_path))
    done = ran(tmp_path, "main_window", str(tmp_path / "柳河站"))
    assert done.returncode == 0, done.stderr
    stations.close(stations.open_station(tmp_path / "柳河站"))
    assert (tmp_path / "settings" / "stationdesk" / "window.json").is_file()


def test_giving_up_at_the_first_start_ends_the_program_and_makes_nothing(tmp_path: Path) -> None:
    done = ran(tmp_path, "first_start_dialog")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "社工站数据").exists()
