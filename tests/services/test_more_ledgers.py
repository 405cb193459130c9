"""The plan of visits, the registers of organisations, villages and files, the targets and the charts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Audience, FollowLevel
from stationdesk.services import history
from stationdesk.services.ledgers import Options, ledger
from stationdesk.services.ledgers.targets import parsed_target, read_targets, save_targets
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


def write(town: Town, path: Path, *names: str, audience: Audience = Audience.INTERNAL) -> Path:
    return ledger(town.store, OCTOBER, audience, path, options=Options(only=names)).path


def rows(path: Path, title: str) -> list[dict[str, Any]]:
    table = CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python()
    header = [str(cell).replace("\n", "") for cell in table[3]]
    return [dict(zip(header, row, strict=True)) for row in table[4:] if isinstance(row[0], float)]


# Rows


def test_the_plan_lists_who_is_due_and_whether_they_were_visited(town: Town, tmp_path: Path) -> None:
    # Visited on 5 September, due within 7 days, so late when October begins; never visited in it.
    late = town.household("H-030", follow_level=FollowLevel.HIGH)
    town.person("D-030", "钱多多", late, phone="13900000030")
    town.visit("F-030", late, date(2026, 9, 5))
    town.household("H-031", follow_level=None)
    done = rows(write(town, tmp_path / "a.xlsx", "plan"), "走访计划表")
    assert [row["户编号"] for row in done] == ["H-001", "H-030"]
    first, second = done
    assert (first["户主"], first["应访日期"], first["本期走访日期"]) == (
        "王秀兰",
        date(2026, 10, 1),
        date(2026, 10, 19),
    )
    assert second["上次走访"] == date(2026, 9, 5)
    assert second["本期走访日期"] == ""
    assert second["期末逾期天数"] == (date(2026, 10, 31) - date(2026, 9, 12)).days
    assert second["联系电话"] == "13900000030"


def test_a_plan_that_leaves_shows_neither_name_nor_number(town: Town, tmp_path: Path) -> None:
    path = write(town, tmp_path / "a.xlsx", "plan", audience=Audience.REPORT)
    (row,) = rows(path, "走访计划表")
    assert (row["户主"], row["联系电话"]) == ("王*", "139****0000")


def test_community_organisations_are_registered_with_what_they_brought(town: Town, tmp_path: Path) -> None:
    team = town.add("organisation", name="石桥巧手队", kind="O09", leader="周队长", members=12)
    town.add("organisation", name="某公司", kind="O05")
    resource = town.resource("人-01", "上门缝补", provider_key=team)
    need = town.need("X-030", date(2026, 10, 2))
    town.match("P-030", need, resource, date(2026, 10, 3), instances=4)
    (row,) = rows(write(town, tmp_path / "a.xlsx", "organisations"), "社区社会组织登记")
    assert (row["组织名称"], row["成员数"]) == ("石桥巧手队", 12)
    assert (row["登记资源数"], row["本月对接次数"], row["本月服务人次"]) == (1, 1, 4)
    path = write(town, tmp_path / "b.xlsx", "社区社会组织登记", audience=Audience.REPORT)
    assert rows(path, "社区社会组织登记")[0]["负责人"] == "周*"


def test_villages_are_listed_with_what_the_station_serves(town: Town, tmp_path: Path) -> None:
    town.add("village", name="撤并村", until=date(2026, 1, 1))
    (row,) = rows(write(town, tmp_path / "a.xlsx", "villages"), "村居基本情况")
    assert (row["村居名称"], row["建档户数"], row["服务对象数"], row["本月走访户数"]) == ("石桥村", 3, 3, 2)


def test_the_files_to_hand_over_are_all_that_there_are(town: Town, tmp_path: Path) -> None:
    done = {row["户编号"]: row for row in rows(write(town, tmp_path / "a.xlsx", "handover"), "档案交接目录")}
    assert list(done) == ["H-001", "H-002", "H-004"]  # with those that are closed; one may not be listed
    first = done["H-001"]
    assert (first["人档"], first["需求记录"], first["对接记录"], first["走访记录"]) == (1, 2, 3, 3)
    titles = CalamineWorkbook.from_path(write(town, tmp_path / "b.xlsx")).sheet_names
    assert "档案交接目录" not in titles, "it is written when it is asked for"


def test_every_ledger_has_a_masked_version_that_passes_the_search(town: Town, tmp_path: Path) -> None:
    from stationdesk.sheets.ledgers import LEDGERS

    path = write(town, tmp_path / "a.xlsx", *LEDGERS, audience=Audience.REPORT)
    text = "".join(
        str(CalamineWorkbook.from_path(path).get_sheet_by_name(title).to_python())
        for title in CalamineWorkbook.from_path(path).sheet_names
    )
    assert not any(secret in text for secret in ("王秀兰", "李小明", "13900000000", "999999195001010018"))


# Targets


def monthly(town: Town, path: Path) -> dict[str, dict[str, Any]]:
    return {row["指标"]: row for row in rows(write(town, path, "monthly"), "月报表")}


def test_targets_stand_beside_the_figures_with_how_far_they_are_reached(town: Town, tmp_path: Path) -> None:
    wanted = {
        "visits": Decimal(16),
        "coverage": Decimal(50),
        "persons": Decimal(6),
        "goods_value": Decimal(111),
    }
    save_targets(town.store, 2026, wanted)
    lines = monthly(town, tmp_path / "a.xlsx")
    assert (lines["走访"]["年度指标"], lines["走访"]["完成率"]) == (16, 0.25)  # of the year: 4
    assert (lines["走访覆盖率"]["年度指标"], lines["走访覆盖率"]["完成率"]) == (0.5, 1.3334)
    assert (lines["在册人数"]["年度指标"], lines["在册人数"]["完成率"]) == (
        6,
        0.5,
    )  # at the end of the month: 3
    assert lines["物资、服务折价"]["完成率"] == 0.5
    assert (lines["链接次数"]["年度指标"], lines["链接次数"]["完成率"]) == ("", "")
    assert "年度指标" in str(
        CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_name("月报表").to_python()
    )


def test_targets_are_changed_taken_away_and_brought_back(town: Town) -> None:
    save_targets(town.store, 2026, {"visits": Decimal(16), "needs": Decimal(3)})
    save_targets(town.store, 2026, {"visits": Decimal(20), "needs": None})
    assert read_targets(town.store, 2026) == {"visits": Decimal(20)}
    assert read_targets(town.store, 2027) == {}
    history.undo(town.store)
    assert read_targets(town.store, 2026) == {"visits": Decimal(16), "needs": Decimal(3)}


@pytest.mark.parametrize(
    ("line", "value", "words"),
    [
        ("flights", Decimal(1), "没有“flights”"),
        ("visits", Decimal(-1), "不能小于 0"),
        ("visits", Decimal("1.5"), "整数"),
        ("coverage", Decimal(101), "最多 100"),
        ("goods_value", Decimal("1.005"), "两位小数"),
        ("visits", Decimal(10**12), "太大"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(town: Town, line: str, value: Decimal, words: str) -> None:
    with pytest.raises(UserError, match=words):
        save_targets(town.store, 2026, {"needs": Decimal(3), line: value})
    assert read_targets(town.store, 2026) == {}


@pytest.mark.parametrize(
    ("text", "value"), [("1,200", Decimal(1200)), (" 95% ", Decimal(95)), ("", None), ("１２", Decimal(12))]
)
def test_a_target_is_read_as_people_type_it(text: str, value: Decimal | None) -> None:
    assert parsed_target(text) == value
    with pytest.raises(UserError, match="请填一个数"):
        parsed_target("许多")


# Charts and checks


def test_the_charts_are_drawn_from_cells_that_say_what_the_table_says(town: Town, tmp_path: Path) -> None:
    path = write(town, tmp_path / "a.xlsx", "monthly", "charts")
    figures = {row["指标"]: row for row in rows(path, "月报表")}
    sheet = load_workbook(path)["图表"]
    charts: list[Any] = sheet._charts  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way to see them
    assert len(charts) == 3
    told = {}
    for chart in charts:
        for series in chart.series:
            name = series.tx.v if series.tx.strRef is None else series.tx.strRef.f
            cells = sheet[series.val.numRef.f.split("!")[1].replace("$", "")]
            told[name] = [cell[0].value for cell in cells]
    assert sum(told["走访（户次）"]) == figures["走访"]["本年累计"]
    assert told["走访（户次）"] == [0] * 8 + [1, 3]
    assert told["新增需求（项）"][-1] == figures["新增需求"]["本月"]
    assert sum(told["资源维度（个）"]) == figures["资源总数"]["本月"]
    assert told["对象类别（人）"] == [1, 1, 1]


def test_the_year_is_checked_against_its_months(town: Town, tmp_path: Path) -> None:
    made = ledger(town.store, OCTOBER, Audience.INTERNAL, tmp_path / "a.xlsx")
    sentences = [check.sentence for check in made.checks]
    assert "走访户次本年累计＝各月之和" in sentences
    assert "上期末在办＋新增需求＝需求台账行数＋限制查看 1 条" in sentences
    assert not made.failed


def test_a_sheet_that_there_is_not_is_refused_with_those_there_are(town: Town, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"没有叫“年报”的表.*月报表"):
        write(town, tmp_path / "a.xlsx", "年报")
