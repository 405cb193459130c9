"""Somebody who is never listed by name may help others: no ledger names them in that part either."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from stationdesk.core.changes import Change, created
from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience, Dimension, MapClass, MatchState
from stationdesk.db.base import blank
from stationdesk.db.models import Match, Resource, ResourceHuman
from stationdesk.services.ledgers import ledger
from tests.small_town import TODAY, SmallTown, small_town

HELPER = "秀英缝补"


@pytest.fixture
def town(tmp_path: Path) -> SmallTown:
    """The small town, in which somebody of a restricted group mends clothes for others."""
    town = small_town(tmp_path)
    helper = created(
        "resource",
        {
            **blank(Resource),
            "code": "社-99",
            "name": HELPER,
            "dimension": Dimension.PEOPLE,
            "map_class": MapClass.SOCIAL,
            "offer_text": "缝补衣服",
            "collected_on": TODAY,
        },
    )
    match = created(
        "match",
        {
            **blank(Match),
            "code": "对-0099",
            "state": MatchState.CONTACTED,
            "need_key": town["送药"],
            "resource_key": helper.key,
            "matched_on": TODAY,
        },
    )
    part = Change("resource_human", helper.key, None, {**blank(ResourceHuman), "person_key": town["王秀英"]})
    with town.store.writing("") as work:
        work.write([helper, part])
        work.write([match])
    return town


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.REPORT])
def test_no_ledger_names_a_helper_of_a_restricted_group(
    town: SmallTown, tmp_path: Path, audience: Audience
) -> None:
    path = ledger(town.store, Month(2026, 11), audience, tmp_path / "台账.xlsx").path
    cells = [
        str(cell)
        for sheet in openpyxl.load_workbook(path, read_only=True)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    assert not [cell for cell in cells if HELPER in cell]
    assert "（限制查看）" in cells, "the need still tells that somebody helps"
    town.store.close()
