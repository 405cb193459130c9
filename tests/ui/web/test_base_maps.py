"""Base maps in the real page: tiles come by our scheme only, are drawn, and marks follow their datum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pmtiles.tile import TileType
from pytestqt.qtbot import QtBot

from stationdesk.core.datum import distance_m, from_wgs84
from stationdesk.core.fields import Key
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.basemaps.reading import bring_in, look
from stationdesk.maps.basemaps.shape_tiles import LINE, POINT, SURFACE, TileShape, vector_tile
from stationdesk.maps.layers import MapBase, MapDocument, MapFeature
from stationdesk.ui.web.map_view import MapView
from tests.tile_files import TOWN, Tile, mbtiles, picture, pmtiles, tiles_around
from tests.ui.web.conftest import Evaluate
from tests.ui.web.test_map_view import LINE as ROAD
from tests.ui.web.test_map_view import click, document, near, on_screen, place, show

TILES = tiles_around(TOWN, range(10, 17), 3)
PLACE = place("a", *TOWN)


def base(path: Path, key: str = "b", **more: Any) -> MapBase:
    """A file of tiles as the document tells it."""
    found = look(path)
    told = {"datum": Datum.WGS84, "attribution": found.attribution, **more}
    return MapBase(
        Key(key),
        found.name,
        found.kind,
        path,
        extent=found.extent,
        zooms=(found.min_zoom, found.max_zoom),
        **told,
    )


def town_shapes(_tile: Tile) -> bytes:
    """A tile with ground, a road that bears a name, a village, and a layer of nobody's scheme."""
    return vector_tile(
        {
            "landuse": [
                TileShape(SURFACE, [[(0, 0), (4096, 0), (4096, 4096), (0, 4096)]], {"kind": "forest"})
            ],
            "roads": [
                TileShape(LINE, [[(0, 1500), (4096, 1500)]], {"kind": "major_road", "name": "柳河大道"})
            ],
            "places": [TileShape(POINT, [[(2048, 2600)]], {"kind": "village", "name": "柳河村"})],
            "陵园": [TileShape(SURFACE, [[(100, 3000), (1800, 3000), (1800, 4000)]], {"名称": "烈士陵园"})],
        }
    )


def paper_of_a_name(evaluate: Evaluate) -> float:
    """How much of a name's rectangle on black ground its halo has made bright."""
    share = evaluate(
        """(() => {
          const pen = Object.assign(document.createElement("canvas"), { width: 120, height: 40 }).getContext("2d");
          const name = { hand: "mark", x: 60, y: 20, width: 50, turn: 0, lines: ["医-01"] };
          stationdesk.paintNames(pen, [name], L.point(0, 0), L.bounds([0, 0], [120, 40]));
          const seen = pen.getImageData(45, 14, 30, 12).data.filter((_value, at) => at % 4 === 3);
          return seen.filter((alpha) => alpha > 200).length / seen.length;
        })()"""
    )
    assert isinstance(share, float | int)
    return share


def test_a_name_covers_what_a_base_map_wrote_below_it(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    show(qtbot, map_view, document(PLACE))
    assert paper_of_a_name(evaluate) < 0.9
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    show(qtbot, map_view, document(PLACE, bases=(base(path),)))
    assert paper_of_a_name(evaluate) > 0.98


def test_the_name_of_a_base_map_keeps_clear_of_the_edge_of_the_legend(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "county_2026_imagery"})
    show(qtbot, map_view, document(PLACE, bases=(base(path),)))
    gap = evaluate(
        "document.querySelector('.legend-body').getBoundingClientRect().right"
        " - document.querySelector('.legend-base .legend-label').getBoundingClientRect().right"
    )
    assert gap >= 8


def drawn(evaluate: Evaluate) -> dict[str, int]:
    return {each["label"]: each["tiles"] for each in evaluate("stationdesk.tilesDrawn()")}


