"""What stood on an edition of a sheet, kept as JSON, and what is different on the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stationdesk.core.vocab import MapClass, SheetChange, SheetKind
from stationdesk.db.models import Feature
from stationdesk.maps.sheet.spec import ChangeLine, Entry, GroundKind, SheetSpec
from stationdesk.services.publishing import public_names

Content = Mapping[str, Any]
"""What stood on a sheet, as JSON holds it."""

_PARTS = {
    "class": "类别",
    "name": "名称",
    "offer": "能帮什么",
    "hours": "时间",
    "phone": "电话",
    "contact": "联系人",
    "address": "地址",
    "way": "怎么走",
    "place": "位置",
}
"""What of an entry is compared, and what it is called on paper."""

_GROUND = {
    GroundKind.MAIN_ROAD: "道路",
    GroundKind.LANE: "道路",
    GroundKind.RIVER: "河流",
    GroundKind.AREA: "区域",
    GroundKind.PLACE: "地点",
    GroundKind.SIGHT: "景点",
    GroundKind.VILLAGE: "村居",
}
"""What stands in place of a number for what is drawn on the ground."""
_EXACT = 5  # decimals of a degree: a metre; a mark that is nudged by less has not moved


def read_content(text: str) -> Content:
    """What was kept; of a row that somebody else wrote, whatever of it has the right shape."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    content = found if isinstance(found, dict) else {}
    parts = {part: content.get(part) for part in ("entries", "ground")}
    return {**content, **{part: told if isinstance(told, dict) else {} for part, told in parts.items()}}


def content_of_sheet(spec: SheetSpec) -> Content:
    """What a sheet says, whatever its paper: the entries by their number for life, the ground, what stands around."""
    return {
        "entries": entries_content(spec.entries),
        "ground": _ground(spec),
        "around": [
            spec.title,
            spec.subtitle,
            spec.station,
            spec.phone,
            [[line.label, line.number] for line in spec.hotlines],
        ],
    }


def entries_content(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """What is compared of each entry; what is drawn and no resource is known by its name, not by its number."""
    return {
        each.code if each.is_resource else f"{each.map_class.letter} {each.name}": {
            "code": each.code if each.is_numbered else each.map_class.label,
            "resource": each.is_resource,
            "class": each.map_class.letter,
            "name": each.name,
            "offer": each.offer,
            "hours": each.hours,
            "phone": each.phone,
            "contact": each.contact,
            "address": each.address,
            "way": each.way,
            "place": [round(each.lat, _EXACT), round(each.lon, _EXACT)]
            if each.lat is not None and each.lon is not None
            else None,
        }
        for each in entries
    }


def _ground(spec: SheetSpec) -> dict[str, list[str]]:
    """What is drawn, by kind and name; several may have one name, such as the first group of each village."""
    found: dict[str, list[str]] = {}
    for each in spec.features:
        found.setdefault(f"{each.kind.value} {each.name}", []).append(_digest(each.geometry))
    return {name: sorted(digests) for name, digests in found.items()}


def _digest(geometry: Mapping[str, Any]) -> str:
    text = json.dumps(geometry, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def differences(
    session: Session, before: Content | None, now: Content, spec: SheetSpec
) -> tuple[ChangeLine, ...]:
    """What is new, gone or changed since the edition before; on a community map on the ground as well."""
    if before is None:
        return ()
    lines = entry_changes(session, before["entries"], now["entries"])
    if spec.kind is SheetKind.COMMUNITY:
        lines += tuple(_ground_changes(before["ground"], now["ground"]))
    return tuple(sorted(lines, key=lambda line: list(SheetChange).index(line.change)))


def entry_changes(session: Session, before: Content, now: Content) -> tuple[ChangeLine, ...]:
    """The same of the entries alone, in the order of the index."""
    gone = [each for each in before if each not in now]
    # The name of what must not be named any more does not come back as what was withdrawn.
    named = _names_left(session, before, gone)
    lines = [
        ChangeLine(SheetChange.NEW, now[each]["code"], now[each]["name"])
        for each in now
        if each not in before
    ]
    lines += [ChangeLine(SheetChange.GONE, before[each]["code"], named.get(each, "")) for each in gone]
    for each in now:
        parts = [
            label
            for part, label in _PARTS.items()
            if each in before and before[each].get(part) != now[each][part]
        ]
        if parts:
            lines.append(
                ChangeLine(SheetChange.CHANGED, now[each]["code"], now[each]["name"], "、".join(parts))
            )
    places = {each.code: place for place, each in enumerate(MapClass)}
    kinds = list(SheetChange)

    def place(line: ChangeLine) -> tuple[int, int, int, str]:
        return (
            kinds.index(line.change),
            places.get(line.code.partition("-")[0], len(places)),
            len(line.code),
            line.code,
        )

    return tuple(sorted(lines, key=place))


def _names_left(session: Session, before: Content, gone: Iterable[str]) -> Mapping[str, str]:
    """What of that which went from a sheet may still be named, and as what.

    A resource as it may be called today: whoever agreed then may have taken it back. A place unless it is kept off
    hand-outs now.
    """
    hidden = set(session.scalars(select(Feature.name).where(Feature.on_handout.is_(False))))
    drawn = {each: before[each]["name"] for each in gone if not before[each]["resource"]}
    found = {each: name for each, name in drawn.items() if name not in hidden}
    return {**found, **public_names(session, [each for each in gone if each not in drawn])}


def _ground_changes(before: Content, now: Content) -> Iterator[ChangeLine]:
    for change, names in (
        (SheetChange.NEW, [each for each in now if each not in before]),
        (SheetChange.GONE, [each for each in before if each not in now]),
        (SheetChange.CHANGED, [each for each in now if each in before and before[each] != now[each]]),
    ):
        for each in names:
            kind, _blank, name = each.partition(" ")
            what = _PARTS["place"] if change is SheetChange.CHANGED else ""
            yield ChangeLine(change, _GROUND[GroundKind(kind)], name, what)
