"""The form of a record: what it shows, what it gives, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.fields import Field, Key, Place, Spec
from stationdesk.core.vocab import Dimension, MapClass, Sex
from stationdesk.db.models import Household, Person, Resource, fields_of
from stationdesk.services import records
from stationdesk.services.listing import row_of
from stationdesk.services.store import Store
from stationdesk.ui.forms import Kit, RecordForm

Add = Callable[..., Key]
FIELDS = fields_of(Resource, Place.FORM)


@pytest.fixture
def form(kit: Kit, qtbot: QtBot) -> RecordForm:
    made = RecordForm("resource", FIELDS, kit, records.save)
    qtbot.addWidget(made)
    made.resize(620, 600)
    made.show()
    return made


@pytest.fixture
def opened(form: RecordForm, store: Store, resource: Add) -> RecordForm:
    """The form with a resource in it."""
    show(form, store, resource(name="卫生院", offer_text="看病"))
    return form


def show(form: RecordForm, store: Store, key: Key) -> None:
    row = row_of(store, "resource", key)
    assert row is not None
    form.show_record(key, row.values)


def line(form: RecordForm, name: str) -> QLineEdit:
    found = form.findChild(QLineEdit, f"resource.{name}")
    assert isinstance(found, QLineEdit)
    return found


def write(form: RecordForm, name: str, text: str) -> QLineEdit:
    """Type into a line as a person would."""
    where = line(form, name)
    where.setFocus()
    where.selectAll()
    where.insert(text)
    where.textEdited.emit(where.text())
    return where


def press(form: RecordForm, name: str) -> None:
    button = form.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    button.click()


def stored(store: Store, form: RecordForm, name: str) -> object:
    assert form.key is not None
    row = row_of(store, form.record, form.key)
    return None if row is None else row.values[name]


def test_the_change_holds_only_what_differs(opened: RecordForm) -> None:
    assert opened.change() is None
    write(opened, "name", "镇卫生院")
    write(opened, "offer_text", "看病")
    change = opened.change()
    assert change == Change("resource", opened.key or Key(""), {"name": "卫生院"}, {"name": "镇卫生院"})


def test_enter_saves_and_the_form_is_clean_again(opened: RecordForm, store: Store, qtbot: QtBot) -> None:
    told: list[bool] = []
    opened.unsaved_changed.connect(told.append)
    where = write(opened, "name", "镇卫生院")
    with qtbot.waitSignal(opened.saved):
        QTest.keyClick(where, Qt.Key.Key_Return)
    assert told == [True, False]
    assert stored(store, opened, "name") == "镇卫生院"


def test_a_new_record_starts_with_its_values_and_is_saved_whole(
    form: RecordForm, store: Store, qtbot: QtBot
) -> None:
    form.show_new(
        {**records.blank_of(store, "resource"), "dimension": Dimension.SPACE, "map_class": MapClass.CULTURE}
    )
    where = write(form, "name", "文化广场")
    with qtbot.waitSignal(form.saved):
        QTest.keyClick(where, Qt.Key.Key_Return)
    assert stored(store, form, "dimension") is Dimension.SPACE
    assert stored(store, form, "code") == "文-01"
    assert not form.is_new


def test_what_must_be_filled_is_said_at_the_field(form: RecordForm, store: Store, qtbot: QtBot) -> None:
    form.show_new(records.blank_of(store, "resource"))
    press(form, "resource_save")
    remark = form.findChild(QLabel, "resource.name.remark")
    assert isinstance(remark, QLabel)
    assert remark.text() == "请填“资源名称”"
    qtbot.waitUntil(line(form, "name").hasFocus)
    write(form, "name", "文化广场")
    assert not remark.isVisible()


def test_a_refused_save_keeps_what_was_typed(opened: RecordForm, store: Store, qtbot: QtBot) -> None:
    key = opened.key or Key("")
    change = changed("resource", key, {"name": "卫生院"}, {"name": "别人改的名"})
    assert change is not None
    records.save(store, change)
    where = write(opened, "name", "我改的名")
    QTest.keyClick(where, Qt.Key.Key_Return)
    qtbot.waitUntil(opened.refusal.isVisible)
    assert "没有保存" in opened.refusal.text
    assert where.text() == "我改的名"
    assert opened.unsaved
    assert stored(store, opened, "name") == "别人改的名"


def test_problems_told_by_field_stand_at_the_field(
    kit: Kit, store: Store, resource: Add, qtbot: QtBot
) -> None:
    form = RecordForm("resource", FIELDS, kit, records.save)
    qtbot.addWidget(form)
    form.show()
    show(form, store, resource(name="卫生院"))
    form.show_problems({"phone": "电话少一位"})
    remark = form.findChild(QLabel, "resource.phone.remark")
    assert isinstance(remark, QLabel)
    assert remark.text() == "电话少一位"
    assert remark.isVisible()
    qtbot.waitUntil(line(form, "phone").hasFocus)


def test_another_record_is_shown_only_after_the_worker_has_said_so(
    opened: RecordForm, store: Store, resource: Add, qtbot: QtBot
) -> None:
    first, other = opened.key, resource(name="学校")
    write(opened, "name", "没写完的名")
    asked: list[str] = []
    opened.ask_to_leave(lambda: asked.append("left"), lambda: asked.append("stayed"))
    assert not asked
    press(opened, "resource_leave_stay")
    assert asked == ["stayed"]
    assert line(opened, "name").text() == "没写完的名"
    opened.ask_to_leave(lambda: show(opened, store, other))
    press(opened, "resource_leave_save")
    qtbot.waitUntil(lambda: opened.key == other)
    row = row_of(store, "resource", first or Key(""))
    assert row is not None
    assert row.values["name"] == "没写完的名"
    assert line(opened, "name").text() == "学校"


def test_what_was_typed_can_be_given_up(opened: RecordForm, store: Store) -> None:
    write(opened, "name", "写错了")
    asked: list[str] = []
    opened.ask_to_leave(lambda: asked.append("left"))
    press(opened, "resource_leave_discard")
    assert asked == ["left"]
    assert line(opened, "name").text() == "卫生院"
    assert not opened.unsaved
    assert stored(store, opened, "name") == "卫生院"


def test_fresh_values_leave_an_edited_field_alone_and_still_notice_the_clash(
    opened: RecordForm, store: Store
) -> None:
    key = opened.key or Key("")
    write(opened, "name", "我改的名")
    for name, before, after in (("name", "卫生院", "别人改的名"), ("offer_text", "看病", "义诊")):
        change = changed("resource", key, {name: before}, {name: after})
        assert change is not None
        records.save(store, change)
    show(opened, store, key)
    assert line(opened, "name").text() == "我改的名"
    assert line(opened, "offer_text").text() == "义诊"
    change = opened.change()
    assert change is not None
    assert change.before == {"name": "卫生院"}


def test_escape_leaves_at_once_only_when_nothing_is_unsaved(opened: RecordForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.left):
        QTest.keyClick(line(opened, "name"), Qt.Key.Key_Escape)
    write(opened, "name", "改了")
    QTest.keyClick(line(opened, "name"), Qt.Key.Key_Escape)
    assert opened.leave_bar.isVisible()


def test_a_masked_value_is_in_no_editor_until_it_is_revealed(
    form: RecordForm, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院", phone="13800001234")
    row = row_of(store, "resource", key)
    assert row is not None
    values = {name: value for name, value in row.values.items() if name != "phone"}
    form.show_record(key, values, {"phone": "138****1234"})
    assert all("13800001234" not in each.text() for each in form.findChildren(QLineEdit))
    cover = line(form, "phone.masked")
    assert cover.isReadOnly()
    assert cover.text() == "138****1234"
    assert form.change() is None
    button = form.findChild(QToolButton, "resource.phone.reveal")
    assert isinstance(button, QToolButton)
    with qtbot.waitSignal(form.reveal_wanted) as told:
        button.click()
    assert told.args == ["phone"]
    form.reveal("phone", "13800001234")
    assert line(form, "phone").text() == "13800001234"
    assert form.change() is None


def test_what_a_number_tells_fills_only_what_is_empty(kit: Kit, qtbot: QtBot) -> None:
    form = RecordForm("person", fields_of(Person, Place.FORM), kit, records.save)
    qtbot.addWidget(form)
    form.show()
    form.show_new({"sex": None, "birth_date": date(1950, 1, 1)})
    number = form.findChild(QLineEdit, "person.id_number")
    assert isinstance(number, QLineEdit)
    number.setFocus()
    number.insert("11010519491231002X")
    number.textEdited.emit(number.text())
    number.editingFinished.emit()
    values = form.values()
    assert values["sex"] is Sex.FEMALE
    assert values["birth_date"] == date(1950, 1, 1)


def test_a_wrong_number_is_kept_only_with_its_mark(kit: Kit, add: Add, store: Store, qtbot: QtBot) -> None:
    household = add("household", village_key=add("village", name="石桥村"))
    form = RecordForm("person", fields_of(Person, Place.FORM), kit, records.save)
    qtbot.addWidget(form)
    form.show()
    form.show_new({**records.blank_of(store, "person"), "household_key": household})
    lines = [form.findChild(QLineEdit, f"person.{name}") for name in ("name", "id_number")]
    for where, text in zip(lines, ("赵六", "130402198207290622"), strict=True):
        assert isinstance(where, QLineEdit)
        where.insert(text)
        where.textEdited.emit(text)
    form.save()
    qtbot.waitUntil(form.refusal.isVisible)
    assert "号码待核" in form.refusal.text
    assert [where.text() for where in lines if where] == ["赵六", "130402198207290622"]
    form.boxes["id_doubtful"].editor.main.click()  # type: ignore[attr-defined]  # a check box
    with qtbot.waitSignal(form.saved):
        form.save()


def test_pages_come_from_the_fields_and_columns_from_the_width(opened: RecordForm, qtbot: QtBot) -> None:
    titles = list(dict.fromkeys(each.spec.page or "基本" for each in FIELDS))
    assert [opened.pages.tabText(place) for place in range(opened.pages.count())] == titles

    def columns() -> int:
        return len({box.x() for box in opened.boxes.values() if box.isVisible()})

    opened.resize(600, 600)
    qtbot.waitUntil(lambda: columns() == 1)
    opened.resize(1300, 600)
    qtbot.waitUntil(lambda: columns() == 2)


def test_every_editor_can_be_found_by_name_and_is_named_aloud(kit: Kit, qtbot: QtBot) -> None:
    for model in (Resource, Person, Household):
        form = RecordForm(model.__tablename__, fields_of(model, Place.FORM), kit, records.save)
        qtbot.addWidget(form)
        for box in form.boxes.values():
            assert box.editor.main.objectName() == box.field.name
            assert box.editor.main.accessibleName() == box.field.label


def test_a_field_that_is_told_once_needs_no_line_in_the_form(kit: Kit, qtbot: QtBot) -> None:
    told = Field("thing", "anything", int, optional=True, many=False, spec=Spec("新字段", unit="件"))
    written: list[Change] = []

    def save(_store: Store, change: Change) -> ChangeSet:
        written.append(change)
        return ChangeSet(Key(""), "")

    form = RecordForm("thing", (told,), kit, save)
    qtbot.addWidget(form)
    form.show()
    form.show_new()
    where = form.findChild(QLineEdit, "thing.anything")
    assert isinstance(where, QLineEdit)
    where.insert("12")
    where.textEdited.emit("12")
    with qtbot.waitSignal(form.saved):
        QTest.keyClick(where, Qt.Key.Key_Return)
    assert written == [created("thing", {"anything": 12}, written[0].key)]
