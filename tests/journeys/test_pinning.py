"""A photo of the map on the wall is pinned in the real window; without any coordinate, it is laid by paces."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLineEdit, QListWidget, QTableWidget, QWidget

from stationdesk.core.datum import distance_m, from_local_xy, from_wgs84, local_xy
from stationdesk.core.fields import Key
from stationdesk.core.vocab import Datum
from stationdesk.services import basemaps, pinning, sketch, stations
from stationdesk.services.pinning import ByPins
from stationdesk.ui.dialogs.pinning_picture import PinPicture
from tests.journeys.person import Person
from tests.small_town import CENTRE, small_town
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SIZE = (1200, 900)
METRES = 2.0
CLINIC, BARBERS = (CENTRE[0] + 0.004, CENTRE[1] + 0.004), (CENTRE[0] - 0.003, CENTRE[1] + 0.006)
SLOW = 60_000


def pixel(place: tuple[float, float]) -> tuple[float, float]:
    """Where the drawn map has a place."""
    x, y = local_xy(place, CENTRE)
    return SIZE[0] / 2 + x / METRES, SIZE[1] / 2 - y / METRES


def ground(x: float, y: float) -> tuple[float, float]:
    """The place that the drawn map has at a pixel."""
    at = from_local_xy((x - SIZE[0] / 2) * METRES, (SIZE[1] / 2 - y) * METRES, CENTRE)
    return at.lat, at.lon


def wall_map(path: Path) -> Path:
    made = Image.new("RGB", SIZE, "#f4ecd2")
    pen = ImageDraw.Draw(made)
    for place in (CENTRE, CLINIC, BARBERS):
        x, y = pixel(place)
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), outline="#9c1c1c", width=4)
    pen.line((0, 450, 1200, 440), fill="#b06a3a", width=9)
    made.save(path)
    return path


class Pinning:
    """The dialog, as a person uses it."""

    def __init__(self, person: Person, name: str) -> None:
        self.person = person
        self.dialog = person.dialog(f"{name}_dialog")
        self.name = name
        picture = self.dialog.findChild(PinPicture)
        assert picture is not None
        self.picture = picture

    def point(self, spot: tuple[float, float]) -> None:
        """Click on a pixel of the picture."""
        at = self.picture.at(*spot)
        QTest.mouseClick(
            self.picture.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag a dot of the picture."""
        port, none = self.picture.viewport(), Qt.KeyboardModifier.NoModifier
        first, last = self.picture.at(*start), self.picture.at(*end)
        QTest.mousePress(port, Qt.MouseButton.LeftButton, none, first)
        for step in range(1, 6):
            QTest.mouseMove(port, first + (last - first) * step / 5)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, none, last)

    def choose(self, name: str) -> None:
        """Find a known place by typing, and take the first with Enter."""
        self.person.press("pin_way_1", self.dialog)
        line = seen(self.dialog, QLineEdit, "pin_find")
        line.setFocus()
        line.selectAll()
        self.person.write("pin_find", name, self.dialog)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def coordinate(self, text: str, datum: str) -> None:
        """Paste a coordinate and say what it is."""
        self.person.press("pin_way_2", self.dialog)
        line = seen(self.dialog, QLineEdit, "pin_coordinate")
        line.setFocus()
        QApplication.clipboard().setText(text)
        QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        self.person.choose("pin_datum", datum, self.dialog)
        self.person.press("pin_coordinate_take", self.dialog)

    def click_map(self) -> None:
        """Click into the middle of the map, once it asks for it."""
        self.person.press("pin_way_0", self.dialog)
        web = seen(self.dialog, QWebEngineView, "map_page")
        answers: list[object] = []
        asked = "document.querySelector('.banner') && document.querySelector('.banner').textContent"

        def banner() -> bool:
            web.page().runJavaScript(asked, answers.append)
            return bool(answers) and "点击地图放置" in str(answers[-1])

        self.person.wait(banner)
        canvas = web.focusProxy()
        assert canvas is not None
        QTest.mouseClick(
            canvas,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            QPoint(canvas.width() // 2, canvas.height() // 2),
        )

    def rows(self) -> list[tuple[str, ...]]:
        """What the list says."""
        table = self.dialog.findChild(QTableWidget, f"{self.name}_list")
        assert table is not None
        return [
            tuple(item.text() if (item := table.item(row, column)) else "" for column in range(4))
            for row in range(table.rowCount())
        ]

    @property
    def verdict(self) -> str:
        """What is said of it all."""
        return self.person.text(f"{self.name}_verdict", self.dialog)

    def save(self) -> None:
        """Put it on the map."""
        self.person.press(f"{self.name}_save", self.dialog)
        self.person.wait(lambda: not self.person.sees_dialog(f"{self.name}_dialog"), SLOW)


def look_at(person: Person, name: str, widget: QWidget) -> None:
    """Leave a picture in the folder that JOURNEY_PICTURES names."""
    if folder := os.environ.get("JOURNEY_PICTURES"):
        widget.grab().save(str(Path(folder) / f"{name}.png"))
    person.settle()


def open_bases(person: Person) -> QWidget:
    person.go_to("地图")
    person.press("map_bases")
    return person.dialog("basemaps_dialog")


def bases(person: Person) -> Sequence[basemaps.BaseLine]:
    return basemaps.bases_of(person.store)


def test_a_photo_of_the_wall_map_is_pinned_corrected_saved_pinned_anew_and_undone(
    person: Person, tmp_path: Path
) -> None:
    stations.close(small_town(tmp_path).store)
    photo = wall_map(tmp_path / "墙上的地图.jpg")
    person.open_again(tmp_path / "柳河站")
    listed = open_bases(person)
    with person.answering(photo):
        person.press("basemaps_pin", listed)
    pins = Pinning(person, "pinning")

    # Three ways to say where a point is: the map, a name, a coordinate.
    pins.point(pixel(CENTRE))
    assert pins.rows()[0][1] == "请在右边给出这一点的地方"
    pins.click_map()
    person.wait(lambda: pins.rows()[0][1].startswith("34."))
    pins.choose("柳河村")
    assert pins.rows()[0][1] == "柳河村"
    pins.point(pixel(CLINIC))
    pins.choose("柳河镇卫生院")
    assert "还差 1 个点" in pins.verdict
    corner = (120.0, 200.0)
    pins.point(corner)
    shifted = from_wgs84(*ground(*corner), Datum.GCJ02)
    pins.coordinate(f"{shifted.lat:.6f}, {shifted.lon:.6f}", "GCJ-02（高德、腾讯）")
    assert "三个点总能对上" in pins.verdict

    # Two more, one of them on the wrong spot: it is named, and dragged right.
    pins.point(pixel(BARBERS))
    pins.choose("巧手理发队")
    wrong, right = (1000.0, 160.0), (1090.0, 160.0)
    pins.point(wrong)
    place = ground(*right)
    pins.coordinate(f"{place[0]:.6f}, {place[1]:.6f}", "WGS-84（GPS、天地图）")
    told = re.search(r"请移动这一点：第 5 点差 (\d+) 米。按其余的点，它的地方应往西移", pins.verdict)
    assert told is not None
    assert abs(int(told[1]) - 180) < 8  # a click in a small picture is some metres wide
    look_at(person, "pinning-wrong", pins.dialog)
    pins.drag(wrong, right)
    assert "请移动" not in pins.verdict
    assert all(float(row[2]) < 6 for row in pins.rows())
    look_at(person, "pinning-right", pins.dialog)
    pins.save()

    [base] = bases(person)
    recipe = pinning.pinned(person.store, base.key).recipe
    assert isinstance(recipe, ByPins)
    laid = pinning.judge(SIZE, recipe.pins).pinned
    assert distance_m(laid.degrees(300, 300), ground(300, 300)) < 8
    person.wait(lambda: "墙上的地图" in str(person.on_map("document.body.textContent")))

    # The pins are there to be moved again, with the keyboard alone.
    listed.activateWindow()
    table = seen(listed, QTableWidget, "basemaps_list")
    table.setCurrentCell(0, 0)
    person.press("basemaps_repin", listed)
    pins = Pinning(person, "pinning")
    assert len(pins.rows()) == 5
    pins.picture.setFocus()
    for _step in range(3):
        QTest.keyClick(pins.picture, Qt.Key.Key_Left)
    QTest.keyClick(pins.picture, Qt.Key.Key_Return)
    person.wait(lambda: len(pins.rows()) == 6)
    QTest.keyClick(pins.picture, Qt.Key.Key_Delete)
    person.wait(lambda: len(pins.rows()) == 5)
    pins.save()
    person.press("basemaps_close", listed)
    person.to_front()
    person.keys(Qt.Key.Key_Z, control=True)
    person.settle()
    person.keys(Qt.Key.Key_Z, control=True)
    person.wait(lambda: not bases(person))


def test_without_any_coordinate_a_sketch_is_laid_by_paces_and_later_moved_to_where_it_is(
    person: Person, tmp_path: Path
) -> None:
    person.new_station(tmp_path / "新站")
    drawing = wall_map(tmp_path / "手绘图.png")
    keys = {name: add_village(person, name) for name in ("柳河村", "东岗村", "河湾村")}
    spots = dict(zip(keys, ((600.0, 450.0), (1100.0, 120.0), (80.0, 800.0)), strict=True))
    listed = open_bases(person)
    with person.answering(drawing):
        person.press("basemaps_add", listed)  # a picture that nothing places is offered for pinning
    pins = Pinning(person, "pinning")
    person.press("pinning_unknown", pins.dialog)
    paces = Pinning(person, "lengths")
    for start, end, metres in (
        ((100.0, 450.0), (1100.0, 450.0), 2000),
        ((600.0, 100.0), (600.0, 800.0), 1400),
    ):
        paces.point(start)
        paces.point(end)
        amount = seen(paces.dialog, QDoubleSpinBox, "lengths_amount")
        person.wait(amount.isEnabled)
        amount.setFocus()
        amount.selectAll()
        QTest.keyClicks(amount, f"{metres / 0.7:.0f}")
        QTest.keyClick(amount, Qt.Key.Key_Return)
    told = re.search(r"图宽约 ([\d,]+) 米", paces.verdict)
    assert told is not None
    assert abs(int(told[1].replace(",", "")) - 2400) < 20  # a click in a small picture is some metres wide
    assert "彼此相差约 0%" in paces.verdict
    look_at(person, "pinning-paces", paces.dialog)
    paces.save()
    assert sketch.in_sketch(person.store)
    person.wait(lambda: person.can_see("sketch_bar", listed))
    look_at(person, "pinning-sketch", listed)

    # The villages are put on it as on any map; here where the drawing has them.
    recipe = pinning.pinned(person.store, bases(person)[0].key).recipe
    laid = pinning.judge_paced(SIZE, recipe).pinned if not isinstance(recipe, ByPins) else None
    assert laid is not None
    from stationdesk.services.places import locate

    for name, key in keys.items():
        person.desk.change(locate, "village", key, *laid.degrees(*spots[name]))
    person.settle()

    person.press("sketch_to_reality", listed)
    dialog = person.dialog("reality_dialog")
    offered = seen(dialog, QListWidget, "pin_names")
    person.wait(offered.count)
    for name, spot in spots.items():
        person.write("pin_find", name, dialog)
        QTest.keyClick(seen(dialog, QLineEdit, "pin_find"), Qt.Key.Key_Return)
        at = ground(*spot)
        person.write("pin_coordinate", f"{at[0]:.6f}, {at[1]:.6f}", dialog)
        person.choose("pin_datum", "WGS-84（GPS、天地图）", dialog)
        person.press("pin_coordinate_take", dialog)
    assert re.search(r"整张图放大到 (0.99|1.00|1.01) 倍", person.text("reality_verdict", dialog))
    look_at(person, "pinning-reality", dialog)
    person.press("reality_save", dialog)
    person.wait(lambda: not person.sees_dialog("reality_dialog"), SLOW)
    assert not sketch.in_sketch(person.store)
    for name, key in keys.items():
        lat, lon = person.value("village", key, "latitude"), person.value("village", key, "longitude")
        assert isinstance(lat, float)
        assert isinstance(lon, float)
        assert distance_m((lat, lon), ground(*spots[name])) < 6
    person.wait(lambda: not person.can_see("sketch_bar", listed))
    person.press("basemaps_close", listed)
    person.to_front()
    person.keys(Qt.Key.Key_Z, control=True)
    person.wait(lambda: sketch.in_sketch(person.store))


def add_village(person: Person, name: str) -> Key:
    from stationdesk.core.changes import created
    from stationdesk.services import records

    change = created("village", {**records.blank_of(person.store, "village"), "name": name})
    person.desk.change(records.save, change)
    person.settle()
    return change.key
