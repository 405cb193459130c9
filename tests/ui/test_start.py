"""What the start of the window may not cost."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "PySide6.QtWebEngineCore",
    "PySide6.QtWebEngineWidgets",
    "folium",
    "openpyxl",
    "numpy",
    "pypinyin",
    "PySide6.QtPdf",
)


def test_nothing_heavy_is_imported_before_the_window_shows() -> None:
    script = (
        "import sys\n"
        "import stationdesk.ui.main_window, stationdesk.ui.record_page, stationdesk.ui.forms\n"
        "import stationdesk.ui.dialogs.first_start, stationdesk.ui.dialogs.worker\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
