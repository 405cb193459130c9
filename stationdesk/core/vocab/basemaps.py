"""What code branches on around base maps: what kind of file one came from."""

from __future__ import annotations

from stationdesk.core.vocab.choice import Choice, captioned, choice


@captioned("底图种类")
class BasemapKind(Choice):
    """What a base map was made of. It says how the file in the station folder is read."""

    MBTILES = choice("mbtiles", "MBTiles 图片瓦片")
    MBTILES_VECTOR = choice("mbtiles_vector", "MBTiles 矢量瓦片")
    PMTILES = choice("pmtiles", "PMTiles 图片瓦片")
    PMTILES_VECTOR = choice("pmtiles_vector", "PMTiles 矢量瓦片")
    PICTURE = choice("picture", "带坐标文件的图片")
    GEOTIFF = choice("geotiff", "GeoTIFF 影像")
    SHAPES = choice("shapes", "点线面文件")
    OSM = choice("osm", "OSM 地图数据")
    PINNED = choice("pinned", "钉点的扫描图或照片")

    @property
    def is_vector(self) -> bool:
        """Whether its tiles are shapes that the page draws itself, and not pictures."""
        return self in {
            BasemapKind.MBTILES_VECTOR,
            BasemapKind.PMTILES_VECTOR,
            BasemapKind.SHAPES,
            BasemapKind.OSM,
        }

    @property
    def is_ours(self) -> bool:
        """Whether the file in the station is one of shapes in WGS-84 that was written at import."""
        return self in {BasemapKind.SHAPES, BasemapKind.OSM}


@captioned("钉图方法")
class PinMethod(Choice):
    """How a picture is laid over the map by its pins."""

    AFFINE = choice("affine", "整张拉正（仿射）")
    SPLINE = choice("tps", "逐点贴合（薄板样条）")
