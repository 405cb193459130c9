"""The use case: one workbook with every ledger of a month, checked, logged, and moved into place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from stationdesk.core.clock import Month
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.handed_in import HandedIn, handed_in
from stationdesk.services.ledgers.heads import ANEW, head_of
from stationdesk.services.ledgers.making import LedgerSheet, Maker, wanted_ledgers
from stationdesk.services.ledgers.monthly import Check
from stationdesk.services.ledgers.period import Period, checked_first_day, period_of
from stationdesk.services.ledgers.reading import first_day_of
from stationdesk.services.release import Override, minor_names, note_release
from stationdesk.services.store import Store

if TYPE_CHECKING:
    from stationdesk.sheets.leaks import Leak, Watch
    from stationdesk.sheets.locking import Lock

__all__ = ["AS_IT_IS", "Check", "LedgerReport", "LedgerSheet", "Options", "ledger"]


@dataclass(frozen=True, slots=True)
class Options:
    """What else may be said about a workbook.

    `first_day` starts the month on another day than the station's. `only` names sheets. `anew` writes a closed
    month from the records of today instead of handing out the file that was handed in. `override` answers for
    what the search of a report finds. `lock` puts a password on the file.
    """

    first_day: int | None = None
    only: tuple[str, ...] = ()
    anew: bool = False
    override: Override | None = None
    lock: Lock | None = None


AS_IT_IS = Options()


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The file, its sheets, and the cross-foot checks that are printed in it.

    `handed_in` says that it is the very file that was handed in when the month was closed. `corrections` counts
    what is listed of earlier months.
    """

    path: Path
    sheets: tuple[LedgerSheet, ...]
    checks: tuple[Check, ...]
    handed_in: bool = False
    corrections: int = 0

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold: something was entered without its date."""
        return tuple(check for check in self.checks if not check.holds)


def ledger(
    store: Store,
    month: Month,
    audience: Audience,
    target: Path,
    progress: Progress = SILENT,
    *,
    beside: bool = False,
    options: Options = AS_IT_IS,
) -> LedgerReport:
    """Write the ledgers of a month to one workbook, for the station itself or masked as a report.

    All sheets come from one state of the file. The export is logged before the workbook takes its place. Of a
    closed month it is the file that was handed in, byte for byte, unless it is wanted anew.

    Raises:
        PersonalNumber: a full number or a minor's name stands in a report, and nobody answers for it.
        UserError: the target cannot be written, there is no such sheet or day, or `audience` is the public:
            lists of clients are never put up on a wall.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.sheets.workbook import write_workbook  # keeps openpyxl out of the start

    ledgers = wanted_ledgers(audience, options.only)
    if options.first_day is not None:
        checked_first_day(options.first_day)
    with store.reading() as session:
        closed = handed_in(session, month, audience)
        if closed is not None and not options.anew:
            _refuse_parts(closed, options)
            return _hand_out(store, closed, month, audience, target, beside=beside, lock=options.lock)
        first_day = options.first_day or first_day_of(session)
        maker = Maker(session, month, first_day, audience)
        leaks: list[Leak] = []
        written = write_workbook(
            target,
            head_of(
                session,
                maker.period.label,
                audience,
                filler=store.actor.name,
                today=store.clock.today(),
                more=ANEW if closed is not None else "",
            ),
            maker.sheets(ledgers),
            masked=audience.is_masked,
            beside=beside,
            progress=progress,
            release=lambda: _log(store, month, maker.period, audience, target, leaks, options.override),
            lock=options.lock,
            watch=watch_of(session, maker.period, audience, leaks, options.override),
        )
    return LedgerReport(
        written.path,
        maker.told(ledgers, written.sheets),
        tuple(maker.checks),
        corrections=len(maker.corrections),
    )


def watch_of(
    session: Session, period: Period, audience: Audience, leaks: list[Leak], override: Override | None
) -> Watch:
    """What a report is searched for; with an override, what was found is put into `leaks` and let go."""
    from stationdesk.sheets.leaks import NO_NAMES, Watch

    names = minor_names(session, period.last) if audience.is_masked else NO_NAMES
    return Watch(names, leaks.extend if override is not None else None)


def _refuse_parts(closed: HandedIn, options: Options) -> None:
    if options.only:
        raise UserError(
            "{month}已结账，只能给出整本上报的文件。单独的表请选“按现在的资料重新生成”。",
            month=closed.month.label,
        )
    if (
        options.first_day is not None
        and period_of(closed.month, options.first_day).first != closed.period.first
    ):
        raise UserError(
            "{month}已按 {first} 至 {last} 结账。别的起止日请选“按现在的资料重新生成”。",
            month=closed.month.label,
            first=closed.period.first,
            last=closed.period.last,
        )


def _hand_out(
    store: Store,
    closed: HandedIn,
    month: Month,
    audience: Audience,
    target: Path,
    *,
    beside: bool,
    lock: Lock | None,
) -> LedgerReport:
    from stationdesk.sheets.locking import write_sealed

    def write(part: Path) -> None:
        part.write_bytes(closed.content)

    path = write_sealed(
        target,
        write,
        release=lambda: _log(store, month, closed.period, audience, target, (), None),
        lock=lock,
        beside=beside,
        private=not audience.is_masked,
    )
    return LedgerReport(path, closed.sheets, closed.checks, handed_in=True)


def _log(
    store: Store,
    month: Month,
    period: Period,
    audience: Audience,
    target: Path,
    leaks: Sequence[Leak],
    override: Override | None,
) -> None:
    sentence = _("导出 {period} 台账（{audience}）到“{name}”").format(
        period=period.label, audience=_(audience.label), name=target.name
    )
    with store.writing(sentence) as work:
        work.note("export", "ledger", (str(month),), sentence)
        if leaks and override is not None:
            note_release(work, "ledger", sentence, leaks, override)