def wait_for_tiles(qtbot: QtBot, evaluate: Evaluate, label: str, least: int = 4) -> None:
    qtbot.waitUntil(lambda: drawn(evaluate).get(label, 0) >= least, timeout=20_000)


def with_bases(*bases: MapBase, **more: Any) -> MapDocument:
    return document(PLACE, place("b", TOWN[0] + 0.01, TOWN[1] + 0.01), bases=bases, **more)


@pytest.mark.parametrize("make", [mbtiles, pmtiles])
def test_tiles_of_pictures_are_drawn_under_the_marks(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path, make: Any
) -> None:
    path = make(tmp_path / "县影像", TILES, lambda _tile: picture("#2050c0"), told={"name": "县影像"})
    show(qtbot, map_view, with_bases(base(path)))
    wait_for_tiles(qtbot, evaluate, "县影像")
    corner = on_screen(evaluate, TOWN[0] + 0.005, TOWN[1] - 0.001)
    qtbot.waitUntil(
        lambda: near(map_view.grab().toImage().pixelColor(corner).name(), "#2050c0"), timeout=10_000
    )
    assert map_view.gate.refused == 0
    asked = evaluate("Array.from(document.querySelectorAll('.leaflet-bases-pane img'), (one) => one.src)")
    assert len(asked) >= 4
    assert all(address.startswith("stationdesk://map/tiles/") for address in asked)


@pytest.mark.parametrize("packed", ["mbtiles", "pmtiles"])
def test_tiles_of_shapes_are_painted_with_chinese_names(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path, packed: str
) -> None:
    path = (
        mbtiles(tmp_path / "v.mbtiles", TILES, town_shapes, {"name": "县道"})
        if packed == "mbtiles"
        else pmtiles(tmp_path / "v.pmtiles", TILES, town_shapes, TileType.MVT, told={"name": "县道"})
    )
    show(qtbot, map_view, with_bases())
    evaluate(
        "(() => { window.words = []; const own = CanvasRenderingContext2D.prototype.fillText;"
        " CanvasRenderingContext2D.prototype.fillText = function (text, ...rest)"
        " { words.push(text); return own.call(this, text, ...rest); }; return 1; })()"
    )
    show(qtbot, map_view, with_bases(base(path)))
    wait_for_tiles(qtbot, evaluate, "县道")
    qtbot.waitUntil(lambda: {"柳河大道", "柳河村", "烈士陵园"} <= set(evaluate("words")), timeout=10_000)
    # Painted in the colours of the page: the road in the one of main roads.
    colours = evaluate(
        "(() => { const tile = document.querySelector('canvas.leaflet-tile');"
        " const dots = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height).data;"
        " return dots.filter((_value, index) => index % 4 === 3 && dots[index] > 0).length / (dots.length / 4); })()"
    )
    assert colours > 0.9
    assert map_view.gate.refused == 0


def test_where_the_map_has_no_tile_nothing_is_drawn_and_nothing_complains(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    path = mbtiles(tmp_path / "孔.mbtiles", [*tiles_around(TOWN, (13,), 0), (13, 0, 0)], told={"name": "孔"})
    show(qtbot, map_view, with_bases(base(path)))
    wait_for_tiles(qtbot, evaluate, "孔", 1)
    qtbot.waitUntil(
        lambda: evaluate("Object.values(stationdesk.map._layers).every((one) => !one._loading)"),
        timeout=10_000,
    )
    assert drawn(evaluate)["孔"] == 1


@pytest.mark.logs_expected
def test_a_file_that_is_gone_or_damaged_leaves_the_map_usable(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    lost = base(mbtiles(tmp_path / "失.mbtiles", TILES, told={"name": "失"}), "x")
    lost.path.unlink()
    good = base(mbtiles(tmp_path / "好.mbtiles", TILES, told={"name": "好"}), "y")
    assert show(qtbot, map_view, with_bases(lost, good)) == [2, 2]
    wait_for_tiles(qtbot, evaluate, "好")
    assert drawn(evaluate)["失"] == 0


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_marks_are_drawn_where_tiles_of_another_datum_have_them_and_stored_as_they_are(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path, datum: Datum
) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "高德"})
    show(qtbot, map_view, with_bases(base(path, datum=datum)))
    seen = evaluate("[...stationdesk.places.values()].map(({lat, lon}) => [lat, lon])[0]")
    assert distance_m((seen[0], seen[1]), from_wgs84(*TOWN, datum)) < 0.5
    assert distance_m((seen[0], seen[1]), TOWN) > 300
    # A click on the picture of the place gives the place itself.
    at = on_screen(evaluate, *from_wgs84(*TOWN, datum))
    map_view.start_placing("resource", Key("a"), "卫生院")
    qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "place", timeout=10_000)
    with qtbot.waitSignal(map_view.placed, timeout=10_000) as placed:
        click(map_view, at)
    lat, lon = (float(str(each)) for each in (placed.args or [])[2:])
    metres = 156543 * 0.82 / 2 ** evaluate("stationdesk.map.getZoom()")
    assert distance_m((lat, lon), TOWN) < 1.5 * metres


