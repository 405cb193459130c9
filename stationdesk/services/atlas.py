"""The book of maps 地图册: a page for every village, with indexes and guides, printed, checked and folded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stationdesk.core.files import work_beside, write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.atlas_content import AtlasContent, AtlasOrder, atlas_content, handout_order
from stationdesk.services.backdrops import backdrop_of, shown_bases, windows_of, words_of
from stationdesk.services.editions import ComingEdition
from stationdesk.services.giving import Given, give_out, with_edition
from stationdesk.services.preflight import NotForGiving, Preflight, look_through, with_glyphs
from stationdesk.services.publishing import LeftOut
from stationdesk.services.release import Override
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.maps.atlas.compose import Atlas
    from stationdesk.maps.layers import MapBase
    from stationdesk.maps.sheet.layout import Layout
    from stationdesk.maps.sheet.proof import ProofPage
    from stationdesk.maps.sheet.spec import Backdrop

__all__ = ["AtlasOrder", "AtlasReport", "atlas"]

_STEPS = 100
_COMPOSED, _PRINTED, _READ = 60, 80, 95
"""How far it is, in steps, once pages are laid out, printed, and read back."""
_NAMED = 8


@dataclass(frozen=True, slots=True)
class AtlasReport:
    """An atlas as written: its pages, how many are maps, and how many of the entries stand on a page's map.

    `sides` are those of the folded sheets, 0 where the pages follow each other. `given` is what `give_out` keeps.
    """

    path: Path
    entries: int
    drawn: int
    pages: int
    maps: int
    sides: int
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


def atlas(
    store: Store,
    target: Path,
    order: AtlasOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    logged: bool = True,
    answer: Override | None = None,
) -> AtlasReport:
    """Print an atlas to a PDF file.

    Every page is checked as a hand-out is, the printed file read back, the export logged and its edition kept before
    it takes its place. An atlas that does not pass the pre-flight is made as a draft only. With an `answer` somebody
    answers for what the pre-flight may be wrong about. With `beside`, a target that is open in another program is
    left alone and the file is called "name(2)". What is only looked at is not `logged`: whoever saves or prints it
    then calls `give_out`.

    Raises:
        NotForGiving: the pre-flight found what keeps it from being given out.
        UserError: nothing may be published or has a place, the paper is too small, or a check failed.
        Cancelled: by `progress`; the target is as it was.
    """
    made = _Making(store, order, printer, progress, answer)

    def check(_part: Path) -> None:
        if logged:
            give_out(store, "export", made.given, target.name)

    path = write_safely(target, made.write, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    return AtlasReport(
        path,
        len(made.content.spec.whole.entries),
        len(made.book.spots),
        made.book.pages,
        len(made.book.maps),
        made.sides,
        made.content.sheet.left_out,
        tuple(made.warnings()),
        made.given,
    )


class _Making:
    """One atlas while it is made."""

    def __init__(
        self, store: Store, order: AtlasOrder, printer: Printer, progress: Progress, answer: Override | None
    ) -> None:
        self._store = store
        self._order = order
        self._printer = printer
        self._progress = progress
        self._setup = handout_order(order).setup
        self._missing: frozenset[str] = frozenset()
        self._bases: tuple[MapBase, ...] = ()
        self.sides = 0
        self.content, coming = self._read()
        self.book = self._compose()
        found = self._look_through(answer)
        self.given = Given(handout_order(order).kind, len(self.content.spec.whole.entries), found, coming)
        self._refuse_unfit()

    def _read(self) -> tuple[AtlasContent, ComingEdition | None]:
        from stationdesk.maps.sheet.check import check_spec

        self._progress.say(_("读取可以公开的资源"))
        self._progress.step(0, _STEPS)
        today = self._store.clock.today()
        with self._store.reading() as session:
            content = atlas_content(session, self._order, today)
            whole, coming = with_edition(session, content.spec.whole, handout_order(self._order), today)
            if handout_order(self._order).shows_base:
                self._bases = shown_bases(self._store, session)
        if self._bases:
            whole = replace(whole, backdrop=words_of(self._bases))
        check_spec(whole, phones=False)  # those are among what the pre-flight finds
        return replace(content, spec=replace(content.spec, whole=whole)), coming

    def _compose(self) -> Atlas:
        from stationdesk.maps.atlas.check import check_pages, marked
        from stationdesk.maps.atlas.compose import compose_atlas

        self._progress.say(_("一页一页地排版"))
        spec = marked(self.content.spec, self._missing) if self._missing else self.content.spec
        made = compose_atlas(spec, self._told_up_to(_COMPOSED), self._under if self._bases else None)
        check_pages(made)
        return made

    def _under(self, layout: Layout) -> Backdrop | None:
        return backdrop_of(self._bases, windows_of(layout), colour=self._order.colour)

    def _told_up_to(self, most: int) -> Callable[[int, int], None]:
        def tell(done: int, total: int) -> None:
            self._progress.step(1 + (most - 1) * done // max(total, 1), _STEPS)

        return tell

    def _look_through(self, answer: Override | None) -> Preflight:
        from stationdesk.maps.atlas.check import looked

        shown = looked(self.book)
        with self._store.reading() as session:
            content = replace(self.content.sheet, spec=shown.spec)
            return look_through(session, content, shown, self._store.clock.today(), answer)

    def _refuse_unfit(self) -> None:
        if not self._order.draft and not self.given.found.may_be_given:
            raise NotForGiving(self.given.found)

    def write(self, part: Path) -> None:
        """Print, read back, check, and fold where that is wanted."""
        from stationdesk.maps.atlas.booklet import fold
        from stationdesk.maps.atlas.check import check_printed, looked

        with work_beside(part) as work:
            straight = work / "pages.pdf"
            proof = self._print(straight)
            with self._store.reading() as session:
                found = with_glyphs(session, self.given.found, looked(self.book).spec, self._missing)
            self.given = replace(self.given, found=found)
            self._refuse_unfit()
            check_printed(proof, self.book)
            self._progress.step(_READ, _STEPS)
            if self._order.folded:
                self.sides = fold(straight, part)
            else:
                straight.replace(part)

    def _print(self, path: Path) -> tuple[ProofPage, ...]:
        """Print and read back; once more with a mark in place of each sign that no font has."""
        from stationdesk.maps.atlas.check import read_atlas, signs_missing

        while True:
            self._progress.say(_("打印"))
            self._progress.step(_COMPOSED, _STEPS)
            self._printer.print_html(self.book.html, path, self._setup)
            self._progress.say(_("核对打印结果"))
            self._progress.step(_PRINTED, _STEPS)
            proof = read_atlas(path)
            fresh = signs_missing(proof, self.book) - self._missing
            if not fresh:
                return proof
            self._missing |= fresh
            self.book = self._compose()

    def warnings(self) -> Iterator[str]:
        """What somebody should look at, in a sentence each."""
        from stationdesk.maps.sheet.check import warnings_of
        from stationdesk.maps.sheet.glyphs import warning_of

        whole = self.content.spec.whole
        yield from self.content.sheet.warnings
        yield from warnings_of(whole)
        if self._missing:
            yield warning_of(whole, self._missing)
        if lost := self.book.lost:
            codes = "、".join(each.code for each in lost[:_NAMED]) + ("……" if len(lost) > _NAMED else "")
            yield _("{count} 项离各页都太远，只列在索引里：{codes}").format(count=len(lost), codes=codes)
