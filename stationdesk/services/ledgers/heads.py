"""What stands above and below every table that the station hands out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.vocab import Audience
from stationdesk.db.models import Station

if TYPE_CHECKING:
    from stationdesk.sheets.page import Head

ANEW = "按现在的资料重新生成（不是上报数）"
"""Stands on a workbook of a closed month that is not the one that was handed in."""


def head_of(
    session: Session, period: str, audience: Audience, *, filler: str, today: date, more: str = ""
) -> Head:
    """The head block of a workbook about a period; `more` is added to how the file is to be handled."""
    from stationdesk.sheets.page import Head  # keeps openpyxl out of the start

    station = session.execute(
        select(Station.name, Station.leader, Station.reviewer, Station.practice)
    ).first()
    handling = "外送上报（已按规定遮盖）" if audience.is_masked else "内部资料　注意保密"
    practice = "练习数据，非真实情况" if station is not None and station.practice else ""
    mark = "　".join(part for part in (handling, practice, more, filler, f"{today.isoformat()} 导出") if part)
    return Head(
        station=station.name if station is not None else "社会工作服务站",
        period=period,
        filled_on=today,
        mark=mark,
        signers=(
            ("单位负责人", (station.leader or "") if station is not None else ""),
            ("复核人", (station.reviewer or "") if station is not None else ""),
            ("填表人", filler),
        ),
    )
