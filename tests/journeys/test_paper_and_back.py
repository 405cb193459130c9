"""A sheet is printed, drawn on in a village, photographed, and lies under the map of the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from stationdesk.services.basemaps import bases_of
from stationdesk.services.field_sheets import field_sheets
from tests.journeys.person import Person
from tests.pdf_pages import drawn_on
from tests.phone_files import gpx, photo, seen_askew
from tests.small_town import CENTRE, small_town

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SOON = 60_000
QUAD = ((260.0, 180.0), (2130.0, 240.0), (2290.0, 2980.0), (90.0, 2900.0))
SIZE = (2400, 3200)


def choose_in_menu(person: Person, name: str) -> None:
    menu = person.window.findChild(QMenu, "window_menu")
    assert menu is not None
    action = menu.findChild(QAction, name)
    assert action is not None
    action.trigger()


def test_a_sheet_goes_out_on_paper_and_comes_back_as_a_photo(person: Person, tmp_path: Path) -> None:
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    choose_in_menu(person, "menu_field_sheets")
    dialog = person.dialog("field_sheets_dialog")
    target = tmp_path / "走访图.pdf"
    with person.answering(target):
        person.press("field_sheets_print", dialog)
    person.wait(lambda: person.reads("走访图 Z-0001 已保存", dialog), SOON)
    assert target.is_file()
    shot = tmp_path / "IMG_0001.jpg"
    seen_askew(drawn_on(target, (100.0, 150.0)), QUAD, SIZE).save(shot, "JPEG", quality=90)
    with person.answering(shot):
        person.press("field_sheets_back", dialog)
    person.wait(lambda: person.reads("走访图 Z-0001 已铺在地图下面", dialog), SOON)
    person.press("field_sheets_close", dialog)
    assert [base.name for base in bases_of(person.store)] == ["Z-0001 柳河镇"]
    assert field_sheets(person.store)[0].returned_on is not None
    person.go_to("地图")
    person.wait(lambda: person.on_map("document.querySelectorAll('img.leaflet-tile-loaded').length"), SOON)


def test_a_walk_comes_home_as_drafts_on_the_map(person: Person, tmp_path: Path) -> None:
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    lat, lon = CENTRE[0] + 0.003, CENTRE[1] + 0.003
    shot = photo(tmp_path / "a.jpg", (lat, lon))
    track = gpx(
        tmp_path / "w.gpx", [[(lat, lon, ""), (lat + 0.01, lon, "")]], [(lat + 0.01, lon, "村口小卖部")]
    )
    choose_in_menu(person, "menu_walk")
    dialog = person.dialog("walk_dialog")
    with person.answering(Path(f'"{shot}" "{track}"')):  # as the file dialog writes two files
        person.press("walk_choose", dialog)
    person.wait(lambda: person.reads("照片 1 张，地点 2 处", dialog), SOON)
    person.write("walk_name", "桃园村行走", dialog)
    before = set(person.stored("resource"))
    person.press("walk_take", dialog)
    person.wait(lambda: len(set(person.stored("resource")) - before) == 2, SOON)
    fresh = set(person.stored("resource")) - before
    assert {str(person.value("resource", key, "name")) for key in fresh} == {"村口小卖部", "未命名 09:30"}
    person.wait(lambda: person.can_see("map_page"), SOON)
