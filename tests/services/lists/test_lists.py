"""Lists that go out, in a town whose figures are known by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.changes import Change
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Place
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Audience, Dimension, NeedStatus
from stationdesk.db.base import blank, fields_of
from stationdesk.db.models import RECORDS, AuditEntry, Need, Person, ResourceHuman, Station
from stationdesk.db.models.audit import AuditValues
from stationdesk.services.listing import Filter, Query
from stationdesk.services.lists import TITLES, ListOut, export_list, list_name
from stationdesk.services.release import Override
from stationdesk.sheets.leaks import PersonalNumber, personal_number
from tests.desk_station import edit
from tests.services.ledger_town import TODAY, Town, known_town

INTERNAL, REPORT = Audience.INTERNAL, Audience.REPORT


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The known town; tests that change it make their own."""
    town = known_town(tmp_path_factory.mktemp("station"))
    yield town
    town.store.close()


def written(town: Town, wanted: ListOut, folder: Path) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """The sheet of an exported list: all its rows, and those of the table by the labels of the header."""
    made = export_list(town.store, wanted, folder / "列表.xlsx")
    sheet = CalamineWorkbook.from_path(made.path).get_sheet_by_name(wanted.title).to_python()
    header = [str(cell).replace("\n", "") for cell in sheet[3]]
    rows = [dict(zip(header, row, strict=True)) for row in sheet[4:] if isinstance(row[0], float)]
    return sheet, rows


def test_the_list_as_filtered_is_the_table_of_the_workbook(town: Town, tmp_path: Path) -> None:
    query = Query(
        "need", filters=(Filter("status", frozenset({NeedStatus.TO_MATCH})),), order="code", descending=True
    )
    sheet, rows = written(town, ListOut(query, INTERNAL, ("code", "person_key", "item", "status")), tmp_path)
    assert [row["需求编号"] for row in rows] == ["X-003", "X-001"]
    assert [row["服务对象"] for row in rows] == ["李小明", "王秀兰"]
    head = " ".join(str(cell) for cell in sheet[2])
    assert "石桥镇社会工作服务站" in head
    assert "范围：需求状态：待对接" in head
    assert f"截至 {TODAY}，共 2 行" in head


@pytest.mark.parametrize("audience", [INTERNAL, REPORT])
def test_restricted_people_stand_in_no_list_that_leaves(
    town: Town, tmp_path: Path, audience: Audience
) -> None:
    for record in ("person", "household", "need", "match", "visit"):
        sheet, _rows = written(town, ListOut(Query(record), audience), tmp_path)
        text = "\n".join(str(cell) for row in sheet for cell in row)
        assert "赵某某" not in text
        assert not re.search("D-003|H-003|X-004|F-004", text)
        if record != "match":
            assert "另有 1 条涉及按规定限制查看的对象" in text


def test_a_list_that_leaves_is_masked(town: Town, tmp_path: Path) -> None:
    _sheet, rows = written(town, ListOut(Query("person", order="code"), REPORT), tmp_path)
    assert rows[0]["姓名"] == "王*"
    assert rows[1]["姓名"] == "小X（化名）"
    assert rows[0]["身份证号"] == "999*************18"
    assert not {"出生日期", "备注", "健康状况"} & set(rows[0])
    shown = ("code", "person_key", "item", "village", "waiting")
    sheet, rows = written(town, ListOut(Query("need", text="王秀兰"), REPORT, shown), tmp_path)
    assert {row["服务对象"] for row in rows} == {"王*"}
    assert personal_number("\n".join(str(cell) for row in sheet for cell in row)) is None
    assert "王秀兰" not in "".join(str(cell) for row in sheet for cell in row)
    assert "按文字查找" in "".join(map(str, sheet[2]))


def test_every_list_goes_out_with_every_field_of_its_sheet(town: Town, tmp_path: Path) -> None:
    for record, title in TITLES.items():
        if record in {"organisation", "sheet_edition", "copies_given"}:
            continue  # there is none in this town
        sheet, rows = written(town, ListOut(Query(record), INTERNAL), tmp_path)
        assert str(sheet[1][0]).endswith(title)
        assert set(rows[0]) >= {
            each.label for each in fields_of(RECORDS[record], Place.SHEET) if not each.spec.unit
        }
        assert len(rows[0]) == len(sheet[3])


def test_only_the_chosen_rows_go_out(town: Town, tmp_path: Path) -> None:
    wanted = ListOut(Query("village"), INTERNAL, ("name",), keys=(town.village,))
    sheet, rows = written(town, wanted, tmp_path)
    assert [row["村居名称"] for row in rows] == ["石桥村"]
    assert "选中的行" in "".join(map(str, sheet[2]))


