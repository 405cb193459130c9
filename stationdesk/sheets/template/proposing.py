"""Proposes a template for a form: which of our sources goes into which column, cell or gap, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from stationdesk.core.fields import Kind
from stationdesk.core.messages import _
from stationdesk.sheets.columns import CellKind
from stationdesk.sheets.template.form import Blank, Form, FormColumn, FormSheet, FormTable
from stationdesk.sheets.template.matching import SURE, codes_for, fits_options, folded, likeness
from stationdesk.sheets.template.places import spot_of
from stationdesk.sheets.template.rules import (
    FIGURE,
    NUMBERING,
    TOTAL,
    CellRule,
    ColumnRule,
    DateForm,
    FigureColumn,
    FormKind,
    IdForm,
    Rule,
    Subject,
    Template,
    Writing,
)
from stationdesk.sheets.template.sources import Source, Sources

_FEWEST: Final = 3
"""With fewer matches a kind of form is not believed."""

_HINTS: Mapping[Subject, tuple[str, ...]] = MappingProxyType(
    {
        Subject.VISIT: ("走访", "探访", "入户"),
        Subject.NEED: ("需求", "诉求", "微心愿"),
        Subject.RESOURCE: ("资源", "单位名录", "机构"),
        Subject.MATCH: ("对接", "链接"),
        Subject.HOUSEHOLD: ("一户一档", "家庭", "户档", "困难户", "分户"),
        Subject.PERSON: ("花名册", "人员", "名册", "个人", "一人一档", "对象"),
    }
)
_FIGURE_WORDS: Mapping[FigureColumn, tuple[str, ...]] = MappingProxyType(
    {
        FigureColumn.THIS: ("本月", "本期", "当月", "数量", "本月数", "本期数", "数值", "人数", "合计"),
        FigureColumn.PREVIOUS: ("上月", "上期", "上月数"),
        FigureColumn.YEAR: ("本年累计", "累计", "年初至今", "全年累计", "本年", "累计数"),
        FigureColumn.TARGET: ("年度指标", "年度目标", "指标数", "计划数", "全年目标"),
        FigureColumn.RATE: ("完成率", "完成比例", "完成进度"),
    }
)
_MONEY_UNITS: Mapping[str, str] = MappingProxyType({"万元": "0.0001", "千元": "0.001", "百元": "0.01"})
_TOTAL = re.compile(r"(合|总|小|共|累)计|总和|合计(数|人数|户数|金额)")
_TICK = re.compile(r"[√✓]|打勾|打钩")


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to see the form, and how well it explains it."""

    template: Template
    score: float


def propose(
    form: Form,
    sources: Sources,
    *,
    sheet: str | None = None,
    kind: FormKind | None = None,
    subject: Subject | None = None,
) -> Template:
    """The most likely template for a form; `sheet`, `kind` and `subject` are what the worker already said.

    A blank that nothing fits stays in the template without a source, so that the worker sees it.
    """
    tries: list[_Try] = []
    for each in form.sheets:
        if sheet is not None and each.title != sheet:
            continue
        penalty = 0.5 if each.hidden else 0.0
        tries += [replace(one, score=one.score - penalty) for one in _tries(each, sources, kind, subject)]
    if not tries:
        first = sheet or (form.sheets[0].title if form.sheets else "")
        return Template(kind or FormKind.CARD, subject or Subject.PERSON, first, medium=form.medium)
    best = max(tries, key=lambda one: one.score)
    return replace(best.template, medium=form.medium)


def _tries(
    sheet: FormSheet, sources: Sources, kind: FormKind | None, subject: Subject | None
) -> Iterable[_Try]:
    subjects = [subject] if subject is not None else list(Subject)
    if kind in {None, FormKind.FIGURES}:
        yield _figures(sheet, sources)
    if kind in {None, FormKind.LIST}:
        for table in sheet.tables[:2]:
            yield from (_list(sheet, table, sources, each) for each in subjects)
    if kind in {None, FormKind.CARD}:
        yield from (_card(sheet, sources, each) for each in subjects)


