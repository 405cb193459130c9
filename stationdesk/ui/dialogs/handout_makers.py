"""The maps that 发放地图 offers, and how each is made. A further one is a line of `_CHOICES` and its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import SheetKind
from stationdesk.services.client_maps import client_map
from stationdesk.services.client_specs import ClientOrder
from stationdesk.services.giving import Given
from stationdesk.services.handouts import HandoutOrder, HandoutReport, NotForGiving, handout
from stationdesk.services.publishing import LeftOut
from stationdesk.services.release import Override
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.handout_answers import Answers, Ask, SheetChoice

_ONE = frozenset({Ask.PAPER, Ask.WAY, Ask.PAGES, Ask.INK})


@dataclass(frozen=True, slots=True)
class Made:
    """A sheet as it was made for the preview: the file that is also saved and printed."""

    path: Path
    setup: PageSetup
    words: str
    given: Given
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a maker is told: where to, the answers, and the reason of somebody who answers for what was found."""

    target: Path
    answers: Answers
    printer: Printer
    answer: Override | None = None


Maker = Callable[[Store, Wanted, Progress], Made]


def choices() -> tuple[SheetChoice, ...]:
    """The maps to choose from, in their order, in the language of the window."""
    return tuple(SheetChoice(kind, words(), asks) for kind, (words, asks, _maker) in _CHOICES.items())


def make(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """Make the sheet; as a draft where it must not be given out.

    Raises:
        UserError: it cannot be made at all.
        Cancelled: by `progress`; no file is left.
    """
    return _CHOICES[wanted.answers.kind][2](store, wanted, progress)


R = TypeVar("R")


def _or_draft(make_it: Callable[[bool], R]) -> R:
    """What is made; with True, as a draft, where it must not be given out."""
    try:
        return make_it(False)
    except NotForGiving:
        return make_it(True)


def _sheet(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """One of the maps of one or two pages."""
    told = wanted.answers
    order = HandoutOrder(told.kind, told.area, told.setup, told.colour, told.form)

    def made(draft: bool) -> HandoutReport:
        return handout(
            store,
            wanted.target,
            replace(order, draft=draft),
            wanted.printer,
            progress,
            logged=False,
            answer=wanted.answer,
        )

    report = _or_draft(made)
    words = _("{pages} 页，索引 {entries} 项，图上 {drawn} 项，比例尺 1:{scale:,}").format(
        pages=report.pages, entries=report.entries, drawn=report.drawn, scale=report.scale
    )
    return Made(report.path, order.setup, words, report.given, report.left_out)


def _clients(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """Where the people served live, for the station alone."""
    told = wanted.answers
    order = ClientOrder(told.level, told.area, told.setup, told.colour, told.form)
    report = client_map(store, wanted.target, order, wanted.printer, progress, logged=False)
    words = _("{pages} 页，索引 {entries} 项，图上 {drawn} 项，比例尺 1:{scale:,}").format(
        pages=report.pages, entries=report.entries, drawn=report.drawn, scale=report.scale
    )
    return Made(report.path, order.setup, words, report.given, ())


def _atlas(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """The book of maps, as single pages or folded."""
    from stationdesk.services.atlas import AtlasOrder, AtlasReport, atlas

    told = wanted.answers
    paper, folded = told.book
    order = AtlasOrder(told.area, paper, told.colour, folded, told.policies)

    def made(draft: bool) -> AtlasReport:
        return atlas(
            store,
            wanted.target,
            replace(order, draft=draft),
            wanted.printer,
            progress,
            logged=False,
            answer=wanted.answer,
        )

    report = _or_draft(made)
    words = _("{pages} 页，{maps} 幅图，索引 {entries} 项，图上 {drawn} 项")
    if folded:
        words = _("{sides} 面，双面打印后对折；{pages} 页，{maps} 幅图，索引 {entries} 项，图上 {drawn} 项")
    told_words = words.format(
        sides=report.sides, pages=report.pages, maps=report.maps, entries=report.entries, drawn=report.drawn
    )
    sheet = {Paper.A5: Paper.A4, Paper.A4: Paper.A3}[paper] if folded else paper
    return Made(report.path, PageSetup(sheet, landscape=folded), told_words, report.given, report.left_out)


def _poster(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """The large map, cut into sheets of A4."""
    from stationdesk.services.posters import PosterOrder, PosterReport, poster

    told = wanted.answers
    columns, rows = told.sheets
    order = PosterOrder(told.area, columns, rows, told.landscape, told.colour)

    def made(draft: bool) -> PosterReport:
        return poster(
            store,
            wanted.target,
            replace(order, draft=draft),
            wanted.printer,
            progress,
            logged=False,
            answer=wanted.answer,
        )

    report = _or_draft(made)
    words = _("{sheets} 张 A4，拼起来 {width}×{height} 厘米，图上 {drawn} 项，比例尺 1:{scale:,}").format(
        sheets=report.sheets,
        width=round(report.size[0] / 10),
        height=round(report.size[1] / 10),
        drawn=report.drawn,
        scale=report.scale,
    )
    setup = PageSetup(Paper.A4, told.landscape)
    return Made(report.path, setup, words, report.given, report.left_out)


_CHOICES: Mapping[SheetKind, tuple[Callable[[], str], frozenset[Ask], Maker]] = MappingProxyType(
    {
        SheetKind.RESOURCES: (
            lambda: _("办事、看病、养老去哪里，几点，打什么电话"),
            _ONE,
            _sheet,
        ),
        SheetKind.COMMUNITY: (
            lambda: _("主要道路、河流、重要单位、景点和村民组"),
            _ONE,
            _sheet,
        ),
        SheetKind.LARGE_PRINT: (
            lambda: _("给老人：六处地方，大字电话，写明怎么走"),
            frozenset({Ask.PAPER, Ask.WAY, Ask.INK}),
            _sheet,
        ),
        SheetKind.ATLAS: (
            lambda: _("一村一页，有目录、总图、索引和办事指南"),
            frozenset({Ask.BOOK, Ask.INK, Ask.GUIDES}),
            _atlas,
        ),
        SheetKind.POSTER: (
            lambda: _("用 A4 纸拼成墙上的大图，带粘贴线和拼图示意"),
            frozenset({Ask.SHEETS, Ask.WAY, Ask.INK}),
            _poster,
        ),
        SheetKind.CLIENTS: (
            lambda: _("内部资料，不发放：各村有多少人，或者逐户位置（要再输密码）"),
            frozenset({Ask.LEVEL, *_ONE}),
            _clients,
        ),
    }
)
"""What each map is for, what is asked about its paper, and its maker."""
