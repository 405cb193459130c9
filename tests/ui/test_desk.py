"""The hub and its three lanes."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.log import Crash
from stationdesk.core.progress import Progress
from stationdesk.services import records
from stationdesk.services.listing import Query, keys_of, row_of
from stationdesk.services.store import Store
from stationdesk.ui.desk import Desk
from stationdesk.ui.notices import Notice, Weight
from stationdesk.ui.tasks import Closed, Ticket, WrongThread
from stationdesk.ui.theme import Look

Add = Callable[..., Key]


class Heard(QObject):
    """Keeps what it is called with, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[object] = []
        self.threads: set[int] = set()

    def take(self, value: object) -> None:
        self.values.append(value)
        self.threads.add(threading.get_ident())


def test_what_was_read_comes_back_on_the_thread_of_the_window(desk: Desk, qtbot: QtBot) -> None:
    heard = Heard()
    desk.read(lambda _store: threading.get_ident(), then=heard.take)
    qtbot.waitUntil(lambda: bool(heard.values))
    assert heard.threads == {threading.get_ident()}
    assert heard.values != [threading.get_ident()]


def test_a_change_is_announced_before_its_callback(desk: Desk, resource: Add, qtbot: QtBot) -> None:
    key = resource(name="卫生院")
    heard = Heard()
    desk.changed.connect(lambda _changes: heard.take("announced"))
    change = changed("resource", key, {"name": "卫生院"}, {"name": "镇卫生院"})
    desk.change(records.save, change, then=lambda _changes: heard.take("called"), owner=heard)
    qtbot.waitUntil(lambda: len(heard.values) == 2)
    assert heard.values == ["announced", "called"]


def test_a_callback_is_dropped_when_its_owner_is_gone(desk: Desk, qtbot: QtBot) -> None:
    label, heard = QLabel(), Heard()
    hold = threading.Event()
    desk.read(lambda _store: hold.wait(5), then=lambda _found: heard.take("late"), owner=label)
    label.deleteLater()
    with qtbot.waitSignal(label.destroyed):
        pass
    hold.set()
    desk.read(lambda _store: None, then=lambda _found: heard.take("after"), owner=heard)
    qtbot.waitUntil(lambda: bool(heard.values))
    assert heard.values == ["after"]


def test_a_callback_without_an_owner_is_refused(desk: Desk) -> None:
    with pytest.raises(TypeError):
        desk.read(lambda _store: None, then=lambda _found: None)


def test_a_dropped_read_is_not_delivered(desk: Desk, qtbot: QtBot) -> None:
    heard = Heard()
    desk.read(lambda _store: "first", then=heard.take).drop()
    desk.read(lambda _store: "second", then=heard.take)
    qtbot.waitUntil(lambda: bool(heard.values))
    assert heard.values == ["second"]


def test_a_call_from_another_thread_never_reaches_a_lane(desk: Desk, qtbot: QtBot) -> None:
    ran, refused = Heard(), Heard()

    def call() -> None:
        try:
            desk.read(ran.take, then=ran.take)
        except WrongThread as error:
            refused.take(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert len(refused.values) == 1
    assert not desk.under_way
    assert not ran.values


def test_a_list_answers_while_something_is_written(desk: Desk, qtbot: QtBot) -> None:
    hold, heard = threading.Event(), Heard()

    def write(_store: Store) -> ChangeSet:
        hold.wait(5)
        return ChangeSet(Key(""), "")

    desk.change(write, then=lambda _changes: heard.take("written"), owner=heard)
    desk.read(keys_of, Query("resource"), then=lambda _keys: heard.take("read"), owner=heard)
    qtbot.waitUntil(lambda: bool(heard.values))
    hold.set()
    qtbot.waitUntil(lambda: len(heard.values) == 2)
    assert heard.values == ["read", "written"]


def test_what_a_person_can_mend_becomes_a_notice(desk: Desk, qtbot: QtBot) -> None:
    def refuse(_store: Store) -> ChangeSet:
        raise UserError("库存只有 {count} 件", count=3)

    with qtbot.waitSignal(desk.noticed) as told:
        desk.change(refuse)
    assert told.args == [Notice("库存只有 3 件", Weight.BAD)]


@pytest.mark.logs_expected
def test_a_bug_reaches_the_crash_signal_without_its_words(store: Store, look: Look, qtbot: QtBot) -> None:
    desk = Desk(store, look)

    def fail(_store: Store) -> ChangeSet:
        raise KeyError("张三的电话")

    with qtbot.waitSignal(desk.crashed) as told:
        desk.change(fail)
    desk.close()
    crash = told.args[0]
    assert isinstance(crash, Crash)
    assert crash.kind == "KeyError"
    assert "张三" not in crash.report


def test_long_work_is_seen_after_a_while_and_can_be_stopped(
    desk: Desk, store: Store, resource: Add, qtbot: QtBot
) -> None:
    key = resource(name="卫生院")
    seen = Heard()

    def work(store: Store, key: Key, progress: Progress) -> ChangeSet:
        with store.writing("改名") as open_work:
            open_work.write([Change("resource", key, {"name": "卫生院"}, {"name": "改了"})])
            for step in range(1_000_000):
                progress.step(step, 1_000_000)
                threading.Event().wait(0.001)
            return open_work.done()

    def cancel(ticket: Ticket) -> None:
        seen.take(ticket.title)
        ticket.cancel()

    desk.slow.connect(cancel)
    with qtbot.waitSignal(desk.noticed) as told:
        desk.change(work, key, title="改名")
    row = row_of(store, "resource", key)
    assert seen.values == ["改名"]
    assert told.args == [Notice("已取消：改名", Weight.PLAIN)]
    assert row is not None
    assert row.values["name"] == "卫生院"


def test_progress_tells_how_far_work_is(desk: Desk, qtbot: QtBot) -> None:
    def work(_store: Store, progress: Progress) -> str:
        progress.say("正在数")
        progress.step(7, 10)
        progress.step(10, 10)
        return "done"

    heard = Heard()
    ticket = desk.work(work, title="数一数", then=heard.take)
    qtbot.waitUntil(lambda: heard.values == ["done"])
    assert (ticket.sentence, ticket.done, ticket.total) == ("正在数", 10, 10)


def test_the_end_waits_for_what_is_written_and_refuses_more(store: Store, look: Look, qtbot: QtBot) -> None:
    desk, hold, heard = Desk(store, look), threading.Event(), Heard()

    def write(_store: Store) -> ChangeSet:
        hold.wait(5)
        return ChangeSet(Key(""), "")

    desk.change(write, then=lambda _changes: heard.take("written"), owner=heard)
    desk.finish(lambda: heard.take("finished"))
    with pytest.raises(Closed):
        desk.change(write)
    with pytest.raises(Closed):
        desk.work(lambda _store, **_progress: None, title="账本")
    desk.read(lambda _store: None, then=heard.take)
    assert heard.values == []
    hold.set()
    qtbot.waitUntil(lambda: len(heard.values) == 2)
    desk.close()
    assert heard.values == ["written", "finished"]
