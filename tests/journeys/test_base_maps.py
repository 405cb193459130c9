"""A map from a file is laid under the marks in the real window, and taken off again."""

from __future__ import annotations

from pathlib import Path

import pytest

from stationdesk.services.basemaps import bases_of
from tests.journeys.person import Person
from tests.small_town import small_town
from tests.tile_files import TOWN, mbtiles, tiles_around

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SOON = 60_000
TILES = "document.querySelectorAll('img.leaflet-tile-loaded').length"


def test_a_map_from_a_file_lies_under_the_marks_until_it_is_removed(person: Person, tmp_path: Path) -> None:
    small_town(tmp_path).store.close()
    file = mbtiles(tmp_path / "县影像.mbtiles", tiles_around(TOWN, (12, 13, 14), 1), told={"name": "县影像"})
    person.open_again(tmp_path / "柳河站")
    person.go_to("地图")
    person.wait(lambda: person.on_map("window.stationdesk?.map ? 1 : 0"), SOON)
    assert not person.on_map(TILES)
    person.press("map_bases")
    dialog = person.dialog("basemaps_dialog")
    with person.answering(file):
        person.press("basemaps_add", dialog)
    sheet = person.dialog("basemap_add_dialog")
    person.wait(lambda: person.reads("级别：12—14", sheet))
    person.press("basemap_add_save", sheet)
    person.wait(lambda: person.can_see("basemap_add_refusal", sheet))  # nothing says which datum it is in
    assert bases_of(person.store) == ()
    person.press("basemap_add_wgs84", sheet)
    person.press("basemap_add_save", sheet)
    person.wait(lambda: [base.name for base in bases_of(person.store)] == ["县影像"], SOON)
    person.wait(lambda: person.on_map(TILES), SOON)
    person.press("basemaps_remove", dialog)
    person.wait(lambda: bases_of(person.store) == (), SOON)
    person.wait(lambda: not person.on_map(TILES), SOON)
    person.press("basemaps_close", dialog)
