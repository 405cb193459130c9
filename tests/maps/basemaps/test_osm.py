"""Extracts of OpenStreetMap give what a village map needs, and only around the station."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest

from stationdesk.core.errors import UserError
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps.found import Extent
from stationdesk.maps.basemaps.mercator import tile_at
from stationdesk.maps.basemaps.osm import shapes_in
from stationdesk.maps.basemaps.reading import bring_in, look, open_tiles
from tests.vector_tiles import shapes_of

NODES: tuple[tuple[int, float, float, dict[str, str]], ...] = (
    (1, 34.50, 114.30, {"place": "village", "name": "Liuhe", "name:zh": "柳河村"}),
    (2, 34.50, 114.29, {}),
    (3, 34.50, 114.31, {"amenity": "clinic", "name": "柳河卫生室"}),
    (4, 34.49, 114.30, {"highway": "crossing"}),
    (5, 34.51, 114.31, {}),
    (6, 34.51, 114.29, {}),
    (7, 35.50, 115.30, {"place": "village", "name": "远村"}),
)
WAYS = (
    (1, (2, 1, 3), {"highway": "secondary", "name": "柳河大道"}),
    (2, (2, 3, 5, 6, 2), {"natural": "water", "name": "柳河水库"}),
    (3, (2, 4), {"boundary": "administrative", "admin_level": "6"}),
    (4, (4, 5), {"highway": "footway"}),
)


def osm(path: Path, *, ordered: bool = True) -> Path:
    ways = WAYS if ordered else WAYS[::-1]
    path.write_text(
        '<?xml version="1.0"?><osm version="0.6"><bounds minlat="34.4" minlon="114.2" maxlat="35.6" maxlon="115.4"/>'
        + "".join(
            f'<node id="{key}" version="1" lat="{lat}" lon="{lon}">{_tags(told)}</node>'
            for key, lat, lon, told in NODES
        )
        + "".join(f'<way id="{key}" version="1">{_refs(refs)}{_tags(told)}</way>' for key, refs, told in ways)
        + "</osm>",
        encoding="utf-8",
    )
    return path


def _tags(told: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in told.items())


def _refs(refs: tuple[int, ...]) -> str:
    return "".join(f'<nd ref="{ref}"/>' for ref in refs)


def packed(path: Path) -> Path:
    source = osm(path.with_name("source.osm"))
    writer = osmium.SimpleWriter(str(path))
    for thing in osmium.FileProcessor(str(source)):
        writer.add(thing)
    writer.close()
    return path


def told(path: Path) -> set[tuple[str, str, str]]:
    return {
        (shape.layer, shape.tags.get("kind", ""), shape.tags.get("name", "")) for shape in shapes_in(path)
    }


EXPECTED = {
    ("places", "village", "柳河村"),
    ("places", "village", "远村"),
    ("pois", "clinic", "柳河卫生室"),
    ("roads", "secondary", "柳河大道"),
    ("roads", "footway", ""),
    ("water", "water", "柳河水库"),
}


def test_roads_waters_and_places_are_read_with_chinese_names_and_boundaries_are_not(tmp_path: Path) -> None:
    assert told(osm(tmp_path / "县.osm")) == EXPECTED
    assert told(packed(tmp_path / "县.osm.pbf")) == EXPECTED


def test_an_extract_whose_parts_are_not_in_order_is_read_all_the_same(tmp_path: Path) -> None:
    assert told(osm(tmp_path / "县.osm", ordered=False)) == EXPECTED


def test_an_extract_tells_its_box_its_datum_and_its_source(tmp_path: Path) -> None:
    found = look(osm(tmp_path / "县.osm"))
    assert (found.kind, found.name, found.datum) == (BasemapKind.OSM, "县", Datum.WGS84)
    assert found.extent == pytest.approx((114.2, 34.4, 115.4, 35.6))
    assert "OpenStreetMap" in found.attribution


def test_only_what_lies_around_the_station_is_kept(tmp_path: Path) -> None:
    path, target = osm(tmp_path / "县.osm"), tmp_path / "k.shapes"
    bring_in(path, look(path), Datum.WGS84, target, clip=Extent(114.2, 34.4, 114.4, 34.6))
    tiles = open_tiles(target, BasemapKind.OSM)
    near, far = (tiles.tile(14, *tile_at(*place, 14)) for place in ((34.5, 114.3), (35.5, 115.3)))
    tiles.close()
    assert near is not None
    assert {"roads", "water", "places"} <= {layer for layer, *_rest in shapes_of(near.content)}
    assert far is None


def test_an_extract_without_anything_near_the_station_is_refused(tmp_path: Path) -> None:
    path = osm(tmp_path / "县.osm")
    with pytest.raises(UserError, match="没有本站附近的内容"):
        bring_in(
            path, look(path), Datum.WGS84, tmp_path / "k.shapes", clip=Extent(114.9, 34.9, 114.95, 34.95)
        )
    assert not (tmp_path / "k.shapes").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><osm version="0.6"><node id="1"', "已损坏"),
        ('<?xml version="1.0"?><osm version="0.6"></osm>', "没有地图内容"),
    ],
)
def test_a_broken_or_empty_extract_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "a.osm"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=reason):
        look(path)


def test_a_cut_off_pbf_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "县.osm.pbf")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UserError, match="已损坏"):
        look(path)
