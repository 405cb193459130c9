"""A town with 10,000 places, on paper and on the screen: nothing covered, nothing lost without a word."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from stationdesk.core.changes import Change, created
from stationdesk.core.fields import Key
from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.vocab import ContactPublic, Dimension, MapClass, MapLevel
from stationdesk.db.base import blank
from stationdesk.db.models import Resource, Village
from stationdesk.maps.layers import document_json
from stationdesk.maps.sheet.check import covered_names, plain
from stationdesk.maps.sheet.layout import lay_out
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.handout_specs import content_of
from stationdesk.services.handouts import HandoutOrder, handout
from stationdesk.services.mapping import map_document
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import TODAY, new_station

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

COUNT = 10_000
VILLAGES = 40
OWN = 60
"""So many of the places belong to the town itself."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = new_station(tmp_path_factory.mktemp("town") / "站")
    with store.writing("试验") as work:
        work.write(records())
    yield store
    store.close()


def records() -> Iterator[Change]:
    """Forty villages side by side, and places about them."""
    chance = random.Random(4)
    classes = [each for each in MapClass if each.on_map]
    numbers = dict.fromkeys(classes, 0)
    villages: list[tuple[Key, float, float]] = []
    for place in range(VILLAGES):
        lat, lon = 34.5 + place // 8 * 0.03, 114.3 + place % 8 * 0.035
        name = f"{'东西南北中上下前'[place % 8]}{'岗沟河坪桥'[place // 8]}村"
        change = created("village", {**blank(Village), "name": name, "latitude": lat, "longitude": lon})
        villages.append((change.key, lat, lon))
        yield change
    for place in range(COUNT):
        of = chance.choice(classes)
        numbers[of] += 1
        key, lat, lon = villages[place % VILLAGES]
        values = {
            "code": f"{of.code}-{numbers[of]:02d}",
            "name": f"服务点{place}",
            "village_key": key if place >= OWN else None,
            "dimension": Dimension.ORGANISATIONS,
            "map_class": of,
            "offer_text": "量血压、代买药",
            "phone": f"0999-{place:07d}",
            "contact_public": ContactPublic.PHONE,
            "printable": True,
            "verified_on": TODAY - timedelta(days=3),
            "latitude": lat + chance.gauss(0, 0.004),
            "longitude": lon + chance.gauss(0, 0.005),
        }
        yield created("resource", {**blank(Resource), **values})


@pytest.mark.parametrize("setup", [PageSetup(Paper.A4, landscape=True), PageSetup(Paper.A3)])
def test_the_overview_of_the_town_covers_nothing_loses_no_entry_and_says_what_it_leaves_to_the_villages(
    town: Store, qapp: QApplication, tmp_path: Path, setup: PageSetup
) -> None:
    order = HandoutOrder(setup=setup)
    with town.reading() as session:
        spec = content_of(session, order, TODAY).spec
    layout = lay_out(spec)
    for view in layout.views:
        assert not [pair for pair in combinations(view.marks, 2) if pair[0].plate.meets(pair[1].plate)]
        assert not covered_names(view)
    report = handout(town, tmp_path / "总图.pdf", order, WebPrinter())
    assert report.found.may_be_given
    assert report.entries == report.drawn == len(spec.entries)
    pages = read_proof(report.path)
    text = plain("".join(page.text for page in pages))
    assert not [
        entry.code for entry in spec.entries if plain(entry.name) not in text or entry.code not in text
    ]
    assert sum(page.boxes for page in pages) == 0
    assert any("10000" in words and "其余没有逐项列出" in words for words in report.warnings)
    told = sum(int(entry.offer.split()[1]) for entry in spec.entries if entry.offer.startswith("共 "))
    assert told == COUNT - OWN, "the sums of the villages leave nothing out"


def test_the_page_of_the_screen_is_given_every_place_in_few_bytes(town: Store) -> None:
    document = map_document(town, MapLevel.RESOURCES)
    drawn = [thing for thing in document.places if thing.record == "resource"]
    assert len(drawn) == COUNT
    assert len(document_json(document, {})) / COUNT <= 70
