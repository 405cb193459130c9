"""An import is taken back as a whole, also much later, and tells what it left alone and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from typing_extensions import override

from stationdesk.core.changes import Change, created
from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.db.base import blank
from stationdesk.db.models import CodeRow, Household, Need, Person
from stationdesk.services.imports import (
    Decisions,
    ImportKind,
    dry_run,
    imports_of,
    last_import,
    redo_import,
    run,
    taken_back,
    undo_import,
)
from stationdesk.services.needs import result_named
from stationdesk.services.records import save
from stationdesk.services.store import Store
from tests.services.importing import new_station, proposed, table

HEAD = ["姓名", "村居", "居住地址", "与户主关系", "电话", "对象类别"]
PEOPLE = (
    ["张大山", "桃花村", "三组 5 号", "户主", "13800138000", "低保"],
    ["李桂兰", "桃花村", "三组 5 号", "配偶", None, None],
    ["王小川", "柳河村", "一组 1 号", "户主", None, None],
    ["赵五", "柳河村", "二组 2 号", "户主", None, None],
    [None, "柳河村", "二组 2 号", None, None, None],
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_station(tmp_path) as made:
        brought(made, ImportKind.VILLAGES, ["村居名称", "户数"], ["桃花村", 100], ["柳河村", 80])
        brought(made, ImportKind.PEOPLE, HEAD, *PEOPLE)
        yield made


def brought(store: Store, kind: ImportKind, *rows: list[Any], update: bool = False) -> None:
    run(store, dry_run(store, proposed(store, table(*rows), kind)), Decisions(update=update))


def person(store: Store, name: str) -> Person:
    with store.reading() as session:
        return session.scalars(select(Person).where(Person.name == name)).one()


def people(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_the_imports_are_listed_with_file_kind_counts_and_who(store: Store) -> None:
    newest, villages = imports_of(store)
    assert (newest.kind, villages.kind) == (ImportKind.PEOPLE, ImportKind.VILLAGES)
    assert newest.file.endswith(".xlsx")
    assert (newest.made, newest.updated, newest.same, newest.skipped, newest.refused) == (4, 0, 0, 0, 1)
    assert newest.actor == "张社工"
    assert newest.stands
    assert newest.batch == last_import(store).batch


def test_what_nobody_touched_is_reversed_and_told_by_name(store: Store) -> None:
    outcome = undo_import(store, last_import(store).batch)
    assert not outcome.kept
    assert people(store) == 0
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Household)) == 0
    words = {(each.kind, each.title.split()[0], each.what) for each in taken_back(store, outcome)}
    assert ("人员", "张大山", "删除了导入的记录") in words


def test_what_was_changed_or_is_in_use_since_is_kept_and_says_why(store: Store) -> None:
    zhang, wang = person(store, "张大山"), person(store, "王小川")
    save(store, Change("person", zhang.key, {"phone": "13800138000"}, {"phone": "13900139000"}))
    with store.reading() as session:
        item = session.scalars(select(CodeRow).where(CodeRow.list == "need_item")).first()
    assert item is not None
    told = {"person_key": wang.key, "item": item.code, "result": result_named(item.parent)}
    save(store, created("need", {**blank(Need), **told, "raised_on": store.clock.today()}))
    outcome = undo_import(store, last_import(store).batch)
    assert {each.name for each in everybody(store)} == {"张大山", "王小川"}
    kept = [each for each in taken_back(store, outcome) if each.is_kept]
    words = {(each.kind, each.title.split()[0]): each.why for each in kept}
    assert "13800138000 → 13900139000" in words["人员", "张大山"]
    assert "张社工 2026-11-05" in words["人员", "张大山"]
    assert "需求 需-0001" in words["人员", "王小川"]
    assert "属于保留的人员 张大山" in words["对象类别", "最低生活保障对象（低保）"]
    homes = [why for (kind, _title), why in words.items() if kind == "户"]
    assert len(homes) == 2
    assert any("人员 张大山" in why for why in homes)


def everybody(store: Store) -> list[Person]:
    with store.reading() as session:
        return list(session.scalars(select(Person)))


def test_changed_fields_go_back_one_by_one(store: Store) -> None:
    brought(store, ImportKind.PEOPLE, HEAD, [*PEOPLE[0][:4], "13700137000", None], update=True)
    outcome = undo_import(store, last_import(store).batch)
    assert person(store, "张大山").phone == "13800138000"
    (told,) = taken_back(store, outcome)
    assert told.what == "改回：联系电话：13700137000 → 13800138000"


def test_an_import_is_done_again_and_taken_back_again(store: Store) -> None:
    batch = last_import(store).batch
    undo_import(store, batch)
    with pytest.raises(UserError, match="已经撤销过"):
        undo_import(store, batch)
    assert not imports_of(store)[0].stands
    redo_import(store, batch)
    assert people(store) == 4
    assert person(store, "张大山").phone == "13800138000"
    with pytest.raises(UserError, match="没有撤销"):
        redo_import(store, batch)
    undo_import(store, batch)
    assert people(store) == 0


def test_the_import_before_the_last_can_be_taken_back(store: Store) -> None:
    brought(store, ImportKind.PEOPLE, HEAD, ["钱多", "柳河村", "九组", "户主", None, None])
    last, before, _villages = imports_of(store)
    undo_import(store, before.batch)
    assert {each.name for each in everybody(store)} == {"钱多"}
    assert last_import(store).batch == last.batch


class _Pressed(Progress):
    """Somebody who presses Cancel at once."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled

    @override
    def say(self, sentence: str) -> None:
        return


def test_cancel_leaves_the_import_as_it_is(store: Store) -> None:
    with pytest.raises(Cancelled):
        undo_import(store, last_import(store).batch, _Pressed())
    assert people(store) == 4
    assert last_import(store).stands


def test_with_nothing_imported_there_is_nothing_to_take_back(tmp_path: Path) -> None:
    with new_station(tmp_path / "空") as empty, pytest.raises(UserError, match="没有可以撤销的导入"):
        last_import(empty)


def test_of_a_long_import_only_what_was_touched_stays(store: Store) -> None:
    rows = [[f"钱{place}", "柳河村", f"{place} 号", "户主", None, "低保"] for place in range(60)]
    brought(store, ImportKind.PEOPLE, HEAD, *rows)
    touched, used = person(store, "钱7"), person(store, "钱8")
    save(store, Change("person", touched.key, {"phone": None}, {"phone": "13900139000"}))
    with store.reading() as session:
        item = session.scalars(select(CodeRow).where(CodeRow.list == "need_item")).first()
    assert item is not None
    told = {"person_key": used.key, "item": item.code, "result": result_named(item.parent)}
    save(store, created("need", {**blank(Need), **told, "raised_on": store.clock.today()}))
    outcome = undo_import(store, last_import(store).batch)
    assert {each.name for each in everybody(store)} - {row[0] for row in PEOPLE} == {"钱7", "钱8"}
    assert sorted(each.change.record for each in outcome.kept) == [
        *["household"] * 2,
        *["person"] * 2,
        *["person_category"] * 2,
    ]
    assert len(outcome.changes) == 58 * 3
    redo_import(store, imports_of(store)[0].batch)
    assert people(store) == 60 + 4
