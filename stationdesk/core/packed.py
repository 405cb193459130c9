"""Long lists in little room: what is not looked at is kept as bytes.

A list of 50,000 rows of Python values takes ten times the room of what it says. The rows are packed piece by
piece as they come, and a piece is unpacked when one of its rows is asked for. What is unpacked was packed by this
very process and never left it: nothing of a file or of another process comes here as a pickle.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, cast, overload

from typing_extensions import override

from stationdesk.core.indexed import PackedIndex

PIECE = 250
"""Items that are packed and unpacked together: what they have in common is kept once."""
_LEVEL = 1  # fast, and most of what is in lists comes again and again

T = TypeVar("T")
K = TypeVar("K", bound=str)


class Packed(Sequence[T]):
    """A sequence that grows at its end. Items are values: what comes out is equal to what went in, not the same.

    Going through it in order costs one unpacking; so do neighbours that are asked for one after another.
    """

    def __init__(self, items: Iterable[T] = (), *, piece: int = PIECE) -> None:
        self._piece = piece
        self._pieces: list[bytes] = []
        self._open: list[T] = []
        # Set in one go, since the window and a lane may read at the same time.
        self._seen: tuple[int, Sequence[T]] = (-1, ())
        self.extend(items)

    def append(self, item: T) -> None:
        """Add an item."""
        self._open.append(item)
        if len(self._open) == self._piece:
            self._pieces.append(zlib.compress(pickle.dumps(self._open, pickle.HIGHEST_PROTOCOL), _LEVEL))
            self._open = []

    def extend(self, items: Iterable[T]) -> None:
        """Add items."""
        for item in items:
            self.append(item)

    def _unpacked(self, place: int) -> Sequence[T]:
        if place == len(self._pieces):
            return self._open
        items: list[T] = pickle.loads(zlib.decompress(self._pieces[place]))  # noqa: S301 - packed above
        return items

    @override
    def __len__(self) -> int:
        return len(self._pieces) * self._piece + len(self._open)

    @override
    def __iter__(self) -> Iterator[T]:
        return self.after(0)

    def after(self, start: int) -> Iterator[T]:
        """The items from a place on."""
        place, skipped = divmod(start, self._piece)
        while place <= len(self._pieces):
            yield from self._unpacked(place)[skipped:]
            place, skipped = place + 1, 0

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...

    @override
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        place, offset = divmod(at, self._piece)
        if place == len(self._pieces):
            return self._open[offset]
        known, items = self._seen
        if known != place:
            items = self._unpacked(place)
            self._seen = place, items
        return items[offset]

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # it grows

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)}>"


class PackedMap(Mapping[K, T], Generic[K, T]):
    """Values by text, the values packed; in the order in which they were put, each under a text of its own."""

    def __init__(self) -> None:
        self._places = PackedIndex()
        self._values: Packed[T] = Packed()

    def put(self, key: K, value: T) -> None:
        """Add a value under a key that has none yet."""
        if key in self._places:
            raise KeyError(key)
        self._places.add(key, len(self._values))
        self._values.append(value)

    @override
    def __getitem__(self, key: K) -> T:
        place = self._places.last(key)
        if place is None:
            raise KeyError(key)
        return self._values[place]

    @override
    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._places

    @override
    def __iter__(self) -> Iterator[K]:
        return iter(cast("Sequence[K]", self._places.texts))

    @override
    def __len__(self) -> int:
        return len(self._values)
