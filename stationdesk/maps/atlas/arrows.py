"""The ways off a page: arrows at the edge of its map to the pages beside it, with name and page number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lxml import etree

from stationdesk.core.text import clean_line
from stationdesk.maps.sheet.geometry import Box, Point
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.metrics import POINT, Type, em_width
from stationdesk.maps.sheet.pen import element, text

_NAMED = 6
"""Signs of a name that stand at an edge."""


class Side(Enum):
    """The side of a map that one leaves it by."""

    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Way:
    """Where another page lies, as a point on this one's paper, and what it is called."""

    name: str
    page: int
    towards: Point


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow at its place: `at` is where along the side its middle stands, `long` how much of the side it takes."""

    way: Way
    side: Side
    at: float
    long: float


def edge_of(kind: Type) -> float:
    """How much room an arrow takes beside the map, in millimetres."""
    return kind.legend_pt * POINT * 1.5


def place_arrows(ways: Sequence[Way], frame: Box, kind: Type) -> tuple[Arrow, ...]:
    """Each where the line to the other page leaves the frame; those of one side moved apart, in their order."""
    em = kind.legend_pt * POINT
    sides: dict[Side, list[Arrow]] = {}
    for way in ways:
        side, at = _leaves(frame, way.towards)
        name = clean_line(way.name)[:_NAMED]
        number = str(way.page)
        if side in {Side.TOP, Side.BOTTOM}:
            long = (em_width(name) * 0.9 + em_width(number, bold=True) + 2.2) * em
        else:
            long = (len(name) * 0.9 * 1.06 + 1.0 + 2.3) * em
        sides.setdefault(side, []).append(Arrow(way, side, at, long))
    placed: list[Arrow] = []
    for side, arrows in sides.items():
        upright = side in {Side.LEFT, Side.RIGHT}
        low, high = (frame.y, frame.bottom) if upright else (frame.x, frame.right)
        placed += _apart(sorted(arrows, key=lambda arrow: arrow.at), low, high, em)
    return tuple(placed)


def _leaves(frame: Box, towards: Point) -> tuple[Side, float]:
    """Which side the straight way from the middle crosses, and where."""
    x, y = frame.centre
    dx, dy = towards[0] - x, towards[1] - y
    if abs(dx) * frame.height > abs(dy) * frame.width:
        at = y + dy / abs(dx) * frame.width / 2
        return (Side.RIGHT if dx > 0 else Side.LEFT), at
    at = x + (dx / abs(dy) * frame.height / 2 if dy else 0.0)
    return (Side.BOTTOM if dy > 0 else Side.TOP), at


def _apart(arrows: Sequence[Arrow], low: float, high: float, gap: float) -> list[Arrow]:
    """Move arrows along their side until none meets the next; those that find no room are left out, the last first."""
    kept = list(arrows)
    while sum(arrow.long + gap for arrow in kept) > high - low and kept:
        kept.pop()
    places: list[float] = []
    start = low
    for arrow in kept:
        at = max(arrow.at, start + arrow.long / 2)
        places.append(at)
        start = at + arrow.long / 2 + gap
    end = high
    for place in reversed(range(len(kept))):
        long = kept[place].long
        places[place] = min(places[place], end - long / 2)
        end = places[place] - long / 2 - gap
    return [Arrow(arrow.way, arrow.side, at, arrow.long) for arrow, at in zip(kept, places, strict=True)]


def draw_arrows(root: etree._Element, arrows: Sequence[Arrow], frame: Box, kind: Type, ink: Ink) -> None:
    """Arrows in the band that was left around the map; on the left and above outside the names of the squares."""
    band = kind.legend_pt * POINT * 1.25
    half = edge_of(kind) / 2
    for arrow in arrows:
        group = element(root, "g", class_="arrow", data_page=arrow.way.page)
        match arrow.side:
            case Side.TOP:
                _lying(group, arrow, frame.y - band - half, kind, ink)
            case Side.BOTTOM:
                _lying(group, arrow, frame.bottom + half, kind, ink)
            case Side.LEFT:
                _standing(group, arrow, frame.x - band - half, kind, ink)
            case Side.RIGHT:
                _standing(group, arrow, frame.right + half, kind, ink)


def _lying(group: etree._Element, arrow: Arrow, y: float, kind: Type, ink: Ink) -> None:
    em = kind.legend_pt * POINT
    name, number = clean_line(arrow.way.name)[:_NAMED], str(arrow.way.page)
    x = arrow.at - arrow.long / 2 + em * 0.5
    up = -1 if arrow.side is Side.TOP else 1
    _triangle(group, (x, y), (0, up), em, ink)
    x += em * 0.75
    text(group, number, (x, y), em, fill=ink.text, bold=True, anchor="start")
    x += (em_width(number, bold=True) + 0.3) * em
    text(group, name, (x, y), em * 0.9, fill=ink.quiet, anchor="start")


def _standing(group: etree._Element, arrow: Arrow, x: float, kind: Type, ink: Ink) -> None:
    em = kind.legend_pt * POINT
    y = arrow.at - arrow.long / 2 + em * 0.5
    _triangle(group, (x, y), (1 if arrow.side is Side.RIGHT else -1, 0), em, ink)
    y += em * 1.15
    text(group, str(arrow.way.page), (x, y), em, fill=ink.text, bold=True)
    y += em * 1.1
    for sign in clean_line(arrow.way.name)[:_NAMED]:
        text(group, sign, (x, y), em * 0.9, fill=ink.quiet)
        y += em * 0.9 * 1.06


def _triangle(group: etree._Element, at: Point, way: tuple[int, int], em: float, ink: Ink) -> None:
    x, y = at
    along, across = em * 0.42, em * 0.46
    dx, dy = way
    tip = (x + dx * along, y + dy * along)
    left = (x - dx * along - dy * across, y - dy * along - dx * across)
    right = (x - dx * along + dy * across, y - dy * along + dx * across)
    d = f"M{tip[0]:.2f} {tip[1]:.2f}L{left[0]:.2f} {left[1]:.2f}L{right[0]:.2f} {right[1]:.2f}Z"
    element(group, "path", d=d, fill=ink.text)
