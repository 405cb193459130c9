"""Frames of coordinates that maps come in: degrees, web Mercator, and the zones of CGCS2000.

Others would need local parameters that nobody at the station has, and are refused by name. What is in a frame is
turned into degrees of its own ellipsoid; which of China's datums these are in is another question (`core.datum`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stationdesk.core.errors import UserError

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

DEGREES = "degrees"
MERCATOR = "EPSG:3857"
_DEGREE_CODES = frozenset({4326, 4490, 4979, 4480})
_MERCATOR_CODES = frozenset({3857, 3785, 900913, 102100, 102113})
_ZONES = range(
    4491, 4555
)  # CGCS2000 Gauss-Kruger: 6 and 3 degrees, with the number of the zone before or without
_ZONE_6, _ZONE_3 = 4491 - 13, 4513 - 25
"""EPSG codes of zones whose eastings begin with their number: 13 to 23 of 6 degrees, 25 to 45 of 3 degrees."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that can be read: `DEGREES`, or what PROJ calls it. `told` says that the file itself names it."""

    name: str
    told: bool = True

    def to_degrees(self, xs: Sequence[float], ys: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
        """Longitudes and latitudes of points of the frame."""
        if self.name == DEGREES:
            return xs, ys
        found: Any = _line(self.name).transform(xs, ys)
        return found[0], found[1]

    def from_degrees(
        self, lons: Sequence[float], lats: Sequence[float]
    ) -> tuple[Sequence[float], Sequence[float]]:
        """Points of the frame; undoes `to_degrees`."""
        if self.name == DEGREES:
            return lons, lats
        found: Any = _line(self.name).transform(lons, lats, direction="INVERSE")
        return found[0], found[1]


def frame_of_code(path: Path, code: int) -> Frame:
    """The frame of an EPSG code.

    Raises:
        UserError: it is one that cannot be read.
    """
    if code in _DEGREE_CODES:
        return Frame(DEGREES)
    if code in _MERCATOR_CODES:
        return Frame(MERCATOR)
    if code in _ZONES:
        return Frame(f"EPSG:{code}")
    raise _other(path, f"EPSG:{code}{_called(code)}")


def frame_of_text(path: Path, text: str) -> Frame:
    """The frame that a .prj file tells (WKT 1 or 2).

    Raises:
        UserError: it is one that cannot be read.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_wkt(text.strip())
    except CRSError as error:
        raise UserError(
            "“{name}”旁边的 .prj 看不懂，没有加入。请用制作它的软件重新导出。", name=path.name
        ) from error
    under = (crs.geodetic_crs or crs).name.replace("_", " ").casefold()
    ours = "cgcs2000" in under or "china 2000" in under or ("2000" in under and "china" in under)
    if crs.is_geographic and (ours or "wgs 84" in under or "wgs 1984" in under):
        return Frame(DEGREES)
    if crs.is_projected:
        code = crs.to_epsg(min_confidence=60)
        if code in _MERCATOR_CODES or "mercator auxiliary sphere" in crs.name.replace("_", " ").casefold():
            return Frame(MERCATOR)
        if code in _ZONES:
            return Frame(f"EPSG:{code}")
        if ours and _is_zone(crs):
            return Frame(crs.to_wkt())
    raise _other(path, crs.name)


def frame_of_values(path: Path, x: float, y: float) -> Frame:
    """The frame that a single point of the map can only be in, where nothing else tells it.

    Raises:
        UserError: it could be several, or none.
    """
    if abs(x) <= 180 and abs(y) <= 90:
        return Frame(DEGREES, told=False)
    north = 1_900_000 <= y <= 7_200_000
    if north and 8_000_000 <= x <= 15_200_000:
        return Frame(MERCATOR, told=False)
    zone = int(x // 1_000_000)
    if 1_900_000 <= y <= 6_100_000 and 25 <= zone <= 45:
        return Frame(f"EPSG:{_ZONE_3 + zone}", told=False)
    if 1_900_000 <= y <= 6_100_000 and 16 <= zone <= 23:
        return Frame(f"EPSG:{_ZONE_6 + zone}", told=False)
    raise UserError(
        "“{name}”的坐标（{x:.0f}, {y:.0f}）以米为单位，又没有说明是哪一带，没有加入。请把 .prj 文件放在它旁边，"
        "或导出成经纬度的。",
        name=path.name,
        x=x,
        y=y,
    )


def beside(path: Path, *suffixes: str) -> Path | None:
    """The file of the same name with one of these endings, in whatever case it is written."""
    wanted = {f"{path.stem}{suffix}".casefold() for suffix in suffixes}
    try:
        return next((each for each in sorted(path.parent.iterdir()) if each.name.casefold() in wanted), None)
    except OSError:
        return None


@cache
def _line(name: str) -> Transformer:
    from pyproj import CRS, Transformer

    crs = CRS.from_user_input(name)
    return Transformer.from_crs(crs, crs.geodetic_crs or crs, always_xy=True)


def _is_zone(crs: CRS) -> bool:
    operation = crs.coordinate_operation
    return operation is not None and operation.method_name == "Transverse Mercator"


def _called(code: int) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return f" {CRS.from_epsg(code).name}"
    except CRSError:
        return ""


def _other(path: Path, name: str) -> UserError:
    return UserError(
        "“{name}”的坐标是 {frame}，没有加入。"
        "能用的是经纬度、Web 墨卡托和 CGCS2000 分带坐标；请在 QGIS 里转成其中一种再导出。",
        name=path.name,
        frame=name,
    )
