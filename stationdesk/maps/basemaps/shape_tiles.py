"""Shapes written as a vector tile (Mapbox Vector Tile 2.1), so that everything the page draws comes in one form.

Only what our own shapes need: one extent, texts as values. Geometry is given in the tile's units, 0 to `EXTENT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

EXTENT = 4096
"""Units across a tile."""

POINT, LINE, SURFACE = 1, 2, 3

Dot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TileShape:
    """A shape in one tile: `kind` is POINT, LINE or SURFACE; rings of a SURFACE are not closed."""

    kind: int
    parts: Sequence[Sequence[Dot]]
    tags: Mapping[str, str]


def vector_tile(layers: Mapping[str, Iterable[TileShape]]) -> bytes:
    """The bytes of a tile with these layers; empty ones are left out."""
    out = bytearray()
    for name, shapes in layers.items():
        layer = _layer(name, shapes)
        if layer:
            out += _block(3, layer)
    return bytes(out)


def _layer(name: str, shapes: Iterable[TileShape]) -> bytes:
    names: dict[str, int] = {}
    values: dict[str, int] = {}
    features = bytearray()
    for shape in shapes:
        pairs = bytearray()
        for key, value in shape.tags.items():
            pairs += _varint(names.setdefault(key, len(names))) + _varint(
                values.setdefault(value, len(values))
            )
        body = _block(2, bytes(pairs)) + _number(3, shape.kind) + _block(4, _drawn(shape))
        features += _block(2, body)
    if not features:
        return b""
    out = _number(15, 2) + _block(1, name.encode()) + bytes(features)
    out += b"".join(_block(3, key.encode()) for key in names)
    out += b"".join(_block(4, _block(1, value.encode())) for value in values)
    return out + _number(5, EXTENT)


def _drawn(shape: TileShape) -> bytes:
    """The commands of a geometry: MoveTo 1, LineTo 2, ClosePath 7, each with its count; steps are zigzag coded."""
    out = bytearray()
    x = y = 0

    def steps(dots: Iterable[Dot]) -> None:
        nonlocal x, y
        for across, down in dots:
            out.extend(_varint(_zigzag(across - x)) + _varint(_zigzag(down - y)))
            x, y = across, down

    if shape.kind == POINT:
        dots = [dot for part in shape.parts for dot in part]
        out += _varint(len(dots) << 3 | 1)
        steps(dots)
        return bytes(out)
    for part in shape.parts:
        out += _varint(1 << 3 | 1)
        steps(part[:1])
        out += _varint((len(part) - 1) << 3 | 2)
        steps(part[1:])
        if shape.kind == SURFACE:
            out += _varint(1 << 3 | 7)
    return bytes(out)


def _block(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
