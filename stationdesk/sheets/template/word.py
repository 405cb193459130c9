"""Word forms (.docx): labels beside blanks for one person or household, and a table of the members.

A blank is addressed by table, row and cell (T1R2C3) or by paragraph (P5), each counted from 1 among what stands
directly in the document. What is written takes the looks of the blank. Nothing of ours is ever a template's source.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.run import Run

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.text import clean_line
from stationdesk.sheets.cells import tidied
from stationdesk.sheets.checking import LostRows
from stationdesk.sheets.reading.refusals import broken
from stationdesk.sheets.template.choices import boxes_in, with_boxes_ticked
from stationdesk.sheets.template.fill import MOST_CARDS, Filled, Material
from stationdesk.sheets.template.form import Blank, Form, FormColumn, FormSheet, FormTable
from stationdesk.sheets.template.gaps import Filling, fillings, gaps_in
from stationdesk.sheets.template.losses import Remark, refuse_unsafe
from stationdesk.sheets.template.package import open_package
from stationdesk.sheets.template.rules import CellRule, FormKind, Template
from stationdesk.sheets.template.singles import CellFiller, chosen_boxes
from stationdesk.sheets.template.sources import Entry

_ADDRESS = re.compile(r"T(\d+)R(\d+)C(\d+)|P(\d+)")
_NUMBER = re.compile(r"\d{1,3}")
_LONGEST_LABEL: Final = 40
_FEWEST_COLUMNS: Final = 3


@dataclass(frozen=True, slots=True)
class _Page:
    """The blocks of one card, in order: tables and paragraphs."""

    blocks: tuple[Any, ...]

    @property
    def tables(self) -> list[Any]:
        return [block for block in self.blocks if block.tag == qn("w:tbl")]

    @property
    def paragraphs(self) -> list[Any]:
        return [block for block in self.blocks if block.tag == qn("w:p")]

    def at(self, address: str) -> list[Any]:
        """The paragraphs of an address; none where the document has no such place."""
        match = _ADDRESS.fullmatch(address)
        if match is None:
            return []
        if match[4]:
            place = int(match[4]) - 1
            return self.paragraphs[place : place + 1]
        table, row, cell = (int(match[group]) - 1 for group in (1, 2, 3))
        rows = _rows(self.tables[table]) if table < len(self.tables) else []
        cells = _cells(rows[row]) if row < len(rows) else []
        return list(cells[cell].iterchildren(qn("w:p"))) if cell < len(cells) else []


def read_document(content: bytes, name: str) -> Form:
    """Understand a Word form.

    Raises:
        UserError: damaged, too big, or with macros.
    """
    document = _opened(content)
    page = _page(document)
    tables = [(number, table) for number, each in enumerate(page.tables, 1) for table in _tables(each)]
    title = f"T{tables[0][0] if tables else 1}"
    inside = {(number, row) for number, table in tables for row in _table_rows(table)}
    blanks = tuple(_blanks(page, inside))
    heading = next((text for each in page.paragraphs if (text := _text([each]).strip())), "")
    sheet = FormSheet(
        title, False, tuple(table for number, table in tables if f"T{number}" == title), blanks, (), heading
    )
    return Form(name, content, (sheet,), tuple(_remarks(document)), "docx")


def check_document(content: bytes, template: Template) -> None:
    """Check that a Word form has the places that a template names.

    Raises:
        UserError: damaged, with macros, or another form.
    """
    page = _page(_opened(content))
    if any(not page.at(rule.cell) for rule in template.cells):
        raise UserError("模板与里面的 Word 空白表对不上。请向做模板的人再要一份。")


def texts_of(content: bytes) -> Iterator[tuple[str, ...]]:
    """The texts of a document, a paragraph or the cells of a table's row at a time.

    Raises:
        UserError: damaged.
    """
    for block in _page(_opened(content)).blocks:
        if block.tag == qn("w:p"):
            yield (_text([block]),)
        else:
            for row in _rows(block):
                yield tuple(_text(cell.iterchildren(qn("w:p"))) for cell in _cells(row))


def fill_document(
    blank: bytes, template: Template, material: Material, target: IO[bytes], progress: Progress = SILENT
) -> Filled:
    """Fill a Word form, one card a page after the other in one document.

    Raises:
        UserError: the form is no card, does not fit the template, or there are too many cards.
        Cancelled: by `progress`.
    """
    if template.kind is not FormKind.CARD:
        raise UserError("Word 表目前只能填一人或一户一张的卡片。名册和统计表请用 Excel 空白表。")
    if material.count > MOST_CARDS:
        raise UserError(
            "一共要填 {count} 张，一个文件里最多放 {limit} 张。请按村居、类别或年龄分几次填。",
            count=material.count,
            limit=MOST_CARDS,
        )
    document = _opened(blank)
    page = _page(document)
    filler = material.cell_filler()
    pattern = [copy.deepcopy(block) for block in page.blocks]
    last = page.blocks[-1] if page.blocks else None
    count = 0
    for count, entry in enumerate(material.entries, 1):
        if count > 1 and last is not None:
            page = _next_page(last, pattern)
            last = page.blocks[-1]
        _fill_page(page, template, entry, filler)
        progress.step(count, max(count, material.count))
    if count != material.count:
        raise LostRows(f"counted {material.count} cards, wrote {count}")
    document.save(target)
    rest = filler.remainder
    return Filled(count, (), cleaned=rest.cleaned, cut=rest.cut, unfit=rest.unfit, first=len(page.tables))


def check_filled_document(path: Path, filled: Filled) -> None:
    """Read a filled document back.

    Raises:
        LostRows: a card is missing.
    """
    page = _page(_opened(path.read_bytes(), big=True))
    if len(page.tables) != filled.rows * filled.first:
        raise LostRows(f"{len(page.tables)} tables in the document, {filled.rows * filled.first} written")


def _opened(content: bytes, *, big: bool = False) -> Any:
    if not big:
        package = open_package(content)
        refuse_unsafe(package)
    try:
        return docx.Document(io.BytesIO(content))
    except (KeyError, ValueError, OSError) as error:
        raise broken() from error


def _page(document: Any) -> _Page:
    wanted = {qn("w:p"), qn("w:tbl")}
    return _Page(tuple(each for each in document.element.body.iterchildren() if each.tag in wanted))


def _rows(table: Any) -> list[Any]:
    return list(table.iterchildren(qn("w:tr")))


def _cells(row: Any) -> list[Any]:
    return list(row.iterchildren(qn("w:tc")))


def _runs(paragraph: Any) -> list[Run]:
    return [Run(each, paragraph) for each in paragraph.iterchildren(qn("w:r"))]


def _text(paragraphs: Iterable[Any]) -> str:
    return "\n".join("".join(run.text for run in _runs(each)) for each in paragraphs)


def _cell_text(cell: Any) -> str:
    return _text(cell.iterchildren(qn("w:p")))


def _continues(cell: Any) -> bool:
    """Whether a cell belongs to the one above it."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


