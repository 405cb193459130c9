"""The window that gives a list to other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.services.exchange import Format
from stationdesk.services.listing import Query, count_of
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.open_formats import OpenFormatDialog
from stationdesk.ui.dialogs.reason import ReasonDialog
from stationdesk.ui.preferences import Preferences
from stationdesk.ui.saved import Folders
from stationdesk.ui.theme import Look
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown, typed


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


def opened(qtbot: QtBot, desk: Desk, query: Query, folder: Path) -> OpenFormatDialog:
    made = OpenFormatDialog(desk, Folders(Preferences(folder / "settings.ini"), folder), query)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it at the end
    shown(qtbot, made, 720, 560)
    qtbot.waitUntil(lambda: button(made, "exchange_export").isEnabled())
    return made


def test_the_list_as_filtered_or_all_of_it_is_exported(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    dialog = opened(qtbot, desk, Query("resource", "卫生院"), tmp_path)
    pressed(dialog, "exchange_form_geojson")

    dialog.export_to(tmp_path / "一.geojson")
    qtbot.waitUntil(lambda: dialog.outcome.path == tmp_path / "一.geojson", timeout=30_000)
    pressed(dialog, "exchange_rows_1")
    dialog.export_to(tmp_path / "全.geojson")
    qtbot.waitUntil(lambda: dialog.outcome.path == tmp_path / "全.geojson", timeout=30_000)

    counts = [
        len(json.loads((tmp_path / name).read_text(encoding="utf-8"))["features"])
        for name in ("一.geojson", "全.geojson")
    ]
    assert counts == [1, count_of(town.store, Query("resource"))]


def test_the_rules_follow_whom_it_is_for(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    dialog = opened(qtbot, desk, Query("resource"), tmp_path)
    rules = dialog.findChild(QLabel, "exchange_rules")
    assert rules is not None
    assert "只写本人同意公开的" in rules.text()

    pressed(dialog, "exchange_for_2")

    assert "请勿外传" in rules.text()
    assert "WGS-84" in rules.text()


def test_villages_are_offered_no_directory_of_resources(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    dialog = opened(qtbot, desk, Query("village"), tmp_path)

    offered = {
        form
        for form in Format
        if (found := dialog.findChild(QAbstractButton, f"exchange_form_{form.value}")) and found.isVisible()
    }

    assert offered == {Format.GEOJSON, Format.KML, Format.GPX, Format.CSV}
    assert dialog.form in offered


def test_a_refusal_is_told_in_the_dialog(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    dialog = opened(qtbot, desk, Query("resource"), tmp_path)

    dialog.export_to(tmp_path / "没有" / "x.json")

    qtbot.waitUntil(lambda: "不存在" in dialog.outcome.text, timeout=30_000)


def test_who_answers_with_a_reason_lets_the_file_go(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    town.add(
        "resource",
        "barber",
        name="理发店",
        offer_text="预约 13800001111",
        dimension=Dimension.ORGANISATIONS,
        map_class=MapClass.CONVENIENCE,
    )
    dialog = opened(qtbot, desk, Query("resource"), tmp_path)

    dialog.export_to(tmp_path / "一.json")
    qtbot.waitUntil(lambda: bool(dialog.findChildren(ReasonDialog)), timeout=30_000)
    asked = dialog.findChildren(ReasonDialog)[0]
    typed(asked, "reason_line", "a public number")
    pressed(asked, "reason_yes")

    qtbot.waitUntil(lambda: dialog.outcome.path == tmp_path / "一.json", timeout=30_000)
