"""The hand-out maps: what an order asks for, laid out, printed, checked, logged, and moved into place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of, spec_of
from stationdesk.services.publishing import LeftOut
from stationdesk.services.store import Store

__all__ = [
    "HandoutContent",
    "HandoutOrder",
    "HandoutReport",
    "LeftOut",
    "content_of",
    "handout",
    "log_given",
    "spec_of",
]

_STEPS = 4
_NAMED = 8
"""So many names are listed in a warning."""


@dataclass(frozen=True, slots=True)
class HandoutReport:
    """A printed hand-out: where it is, how much is on it, what is not, and what to look at before giving it out.

    `drawn` of the `entries` stand on the map itself; the others are in its index alone. `scale` is the n of 1 : n.
    `edition` is the number of the edition that it was kept as, 0 where it was not.
    """

    path: Path
    entries: int
    drawn: int
    pages: int
    scale: int
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    edition: int = 0


def handout(
    store: Store,
    target: Path,
    order: HandoutOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
) -> HandoutReport:
    """Print the sheet of an order to a PDF file.

    The file is checked and the export logged before it takes its place. Signs that no font of this computer has
    are printed as a mark and told in the warnings. With `beside`, a target that is open in
    another program is left alone and the file is called "name(2)". What is only looked at is not `logged`:
    whoever saves or prints it then calls `log_given`.

    Raises:
        UserError: nothing may be published or has a place, the paper is too small, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.sheet.check import check_layout, check_print, check_spec, warnings_of
    from stationdesk.maps.sheet.compose import compose
    from stationdesk.maps.sheet.glyphs import missing_signs, warning_of, with_marks

    progress.say(_("读取可以公开的资源"))
    progress.step(0, _STEPS)
    with store.reading() as session:
        content = content_of(session, order, store.clock.today())
    spec = content.spec
    check_spec(spec)
    progress.say(_("排版"))
    progress.step(1, _STEPS)
    sheet = compose(spec)
    check_layout(sheet)
    progress.say(_("打印"))
    progress.step(2, _STEPS)
    missing: frozenset[str] = frozenset()

    def draw(part: Path) -> None:
        nonlocal sheet, missing
        printer.print_html(sheet.html, part, order.setup)
        # Of signs that stand together the file may name the first one only.
        while fresh := missing_signs(part, sheet) - missing:
            missing |= fresh
            sheet = compose(with_marks(spec, missing))
            check_layout(sheet)
            printer.print_html(sheet.html, part, order.setup)

    def check(part: Path) -> None:
        progress.say(_("核对打印结果"))
        progress.step(3, _STEPS)
        check_print(part, sheet)
        if logged:
            log_given(store, "export", target.name, len(spec.entries))

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    warnings = (*content.warnings, *warnings_of(spec))
    if missing:
        warnings += (warning_of(spec, missing),)
    if far := sheet.layout.far:
        warnings += (_("{count} 项离得太远或图上放不下，只列在索引里").format(count=len(far)),)
    if dropped := sheet.layout.labels.dropped:
        names = "、".join(dropped[:_NAMED]) + ("……" if len(dropped) > _NAMED else "")
        warnings += (_("图上太挤，{count} 个地名没有标出：{names}").format(count=len(dropped), names=names),)
    return HandoutReport(
        path,
        len(spec.entries),
        len(sheet.layout.drawn),
        sheet.layout.pages,
        sheet.layout.ground.n,
        content.left_out,
        warnings,
    )


def log_given(store: Store, action: str, name: str, entries: int) -> None:
    """Log that a hand-out leaves the program: an "export" to a file, or a "print"; called before it does."""
    said = {
        "print": _("打印发放图“{name}”（{count} 项资源）"),
        "export": _("保存发放图“{name}”（{count} 项资源）"),
    }
    sentence = said[action].format(name=name, count=entries)
    with store.writing(sentence) as work:
        work.note(action, "handout", (), sentence)
