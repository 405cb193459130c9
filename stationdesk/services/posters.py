"""The poster 拼接大图: the hand-out map as large as several A4 sheets together, cut into them for any printer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.fields import Key
from stationdesk.core.files import work_beside, write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import IndexOrder, SheetForm, SheetKind
from stationdesk.services.backdrops import composed
from stationdesk.services.editions import ComingEdition
from stationdesk.services.giving import Given, give_out, with_edition
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of
from stationdesk.services.preflight import NotForGiving, Preflight, look_through, with_glyphs
from stationdesk.services.publishing import LeftOut
from stationdesk.services.release import Override
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.maps.poster.cutting import Tiling
    from stationdesk.maps.sheet.compose import Sheet

_STEPS = 7
_SMALLEST = 0.8
"""Type of a poster is never smaller than this, in that of A3: 9.6 points."""


@dataclass(frozen=True, slots=True)
class PosterOrder:
    """Which poster is wanted: its area (None: the whole town), and how many A4 sheets wide and high it is.

    The sheets stand upright, or lie where it is `landscape`. `based` False leaves out the base maps of the screen.
    """

    area: Key | None = None
    columns: int = 2
    rows: int = 2
    landscape: bool = False
    colour: bool = True
    orders: tuple[IndexOrder, ...] = (IndexOrder.BY_CLASS,)
    draft: bool = False
    based: bool = True


@dataclass(frozen=True, slots=True)
class PosterReport:
    """A poster as written: `sheets` of A4 to glue, `pages` of the file with its plan and its index.

    `size` of the whole is in millimetres when it is glued; `indexed` says whether its index stands on the map.
    `given` is what `give_out` keeps.
    """

    path: Path
    entries: int
    drawn: int
    sheets: int
    pages: int
    scale: int
    size: tuple[int, int]
    indexed: bool
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    given: Given

    @property
    def found(self) -> Preflight:
        """What the pre-flight found."""
        return self.given.found

    @property
    def edition(self) -> int:
        """The number of the edition that is printed on it; 0 on a draft."""
        return self.given.edition


def handout_order(order: PosterOrder) -> HandoutOrder:
    """The hand-out that a poster is cut from, e.g. for its pre-flight.

    Raises:
        UserError: when nobody could glue so many sheets.
    """
    size = _tiling(order).size
    setup = PageSetup(Paper.A3, size[0] > size[1], large=size)
    return HandoutOrder(
        SheetKind.POSTER,
        order.area,
        setup,
        order.colour,
        orders=order.orders,
        draft=order.draft,
        based=order.based,
    )


def _tiling(order: PosterOrder) -> Tiling:
    from stationdesk.maps.poster.cutting import Tiling

    return Tiling(order.columns, order.rows, order.landscape)


def poster(
    store: Store,
    target: Path,
    order: PosterOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
    answer: Override | None = None,
) -> PosterReport:
    """Print a poster to one PDF file of A4 sheets: a plan of them first, then row by row, then what is left of index.

    The large map is checked as a hand-out is, and the sheets once more when they are cut. A poster that does not pass
    the pre-flight is made as a draft only. With an `answer` somebody answers for what the pre-flight may be wrong
    about. With `beside`, a target that is open in another program is left alone and the file is called "name(2)".
    What is only looked at is not `logged`: whoever saves or prints it then calls `give_out`.

    Raises:
        NotForGiving: the pre-flight found what keeps it from being given out.
        UserError: nothing may be published or has a place, the sheets cannot hold it, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    made = _Making(store, order, printer, progress, answer)

    def check(part: Path) -> None:
        made.check(part)
        if logged:
            give_out(store, "export", made.given, target.name)

    path = write_safely(target, made.write, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    layout = made.sheet.layout
    return PosterReport(
        path,
        len(layout.spec.entries),
        len(layout.drawn),
        made.tiling.count,
        made.pages,
        layout.ground.n,
        made.tiling.size,
        layout.pages == 1,
        made.content.left_out,
        tuple(made.warnings()),
        made.given,
    )


class _Making:
    """One poster while it is made."""

    def __init__(
        self, store: Store, order: PosterOrder, printer: Printer, progress: Progress, answer: Override | None
    ) -> None:
        self._store = store
        self._order = handout_order(order)
        self._printer = printer
        self._progress = progress
        self._missing: frozenset[str] = frozenset()
        self.tiling = _tiling(order)
        self.pages = 0
        self.content, coming = self._read()
        self.sheet = self._largest()
        today = store.clock.today()
        with store.reading() as session:
            looked = replace(self.content, spec=self.sheet.layout.spec)
            found = look_through(session, looked, self.sheet.layout, today, answer)
        self.given = Given(SheetKind.POSTER, len(self.content.spec.entries), found, coming)
        self._refuse_unfit()

    def _read(self) -> tuple[HandoutContent, ComingEdition | None]:
        from stationdesk.maps.sheet.check import check_spec

        self._progress.say(_("读取可以公开的资源"))
        self._progress.step(0, _STEPS)
        today = self._store.clock.today()
        with self._store.reading() as session:
            content = content_of(session, self._order, today)
            spec, coming = with_edition(session, content.spec, self._order, today)
        check_spec(spec, phones=False)  # those are among what the pre-flight finds
        return replace(content, spec=spec), coming

    def _largest(self) -> Sheet:
        """The poster with the largest type that lets map and index stand on it together; else the map alone."""
        from stationdesk.maps.sheet.check import check_layout
        from stationdesk.maps.sheet.layout import lay_out

        self._progress.say(_("排版"))
        spec = self.content.spec
        width, height = self._order.setup.size
        wide, high = Paper.A3.millimetres
        # A wall is read from farther away, but a larger sheet is there to show more, too.
        best = max(1.0, ((width * height) / (wide * high)) ** 0.4)
        sizes = [best * share for share in (1.0, 0.85, 0.7, 0.6) if best * share > _SMALLEST]
        chosen = replace(spec, enlarged=best * 0.8, form=SheetForm.TWO_PAGES)
        for enlarged in (*sizes, _SMALLEST):
            self._progress.step(1, _STEPS)
            tried = replace(spec, enlarged=enlarged)
            if lay_out(tried).pages == 1:
                chosen = tried
                break
        self._progress.step(2, _STEPS)
        sheet = composed(self._store, chosen, based=self._order.shows_base)
        check_layout(sheet)
        return sheet

    def _refuse_unfit(self) -> None:
        if not self._order.draft and not self.given.found.may_be_given:
            raise NotForGiving(self.given.found)

    def write(self, part: Path) -> None:
        """Print the large map, check it, and cut it."""
        from stationdesk.maps.poster.assembly import cut_up
        from stationdesk.maps.poster.check import check_marks
        from stationdesk.maps.poster.index import compose_index
        from stationdesk.maps.poster.marks import compose_marks
        from stationdesk.maps.sheet.check import check_print

        with work_beside(part) as work:
            whole, marks, index = work / "whole.pdf", work / "marks.pdf", work / "index.pdf"
            self._print(whole)
            with self._store.reading() as session:
                found = with_glyphs(session, self.given.found, self.content.spec, self._missing)
            self.given = replace(self.given, found=found)
            self._refuse_unfit()
            self._progress.say(_("核对打印结果"))
            self._progress.step(4, _STEPS)
            check_print(whole, self.sheet)
            self._progress.say(_("裁成 {count} 张").format(count=self.tiling.count))
            self._progress.step(5, _STEPS)
            spec = self.sheet.layout.spec
            self._printer.print_html(compose_marks(self.tiling, spec.title), marks, self.tiling.setup)
            check_marks(marks, self.tiling)
            if self.sheet.layout.pages > 1:
                listed = compose_index(self.sheet.layout, self.tiling.setup)
                self._printer.print_html(listed.html, index, self.tiling.setup)
            self.pages = cut_up(whole, marks, index if index.exists() else None, self.tiling, part)

    def _print(self, whole: Path) -> None:
        """Print; once more with a mark in place of each sign that no font has."""
        from stationdesk.maps.sheet.check import check_layout
        from stationdesk.maps.sheet.compose import compose
        from stationdesk.maps.sheet.glyphs import missing_signs, with_marks

        self._progress.say(_("打印"))
        self._progress.step(3, _STEPS)
        spec = self.sheet.layout.spec
        self._printer.print_html(self.sheet.html, whole, self._order.setup)
        while fresh := missing_signs(whole, self.sheet) - self._missing:
            self._missing |= fresh
            self.sheet = compose(with_marks(spec, self._missing))
            check_layout(self.sheet)
            self._printer.print_html(self.sheet.html, whole, self._order.setup)

    def check(self, part: Path) -> None:
        """The sheets as they were cut."""
        from stationdesk.maps.poster.check import check_sheets

        self._progress.step(6, _STEPS)
        check_sheets(part, self.sheet.layout, self.tiling, self.pages)

    def warnings(self) -> Iterator[str]:
        """What somebody should look at, in a sentence each."""
        from stationdesk.maps.sheet.check import warnings_of
        from stationdesk.maps.sheet.glyphs import warning_of

        spec = self.content.spec
        yield from self.content.warnings
        yield from warnings_of(spec)
        if self._missing:
            yield warning_of(spec, self._missing)
        if far := self.sheet.layout.far:
            yield _("{count} 项离得太远或图上放不下，只列在索引里").format(count=len(far))
        if self.sheet.layout.pages > 1:
            yield _("索引在大图上放不下，另印在 A4 纸上，请贴在图旁")