# what the form asks for


def _tables(table: Any) -> Iterator[FormTable]:
    """Rows of labels with blank rows of the same cells below them."""
    rows = _rows(table)
    at = 0
    while at < len(rows):
        labels = [clean_line(_cell_text(cell)) for cell in _cells(rows[at])]
        room = 0
        while at + 1 + room < len(rows) and _waits(rows[at + 1 + room], len(labels)):
            room += 1
        named = [label for label in labels if label and len(label) <= _LONGEST_LABEL]
        if room and len(named) >= _FEWEST_COLUMNS and len(named) == len(labels):
            below = _cells(rows[at + 1])
            columns = tuple(
                FormColumn(place, (label,))
                for place, label in enumerate(labels, 1)
                if not _continues(below[place - 1])
            )
            yield FormTable((at + 1, at + 1), at + 2, room, columns)
        at += room + 1


def _waits(row: Any, width: int) -> bool:
    cells = _cells(row)
    texts = [_cell_text(cell).strip() for cell in cells]
    filled = [text for text in texts if text]
    return len(cells) == width and (not filled or (len(filled) == 1 and bool(_NUMBER.fullmatch(filled[0]))))


def _table_rows(table: FormTable) -> range:
    return range(table.header[0], table.first + table.rows)


def _blanks(page: _Page, inside: set[tuple[int, int]]) -> Iterator[Blank]:
    for number, paragraph in enumerate(page.paragraphs, 1):
        yield from _gaps(f"P{number}", _text([paragraph]), "")
    for place, table in enumerate(page.tables, 1):
        for at, row in enumerate(_rows(table), 1):
            if (place, at) not in inside:
                yield from _row_blanks(f"T{place}R{at}", _cells(row))


