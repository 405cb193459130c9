from __future__ import annotations

import pytest
from lxml import html as markup

from stationdesk.core.errors import UserError
from stationdesk.maps.poster.cutting import MARGIN, OVERLAP, Tiling
from stationdesk.maps.poster.marks import compose_marks, plan_box

TILINGS = [Tiling(2, 3), Tiling(3, 2, landscape=True), Tiling(1, 2), Tiling(5, 4)]


@pytest.mark.parametrize("tiling", TILINGS, ids=str)
def test_the_sheets_together_show_all_of_the_map_and_nothing_beyond_it(tiling: Tiling) -> None:
    width, height = tiling.size
    tiles = list(tiling.tiles())
    assert len(tiles) == tiling.count
    assert min(tile.window.x for tile in tiles) == 0
    assert min(tile.window.y for tile in tiles) == 0
    assert max(tile.window.right for tile in tiles) == pytest.approx(width, abs=0.5)
    assert max(tile.window.bottom for tile in tiles) == pytest.approx(height, abs=0.5)


@pytest.mark.parametrize("tiling", TILINGS, ids=str)
def test_what_is_seen_of_the_glued_sheets_neither_overlaps_nor_leaves_gaps(tiling: Tiling) -> None:
    owned = [tiling.own(tile) for tile in tiling.tiles()]
    assert not any(one.grown(-0.01).meets(other) for one in owned for other in owned if one is not other)
    assert sum(box.width * box.height for box in owned) == pytest.approx(
        max(box.right for box in owned) * max(box.bottom for box in owned)
    )


def test_neighbours_both_show_the_strip_for_the_glue() -> None:
    left, right, below, _last = Tiling(2, 2).tiles()
    assert left.window.right - right.window.x == pytest.approx(OVERLAP)
    assert left.window.bottom - below.window.y == pytest.approx(OVERLAP)


def test_a_sheet_shows_no_more_than_printers_print() -> None:
    for tile in Tiling(2, 3).tiles():
        assert tile.window.width == 210 - 2 * MARGIN
        assert tile.window.height == 297 - 2 * MARGIN


@pytest.mark.parametrize(("columns", "rows"), [(0, 2), (1, 1), (9, 1), (2, -1)])
def test_what_nobody_could_glue_is_refused(columns: int, rows: int) -> None:
    with pytest.raises(UserError, match="拼不成"):
        Tiling(columns, rows)


def test_every_sheet_is_told_its_row_and_column_and_what_is_glued_on_it() -> None:
    pages = markup.document_fromstring(compose_marks(Tiling(2, 2), "柳河镇资源图")).findall(".//section")
    words = ["".join(str(part) for part in page.itertext()) for page in pages]
    assert "2 行 2 列，共 4 张" in words[0]
    assert [f"{row}-{column}" in words[0] for row in (1, 2) for column in (1, 2)] == [True] * 4
    assert "第 1 行　第 2 列" in words[2]
    assert "上面贴 1-2" in words[1]
    assert "上面贴 2-1" in words[1]
    assert "裁去左边" not in words[1]
    assert "裁去左边" in words[2]
    assert "涂胶" not in words[4]


def test_the_plan_keeps_the_shape_of_the_map() -> None:
    for tiling in TILINGS:
        plan = plan_box(tiling)
        width, height = tiling.setup.size
        assert plan.width / plan.height == pytest.approx(tiling.size[0] / tiling.size[1])
        assert plan.right < width
        assert plan.bottom < height
