"""Charts of a workbook: openpyxl's own, drawn by the office program from cells of the same sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from openpyxl.chart import BarChart, PieChart, Reference
from openpyxl.chart.label import DataLabelList

WIDTH: Final = 17.5  # centimetres
HEIGHT: Final = 8.4
_BAR: Final = 0.55
_FRAME: Final = 2.4


class ChartKind(StrEnum):
    """How figures are drawn."""

    COLUMNS = "columns"  # upright, side by side
    BARS = "bars"  # lying: for long words
    PIE = "pie"


@dataclass(frozen=True, slots=True)
class Series:
    """Figures that are drawn alike: their name and the rows of the table they stand in, counted from 0."""

    name: str
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of one or more series. The words below it are those of the first series' rows."""

    title: str
    kind: ChartKind
    series: tuple[Series, ...]


def drawn(sheet: Any, chart: Chart, *, above: int, labels: int, values: int) -> Any:
    """The chart for a sheet whose table begins below `above` rows, with words and figures in these columns (from 1)."""
    made = _made(chart.kind)
    made.title = chart.title
    made.width, made.height = WIDTH, HEIGHT
    if chart.kind is ChartKind.BARS:
        made.height = max(HEIGHT, _BAR * chart.series[0].count + _FRAME)  # a word beside each bar
    for each in chart.series:
        made.add_data(_cells(sheet, each, above, values), titles_from_data=False)
        made.series[-1].tx = _title(each.name)
    made.set_categories(_cells(sheet, chart.series[0], above, labels))
    if len(chart.series) == 1:
        made.dataLabels = DataLabelList(
            showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False
        )
        if chart.kind is not ChartKind.PIE:
            made.legend = None
    return made


def _made(kind: ChartKind) -> Any:
    if kind is ChartKind.PIE:
        return PieChart()
    made = BarChart()
    made.type = "col" if kind is ChartKind.COLUMNS else "bar"
    made.gapWidth = 60
    # Without it, newer office programs hide the axes.
    made.x_axis.delete = made.y_axis.delete = False
    made.y_axis.number_format = "0"
    if kind is ChartKind.BARS:
        made.x_axis.scaling.orientation = "maxMin"  # in the order of the table, from above
    return made


def _cells(sheet: Any, series: Series, above: int, column: int) -> Reference:
    first = above + 1 + series.first
    return Reference(sheet, min_col=column, min_row=first, max_row=first + series.count - 1)


def _title(name: str) -> Any:
    from openpyxl.chart.series import SeriesLabel

    return SeriesLabel(v=name)
