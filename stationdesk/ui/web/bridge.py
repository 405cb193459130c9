"""The line between the map page and the program: JSON both ways, every message checked before it is believed.

The page may only say what is listed in `hear`, with running numbers instead of keys; anything else is dropped
and logged. What it is told goes out by one signal. No text is ever put together into a script.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

_LOG = logging.getLogger(__name__)

LONGEST = 4_000_000
"""Characters in one message; a drawn line of 20,000 points has some 500,000."""
MOST_POINTS = 20_000


class Unheard(Exception):
    """A message that the page has no business to send."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the page, checked; only what belongs to `event` is filled."""

    event: str
    slot: int = -1
    action: str = ""
    kind: str = ""
    lat: float = 0.0
    lon: float = 0.0
    drawn: int = 0
    total: int = 0
    geometry: str = ""  # GeoJSON geometry (RFC 7946)
    rest: str = ""  # the other half of what was cut
    mode: str = ""
    back: int = 0
    ahead: int = 0
    address: str = ""


def hear(text: str) -> Heard:
    """Check one message of the page.

    Raises:
        Unheard: when it is not one of the few things the page may say, or a value is out of its range.
    """
    if len(text) > LONGEST:
        raise Unheard("too long")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unheard("not JSON") from error
    if not isinstance(message, dict) or not isinstance(message.get("event"), str):
        raise Unheard("no event")
    wanted = _EVENTS.get(message["event"])
    if wanted is None or set(message) != {"event", *wanted}:
        raise Unheard(f"not expected: {message['event']:.40s}")
    return Heard(message["event"], **{name: check(message[name]) for name, check in wanted.items()})


def _whole(value: Any) -> int:
    # bool is an int to Python, not to us.
    if type(value) is not int or not 0 <= value <= 10_000_000:
        raise Unheard("not a number")
    return int(value)


def _code(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 40 or not value.replace("_", "").isalnum():
        raise Unheard("not a code")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 400:
        raise Unheard("not a short text")
    return value


def _degrees(limit: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if type(value) not in {int, float} or not math.isfinite(value) or abs(value) > limit:
            raise Unheard("not a coordinate")
        return float(value)

    return check


_latitude = _degrees(90)
_longitude = _degrees(180)


def _geometry(value: Any) -> str:
    if not isinstance(value, dict) or set(value) != {"type", "coordinates"}:
        raise Unheard("not a geometry")
    depth, least = {"Point": (0, 1), "LineString": (1, 2), "Polygon": (2, 4)}.get(str(value["type"]), (-1, 0))
    points = _points(value["coordinates"], depth)
    if depth < 0 or not least <= len(points) <= MOST_POINTS:
        raise Unheard("not a geometry")
    if depth == 2 and any(len(ring) < 4 or ring[0] != ring[-1] for ring in value["coordinates"]):
        raise Unheard("a ring that is open")
    return json.dumps(value, separators=(",", ":"))


def _points(value: Any, depth: int) -> list[tuple[float, float]]:
    if not isinstance(value, list) or not value:
        raise Unheard("not a geometry")
    if depth > 0:
        return [point for part in value for point in _points(part, depth - 1)]
    if len(value) != 2:
        raise Unheard("not a position")
    return [(_longitude(value[0]), _latitude(value[1]))]


_EVENTS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "hello": {},
    "ready": {"drawn": _whole, "total": _whole},
    "picked": {"slot": _whole},
    "asked": {"slot": _whole},
    "acted": {"slot": _whole, "action": _code},
    "placed": {"lat": _latitude, "lon": _longitude},
    "drawn": {"kind": _code, "geometry": _geometry},
    "edited": {"slot": _whole, "geometry": _geometry},
    "split": {"slot": _whole, "geometry": _geometry, "rest": _geometry},
    "tool": {"mode": _code, "back": _whole, "ahead": _whole},
    "cancelled": {},
    "based": {"kind": _code},
    "refused": {"address": _text},
}


class Bridge(QObject):
    """What the page sees of the program: one slot to speak to, one signal to listen to."""

    told = Signal(str)
    heard = Signal(object)

    @Slot(str)
    def say(self, text: str) -> None:
        """Called by the page."""
        try:
            message = hear(text)
        except Unheard as trouble:
            _LOG.warning("dropped a message of the map page: %s", trouble)
            return
        self.heard.emit(message)

    def tell(self, order: str, **values: Any) -> None:
        """Tell the page to do something; see `orders` in maps/page/wire.js."""
        self.told.emit(json.dumps({"order": order, **values}, ensure_ascii=False, allow_nan=False))