def _list(sheet: FormSheet, table: FormTable, sources: Sources, subject: Subject) -> _Try:
    columns = match_columns(table.columns, sources, subject)
    found = [each for each in columns if each.rule.source]
    heads = (*_head_cells(sheet.blanks, sources), *_totals(sheet, table, columns, sources))
    score = _worth(found, subject) / max(1, len(columns)) * 3 + min(len(found), 20) * 0.15
    score += 0.3 * _hinted(sheet.heading + sheet.title, subject) + 0.05 * table.score
    # On a card the table is one part of several, and most of what it asks for stands beside it.
    beside = [
        each
        for each in match_blanks(sheet.blanks, sources, subject)
        if each.gap is None and sources[each.rule.source].subjects is not None
    ]
    score *= len(found) / max(1, len(found) + len(beside))
    if len(found) < _FEWEST:
        score *= 0.5
    template = Template(
        FormKind.LIST,
        subject,
        sheet.title,
        table.header,
        table.first,
        table.rows,
        columns,
        heads,
        cleared=table.filled,
    )
    return _Try(template, score)


def _totals(
    sheet: FormSheet, table: FormTable, columns: Sequence[ColumnRule], sources: Sources
) -> Iterable[CellRule]:
    """Blank totals right below the table: those of columns that can be added up."""
    by_label = {each.label: each for each in columns}
    for blank in sheet.crossings:
        if blank.formula or not any(_TOTAL.fullmatch(folded(text)) for text in blank.row_path):
            continue
        if spot_of(blank.cell).row < table.first + table.rows:
            continue
        column = by_label.get("/".join(blank.column_path))
        source = sources.get(column.rule.source) if column is not None else None
        if column is not None and source is not None and source.adds:
            label = f"{blank.label} / {column.label}"
            yield CellRule(
                blank.cell, label, Rule(f"{TOTAL}{column.column}"), why=_("本列合计，填核对过的数字")
            )


def _card(sheet: FormSheet, sources: Sources, subject: Subject) -> _Try:
    cells = match_blanks(sheet.blanks, sources, subject)
    own = [each for each in cells if sources[each.rule.source].subjects is not None] if cells else []
    columns: tuple[ColumnRule, ...] = ()
    header, first, rows = (0, 0), 0, 0
    if sheet.tables and subject in {Subject.PERSON, Subject.HOUSEHOLD}:
        table = sheet.tables[0]
        columns = match_columns(table.columns, sources, Subject.PERSON)
        if sum(bool(each.rule.source) for each in columns) >= 2:
            header, first, rows = table.header, table.first, table.rows
        else:
            columns = ()
    every = _with_unknown(sheet.blanks, cells)
    score = (
        _worth(own, subject) * 0.3
        + _worth(columns, Subject.PERSON) * 0.1
        + 0.3 * _hinted(sheet.heading + sheet.title, subject)
    )
    if len(own) < _FEWEST:
        score *= 0.5
    return _Try(Template(FormKind.CARD, subject, sheet.title, header, first, rows, columns, every), score)


def _figures(sheet: FormSheet, sources: Sources) -> _Try:
    figures = [each for each in sources.values() if each.name.startswith(FIGURE)]
    cells: list[CellRule] = []
    lines: set[str] = set()
    for blank in sheet.crossings:
        if blank.formula:
            continue
        column = _figure_column(blank.column_path)
        if column is None:
            continue
        source, score, name = _best_figure(blank, figures)
        if source is None:
            cells.append(CellRule(blank.cell, _crossing_label(blank), confidence=0.0))
            continue
        lines.add(source.name)
        cells.append(
            CellRule(
                blank.cell,
                _crossing_label(blank),
                Rule(source.name, figure=column, writing=Writing(factor=_factor("".join(blank.row_path)))),
                confidence=round(score, 2),
                why=_("行名与“{name}”相符").format(name=name),
            )
        )
    heads = _head_cells(sheet.blanks, sources)
    score = 0.4 * min(len(lines), 12) if len(lines) >= _FEWEST else -0.5
    return _Try(Template(FormKind.FIGURES, Subject.PERSON, sheet.title, cells=(*heads, *cells)), score)


def _crossing_label(blank: Blank) -> str:
    return " / ".join((*blank.row_path, *blank.column_path))


