from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from stationdesk.core.fields import Key
from stationdesk.core.vocab import Audience
from stationdesk.services.editions import coming_edition, editions_of, give_copies, keep_edition
from stationdesk.services.handouts import HandoutOrder, spec_of
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.lists import ListOut, export_list, print_list
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.dialogs.handout_copies import CopiesDialog
from stationdesk.ui.forms import STATION, Codes, Kit
from stationdesk.ui.theme import Look
from stationdesk.ui.web.printing import WebPrinter
from tests.small_town import TODAY, SmallTown, small_town
from tests.ui.tabs.acting import button, desk_over, pressed, shown
from tests.ui.tabs.writing import write

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


def given_out(store: Store, area: Key | None = None) -> Key:
    """Keep the resource map as it is now."""
    order = HandoutOrder(area=area)
    with store.reading() as session:
        coming = coming_edition(session, spec_of(session, order, TODAY), area, TODAY)
    with store.writing("保存") as work:
        return keep_edition(work, coming, "资源图.pdf")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desk(qtbot: QtBot, town: SmallTown, look: Look) -> Iterator[Desk]:
    yield from desk_over(town.store, look)


def opened(qtbot: QtBot, desk: Desk) -> CopiesDialog:
    kit = Kit(desk, STATION, Codes(desk, STATION), lambda: TODAY)
    made = CopiesDialog(kit)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    shown(qtbot, made, 940, 640)
    qtbot.waitUntil(lambda: not desk.under_way)
    return made


def test_without_an_edition_nothing_can_be_written_down(qtbot: QtBot, desk: Desk) -> None:
    dialog = opened(qtbot, desk)
    assert not button(dialog, "copies_add").isEnabled()
    assert not button(dialog, "copies_out").isEnabled()


def test_copies_of_the_newest_edition_are_written_down_and_counted(
    qtbot: QtBot, desk: Desk, town: SmallTown
) -> None:
    given_out(town.store, town["柳河村"])
    given_out(town.store)
    dialog = opened(qtbot, desk)
    qtbot.waitUntil(lambda: dialog.edition is not None)
    pressed(dialog, "copies_add")
    form = dialog.findChild(QDialog, "copies_given_dialog")
    assert form is not None
    qtbot.waitUntil(lambda: not desk.under_way)
    write(form, "copies_given.given_to", "五保村村委会")
    write(form, "copies_given.copies", "30")
    pressed(form, "copies_given_save")
    qtbot.waitUntil(lambda: bool(keys_of(town.store, Query("copies_given"))))
    qtbot.waitUntil(lambda: not desk.under_way)
    assert [(each.area, each.copies) for each in editions_of(town.store)] == [("", 30), ("柳河村", 0)]
    assert len(dialog.copies.rows.keys) == 1


def test_a_line_is_taken_away_and_all_editions_can_be_seen_together(
    qtbot: QtBot, desk: Desk, town: SmallTown
) -> None:
    for edition, place in (
        (given_out(town.store, town["柳河村"]), "柳河村委会"),
        (given_out(town.store), "集市"),
    ):
        give_copies(town.store, edition, TODAY, place, 20)
    dialog = opened(qtbot, desk)
    qtbot.waitUntil(lambda: len(dialog.copies.rows.keys) == 1)
    pressed(dialog, "copies_all")
    qtbot.waitUntil(lambda: len(dialog.copies.rows.keys) == 2)
    dialog.copies.select(dialog.copies.rows.keys[0])
    pressed(dialog, "copies_remove")
    qtbot.waitUntil(lambda: len(dialog.copies.rows.keys) == 1)
    assert len(keys_of(town.store, Query("copies_given"))) == 1


def test_the_list_of_copies_goes_to_excel_and_on_paper(
    qtbot: QtBot, desk: Desk, town: SmallTown, tmp_path: Path
) -> None:
    give_copies(town.store, given_out(town.store), date(2026, 11, 20), "五保村村委会", 30)
    dialog = opened(qtbot, desk)
    qtbot.waitUntil(lambda: bool(dialog.copies.rows.keys))
    qtbot.waitUntil(button(dialog, "copies_out").isEnabled)
    with qtbot.waitSignal(dialog.list_wanted) as wanted:
        pressed(dialog, "copies_out")
    query, columns, _chosen = wanted.args
    out = ListOut(query, Audience.INTERNAL, columns)
    assert export_list(town.store, out, tmp_path / "登记.xlsx").rows == 1

    printer = WebPrinter()  # belongs to the window's thread

    def on_paper(store: Store, *, progress: object) -> int:
        del progress
        return print_list(store, out, tmp_path / "登记.pdf", printer).rows

    done: list[int] = []
    desk.work(on_paper, title="打印", then=done.append, owner=dialog)
    qtbot.waitUntil(lambda: done == [1], timeout=60_000)
