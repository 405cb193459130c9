"""Column sets: a ledger as a station wants it, never looser than the ledger itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Guard
from stationdesk.core.vocab import Audience
from stationdesk.services import history
from stationdesk.services.ledgers import ledger
from stationdesk.services.ledgers.column_sets import (
    Layout,
    SetColumn,
    layouts_of,
    ledger_columns,
    remove_layout,
    save_layout,
    use_layout,
)
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)
SHORT = (
    SetColumn("person.phone", "手机"),
    SetColumn("person.name", "对象"),
    SetColumn("person.id_number", "证件"),
    SetColumn("person.birth_date", "生辰"),
    SetColumn("age"),
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


def only(town: Town, *shown: SetColumn) -> tuple[SetColumn, ...]:
    """These columns, and every other one of the roster hidden."""
    named = {each.key for each in shown}
    others = (each.key for each in ledger_columns(town.store, "roster") if each.key not in named)
    return (*shown, *(SetColumn(key, hidden=True) for key in others))


def rows(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name("服务对象花名册").to_python()[3:6]


def write(town: Town, audience: Audience, tmp_path: Path) -> list[list[Any]]:
    return rows(ledger(town.store, OCTOBER, audience, tmp_path / f"{audience.value}.xlsx").path)


def test_columns_are_renamed_put_in_order_and_hidden(town: Town, tmp_path: Path) -> None:
    save_layout(town.store, Layout("roster", "县里的", only(town, *SHORT), in_use=True))
    header, first, _second = write(town, Audience.INTERNAL, tmp_path)
    assert header == ["序号", "手机", "对象", "证件", "生辰", "年龄"]
    assert first[1:4] == ["13900000000", "王秀兰", "999999195001010018"]


def test_a_new_name_never_uncovers_what_is_guarded(town: Town, tmp_path: Path) -> None:
    save_layout(town.store, Layout("roster", "县里的", only(town, *SHORT), in_use=True))
    header, first, second = write(town, Audience.REPORT, tmp_path)
    assert header == ["序号", "手机", "对象", "证件", "年龄"]
    assert first[1:4] == ["139****0000", "王*", "999*************18"]
    assert second[2] == "小X（化名）"


def test_a_set_that_is_not_in_use_changes_nothing(town: Town, tmp_path: Path) -> None:
    before = write(town, Audience.INTERNAL, tmp_path)
    save_layout(town.store, Layout("roster", "县里的", only(town, *SHORT)))
    assert write(town, Audience.INTERNAL, tmp_path) == before


def test_one_set_at_a_time_is_in_use_and_it_can_be_left_again(town: Town) -> None:
    save_layout(town.store, Layout("roster", "甲", only(town, *SHORT), in_use=True))
    save_layout(town.store, Layout("roster", "乙", only(town, *SHORT), in_use=True))
    assert {each.name: each.in_use for each in layouts_of(town.store, "roster")} == {"甲": False, "乙": True}
    first = next(each for each in layouts_of(town.store, "roster") if each.name == "甲")
    use_layout(town.store, "roster", first.key)
    assert {each.name: each.in_use for each in layouts_of(town.store, "roster")} == {"甲": True, "乙": False}
    use_layout(town.store, "roster", None)
    assert not any(each.in_use for each in layouts_of(town.store, "roster"))
    assert first.key is not None
    remove_layout(town.store, first.key)
    assert [each.name for each in layouts_of(town.store, "roster")] == ["乙"]


def test_a_saved_set_is_changed_and_the_change_is_undone(town: Town) -> None:
    save_layout(town.store, Layout("roster", "甲", only(town, *SHORT)))
    (saved,) = layouts_of(town.store, "roster")
    save_layout(town.store, Layout("roster", "甲二", saved.columns, in_use=True, key=saved.key))
    assert [(each.name, each.in_use) for each in layouts_of(town.store, "roster")] == [("甲二", True)]
    history.undo(town.store)
    assert [(each.name, each.in_use) for each in layouts_of(town.store, "roster")] == [("甲", False)]


def test_a_column_that_the_ledger_gained_since_stands_at_the_end(town: Town) -> None:
    save_layout(town.store, Layout("roster", "甲", SHORT))
    (saved,) = layouts_of(town.store, "roster")
    assert saved.columns[: len(SHORT)] == tuple(each if each.label else SetColumn(each.key) for each in SHORT)
    assert len(saved.columns) == len(ledger_columns(town.store, "roster"))


def test_what_happens_to_a_column_outside_is_told_with_it(town: Town) -> None:
    told = {each.key: each.guard for each in ledger_columns(town.store, "roster")}
    assert (told["person.name"], told["person.health"], told["age"]) == (
        Guard.MASKED,
        Guard.DROPPED,
        Guard.OPEN,
    )


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (Layout("roster", " ", SHORT), "名称"),
        (Layout("nowhere", "甲", SHORT), "nowhere"),
        (Layout("roster", "甲", (SetColumn("age", hidden=True),)), "至少留一列"),
        (Layout("roster", "甲", (SetColumn("age"), SetColumn("person.sex", "年龄"))), "两列都叫"),
        (Layout("roster", "甲", (SetColumn("age"), SetColumn("age", "岁"))), "两次"),
        (Layout("roster", "甲", (SetColumn("age", "岁" * 31),)), "太长"),
    ],
)
def test_a_set_that_makes_no_ledger_is_refused_in_a_sentence(town: Town, layout: Layout, words: str) -> None:
    with pytest.raises(UserError, match=words):
        save_layout(town.store, layout)
    assert not layouts_of(town.store, "roster")


def test_a_name_is_given_once(town: Town) -> None:
    save_layout(town.store, Layout("roster", "甲", SHORT))
    with pytest.raises(UserError, match="已经有"):
        save_layout(town.store, Layout("roster", " 甲 ", SHORT))
