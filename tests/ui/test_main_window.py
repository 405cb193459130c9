"""The frame of the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from typing_extensions import override

from stationdesk.core.changes import changed
from stationdesk.core.fields import Key
from stationdesk.core.messages import Language
from stationdesk.services import records
from stationdesk.services.listing import Query, row_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import Kit
from stationdesk.ui.main_window import MainWindow, TabPlace
from stationdesk.ui.notices import Bar, Weight
from stationdesk.ui.record_page import RecordPage
from stationdesk.ui.status import Facts
from stationdesk.ui.tab_page import TabPage

Add = Callable[..., Key]


class Counting(TabPage):
    """A tab that counts how often it fetches."""

    records = frozenset({"resource"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.fetched = 0

    @override
    def fetch(self) -> None:
        self.fetched += 1


@pytest.fixture
def window(desk: Desk, kit: Kit, qtbot: QtBot) -> MainWindow:
    places = (
        TabPlace("home", "工作台", "home", lambda: Counting(desk)),
        TabPlace(
            "resources",
            "资源库",
            "building-community",
            lambda: RecordPage("resource", kit),
            frozenset({"resource"}),
        ),
    )
    made = MainWindow(desk, places, "柳河镇社工站")
    qtbot.addWidget(made)
    made.show()
    made.show_tab("home")
    return made


def page_of(window: MainWindow) -> RecordPage:
    page = window.show_tab("resources")
    assert isinstance(page, RecordPage)
    return page


def name_line(page: RecordPage) -> QLineEdit:
    line = page.findChild(QLineEdit, "resource.name")
    assert isinstance(line, QLineEdit)
    return line


def rename(page: RecordPage, text: str) -> QLineEdit:
    line = name_line(page)
    line.setFocus()
    line.selectAll()
    line.insert(text)
    line.textEdited.emit(text)
    return line


def said(window: MainWindow) -> str:
    label = window.status.findChild(QLabel, "status_saved")
    assert label is not None
    return label.text()


def test_a_tab_is_made_when_it_is_first_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert window.tab("resources") is None
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.made == ("home", "resources")


def test_a_hidden_tab_fetches_when_it_is_shown_and_a_visible_one_at_once(
    window: MainWindow, desk: Desk, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    home = window.show_tab("home")
    assert isinstance(home, Counting)
    seen = home.fetched
    names = iter(("甲", "乙", "丙"))
    old = "卫生院"

    def change() -> None:
        nonlocal old
        new = next(names)
        made = changed("resource", key, {"name": old}, {"name": new})
        old = new
        with qtbot.waitSignal(desk.changed):
            desk.change(records.save, made)

    change()
    assert home.fetched == seen + 1
    window.show_tab("resources")
    change()
    change()
    assert home.fetched == seen + 1
    window.show_tab("home")
    assert home.fetched == seen + 2


def test_the_search_box_opens_a_hit_in_its_tab(window: MainWindow, resource: Add, qtbot: QtBot) -> None:
    key = resource(name="柳河卫生院")
    resource(name="学校")
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.search.hasFocus)
    window.search.setText("lhwsy")
    qtbot.waitUntil(lambda: [hit.key for hit in window.search.hits] == [key])
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    assert name_line(page).text() == "柳河卫生院"
    assert not window.search.text()


def test_undo_takes_back_the_last_step_and_redo_does_it_again(
    window: MainWindow, desk: Desk, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    line = rename(page, "镇卫生院")
    with qtbot.waitSignal(page.form.saved):
        QTest.keyClick(line, Qt.Key.Key_Return)

    def name() -> object:
        row = row_of(store, "resource", key)
        return row.values["name"] if row else None

    # The field has nothing of its own to take back any more, so the key belongs to the window.
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: name() == "卫生院")
    qtbot.waitUntil(lambda: line.text() == "卫生院")
    qtbot.waitUntil(window.redo_button.isEnabled)
    # There is an older step, which is not what was just undone.
    qtbot.waitUntil(lambda: said(window).endswith("撤销：修改资源 医-01 卫生院 · 重做 Ctrl+Shift+Z"))
    told: list[str] = []
    desk.noticed.connect(lambda notice: told.append(notice.text))
    window.redo_button.click()
    qtbot.waitUntil(lambda: name() == "镇卫生院")
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["重做：修改资源 医-01 卫生院"]
    qtbot.waitUntil(lambda: said(window).endswith("撤销 Ctrl+Z"))


def test_undo_belongs_first_to_the_text_that_is_typed(
    window: MainWindow, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    line = rename(page, "写错的名")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "卫生院"
    assert row_of(store, "resource", key) is not None


def test_choosing_another_row_asks_first_and_staying_returns_to_it(
    window: MainWindow, resource: Add, qtbot: QtBot
) -> None:
    first, second = resource(name="甲"), resource(name="乙")
    window.open_record("resource", first)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == first and page.table.current_key == first)
    rename(page, "没写完")
    page.table.select(second)
    assert page.form.leave_bar.isVisible()
    stay = page.findChild(QPushButton, "resource_leave_stay")
    assert isinstance(stay, QPushButton)
    stay.click()
    assert page.table.current_key == first
    assert name_line(page).text() == "没写完"


def test_ctrl_n_begins_a_record_and_the_saved_one_is_chosen(
    window: MainWindow, store: Store, qtbot: QtBot
) -> None:
    page = page_of(window)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.form.is_new)
    rename(page, "新站点")
    for name in ("dimension", "map_class"):
        combo = page.findChild(QComboBox, f"resource.{name}")
        assert isinstance(combo, QComboBox)
        combo.setCurrentIndex(0)
        combo.activated.emit(0)
    with qtbot.waitSignal(page.form.saved):
        page.form.save()
    qtbot.waitUntil(lambda: bool(page.form.key) and page.table.current_key == page.form.key)


def test_the_window_does_not_close_over_unsaved_work(window: MainWindow, resource: Add, qtbot: QtBot) -> None:
    key = resource(name="甲")
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    rename(page, "没写完")
    window.close()
    assert window.isVisible()
    assert window.leave_bar.isVisible()
    discard = window.findChild(QPushButton, "leave_window_discard")
    assert isinstance(discard, QPushButton)
    with qtbot.waitSignal(window.closed):
        discard.click()
    assert not window.isVisible()


def test_a_refusal_stays_and_a_success_goes(window: MainWindow, desk: Desk) -> None:
    desk.notify("已保存", Weight.GOOD)
    desk.notify("库存不足", Weight.BAD)
    desk.notify("已复制", Weight.GOOD)
    assert [notice.text for notice in window.notices.notices] == ["库存不足", "已复制"]
    (close,) = [each for each in window.findChildren(QToolButton, "notice_close") if each.isVisible()]
    close.click()
    assert [notice.text for notice in window.notices.notices] == ["已复制"]


def test_unsaved_work_is_marked_on_the_form_the_tab_and_the_window(
    window: MainWindow, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    title = page.findChild(QLabel, "form_title")
    assert title is not None
    before = title.text()
    line = rename(page, "镇卫生院")
    window.show_tab("home")
    assert window.tabs.tabText(1) == "● 资源库"
    assert window.windowTitle() == "● 柳河镇社工站"
    assert title.text() == f"● {before}"
    window.show_tab("resources")
    with qtbot.waitSignal(page.form.saved):
        QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.tabs.tabText(1) == "资源库")
    assert window.windowTitle() == "柳河镇社工站"
    assert not title.text().startswith("●")


def test_a_notice_moves_nothing_takes_no_keys_and_leaves_the_buttons_free(
    window: MainWindow, desk: Desk, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key)
    line = rename(page, "镇卫生院")
    before = page.mapToGlobal(QPoint()), page.size()
    desk.notify("没有保存。" * 30, Weight.BAD)
    desk.notify("已复制 3 行", Weight.GOOD)
    bars = [each for each in window.findChildren(Bar, "notice") if each.isVisible()]
    assert [each.accessibleName()[:3] for each in bars] == ["没有保", "已复制"]
    QApplication.processEvents()
    assert (page.mapToGlobal(QPoint()), page.size()) == before
    assert line.hasFocus()
    buttons = [each for each in window.findChildren(QPushButton) if each.isVisible()]
    covered = [
        button.objectName()
        for bar in bars
        for button in buttons
        if QRect(bar.mapToGlobal(QPoint()), bar.size()).intersects(
            QRect(button.mapToGlobal(QPoint()), button.size())
        )
    ]
    assert not covered
    # What goes by itself lets a click through to what it covers.
    holder = bars[1].parentWidget()
    assert holder is not None
    below = holder.childAt(bars[1].geometry().center())
    assert below is not None
    assert below is not bars[1]
    assert not bars[1].isAncestorOf(below)


def test_the_status_line_says_where_one_is(window: MainWindow) -> None:
    window.show_facts(Facts("张社工", practice=True, last_backup="今天 12:00"))
    words = [label.text() for label in window.status.findChildren(QLabel) if label.isVisible()]
    assert "练习镇：数据都是编的" in words
    assert "上次备份 今天 12:00" in words
    assert "断网 · 本机" in words
    assert "张社工" in words


def test_the_menu_says_what_the_worker_wants(window: MainWindow, qtbot: QtBot) -> None:
    english = window.menu.findChild(QAction, "menu_language_en")
    assert isinstance(english, QAction)
    with qtbot.waitSignal(window.menu.language_wanted) as told:
        english.trigger()
    assert told.args == [Language.ENGLISH]


def test_a_figure_opens_its_rows(window: MainWindow, resource: Add, qtbot: QtBot) -> None:
    resource(name="甲店")
    resource(name="乙校")
    window.show_query(Query("resource", text="甲店"))
    page = page_of(window)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)


def test_every_interactive_widget_has_a_name_and_is_named_aloud(window: MainWindow, qtbot: QtBot) -> None:
    page_of(window)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    nameless = []
    for kind in kinds:
        for widget in window.findChildren(kind):
            inside = widget.objectName().startswith("qt_") or not _ours(widget)
            if not inside and not (widget.objectName() and widget.accessibleName()):
                nameless.append(f"{type(widget).__name__} {widget.objectName()!r}")
    assert not nameless


def test_a_masked_field_is_revealed_through_the_use_case_that_logs_it(
    kit: Kit, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院", phone="13800001234")
    asked: list[tuple[str, str, str]] = []

    def reveal(store: Store, record: str, key: Key, name: str) -> object:
        asked.append((record, key, name))
        row = row_of(store, record, key)
        return None if row is None else row.values[name]

    page = RecordPage("resource", kit, reveal)
    qtbot.addWidget(page)
    page.show()
    page.open_record("resource", key)
    qtbot.waitUntil(lambda: page.form.key == key)
    assert all("13800001234" not in line.text() for line in page.findChildren(QLineEdit))
    button = page.findChild(QToolButton, "resource.phone.reveal")
    assert isinstance(button, QToolButton)
    button.click()
    qtbot.waitUntil(lambda: any(line.text() == "13800001234" for line in page.findChildren(QLineEdit)))
    assert asked == [("resource", key, "phone")]


HOSTILE = "<b>粗</b><img src=x onerror=alert(1)>{{7*7}}`${1}"


def test_text_that_looks_like_markup_is_shown_as_it_is_stored(
    window: MainWindow, resource: Add, store: Store, qtbot: QtBot
) -> None:
    key = resource(name=HOSTILE, offer_text=HOSTILE)
    window.open_record("resource", key)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.form.key == key and page.table.rows.rowCount() == 1)
    line = rename(page, f"{HOSTILE}!")
    with qtbot.waitSignal(page.form.saved):
        QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(HOSTILE in each.text() for each in window.status.findChildren(QLabel)))
    marked = [label for label in window.findChildren(QLabel) if "<b>" in label.text()]
    assert marked
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in marked)
    tips = [widget.toolTip() for widget in window.findChildren(QWidget) if "粗" in widget.toolTip()]
    tips += [str(page.table.rows.index(0, column).data(Qt.ItemDataRole.ToolTipRole)) for column in (1, 3)]
    assert tips
    assert all("<b>" not in words and "<img" not in words for words in tips)


QTS_OWN = {"QTabBar", "QComboBoxPrivateContainer", "QTableView", "RowView"}


def _ours(widget: QWidget) -> bool:
    """Whether we made a widget; Qt's own parts of a combo, a tab bar or a table are not ours to name."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox) or type(parent).__name__ in QTS_OWN:
            return False
        parent = parent.parentWidget()
    return type(widget).__name__ != "QTableCornerButton"
