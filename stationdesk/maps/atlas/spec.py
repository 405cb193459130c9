"""What an atlas is made from: plain values, filled in by the service that may read the station."""

from __future__ import annotations

from dataclasses import dataclass

from stationdesk.maps.sheet.spec import Extent, Feature, Geometry, SheetSpec


@dataclass(frozen=True, slots=True)
class Area:
    """A village, or a group of one: what gets a page of its own.

    `outlines` are its ranges as drawn, none where nobody drew them; `place` is (lon, lat) of its committee. `codes`
    are the entries that belong to it by the records, wherever they lie. `parts` are drawn on its own page instead
    of the range as a whole: its groups.
    """

    name: str
    outlines: tuple[Geometry, ...] = ()
    place: tuple[float, float] | None = None
    codes: frozenset[str] = frozenset()
    parts: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """One page's piece of the ground: what it is called, what it must show, and the entries whose page it is."""

    name: str
    extent: Extent
    codes: tuple[str, ...]
    area: Area


@dataclass(frozen=True, slots=True)
class Guide:
    """How one policy is applied for (办事指南): 条件, 材料, 流程, 地点, 电话; empty where nobody wrote it down."""

    code: str
    name: str
    conditions: str = ""
    amount: str = ""
    documents: str = ""
    steps: str = ""
    desk: str = ""
    hours: str = ""
    phone: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What is told, each with what it is called; nothing that is empty."""
        told = (
            ("条件", self.conditions),
            ("标准", self.amount),
            ("材料", self.documents),
            ("流程", self.steps),
            ("地点", self.desk),
            ("时间", self.hours),
            ("电话", self.phone),
        )
        return tuple((label, text) for label, text in told if text.strip())


@dataclass(frozen=True, slots=True)
class AtlasSpec:
    """An atlas: `whole` holds the station, the paper, every entry and the ground; its title is that of the book.

    `unit` is what a page shows: 村（居） or 村民小组. With `folded`, the pages are a whole number of folded sheets.
    """

    whole: SheetSpec
    areas: tuple[Area, ...]
    guides: tuple[Guide, ...] = ()
    unit: str = "村（居）"
    folded: bool = False
