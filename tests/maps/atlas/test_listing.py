from __future__ import annotations

import random

import pytest

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.maps.atlas.furniture import Book
from stationdesk.maps.atlas.guides import guide_pages
from stationdesk.maps.atlas.listing import Listing, Spot, by_name, by_number
from stationdesk.maps.atlas.spec import Guide
from stationdesk.maps.sheet.spec import Entry
from tests.maps.sheet.making import entries, entry, spec

PAPERS = [PageSetup(Paper.A4), PageSetup(Paper.A5)]


def book(setup: PageSetup, given: tuple[Entry, ...]) -> Book:
    return Book(spec(given, setup))


def listed(listing: Listing, title: str) -> list[str]:
    place = listing.heads.index(title)
    return [
        "".join(line.cells[place])
        for page in listing.pages
        for column in page
        for line in column
        if not line.is_heading
    ]


@pytest.mark.parametrize("setup", PAPERS, ids=lambda setup: setup.paper.value)
@pytest.mark.parametrize("count", [1, 7, 60, 400])
def test_every_entry_stands_once_in_each_index_within_its_page(setup: PageSetup, count: int) -> None:
    given = entries(count)
    look = book(setup, given)
    for listing in (by_number(given, {}, look), by_name(given, {}, look)):
        assert sorted(listed(listing, "编号")) == sorted(each.code for each in given)
        for page in listing.pages:
            for box, column in zip(listing.columns, page, strict=False):
                assert sum(line.height for line in column) * look.type.em <= box.height
                assert not column or not column[-1].is_heading


def test_names_are_in_the_order_of_their_sound() -> None:
    names = [
        "杨树沟卫生室",
        "安康药店",
        "重庆小面",
        "柳河卫生院",
        "长乐幸福院",
        "北街社区",
        "120 急救站",
        "中心小学",
    ]
    given = tuple(entry(number, 0, 0, name=name) for number, name in enumerate(names, start=1))
    shuffled = list(given)
    random.Random(3).shuffle(shuffled)
    listing = by_name(shuffled, {}, book(PAPERS[0], given))
    assert listed(listing, "名称") == [
        "安康药店", "北街社区", "长乐幸福院", "重庆小面", "柳河卫生院", "杨树沟卫生室", "中心小学", "120 急救站",
    ]  # fmt: skip
    letters = [
        line.cells[0][0] for page in listing.pages for column in page for line in column if line.is_heading
    ]
    assert letters == ["A", "B", "C", "L", "Y", "Z", "其他"]


def test_page_and_square_are_told_and_a_dash_where_there_is_none() -> None:
    shown, lost = entry(1, 0, 0), entry(2, 0, 0, address="县城北门")
    listing = by_number((shown, lost), {shown.code: Spot(12, "C4")}, book(PAPERS[0], (shown, lost)))
    assert listed(listing, "页") == ["12", "—"]
    assert listed(listing, "方格") == ["C4", "—"]
    assert listed(listing, "名称")[1].endswith("地址：县城北门")


@pytest.mark.parametrize("setup", PAPERS, ids=lambda setup: setup.paper.value)
@pytest.mark.parametrize("count", [0, 1, 5, 9, 14, 40])
def test_every_guide_is_told_once_and_the_back_stays_free(setup: PageSetup, count: int) -> None:
    look = book(setup, entries(1))
    text = "本镇户籍，家庭人均收入低于当年标准，" * 3
    given = [
        Guide(f"策-{number:02d}", f"政策{number}", text, "420 元", text, text, "大厅")
        for number in range(count)
    ]
    pages = guide_pages(given, look)
    told = [each.heading[0] for page in pages.pages for _box, column in page for each in column]
    assert told == [f"{guide.code}　{guide.name}" for guide in given]
    for box, column in pages.pages[-1]:
        assert box.y + sum(each.height for each in column) * look.type.em <= pages.back.y
    if count > 1:
        assert any(column for _box, column in pages.pages[-1])
