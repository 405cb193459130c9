"""Long lists: windowed by key, sorted in SQL, chosen by key."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from stationdesk.core.changes import changed
from stationdesk.core.fields import Key, Place
from stationdesk.core.vocab import Dimension, ResourceStatus
from stationdesk.db.models import AuditEntry, Resource, fields_of
from stationdesk.services import records
from stationdesk.services.book import StationBook
from stationdesk.services.listing import Filter, Page, Query, Row
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.forms import Option
from stationdesk.ui.tables import FilterBar, RecordSource, RecordTable

Add = Callable[..., Key]
FIELDS = fields_of(Resource, Place.TABLE)
NAME = next(place for place, each in enumerate(FIELDS) if each.key == "name")
MANY = 100_000


class Endless:
    """A hundred thousand rows made as they are asked for; counts what is asked."""

    def __init__(self) -> None:
        self.keys = tuple(Key(f"{number:032x}") for number in range(MANY))
        self.pages: list[int] = []

    def keys_of(self, store: Store, query: Query) -> tuple[Key, ...]:
        del store
        return self.keys[::-1] if query.descending else self.keys

    def rows_of(self, store: Store, keys: Sequence[Key]) -> Page:
        del store
        self.pages.append(int(keys[0], 16) // 100)
        rows = (
            Row("resource", key, {"name": f"第 {int(key, 16)} 家", "status": ResourceStatus.ACTIVE})
            for key in keys
        )
        return Page(tuple(rows), StationBook({}, {}))


@pytest.fixture
def endless() -> Endless:
    return Endless()


@pytest.fixture
def long_table(desk: Desk, endless: Endless, qtbot: QtBot) -> RecordTable:
    table = RecordTable("resource", FIELDS, endless, desk)
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    table.show_query(Query("resource", order="name"))
    qtbot.waitUntil(lambda: shown(table, 0) == "第 0 家")
    return table


@pytest.fixture
def table(desk: Desk, resource: Add, qtbot: QtBot) -> RecordTable:
    for name in ("丙店", "甲店", "乙店"):
        resource(name=name, phone="13800001234")
    made = RecordTable("resource", FIELDS, RecordSource("resource"), desk)
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    made.show_query(Query("resource", order="name"))
    qtbot.waitUntil(lambda: made.rows.rowCount() == 3 and shown(made, 0) not in ("", "…"))
    return made


def shown(table: RecordTable, row: int) -> str:
    return str(table.rows.index(row, NAME).data() or "")


def names(table: RecordTable) -> list[str]:
    return [shown(table, row) for row in range(table.rows.rowCount())]


def test_a_hundred_thousand_rows_are_at_hand(long_table: RecordTable, endless: Endless, qtbot: QtBot) -> None:
    assert long_table.rows.rowCount() == MANY
    start = time.perf_counter()
    long_table.view.setFocus()
    QTest.keyClick(long_table.view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown(long_table, MANY - 1) == f"第 {MANY - 1} 家")
    assert time.perf_counter() - start < 1.0
    assert len(set(endless.pages)) < 10


def test_rows_that_were_scrolled_past_are_not_read(
    long_table: RecordTable, endless: Endless, qtbot: QtBot
) -> None:
    endless.pages.clear()
    bar = long_table.view.verticalScrollBar()
    for place in range(0, MANY, 500):
        bar.setValue(place)
        long_table.view.viewport().repaint()
    bar.setValue(MANY)
    qtbot.waitUntil(lambda: shown(long_table, MANY - 1) == f"第 {MANY - 1} 家")
    assert len(endless.pages) < 30


def test_the_model_keeps_the_rules_of_qt(table: RecordTable, resource: Add, qtbot: QtBot) -> None:
    QAbstractItemModelTester(table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resource(name="丁店")
    table.show_query(Query("resource", order="name", descending=True))
    qtbot.waitUntil(lambda: table.rows.rowCount() == 4 and "…" not in names(table))
    assert table.rows.rowCount(table.rows.index(0, 0)) == 0
    assert not table.rows.index(0, 0).parent().isValid()
    assert table.rows.columnCount(QModelIndex()) == len(FIELDS)


def test_a_click_on_a_head_sorts_and_another_turns_it_round(table: RecordTable, qtbot: QtBot) -> None:
    before = names(table)
    head = table.view.horizontalHeader()
    head.sectionClicked.emit(NAME)
    qtbot.waitUntil(lambda: names(table) == before[::-1])
    assert table.query == Query("resource", order="name", descending=True)


def test_only_ordered_fields_sort(table: RecordTable, desk: Desk, qtbot: QtBot) -> None:
    offer = next(place for place, each in enumerate(FIELDS) if not each.spec.ordered)
    with qtbot.waitSignal(desk.noticed):
        table.view.horizontalHeader().sectionClicked.emit(offer)
    assert table.query.order == "name"


def test_chosen_rows_stay_chosen_when_the_list_is_read_again(
    table: RecordTable, desk: Desk, resource: Add, store: Store, qtbot: QtBot
) -> None:
    table.view.selectRow(2)
    chosen = table.selected_keys()
    moved: list[str] = []
    table.current_changed.connect(moved.append)
    resource(name="丁店")
    change = changed("resource", chosen[0], {"name": names(table)[2]}, {"name": "阿店"})
    assert change is not None
    records.save(store, change)
    table.refresh()
    qtbot.waitUntil(lambda: table.rows.rowCount() == 4 and "阿店" in names(table))
    assert table.selected_keys() == chosen
    assert table.current_key == chosen[0]
    assert not moved


def test_the_foot_counts_rows_and_choice(table: RecordTable, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    table.counted.connect(lambda total, chosen: told.append((total, chosen)))
    table.view.selectAll()
    qtbot.waitUntil(lambda: bool(told) and told[-1] == (3, 3))


def test_enter_opens_the_current_row(table: RecordTable, qtbot: QtBot) -> None:
    table.view.selectRow(1)
    with qtbot.waitSignal(table.opened) as told:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert told.args == [table.current_key]


def test_copied_rows_carry_no_formula_and_no_unmasked_phone(desk: Desk, resource: Add, qtbot: QtBot) -> None:
    resource(name='=HYPERLINK("http://x")', phone="13800001234")
    phone = next(each for each in fields_of(Resource) if each.key == "phone")
    table = RecordTable("resource", (FIELDS[NAME], phone), RecordSource("resource"), desk)
    qtbot.addWidget(table)
    table.show()
    table.show_query(Query("resource"))
    qtbot.waitUntil(lambda: table.rows.rowCount() == 1)
    table.view.selectAll()
    with qtbot.waitSignal(desk.noticed):
        table.copy()
    content = QGuiApplication.clipboard().mimeData()
    assert content.text().startswith("'=HYPERLINK")
    assert "13800001234" not in content.text() + content.html()
    assert "mso-number-format" in content.html()
    with desk.store.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.action, last.record) == ("copy", "resource")


def test_an_empty_list_says_what_to_do(desk: Desk, qtbot: QtBot) -> None:
    table = RecordTable("resource", FIELDS, RecordSource("resource"), desk)
    qtbot.addWidget(table)
    pressed: list[int] = []
    table.set_empty("还没有资源", "登记第一个", lambda: pressed.append(1))
    table.show()
    table.show_query(Query("resource"))
    button = table.findChild(QPushButton, "resource_empty_action")
    assert isinstance(button, QPushButton)
    qtbot.waitUntil(button.isVisible)
    button.click()
    assert pressed == [1]


def test_a_row_that_was_wanted_is_chosen_when_its_key_comes(
    table: RecordTable, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="新店")
    table.select(key)
    table.refresh()
    qtbot.waitUntil(lambda: table.current_key == key)


def test_columns_use_the_width_and_keep_what_was_dragged(table: RecordTable) -> None:
    table.resize(1800, 400)
    head = table.view.horizontalHeader()
    assert head.length() == table.view.viewport().width()
    head.resizeSection(NAME, 222)
    assert table.view.widths() == {"name": 222}
    table.resize(1500, 400)
    assert head.sectionSize(NAME) == 222


def test_chips_count_and_filter(desk: Desk, resource: Add, qtbot: QtBot) -> None:
    resource(name="一", dimension=Dimension.PEOPLE)
    resource(name="二", dimension=Dimension.SPACE)
    resource(name="三", dimension=Dimension.SPACE)
    bar = FilterBar("resource", desk)
    qtbot.addWidget(bar)
    bar.set_chips(next(each for each in fields_of(Resource) if each.key == "dimension"))
    bar.show()
    bar.count()
    chip = bar.findChild(QPushButton, "resource.dimension.chip.R4")
    assert isinstance(chip, QPushButton)
    qtbot.waitUntil(lambda: chip.text().endswith(" 2"))
    with qtbot.waitSignal(bar.changed) as told:
        chip.click()
    assert told.args == [Query("resource", filters=(Filter("dimension", frozenset({Dimension.SPACE})),))]
    with qtbot.waitSignal(bar.changed) as cleared:
        bar.clear()
    assert cleared.args == [Query("resource")]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen
def test_a_narrow_bar_keeps_one_line_and_its_last_filters_stay_at_hand(desk: Desk, qtbot: QtBot) -> None:
    bar = FilterBar("resource", desk)
    qtbot.addWidget(bar)
    bar.set_chips(next(each for each in fields_of(Resource) if each.key == "dimension"))
    options = [Option("v1", "柳河村", "柳河村 lhc"), Option("v2", "桃园村", "桃园村 tyc")]
    first = bar.add_combo("village_key", "所有村居", options)
    last = bar.add_combo("offer_items", "能帮：不限", [Option("c1", "送药", "送药 sy")])
    bar.resize(1300, 60)
    bar.show()
    more = bar.findChild(QPushButton, "resource_filter_more")
    assert more is not None
    assert more.isHidden()
    line = bar.sizeHint().height()
    while more.isHidden() and bar.width() > 300:
        bar.resize(bar.width() - 10, 60)
    assert more.isVisible()
    assert bar.heightForWidth(bar.width()) <= line
    assert first.isVisible()
    assert not last.isVisible()
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(last.isVisible)
    with qtbot.waitSignal(bar.changed) as said:
        last.setCurrentIndex(1)
        last.activated.emit(1)
    assert said.args is not None
    assert said.args[0].filters == (Filter("offer_items", frozenset({"c1"})),)
    assert more.text() == "更多 1"
    bar.resize(1300, 60)
    assert more.isHidden()
    assert last.parentWidget() is first.parentWidget()
    assert bar.query().filters == (Filter("offer_items", frozenset({"c1"})),)


def only_line(bar: FilterBar) -> QLabel:
    found = bar.findChild(QLabel, "resource_only_words")
    assert found is not None
    return found


def test_what_no_chip_shows_is_said_below_the_bar_and_taken_away_there(desk: Desk, qtbot: QtBot) -> None:
    bar = FilterBar("resource", desk)
    qtbot.addWidget(bar)
    bar.set_chips(next(each for each in fields_of(Resource) if each.key == "dimension"))
    bar.show()
    line = only_line(bar)
    assert not line.isVisible()
    by_chip = Filter("dimension", frozenset({Dimension.SPACE}))
    days = Filter("collected_on", low=date(2026, 10, 1), high=date(2026, 10, 31))
    bar.show_query(Query("resource", filters=(by_chip,)))
    assert not line.isVisible()  # the chip says it
    bar.show_query(Query("resource", filters=(days, by_chip)))
    assert line.isVisible()
    assert line.text() == "只看：采集日期 2026-10-01 至 2026-10-31"
    bar.show_query(Query("resource", scope="verify"))
    assert line.text() == "只看：待核实"
    leave = bar.findChild(QPushButton, "resource_only_leave")
    assert leave is not None
    with qtbot.waitSignal(bar.changed) as cleared:
        leave.click()
    assert cleared.args == [Query("resource")]
    assert not line.isVisible()


def test_where_a_list_comes_from_is_said_as_long_as_it_is_that_list(desk: Desk, qtbot: QtBot) -> None:
    bar = FilterBar("resource", desk)
    qtbot.addWidget(bar)
    bar.set_chips(next(each for each in fields_of(Resource) if each.key == "dimension"))
    bar.show()
    line = only_line(bar)
    days = Filter("collected_on", low=date(2026, 10, 1), high=date(2026, 10, 31))
    bar.show_query(Query("resource", filters=(days,), told="新增资源（来自台账 2026年10月）"))
    assert line.text() == "只看：新增资源（来自台账 2026年10月）"
    bar.choose(Dimension.SPACE)  # fewer of the same
    assert line.text() == "只看：新增资源（来自台账 2026年10月）"
    by_chip = Filter("dimension", frozenset({Dimension.SPACE}))
    bar.show_query(Query("resource", filters=(by_chip,), told="空间（来自台账 2026年10月）"))
    assert line.text() == "只看：空间（来自台账 2026年10月）"
    bar.choose(Dimension.PEOPLE)  # not what the ledger counted
    assert not line.isVisible()
