"""What is on the screen map: plain values in, one compact JSON document for the page out.

The document names no key of any record: the page knows what it draws by running numbers (`Slots`), and the
program alone knows which record a number stands for. Places travel by columns, positions as differences of whole
millionths of a degree (0.1 m), which keeps a place at some 50 bytes. One edit travels as a `MapPatch`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stationdesk.core.datum import from_wgs84, to_wgs84
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab import BasemapKind, Datum
from stationdesk.maps.symbols import Symbol

FEATURE = "feature"
"""The record of own drawn roads, rivers, areas and places."""

MICRO = 1_000_000
_AIR = 0.002
"""Degrees by which the corners of a map may lie beside the middles of its edges in another datum."""

Geometry = Mapping[str, Any]
"""A GeoJSON geometry (RFC 7946), WGS-84."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What can be shown and hidden as one. Areas of an `outline` layer lie inside others and are not filled.

    Areas of a `walked` layer are squares of ground and the tracks that led through them: a breath of colour over the
    map, under the mouse only where somebody walked.
    """

    code: str
    label: str
    shown: bool = True
    outline: bool = False
    walked: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One kind of place: a line of the legend. `small` marks are drawn without their letter until one is near.

    `hollow` marks are drawn as a dashed outline: what they stand for is not settled. `label` stands in the legend in
    place of the symbol's own.
    """

    code: str
    layer: str
    symbol: Symbol
    small: bool = False
    hollow: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A record that stands at one point (degrees, WGS-84); `mark` is the code of a `Mark`.

    One without a number is a landmark (the station, a village): its title is written beside it at every zoom.
    """

    record: str
    key: Key
    lat: float
    lon: float
    mark: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class MapArea:
    """A village or a group with its outline (Polygon or MultiPolygon); the layer says which of the two.

    A walk is a GeometryCollection of the squares it went through and of its tracks.
    """

    record: str
    key: Key
    layer: str
    title: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Stroke:
    """One kind of own drawing: how it is drawn is the page's business, `geometry` says what it consists of."""

    code: str
    label: str
    geometry: str  # "LineString", "Polygon" or "Point"


@dataclass(frozen=True, slots=True)
class MapFeature:
    """Something the station drew itself; `kind` is the code of a `Stroke`."""

    key: Key
    kind: str
    title: str
    geometry: Geometry
    record: str = FEATURE


@dataclass(frozen=True, slots=True)
class MapBase:
    """A map that lies under the marks. `extent` is west, south, east, north in degrees of its own datum."""

    key: Key
    title: str
    kind: BasemapKind
    path: Path
    datum: Datum
    extent: tuple[float, float, float, float]
    zooms: tuple[int, int]
    attribution: str = ""
    review_number: str = ""
    shown: bool = True


MapObject = MapPlace | MapArea | MapFeature
Name = tuple[str, Key]
"""A record and its key: who something on the map is."""


def name_of(thing: MapObject) -> Name:
    """Who it is."""
    return (thing.record, thing.key)


@dataclass(frozen=True, slots=True)
class MapPatch:
    """One edit: what is added or replaced, and what is taken away."""

    put: tuple[MapObject, ...] = ()
    gone: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class MapDocument:
    """Everything on the map. `unplaced` counts records without a position, which the count names as well."""

    layers: tuple[Layer, ...]
    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...] = ()
    places: tuple[MapPlace, ...] = ()
    areas: tuple[MapArea, ...] = ()
    features: tuple[MapFeature, ...] = ()
    feature_layer: str = ""
    unplaced: int = 0
    bases: tuple[MapBase, ...] = ()
    """The topmost first."""

    @property
    def datum(self) -> Datum:
        """The datum in which everything is drawn: that of the topmost tiles that are shown."""
        return next((base.datum for base in self.bases if base.shown and not base.kind.is_ours), Datum.WGS84)

    @property
    def objects(self) -> tuple[MapObject, ...]:
        """All that has a running number, in the order in which they are numbered."""
        return (*self.places, *self.areas, *self.features)

    def patched(self, patch: MapPatch) -> MapDocument:
        """The document after an edit, for a page that starts anew."""
        kept = {name_of(thing): thing for thing in self.objects}
        for name in patch.gone:
            kept.pop(name, None)
        kept.update((name_of(thing), thing) for thing in patch.put)
        return replace(
            self,
            places=tuple(thing for thing in kept.values() if isinstance(thing, MapPlace)),
            areas=tuple(thing for thing in kept.values() if isinstance(thing, MapArea)),
            features=tuple(thing for thing in kept.values() if isinstance(thing, MapFeature)),
        )


