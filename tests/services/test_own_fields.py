"""The station's own fields: told once by the worker, and from then on like any other field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stationdesk.core.changes import Change, changed, created
from stationdesk.core.errors import Stale, UserError
from stationdesk.core.fields import Field, Guard, Key, Place, text_of
from stationdesk.core.vocab import OwnGuard, OwnKind
from stationdesk.db.base import blank, fields_of
from stationdesk.db.models import RECORDS
from stationdesk.services import codes, history, listing, records, safety
from stationdesk.services.book import book_of
from stationdesk.services.own_fields import (
    RECORDS_WITH_ROOM,
    OwnField,
    Wish,
    add_field,
    edit_field,
    hide_field,
    move_field,
    own_fields_of,
    pages_of,
)
from stationdesk.services.search import search
from stationdesk.services.store import Store
from tests.desk_station import add, edit, new_station, read
from tests.services.desk_town import add_all

SAMPLES: dict[OwnKind, tuple[Any, str]] = {
    OwnKind.LINE: ("城建〔2026〕7 号", "城建〔2026〕7 号"),
    OwnKind.TEXT: ("第一行\n第二行", "第一行\n第二行"),
    OwnKind.NUMBER: (Decimal("3.00"), "3"),
    OwnKind.MONEY: (Decimal("1200.50"), "1200.50"),
    OwnKind.DATE: (date(2026, 5, 6), "2026-05-06"),
    OwnKind.YES_NO: (False, "否"),
    OwnKind.CHOICE: ("02", "中风险"),
    OwnKind.CHOICES: (frozenset({"01", "03"}), "低风险、高风险"),
}
"""A value of every kind and how people read it."""

OPTIONS = ("低风险", "中风险", "高风险")


def own(store: Store, record: str, label: str, kind: OwnKind = OwnKind.LINE, **ticks: Any) -> OwnField:
    """A field added as the settings page does."""
    add_field(store, record, Wish(label, kind, OPTIONS if kind.has_options else (), **ticks))
    return next(each for each in own_fields_of(store, record) if each.wish.label == label)


def told(store: Store, record: str, slot: str) -> Field:
    with store.reading():
        return next(each for each in fields_of(RECORDS[record]) if each.key == slot)


def village(store: Store, **values: Any) -> Key:
    return add(store, "village", name="柳河村", **values)


@pytest.mark.parametrize("kind", list(SAMPLES))
def test_a_value_of_every_kind_is_saved_read_told_in_the_history_and_taken_back(
    store: Store, kind: OwnKind
) -> None:
    slot = own(store, "village", "风险", kind).slot
    key = village(store)
    value, words = SAMPLES[kind]
    edit(store, "village", key, **{slot: value})
    assert read(store, "village", key)[slot] == value
    assert text_of(told(store, "village", slot), value, book_of(store)) == words
    assert history.history_of(store, "village", key)[0].sentence == f"风险：空 → {words}"
    history.undo(store)
    assert read(store, "village", key)[slot] is None
    history.redo(store)
    assert read(store, "village", key)[slot] == value


@pytest.mark.parametrize("record", RECORDS_WITH_ROOM)
def test_every_record_that_people_fill_in_takes_fields_on_its_form(store: Store, record: str) -> None:
    slot = own(store, record, "本站编号").slot
    field = told(store, record, slot)
    assert field in fields_of(RECORDS[record], Place.FORM)
    assert field in fields_of(RECORDS[record], Place.IMPORT)
    assert field not in fields_of(RECORDS[record], Place.POPUP | Place.TABLE | Place.SLIP | Place.PRINT)
    assert field.spec.page == "自定义"


def test_ticks_say_where_a_field_stands(store: Store) -> None:
    slot = own(store, "visit", "天气", on_form=False, in_ledger=False, on_slip=True, on_print=True).slot
    places = told(store, "visit", slot).spec.places
    assert Place.SLIP in places
    assert Place.PRINT in places
    assert not places & (Place.FORM | Place.IMPORT | Place.SHEET | Place.TABLE | Place.POPUP)


def test_a_field_stands_on_the_page_of_the_form_that_was_named(store: Store) -> None:
    page = pages_of("household")[2]
    assert told(store, "household", own(store, "household", "灶台", page=page).slot).spec.page == page
    assert told(store, "household", own(store, "household", "门牌", page="基本").slot).spec.page == ""


def test_masks_and_guards_are_the_worker_s_choice(store: Store) -> None:
    masked = told(store, "person", own(store, "person", "绰号", guard=OwnGuard.MASKED).slot).spec
    assert masked.guard is Guard.MASKED
    assert masked.mask is not None
    assert masked.mask("铁蛋") == "铁*"
    assert told(store, "person", own(store, "person", "信仰").slot).spec.guard is Guard.DROPPED


def test_a_new_record_has_the_field_and_starts_without_a_value(store: Store) -> None:
    slot = own(store, "village", "书记").slot
    assert records.blank_of(store, "village")[slot] is None
    assert read(store, "village", village(store, **{slot: "赵"}))[slot] == "赵"


# What two stations tell


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A second station, opened after the first."""
    opened = new_station(tmp_path / "另一站")
    yield opened
    opened.close()


