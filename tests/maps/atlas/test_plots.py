from __future__ import annotations

from typing import Any

from stationdesk.maps.atlas.plots import halves, neighbours, plots_of, within
from stationdesk.maps.atlas.spec import Area, AtlasSpec
from stationdesk.maps.sheet.spec import Entry
from tests.maps.sheet.making import at, entry, ring, spec


def area(name: str, column: int, row: int, *codes: str, drawn: bool = True) -> Area:
    """A village of 1,800 m, one of a net of 2 km."""
    x, y = column * 2000.0, -row * 2000.0
    outline = ring((x, y), (x + 1800, y), (x + 1800, y - 1800), (x, y - 1800))
    return Area(name, (outline,) if drawn else (), at(x + 900, y - 900), frozenset(codes))


def atlas(areas: list[Area], entries: list[Entry], **values: Any) -> AtlasSpec:
    return AtlasSpec(spec(entries, **values), tuple(areas))


def test_pages_go_from_north_to_south_and_from_west_to_east() -> None:
    areas = [area(f"{row}{column}", column, row) for column in (2, 0, 1) for row in (1, 0)]
    assert [plot.name for plot in plots_of(atlas(areas, []))] == ["00", "01", "02", "10", "11", "12"]


def test_an_entry_is_on_the_page_of_its_village_even_a_little_beyond_its_range() -> None:
    given = [entry(1, 1900, -500), entry(2, 1000, -1000)]
    codes = [each.code for each in given]
    first, second = plots_of(atlas([area("甲", 0, 0, *codes), area("乙", 1, 0)], given))
    assert set(first.codes) == set(codes)
    assert within(first.extent, given) == tuple(given)
    assert second.codes == ()


def test_an_entry_that_stands_in_another_village_is_on_the_page_of_that_ground() -> None:
    shop = entry(1, 4900, -900)
    first, second, third = plots_of(
        atlas([area("甲", 0, 0, shop.code), area("乙", 1, 0), area("丙", 2, 0)], [shop])
    )
    assert (first.codes, second.codes, third.codes) == ((), (), (shop.code,))


def test_an_entry_without_a_village_is_on_the_page_in_whose_range_it_lies() -> None:
    shop = entry(1, 2900, -900)
    plots = plots_of(atlas([area("甲", 0, 0), area("乙", 1, 0)], [shop]))
    assert [plot.codes for plot in plots] == [(), (shop.code,)]


def test_an_entry_far_from_everything_is_on_no_page() -> None:
    lost = entry(1, 90_000, 0)
    plots = plots_of(atlas([area("甲", 0, 0, lost.code)], [lost]))
    assert plots[0].codes == ()


def test_a_village_without_a_drawn_range_shows_its_entries_and_not_a_stray_one() -> None:
    given = [entry(number, 700 + number * 60, -900) for number in range(1, 6)] + [entry(6, 30_000, 0)]
    (plot,) = plots_of(atlas([area("甲", 0, 0, *(each.code for each in given), drawn=False)], given))
    assert len(plot.codes) == 5
    west, _south, east, _north = plot.extent
    assert (east - west) * 96_300 < 2_000


def test_a_village_with_neither_range_nor_place_nor_entries_has_no_page() -> None:
    assert plots_of(atlas([Area("空村")], [])) == ()


def test_halves_keep_every_entry_and_all_of_the_ground() -> None:
    given = [entry(number, 100 + number * 40, -200 - number * 7) for number in range(1, 31)]
    (plot,) = plots_of(atlas([area("甲", 0, 0, *(each.code for each in given))], given))
    first, second = halves(plot, given)
    assert sorted(first.codes + second.codes) == sorted(plot.codes)
    assert abs(len(first.codes) - len(second.codes)) <= 2
    for part in (first, second):
        own = [each for each in given if each.code in part.codes]
        assert within(part.extent, own) == tuple(own)
    assert {first.name, second.name} == {"甲（西）", "甲（东）"} or {first.name, second.name} == {
        "甲（北）",
        "甲（南）",
    }
    again, _other = halves(first, given)
    assert again.name.count("（") == 1


def test_a_page_in_the_middle_has_eight_neighbours_and_none_beyond_them() -> None:
    areas = [area(f"{row}{column}", column, row) for row in range(5) for column in range(5)]
    plots = plots_of(atlas(areas, []))
    middle = next(number for number, plot in enumerate(plots) if plot.name == "22")
    found = {plots[each].name for each in neighbours(plots, middle)}
    assert found == {"11", "12", "13", "21", "23", "31", "32", "33"}
