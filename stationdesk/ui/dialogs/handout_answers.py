"""The three questions of 发放地图: which map, which area, which paper; and the answers as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.printing import MAP_PAPERS, PageSetup, Paper
from stationdesk.core.vocab import MapLevel, SheetForm, SheetKind
from stationdesk.ui.dialogs.handout_guides import GuidesButton
from stationdesk.ui.flow import FlowLayout
from stationdesk.ui.forms.choices import Combo
from stationdesk.ui.theme import Look
from stationdesk.ui.toggle import Toggle

SHEETS = ((2, 1), (2, 2), (3, 2), (3, 3), (4, 3), (4, 4))
"""What a poster may be glued from: A4 sheets beside and above each other."""


LEVELS = (MapLevel.VILLAGES, MapLevel.EXACT)
"""What a map of the people served may show."""


BOOKS = ((Paper.A4, False), (Paper.A5, True), (Paper.A4, True))
"""How an atlas may be made: the size of its pages, and whether two of them stand on a sheet that is folded."""


class Ask(StrEnum):
    """The parts of the third question; each map asks some of them."""

    PAPER = "paper"
    WAY = "way"
    PAGES = "pages"
    INK = "ink"
    SHEETS = "sheets"
    BOOK = "book"
    LEVEL = "level"
    GUIDES = "guides"


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """One of the maps to choose from, what it is for in the worker's words, and what is asked about its paper."""

    kind: SheetKind
    words: str
    asks: frozenset[Ask]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered. `sheets` are the columns and rows of a poster, `book` is one of `BOOKS`.

    `level` is how much a map of the people served shows. It is never remembered: each time begins by village.
    `policies` are those an atlas explains, None all of them; not remembered either.
    """

    kind: SheetKind = SheetKind.RESOURCES
    area: Key | None = None
    paper: Paper = Paper.A4
    landscape: bool = True
    form: SheetForm = SheetForm.ONE_PAGE
    colour: bool = True
    sheets: tuple[int, int] = (2, 2)
    book: tuple[Paper, bool] = BOOKS[0]
    level: MapLevel = MapLevel.VILLAGES
    policies: tuple[Key, ...] | None = None

    @property
    def setup(self) -> PageSetup:
        """Paper and which way round."""
        return PageSetup(self.paper, self.landscape)

    def texts(self) -> Mapping[str, str]:
        """The answers as this computer remembers them."""
        return {
            "kind": self.kind.code,
            "area": self.area or "",
            "paper": self.paper.value,
            "landscape": str(self.landscape),
            "form": self.form.code,
            "colour": str(self.colour),
            "sheets": f"{self.sheets[0]}x{self.sheets[1]}",
            "book": str(BOOKS.index(self.book)),
        }


def answers_from(texts: Mapping[str, str]) -> Answers:
    """The answers of last time; whatever of them is not understood is as at the beginning."""
    first = Answers()
    kinds = {each.code: each for each in SheetKind}
    papers = {each.value: each for each in MAP_PAPERS}
    forms = {each.code: each for each in SheetForm}
    sheets = {f"{columns}x{rows}": (columns, rows) for columns, rows in SHEETS}
    books = {str(place): each for place, each in enumerate(BOOKS)}

    def is_on(name: str, *, at_first: bool) -> bool:
        return {"True": True, "False": False}.get(texts.get(name, ""), at_first)

    return Answers(
        kinds.get(texts.get("kind", ""), first.kind),
        Key(texts["area"]) if texts.get("area") else None,
        papers.get(texts.get("paper", ""), first.paper),
        is_on("landscape", at_first=first.landscape),
        forms.get(texts.get("form", ""), first.form),
        is_on("colour", at_first=first.colour),
        sheets.get(texts.get("sheets", ""), first.sheets),
        books.get(texts.get("book", ""), first.book),
    )


@dataclass
class _Row:
    """A line of buttons of which one is down."""

    group: QButtonGroup
    box: QWidget
    buttons: list[Toggle] = field(default_factory=list)


class AnswerPanel(QWidget):
    """Asks; says at once when an answer changes."""

    changed = Signal()

    def __init__(
        self, look: Look, choices: Sequence[SheetChoice], first: Answers, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._choices = {each.kind: each for each in choices}
        self._first = first
        self._areas: tuple[tuple[Key, str], ...] = ()
        self._rows: dict[Ask, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._heading(_("1 印哪一种？")))
        self._kinds = self._build_kinds(column)
        column.addWidget(self._heading(_("2 印哪里？")))
        self._area = Combo(look, self)
        self._area.setObjectName("handout_area")
        self._area.setAccessibleName(_("范围"))
        self._area.addItem(_("全镇"))
        self._area.activated.connect(lambda _row: self.changed.emit())
        column.addWidget(self._area)
        column.addWidget(self._heading(_("3 用什么纸？")))
        self._build_paper(column, first)
        self._follow()

    # What is answered

    @property
    def answers(self) -> Answers:
        """What is answered now."""
        place = self._area.currentIndex()
        columns, rows = SHEETS[max(self._sheets.currentIndex(), 0)]
        return Answers(
            tuple(self._choices)[self._kinds.checkedId()],
            self._areas[place - 1][0] if place > 0 else None,
            MAP_PAPERS[self._paper.group.checkedId()],
            self._way.group.checkedId() == 1,
            tuple(SheetForm)[self._pages.group.checkedId()],
            self._ink.group.checkedId() == 0,
            (columns, rows),
            BOOKS[max(self._book.currentIndex(), 0)],
            LEVELS[self._level.group.checkedId()],
            self.guides.policies,
        )

    @property
    def choice(self) -> SheetChoice:
        """The map that is chosen."""
        return self._choices[self.answers.kind]

    @property
    def area_words(self) -> str:
        """The area in words."""
        return self._area.currentText()

    def show_villages(self) -> None:
        """Go back to the sums by village, without saying that something changed."""
        self._level.buttons[0].setChecked(True)

    def show_areas(self, areas: tuple[tuple[Key, str], ...]) -> None:
        """Offer these villages, and choose the one of last time where it is still there."""
        self._areas = areas
        self._area.addItems([title for _key, title in areas])
        keys = [key for key, _title in areas]
        if self._first.area in keys:
            self._area.setCurrentIndex(keys.index(self._first.area) + 1)

    # Building

    def _build_kinds(self, column: QVBoxLayout) -> QButtonGroup:
        group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        for place, each in enumerate(self._choices.values()):
            button = QRadioButton(_(each.kind.label), self)
            button.setObjectName(f"handout_kind_{each.kind.code}")
            button.setAccessibleName(button.text())
            button.setToolTip(each.words)
            group.addButton(button, place)
            grid.addWidget(button, place // 2, place % 2)
        kinds = tuple(self._choices)
        group.button(kinds.index(self._first.kind) if self._first.kind in kinds else 0).setChecked(True)
        group.idClicked.connect(lambda _place: self._turned())
        column.addLayout(grid)
        self._words = QLabel(self)
        self._words.setObjectName("handout_kind_words")
        self._words.setProperty("look", "small")
        self._words.setWordWrap(True)
        column.addWidget(self._words)
        return group

    def _build_paper(self, column: QVBoxLayout, first: Answers) -> None:
        papers = [each.value for each in MAP_PAPERS]
        self._paper = self._segments("paper", _("纸张"), papers, MAP_PAPERS.index(first.paper))
        self._way = self._segments("way", _("纸怎么放"), [_("纵向"), _("横向")], int(first.landscape))
        self._pages = self._segments(
            "pages", _("几页"), [_("一页"), _("两页")], tuple(SheetForm).index(first.form)
        )
        for button, form in zip(self._pages.buttons, SheetForm, strict=True):
            button.setToolTip(_(form.label))
        self._level = self._segments("level", _("服务对象显示到"), [_(each.label) for each in LEVELS], 0)
        self._ink = self._segments("ink", _("颜色"), [_("彩色"), _("黑白")], int(not first.colour))
        words = _("{count} 张 A4：横 {columns} 竖 {rows}")
        self._sheets = self._combo(
            "handout_sheets",
            _("拼几张 A4"),
            [words.format(count=wide * high, columns=wide, rows=high) for wide, high in SHEETS],
            SHEETS.index(first.sheets),
        )
        self._book = self._combo(
            "handout_book",
            _("怎样装订"),
            [
                _("A4 一页一张，左边装订"),
                _("小册子：A5 的页，印在 A4 上对折"),
                _("小册子：A4 的页，印在 A3 上对折"),
            ],
            BOOKS.index(first.book),
        )
        self._lines = QWidget(self)
        self._flow = FlowLayout(self._lines, 8)
        for box in (self._level.box, self._paper.box, self._way.box, self._pages.box, self._ink.box):
            self._flow.addWidget(box)
        column.addWidget(self._lines)
        column.addWidget(self._sheets)
        column.addWidget(self._book)
        self.guides = GuidesButton(self)
        self.guides.changed.connect(self.changed)
        column.addWidget(self.guides)
        self._rows = {
            Ask.PAPER: self._paper.box,
            Ask.WAY: self._way.box,
            Ask.PAGES: self._pages.box,
            Ask.INK: self._ink.box,
            Ask.SHEETS: self._sheets,
            Ask.BOOK: self._book,
            Ask.LEVEL: self._level.box,
            Ask.GUIDES: self.guides,
        }

    def _segments(self, name: str, title: str, words: Sequence[str], down: int) -> _Row:
        row = _Row(QButtonGroup(self), QWidget(self))
        row.box.setAccessibleName(title)
        line = QHBoxLayout(row.box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for place, text in enumerate(words):
            button = Toggle(text, row.box)
            button.setObjectName(f"handout_{name}_{place}")
            button.setAccessibleName(f"{title} {text}")
            button.setProperty("look", "segment")
            side = "first" if place == 0 else "last" if place == len(words) - 1 else ""
            button.setProperty("side", side)
            button.setAutoDefault(False)
            row.group.addButton(button, place)
            row.buttons.append(button)
            line.addWidget(button)
        row.buttons[down].setChecked(True)
        row.group.idClicked.connect(lambda _place: self.changed.emit())
        return row

    def _combo(self, name: str, title: str, words: Sequence[str], first: int) -> Combo:
        combo = Combo(self._look, self)
        combo.setObjectName(name)
        combo.setAccessibleName(title)
        combo.addItems(words)
        combo.setCurrentIndex(first)
        combo.activated.connect(lambda _row: self.changed.emit())
        return combo

    def _heading(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("look", "heading")
        return label

    def _turned(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        choice = self.choice
        self._words.setText(choice.words)
        for ask, widget in self._rows.items():
            widget.setVisible(ask in choice.asks)
        self._fit()

    def _fit(self) -> None:
        # A layout that flows asks for the height of one line only, and what is beside it would take the rest.
        self._flow.invalidate()
        self._lines.setFixedHeight(self._flow.heightForWidth(self.width()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
