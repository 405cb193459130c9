from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select
from typing_extensions import override

from stationdesk.core.changes import created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import ContactPublic, Dimension, MapClass, Privacy, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.models import CodeRow
from stationdesk.db.models.audit import AuditEntry
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services import records
from stationdesk.services.handouts import HandoutOrder, HandoutReport, NotForGiving, handout
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import TODAY, add, edit, new_station

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

A4 = PageSetup(Paper.A4, landscape=True)
LAT, LON = 38.31, 102.62
PHONE = "0999-0004321"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def resource(store: Store, name: str, north: float = 0.0, **values: Any) -> Key:
    """A resource in use, so many thousandths of a degree north of the first."""
    given = {
        "dimension": Dimension.ORGANISATIONS,
        "map_class": MapClass.MEDICAL,
        "name": name,
        "offer_text": "看病送药",
        "hours": "每天 8:00–18:00",
        "phone": PHONE,
        "contact_public": ContactPublic.PHONE,
        "verified_on": TODAY - timedelta(days=3),
        "latitude": LAT + north / 1000,
        "longitude": LON,
        **values,
    }
    return add(store, "resource", **given)


def text_of(target: Path) -> str:
    return plain("".join(page.text for page in read_proof(target)))


def made(store: Store, printer: Printer, folder: Path, **options: Any) -> tuple[HandoutReport, str]:
    target = folder / "发放图.pdf"
    report = handout(store, target, HandoutOrder(setup=A4, **options), printer)
    return report, text_of(target)


def test_a_hand_out_shows_resources_with_number_offer_hours_and_phone(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "镇卫生院")
    resource(store, "东岗村卫生室", 4)
    report, text = made(store, printer, tmp_path)
    for told in (
        "医-01",
        "镇卫生院",
        "看病送药",
        "每天8:00–18:00",
        PHONE,
        "医-02",
        "柳河镇社工站",
        "信息核对至2026-11-19",
    ):
        assert plain(told) in text
    assert (report.entries, report.drawn, report.pages, report.left_out) == (2, 2, 1, ())


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"printable": False}, "可上图打印"),
        ({"confidential": True}, "地址保密"),
        ({"status": ResourceStatus.SUSPENDED}, "暂停"),
        ({"valid_to": TODAY - timedelta(days=1)}, "有效期"),
    ],
)
def test_what_may_not_be_published_is_left_out_and_told(
    store: Store, printer: WebPrinter, tmp_path: Path, values: dict[str, Any], why: str
) -> None:
    resource(store, "镇卫生院")
    resource(store, "不能公开处", 2, **values)
    report, text = made(store, printer, tmp_path)
    assert "不能公开处" not in text
    assert [left.name for left in report.left_out] == ["不能公开处"]
    assert why in report.left_out[0].why