def test_a_drawing_mended_over_shifted_tiles_is_stored_in_wgs84(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    shown = with_bases(
        base(path, datum=Datum.GCJ02), features=(MapFeature(Key("r"), "lane", "通村路", ROAD),)
    )
    show(qtbot, map_view, shown)
    with qtbot.waitSignal(map_view.edited, timeout=10_000) as edited:
        map_view.edit_drawing("feature", Key("r"))
        qtbot.waitUntil(lambda: evaluate("stationdesk.mode") == "edit", timeout=10_000)
        evaluate("document.querySelector('.banner-button').click()")
    _record, _key, geometry = edited.args or []
    now, before = json.loads(geometry)["coordinates"], [[114.29, 34.5], [114.31, 34.5]]
    assert before == ROAD["coordinates"]
    for (lon, lat), (was_lon, was_lat) in zip(now, before, strict=True):
        assert distance_m((lat, lon), (was_lat, was_lon)) < 0.5


def test_turning_on_tiles_of_another_datum_hides_the_others_and_moves_the_marks(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    plain = base(mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "天地图"}), "a")
    shifted = base(
        mbtiles(tmp_path / "b.mbtiles", TILES, told={"name": "高德"}), "b", datum=Datum.GCJ02, shown=False
    )
    show(qtbot, map_view, with_bases(plain, shifted))
    wait_for_tiles(qtbot, evaluate, "天地图")
    evaluate("document.querySelectorAll('.legend-base input')[1].click()")
    qtbot.waitUntil(lambda: evaluate("stationdesk.datum") == "gcj02", timeout=10_000)
    wait_for_tiles(qtbot, evaluate, "高德")
    assert list(drawn(evaluate)) == ["高德"]
    seen = evaluate("[...stationdesk.places.values()].map(({lat, lon}) => [lat, lon])[0]")
    assert distance_m((seen[0], seen[1]), TOWN) > 300
    # What was turned on here stays on when the program sends the map anew.
    show(qtbot, map_view, with_bases(plain, shifted))
    qtbot.waitUntil(lambda: evaluate("stationdesk.datum") == "gcj02", timeout=10_000)
    assert list(drawn(evaluate)) == ["高德"]