def _figure_column(path: Sequence[str]) -> FigureColumn | None:
    words = folded("".join(path))
    found = [(len(word), column) for column, each in _FIGURE_WORDS.items() for word in each if word in words]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _best_figure(blank: Blank, figures: Sequence[Source]) -> tuple[Source | None, float, str]:
    """The line of the monthly table that the words of a row mean; its group decides between namesakes."""
    best: tuple[Source | None, float, str] = (None, SURE, "")
    words = [text for text in blank.row_path if folded(text)]
    context = folded("".join(words))
    for source in figures:
        for place in range(len(words)):
            found = likeness([words[place]], source)
            score = found.score
            if not score:
                continue
            if source.unit and any(folded(text) == source.unit for text in words):
                score += 0.06
            elif source.unit and any(folded(text) in _UNITS for text in words):
                score -= 0.2
            if folded(source.group.rpartition("：")[2]) in context:
                score += 0.05
            if score > best[1] + 1e-9:
                best = (source, min(score, 1.0), found.name)
    return best


_UNITS: Final = frozenset({"户", "人", "户次", "人次", "次", "个", "项", "元", "家", "份", "场", "小时"})


def match_columns(
    columns: Sequence[FormColumn], sources: Sources, subject: Subject
) -> tuple[ColumnRule, ...]:
    """A rule for each column, in their order; every source is used once at most."""
    chosen = _matched(
        [(each.path, each.options) for each in columns],
        [each for each in sources.values() if each.serves(subject) and not each.name.startswith(FIGURE)],
        subject,
    )
    rules = []
    for index, column in enumerate(columns):
        if column.formula:
            rules.append(ColumnRule(column.column, column.label, why=_("表里有公式，照样保留")))
            continue
        found = chosen.get(index)
        if found is None:
            rules.append(ColumnRule(column.column, column.label, span=column.span, confidence=0.0))
            continue
        source, score, why = found
        writing = writing_for(source, column.label, column.options, is_date=column.is_date)
        rules.append(
            ColumnRule(
                column.column, column.label, Rule(source.name, writing=writing), column.span, score, why
            )
        )
    return tuple(rules)


def match_blanks(blanks: Sequence[Blank], sources: Sources, subject: Subject) -> tuple[CellRule, ...]:
    """Rules for the single blanks of a card that something fits."""
    open_blanks = [each for each in blanks if not each.formula]
    chosen = _matched(
        [((each.label,), each.options) for each in open_blanks],
        [
            each
            for each in sources.values()
            if each.serves(subject) and not each.name.startswith((FIGURE, NUMBERING))
        ],
        subject,
    )
    return tuple(_cell_rule(open_blanks[index], *found) for index, found in sorted(chosen.items()))


def _head_cells(blanks: Sequence[Blank], sources: Sources) -> tuple[CellRule, ...]:
    """Rules for the blanks above and below a table: what is the same for the whole file."""
    heads = [each for each in sources.values() if each.subjects is None and not each.name.startswith(FIGURE)]
    open_blanks = [each for each in blanks if not each.formula and not each.boxes]
    chosen = _matched([((_named_gap(each),), each.options) for each in open_blanks], heads, None, once=False)
    rules = {index: _cell_rule(open_blanks[index], *found) for index, found in chosen.items()}
    return tuple(
        rules.get(index) or CellRule(each.cell, each.label, gap=each.gap, confidence=0.0)
        for index, each in enumerate(open_blanks)
        if index in rules or each.gap is not None
    )


def _named_gap(blank: Blank) -> str:
    """A gap of 年 月 in a title is the period, whatever word stands before it; one of 年 月 日 is the date."""
    if blank.gap_kind == "month":
        return "统计期间"
    if blank.gap_kind == "day" and "期" not in blank.label and "时间" not in blank.label:
        return "填报日期"
    return blank.label


def _cell_rule(blank: Blank, source: Source, score: float, why: str) -> CellRule:
    writing = writing_for(source, blank.label, blank.options, is_date=blank.is_date)
    if blank.gap_kind == "day":
        writing = replace(writing, date_form=DateForm.CHINESE)
    elif blank.gap_kind == "month":
        writing = replace(writing, date_form=DateForm.MONTH_CHINESE)
    return CellRule(
        blank.cell, blank.label, Rule(source.name, writing=writing), blank.gap, blank.span, score, why
    )


