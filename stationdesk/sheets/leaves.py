"""Leaves for the printer: one sheet for each household, person or visit, many of them in one page of HTML.

A leaf is a stack of blocks: facts in a grid, tables, room to write, lines to sign. It is pure text and composed with
an XML library. Every leaf has its own foot, so that each printed sheet says which leaf it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from lxml import etree

from stationdesk.core.printing import PageSetup, Paper
from stationdesk.core.text import clean
from stationdesk.sheets.markup import FONTS, css_string, document, element, html_of
from stationdesk.sheets.widths import text_width

BOX: Final = "□"
"""What is ticked by hand."""
TIGHTEST: Final = 3
"""How often a leaf may be set closer before it is let run over to a second sheet."""


class LeafSize(Enum):
    """What a leaf is printed on: A4 upright for files, A5 upright for what goes along on a round."""

    A4 = "A4"
    A5 = "A5"

    @property
    def setup(self) -> PageSetup:
        """The sheet as the printer of the web engine takes it."""
        return PageSetup(Paper(self.value), margins=_MARGINS[self])


_MARGINS = {LeafSize.A4: (10, 12, 13, 16), LeafSize.A5: (8, 9, 11, 11)}
"""Top, right, bottom, left, in millimetres: at the left there is room to punch."""
_POINTS = {LeafSize.A4: (9.0, 8.3, 7.6, 7.0), LeafSize.A5: (9.0, 8.3, 7.6, 7.0)}
"""The size of the letters, by how tight a leaf is set."""
_PADS = (0.8, 0.55, 0.35, 0.15)
_LINES = (6.2, 5.8, 5.3, 4.8)
_LEADS = (1.3, 1.27, 1.23, 1.18)
"""Room above and below a text and the height of a line to write on, in millimetres, and that of printed lines."""
_ROOM = {LeafSize.A4: 112.0, LeafSize.A5: 80.0}
"""Half-width characters across a sheet at the largest letters."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it, empty where it is to be written in; `wide` takes a line of its own."""

    label: str
    text: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in a grid, `across` of them in a line."""

    title: str
    facts: tuple[Fact, ...]
    across: int = 3


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column and its share of the width."""

    label: str
    share: float
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; `empty` stands in it where there are no rows, `more` below it. `tall` rows have room to write."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    more: str = ""
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """Something to write: a label, boxes to tick, or so many empty lines; `known` is what the station has now.

    What is `short` stands three in a line, other blanks two.
    """

    label: str
    options: tuple[str, ...] = ()
    lines: int = 0
    known: str = ""
    short: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """Room to write. Blanks without lines stand beside each other."""

    title: str
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True)
class Signing:
    """Lines to sign, after facts about what is signed."""

    title: str
    facts: tuple[Fact, ...]
    signers: tuple[str, ...]


Block = Facts | Rows | Writing | Signing


@dataclass(frozen=True, slots=True)
class Leaf:
    """One sheet: what it is, of whom, its blocks from top to bottom, and what stands at its foot.

    `name` says in the contents of the file whose it is; `mark` stands behind the text.
    """

    title: str
    name: str
    above: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: str
    mark: str = ""
    numbered: bool = field(default=True, kw_only=True)
    """Whether the blocks are numbered 一、二、三."""


def place_words(at: int, total: int) -> str:
    """What each sheet of a leaf says of its place, the first being 1."""
    return f"第 {at} 张，共 {total} 张"


def compose(
    leaves: Sequence[tuple[int, Leaf]],
    size: LeafSize,
    *,
    total: int,
    tight: Sequence[int],
    lost: Mapping[str, str],
) -> str:
    """Leaves with their numbers, of `total` in all, as a page of HTML.

    `tight` says for each how close it is set, from 0 to `TIGHTEST`; signs in `lost` are set as what stands
    beside them there.
    """
    style = [_style(size)]
    _number, first = leaves[0]
    root, body = document(first.title, "")
    pen = _Pen(lost, size)
    if first.mark:
        pen.put(body, "div", first.mark, class_="mark")
    for (at, leaf), closeness in zip(leaves, tight, strict=True):
        style.append(_foot(at, total, pen.set(leaf.foot)))
        _leaf(pen, body, leaf, at, closeness)
    next(root.iter("style")).text = "".join(style)
    return html_of(root)


def words_of(leaf: Leaf) -> Iterator[str]:
    """Every text of a leaf as it must be found on its sheets."""
    yield from (leaf.title, *leaf.above)
    for block in leaf.blocks:
        yield block.title
        match block:
            case Facts():
                yield from _fact_words(block.facts)
            case Rows():
                if not block.rows:
                    yield block.empty
                    continue
                yield from (head.label for head in block.heads)
                for row in block.rows:
                    yield from row
                yield block.more
            case Writing():
                for blank in block.blanks:
                    yield from (blank.label, *blank.options, blank.known)
            case Signing():
                yield from _fact_words(block.facts)
                yield from block.signers


