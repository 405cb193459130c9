"""Scans and photos of maps that people pin: looked at, laid, kept as base maps, and pinned anew.

    scan = look(path)                                   # the picture to show; nothing is written
    judge(scan.size, pins)                              # how the pins agree
    keep(store, prepare(store, path, ByPins(pins)))     # files first, beside other work; then one short transaction

The original stays in the folder of maps, the pins in the record: a pin can be moved later, and undo brings back the
former map, whose tiles stay until the worker deletes removed base maps for good.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.changes import Change, ChangeSet, changed, new_key
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind, Datum, MapLevel
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import Basemap, Feature, Resource, Station, Village
from stationdesk.db.writing import Work
from stationdesk.maps.anchors import PIN_SYMBOL
from stationdesk.maps.basemaps import reading, scans
from stationdesk.maps.basemaps.found import Found, plain_name
from stationdesk.maps.basemaps.paced import PACE, Length, Paced, PacedJudgement, judge_paced, place_beside
from stationdesk.maps.basemaps.pinning import FEWEST, FEWEST_BENT, judge
from stationdesk.maps.basemaps.pins import Judgement, Miss, Pin
from stationdesk.maps.basemaps.scans import ByPins, Recipe, Scan, look
from stationdesk.maps.layers import Layer, MapDocument, MapPatch, MapPlace, Mark
from stationdesk.services import sketch
from stationdesk.services.basemaps import file_of, put_on_top
from stationdesk.services.mapping import map_document
from stationdesk.services.pin_lists import lengths_in, pins_in
from stationdesk.services.store import Store

Also = Callable[[Work, Key], Sequence[Change]]

_PIN = "pin"

ENDINGS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp")
"""Pictures that can be pinned."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files of a pinned base map that are written and belong to no record yet."""

    name: str
    tiles: Path
    found: Found
    recipe: Recipe
    scan: Path | None = None
    source_name: str = ""
    key: Key | None = None
    """The base map that is made anew; None for a new one."""

    def discard(self) -> None:
        """Delete the files again."""
        for path in (self.tiles, self.scan):
            if path is not None:
                with contextlib.suppress(OSError):
                    path.unlink()


@dataclass(frozen=True, slots=True)
class PinnedBase:
    """A base map that was pinned, with what it was made of."""

    key: Key
    name: str
    scan: Path
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Something with a place and a name, by which a picture may be pinned."""

    record: str
    key: Key
    title: str
    lat: float
    lon: float


def prepare(
    store: Store, path: Path, recipe: Recipe, *, name: str = "", progress: Progress = SILENT
) -> Prepared:
    """Write the original and the tiles of a new pinned base map; nothing is on record yet, see `keep`.

    Raises:
        UserError: the picture cannot be read, what was told makes no sense, or the disk is full.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    with store.reading() as session:
        recipe = _settled(session, path, recipe)
    key = new_key()
    scan = store.folder.maps / f"{key}{scans.SCAN_SUFFIX}"
    progress.say(_("正在拷贝图片"))
    name = name.strip() or plain_name(None, path.stem)
    scans.keep(path, scan, progress)
    try:
        tiles, found = _cut(store, scan, key, recipe, name, progress)
    except BaseException:
        with contextlib.suppress(OSError):
            scan.unlink()
        raise
    return Prepared(name, tiles, found, recipe, scan, path.name)


