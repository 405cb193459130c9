"""Sentences that several readers end with."""

from __future__ import annotations

import zipfile
import zlib
from typing import Final

from stationdesk.core.errors import UserError

BROKEN_PACKAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What reading a member of a damaged or locked zip raises."""


def damaged(kind: str) -> UserError:
    """The file is of that kind, and cannot be read to its end."""
    return UserError("{kind} 文件已损坏或不完整，读不了。请重新导出一份再试。", kind=kind)


def empty(kind: str) -> UserError:
    """Well-formed, and nothing in it that could be a record."""
    return UserError("{kind} 文件里没有可导入的记录。请检查是不是选错了文件。", kind=kind)


def with_entities() -> UserError:
    """XML that defines its own entities, which is how such files attack a reader."""
    return UserError("文件里有 DTD 或实体定义，为安全起见没有读。请换一个软件重新导出。")


def no_degrees(point: str) -> UserError:
    """A coordinate that no longitude and latitude can be: metres of some projection, most likely."""
    return UserError(
        "文件里有的坐标不是经纬度（如“{point}”），没有读。请另存为 WGS-84 经纬度。", point=point[:60]
    )
