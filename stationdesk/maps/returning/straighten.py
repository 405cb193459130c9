"""From the photo of a sheet back to the paper: the perspective worked out, and the map cut out as if scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stationdesk.core.errors import UserError
from stationdesk.maps.returning.codes import Corner
from stationdesk.maps.returning.finding import FoundSheet, Pixel

Millimetre = tuple[float, float]
Rectangle = tuple[float, float, float, float]
"""Left, top, width and height on the paper, in millimetres."""

_BENT = 1.5
"""Millimetres by which a mark may lie off the flat sheet; beyond, the paper was bent or folded when photographed."""
_FINEST = 12.0
"""Pixels a millimetre (300 to the inch) that are worth keeping of a drawing in ball pen."""
_COARSEST = 2.0
"""Pixels a millimetre below which a pencil line is lost."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """How the flat sheet is seen in the picture: nine numbers that take millimetres to pixels.

    `error` is by how many millimetres of paper the marks disagree with it, on average.
    """

    matrix: tuple[float, float, float, float, float, float, float, float, float]
    error: float

    def pixel(self, place: Millimetre) -> Pixel:
        """Where a point of the paper lies in the picture."""
        a, b, c, d, e, f, g, h, i = self.matrix
        x, y = place
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth


def perspective_of(found: FoundSheet, printed: Mapping[Corner, Rectangle]) -> Perspective:
    """The perspective in which the marks found lie over the marks `printed`.

    Source: R. Hartley and A. Zisserman, Multiple View Geometry, algorithm 4.2 (normalised DLT).

    Raises:
        UserError: the paper was not flat.
    """
    paper: list[Millimetre] = []
    pixels: list[Pixel] = []
    for corner, quad in found.marks.items():
        left, top, width, height = printed[corner]
        right, bottom = left + width, top + height
        paper.extend(((left, top), (right, top), (right, bottom), (left, bottom)))
        pixels.extend(quad)
    matrix = _fitted(np.array(paper), np.array(pixels))
    back = _applied(np.array(np.linalg.inv(matrix)), np.array(pixels))
    errors = np.hypot(*(back - np.array(paper)).T)
    if float(errors.max()) > _BENT:
        raise UserError(
            "照片里的纸不平（角标差了 {error} 毫米）。请把纸压平，从正上方再拍一张。",
            error=f"{float(errors.max()):.0f}",
        )
    nine = tuple(float(value) for value in matrix.ravel())
    return Perspective(nine, float(errors.mean()))  # type: ignore[arg-type]  # nine


def cut_out(picture: Image.Image, perspective: Perspective, area: Rectangle) -> Image.Image:
    """A rectangle of the paper as if scanned, as fine as the photo allows.

    Raises:
        UserError: the rectangle is not in the picture, or so small in it that no line could be seen.
    """
    left, top, width, height = area
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    seen = [perspective.pixel(corner) for corner in corners]
    room = 0.02 * max(picture.size)
    if any(not (-room <= x <= picture.width + room and -room <= y <= picture.height + room) for x, y in seen):
        raise UserError("照片没有拍全：图的一部分在照片外面。请退后一点，把整张纸拍进来。")
    fine = _pixels_per_millimetre(seen, (width, height, width, height))
    if fine < _COARSEST:
        raise UserError("照片里的图太小，画的线看不清。请靠近一点，让纸占满照片，再拍一张。")
    fine = min(fine, _FINEST)
    size = (round(width * fine), round(height * fine))
    # Pillow asks where each pixel of the result comes from: millimetres first, then the perspective.
    to_paper = np.array([[1 / fine, 0, left], [0, 1 / fine, top], [0, 0, 1]])
    whole = np.array(perspective.matrix).reshape(3, 3) @ to_paper
    whole /= whole[2, 2]
    return picture.transform(
        size,
        Image.Transform.PERSPECTIVE,
        tuple(float(value) for value in whole.ravel()[:8]),
        Image.Resampling.BICUBIC,
        fillcolor=(255, 255, 255),
    )


def _pixels_per_millimetre(seen: list[Pixel], lengths: tuple[float, ...]) -> float:
    """Along the side that is seen best: the others are no finer than they are."""
    sides = pairwise([*seen, seen[0]])
    return max(
        float(np.hypot(b[0] - a[0], b[1] - a[1])) / mm for (a, b), mm in zip(sides, lengths, strict=True)
    )


def _fitted(paper: NDArray[np.float64], pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """The matrix that takes the one nearest to the other."""
    ours, from_paper = _normalised(paper)
    theirs, from_pixels = _normalised(pixels)
    rows = []
    for (x, y), (u, v) in zip(ours, theirs, strict=True):
        rows.append([-x, -y, -1, 0, 0, 0, u * x, u * y, u])
        rows.append([0, 0, 0, -x, -y, -1, v * x, v * y, v])
    flat = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    matrix: NDArray[np.float64] = np.linalg.inv(from_pixels) @ flat @ from_paper
    matrix /= matrix[2, 2]
    return matrix


def _normalised(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points around zero at a distance of about 1, and the matrix that brought them there."""
    middle = points.mean(axis=0)
    spread = float(np.sqrt(((points - middle) ** 2).sum(axis=1)).mean())
    scale = np.sqrt(2) / spread
    matrix = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return (points - middle) * scale, matrix


def _applied(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    flat = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    result: NDArray[np.float64] = flat[:, :2] / flat[:, 2:]
    return result
