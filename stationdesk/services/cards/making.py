"""Cards and visit slips made, printed in parts, read back, bound into one file, logged, and moved into place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder, write_safely
from stationdesk.core.messages import _
from stationdesk.core.naming import file_name
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.cards.checking import Sheets, check_bound, is_whole, read_leaves
from stationdesk.services.cards.choosing import CardKind, CardsOut, Chosen, chosen_keys
from stationdesk.services.cards.household import household_card
from stationdesk.services.cards.person import person_card
from stationdesk.services.cards.reading import households_of, read_homes
from stationdesk.services.cards.slip import ground_of, visit_slip
from stationdesk.services.ledgers.clients import minor_people
from stationdesk.services.ledgers.reading import paper_book
from stationdesk.services.lists.export import Standing, standing_of
from stationdesk.services.sealing import lock_for
from stationdesk.services.store import Store
from stationdesk.sheets.binding import bind, bind_two_up
from stationdesk.sheets.leaves import TIGHTEST, Leaf, compose
from stationdesk.sheets.locking import write_sealed

_PART = 20
"""Leaves that are printed at a time: between two parts one can stop."""
TWO_UP = PageSetup(Paper.A4, landscape=True)


@dataclass(frozen=True, slots=True)
class PrintedCards:
    """Cards as they were printed to a file.

    `long` are those that one sheet could not hold; `lost` the signs that no font has, printed as 〓.
    """

    path: Path
    wanted: CardsOut
    keys: tuple[Key, ...]
    pages: int
    restricted: int
    withheld: int
    long: tuple[str, ...] = ()
    lost: frozenset[str] = frozenset()

    @property
    def setup(self) -> PageSetup:
        """The paper that the file is made for."""
        return paper_of(self.wanted)


def paper_of(wanted: CardsOut) -> PageSetup:
    """The paper that cards are bound for."""
    if wanted.kind is CardKind.SLIP and wanted.two_up:
        return TWO_UP
    return PageSetup(wanted.kind.size.setup.paper)


def cards_name(town: str, wanted: CardsOut, today: date) -> str:
    """What the file of cards is called, by the rule."""
    return file_name(town, wanted.title, today.isoformat(), wanted.audience, ".pdf", more=wanted.words)


def print_cards(
    store: Store, wanted: CardsOut, target: Path, printer: Printer, progress: Progress = SILENT
) -> PrintedCards:
    """Print cards to a PDF file to be looked at; whoever saves or prints that file calls `log_given`.

    Looking at whole files is on record as well, before they can be seen. Each card is set closer until one sheet
    holds it, and runs over to a second one only when the letters would become too small. The file is read back.

    Raises:
        UserError: nothing may be printed, or the file is not what it must be.
        Cancelled: by `progress`; no file is left.
    """
    progress.say(_("读取档案"))
    with store.reading() as session:
        chosen = chosen_keys(store, session, wanted)
        count = len(chosen.keys)
        progress.step(0, count)
        _note_look(store, wanted, chosen)
        with private_folder(store.folder.root) as folder:
            run = _Run(session, wanted, chosen, standing_of(store, session), printer, folder)
            for start in range(0, count, _PART):
                progress.say(_("排版和核对"))
                run.print_part(start)
                progress.step(min(start + _PART, count), count)
            path = write_safely(
                target,
                run.bind,
                lambda part: check_bound(part, run.sheets, paper_of(wanted).size),
                private=True,
            )
    return PrintedCards(
        path,
        wanted,
        chosen.keys,
        run.sheets,
        chosen.restricted,
        chosen.withheld,
        tuple(run.long),
        frozenset(run.lost),
    )


@dataclass(frozen=True, slots=True)
class _Try:
    """A leaf, its number, and how close it is set."""

    number: int
    leaf: Leaf
    tight: int = 0


@dataclass(slots=True)
class _Run:
    """One print under way: what was printed so far."""

    session: Session
    wanted: CardsOut
    chosen: Chosen
    standing: Standing
    printer: Printer
    folder: Path
    pages: list[tuple[Path, int]] = field(default_factory=list)
    contents: list[tuple[str, int]] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    lost: dict[str, str] = field(default_factory=dict)
    prints: int = 0

    @property
    def sheets(self) -> int:
        """The sheets of the bound file."""
        return (len(self.pages) + 1) // 2 if paper_of(self.wanted) is TWO_UP else len(self.pages)

    def print_part(self, start: int) -> None:
        """Print some leaves; those that one sheet does not hold once more, set closer, until it does."""
        leaves = self._leaves(self.chosen.keys[start : start + _PART])
        settled: dict[int, list[tuple[Path, int]]] = {}
        waiting = [_Try(start + at, leaf) for at, leaf in enumerate(leaves, 1)]
        while waiting:
            path, sheets = self._printed(waiting)
            page, again = 0, []
            for each, texts in zip(waiting, sheets.texts, strict=True):
                if len(texts) > 1 and each.tight < TIGHTEST:
                    again.append(replace(each, tight=each.tight + 1))
                else:
                    if not is_whole(each.leaf, texts, self.lost):
                        raise UserError("“{name}”没有印全，文件没有保存。请再试一次。", name=each.leaf.name)
                    settled[each.number] = [(path, page + at) for at in range(len(texts))]
                page += len(texts)
            waiting = again
        for number, leaf in enumerate(leaves, start + 1):
            self.contents.append((leaf.name, len(self.pages)))
            self.pages += settled[number]
            if len(settled[number]) > 1:
                self.long.append(leaf.name)

    def _printed(self, tries: Sequence[_Try]) -> tuple[Path, Sheets]:
        """A print in which no sign is an empty box."""
        size, total = self.wanted.kind.size, len(self.chosen.keys)
        leaves = [(each.number, each.leaf) for each in tries]
        while True:
            self.prints += 1
            path = self.folder / f"{self.prints}.pdf"
            html = compose(leaves, size, total=total, tight=[each.tight for each in tries], lost=self.lost)
            self.printer.print_html(html, path, size.setup)
            sheets = read_leaves(path, leaves, size, total)
            if sheets.lost.keys() <= self.lost.keys():
                return path, sheets
            self.lost |= sheets.lost

    def bind(self, target: Path) -> None:
        """All pages as one file."""
        put = bind_two_up if paper_of(self.wanted) is TWO_UP else bind
        put(self.pages, target, self.contents)

    def _leaves(self, keys: Sequence[Key]) -> list[Leaf]:
        session, today, kind = self.session, self.standing.today, self.wanted.kind
        foot = self.standing.mark(self.wanted.audience).replace("导出", "打印")
        lives_in = households_of(session, keys) if kind is CardKind.PERSON else {}
        homes, words = read_homes(
            session,
            list(dict.fromkeys(lives_in.get(key, key) for key in keys)),
            paper_book(session),
            today,
            whole=self.chosen.whole,
        )
        if kind is CardKind.PERSON:
            listed = minor_people(session, keys, today)
            return [
                person_card(
                    homes[lives_in[key]],
                    key,
                    words,
                    foot,
                    self.standing.station,
                    today=today,
                    listed=key in listed,
                )
                for key in keys
            ]
        if kind is CardKind.SLIP:
            ground = ground_of(session)
            return [visit_slip(homes[key], words, foot, ground, today) for key in keys]
        return [household_card(homes[key], words, foot, self.standing.station) for key in keys]


def _note_look(store: Store, wanted: CardsOut, chosen: Chosen) -> None:
    sentence = _("查看{title}的打印样子（{count} 张）").format(title=wanted.title, count=len(chosen.keys))
    with store.writing(sentence) as work:
        work.note("revealed", wanted.record, chosen.keys, sentence)


def log_given(store: Store, action: str, printed: PrintedCards, name: str) -> None:
    """Log that cards leave the program: an "export" to a file, or a "print"; called before they do."""
    said = {
        "export": _("导出{title}（内部使用，{which}{count} 张）到“{name}”"),
        "print": _("打印{title}（内部使用，{which}{count} 张）"),
    }
    which = f"{printed.wanted.words}，" if printed.wanted.words else ""
    sentence = said[action].format(
        title=printed.wanted.title, which=which, count=len(printed.keys), name=name
    )
    if printed.restricted:
        sentence += _("，其中 {count} 张涉及限制查看的对象").format(count=printed.restricted)
    with store.writing(sentence) as work:
        work.note(action, printed.wanted.record, printed.keys, sentence)


def save_cards(
    store: Store,
    printed: PrintedCards,
    target: Path,
    password: str | None = None,
    progress: Progress = SILENT,
) -> PrintedCards:
    """Save the very file that was looked at, logged before it takes its place; with a password where one is given."""

    def copy(part: Path) -> None:
        progress.step(0, 1)
        part.write_bytes(printed.path.read_bytes())

    path = write_sealed(
        target,
        copy,
        release=lambda: log_given(store, "export", printed, target.name),
        lock=lock_for(store, password),
        private=True,
    )
    return replace(printed, path=path)
