from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from stationdesk.core.datum import from_wgs84
from stationdesk.core.vocab import Datum, Dimension, MapClass
from stationdesk.services.imports import ImportKind
from stationdesk.services.listing import Query, keys_of, row_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.import_wizard import ImportWizard
from stationdesk.ui.forms import STATION, Codes, Kit
from stationdesk.ui.tabs.resource_library import ResourcesTab
from stationdesk.ui.theme import Look
from tests.small_town import TODAY, SmallTown, small_town
from tests.ui.tabs.acting import desk_over, pressed, shown

HEADER = ("名称", "地址", "电话", "服务内容")
ROWS = (
    ("青石药店", "青石街1号", "0371-11111111", "送药上门"),
    ("柳河镇卫生院", "", "", "看病、送药、义诊"),
    ("红星超市", "红星路2号", "", "日用品"),
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


@pytest.fixture
def wizard(qtbot: QtBot, desk: Desk) -> ImportWizard:
    made = ImportWizard(desk, "resource")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    return shown(qtbot, made, 1040, 640)


def written(folder: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path = folder / "名册.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(qtbot: QtBot, wizard: ImportWizard, path: Path) -> None:
    wizard.open_file(path)
    qtbot.waitUntil(
        lambda: wizard.columns_page.isVisible() and wizard.columns_page.plan is not None, timeout=30_000
    )


def tried(qtbot: QtBot, wizard: ImportWizard) -> None:
    pressed(wizard, "import_next")
    qtbot.waitUntil(wizard.rows_page.isVisible, timeout=30_000)
    qtbot.waitUntil(wizard.back.isEnabled)


def label(wizard: ImportWizard, name: str) -> str:
    found = wizard.findChild(QLabel, name)
    assert found is not None
    return found.text()


def resources(town: SmallTown) -> int:
    return len(keys_of(town.store, Query("resource")))


def test_a_list_is_read_checked_written_and_taken_back_as_one(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path
) -> None:
    before = resources(town)
    read(qtbot, wizard, written(tmp_path, HEADER, ROWS))
    assert wizard.columns_page.plan is not None
    assert wizard.columns_page.plan.kind is ImportKind.RESOURCES
    tried(qtbot, wizard)
    assert resources(town) == before
    assert wizard.next.text() == "导入 2 条"
    pressed(wizard, "import_next")
    qtbot.waitUntil(lambda: label(wizard, "import_result") == "导入完成", timeout=30_000)
    assert "新增 2 条" in label(wizard, "import_counts")
    assert resources(town) == before + 2
    pressed(wizard, "import_undo")
    qtbot.waitUntil(lambda: label(wizard, "import_result") == "已撤销这次导入")
    assert resources(town) == before


def test_a_doubtful_row_is_listed_with_what_it_may_be_and_the_worker_decides(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path
) -> None:
    read(qtbot, wizard, written(tmp_path, HEADER, ROWS))
    tried(qtbot, wizard)
    rows = wizard.findChild(QTableView, "import_rows")
    assert rows is not None
    assert rows.model().rowCount() == 1
    assert rows.model().index(0, 1).data() == "疑似重复"
    assert "医-01 柳河镇卫生院" in label(wizard, "import_row_words")
    assert rows.model().index(0, 4).data() == "跳过"
    pressed(wizard, "import_as_new")
    assert rows.model().index(0, 4).data() == "新增"
    assert wizard.next.text() == "导入 3 条"
    pressed(wizard, "import_verdict_all")
    assert rows.model().rowCount() == 3


def test_a_second_import_of_the_same_file_brings_nothing(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path
) -> None:
    path = written(tmp_path, HEADER, ROWS[::2])
    read(qtbot, wizard, path)
    tried(qtbot, wizard)
    pressed(wizard, "import_next")
    qtbot.waitUntil(lambda: label(wizard, "import_result") == "导入完成", timeout=30_000)
    pressed(wizard, "import_again")
    before = resources(town)
    read(qtbot, wizard, path)
    tried(qtbot, wizard)
    assert wizard.next.text() == "没有要导入的"
    assert not wizard.next.isEnabled()
    assert resources(town) == before


def test_the_datum_of_coordinates_is_asked_before_anything_else(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path
) -> None:
    read(qtbot, wizard, written(tmp_path, ("名称", "经度", "纬度"), [("北岗药店", "114.3066", "34.4991")]))
    assert not wizard.next.isEnabled()
    datum = wizard.findChild(QComboBox, "import_datum")
    assert datum is not None
    assert datum.isVisible()
    datum.setFocus()
    for _step in range(1 + tuple(Datum).index(Datum.GCJ02)):
        QTest.keyClick(datum, Qt.Key.Key_Down)
    assert wizard.columns_page.datum is Datum.GCJ02
    tried(qtbot, wizard)
    pressed(wizard, "import_next")
    qtbot.waitUntil(lambda: label(wizard, "import_result") == "导入完成", timeout=30_000)
    (key,) = keys_of(town.store, Query("resource", text="北岗药店"))
    row = row_of(town.store, "resource", key)
    assert row is not None
    assert row.values["place_datum"] is Datum.GCJ02
    assert row.values["place_text"] == "34.4991, 114.3066"
    assert row.values["longitude"] != 114.3066


def test_a_column_can_be_given_another_meaning_and_the_missing_name_is_asked_for(
    qtbot: QtBot, wizard: ImportWizard, tmp_path: Path
) -> None:
    read(qtbot, wizard, written(tmp_path, HEADER, ROWS))
    combo = wizard.findChild(QComboBox, "import_column_0")
    assert combo is not None
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    assert combo.currentText() == "（不导入）"
    assert "资源名称" in wizard.columns_page.problem.text
    assert not wizard.next.isEnabled()


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    qtbot: QtBot, wizard: ImportWizard, tmp_path: Path
) -> None:
    path = tmp_path / "坏的.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    wizard.open_file(path)
    qtbot.waitUntil(wizard.refusal.isVisible, timeout=30_000)
    assert wizard.refusal.text
    button = wizard.findChild(QPushButton, "import_choose_file")
    assert button is not None
    qtbot.waitUntil(button.isEnabled)


def test_escape_stops_the_work_before_it_closes_the_dialog(
    qtbot: QtBot, wizard: ImportWizard, tmp_path: Path
) -> None:
    wizard.open_file(written(tmp_path, HEADER, ROWS))
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    button = wizard.findChild(QPushButton, "import_choose_file")
    assert button is not None
    qtbot.waitUntil(button.isEnabled, timeout=30_000)
    assert wizard.file_page.isVisible()


def test_the_imported_records_are_shown_in_their_tab(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, desk: Desk, tmp_path: Path
) -> None:
    kit = Kit(desk, STATION, Codes(desk, STATION), lambda: TODAY)
    read(qtbot, wizard, written(tmp_path, HEADER, ROWS))
    tried(qtbot, wizard)
    pressed(wizard, "import_next")
    qtbot.waitUntil(lambda: label(wizard, "import_result") == "导入完成", timeout=30_000)
    with qtbot.waitSignal(wizard.query_wanted) as wanted:
        pressed(wizard, "import_look")
    query = wanted.args[0]
    assert query.record == "resource"
    shown_rows = [row_of(town.store, "resource", key) for key in keys_of(town.store, query)]
    assert {row.values["name"] for row in shown_rows if row is not None} == {"青石药店", "红星超市"}
    tab = shown(qtbot, ResourcesTab(kit))
    tab.show_query(query)
    qtbot.waitUntil(lambda: len(tab.resources.table.rows.keys) == 2, timeout=30_000)
    words = tab.findChild(QLabel, "resource_only_words")
    assert words is not None
    assert words.text() == "只看：这次导入的记录（名册.csv）"
    pressed(tab, "resource_only_leave")
    qtbot.waitUntil(lambda: len(tab.resources.table.rows.keys) == resources(town), timeout=30_000)


def test_rows_of_damaged_numbers_wait_until_the_worker_takes_them_without(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path
) -> None:
    wizard.file_page.choose_kind(ImportKind.PEOPLE)
    rows = (("周小满", "4.2E+17", "柳河村9组"), ("钱有余", "999999194803010011", "柳河村8组"))
    read(qtbot, wizard, written(tmp_path, ("姓名", "身份证号", "居住地址"), rows))
    tried(qtbot, wizard)
    box = wizard.findChild(QCheckBox, "import_drop_damaged")
    assert box is not None
    assert (box.isChecked(), box.text()) == (False, "证件号损坏的 1 行，不带证件号导入")
    assert wizard.next.text() == "导入 1 条"
    box.click()
    qtbot.waitUntil(lambda: wizard.next.text() == "导入 2 条", timeout=30_000)
    table = wizard.findChild(QTableView, "import_rows")
    assert table is not None
    assert "不带“身份证号”导入" in table.model().index(0, 3).data()
    assert box.isChecked()
    box.click()
    qtbot.waitUntil(lambda: wizard.next.text() == "导入 1 条", timeout=30_000)


def shifted_places(town: SmallTown) -> list[tuple[str, float, float]]:
    """Four places on file, as a map of the trade has them."""
    found = []
    for number in range(4):
        name, lat, lon = f"便民店{number}", 34.50 + number / 200, 114.30 + number / 150
        common = {"dimension": Dimension.SPACE, "map_class": MapClass.CONVENIENCE}
        town.add("resource", name, name=name, latitude=lat, longitude=lon, **common)
        found.append((name, *from_wgs84(lat, lon, Datum.GCJ02)))
    return found


def offered(qtbot: QtBot, wizard: ImportWizard) -> None:
    """Wait for the offer, and take it."""
    convert = wizard.findChild(QPushButton, "import_convert")
    assert convert is not None
    qtbot.waitUntil(convert.isVisible, timeout=30_000)
    assert convert.text() == "按 GCJ-02（高德、腾讯） 换算"
    assert "4 处和本站同名" in label(wizard, "import_columns_problem_text")
    pressed(wizard, "import_convert")
    assert wizard.columns_page.datum is Datum.GCJ02
    assert not convert.isVisible()


def test_a_paste_whose_points_are_all_shifted_is_noticed_and_its_conversion_offered(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown
) -> None:
    rows = ["\t".join((name, f"{lat:.6f}", f"{lon:.6f}")) for name, lat, lon in shifted_places(town)]
    wizard.open_pasted("\n".join(["名称\t纬度\t经度", *rows]), "resource", ())
    qtbot.waitUntil(wizard.columns_page.isVisible, timeout=30_000)
    assert wizard.columns_page.datum is None
    offered(qtbot, wizard)


@pytest.mark.parametrize("ending", ["gpx", "kml", "geojson"])
def test_a_file_of_points_that_are_all_shifted_is_noticed_whatever_its_standard_says(
    qtbot: QtBot, wizard: ImportWizard, town: SmallTown, tmp_path: Path, ending: str
) -> None:
    path, places = tmp_path / f"点.{ending}", shifted_places(town)
    if ending == "gpx":
        points = "".join(
            f'<wpt lat="{lat}" lon="{lon}"><name>{name}</name></wpt>' for name, lat, lon in places
        )
        text = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{points}</gpx>'
    elif ending == "kml":
        points = "".join(
            f"<Placemark><name>{name}</name><Point><coordinates>{lon},{lat}</coordinates></Point></Placemark>"
            for name, lat, lon in places
        )
        text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{points}</Document></kml>'
    else:
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {"name": name},
            }
            for name, lat, lon in places
        ]
        text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    read(qtbot, wizard, path)
    assert wizard.columns_page.datum is Datum.WGS84
    offered(qtbot, wizard)
