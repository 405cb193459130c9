"""Laying points over points by least squares: turned and scaled (similarity), sheared too (affine), bent (spline).

Points are arrays of shape (n, 2), both axes running the same way round: a picture's rows are negated before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

Points = NDArray[np.floating[Any]]


class Fit(Protocol):
    """What leads from points of the source to points of the target."""

    def __call__(self, points: Points) -> Points:
        """Where points of the source lie in the target."""


def points(pairs: Sequence[tuple[float, float]]) -> Points:
    """Pairs as an array of points."""
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Affine(Fit):
    """A straight fit: target = source · matrix + shift."""

    matrix: Points
    shift: NDArray[np.floating[Any]]

    @override
    def __call__(self, points: Points) -> Points:
        there: Points = points @ self.matrix + self.shift
        return there

    @property
    def is_mirrored(self) -> bool:
        """Whether it turns the source over, as a mirror does."""
        return float(np.linalg.det(self.matrix)) <= 0

    @property
    def scales(self) -> tuple[float, float]:
        """The largest and the smallest scale, over all directions."""
        large, small = np.linalg.svd(self.matrix, compute_uv=False)
        return float(large), float(small)

    def inverse(self) -> Affine:
        """The fit back."""
        back: Points = np.linalg.inv(self.matrix)
        return Affine(back, -self.shift @ back)


@dataclass(frozen=True, slots=True)
class Spline(Fit):
    """A thin-plate spline: meets every point it was made of, and bends as little as it can between them.

    Source: F. L. Bookstein, Principal Warps (1989).
    """

    knots: Points
    weights: Points
    middle: NDArray[np.floating[Any]]
    size: float

    @override
    def __call__(self, points: Points) -> Points:
        near = (points - self.middle) / self.size
        bent = _bends(near, self.knots)
        plain = np.column_stack((np.ones(len(near)), near))
        there: Points = np.column_stack((bent, plain)) @ self.weights
        return there


def affine(source: Points, target: Points) -> Affine:
    """The straight fit of three or more pairs that are not in a line; of more than three, the one of least squares."""
    middle, size = _scale(source)
    near = (source - middle) / size
    solved = np.linalg.lstsq(np.column_stack((near, np.ones(len(near)))), target, rcond=None)[0]
    matrix: Points = solved[:2] / size
    return Affine(matrix, solved[2] - middle @ matrix)


def similarity(source: Points, target: Points) -> Affine:
    """The fit of two or more pairs that turns and scales only, of least squares."""
    here, there = source.mean(axis=0), target.mean(axis=0)
    first = (source - here) @ np.array([1, 1j])
    second = (target - there) @ np.array([1, 1j])
    turn = np.vdot(first, second) / np.vdot(first, first)
    matrix: Points = np.array([[turn.real, turn.imag], [-turn.imag, turn.real]])
    return Affine(matrix, there - here @ matrix)


def spline(source: Points, target: Points) -> Spline:
    """The bent fit of three or more pairs that are not in a line, each met exactly."""
    middle, size = _scale(source)
    knots = (source - middle) / size
    count = len(knots)
    plain = np.column_stack((np.ones(count), knots))
    whole = np.zeros((count + 3, count + 3))
    whole[:count, :count] = _bends(knots, knots)
    whole[:count, count:] = plain
    whole[count:, :count] = plain.T
    wanted = np.vstack((target, np.zeros((3, 2))))
    weights: Points = np.linalg.solve(whole, wanted)
    return Spline(knots, weights, middle, size)


def lengths(vectors: Points) -> NDArray[np.floating[Any]]:
    """How long each vector is."""
    found: NDArray[np.floating[Any]] = np.hypot(vectors[:, 0], vectors[:, 1])
    return found


def spread(given: Points) -> tuple[float, float]:
    """How far points lie apart along their longest direction and across it (root of the mean square)."""
    long, across = np.linalg.svd(given - given.mean(axis=0), compute_uv=False)
    return float(long) / len(given) ** 0.5, float(across) / len(given) ** 0.5


def _bends(points: Points, knots: Points) -> Points:
    apart = points[:, None, :] - knots[None, :, :]
    square = np.einsum("ijk,ijk->ij", apart, apart)
    bends: Points = square * np.log(np.maximum(square, 1e-300))
    return bends


def _scale(source: Points) -> tuple[NDArray[np.floating[Any]], float]:
    """The middle of points and their size: what is reckoned with stays near 1."""
    middle = source.mean(axis=0)
    return middle, float(lengths(source - middle).max()) or 1.0
