"""What 发放地图 does off the window's thread, and what its files are called."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stationdesk.core.changes import ChangeSet
from stationdesk.core.clock import Month
from stationdesk.core.fields import Key
from stationdesk.core.files import write_safely
from stationdesk.core.naming import file_name
from stationdesk.core.progress import Progress
from stationdesk.core.vocab import MapLevel, SheetForm
from stationdesk.services.giving import give_out
from stationdesk.services.listing import pick
from stationdesk.services.stations import profile_of
from stationdesk.services.store import Store
from stationdesk.ui.dialogs.handout_answers import Answers, Ask
from stationdesk.ui.dialogs.handout_makers import Made, Wanted, make

_MOST_VILLAGES = 2_000


@dataclass(frozen=True, slots=True)
class SheetName:
    """What a sheet's file is called: the town, the village or nothing, the answers, and which of them were asked."""

    town: str
    area: str
    answers: Answers
    asks: frozenset[Ask]

    def on(self, day: date, *, draft: bool) -> str:
        """The name of a file that is made on a day."""
        given = self.answers
        paper, folded = given.book
        parts = {
            Ask.LEVEL: "逐户内部" if given.level is MapLevel.EXACT else "按村内部",
            Ask.PAPER: given.paper.value,
            Ask.WAY: "横向" if given.landscape else "纵向",
            Ask.PAGES: "两页" if given.form is SheetForm.TWO_PAGES else "",
            Ask.SHEETS: f"{given.sheets[0]}×{given.sheets[1]}张",
            Ask.BOOK: f"{paper.value}{'小册子' if folded else ''}",
        }
        told = "".join(words for ask, words in parts.items() if ask in self.asks)
        more = f"{self.area}{told}{'草稿' if draft else ''}"
        return file_name(self.town, given.kind.label, str(Month.of(day)), None, ".pdf", more=more)


def places_of(store: Store) -> tuple[tuple[tuple[Key, str], ...], str]:
    """The villages to choose from, and the name of the town."""
    found = sorted((each.title, each.key) for each in pick(store, "village", "", _MOST_VILLAGES))
    return tuple((key, title) for title, key in found), profile_of(store).town


def made_of(wanted: Wanted, store: Store, *, progress: Progress) -> Made:
    """The sheet that is wanted."""
    return make(store, wanted, progress)


def save_made(made: Made, target: Path, store: Store, *, progress: Progress) -> ChangeSet:
    """Save the very file that was looked at; it is logged and kept as an edition before it takes its place."""
    progress.step(0, 1)
    changes: list[ChangeSet] = []

    def copy(part: Path) -> None:
        shutil.copyfile(made.path, part)

    def release(_part: Path) -> None:
        changes.append(give_out(store, "export", made.given, target.name))

    write_safely(target, copy, release)
    progress.step(1, 1)
    return changes[0]