def test_a_confidential_address_is_not_told(town: Town, tmp_path: Path) -> None:
    _sheet, rows = written(town, ListOut(Query("resource", order="code"), INTERNAL), tmp_path)
    by_code = {row["资源编号"]: row for row in rows}
    assert by_code["经-01"]["地址"] == "（保密）"


def test_nothing_tells_where_a_confidential_address_is(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    with town.store.reading() as session:
        station = session.scalars(select(Station)).one().key
    edit(town.store, "station", station, latitude=29.9, longitude=109.4)
    home = town.add("village", name="远山村")
    town.resource("空-01", "庇护所", confidential=True, village_key=home, latitude=29.98, longitude=109.48)
    columns = tuple(each.key for each in fields_of(RECORDS["resource"]))
    sheet, rows = written(town, ListOut(Query("resource"), INTERNAL, columns), tmp_path)
    shelter = next(row for row in rows if row["资源编号"] == "空-01")
    assert "远山村" not in str(sheet)
    assert not any(shelter[label] for label in ("村居", "位置精度", "纬度", "经度", "距站（公里）"))
    town.store.close()


def test_a_match_with_a_restricted_helper_stands_in_no_list(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    with town.store.reading() as session:
        hidden = session.scalars(select(Person.key).where(Person.name == "赵某某")).one()
        wanted = session.scalars(select(Need.key).where(Need.code == "X-001")).one()
    by = town.resource("人-01", "赵师傅", dimension=Dimension.PEOPLE)
    with town.store.writing("试验") as work:
        work.write([Change("resource_human", by, None, {**blank(ResourceHuman), "person_key": hidden})])
    town.match("P-009", wanted, by, TODAY)
    sheet, _rows = written(town, ListOut(Query("match"), INTERNAL), tmp_path)
    assert "赵师傅" not in str(sheet)
    assert "另有 1 条涉及按规定限制查看的对象" in str(sheet)
    town.store.close()


def test_an_export_is_on_record_before_the_file_is_there(town: Town, tmp_path: Path) -> None:
    export_list(town.store, ListOut(Query("village"), INTERNAL), tmp_path / "村.xlsx")
    with town.store.reading() as session:
        query = select(AuditEntry).where(AuditEntry.record == "village", AuditEntry.action == "export")
        entry = session.scalars(query.order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        told = session.get(AuditValues, entry.seq)
    assert told is not None
    assert "村居名册（内部使用，全部，1 行）到“村.xlsx”" in json.loads(told.values)["sentence"]


def test_a_full_number_in_a_report_refuses_the_file_and_the_log(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    town.resource("医-09", "好人好事 13912345678")
    with pytest.raises(PersonalNumber):
        export_list(town.store, ListOut(Query("resource"), REPORT), tmp_path / "资源.xlsx")
    assert not (tmp_path / "资源.xlsx").exists()
    with town.store.reading() as session:
        assert not session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    town.store.close()


def test_an_empty_list_is_refused(town: Town, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="列表是空的"):
        export_list(town.store, ListOut(Query("organisation"), INTERNAL), tmp_path / "空.xlsx")


class _Impatient(NoProgress):
    """Stops at the first step."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled


def test_a_cancelled_export_leaves_nothing(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    for number in range(300):
        town.resource(f"便-{number:03}", f"便民点{number}")
    with pytest.raises(Cancelled):
        export_list(town.store, ListOut(Query("resource"), INTERNAL), tmp_path / "a.xlsx", _Impatient())
    assert [path.name for path in tmp_path.iterdir()] == ["石桥站"]
    town.store.close()


def test_the_name_of_a_list_says_whose_what_when_and_for_whom() -> None:
    wanted = ListOut(Query("person"), REPORT)
    assert list_name("石桥镇", wanted, TODAY, ".xlsx") == "石桥镇社工站_服务对象名册_2026-11-05_上报.xlsx"


def test_a_minor_named_in_a_report_refuses_it_until_somebody_answers_for_it(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    town.resource("便-09", "李小明奶奶的菜铺")
    wanted = ListOut(Query("resource"), REPORT, ("code", "name"))
    with pytest.raises(PersonalNumber, match="未成年人姓名"):
        export_list(town.store, wanted, tmp_path / "资源.xlsx")
    assert not (tmp_path / "资源.xlsx").exists()
    made = export_list(
        town.store, wanted, tmp_path / "资源.xlsx", override=Override("店名登记在工商，不是指孩子")
    )
    assert made.path.exists()
    with town.store.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.record == "resource", AuditEntry.action != "new")
        assert list(session.scalars(query.order_by(AuditEntry.seq))) == ["export", "release"]
    town.store.close()
