"""Cards and visit slips, in a town whose records are known by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.changes import changed
from stationdesk.core.entry import entered
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Field, Key, Place, Spec
from stationdesk.core.progress import Cancelled, NoProgress
from stationdesk.core.vocab import OwnKind, Role
from stationdesk.db.base import DERIVED, field_map, values_of
from stationdesk.db.models import AuditEntry, Household, Person, Village, Worker
from stationdesk.db.models.audit import AuditValues
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.cards import (
    CardKind,
    CardsOut,
    PrintedCards,
    cards_in,
    cards_name,
    cards_of,
    print_cards,
    save_cards,
    slips_due,
)
from stationdesk.services.listing import Query
from stationdesk.services.own_fields import Wish, add_field, own_fields_of
from stationdesk.ui.web.printing import WebPrinter
from tests.hostile import STRINGS
from tests.services.ledger_town import TODAY, Town, known_town

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = known_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def key_of(town: Town, code: str) -> Key:
    model = Person if code.startswith("D") else Household
    with town.store.reading() as session:
        return session.scalars(select(model.key).where(model.code == code)).one()


def put(town: Town, model: Any, key: Key, **values: Any) -> None:
    with town.store.writing("试验") as work:
        edit = changed(model.__tablename__, key, values_of(work.session.get_one(model, key)), values)
        assert edit is not None
        work.write([edit])


def printed(town: Town, wanted: CardsOut, printer: WebPrinter) -> tuple[PrintedCards, list[str]]:
    """The print, and the text of each of its sheets."""
    target = town.store.folder.root.parent / "卡.pdf"
    made = print_cards(town.store, wanted, target, printer)
    return made, [plain(page.text) for page in read_proof(made.path)]


def card(town: Town, printer: WebPrinter, kind: CardKind, code: str) -> str:
    """The text of the one sheet of one card."""
    _made, pages = printed(town, cards_of(kind, key_of(town, code), code), printer)
    assert len(pages) == 1
    return pages[0]


def own_slot(town: Town, record: str, label: str, kind: OwnKind = OwnKind.LINE, **ticks: Any) -> str:
    add_field(town.store, record, Wish(label, kind, **ticks))
    return next(each.slot for each in own_fields_of(town.store, record) if each.wish.label == label)


def logged(town: Town) -> list[tuple[str, str]]:
    with town.store.reading() as session:
        rows = session.execute(
            select(AuditEntry.action, AuditValues.values)
            .join(AuditValues, AuditValues.seq == AuditEntry.seq)
            .where(AuditEntry.action.in_(("revealed", "export", "print")))
            .order_by(AuditEntry.seq)
        ).all()
    return [(row.action, json.loads(row.values)["sentence"]) for row in rows]


def test_the_card_of_a_household_tells_what_the_station_has_on_it(town: Town, printer: WebPrinter) -> None:
    put(town, Household, key_of(town, "H-001"), income=Decimal("12000.00"), strengths="会做豆腐")
    text = card(town, printer, CardKind.HOUSEHOLD, "H-001")
    for words in (
        "一户一档登记卡",
        "户编号：H-001",
        "户主：王秀兰",
        "石桥镇石桥村三组18号",
        "999999195001010018",  # the file is for the station itself: nothing is masked
        "12000.00元",
        "会做豆腐",
        "2026-10-19",
        "石桥卫生院",
        "社工签字",
        "内部资料",
        "张社工",
        TODAY.isoformat(),
    ):
        assert plain(words) in text, words


def test_the_card_of_a_minor_puts_guardian_and_school_first(town: Town, printer: WebPrinter) -> None:
    put(town, Person, key_of(town, "D-002"), carer="奶奶", workplace="石桥小学")
    text = card(town, printer, CardKind.PERSON, "D-002")
    assert plain("一人一档登记卡（未成年人）") in text
    assert text.index("监护与就学") < text.index("健康与照护")
    assert "石桥小学" in text
    assert "监护与就学" not in card(town, printer, CardKind.PERSON, "D-001")


def test_a_new_field_stands_on_cards_and_slips_by_itself(
    town: Town, printer: WebPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Field(
        "household",
        "village_key",
        str,
        optional=True,
        many=False,
        spec=Spec("新加的栏目", link="village", page="家庭情况", places=Place.PRINT | Place.SLIP),
        derived=True,
    )
    monkeypatch.setitem(DERIVED, "household", (*DERIVED["household"], told))
    assert "新加的栏目" in card(town, printer, CardKind.HOUSEHOLD, "H-001")
    assert "新加的栏目" in card(town, printer, CardKind.SLIP, "H-001")


def test_own_fields_stand_where_they_are_ticked_and_nowhere_else(town: Town, printer: WebPrinter) -> None:
    on_card = own_slot(town, "household", "低保证号", on_print=True)
    on_slip = own_slot(town, "household", "水费户号", on_slip=True)
    nowhere = own_slot(town, "household", "门口朝向")
    size = own_slot(town, "person", "鞋码", on_print=True, on_slip=True)
    own_slot(town, "visit", "带伞了吗", OwnKind.YES_NO, on_slip=True)
    values = {on_card: "低保甲", on_slip: "水费乙", nowhere: "朝向丙"}
    put(town, Household, key_of(town, "H-001"), **values)
    put(town, Person, key_of(town, "D-001"), **{size: "三十八"})
    text = card(town, printer, CardKind.HOUSEHOLD, "H-001")
    assert "低保证号低保甲" in text
    assert plain("鞋码：三十八") in text
    assert not [each for each in ("水费户号", "门口朝向", "带伞了吗") if each in text]
    slip = card(town, printer, CardKind.SLIP, "H-001")
    assert "水费乙" in slip
    assert "三十八" in slip
    assert plain("带伞了吗□是□否") in slip
    assert "低保证号" not in slip
    assert "门口朝向" not in slip
    assert "鞋码三十八" in card(town, printer, CardKind.PERSON, "D-001")


def test_a_slip_says_what_is_due_and_what_is_missing(town: Town, printer: WebPrinter) -> None:
    put(town, Person, key_of(town, "D-001"), phone=None)
    put(town, Village, town.village, latitude=38.30, longitude=102.60)
    put(town, Household, key_of(town, "H-001"), latitude=38.32, longitude=102.60)
    text = card(town, printer, CardKind.SLIP, "H-001")
    due = date(2026, 10, 19).toordinal() + 30
    assert plain(f"应于 {date.fromordinal(due)} 走访") in text
    assert "在石桥村村委会北面约2.2公里" in text
    assert "王秀兰联系电话" in text, "what the roster lacks is asked"
    assert "K4" not in text
    assert "已满足" not in text, "only what is open is to be done"
    assert plain("□见到本人") in text


def test_all_that_are_due_come_two_on_a_sheet_or_one(town: Town, printer: WebPrinter) -> None:
    for number in range(6, 8):
        home = town.household(f"H-00{number}")
        town.person(f"D-00{number}", f"钱{number}", home, id_number=None)
    made, pages = printed(town, slips_due(), printer)
    assert len(made.keys) == 3
    assert made.pages == len(pages) == 2
    assert read_proof(made.path)[0].size == pytest.approx((297, 210), abs=1)
    assert "第3张,共3张" in pages[1]
    made, pages = printed(town, replace(slips_due(), two_up=False), printer)
    assert made.pages == len(pages) == 3
    assert read_proof(made.path)[0].size == pytest.approx((148, 210), abs=1)


def test_a_village_is_one_file_with_a_sheet_a_household_and_contents(town: Town, printer: WebPrinter) -> None:
    made, pages = printed(town, cards_in(CardKind.HOUSEHOLD, town.village, "石桥村"), printer)
    assert [page[: len("第1张,共3张")] for page in pages] == [f"第{at}张,共3张" for at in (1, 2, 3)]
    assert made.pages == 3
    assert made.withheld == 1
    outline = PdfReader(made.path).outline
    assert [each.title for each in outline if not isinstance(each, list)] == [
        "H-001 王秀兰",
        "H-002 李小明",
        "H-005 周后来",
    ]
    assert "赵某某" not in "".join(pages)


def test_restricted_files_are_refused_without_the_permission_and_printed_with_it(
    town: Town, printer: WebPrinter
) -> None:
    with pytest.raises(UserError, match="可看限制档案"):
        printed(town, cards_of(CardKind.HOUSEHOLD, key_of(town, "H-003"), "H-003"), printer)
    with pytest.raises(UserError, match="可看限制档案"):
        printed(town, cards_of(CardKind.PERSON, key_of(town, "D-003"), "D-003"), printer)
    assert logged(town) == []
    put(town, Worker, town.worker, sees_restricted=True)
    made, pages = printed(town, cards_of(CardKind.HOUSEHOLD, key_of(town, "H-003"), "H-003"), printer)
    assert "赵某某" in pages[0]
    assert made.restricted == 1


def test_who_lives_with_a_restricted_person_has_a_card_without_them(town: Town, printer: WebPrinter) -> None:
    town.person("D-009", "赵弟弟", key_of(town, "H-003"), id_number=None, is_head=False)
    text = card(town, printer, CardKind.PERSON, "D-009")
    assert "赵某某" not in text
    assert "2026-10-14" not in text, "a visit to the household may have been about the other"
    assert "按规定限制查看的内容没有列入" in text


def test_whoever_only_looks_at_figures_prints_no_file(town: Town, printer: WebPrinter) -> None:
    put(town, Worker, town.worker, role=Role.VIEWER)
    with pytest.raises(UserError, match="只看统计"):
        printed(town, cards_of(CardKind.HOUSEHOLD, key_of(town, "H-001"), "H-001"), printer)


def test_looking_and_giving_are_on_record_and_the_log_comes_before_the_file(
    town: Town, printer: WebPrinter, tmp_path: Path
) -> None:
    made, _pages = printed(town, cards_of(CardKind.HOUSEHOLD, key_of(town, "H-001"), "H-001"), printer)
    assert [action for action, _sentence in logged(town)] == ["revealed"]
    with pytest.raises(UserError):
        save_cards(town.store, made, tmp_path / "没有" / "卡.pdf")
    assert len(logged(town)) == 1
    saved = save_cards(town.store, made, tmp_path / "给人.pdf", "一二三四abcd")
    assert PdfReader(saved.path).is_encrypted
    assert logged(town)[-1] == ("export", "导出一户一档卡（内部使用，H-001，1 张）到“给人.pdf”")


def test_the_file_is_called_by_the_rule() -> None:
    wanted = CardsOut(CardKind.PERSON, Query("person"), (Key("k"),), "D-001")
    assert cards_name("石桥镇", wanted, TODAY) == "石桥镇社工站_一人一档卡_D-001_2026-11-05_内部.pdf"


NOTE = field_map(Household)["note"]


def test_hostile_texts_are_texts(town: Town, printer: WebPrinter) -> None:
    texts = [each for each in STRINGS if entered(NOTE, each)]
    homes = []
    for number, text in enumerate([*texts[::9], *sorted(texts, key=len)[-2:]]):
        home = town.household(f"H-1{number:02}", address=text, strengths=text, note=text)
        town.person(f"D-1{number:02}", f"名{text[:200]}", home, id_number=None, phone=text[:20], note=text)
        homes.append(home)
    made, pages = printed(town, CardsOut(CardKind.HOUSEHOLD, Query("household"), tuple(homes)), printer)
    assert len(made.keys) == len(homes)
    assert sum(page.boxes for page in read_proof(made.path)) == 0
    assert made.pages == len(homes) + len(made.long)
    assert len(made.long) <= 2
    slips, _pages = printed(town, CardsOut(CardKind.SLIP, Query("household"), tuple(homes)), printer)
    assert len(slips.keys) == len(homes)
    assert "第1张,共" in pages[0]


def test_a_long_file_fits_on_its_sheet_or_says_that_it_goes_on(town: Town, printer: WebPrinter) -> None:
    home = key_of(town, "H-001")
    for number in range(15):
        town.visit(f"F-1{number:02}", home, date(2026, 9, 1 + number), situation="老人身体还好。" * 30)
    made, pages = printed(town, cards_of(CardKind.HOUSEHOLD, home, "H-001"), printer)
    assert made.long == ()
    assert made.pages == 1
    assert "另有6条较早的" in pages[0]


class _Impatient(NoProgress):
    """Stops when the first part is printed."""

    @override
    def step(self, done: int, total: int) -> None:
        if done:
            raise Cancelled


def test_a_cancelled_print_leaves_nothing(town: Town, printer: WebPrinter, tmp_path: Path) -> None:
    target = tmp_path / "卡.pdf"
    with pytest.raises(Cancelled):
        print_cards(
            town.store, cards_in(CardKind.HOUSEHOLD, town.village, "石桥村"), target, printer, _Impatient()
        )
    assert not target.exists()
    assert not list(town.store.folder.root.glob(".stationdesk-*"))
