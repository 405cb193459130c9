"""钉扫描图: what the dialog says of pins, and that leaving it leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QPushButton, QSpinBox, QTableWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.datum import from_local_xy
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.services import basemaps, pinning, sketch
from stationdesk.services.pinning import ByPins, Length, Paced, Pin
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.basemaps import BasemapsDialog
from stationdesk.ui.dialogs.pinning import PinDialog
from stationdesk.ui.dialogs.pinning_lengths import LengthsDialog
from stationdesk.ui.dialogs.pinning_picture import PinPicture
from stationdesk.ui.theme import Look
from tests.small_town import CENTRE, SmallTown, small_town, station
from tests.ui.tabs.acting import button, desk_over, pressed, shown

SIZE = (1000, 800)
SOON = 20_000


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


def scan(folder: Path, size: tuple[int, int] = SIZE) -> Path:
    path = folder / "墙图.png"
    Image.new("RGB", size, "#ddeecc").save(path)
    return path


def pin(x: float, y: float, name: str = "") -> Pin:
    at = from_local_xy((x - 500) * 2, (400 - y) * 2, CENTRE)
    return Pin(x, y, at.lat, at.lon, name)


SPOTS = ((30, 40), (960, 50), (940, 760), (60, 740), (500, 420), (300, 200))
PINS = tuple(pin(*spot) for spot in SPOTS)


def repinning(qtbot: QtBot, desk: Desk, town: SmallTown, folder: Path, recipe: ByPins | Paced) -> PinDialog:
    """The dialog over a base map that was pinned so."""
    path = scan(folder)
    key = pinning.add(town.store, path, ByPins(PINS)).keys("basemap")[0]
    base = pinning.pinned(town.store, key)
    base = pinning.PinnedBase(base.key, base.name, base.scan, recipe)
    dialog = PinDialog(desk, pinning.look(base.scan), base=base)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    return shown(qtbot, dialog, 1310, 700)


def words(parent: object, name: str) -> str:
    assert isinstance(parent, PinDialog | LengthsDialog | BasemapsDialog)
    label = parent.findChild(QLabel, name)
    assert label is not None
    return label.text()


def rows(dialog: PinDialog | LengthsDialog) -> int:
    table = dialog.findChild(QTableWidget)
    assert table is not None
    return table.rowCount()


def picture(dialog: PinDialog | LengthsDialog) -> PinPicture:
    found = dialog.findChild(PinPicture)
    assert found is not None
    return found


def test_the_method_can_be_chosen_and_a_spline_is_refused_below_six_pins(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(PINS, PinMethod.AFFINE))
    assert "整张拉正" in words(dialog, "pinning_verdict")
    method = dialog.findChild(QComboBox, "pinning_method")
    assert method is not None
    assert method.currentIndex() == 1
    method.setCurrentIndex(2)
    method.activated.emit(2)
    assert "逐点贴合" in words(dialog, "pinning_verdict")
    table = dialog.findChild(QTableWidget, "pinning_list")
    assert table is not None
    table.setCurrentCell(5, 0)
    pressed(dialog, "pinning_remove")
    assert "至少要 6 个点" in words(dialog, "pinning_verdict")
    assert not button(dialog, "pinning_save").isEnabled()


def test_pins_that_turn_the_picture_over_are_refused_in_the_dialog(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    swapped = (
        Pin(PINS[0].x, PINS[0].y, PINS[1].lat, PINS[1].lon),
        Pin(PINS[1].x, PINS[1].y, PINS[0].lat, PINS[0].lon),
        *PINS[2:4],
    )
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(swapped))
    assert "第 1 点和第 2 点的地方互换了" in words(dialog, "pinning_verdict")
    assert not button(dialog, "pinning_save").isEnabled()


def test_the_picture_is_zoomed_moved_and_read_at_the_same_pixels(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(PINS))
    shown_picture = picture(dialog)
    spot = QPointF(shown_picture.at(500, 420))
    event = QWheelEvent(
        spot,
        shown_picture.viewport().mapToGlobal(spot),
        QPoint(0, 0),
        QPoint(0, 360),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = shown_picture.transform().m11()
    QApplication.sendEvent(shown_picture.viewport(), event)
    assert shown_picture.transform().m11() > before
    assert (QPointF(shown_picture.at(500, 420)) - spot).manhattanLength() <= 3
    pointed: list[tuple[float, float]] = []
    shown_picture.pointed.connect(lambda x, y: pointed.append((x, y)))
    QTest.mouseClick(
        shown_picture.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        shown_picture.at(560, 470),
    )
    assert pointed[0] == pytest.approx((560, 470), abs=1)
    pressed(dialog, "picture_fit")
    assert shown_picture.transform().m11() == pytest.approx(before, rel=0.02)


def test_a_click_outside_the_picture_pins_nothing(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(PINS))
    port = picture(dialog).viewport()
    none = Qt.KeyboardModifier.NoModifier
    pressed(dialog, "picture_farther")
    pressed(dialog, "picture_farther")
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, none, QPoint(4, 4))
    assert rows(dialog) == len(PINS)


def test_stopping_leaves_the_base_map_as_it_was_and_lets_it_be_tried_again(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(tuple(pin(x, y) for x, y in SPOTS[:4])))
    files = sorted(town.store.folder.maps.iterdir())
    pressed(dialog, "pinning_save")
    for ticket in desk.under_way:
        ticket.cancel()
    qtbot.waitUntil(lambda: not desk.under_way, timeout=SOON)
    assert sorted(town.store.folder.maps.iterdir()) == files
    assert button(dialog, "pinning_save").isEnabled()
    pressed(dialog, "pinning_save")
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    assert len(list(town.store.folder.maps.iterdir())) == 3


def test_closing_over_the_work_leaves_nothing(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = PinDialog(desk, pinning.look(scan(tmp_path, (3000, 2400))))
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.show()
    for x, y in SPOTS[:3]:
        at = picture(dialog).at(3 * x, 3 * y)
        QTest.mouseClick(
            picture(dialog).viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
        pressed(dialog, "pin_way_2")
        place = pin(x, y)
        line = dialog.findChild(QComboBox, "pin_datum")
        assert line is not None
        dialog.places.numbers.line.setText(f"{place.lat:.6f}, {place.lon:.6f}")
        line.setCurrentIndex(1)
        line.activated.emit(1)
        pressed(dialog, "pin_coordinate_take")
    assert rows(dialog) == 3
    pressed(dialog, "pinning_save")
    pressed(dialog, "pinning_cancel")
    qtbot.waitUntil(lambda: not desk.under_way, timeout=SOON)
    assert basemaps.bases_of(town.store) == ()
    assert list(town.store.folder.maps.iterdir()) == []


def test_leaving_with_pins_that_are_not_kept_is_asked_about(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = repinning(qtbot, desk, town, tmp_path, ByPins(PINS))
    table = dialog.findChild(QTableWidget, "pinning_list")
    assert table is not None
    table.setCurrentCell(5, 0)
    pressed(dialog, "pinning_remove")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    question = dialog.findChild(QDialog, "question")
    assert question is not None
    assert dialog.isVisible()
    pressed(question, "question_no")
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    pressed(dialog.findChildren(QDialog, "question")[-1], "question_yes")
    assert not dialog.isVisible()
    dialog = PinDialog(desk, dialog.scan)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_page_of_a_pdf_is_asked_for_and_opened(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "两张图.pdf"
    pages = [Image.new("RGB", (600, 400), colour) for colour in ("#ffdddd", "#ddddff")]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=100)
    dialog = shown(qtbot, BasemapsDialog(desk), 900, 520)
    dialog.take_file(path)
    qtbot.waitUntil(lambda: dialog.findChild(QSpinBox, "pdf_page_number") is not None, timeout=SOON)
    number = dialog.findChild(QSpinBox, "pdf_page_number")
    assert number is not None
    assert number.maximum() == 2
    number.setValue(2)
    save = dialog.findChild(QPushButton, "pdf_page_save")
    assert save is not None
    save.click()
    qtbot.waitUntil(lambda: dialog.findChild(PinDialog) is not None, timeout=SOON)
    pinner = dialog.findChild(PinDialog)
    assert pinner is not None
    assert pinner.scan.size == (1200, 800)
    assert pinner.scan.name == "两张图 2"
    assert pinner.scan.path.is_relative_to(desk.store.folder.root)  # it may show who lives where
    pinner.reject()


def test_a_broken_pdf_and_a_file_that_is_no_picture_are_refused_in_the_list(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    dialog = shown(qtbot, BasemapsDialog(desk), 900, 520)
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing")
    dialog.take_file(broken)
    qtbot.waitUntil(lambda: "损坏" in words(dialog, "basemaps_refusal_text"), timeout=SOON)


def test_lengths_are_moved_measured_again_and_taken_away(qtbot: QtBot, look: Look, tmp_path: Path) -> None:
    store = station(tmp_path)
    for desk in desk_over(store, look):
        paced = Paced((Length(100, 400, 900, 400, 1000, in_paces=True),), 0.7)
        key = pinning.add(store, scan(tmp_path), paced).keys("basemap")[0]
        assert sketch.in_sketch(store)
        base = pinning.pinned(store, key)
        dialog = LengthsDialog(desk, pinning.look(base.scan), base=base)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        shown(qtbot, dialog, 1310, 700)
        assert "图宽约 875 米" in words(dialog, "lengths_verdict")
        port, none = picture(dialog).viewport(), Qt.KeyboardModifier.NoModifier
        for spot in ((900, 400), (900, 700)):  # it goes on from where the first ends
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, none, picture(dialog).at(*spot))
        assert rows(dialog) == 2
        assert not button(dialog, "lengths_save").isEnabled()
        dialog.amount.setValue(375)
        pressed(dialog, "lengths_set")
        assert "彼此相差约 0%" in words(dialog, "lengths_verdict")
        pressed(dialog, "lengths_north")
        for spot in ((500, 500), (800, 500)):
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, none, picture(dialog).at(*spot))
        assert "没有指北" not in words(dialog, "lengths_verdict")
        pressed(dialog, "lengths_remove")
        assert rows(dialog) == 1
        pressed(dialog, "lengths_save")
        qtbot.waitUntil(dialog.isHidden, timeout=SOON)
        recipe = pinning.pinned(store, key).recipe
        assert isinstance(recipe, Paced)
        assert recipe.north is not None
    store.close()