def test_two_open_stations_do_not_see_each_other_s_fields(store: Store, other: Store) -> None:
    mine = own(store, "village", "书记")
    theirs = own(other, "village", "人口", OwnKind.NUMBER)
    key = village(store, **{mine.slot: "赵"})
    with store.reading():
        assert [each.label for each in fields_of(RECORDS["village"]) if each.key.startswith("own_")] == [
            "书记"
        ]
    assert mine.slot in listing.rows_of(store, "village", [key]).rows[0].values
    assert theirs.slot not in listing.rows_of(store, "village", [key]).rows[0].values
    with pytest.raises(Stale, match="自定义字段"):
        records.save(store, Change("village", key, {theirs.slot: None}, {theirs.slot: Decimal(3)}))


def test_outside_of_a_session_the_station_opened_last_is_told_and_then_the_one_before(tmp_path: Path) -> None:
    def labels() -> set[str]:
        return {each.label for each in fields_of(RECORDS["village"])}

    first, second = new_station(tmp_path / "甲"), new_station(tmp_path / "乙")
    own(first, "village", "书记")
    own(second, "village", "人口")
    assert "人口" in labels()
    assert "书记" not in labels()
    second.close()
    assert "书记" in labels()
    first.close()
    assert not labels() & {"书记", "人口"}


def test_fields_are_there_again_when_the_station_is_opened_again(tmp_path: Path) -> None:
    opened = new_station(tmp_path / "站")
    slot = own(opened, "village", "书记").slot
    opened.close()
    from stationdesk.services.stations import open_station

    again = open_station(tmp_path / "站")
    assert slot in {each.key for each in fields_of(RECORDS["village"])}
    again.close()


# Options


def test_an_option_that_is_renamed_is_renamed_wherever_it_stands(store: Store) -> None:
    field = own(store, "village", "风险", OwnKind.CHOICE)
    key = village(store, **{field.slot: "02"})
    entry = next(each for each in codes.entries_of(store, field.list_name) if each.label == "中风险")
    codes.rename_code(store, entry.key, "需要留意")
    assert read(store, "village", key)[field.slot] == "02"
    assert text_of(told(store, "village", field.slot), "02", book_of(store)) == "需要留意"
    assert [hit.key for hit in search(store, "需要留意")] == [key]


def test_options_are_an_editable_list_among_the_others(store: Store) -> None:
    field = own(store, "village", "风险", OwnKind.CHOICES)
    listed = next(each for each in codes.lists_of(store) if each.name == field.list_name)
    assert (listed.title, listed.rows, listed.unverified) == ("村居：风险", 3, 0)
    codes.add_code(store, field.list_name, "不清楚")
    assert [each.code for each in codes.entries_of(store, field.list_name)] == ["01", "02", "03", "04"]
    assert codes.lists_of(store)[-1].unverified == 0


def test_a_choice_without_options_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="每行一个"):
        add_field(store, "village", Wish("风险", OwnKind.CHOICE, (" ", "")))


def test_more_options_come_behind_those_that_are_there(store: Store) -> None:
    field = own(store, "village", "风险", OwnKind.CHOICE)
    edit_field(store, field.key, Wish("风险", OwnKind.CHOICE, (*OPTIONS, "极高")))
    assert [each.label for each in codes.entries_of(store, field.list_name)] == [*OPTIONS, "极高"]


# Names, kinds, room


@pytest.mark.parametrize(
    ("label", "why"), [("", "请填写字段名称"), ("村居代码", "程序已有的字段"), (" 书记 ", "已经加过了")]
)
def test_a_name_is_needed_and_belongs_to_one_field(store: Store, label: str, why: str) -> None:
    own(store, "village", "书记")
    with pytest.raises(UserError, match=why):
        add_field(store, "village", Wish(label))


