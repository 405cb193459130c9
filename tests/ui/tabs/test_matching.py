from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import MatchState, NeedStatus
from stationdesk.core.vocab.weights import Rule
from stationdesk.services.home import next_steps
from stationdesk.services.listing import Query, row_of
from stationdesk.services.match_rules import Answer
from stationdesk.services.stations import weights_of
from stationdesk.ui.dialogs.match_step import MatchStepDialog
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.matching import MatchingTab
from tests.small_town import SmallTown
from tests.ui.tabs.acting import pressed, shown


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit) -> MatchingTab:
    made = shown(qtbot, MatchingTab(town_kit))
    qtbot.waitUntil(lambda: len(made.board.table.rows.keys) == 3)
    return made


def label(tab: QWidget, name: str) -> str:
    found = tab.findChild(QLabel, name)
    assert found is not None, name
    return found.text()


def show_need(qtbot: QtBot, tab: MatchingTab, town: SmallTown, name: str) -> None:
    tab.find_for(town[name])
    code = row_of(town.store, "need", town[name])
    assert code is not None
    qtbot.waitUntil(lambda: label(tab, "proposal_about").startswith(code.values["code"]))


def show_match(qtbot: QtBot, tab: MatchingTab, town: SmallTown, name: str, state: MatchState) -> None:
    tab.open_record("match", town[name])
    qtbot.waitUntil(lambda: tab.matches.form.key == town[name] and tab.matches.line.state is state)


def state_of(town: SmallTown, name: str) -> MatchState:
    row = row_of(town.store, "match", town[name])
    assert row is not None
    state: MatchState = row.values["state"]
    return state


def stands_at(tab: MatchingTab, state: MatchState) -> bool:
    return tab.matches.line.state is state


def dialog_of(qtbot: QtBot, tab: MatchingTab) -> MatchStepDialog:
    qtbot.waitUntil(lambda: bool(tab.matches.findChildren(MatchStepDialog)))
    return tab.matches.findChildren(MatchStepDialog)[-1]


