"""What is drawn on the map becomes records: roads, rivers, areas, places, sights, and the ranges of groups."""

from __future__ import annotations

import json
from typing import Any

from stationdesk.core.changes import Change, ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key, Values
from stationdesk.core.messages import _
from stationdesk.core.vocab import Datum, DatumOrigin, Dimension, MapClass, Precision, ResourceStatus
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import RECORDS, Feature, Resource, Village, VillageGroup
from stationdesk.services.places import checked_feature, checked_group, located_values
from stationdesk.services.resources import checked_resource
from stationdesk.services.store import Store

_CLASSES = (
    (MapClass.MEDICAL, ("卫生", "诊所", "医院", "医务", "药")),
    (MapClass.EDUCATION, ("学校", "小学", "中学", "幼儿园", "托儿", "儿童")),
    (MapClass.ELDERLY, ("养老", "敬老", "日间照料", "老年食堂", "助餐")),
    (MapClass.GOVERNMENT, ("委会", "政府", "党群", "便民服务", "派出所", "司法所", "社工站")),
    (MapClass.CULTURE, ("文化", "书屋", "戏台", "球场", "祠堂", "广场")),
    (MapClass.SAFETY, ("救助", "消防", "警务", "避险", "避难")),
    (MapClass.SOCIAL, ("协会", "志愿", "合作社")),
)


def draw(
    store: Store,
    kind: FeatureKind,
    name: str,
    geometry: str,
    *,
    on_handout: bool = True,
    resource: MapClass | None = None,
) -> ChangeSet:
    """Keep a drawing under a name. `geometry` is a GeoJSON geometry in WGS-84.

    With a class of `resource`, a place is also registered as a draft resource at the same spot, in the same step.

    Raises:
        UserError: the name is empty, or the shape does not fit the kind.
    """
    called = _named(name)
    values = {**blank(Feature), "kind": kind, "name": called, "geometry": geometry, "on_handout": on_handout}
    with store.writing(_("画{kind} {name}").format(kind=_(kind.label), name=called)) as work:
        work.write(checked_feature(work, created("feature", values)))
        if resource is not None and kind.is_point:
            work.write(checked_resource(work, _as_resource(called, geometry, resource)))
        return work.done()


def class_of(name: str) -> MapClass:
    """The class that a place most likely has as a resource, told by its name."""
    found = (each for each, words in _CLASSES if any(word in name for word in words))
    return next(found, MapClass.CONVENIENCE)


def rename(
    store: Store,
    record: str,
    key: Key,
    name: str,
    *,
    kind: FeatureKind | None = None,
    on_handout: bool | None = None,
) -> ChangeSet:
    """Give a drawing, or a villagers' group by its range, another name; a drawing also another kind.

    Raises:
        UserError: the name is empty, the shape does not fit the kind, or the record is gone.
    """
    called = _named(name)
    before, former = _found(store, record, key)
    more = {"kind": kind, "on_handout": on_handout} if record == "feature" else {}
    told = {what: value for what, value in more.items() if value is not None}
    change = changed(record, key, before, {"name": called, **told})
    with store.writing(_("改名 {former} 为 {name}").format(former=former, name=called)) as work:
        if change is not None:
            work.write(_checked(record)(work, change))
        return work.done()


def reshape(store: Store, feature: Key, geometry: str) -> ChangeSet:
    """Give a drawing another shape."""
    before, name = _found(store, "feature", feature)
    change = changed("feature", feature, before, {"geometry": geometry})
    with store.writing(_("改形状 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_feature(work, change))
        return work.done()


def cut(store: Store, feature: Key, geometry: str, rest: str) -> ChangeSet:
    """Make two drawings of one line: it keeps one half, the other is a new drawing of the same name and kind."""
    before, name = _found(store, "feature", feature)
    change = changed("feature", feature, before, {"geometry": geometry})
    other = created("feature", {**before, "geometry": rest})
    with store.writing(_("断开 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_feature(work, change))
        work.write(checked_feature(work, other))
        return work.done()


def bound(store: Store, group: Key, geometry: str) -> ChangeSet:
    """Take a drawn area for the range of a villagers' group."""
    before, name = _found(store, "village_group", group)
    change = changed("village_group", group, before, {"boundary": geometry})
    with store.writing(_("画村民组范围 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_group(work, change))
        return work.done()


def unbound(store: Store, group: Key) -> ChangeSet:
    """Take the range of a villagers' group off the map; the group stays."""
    before, name = _found(store, "village_group", group)
    change = changed("village_group", group, before, {"boundary": None})
    with store.writing(_("删除村民组范围 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_group(work, change))
        return work.done()


def found_group(store: Store, village: Key, name: str, geometry: str) -> ChangeSet:
    """A new villagers' group of a village, with what was drawn as its range.

    Raises:
        UserError: the name is empty or given already, or the village is gone.
    """
    called = _named(name)
    with store.reading() as session:
        if session.get(Village, village) is None:
            raise UserError("这个村居已经删除了，没有保存。")
    values = {**blank(VillageGroup), "village_key": village, "name": called, "boundary": geometry}
    with store.writing(_("画村民组范围 {name}").format(name=called)) as work:
        work.write(checked_group(work, created("village_group", values)))
        return work.done()


def _named(name: str) -> str:
    called = name.strip()
    if not called:
        raise UserError("请给画的东西起个名字，例如“柳河大道”。")
    return called


def _checked(record: str) -> Any:
    return checked_feature if record == "feature" else checked_group


def _found(store: Store, record: str, key: Key) -> tuple[Values, str]:
    with store.reading() as session:
        found = session.get(RECORDS[record], key)
        if found is None and record == "feature":
            raise UserError("这个地物已经删除了，没有保存。")
        if found is None:
            raise UserError("这个村民组已经删除了，没有保存。")
        values = values_of(found)
    return values, str(values["name"])


def _as_resource(name: str, geometry: str, map_class: MapClass) -> Change:
    lon, lat = json.loads(geometry)["coordinates"]
    values = {
        **blank(Resource),
        **located_values(lat, lon, Datum.WGS84, f"{lat:.7f}, {lon:.7f}", DatumOrigin.CLICKED),
        "name": name,
        "map_class": map_class,
        "dimension": Dimension.ORGANISATIONS,
        "precision": Precision.BUILDING,
        # Nobody has asked yet what it helps with and when: it is on no list that is given out.
        "status": ResourceStatus.DRAFT,
    }
    return created("resource", values)
