"""Columns told by fields, and what of them leaves the station."""

from __future__ import annotations

from datetime import date

from stationdesk.core.fields import Field, Guard, Kind, NoBook, Spec
from stationdesk.core.masks import mask_id, mask_minor_name, mask_name
from stationdesk.sheets.columns import CellKind, Column, FromField, Line, Open, bound, cells_of, kind_of


def told(key: str, type_: type, spec: Spec, *, many: bool = False) -> Field:
    return Field("person", key, type_, optional=True, many=many, spec=spec)


NAME = told("name", str, Spec("姓名", mask=mask_name, guard=Guard.MASKED))
NUMBER = told("id_number", str, Spec("身份证号", kind=Kind.ID_NUMBER, mask=mask_id, guard=Guard.MASKED))
NOTE = told("note", str, Spec("备注", kind=Kind.TEXT, guard=Guard.DROPPED))
BORN = told("birth", date, Spec("出生日期"))


def test_the_field_says_what_kind_of_cell_holds_it() -> None:
    assert kind_of(NUMBER) is CellKind.CODE
    assert kind_of(NOTE) is CellKind.LONG
    assert kind_of(BORN) is CellKind.DATE
    assert kind_of(told("groups", str, Spec("类别", codes="client_group"), many=True)) is CellKind.TEXT


def test_a_report_masks_names_and_numbers_and_drops_free_text() -> None:
    fields = {each.name: each for each in (NAME, NUMBER, NOTE)}
    columns = bound(
        [FromField("person.name"), FromField("person.id_number"), FromField("person.note")], fields
    )
    shown = [column for column in columns if column.shown_in(masked=True)]
    assert [column.label for column in shown] == ["姓名", "身份证号"]
    line = Line({"person.name": "欧阳建国", "person.id_number": "999999195001010018"})
    (row,) = cells_of(shown, [line], NoBook(), masked=True)
    assert row == ("欧阳*", "999*************18")


def test_a_minor_never_stands_in_a_report_by_name() -> None:
    column = Column("client", "服务对象", guard=Guard.MASKED, mask=mask_name, minor_mask=mask_minor_name)
    lines = [Line({"client": "王小明"}, minor=True), Line({"client": "王建国"})]
    masked = list(cells_of([column], lines, NoBook(), masked=True))
    assert masked == [("小X（化名）",), ("王*",)]
    assert list(cells_of([column], lines, NoBook(), masked=False)) == [("王小明",), ("王建国",)]


def test_a_village_in_a_column_of_names_is_not_masked() -> None:
    column = Column("client", "服务对象", guard=Guard.MASKED, mask=mask_name)
    assert list(cells_of([column], [Line({"client": Open("桃花村")})], NoBook(), masked=True)) == [
        ("桃花村",)
    ]


def test_a_masked_column_without_a_mask_is_left_out() -> None:
    assert not Column("x", "x", guard=Guard.MASKED).shown_in(masked=True)
