"""走访图: sheets that are printed to be drawn on, each with its number, and kept until they come back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from stationdesk.core.changes import created
from stationdesk.core.datum import from_local_xy, local_xy
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.files import write_safely
from stationdesk.core.messages import _
from stationdesk.core.printing import MAP_PAPERS, Paper, Printer
from stationdesk.core.progress import SILENT, Progress
from stationdesk.db.base import blank
from stationdesk.db.models import Basemap, Feature, FieldSheet, Station, Village, VillageGroup
from stationdesk.maps.sheet.spec import Entry, Extent, SheetSpec
from stationdesk.services.handout_specs import HandoutOrder, spec_with
from stationdesk.services.numbers import next_number
from stationdesk.services.publishing import published
from stationdesk.services.store import Store

FIELD_PAPERS = (*MAP_PAPERS, Paper.A5)
"""What a sheet is printed on: half a page lies on a clipboard and shows one group."""

RETURNED_SUFFIX = ".jpg"
"""A sheet that came back is kept as a picture of this name: its number and this."""
_SIGN = "Z"
_LEAST = 400.0
"""Metres from the middle of the map to its edge that it shows at least: less is a courtyard, not a walk."""
_AIR = 0.06
_STEPS = 3


@dataclass(frozen=True, slots=True)
class PrintedFieldSheet:
    """A sheet that was printed: its number for life, where the file is, 1 : `scale`."""

    number: str
    path: Path
    pages: int
    scale: int


@dataclass(frozen=True, slots=True)
class FieldSheetLine:
    """A sheet on record."""

    key: Key
    number: str
    title: str
    made_on: date
    returned_on: date | None


def print_field_sheet(
    store: Store,
    target: Path,
    order: HandoutOrder,
    printer: Printer,
    progress: Progress = SILENT,
    *,
    checklist: bool = True,
    beside: bool = False,
) -> PrintedFieldSheet:
    """Print a sheet to draw on to a PDF file; of the order its area, its paper and its colours are taken.

    It shows what may be given out and nothing of anybody served: sheets are left lying about in the villages. A number
    is given before it is printed, and is not given again.

    Raises:
        UserError: no place of the area is known, or the file could not be printed.
        Cancelled: by `progress`; the target is as it was.
    """
    from stationdesk.maps.sheet.field_sheet import compose_field_sheet
    from stationdesk.maps.sheet.proof import Unreadable, read_proof

    progress.say(_("排走访图"))
    progress.step(0, _STEPS)
    with store.reading() as session:
        spec = _spec(session, order, store.clock.today())
    with store.writing(_("取走访图图号")) as work:
        number = next_number(work, "field_sheet", _SIGN)
        work.done()
    paper = compose_field_sheet(spec, number, checklist=checklist)
    progress.say(_("打印"))
    progress.step(1, _STEPS)

    def draw(part: Path) -> None:
        printer.print_html(paper.html, part, order.setup)

    def check(part: Path) -> None:
        progress.step(2, _STEPS)
        try:
            pages = read_proof(part)
        except Unreadable as trouble:
            raise UserError("打印出来的文件读不出来，没有保存。请再试一次。") from trouble
        if len(pages) != paper.pages or any(number not in page.text for page in pages):
            raise UserError("走访图没有印全，没有保存。请再试一次。")
        with store.writing(_("打印走访图 {number}").format(number=number)) as work:
            values = {
                **blank(FieldSheet),
                "number": number,
                "title": spec.subtitle or spec.title,
                "made_on": store.clock.today(),
                "village_key": order.area,
                "frame": paper.frame.as_json(),
            }
            work.write([created("field_sheet", values)])
            work.done()

    path = write_safely(target, draw, check, beside=beside)
    progress.step(_STEPS, _STEPS)
    return PrintedFieldSheet(number, path, paper.pages, paper.frame.n)


def field_sheets(store: Store) -> tuple[FieldSheetLine, ...]:
    """The sheets on record, the newest first."""
    with store.reading() as session:
        rows = session.scalars(select(FieldSheet).order_by(FieldSheet.number.desc())).all()
        return tuple(
            FieldSheetLine(row.key, row.number, row.title, row.made_on, row.returned_on) for row in rows
        )


def returned_bases(session: Session) -> frozenset[Key]:
    """The base maps that are sheets which came back, each of its photos: what a pen wrote there may name a household.

    They are there to be traced, and stand on nothing that is printed.
    """
    of_a_sheet = or_(
        Basemap.key == FieldSheet.basemap_key, Basemap.source_name == FieldSheet.number + RETURNED_SUFFIX
    )
    return frozenset(session.scalars(select(Basemap.key).join(FieldSheet, of_a_sheet)))


def _spec(session: Session, order: HandoutOrder, today: date) -> SheetSpec:
    spec = spec_with(session, order, today, _entries(session, order, today))
    extent = _extent(session, order.area, spec.entries)
    town = session.scalars(select(Station.town)).first() or ""
    return replace(spec, title="走访图", subtitle=spec.subtitle or town, extent=extent)


def _entries(session: Session, order: HandoutOrder, today: date) -> tuple[Entry, ...]:
    """What is known already and may be printed; a new station has nothing yet, and walks for that very reason."""
    try:
        return published(session, today, order.area).entries
    except UserError:
        return ()


def _extent(session: Session, area: Key | None, entries: tuple[Entry, ...]) -> Extent:
    """The ground to show: what lies in the area, with some air, and never less than a walk."""
    places = [*_known(session, area)]
    places += [(entry.lat, entry.lon) for entry in entries if entry.lat is not None and entry.lon is not None]
    if not places:
        raise UserError(
            "还不知道这里在哪儿：请先在地图上标出村居的位置，或加入一张底图、画一条主路，再打印走访图。"
        )
    lats, lons = [lat for lat, _lon in places], [lon for _lat, lon in places]
    middle = ((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2)
    east, north = local_xy((max(lats), max(lons)), middle)
    east, north = max(east * (1 + _AIR), _LEAST), max(north * (1 + _AIR), _LEAST)
    high = from_local_xy(east, north, middle)
    low = from_local_xy(-east, -north, middle)
    return low.lon, low.lat, high.lon, high.lat


def _known(session: Session, area: Key | None) -> Iterator[tuple[float, float]]:
    villages = select(Village.latitude, Village.longitude).where(Village.latitude.is_not(None))
    groups = select(VillageGroup.boundary).where(VillageGroup.boundary.is_not(None))
    if area is not None:
        villages = villages.where(Village.key == area)
        groups = groups.where(VillageGroup.village_key == area)
    for row in session.execute(villages):
        yield row.latitude, row.longitude
    for boundary in session.scalars(groups):
        yield from _spots(json.loads(boundary or "null"))
    if area is None:
        for (geometry,) in session.execute(select(Feature.geometry)):
            yield from _spots(json.loads(geometry))


def _spots(geometry: Mapping[str, Any] | None) -> Iterator[tuple[float, float]]:
    parts: list[Any] = [geometry["coordinates"]] if geometry else []
    while parts:
        part = parts.pop()
        if part and isinstance(part[0], int | float):
            yield float(part[1]), float(part[0])
        else:
            parts.extend(part)
