"""The maps that 发放地图 offers, and how each is made. A further one is a line of `CHOICES` and its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Printer
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import SheetKind
from stationdesk.services.giving import Given
from stationdesk.services.handouts import HandoutOrder, NotForGiving, handout
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


def _sheet(store: Store, wanted: Wanted, progress: Progress) -> Made:
    """One of the maps of one or two pages."""
    given = wanted.answers
    order = HandoutOrder(given.kind, given.area, given.setup, given.colour, given.form)
    try:
        report = handout(
            store, wanted.target, order, wanted.printer, progress, logged=False, answer=wanted.answer
        )
    except NotForGiving:
        draft = replace(order, draft=True)
        report = handout(
            store, wanted.target, draft, wanted.printer, progress, logged=False, answer=wanted.answer
        )
    words = _("{pages} 页，索引 {entries} 项，图上 {drawn} 项，比例尺 1:{scale:,}").format(
        pages=report.pages, entries=report.entries, drawn=report.drawn, scale=report.scale
    )
    return Made(report.path, order.setup, words, report.given, report.left_out)


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
    }
)
"""What each map is for, what is asked about its paper, and its maker."""
