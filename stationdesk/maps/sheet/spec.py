"""What a hand-out is made from: plain values, filled in by the service that may read the station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from stationdesk.core.printing import PageSetup
from stationdesk.core.vocab.resources import MapClass
from stationdesk.core.vocab.sheets import IndexOrder, SheetChange, SheetForm, SheetKind
from stationdesk.maps.sheet.classes import EntryClass

Geometry = Mapping[str, Any]
"""A GeoJSON geometry (RFC 7946): WGS-84, longitude before latitude."""

Extent = tuple[float, float, float, float]
"""West, south, east, north, in degrees of WGS-84."""


class GroundKind(StrEnum):
    """What the ground of a hand-out shows; each is drawn its own way.

    The station's own drawings (`core.vocab.places.FeatureKind`, by the same codes), and its villages.
    """

    VILLAGE = "village"  # the range of a village or group, an indication only; a point where none was drawn
    MAIN_ROAD = "main_road"
    LANE = "lane"
    RIVER = "river"  # a line, or the outline of a pond or lake
    AREA = "area"
    PLACE = "place"
    SIGHT = "sight"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing of the ground map: a road, the river, a village, an important place."""

    kind: GroundKind
    name: str
    geometry: Geometry


class BaseKind(StrEnum):
    """What of a base map is drawn under the station's own things; boundaries are never among it."""

    GREEN = "green"
    WATER = "water"
    STREAM = "stream"
    BUILDING = "building"
    PATH = "path"
    STREET = "street"
    ROAD = "road"
    RAIL = "rail"


@dataclass(frozen=True, slots=True)
class BaseShape:
    """One thing of a base map that is kept as lines and areas; `name` stands along a road or stream."""

    kind: BaseKind
    name: str
    geometry: Geometry


@dataclass(frozen=True, slots=True)
class Picture:
    """A rectangle of a base map as it is printed: an image file, north up, and what of the ground it covers.

    Its pixels are evenly spaced in degrees, as the map itself is drawn.
    """

    content: bytes
    media: str  # image/png or image/jpeg
    extent: Extent


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What lies under the marks: pictures, or shapes; and the words that its makers ask for."""

    pictures: tuple[Picture, ...] = ()
    shapes: tuple[BaseShape, ...] = ()
    attribution: str = ""
    review_number: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the edition box: what happened to an entry, e.g. 变更 医-07 镇卫生院 电话."""

    change: SheetChange
    code: str
    name: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as it may be published: whatever must not be printed has been left out already.

    `code` is the resource's own number for life (医-07); the mark shows its letter and `number` (7). `way` is the
    way there in words, for the large print. `under` is the heading that lists it, where that is not its class: the
    village of a household. `lat` and `lon` are WGS-84 degrees, both None where no place is known.
    """

    code: str
    number: str
    map_class: EntryClass
    name: str
    offer: str = ""
    hours: str = ""
    phone: str = ""
    contact: str = ""
    address: str = ""
    way: str = ""
    under: str = ""
    lat: float | None = None
    lon: float | None = None

    @property
    def is_placed(self) -> bool:
        """Whether the entry can be drawn: its class has a mark and its place is known."""
        return self.map_class.on_map and self.lat is not None and self.lon is not None

    @property
    def is_numbered(self) -> bool:
        """Whether its number is printed; roads, water and groups stand in the index by name alone."""
        return self.map_class.on_map or self.is_resource

    @property
    def is_resource(self) -> bool:
        """Whether it is a record of the resource library, and not a place, the sum of a village or a household."""
        return isinstance(self.map_class, MapClass)


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number everybody should know, e.g. 急救 120."""

    label: str
    number: str


HOTLINES = (
    Hotline("报警", "110"),
    Hotline("火警", "119"),
    Hotline("急救", "120"),
    Hotline("政务", "12345"),
)
"""The numbers that are the same in the whole country; a station adds or changes its own."""


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One hand-out: what it says, what it shows, and the paper it is for.

    `checked_on` is the date printed as 信息核对至. `practice` marks every page as the practice town's.
    `review_number` is the 审图号 of an official base map, where one is used. `colour` False prints black
    and white only, for copiers that turn colours into mud. `extent` is what the map must show at least, where that
    is not only its entries; what lies beyond it is listed, not drawn.

    `orders` are the indexes that are printed, in that order, the first one whole and the others short. `changes` and
    `edition_number` fill the edition box (0: none). A `draft` says across every page that it may not be given out,
    `watermark` whatever else must stand there. `sketch` says that distances were paced or guessed.
    A sheet that is part of a larger one begins with `first_page` of `all_pages`. Type and marks are `enlarged` so
    many times, for a sheet that hangs on a wall. `edge` is how many millimetres stay free around the map.
    """

    title: str
    station: str
    phone: str
    setup: PageSetup
    entries: tuple[Entry, ...]
    features: tuple[Feature, ...] = ()
    subtitle: str = ""
    edition: str = ""
    checked_on: date | None = None
    hotlines: tuple[Hotline, ...] = HOTLINES
    practice: bool = False
    review_number: str = ""
    colour: bool = True
    kind: SheetKind = SheetKind.RESOURCES
    form: SheetForm = SheetForm.ONE_PAGE
    orders: tuple[IndexOrder, ...] = (IndexOrder.BY_CLASS,)
    extent: Extent | None = None
    backdrop: Backdrop | None = None
    changes: tuple[ChangeLine, ...] = ()
    edition_number: int = 0
    draft: bool = False
    watermark: str = ""
    sketch: bool = False
    first_page: int = 1
    all_pages: int | None = None
    enlarged: float = 1.0
    edge: float = 0.0

    @property
    def base_shapes(self) -> tuple[BaseShape, ...]:
        """What of a base map is drawn as lines and areas below the rest."""
        return self.backdrop.shapes if self.backdrop is not None else ()
