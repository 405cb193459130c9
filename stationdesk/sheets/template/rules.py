"""A template as a value: which value goes where in a form, and how it is written there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from stationdesk.core.vocab.choice import Choice, captioned, choice

LEAVE: Final = ""
"""The source of a blank that stays blank."""
CONSTANT: Final = "constant"
"""The source of a fixed text, which stands in `Rule.text`."""
NUMBERING: Final = "row.number"
"""The source of the running number."""
FIGURE: Final = "figure:"
"""What the sources of figures begin with."""
TOTAL: Final = "total:"
"""The source of a blank total: total:10 adds up what was written into column 10."""


@captioned("表格类型")
class FormKind(Choice):
    """What a form is."""

    LIST = choice("list", "名册（一行一个）")
    CARD = choice("card", "卡片（一人或一户一张）")
    FIGURES = choice("figures", "统计表（填数字）")


@captioned("每一行（张）是")
class Subject(Choice):
    """What one row of a list, or one card, is about."""

    PERSON = choice("person", "一个人")
    HOUSEHOLD = choice("household", "一户")
    NEED = choice("need", "一项需求")
    RESOURCE = choice("resource", "一项资源")
    MATCH = choice("match", "一次对接")
    VISIT = choice("visit", "一次走访")


@captioned("证件号写法")
class IdForm(Choice):
    """How an ID number is written."""

    WHOLE = choice("whole", "原样")
    MASKED = choice("masked", "遮盖（前三后二）")
    SPACED = choice("spaced", "分段空格（6-8-4）")
    APART = choice("apart", "每位之间空格")
    APOSTROPHE = choice("apostrophe", "前面加单引号")


@captioned("日期写法")
class DateForm(Choice):
    """How a day is written."""

    REAL = choice("real", "真正的日期（按表格的格式）")
    DASHED = choice("dashed", "2026-10-01")
    SLASHED = choice("slashed", "2026/10/1")
    DOTTED = choice("dotted", "2026.10.01")
    CHINESE = choice("chinese", "2026年10月1日")
    COMPACT = choice("compact", "20261001")
    MONTH_DASHED = choice("month_dashed", "2026-10")
    MONTH_DOTTED = choice("month_dotted", "2026.10")
    MONTH_CHINESE = choice("month_chinese", "2026年10月")
    MONTH_COMPACT = choice("month_compact", "202610")
    YEAR = choice("year", "2026")


@captioned("取哪一栏")
class FigureColumn(Choice):
    """Which figure of a line of the monthly table."""

    THIS = choice("this", "本月")
    PREVIOUS = choice("previous", "上月")
    YEAR = choice("year", "本年累计")
    TARGET = choice("target", "年度指标")
    RATE = choice("rate", "完成率")


@dataclass(frozen=True, slots=True)
class Writing:
    """How a value is written.

    `codes` says what stands for each of our words (男 is 1); a word that is not listed is written as it is.
    Numbers are multiplied by `factor` (0.0001 for 万元) and have `places` decimals. `yes` and `no` are the
    signs for yes and no, `empty` stands where there is no value. `before` and `after` are put around a value.
    A `masked` value is masked also in files for the station itself.
    """

    id_form: IdForm = IdForm.WHOLE
    date_form: DateForm = DateForm.DASHED
    codes: tuple[tuple[str, str], ...] = ()
    joint: str = "、"
    factor: Decimal = Decimal(1)
    places: int | None = None
    yes: str = "是"
    no: str = "否"
    empty: str = ""
    before: str = ""
    after: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What a column or cell holds: a source of the registry, or `text` where the source is CONSTANT."""

    source: str = LEAVE
    text: str = ""
    figure: FigureColumn = FigureColumn.THIS
    writing: Writing = field(default_factory=Writing)


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One column of the table, counted from 1; a `span` over 1 takes one sign a cell (an ID in 18 boxes).

    `why` and `confidence`, from 0 to 1, tell what a proposal rests on; 1 is what a worker has said.
    """

    column: int
    label: str
    rule: Rule = field(default_factory=Rule)
    span: int = 1
    confidence: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class CellRule:
    """One cell that is filled, or one `gap` (from 0) in the text of a cell: 填报单位：____.

    `cell` is B3 in a workbook; T1R2C3 (table, row, cell) or P5 (paragraph) in a Word document.
    """

    cell: str
    label: str
    rule: Rule = field(default_factory=Rule)
    gap: int | None = None
    span: int = 1
    confidence: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choosing:
    """Which records a form takes: of these categories (codes), villages (names), ages; everybody without."""

    categories: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A form that was taught.

    `header` are the first and the last header row, 0 and 0 without one. The table begins in row `first` and
    has `rows` rows before it must grow. On a card the table holds the members of the household. A `cleared`
    table held records when it was opened (last month's form): what stands in its rows is no part of the form.
    """

    kind: FormKind
    subject: Subject = Subject.PERSON
    sheet: str = ""
    header: tuple[int, int] = (0, 0)
    first: int = 0
    rows: int = 0
    columns: tuple[ColumnRule, ...] = ()
    cells: tuple[CellRule, ...] = ()
    choosing: Choosing = field(default_factory=Choosing)
    medium: str = "xlsx"
    cleared: bool = False

    @property
    def last(self) -> int:
        """The last row of the table as the blank has it."""
        return self.first + self.rows - 1

    @property
    def sources(self) -> frozenset[str]:
        """Every source that is used."""
        rules = [each.rule for each in self.columns] + [each.rule for each in self.cells]
        return frozenset(rule.source for rule in rules if rule.source)


def with_column(template: Template, column: int, rule: Rule) -> Template:
    """The template with another rule for a column, said by the worker."""
    return replace(
        template,
        columns=tuple(
            replace(each, rule=rule, confidence=1.0, why="") if each.column == column else each
            for each in template.columns
        ),
    )


def with_cell(template: Template, cell: str, rule: Rule, gap: int | None = None) -> Template:
    """The template with another rule for a cell or one of its gaps, added where there was none."""
    cells = tuple(
        replace(each, rule=rule, confidence=1.0, why="") if (each.cell, each.gap) == (cell, gap) else each
        for each in template.cells
    )
    if not any((each.cell, each.gap) == (cell, gap) for each in cells):
        cells = (*cells, CellRule(cell, cell, rule, gap))
    return replace(template, cells=cells)