def test_a_hidden_field_of_that_name_is_to_be_shown_again(store: Store) -> None:
    hide_field(store, own(store, "village", "书记").key, hidden=True)
    with pytest.raises(UserError, match="请恢复它"):
        add_field(store, "village", Wish("书记"))


def test_the_same_name_may_stand_in_two_kinds_of_record(store: Store) -> None:
    own(store, "village", "书记")
    own(store, "organisation", "书记")


def test_a_full_room_says_so(store: Store) -> None:
    for number in range(6):
        own(store, "village", f"日期 {number}", OwnKind.DATE)
    with pytest.raises(UserError, match="最多 6 个"):
        add_field(store, "village", Wish("又一个日期", OwnKind.DATE))
    own(store, "village", "文字还有地方")


def test_a_hidden_field_keeps_its_place(store: Store) -> None:
    first = own(store, "village", "书记")
    hide_field(store, first.key, hidden=True)
    assert own(store, "village", "会计").slot != first.slot


def test_a_line_may_become_a_text_and_not_a_date_once_it_is_filled(store: Store) -> None:
    field = own(store, "village", "说明")
    village(store, **{field.slot: "靠河"})
    edit_field(store, field.key, Wish("说明", OwnKind.TEXT))
    assert own_fields_of(store, "village")[0].slot == field.slot
    for kind in (OwnKind.DATE, OwnKind.LINE, OwnKind.CHOICE):
        with pytest.raises(UserError, match="已经填过内容"):
            edit_field(store, field.key, Wish("说明", kind, OPTIONS))


def test_what_was_filled_and_emptied_still_keeps_the_kind(store: Store) -> None:
    field = own(store, "village", "说明")
    key = village(store, **{field.slot: "靠河"})
    edit(store, "village", key, **{field.slot: None})
    with pytest.raises(UserError, match="已经填过内容"):
        edit_field(store, field.key, Wish("说明", OwnKind.DATE))


def test_the_kind_of_a_field_that_nobody_filled_changes(store: Store) -> None:
    field = own(store, "village", "说明")
    village(store)
    edit_field(store, field.key, Wish("说明", OwnKind.DATE))
    moved = own_fields_of(store, "village")[0]
    assert told(store, "village", moved.slot).type is date
    key = village(store, code="999999000001", **{moved.slot: date(2026, 1, 2)})
    # A value stands in the new place now: the change of the kind is not taken back over it.
    step = next(batch for batch, entry in history.recent(store) if entry.sentence.startswith("修改自定义"))
    with pytest.raises(UserError, match="没有撤销"):
        history.undo(store, step)
    assert read(store, "village", key)[moved.slot] == date(2026, 1, 2)


def test_fields_are_moved_and_stand_so_on_the_form(store: Store) -> None:
    for label in ("甲", "乙", "丙"):
        own(store, "village", label)
    move_field(store, own_fields_of(store, "village")[2].key, -2)
    assert [each.wish.label for each in own_fields_of(store, "village")] == ["丙", "甲", "乙"]
    labels = [each.label for each in fields_of(RECORDS["village"], Place.FORM)]
    assert labels[-3:] == ["丙", "甲", "乙"]


# Undo


def test_a_field_that_is_taken_back_is_hidden_and_keeps_what_was_filled(store: Store) -> None:
    field = own(store, "village", "风险", OwnKind.CHOICE)
    key = village(store, **{field.slot: "01"})
    step = next(batch for batch, entry in history.recent(store) if "增加字段" in entry.sentence)
    history.undo(store, step)
    assert own_fields_of(store, "village")[0].hidden
    assert field.slot not in {each.key for each in fields_of(RECORDS["village"], Place.FORM)}
    hide_field(store, field.key, hidden=False)
    assert read(store, "village", key)[field.slot] == "01"
    assert len(codes.entries_of(store, field.list_name)) == 3


def test_a_record_is_not_undone_over_what_was_filled_in_since(store: Store) -> None:
    key = village(store)
    step = history.recent(store)[0][0]
    field = own(store, "village", "书记")
    edit(store, "village", key, **{field.slot: "赵"})
    with pytest.raises(UserError, match="没有撤销"):
        history.undo(store, step)
    assert read(store, "village", key)[field.slot] == "赵"


