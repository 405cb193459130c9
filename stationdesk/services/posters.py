"""The poster 拼接大图: the hand-out map as large as several A4 sheets together, cut into them for any printer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import work_beside, write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import IndexOrder, SheetKind
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of
from stationdesk.services.publishing import LeftOut
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.maps.sheet.compose import Sheet

_STEPS = 6
_SMALLEST = 0.8
"""Type of a poster is never smaller than this, in that of A3: 9.6 points."""


@dataclass(frozen=True, slots=True)
class PosterOrder:
    """Which poster is wanted: its area (None: the whole town), and how many A4 sheets wide and high it is.

    The sheets stand upright, or lie where it is `landscape`.
    """

    area: Key | None = None
    columns: int = 2
    rows: int = 2
    landscape: bool = False
    colour: bool = True
    orders: tuple[IndexOrder, ...] = (IndexOrder.BY_CLASS,)
    draft: bool = False


@dataclass(frozen=True, slots=True)
class PosterReport:
    """A poster as written: `pages` A4 sheets with the plan, `size` of the whole in millimetres when it is glued."""

    path: Path
    entries: int
    drawn: int
    pages: int
    scale: int
    size: tuple[int, int]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def handout_order(order: PosterOrder) -> HandoutOrder:
    """The hand-out that a poster is cut from, e.g. for its pre-flight.

    Raises:
        UserError: when nobody could glue so many sheets.
    """
    from stationdesk.maps.poster.cutting import Tiling

    size = Tiling(order.columns, order.rows, order.landscape).size
    setup = PageSetup(Paper.A3, size[0] > size[1], large=size)
    return HandoutOrder(
        SheetKind.POSTER, order.area, setup, order.colour, orders=order.orders, draft=order.draft
    )


def poster(
    store: Store,
    target: Path,
    order: PosterOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
) -> PosterReport:
    """Print a poster to one PDF file of A4 sheets: a plan of them first, then row by row.

    The large map is checked as a hand-out is, and the sheets once more when they are cut. With `beside`, a target
    that is open in another program is left alone and the file is called "name(2)". What is only looked at is not
    `logged`: whoever saves or prints it then calls `log_poster`.

    Raises:
        UserError: nothing may be published or has a place, the sheets cannot hold it, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.poster.assembly import cut_up
    from stationdesk.maps.poster.check import check_marks, check_sheets
    from stationdesk.maps.poster.cutting import Tiling
    from stationdesk.maps.poster.marks import compose_marks
    from stationdesk.maps.sheet.check import check_print, check_spec, warnings_of
    from stationdesk.maps.sheet.glyphs import missing_signs, warning_of, with_marks

    tiling = Tiling(order.columns, order.rows, order.landscape)
    wanted = handout_order(order)
    progress.say(_("读取可以公开的资源"))
    progress.step(0, _STEPS)
    with store.reading() as session:
        content = content_of(session, wanted, store.clock.today())
    check_spec(content.spec)
    progress.say(_("排版"))
    sheet = _largest(content, progress)
    spec = sheet.layout.spec
    missing: frozenset[str] = frozenset()

    def draw(part: Path) -> None:
        nonlocal sheet, missing
        from stationdesk.maps.sheet.check import check_layout
        from stationdesk.maps.sheet.compose import compose

        with work_beside(part) as work:
            whole, marks = work / "whole.pdf", work / "marks.pdf"
            progress.say(_("打印"))
            progress.step(2, _STEPS)
            printer.print_html(sheet.html, whole, wanted.setup)
            while fresh := missing_signs(whole, sheet) - missing:
                missing |= fresh
                sheet = compose(with_marks(spec, missing))
                check_layout(sheet)
                printer.print_html(sheet.html, whole, wanted.setup)
            progress.say(_("核对打印结果"))
            progress.step(3, _STEPS)
            check_print(whole, sheet)
            progress.say(_("裁成 {count} 张").format(count=tiling.count))
            progress.step(4, _STEPS)
            printer.print_html(compose_marks(tiling, sheet.layout.spec.title), marks, tiling.setup)
            check_marks(marks, tiling)
            cut_up(whole, marks, tiling, part)

    def check(part: Path) -> None:
        progress.step(5, _STEPS)
        check_sheets(part, sheet.layout.spec, tiling)
        if logged:
            log_poster(store, "export", target.name, tiling.count)

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    warnings = (*content.warnings, *warnings_of(spec))
    if missing:
        warnings += (warning_of(spec, missing),)
    if far := sheet.layout.far:
        warnings += (_("{count} 项离得太远或图上放不下，只列在索引里").format(count=len(far)),)
    return PosterReport(
        path,
        len(spec.entries),
        len(sheet.layout.drawn),
        tiling.count + 1,
        sheet.layout.ground.n,
        tiling.size,
        content.left_out,
        warnings,
    )


def _largest(content: HandoutContent, progress: Progress) -> Sheet:
    """The poster with the largest type that lets map and index stand on it together.

    Raises:
        UserError: when even the smallest is too large.
    """
    from stationdesk.maps.sheet.check import check_layout
    from stationdesk.maps.sheet.compose import compose

    spec = content.spec
    width, height = spec.setup.size
    wide, high = Paper.A3.millimetres
    # A wall is read from farther away, but a larger sheet is there to show more, too.
    best = max(1.0, ((width * height) / (wide * high)) ** 0.4)
    sizes = [best * share for share in (1.0, 0.88, 0.77, 0.68, 0.6, 0.52) if best * share > _SMALLEST]
    for tried, enlarged in enumerate((*sizes, _SMALLEST)):
        progress.step(1 if tried == 0 else 2, _STEPS)
        sheet = compose(replace(spec, enlarged=enlarged))
        if sheet.layout.pages == 1:
            check_layout(sheet)
            return sheet
    raise UserError(
        "{count} 项资源的索引在这幅大图上放不下。请多用几张纸，或者只选一个村。", count=len(spec.entries)
    )


def log_poster(store: Store, action: str, name: str, sheets: int) -> None:
    """Log that a poster leaves the program: an "export" to a file, or a "print"; called before it does."""
    said = {
        "print": _("打印拼接大图“{name}”（{count} 张纸）"),
        "export": _("保存拼接大图“{name}”（{count} 张纸）"),
    }
    sentence = said[action].format(name=name, count=sheets)
    with store.writing(sentence) as work:
        work.note(action, "handout", (), sentence)
