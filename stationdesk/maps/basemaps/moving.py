"""From the plane of a sketch to the earth, by places of which both positions are known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.maps.basemaps import fitting
from stationdesk.maps.basemaps.fitting import Affine, Points
from stationdesk.maps.basemaps.frames import Frame
from stationdesk.maps.basemaps.pins import ground_of, plane_at

FEWEST = 3
_FEWEST_SHEARED = 5
_FEWEST_TOLD = 4
_BETTER = 0.6  # what shearing makes of the error at most, to be worth it
_CLEAR = 0.35
_LEAST_MISS = 10.0  # metres
_SAME_PLACE = 1.0
_MIRRORED = 0.3  # the part of the error that is left when the sketch is turned over
_UNLIKELY = 4.0  # times longer or shorter than paced


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place of the sketch (lat, lon on its plane) and where it really is (WGS-84)."""

    lat: float
    lon: float
    real_lat: float
    real_lon: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """How a sketch is moved. `misses`: metres by which each anchor lies off what the others say."""

    here: Frame
    there: Frame
    fit: Affine
    sheared: bool
    errors: tuple[float, ...]
    misses: tuple[float | None, ...]
    wrong: int | None
    times: float
    turned: float
    names: tuple[str, ...]

    def places(self, given: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Where places of the sketch (lat, lon) really are."""
        if not given:
            return []
        moved = self.fit(ground_of(self.here, given))
        lons, lats = self.there.to_degrees(moved[:, 0].tolist(), moved[:, 1].tolist())
        return list(zip(lats, lons, strict=True))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the worker is told, the most important first."""
        told = []
        if self.wrong is not None:
            told.append(
                _(
                    "请检查“{name}”：按其余的点，它差 {metres:,.0f} 米。可能坐标抄错，或示意图上放错了。"
                ).format(name=self.names[self.wrong], metres=self.misses[self.wrong] or 0.0)
            )
        if not 1 / _UNLIKELY < self.times < _UNLIKELY:
            told.append(_("真实距离是量的 {times:.1f} 倍，差得太多：请检查坐标。").format(times=self.times))
        told.append(
            _(
                "整张图放大到 {times:.2f} 倍，转 {turn:.0f} 度；{count} 处对照点平均差 {metres:,.0f} 米。"
            ).format(
                times=self.times,
                turn=self.turned,
                count=len(self.errors),
                metres=math.sqrt(sum(each**2 for each in self.errors) / len(self.errors)),
            )
        )
        return tuple(told)


def judge_move(anchors: Sequence[Anchor]) -> Move:
    """How anchors move a sketch: turned and scaled as a whole; sheared too where five or more say that it is better.

    Raises:
        UserError: too few of them, in a heap or a line, or such that the sketch would be turned over.
    """
    if len(anchors) < FEWEST:
        raise UserError("至少要三处地方的真实坐标，现在有 {count} 处。", count=len(anchors))
    here = plane_at(0.0, 0.0)
    count = len(anchors)
    there = plane_at(
        sum(each.real_lat for each in anchors) / count, sum(each.real_lon for each in anchors) / count
    )
    source = ground_of(here, [(each.lat, each.lon) for each in anchors])
    target = ground_of(there, [(each.real_lat, each.real_lon) for each in anchors])
    _refuse_heaps(anchors, source, target)
    _refuse_mirror(source, target)
    sheared = _is_better_sheared(source, target)
    fit = fitting.affine(source, target) if sheared else fitting.similarity(source, target)
    misses = _misses(source, target, sheared=sheared)
    large, small = fit.scales
    turned = math.degrees(math.atan2(fit.matrix[0][1], fit.matrix[0][0]))
    return Move(
        here,
        there,
        fit,
        sheared,
        tuple(float(each) for each in fitting.lengths(fit(source) - target)),
        misses,
        _wrong(source, target, misses),
        math.sqrt(large * small),
        turned,
        tuple(each.name for each in anchors),
    )


def _refuse_heaps(anchors: Sequence[Anchor], source: Points, target: Points) -> None:
    for first in range(len(source)):
        for second in range(first + 1, len(source)):
            apart = min(math.dist(source[first], source[second]), math.dist(target[first], target[second]))
            if apart < _SAME_PLACE:
                raise UserError(
                    "“{first}”和“{second}”是同一处。请换一处。",
                    first=anchors[first].name,
                    second=anchors[second].name,
                )


def _refuse_mirror(source: Points, target: Points) -> None:
    plain = fitting.similarity(source, target)
    turned = source * np.array([-1.0, 1.0])
    over = fitting.similarity(turned, target)
    errors = [
        float((fitting.lengths(fit(points) - target) ** 2).sum())
        for fit, points in ((plain, source), (over, turned))
    ]
    if errors[1] < _MIRRORED**2 * errors[0]:
        raise UserError("照这些坐标，示意图左右反了：多半有两处的坐标互换了。请逐个检查。")


def _is_better_sheared(source: Points, target: Points) -> bool:
    if len(source) < _FEWEST_SHEARED or min(fitting.spread(source)) < 0.1 * max(fitting.spread(source)):
        return False
    plain, sheared = (
        [each for each in _misses(source, target, sheared=kind) if each is not None] for kind in (False, True)
    )
    return (
        bool(sheared)
        and median(sheared) < _BETTER * median(plain)
        and not fitting.affine(source, target).is_mirrored
    )


def _misses(source: Points, target: Points, *, sheared: bool) -> tuple[float | None, ...]:
    fit = fitting.affine if sheared else fitting.similarity
    found: list[float | None] = []
    for place in range(len(source)):
        others = [each for each in range(len(source)) if each != place]
        miss = fit(source[others], target[others])(source[[place]]) - target[[place]]
        found.append(float(fitting.lengths(miss)[0]))
    return tuple(found)


def _wrong(source: Points, target: Points, misses: Sequence[float | None]) -> int | None:
    """The anchor without which the others agree, where there is one."""
    count = len(source)
    if count < _FEWEST_TOLD:
        return None
    whole = _deviation(source, target)
    without = {}
    for place in range(count):
        others = [each for each in range(count) if each != place]
        without[place] = _deviation(source[others], target[others])
    place, left = min(without.items(), key=lambda each: each[1])
    return place if left < _CLEAR * whole and (misses[place] or 0.0) > _LEAST_MISS else None


def _deviation(source: Points, target: Points) -> float:
    left = fitting.lengths(fitting.similarity(source, target)(source) - target)
    return math.sqrt(float((left**2).sum()) / max(1, 2 * len(source) - 4))
