from __future__ import annotations

import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field
from stationdesk.db.base import fields_of
from stationdesk.db.models import RECORDS
from stationdesk.services.imports import SURELY, ImportKind, Verdict, dry_run, plan_for, remember, run
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


def pasted(*rows: tuple[str, ...]) -> str:
    return "\r\n".join("\t".join(row) for row in rows)


PEOPLE = (
    ("1", "柳河村", "王秀兰", "女", "999999195001010028", "13800138000", "柳河村三组 5 号", "低保"),
    ("2", "东岗村", "李守林", "男", "999999194803010011", "13900139000", "东岗村四组", "特困人员、残疾人"),
    ("3", "柳河村", "欧阳春", "女", "", "", "柳河村二组 18 号", "低保"),
)


def test_rows_without_a_header_are_told_by_what_stands_in_them(store: Store) -> None:
    for name in ("柳河村", "东岗村"):
        add(store, "village", name=name)
    shown = columns("person", "code", "name", "sex", "phone")
    plan = pasted_plan(store, pasted(*PEOPLE), "person", shown)
    assert plan.mapping == (
        None,
        "household.village_key",
        "person.name",
        "person.sex",
        "person.id_number",
        "person.phone",
        "household.address",
        "person.groups",
    )
    sure = {guess.field.label for guess in plan.guesses if guess.field and guess.confidence >= SURELY}
    assert sure == {"村居", "姓名", "性别", "身份证号", "联系电话"}
    assert "没有表头" in plan.table.notes[0]
    assert "没有把握的列：G、H。" in plan.table.notes[0]
    assert "没看出来的列：A。" in plan.table.notes[0]


def test_the_order_of_the_list_is_not_believed_where_the_cells_say_otherwise(store: Store) -> None:
    shown = columns("person", "name", "phone", "sex")
    plan = pasted_plan(
        store, pasted(("13800138000", "王秀兰", "女"), ("13900139000", "李守林", "男")), "person", shown
    )
    assert plan.mapping == ("person.phone", "person.name", "person.sex")


def test_what_only_the_order_says_is_marked_as_a_guess(store: Store) -> None:
    shown = columns("village", "name", "code")
    plan = pasted_plan(store, "柳河村\t999999001201\n东岗村\t999999001202", "village", shown)
    assert [guess.confidence < SURELY for guess in plan.guesses] == [True, True]


def test_days_in_the_past_are_days_of_birth_and_others_of_the_visit(store: Store) -> None:
    plan = pasted_plan(
        store,
        pasted(("王秀兰", "1950-01-01"), ("李守林", "1948.3.1"), ("赵六", "1961年5月2日")),
        "person",
        (),
    )
    assert plan.mapping == ("person.name", "person.birth_date")
    plan = pasted_plan(store, pasted(("王秀兰", "2026-10-01"), ("李守林", "2026-10-02")), "visit", ())
    assert plan.mapping == ("visit.person_key", "visit.visited_on")


def test_another_kind_is_guessed_anew_and_what_was_learned_of_other_rows_is_not_used(store: Store) -> None:
    rows = pasted(("王秀兰", "13800138000"), ("李守林", "13900139000"))
    plan = pasted_plan(store, rows, "person", columns("person", "name"))
    remember(store, plan.mapped(None, "person.phone"))
    again = pasted_plan(store, pasted(("柳河村", "王秀兰"), ("柳河村", "李守林")), "person", ())
    assert again.remembered is None
    assert again.mapping[1] == "person.name"
    other = plan_for(store, plan.file, plan.workbook, ImportKind.NEEDS, plan.table.sheet, (1, 1))
    assert other.mapping[0] == "need.person_key"


def test_the_worker_may_still_say_that_the_first_row_is_the_header(store: Store) -> None:
    rows = pasted(("老乡", "号码", "备用"), ("王秀兰", "13800138000", ""), ("李守林", "13900139000", ""))
    plan = pasted_plan(store, rows, "person", columns("person", "name"))
    assert len(plan.table.rows) == 3
    other = plan_for(store, plan.file, plan.workbook, ImportKind.PEOPLE, plan.table.sheet, (2, 2))
    assert [column.label for column in other.table.columns] == ["老乡", "号码", "备用"]
    assert len(other.table.rows) == 2


def test_what_the_cells_do_not_say_is_proposed_in_the_order_of_the_list(store: Store) -> None:
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
    assert all(
        can_paste(record) for record in ("resource", "person", "household", "need", "village", "match")
    )
    assert not can_paste("worker")


@pytest.mark.parametrize("text", ["姓名\n" * 200_002, "张三\t" * 800 + "李四"])
def test_a_clipboard_with_more_than_a_file_may_hold_is_refused(store: Store, text: str) -> None:
    with pytest.raises(UserError, match="剪贴板里的内容太多"):
        pasted_plan(store, text, "person", columns("person", "name"))
