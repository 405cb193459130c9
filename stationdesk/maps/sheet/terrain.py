"""The ground of the map on paper: the station's own roads, river, areas and places, cut to the frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stationdesk.maps.sheet.geometry import Box, Line, Point, clip, lines_of, points_of, polygons_of
from stationdesk.maps.sheet.ground import Ground
from stationdesk.maps.sheet.spec import BaseKind, BaseShape, Feature, GroundKind

WIDTHS = {GroundKind.MAIN_ROAD: 2.1, GroundKind.LANE: 1.1, GroundKind.RIVER: 2.6}
"""Width on paper of what is drawn as a line."""

CASING = 0.22
"""What the outline of a road adds on each side."""

LINES = frozenset(WIDTHS)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A road or river within the frame."""

    kind: GroundKind
    name: str
    pieces: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """An area or a pond; whole, because it is cut to the frame when it is drawn."""

    kind: GroundKind
    name: str
    polygons: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place or sight."""

    kind: GroundKind
    name: str
    point: Point


@dataclass(frozen=True, slots=True)
class Terrain:
    """All of it, in millimetres on the page."""

    strokes: tuple[Stroke, ...]
    patches: tuple[Patch, ...]
    spots: tuple[Spot, ...]

    @property
    def kinds(self) -> frozenset[GroundKind]:
        """What the legend has to explain, besides the places and sights that are named."""
        return frozenset(stroke.kind for stroke in self.strokes) | {patch.kind for patch in self.patches}

    def roads(self) -> Iterator[tuple[Line, float]]:
        """Every piece of road and river with half its width, for whoever must avoid them."""
        for stroke in self.strokes:
            for piece in stroke.pieces:
                yield piece, WIDTHS[stroke.kind] / 2


@dataclass(frozen=True, slots=True)
class BaseDrawn:
    """Something of a base map within the frame: lines, or outlines with their holes."""

    kind: BaseKind
    name: str
    lines: tuple[Line, ...] = ()
    polygons: tuple[tuple[Line, ...], ...] = ()


def base_of(shapes: Sequence[BaseShape], ground: Ground) -> tuple[BaseDrawn, ...]:
    """What of a base map's shapes lies in the frame."""
    frame = ground.frame
    found: list[BaseDrawn] = []
    for shape in shapes:
        lines = tuple(
            piece
            for line in lines_of(shape.geometry)
            for piece in clip(_on_paper(line, ground), frame.grown(1))
        )
        polygons = tuple(
            rings
            for each in polygons_of(shape.geometry)
            if bounds((rings := tuple(_on_paper(ring, ground) for ring in each))[0]).meets(frame)
        )
        if lines or polygons:
            found.append(BaseDrawn(shape.kind, shape.name, lines, polygons))
    return tuple(found)


def terrain_of(features: Sequence[Feature], ground: Ground) -> Terrain:
    """What of the features lies in the frame."""
    frame = ground.frame
    strokes: list[Stroke] = []
    patches: list[Patch] = []
    spots: list[Spot] = []
    for feature in features:
        if feature.kind in LINES:
            lines = (_on_paper(line, ground) for line in lines_of(feature.geometry))
            pieces = tuple(piece for line in lines for piece in clip(line, frame.grown(3)))
            if any(clip(piece, frame) for piece in pieces):
                strokes.append(Stroke(feature.kind, feature.name, pieces))
        polygons = tuple(
            tuple(_on_paper(ring, ground) for ring in rings) for rings in polygons_of(feature.geometry)
        )
        shown = tuple(rings for rings in polygons if bounds(rings[0]).meets(frame))
        if shown:
            patches.append(Patch(feature.kind, feature.name, shown))
        spots.extend(
            Spot(feature.kind, feature.name, point)
            for point in (ground.point(*each) for each in points_of(feature.geometry))
            if frame.grown(-1).holds(point)
        )
    return Terrain(tuple(strokes), tuple(patches), tuple(spots))


def _on_paper(line: Line, ground: Ground) -> Line:
    return tuple(ground.point(*each) for each in line)


def bounds(ring: Line) -> Box:
    """The smallest box around an outline."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
