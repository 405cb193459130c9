"""GPX 1.1: a waypoint a record. GPX is WGS-84 by its standard.

A waypoint is a point, so what has no place cannot be in a GPX file; the caller says which that are. Its own
elements carry name and description, which is what a handheld shows; everything is carried once more, by label,
in extensions of our own namespace, so that nothing is lost on the way back.
"""

from __future__ import annotations

import math

from lxml import etree

from stationdesk.core.errors import UserError
from stationdesk.core.messages import _
from stationdesk.core.text import clean
from stationdesk.sheets.open_formats.listing import (
    LATITUDE,
    LONGITUDE,
    NAME,
    Item,
    Listing,
    OpenCell,
    OpenTable,
    degrees,
    tabled,
    without_echo,
)
from stationdesk.sheets.open_formats.refusals import damaged, empty
from stationdesk.sheets.open_formats.xml import child, document_root, local, parsed, text_in, written

KIND = "GPX"
_SPACE = "http://www.topografix.com/GPX/1/1"
_OURS = "urn:stationdesk:fields:1"
_OWN = {"ele": "海拔", "time": "记录时刻", "desc": "备注", "cmt": "注释", "type": "类型", "sym": "图标"}
"""What the format itself tells of a waypoint, beside the name; under labels that no field of ours is taken for."""


def write(listing: Listing) -> bytes:
    """The items that have a place as waypoints."""
    root = document_root(_SPACE, "gpx", {"version": "1.1", "creator": "stationdesk"}, {"sd": _OURS})
    about = etree.SubElement(root, f"{{{_SPACE}}}metadata")
    _said(about, "name", listing.title)
    _said(about, "desc", f"{listing.maker} {listing.made_on} 坐标：WGS-84".strip())
    for item in listing.items:
        if item.place is not None:
            _waypoint(root, listing, item, item.place.lat, item.place.lon)
    return written(root)


def _waypoint(root: etree._Element, listing: Listing, item: Item, lat: float, lon: float) -> None:
    point = etree.SubElement(root, f"{{{_SPACE}}}wpt", {"lat": repr(degrees(lat)), "lon": repr(degrees(lon))})
    _said(point, "name", listing.name_of(item))
    more = etree.SubElement(point, f"{{{_SPACE}}}extensions")
    for column in listing.columns:
        if text := item.texts.get(column.key):
            cell = etree.SubElement(more, f"{{{_OURS}}}field", label=column.label)
            cell.text = text


def _said(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{_SPACE}}}{name}").text = text


def read(content: bytes) -> OpenTable:
    """The waypoints as rows; tracks and routes are ways, not things, and are told as left out.

    Raises:
        UserError: it is damaged, brings entities along, or has no waypoint.
    """
    root = parsed(content, KIND)
    records = [_record(each) for each in root if local(each) == "wpt"]
    ways = sum(1 for each in root if local(each) in {"trk", "rte"})
    if not records:
        if ways:
            raise UserError(
                "这个 GPX 文件里只有轨迹或路线（{count} 条），没有航点，没有可导入的记录。", count=ways
            )
        raise empty(KIND)
    notes = (_("{count} 条轨迹或路线没有读：它们不是点。").format(count=ways),) if ways else ()
    about = child(root, "metadata")
    title = text_in(child(about if about is not None else root, "name"))
    return without_echo(tabled(title, records, notes, (NAME,)), NAME)


def _record(point: etree._Element) -> dict[str, OpenCell]:
    record: dict[str, OpenCell] = {NAME: text_in(child(point, "name"))}
    for name, label in _OWN.items():
        if text := text_in(child(point, name)):
            record[label] = text
    more = child(point, "extensions")
    for cell in more.iter() if more is not None else ():
        if etree.QName(cell).namespace == _OURS and local(cell) == "field":
            label = clean(cell.get("label") or "").strip()
            if label:
                record[label] = text_in(cell)
        elif len(cell) == 0 and cell is not more and (text := text_in(cell)):
            record.setdefault(local(cell), text)
    record |= {LATITUDE: _degree(point, "lat", 90), LONGITUDE: _degree(point, "lon", 180)}
    return record


def _degree(point: etree._Element, name: str, most: int) -> float:
    try:
        value = float(point.get(name, ""))
    except ValueError as error:
        raise damaged(KIND) from error
    if not math.isfinite(value) or abs(value) > most:
        raise damaged(KIND)
    return value
