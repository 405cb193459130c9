"""年度指标: what a year's contract asks for, line by line of the monthly table."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, created, removed
from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.db.base import values_of
from stationdesk.db.models import Target
from stationdesk.services.ledgers.figures import categories
from stationdesk.services.ledgers.lines import spread
from stationdesk.services.store import Store
from stationdesk.sheets.columns import CellKind

_MOST = Decimal(1_000_000_000)
_WHOLE = Decimal(100)  # percent

Targets = Mapping[str, Decimal]
"""What is asked for by the key of the line; of a share in percent."""


def targets_of(session: Session, year: int) -> Targets:
    """The targets of a year."""
    rows = session.execute(select(Target.line, Target.value).where(Target.year == year))
    return {row.line: row.value for row in rows}


def read_targets(store: Store, year: int) -> Targets:
    """The targets of a year, for the screen."""
    with store.reading() as session:
        return targets_of(session, year)


def save_targets(store: Store, year: int, wanted: Mapping[str, Decimal | None]) -> ChangeSet:
    """Set targets of a year, as one step; None takes a target away.

    Raises:
        UserError: no such line or year, a target below nought, too large, of a share above 100, or in parts of
            what is counted one by one.
    """
    if not 2000 <= year <= Month(9998, 12).year:
        raise UserError("年度请写成 2026 这样，现在是“{given}”。", given=year)
    with store.writing(_("设置 {year} 年的年度指标").format(year=year)) as work:
        lines = {line.key: line for line in spread(categories(work.session))}
        stored = {each.line: each for each in work.session.scalars(select(Target).where(Target.year == year))}
        edits: list[Change] = []
        for key, value in wanted.items():
            if key not in lines:
                raise UserError("月报表里没有“{line}”这一项。", line=key)
            line, old = lines[key], stored.get(key)
            if value is None:
                edits += [removed("target", old.key, values_of(old))] if old is not None else []
                continue
            _check(value, line.label, line.kind)
            if old is None:
                edits.append(created("target", {"year": year, "line": key, "value": value}))
            else:
                edit = changed("target", old.key, values_of(old), {"value": value})
                edits += [edit] if edit is not None else []
        work.write(edits)
        return work.done()


def parsed_target(text: str) -> Decimal | None:
    """A target as somebody types it: 1,200 or 95%; empty is none.

    Raises:
        UserError: that is no number.
    """
    clean = text.strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").strip()
    if not clean:
        return None
    try:
        value = Decimal(clean)
    except ArithmeticError as error:
        raise UserError("年度指标请填一个数，现在是“{given}”。不设指标可以留空。", given=text) from error
    if not value.is_finite():
        raise UserError("年度指标请填一个数，现在是“{given}”。不设指标可以留空。", given=text)
    return value


def _check(value: Decimal, label: str, kind: CellKind) -> None:
    if value < 0:
        raise UserError("“{line}”的年度指标不能小于 0，现在是 {given}。", line=_(label), given=value)
    if value > _MOST:
        raise UserError("“{line}”的年度指标 {given} 太大了。请检查单位。", line=_(label), given=value)
    if kind is CellKind.PERCENT and value > _WHOLE:
        raise UserError("“{line}”是百分比，年度指标最多 100，现在是 {given}。", line=_(label), given=value)
    if kind is CellKind.INTEGER and value != value.to_integral_value():
        raise UserError(
            "“{line}”是按个数算的，年度指标请填整数，现在是 {given}。", line=_(label), given=value
        )
    if value.quantize(Decimal("0.01")) != value:
        raise UserError("“{line}”的年度指标最多两位小数，现在是 {given}。", line=_(label), given=value)
