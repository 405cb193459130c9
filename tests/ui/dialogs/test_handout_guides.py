"""The policies that an atlas explains are ticked in the dialog; all of them until somebody says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.services.atlas_content import guides_offered
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.handout_guides import GuidesButton
from stationdesk.ui.theme import Look
from tests.small_town import SmallTown, small_town
from tests.ui.tabs.acting import desk_over, pressed, shown


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    for name in ("高龄津贴", "临时救助"):
        made.add("resource", name, name=name, dimension=Dimension.POLICY, map_class=MapClass.POLICY)
    made.add(
        "resource", "旧办法", name="旧办法", dimension=Dimension.POLICY, map_class=MapClass.POLICY,
        valid_to=date(2020, 1, 1),
    )  # fmt: skip
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


def chosen(button: GuidesButton) -> tuple[Key, ...] | None:
    return button.policies


def test_only_policies_that_may_be_printed_are_offered(town: SmallTown) -> None:
    titles = [title.partition(" ")[2] for _key, title in guides_offered(town.store)]
    assert {"高龄津贴", "临时救助"} <= set(titles)
    assert "旧办法" not in titles


def test_what_is_ticked_is_told_and_answered(qtbot: QtBot, desk: Desk, town: SmallTown) -> None:
    window = shown(qtbot, QWidget())
    button = GuidesButton(window)
    offered = guides_offered(town.store)
    button.offer(desk, offered)
    button.show()
    assert chosen(button) is None
    assert button.text() == f"办事指南：{len(offered)} / {len(offered)} 条政策…"
    pressed(window, "handout_guides")
    dialog = window.findChild(QDialog, "guides_dialog")
    assert dialog is not None
    ticks = dialog.findChild(QListWidget, "guides_list")
    assert ticks is not None
    for row, (key, _title) in enumerate(offered):
        wanted = key == town["临时救助"]
        ticks.item(row).setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)
    with qtbot.waitSignal(button.changed):
        pressed(dialog, "guides_save")
    assert chosen(button) == (town["临时救助"],)
    assert button.text() == f"办事指南：1 / {len(offered)} 条政策…"
    window.close()
