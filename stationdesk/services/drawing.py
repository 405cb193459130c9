"""What is drawn on the map becomes records: roads, rivers, areas, places, sights, and the ranges of groups."""

from __future__ import annotations

from stationdesk.core.changes import ChangeSet, changed, created
from stationdesk.core.errors import UserError
from stationdesk.core.fields import Key
from stationdesk.core.messages import _
from stationdesk.core.vocab.places import FeatureKind
from stationdesk.db.base import blank, values_of
from stationdesk.db.models import Feature, VillageGroup
from stationdesk.services.places import checked_feature, checked_group
from stationdesk.services.store import Store


def draw(store: Store, kind: FeatureKind, name: str, geometry: str, *, on_handout: bool = True) -> ChangeSet:
    """Keep a drawing under a name. `geometry` is a GeoJSON geometry in WGS-84.

    Raises:
        UserError: the name is empty, or the shape does not fit the kind.
    """
    if not name.strip():
        raise UserError("请给画的东西起个名字，例如“柳河大道”。")
    values = {
        **blank(Feature),
        "kind": kind,
        "name": name.strip(),
        "geometry": geometry,
        "on_handout": on_handout,
    }
    with store.writing(_("画{kind} {name}").format(kind=_(kind.label), name=name.strip())) as work:
        work.write(checked_feature(work, created("feature", values)))
        return work.done()


def reshape(store: Store, feature: Key, geometry: str) -> ChangeSet:
    """Give a drawing another shape."""
    with store.reading() as session:
        found = session.get(Feature, feature)
        if found is None:
            raise UserError("这个地物已经删除了，没有保存。")
        before, name = values_of(found), found.name
    change = changed("feature", feature, before, {"geometry": geometry})
    with store.writing(_("改形状 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_feature(work, change))
        return work.done()


def bound(store: Store, group: Key, geometry: str) -> ChangeSet:
    """Take a drawn area for the range of a villagers' group."""
    with store.reading() as session:
        found = session.get(VillageGroup, group)
        if found is None:
            raise UserError("这个村民组已经删除了，没有保存。")
        before, name = values_of(found), found.name
    change = changed("village_group", group, before, {"boundary": geometry})
    with store.writing(_("画村民组范围 {name}").format(name=name)) as work:
        if change is not None:
            work.write(checked_group(work, change))
        return work.done()
