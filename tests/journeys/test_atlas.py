"""地图册 and 拼接大图 in the real window: chosen in 发放地图, looked at, folded, saved."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from stationdesk.core.vocab import SheetKind
from stationdesk.services.editions import editions_of
from stationdesk.ui.dialogs.handout import HandoutDialog
from tests.desk_station import new_station
from tests.journeys.person import Person
from tests.journeys.test_handouts import handout, picture, saved, shown
from tests.services.test_atlas import town

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a screen


def sizes(file: Path) -> set[tuple[int, int]]:
    """Width and height of the pages of a file, in millimetres."""
    point = 25.4 / 72
    return {
        (round(float(page.mediabox.width) * point), round(float(page.mediabox.height) * point))
        for page in pypdf.PdfReader(file).pages
    }


def turned_to(person: Person, dialog: HandoutDialog, kind: SheetKind) -> None:
    """Choose another map, and wait for its preview."""
    person.press(f"handout_kind_{kind.code}", dialog)
    person.wait(lambda: dialog.answers.kind is kind)
    shown(person, dialog)


def test_an_atlas_is_looked_at_folded_and_saved_and_a_poster_after_it(person: Person, tmp_path: Path) -> None:
    store = new_station(tmp_path / "站")
    town(store, 4, columns=2)
    store.close()
    person.open_again(tmp_path / "站")

    dialog = handout(person, "home_handout")
    turned_to(person, dialog, SheetKind.ATLAS)
    assert "4 幅图" in person.text("handout_summary", dialog)
    pages = dialog.document.pageCount()
    assert pages >= 9
    picture(person, "atlas")
    person.choose("handout_book", "小册子：A5 的页，印在 A4 上对折", dialog)
    shown(person, dialog)
    assert "对折" in person.text("handout_summary", dialog)
    book = tmp_path / "地图册.pdf"
    text = saved(person, dialog, book)
    assert "甲家村" in text
    assert "按名称查(拼音顺序)" in text
    assert sizes(book) == {(296, 210)}

    turned_to(person, dialog, SheetKind.POSTER)
    picture(person, "poster")
    large = tmp_path / "大图.pdf"
    assert "第1行第1列" in saved(person, dialog, large)
    assert {edition.kind for edition in editions_of(person.store)} == {SheetKind.ATLAS, SheetKind.POSTER}
    person.press("handout_close", dialog)