def test_names_and_sources_of_files_are_words_not_markup(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    attack = "<img src=x onerror=window.__pwn=1>"
    path = mbtiles(tmp_path / "a.mbtiles", TILES)
    told = base(path, attribution=f"天地图 {attack}", review_number=f"GS(2024)0650号{attack}")
    show(qtbot, map_view, with_bases(MapBase(**{**_fields(told), "title": attack})))
    assert f"审图号：GS(2024)0650号{attack}" in evaluate("document.querySelector('.credit').textContent")
    assert evaluate("document.querySelector('.legend-base .legend-label').textContent") == attack
    assert evaluate("document.querySelectorAll('.credit *').length") == 0
    assert evaluate("typeof window.__pwn") == "undefined"
    assert evaluate("document.querySelector('.leaflet-control-attribution').textContent") == ""


def _fields(one: MapBase) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


@pytest.mark.parametrize(
    "address",
    [
        "tiles/0/13/99999999/1",
        "tiles/0/25/1/1",
        "tiles/7/13/1/1",
        "tiles/0/13/1/1/1",
        "tiles/-1/1/1/1",
    ],
)
@pytest.mark.logs_expected
def test_an_address_that_is_no_tile_is_not_answered(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path, address: str
) -> None:
    show(qtbot, map_view, with_bases(base(mbtiles(tmp_path / "a.mbtiles", TILES))))
    evaluate(
        "(() => { const one = new Image(); one.onload = () => { window.got = 'answered'; };"
        f" one.onerror = () => {{ window.got = 'refused'; }}; one.src = 'stationdesk://map/{address}'; return 1; }})()"
    )
    qtbot.waitUntil(lambda: evaluate("window.got ?? null") is not None, timeout=10_000)
    assert evaluate("window.got") == "refused"


def test_the_window_never_reads_a_tile_itself(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from stationdesk.maps.basemaps.mbtiles import MbTiles

    threads: set[str] = set()
    own = MbTiles.tile

    def spy(self: MbTiles, *place: Any) -> Any:
        threads.add(threading.current_thread().name)
        return own(self, *place)

    monkeypatch.setattr(MbTiles, "tile", spy)
    show(qtbot, map_view, with_bases(base(mbtiles(tmp_path / "a.mbtiles", TILES, told={"name": "甲"}))))
    wait_for_tiles(qtbot, evaluate, "甲")
    assert threads
    assert all(name.startswith("tiles") for name in threads)


def test_shapes_of_a_file_follow_the_datum_of_the_tiles_they_lie_over(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    lat, lon = TOWN
    square = [
        [lon + x, lat + y] for x, y in ((-0.002, -0.002), (0.002, -0.002), (0.002, 0.002), (-0.002, 0.002))
    ]
    geometry = {"type": "Polygon", "coordinates": [[*square, square[0]]]}
    source = tmp_path / "村.geojson"
    source.write_text(
        json.dumps({"type": "Feature", "geometry": geometry, "properties": {}}), encoding="utf-8"
    )
    found = look(source)
    bring_in(source, found, Datum.WGS84, tmp_path / "k.shapes")
    ours = MapBase(Key("s"), "村界", found.kind, tmp_path / "k.shapes", Datum.WGS84, found.extent, (0, 16))
    tiles = base(mbtiles(tmp_path / "a.mbtiles", TILES, lambda _tile: picture("#ffffff")), datum=Datum.GCJ02)
    show(qtbot, map_view, with_bases(ours, tiles))
    wait_for_tiles(qtbot, evaluate, "村界", 1)
    # Just within the upper edge of the square as the shifted tiles have it, and just beyond it.
    within, beyond = (from_wgs84(lat + north, lon, Datum.GCJ02) for north in (0.0018, 0.0022))
    at = on_screen(evaluate, within.lat, within.lon)
    outside = on_screen(evaluate, beyond.lat, beyond.lon)

    def colours() -> tuple[str, str]:
        image = map_view.grab().toImage()
        return image.pixelColor(at).name(), image.pixelColor(outside).name()

    qtbot.waitUntil(lambda: colours()[0] != "#ffffff" and colours()[1] == "#ffffff", timeout=10_000)


def test_a_map_of_one_level_only_is_drawn_from_its_single_tile(
    qtbot: QtBot, map_view: MapView, evaluate: Evaluate, tmp_path: Path
) -> None:
    path = mbtiles(tmp_path / "w.mbtiles", [(0, 0, 0)], town_shapes, {"name": "世界"})
    found = base(path)
    assert found.kind is BasemapKind.MBTILES_VECTOR
    show(qtbot, map_view, with_bases(found))
    wait_for_tiles(qtbot, evaluate, "世界", 1)
