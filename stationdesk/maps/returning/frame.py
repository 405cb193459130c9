"""Where on its paper the marks and the map of a sheet stand: enough to lay its photo over the ground later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from stationdesk.core.datum import from_local_xy
from stationdesk.maps.returning.codes import Corner
from stationdesk.maps.returning.straighten import Rectangle

_VERSION = 1
_STEPS = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class FieldFrame:
    """A sheet as it was printed, in millimetres from its upper left corner.

    The map fills `area` at 1 : `n`, north up, with `middle` (lat, lon; WGS-84, or the plane of a sketch) in its
    middle: metres on a plane around it, as `core.datum.from_local_xy` reckons them.
    """

    marks: Mapping[Corner, Rectangle]
    area: Rectangle
    n: int
    middle: tuple[float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The (lat, lon) of a point of the paper."""
        left, top, width, height = self.area
        metres = self.n / 1000
        return from_local_xy((x - left - width / 2) * metres, (top + height / 2 - y) * metres, self.middle)

    def pins(self) -> tuple[tuple[float, float, float, float], ...]:
        """Nine points of the map: how far across and down it they are (0 to 1), and their lat and lon."""
        left, top, width, height = self.area
        return tuple(
            (across, down, *self.place(left + across * width, top + down * height))
            for down in _STEPS
            for across in _STEPS
        )

    def as_json(self) -> str:
        """To be kept with the sheet."""
        return json.dumps(
            {
                "version": _VERSION,
                "marks": {corner.value: list(box) for corner, box in self.marks.items()},
                "area": list(self.area),
                "n": self.n,
                "middle": list(self.middle),
            }
        )

    @classmethod
    def of_json(cls, text: str) -> FieldFrame:
        """What was kept.

        Raises:
            ValueError: it is of a later version, or no frame at all.
        """
        told = json.loads(text)
        try:
            if told["version"] != _VERSION:
                raise ValueError(text)
            lat, lon = told["middle"]
            return cls(
                {Corner(corner): _rectangle(box) for corner, box in told["marks"].items()},
                _rectangle(told["area"]),
                int(told["n"]),
                (float(lat), float(lon)),
            )
        except (KeyError, TypeError) as trouble:
            raise ValueError(text) from trouble


def _rectangle(numbers: list[float]) -> Rectangle:
    left, top, width, height = map(float, numbers)
    return left, top, width, height
