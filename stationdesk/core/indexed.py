"""Very many short texts, and numbers that are found by them, in little room.

A text of Python takes 50 to 80 bytes before its first sign and a place in a dict a hundred more. Where a list of
50,000 rows is compared with itself that is most of what is held. Here a text takes what it says and four bytes, and
finding a number by one 20 bytes more.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import overload

from typing_extensions import override

_BUCKETS = 1024  # at first; always a power of two
_MARK = 0xFFFFFFFF


class PackedTexts(Sequence[str]):
    """Texts in the order in which they were added."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("I")

    def append(self, text: str) -> None:
        """Add a text."""
        self._bytes += packed(text)
        self._ends.append(len(self._bytes))

    def raw(self, place: int) -> bytearray:
        """The text at a place as `packed` makes it, to be compared."""
        return self._bytes[self._ends[place - 1] if place else 0 : self._ends[place]]

    @override
    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    @override
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        places = range(len(self))
        if isinstance(index, slice):
            return tuple(self[at] for at in places[index])
        return self.raw(places[index]).decode("utf-8", "surrogatepass")


def packed(text: str) -> bytes:
    """A text as it is kept."""
    return text.encode("utf-8", "surrogatepass")


class PackedIndex:
    """Numbers by text; a text may have several, which come in the order in which they were added."""

    def __init__(self) -> None:
        self._texts = PackedTexts()
        self._numbers = array("L")
        self._marks = array("I")
        # Entries whose marks fall into one bucket hang on one another, the last one first; counted from 1.
        self._before = array("I")
        self._last = array("I", bytes(4 * _BUCKETS))

    def add(self, text: str, number: int) -> None:
        """Put a number under a text, behind those that are there."""
        if len(self._texts) == len(self._last):
            self._spread()
        self._texts.append(text)
        self._numbers.append(number)
        mark = hash(text) & _MARK
        self._marks.append(mark)
        self._hang(mark)

    def _hang(self, mark: int) -> None:
        bucket = mark & (len(self._last) - 1)
        self._before.append(self._last[bucket])
        self._last[bucket] = len(self._before)

    def _spread(self) -> None:
        self._last = array("I", bytes(8 * len(self._last)))
        self._before = array("I")
        for mark in self._marks:
            self._hang(mark)

    def all(self, text: str) -> list[int]:
        """Every number under a text."""
        numbers = [self._numbers[entry] for entry in self._entries(text)]
        numbers.reverse()
        return numbers

    def last(self, text: str) -> int | None:
        """The number that was put last under a text."""
        return next((self._numbers[entry] for entry in self._entries(text)), None)

    def first(self, text: str) -> int | None:
        """The number that was put first under a text."""
        found = None
        for entry in self._entries(text):
            found = self._numbers[entry]
        return found

    def _entries(self, text: str) -> Iterator[int]:
        mark = hash(text) & _MARK
        entry = self._last[mark & (len(self._last) - 1)]
        while entry:
            if self._marks[entry - 1] == mark and self._texts.raw(entry - 1) == packed(text):
                yield entry - 1
            entry = self._before[entry - 1]

    @property
    def texts(self) -> Sequence[str]:
        """The texts, one for each number, in the order in which they were added."""
        return self._texts

    def __contains__(self, text: str) -> bool:
        return self.last(text) is not None


__all__ = ["PackedIndex", "PackedTexts"]