def _fact_words(facts: Iterable[Fact]) -> Iterator[str]:
    for each in facts:
        yield from (each.label, each.text)


_COUNTED = (*"一二三四五六七八九十", "十一", "十二", "十三", "十四")


def _leaf(pen: _Pen, body: etree._Element, leaf: Leaf, at: int, closeness: int) -> None:
    section = element(body, "section", class_=f"leaf leaf{at} tight{closeness}")
    pen.put(section, "h1", leaf.title)
    line = element(section, "div", class_="above")
    for words in leaf.above:
        pen.put(line, "span", words)
    number = 0
    for block in leaf.blocks:
        place = element(section, "div", class_="signed") if isinstance(block, Signing) else section
        if block.title:
            counted = leaf.numbered and number < len(_COUNTED)
            heading = element(place, "h2")
            if counted:
                element(heading, "i", f"{_COUNTED[number]}、")
            pen.put(heading, "b", block.title)
            number += 1
        match block:
            case Facts():
                _facts(pen, section, block)
            case Rows():
                _rows(pen, section, block)
            case Writing():
                _writing(pen, section, block)
            case Signing():
                _signing(pen, place, block)


class _Pen:
    """Puts texts of the station onto the page, with the mark for signs that no font has."""

    def __init__(self, lost: Mapping[str, str], size: LeafSize) -> None:
        self._lost = str.maketrans(dict(lost))
        self.room = _ROOM[size]

    def set(self, text: str) -> str:
        """The text as it is printed."""
        return text.translate(self._lost) if self._lost else text

    def put(self, parent: etree._Element, tag: str, text: str, **attributes: str) -> etree._Element:
        """An element with a text of one or more lines."""
        made = element(parent, tag, **attributes)
        made.text = self.set(clean(text).strip())
        return made


def _facts(pen: _Pen, section: etree._Element, block: Facts) -> None:
    table = element(section, "table", class_="facts")
    group = element(table, "colgroup")
    label_share = 100 / block.across * 0.32
    for _place in range(block.across):
        element(group, "col", style=f"width:{label_share:.2f}%")
        element(group, "col", style=f"width:{100 / block.across - label_share:.2f}%")
    cell_room = pen.room / block.across * 0.62
    line: list[tuple[Fact, int]] = []
    lines = [line]
    used = 0
    for fact in block.facts:
        width = text_width(fact.text)
        span = block.across if fact.wide or width > cell_room * 2.6 else 2 if width > cell_room * 1.25 else 1
        span = min(span, block.across)
        if used + span > block.across:
            line = []
            lines.append(line)
            used = 0
        line.append((fact, span))
        used += span
    for each in filter(None, lines):
        _fact_line(pen, table, each, block.across)


def _fact_line(pen: _Pen, table: etree._Element, line: Sequence[tuple[Fact, int]], across: int) -> None:
    row = element(table, "tr")
    free = across - sum(span for _fact, span in line)
    for place, (fact, span) in enumerate(line, 1):
        pen.put(row, "th", fact.label)
        wide = span + (free if place == len(line) else 0)
        cell = pen.put(row, "td", fact.text)
        if wide > 1:
            cell.set("colspan", str(wide * 2 - 1))


def _rows(pen: _Pen, section: etree._Element, block: Rows) -> None:
    table = element(section, "table", class_="rows tall" if block.tall else "rows")
    group = element(table, "colgroup")
    whole = sum(head.share for head in block.heads)
    for head in block.heads:
        element(group, "col", style=f"width:{100 * head.share / whole:.2f}%")
    if block.rows:
        header = element(element(table, "thead"), "tr")
        for head in block.heads:
            pen.put(header, "th", head.label)
    inside = element(table, "tbody")
    for row in block.rows:
        line = element(inside, "tr")
        for head, text in zip(block.heads, row, strict=True):
            cell = pen.put(line, "td", text)
            if head.middle:
                cell.set("class", "middle")
    if not block.rows and block.empty:
        cell = pen.put(element(inside, "tr"), "td", block.empty, colspan=str(len(block.heads)))
        cell.set("class", "none")
    if block.rows and block.more:
        pen.put(section, "p", block.more, class_="more")


def _writing(pen: _Pen, section: etree._Element, block: Writing) -> None:
    place = element(section, "div", class_="writing")
    for blank in block.blanks:
        item = element(place, "div", class_=_look(blank))
        pen.put(item, "b", blank.label)
        if blank.known:
            known = element(item, "em")
            known.text = "现在："
            pen.put(known, "q", blank.known)
        for option in blank.options:
            choice = element(item, "span")
            choice.text = BOX
            pen.put(choice, "q", option)
        if not blank.options:
            element(item, "u")
        for _line in range(blank.lines - 1):
            element(place, "hr")


