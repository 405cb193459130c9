"""One editor for each type and kind of field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QListView, QPlainTextEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from stationdesk.core.fields import Field, Key, Kind, Spec
from stationdesk.core.vocab import Dimension, NeedResult
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.ui.forms import Editor, Kit, Unreadable
from stationdesk.ui.forms.choices import SearchCombo
from stationdesk.ui.forms.dates import read_day
from stationdesk.ui.forms.editors import editor_for

Add = Callable[..., Key]
pytestmark = pytest.mark.qt_log_ignore("does not support (grabbing the keyboard|raise)")  # popups, off screen
Make = Callable[..., Editor]


def told(type_: type, *, optional: bool = True, many: bool = False, **spec: Any) -> Field:
    """A field of an invented record."""
    return Field("thing", "part", type_, optional, many, Spec("部分", **spec))


@pytest.fixture
def make(kit: Kit, qtbot: QtBot) -> Make:
    """Makes an editor that is shown."""

    def one(field: Field) -> Editor:
        editor = editor_for(field, kit)
        qtbot.addWidget(editor)
        editor.show()
        return editor

    return one


def main(editor: Editor) -> QWidget:
    found = editor.main
    assert found.objectName() == "thing.part"
    assert found.accessibleName() == "部分"
    return found


def write(editor: Editor, text: str, qtbot: QtBot) -> None:
    """Type into the line of an editor as a person would: select all, then text."""
    line = editor.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    line.selectAll()
    line.insert(text)
    line.textEdited.emit(line.text())


def test_every_field_of_every_record_has_an_editor_that_gives_back_what_it_was_shown(
    kit: Kit, qtbot: QtBot
) -> None:
    shown: dict[type, Any] = {
        str: "  原样 的\u3000文字 ",
        int: 7,
        float: 34.123456789,
        bool: True,
        Decimal: Decimal("12.30"),
        date: date(2026, 2, 28),
    }
    for model in RECORDS.values():
        for field in fields_of(model):
            value = shown.get(field.type)
            if issubclass(field.type, Enum):
                value = next(iter(field.type))
            if field.many:
                value = frozenset({value})
            if field.spec.link:
                value = Key("0" * 32)
            editor = editor_for(field, kit)
            qtbot.addWidget(editor)
            editor.show_value(value)
            assert editor.value() == value, field.name
            if field.optional:
                editor.show_value(None)
                assert editor.value() is None, field.name


@pytest.mark.parametrize(
    ("kind", "spec", "typed", "value"),
    [
        (str, {}, "  甲\u200b店 ", "甲\u200b店"),
        (str, {}, "甲\x0b店", "甲 店"),
        (str, {}, "   ", None),
        (int, {}, "１,２００", 1200),
        (Decimal, {"unit": "元"}, "1,200.5", Decimal("1200.50")),
        (Decimal, {}, "1.2万", Decimal("12000.00")),
        (Decimal, {}, "¥80元", Decimal("80.00")),
        (Decimal, {"kind": Kind.FIGURE}, "１２.5", Decimal("12.50")),
        (float, {}, "3.25", 3.25),
        (float, {"kind": Kind.LATITUDE}, "34.7912", 34.7912),
        (float, {"kind": Kind.LONGITUDE}, "114°18′36″E", 114.31),
        (date, {}, "20261122", date(2026, 11, 22)),
        (date, {}, "1122", date(2026, 11, 22)),
        (str, {"kind": Kind.PHONE}, "１３８ ００００ １２３４", "13800001234"),
        (str, {"kind": Kind.ID_NUMBER}, "11010519491231002x", "11010519491231002X"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_field(
    make: Make, qtbot: QtBot, kind: type, spec: dict[str, Any], typed: str, value: object
) -> None:
    editor = make(told(kind, **spec))
    with qtbot.waitSignal(editor.edited):
        write(editor, typed, qtbot)
    found = editor.value()
    assert found == (pytest.approx(value) if isinstance(value, float) else value)
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "spec", "typed", "words"),
    [
        (int, {}, "三个", "不是整数"),
        (Decimal, {}, "12.345", "两位小数"),
        (Decimal, {}, "1e5x", "不是金额"),
        (Decimal, {}, "NaN", "不是金额"),
        (Decimal, {"kind": Kind.FIGURE}, "两公里", "不是数字"),
        (Decimal, {"kind": Kind.FIGURE}, "2.555", "两位小数"),
        (float, {"kind": Kind.LATITUDE}, "114.3", "-90 到 90"),
        (float, {"kind": Kind.LATITUDE}, "34.79, 114.30", "填坐标"),
        (date, {}, "2026-02-30", "不是日期"),
        (date, {}, "明年春天", "不是日期"),
    ],
)
def test_what_cannot_be_read_says_why_and_stays(
    make: Make, qtbot: QtBot, kind: type, spec: dict[str, Any], typed: str, words: str
) -> None:
    editor = make(told(kind, **spec))
    write(editor, typed, qtbot)
    with pytest.raises(Unreadable, match=words):
        editor.value()
    line = main(editor)
    assert isinstance(line, QLineEdit)
    assert line.text() == typed


@pytest.mark.parametrize(
    ("typed", "today", "day"),
    [
        ("2026-11-22", "2026-11-22", "2026-11-22"),
        ("2026/1/2", "2026-11-22", "2026-01-02"),
        ("2026年1月2日", "2026-11-22", "2026-01-02"),
        ("261122", "2026-11-22", "2026-11-22"),
        ("１１．２２", "2026-11-22", "2026-11-22"),
        ("1222", "2027-01-05", "2026-12-22"),
        ("0105", "2026-12-28", "2027-01-05"),
        ("0229", "2027-01-05", "2028-02-29"),
        ("昨天", "2026-03-01", "2026-02-28"),
    ],
)
def test_a_day_is_read_in_any_usual_way(typed: str, today: str, day: str) -> None:
    assert read_day(typed, date.fromisoformat(today)) == date.fromisoformat(day)


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_a_day_with_its_year_does_not_depend_on_today(day: date, today: date) -> None:
    assert read_day(day.isoformat(), today) == day
    assert read_day(day.strftime("%Y%m%d").zfill(8), today) == day


def test_a_day_is_written_out_when_the_field_is_left(make: Make, qtbot: QtBot) -> None:
    editor = make(told(date))
    write(editor, "1122", qtbot)
    line = main(editor)
    assert isinstance(line, QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "2026-11-22"


def test_an_identity_number_is_checked_while_it_is_typed(make: Make, qtbot: QtBot) -> None:
    editor = make(told(str, kind=Kind.ID_NUMBER))
    remarks: list[tuple[str, str]] = []
    editor.remarked.connect(lambda words, how: remarks.append((words, how)))
    write(editor, "11010519491231002X", qtbot)
    assert remarks[-1] == ("有效 · 女 · 1949-12-31", "good")
    write(editor, "130402198207290622", qtbot)
    assert remarks[-1][1] == "problem"
    assert "校验位" in remarks[-1][0]
    assert editor.value() == "130402198207290622"


def test_a_member_of_an_enum_comes_back_as_the_member(make: Make, qtbot: QtBot) -> None:
    editor = make(told(Dimension))
    combo = main(editor)
    assert isinstance(combo, QComboBox)
    with qtbot.waitSignal(editor.edited):
        combo.setCurrentIndex(combo.findText(Dimension.SPACE.label))
        combo.activated.emit(combo.currentIndex())
    assert editor.value() is Dimension.SPACE


def test_a_choice_is_found_by_pinyin_initials_or_code(make: Make, kit: Kit, qtbot: QtBot) -> None:
    editor = make(told(str, codes="client_group"))
    combo = main(editor)
    assert isinstance(combo, QComboBox)
    qtbot.waitUntil(lambda: combo.count() == 3)
    for typed in ("djlr", "G13", "独居老人"):
        combo.setEditText(typed)
        assert editor.value() == "G13"
    combo.setEditText("不存在的")
    with pytest.raises(Unreadable):
        editor.value()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen
def test_pressing_the_words_of_a_choice_opens_the_list_and_typing_narrows_it(
    make: Make, kit: Kit, qtbot: QtBot
) -> None:
    editor = make(told(str, codes="client_group"))
    combo = main(editor)
    assert isinstance(combo, SearchCombo)
    qtbot.waitUntil(lambda: combo.count() == 3)
    QTest.mouseClick(combo.line, Qt.MouseButton.LeftButton)
    finder = combo.completer()
    assert finder is not None
    popup = finder.popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().rowCount() == 3
    QTest.keyClicks(combo.line, "djlr")
    qtbot.waitUntil(lambda: popup.model().rowCount() == 1)
    with qtbot.waitSignal(editor.edited):
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.value() == "G13"
    # Again with a choice made: all are offered, and the present one is marked.
    QTest.mouseClick(combo.line, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().rowCount() == 3
    assert popup.currentIndex().data() == "独居老人"


def test_a_hidden_code_is_offered_only_where_it_is_set(make: Make, add: Add, qtbot: QtBot) -> None:
    add(
        "code",
        list="old_list",
        code="X1",
        label="旧的",
        hidden=True,
        verified=True,
        built_in=False,
        position=1,
    )
    add(
        "code",
        list="old_list",
        code="X2",
        label="新的",
        hidden=False,
        verified=True,
        built_in=False,
        position=2,
    )
    editor = make(told(str, codes="old_list"))
    combo = main(editor)
    assert isinstance(combo, QComboBox)
    qtbot.waitUntil(lambda: combo.count() == 2)
    editor.show_value("X1")
    assert combo.currentText() == "旧的"
    assert editor.value() == "X1"


def test_several_codes_are_ticked_in_a_list(make: Make, qtbot: QtBot) -> None:
    editor = make(told(NeedResult, optional=False, many=True))
    editor.show_value(frozenset({NeedResult.POLICY}))
    line = main(editor)
    assert isinstance(line, QLineEdit)
    assert line.text() == "政策性"
    QTest.keyClick(line, Qt.Key.Key_Space)
    options = editor.findChild(QListView, "thing.part.options")
    assert isinstance(options, QListView)
    options.setCurrentIndex(options.model().index(1, 0))
    with qtbot.waitSignal(editor.edited):
        QTest.keyClick(options, Qt.Key.Key_Space)
    assert editor.value() == frozenset({NeedResult.POLICY, NeedResult.MEDICAL})
    assert all(isinstance(each, NeedResult) for each in editor.value())
    assert line.text() == "政策性、医疗性"


def test_yes_no_and_unknown_are_three(make: Make) -> None:
    plain, maybe = make(told(bool, optional=False)), make(told(bool))
    assert isinstance(main(plain), QCheckBox)
    plain.show_value(None)
    assert plain.value() is False
    for value in (None, True, False):
        maybe.show_value(value)
        assert maybe.value() is value


def test_a_link_is_picked_by_name_and_never_guessed(make: Make, add: Add, qtbot: QtBot) -> None:
    key = add("organisation", name="桃园志愿队")
    editor = make(told(str, link="organisation"))
    line = main(editor)
    assert isinstance(line, QLineEdit)
    write(editor, "桃园", qtbot)
    with pytest.raises(Unreadable, match="没有选中"):
        editor.value()
    qtbot.waitUntil(lambda: line.completer().completionModel().rowCount() == 1)
    popup = line.completer().popup()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.value() == key
    assert line.text() == "桃园志愿队"
    editor.show_value(None)
    editor.show_value(key)
    qtbot.waitUntil(lambda: line.text() == "桃园志愿队")
    assert editor.value() == key


def test_a_list_of_offers_closes_when_nothing_is_left_to_offer(make: Make, add: Add, qtbot: QtBot) -> None:
    add("organisation", name="桃园志愿队")
    editor = make(told(str, link="organisation"))
    line = main(editor)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    popup = line.completer().popup()
    assert popup is not None
    QTest.keyClicks(line, "ty")
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClicks(line, "xx")
    qtbot.waitUntil(popup.isHidden)
    assert line.text() == "tyxx"


def test_several_lines_keep_their_lines_and_enter_makes_one(make: Make, qtbot: QtBot) -> None:
    editor = make(told(str, kind=Kind.TEXT))
    box = main(editor)
    assert isinstance(box, QPlainTextEdit)
    box.insertPlainText("第一行")
    QTest.keyClick(box, Qt.Key.Key_Return)
    box.insertPlainText("第二行")
    assert editor.value() == "第一行\n第二行"


def test_a_box_of_lines_shows_them_whole_also_the_wrapped_ones(make: Make, qtbot: QtBot) -> None:
    editor = make(told(str, kind=Kind.TEXT))
    box = main(editor)
    assert isinstance(box, QPlainTextEdit)
    editor.resize(300, 60)
    editor.show_value("报警 110\n火警 119\n急救 120\n政务服务 12345")
    bar = box.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    editor.show_value("很长的一句话，" * 12)
    qtbot.waitUntil(lambda: box.document().begin().layout().lineCount() > 2)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_an_editor_that_cannot_show_and_tell_a_value_is_none(kit: Kit) -> None:
    class Half(Editor):
        @override
        def show_value(self, value: object) -> None:
            """Shows nothing."""

    with pytest.raises(TypeError, match="value"):
        Half(told(str), kit)  # type: ignore[abstract]  # that is what is tried


def test_a_calendar_gives_a_day(make: Make, qtbot: QtBot) -> None:
    editor = make(told(date))
    button = editor.findChild(QToolButton, "thing.part.calendar")
    assert isinstance(button, QToolButton)
    button.click()
    days = editor.findChild(QWidget, "thing.part.days")
    assert days is not None
    with qtbot.waitSignal(editor.edited):
        QTest.keyClick(days, Qt.Key.Key_Return)
        days.activated.emit(days.selectedDate())  # type: ignore[attr-defined]  # a QCalendarWidget
    assert editor.value() == date(2026, 11, 22)
