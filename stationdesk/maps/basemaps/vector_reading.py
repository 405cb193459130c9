"""Vector tiles (Mapbox Vector Tile 2.1) read back as plain shapes, for paper: the screen has its own reader."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from stationdesk.maps.basemaps.content import Unreadable
from stationdesk.maps.basemaps.shape_tiles import SURFACE

Spot = tuple[float, float]

_MOST = 60_000
"""Shapes of one tile that are read; the fullest that are met have some 20,000."""


@dataclass(frozen=True, slots=True)
class TileThing:
    """One shape of a tile: `parts` in shares of the tile, from its upper left corner; rings are not closed.

    Of a SURFACE each part is an outline or a hole, in the order of the file. Tags that are no texts are given as text.
    """

    layer: str
    kind: int
    parts: tuple[tuple[Spot, ...], ...]
    tags: dict[str, str]


def things_in(tile: bytes) -> Iterator[TileThing]:
    """Every shape of an unpacked tile.

    Raises:
        Unreadable: it is damaged.
    """
    try:
        for number, layer in _fields(tile):
            if number == 3 and isinstance(layer, bytes):
                yield from _layer(layer)
    except (IndexError, struct.error, UnicodeDecodeError, ZeroDivisionError) as error:
        raise Unreadable(str(error)) from error


def _layer(content: bytes) -> Iterator[TileThing]:
    name, extent = "", 4096
    keys: list[str] = []
    values: list[str] = []
    shapes: list[bytes] = []
    for number, value in _fields(content):
        match number, value:
            case 1, bytes():
                name = value.decode("utf-8")
            case 2, bytes():
                shapes.append(value)
            case 3, bytes():
                keys.append(value.decode("utf-8"))
            case 4, bytes():
                values.append(_value(value))
            case 5, int():
                extent = value
            case _:
                pass
    for shape in shapes[:_MOST]:
        kind, pairs, geometry = 0, [], b""
        for number, value in _fields(shape):
            if number == 2 and isinstance(value, bytes):
                pairs = list(_numbers(value))
            elif number == 3 and isinstance(value, int):
                kind = value
            elif number == 4 and isinstance(value, bytes):
                geometry = value
        tags = {keys[key]: values[at] for key, at in zip(pairs[::2], pairs[1::2], strict=False)}
        yield TileThing(name, kind, _parts(geometry, extent), tags)


def outlines(thing: TileThing) -> Iterator[tuple[tuple[Spot, ...], ...]]:
    """The areas of a SURFACE: each outline with its holes, which go round the other way."""
    rings: list[tuple[Spot, ...]] = []
    for part in thing.parts:
        if thing.kind != SURFACE or len(part) < 3:
            continue
        if _area(part) > 0 and rings:
            yield tuple(rings)
            rings = []
        rings.append(part)
    if rings:
        yield tuple(rings)


def _area(ring: tuple[Spot, ...]) -> float:
    """Twice the area, positive for a ring that goes clockwise on the screen."""
    return sum(
        one[0] * other[1] - other[0] * one[1] for one, other in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def _parts(content: bytes, extent: int) -> tuple[tuple[Spot, ...], ...]:
    numbers = list(_numbers(content))
    parts: list[list[Spot]] = []
    at = x = y = 0
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 7:
            continue
        for _step in range(count):
            x += numbers[at] >> 1 ^ -(numbers[at] & 1)
            y += numbers[at + 1] >> 1 ^ -(numbers[at + 1] & 1)
            at += 2
            if command == 1:
                parts.append([])
            parts[-1].append((x / extent, y / extent))
    return tuple(tuple(part) for part in parts)


def _value(content: bytes) -> str:
    for number, value in _fields(content):
        if isinstance(value, bytes):
            if number == 1:
                return value.decode("utf-8")
            if number in {2, 3}:
                return f"{struct.unpack('<f' if len(value) == 4 else '<d', value)[0]:g}"
        else:
            return str(value >> 1 ^ -(value & 1)) if number == 6 else str(value)
    return ""


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a protobuf message: number, and what stands in it; fixed ones as their bytes."""
    at = 0
    while at < len(message):
        head, at = _varint(message, at)
        kind = head & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield head >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind, -1)
        if kind == 2:
            size, at = _varint(message, at)
        if size < 0 or at + size > len(message):
            raise Unreadable("cut off")
        yield head >> 3, message[at : at + size]
        at += size


def _numbers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = _varint(content, at)
        yield value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise Unreadable("too long a number")
