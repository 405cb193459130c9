"""A sheet is printed, drawn on, photographed askew, and comes back under the map at its place."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from stationdesk.core.errors import UserError
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import Dimension, MapClass
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.models import Basemap, FieldSheet
from stationdesk.maps.basemaps.mercator import tile_at, world_xy
from stationdesk.maps.returning.frame import FieldFrame
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services import basemaps, returning
from stationdesk.services.backdrops import shown_bases
from stationdesk.services.drawing import draw
from stationdesk.services.field_sheets import FIELD_PAPERS, field_sheets, print_field_sheet
from stationdesk.services.handout_specs import HandoutOrder
from stationdesk.services.history import undo
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import add, new_station
from tests.pdf_pages import drawn_on
from tests.phone_files import seen_askew

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

ORDER = HandoutOrder(setup=PageSetup(Paper.A4))
LAT, LON = 38.31, 102.62
SIZE = (2400, 3200)
QUAD = ((260.0, 180.0), (2130.0, 240.0), (2290.0, 2980.0), (90.0, 2900.0))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_station(tmp_path / "站")
    yield made
    made.close()


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


@pytest.fixture
def sheet(store: Store, printer: WebPrinter, tmp_path: Path) -> Path:
    """A printed sheet with a road and a resource on it."""
    add(
        store,
        "resource",
        name="桃园村卫生室",
        dimension=Dimension.ORGANISATIONS,
        map_class=MapClass.MEDICAL,
        latitude=LAT,
        longitude=LON,
    )
    way = f'{{"type": "LineString", "coordinates": [[{LON - 0.008}, {LAT}], [{LON + 0.008}, {LAT + 0.002}]]}}'
    draw(store, FeatureKind.MAIN_ROAD, "桃园路", way)
    target = tmp_path / "走访图.pdf"
    print_field_sheet(store, target, ORDER, printer)
    return target


def frame_of(store: Store) -> FieldFrame:
    with store.reading() as session:
        row = session.scalars(select(FieldSheet)).one()
        return FieldFrame.of_json(row.frame)


def photographed(path: Path, at: tuple[float, float], photo: Path) -> Path:
    seen_askew(drawn_on(path, at), QUAD, SIZE).save(photo, "JPEG", quality=92)
    return photo


def colour_at(store: Store, lat: float, lon: float) -> tuple[int, int, int]:
    """What the base map that came back shows at a place, on its finest level."""
    with store.reading() as session:
        row = session.scalars(select(Basemap)).one()
        zoom, file = row.max_zoom, row.file
    column, line = tile_at(lat, lon, zoom)
    with closing(sqlite3.connect(store.folder.root / file)) as tiles:
        found = tiles.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, column, 2**zoom - 1 - line),
        ).fetchone()
    assert found is not None
    x, y = world_xy(lat, lon)
    with Image.open(io.BytesIO(found[0])) as tile:
        pixel = (int((x * 2**zoom - column) * tile.width), int((y * 2**zoom - line) * tile.height))
        red, green, blue = tile.convert("RGB").getpixel(pixel)  # type: ignore[misc]  # three
    return red, green, blue


def test_a_sheet_has_its_number_and_a_list_to_fill_in(store: Store, sheet: Path) -> None:
    pages = read_proof(sheet)
    assert len(pages) == 2
    assert "Z-0001" in pages[0].text
    assert "看到什么" in pages[1].text
    assert "图上已有的，路过时看一眼" in pages[1].text
    assert re.search(r"医-01\s*桃园村卫生室\s*[A-Z]\d+\s*□在", pages[1].text)
    assert [(line.number, line.returned_on) for line in field_sheets(store)] == [("Z-0001", None)]


def test_what_was_drawn_lies_under_the_map_where_it_was_drawn(
    store: Store, sheet: Path, tmp_path: Path
) -> None:
    frame = frame_of(store)
    left, top, width, height = frame.area
    at = (left + width * 0.3, top + height * 0.7)
    returning.bring_back(store, photographed(sheet, at, tmp_path / "IMG_1.jpg"))
    red, green, blue = colour_at(store, *frame.place(*at))
    assert red > 150
    assert max(green, blue) < red - 60
    beside = frame.place(at[0] + 6, at[1])
    assert min(colour_at(store, *beside)) > 100
    with store.reading() as session:
        row = session.scalars(select(FieldSheet)).one()
        assert row.returned_on == store.clock.today()
        assert row.basemap_key == session.scalars(select(Basemap.key)).one()


@pytest.mark.parametrize("paper", FIELD_PAPERS)
def test_every_paper_comes_back(
    store: Store, sheet: Path, printer: WebPrinter, tmp_path: Path, paper: Paper
) -> None:
    target = tmp_path / "另一张.pdf"
    order = HandoutOrder(setup=PageSetup(paper, landscape=True), colour=False)
    print_field_sheet(store, target, order, printer)
    quad = tuple((x, 400 + y * 0.55) for x, y in QUAD)
    shot = tmp_path / "IMG_2.jpg"
    seen_askew(drawn_on(target, (60, 60)), quad, SIZE).save(shot, "JPEG", quality=92)
    back, _changes = returning.bring_back(store, shot)
    assert (back.number, back.seen) == ("Z-0002", 4)
    assert back.error < 30


def test_a_crowd_of_known_places_leaves_room_to_write(
    store: Store, sheet: Path, printer: WebPrinter, tmp_path: Path
) -> None:
    for at in range(79):
        add(
            store,
            "resource",
            name=f"便民点{at}",
            dimension=Dimension.SPACE,
            map_class=MapClass.CONVENIENCE,
            latitude=LAT + 0.0012 * (at % 9),
            longitude=LON + 0.0012 * (at // 9),
        )
    target = tmp_path / "满.pdf"
    print_field_sheet(store, target, ORDER, printer)
    pages = read_proof(target)
    assert len(pages) == 2
    assert re.search(r"图上已有 80 处，列出前 \d+ 处", pages[1].text)


def test_what_a_pen_wrote_on_a_sheet_is_traced_and_never_printed(
    store: Store, sheet: Path, tmp_path: Path
) -> None:
    photo = photographed(sheet, (100, 150), tmp_path / "IMG_1.jpg")
    returning.bring_back(store, photo)
    returning.bring_back(store, photo)
    with store.reading() as session:
        assert [base.shown for base in basemaps.map_bases(store, session)] == [True, True]
        assert shown_bases(store, session) == ()


def test_undo_takes_the_sheet_off_the_map_again(store: Store, sheet: Path, tmp_path: Path) -> None:
    returning.bring_back(store, photographed(sheet, (100, 150), tmp_path / "IMG_1.jpg"))
    undo(store)
    assert basemaps.bases_of(store) == ()
    assert field_sheets(store)[0].returned_on is None


def test_a_sheet_of_another_station_is_told(
    store: Store, sheet: Path, tmp_path: Path, qapp: QApplication
) -> None:
    photo = photographed(sheet, (100, 150), tmp_path / "IMG_1.jpg")
    other = new_station(tmp_path / "别的站")
    try:
        with pytest.raises(UserError, match="本站没有这个图号"):
            returning.bring_back(other, photo)
        assert not list(other.folder.maps.glob("*")) if other.folder.maps.exists() else True
    finally:
        other.close()


def test_numbers_go_on_and_are_not_given_again(
    store: Store, sheet: Path, printer: WebPrinter, tmp_path: Path
) -> None:
    again = print_field_sheet(store, tmp_path / "b.pdf", ORDER, printer, checklist=False)
    assert (again.number, again.pages) == ("Z-0002", 1)


def test_a_station_that_knows_no_place_is_told_what_to_do(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="先在地图上标出村居的位置"):
        print_field_sheet(store, tmp_path / "a.pdf", ORDER, printer)
    assert not (tmp_path / "a.pdf").exists()
    assert field_sheets(store) == ()


def test_nobody_served_is_on_a_sheet(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    add(store, "village", name="桃园村", latitude=LAT, longitude=LON)
    add(store, "household", latitude=LAT, longitude=LON, address="桃园村 3 组 12 号")
    target = tmp_path / "a.pdf"
    print_field_sheet(store, target, ORDER, printer)
    text = "".join(page.text for page in read_proof(target))
    assert "12 号" not in text
    assert "户-0001" not in text
