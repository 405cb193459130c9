from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import html as markup

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.progress import Cancelled
from stationdesk.maps.atlas.check import check_pages
from stationdesk.maps.atlas.compose import compose_atlas
from stationdesk.maps.atlas.spec import AtlasSpec
from stationdesk.maps.sheet.check import plain
from tests.maps.atlas.test_plots import area, atlas
from tests.maps.sheet.making import entry

PORTRAIT = PageSetup(Paper.A4)


def small(columns: int = 3, each: int = 3) -> AtlasSpec:
    """So many villages side by side, each with some entries about its middle."""
    areas, given = [], []
    for column in range(columns):
        own = [
            entry(column * each + at + 1, column * 2000 + 700 + at * 250, -800 - at * 120)
            for at in range(each)
        ]
        given += own
        areas.append(area(f"{'甲乙丙丁'[column]}家村", column, 0, *(one.code for one in own)))
    return atlas(areas, given, setup=PORTRAIT)


def pages(html: str) -> list[str]:
    sections = markup.document_fromstring(html).findall(".//section")
    return [plain("".join(str(part) for part in section.itertext())) for section in sections]


def test_every_page_has_its_number_and_every_entry_its_page() -> None:
    made = compose_atlas(small())
    check_pages(made)
    texts = pages(made.html)
    assert len(texts) == made.pages
    for number, text in enumerate(texts[1:], start=2):
        assert f"第{number}/{made.pages}页" in text
    assert {each.code for each in made.spec.whole.entries} == set(made.spots)
    assert made.lost == ()


def test_arrows_lead_to_the_pages_that_are_really_there() -> None:
    made = compose_atlas(small())
    first, second, third = made.maps
    assert {(arrow.way.name, arrow.way.page) for arrow in first.arrows} == {("乙家村", second.number)}
    assert {arrow.way.page for arrow in second.arrows} == {first.number, third.number}


def test_a_village_without_entries_and_the_overview_have_no_empty_page_of_index() -> None:
    spec = small(2)
    empty = replace(spec, areas=(*spec.areas, area("空村", 0, 3)))
    made = compose_atlas(empty)
    assert made.overview.pages == 1
    assert [each.layout.pages for each in made.maps] == [1, 1, 1]


def test_the_page_of_a_village_shows_what_else_lies_on_its_ground() -> None:
    spec = small(2)
    first = compose_atlas(spec).maps[0]
    close = entry(9, 1790, -900)
    whole = replace(spec.whole, entries=(*spec.whole.entries, close))
    second = replace(spec.areas[1], codes=spec.areas[1].codes | {close.code})
    made = compose_atlas(replace(spec, whole=whole, areas=(spec.areas[0], second)))
    assert close.code not in {each.code for each in first.layout.drawn}
    assert close.code in {each.code for each in made.maps[0].layout.drawn}
    assert made.spots[close.code].page == made.maps[1].number


def test_black_and_white_uses_no_colour_at_all() -> None:
    spec = small(2)
    made = compose_atlas(replace(spec, whole=replace(spec.whole, colour=False)))
    colours = {part[:6] for part in made.html.split("#")[1:] if len(part) >= 6}
    grey = {colour for colour in colours if all(sign in "0123456789abcdef" for sign in colour)}
    assert grey
    assert all(colour[:2] == colour[2:4] == colour[4:] for colour in grey)


def test_the_names_of_clips_are_each_used_once() -> None:
    made = compose_atlas(small())
    document = markup.document_fromstring(made.html)
    body = [each for each in document.iter("clippath") if each.getparent() is not None]
    names = [each.get("id") for each in body]
    # The cover shows the overview's own drawing once more, cut by the same frame.
    assert len(names) - len(set(names)) <= 1


def test_whoever_watches_can_stop_it() -> None:
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        compose_atlas(small(), stop)


def test_without_a_place_there_is_no_atlas() -> None:
    with pytest.raises(UserError, match="可以上图"):
        compose_atlas(AtlasSpec(small().whole, ()))
