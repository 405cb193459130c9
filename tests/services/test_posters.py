from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from stationdesk.core.errors import UserError
from stationdesk.core.progress import Cancelled, Progress
from stationdesk.core.vocab import ContactPublic, Dimension, MapClass
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.posters import PosterOrder, poster
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import add

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def settle(store: Store, count: int = 12) -> None:
    """So many places along a slanting line."""
    for number in range(count):
        add(
            store,
            "resource",
            dimension=Dimension.ORGANISATIONS,
            map_class=MapClass.MEDICAL,
            name=f"东岗卫生室{number}",
            phone=f"0999-{number:07d}",
            contact_public=ContactPublic.PHONE,
            latitude=38.31 + number / 1500,
            longitude=102.62 + number / 2500,
        )


def test_a_poster_is_a_plan_and_a4_sheets_that_show_one_drawing(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    settle(store)
    target = tmp_path / "大图.pdf"
    report = poster(store, target, PosterOrder(columns=2, rows=2), printer)
    assert (report.pages, report.entries, report.drawn) == (5, 12, 12)
    proof = read_proof(target)
    assert {(round(page.size[0]), round(page.size[1])) for page in proof} == {(210, 297)}
    assert not any(page.unembedded or page.boxes for page in proof)
    for page in proof[1:]:
        assert "东岗卫生室11" in plain(page.text)
    assert "第2行第1列" in plain(proof[3].text)


def test_a_poster_stays_lines_and_letters(store: Store, printer: WebPrinter, tmp_path: Path) -> None:
    settle(store, 3)
    target = tmp_path / "大图.pdf"
    poster(store, target, PosterOrder(columns=2, rows=1, landscape=True), printer)
    assert not [image for page in PdfReader(target).pages for image in page.images]


def test_a_poster_that_is_stopped_leaves_what_was_there(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    settle(store, 3)
    target = tmp_path / "大图.pdf"
    target.write_bytes(b"before")

    class Impatient(Progress):
        @override
        def step(self, done: int, total: int) -> None:
            if done == 4:
                raise Cancelled

        @override
        def say(self, sentence: str) -> None:
            return

    with pytest.raises(Cancelled):
        poster(store, target, PosterOrder(), printer, Impatient())
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".stationdesk")] == []


def test_sheets_that_nobody_could_glue_are_refused_before_anything_is_read(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="拼不成"):
        poster(store, tmp_path / "大图.pdf", PosterOrder(columns=1, rows=1), printer)
