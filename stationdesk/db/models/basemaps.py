"""Base maps: what lies under the marks, each a file in the station folder."""

from stationdesk.core.fields import EVERYWHERE, INTERNAL, Kind, Place
from stationdesk.core.vocab import Datum
from stationdesk.core.vocab.basemaps import BasemapKind
from stationdesk.db.base import Record, Told, field


class Basemap(Record):
    """A map from a file. Its extent is in degrees of its own datum; `file` is relative to the station folder.

    A scan that was pinned keeps its `pins` (JSON) and its own picture, `scan`, so that a pin can be moved later.
    """

    __tablename__ = "basemap"

    name: Told[str] = field("底图名称", width=14)
    kind: Told[BasemapKind] = field("底图种类", width=10, places=INTERNAL)
    file: Told[str] = field("底图文件", places=INTERNAL)
    source_name: Told[str] = field("原文件", width=14, places=INTERNAL)
    datum: Told[Datum] = field("坐标系", width=10, default=Datum.WGS84)
    west: Told[float] = field("西", places=INTERNAL)
    south: Told[float] = field("南", places=INTERNAL)
    east: Told[float] = field("东", places=INTERNAL)
    north: Told[float] = field("北", places=INTERNAL)
    min_zoom: Told[int] = field("最小级别", places=INTERNAL)
    max_zoom: Told[int] = field("最大级别", places=INTERNAL)
    attribution: Told[str | None] = field("来源说明", width=16, places=EVERYWHERE & ~Place.POPUP)
    review_number: Told[str | None] = field("审图号", width=10, hint="地图上印的“审图号：GS(2024)0000号”")
    pins: Told[str | None] = field("钉点", kind=Kind.TEXT, places=INTERNAL)
    scan: Told[str | None] = field("原图", places=INTERNAL)
    shown: Told[bool] = field("显示", default=True)
    position: Told[int] = field("顺序", places=INTERNAL)
