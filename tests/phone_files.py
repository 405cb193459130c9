"""Photos and tracks as a phone writes them, invented."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageFilter

TAGS = ExifTags.Base
GPS = ExifTags.GPS
PHONE = "Invented Phone 7"


def photo(
    path: Path,
    place: tuple[float, float] | None = None,
    at: str = "2026:11:20 09:30:00",
    colour: str = "green",
    turned: int = 1,
    size: tuple[int, int] = (400, 300),
) -> Path:
    """A photo taken at `place` (lat, lon), with the metadata that tell it."""
    exif = Image.Exif()
    exif[TAGS.Make] = PHONE
    exif[TAGS.Orientation] = turned
    if at:
        exif.get_ifd(ExifTags.IFD.Exif)[TAGS.DateTimeOriginal] = at
    if place is not None:
        lat, lon = place
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
                GPS.GPSLatitude: _parts(abs(lat)),
                GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
                GPS.GPSLongitude: _parts(abs(lon)),
            }
        )
    Image.new("RGB", size, colour).save(path, "JPEG", exif=exif)
    return path


def _parts(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    return float(whole), float(minutes), round((degrees - whole - minutes / 60) * 3600, 4)


def gpx(
    path: Path,
    runs: list[list[tuple[float, float, str]]],
    places: list[tuple[float, float, str]] | None = None,
) -> Path:
    """A track: each point lat, lon and its time (UTC), empty where it has none; and the places marked on it."""
    marks = "".join(
        f'<wpt lat="{lat}" lon="{lon}"><name>{name}</name></wpt>' for lat, lon, name in places or []
    )
    segments = "".join(
        "<trkseg>"
        + "".join(
            f'<trkpt lat="{lat}" lon="{lon}">{f"<time>{at}</time>" if at else ""}</trkpt>'
            for lat, lon, at in run
        )
        + "</trkseg>"
        for run in runs
    )
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="某轨迹"'
        f' xmlns="http://www.topografix.com/GPX/1/1">{marks}<trk><name>走访</name>{segments}</trk></gpx>',
        encoding="utf-8",
    )
    return path


def seen_askew(
    paper: Image.Image, quad: tuple[tuple[float, float], ...], size: tuple[int, int]
) -> Image.Image:
    """The paper seen with its corners at `quad`, on a grey table, a little out of focus, in a shadow, with noise."""
    width, height = paper.size
    rows: list[list[float]] = []
    aims: list[float] = []
    for (x, y), (u, v) in zip(quad, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        aims.extend((u, v))
    numbers = np.linalg.solve(np.array(rows), np.array(aims))
    seen = paper.transform(
        size, Image.Transform.PERSPECTIVE, tuple(numbers), Image.Resampling.BICUBIC, fillcolor=(120, 110, 100)
    )
    blurred = np.asarray(seen.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float64)
    shadow = np.linspace(0.55, 1.0, size[0])[None, :, None]
    noise = np.random.default_rng(7).normal(0, 6, blurred.shape)
    return Image.fromarray(np.clip(blurred * shadow + noise, 0, 255).astype(np.uint8))
