"""What was found in a file that is to become a base map, as plain values."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import NamedTuple

from stationdesk.core.text import clean_line
from stationdesk.core.vocab import BasemapKind, Datum

MOST_ZOOM = 24
"""The deepest level of tiles that is read; a tile there is 2 m wide."""

_LONGEST_NAME = 40
_LONGEST_CREDIT = 300
_TAG = re.compile(r"<[^<>]*>")
_REVIEW = re.compile(
    r"审图号[：:\s]*([^\s，,；;。<]{4,40}号?)|([\u4e00-\u9fff]?GS[\u4e00-\u9fff]?[（(]\d{4}[）)]\d+号)"
)


class Extent(NamedTuple):
    """A rectangle in degrees; never across the date line."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a place lies inside or on the edge."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Named(NamedTuple):
    """Something in a file that bears a name, in the file's own datum."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a file turned out to be. `datum` is what the file or its standard says; None means: ask."""

    kind: BasemapKind
    name: str
    extent: Extent
    min_zoom: int
    max_zoom: int
    attribution: str = ""
    review_number: str = ""
    datum: Datum | None = None
    remarks: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()


def plain_name(text: object, otherwise: str) -> str:
    """A name for a base map from what a file says of itself, or from the name of the file."""
    name = clean_line(str(text)) if isinstance(text, str) else ""
    return (name or clean_line(otherwise) or "底图")[:_LONGEST_NAME]


def plain_credit(text: object) -> str:
    """An attribution as words: files hold it as HTML, which is never shown as such."""
    if not isinstance(text, str):
        return ""
    return clean_line(html.unescape(_TAG.sub(" ", text)))[:_LONGEST_CREDIT]


def review_number_in(*texts: object) -> str:
    """The approval number (审图号) that a text names; empty without."""
    for text in texts:
        match = _REVIEW.search(text) if isinstance(text, str) else None
        if match is not None:
            return match[1] or match[2]
    return ""
