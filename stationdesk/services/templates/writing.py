"""The files of one filling: usually one, several where there are more cards than one may hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import ceil
from pathlib import Path

from sqlalchemy.orm import Session

from stationdesk.core.messages import _
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import Audience
from stationdesk.services.ledgers.period import Periods
from stationdesk.services.release import Override, minor_names, own_numbers
from stationdesk.services.templates.taught import Taught
from stationdesk.sheets.leaks import Leak, Watch, leaks_in
from stationdesk.sheets.locking import Lock, write_sealed
from stationdesk.sheets.template.fill import MOST_CARDS, Filled, Material
from stationdesk.sheets.template.filled import check_any, fill_any
from stationdesk.sheets.template.rules import FormKind, Template


def files_for(template: Template, count: int) -> int:
    """How many files a form takes: cards beyond what one holds go into further ones."""
    return max(1, ceil(count / MOST_CARDS)) if template.kind is FormKind.CARD else 1


@dataclass
class Making:
    """Writes the files of one filling, and keeps what became of them."""

    session: Session
    taught: Taught
    template: Template
    periods: Periods
    audience: Audience
    progress: Progress
    override: Override | None
    lock: Lock | None
    results: list[Filled] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)

    def write_parts(self, material: Material, folder: Path, target: Path, files: int) -> None:
        """Write the cards, so many to a file."""
        entries = iter(material.entries)
        for number in range(1, files + 1):
            count = min(MOST_CARDS, material.count - MOST_CARDS * (number - 1))
            part = replace(material, entries=islice(entries, count), count=count)
            which = _("（第 {number} 个文件，共 {files} 个）").format(number=number, files=files)
            self.write(part, folder / f"{target.stem}-{number}{target.suffix}", which=which)

    def write(
        self,
        material: Material,
        target: Path,
        *,
        beside: bool = False,
        release: Callable[[], None] | None = None,
        which: str = "",
    ) -> Path:
        """Write one file, which is read back before it takes its place."""

        def write(part: Path) -> None:
            self.progress.say(_("正在填写“{name}”").format(name=self.taught.name) + which)
            with part.open("wb") as file:
                self.results.append(fill_any(self.taught.blank, self.template, material, file, self.progress))

        def check(part: Path) -> None:
            self.progress.say(_("正在核对写好的文件") + which)
            check_any(part, self.template, self.results[-1], self.progress)
            if self.audience.is_masked:
                names = minor_names(self.session, self.periods.this.last)
                found = leaks_in(part, names, own=own_numbers(self.session))
                Watch(allowed=_nothing if self.override is not None else None).judge(found)
                self.leaks.extend(found)

        return write_sealed(
            target,
            write,
            check,
            release=release,
            lock=self.lock,
            beside=beside,
            private=not self.audience.is_masked,
        )


def _nothing(_leaks: Sequence[Leak]) -> None:
    """Somebody answers for what was found; it is logged with the export."""


__all__ = ["MOST_CARDS", "Making", "files_for"]
