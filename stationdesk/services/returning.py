"""A sheet that was drawn on comes back: its photo is found, laid flat, and put under the map at its place.

back = prepare(store, path)          # found, straightened, cut into tiles; beside other work
keep(store, back)                    # the base map and the note on the sheet, in one step

What comes back is a base map by pins like any other: it is hidden, moved and removed where the others are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import private_folder
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.db.base import values_of
from stationdesk.db.models import FieldSheet
from stationdesk.db.writing import Work
from stationdesk.maps.basemaps.pins import Pin
from stationdesk.maps.basemaps.scans import ByPins
from stationdesk.maps.returning.finding import find_sheet, open_picture
from stationdesk.maps.returning.frame import FieldFrame
from stationdesk.maps.returning.straighten import cut_out, perspective_of
from stationdesk.services import pinning
from stationdesk.services.field_sheets import RETURNED_SUFFIX
from stationdesk.services.store import Store

ENDINGS = pinning.ENDINGS


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet found in a photo, ready to be put under the map.

    `error` is by how many metres of ground its marks disagree with flat paper; `seen` how many of the four were found.
    """

    sheet: Key
    number: str
    title: str
    error: float
    seen: int
    again: bool
    prepared: pinning.Prepared


def prepare(store: Store, path: Path, progress: Progress = SILENT) -> Returned:
    """Find the sheet in a photo and cut its map into tiles; nothing is on record yet.

    Raises:
        UserError: no sheet of this station is seen in it, or not well enough; the sentence says what to do.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    progress.say(_("在照片里找角标"))
    picture = open_picture(path)
    found = find_sheet(picture, path.name, progress)
    with store.reading() as session:
        row = session.scalars(select(FieldSheet).where(FieldSheet.number == found.number)).first()
    if row is None:
        raise UserError(
            "照片里是走访图 {number}，本站没有这个图号。请看看是不是别的社工站的图，或者打印记录已经删除。",
            number=found.number,
        )
    try:
        frame = FieldFrame.of_json(row.frame)
    except ValueError as trouble:
        raise UserError("走访图 {number} 的图廓读不出来，放不到地图上。", number=row.number) from trouble
    perspective = perspective_of(found, frame.marks)
    progress.say(_("把照片摆正"))
    flat = cut_out(picture, perspective, frame.area)
    pins = tuple(
        Pin(across * flat.width, down * flat.height, lat, lon) for across, down, lat, lon in frame.pins()
    )
    name = f"{row.number} {row.title}"
    store.folder.maps.mkdir(exist_ok=True)
    # Not in the computer's own folder for such files: the sheet may show who lives where.
    with private_folder(store.folder.root) as folder:
        straight = folder / f"{row.number}{RETURNED_SUFFIX}"
        flat.save(straight, "JPEG", quality=90)  # fresh pixels: nothing that the phone wrote beside them
        recipe = ByPins(pins, PinMethod.AFFINE)
        prepared = pinning.prepare(store, straight, recipe, name=name, progress=progress)
    error = perspective.error * frame.n / 1000
    again = row.basemap_key is not None
    return Returned(row.key, row.number, row.title, error, len(found.marks), again, prepared)


def keep(store: Store, back: Returned) -> ChangeSet:
    """Put the sheet under the map and note that it came back, in one step.

    Raises:
        UserError: the record of the sheet is gone meanwhile.
    """

    def note(work: Work, key: Key) -> Sequence[Change]:
        row = work.session.get(FieldSheet, back.sheet)
        if row is None:
            raise UserError("走访图 {number} 的记录已经删除了，没有收回。", number=back.number)
        after = {"basemap_key": key, "returned_on": work.today}
        change = changed("field_sheet", row.key, values_of(row), after)
        return [] if change is None else [change]

    return pinning.keep(store, back.prepared, note)


def bring_back(store: Store, path: Path, progress: Progress = SILENT) -> tuple[Returned, ChangeSet]:
    """`prepare` and `keep` in one."""
    back = prepare(store, path, progress)
    return back, keep(store, back)
