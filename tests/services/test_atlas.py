from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import select
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.printing import Paper
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import ContactPublic, Datum, Dimension, MapClass
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.models import SheetEdition
from stationdesk.db.models.audit import AuditEntry
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services import basemaps
from stationdesk.services.atlas import AtlasOrder, atlas
from stationdesk.services.atlas_content import book_title
from stationdesk.services.preflight import NotForGiving
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import add

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

LAT, LON = 38.31, 102.62
STEP = 0.02
ON_MAP = tuple(each for each in MapClass if each.on_map)


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def square(column: float, row: float, side: float = STEP * 0.9) -> str:
    x, y = LON + column * STEP, LAT - row * STEP
    ring = [[x, y], [x + side, y], [x + side, y - side], [x, y - side], [x, y]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def resource(store: Store, name: str, village: Key | None, place: tuple[float, float], **values: Any) -> Key:
    """A resource at (column, row) of the squares of villages."""
    return add(
        store,
        "resource",
        **{
            "dimension": Dimension.ORGANISATIONS,
            "map_class": MapClass.MEDICAL,
            "name": name,
            "offer_text": "看病送药",
            "phone": "0999-0004321",
            "contact_public": ContactPublic.PHONE,
            "village_key": village,
            "latitude": LAT - place[1] * STEP,
            "longitude": LON + place[0] * STEP,
            **values,
        },
    )


def town(store: Store, villages: int, each: int = 3, columns: int = 4) -> list[Key]:
    """So many villages in rows, each with a drawn group and some resources about its middle."""
    keys = []
    for number in range(villages):
        column, row = number % columns, number // columns
        village = add(store, "village", name=f"{'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥'[number]}家村")
        add(store, "village_group", name="一组", village_key=village, boundary=square(column, row))
        for at in range(each):
            turn = math.tau * at / each
            place = (column + 0.45 + 0.2 * math.cos(turn), row + 0.45 + 0.2 * math.sin(turn))
            of = ON_MAP[at % len(ON_MAP)]
            resource(store, f"{number}号村服务点{at}", village, place, map_class=of)
        keys.append(village)
    road = [[LON + at * STEP / 3, LAT - 0.47 * STEP - at * 0.0002] for at in range(3 * columns)]
    line = json.dumps({"type": "LineString", "coordinates": road})
    add(store, "feature", kind=FeatureKind.MAIN_ROAD, name="柳河大道", geometry=line)
    return keys


def policy(store: Store, name: str) -> Key:
    return add(
        store,
        "resource",
        dimension=Dimension.POLICY,
        map_class=MapClass.POLICY,
        name=name,
        documents="身份证、户口簿",
        process="本人申请，村里初审",
    )


def test_a_town_of_many_villages_is_an_atlas_without_a_missing_entry_or_sign(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 20)
    policy(store, "临时救助")
    target = tmp_path / "地图册.pdf"
    report = atlas(store, target, AtlasOrder(), printer)
    assert report.pages >= 25
    assert (report.maps, report.entries, report.drawn) == (20, 61, 60)
    proof = read_proof(target)
    assert len(proof) == report.pages
    assert {(round(page.size[0]), round(page.size[1])) for page in proof} == {(210, 297)}
    assert not any(page.boxes or page.unembedded for page in proof)
    texts = [plain(page.text) for page in proof]
    for number, text in enumerate(texts[1:], start=2):
        assert f"第{number}/{report.pages}页" in text
    assert "社区服务资源地图册" in texts[0]
    assert "目录" in texts[1]
    assert "总图" in texts[2]
    assert "临时救助" in texts[-1]
    assert "身份证、户口簿" in texts[-1]
    assert "110" in texts[-1]


def page_of(texts: list[str], title: str) -> int:
    """The page whose text begins with a title, from 1."""
    return next(number for number, text in enumerate(texts, start=1) if text.startswith(plain(title)))


def test_arrows_and_contents_and_index_name_the_page_where_a_village_is(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 4, columns=2)
    target = tmp_path / "地图册.pdf"
    atlas(store, target, AtlasOrder(), printer)
    texts = [plain(page.text) for page in read_proof(target)]
    first, second, third = (page_of(texts, f"{name}家村") for name in "甲乙丙")
    assert first < second < third
    assert f"{second}乙家村" in texts[first - 1]
    assert f"{third}丙家村" in texts[first - 1]
    assert f"{first}甲家村" in texts[second - 1]
    assert f"乙家村3项{second}" in texts[1]
    index = next(text for text in texts if text.startswith("按名称查"))
    assert f"1号村服务点0办-02{second}" in index


def test_a_village_alone_has_a_page_for_each_group(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    keys = town(store, 2, each=0)
    for at in range(2):
        add(
            store,
            "village_group",
            name=f"{'东西'[at]}头组",
            village_key=keys[0],
            boundary=square(at * 0.45, 0.5, STEP * 0.4),
        )
    resource(store, "东头卫生室", keys[0], (0.2, 0.7))
    resource(store, "西头小店", keys[0], (0.65, 0.7))
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(area=keys[0]), printer)
    texts = [plain(page.text) for page in read_proof(report.path)]
    assert report.maps == 3
    assert "东头卫生室" in texts[page_of(texts, "东头组") - 1]
    assert "西头小店" in texts[page_of(texts, "西头组") - 1]


def test_a_booklet_has_whole_sheets_and_its_back_outside(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 3)
    target = tmp_path / "小册子.pdf"
    report = atlas(store, target, AtlasOrder(paper=Paper.A5, folded=True), printer)
    assert report.pages % 4 == 0
    proof = read_proof(target)
    assert len(proof) == report.sides == report.pages // 2
    assert {(round(page.size[0]), round(page.size[1])) for page in proof} == {(296, 210)}
    outside = plain(proof[0].text)
    assert f"第{report.pages}/{report.pages}页" in outside
    assert "地图册" in outside
    assert "第2/" in plain(proof[1].text)


def test_an_entry_far_from_every_village_is_listed_and_told(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 3)
    resource(store, "县医院", None, (60, 40), address="县城人民路 1 号")
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(), printer)
    assert report.drawn == report.entries - 1
    assert any("离各页都太远" in warning for warning in report.warnings)
    texts = [plain(page.text) for page in read_proof(report.path)]
    assert "县医院" in "".join(texts)
    assert "县城人民路1号" in "".join(texts)