def test_a_record_that_is_removed_comes_back_with_its_own_fields(store: Store) -> None:
    field = own(store, "village", "书记")
    key = village(store, **{field.slot: "赵"})
    records.remove(store, "village", key)
    history.undo(store)
    assert read(store, "village", key)[field.slot] == "赵"


def test_the_history_tells_a_hidden_field_in_words(store: Store) -> None:
    field = own(store, "village", "书记")
    key = village(store)
    edit(store, "village", key, **{field.slot: "赵"})
    hide_field(store, field.key, hidden=True)
    assert history.history_of(store, "village", key)[0].sentence == "书记：空 → 赵"


# Two at once


def test_two_readers_who_fill_different_fields_do_not_meet(store: Store) -> None:
    first, second = own(store, "village", "书记").slot, own(store, "village", "会计").slot
    key = village(store)
    stored = read(store, "village", key)
    for slot, name in ((first, "赵"), (second, "钱")):
        change = changed("village", key, stored, {slot: name})
        assert change is not None
        records.save(store, change)
    now = read(store, "village", key)
    assert (now[first], now[second]) == ("赵", "钱")


def test_two_readers_who_fill_the_same_field_are_told(store: Store) -> None:
    slot = own(store, "village", "书记").slot
    key = village(store)
    stored = read(store, "village", key)
    edit(store, "village", key, **{slot: "赵"})
    stale = changed("village", key, stored, {slot: "钱"})
    assert stale is not None
    with pytest.raises(Stale, match="书记"):
        records.save(store, stale)


# Search and filter


def test_words_of_a_field_are_found_until_it_is_hidden(store: Store) -> None:
    field = own(store, "village", "书记")
    key = village(store, **{field.slot: "欧阳建国"})
    assert [hit.key for hit in search(store, "欧阳建")] == [key]
    hide_field(store, field.key, hidden=True)
    assert not search(store, "欧阳建")
    assert all(finding.is_good for finding in safety.check(store))
    hide_field(store, field.key, hidden=False)
    assert [hit.key for hit in search(store, "欧阳建")] == [key]


def test_a_list_is_filtered_by_an_own_field(store: Store) -> None:
    choice, number = (
        own(store, "village", "风险", OwnKind.CHOICES),
        own(store, "village", "户数", OwnKind.NUMBER),
    )
    key = village(store, **{choice.slot: frozenset({"03"}), number.slot: Decimal(40)})
    add(store, "village", name="东岗村")

    def found(*filters: listing.Filter) -> tuple[Key, ...]:
        return listing.keys_of(store, listing.Query("village", filters=filters))

    assert found(listing.Filter(choice.slot, frozenset({"03"}))) == (key,)
    assert found(listing.Filter(number.slot, low=Decimal(30))) == (key,)
    assert not found(listing.Filter(number.slot, low=Decimal(50)))


def test_a_backup_brings_fields_and_values_back(store: Store, tmp_path: Path) -> None:
    field = own(store, "village", "风险", OwnKind.CHOICE)
    key = village(store, **{field.slot: "02"})
    path, _manifest = safety.backup(store, tmp_path / "备份.sdbackup")
    safety.restore(tmp_path / "恢复", path)
    from stationdesk.services.stations import open_station

    restored = open_station(tmp_path / "恢复")
    assert own_fields_of(restored, "village")[0].wish.label == "风险"
    assert read(restored, "village", key)[field.slot] == "02"
    restored.close()


def test_records_without_room_are_refused(store: Store) -> None:
    with pytest.raises(UserError, match="不能加"):
        add_field(store, "worker", Wish("工号"))
    assert created("village", {}).record in RECORDS_WITH_ROOM


def test_removing_many_loses_nothing_that_was_told_since_they_were_read(store: Store) -> None:
    keys = add_all(store, "village", [{"name": f"第{number}村"} for number in range(150)])
    before = {key: read(store, "village", key) for key in keys}
    told_then = tuple(blank(RECORDS["village"]))
    slot = own(store, "village", "证号").slot
    edit(store, "village", keys[0], **{slot: "鄂-7"})

    removals = [
        Change("village", key, {name: values[name] for name in told_then}, None)
        for key, values in before.items()
    ]
    with pytest.raises(Stale), store.writing("删除") as work:
        work.write(removals)
    with store.writing("删除") as work:
        work.write(removals, keep_stale=True)
        kept = work.done().kept

    assert [each.change.key for each in kept] == [keys[0]]
    assert read(store, "village", keys[0])[slot] == "鄂-7"
