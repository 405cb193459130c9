"""A reader of vector tiles (Mapbox Vector Tile 2.1) for tests, written apart from the program's writer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Dot = tuple[int, int]


def shapes_of(tile: bytes) -> list[tuple[str, int, dict[str, str], list[list[Dot]]]]:
    """Layer, kind, tags and parts of every feature of a tile; rings are not closed."""
    found = []
    for number, layer in _fields(tile):
        assert number == 3
        told = list(_fields(layer))
        name = next(value for field, value in told if field == 1).decode()
        names = [value.decode() for field, value in told if field == 3]
        values = [next(_fields(value))[1].decode() for field, value in told if field == 4]
        assert dict(told)[5] == 4096
        assert dict(told)[15] == 2
        for field, feature in told:
            if field == 2:
                body = dict(_fields(feature))
                pairs = list(_numbers(body.get(2, b"")))
                tags = {names[key]: values[value] for key, value in zip(pairs[::2], pairs[1::2], strict=True)}
                found.append((name, body[3], tags, _parts(body[4])))
    return found


def _parts(content: bytes) -> list[list[Dot]]:
    numbers = list(_numbers(content))
    parts: list[list[Dot]] = []
    at = x = y = 0
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 7:
            continue
        for _step in range(count):
            across, down = (value >> 1 ^ -(value & 1) for value in numbers[at : at + 2])
            x, y, at = x + across, y + down, at + 2
            if command == 1:
                parts.append([])
            parts[-1].append((x, y))
    return parts


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(message):
        head, at = _varint(message, at)
        value, at = _varint(message, at)
        if head & 7 == 2:
            yield head >> 3, message[at : at + value]
            at += value
        else:
            yield head >> 3, value


def _numbers(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = _varint(content, at)
        yield value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
