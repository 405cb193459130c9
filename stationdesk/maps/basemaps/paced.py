"""A picture without any known place, laid out by paced or guessed lengths on a plane of its own.

The plane lies around latitude 0, longitude 0, where there is only sea: nothing on it is taken for a real place, and
everything that works on the map works on it too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stationdesk.core.datum import from_local_xy
from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.maps.basemaps import fitting
from stationdesk.maps.basemaps.fitting import Affine
from stationdesk.maps.basemaps.pins import Pinned, ground_of, plane_at

PACE = 0.7
"""Metres in a step of a grown person, unless it was measured."""

_PACES = (0.3, 1.2)
_MOST_METRES = 50_000.0
_SHORTEST = 0.01  # of the diagonal: between nearer points nothing is measured
_CLOSE = 0.1  # of a length: paced lengths differ by so much
_FEWEST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Length:
    """A length between two pixels of a picture (column, row): metres, or paces."""

    x1: float
    y1: float
    x2: float
    y2: float
    amount: float
    in_paces: bool = False

    @property
    def pixels(self) -> float:
        """How long it is in the picture."""
        return math.hypot(self.x2 - self.x1, self.y2 - self.y1)

    def metres(self, pace: float) -> float:
        """How long it is on the ground, as it was told."""
        return self.amount * pace if self.in_paces else self.amount


@dataclass(frozen=True, slots=True)
class Paced:
    """What was told of a picture: lengths, the metres in a pace, an arrow to the north (two pixels) where it has one.

    `at` is where the middle of the picture lies on the plane, (lat, lon).
    """

    lengths: tuple[Length, ...]
    pace: float = PACE
    north: tuple[float, float, float, float] | None = None
    at: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PacedJudgement:
    """How lengths agree: metres of a pixel, and by how many metres each length is longer on the plane than told.

    The `wrong` one, without which the others agree, counts for nothing.
    """

    pinned: Pinned
    scale: float
    misses: tuple[float, ...]
    told: tuple[float, ...]
    wrong: int | None
    ground: tuple[float, float]
    has_north: bool

    @property
    def disagreement(self) -> float | None:
        """The part of a length by which they typically disagree, the wrong one left out; None for a single one."""
        if len(self.misses) < 2:
            return None
        parts = [
            miss / metres
            for place, (miss, metres) in enumerate(zip(self.misses, self.told, strict=True))
            if place != self.wrong
        ]
        return math.sqrt(sum(each**2 for each in parts) / len(parts))

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the worker is told, the most important first."""
        told = []
        if self.wrong is not None:
            miss, metres = self.misses[self.wrong], self.told[self.wrong]
            told.append(
                _(
                    "请再量一次第 {number} 段：量的是 {told:,.0f} 米，按其余各段应是 {metres:,.0f} 米。先没有算它。"
                ).format(number=self.wrong + 1, told=metres, metres=metres + miss)
            )
        wide, high = self.ground
        told.append(
            _("图宽约 {wide:,.0f} 米，高约 {high:,.0f} 米（量出来的，不是测出来的）。").format(
                wide=wide, high=high
            )
        )
        if self.disagreement is None:
            told.append(_("只量了一段，没有核对。再量一两段，比例会更准。"))
        else:
            told.append(
                _("量了 {count} 段，彼此相差约 {part:.0%}。").format(
                    count=len(self.told), part=self.disagreement
                )
            )
        if not self.has_north:
            told.append(_("没有指北方向，按图的上方是北。"))
        return tuple(told)


def judge_paced(size: tuple[int, int], paced: Paced) -> PacedJudgement:
    """How lengths lay a picture of `size` pixels; each counts by the part of itself that it errs.

    Raises:
        UserError: there is no length, or one that can be none.
    """
    _check(size, paced)
    told = tuple(each.metres(paced.pace) for each in paced.lengths)
    drawn = [each.pixels for each in paced.lengths]
    wrong = _wrong(drawn, told)
    trusted = [place for place in range(len(told)) if place != wrong]
    scale = _scale([drawn[place] for place in trusted], [told[place] for place in trusted])
    misses = tuple(scale * pixels - metres for pixels, metres in zip(drawn, told, strict=True))
    return PacedJudgement(
        _laid(size, scale, paced),
        scale,
        misses,
        told,
        wrong,
        (size[0] * scale, size[1] * scale),
        paced.north is not None,
    )


def _check(size: tuple[int, int], paced: Paced) -> None:
    if not paced.lengths:
        raise UserError("至少要量一段距离：在图上点两处，填它们相距多少米或多少步。")
    low, high = _PACES
    if not low <= paced.pace <= high:
        raise UserError(
            "一步 {pace} 米不像是走的步子，一般是 0.5 到 0.8 米。请量十步再除以十。", pace=paced.pace
        )
    for number, each in enumerate(paced.lengths, 1):
        if each.pixels < _SHORTEST * math.hypot(*size):
            raise UserError("第 {number} 段在图上太短，量不准。请点两处离得远些的地方。", number=number)
        if not 0 < each.metres(paced.pace) <= _MOST_METRES:
            raise UserError("第 {number} 段的长度要大于 0、不超过 50 公里。请改正。", number=number)
    if paced.north is not None:
        x1, y1, x2, y2 = paced.north
        if math.hypot(x2 - x1, y2 - y1) < _SHORTEST * math.hypot(*size):
            raise UserError("指北的箭头太短，看不出方向。请重新画长一些。")


def _scale(drawn: Sequence[float], told: Sequence[float]) -> float:
    """The scale of least squares of the logarithms by which lengths err: twice as long is as wrong as half."""
    errors = [math.log(metres / pixels) for pixels, metres in zip(drawn, told, strict=True)]
    return math.exp(sum(errors) / len(errors))


def _wrong(drawn: Sequence[float], told: Sequence[float]) -> int | None:
    """The one length without which the others agree."""
    count = len(told)
    if count < _FEWEST_TOLD or _apart(drawn, told, range(count)) <= _CLOSE:
        return None
    left = {
        place: _apart(drawn, told, [each for each in range(count) if each != place]) for place in range(count)
    }
    place, apart = min(left.items(), key=lambda each: each[1])
    return place if apart <= _CLOSE else None


def _apart(drawn: Sequence[float], told: Sequence[float], places: Sequence[int]) -> float:
    ratios = [told[place] / drawn[place] for place in places]
    return max(ratios) / min(ratios) - 1


def _laid(size: tuple[int, int], scale: float, paced: Paced) -> Pinned:
    turn = 0.0
    if paced.north is not None:
        x1, y1, x2, y2 = paced.north
        turn = math.pi / 2 - math.atan2(y1 - y2, x2 - x1)
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    matrix = np.array([[cos, sin], [-sin, cos]])
    plane = plane_at(0.0, 0.0)
    middle = ground_of(plane, [paced.at])[0]
    there = Affine(matrix, middle - fitting.points([(size[0] / 2, -size[1] / 2)])[0] @ matrix)
    return Pinned(size, plane, there, there.inverse())


def place_beside(
    extents: Sequence[tuple[float, float, float, float]], size: tuple[float, float]
) -> tuple[float, float]:
    """Where the middle of another picture (metres wide and high) goes on the plane: east of what lies there."""
    if not extents:
        return (0.0, 0.0)
    east = max(extent[2] for extent in extents)
    at = from_local_xy(0.6 * math.hypot(*size), 0.0, (0.0, east))
    return at.lat, at.lon
