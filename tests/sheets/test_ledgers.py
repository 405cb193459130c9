"""The registry of ledgers: whole, and safe in what leaves the station."""

from __future__ import annotations

import pytest

from stationdesk.core.fields import Guard, Kind
from stationdesk.core.vocab import Audience, Dimension, NeedResult
from stationdesk.db.models import RECORDS, fields_of
from stationdesk.sheets.columns import CellKind, FromField
from stationdesk.sheets.ledger import Ledger, Measure
from stationdesk.sheets.ledgers import LEDGERS
from stationdesk.sheets.ledgers.monthly import LINES

FIELDS = {told.name: told for model in RECORDS.values() for told in fields_of(model)}
EACH = pytest.mark.parametrize("ledger", LEDGERS.values(), ids=LEDGERS)


def test_the_workbook_has_the_ledgers_of_a_month_in_their_order() -> None:
    titles = [ledger.title for ledger in LEDGERS.values() if ledger.monthly]
    assert titles == [
        "服务对象花名册",
        "需求台账",
        "资源库台账",
        "资源链接登记",
        "走访台账",
        "走访计划表",
        "社区社会组织登记",
        "村居基本情况",
        "月报表",
        "图表",
        "更正表",
    ]
    assert [ledger.title for ledger in LEDGERS.values() if not ledger.monthly] == ["档案交接目录"]


def test_no_ledger_that_there_is_has_a_public_version() -> None:
    assert not [ledger.title for ledger in LEDGERS.values() if ledger.public]


@EACH
def test_every_field_a_ledger_names_is_told(ledger: Ledger) -> None:
    named = [column.name for column in ledger.columns if isinstance(column, FromField)]
    assert not [name for name in named if name not in FIELDS]


@EACH
def test_labels_are_not_repeated(ledger: Ledger) -> None:
    labels = [column.label for column in ledger.columns_for(Audience.INTERNAL, FIELDS).shown]
    assert len(labels) == len(set(labels))


@EACH
def test_a_ledger_never_loosens_what_a_field_guards(ledger: Ledger) -> None:
    strictness = list(Guard)
    for column in ledger.columns:
        if isinstance(column, FromField) and column.guard is not None:
            own = FIELDS[column.name].spec.guard
            assert strictness.index(column.guard) >= strictness.index(own)


@EACH
def test_a_report_never_shows_an_id_number_beside_a_birth_date(ledger: Ledger) -> None:
    shown = ledger.columns_for(Audience.REPORT, FIELDS).shown
    kinds = {column.field.spec.kind for column in shown if column.field is not None}
    labels = {column.label for column in shown}
    assert not (Kind.ID_NUMBER in kinds and {"出生日期", "出生年月"} & labels)


@EACH
def test_a_report_shows_nothing_of_health_and_disability(ledger: Ledger) -> None:
    for column in ledger.columns_for(Audience.REPORT, FIELDS).shown:
        assert not {"残疾类别", "残疾等级", "健康状况", "自理能力", "身心状态", "具体描述"} & {column.label}
        if column.kind is CellKind.CODE and column.field is not None:
            personal = column.field.spec.kind in (Kind.PHONE, Kind.ID_NUMBER)
            assert not personal or column.mask is not None


def test_the_monthly_table_has_a_line_for_each_result_and_dimension() -> None:
    keys = [line.key for line in LINES]
    assert len(keys) == len(set(keys))
    assert {f"needs_{result.code}" for result in NeedResult} <= set(keys)
    assert {f"resources_{dimension.code}" for dimension in Dimension} <= set(keys)
    assert {line.measure for line in LINES} == {Measure.STOCK, Measure.FLOW}
