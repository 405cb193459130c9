"""The monthly table: its lines with three figures each, and the cross-foot checks printed under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.figures import Category, Figures
from stationdesk.sheets.columns import CellKind, Line, Typed
from stationdesk.sheets.ledger import Measure
from stationdesk.sheets.ledgers.monthly import CATEGORY, LINES, MonthlyLine

NOT_ADDED = Typed(CellKind.CODE, "—")
"""Stands where a figure has no sum over the year, or nothing to divide by."""


@dataclass(frozen=True, slots=True)
class ThreeFigures:
    """The figures of the period, of the one before, and of the year so far."""

    this: Figures
    previous: Figures
    year: Figures


def monthly_lines(figures: ThreeFigures, categories: Sequence[Category]) -> Iterator[Line]:
    """The lines of the table in their order; a category without anybody in it has none."""
    for line in _spread(figures, categories):
        yield Line(
            {
                "key": line.key,  # no column: the screen finds the rows behind a figure by it
                "group": line.group,
                "label": line.label,
                "unit": line.unit,
                "measure": line.measure.value,
                "this": _cell(line, figures.this),
                "previous": _cell(line, figures.previous),
                "year": NOT_ADDED if line.measure is Measure.STOCK else _cell(line, figures.year),
            }
        )


def _spread(figures: ThreeFigures, categories: Sequence[Category]) -> Iterator[MonthlyLine]:
    used = [
        each
        for each in categories
        if any(f"category_persons:{each.code}" in period for period in (figures.this, figures.previous))
    ]
    repeated = [line for line in LINES if CATEGORY in line.key]
    done = False
    for line in LINES:
        if CATEGORY not in line.key:
            yield line
        elif not done:  # the lines of one category stand together
            done = True
            for each in used:
                for pattern in repeated:
                    yield MonthlyLine(
                        pattern.key.replace(CATEGORY, each.code),
                        pattern.group,
                        pattern.label.replace(CATEGORY, each.label),
                        pattern.unit,
                        pattern.measure,
                        pattern.kind,
                    )


def _cell(line: MonthlyLine, figures: Figures) -> Typed:
    # A category that nobody carries has no figure of its own.
    value = figures.get(line.key, 0) if ":" in line.key else figures[line.key]
    return NOT_ADDED if value is None else Typed(line.kind, value)


@dataclass(frozen=True, slots=True)
class Check:
    """One cross-foot check (勾稽): what must be equal, and whether it is."""

    sentence: str
    left: Figure
    right: Figure

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.left == self.right

    @property
    def text(self) -> str:
        """As printed under the table."""
        if self.holds:
            return f"勾稽：{self.sentence}：{_plain(self.left)}＝{_plain(self.right)}，相符 ✓"
        return f"勾稽：{self.sentence}：{_plain(self.left)}≠{_plain(self.right)}，不符 ✗，请核对"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a ledger: rows, totals by column, and what may not be listed."""

    rows: int
    totals: Mapping[str, Decimal | int]
    withheld: int = 0


def checks(figures: ThreeFigures, written: Mapping[str, Written]) -> tuple[Check, ...]:
    """The checks between figures, and between figures and the sheets of the same workbook."""
    this, before = figures.this, figures.previous
    return (*_flows(this, before), *_parts(this), *_sheets(this, written))


def _flows(this: Figures, before: Figures) -> Iterator[Check]:
    for key, sentence in (
        ("persons", "本期末在册人数＝上期末＋新增－销档"),
        ("households", "本期末在册户数＝上期末＋新建－销户"),
    ):
        moved = _number(this[f"{key}_opened"]) - _number(this[f"{key}_closed"])
        yield Check(sentence, this[key], _number(before[key]) + moved)
    yield Check(
        "期末在办需求＝上期末在办＋新增－办结",
        this["needs_open"],
        _number(before["needs_open"]) + _number(this["needs"]) - _number(this["needs_closed"]),
    )


def _parts(this: Figures) -> Iterator[Check]:
    yield Check("新增需求＝六类结果之和", this["needs"], _sum(this, "needs_K"))
    yield Check("资源总数＝五个维度之和", this["resources"], _sum(this, "resources_R"))
    yield Check(
        "走访户次＝入户＋电访、微信",
        this["visits"],
        _number(this["visits_home"]) + _number(this["visits_phone"]),
    )


def _sheets(this: Figures, written: Mapping[str, Written]) -> Iterator[Check]:
    for name, sentence, wanted in (
        ("roster", "在册人数＝花名册行数", _number(this["persons"])),
        ("resources", "资源总数＝资源库台账行数", _number(this["resources"])),
        (
            "visits",
            "走访户次＋未见到人＝走访台账行数",
            _number(this["visits"]) + _number(this["visits_in_vain"]),
        ),
    ):
        if name in written:
            sheet = written[name]
            more = f"＋限制查看 {sheet.withheld} 条" if sheet.withheld else ""
            yield Check(sentence + more, wanted, sheet.rows + sheet.withheld)
    links = written.get("links")
    if links is not None and not links.withheld:
        money = _number(this["goods_value"]) + _number(this["money_value"])
        yield Check(
            "折价＋资金＝资源链接登记金额合计", money, Decimal(links.totals["match.amount"]).quantize(_CENT)
        )
        yield Check("受益人次＝资源链接登记人次合计", this["instances"], int(links.totals["match.instances"]))
    visits = written.get("visits")
    if visits is not None and not visits.withheld:
        yield Check("走访人次＝走访台账人次合计", this["visit_instances"], int(visits.totals["instances"]))


_CENT = Decimal("0.01")


def _sum(figures: Figures, start: str) -> Figure:
    return sum(
        _number(value) for key, value in figures.items() if key.startswith(start) and key[-1].isdigit()
    )


def _number(figure: Figure) -> int | Decimal:
    return 0 if figure is None else figure


def _plain(figure: Figure) -> str:
    return f"{figure:,}" if figure is not None else "—"
