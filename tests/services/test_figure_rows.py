"""Every figure shows the rows it counts, on the screen and as an annex, and they add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.behind import FigureOf, Span, annex, behind
from stationdesk.services.ledgers.screen import overview
from tests.services.ledger_town import Town, known_town

OCTOBER = Month(2026, 10)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = known_town(tmp_path_factory.mktemp("station"))
    # A second visit and a second match of the same people, an amount of money, and a visit to the hidden home.
    home = made.household("H-020")
    twins = made.person("D-020", "钱多多", home, "G01")
    need = made.need("X-020", date(2026, 10, 9), person_key=twins)
    clinic = made.resource("医-20", "河边诊所")
    for number, people in ((1, 2), (2, 5), (3, 1)):
        made.match(
            f"P-02{number}", need, clinic, date(2026, 10, 9 + number), people=people, amount=Decimal("12.30")
        )
        made.visit(f"F-02{number}", home, date(2026, 10, 9 + number))
    yield made
    made.store.close()


def test_every_figure_that_is_not_nought_opens_rows_that_make_it(town: Town) -> None:
    looked_at = 0
    for line in overview(town.store, OCTOBER).lines:
        for cell in line.cells:
            if cell.rows is None:
                assert cell.text in {"—", "0", "0.00"}
                continue
            looked_at += 1
            found = behind(town.store, cell.rows)
            assert found.figure.removesuffix("%").rstrip("0").rstrip(".") == cell.text.rstrip("0").rstrip(
                "."
            ), line
            assert len(found.rows) == len(found.keys)
            added = sum(Decimal(row[-1]) for row in found.rows)
            assert f"{added:,.2f}".startswith(found.listed), line
            if not found.withheld and "率" not in found.title:
                assert found.listed == found.figure, line
    assert looked_at > 80


def test_a_household_visited_twice_adds_one(town: Town) -> None:
    found = behind(town.store, FigureOf("visited_households", OCTOBER))
    assert (found.figure, found.withheld) == ("3", 1)
    by_client: dict[str, list[str]] = {}
    for row in found.rows:
        by_client.setdefault(row[3], []).append(row[-1])
    assert sorted(by_client["钱*"]) == ["0", "0", "1"]
    assert sorted(by_client["王*"]) == ["0", "1"]


def test_a_group_adds_its_largest_number_once(town: Town) -> None:
    found = behind(town.store, FigureOf("people", OCTOBER))
    assert found.figure == "6"
    assert {row[0]: row[-1] for row in found.rows} == {
        "P-001": "1",
        "P-002": "0",
        "P-021": "0",
        "P-022": "5",
        "P-023": "0",
    }


def test_names_on_the_screen_are_masked_as_in_every_list(town: Town) -> None:
    told = str(behind(town.store, FigureOf("category_persons:G31", OCTOBER)).rows)
    assert "李小明" not in told
    assert "小X（化名）" in told


def test_who_may_not_be_listed_is_counted(town: Town) -> None:
    found = behind(town.store, FigureOf("persons", OCTOBER))
    assert (found.figure, len(found.rows), found.withheld) == ("4", 3, 1)
    assert "赵" not in str(found.rows)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("persons", ("3", 1, "1", "4", "4")),
        ("visited_households", ("2", 1, "1", "3", "3")),
        ("coverage", ("2", 1, "1", "3", "75.00%")),
    ],
)
def test_what_withheld_rows_add_is_said_so_that_the_sum_agrees(
    town: Town, tmp_path: Path, key: str, told: tuple[str, int, str, str, str]
) -> None:
    found = behind(town.store, FigureOf(key, OCTOBER))
    assert (found.listed, found.withheld, found.hidden, found.total, found.figure) == told
    made = annex(town.store, FigureOf(key, OCTOBER), Audience.REPORT, tmp_path / "a.xlsx")
    rows = CalamineWorkbook.from_path(made.path).get_sheet_by_index(0).to_python()
    assert f"计入数合计 {told[0]}，另有 {told[1]} 条受限记录计 {told[2]} 在内，共 {told[3]}" in str(rows)
    (total,) = [row for row in rows if row[0] == "合计"]
    assert f"{total[-1]:g}" == told[0]


def test_no_more_rows_are_read_than_the_screen_shows(town: Town) -> None:
    found = behind(town.store, FigureOf("visits", OCTOBER), most=2)
    assert len(found.rows) == 2
    assert found.figure == "6"


@pytest.mark.parametrize(
    "key", ["visits", "people", "goods_value", "coverage", "match_rate", "category_households:G01"]
)
@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.REPORT])
def test_an_annex_says_that_its_rows_make_the_figure(
    town: Town, tmp_path: Path, key: str, audience: Audience
) -> None:
    made = annex(town.store, FigureOf(key, OCTOBER), audience, tmp_path / "a.xlsx")
    assert made.agrees
    assert "相符 ✓" in made.sentence
    book = CalamineWorkbook.from_path(made.path)
    title = book.sheet_names[0]
    assert title.startswith("附表 ")
    rows = book.get_sheet_by_name(title).to_python()
    text = str(rows)
    assert made.sentence in text
    assert len([row for row in rows if isinstance(row[0], float)]) == made.rows
    assert ("王秀兰" in text or "钱多多" in text) is (audience is Audience.INTERNAL)
    (total,) = [row for row in rows if row[0] == "合计"]
    assert f"{total[-1]:,.2f}".rstrip("0").rstrip(".") in made.sentence


def test_an_annex_of_another_span_is_of_its_days(town: Town, tmp_path: Path) -> None:
    made = annex(
        town.store, FigureOf("visits", OCTOBER, Span.PREVIOUS), Audience.INTERNAL, tmp_path / "a.xlsx"
    )
    assert made.rows == 1
    assert "统计期间：2026年9月" in str(
        CalamineWorkbook.from_path(made.path).get_sheet_by_index(0).to_python()
    )


def test_an_annex_is_not_for_the_wall_and_a_line_that_is_not_there_is_told(
    town: Town, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="不能用于公示"):
        annex(town.store, FigureOf("visits", OCTOBER), Audience.PUBLIC, tmp_path / "a.xlsx")
    with pytest.raises(UserError, match="没有“flights”"):
        behind(town.store, FigureOf("flights", OCTOBER))
