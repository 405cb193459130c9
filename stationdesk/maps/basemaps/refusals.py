"""The sentences with which a file is refused: what is wrong, and the way round."""

from __future__ import annotations

from pathlib import Path

from stationdesk.core.errors import UserError


def damaged(path: Path, why: str = "") -> UserError:
    """A file that begins as it should and cannot be read."""
    if why:
        return UserError(
            "“{name}”不完整或已损坏（{why}），没有加入。请重新拷贝一份再试。", name=path.name, why=why
        )
    return UserError("“{name}”不完整或已损坏，没有加入。请重新拷贝一份再试。", name=path.name)


def empty(path: Path) -> UserError:
    """A file of the right kind with nothing in it."""
    return UserError("“{name}”里没有地图内容，没有加入。请换一个文件。", name=path.name)


class Foreign(UserError):
    """The refusal of a file that is no map at all, for whoever wanted something else of it."""


def foreign(path: Path) -> Foreign:
    """A file that is no map at all."""
    return Foreign(
        "“{name}”不是能用的底图，没有加入。可以用 MBTiles、PMTiles、带坐标的图片（GeoTIFF，或图片加 .pgw/.jgw/.tfw）、"
        "OSM 数据（.osm、.osm.pbf）、GeoJSON、KML/KMZ、GPX、Shapefile。",
        name=path.name,
    )


def no_picture(path: Path) -> UserError:
    """A file that is to be pinned and is no picture."""
    return UserError(
        "“{name}”不是图片。能钉的是 JPG、PNG、TIFF、BMP、WebP 图片和 PDF 的一页。", name=path.name
    )
