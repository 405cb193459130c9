"""The monthly table: its lines with their figures, and the cross-foot checks printed under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stationdesk.services.ledgers.counting import Figure
from stationdesk.services.ledgers.figures import CATEGORY_PERSONS, Figures
from stationdesk.services.ledgers.gathering import MonthFigures, done_share
from stationdesk.services.ledgers.lines import spread
from stationdesk.sheets.columns import CellKind, Line, Typed
from stationdesk.sheets.ledger import Measure
from stationdesk.sheets.ledgers.monthly import MonthlyLine

NOT_ADDED = Typed(CellKind.CODE, "—")
"""Stands where a figure has no sum over the year, or nothing to divide by."""


def monthly_lines(figures: MonthFigures) -> Iterator[Line]:
    """The lines of the table in their order; a category without anybody in it has none."""
    used = [
        each
        for each in figures.categories
        if any(f"{CATEGORY_PERSONS}:{each.code}" in period for period in (figures.this, figures.previous))
        or any(key.endswith(f":{each.code}") for key in figures.targets)
    ]
    for line in spread(used):
        stock, percent = line.measure is Measure.STOCK, line.kind is CellKind.PERCENT
        target = figures.targets.get(line.key)
        done = done_share(figures, line.key, stock=stock, percent=percent)
        yield Line(
            {
                "key": line.key,  # no column: the screen finds the rows behind a figure by it
                "group": line.group,
                "label": line.label,
                "unit": line.unit,
                "measure": line.measure.value,
                "this": _cell(line, figures.this),
                "previous": _cell(line, figures.previous),
                "year": NOT_ADDED if stock else _cell(line, figures.year),
                "target": "" if target is None else Typed(line.kind, target / 100 if percent else target),
                "done": "" if done is None else Typed(CellKind.PERCENT, done),
            }
        )


def _cell(line: MonthlyLine, figures: Figures) -> Typed:
    # A category that nobody carries has no figure of its own; nor has a line in a month closed before it was there.
    value = figures.get(line.key, 0)
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


def checks(figures: MonthFigures, written: Mapping[str, Written]) -> tuple[Check, ...]:
    """The checks between figures, and between figures and the sheets of the same workbook."""
    return (
        *_flows(figures),
        *_parts(figures.this),
        *_months(figures),
        *_sheets(figures, written),
    )


def _flows(figures: MonthFigures) -> Iterator[Check]:
    for key, sentence, came, went in (
        ("persons", "本期末在册人数＝上期末＋新增－销档", "persons_opened", "persons_closed"),
        ("households", "本期末在册户数＝上期末＋新建－销户", "households_opened", "households_closed"),
        ("needs_open", "期末在办需求＝上期末在办＋新增－办结", "needs", "needs_closed"),
    ):
        moved = _number(figures.this[came]) - _number(figures.this[went])
        before, now = _number(figures.previous.get(key)), _number(figures.previous_now[key])
        # What was handed in stays as it was; what was mended since is told beside it.
        mended = f"（上期末上报 {before:,}，更正 {now - before:+,}）" if before != now else ""
        yield Check(sentence + mended, figures.this[key], now + moved)


def _months(figures: MonthFigures) -> Iterator[Check]:
    if len(figures.by_month) < 2:
        return
    for key, name in (("visits", "走访户次"), ("needs", "新增需求"), ("matches", "链接次数")):
        total = sum(_number(each[key]) for each in figures.by_month.values())
        yield Check(f"{name}本年累计＝各月之和", figures.year[key], total)


def _parts(this: Figures) -> Iterator[Check]:
    yield Check("新增需求＝六类结果之和", this["needs"], _sum(this, "needs_K"))
    yield Check("资源总数＝五个维度之和", this["resources"], _sum(this, "resources_R"))
    yield Check(
        "走访户次＝入户＋电访、微信",
        this["visits"],
        _number(this["visits_home"]) + _number(this["visits_phone"]),
    )


def _sheets(figures: MonthFigures, written: Mapping[str, Written]) -> Iterator[Check]:
    this = figures.this
    for name, sentence, wanted in (
        ("roster", "在册人数＝花名册行数", _number(this["persons"])),
        ("resources", "资源总数＝资源库台账行数", _number(this["resources"])),
        (
            "visits",
            "走访户次＋未见到人＝走访台账行数",
            _number(this["visits"]) + _number(this["visits_in_vain"]),
        ),
        (
            "needs",
            "上期末在办＋新增需求＝需求台账行数",
            _number(figures.previous_now["needs_open"]) + _number(this["needs"]),
        ),
    ):
        if name in written:
            sheet = written[name]
            more = f"＋限制查看 {sheet.withheld} 条" if sheet.withheld else ""
            yield Check(sentence + more, wanted, sheet.rows + sheet.withheld)
    links, visits = _whole(written.get("links")), _whole(written.get("visits"))
    if "match.amount" in links:
        money = _number(this["goods_value"]) + _number(this["money_value"])
        yield Check("折价＋资金＝资源链接登记金额合计", money, Decimal(links["match.amount"]).quantize(_CENT))
    if "match.instances" in links:
        yield Check("受益人次＝资源链接登记人次合计", this["instances"], int(links["match.instances"]))
    if "instances" in visits:
        yield Check("走访人次＝走访台账人次合计", this["visit_instances"], int(visits["instances"]))


def _whole(written: Written | None) -> Mapping[str, Decimal | int]:
    """The totals of a sheet that lists everything; of any other they are smaller than the figure."""
    return {} if written is None or written.withheld else written.totals


_CENT = Decimal("0.01")


def _sum(figures: Figures, start: str) -> Figure:
    return sum(
        _number(value) for key, value in figures.items() if key.startswith(start) and key[-1].isdigit()
    )


def _number(figure: Figure) -> int | Decimal:
    return 0 if figure is None else figure


def _plain(figure: Figure) -> str:
    return f"{figure:,}" if figure is not None else "—"