def prepare_again(
    store: Store, key: Key, recipe: Recipe, *, name: str = "", progress: Progress = SILENT
) -> Prepared:
    """Write the tiles of a pinned base map anew by other pins, see `keep`.

    Raises:
        UserError: it is gone, its original is, or what was told makes no sense.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    base = pinned(store, key)
    with store.reading() as session:
        recipe = _settled(session, base.scan, recipe, key)
    name = name.strip() or base.name
    tiles, found = _cut(store, base.scan, new_key(), recipe, name, progress)
    return Prepared(name, tiles, found, recipe, key=key)


def keep(store: Store, prepared: Prepared, also: Also | None = None) -> ChangeSet:
    """Put what was prepared on record, as one step. On a refusal its files are deleted.

    `also` tells what else belongs to the step: it is given the work and the key of a new base map.

    Raises:
        UserError: the base map is gone meanwhile, or a sketch is not allowed beside real places.
    """
    try:
        return _keep_again(store, prepared) if prepared.key is not None else _keep_new(store, prepared, also)
    except BaseException:
        prepared.discard()
        raise


def add(
    store: Store, path: Path, recipe: Recipe, *, name: str = "", progress: Progress = SILENT
) -> ChangeSet:
    """`prepare` and `keep` in one."""
    return keep(store, prepare(store, path, recipe, name=name, progress=progress))


def pinned(store: Store, key: Key) -> PinnedBase:
    """A base map that was pinned, to move its pins.

    Raises:
        UserError: it is gone, was not pinned, or its original is missing.
    """
    with store.reading() as session:
        row = session.get(Basemap, key)
    if row is None:
        raise UserError("这张底图已经移除了。")
    if row.scan is None or row.pins is None:
        raise UserError("“{name}”不是钉出来的底图，没有钉点可改。", name=row.name)
    scan = file_of(store, row.scan)
    if scan is None or not scan.is_file():
        raise UserError("“{name}”的原图不在了，不能重新钉。请从原来的图片重新加入。", name=row.name)
    try:
        recipe = scans.recipe_of(row.pins)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UserError("“{name}”的钉点读不出来。请从原来的图片重新加入。", name=row.name) from error
    return PinnedBase(key, row.name, scan, recipe)


def known_places(store: Store) -> tuple[KnownPlace, ...]:
    """What has a name and a place: the station, villages, resources whose address is no secret, drawn places."""
    with store.reading() as session:
        return tuple(sorted(_known(session), key=lambda each: (each.record != "station", each.title)))


def pin_document(store: Store) -> MapDocument:
    """The map beside a picture that is being pinned: all but the households, with room for the pins."""
    whole = map_document(store, MapLevel.RESOURCES)
    return replace(
        whole,
        layers=(*whole.layers, Layer(_PIN, _("钉点"))),
        marks=(*whole.marks, Mark(_PIN, _PIN, PIN_SYMBOL)),
    )


def pin_patch(before: Sequence[Pin], after: Sequence[Pin]) -> MapPatch:
    """What makes the pins on that map the present ones."""
    put = tuple(
        MapPlace(
            _PIN, Key(str(number)), pin.lat, pin.lon, _PIN, "", _("第 {number} 点").format(number=number)
        )
        for number, pin in enumerate(after, 1)
    )
    gone = tuple((_PIN, Key(str(number))) for number in range(len(after) + 1, len(before) + 1))
    return MapPatch(put, gone)


def _cut(
    store: Store, scan: Path, key: Key, recipe: Recipe, name: str, progress: Progress
) -> tuple[Path, Found]:
    tiles = store.folder.maps / f"{key}{reading.suffix_of(BasemapKind.PINNED)}"
    return tiles, scans.write(scan, recipe, name, tiles, progress)


def _settled(session: Session, path: Path, recipe: Recipe, key: Key | None = None) -> Recipe:
    """The recipe as it fits the station: pins of a sketch lie on its plane, a second sketch beside the first."""
    on_sketch = sketch.is_sketch(session)
    if isinstance(recipe, ByPins):
        on_plane = [sketch.lies_on_plane(pin.lat, pin.lon) for pin in recipe.pins]
        if on_sketch and not all(on_plane):
            raise sketch.refusal()
        if not on_sketch and any(on_plane):
            raise UserError("有的钉点没有真实坐标。请给每个钉点一个真实的地方。")
        return recipe
    if key is not None or not on_sketch:
        return recipe
    wide, high = judge_paced(scans.size_of(path), recipe).ground
    rows = session.execute(select(Basemap.west, Basemap.south, Basemap.east, Basemap.north))
    at = place_beside([(row[0], row[1], row[2], row[3]) for row in rows], (wide, high))
    return Paced(recipe.lengths, recipe.pace, recipe.north, at)


def _keep_new(store: Store, prepared: Prepared, also: Also | None) -> ChangeSet:
    found = prepared.found
    with store.writing(_("钉底图 {name}").format(name=prepared.name)) as work:
        if isinstance(prepared.recipe, Paced):
            work.write(sketch.turn_on(work))
        values = {
            **blank(Basemap),
            **_values(store, prepared),
            "name": prepared.name,
            "kind": BasemapKind.PINNED,
            "source_name": prepared.source_name,
            "datum": Datum.WGS84,
            "review_number": found.review_number or None,
            "scan": store.folder.relative(prepared.scan) if prepared.scan is not None else None,
            "shown": True,
        }
        key = new_key()
        put_on_top(work, values, key)
        if also is not None:
            work.write(also(work, key))
        return work.done()


def _keep_again(store: Store, prepared: Prepared) -> ChangeSet:
    with store.writing(_("重新钉底图 {name}").format(name=prepared.name)) as work:
        row = work.session.get(Basemap, prepared.key)
        if row is None:
            raise UserError("这张底图已经移除了。")
        change = changed(
            "basemap", row.key, values_of(row), {**_values(store, prepared), "name": prepared.name}
        )
        if change is not None:
            work.write([change])
        return work.done()


def _values(store: Store, prepared: Prepared) -> dict[str, object]:
    return {
        "file": store.folder.relative(prepared.tiles),
        "pins": scans.recipe_json(prepared.recipe),
        "min_zoom": prepared.found.min_zoom,
        "max_zoom": prepared.found.max_zoom,
        **prepared.found.extent._asdict(),
    }


def _known(session: Session) -> Iterator[KnownPlace]:
    for record, model in (("station", Station), ("village", Village), ("resource", Resource)):
        query = select(model.key, model.name, model.latitude, model.longitude).where(
            model.latitude.is_not(None), model.longitude.is_not(None)
        )
        if model is Resource:
            query = query.where(Resource.confidential.is_(False))
        for row in session.execute(query):
            yield KnownPlace(record, row.key, row.name, row.latitude, row.longitude)
    for feature in session.scalars(select(Feature)):
        if feature.kind.is_point:
            lon, lat = json.loads(feature.geometry)["coordinates"][:2]
            yield KnownPlace("feature", feature.key, feature.name, lat, lon)


__all__ = [
    "ENDINGS",
    "FEWEST",
    "FEWEST_BENT",
    "PACE",
    "ByPins",
    "Judgement",
    "KnownPlace",
    "Length",
    "Miss",
    "Paced",
    "PacedJudgement",
    "Pin",
    "PinMethod",
    "PinnedBase",
    "Prepared",
    "Recipe",
    "Scan",
    "add",
    "judge",
    "judge_paced",
    "keep",
    "known_places",
    "lengths_in",
    "look",
    "pin_document",
    "pin_patch",
    "pinned",
    "pins_in",
    "prepare",
    "prepare_again",
]
