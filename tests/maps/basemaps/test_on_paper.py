from __future__ import annotations

import io
from itertools import pairwise

import pytest
from PIL import Image
from typing_extensions import override

from stationdesk.core.datum import from_wgs84
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.content import SHAPES
from stationdesk.maps.basemaps.mercator import world_xy
from stationdesk.maps.basemaps.on_paper import PPI, Source, Window, picture_for, shapes_for
from stationdesk.maps.basemaps.shape_tiles import EXTENT, LINE, SURFACE, TileShape, vector_tile
from stationdesk.maps.basemaps.tiles import Tile, Tiles
from stationdesk.maps.sheet.spec import BaseKind, Picture

LAT, LON = 30.2, 109.5
EXTENT_SHOWN = (LON - 0.01, LAT - 0.008, LON + 0.01, LAT + 0.008)
WINDOW = Window(EXTENT_SHOWN, 100.0, 93.0, 10_000)


class Painted(Tiles):
    """Tiles of one level that are white but for a red square of 40 pixels around one place of their datum."""

    def __init__(self, zoom: int, datum: Datum) -> None:
        self.zoom = zoom
        x, y = world_xy(*from_wgs84(LAT + 0.004, LON - 0.005, datum))
        self.spot = (x * (256 << zoom), y * (256 << zoom))

    @override
    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        assert zoom == self.zoom
        picture = Image.new("RGB", (256, 256), "white")
        left, top = self.spot[0] - column * 256, self.spot[1] - row * 256
        picture.paste((220, 0, 0), (round(left - 20), round(top - 20), round(left + 20), round(top + 20)))
        file = io.BytesIO()
        picture.save(file, "PNG")
        return Tile("image/png", file.getvalue())

    @override
    def close(self) -> None:
        return


def red_middle(picture: Picture) -> tuple[float, float]:
    """Where the middle of the red lies, in shares of the picture."""
    image = Image.open(io.BytesIO(picture.content)).convert("RGB")
    spots = [
        (x, y)
        for y in range(0, image.height, 2)
        for x in range(0, image.width, 2)
        if _is_red(image.getpixel((x, y)))
    ]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return (min(xs) + max(xs)) / 2 / image.width, (min(ys) + max(ys)) / 2 / image.height


def _is_red(colour: object) -> bool:
    return isinstance(colour, tuple) and colour[0] - colour[1] > 60


@pytest.mark.parametrize("datum", list(Datum))
def test_a_picture_lies_where_its_place_is_whatever_the_datum_of_its_tiles(datum: Datum) -> None:
    picture = picture_for(Source(Painted(16, datum), datum, (16, 16)), WINDOW, colour=True)
    assert picture is not None
    across, down = red_middle(picture)
    assert across == pytest.approx(0.25, abs=0.004)
    assert down == pytest.approx(0.25, abs=0.004)


def test_a_picture_has_at_least_200_points_to_the_inch_and_no_colour_where_none_is_wanted() -> None:
    picture = picture_for(Source(Painted(15, Datum.WGS84), Datum.WGS84, (10, 15)), WINDOW, colour=False)
    assert picture is not None
    image = Image.open(io.BytesIO(picture.content))
    assert PPI >= 200
    assert image.width / (WINDOW.width / 25.4) >= 200
    assert image.mode == "L"
    assert picture.extent == EXTENT_SHOWN


def test_a_map_made_for_much_smaller_scales_is_left_out() -> None:
    assert picture_for(Source(Painted(9, Datum.WGS84), Datum.WGS84, (7, 9)), WINDOW, colour=True) is None


class Drawn(Tiles):
    """The same shapes in every tile."""

    def __init__(self, layers: dict[str, list[TileShape]]) -> None:
        self.content = vector_tile(layers)

    @override
    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        return Tile(SHAPES, self.content)

    @override
    def close(self) -> None:
        return


COURSE = [[(0, 0), (EXTENT, EXTENT)]]
RING = [[(0, 0), (900, 0), (900, 900)]]


def test_roads_water_and_greens_are_drawn_and_boundaries_never() -> None:
    layers = {
        "roads": [
            TileShape(LINE, COURSE, {"kind": "primary", "name": "Rd", "name:zh": "人民路"}),
            TileShape(LINE, COURSE, {"kind": "footway"}),
            TileShape(LINE, COURSE, {"kind": "ferry"}),
        ],
        "water": [TileShape(SURFACE, RING, {})],
        "landuse": [
            TileShape(SURFACE, RING, {"kind": "forest"}),
            TileShape(SURFACE, RING, {"kind": "military"}),
        ],
        "boundaries": [TileShape(LINE, COURSE, {"kind": "county"})],
        "boundary": [TileShape(LINE, COURSE, {"admin_level": "6"})],
        "drawn": [
            TileShape(LINE, COURSE, {"name": "机耕路"}),
            TileShape(LINE, COURSE, {"name": "某县", "adcode": "999999"}),
            TileShape(LINE, [[*RING[0], RING[0][0]]], {"name": "某县界"}),
            TileShape(SURFACE, RING, {"name": "某县"}),
        ],
    }
    shapes = list(shapes_for(Source(Drawn(layers), Datum.WGS84, (14, 14)), WINDOW))
    assert {(shape.kind, shape.name) for shape in shapes} == {
        (BaseKind.ROAD, "人民路"),
        (BaseKind.PATH, ""),
        (BaseKind.WATER, ""),
        (BaseKind.GREEN, ""),
        (BaseKind.STREET, "机耕路"),
    }


def test_a_road_through_overlapping_tiles_is_drawn_once() -> None:
    middle = EXTENT // 2
    road = TileShape(
        LINE, [[(-256, middle), (middle // 3, middle), (EXTENT + 256, middle)]], {"kind": "track"}
    )
    shapes = shapes_for(Source(Drawn({"roads": [road]}), Datum.WGS84, (14, 14)), WINDOW)
    pieces = [line for shape in shapes for line in shape.geometry["coordinates"]]
    stretches = sorted((round(line[0][1], 9), line[0][0], line[-1][0]) for line in pieces)
    assert len(stretches) > 1
    for (row, _start, end), (next_row, start, _end) in pairwise(stretches):
        assert row != next_row or start == pytest.approx(end, abs=1e-9)


def test_a_damaged_tile_leaves_a_gap() -> None:
    class Broken(Drawn):
        @override
        def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
            return Tile(SHAPES, self.content[:-3])

    assert (
        list(
            shapes_for(
                Source(Broken({"roads": [TileShape(LINE, COURSE, {})]}), Datum.WGS84, (14, 14)), WINDOW
            )
        )
        == []
    )
