"""A sketch becomes a real map: everything on it is moved at once when three real coordinates are known.

Sheets that were printed from the sketch to be drawn on (走访图) and are still out cannot be laid afterwards: their
frames know only the plane of the sketch.

    move = judge_move(anchors)                       # how well they agree; refuses what makes no sense
    keep(store, prepare(store, move, progress))      # base maps are cut anew first; then one step, one undo
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed, new_key
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.progress import SILENT, Progress
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.db.base import values_of
from stationdesk.db.models import (
    Basemap,
    Feature,
    Household,
    Resource,
    Station,
    Village,
    VillageGroup,
)
from stationdesk.db.writing import Work
from stationdesk.maps.basemaps import reading, scans
from stationdesk.maps.basemaps.found import Found
from stationdesk.maps.basemaps.moving import FEWEST, Anchor, Move, judge_move
from stationdesk.maps.basemaps.pins import Pin
from stationdesk.maps.basemaps.scans import ByPins, Recipe
from stationdesk.services import sketch
from stationdesk.services.basemaps import file_of
from stationdesk.services.store import Store


@dataclass(frozen=True, slots=True)
class _Recut:
    """A base map as it will be."""

    key: Key
    tiles: Path
    recipe: Recipe
    found: Found


@dataclass(frozen=True, slots=True)
class MovePlan:
    """A move whose base maps are cut and belong to no record yet."""

    move: Move
    bases: tuple[_Recut, ...]

    def discard(self) -> None:
        """Delete the files again."""
        for each in self.bases:
            with contextlib.suppress(OSError):
                each.tiles.unlink()


def prepare(store: Store, move: Move, progress: Progress = SILENT) -> MovePlan:
    """Cut the base maps of the sketch as they will really lie; nothing is on record yet, see `keep`.

    Raises:
        UserError: the station does not work on a sketch, or an original is gone.
        Cancelled: the worker stopped it; nothing is left behind.
    """
    with store.reading() as session:
        if not sketch.is_sketch(session):
            raise _no_sketch()
        rows = session.scalars(select(Basemap)).all()
    made: list[_Recut] = []
    try:
        made.extend(_recut(store, row, move, progress) for row in rows)
    except BaseException:
        MovePlan(move, tuple(made)).discard()
        raise
    return MovePlan(move, tuple(made))


def keep(store: Store, plan: MovePlan) -> ChangeSet:
    """Move all places, drawings and base maps, and work with real coordinates from then on: one step, one undo.

    Raises:
        UserError: the station does not work on a sketch any more, or a base map came or went meanwhile.
    """
    try:
        return _keep(store, plan)
    except BaseException:
        plan.discard()
        raise


def _keep(store: Store, plan: MovePlan) -> ChangeSet:
    with store.writing(_("示意图换成真实坐标")) as work:
        station = work.session.scalars(select(Station)).one()
        if not station.sketch:
            raise _no_sketch()
        changes = [
            *_places(work, plan.move),
            *_shapes(work, plan.move),
            *_bases(work, store, plan),
            _told(station, plan.move),
        ]
        work.write(changes)
        return work.done()


def _no_sketch() -> UserError:
    return UserError("本站用的已经是真实坐标，不是示意图，没有改动。")


def _recut(store: Store, row: Basemap, move: Move, progress: Progress) -> _Recut:
    scan = file_of(store, row.scan) if row.scan is not None else None
    if scan is None or not scan.is_file() or row.pins is None:
        raise UserError(
            "底图“{name}”的原图不在了，不能换过去。请先移除这张底图，换好以后再钉一次。", name=row.name
        )
    recipe = _moved(scans.recipe_of(row.pins), scan, move)
    tiles = store.folder.maps / f"{new_key()}{reading.suffix_of(BasemapKind.PINNED)}"
    return _Recut(row.key, tiles, recipe, scans.write(scan, recipe, row.name, tiles, progress))


def _moved(recipe: Recipe, scan: Path, move: Move) -> Recipe:
    """The pins of a base map where they really are; one that was laid by lengths is pinned at its corners."""
    if isinstance(recipe, ByPins):
        at = move.places([(pin.lat, pin.lon) for pin in recipe.pins])
        pins = [
            Pin(pin.x, pin.y, lat, lon, pin.name) for pin, (lat, lon) in zip(recipe.pins, at, strict=True)
        ]
        return ByPins(tuple(pins), recipe.method)
    width, height = scans.size_of(scan)
    corners = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    laid = scans.laid_by((width, height), recipe)
    at = move.places([laid.degrees(x, y) for x, y in corners])
    return ByPins(
        tuple(Pin(x, y, lat, lon) for (x, y), (lat, lon) in zip(corners, at, strict=True)), PinMethod.AFFINE
    )


def _located(values: Mapping[str, Any], move: Move) -> dict[str, Any]:
    ((lat, lon),) = move.places([(values["latitude"], values["longitude"])])
    return {
        "latitude": round(lat, 7),
        "longitude": round(lon, 7),
        "place_datum": Datum.WGS84,
        "place_text": f"{lat:.7f}, {lon:.7f}",
    }


def _places(work: Work, move: Move) -> Iterator[Change]:
    for record, model in (("village", Village), ("resource", Resource), ("household", Household)):
        rows = work.session.scalars(
            select(model).where(model.latitude.is_not(None), model.longitude.is_not(None))
        )
        for row in rows:
            values = values_of(row)
            change = changed(record, row.key, values, _located(values, move))
            if change is not None:
                yield change


def _shapes(work: Work, move: Move) -> Iterator[Change]:
    for feature in work.session.scalars(select(Feature)):
        shape = {"geometry": _geometry(feature.geometry, move)}
        change = changed("feature", feature.key, values_of(feature), shape)
        if change is not None:
            yield change
    for group in work.session.scalars(select(VillageGroup).where(VillageGroup.boundary.is_not(None))):
        shape = {"boundary": _geometry(group.boundary or "", move)}
        change = changed("village_group", group.key, values_of(group), shape)
        if change is not None:
            yield change


def _geometry(text: str, move: Move) -> str:
    told = json.loads(text)

    def step(part: Any) -> Any:
        if isinstance(part[0], list):
            return [step(each) for each in part]
        ((lat, lon),) = move.places([(part[1], part[0])])
        return [round(lon, 7), round(lat, 7), *part[2:]]

    return json.dumps({**told, "coordinates": step(told["coordinates"])}, separators=(",", ":"))


def _bases(work: Work, store: Store, plan: MovePlan) -> Iterator[Change]:
    rows = {row.key: row for row in work.session.scalars(select(Basemap))}
    if set(rows) != {each.key for each in plan.bases}:
        raise UserError("底图刚才有变动，没有换。请再试一次。")
    for each in plan.bases:
        values = {
            "file": store.folder.relative(each.tiles),
            "pins": scans.recipe_json(each.recipe),
            "min_zoom": each.found.min_zoom,
            "max_zoom": each.found.max_zoom,
            **each.found.extent._asdict(),
        }
        change = changed("basemap", each.key, values_of(rows[each.key]), values)
        if change is not None:
            yield change


def _told(station: Station, move: Move) -> Change:
    before = values_of(station)
    after: dict[str, Any] = {"sketch": False}
    if station.latitude is not None and station.longitude is not None:
        after |= _located(before, move)
    change = changed("station", station.key, before, after)
    assert change is not None  # noqa: S101 - it worked on a sketch
    return change


__all__ = ["FEWEST", "Anchor", "Move", "MovePlan", "judge_move", "keep", "prepare"]
