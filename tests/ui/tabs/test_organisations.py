from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.services.listing import Query, keys_of, row_of
from stationdesk.ui.forms import Kit
from stationdesk.ui.tabs.organisations import OrganisationPage
from stationdesk.ui.tabs.resource_library import ResourcesTab
from tests.small_town import TODAY, SmallTown
from tests.ui.tabs.acting import button, pressed, shown
from tests.ui.tabs.writing import begun, choose, opened, saved, write


@pytest.fixture
def tab(qtbot: QtBot, town_kit: Kit, town: SmallTown) -> ResourcesTab:
    town.add(
        "organisation", "协会", name="柳河镇老年协会", kind="O08", agreement_to=TODAY + timedelta(days=7)
    )
    town.add(
        "resource",
        "下棋",
        name="老年棋社",
        dimension=Dimension.ORGANISATIONS,
        map_class=MapClass.CULTURE,
        provider_key=town["协会"],
    )
    made = shown(qtbot, ResourcesTab(town_kit))
    qtbot.waitUntil(lambda: made.resources.form.key is not None)
    return made


@pytest.fixture
def page(qtbot: QtBot, tab: ResourcesTab, town: SmallTown) -> OrganisationPage:
    """The organisations, with the association open."""
    pressed(tab, "resources_resource_switch_1")
    assert tab.current is tab.organisations
    opened(qtbot, tab.organisations, town["协会"])
    return tab.organisations


def test_an_organisation_is_entered_with_its_kind(
    qtbot: QtBot, page: OrganisationPage, town: SmallTown
) -> None:
    begun(qtbot, page)
    write(page, "organisation.name", "青石志愿队")
    qtbot.waitUntil(lambda: bool(page.kit.codes.options(page.form.boxes["kind"].field)))
    choose(page, "organisation.kind", "社会组织")
    key = saved(qtbot, page)
    row = row_of(town.store, "organisation", key)
    assert row is not None
    assert (row.values["name"], row.values["kind"] is not None) == ("青石志愿队", True)


def test_an_agreement_that_ends_before_it_begins_is_refused(qtbot: QtBot, page: OrganisationPage) -> None:
    write(page, "organisation.agreement_from", (TODAY + timedelta(days=30)).isoformat())
    page.form.foot.save.click()
    qtbot.waitUntil(page.form.refusal.isVisible)
    assert "协议起" in page.form.refusal.text
    page.form.discard()


def test_the_end_of_an_agreement_is_told_in_time(page: OrganisationPage) -> None:
    assert page.form.banner.isVisible()
    assert page.form.banner.text == "协议将于 2026-11-29 到期。"


def test_what_an_organisation_provides_is_counted_and_opened(
    qtbot: QtBot, tab: ResourcesTab, page: OrganisationPage, town: SmallTown
) -> None:
    pages = page.form.pages
    qtbot.waitUntil(lambda: any(pages.tabText(each) == "提供的资源 1" for each in range(pages.count())))
    page.open_wanted.emit("resource", town["下棋"])
    qtbot.waitUntil(lambda: tab.resources.form.key == town["下棋"])
    assert tab.current is tab.resources


def test_its_next_resource_is_begun_with_the_organisation_filled_in(
    qtbot: QtBot, tab: ResourcesTab, page: OrganisationPage, town: SmallTown
) -> None:
    pressed(page, "organisation_next_resource")
    qtbot.waitUntil(lambda: tab.resources.form.is_new)
    values = tab.resources.form.values()
    assert (values["provider_key"], values["dimension"]) == (town["协会"], Dimension.ORGANISATIONS)


def test_organisations_are_filtered_by_their_kind(
    qtbot: QtBot, page: OrganisationPage, town: SmallTown
) -> None:
    town.add("organisation", "超市", name="红星超市", kind="O06")
    page.fetch()
    qtbot.waitUntil(lambda: len(page.table.rows.keys) == 2)
    qtbot.waitUntil(lambda: bool(page.kit.codes.options(page.form.boxes["kind"].field)))
    label = next(
        each.label for each in page.kit.codes.options(page.form.boxes["kind"].field) if each.value == "O08"
    )
    choose(page, "organisation.filter.kind", label)
    qtbot.waitUntil(lambda: page.table.rows.keys == (town["协会"],))


def test_ctrl_n_and_the_signals_belong_to_the_library_that_is_shown(
    qtbot: QtBot, tab: ResourcesTab, page: OrganisationPage
) -> None:
    tab.new_record()
    qtbot.waitUntil(lambda: page.form.is_new)
    assert not tab.resources.form.is_new
    page.form.discard()
    pressed(page, "resources_organisation_switch_0")
    assert tab.current is tab.resources
    with qtbot.waitSignal(tab.handout_wanted):
        QTest.mouseClick(button(tab, "resource_handout"), Qt.MouseButton.LeftButton)


def test_a_query_is_shown_by_the_library_of_its_record(
    qtbot: QtBot, tab: ResourcesTab, town: SmallTown
) -> None:
    tab.show_query(Query("organisation"))
    assert tab.current.record == "organisation"
    tab.show_query(Query("resource", scope="verify"))
    assert tab.current.record == "resource"
    wanted = keys_of(town.store, Query("resource", scope="verify"))
    qtbot.waitUntil(lambda: set(tab.resources.table.rows.keys) == set(wanted))
