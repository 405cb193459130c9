"""Community walks (社区行走): the way that was walked and what was photographed on it."""

from datetime import date

from stationdesk.core.fields import INTERNAL, OFF_TABLE, Key, Kind
from stationdesk.db.base import Record, Told, field


class Walk(Record):
    """One community walk: when, where, and the track if somebody's phone kept one.

    `track` is a GeoJSON MultiLineString in WGS-84; `source` the digest of the file it came from.
    """

    __tablename__ = "walk"

    name: Told[str] = field("社区行走", width=12)
    walked_on: Told[date] = field("日期", width=6, ordered=True)
    village_key: Told[Key | None] = field("村居", link="village", width=8)
    track: Told[str | None] = field("轨迹", kind=Kind.GEOMETRY, places=INTERNAL)
    source: Told[str | None] = field("轨迹文件", places=INTERNAL)
    note: Told[str | None] = field("备注", kind=Kind.TEXT, width=14, places=OFF_TABLE)


class Photo(Record):
    """A photo of a place: small, upright, without the traces a phone leaves in it.

    `picture` and `thumbnail` are digests of kept JPEG files; `source` is the digest of the file as it came, by
    which it is known when it comes again; `taken_at` is the local time the phone wrote, which knows no zone. Where
    it was taken is kept here and never in the picture. A photo belongs to the record `record`/`record_key`, or to
    none yet.
    """

    __tablename__ = "photo"
    __title__ = ("file_name",)

    file_name: Told[str] = field("照片", width=12)
    taken_at: Told[str | None] = field("拍摄时间", width=8)
    latitude: Told[float | None] = field("纬度", kind=Kind.LATITUDE, places=INTERNAL)
    longitude: Told[float | None] = field("经度", kind=Kind.LONGITUDE, places=INTERNAL)
    picture: Told[str] = field("图片", places=INTERNAL)
    thumbnail: Told[str] = field("小图", places=INTERNAL)
    source: Told[str] = field("原文件", places=INTERNAL)
    walk_key: Told[Key | None] = field("社区行走", link="walk", places=INTERNAL)
    record: Told[str | None] = field("所属类别", places=INTERNAL)
    record_key: Told[Key | None] = field("所属记录", places=INTERNAL)
    note: Told[str | None] = field("说明", kind=Kind.TEXT, width=14)
