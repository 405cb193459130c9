from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from stationdesk.core.changes import changed, created
from stationdesk.core.clock import FixedClock
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.vocab import FollowLevel, MapLevel, SheetKind
from stationdesk.core.vocab.station import Role
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import Household, SheetEdition, Worker
from stationdesk.db.models.audit import AuditEntry
from stationdesk.maps.sheet.check import covered_names, plain
from stationdesk.maps.sheet.layout import lay_out
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.client_maps import client_map
from stationdesk.services.client_specs import ClientOrder, client_content
from stationdesk.services.editions import ComingEdition, keep_edition
from stationdesk.services.giving import give_out
from stationdesk.services.handouts import HandoutOrder, HandoutReport, handout
from stationdesk.services.preflight import look_through
from stationdesk.services.records import save
from stationdesk.services.reveal import reveal
from stationdesk.services.served import unlock_households
from stationdesk.services.stations import profile_of, save_profile
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import new_station
from tests.small_town import CENTRE, TODAY, SmallTown, small_town

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

EXACT = ClientOrder(MapLevel.EXACT)
VILLAGES = ClientOrder(MapLevel.VILLAGES)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[SmallTown]:
    made = small_town(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def home(town: SmallTown, name: str, *groups: str, village: str = "柳河村", **values: Any) -> str:
    """A household with one person who carries these categories; the number it got."""
    key = town.add("household", f"{name}家", village_key=town[village], **values)
    person = town.add("person", name, name=name, household_key=key, is_head=True)
    for group in groups:
        town.add("person_category", f"{name}{group}", person_key=person, category=group)
    return code_of(town, f"{name}家")


def code_of(town: SmallTown, called: str) -> str:
    with town.store.reading() as session:
        found = session.get(Household, town[called])
        assert found is not None
        return found.code


def at(north: float, east: float) -> dict[str, Any]:
    return {"latitude": CENTRE[0] + north, "longitude": CENTRE[1] + east}


def printed(
    town: SmallTown, printer: WebPrinter, folder: Path, order: ClientOrder
) -> tuple[HandoutReport, str]:
    """The sheet, and everything that the file says."""
    if order.level is MapLevel.EXACT:
        unlock_households(town.store, "")
    report = client_map(town.store, folder / "分布图.pdf", order, printer)
    return report, plain("".join(page.text for page in read_proof(report.path)))


def logged(store: Store, action: str) -> int:
    with store.reading() as session:
        query = select(func.count()).where(AuditEntry.action == action, AuditEntry.record == "handout")
        return int(session.execute(query).scalar_one())


def test_households_stand_by_village_with_number_masked_name_category_and_due_visit(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    report, text = printed(town, printer, tmp_path, EXACT)
    code = code_of(town, "李守林家")
    for told in (code, "李*", "独居老人", "高风险 11-27 前", "柳河村", "重点老人户", "内部资料 不得外传"):
        assert plain(told) in text, told
    assert "李守林" not in text
    assert report.drawn == 1
    assert report.entries == 2, "the child's household has no place and is listed"
    assert plain(f"老{int(code[-4:])}") in text, "the mark carries the number"


def test_the_words_that_say_whose_it_is_stand_on_every_page(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    for place in range(70):
        home(town, f"张{place}", "G13", **at(0.0004 * (place % 9), 0.0005 * (place // 9)))
    for order in (EXACT, VILLAGES):
        report, _text = printed(town, printer, tmp_path, order)
        pages = read_proof(report.path)
        assert len(pages) == report.pages
        assert all(plain("内部资料 林站长 2026-11-22") in plain(page.text) for page in pages)
        report.path.unlink()


@pytest.mark.parametrize("group", ["G43", "G61", "G62", "G63", "G64"])
@pytest.mark.parametrize("level", [MapLevel.EXACT, MapLevel.VILLAGES])
def test_nothing_of_a_household_that_is_on_no_map_is_in_the_file(
    town: SmallTown, printer: WebPrinter, tmp_path: Path, group: str, level: MapLevel
) -> None:
    """By the whole file and by what it is made from, whatever else its people carry; also when it is long past."""
    person = town["李守林"]
    past = {"since": TODAY - timedelta(days=900), "until": TODAY - timedelta(days=400)}
    town.add("person_category", "从前", person_key=person, category=group, **past)
    others = [home(town, f"王{place}", "G13", **at(0.002 * place, 0.003)) for place in range(6)]
    unlock_households(town.store, "")
    with town.store.reading() as session:
        entries = client_content(town.store, session, ClientOrder(level), TODAY).spec.entries
    hidden = {code_of(town, "李守林家"), code_of(town, "王秀英家")}
    assert not hidden & {entry.code for entry in entries}
    shown = {(entry.lat, entry.lon) for entry in entries}
    assert (CENTRE[0] + 0.002, CENTRE[1] + 0.001) not in shown
    _report, text = printed(town, printer, tmp_path, ClientOrder(level))
    assert not any(code in text for code in hidden)
    assert "李*" not in text
    assert all(code in text for code in others) is (level is MapLevel.EXACT)
    raw = (tmp_path / "分布图.pdf").read_bytes() + str(
        pypdf.PdfReader(tmp_path / "分布图.pdf").metadata
    ).encode()
    assert not any(code.encode() in raw or code.encode("utf-16-be") in raw for code in hidden)


def test_by_village_nothing_of_any_household_is_read(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    report, text = printed(town, printer, tmp_path, VILLAGES)
    assert {plain("柳河村"), plain("东岗村")} <= {
        plain(each) for each in ("柳河村", "东岗村") if each in text
    }
    assert "户-" not in text
    assert "*" not in text
    assert report.entries == 2


def test_villages_tell_their_number_only_when_nobody_can_be_recognised_by_it(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    def told() -> dict[str, str]:
        with town.store.reading() as session:
            entries = client_content(town.store, session, VILLAGES, TODAY).spec.entries
        return {entry.name: entry.offer for entry in entries}

    assert told() == {"柳河村": "不足 5 人", "东岗村": "不足 5 人"}
    for place in range(6):
        home(town, f"陈{place}", "G13", village="东岗村")
    assert told() == {"柳河村": "不足 5 人", "东岗村": "6 人"}
    report, text = printed(town, printer, tmp_path, VILLAGES)
    assert "8" not in {sign for word in report.warnings for sign in word}, (
        "no sum with the missing number in it"
    )
    assert plain("8 人") not in text
    profile = profile_of(town.store)
    change = changed("station", profile.key, values_of(profile), {"least_counted": 1})
    assert change is not None
    save_profile(town.store, change)
    assert told() == {"柳河村": "2 人", "东岗村": "6 人"}


def test_a_village_without_a_place_is_never_put_where_its_people_live(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    home(town, "陈一", "G13", village="东岗村", **at(0.01, 0.01))
    with town.store.reading() as session:
        entries = client_content(town.store, session, VILLAGES, TODAY).spec.entries
    lost = next(entry for entry in entries if entry.name == "东岗村")
    assert (lost.lat, lost.lon) == (None, None)


def test_households_are_printed_only_shortly_after_unlocking(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    target = tmp_path / "分布图.pdf"
    with pytest.raises(UserError, match="密码"):
        client_map(town.store, target, EXACT, printer)
    unlock_households(town.store, "")
    clock = town.store.clock
    assert isinstance(clock, FixedClock)
    clock.moment += timedelta(minutes=16)
    with pytest.raises(UserError, match="密码"):
        client_map(town.store, target, EXACT, printer)
    assert not target.exists()
    assert logged(town.store, "export") == 0


def test_what_was_made_leaves_only_while_it_is_unlocked(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    report, _text = printed(town, printer, tmp_path, EXACT)
    clock = town.store.clock
    assert isinstance(clock, FixedClock)
    clock.moment += timedelta(minutes=16)
    with pytest.raises(UserError, match="密码"):
        give_out(town.store, "print", report.given, "分布图.pdf")
    assert logged(town.store, "print") == 0


def test_seeing_one_household_unmasked_is_not_unlocking_all(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    reveal(town.store, "household", town["李守林家"])
    with pytest.raises(UserError, match="密码"):
        client_map(town.store, tmp_path / "分布图.pdf", EXACT, printer)


def test_a_worker_who_sees_figures_only_gets_the_villages_only(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    with town.store.reading() as session:
        worker = session.scalars(select(Worker).where(Worker.name == "林站长")).one()
    change = changed("worker", worker.key, values_of(worker), {"role": Role.VIEWER})
    assert change is not None
    save(town.store, change)
    with pytest.raises(UserError, match="只看统计"):
        unlock_households(town.store, "")
    with pytest.raises(UserError, match="只看统计"):
        client_map(town.store, tmp_path / "分布图.pdf", EXACT, printer)


def test_with_passwords_only_ones_own_unlocks(tmp_path: Path) -> None:
    store = new_station(tmp_path / "站", "river-Stone-42")
    with pytest.raises(UserError, match="密码不对"):
        unlock_households(store, "river-Stone-43")
    with store.reading() as session:
        query = select(func.count()).where(AuditEntry.action == "revealed")
        assert session.execute(query).scalar_one() == 0
    assert unlock_households(store, "river-Stone-42") is not None
    store.close()


def test_it_is_logged_and_never_becomes_an_edition(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    report, _text = printed(town, printer, tmp_path, EXACT)
    assert logged(town.store, "export") == 1
    give_out(town.store, "print", report.given, "分布图.pdf")
    assert logged(town.store, "print") == 1
    assert (report.edition, report.given.draft, report.found.may_be_given) == (0, False, False)
    with town.store.reading() as session:
        assert session.execute(select(func.count()).select_from(SheetEdition)).scalar_one() == 0
    with (
        pytest.raises(UserError, match="没有版次"),
        town.store.writing("试") as work,
    ):
        keep_edition(work, ComingEdition(SheetKind.CLIENTS, None, 1, (), {}), "分布图.pdf")


def test_the_engine_of_hand_outs_does_not_make_it_and_no_pre_flight_lets_it_pass(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    for draft in (False, True):
        with pytest.raises(UserError, match="只供站内使用"):
            handout(town.store, tmp_path / "图.pdf", HandoutOrder(SheetKind.CLIENTS, draft=draft), printer)
    with town.store.reading() as session:
        content = client_content(town.store, session, VILLAGES, TODAY)
        found = look_through(session, content, lay_out(content.spec), TODAY)
    assert [each.rule for each in found.stops] == ["internal"]
    assert not any(each.answerable for each in found.stops)


def test_what_is_too_much_for_one_map_is_refused_with_the_way_out(
    town: SmallTown, printer: WebPrinter, tmp_path: Path
) -> None:
    with town.store.writing("许多户") as work:
        for place in range(401):
            values = {**blank(Household), "code": f"户-9{place:04d}", "follow_level": FollowLevel.NORMAL}
            work.write([created("household", values | {"village_key": Key(town["东岗村"])})])
    unlock_households(town.store, "")
    with pytest.raises(UserError, match="按村合计"):
        client_map(town.store, tmp_path / "分布图.pdf", EXACT, printer)
    by_village = ClientOrder(MapLevel.EXACT, area=town["柳河村"])
    assert client_map(town.store, tmp_path / "分布图.pdf", by_village, printer).entries == 2


@pytest.mark.parametrize("colour", [True, False])
def test_eighty_households_of_a_village_are_drawn_without_covering_one_another(
    town: SmallTown, printer: WebPrinter, tmp_path: Path, colour: bool
) -> None:
    for place in range(80):
        home(
            town,
            f"周{place}",
            ("G13", "G32", "G21", "G01")[place % 4],
            **at(0.0007 * (place % 9), 0.0008 * (place // 9)),
        )
    report, text = printed(
        town, printer, tmp_path, ClientOrder(MapLevel.EXACT, town["柳河村"], colour=colour)
    )
    assert report.entries == 82
    assert report.drawn == 81
    with town.store.reading() as session:
        entries = client_content(town.store, session, EXACT, TODAY).spec.entries
    assert all(entry.code in text for entry in entries), "no entry is missing"
    with town.store.reading() as session:
        layout = lay_out(client_content(town.store, session, EXACT, TODAY).spec)
    plates = [mark.plate for view in layout.views[:1] for mark in view.marks]
    assert not any(one.meets(other) for at_, one in enumerate(plates) for other in plates[:at_])
    assert not any(covered_names(view) for view in layout.views)
    assert not any(page.boxes for page in read_proof(report.path))
