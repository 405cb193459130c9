"""图表: which figures are drawn for the leader, as rows of a table and the charts over them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stationdesk.core.vocab import Dimension
from stationdesk.services.ledgers.figures import CATEGORY_PERSONS
from stationdesk.services.ledgers.gathering import MonthFigures
from stationdesk.sheets.columns import Line

if TYPE_CHECKING:
    from stationdesk.sheets.charts import Chart, Series

_BY_MONTH = (("visits", "走访（户次）"), ("needs", "新增需求（项）"), ("matches", "链接（次）"))
_CATEGORIES, _DIMENSIONS = "对象类别（人）", "资源维度（个）"


def chart_lines(figures: MonthFigures) -> list[Line]:
    """The figures that are drawn, block by block; a category without anybody has no bar."""
    return [
        Line({"key": f"{block}/{item}", "chart": block, "item": item, "value": value})
        for block, items in _blocks(figures)
        for item, value in items
    ]


def charts_over(figures: MonthFigures) -> tuple[Chart, ...]:
    """The charts over the rows of `chart_lines`; a block without rows is not drawn."""
    from stationdesk.sheets.charts import Chart, ChartKind, Series

    places: dict[str, Series] = {}
    first = 0
    for block, items in _blocks(figures):
        if items:
            places[block] = Series(block, first, len(items))
        first += len(items)
    year = figures.periods.month.year
    wanted = (
        Chart(f"{year}年各月服务", ChartKind.COLUMNS, tuple(places[name] for _key, name in _BY_MONTH)),
        *(
            Chart(name, kind, (places[name],))
            for name, kind in ((_CATEGORIES, ChartKind.BARS), (_DIMENSIONS, ChartKind.COLUMNS))
            if name in places
        ),
    )
    return tuple(wanted)


def _blocks(figures: MonthFigures) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    for key, name in _BY_MONTH:
        yield name, [(f"{month.month}月", int(each[key] or 0)) for month, each in figures.by_month.items()]
    carried = (
        (each.label, figures.this.get(f"{CATEGORY_PERSONS}:{each.code}")) for each in figures.categories
    )
    yield _CATEGORIES, [(label, int(count)) for label, count in carried if count]
    yield (
        _DIMENSIONS,
        [(each.label, int(figures.this[f"resources_{each.code}"] or 0)) for each in Dimension],
    )