class Slots:
    """Which record a running number on the page stands for. Numbers are never used twice for one document."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self._names: list[Name | None] = []
        self._slots: dict[Name, int] = {}
        for name in names:
            self.take(name)

    def take(self, name: Name) -> int:
        """The number of a record, a new one if it has none."""
        if name not in self._slots:
            self._slots[name] = len(self._names)
            self._names.append(name)
        return self._slots[name]

    def release(self, name: Name) -> int | None:
        """Forget a record; the number it had, or None."""
        slot = self._slots.pop(name, None)
        if slot is not None:
            self._names[slot] = None
        return slot

    def slot(self, name: Name) -> int | None:
        """The number of a record, or None when it is not on the map."""
        return self._slots.get(name)

    def name(self, slot: int) -> Name | None:
        """The record of a number, or None for a number that stands for nothing."""
        return self._names[slot] if 0 <= slot < len(self._names) else None


def document_json(
    document: MapDocument,
    texts: Mapping[str, str],
    datum: Datum = Datum.WGS84,
    bases: Mapping[Key, int] | None = None,
) -> bytes:
    """The document as the page reads it, in UTF-8; running numbers follow `MapDocument.objects`.

    `texts` are the words of the page's own panels, translated. Positions are given in `datum`, that of the tiles
    under them. `bases` numbers the base maps, whose tiles are asked for by these numbers.
    """
    layers = [layer.code for layer in document.layers]
    marks = [mark.code for mark in document.marks]
    return _json(
        {
            "texts": dict(texts),
            "layers": [
                {"label": layer.label, "on": layer.shown, "outline": layer.outline, "walked": layer.walked}
                for layer in document.layers
            ],
            "marks": [_mark(mark, layers) for mark in document.marks],
            "strokes": _strokes(document.strokes),
            "places": _columns(document.places, marks, datum),
            "areas": [_area(area, layers, datum) for area in document.areas],
            "features": [_feature(feature, datum) for feature in document.features],
            "datum": datum.code,
            "bases": [_base(base, (bases or {})[base.key], datum) for base in document.bases],
            "featureLayer": layers.index(document.feature_layer) if document.feature_layer else -1,
            "unplaced": document.unplaced,
        }
    )


def patch_json(
    patch: MapPatch, document: MapDocument, slots: Slots, datum: Datum = Datum.WGS84
) -> dict[str, Any]:
    """The edit as the page reads it; `slots` learns of what is new and forgets what is gone.

    `document` is the one on the page, whose layers and marks are referred to, and `datum` the one it is drawn in.
    """
    layers = [layer.code for layer in document.layers]
    marks = [mark.code for mark in document.marks]
    gone = [slot for name in patch.gone if (slot := slots.release(name)) is not None]
    places: list[MapPlace] = []
    place_slots: list[int] = []
    areas: list[dict[str, Any]] = []
    features: list[dict[str, Any]] = []
    for thing in patch.put:
        slot = slots.take(name_of(thing))
        match thing:
            case MapPlace():
                places.append(thing)
                place_slots.append(slot)
            case MapArea():
                areas.append({"slot": slot, **_area(thing, layers, datum)})
            case MapFeature():
                features.append({"slot": slot, **_feature(thing, datum)})
    return {
        "gone": gone,
        "places": {"slot": place_slots, **_columns(places, marks, datum)},
        "areas": areas,
        "features": features,
    }


def _mark(mark: Mark, layers: list[str]) -> dict[str, Any]:
    symbol = mark.symbol
    return {
        "layer": layers.index(mark.layer),
        "label": mark.label or _(symbol.label),
        "letter": symbol.letter,
        "path": symbol.path,
        "colour": symbol.colour,
        "y": symbol.letter_y,
        "size": symbol.letter_size,
        "small": mark.small,
        "hollow": mark.hollow,
    }


def _strokes(strokes: Sequence[Stroke]) -> dict[str, Any]:
    return {stroke.code: {"label": stroke.label, "geometry": stroke.geometry} for stroke in strokes}


def _columns(places: Sequence[MapPlace], marks: list[str], datum: Datum) -> dict[str, Any]:
    index = {code: number for number, code in enumerate(marks)}
    at = [from_wgs84(place.lat, place.lon, datum) for place in places]
    return {
        "lat": _differences(place.lat for place in at),
        "lon": _differences(place.lon for place in at),
        "mark": [index[place.mark] for place in places],
        "number": [place.number for place in places],
        "title": [place.title for place in places],
    }


def _differences(degrees: Iterable[float]) -> list[int]:
    steps: list[int] = []
    last = 0
    for degree in degrees:
        whole = round(degree * MICRO)
        steps.append(whole - last)
        last = whole
    return steps


def _base(base: MapBase, number: int, datum: Datum) -> dict[str, Any]:
    extent = base.extent
    if base.kind.is_ours and datum is not Datum.WGS84:
        low, high = from_wgs84(extent[1], extent[0], datum), from_wgs84(extent[3], extent[2], datum)
        extent = (low.lon - _AIR, low.lat - _AIR, high.lon + _AIR, high.lat + _AIR)
    return {
        "number": number,
        "label": base.title,
        "vector": base.kind.is_vector,
        # Our own shapes are kept in WGS-84 and served in whatever the map is drawn in.
        "datum": "" if base.kind.is_ours else base.datum.code,
        "extent": list(extent),
        "zooms": list(base.zooms),
        "credit": base.attribution,
        "review": base.review_number,
        "on": base.shown,
    }


def _area(area: MapArea, layers: list[str], datum: Datum) -> dict[str, Any]:
    return {
        "layer": layers.index(area.layer),
        "title": area.title,
        "geometry": moved(area.geometry, datum),
    }


def _feature(feature: MapFeature, datum: Datum) -> dict[str, Any]:
    return {"kind": feature.kind, "title": feature.title, "geometry": moved(feature.geometry, datum)}


def moved(geometry: Geometry, datum: Datum, *, back: bool = False) -> dict[str, Any]:
    """A WGS-84 geometry in `datum`; with `back`, one in `datum` as WGS-84. Rounded to a centimetre if it moves."""
    if datum is Datum.WGS84:
        return dict(geometry)
    shift = to_wgs84 if back else from_wgs84

    def step(part: Any) -> Any:
        if isinstance(part[0], list | tuple):
            return [step(each) for each in part]
        place = shift(part[1], part[0], datum)
        return [round(place.lon, 7), round(place.lat, 7), *part[2:]]

    if "geometries" in geometry:
        return {**geometry, "geometries": [moved(each, datum, back=back) for each in geometry["geometries"]]}
    return {**geometry, "coordinates": step(geometry["coordinates"])}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