def _look(blank: Blank) -> str:
    return (
        "ruled" if blank.lines else "ticked" if blank.options else "blank short" if blank.short else "blank"
    )


def _signing(pen: _Pen, section: etree._Element, block: Signing) -> None:
    if block.facts:
        _facts(pen, section, Facts("", block.facts))
    line = element(section, "div", class_="signing")
    for signer in block.signers:
        item = element(line, "div")
        pen.put(item, "b", signer)
        element(item, "u")


def _foot(at: int, total: int, foot: str) -> str:
    return (
        f"@page leaf{at} {{"
        f' @bottom-left {{ content: "{css_string(foot)}"; font: 7.5pt {FONTS}; width: 72%; vertical-align: top }}'
        f' @bottom-right {{ content: "{css_string(place_words(at, total))}"; font: 7.5pt {FONTS};'
        f" vertical-align: top }} }}\n.leaf{at} {{ page: leaf{at} }}\n"
    )


def _style(size: LeafSize) -> str:
    wide, high = size.setup.size
    top, right, bottom, left = _MARGINS[size]
    sizes = "".join(
        f".tight{at} {{ font-size: {points}pt; --pad: {pad}mm; --line: {line}mm; line-height: {lead} }}\n"
        for at, (points, pad, line, lead) in enumerate(zip(_POINTS[size], _PADS, _LINES, _LEADS, strict=True))
    )
    title = 15 if size is LeafSize.A4 else 13
    return f"""
@page {{ size: {wide}mm {high}mm; margin: {top}mm {right}mm {bottom}mm {left}mm }}
* {{ box-sizing: border-box; margin: 0; padding: 0 }}
html, body {{ background: #fff; color: #000 }}
body {{ font: 9pt/1.3 {FONTS}; -webkit-print-color-adjust: exact; print-color-adjust: exact }}
section {{ break-after: page; padding: 0 .3mm }}
section:last-child {{ break-after: auto }}
{sizes}
h1 {{ font-size: {title}pt; line-height: 1.3; text-align: center; overflow-wrap: anywhere }}
.above {{ display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 6mm; margin-top: .5mm }}
.above span {{ overflow-wrap: anywhere; max-width: 100% }}
h2 {{ font-size: 1.08em; font-weight: 700; margin: calc(.7mm + var(--pad)) 0 .5mm; line-height: 1.25;
  break-after: avoid }}
h2 i, em {{ font-style: normal }}
h2 b {{ font-weight: 700 }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed }}
th, td {{ border: .2mm solid #555; padding: var(--pad) 1mm; vertical-align: middle; text-align: left;
  overflow-wrap: anywhere; white-space: pre-line }}
th {{ background: #efefef; font-weight: 400 }}
.facts th {{ font-size: .94em; padding: var(--pad) .6mm }}
.facts td {{ height: calc(3.6mm + 2 * var(--pad)) }}
.rows th {{ text-align: center; font-size: .94em }}
td.middle {{ text-align: center }}
td.none {{ text-align: center; color: #555 }}
.tall td {{ height: calc(var(--line) + .6mm) }}
tr {{ break-inside: avoid }}
.more {{ font-size: .92em; text-align: right; color: #333 }}
.writing {{ display: flex; flex-wrap: wrap; gap: calc(.5mm + var(--pad)) 4mm; align-items: baseline }}
.writing div {{ max-width: 100%; overflow-wrap: anywhere }}
.writing .ruled {{ display: flex; flex: 0 0 100%; align-items: baseline }}
.writing hr {{ flex: 0 0 100%; margin-top: -1.2mm }}
.writing .ticked {{ flex: 0 0 auto }}
.writing .blank {{ display: flex; flex: 1 1 42%; align-items: baseline; min-width: 42% }}
.writing .short {{ flex-basis: 29%; min-width: 29% }}
.writing b {{ font-weight: 400; margin-right: 1.5mm }}
.writing em {{ color: #444; font-size: .92em; margin-right: 1mm }}
q {{ quotes: none }}
.ticked span {{ display: inline-block; max-width: 100%; margin-right: 2.6mm }}
u {{ flex: 1 1 14mm; min-width: 12mm; height: calc(var(--line) - 1mm);
  border-bottom: .2mm solid #555; text-decoration: none }}
hr {{ border: 0; border-bottom: .2mm solid #999; height: var(--line) }}
.signed {{ break-inside: avoid }}
.signing {{ display: flex; gap: 6mm; margin-top: 2mm }}
.signing div {{ display: flex; flex: 1; align-items: baseline }}
.signing b {{ font-weight: 400; white-space: nowrap }}
.mark {{ position: fixed; inset: 0; display: flex; align-items: center; justify-content: center;
  font-size: {64 if size is LeafSize.A4 else 44}pt; letter-spacing: .2em; color: rgba(0, 0, 0, .06);
  transform: rotate(-32deg) }}
"""
