"""A list on paper: the page made, printed to PDF, read back, logged, and moved into place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stationdesk.core.errors import UserError
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import PageSetup, Paper, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.services.ledgers.reading import paper_book
from stationdesk.services.lists.checking import ListProof, check_list
from stationdesk.services.lists.choosing import ListOut, columns_of, filter_words
from stationdesk.services.lists.export import log_list, notes_of, refuse_empty, standing_of, watch_of
from stationdesk.services.lists.rows import cells_out, keys_out
from stationdesk.services.release import Override
from stationdesk.services.sealing import lock_for
from stationdesk.services.store import Store
from stationdesk.sheets.leaks import Leak, leaks_in
from stationdesk.sheets.locking import write_sealed
from stationdesk.sheets.paper import MARGINS

PAPER = PageSetup(Paper.A4, landscape=True, margins=MARGINS)
"""The paper of every list."""

MOST_PRINTED = 3_000
"""Rows that are still a stack of paper and not a box of it; longer lists are for a workbook."""

_STEPS = 4


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A list as it was printed to a file; `words` are its filter, for the log."""

    path: Path
    wanted: ListOut
    rows: int
    pages: int
    withheld: int
    left_out: tuple[str, ...]
    words: str
    boxed: tuple[int, ...] = ()
    """The rows with signs that no font of this computer has."""
    leaks: tuple[Leak, ...] = ()
    """What was found in a report and is answered for by `override`."""
    override: Override | None = None


def print_list(
    store: Store,
    wanted: ListOut,
    target: Path,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    override: Override | None = None,
) -> PrintedList:
    """Print a list to a PDF file to be looked at; whoever saves or prints that file calls `log_given`.

    The file is read back: every cell must stand in it, on sheets of the right size.

    Raises:
        PersonalNumber: a full number or the name of a minor stands in a report, and nobody answers for it.
        UserError: the list is empty, too long or too wide for paper, or the file is not what it must be.
        Cancelled: by `progress`; no file is left.
    """
    from stationdesk.sheets.paper import PaperTable, compose, too_wide

    today = store.clock.today()
    progress.say(_("读取列表"))
    progress.step(0, _STEPS)
    with store.reading() as session:
        keys, withheld = keys_out(session, wanted, today)
        refuse_empty(keys, withheld)
        if len(keys) > MOST_PRINTED:
            raise UserError(
                "列表有 {rows:,} 行，一次最多打印 {most:,} 行。请先筛选，或导出 Excel。",
                rows=len(keys),
                most=MOST_PRINTED,
            )
        columns = columns_of(wanted)
        book = paper_book(session)
        words = filter_words(session, wanted, book)
        rows = list(cells_out(session, wanted, keys, columns.shown, book, today))
        standing = standing_of(store, session)
        leaks: list[Leak] = []
        watch = watch_of(session, wanted, today, leaks, override)
    if too_wide(columns.shown, rows[:400]):
        raise UserError(
            "{columns} 列在一张纸上放不下，字会小得看不清。请选“列表上的列”，或导出 Excel。",
            columns=len(columns.shown),
        )
    progress.step(1, _STEPS)
    table = PaperTable(
        f"{standing.station}{wanted.title}",
        (f"范围：{words}　　截至 {today.isoformat()}，共 {len(keys):,} 行",),
        columns.shown,
        rows,
        notes_of(withheld),
        standing.mark(wanted.audience).replace("导出", "打印"),
        "" if wanted.audience.is_masked else "内部资料",
    )
    if wanted.audience.is_masked:
        labels = [column.label for column in columns.shown]
        watch.judge(leaks_in(rows, watch.names, sheet=wanted.title, labels=labels))
    proof = ListProof(0)

    def draw(part: Path) -> None:
        progress.say(_("打印"))
        progress.step(2, _STEPS)
        printer.print_html(compose(table), part, PAPER)

    def check(part: Path) -> None:
        nonlocal proof
        progress.say(_("核对打印结果"))
        progress.step(3, _STEPS)
        proof = check_list(part, table)

    path = write_safely(target, draw, check, private=not wanted.audience.is_masked)
    progress.step(_STEPS, _STEPS)
    return PrintedList(
        path,
        wanted,
        len(keys),
        proof.pages,
        withheld,
        columns.left_out,
        words,
        proof.boxed,
        tuple(leaks),
        override,
    )


def log_given(store: Store, action: str, printed: PrintedList, name: str) -> None:
    """Log that a printed list leaves the program: an "export" to a file, or a "print"; called before it does."""
    log_list(
        store, action, printed.wanted, printed.words, printed.rows, name, printed.leaks, printed.override
    )


def save_printed(
    store: Store, printed: PrintedList, target: Path, password: str | None = None, progress: Progress = SILENT
) -> Path:
    """Save the very file that was looked at, logged before it takes its place; with a password where one is given."""

    def copy(part: Path) -> None:
        progress.step(0, 1)
        part.write_bytes(printed.path.read_bytes())

    return write_sealed(
        target,
        copy,
        release=lambda: log_given(store, "export", printed, target.name),
        lock=lock_for(store, password),
        private=not printed.wanted.audience.is_masked,
    )
