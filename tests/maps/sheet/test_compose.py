from __future__ import annotations

from datetime import date

import pytest
from lxml import etree
from lxml import html as markup

from stationdesk.core.errors import UserError
from stationdesk.core.printing import MAP_PAPERS, PageSetup, Paper
from stationdesk.core.vocab import MapClass
from stationdesk.maps.sheet.check import check_layout
from stationdesk.maps.sheet.compose import NOTICE, compose
from stationdesk.maps.sheet.marks import strain
from stationdesk.maps.sheet.spec import Hotline
from tests.hostile import STRINGS
from tests.maps.sheet.making import CLASSES, entries, entry, spec

PAPERS = [PageSetup(paper, landscape) for paper in MAP_PAPERS for landscape in (True, False)]


def text_of(document: etree._Element) -> str:
    return "".join(str(part) for part in document.itertext())


def parsed(html: str) -> etree._Element:
    return markup.document_fromstring(html)


@pytest.mark.parametrize("setup", PAPERS, ids=lambda setup: f"{setup.paper}-{setup.landscape}")
@pytest.mark.parametrize("count", [1, 5, 25])
def test_every_paper_takes_few_and_many_entries(setup: PageSetup, count: int) -> None:
    sheet = compose(spec(entries(count), setup))
    check_layout(sheet)
    pages = parsed(sheet.html).findall(".//section")
    assert len(pages) == sheet.layout.pages


def test_a_crowd_gets_the_first_page_for_its_map_and_the_index_after_it() -> None:
    sheet = compose(spec(entries(120)))
    check_layout(sheet)
    assert sheet.layout.front.frame.width > 250
    assert sheet.layout.pages > 2


def test_every_page_tells_title_notice_page_and_practice() -> None:
    sheet = compose(
        spec(entries(40), practice=True, checked_on=date(2026, 11, 20), review_number="某S(2026)1号")
    )
    for number, page in enumerate(parsed(sheet.html).findall(".//section"), start=1):
        words = text_of(page)
        for told in (
            "柳河镇社区服务资源图",
            NOTICE,
            "信息核对至 2026-11-20",
            "练习镇",
            "审图号：某S(2026)1号",
            "免费发放",
        ):
            assert told in words
        assert f"第 {number} / {sheet.layout.pages} 页" in words


def test_the_legend_explains_what_is_shown_and_nothing_else() -> None:
    given = [entry(1, 0, 0, map_class=MapClass.MEDICAL), entry(2, 900, 0, map_class=MapClass.SAFETY)]
    sheet = compose(spec(given, features=()))
    assert [item.label for item in sheet.layout.legend] == ["医疗", "安全救助"]
    whole = compose(spec(entries(16)))
    assert {item.what for item in whole.layout.legend} >= set(CLASSES)


def test_emergency_numbers_are_the_stations_own() -> None:
    sheet = compose(spec(entries(3), hotlines=(Hotline("政务", "12345"), Hotline("心理援助", "12356"))))
    found = parsed(sheet.html).find_class("hotlines")[0]  # type: ignore[attr-defined]  # lxml's stubs miss HtmlElement
    assert [text_of(each) for each in found] == ["政务12345", "心理援助12356"]


def test_hostile_words_stay_words() -> None:
    given = [
        entry(number, number * 40.0, number * 30.0, name=word, offer=word, hours=word, contact=word)
        for number, word in enumerate((each for each in STRINGS if each.strip()), start=1)
        if any(sign.isprintable() and not sign.isspace() for sign in word)
    ][:40]
    sheet = compose(spec(given, title="<script>1</script>", subtitle="</section><b>", edition="{{7*7}}"))
    document = parsed(sheet.html)
    tags = {str(element.tag) for element in document.iter()}
    assert not tags & {"script", "img", "iframe", "a", "link", "object"}
    assert not [name for element in document.iter() for name in element.attrib if str(name).startswith("on")]
    assert len(document.findall(".//section")) == sheet.layout.pages
    assert "49" not in text_of(document.findall(".//header")[0])


def test_black_and_white_uses_no_colour_at_all() -> None:
    html = compose(spec(entries(20), colour=False)).html
    colours = {part[:6] for part in html.split("#")[1:] if len(part) >= 6 and part[0] in "0123456789abcdef"}
    grey = {colour for colour in colours if all(sign in "0123456789abcdef" for sign in colour)}
    assert grey
    assert all(colour[:2] == colour[2:4] == colour[4:] for colour in grey)


def test_all_casings_are_drawn_before_any_road_is_filled() -> None:
    document = parsed(compose(spec(entries(10))).html)
    order = [
        name
        for path in document.iter("path")
        if (name := (path.get("class") or "").split())
        and name[0] in ("casing", "fill")
        and "river" not in name
    ]
    ground = order[:4]
    assert [part for part, _kind in ground] == ["casing", "casing", "fill", "fill"]


def test_the_list_is_large_enough_to_read() -> None:
    assert compose(spec(entries(3))).layout.type.list_pt >= 9.5
    assert compose(spec(entries(3), PageSetup(Paper.A3))).layout.type.list_pt >= 12


def test_without_any_place_there_is_no_map_to_print() -> None:
    with pytest.raises(UserError, match="位置"):
        compose(spec([entry(1, 0, 0, lat=None, lon=None)]))


def test_hundreds_of_places_give_a_map_that_can_be_read_and_a_list_of_all() -> None:
    crowd = [entry(number, number % 25 * 40.0, number // 25 * 40.0) for number in range(1, 301)]
    outside = [entry(number, (number - 320) * 400.0, 9_000.0) for number in range(301, 340)]
    sheet = compose(spec([*crowd, *outside]))
    check_layout(sheet)
    assert len(sheet.layout.drawn) + len(sheet.layout.far) == 339
    assert len(sheet.layout.drawn) >= 100
    assert strain(sheet.layout.marks) < 2