def _with_unknown(blanks: Sequence[Blank], rules: Sequence[CellRule]) -> tuple[CellRule, ...]:
    known = {(each.cell, each.gap): each for each in rules}
    return tuple(
        known.get((each.cell, each.gap))
        or CellRule(each.cell, each.label, gap=each.gap, span=each.span, confidence=0.0)
        for each in blanks
        if not each.formula
    )


def _matched(
    labels: Sequence[tuple[Sequence[str], Sequence[str]]],
    sources: Sequence[Source],
    subject: Subject | None,
    *,
    once: bool = True,
) -> dict[int, tuple[Source, float, str]]:
    """The best source for each label; the best pairs are taken first."""
    pairs = []
    for index, (path, options) in enumerate(labels):
        for place, source in enumerate(sources):
            found = likeness(path, source)
            score = found.score
            if score and options and source.words:
                score += 0.1 if fits_options(source.words, options) >= 0.5 else -0.3
            if score and subject is not None and source.name.startswith(f"{subject.code}."):
                score += 0.02
            if score >= SURE:
                pairs.append((-score, index, place, found.name))
    chosen: dict[int, tuple[Source, float, str]] = {}
    taken: set[int] = set()
    for negative, index, place, name in sorted(pairs):
        if index in chosen or (once and place in taken):
            continue
        score = round(min(1.0, -negative), 2)
        label = "/".join(labels[index][0])
        why = (
            _("“{label}”就是“{name}”").format(label=label, name=name)
            if score >= 0.9
            else _("“{label}”与“{name}”相近，请看看对不对").format(label=label, name=name)
        )
        chosen[index] = (sources[place], score, why)
        taken.add(place)
    return chosen


def writing_for(source: Source, label: str, options: Sequence[str] = (), *, is_date: bool = False) -> Writing:
    """How a value is likely wanted, from the words of the form, its drop-down list and its number format."""
    writing = Writing(codes=codes_for(source.words, options, label), factor=_factor(label))
    if source.kind is CellKind.DATE:
        writing = replace(writing, date_form=_date_form(label, is_date=is_date))
    if writing.factor != 1:
        writing = replace(writing, places=2)
    told = source.field
    if told is not None and told.type is bool:
        if _TICK.search(label) or (options and "√" in options):
            writing = replace(writing, yes="√", no="")
        elif "是" in options or "有" in options:
            writing = replace(
                writing, yes="是" if "是" in options else "有", no="否" if "否" in options else "无"
            )
    if told is not None and told.spec.kind is Kind.ID_NUMBER and "空格" in label:
        writing = replace(writing, id_form=IdForm.SPACED)
    return writing


def _factor(label: str) -> Decimal:
    return next((Decimal(factor) for unit, factor in _MONEY_UNITS.items() if unit in label), Decimal(1))


def _date_form(label: str, *, is_date: bool) -> DateForm:
    if is_date:
        return DateForm.REAL
    flat = label.lower().replace(" ", "")
    for words, form in _DATE_WORDS:
        if any(word in flat for word in words):
            return form
    if "年月" in flat and "年月日" not in flat:
        return DateForm.MONTH_DOTTED
    return DateForm.DASHED


_DATE_WORDS: Final = (
    (("yyyymmdd", "8位", "八位", "19900501", "20260101"), DateForm.COMPACT),
    (("yyyymm", "6位", "六位", "199005"), DateForm.MONTH_COMPACT),
    (("yyyy-mm-dd", "1990-05-01", "1990-01-01"), DateForm.DASHED),
    (("yyyy.mm.dd", "1990.05.01"), DateForm.DOTTED),
    (("yyyy/m", "1990/5/1", "1990/1/1"), DateForm.SLASHED),
    (("yyyy-mm", "1990-05"), DateForm.MONTH_DASHED),
    (("xx年xx月xx日", "x年x月x日", "某年某月某日"), DateForm.CHINESE),
)


def _worth(found: Sequence[ColumnRule | CellRule], subject: Subject) -> float:
    """How much the matches say for a subject: its own fields count more than those it borrows."""
    own = f"{subject.code}."
    return sum(
        each.confidence * (1.0 if each.rule.source.startswith((own, "row.")) else 0.75) for each in found
    )


def _hinted(text: str, subject: Subject) -> bool:
    return any(word in text for word in _HINTS[subject])
