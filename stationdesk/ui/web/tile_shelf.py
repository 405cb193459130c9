"""The base maps that the page may ask tiles of: read on a thread of their own, so that the window never waits.

Files stand open only there. A request that the page has given up meanwhile is dropped before anything is read.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from sqlite3 import DatabaseError

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob

from stationdesk.core.fields import Key
from stationdesk.core.vocab import Datum
from stationdesk.maps.basemaps.content import SHAPES
from stationdesk.maps.basemaps.found import MOST_ZOOM
from stationdesk.maps.basemaps.reading import open_tiles
from stationdesk.maps.basemaps.tiles import Tile, Tiles
from stationdesk.maps.layers import MapBase
from stationdesk.ui.tasks import Delivery

_LOG = logging.getLogger(__name__)

_CLEAR = Tile(
    "image/png",
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
    ),
)
"""What stands where a map of pictures has none: a request that fails is an error on the page's console."""
_EMPTY = Tile(SHAPES, b"")


@dataclass(frozen=True, slots=True)
class Place:
    """Which tile is asked for; rows are counted from the north. `datum` matters to our own shapes only."""

    number: int
    zoom: int
    column: int
    row: int
    datum: Datum = Datum.WGS84

    @property
    def is_in_the_world(self) -> bool:
        """Whether there can be such a tile."""
        side = 1 << min(self.zoom, MOST_ZOOM)
        return self.zoom <= MOST_ZOOM and self.column < side and self.row < side


class TileShelf(QObject):
    """Numbers the base maps of the present document and answers requests for their tiles."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bases: dict[int, MapBase] = {}
        self._numbers: dict[tuple[Key, str], int] = {}
        self._waiting: dict[int, QWebEngineUrlRequestJob] = {}
        self._asked = 0
        self._delivery = Delivery()
        self._reader = _Reader()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="tiles")
        self.destroyed.connect(partial(_end, self._pool, self._reader))

    def put(self, bases: Sequence[MapBase]) -> Mapping[Key, int]:
        """Offer these from now on, and give their numbers; a number never stands for another file."""
        numbers = {
            base.key: self._numbers.setdefault((base.key, str(base.path)), len(self._numbers))
            for base in bases
        }
        self._bases = {numbers[base.key]: base for base in bases}
        self._pool.submit(self._reader.keep, frozenset(self._bases))
        return numbers

    def serve(self, job: QWebEngineUrlRequestJob, place: Place) -> bool:
        """Answer a request later; False when there is no such map or tile."""
        base = self._bases.get(place.number)
        if base is None or not place.is_in_the_world:
            return False
        self._asked += 1
        number = self._asked
        self._waiting[number] = job
        waiting = self._waiting
        # The engine ends the job when the page gives up; nothing may touch it from then on.
        job.destroyed.connect(lambda *_gone: waiting.pop(number, None))
        self._pool.submit(self._work, number, base, place)
        return True

    def _work(self, number: int, base: MapBase, place: Place) -> None:
        """On the thread of the tiles."""
        if number in self._waiting:
            tile = self._reader.read(base, place)
            self._delivery.post(partial(self._answer, number, tile))

    def _answer(self, number: int, tile: Tile) -> None:
        job = self._waiting.pop(number, None)
        if job is None:
            return
        body = QBuffer(job)
        body.setData(tile.content)
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(QByteArray(tile.kind.encode()), body)


class _Reader:
    """The open files; used on the thread of the tiles only."""

    def __init__(self) -> None:
        self._open: dict[int, Tiles | None] = {}

    def keep(self, numbers: frozenset[int]) -> None:
        """Close the files of all others."""
        for number in self._open.keys() - numbers:
            tiles = self._open.pop(number)
            if tiles is not None:
                tiles.close()

    def read(self, base: MapBase, place: Place) -> Tile:
        """The tile, or an empty one where the map has none or its file is damaged, which is logged once."""
        nothing = _EMPTY if base.kind.is_vector else _CLEAR
        try:
            tiles = self._tiles(base, place.number)
            found = None if tiles is None else tiles.tile(place.zoom, place.column, place.row, place.datum)
        except (OSError, ValueError, EOFError, IndexError, DatabaseError) as trouble:
            _LOG.warning("a base map of kind %s cannot be read: %s", base.kind.code, type(trouble).__name__)
            self._open[place.number] = None
            return nothing
        return found or nothing

    def _tiles(self, base: MapBase, number: int) -> Tiles | None:
        if number not in self._open:
            self._open[number] = open_tiles(base.path, base.kind)
        return self._open[number]


def _end(pool: ThreadPoolExecutor, reader: _Reader, *_gone: object) -> None:
    with suppress(RuntimeError):  # the interpreter is ending
        pool.submit(reader.keep, frozenset())
    pool.shutdown(wait=False)
