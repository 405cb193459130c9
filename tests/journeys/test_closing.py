"""The end of a month in the window: a figure's rows opened, the month closed, something mended later, opened again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTableView
from sqlalchemy import select

from stationdesk.core.changes import created
from stationdesk.core.clock import Month
from stationdesk.core.vocab import MonthState, Urgency
from stationdesk.db.models import ClosedMonth
from stationdesk.services.ledgers.closing import corrections_of
from stationdesk.services.listing import Filter, Query, keys_of
from stationdesk.services.records import blank_of, save
from stationdesk.ui.tabs.figures import FigureTable
from stationdesk.ui.tabs.needs import NeedsTab
from stationdesk.ui.tabs.reports import ReportsTab
from tests.journeys.person import Person
from tests.small_town import small_town
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

SOON = 60_000


@pytest.fixture
def ledgers(person: Person, tmp_path: Path) -> ReportsTab:
    """The ledgers of the small town on the screen, in the month before this one, which has ended."""
    small_town(tmp_path).store.close()
    person.open_again(tmp_path / "柳河站")
    page = person.go_to("台账")
    assert isinstance(page, ReportsTab)
    person.settle()
    return page


def cell(page: ReportsTab, group: str, label: str) -> QModelIndex:
    """The figure of the month on a line."""
    model = page.ledgers.figures.figures
    for row in range(model.rowCount()):
        spoken = model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        if (spoken, model.index(row, 1).data()) == (group, label):
            return model.index(row, 3)
    raise AssertionError(f"no line {label}")


def press_figure(table: FigureTable, index: QModelIndex) -> None:
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())


def go_to_month(person: Person, page: ReportsTab, month: Month) -> None:
    """Press the arrows until a month is shown."""
    for _press in range(36):
        if page.ledgers.month == month:
            break
        person.press("ledger_previous" if page.ledgers.month > month else "ledger_next", page)
        person.settle()
    assert page.ledgers.month == month
    person.wait(lambda: page.ledgers.figures.figures.rowCount() > 0)


MONTH = Month(2026, 11)
"""The month of everything that happens in the small town."""
BEFORE = Month(2026, 10)
"""A month that has ended whenever this runs."""


def test_a_figure_opens_exactly_its_rows(person: Person, ledgers: ReportsTab) -> None:
    go_to_month(person, ledgers, MONTH)
    index = cell(ledgers, "需求", "新增需求")
    count = int(index.data())
    press_figure(ledgers.ledgers.figures, index)
    person.wait(lambda: person.window.pages.currentWidget() is not ledgers)
    person.settle()
    table = next(view for view in person.window.pages.findChildren(QTableView) if view.isVisible())
    person.wait(lambda: table.model().rowCount() == count)
    assert count == len(keys_of(person.store, Query("need"))) == 4
    # Beside the list stands its first record, above it what it is kept to.
    page = person.window.pages.currentWidget()
    assert isinstance(page, NeedsTab)
    person.wait(lambda: page.form.key == page.table.rows.keys[0])
    line = seen(page, QLabel, "need_only_words")
    assert line.text() == "只看：需求“新增需求”（来自台账 2026年11月）"


def test_a_figure_shows_a_record_of_its_own_list_and_the_way_back_to_all(
    person: Person, ledgers: ReportsTab
) -> None:
    urgent = keys_of(person.store, Query("need", filters=(Filter("urgency", frozenset({Urgency.CRITICAL})),)))
    everybody = keys_of(person.store, Query("need"))
    other = next(each for each in everybody if each not in urgent)
    page = person.window.show_tab("needs")
    assert isinstance(page, NeedsTab)
    page.open_record("need", other)
    person.wait(lambda: page.form.key == other)
    person.go_to("台账")
    go_to_month(person, ledgers, MONTH)
    press_figure(ledgers.ledgers.figures, cell(ledgers, "需求", "新增中紧急的"))
    person.wait(lambda: page.isVisible() and page.table.rows.keys == urgent)
    person.wait(lambda: (page.form.key,) == urgent)
    assert "新增中紧急的" in seen(page, QLabel, "need_only_words").text()
    person.press("need_only_leave", page)
    person.wait(lambda: set(page.table.rows.keys) == set(everybody))
    line = page.findChild(QLabel, "need_only_words")
    assert line is not None
    assert not line.isVisible()


def state(person: Person, page: ReportsTab) -> str:
    return seen(page, QLabel, "month_state").text()


def test_a_month_is_closed_mended_later_and_opened_again(
    person: Person, ledgers: ReportsTab, tmp_path: Path
) -> None:
    go_to_month(person, ledgers, BEFORE)
    person.press("month_close", ledgers)
    question = person.dialog("question")
    person.press("question_yes", question)
    person.wait(lambda: "已结账" in state(person, ledgers), SOON)
    person.settle()
    # What was handed in is given out again, whatever is mended afterwards.
    before = cell(ledgers, "走访", "走访").data()
    home, worker = person.stored("household")[0], person.stored("worker")[0]
    values = {
        **blank_of(person.store, "visit"),
        "household_key": home,
        "visited_on": date(2026, 10, 20),
        "worker_key": worker,
    }
    person.desk.change(save, created("visit", values))
    person.settle()
    told = [each.text for each in person.window.notices.notices if "已经结账" in each.text]
    assert told == ["2026年10月已经结账：上报的文件和数字不变。这次改动会列入 2026年11月台账的“更正表”。"]
    go_to_month(person, ledgers, BEFORE)
    assert cell(ledgers, "走访", "走访").data() == before
    assert corrections_of(person.store, MONTH)
    go_to_month(person, ledgers, MONTH)
    person.press("month_corrections", ledgers)
    person.wait(lambda: person.sees_dialog("corrections"))
    person.dialog("corrections").close()
    go_to_month(person, ledgers, BEFORE)
    person.press("month_reopen", ledgers)
    dialog = person.dialog("reason")
    person.write("reason_line", "漏记一次走访", dialog)
    person.press("reason_yes", dialog)
    person.wait(lambda: "已结账" not in state(person, ledgers), SOON)
    person.settle()
    with person.store.reading() as session:
        (closed,) = session.scalars(select(ClosedMonth))
        assert (closed.state, closed.reason) == (MonthState.REOPENED, "漏记一次走访")
    person.wait(lambda: cell(ledgers, "走访", "走访").data() == "1")
