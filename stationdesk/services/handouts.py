"""The hand-out maps: what an order asks for, laid out, printed, checked, logged, and moved into place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.backdrops import composed, unprinted
from stationdesk.services.giving import Given, give_out, with_edition
from stationdesk.services.handout_specs import HandoutContent, HandoutOrder, content_of, spec_of
from stationdesk.services.preflight import NotForGiving, Preflight, look_through, with_glyphs
from stationdesk.services.publishing import LeftOut
from stationdesk.services.release import Override
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.maps.sheet.compose import Sheet

__all__ = [
    "HandoutContent",
    "HandoutOrder",
    "HandoutReport",
    "LeftOut",
    "NotForGiving",
    "content_of",
    "give_out",
    "handout",
    "spec_of",
]

_STEPS = 4
_NAMED = 8
"""So many names are listed in a warning."""


@dataclass(frozen=True, slots=True)
class HandoutReport:
    """A printed hand-out: where it is, how much is on it, what is not, and what to look at before giving it out.

    `drawn` of the `entries` stand on the map itself; the others are in its index alone. `scale` is the n of 1 : n.
    `given` is what `give_out` keeps when it leaves: its edition, and what was found on it.
    """

    path: Path
    entries: int
    drawn: int
    pages: int
    scale: int
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


def handout(
    store: Store,
    target: Path,
    order: HandoutOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
    answer: Override | None = None,
) -> HandoutReport:
    """Print the sheet of an order to a PDF file.

    The file is checked, and the export logged and its edition kept, before it takes its place. A sheet that does not
    pass the pre-flight is made as a draft only; on that, signs that no font of this computer has are printed as a
    mark. With an `answer` somebody answers for what the pre-flight may be wrong about. With `beside`, a target that
    is open in another program is left alone and the file is called "name(2)". What is only looked at is not
    `logged`: whoever saves or prints it then calls `give_out`.

    Raises:
        NotForGiving: the pre-flight found what keeps it from being given out.
        UserError: nothing may be published or has a place, the paper is too small, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.sheet.check import check_layout, check_print, check_spec
    from stationdesk.maps.sheet.press import print_sheet

    progress.say(_("读取可以公开的资源"))
    progress.step(0, _STEPS)
    today = store.clock.today()
    with store.reading() as session:
        content = content_of(session, order, today)
        spec, coming = with_edition(session, content.spec, order, today)
    check_spec(spec, phones=False)  # those are among what the pre-flight finds
    progress.say(_("排版"))
    progress.step(1, _STEPS)
    sheet = composed(store, spec, based=order.shows_base)
    spec = sheet.layout.spec
    check_layout(sheet)
    with store.reading() as session:
        found = look_through(session, replace(content, spec=spec), sheet.layout, today, answer)
    if not order.draft and not found.may_be_given:
        raise NotForGiving(found)
    progress.say(_("打印"))
    progress.step(2, _STEPS)
    missing: frozenset[str] = frozenset()
    given = Given(order.kind, len(spec.entries), found, coming)

    def draw(part: Path) -> None:
        nonlocal sheet, missing
        sheet, missing = print_sheet(sheet, printer, part)

    def check(part: Path) -> None:
        progress.say(_("核对打印结果"))
        progress.step(3, _STEPS)
        nonlocal given
        with store.reading() as session:
            given = replace(given, found=with_glyphs(session, found, spec, missing))
        if not order.draft and not given.found.may_be_given:
            raise NotForGiving(given.found)
        check_print(part, sheet)
        if logged:
            give_out(store, "export", given, target.name)

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    return HandoutReport(
        path,
        len(spec.entries),
        len(sheet.layout.drawn),
        sheet.layout.pages,
        sheet.layout.ground.n,
        content.left_out,
        (*_warnings(content, sheet, missing), *(unprinted(store, spec) if order.shows_base else ())),
        given,
    )


def _warnings(content: HandoutContent, sheet: Sheet, missing: frozenset[str]) -> Iterator[str]:
    """What somebody should look at, in a sentence each."""
    from stationdesk.maps.sheet.check import warnings_of
    from stationdesk.maps.sheet.glyphs import warning_of

    yield from content.warnings
    yield from warnings_of(content.spec)
    if missing:
        yield warning_of(content.spec, missing)
    if far := sheet.layout.far:
        yield _("{count} 项离得太远或图上放不下，只列在索引里").format(count=len(far))
    if dropped := sheet.layout.unnamed:
        names = "、".join(dropped[:_NAMED]) + ("……" if len(dropped) > _NAMED else "")
        yield _("{count} 个地名在图上放不下（太挤，或只露出一角），没有标出：{names}").format(
            count=len(dropped), names=names
        )
