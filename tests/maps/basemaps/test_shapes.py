"""Files of points, lines and areas are read whatever they are called, and drawn as tiles where they lie."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapefile
from pyproj import CRS, Transformer

from stationdesk.core.datum import from_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps.mercator import place_at, tile_at, world_xy
from stationdesk.maps.basemaps.reading import bring_in, look, open_tiles
from stationdesk.maps.basemaps.shape_files import shapes_in
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT, SURFACE
from stationdesk.maps.basemaps.shapes import Shape
from tests.tile_files import tiles_around
from tests.vector_tiles import shapes_of

VILLAGE = (34.5, 114.3)
SQUARE = [[114.29, 34.49], [114.31, 34.49], [114.31, 34.51], [114.29, 34.51], [114.29, 34.49]]
HOLE = [[114.299, 34.499], [114.301, 34.499], [114.301, 34.501], [114.299, 34.501], [114.299, 34.499]]


def feature(kind: str, coordinates: Any, name: str = "") -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"名称": name, "备注": "x"},
    }


def geojson(path: Path, *features: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def kml(path: Path) -> Path:
    path.write_text(
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
        "<Document><Folder><Placemark><name>柳河村</name><Point><coordinates> 114.3, 34.5 ,0 </coordinates></Point>"
        "</Placemark><Placemark><name>两段路</name><MultiGeometry><LineString><coordinates>114.29,34.5 114.3,34.5"
        "</coordinates></LineString><LineString><coordinates>114.3,34.5\n114.31,34.5</coordinates></LineString>"
        "</MultiGeometry></Placemark><Placemark><name>水塘</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        "114.29,34.49 114.31,34.49 114.31,34.51 114.29,34.49</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark><Placemark><name>走访</name><gx:Track><gx:coord>114.3 34.5 0</gx:coord>"
        "<gx:coord>114.31 34.51 0</gx:coord></gx:Track></Placemark></Folder></Document></kml>",
        encoding="utf-8",
    )
    return path


def kmz(path: Path) -> Path:
    inner = kml(path.with_suffix(".kml"))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("images/a.png", b"x")
        package.write(inner, "files/doc.kml")
    return path


def gpx(path: Path) -> Path:
    path.write_text(
        '<gpx xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="34.5" lon="114.3"><name>柳河村</name></wpt>'
        '<trk><name>漫步</name><trkseg><trkpt lat="34.5" lon="114.3"/><trkpt lat="34.51" lon="114.31"/></trkseg>'
        '<trkseg/></trk><rte><rtept lat="34.5" lon="114.3"/><rtept lat="34.5" lon="114.31"/></rte></gpx>',
        encoding="utf-8",
    )
    return path


def shp(path: Path, encoding: str, name: str, point: tuple[float, float] = (114.3, 34.5)) -> Path:
    with shapefile.Writer(str(path), shapeType=shapefile.POINT, encoding=encoding) as writer:
        writer.field("BM", "C", 20)
        writer.field("MC", "C", 40)
        writer.point(*point)
        writer.record("410202", name)
    return path


def counted(path: Path) -> list[tuple[int, str]]:
    return [(shape.kind, shape.tags.get("name", "")) for shape in shapes_in(path)]


def test_geojson_of_every_kind_is_read(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        feature("Point", [114.3, 34.5], "柳河村"),
        feature("MultiLineString", [SQUARE[:2], SQUARE[2:4]], "渠"),
        feature("Polygon", [SQUARE, HOLE], "水库"),
        feature("MultiPolygon", [[SQUARE], [HOLE]], "两岸"),
        {"type": "Feature", "geometry": None, "properties": {}},
    )
    named = [(POINT, "柳河村"), (LINE, "渠"), (SURFACE, "水库"), (SURFACE, "两岸"), (SURFACE, "")]
    assert counted(path) == named
    found = look(path)
    assert (found.kind, found.datum) == (BasemapKind.SHAPES, Datum.WGS84)
    assert found.extent == pytest.approx((114.29, 34.49, 114.31, 34.51))
    assert found.named == (("柳河村", 34.5, 114.3),)


@pytest.mark.parametrize("make", [kml, kmz])
def test_kml_and_kmz_are_read_with_folders_tracks_and_areas(tmp_path: Path, make: Any) -> None:
    path = make(tmp_path / ("a.kmz" if make is kmz else "a.kml"))
    assert counted(path) == [
        (POINT, "柳河村"),
        (LINE, "两段路"),
        (LINE, "两段路"),
        (SURFACE, "水塘"),
        (LINE, "走访"),
    ]


def test_gpx_is_read_with_waypoints_tracks_and_routes(tmp_path: Path) -> None:
    assert counted(gpx(tmp_path / "a.gpx")) == [(POINT, "柳河村"), (LINE, "漫步"), (LINE, "")]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("told", [True, False])
def test_shapefiles_in_gbk_and_utf8_give_their_names(tmp_path: Path, encoding: str, told: bool) -> None:
    path = shp(tmp_path / "村.shp", encoding, "柳河村")
    if told:
        (tmp_path / "村.cpg").write_text("936" if encoding == "gbk" else "UTF-8", encoding="ascii")
    assert counted(path) == [(POINT, "柳河村")]
    assert look(path).datum is None


def test_a_shapefile_in_a_zone_is_read_by_its_prj(tmp_path: Path) -> None:
    line = Transformer.from_crs(CRS.from_epsg(4490), CRS.from_epsg(4547), always_xy=True)
    path = shp(tmp_path / "a.shp", "utf-8", "柳河村", line.transform(114.3, 34.5))
    (tmp_path / "a.prj").write_text(CRS.from_epsg(4547).to_wkt("WKT1_ESRI"), encoding="utf-8")
    found = look(path)
    assert found.datum is Datum.WGS84
    assert found.named[0][1:] == pytest.approx((34.5, 114.3), abs=1e-7)


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda at: geojson(at / "a.geojson"), "没有地图内容"),
        (lambda at: geojson(at / "a.geojson", feature("Point", ["x", 1])), "已损坏"),
        (lambda at: geojson(at / "a.geojson", feature("Polygon", [[1]])), "已损坏"),
        (lambda at: geojson(at / "a.geojson", feature("Point", [500000, 3800000])), "没有说明是哪一带"),
        (
            lambda at: geojson(
                at / "a.geojson",
                feature("Point", [1, 1]),
                crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2436"}},
            ),
            "EPSG:2436",
        ),
        (lambda at: _written(at / "a.json", '{"type": "Topology"}'), "TopoJSON"),
        (lambda at: _written(at / "a.json", '{"a": 1}'), "不是能用的底图"),
        (lambda at: _written(at / "a.json", '{"osm3s": {}, "elements": []}'), "Overpass"),
        (lambda at: _written(at / "a.json", "[" * 100_000), "已损坏"),
        (lambda at: _written(at / "a.kml", "<kml><Placemark>"), "已损坏"),
        (lambda at: _written(at / "a.gpx", '<gpx><wpt lat="x" lon="1"/></gpx>'), "已损坏"),
        (lambda at: _written(at / "a.kml", '<!DOCTYPE a [<!ENTITY b "c">]><kml/>'), "DTD"),
        (lambda at: _written(at / "a.html", "<html><body>x</body></html>"), "不是能用的底图"),
        (lambda at: _written(at / "a.csv", "名称,纬度\n柳河村,34.5\n"), "不是能用的底图"),
        (lambda at: _cut(shp(at / "a.shp", "utf-8", "x")), "已损坏"),
        (lambda at: shp(at / "a.shp", "utf-8", "x").with_suffix(".dbf"), "同名的 .shp"),
        (lambda at: _cut(kmz(at / "a.kmz")), "已损坏"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, make: Any, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        look(make(tmp_path))


def _cut(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:110])
    return path


# Tiles


def stored(path: Path, folder: Path, datum: Datum = Datum.WGS84) -> Path:
    target = folder / "k.shapes"
    bring_in(path, look(path), datum, target)
    return target


def drawn(path: Path, zoom: int, place: tuple[float, float], datum: Datum = Datum.WGS84) -> list[Any]:
    tiles = open_tiles(path, BasemapKind.SHAPES)
    tile = tiles.tile(zoom, *tile_at(*place, zoom), datum)
    tiles.close()
    return [] if tile is None else shapes_of(tile.content)


@pytest.mark.parametrize("datum", list(Datum))
@pytest.mark.parametrize("given", list(Datum))
def test_a_point_is_drawn_where_the_tiles_of_any_datum_have_it(
    tmp_path: Path, given: Datum, datum: Datum
) -> None:
    lat, lon = from_wgs84(*VILLAGE, given)
    path = stored(geojson(tmp_path / "a.geojson", feature("Point", [lon, lat], "柳河村")), tmp_path, given)
    place = from_wgs84(*VILLAGE, datum)
    [(layer, kind, tags, [[dot]])] = drawn(path, 16, place, datum)
    x, y = (value * (1 << 16) % 1 * 4096 for value in world_xy(*place))
    assert (layer, kind, tags) == ("drawn", POINT, {"name": "柳河村"})
    assert dot == pytest.approx((x, y), abs=1.01)


def test_an_area_is_cut_at_the_tile_and_its_hole_goes_against_its_outline(tmp_path: Path) -> None:
    path = stored(geojson(tmp_path / "a.geojson", feature("Polygon", [SQUARE, HOLE], "水库")), tmp_path)
    found = drawn(path, 16, VILLAGE)
    [rings] = [parts for _layer, kind, _tags, parts in found if kind == SURFACE]
    assert all(-130 <= value <= 4226 for ring in rings for dot in ring for value in dot)
    turns = [
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))
        for ring in rings
    ]
    assert turns[0] > 0
    assert all(turn < 0 for turn in turns[1:])
    assert len(rings) == 2
    # Far away from it there is nothing, from far off it is small, and still there.
    assert drawn(path, 16, (34.6, 114.3)) == []
    assert len(drawn(path, 10, VILLAGE)) == 2


def test_an_area_is_named_once_and_inside_however_many_tiles_it_covers(tmp_path: Path) -> None:
    bay = [
        [114.2, 34.4],
        [114.4, 34.4],
        [114.4, 34.6],
        [114.38, 34.6],
        [114.38, 34.42],
        [114.2, 34.42],
        [114.2, 34.4],
    ]
    path = stored(geojson(tmp_path / "a.geojson", feature("Polygon", [bay], "湾")), tmp_path)
    names = [
        (tile, parts)
        for tile in tiles_around(VILLAGE, (12,), 3)
        for _layer, kind, tags, parts in drawn(
            path, 12, place_at((tile[1] + 0.5) / 4096, (tile[2] + 0.5) / 4096)
        )
        if tags.get("name") == "湾" and all(0 <= value < 4096 for dot in parts[0] for value in dot)
    ]
    [((zoom, column, row), [[(x, y)]])] = names
    lat, lon = place_at((column + x / 4096) / 2**zoom, (row + y / 4096) / 2**zoom)
    assert 114.38 < lon < 114.4
    assert 34.4 < lat < 34.6


def test_a_long_line_gives_a_tile_only_what_crosses_it(tmp_path: Path) -> None:
    zigzag = [[114.0 + step / 1000, 34.5 + step % 2 / 100_000] for step in range(600)]
    path = stored(geojson(tmp_path / "a.geojson", feature("LineString", zigzag, "路")), tmp_path)
    [(_layer, _kind, _tags, runs)] = drawn(path, 16, VILLAGE)
    assert 2 <= sum(map(len, runs)) < 20


def test_a_shape_that_lies_nowhere_is_left_out() -> None:
    from stationdesk.maps.basemaps.shapes import shape_of

    assert shape_of(POINT, [[(float("nan"), 1.0)]], {}) is None
    assert shape_of(LINE, [[(1.0, 1.0)]], {}) is None
    assert shape_of(SURFACE, [[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)], SQUARE_SPOTS], {}) is None
    assert isinstance(shape_of(SURFACE, [SQUARE_SPOTS], {}), Shape)


SQUARE_SPOTS = [(lon, lat) for lon, lat in SQUARE]
