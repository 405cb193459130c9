"""What each kind of sheet is made of: the community map, the large print, the overview, the base map below."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import (
    ContactPublic,
    Datum,
    Dimension,
    IndexOrder,
    MapClass,
    SheetForm,
    SheetKind,
)
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.maps.sheet.check import check_layout, check_print, plain
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.compose import compose
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.maps.sheet.spec import Backdrop, GroundKind, Picture
from stationdesk.services import basemaps, overviews
from stationdesk.services.backdrops import composed
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of
from stationdesk.services.handouts import handout
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import TODAY, add, new_station
from tests.maps.sheet.making import GROUND, LAT, LON, at, entries, spec
from tests.tile_files import mbtiles, tiles_around

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


def drawn(store: Store, kind: FeatureKind, name: str, geometry: Any, **values: Any) -> Key:
    return add(store, "feature", kind=kind, name=name, geometry=json.dumps(geometry), **values)


def point(east: float, north: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(at(east, north))}


def resource(store: Store, name: str, east: float, north: float, **values: Any) -> Key:
    lon, lat = at(east, north)
    given = {
        "dimension": Dimension.ORGANISATIONS,
        "map_class": MapClass.MEDICAL,
        "name": name,
        "offer_text": "看病送药",
        "hours": "每天 8:00–18:00",
        "phone": "0999-0004321",
        "contact_public": ContactPublic.PHONE,
        "verified_on": TODAY - timedelta(days=3),
        "latitude": lat,
        "longitude": lon,
        **values,
    }
    return add(store, "resource", **given)


def town(store: Store) -> dict[str, Key]:
    """Two villages, one with a drawn group; roads, a river, places and a sight."""
    keys = {}
    for feature in GROUND:
        if feature.kind is GroundKind.VILLAGE:
            lon, lat = feature.geometry["coordinates"][0][0]
            keys[feature.name] = add(store, "village", name=feature.name, latitude=lat, longitude=lon)
        else:
            drawn(store, FeatureKind.of(feature.kind.value), feature.name, feature.geometry)
    shape = next(each.geometry for each in GROUND if each.name == "柳河村")
    add(store, "village_group", village_key=keys["柳河村"], name="一组", boundary=json.dumps(shape))
    drawn(store, FeatureKind.PLACE, "村委会", point(0, -180))
    drawn(store, FeatureKind.SIGHT, "老槐树", point(-900, 700))
    drawn(store, FeatureKind.PLACE, "内部仓库", point(50, 50), on_handout=False)
    return keys


def content(store: Store, **order: Any) -> HandoutContent:
    with store.reading() as session:
        return content_of(session, HandoutOrder(**order), TODAY)


def test_a_community_map_shows_the_ground_and_no_resource(store: Store) -> None:
    town(store)
    resource(store, "镇卫生院", 100, 0)
    made = content(store, kind=SheetKind.COMMUNITY).spec
    found = {(each.map_class, each.code, each.name) for each in made.entries}
    assert (GroundClass.PLACE, "地-01", "老戏台") in found
    assert (GroundClass.PLACE, "地-02", "村委会") in found
    assert (GroundClass.SIGHT, "景-01", "老槐树") in found
    assert {name for of, _, name in found if of is GroundClass.ROAD} == {"人民路", "柳树巷", "岗上路"}
    assert {name for of, _, name in found if of is GroundClass.WATER} == {"柳河"}
    assert {name for of, _, name in found if of is GroundClass.GROUP} == {"柳河村", "东岗村"}
    assert "内部仓库" not in str(made)
    assert "镇卫生院" not in str(made)
    assert made.title == "柳河镇社区地图"


def test_places_keep_their_number_when_more_are_drawn(store: Store) -> None:
    town(store)
    before = {each.name: each.code for each in content(store, kind=SheetKind.COMMUNITY).spec.entries}
    drawn(store, FeatureKind.PLACE, "阿婆小卖部", point(-1000, 900))
    after = {each.name: each.code for each in content(store, kind=SheetKind.COMMUNITY).spec.entries}
    assert after == {**before, "阿婆小卖部": "地-03"}


def test_the_community_map_of_a_village_shows_its_groups_and_keeps_the_numbers_of_the_town(
    store: Store,
) -> None:
    villages = town(store)
    made = content(store, kind=SheetKind.COMMUNITY, area=villages["柳河村"]).spec
    named = {each.name: each.code for each in made.entries}
    assert named["老槐树"] == "景-01"
    assert "一组" in named
    assert "村委会" not in named
    assert made.title == "柳河村社区地图"


def test_a_community_map_of_nothing_says_what_to_draw(store: Store) -> None:
    with pytest.raises(UserError, match="先在地图页画出"):
        content(store, kind=SheetKind.COMMUNITY)


def test_the_map_of_the_people_served_is_no_hand_out(store: Store) -> None:
    with pytest.raises(UserError, match="只供站内使用"):
        content(store, kind=SheetKind.CLIENTS)


def test_a_large_print_takes_six_by_rule_and_tells_the_way_along_the_road(store: Store) -> None:
    town(store)
    classes = [each for each in MapClass if each.on_map]
    for number, each in enumerate(classes):
        resource(store, f"{each.label}点", 300.0 + number * 40, -100, map_class=each)
    found = content(store, kind=SheetKind.LARGE_PRINT)
    made = found.spec
    assert [each.map_class for each in made.entries] == [
        MapClass.GOVERNMENT,
        MapClass.MEDICAL,
        MapClass.ELDERLY,
        MapClass.CONVENIENCE,
        MapClass.SAFETY,
        MapClass.SOCIAL,
    ]
    assert made.entries[0].way.startswith("从村委会沿人民路往东约 300 米")
    assert any("自动挑选" in warning for warning in found.warnings)
    assert "大字版" in made.subtitle


def test_a_large_print_takes_what_the_worker_picks(store: Store) -> None:
    town(store)
    keys = [resource(store, f"服务点{number}", number * 200.0, -150) for number in range(4)]
    made = content(store, kind=SheetKind.LARGE_PRINT, picked=(keys[3], keys[1])).spec
    assert sorted(each.name for each in made.entries) == ["服务点1", "服务点3"]


def test_a_town_with_too_much_to_draw_is_summed_up_by_village_and_that_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overviews, "MOST_DRAWN", 5)
    villages = town(store)
    for number in range(4):
        resource(store, f"甲{number}", number * 50.0, 500, village_key=villages["柳河村"])
    resource(store, "乙学校", 900, 500, village_key=villages["东岗村"], map_class=MapClass.EDUCATION)
    resource(store, "镇卫生院", 0, 0)
    found = content(store)
    sums = {each.name: each for each in found.spec.entries}
    assert sums["柳河村"].offer == "共 4 项：医疗 4"
    assert sums["东岗村"].offer == "共 1 项：儿童教育 1"
    assert sums["镇卫生院"].code == "医-05"
    assert len(sums) == 3
    assert "资源有 6 项" in found.warnings[0]
    assert "各村合计" in found.spec.subtitle
    assert len(content(store, area=villages["柳河村"]).spec.entries) == 4


@pytest.mark.parametrize(
    ("kind", "setup", "form"),
    [
        (SheetKind.RESOURCES, PageSetup(Paper.KAI8), SheetForm.TWO_PAGES),
        (SheetKind.COMMUNITY, PageSetup(Paper.KAI8, landscape=True), SheetForm.ONE_PAGE),
        (SheetKind.LARGE_PRINT, PageSetup(Paper.A4), SheetForm.TWO_PAGES),
    ],
)
def test_every_kind_is_printed_checked_and_searchable(
    store: Store, qapp: QApplication, tmp_path: Path, kind: SheetKind, setup: PageSetup, form: SheetForm
) -> None:
    town(store)
    for number in range(5):
        resource(store, f"服务点{number}", number * 250.0, -160)
    order = HandoutOrder(kind=kind, setup=setup, form=form, colour=False)
    report = handout(store, tmp_path / "图.pdf", order, WebPrinter())
    pages = read_proof(report.path)
    assert [(round(page.size[0]), round(page.size[1])) for page in pages] == [setup.size] * report.pages
    assert sum(page.boxes for page in pages) == 0
    assert not [page for page in pages if page.unembedded]
    text = plain("".join(page.text for page in pages))
    assert plain("村委会" if kind is SheetKind.COMMUNITY else "服务点3") in text
    assert "步行约" in text


def test_a_village_with_80_places_is_printed_with_every_entry_and_no_empty_box(
    store: Store, qapp: QApplication, tmp_path: Path
) -> None:
    town(store)
    classes = [each for each in MapClass if each.on_map]
    for number in range(80):
        east = (number % 9) * 40.0 if number < 40 else (number % 10) * 260.0 - 1200
        north = (number // 9) * 40.0 - 200 if number < 40 else (number // 10 - 4) * 400.0 - 900
        resource(store, f"服务点{number}号", east, north, map_class=classes[number % 8])
    order = HandoutOrder(
        setup=PageSetup(Paper.A3, landscape=True), orders=(IndexOrder.BY_CLASS, IndexOrder.BY_NAME)
    )
    report = handout(store, tmp_path / "图.pdf", order, WebPrinter())
    pages = read_proof(report.path)
    text = plain("".join(page.text for page in pages))
    assert (report.entries, report.drawn) == (80, 80)
    assert [number for number in range(80) if text.count(f"服务点{number}号") < 2] == []
    assert sum(page.boxes for page in pages) == 0


def test_a_sheet_lies_over_the_base_map_of_the_screen_with_its_makers_and_number(
    store: Store, qapp: QApplication, tmp_path: Path
) -> None:
    town(store)
    resource(store, "镇卫生院", 0, 0)
    resource(store, "东岗村卫生室", 800, 500)
    picture = tmp_path / "影像.png"
    Image.new("RGB", (600, 480), (120, 160, 110)).save(picture)
    west, north = at(-3000, 2400)
    lines = (6000 / 96_300 / 600, 0, 0, -4800 / 110_850 / 480, west, north)
    picture.with_suffix(".pgw").write_text("\n".join(f"{value:.12f}" for value in lines))
    basemaps.add(store, picture, Datum.WGS84)
    key = basemaps.bases_of(store)[0].key
    basemaps.edit(store, key, {"attribution": "某某测绘院", "review_number": "某S(2026)012号"})
    given = content(store).spec
    sheet = composed(store, given)
    check_layout(sheet)
    assert sheet.html.count("<image ") == 1
    assert "底图：某某测绘院" in sheet.html
    assert "审图号：某S(2026)012号" in sheet.html
    report = handout(store, tmp_path / "图.pdf", HandoutOrder(), WebPrinter())
    (page,) = read_proof(report.path)
    assert page.coarsest is not None
    assert page.coarsest >= 200
    bare = composed(store, given, based=False)
    assert "<image " not in bare.html
    assert "某某测绘院" not in bare.html
    basemaps.show(store, key, shown=False)
    assert "<image " not in composed(store, given).html


def test_a_base_map_that_does_not_get_onto_paper_is_told(
    store: Store, qapp: QApplication, tmp_path: Path
) -> None:
    town(store)
    resource(store, "镇卫生院", 0, 0)
    told = "底图“全国”没有印"
    coarse = mbtiles(tmp_path / "全国.mbtiles", tiles_around((LAT, LON), (8,), 1), told={"name": "全国"})
    basemaps.add(store, coarse, Datum.WGS84)
    report = handout(store, tmp_path / "图.pdf", HandoutOrder(draft=True), WebPrinter())
    assert [each for each in report.warnings if told in each]
    plain_one = HandoutOrder(draft=True, based=False)
    assert not [
        each for each in handout(store, tmp_path / "图.pdf", plain_one, WebPrinter()).warnings if told in each
    ]


def test_a_picture_that_would_print_blurred_is_noticed_in_the_file(
    qapp: QApplication, tmp_path: Path
) -> None:
    given = spec(entries(4))
    extent = compose(given).layout.ground.extent
    file = io.BytesIO()
    Image.new("RGB", (200, 160), "beige").save(file, "PNG")
    backdrop = Backdrop(pictures=(Picture(file.getvalue(), "image/png", extent),))
    sheet = compose(replace(given, backdrop=backdrop))
    WebPrinter().print_html(sheet.html, tmp_path / "图.pdf", given.setup)
    with pytest.raises(UserError, match="印出来会糊"):
        check_print(tmp_path / "图.pdf", sheet)
