from __future__ import annotations

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.services.imports import ImportKind, Verdict, dry_run, run
from stationdesk.services.listing import Query, keys_of
from stationdesk.services.pasting import can_paste, pasted_plan
from stationdesk.services.store import Store
from tests.desk_station import add, read


def columns(record: str, *keys: str) -> tuple[Field, ...]:
    told = {each.key: each for each in fields_of(RECORDS[record])}
    return tuple(told[key] for key in keys)


def test_pasted_rows_with_a_header_come_in_like_a_file(store: Store) -> None:
    rows = (
        ("姓名", "性别", "身份证号", "居住地址"),
        ("王秀兰", "女", "999999195001010028", "柳河村三组"),
        ("李守林", "男", "", "柳河村四组"),
    )
    text = "\r\n".join("\t".join(row) for row in rows)
    plan = pasted_plan(store, text, "person", columns("person", "code", "name"))
    assert plan.kind is ImportKind.PEOPLE
    assert plan.mapping == ("person.name", "person.sex", "person.id_number", "household.address")
    assert len(plan.table.rows) == 2


def test_rows_without_a_header_are_taken_for_the_columns_of_the_list(store: Store) -> None:
    shown = columns("resource", "code", "name", "phone", "address")
    plan = pasted_plan(store, "便民理发\t13800000000\t柳河村口\n爱心菜铺\t\t柳河街2号\n", "resource", shown)
    assert plan.mapping == ("resource.name", "resource.phone", "resource.address")
    assert [row.cells[0] for row in plan.table.rows] == ["便民理发", "爱心菜铺"]


def test_as_many_columns_as_the_list_has_keep_their_places(store: Store) -> None:
    shown = columns("village", "name", "code")
    plan = pasted_plan(store, "柳河村\t999999001201\n东岗村\t999999001202", "village", shown)
    outcome = run(store, dry_run(store, plan))
    made = [read(store, "village", key) for key in keys_of(store, Query("village", order="name"))]
    assert {each["name"]: each["code"] for each in made} == {
        "柳河村": "999999001201",
        "东岗村": "999999001202",
    }
    assert len(outcome.keys("village")) == 2


def test_what_is_there_already_is_recognised(store: Store) -> None:
    add(store, "village", name="柳河村")
    dry = dry_run(
        store, pasted_plan(store, "村居名称\n柳河村\n新河村\n", "village", columns("village", "name"))
    )
    assert [row.verdict for row in dry.rows] == [Verdict.SAME, Verdict.NEW]


def test_a_cell_of_several_lines_stays_one_cell(store: Store) -> None:
    text = '资源名称\t提供的服务\n便民点\t"理发\n修鞋"\n'
    plan = pasted_plan(store, text, "resource", columns("resource", "name"))
    assert plan.table.rows[0].cells == ("便民点", "理发\n修鞋")


def test_an_empty_clipboard_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="没有表格"):
        pasted_plan(store, " \n\t\n", "village", columns("village", "name"))


def test_only_what_can_be_imported_can_be_pasted() -> None:
    assert all(can_paste(record) for record in ("resource", "person", "household", "need", "village"))
    assert not can_paste("match")


@pytest.mark.parametrize("text", ["姓名\n" * 200_002, "张三\t" * 800 + "李四"])
def test_a_clipboard_with_more_than_a_file_may_hold_is_refused(store: Store, text: str) -> None:
    with pytest.raises(UserError, match="剪贴板里的内容太多"):
        pasted_plan(store, text, "person", columns("person", "name"))
