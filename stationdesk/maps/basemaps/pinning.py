"""How well the pins of a picture agree, which of them to move, and where the picture lies by them.

judged = judge(size, pins)      # refuses what makes no sense, in words
judged.sentences                # "请移动这一点：第 4 点（学校）差 180 米……"
judged.pinned                   # a `Laid` picture, for `warp.cut`
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.vocab.basemaps import PinMethod
from stationdesk.maps.basemaps import fitting
from stationdesk.maps.basemaps.fitting import Affine, Fit, Points
from stationdesk.maps.basemaps.pins import Judgement, Miss, Pin, Pinned, ground_of, plane_at

FEWEST = 3
FEWEST_BENT = 6
"""Pins of which a spline is made: with fewer there is nothing that could say how it bends."""

_FEWEST_TOLD = 5  # pins among which the wrong one can be told
_SAME_DOT = 0.004  # of the diagonal: closer pins are one
_SAME_PLACE = 1.0  # metres
_CROWDED = 0.02  # of the diagonal: the least spread of pins
_IN_LINE = 0.06  # how far pins lie beside their line, as part of how far along it
_CLEAR = 0.35  # what leaving out the wrong pin makes of the error at most
_LEAST_MISS = 5.0  # metres
_PART_MISS = 0.015  # of how far the pins lie apart: smaller errors are those of any drawing
_BETTER = 0.7  # what bending makes of the error at most, to be worth it
_UNEVEN = 2.5  # scales along and across: more is said
_GRID = 12  # points a side at which a bent picture is looked at for folds


def judge(size: tuple[int, int], pins: Sequence[Pin], method: PinMethod | None = None) -> Judgement:
    """How pins lay a picture of `size` pixels; without `method`, the one that errs less.

    Raises:
        UserError: too few pins, in a line, in a heap, or such that the picture would be turned over or folded.
    """
    if len(pins) < FEWEST:
        raise UserError("至少要钉三个点，现在有 {count} 个。", count=len(pins))
    if method is PinMethod.SPLINE and len(pins) < FEWEST_BENT:
        raise UserError(
            "逐点贴合至少要 {fewest} 个点，现在有 {count} 个。", fewest=FEWEST_BENT, count=len(pins)
        )
    dots = fitting.points([(pin.x, -pin.y) for pin in pins])
    plane = plane_at(
        sum(pin.lat for pin in pins) / len(pins),
        sum(pin.lon for pin in pins) / len(pins),
    )
    ground = ground_of(plane, [(pin.lat, pin.lon) for pin in pins])
    _refuse_heaps(size, dots, ground)
    straight = fitting.affine(dots, ground)
    if straight.is_mirrored:
        raise _mirrored(dots, ground)
    wrong = _wrong(pins, dots, ground)
    typical = _bent(size, pins, dots, ground, wrong)
    worth_it = typical is not None and typical[0] > _LEAST_MISS / 5 and typical[1] < _BETTER * typical[0]
    chosen = method or (PinMethod.SPLINE if worth_it else PinMethod.AFFINE)
    there: Fit = straight if chosen is PinMethod.AFFINE else fitting.spline(dots, ground)
    if chosen is PinMethod.SPLINE and _folds(size, there):
        raise UserError("逐点贴合会把这张图折起来：有的点互相矛盾。请移动差得最多的点，或改用整张拉正。")
    back: Fit = straight.inverse() if chosen is PinMethod.AFFINE else fitting.spline(ground, dots)
    misses = _misses(pins, dots, ground, chosen)
    errors = tuple(float(each) for each in fitting.lengths(there(dots) - ground))
    corners = straight(fitting.points([(0, 0), (size[0], 0), (0, -size[1])]))
    return Judgement(
        chosen,
        Pinned(size, plane, there, back),
        errors,
        misses,
        wrong,
        (math.dist(corners[0], corners[1]), math.dist(corners[0], corners[2])),
        _remarks(straight, ground, errors, wrong, chosen, typical),
    )


def _refuse_heaps(size: tuple[int, int], dots: Points, ground: Points) -> None:
    diagonal = math.hypot(*size)
    for first in range(len(dots)):
        for second in range(first + 1, len(dots)):
            if math.dist(dots[first], dots[second]) < _SAME_DOT * diagonal:
                raise UserError(
                    "第 {first} 点和第 {second} 点在图上几乎是同一处。请移开或去掉一个。",
                    first=first + 1,
                    second=second + 1,
                )
            if math.dist(ground[first], ground[second]) < _SAME_PLACE:
                raise UserError(
                    "第 {first} 点和第 {second} 点给了同一个地方。请改正或去掉一个。",
                    first=first + 1,
                    second=second + 1,
                )
    long, across = fitting.spread(dots)
    if long < _CROWDED * diagonal:
        raise UserError("钉的点挤在图上一小块里，定不准整张图。请在图的四周再钉几个点。")
    if across < _IN_LINE * long:
        raise UserError("钉的点在图上几乎排成一条直线，定不了图的另一个方向。请在线的旁边再钉一个点。")
    long, across = fitting.spread(ground)
    if across < _IN_LINE * long:
        raise UserError("给的几处地方几乎在一条直线上，定不了图的另一个方向。请换一处不在线上的地方。")


def _mirrored(dots: Points, ground: Points) -> UserError:
    """Two pins whose places were exchanged turn a picture over; four pins tell which."""
    if len(dots) > FEWEST:
        tries = []
        for first in range(len(dots)):
            for second in range(first + 1, len(dots)):
                other = ground.copy()
                other[[first, second]] = other[[second, first]]
                fit = fitting.affine(dots, other)
                if not fit.is_mirrored:
                    tries.append((float(fitting.lengths(fit(dots) - other).max()), first + 1, second + 1))
        if tries:
            _error, first, second = min(tries)
            return UserError(
                "照这样钉，图会左右翻过来。多半是第 {first} 点和第 {second} 点的地方互换了，请检查。",
                first=first,
                second=second,
            )
    return UserError("照这样钉，图会左右翻过来：多半有两个点的地方互换了。请逐个检查；图是反着拍的请先翻正。")


def _fitted(method: PinMethod, source: Points, target: Points) -> Fit:
    return fitting.affine(source, target) if method is PinMethod.AFFINE else fitting.spline(source, target)


def _others(count: int, place: int) -> list[int]:
    return [each for each in range(count) if each != place]


def _misses(pins: Sequence[Pin], dots: Points, ground: Points, method: PinMethod) -> tuple[Miss | None, ...]:
    """Each pin against a fit of the others alone."""
    return tuple(_miss(pins, dots, ground, place, method) for place in range(len(pins)))


def _miss(pins: Sequence[Pin], dots: Points, ground: Points, place: int, method: PinMethod) -> Miss | None:
    others = _others(len(pins), place)
    if len(others) < FEWEST or _is_thin(dots[others]) or _is_thin(ground[others]):
        return None
    east, north = (_fitted(method, dots[others], ground[others])(dots[[place]]) - ground[[place]])[0]
    x, y = _fitted(method, ground[others], dots[others])(ground[[place]])[0]
    return Miss(place + 1, pins[place].name, float(east), float(north), float(x), float(-y))


def _is_thin(given: Points) -> bool:
    long, across = fitting.spread(given)
    return across < _IN_LINE / 2 * long


def _wrong(pins: Sequence[Pin], dots: Points, ground: Points) -> Miss | None:
    """The pin without which the others agree, where there is one."""
    count = len(pins)
    if count < _FEWEST_TOLD:
        return None
    whole = _deviation(dots, ground)
    without = {}
    for place in range(count):
        others = _others(count, place)
        if not _is_thin(dots[others]) and not _is_thin(ground[others]):
            without[place] = _deviation(dots[others], ground[others])
    if not without:
        return None
    place, left = min(without.items(), key=lambda each: each[1])
    miss = _miss(pins, dots, ground, place, PinMethod.AFFINE)
    clear = miss is not None and miss.metres > _least_miss(ground) and left < _CLEAR * whole
    return miss if clear else None


def _deviation(dots: Points, ground: Points) -> float:
    """The standard deviation of what a straight fit leaves: two values a pin, six of them used up."""
    left = fitting.lengths(fitting.affine(dots, ground)(dots) - ground)
    return math.sqrt(float((left**2).sum()) / max(1, 2 * len(dots) - 6))


def _least_miss(ground: Points) -> float:
    long, across = fitting.spread(ground)
    return max(_LEAST_MISS, _PART_MISS * math.hypot(long, across))


def _bent(
    size: tuple[int, int], pins: Sequence[Pin], dots: Points, ground: Points, wrong: Miss | None
) -> tuple[float, float] | None:
    """What a pin lies off when it is left out of a straight fit, and of a bent one (medians, metres).

    None where bending is no question: too few pins, one that is wrong, or a picture that would be folded.
    """
    if len(pins) < FEWEST_BENT or wrong is not None or _folds(size, fitting.spline(dots, ground)):
        return None
    straight, bent = (
        [miss.metres for miss in _misses(pins, dots, ground, method) if miss is not None]
        for method in (PinMethod.AFFINE, PinMethod.SPLINE)
    )
    return (median(straight), median(bent)) if straight and bent else None


def _folds(size: tuple[int, int], there: Fit) -> bool:
    """Whether some part of the picture would be turned over."""
    width, height = size
    step = max(size) / 1000
    columns, rows = np.meshgrid(np.linspace(0, width, _GRID), np.linspace(-height, 0, _GRID))
    grid = np.column_stack((columns.ravel(), rows.ravel()))
    here = there(grid)
    right = there(grid + np.array((step, 0))) - here
    up = there(grid + np.array((0, step))) - here
    return bool((right[:, 0] * up[:, 1] - right[:, 1] * up[:, 0] <= 0).any())


def _remarks(
    straight: Affine,
    ground: Points,
    errors: Sequence[float],
    wrong: Miss | None,
    method: PinMethod,
    typical: tuple[float, float] | None,
) -> tuple[str, ...]:
    told = []
    count = len(errors)
    large, small = straight.scales
    if large > _UNEVEN * small:
        told.append(
            _("照这样钉，图一个方向被拉长到 {times:.1f} 倍：多半有点钉错了。").format(times=large / small)
        )
    worst = max(errors)
    if count == FEWEST:
        told.append(_("三个点总能对上，看不出钉错。请再钉一两个点核对。"))
    elif count < _FEWEST_TOLD and worst > _least_miss(ground):
        told.append(
            _("四个点对不上，差 {metres:,.0f} 米，还看不出是哪一个。再钉一个点就能看出来。").format(
                metres=worst
            )
        )
    elif wrong is None and method is PinMethod.AFFINE and worst > 2 * _least_miss(ground):
        words = _("各点都有些差（最多 {metres:,.0f} 米）：这张图不按比例，手绘图常这样。").format(
            metres=worst
        )
        if count < FEWEST_BENT:
            words += _("钉满六个点可以试试逐点贴合。")
        elif typical is not None and typical[1] < typical[0]:
            words += _("逐点贴合大约只差 {metres:,.0f} 米，可以改用。").format(metres=typical[1])
        else:
            words += _("在差得多的地方再钉几个点会更准。")
        told.append(words)
    return tuple(told)
