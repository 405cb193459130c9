"""Giving a sheet out: the edition it becomes, what was found on it, and the one step that logs and keeps both.

    spec, coming = with_edition(session, spec, order, today)     # before it is laid out
    found = look_through(...)                                    # services.preflight
    give_out(store, "export", Given(...), file_name)             # before the file takes its place

A draft goes the same way: it is no edition, and is logged as what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from stationdesk.core.changes import ChangeSet
from stationdesk.core.messages import _
from stationdesk.core.text import clean_line
from stationdesk.core.vocab import SheetKind
from stationdesk.maps.sheet.spec import SheetSpec
from stationdesk.services.editions import ComingEdition, coming_edition, keep_edition
from stationdesk.services.handout_specs import HandoutOrder
from stationdesk.services.preflight import Preflight
from stationdesk.services.served import check_unlocked
from stationdesk.services.store import Store


@dataclass(frozen=True, slots=True)
class Given:
    """A sheet that was made and may leave: which, how many entries, what was found on it, which edition it becomes.

    `coming` is None for a draft, and for what is for the station alone (its log says `inside`): they are no edition.
    """

    kind: SheetKind
    entries: int
    found: Preflight
    coming: ComingEdition | None
    inside: str = ""
    exact: bool = False
    """Whether it shows where each household lives: it leaves only while that is unlocked."""

    @property
    def draft(self) -> bool:
        """Whether it says across every page that it must not be given out."""
        return self.coming is None and self.kind.is_given_out

    @property
    def edition(self) -> int:
        """The number that is printed on it; 0 on what is no edition."""
        return self.coming.number if self.coming is not None else 0


def with_edition(
    session: Session, spec: SheetSpec, order: HandoutOrder, today: date
) -> tuple[SheetSpec, ComingEdition | None]:
    """A sheet with its number and what is new on it; a draft has neither, nor has what is never given out."""
    if order.draft or not spec.kind.is_given_out:
        return spec, None
    coming = coming_edition(session, spec, order.area, today)
    return replace(spec, edition_number=coming.number, changes=coming.changes), coming


def give_out(store: Store, action: str, given: Given, name: str) -> ChangeSet:
    """Log that a sheet leaves the program and keep its edition, in one step; called before it does.

    `action` is "export" to a file, or "print". A draft is logged as one.

    Raises:
        UserError: its number was taken by another edition since it was made, or the places of households on it are
            no longer unlocked.
    """
    said = {
        ("print", False): _("打印{kind}“{name}”（第 {edition} 版，{count} 项）"),
        ("export", False): _("保存{kind}“{name}”（第 {edition} 版，{count} 项）"),
        ("print", True): _("打印{kind}草稿“{name}”（{count} 项）"),
        ("export", True): _("保存{kind}草稿“{name}”（{count} 项）"),
    }
    words = said[action, given.draft]
    if not given.kind.is_given_out:
        words = {
            "print": _("打印{kind}“{name}”（内部资料，{inside}）"),
            "export": _("保存{kind}“{name}”（内部资料，{inside}）"),
        }[action]
    sentence = words.format(
        kind=_(given.kind.label), name=name, edition=given.edition, count=given.entries, inside=given.inside
    )
    with store.writing(sentence) as work:
        if given.exact:
            check_unlocked(store, work.session)
        if given.coming is not None:
            keep_edition(work, given.coming, name)
        work.note(action, "handout", (), sentence)
        if given.found.answered and given.coming is not None:
            words = _("放行 {what}：{findings}，原因：{reason}").format(
                what=sentence,
                findings="；".join(each.sentence for each in given.found.answered),
                reason=clean_line(given.found.answer),
            )
            work.note("release", "handout", (), words)
        return work.done()
