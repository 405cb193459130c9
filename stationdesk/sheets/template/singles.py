"""Single cells, gaps in their texts, and boxes to tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from stationdesk.core.fields import Book as Words
from stationdesk.core.fields import Guard, Value, Values
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.template.book import Sheet, has_formula
from stationdesk.sheets.template.choices import boxes_in, with_boxes_ticked
from stationdesk.sheets.template.formulas import Growth
from stationdesk.sheets.template.gaps import with_gaps_filled
from stationdesk.sheets.template.matching import same_word
from stationdesk.sheets.template.places import Spot, spot_of
from stationdesk.sheets.template.putting import put, put_text
from stationdesk.sheets.template.rules import FIGURE, NUMBERING, TOTAL, CellRule, ColumnRule, Rule
from stationdesk.sheets.template.sources import Entry, Sources
from stationdesk.sheets.template.writing import (
    BLANK,
    DASH,
    Content,
    content_of,
    signs_of,
    text_content,
    words_of,
)


@dataclass(slots=True)
class Remainder:
    """What had to be changed, and, by label, what did not fit its boxes."""

    cleaned: int = 0
    cut: int = 0
    unfit: dict[str, int] = field(default_factory=dict)


def figure_key(source: str, column: str) -> str:
    """Where a figure stands among the values of the whole file."""
    return f"{source}@{column}"


class CellFiller:
    """Fills single cells from the values of one record and those of the whole file."""

    def __init__(self, sources: Sources, words: Words, head: Values, *, masked: bool) -> None:
        self.remainder = Remainder()
        self._sources = sources
        self._words = words
        self._head = head
        self._masked = masked

    def fill(self, rules: Iterable[CellRule], sheet: Sheet, growth: Growth | None, entry: Entry) -> None:
        """Fill the cells of these rules; `growth` says where those below a table went."""
        texts: dict[Spot, dict[int, str]] = {}
        for rule in rules:
            if not rule.rule.source or rule.rule.source.startswith(TOTAL):
                continue
            spot = spot_of(rule.cell)
            if growth is not None:
                spot = Spot(growth.row(spot.row), spot.column)
            if rule.gap is not None:
                texts.setdefault(spot, {})[rule.gap] = self.content(rule.rule, entry).shown
            elif len(boxes_in(sheet.text(spot))) > 1:
                self._tick(sheet, spot, rule, entry)
            else:
                self.put(sheet, spot, rule, entry)
        for spot, gaps in texts.items():
            put_text(sheet, spot, with_gaps_filled(sheet.text(spot), gaps))

    def put(
        self, sheet: Sheet, spot: Spot, rule: CellRule | ColumnRule, entry: Entry, number: int = 1
    ) -> None:
        """Fill one cell, or the boxes from it on; a formula there is kept."""
        cell = sheet.cell(spot)
        if not rule.rule.source or (cell is not None and has_formula(cell)):
            return
        content = self.content(rule.rule, entry, number)
        if rule.span > 1:
            self._put_signs(sheet, spot, rule, content)
            return
        source = self._sources.get(rule.rule.source)
        put(sheet, spot, content, source.kind if source is not None else CellKind.TEXT)

    def content(self, rule: Rule, entry: Entry, number: int = 1) -> Content:
        """What a rule writes for a record."""
        content = content_of(
            rule,
            self._sources.get(rule.source),
            self._value(rule, entry, number),
            self._words,
            masked=self._masked,
            minor=entry.minor,
        )
        if content.is_blank and rule.source.startswith(FIGURE):
            content = text_content(rule.writing.empty or DASH)
        self.remainder.cleaned += content.cleaned
        self.remainder.cut += content.cut
        return content

    def words(self, rule: Rule, entry: Entry) -> frozenset[str]:
        """Every word of a value, as the form calls it, for boxes to tick; none where it may not be told."""
        source = self._sources.get(rule.source)
        if source is None or (self._masked and source.guard is not Guard.OPEN):
            return frozenset()
        codes = dict(rule.writing.codes)
        return frozenset(
            codes.get(word, word) for word in words_of(source, self._value(rule, entry, 1), self._words)
        )

    def _value(self, rule: Rule, entry: Entry, number: int) -> Value:
        if rule.source == NUMBERING:
            return number
        if rule.source.startswith(FIGURE):
            return self._head.get(figure_key(rule.source, rule.figure.code))
        return entry.values[rule.source] if rule.source in entry.values else self._head.get(rule.source)

    def _put_signs(self, sheet: Sheet, spot: Spot, rule: CellRule | ColumnRule, content: Content) -> None:
        signs = signs_of(content, rule.span)
        if content.shown and not signs:
            unfit = self.remainder.unfit
            unfit[rule.label] = unfit.get(rule.label, 0) + 1
        for place in range(rule.span):
            sign = Content(signs[place], code=True) if place < len(signs) else BLANK
            put(sheet, Spot(spot.row, spot.column + place), sign)

    def _tick(self, sheet: Sheet, spot: Spot, rule: CellRule, entry: Entry) -> None:
        text = sheet.text(spot)
        chosen = chosen_boxes(boxes_in(text), self.words(rule.rule, entry))
        if chosen:
            put_text(sheet, spot, with_boxes_ticked(text, chosen))


def chosen_boxes(boxes: Iterable[str], words: Iterable[str]) -> frozenset[str]:
    """The boxes that some of the words mean: 特困 for 特困人员, 低保 for 最低生活保障对象（低保）."""
    known = tuple(words)
    return frozenset(box for box in boxes if any(same_word(word, box) for word in known))
