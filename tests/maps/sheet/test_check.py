from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stationdesk.core.errors import UserError
from stationdesk.maps.sheet.check import check_layout, check_spec, is_plausible_phone, warnings_of
from stationdesk.maps.sheet.compose import Sheet, compose
from stationdesk.maps.sheet.spec import Hotline
from tests.maps.sheet.making import entries, entry, spec


def test_a_good_sheet_passes() -> None:
    given = spec([*entries(20), entry(90, 0, 0, lat=None, lon=None), entry(91, 50_000, 0)])
    check_spec(given)
    check_layout(compose(given))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"title": " "}, "图名"),
        ({"station": ""}, "社工站名称"),
        ({"phone": "打村部"}, "打村部"),
        ({"hotlines": (Hotline("急救", "1"),)}, "“1”"),
        ({"entries": (entry(1, 0, 0), entry(1, 9, 9))}, "出现了 2 次"),
        ({"entries": (entry(1, 0, 0, name="  "),)}, "没有名称"),
        ({"entries": (entry(1, 0, 0, phone="12"),)}, "不像电话"),
        ({"entries": (entry(1, 0, 0, lat=None),)}, "不完整"),
        ({"entries": (entry(1, 0, 0, lat=100.0),)}, "地球"),
    ],
)
def test_each_fault_of_the_spec_is_named(values: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        check_spec(replace(spec(entries(3)), **values))


@pytest.mark.parametrize(
    "phone",
    ["110", "12345", "0999-0001234", "13000000000、0999-0001234", "(0999) 0001234转801", "４００-000-0000"],
)
def test_numbers_that_can_be_dialled_are_taken(phone: str) -> None:
    assert is_plausible_phone(phone)


@pytest.mark.parametrize("phone", ["", "12", "村部电话", "12345678901234", "0999-000123x", "、"])
def test_numbers_that_cannot_be_dialled_are_refused(phone: str) -> None:
    assert not is_plausible_phone(phone)


def test_a_mark_that_was_lost_is_noticed() -> None:
    sheet = compose(spec(entries(12)))
    code = sheet.layout.spec.entries[4].code
    with pytest.raises(UserError, match=code):
        check_layout(Sheet(sheet.html.replace(f'data-codes="{code}"', 'data-codes=""'), sheet.layout))


def test_a_row_that_was_lost_is_noticed() -> None:
    sheet = compose(spec(entries(12)))
    code = sheet.layout.spec.entries[4].code
    with pytest.raises(UserError, match=f"{code} 不在索引里"):
        check_layout(Sheet(sheet.html.replace(f'<td class="code">{code}</td>', "<td></td>"), sheet.layout))


def test_names_that_public_maps_must_not_show_are_pointed_out() -> None:
    (told,) = warnings_of(spec([entry(1, 0, 0, name="柳河水库大坝管理处"), entry(2, 9, 9)]))
    assert "水库大坝" in told
