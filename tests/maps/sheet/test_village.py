"""A village with 80 places, half of them about its middle: the counts that must be nought."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest
from lxml import html as markup

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import IndexOrder, SheetForm
from stationdesk.maps.sheet.check import check_layout, covered_names
from stationdesk.maps.sheet.compose import Sheet, compose
from stationdesk.maps.sheet.geometry import length_inside
from stationdesk.maps.sheet.marks import strain
from stationdesk.maps.sheet.spec import Entry
from tests.maps.sheet.making import entry, spec

PAPERS = [
    (PageSetup(Paper.A4, landscape=True), SheetForm.ONE_PAGE),
    (PageSetup(Paper.A3, landscape=True), SheetForm.ONE_PAGE),
    (PageSetup(Paper.KAI8), SheetForm.TWO_PAGES),
]


def village(count: int = 80, seed: int = 3) -> tuple[Entry, ...]:
    chance = random.Random(seed)
    return tuple(
        entry(
            number,
            *(
                (chance.gauss(60, 170), chance.gauss(-150, 120))
                if chance.random() < 0.5
                else (chance.uniform(-1500, 1500), chance.uniform(-1000, 1000))
            ),
        )
        for number in range(1, count + 1)
    )


@pytest.fixture(scope="module", params=PAPERS, ids=lambda given: f"{given[0].paper}-{given[1]}")
def sheet(request: pytest.FixtureRequest) -> Sheet:
    setup, form = request.param
    return compose(spec(village(), setup, form=form, orders=(IndexOrder.BY_CLASS, IndexOrder.BY_NAME)))


def test_no_mark_and_no_name_covers_another(sheet: Sheet) -> None:
    for view in sheet.layout.views:
        plates = [mark.plate for mark in view.marks]
        assert sum(one.meets(other) for one, other in combinations(plates, 2)) == 0
        assert covered_names(view) == []
        assert [plate for plate in plates if not view.frame.holds_box(plate)] == []


def test_no_line_runs_behind_the_mark_of_another_place_for_long(sheet: Sheet) -> None:
    for view in sheet.layout.views:
        hidden = [
            length_inside(mark.leader, other.plate)
            for mark in view.marks
            if mark.is_moved
            for other in view.marks
            if other is not mark
        ]
        assert sum(hidden) < 6


def test_every_entry_is_drawn_once_and_stands_once_in_either_index(sheet: Sheet) -> None:
    check_layout(sheet)
    codes = {each.code: 1 for each in village()}
    assert Counter(each.code for each in sheet.layout.drawn) == codes
    assert sheet.layout.far == ()
    cells = [(cell.get("class"), cell.text) for cell in markup.document_fromstring(sheet.html).iter("td")]
    assert Counter(text for name, text in cells if name == "code") == codes
    assert Counter(text for name, text in cells if name == "brief") == codes


def test_the_crowded_middle_is_drawn_larger_at_full_size_and_the_marks_stay_near(sheet: Sheet) -> None:
    layout = sheet.layout
    assert layout.inset is not None
    assert layout.ground.n >= layout.inset.ground.n * 1.7
    assert {mark.size for mark in layout.marks} == {layout.type.mark}
    assert strain(layout.marks) < 0.35


def test_what_the_inset_shows_stands_there_and_nowhere_else(sheet: Sheet) -> None:
    main, inset = sheet.layout.main, sheet.layout.inset
    assert inset is not None
    assert main.outline is not None
    west, south, east, north = inset.ground.extent
    corners = (main.ground.point(west, north), main.ground.point(east, south))
    assert corners[0] == pytest.approx((main.outline.x, main.outline.y), abs=0.05)
    assert corners[1] == pytest.approx((main.outline.right, main.outline.bottom), abs=0.05)
    assert not [mark for mark in main.marks if main.outline.holds(mark.place)]
    assert len(inset.marks) > 20


def test_the_form_in_two_pages_has_the_map_alone_on_the_first() -> None:
    document = markup.document_fromstring(
        compose(spec(village(20), PageSetup(Paper.A4), form=SheetForm.TWO_PAGES)).html
    )
    first, second = document.findall(".//section")
    assert len(first.findall(".//table")) == 0
    assert len(second.findall(".//tr[@data-code]")) == 20
    assert "续" not in "".join(str(text) for text in second.findall(".//header")[0].itertext())


def test_a_village_with_room_for_all_its_marks_has_no_inset() -> None:
    given = [entry(number, number % 4 * 500.0, number // 4 * 500.0) for number in range(12)]
    layout = compose(spec(given)).layout
    assert layout.inset is None
    assert layout.main.outline is None
