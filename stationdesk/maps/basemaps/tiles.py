"""A file of tiles that stands open, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from stationdesk.core.vocab import Datum


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its media type and its bytes, unpacked."""

    kind: str
    content: bytes


class Tiles(Protocol):
    """Gives tiles by zoom, column and row; rows are counted from the north. For one thread at a time."""

    def tile(self, zoom: int, column: int, row: int, datum: Datum = Datum.WGS84) -> Tile | None:
        """The tile, or None where the map has none. `datum` is for shapes of ours, which are kept in WGS-84.

        Raises:
            content.Unreadable: the file is damaged there.
        """

    def close(self) -> None:
        """Let go of the file."""