def _row_blanks(address: str, cells: Sequence[Any]) -> Iterator[Blank]:
    label = ""
    for number, cell in enumerate(cells, 1):
        text = _cell_text(cell)
        name = f"{address}C{number}"
        if not text.strip():
            if label and not _continues(cell):
                yield Blank(name, label)
            label = ""
            continue
        boxes = boxes_in(text)
        if len(boxes) > 1:
            yield Blank(name, label or clean_line(text)[:12], options=boxes, boxes=True)
            label = ""
            continue
        following = cells[number] if number < len(cells) else None
        beside = following is not None and not _cell_text(following).strip() and not _continues(following)
        if not beside:
            yield from _gaps(name, text, label)
        flat = clean_line(text).rstrip(":： ")
        label = flat if len(flat) <= _LONGEST_LABEL else ""


def _gaps(address: str, text: str, label: str) -> Iterator[Blank]:
    boxes = boxes_in(text)
    if len(boxes) > 1:
        yield Blank(address, clean_line(text.partition("：")[0])[:20], options=boxes, boxes=True)
        return
    for number, gap in enumerate(gaps_in(text) if len(text) <= 1000 else ()):
        yield Blank(address, gap.label or label, number, gap.kind)


def _remarks(document: Any) -> Iterator[Remark]:
    body = document.element.body
    if next(body.iter(qn("w:sdt")), None) is not None:
        yield Remark(
            _("文档里有内容控件；控件里的空格认不出来，请在 Word 里删去控件再打开，或手工填写。"), lost=True
        )
    if next(body.iter(qn("w:txbxContent")), None) is not None:
        yield Remark(_("文档里有文本框；文本框里的空格认不出来，照原样保留。"), lost=True)
    yield Remark(_("Word 表一人或一户一张，全部填在一个文档里，每张另起一页。"))


# filling


def _next_page(last: Any, pattern: Sequence[Any]) -> _Page:
    """A copy of the form on a page of its own, behind the last one."""
    paragraph = OxmlElement("w:p")
    run = OxmlElement("w:r")
    ending = OxmlElement("w:br")
    ending.set(qn("w:type"), "page")
    run.append(ending)
    paragraph.append(run)
    last.addnext(paragraph)
    blocks = []
    behind = paragraph
    for each in pattern:
        twin = copy.deepcopy(each)
        behind.addnext(twin)
        blocks.append(twin)
        behind = twin
    return _Page(tuple(blocks))


