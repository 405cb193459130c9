"""The ledgers of October 2026 in a town whose figures are known by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import Audience, VisitOutcome
from stationdesk.db.models import AuditEntry
from stationdesk.services.ledgers import LedgerReport, ledger
from stationdesk.sheets.checking import PersonalNumber, personal_number
from tests.hostile import STRINGS
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The known town; tests that change it make their own."""
    town = known_town(tmp_path_factory.mktemp("station"))
    yield town
    town.store.close()


@pytest.fixture(scope="module")
def internal(town: Town, tmp_path_factory: pytest.TempPathFactory) -> LedgerReport:
    """The workbook for the station itself."""
    return ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path_factory.mktemp("out") / "内部.xlsx")


@pytest.fixture(scope="module")
def report(town: Town, tmp_path_factory: pytest.TempPathFactory) -> LedgerReport:
    """The workbook for the county."""
    return ledger(town.store, OCTOBER, Audience.REPORT, tmp_path_factory.mktemp("out") / "上报.xlsx")


def table(path: Path, title: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the labels of its header."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    header = [str(cell).replace("\n", "") for cell in rows[3]]
    return [dict(zip(header, row, strict=True)) for row in rows[4:] if isinstance(row[0], float)]


def text_of(path: Path) -> str:
    """Everything that stands in a workbook."""
    workbook = CalamineWorkbook.from_path(path)
    sheets = (workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names)
    return "\n".join(str(cell) for rows in sheets for row in rows for cell in row)


def figures(path: Path) -> dict[tuple[str, str], list[Any]]:
    """The three figures of each monthly line, by label and unit."""
    return {
        (row["指标"], row["单位"]): [row["本月"], row["上月"], row["本年累计"]]
        for row in table(path, "月报表")
    }


def test_one_workbook_holds_all_sheets_of_the_month(internal: LedgerReport) -> None:
    assert [(sheet.title, sheet.rows) for sheet in internal.sheets][:8] == [
        ("服务对象花名册", 2),
        ("需求台账", 4),
        ("资源库台账", 2),
        ("资源链接登记", 3),
        ("走访台账", 3),
        ("走访计划表", 1),
        ("社区社会组织登记", 0),
        ("村居基本情况", 1),
    ]
    assert [sheet.title for sheet in internal.sheets][8:] == ["月报表", "图表"]


def test_the_roster_lists_who_is_on_file_at_the_end_of_the_month(internal: LedgerReport) -> None:
    rows = table(internal.path, "服务对象花名册")
    assert [row["姓名"] for row in rows] == ["王秀兰", "李小明"]
    assert rows[0]["年龄"] == 76
    assert rows[0]["身份证号"] == "999999195001010018"
    assert rows[0]["对象类别"] == "最低生活保障对象（低保）、独居老人"
    assert rows[0]["兜底类型"] == "最低生活保障对象（低保）"
    assert rows[0]["最近走访日期"] == date(2026, 10, 19)
    assert rows[1]["最近走访日期"] == ""


def test_people_of_restricted_groups_are_counted_and_never_listed(
    internal: LedgerReport, report: LedgerReport
) -> None:
    for made in (internal, report):
        text = text_of(made.path)
        assert "赵某某" not in text
        assert "家暴" not in text
        assert {sheet.name: sheet.withheld for sheet in made.sheets} == {
            "roster": 1,
            "needs": 1,
            "resources": 0,
            "links": 0,
            "visits": 1,
            "plan": 1,
            "organisations": 0,
            "villages": 0,
            "monthly": 0,
            "charts": 0,
        }
    assert figures(internal.path)[("在册人数", "人")][0] == 3


def test_a_report_holds_no_name_number_or_address_in_full(report: LedgerReport) -> None:
    text = text_of(report.path)
    for secret in ("王秀兰", "李小明", "孙建国", "999999195001010018", "13900000000", "13911112222", "18号"):
        assert secret not in text
    assert personal_number(text) is None
    rows = table(report.path, "服务对象花名册")
    assert rows[0]["姓名"] == "王*"
    assert rows[0]["身份证号"] == "999*************18"
    assert rows[1]["姓名"] == "小X（化名）"
    assert "出生日期" not in rows[0]
    assert "备注" not in rows[0]
    assert [row["受益对象"] for row in table(report.path, "资源链接登记")] == ["王*", "王*", "小X（化名）"]


def test_the_head_says_how_the_file_is_to_be_handled(internal: LedgerReport, report: LedgerReport) -> None:
    assert "内部资料" in text_of(internal.path)
    assert "内部资料" not in text_of(report.path)
    assert "填表人：张社工" in text_of(internal.path)


def test_needs_of_the_month_and_older_open_ones_stand_as_they_were_at_its_end(internal: LedgerReport) -> None:
    rows = {row["需求编号"]: row for row in table(internal.path, "需求台账")}
    assert list(rows) == ["X-001", "X-005", "X-002", "X-003"]
    assert rows["X-005"]["服务对象（户）"] == "石桥村"
    assert rows["X-005"]["状态"] == "待对接"  # met two days after the month
    assert rows["X-002"]["状态"] == "已满足"
    assert rows["X-002"]["对接资源"] == "慈善救助金、石桥卫生院"
    assert rows["X-002"]["完成日期"] == date(2026, 10, 20)
    assert rows["X-002"]["数量/金额"] == "300.00 元"


def test_resources_are_those_known_then_and_a_confidential_address_is_not_told(
    internal: LedgerReport,
) -> None:
    rows = {row["资源编号"]: row for row in table(internal.path, "资源库台账")}
    assert set(rows) == {"医-01", "经-01"}
    assert (rows["医-01"]["本月对接次数"], rows["医-01"]["累计对接"]) == (1, 2)
    assert rows["经-01"]["地址"] == "（保密）"


def test_a_failed_match_is_listed_and_adds_nothing(internal: LedgerReport) -> None:
    rows = {row["对接编号"]: row for row in table(internal.path, "资源链接登记")}
    assert rows["P-003"]["完成情况"] == "未成"
    assert rows["P-003"]["折价/金额（元）"] == ""
    sheet = CalamineWorkbook.from_path(internal.path).get_sheet_by_name("资源链接登记").to_python()
    (total,) = [row for row in sheet if row[0] == "合计"]
    assert 345.5 in total


def test_nobody_home_is_listed_and_is_no_completed_visit(internal: LedgerReport) -> None:
    rows = {row["走访编号"]: row for row in table(internal.path, "走访台账")}
    assert (rows["F-003"]["走访结果"], rows["F-003"]["人次"]) == ("家中无人", 0)
    assert rows["F-001"]["人次"] == 2
    lines = figures(internal.path)
    assert lines[("走访", "户次")] == [3, 1, 4]
    assert lines[("未见到人（不计入走访）", "次")] == [1, 0, 1]


@pytest.mark.parametrize(
    ("label", "unit", "expected"),
    [
        ("在册户数", "户", [3, 3, "—"]),
        ("在册人数", "人", [3, 3, "—"]),
        ("新增服务对象档案", "人", [1, 0, 1]),
        ("销档", "人", [1, 0, 1]),
        ("农村留守儿童", "户", [1, 0, "—"]),
        ("其中：电访、微信", "户次", [1, 0, 1]),
        ("走访户数", "户", [2, 1, 2]),
        ("走访人次", "人次", [4, 1, 5]),
        ("走访覆盖率", "%", [0.6667, 0.3333, 0.6667]),
        ("逾期未访", "户", [0, 2, "—"]),
        ("新增需求", "项", [3, 1, 5]),
        ("其中：医疗性", "项", [1, 0, 1]),
        ("新增中紧急的", "项", [1, 0, 1]),
        ("其中：已满足", "项", [1, 0, 1]),
        ("在办", "项", [4, 2, "—"]),
        ("在办中未对接", "项", [3, 1, "—"]),
        ("资源总数", "个", [2, 1, "—"]),
        ("其中：经费资源", "个", [1, 0, "—"]),
        ("核实", "个", [1, 0, 1]),
        ("链接次数", "次", [2, 1, 3]),
        ("完成", "次", [1, 0, 1]),
        ("物资、服务折价", "元", [45.5, 10, 55.5]),
        ("资金", "元", [300, 0, 300]),
        ("受益人数", "人", [1, 1, 1]),
        ("受益人次", "人次", [4, 1, 5]),
        ("对接率", "%", [0.3333, 0, 0.2]),
    ],
)
def test_a_figure_of_the_month(internal: LedgerReport, label: str, unit: str, expected: list[Any]) -> None:
    assert figures(internal.path)[(label, unit)] == expected


def test_restricted_groups_have_no_line_of_their_own(internal: LedgerReport) -> None:
    assert not [label for label, _unit in figures(internal.path) if label in ("家暴受害人", "社区矫正对象")]


def test_the_cross_foot_checks_hold_and_are_printed(internal: LedgerReport) -> None:
    assert internal.checks
    assert not internal.failed
    text = text_of(internal.path)
    assert all(check.text in text for check in internal.checks)
    assert "口径：" in text


def test_a_file_closed_without_its_date_shows_in_the_checks(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    home = town.household("H-009", opened_on=date(2026, 10, 2), status="closed", closed_on=None)
    town.person("D-009", "吴某", home, opened_on=date(2026, 10, 2), status="closed", closed_on=None)
    made = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx")
    assert [check.sentence for check in made.failed] == [
        "本期末在册人数＝上期末＋新增－销档",
        "本期末在册户数＝上期末＋新建－销户",
    ]
    assert "不符 ✗" in text_of(made.path)


def test_the_export_is_in_the_audit(town: Town, internal: LedgerReport) -> None:
    assert internal.sheets
    with town.store.reading() as session:
        exports = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    assert {(entry.record, entry.record_key, entry.actor) for entry in exports} == {
        ("ledger", "2026-10", "张社工")
    }


def test_a_phone_left_in_a_text_that_leaves_stops_the_report_and_is_not_logged(tmp_path: Path) -> None:
    town = known_town(tmp_path)
    home = town.household("H-010")
    town.visit("F-010", home, date(2026, 10, 20), service_given="留电话 13955556666")
    with pytest.raises(PersonalNumber, match="走访台账"):
        ledger(town.store, OCTOBER, Audience.REPORT, tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
    ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "b.xlsx")
    with town.store.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()) == 1


def test_hostile_text_in_a_ledger_loses_no_row(tmp_path: Path) -> None:
    town = Town(tmp_path)
    home = town.household("H-001")
    person = town.person("D-001", "王秀兰", home)
    texts = [text for text in STRINGS if text.strip() and len(text) < 1000]
    for number, text in enumerate(texts):
        town.visit(f"F-{number:03d}", home, date(2026, 10, 1), person_key=person, note=text, situation=text)
    made = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx")
    rows = table(made.path, "走访台账")
    assert len(rows) == len(texts)
    assert {row["备注"] for row in rows} >= {"=1+1", "{{7*7}}", "_x0041_", "@SUM(A1)"}


def test_a_household_without_people_is_known_by_its_number(tmp_path: Path) -> None:
    town = Town(tmp_path)
    home = town.household("H-001")
    town.visit("F-001", home, date(2026, 10, 1), outcome=VisitOutcome.MOVED)
    made = ledger(town.store, OCTOBER, Audience.REPORT, tmp_path / "a.xlsx")
    assert [row["走访对象"] for row in table(made.path, "走访台账")] == ["H-001"]


def test_a_ledger_of_clients_has_no_public_version(town: Town, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不能用于公示"):
        ledger(town.store, OCTOBER, Audience.PUBLIC, tmp_path / "a.xlsx")


class StopAtOnce(NoProgress):
    """Presses Cancel at the first chance."""

    @override
    def say(self, sentence: str) -> None:
        if "核对" in sentence:
            raise Cancelled


def test_cancel_leaves_the_old_file(town: Town, tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"old")
    with pytest.raises(Cancelled):
        ledger(town.store, OCTOBER, Audience.INTERNAL, target, StopAtOnce())
    assert target.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_empty_station_has_a_workbook_too(tmp_path: Path) -> None:
    made = ledger(Town(tmp_path).store, OCTOBER, Audience.REPORT, tmp_path / "a.xlsx")
    assert [sheet.rows for sheet in made.sheets][:5] == [0] * 5
    assert not made.failed
    assert figures(made.path)[("走访覆盖率", "%")] == ["—", "—", "—"]
