"""What a single tile holds, told by its first bytes, and its unpacking within limits."""

from __future__ import annotations

import zlib

MOST_BYTES = 16 << 20
"""A tile that unpacks to more is refused: the largest that are met have some 2 MB."""

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
SHAPES = "application/x-protobuf"


class Unreadable(ValueError):
    """Bytes that are no tile."""


def picture_type(content: bytes) -> str | None:
    """The media type of a tile that is a picture."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in PICTURES.items() if content.startswith(magic)), None)


def unpacked(content: bytes, most: int = MOST_BYTES) -> bytes:
    """What was packed with gzip or zlib, and anything else as it is.

    Raises:
        Unreadable: it is cut off, or unpacks to more than `most` bytes.
    """
    if content[:2] == b"\x1f\x8b" or (content[:1] == b"\x78" and int.from_bytes(content[:2]) % 31 == 0):
        engine = zlib.decompressobj(zlib.MAX_WBITS | 32)  # either header
        try:
            plain = engine.decompress(content, most)
        except zlib.error as error:
            raise Unreadable(str(error)) from error
        if not engine.eof:
            raise Unreadable("cut off or too large")
        return plain
    return content


def layers_of(tile: bytes) -> list[str]:
    """The names of the layers of an unpacked vector tile (Mapbox Vector Tile 2.1, layer = 3, name = 1).

    Raises:
        Unreadable: it is no vector tile.
    """
    names = []
    for number, value in _fields(tile):
        if number != 3:
            raise Unreadable("not a vector tile")
        found = [part for field, part in _fields(value) if field == 1]
        if len(found) != 1:
            raise Unreadable("a layer without a name")
        names.append(found[0].decode("utf-8", errors="replace"))
    return names


def _fields(message: bytes) -> list[tuple[int, bytes]]:
    """The fields of a protobuf message: number, and the bytes of those that have a length."""
    found = []
    at = 0
    while at < len(message):
        head, at = _varint(message, at)
        kind, size = head & 7, 0
        if kind == 0:
            _value, at = _varint(message, at)
        elif kind == 2:
            size, at = _varint(message, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise Unreadable("not protobuf")
        if at + size > len(message):
            raise Unreadable("cut off")
        found.append((head >> 3, message[at : at + size]))
        at += size
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 70:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise Unreadable("cut off")
