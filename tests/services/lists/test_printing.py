"""Lists on paper, printed by the real engine and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from stationdesk.core.changes import created
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Audience, Dimension, MapClass
from stationdesk.db.base import blank
from stationdesk.db.models import RECORDS
from stationdesk.maps.sheet.check import plain
from stationdesk.maps.sheet.proof import read_proof
from stationdesk.services.listing import Query
from stationdesk.services.lists import ListOut, print_list
from stationdesk.services.lists.printing import MOST_PRINTED
from stationdesk.services.store import Store
from stationdesk.ui.web.printing import WebPrinter
from tests.desk_station import add
from tests.hostile import STRINGS

QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

INTERNAL = Audience.INTERNAL
COLUMNS = ("code", "name", "address", "phone", "status")


@pytest.fixture
def printer(qapp: QApplication) -> WebPrinter:
    return WebPrinter()


def fill(store: Store, names: list[str]) -> None:
    start = blank(RECORDS["resource"])
    common = {"dimension": Dimension.SPACE, "map_class": MapClass.CONVENIENCE, "address": "柳河村口"}
    with store.writing("试验") as work:
        work.write(
            created("resource", {**start, **common, "code": f"便-{number:04}", "name": name})
            for number, name in enumerate(names, 1)
        )


def test_every_text_is_printed_as_text_and_read_back(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    fill(store, [f"名{text}" for text in STRINGS])
    printed = print_list(
        store, ListOut(Query("resource", order="code"), INTERNAL, COLUMNS), tmp_path / "a.pdf", printer
    )
    assert printed.rows == len(STRINGS)
    text = plain("".join(page.text for page in read_proof(printed.path)))
    assert "</script><script>" in text
    assert f"共{printed.pages}页" in text
    assert len(printed.boxed) <= len(STRINGS) // 4, "only signs that no font has may be missing"


def test_the_header_and_the_foot_stand_on_every_sheet(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    fill(store, [f"便民点{number}" for number in range(120)])
    printed = print_list(
        store, ListOut(Query("resource", order="code"), INTERNAL, COLUMNS), tmp_path / "a.pdf", printer
    )
    pages = [plain(page.text) for page in read_proof(printed.path)]
    assert printed.pages == len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "资源编号" in text
        assert "内部资料" in text
        assert f"第{number}页,共{len(pages)}页" in text
    assert "共120行" in pages[0]


def test_a_list_that_is_too_long_or_too_wide_for_paper_is_refused(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    fill(store, ["便民点"])
    with pytest.raises(UserError, match="放不下"):
        print_list(store, ListOut(Query("resource"), INTERNAL), tmp_path / "a.pdf", printer)
    fill_more = [f"点{number}" for number in range(MOST_PRINTED)]
    start = blank(RECORDS["village"])
    with store.writing("试验") as work:
        work.write(created("village", {**start, "name": name}) for name in [*fill_more, "末"])
    with pytest.raises(UserError, match=r"一次最多打印 3,000 行"):
        print_list(store, ListOut(Query("village"), INTERNAL, ("name",)), tmp_path / "a.pdf", printer)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_report_on_paper_has_no_mark_and_no_full_name(
    store: Store, printer: WebPrinter, tmp_path: Path
) -> None:
    home = add(store, "household", address="柳河村三组12号")
    add(store, "person", name="王秀兰", household_key=home, phone="13900001111")
    wanted = ListOut(Query("person"), Audience.REPORT, ("code", "name", "sex", "phone", "household_key"))
    printed = print_list(store, wanted, tmp_path / "a.pdf", printer)
    text = plain(read_proof(printed.path)[0].text)
    assert "王*" in text
    assert "139****1111" in text
    assert "王秀兰" not in text
    assert "内部资料" not in text