def _fill_page(page: _Page, template: Template, entry: Entry, filler: CellFiller) -> None:
    # Places are looked up before the table of members grows.
    places = [(rule, page.at(rule.cell)) for rule in template.cells if rule.rule.source]
    gaps: dict[str, dict[int, str]] = {}
    for rule, paragraphs in places:
        if not paragraphs:
            raise UserError(
                "模板与里面的 Word 空白表对不上（{cell}）。请重新打开空白表再教一次。", cell=rule.cell
            )
        if rule.gap is not None:
            gaps.setdefault(rule.cell, {})[rule.gap] = filler.content(rule.rule, entry).shown
        elif len(boxes_in(_text(paragraphs))) > 1:
            _tick(paragraphs, rule, entry, filler)
        else:
            _write(paragraphs, filler.content(rule.rule, entry).shown)
    for rule, paragraphs in places:
        values = gaps.pop(rule.cell, None)
        if values is not None:
            _fill_gaps(paragraphs, values)
    _fill_members(page, template, entry, filler)


def _fill_members(page: _Page, template: Template, entry: Entry, filler: CellFiller) -> None:
    number = int(template.sheet.removeprefix("T") or 0) if template.sheet.removeprefix("T").isdecimal() else 0
    if not (template.columns and template.rows and 0 < number <= len(page.tables)):
        return
    rows = _rows(page.tables[number - 1])
    for place, member in enumerate(entry.members, 1):
        at = template.first + place - 2
        if place > template.rows:
            twin = copy.deepcopy(rows[at - 1])
            for paragraph in twin.iter(qn("w:p")):
                _write([paragraph], "")
            rows[at - 1].addnext(twin)
            rows.insert(at, twin)
        cells = _cells(rows[at])
        for column in template.columns:
            if column.rule.source and column.column <= len(cells):
                paragraphs = list(cells[column.column - 1].iterchildren(qn("w:p")))
                _write(paragraphs, filler.content(column.rule, member, place).shown)


def _write(paragraphs: Sequence[Any], text: str) -> None:
    """Set the text of a blank, in the looks of its first run or of its paragraph."""
    if not paragraphs:
        return
    first = paragraphs[0]
    runs = _runs(first)
    for each in paragraphs:
        for run in _runs(each):
            run.text = ""
    if not text:
        return
    if not runs:
        element: Any = OxmlElement("w:r")
        looks = first.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
        if looks is not None:
            element.append(copy.deepcopy(looks))
        first.append(element)
        runs = [Run(element, first)]
    runs[0].text = tidied(text).text


def _fill_gaps(paragraphs: Sequence[Any], values: dict[int, str]) -> None:
    """Fill the gaps of a text that may be spread over runs of different looks."""
    runs: list[Run | None] = []
    for place, paragraph in enumerate(paragraphs):
        if place:
            runs.append(None)  # the line break between two paragraphs
        runs += _runs(paragraph)
    whole = "".join("\n" if run is None else run.text for run in runs)
    for each in reversed(fillings(whole, values)):
        _replace(runs, each)


def _replace(runs: Sequence[Run | None], filling: Filling) -> None:
    """Put a text in the place of another that may reach over several runs; it looks like where it begins."""
    places: list[tuple[Run, int, int]] = []
    start = 0
    for run in runs:
        end = start + (1 if run is None else len(run.text))
        if run is not None:
            places.append((run, start, end))
        start = end
    inside = [run for run, start, end in places if start <= filling.start < end]
    before = [run for run, _start, end in places if end == filling.start]
    takes = next(iter(inside or before[-1:]), None)
    for run, start, end in places:
        left, right = max(filling.start, start) - start, min(filling.end, end) - start
        text = tidied(filling.text).text if run is takes else ""
        if right > left or text:
            run.text = run.text[:left] + text + run.text[max(left, right) :]


def _tick(paragraphs: Sequence[Any], rule: CellRule, entry: Entry, filler: CellFiller) -> None:
    for paragraph in paragraphs:
        runs = _runs(paragraph)
        text = "".join(run.text for run in runs)
        chosen = chosen_boxes(boxes_in(text), filler.words(rule.rule, entry))
        ticked = with_boxes_ticked(text, chosen)
        start = 0
        for run in runs:
            length = len(run.text)
            if run.text != ticked[start : start + length]:
                run.text = ticked[start : start + length]
            start += length
