"""The main job in the real window, from an empty computer to the day after."""

from __future__ import annotations

import os
from pathlib import Path
from unicodedata import normalize

import pypdf
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from stationdesk.core.fields import Key
from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.ui.dialogs.handout import HandoutDialog
from stationdesk.ui.tabs.map import MapTab
from tests.journeys.person import Person
from tests.ui.tabs.writing import seen

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen

PASSWORD = "gu shan liu shui"
HEAD_NUMBER = "999999194912310020"
"""An invented number under an area code that no place has: a woman born on the last day of 1949."""
SLOW = 60_000
"""Milliseconds a person waits for the first page that is printed."""


def right_digit(number: str) -> str:
    """The number with its check digit (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return number[:17] + "10X98765432"[total % 11]


def picture(person: Person, name: str) -> None:
    """Leave a picture of the window in the folder that JOURNEY_PICTURES names, for looking at."""
    folder = os.environ.get("JOURNEY_PICTURES")
    if folder:
        person.settle()
        person.picture(Path(folder) / f"{name}.png")


def test_the_main_job_from_an_empty_computer_to_the_day_after(person: Person, tmp_path: Path) -> None:
    person.new_station(tmp_path / "柳河站", PASSWORD)
    picture(person, "1-empty")
    clinic = record_three_resources(person)
    picture(person, "2-resources")
    record_a_household_of_two(person)
    picture(person, "3-people")
    medicine = record_two_needs(person)
    picture(person, "4-needs")
    match = match_with_the_first_proposal(person)
    assert person.value("match", match, "resource_key") == clinic
    lead_to_the_clients_word(person, match)
    picture(person, "6-match")
    person.press("match_need_met")
    person.wait(lambda: person.value("need", medicine, "status") is NeedStatus.MET)
    place_the_third_on_the_map(person)
    picture(person, "7-map")
    hand_out(person, tmp_path / "发放.pdf")
    ledger_of_the_month(person, tmp_path / "柳河站" / "exports")
    picture(person, "9-ledgers")

    undo_the_last_step(person)
    counts = {record: len(person.stored(record)) for record in ("resource", "household", "person", "need")}
    assert counts == {"resource": 3, "household": 1, "person": 2, "need": 2}
    person.leave()

    person.start()
    unlock(person)
    everything_is_still_there(person, match, medicine)
    picture(person, "10-next-day")


def add_resource(person: Person, name: str, dimension: str, map_class: str, offers: str, items: str) -> None:
    person.begin("resource")
    person.write("resource.name", name)
    person.choose("resource.dimension", dimension)
    person.choose("resource.map_class", map_class)
    person.write("resource.offer_text", offers)
    person.tick("resource.offer_items", items)


def place_resource(person: Person, coordinate: str) -> None:
    person.turn_to("resource", "位置")
    person.write("resource_coordinate", coordinate)
    person.choose("resource_datum", "WGS-84（GPS、天地图）")


def record_three_resources(person: Person) -> Key:
    person.go_to("资源库")
    add_resource(person, "柳河镇卫生院", "组织资源", "医疗", "看病、送药、义诊", "送药")
    place_resource(person, "34.504, 114.304")
    clinic = person.save("resource")
    add_resource(person, "巧手理发队", "人力资源", "便民生活", "上门理发、陪聊", "精神慰藉与陪伴")
    place_resource(person, "34.497, 114.306")
    person.save("resource")
    add_resource(person, "东岗日间照料中心", "空间资源", "养老", "午饭、棋牌", "护理照料")
    person.save("resource")
    return clinic


def record_a_household_of_two(person: Person) -> None:
    person.go_to("服务对象")
    person.begin("household")
    person.write("person.name", "周小禾")
    person.write("person.id_number", right_digit(HEAD_NUMBER))
    person.save("household")
    person.turn_to("household", "成员")
    person.begin("person", "household_add_member")
    person.write("person.name", "周平安")
    person.write("person.phone", "13800000000")
    person.save("person")
    assert len(person.stored("person")) == 2


def record_two_needs(person: Person) -> Key:
    person.begin("need", "person_need")  # of the member that was just entered
    person.choose("need.item", "社交融入")
    person.choose("need.result", "心理性")
    person.save("need")
    person.begin("need")
    person.pick("need.person_key", "zxh", "周小禾")
    person.choose("need.urgency", "紧急（24 小时内）")
    person.choose("need.item", "送药")
    person.choose("need.result", "医疗性")
    return person.save("need")


def match_with_the_first_proposal(person: Person) -> Key:
    person.press("need_find_resources")
    person.wait(lambda: person.text("suggestion_0_name").endswith("柳河镇卫生院"))
    picture(person, "5-suggestions")
    person.press("suggestion_0_match")
    person.wait(lambda: person.stored("match"))
    (match,) = person.stored("match")
    return match


def lead_to_the_clients_word(person: Person, match: Key) -> None:
    def stands_at(state: MatchState) -> bool:
        shown = person.spoken("match_state_line").endswith(state.label)
        return shown and person.value("match", match, "state") is state

    person.wait(lambda: stands_at(MatchState.PLANNED))
    for state in (MatchState.CONTACTED, MatchState.SERVING):
        person.press("match_next")
        person.wait(lambda state=state: stands_at(state))  # type: ignore[misc]  # bound at once
    person.press("match_next")
    person.press("match_step_accept", person.dialog("match_step"))
    person.wait(lambda: stands_at(MatchState.DONE))
    person.press("match_next")
    dialog = person.dialog("match_step")
    person.type("match.client_words", "yao song dao le, xie xie", dialog)
    person.press("match_step_accept", dialog)
    person.wait(lambda: stands_at(MatchState.CONFIRMED))


def place_the_third_on_the_map(person: Person) -> None:
    page = person.go_to("地图")
    assert isinstance(page, MapTab)
    person.wait(lambda: page.drawn == (2, 2), SLOW)
    person.press_row("map_resource_list", 0)
    person.wait(lambda: person.text("map_chosen_title").endswith("东岗日间照料中心"))
    person.press("map_place")
    person.settle()
    person.wait(
        lambda: "东岗日间照料中心" in str(person.on_map("document.querySelector('.banner').textContent"))
    )
    person.click_map(0.3, 0.6)
    person.wait(lambda: page.drawn == (3, 3))


def hand_out(person: Person, file: Path) -> None:
    person.press("map_handout")
    dialog = person.dialog("handout_dialog")
    assert isinstance(dialog, HandoutDialog)
    person.wait(lambda: dialog.made is not None or dialog.refusal.isVisible(), SLOW)
    assert dialog.made is not None, dialog.refusal.text
    assert dialog.made.given.entries == 3
    if os.environ.get("JOURNEY_PICTURES"):
        dialog.grab().save(str(Path(os.environ["JOURNEY_PICTURES"]) / "8-handout.png"))
    with person.answering(file):
        person.press("handout_save", dialog)
    person.wait(file.is_file)
    # Readers tell some characters by the radical that looks the same.
    text = normalize("NFKC", "".join(page.extract_text() for page in pypdf.PdfReader(file).pages))
    for name in ("柳河镇卫生院", "巧手理发队", "东岗日间照料中心"):
        assert name in text
    person.press("handout_close", dialog)


def ledger_of_the_month(person: Person, folder: Path) -> None:
    person.go_to("台账")
    next_month = seen(person.window, QAbstractButton, "ledger_next")
    while next_month.isEnabled():  # early in a month the month before is proposed
        person.press("ledger_next")
    person.press("ledger_export")
    person.wait(lambda: "勾稽" in person.text("ledger_result_text"))
    (file,) = folder.glob("*.xlsx")
    words = {
        str(cell)
        for sheet in load_workbook(file).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert {"周小禾", "周平安", "柳河镇卫生院", right_digit(HEAD_NUMBER)} <= words


def undo_the_last_step(person: Person) -> None:
    (third,) = person.stored("resource", "东岗日间照料中心")
    assert person.value("resource", third, "latitude") is not None
    person.keys(Qt.Key.Key_Z, control=True)
    person.wait(lambda: person.value("resource", third, "latitude") is None)


def unlock(person: Person) -> None:
    dialog = person.dialog("worker_dialog")
    assert person.reads("柳河站", dialog)
    person.type("worker_password", PASSWORD, dialog)
    person.press("worker_open", dialog)
    person.await_window()


def everything_is_still_there(person: Person, match: Key, medicine: Key) -> None:
    assert person.value("match", match, "state") is MatchState.CONFIRMED
    assert person.value("match", match, "client_words") == "yao song dao le, xie xie"
    assert person.value("need", medicine, "status") is NeedStatus.MET
    person.go_to("资源库")
    person.wait(lambda: person.text("resource_count").startswith("3 项"))
    person.go_to("服务对象")
    person.wait(lambda: person.text("household_count").startswith("1 项"))
    person.go_to("对接")
    person.press("matching_switch_0_1")
    person.wait(lambda: person.text("match_count").startswith("1 项"))
    # The step before the one that was undone is the last one now.
    person.wait(lambda: "已满足" in seen(person.window, QAbstractButton, "undo_button").toolTip())
    person.keys(Qt.Key.Key_Z, control=True)
    person.wait(lambda: person.value("need", medicine, "status") is not NeedStatus.MET)
    person.keys(Qt.Key.Key_Y, control=True)
    person.wait(lambda: person.value("need", medicine, "status") is NeedStatus.MET)
