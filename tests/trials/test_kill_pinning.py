"""A program killed while it pins a scan leaves the whole base map or none; the next start clears the rest.

As in test_kill: four points are tried, `STATIONDESK_KILLS=50` tries so many.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from PIL import Image

from stationdesk.services import basemaps, stations
from stationdesk.services.pinning import pinned
from tests.small_town import station as new_station
from tests.trials.killing import KILLS, Child, kill_at, points

PIN = """
import sys
from pathlib import Path
from stationdesk.services import pinning
from stationdesk.services.pinning import ByPins, Pin
from stationdesk.services.stations import open_station
store = open_station(Path(sys.argv[1]))
spots = ((20, 30), (1900, 40), (1850, 1250), (40, 1200))
recipe = ByPins(tuple(Pin(x, y, 34.5 - y / 1e5, 114.3 + x / 8.2e4) for x, y in spots))
print("ready", flush=True)
sys.stdin.readline()
pinning.add(store, Path(sys.argv[2]), recipe)
print("done", flush=True)
"""


def test_killing_a_pinning_leaves_the_whole_base_map_or_none(tmp_path: Path) -> None:
    picture = tmp_path / "墙图.png"
    Image.effect_noise((2000, 1300), 60).convert("RGB").save(picture)
    new_station(tmp_path).close()
    made, station = tmp_path / "柳河站", tmp_path / "试"

    def begin() -> Child:
        shutil.rmtree(station, ignore_errors=True)
        shutil.copytree(made, station)
        return Child(PIN, station, picture)

    child = begin()
    assert child.ended()
    whole = time.monotonic() - child.begun
    met = 0
    for after in points(whole):
        met += kill_at(after, begin)
        store = stations.open_station(station)
        bases = basemaps.bases_of(store)
        kept, _size = basemaps.forgotten(store)
        files = sorted(path.suffix for path in store.folder.maps.iterdir())
        if bases:
            assert (files, kept) == ([".mbtiles", ".scan"], 0)
            assert pinned(store, bases[0].key).scan.is_file()
        else:
            # Whole files without a record are offered for deletion; parts are gone.
            assert kept == len(files)
            assert ".part" not in files
        assert store.is_sound()
        stations.close(store)
    assert met == KILLS
