"""Cards of households and people: everything the station knows, each on a page, for itself only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.db.models import AuditEntry, Household, Person
from stationdesk.services.ledgers import cards as module
from stationdesk.services.ledgers.cards import CardKind, cards, households_in
from tests.services.ledger_town import Town, known_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


def key_of(town: Town, model: type[Household | Person], code: str) -> Key:
    with town.store.reading() as session:
        return session.execute(select(model.key).where(model.code == code)).scalar_one()


def text_of(path: Path, sheet: str) -> str:
    return str(CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python())


def test_every_household_has_a_page_of_its_own(town: Town, tmp_path: Path) -> None:
    made = cards(town.store, CardKind.HOUSEHOLD, households_in(town.store, town.village), tmp_path / "a.xlsx")
    assert (made.cards, made.withheld) == (3, 1)
    book = load_workbook(made.path)
    assert book.sheetnames == ["H-001 王秀兰", "H-002 李小明", "H-005 周后来"]
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
        assert {len(row) for row in sheet.iter_rows()} == {12}


def test_a_card_holds_what_the_records_know(town: Town, tmp_path: Path) -> None:
    made = cards(town.store, CardKind.HOUSEHOLD, [key_of(town, Household, "H-001")], tmp_path / "a.xlsx")
    text = text_of(made.path, "H-001 王秀兰")
    for told in (
        "石桥镇社会工作服务站一户一档",
        "石桥村",
        "999999195001010018",
        "最低生活保障对象（低保）",
        "X-002",
        "慈善救助金",
        "2026-10-19",
        "张社工",
        "服务对象或监护人：",
        "内部资料",
    ):
        assert told in text, told
    assert "未成年人" not in text


def test_a_minors_household_has_a_part_for_them_and_so_has_their_own_card(town: Town, tmp_path: Path) -> None:
    made = cards(town.store, CardKind.HOUSEHOLD, [key_of(town, Household, "H-002")], tmp_path / "a.xlsx")
    assert "B2 未成年人" in text_of(made.path, "H-002 李小明")
    made = cards(town.store, CardKind.PERSON, [key_of(town, Person, "D-002")], tmp_path / "b.xlsx")
    text = text_of(made.path, "D-002 李小明")
    assert "一人一档（未成年人）" in text
    assert "2015-03-05" in text


def test_only_the_last_twelve_visits_are_listed(town: Town, tmp_path: Path) -> None:
    home = key_of(town, Household, "H-001")
    for day in range(1, 15):
        town.visit(f"F-1{day:02d}", home, date(2026, 11, 4), situation=f"第{day}次")
    text = text_of(cards(town.store, CardKind.HOUSEHOLD, [home], tmp_path / "a.xlsx").path, "H-001 王秀兰")
    assert "第14次" in text
    assert "第3次" in text
    assert "第2次" not in text


def test_who_may_not_be_listed_has_no_card(town: Town, tmp_path: Path) -> None:
    hidden = key_of(town, Household, "H-003")
    with pytest.raises(UserError, match="没有可以打印的档案"):
        cards(town.store, CardKind.HOUSEHOLD, [hidden], tmp_path / "a.xlsx")
    with pytest.raises(UserError, match="没有可以打印的档案"):
        cards(town.store, CardKind.PERSON, [key_of(town, Person, "D-003")], tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_too_many_at_once_are_refused(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(UserError, match="一次最多"):
        cards(town.store, CardKind.HOUSEHOLD, households_in(town.store, None), tmp_path / "a.xlsx")


def test_it_is_logged_whose_cards_went_out(town: Town, tmp_path: Path) -> None:
    home = key_of(town, Household, "H-001")
    cards(town.store, CardKind.HOUSEHOLD, [home], tmp_path / "a.xlsx")
    with town.store.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).all()
    assert (entry.record, entry.record_key) == ("household", home)


class Stop(NoProgress):
    """Presses Cancel at the first step."""

    @override
    def step(self, done: int, total: int) -> None:
        raise Cancelled


def test_cancel_leaves_nothing_behind(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "出"
    folder.mkdir()
    with pytest.raises(Cancelled):
        cards(town.store, CardKind.HOUSEHOLD, households_in(town.store, None), folder / "a.xlsx", Stop())
    assert not list(folder.iterdir())
