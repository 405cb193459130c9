"""Villages, groups and drawn features, and where a record lies."""

from __future__ import annotations

import json

from sqlalchemy import select

from stationdesk.core.changes import Change, ChangeSet, changed
from stationdesk.core.datum import to_wgs84
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum, DatumOrigin, Precision
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import title_of, values_of
from stationdesk.db.models import RECORDS, VillageGroup
from stationdesk.db.writing import Work
from stationdesk.services.rules import check_not_negative, check_order, check_place, whole
from stationdesk.services.sketch import check_real
from stationdesk.services.store import Store

LOCATED = ("resource", "household", "village", "station")
"""The kinds of record that lie somewhere."""

_FACTS = (
    "households",
    "population",
    "residents",
    "over_60",
    "over_80",
    "children",
    "low_income",
    "destitute",
    "marginal",
    "disabled",
    "left_behind",
    "volunteers",
)
_CODE_LENGTH = 12
_DEPTHS = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiPolygon": 3}
"""How deep the points lie in each shape that is drawn."""


def located_values(lat: float, lon: float, datum: Datum, text: str, origin: DatumOrigin) -> Values:
    """What is stored of a place: WGS-84, beside the text and the datum it came with."""
    wgs_lat, wgs_lon = to_wgs84(lat, lon, datum)
    return {
        "latitude": round(wgs_lat, 7),
        "longitude": round(wgs_lon, 7),
        "place_datum": datum,
        "place_text": text,
        "place_origin": origin,
    }


def locate(  # noqa: PLR0913 - a place is these
    store: Store,
    record: str,
    key: Key,
    lat: float,
    lon: float,
    *,
    datum: Datum = Datum.WGS84,
    text: str = "",
    origin: DatumOrigin = DatumOrigin.CLICKED,
    precision: Precision | None = Precision.BUILDING,
) -> ChangeSet:
    """Put a record at a place, or move it there."""
    with store.reading() as session:
        found = session.get(RECORDS[record], key)
        if found is None:
            raise UserError("这条记录已经删除了，没有放到地图上。")
        before, title = values_of(found), title_of(found)
    given = text or f"{lat:.7f}, {lon:.7f}"
    after = {**located_values(lat, lon, datum, given, origin), "precision": precision}
    change = changed(record, key, before, after)
    with store.writing(_("标位置 {title}").format(title=title)) as work:
        if change is not None:
            check_place(after)
            check_real(work, change)
            work.write([change])
        return work.done()


def checked_village(work: Work, change: Change) -> list[Change]:
    """A village code has 12 digits; the numbers of the fact sheet are not negative."""
    values = whole(work, change)
    code = values["code"]
    if "code" in change.values and code and not (code.isdigit() and len(code) == _CODE_LENGTH):
        raise UserError("村居代码应是 12 位数字，现在是“{code}”。不知道代码可以留空。", code=code)
    check_not_negative("village", values, *_FACTS)
    check_order("village", values, "since", "until")
    check_place(values)
    check_real(work, change)
    return [change]


def checked_group(work: Work, change: Change) -> list[Change]:
    """A group's name is given once in a village; its range is an area."""
    values = whole(work, change)
    if values["boundary"] and shape_of(values["boundary"]) not in {"Polygon", "MultiPolygon"}:
        raise UserError("“{kind}”的形状不对，没有保存。请重新画。", kind=_("村民组范围"))
    same = select(VillageGroup.key).where(
        VillageGroup.village_key == values["village_key"],
        VillageGroup.name == values["name"],
        VillageGroup.key != change.key,
    )
    if work.session.scalars(same).first() is not None:
        raise UserError("这个村已经有“{name}”了。请换一个名字。", name=values["name"])
    return [change]


def checked_feature(work: Work, change: Change) -> list[Change]:
    """What is drawn has a shape that fits its kind."""
    values = whole(work, change)
    kind = values["kind"]
    shape = shape_of(values["geometry"])
    wanted = "Point" if kind.is_point else "LineString" if kind.is_line else "Polygon"
    fits = shape == wanted or (kind is FeatureKind.RIVER and shape == "Polygon")
    if not fits:
        raise UserError("“{kind}”的形状不对，没有保存。请重新画。", kind=_(kind.label))
    return [change]


def shape_of(geometry: str | None) -> str:
    """The type of a GeoJSON geometry (RFC 7946); empty for what is none or cannot be drawn."""
    try:
        given = json.loads(geometry or "null")
    except (ValueError, RecursionError):
        return ""
    kind = given.get("type") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTHS:
        return ""
    return kind if _is_drawn(given.get("coordinates"), _DEPTHS[kind]) else ""


def _is_drawn(points: object, depth: int) -> bool:
    if not isinstance(points, list) or not points:
        return False
    if depth:
        return all(_is_drawn(each, depth - 1) for each in points)
    return len(points) in {2, 3} and all(type(each) in {int, float} and abs(each) <= 180 for each in points)