def test_phone_and_contact_are_printed_as_far_as_was_agreed(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    agreed = {
        ContactPublic.NONE: ("0999-0000001", "赵甲"),
        ContactPublic.PHONE: ("0999-0000002", "钱乙"),
        ContactPublic.NAME_AND_PHONE: ("0999-0000003", "孙丙"),
    }
    for place, (consent, (phone, name)) in enumerate(agreed.items()):
        resource(store, f"服务点{place}", place, contact_public=consent, phone=phone, contact=name)
    resource(store, "勿扰点", 5, phone="0999-0000004", do_not_contact=True)
    report, text = made(store, printer, tmp_path)
    assert [number in text for number in ("0999-0000001", "0999-0000002", "0999-0000003", "0999-0000004")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert [name in text for name in ("赵甲", "钱乙", "孙丙")] == [False, False, True]
    assert any("2 项没有同意公开电话" in warning for warning in report.warnings)


def test_a_persons_name_is_masked_unless_agreed(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    person: dict[str, Any] = {"dimension": Dimension.PEOPLE, "map_class": MapClass.CONVENIENCE}
    resource(store, "欧阳建国（修电器）", contact="欧阳建国", **person)
    resource(store, "李桂英", 2, **person)
    resource(store, "周师傅家电维修队", 4, **person)
    resource(store, "吴秀兰", 6, contact="吴秀兰", contact_public=ContactPublic.NAME_AND_PHONE, **person)
    _, text = made(store, printer, tmp_path)
    assert "欧阳*" in text
    assert "李*" in text
    assert "吴秀兰" in text
    assert "周师傅家电维修队" in text
    assert "欧阳建国" not in text
    assert "李桂英" not in text


def test_a_helper_who_is_a_restricted_client_is_left_out(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    with store.reading() as session:
        query = select(CodeRow.code).where(
            CodeRow.list == "client_group", CodeRow.privacy == Privacy.RESTRICTED
        )
        group = session.scalars(query).first()
    village = add(store, "village", name="柳河村")
    home = add(store, "household", village_key=village)
    person = add(store, "person", household_key=home, name="郑某")
    add(store, "person_category", person_key=person, category=group, since=TODAY - timedelta(days=90))
    resource(store, "镇卫生院")
    helper = resource(store, "郑某帮厨", 2, dimension=Dimension.PEOPLE)
    part = {**records.blank_of(store, "resource_human"), "person_key": person}
    records.save(store, created("resource_human", part, helper))
    report, text = made(store, printer, tmp_path)
    assert "帮厨" not in text
    assert [left.name for left in report.left_out] == ["郑某帮厨"]


def test_a_resource_without_a_place_stands_in_the_index_only(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "镇卫生院")
    resource(store, "流动义诊车", latitude=None, longitude=None, address="镇政府院内")
    report, text = made(store, printer, tmp_path)
    assert (report.entries, report.drawn) == (2, 1)
    assert "未上图" in text
    assert "镇政府院内" in text


def test_a_hand_out_of_one_village_shows_its_own_resources(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    village = add(store, "village", name="桃花村", latitude=LAT, longitude=LON)
    resource(store, "桃花村卫生室", village_key=village)
    resource(store, "镇卫生院", 3)
    report, text = made(store, printer, tmp_path, area=village)
    assert report.entries == 1
    assert "桃花村卫生室" in text
    assert "镇卫生院" not in text


def test_roads_and_villages_are_drawn_unless_kept_off_hand_outs(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    road = f'{{"type": "LineString", "coordinates": [[{LON - 0.02}, {LAT}], [{LON + 0.02}, {LAT + 0.002}]]}}'
    other = f'{{"type": "LineString", "coordinates": [[{LON - 0.02}, {LAT + 0.004}], [{LON + 0.02}, {LAT + 0.004}]]}}'
    add(store, "feature", kind=FeatureKind.MAIN_ROAD, name="人民路", geometry=road)
    add(store, "feature", kind=FeatureKind.MAIN_ROAD, name="内部便道", geometry=other, on_handout=False)
    add(store, "village", name="柳河村", latitude=LAT + 0.003, longitude=LON + 0.004)
    resource(store, "镇卫生院")
    resource(store, "东岗村卫生室", 6)
    _, text = made(store, printer, tmp_path)
    assert "人民路" in text
    assert "柳河村" in text
    assert "内部便道" not in text


def test_a_failed_check_leaves_the_old_file_as_it_was(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    class Forgetful(Printer):
        @override
        def print_html(self, html: str, target: Path, setup: PageSetup) -> None:
            printer.print_html(html.replace(PHONE, ""), target, setup)

    resource(store, "镇卫生院")
    target = tmp_path / "发放图.pdf"
    target.write_bytes(b"old")
    with pytest.raises(UserError, match="没有印出来"):
        handout(store, target, HandoutOrder(), Forgetful())
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["发放图.pdf", "站"]


def test_a_sign_that_no_font_has_is_told_and_printed_as_a_mark_on_a_draft(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "镇卫生\U00013000院", offer_text="看病👨\u200d👩\u200d👧\ue000送药")
    resource(store, "柳林小学", 2)
    with pytest.raises(NotForGiving, match=r"没有字形.*医-01") as refusal:
        made(store, printer, tmp_path)
    assert [each.codes for each in refusal.value.found.stops] == [("医-01",)]
    report, text = made(store, printer, tmp_path, draft=True)
    assert report.edition == 0
    assert "镇卫生〓院" in text
    assert "柳林小学" in text
    assert sum(page.boxes for page in read_proof(report.path)) == 0
    [told] = [warning for warning in report.warnings if "〓" in warning]
    assert "医-01" in told
    assert "医-02" not in told


def test_a_number_as_long_as_a_sentence_is_named_and_refused(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "镇卫生院", code="医" * 4000)
    with pytest.raises(UserError, match=r"编号.*太长") as refusal:
        made(store, printer, tmp_path)
    assert len(str(refusal.value)) < 200


def test_a_name_as_long_as_a_book_is_named_and_refused(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "镇卫生院")
    resource(store, "长" * 40_000, 2)
    with pytest.raises(UserError, match=r"医-02.*太长") as refusal:
        made(store, printer, tmp_path)
    assert len(str(refusal.value)) < 200


def test_the_export_is_logged_and_a_failed_one_is_not(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    def logged() -> int:
        with store.reading() as session:
            return session.execute(select(func.count()).where(AuditEntry.action == "export")).scalar_one()

    key = resource(store, "镇卫生院")
    made(store, printer, tmp_path)
    assert logged() == 1
    edit(store, "resource", key, phone="没有电话")
    with pytest.raises(UserError, match="不像能打通"):
        made(store, printer, tmp_path)
    assert logged() == 1


def test_a_cancelled_print_writes_nothing(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    class Stopped(Progress):
        @override
        def step(self, done: int, total: int) -> None:
            if done == 3:
                raise Cancelled

        @override
        def say(self, sentence: str) -> None:
            return

    resource(store, "镇卫生院")
    with pytest.raises(Cancelled):
        handout(store, tmp_path / "a.pdf", HandoutOrder(), printer, Stopped())
    assert [path.name for path in tmp_path.iterdir()] == ["站"]


def test_without_resources_the_worker_is_told_what_to_do(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="先录入资源"):
        handout(store, tmp_path / "a.pdf", HandoutOrder(), printer)
