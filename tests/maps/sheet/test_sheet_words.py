"""What a sheet says besides its map: indexes, changes, watermarks, scale."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from lxml import html as markup

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import IndexOrder, MapClass, SheetChange, SheetForm, SheetKind
from stationdesk.maps.sheet.changes import edition_lines
from stationdesk.maps.sheet.check import check_layout
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.compose import compose
from stationdesk.maps.sheet.index import Section, sections_of
from stationdesk.maps.sheet.metrics import em_width
from stationdesk.maps.sheet.spec import Backdrop, ChangeLine, Entry
from tests.maps.sheet.making import LAT, LON, entries, entry, spec


def words(html: str) -> list[str]:
    """The text of each page."""
    return [
        "".join(str(part) for part in page.itertext())
        for page in markup.document_fromstring(html).findall(".//section")
    ]


def test_names_stand_in_the_order_of_a_dictionary_under_their_letter() -> None:
    named = [
        entry(number, 0, 0, name=name)
        for number, name in enumerate(
            ("卫生院", "120急救点", "重庆路药店", "便民中心", "宝林村小学"), start=1
        )
    ]
    found = [(part.title, [each.name for each in part.entries]) for part in _by_name(named)]
    assert found == [
        ("0–9", ["120急救点"]),
        ("B", ["宝林村小学", "便民中心"]),
        ("C", ["重庆路药店"]),
        ("W", ["卫生院"]),
    ]


def _by_name(given: list[Entry]) -> tuple[Section, ...]:
    return sections_of(given, (), IndexOrder.BY_NAME)


def test_numbers_stand_in_their_order_without_headings() -> None:
    given = [entry(number, number * 50.0, 0, map_class=MapClass.MEDICAL) for number in (10, 2, 1)]
    (part,) = sections_of(given, (), IndexOrder.BY_NUMBER)
    assert (part.title, [each.number for each in part.entries]) == ("", ["1", "2", "10"])


@pytest.mark.parametrize(
    "orders", [(IndexOrder.BY_NUMBER,), tuple(IndexOrder), (IndexOrder.BY_NAME, IndexOrder.BY_CLASS)]
)
def test_every_choice_of_indexes_prints_complete(orders: tuple[IndexOrder, ...]) -> None:
    check_layout(compose(spec(entries(45), PageSetup(Paper.A4), orders=orders)))


def test_a_lost_row_of_the_second_index_is_noticed() -> None:
    sheet = compose(spec(entries(9), orders=(IndexOrder.BY_CLASS, IndexOrder.BY_NAME)))
    code = sheet.layout.spec.entries[0].code
    html = sheet.html.replace(f'<td class="brief">{code}</td>', "<td></td>")
    assert html != sheet.html
    with pytest.raises(Exception, match=f"{code} 不在另一种排法的索引里"):
        check_layout(type(sheet)(html, sheet.layout))


def test_the_edition_box_counts_what_changed_and_names_as_much_as_fits() -> None:
    changes = (
        ChangeLine(SheetChange.NEW, "医-08", "张村卫生室"),
        ChangeLine(SheetChange.GONE, "便-03", "老理发店"),
        ChangeLine(SheetChange.CHANGED, "医-07", "镇卫生院", "电话"),
    )
    told = "".join(edition_lines(spec(entries(3), changes=changes, edition_number=3), 60))
    assert (
        told
        == "第 3 版与上一版相比　新增 1：医-08 张村卫生室；撤销 1：便-03 老理发店；变更 1：医-07 镇卫生院（电话）"
    )
    many = tuple(ChangeLine(SheetChange.NEW, f"医-{number}", "某某服务点") for number in range(200))
    lines = edition_lines(spec(entries(3), changes=(*many, *changes)), 60)
    assert len(lines) == 3
    assert all(em_width(line) <= 60 for line in lines)
    assert "新增 201：" in lines[0]
    assert "等；撤销 1" in "".join(lines)


def test_without_changes_there_is_no_box_but_the_number_of_the_edition() -> None:
    sheet = compose(spec(entries(3), edition="2026年11月", edition_number=2))
    assert 'class="changes"' not in sheet.html
    assert "2026年11月　第 2 版" in words(sheet.html)[0]


def test_a_draft_says_so_across_every_page_and_so_does_a_watermark() -> None:
    sheet = compose(spec(entries(60), draft=True, watermark="内部资料 王某 2026-11-22"))
    check_layout(sheet)
    for page in words(sheet.html):
        assert page.count("草稿　不得发放") == 1
        assert page.count("内部资料 王某 2026-11-22") > 10
    assert "草稿" not in compose(spec(entries(3))).html


def test_a_sketch_tells_its_distances_as_guessed() -> None:
    drawn = words(compose(spec(entries(5), sketch=True)).html)[0]
    assert re.search(r"约 1:[0-9 ]+　步行约 \d+ 分钟", drawn)
    assert "距离按步测或估计" in drawn
    measured = words(compose(spec(entries(5))).html)[0]
    assert "约 1:" not in measured
    assert "按每小时走 4 公里" in measured


def test_the_makers_of_a_base_map_and_its_approval_number_are_printed() -> None:
    backdrop = Backdrop(attribution="© 某某测绘院", review_number="某S(2026)9号")
    for page in words(compose(spec(entries(40), backdrop=backdrop)).html):
        assert "底图：© 某某测绘院" in page
        assert "审图号：某S(2026)9号" in page


def test_pages_of_a_larger_work_are_numbered_on() -> None:
    pages = words(compose(spec(entries(5), first_page=7, all_pages=25)).html)
    assert "第 7 / 25 页" in pages[0]


def test_an_extent_is_shown_whole_and_what_lies_beyond_is_listed() -> None:
    extent = (LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    inside, outside = entry(1, 100, 100), entry(2, 4000, 0)
    layout = compose(spec([inside, outside], extent=extent)).layout
    assert [each.code for each in layout.drawn] == [inside.code]
    assert layout.far == (outside,)
    west, south, east, north = layout.ground.extent
    assert west <= extent[0] < extent[2] <= east
    assert south <= extent[1] < extent[3] <= north
    assert layout.squares[outside.code].startswith("东")
    assert compose(spec([], extent=extent)).layout.marks == ()


@pytest.mark.parametrize("form", list(SheetForm))
def test_a_community_map_lists_places_with_numbers_and_roads_with_squares_only(form: SheetForm) -> None:
    given = [
        Entry("地-01", "1", GroundClass.PLACE, "村委会", lat=LAT, lon=LON),
        Entry("景-01", "1", GroundClass.SIGHT, "老槐树", lat=LAT + 0.004, lon=LON),
        Entry("路-01", "1", GroundClass.ROAD, "人民路", lat=LAT, lon=LON + 0.002),
    ]
    sheet = compose(spec(given, kind=SheetKind.COMMUNITY, form=form))
    check_layout(sheet)
    document = markup.document_fromstring(sheet.html)
    rows = [
        [cell.text or "" for cell in row.iter("td")] for row in document.iter("tr") if row.get("data-code")
    ]
    assert rows[0][:2] == ["地-01", "村委会"]
    assert rows[2][:2] == ["", "人民路"]
    assert re.fullmatch("[A-Z][0-9]", rows[2][2])
    assert "能帮什么" not in words(sheet.html)[0]
    assert sorted(_codes(document)) == ["地-01", "景-01"]


def _codes(document: etree._Element) -> list[str]:
    return [code for cell in document.iter("g") for code in (cell.get("data-codes") or "").split()]


@pytest.mark.parametrize(
    "setup", [PageSetup(Paper.A4), PageSetup(Paper.A4, landscape=True), PageSetup(Paper.A3, landscape=True)]
)
@pytest.mark.parametrize("form", list(SheetForm))
def test_phones_of_a_large_print_are_24_points_at_least_and_the_way_is_told(
    setup: PageSetup, form: SheetForm
) -> None:
    given = [
        entry(number, number * 300.0, 0, way="从村委会沿主路往东约 300 米（步行约 5 分钟）")
        for number in range(1, 7)
    ]
    sheet = compose(spec(given, setup, kind=SheetKind.LARGE_PRINT, form=form))
    check_layout(sheet)
    document = markup.document_fromstring(sheet.html)
    phones = [cell for cell in document.iter("b") if (cell.text or "").startswith("0999-")]
    assert len(phones) == 6
    for phone in phones:
        line = phone.getparent()
        style = phone.get("style") or (line.get("style") if line is not None else "")
        size = re.search(r"font-size:([\d.]+)pt", style or "")
        assert size is not None
        assert float(size[1]) >= 24
    assert "".join(words(sheet.html)).count("怎么走：从村委会沿主路往东约 300 米") == 6
    assert sheet.layout.pages <= 2


def test_a_large_print_of_more_than_six_is_refused() -> None:
    with pytest.raises(Exception, match="最多放 6 处"):
        compose(spec(entries(7), kind=SheetKind.LARGE_PRINT))
