"""The workbooks that were handed in when a month was closed, and what was in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.vocab import Audience
from stationdesk.core.vocab.paperwork import MonthState
from stationdesk.db.kept import kept
from stationdesk.db.models import ClosedMonth
from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.making import LedgerSheet
from stationdesk.services.ledgers.monthly import Check
from stationdesk.services.ledgers.period import Period


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One workbook as it was handed in."""

    month: Month
    period: Period
    content: bytes
    sheets: tuple[LedgerSheet, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class KeptWorkbook:
    """A workbook that is kept with a closed month: whom it is for, its digest, and what is in it."""

    audience: Audience
    sha256: str
    sheets: tuple[LedgerSheet, ...]
    checks: tuple[Check, ...]


def handed_in(session: Session, month: Month, audience: Audience) -> HandedIn | None:
    """The workbook of a month that is closed; None while it is open.

    Raises:
        DamagedFile: it is missing from the station's file.
    """
    row = session.scalars(
        select(ClosedMonth).where(ClosedMonth.month == str(month), ClosedMonth.state == MonthState.CLOSED)
    ).first()
    if row is None:
        return None
    for each in files_from_json(row.files):
        if each.audience is audience:
            period = Period(month.label, row.first, row.last)
            return HandedIn(month, period, kept(session, each.sha256), each.sheets, each.checks)
    return None


def files_to_json(files: Sequence[KeptWorkbook]) -> str:
    """The workbooks as a closed month keeps them."""
    told = [
        {
            "audience": each.audience.value,
            "sha256": each.sha256,
            "sheets": [asdict(sheet) for sheet in each.sheets],
            "checks": [
                {"sentence": check.sentence, "left": _plain(check.left), "right": _plain(check.right)}
                for check in each.checks
            ],
        }
        for each in files
    ]
    return json.dumps(told, ensure_ascii=False)


def files_from_json(text: str) -> tuple[KeptWorkbook, ...]:
    """What `files_to_json` wrote."""
    return tuple(
        KeptWorkbook(
            Audience.of(each["audience"]),
            each["sha256"],
            tuple(LedgerSheet(**sheet) for sheet in each["sheets"]),
            tuple(
                Check(check["sentence"], _figure(check["left"]), _figure(check["right"]))
                for check in each["checks"]
            ),
        )
        for each in json.loads(text)
    )


def _plain(figure: Figure) -> Any:
    return str(figure) if isinstance(figure, Decimal) else figure


def _figure(value: Any) -> Figure:
    return Decimal(value) if isinstance(value, str) else value
