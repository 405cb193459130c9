"""Photos from phones: where and when they were taken, and a small upright copy that no longer says so.

A photo tells more than it shows: its metadata name the place to a metre, the minute and the phone (EXIF 2.32).
The place and the time are read out; the copy that is kept carries pixels only.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

from stationdesk.core.errors import UserError
from stationdesk.maps.upright import DAMAGED_EXIF, opened, orientation, upright

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".mpo")
LONGEST = 1600
"""Pixels along the longer side of the copy: a page of A4 at some 200 to the inch, and about 300 kB."""
THUMBNAIL = 320
_QUALITY, _THUMBNAIL_QUALITY = 82, 72
_MOST_PIXELS = 120_000_000
_MOST_BYTES = 100_000_000
_HEIF = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypheis")
_ZERO = 1e-6


@dataclass(frozen=True, slots=True)
class WalkPhoto:
    """One photo: `taken_at` is the local time the phone wrote (ISO, to the second; empty where it wrote none).

    `lat` and `lon` are degrees as the phone wrote them, None without a fix. `picture` and `thumbnail` are JPEG,
    upright, without metadata; `source` is the SHA-256 of the file as it came.
    """

    name: str
    source: str
    taken_at: str
    lat: float | None
    lon: float | None
    picture: bytes
    thumbnail: bytes

    @property
    def is_placed(self) -> bool:
        """Whether the phone knew where it was."""
        return self.lat is not None and self.lon is not None


def read_photo(path: Path) -> WalkPhoto:
    """Read one photo.

    Raises:
        UserError: it is no photo that can be read, with what to do.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= _MOST_BYTES else b""
    except OSError as trouble:
        raise UserError("打不开“{name}”。请检查文件还在不在，再试一次。", name=path.name) from trouble
    if size > _MOST_BYTES:
        raise UserError(
            "“{name}”太大（{size} MB），没有读。请换一张照片。", name=path.name, size=size // 1_000_000
        )
    if content[4:12] in _HEIF:
        raise UserError(
            "“{name}”是 HEIC 格式，读不了。请在手机相机设置里选“兼容性最佳”（JPG），或用微信“原图”发到电脑上再存一次。",
            name=path.name,
        )
    try:
        with opened(io.BytesIO(content)) as photo:
            if photo.width * photo.height > _MOST_PIXELS:
                raise UserError("“{name}”的像素太多，读不了。请换一张较小的照片。", name=path.name)
            held = orientation(photo)
            lat, lon, taken_at = _told(photo)
            photo.draft(
                "RGB", (LONGEST, LONGEST)
            )  # JPEG is read at an eighth, a quarter or a half: ten times faster
            small = photo.convert("RGB")
            # Whatever is copied from here on is small.
            small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            small = upright(small, held)
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        Image.DecompressionBombError,
        UnidentifiedImageError,
    ) as trouble:
        raise UserError(
            "“{name}”不是能打开的照片，或者没有拷贝完整，没有读。请从手机重新拷贝一次。", name=path.name
        ) from trouble
    return WalkPhoto(
        name=path.name,
        source=hashlib.sha256(content).hexdigest(),
        taken_at=taken_at,
        lat=lat,
        lon=lon,
        picture=_jpeg(small, LONGEST, _QUALITY),
        thumbnail=_jpeg(small, THUMBNAIL, _THUMBNAIL_QUALITY),
    )


def _jpeg(photo: Image.Image, longest: int, quality: int) -> bytes:
    """A copy of nothing but the pixels: a fresh picture has no metadata to carry along."""
    small = Image.new("RGB", photo.size)
    small.paste(photo)
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=quality, optimize=True)
    return kept.getvalue()


def _told(photo: Image.Image) -> tuple[float | None, float | None, str]:
    """Place and time by the EXIF; nothing of one that is damaged: the picture itself may well be whole."""
    try:
        exif = photo.getexif()
        lat, lon = _place(exif.get_ifd(ExifTags.IFD.GPSInfo))
        return lat, lon, _time(exif.get_ifd(ExifTags.IFD.Exif), exif)
    except DAMAGED_EXIF:
        return None, None, ""


def _place(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S", 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W", 180)
    # A phone without a fix writes zeros.
    if lat is None or lon is None or (abs(lat) < _ZERO and abs(lon) < _ZERO):
        return None, None
    return lat, lon


def _degrees(value: Any, side: Any, minus: str, most: int) -> float | None:
    """Degrees, minutes and seconds, each a fraction that a broken phone may have divided by zero."""
    try:
        parts = [float(part) for part in value]
        degrees = math.fsum(part / 60.0**power for power, part in enumerate(parts[:3]))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(degrees) or abs(degrees) > most:
        return None
    letter = side.decode("ascii", "ignore") if isinstance(side, bytes) else str(side or "")
    return -degrees if letter.strip("\0 ").upper() == minus else degrees


def _time(exif: Mapping[int, Any], base: Mapping[int, Any]) -> str:
    for tags, tag in (
        (exif, ExifTags.Base.DateTimeOriginal),
        (exif, ExifTags.Base.DateTimeDigitized),
        (base, ExifTags.Base.DateTime),
    ):
        text = str(tags.get(tag) or "").strip("\0 ")
        try:
            return datetime.strptime(text[:19], "%Y:%m:%d %H:%M:%S").isoformat()  # noqa: DTZ007 - phones write no zone
        except ValueError:
            continue
    return ""