def test_needs_wait_by_urgency_and_age_and_the_first_has_its_proposals(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    assert tab.board.table.rows.keys == (town["送药"], town["心理"], town["救急"])
    qtbot.waitUntil(lambda: label(tab, "proposal_title") == "送药 · 李*")
    assert tab.board.suggestions.suggestions[0].resource == town["卫生院"]


def test_the_first_need_is_chosen_once_also_while_ctrl_is_down(
    qtbot: QtBot, town_kit: Kit, town: SmallTown
) -> None:
    other = shown(qtbot, QWidget())
    keyboard = other.windowHandle()
    QTest.keyPress(keyboard, Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    try:
        tab = MatchingTab(town_kit)
        chosen: list[int] = []
        tab.board.table.view.selection_counted.connect(chosen.append)
        shown(qtbot, tab)
        qtbot.waitUntil(lambda: tab.board.table.current_key == town["送药"])
    finally:
        QTest.keyRelease(keyboard, Qt.Key.Key_Control)
    assert chosen.count(1) == 1
    assert tab.board.table.view.selected_keys() == (town["送药"],)


def test_every_rule_is_told_in_words_with_a_sign(qtbot: QtBot, tab: MatchingTab, town: SmallTown) -> None:
    show_need(qtbot, tab, town, "送药")
    card = tab.board.suggestions.findChild(QWidget, "suggestion_0")
    assert card is not None
    spoken = {each.accessibleName() for each in card.findChildren(QWidget)}
    assert "符合：能提供“送药”" in spoken
    findings = tab.board.suggestions.suggestions[0].findings
    assert {f"符合：{each.words}" for each in findings if each.answer is Answer.YES} <= spoken
    assert label(tab, "suggestion_0_facts") == "相距 0.4 公里 · 剩余容量 3 · 长期有效"


def test_excluded_resources_are_listed_with_the_reason_when_asked_for(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "心理")
    before = {each.resource for each in tab.board.suggestions.suggestions}
    assert town["理发队"] in before  # the client's age is not known, so that its limit is a question
    pressed(tab, "suggestions_excluded")
    qtbot.waitUntil(lambda: len(tab.board.suggestions.suggestions) >= len(before))


def test_a_match_made_from_a_suggestion_keeps_its_reasons_and_is_shown(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "送药")
    pressed(tab, "suggestion_0_match")
    qtbot.waitUntil(lambda: tab.matches.form.key is not None and tab.matches.line.isVisible())
    assert tab.matches.isVisible()
    key = tab.matches.form.key
    assert key is not None
    row = row_of(town.store, "match", key)
    assert row is not None
    assert (row.values["need_key"], row.values["resource_key"]) == (town["送药"], town["卫生院"])
    assert "能提供“送药”" in row.values["why"]
    qtbot.waitUntil(lambda: town["送药"] not in tab.board.table.rows.keys or not tab.board.isVisible())


def test_a_match_is_led_step_by_step_and_the_line_shows_where_it_stands(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "送药")
    pressed(tab, "suggestion_0_match")
    qtbot.waitUntil(lambda: tab.matches.form.key is not None)
    for state in (MatchState.CONTACTED, MatchState.SERVING):
        pressed(tab, "match_next")
        qtbot.waitUntil(partial(stands_at, tab, state))
    pressed(tab, "match_next")
    dialog = dialog_of(qtbot, tab)
    pressed(dialog, "match_step_accept")
    qtbot.waitUntil(lambda: tab.matches.line.state is MatchState.DONE)


def test_confirming_asks_for_the_clients_own_words_and_offers_to_close_the_need(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_match(qtbot, tab, town, "体检对接", MatchState.DONE)
    pressed(tab, "match_next")
    dialog = dialog_of(qtbot, tab)
    pressed(dialog, "match_step_accept")
    assert dialog.boxes["client_words"].problem
    assert state_of(town, "体检对接") is MatchState.DONE
    words = dialog.findChild(QPlainTextEdit, "match.client_words")
    assert words is not None
    QTest.keyClicks(words, "yi sheng lai guo")
    pressed(dialog, "match_step_accept")
    qtbot.waitUntil(lambda: state_of(town, "体检对接") is MatchState.CONFIRMED)
    qtbot.waitUntil(lambda: tab.matches.line.state is MatchState.CONFIRMED)
    pressed(tab, "match_need_met")

    def met() -> bool:
        need = row_of(town.store, "need", town["体检"])
        return need is not None and need.values["status"] is NeedStatus.MET

    qtbot.waitUntil(met)


def test_a_failure_asks_why_and_what_was_typed_stays_when_it_is_refused(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_match(qtbot, tab, town, "体检对接", MatchState.DONE)
    pressed(tab, "match_to_failed")
    dialog = dialog_of(qtbot, tab)
    pressed(dialog, "match_step_accept")
    assert dialog.boxes["reason"].problem
    assert dialog.isVisible()
    reason = dialog.findChild(QPlainTextEdit, "match.reason")
    assert reason is not None
    QTest.keyClicks(reason, "mei lai")
    pressed(dialog, "match_step_accept")
    qtbot.waitUntil(lambda: state_of(town, "体检对接") is MatchState.FAILED)


def test_leaving_a_step_changes_nothing(qtbot: QtBot, tab: MatchingTab, town: SmallTown) -> None:
    show_match(qtbot, tab, town, "体检对接", MatchState.DONE)
    pressed(tab, "match_to_failed")
    pressed(dialog_of(qtbot, tab), "match_step_cancel")
    assert state_of(town, "体检对接") is MatchState.DONE


def test_the_rows_behind_a_figure_open_on_the_page_of_matches(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    tab.show_query(Query("match", scope="unconfirmed"))
    qtbot.waitUntil(lambda: tab.matches.table.rows.keys == (town["体检对接"],))
    assert tab.matches.isVisible()


def test_weights_are_changed_in_one_place_and_change_the_points(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "送药")
    before = tab.board.suggestions.suggestions[0].points
    pressed(tab, "matching_weights")
    dialog = tab.board.findChild(QDialog, "weights_dialog")
    assert dialog is not None
    name = f"weight_{Rule.ITEM.value}"
    qtbot.waitUntil(lambda: dialog.findChild(QSpinBox, name) is not None)
    box = dialog.findChild(QSpinBox, name)
    assert box is not None
    box.setValue(70)
    pressed(dialog, "weights_save")
    qtbot.waitUntil(lambda: tab.board.suggestions.suggestions[0].points == before + 30)
    assert {each.rule: each.points for each in weights_of(town.store)}[Rule.ITEM.value] == 70


def test_enter_in_the_list_leads_to_the_first_proposal(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "送药")
    tab.board.table.select(town["送药"])
    QTest.keyClick(tab.board.table.view, Qt.Key.Key_Return)
    focused = tab.focusWidget()
    assert focused is not None
    assert focused.objectName() == "suggestion_0_match"


def test_what_the_last_step_asks_for_is_marked(qtbot: QtBot, tab: MatchingTab, town: SmallTown) -> None:
    dialog = MatchStepDialog(MatchState.CONFIRMED, {}, tab.matches.kit)
    qtbot.addWidget(dialog)
    marked = [each.text() for each in dialog.findChildren(QLabel) if each.text().endswith(" *")]
    assert marked == ["服务对象原话 *"]


def test_the_need_is_spoken_of_as_on_the_first_screen(
    qtbot: QtBot, tab: MatchingTab, town: SmallTown
) -> None:
    show_need(qtbot, tab, town, "心理")
    assert label(tab, "proposal_lead") == next_steps(town.store, [town["心理"]])[town["心理"]].sentence
