"""A picture pinned to the map by hand: its pins, where it lies by them, and what is said of how they agree.

Ground is reckoned in metres on a plane around the pins (transverse Mercator), so that errors are metres.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from stationdesk.core.messages import _
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.maps.basemaps import fitting
from stationdesk.maps.basemaps.fitting import Fit, Points
from stationdesk.maps.basemaps.frames import Frame

_WINDS = ("东", "东北", "北", "西北", "西", "西南", "南", "东南")


@dataclass(frozen=True, slots=True)
class Pin:
    """A pixel of a picture (column, row from its upper left corner) and its place, WGS-84."""

    x: float
    y: float
    lat: float
    lon: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A picture laid over the ground: `there` leads from (column, -row) to metres of the plane, `back` back."""

    size: tuple[int, int]
    plane: Frame
    there: Fit
    back: Fit

    def degrees(self, column: float, row: float) -> tuple[float, float]:
        """The (lat, lon) of a pixel."""
        ((x, y),) = self.there(fitting.points([(column, -row)])).tolist()
        lons, lats = self.plane.to_degrees([x], [y])
        return lats[0], lons[0]

    def pixels(self, places: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """The (column, row) of places (lat, lon)."""
        return [(x, -y) for x, y in self.back(ground_of(self.plane, places)).tolist()]


@dataclass(frozen=True, slots=True)
class Miss:
    """How far a pin lies from where the others put it: metres east and north of the place it was given.

    `column` and `row` say where in the picture the others would have its place.
    """

    number: int
    name: str
    east: float
    north: float
    column: float
    row: float

    @property
    def metres(self) -> float:
        """How far."""
        return math.hypot(self.east, self.north)

    @property
    def wind(self) -> str:
        """Whither, in words."""
        return _(_WINDS[round(math.atan2(self.north, self.east) / (math.pi / 4)) % 8])

    @property
    def sentence(self) -> str:
        """What the worker is told."""
        called = _("（{name}）").format(name=self.name) if self.name else ""
        return _(
            "请移动这一点：第 {number} 点{called}差 {metres:,.0f} 米。"
            "按其余的点，它的地方应往{wind}移；也可能是在图上点错了。"
        ).format(number=self.number, called=called, metres=self.metres, wind=self.wind)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How pins agree. `errors` are what the fit leaves at each, `misses` how far each lies from what the others say.

    Misses are None where too few others are left. `ground` is the width and height of the picture in metres.
    """

    method: PinMethod
    pinned: Pinned
    errors: tuple[float, ...]
    misses: tuple[Miss | None, ...]
    wrong: Miss | None
    ground: tuple[float, float]
    remarks: tuple[str, ...]

    @property
    def typical(self) -> float | None:
        """The error in metres to be expected between the pins (median of the misses); None for three pins."""
        told = [miss.metres for miss in self.misses if miss is not None]
        return median(told) if told else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the worker is told, the most important first."""
        wide, high = self.ground
        told = [self.wrong.sentence] if self.wrong is not None else []
        told.extend(self.remarks)
        words = _("图宽约 {wide:,.0f} 米，高约 {high:,.0f} 米").format(wide=wide, high=high)
        if self.typical is not None:
            words += _("；{method}，点与点之间大约差 {metres:,.1f} 米").format(
                method=_(self.method.label), metres=self.typical
            )
        told.append(_("{words}。").format(words=words))
        return tuple(told)


def plane_at(lat: float, lon: float) -> Frame:
    """A plane in metres around a place; true to a millimetre in 10 km."""
    # Rounded, so that pins that are moved about do not make a plane each.
    return Frame(f"+proj=tmerc +lat_0={lat:.1f} +lon_0={lon:.1f} +k=1 +ellps=WGS84 +units=m +type=crs")


def ground_of(plane: Frame, places: Sequence[tuple[float, float]]) -> Points:
    """Places (lat, lon) in metres of the plane."""
    xs, ys = plane.from_degrees([lon for _lat, lon in places], [lat for lat, _lon in places])
    return np.column_stack((xs, ys))
