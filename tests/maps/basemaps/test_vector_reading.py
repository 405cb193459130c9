from __future__ import annotations

import pytest

from stationdesk.maps.basemaps.content import Unreadable
from stationdesk.maps.basemaps.shape_tiles import EXTENT, LINE, POINT, SURFACE, TileShape, vector_tile
from stationdesk.maps.basemaps.vector_reading import outlines, things_in

ROAD = TileShape(
    LINE, [[(0, 0), (2048, 1024)], [(4096, 4096), (-128, 0)]], {"kind": "primary", "name": "人民路"}
)
OUTER, HOLE = [(0, 0), (4000, 0), (4000, 4000), (0, 4000)], [(100, 100), (100, 200), (200, 200)]
SECOND = [(10, 10), (20, 10), (20, 20)]


def test_shapes_come_back_with_layer_tags_and_places() -> None:
    tile = vector_tile({"roads": [ROAD], "places": [TileShape(POINT, [[(1024, 2048)]], {"name": "柳河"})]})
    road, place = things_in(tile)
    assert (road.layer, road.kind, road.tags) == ("roads", LINE, dict(ROAD.tags))
    assert road.parts == tuple(tuple((x / EXTENT, y / EXTENT) for x, y in part) for part in ROAD.parts)
    assert (place.kind, place.parts) == (POINT, (((0.25, 0.5),),))


def test_an_area_keeps_its_holes_and_the_next_outline_begins_a_new_one() -> None:
    (thing,) = things_in(vector_tile({"water": [TileShape(SURFACE, [OUTER, HOLE, SECOND], {})]}))
    assert [len(rings) for rings in outlines(thing)] == [2, 1]


@pytest.mark.parametrize("cut", [1, 7, 20])
def test_a_cut_off_tile_is_refused(cut: int) -> None:
    tile = vector_tile({"roads": [ROAD]})
    with pytest.raises(Unreadable):
        list(things_in(tile[:-cut]))
