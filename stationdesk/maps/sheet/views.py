"""A map in its frame: the ground, the marks on it, the names around them. A sheet has one, or one and its inset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stationdesk.maps.sheet.geometry import Box, distance
from stationdesk.maps.sheet.ground import Ground
from stationdesk.maps.sheet.labels import Labels, place_labels
from stationdesk.maps.sheet.marks import place_marks
from stationdesk.maps.sheet.metrics import POINT, Type
from stationdesk.maps.sheet.plates import Mark
from stationdesk.maps.sheet.spec import Entry, SheetSpec
from stationdesk.maps.sheet.terrain import BaseDrawn, Terrain, base_of, terrain_of

TITLE_BAND = 1.7
"""Height of the line over an inset that tells its scale, in ems of the legend."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The ground of a map with its marks, before it has names.

    `outline` is what of it the inset shows larger, `hidden` what lies under the inset.
    """

    ground: Ground
    marks: tuple[Mark, ...]
    outline: Box | None = None
    hidden: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One map on the sheet, with its names."""

    ground: Ground
    marks: tuple[Mark, ...]
    terrain: Terrain
    base: tuple[BaseDrawn, ...]
    labels: Labels
    outline: Box | None = None
    hidden: tuple[Box, ...] = ()

    @property
    def frame(self) -> Box:
        """Where on the page it lies."""
        return self.ground.frame


def mark_view(
    entries: Sequence[Entry],
    ground: Ground,
    kind: Type,
    outline: Box | None = None,
    hidden: tuple[Box, ...] = (),
    kept: tuple[Box, ...] = (),
) -> Marked:
    """Marks for all entries, none on what is `kept` free of them.

    Raises:
        UserError: when they do not fit.
    """
    taken = hidden if outline is None else (*hidden, outline, outline_label(outline, ground.frame, kind))
    return Marked(ground, place_marks(entries, ground, kind.mark, (*taken, *kept)), outline, hidden)


def cost_of(views: Sequence[Marked], size: float) -> float:
    """How hard the marks are to read: their lines, and how much smaller they are than they should be; 0 is best."""
    marks = [mark for view in views for mark in view.marks]
    lines = sum(distance(*mark.leader) / size for mark in marks)
    shrunk = sum(1 - mark.size / size for mark in marks)
    mixed = sum(len(mark.entries) - 1 for mark in marks) * 0.15
    return (lines + shrunk * 2 + mixed) / max(1, len(marks))


def finish_view(spec: SheetSpec, marked: Marked, kind: Type) -> View:
    """The map with its ground and names."""
    ground, outline = marked.ground, marked.outline
    terrain = terrain_of(spec.features, ground)
    base = base_of(spec.backdrop.shapes, ground) if spec.backdrop is not None else ()
    taken = marked.hidden if outline is None else (*marked.hidden, outline_label(outline, ground.frame, kind))
    labels = place_labels(
        terrain, marked.marks, ground.frame, kind.legend_pt, ground.n, base=base, blocked=taken
    )
    return View(ground, marked.marks, terrain, base, labels, outline, marked.hidden)


def outline_label(outline: Box, frame: Box, kind: Type) -> Box:
    """Where the words beside an outlined extent stand: above its left corner, or below where the frame ends."""
    size = kind.legend_pt * POINT * 0.8
    width, height = size * 4.4, size * 1.4
    above = outline.y - height >= frame.y
    y = outline.y - height if above else outline.bottom
    return Box(min(max(outline.x, frame.x), frame.right - width), y, width, height)