def test_a_crowded_village_is_cut_into_pages_that_show_everything(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    (village,) = town(store, 1, each=0)
    for at in range(70):
        resource(
            store, f"小店{at}", village, (0.05 + at % 10 * 0.06, 0.05 + at // 10 * 0.09),
            map_class=ON_MAP[at % len(ON_MAP)],
        )  # fmt: skip
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(paper=Paper.A5), printer)
    assert report.drawn == report.entries == 70


def test_a_picture_under_the_pages_of_an_atlas_calls_for_a_look(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 2)
    picture = Image.new("RGB", (600, 400), "#dde8cc")
    picture.save(tmp_path / "照片.jpg")
    (tmp_path / "照片.jgw").write_text(
        "\n".join(str(each) for each in (0.0002, 0, 0, -0.0002, LON - 0.02, LAT + 0.02)), encoding="ascii"
    )
    basemaps.add(store, tmp_path / "照片.jpg", Datum.WGS84)
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(), printer)
    assert any(each.rule == "picture" for each in report.found.warnings)


def test_only_the_chosen_policies_are_explained(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    town(store, 1)
    chosen, _other = policy(store, "高龄津贴"), policy(store, "医疗救助")
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(policies=(chosen,)), printer)
    guide = plain(read_proof(report.path)[-1].text)
    assert "高龄津贴" in guide
    assert "医疗救助" not in guide


def test_what_leaves_is_an_edition_and_logged_and_a_draft_is_not(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 1)
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(), printer)
    assert report.edition == 1
    atlas(store, tmp_path / "草.pdf", AtlasOrder(draft=True), printer)
    with store.reading() as session:
        assert [each.file_name for each in session.scalars(select(SheetEdition))] == ["册.pdf"]
        given = session.scalars(select(AuditEntry.record).where(AuditEntry.action == "export"))
        assert list(given) == ["handout", "handout"]
    assert "不得发放" in plain(read_proof(tmp_path / "草.pdf")[4].text)


def test_a_sign_that_no_font_has_keeps_the_atlas_a_draft_with_a_mark_in_its_place(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    (village,) = town(store, 1)
    resource(store, "乐\U000eabcd园", village, (0.4, 0.4))
    target = tmp_path / "册.pdf"
    with pytest.raises(NotForGiving, match="没有字形"):
        atlas(store, target, AtlasOrder(), printer)
    assert not target.exists()
    atlas(store, target, AtlasOrder(draft=True), printer)
    proof = read_proof(target)
    assert "乐〓园" in plain("".join(page.text for page in proof))
    assert not any(page.boxes for page in proof)


def test_hostile_words_stay_words_on_every_page(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    bad = "</section><script>alert(1)</script>{{7*7}}${x}`"
    village = add(store, "village", name=f"村{bad}")
    add(store, "village_group", name=bad, village_key=village, boundary=square(0, 0))
    resource(store, f"店{bad}", village, (0.4, 0.4), offer_text=bad, hours=bad)
    add(
        store, "resource", dimension=Dimension.POLICY, map_class=MapClass.POLICY, name=f"策{bad}",
        documents=bad, process=bad,
    )  # fmt: skip
    report = atlas(store, tmp_path / "册.pdf", AtlasOrder(), printer)
    proof = read_proof(report.path)
    assert len(proof) == report.pages
    text = plain("".join(page.text for page in proof))
    assert plain("<script>") in text
    assert "49" not in plain(proof[0].text)


def test_an_atlas_that_is_stopped_leaves_what_was_there(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    town(store, 2)
    target = tmp_path / "册.pdf"
    target.write_bytes(b"before")

    class Impatient(Progress):
        @override
        def step(self, done: int, total: int) -> None:
            if done >= total * 0.8:
                raise Cancelled

        @override
        def say(self, sentence: str) -> None:
            return

    with pytest.raises(Cancelled):
        atlas(store, target, AtlasOrder(), printer, Impatient())
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".stationdesk")] == []


def test_without_any_village_on_the_map_there_is_no_atlas(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    resource(store, "卫生室", None, (0, 0))
    with pytest.raises(UserError, match="可以上图"):
        atlas(store, tmp_path / "册.pdf", AtlasOrder(), printer)


@pytest.mark.parametrize(
    ("title", "book"),
    [
        ("柳河镇社区服务资源图", "柳河镇社区服务资源地图册"),
        ("柳河镇社区资源图（练习）", "柳河镇社区资源地图册（练习）"),
        ("便民地图", "便民地图册"),
        ("柳河便民指南", "柳河便民指南地图册"),
        ("柳河镇地图册", "柳河镇地图册"),
    ],
)
def test_the_book_is_called_after_the_map(title: str, book: str) -> None:
    assert book_title(title) == book
