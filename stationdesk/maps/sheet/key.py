"""What explains the map: the legend, the scale with its walking time, north."""

from __future__ import annotations

from lxml import etree

from stationdesk.core.vocab.resources import MapClass
from stationdesk.maps.households import HouseholdMark
from stationdesk.maps.sheet.base_drawing import draw_base_sample
from stationdesk.maps.sheet.classes import GroundClass
from stationdesk.maps.sheet.drawing import draw_road, draw_spot, draw_symbol, patch_style
from stationdesk.maps.sheet.frames import LegendItem
from stationdesk.maps.sheet.geometry import Box
from stationdesk.maps.sheet.ink import Ink
from stationdesk.maps.sheet.layout import Layout
from stationdesk.maps.sheet.metrics import POINT, em_width
from stationdesk.maps.sheet.pen import element, rect, svg, text
from stationdesk.maps.sheet.spec import BaseKind, GroundKind
from stationdesk.maps.sheet.terrain import WIDTHS
from stationdesk.maps.sheet.views import TITLE_BAND


def draw_legend(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """Only what is on the map, each as it is drawn there."""
    root = svg(parent, layout.front.legend.grown(0.3), "legend")
    em = layout.type.legend_pt * POINT
    backdrop = layout.spec.backdrop
    bare = backdrop is not None and bool(backdrop.pictures or backdrop.shapes)
    for item in layout.legend:
        _legend_item(root, item, em, ink, bare=bare)


def _legend_item(root: etree._Element, item: LegendItem, em: float, ink: Ink, *, bare: bool) -> None:
    x = item.x + em * 0.75
    if isinstance(item.what, MapClass | GroundClass | HouseholdMark):
        draw_symbol(root, item.what, (x, item.y), em * 1.45, ink)
    elif item.what is GroundKind.VILLAGE or item.what is GroundKind.AREA:
        swatch = Box(x - em * 0.75, item.y - em * 0.45, em * 1.5, em * 0.9)
        rect(root, swatch, 0, **patch_style(item.what, 0, ink, bare=bare))
    elif isinstance(item.what, BaseKind):
        draw_base_sample(root, item.what, (x, item.y), em, ink)
    elif item.what in WIDTHS:
        draw_road(root, item.what, f"M{x - em * 0.5:.2f} {item.y:.2f}H{x + em * 0.5:.2f}", ink)
    else:
        draw_spot(root, item.what, (x, item.y), ink)
    text(root, item.label, (x + em * 1.05, item.y), em, fill=ink.text, anchor="start")


def draw_scale(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """North, and the bar with ratio and walking time, all from the one n that the map was drawn at."""
    box, ground = layout.front.scale, layout.ground
    em = layout.type.legend_pt * POINT
    root = svg(parent, box.grown(0.3), "scale")
    _north(root, Box(box.right - em * 1.8, box.y, em * 1.8, em * 3.2), em, ink)
    bar = ground.bar(box.width - em * 6.5)
    x, y, high = box.right - bar.width - em * 4.6, box.y + em * 1.3, em * 0.38
    root.set("data-bar", f"{bar.metres} {bar.width:.6f} {ground.n}")
    small = em * 0.9
    _bar(root, Box(x, y, bar.width, high), small, bar.metres, ink)
    middle = x + bar.width / 2
    first = f"{scale_words(ground.n, sketch=layout.spec.sketch)}　步行约 {bar.minutes} 分钟"
    text(root, first, (middle, y + high + small * 0.8), small, fill=ink.text)
    second = "距离按步测或估计" if layout.spec.sketch else "（按每小时走 4 公里）"
    text(root, second, (middle, y + high + small * 1.95), small * 0.82, fill=ink.quiet)


def draw_inset_title(parent: etree._Element, layout: Layout, ink: Ink) -> None:
    """The line over an inset: what it is, its own scale and bar."""
    view = layout.inset
    if view is None:
        return
    em = layout.type.legend_pt * POINT * 0.9
    high = TITLE_BAND * layout.type.legend_pt * POINT
    band = Box(view.frame.x, view.frame.y - high, view.frame.width, high)
    root = svg(parent, band.grown(0.4), "inset-title")
    rect(root, band, 0, fill=ink.shade, stroke=ink.text, stroke_width=0.35)
    words = f"放大图　{scale_words(view.ground.n, sketch=layout.spec.sketch)}"
    text(root, words, (band.x + em * 0.6, band.centre[1]), em, fill=ink.text, bold=True, anchor="start")
    room = band.width - (em_width(words, bold=True) + 6.2) * em
    bar = view.ground.bar(min(band.width * 0.3, room))
    if bar.width > room:  # the words tell the scale
        return
    x, y = band.right - bar.width - em * 4.6, band.centre[1] - em * 0.16
    rect(root, Box(x, y, bar.width / 2, em * 0.32), 0, fill=ink.text, stroke=ink.text, stroke_width=0.2)
    rect(
        root,
        Box(x + bar.width / 2, y, bar.width / 2, em * 0.32),
        0,
        fill="#ffffff",
        stroke=ink.text,
        stroke_width=0.2,
    )
    text(
        root,
        f"{bar.metres} 米",
        (x + bar.width + em * 0.4, band.centre[1]),
        em * 0.9,
        fill=ink.text,
        anchor="start",
    )


def _bar(root: etree._Element, box: Box, small: float, metres: int, ink: Ink) -> None:
    half = box.width / 2
    rect(root, Box(box.x, box.y, half, box.height), 0, fill=ink.text, stroke=ink.text, stroke_width=0.2)
    right = Box(box.x + half, box.y, half, box.height)
    rect(root, right, 0, fill="#ffffff", stroke=ink.text, stroke_width=0.2)
    above = box.y - small * 0.7
    text(root, "0", (box.x, above), small, fill=ink.text)
    text(root, f"{metres / 2:g}", (box.x + half, above), small, fill=ink.text)
    text(root, f"{metres} 米", (box.right, above), small, fill=ink.text)


def scale_words(n: int, *, sketch: bool) -> str:
    """1:12 000; of a sketch, whose distances were paced, only about that."""
    return f"约 {ratio(n)}" if sketch else ratio(n)


def ratio(n: int) -> str:
    """1:12 000, the thousands apart."""
    return f"1:{n:,}".replace(",", " ")


def _north(root: etree._Element, box: Box, em: float, ink: Ink) -> None:
    """The arrow; the map itself always lies with north above."""
    x = box.centre[0]
    text(root, "北", (x, box.y + em * 0.45), em, fill=ink.text, bold=True)
    tip, foot = box.y + em * 1.05, box.bottom
    half = em * 0.58
    left = f"M{x:.2f} {tip:.2f}L{x - half:.2f} {foot:.2f}L{x:.2f} {foot - em * 0.5:.2f}Z"
    right = f"M{x:.2f} {tip:.2f}L{x + half:.2f} {foot:.2f}L{x:.2f} {foot - em * 0.5:.2f}Z"
    element(root, "path", d=left, fill=ink.text, stroke=ink.text, stroke_width=0.2)
    element(root, "path", d=right, fill="#ffffff", stroke=ink.text, stroke_width=0.2)
