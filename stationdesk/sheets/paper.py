"""A table as a page for the printer: as many sheets as it takes, the header on each, page n of m at the foot.

Composed with an XML library from plain values; no word of the station comes into a style sheet but the mark at the
foot, every sign of it escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from stationdesk.core.fields import Value, plain_text
from stationdesk.core.text import clean_line
from stationdesk.sheets.cells import tidied
from stationdesk.sheets.columns import CellKind, Column
from stationdesk.sheets.markup import FONTS, css_string, document, element, html_of
from stationdesk.sheets.widths import column_widths

WIDE: Final = 297
HIGH: Final = 210
"""A4, landscape, in millimetres."""
MARGINS: Final = (14, 10, 15, 10)
"""Top, right, bottom, left, in millimetres; the foot stands in the lower one."""

CROWDED: Final = 250.0
"""Half-width characters across the page beyond which the letters could not be read."""
_LARGEST: Final = 9.0  # points
_SMALLEST: Final = 6.0
_AT_LARGEST: Final = 160.0
"""Half-width characters that fill the page at the largest size."""

_RIGHT = frozenset({CellKind.MONEY, CellKind.NUMBER, CellKind.PERCENT})
_MIDDLE = frozenset({CellKind.INTEGER, CellKind.DATE, CellKind.CODE})


@dataclass(frozen=True, slots=True)
class PaperTable:
    """What is printed: a title, sentences above the table, its columns and rows, sentences below.

    `foot` stands at the foot of every sheet (for whom, who printed it, when), `mark` behind the table where it
    must not be taken for something that may be given away.
    """

    title: str
    above: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    below: tuple[str, ...] = ()
    foot: str = ""
    mark: str = ""


def too_wide(columns: Sequence[Column], sample: Sequence[Sequence[Value]]) -> bool:
    """Whether a table has more columns than a sheet can hold in letters that can be read."""
    return sum(column_widths(columns, sample)) >= CROWDED or len(columns) > 26


def compose(table: PaperTable) -> str:
    """The page as HTML."""
    number = Column("", "序号", CellKind.INTEGER, width=2)
    columns = (number, *table.columns)
    rows = [(at, *row) for at, row in enumerate(table.rows, 1)]
    widths = column_widths(columns, rows[:400])
    root, body = document(table.title, _style(sum(widths), table.foot))
    if table.mark:
        element(body, "div", table.mark, class_="mark")
    element(body, "h1", table.title)
    for sentence in table.above:
        element(body, "p", sentence)
    _table(body, columns, rows, widths)
    for sentence in table.below:
        element(body, "p", sentence, class_="below")
    return html_of(root)


def words_of(table: PaperTable) -> Iterable[tuple[int, str]]:
    """Every cell as it must be found in the printed file: the number of its row, counted from 1, and its text."""
    for at, row in enumerate(table.rows, 1):
        for column, value in zip(table.columns, row, strict=True):
            text = _cell(column, value)
            if text:
                yield at, text


def _table(
    body: etree._Element, columns: Sequence[Column], rows: Sequence[Sequence[Value]], widths: Sequence[float]
) -> None:
    place = element(body, "table")
    group = element(place, "colgroup")
    for width in widths:
        element(group, "col", style=f"width:{100 * width / sum(widths):.3f}%")
    header = element(element(place, "thead"), "tr")
    for column in columns:
        element(header, "th", column.label)
    inside = element(place, "tbody")
    looks = [_look(column) for column in columns]
    for row in rows:
        line = etree.SubElement(inside, "tr")
        for column, look, value in zip(columns, looks, row, strict=True):
            cell = etree.SubElement(line, "td")
            if look:
                cell.set("class", look)
            cell.text = _cell(column, value)


def _look(column: Column) -> str:
    return "figure" if column.kind in _RIGHT else "middle" if column.kind in _MIDDLE else ""


def _cell(column: Column, value: Value) -> str:
    text = value if isinstance(value, str) else plain_text(value)
    if column.kind is CellKind.LONG:
        return tidied(text).text
    return clean_line(text)


def _style(width: float, foot: str) -> str:
    size = max(_SMALLEST, min(_LARGEST, _LARGEST * _AT_LARGEST / max(width, 1.0)))
    top, right, bottom, left = MARGINS
    return f"""
@page {{ size: {WIDE}mm {HIGH}mm; margin: {top}mm {right}mm {bottom}mm {left}mm;
  @bottom-left {{ content: "{css_string(foot)}"; font: 8pt {FONTS}; width: 75% }}
  @bottom-right {{ content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 8pt {FONTS} }} }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
html, body {{ background: #fff; color: #000 }}
body {{ font: {size:.2f}pt/1.35 {FONTS}; -webkit-print-color-adjust: exact; print-color-adjust: exact }}
h1 {{ font-size: 15pt; line-height: 1.3; text-align: center; margin-bottom: 1.5mm }}
p {{ font-size: 8.5pt; line-height: 1.5 }}
p.below {{ margin-top: 1.5mm; break-inside: avoid }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed; margin-top: 1.5mm }}
th, td {{ border: .2mm solid #444; padding: .7mm 1mm; vertical-align: middle; text-align: left;
  overflow-wrap: anywhere; white-space: pre-line }}
th {{ background: #ececec; font-weight: 700; text-align: center }}
td.middle {{ text-align: center }}
td.figure {{ text-align: right }}
tr {{ break-inside: avoid }}
.mark {{ position: fixed; inset: 0; display: flex; align-items: center; justify-content: center;
  font-size: 76pt; letter-spacing: .2em; color: rgba(0, 0, 0, .07); transform: rotate(-22deg) }}
"""
